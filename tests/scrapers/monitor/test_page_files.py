"""Pages that are read without a crawl: what cannot be taken is named, the rest is."""

import json
from pathlib import Path

import pytest

from scrapers.monitor import page_files
from scrapers.monitor.shapes import Page
from scrapers.monitor.site_tables import LineRefused

HEAD = "site_id,name,kind,city_code,official,host"
SITE = "a_gov,甲市人民政府,government,330100,1,www.a.example"
PAGE = {
    "url": "http://www.a.example/1",
    "site_id": "a_gov",
    "retrieved": "2019-06-01",
    "html": "<p>",
}


def written(folder: Path, *lines: str) -> Path:
    path = folder / "file"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_table_of_sites_is_read_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    for mark in ("", "\ufeff"):
        (site,) = page_files.sites(written(tmp_path, mark + HEAD, SITE)).values()
        assert (site.site_id, site.city_code, site.official) == ("a_gov", "330100", True)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "line 1: expected the columns site_id, name"),
        (["site_id,name"], "line 1: expected the columns"),
        ([HEAD, SITE.replace("330100", "3301")], "line 2: city_code: expected six digits"),
        ([HEAD, SITE.replace(",1,", ",yes,")], "line 2: official: expected 0 or 1"),
        ([HEAD, SITE.replace("a_gov", "")], "line 2: site_id: expected a name"),
        ([HEAD, SITE, SITE], "line 3: site_id: expected one that was not there before"),
        ([HEAD, SITE.replace("330100", "３３０１００")], "line 2: city_code: expected six digits"),
        ([HEAD, SITE.replace("government", "palace")], "line 2: kind: expected government, credit"),
        ([HEAD, SITE.replace("甲市", "甲\0市")], "line 2: name: expected text in one line"),
    ],
)
def test_a_table_of_sites_that_is_wrong_is_refused_with_line_and_column(
    tmp_path: Path, lines: list[str], says: str
) -> None:
    with pytest.raises(LineRefused, match=says):
        page_files.sites(written(tmp_path, *lines))


def test_a_table_of_sites_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_bytes(f"{HEAD}\n{SITE}\n".encode("gb18030"))
    with pytest.raises(LineRefused, match="expected CSV in UTF-8"):
        page_files.sites(path)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2: expected a JSON object"),
        ("[" * 100_000, "line 2: expected a JSON object"),
        ("3", "line 2: expected a JSON object"),
        (json.dumps(PAGE | {"html": None}), "line 2: html: expected text"),
        (json.dumps(PAGE | {"url": "http://a/\udfff"}), "line 2: url: expected http or https"),
        (json.dumps(PAGE | {"url": "javascript:alert(1)"}), "line 2: url: expected http or https"),
        (json.dumps(PAGE | {"site_id": "b_gov"}), "line 2: site_id: expected one of the table"),
    ],
)
def test_a_line_that_is_no_page_is_named_and_the_others_are_read(
    tmp_path: Path, line: str, says: str
) -> None:
    good = json.dumps(PAGE)
    known = page_files.sites(written(tmp_path, HEAD, SITE))
    first, bad, last = page_files.pages(written(tmp_path, good, line, "", good), known)
    assert isinstance(first, Page)
    assert isinstance(last, Page)
    assert isinstance(bad, LineRefused)
    assert says in str(bad)

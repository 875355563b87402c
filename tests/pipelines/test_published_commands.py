"""`cci published read`, as a person calls it."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipelines.commands.published import published

MIRROR = "排名 城市 省份 指數 35荊門市湖北80.6836許昌市河南80.5037濟寧市山東80.５０"


def read(folder: Path, body: str | bytes, *more: str) -> Result:
    """Read a page that was saved."""
    page = folder / "page.html"
    page.write_bytes(body if isinstance(body, bytes) else body.encode())
    return CliRunner().invoke(published, ["read", str(page), *more])


def rows(result: Result) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(result.stdout)))


def test_a_page_is_printed_as_csv_with_codes_and_classes(tmp_path: Path) -> None:
    result = read(tmp_path, f"<p>中国信用2018年第4期</p>{MIRROR}", "--format", "csv")
    assert result.exit_code == 0
    assert result.stdout == (
        "city_class,rank,city_code,city,province,index\n"
        "prefecture,35,420800,荆门市,湖北,80.68\n"
        "prefecture,36,411000,许昌市,河南,80.50\n"
        "prefecture,37,370800,济宁市,山东,80.50\n"
    )
    assert "2018-04" in result.stderr


def test_a_table_is_for_people(tmp_path: Path) -> None:
    assert "荆门市" in read(tmp_path, MIRROR).stdout


def test_names_are_those_of_the_month_that_the_page_or_the_option_names(tmp_path: Path) -> None:
    body = "<p>2018年12月排名</p>1 莱芜市 山东 80.00<br>2 济南市 山东 79.00"
    assert [row["city_code"] for row in rows(read(tmp_path, body, "--format", "csv"))] == [
        "371200",
        "370100",
    ]
    later = read(tmp_path, body, "--format", "csv", "--period", "2019-01")
    assert [row["city_code"] for row in rows(later)] == ["", "370100"]
    assert "莱芜市" in later.stderr


def test_without_a_month_a_name_is_that_of_all_months(tmp_path: Path) -> None:
    result = read(tmp_path, "1 莱芜市 山东 80.00<br>2 公主岭市 吉林 79.00", "--format", "csv")
    assert [row["city_code"] for row in rows(result)] == ["371200", ""]
    assert "--period" in result.stderr


@pytest.mark.parametrize("province", ["直辖市", "", "北京", "北京市"])
def test_a_municipality_is_known_whatever_is_printed_as_its_province(
    tmp_path: Path, province: str
) -> None:
    head = "<p>2022年8期</p><table><tr><td>排名<td>城市<td>省份<td>指数"
    body = f"{head}<tr><td>1<td>北京市<td>{province}<td>87.88</table>"
    (row,) = rows(read(tmp_path, body, "--format", "csv"))
    assert (row["city_class"], row["city_code"], row["province"]) == (
        "provincial",
        "110000",
        province,
    )


def test_a_city_of_another_province_has_no_code(tmp_path: Path) -> None:
    result = read(tmp_path, "2018年4期 1 荆门市 浙江 80.68", "--format", "csv")
    assert rows(result)[0]["city_code"] == ""


def test_a_class_other_than_stated_is_said_and_left_as_printed(tmp_path: Path) -> None:
    result = read(tmp_path, "2018年4期 1 县级市 荆门市 湖北 80.68", "--format", "csv")
    assert rows(result)[0]["city_class"] == "county"
    assert "荆门市" in result.stderr


@pytest.mark.parametrize("body", ["", "<p>没有排名</p>", b"\x00\xff" * 500, b" " * 5_000_001])
def test_a_page_without_a_ranking_ends_in_one(tmp_path: Path, body: str | bytes) -> None:
    result = read(tmp_path, body)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "page.html" in result.stderr


def test_what_is_odd_is_said_in_both_languages(tmp_path: Path) -> None:
    result = read(tmp_path, "1 苏州市 江苏 86.98<br>3 威海市 山东 86.97")
    assert "名次不连续" in result.stderr
    assert "ranks are missing" in result.stderr

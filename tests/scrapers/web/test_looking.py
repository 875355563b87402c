"""The process that looks into pages: what breaks it costs one page."""

import asyncio
from typing import Any

import pytest

from scrapers.web import looker
from scrapers.web.family import families
from scrapers.web.links import Unreadable
from scrapers.web.looker import Looker, LookerBrokenError
from tests.scrapers.web.webs import PLAIN, ROOT, watch

pytestmark = pytest.mark.process

ABOUT = {
    "kind": "article", "family": "portal_static", "site": vars(watch("any").site), "declared": None,
    "url": "http://www.any.example/a.html", "retrieved": "2019-06-30T00:00:00+00:00", "alike": True,
}  # fmt: skip


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


async def looked(pages: list[bytes], extract: str = PLAIN) -> list[Any]:
    """What is found in pages, looked into at once; or the error."""
    one = Looker(families(), extract)
    one.begin()
    try:
        told = [one.look(ABOUT, page) for page in pages]
        return list(await asyncio.gather(*told, return_exceptions=True))
    finally:
        await one.close()


def test_a_page_that_breaks_it_is_lost_and_the_others_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(looker, "PATIENCE", 5.0)
    pages = [b"<h1>one</h1>", b"<break>", b"<raise>", "<h1>二</h1>".encode("gbk"), b"<p>" * 300_000]
    first, broken, raised, second, deep = asyncio.run(looked(pages))
    assert '"title": "one"' in first["article"]
    assert '"title": "二"' in second["article"]
    assert isinstance(broken, Unreadable)
    assert isinstance(raised, Unreadable)
    assert "article" in deep


def test_a_page_that_takes_too_long_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looker, "PATIENCE", 3.0)
    hung, after = asyncio.run(looked([b"<hang>", b"<h1>after</h1>"]))
    assert isinstance(hung, Unreadable)
    assert '"title": "after"' in after["article"]


def test_where_it_does_not_come_up_every_page_says_so() -> None:
    for found in asyncio.run(looked([b"a", b"b"], "tests.scrapers.web.plain:missing")):
        assert isinstance(found, LookerBrokenError)

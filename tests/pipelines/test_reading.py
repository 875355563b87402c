"""What was read of the archive: of each page what it says last, and whether it is still there."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.steps import reading
from pipelines.workspace import Workspace
from scrapers.web.archive import SCHEMA

SITE = "portal_330100"
TEXT = "杭州市市场监督管理局对某某食品有限公司生产不合格糕点的行为作出行政处罚，罚款一百二十万元。"


def row(number: int, title: str | None, retrieved: str, day: date | None) -> dict[str, Any]:
    """A row of the archive; without a title, that an article is gone."""
    article = {"source": "", "crumbs": [], "paragraphs": [TEXT], "persons": 0, "published": day}
    return {
        "site_id": SITE,
        "url": f"http://www.hangzhou-330100.gov.example/xwzx/201906/t20190603_{number}.html",
        "title": title,
        "retrieved": retrieved,
        "status": 200 if title else 404,
        "raw_sha256": f"{number}" * 64 if title else "",
        **(article if title else {}),
    }


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An archive in which an article was changed, one is gone, and one was gone for a while."""
    made = Workspace(tmp_path)
    june, july, august = (f"2019-0{month}-30T20:00:00+00:00" for month in (6, 7, 8))
    first = date(2019, 6, 3)
    parts = [
        [row(n, f"处罚公告第{n}号", june, first) for n in range(4)]
        + [row(4, "无日期", june, None)],
        [
            row(0, "处罚公告第0号（更正）", july, date(2019, 7, 20)),
            row(1, None, july, None),
            row(2, None, july, None),
            row(4, "有日期", july, first),
        ],
        [row(2, "处罚公告第2号", august, first)],
    ]
    for number, rows in enumerate(parts, 1):
        path = made.archive / f"shard-07/{number:06}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pl.DataFrame(rows, schema=SCHEMA).write_parquet(path)
    return made


@pytest.mark.process
def test_of_each_page_what_it_says_last_is_read_and_when_it_was_published_first(
    workspace: Workspace,
) -> None:
    assert reading.read_archive(workspace) == 3
    assert reading.read_archive(workspace) == 0
    read = reading.readings(workspace)
    assert read.schema == reading.READ
    assert read["title"].to_list() == [
        "处罚公告第0号（更正）", "处罚公告第1号", "处罚公告第2号", "处罚公告第3号", "有日期",
    ]  # fmt: skip
    assert set(read["published"]) == {date(2019, 6, 3)}
    assert read["gone"].to_list() == [None, date(2019, 7, 31), None, None, None]  # in Shanghai
    assert read["retrieved"].str.head(7).to_list() == [
        "2019-07", "2019-06", "2019-08", "2019-06", "2019-07",
    ]  # fmt: skip
    assert read["sha256"].str.len_chars().to_list() == [64] * 5


def test_of_nothing_nothing_is_read(tmp_path: Path) -> None:
    assert reading.readings(Workspace(tmp_path)).schema == reading.READ

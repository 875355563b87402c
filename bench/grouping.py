"""Grouping a million invented reports: time, growth, memory, and how right the groups are."""

import json
import math
import random
import re
import sys
import tempfile
from datetime import date, timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path

import polars as pl

from bench.alone import alone
from scrapers.monitor.occurrences import group
from scrapers.monitor.shapes import AFFAIR_OF
from scrapers.sources.registry import feed

SIZES = (250_000, 500_000, 1_000_000)
LIMIT = 600  # seconds
_SYLLABLES = (
    "安邦宝博长诚川达德鼎东恩丰福港高冠广海恒宏华汇嘉建金锦景凯康科坤乐立联龙茂美铭宁"
    "鹏普齐启庆荣瑞润森盛顺泰腾天通万威祥新信兴旭亚阳义永裕源远悦云泽正志中卓"
)
_TRADES = (
    "食品",
    "建筑工程",
    "网络科技",
    "商贸",
    "环保科技",
    "物流",
    "投资管理",
    "医药",
    "化工",
    "装饰工程",
)
_TOWNS = (
    "城关", "太平", "新桥", "石桥", "白沙", "龙山", "清河", "高桥",
    "双河", "永安", "东坪", "西营", "南塘", "北店", "沙河", "大坪",
)  # fmt: skip
_BREACHES = {
    "manufacturing": ("生产不合格产品", "抽样检验不合格"),
    "distribution": ("销售过期商品", "篡改标签"),
    "finance": ("非法吸收公众存款", "承诺高额返利"),
    "environment": ("私设暗管排放废水", "篡改在线监测数据"),
    "social_security": ("拖欠农民工工资", "逾期未支付劳动报酬"),
    "pricing": ("价格欺诈", "不执行明码标价规定"),
    "advertising": ("发布虚假广告", "虚构疗效"),
    "construction": ("违法分包工程", "偷工减料"),
}


_NAMING = r"\d|[“”《》]|公司|厂|店|院|校|园|社|行|所|会"
"""What makes a sentence one of a certain event."""


def main() -> None:
    """Print rows of the benchmark table as JSON."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reports.parquet"
        alone(partial(_write, path, max(SIZES)), times=1)
        spent = {}
        for size in SIZES:
            spent[size], memory = alone(partial(_group, path, size), times=1)
        found = Path(folder) / "groups.parquet"
        precision, recall = _agreement(path, found)
    rate = {size: seconds / (size * math.log2(size)) for size, seconds in spent.items()}
    for size, seconds in spent.items():
        rows.append(
            (
                f"group {size // 1000:,} thousand reports",
                f"{seconds:.0f} s",
                f"as n log n from {SIZES[0] // 1000} thousand",
                f"{rate[size] / rate[SIZES[0]]:.2f}",
                "about 1",
            )
        )
    rows[-1] = (*rows[-1][:-1], f"{LIMIT} s")
    rows.append(("memory of it", f"{memory:.1f} GB", "", "", "8 GB"))
    rows.append(
        ("pairs of one event", f"precision {precision:.3f}, recall {recall:.3f}", "", "", "")
    )
    sys.stdout.write(json.dumps(rows) + "\n")


def _group(path: Path, size: int) -> None:
    found = group(pl.read_parquet(path, n_rows=size).drop("event"))
    found.write_parquet(path.with_name("groups.parquet"))


def _agreement(path: Path, found: Path) -> tuple[float, float]:
    both = pl.read_parquet(path, columns=["url", "event"]).join(
        pl.read_parquet(found).drop_nulls("event_id"), on="url"
    )

    def pairs(*keys: str) -> int:
        sizes = both.group_by(keys).len()["len"]
        return int((sizes * (sizes - 1) // 2).sum())

    right = pairs("event", "event_id")
    return right / pairs("event_id"), right / pairs("event")


def _write(path: Path, size: int) -> None:
    """Reports of invented events: reprints, rewritten ones, responses months later."""
    drawn = random.Random(2019)  # noqa: S311
    cities = feed.read(feed.packaged()).unique("city_code").sort("city_code")
    names = list(cities.select("city_code", "name").iter_rows())
    drawn.shuffle(names)
    shares = [1 / (rank + 10) for rank in range(len(names))]  # a few cities have most of the news
    fillers = _sentences()
    rows: list[tuple[object, ...]] = []
    event = 0
    while len(rows) < size:
        event += 1
        ((code, city),) = drawn.choices(names, shares)
        rows += _reports(drawn, event, code, city, fillers)
    pl.DataFrame(
        rows[:size],
        schema=[
            "event",
            "url",
            "kind",
            "city_code",
            "field",
            "affair",
            "polarity",
            "published",
            "text",
        ],
        orient="row",
    ).sample(fraction=1, shuffle=True, seed=1).write_parquet(path)


def _reports(
    drawn: random.Random, event: int, code: str, city: str, fillers: list[str]
) -> list[tuple[object, ...]]:
    field = drawn.choice(list(_BREACHES))
    deed, detail = _BREACHES[field]
    brand = "".join(drawn.choices(_SYLLABLES, k=drawn.choice((2, 2, 3))))
    trade = drawn.choice(_TRADES)
    firm = f"{city}{brand}{trade}有限公司"
    town, people = drawn.choice(_TOWNS), drawn.randint(11, 900)
    fine = f"{drawn.randint(10, 999) / 10:g}万元"
    day = date(2017, 1, 1) + timedelta(drawn.randrange(900))
    told = [
        f"{city}{town}镇的{firm}因{deed}被立案调查。",
        f"经查，该公司{detail}，涉及{people}人。",
        f"主管部门依法对其罚款{fine}，并责令限期改正。",
        f"检查发生在{day.month}月{day.day}日上午。",
    ]
    other = [
        f"{town}镇一家企业出了事：{brand}{trade}被罚{fine}。",
        f"知情人说，{brand}的{people}名当事人等了很久才等到结果。",
        f"这家公司{detail}，周边居民早有耳闻。",
    ]
    rows: list[tuple[object, ...]] = []
    first = [*told, *drawn.sample(fillers, 4)]
    for number in range(drawn.choice((1, 1, 1, 2, 2, 3, 4, 6, 9))):
        manner = drawn.random()
        kind, later = "event", drawn.randint(0, 12)
        if not number:
            text, later = first, 0
        elif manner < 0.35:
            text = [f"据{city}日报消息，", *first[: drawn.randint(6, 8)]]
        elif manner < 0.85:
            text = [*other, *drawn.sample(fillers, 5)]
        else:
            text = [
                f"关于{firm}{deed}问题的回复。",
                f"罚款{fine}已缴清。",
                *drawn.sample(fillers, 4),
            ]
            kind, later = "response", drawn.randint(20, 200)
        rows.append(
            (event, f"http://site-{number}.example/{event}.html", kind, code, field, AFFAIR_OF[field],
             "bad", day + timedelta(later), "\n".join(text))
        )  # fmt: skip
    return rows


def _sentences() -> list[str]:
    """Sentences of the training pages that name no enterprise: phrases that many reports have."""
    found = set()
    for part in files("scrapers.monitor").joinpath("training").iterdir():
        if part.name.endswith(".jsonl"):
            for line in part.read_text(encoding="utf-8").splitlines():
                text = "".join(json.loads(line)["paragraphs"])
                found.update(re.findall(r"[^。]{18,90}。", text))
    return sorted(sentence for sentence in found if not re.search(_NAMING, sentence))


if __name__ == "__main__":
    main()

"""Reports of one occurrence come together, look-alikes stay apart. All occurrences are invented."""

import json
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from scrapers.monitor import likeness, occurrences
from scrapers.monitor.amounts import plain
from scrapers.monitor.clues import clues
from scrapers.monitor.occurrences import event_id, group
from scrapers.monitor.reprints import without_reprints
from scrapers.monitor.shapes import AFFAIR_OF

DATA = Path(__file__).parents[2] / "data" / "occurrences" / "reports.jsonl"
PAGE = {
    "kind": "event",
    "city_code": "330500",
    "field": "environment",
    "polarity": "bad",
    "published": date(2018, 8, 14),
}
FINE = "当事人湖州浔泰印染有限公司超标排放废水，被处罚款21.5万元。"


def reports(*rows: dict[str, Any]) -> pl.DataFrame:
    """Reports; what a row does not say is as in PAGE."""
    full = [{**PAGE, **row} for row in rows]
    return pl.DataFrame(
        [{**row, "affair": AFFAIR_OF[row["field"]]} for row in full],
        schema_overrides={"city_code": pl.String, "published": pl.Date},
    )


def written() -> pl.DataFrame:
    lines = map(json.loads, DATA.read_text(encoding="utf-8").splitlines())
    return reports(
        *(
            {
                **line,
                "published": date.fromisoformat(line["published"]),
                "text": f"{line['title']}\n{line['text']}",
            }
            for line in lines
        )
    )


@pytest.fixture(scope="module")
def told() -> pl.DataFrame:
    """The written reports with their groups and the events that were found."""
    known = written()
    return known.join(group(known), on="url")


def paired(told: pl.DataFrame, column: str) -> set[tuple[str, str]]:
    """Pairs of addresses with the same value."""
    together = told.drop_nulls(column).sort("url").group_by(column).agg("url")
    return {pair for urls in together["url"] for pair in combinations(urls, 2)}


def events(*rows: dict[str, Any]) -> list[str | None]:
    """The event of each of these reports, in their order."""
    known = reports(*({"url": f"http://a.example/{n}", **row} for n, row in enumerate(rows)))
    found = dict(group(known).select("url", "event_id").iter_rows())
    return [found[url] for url in known["url"]]


def test_reports_of_one_occurrence_come_together_and_look_alikes_stay_apart(
    told: pl.DataFrame,
) -> None:
    right, found = paired(told, "group"), paired(told, "event_id")
    both = len(right & found)
    assert both / len(found) >= 0.95, f"wrongly joined: {sorted(found - right)}"
    assert both / len(right) >= 0.9, f"wrongly apart: {sorted(right - found)}"


def test_every_event_page_has_an_event_and_a_response_to_none_has_none(told: pl.DataFrame) -> None:
    assert told.filter(kind="event")["event_id"].null_count() == 0
    assert told.filter(pl.col("group").is_null())["event_id"].to_list() == [None]


def test_an_event_is_named_after_its_earliest_report(told: pl.DataFrame) -> None:
    firsts = told.filter(kind="event").sort("published", "url").group_by("event_id").first()
    assert firsts["event_id"].to_list() == [event_id(url) for url in firsts["url"]]


def test_a_report_that_was_joined_says_what_it_shares(told: pl.DataFrame) -> None:
    (why,) = told.filter(pl.col("title").str.starts_with("“早产奶”"))["why"]
    assert "牧泽" in why
    assert "text 0." in why


def test_a_report_that_stands_alone_gives_no_reason(told: pl.DataFrame) -> None:
    alone = told.filter(pl.col("event_id").is_unique())
    assert alone["why"].null_count() == len(alone)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_reports_makes_no_difference(told: pl.DataFrame, seed: int) -> None:
    again = group(written().sample(fraction=1, shuffle=True, seed=seed))
    assert again.equals(told.select("url", "event_id", "why").sort("url"))


def test_no_reports_give_no_events() -> None:
    empty = written().clear()
    assert group(empty).is_empty()
    assert group(empty).columns == ["url", "event_id", "why"]


def test_pages_of_other_kinds_are_left_aside() -> None:
    known = reports({"url": "http://a.example/1", "kind": "propaganda", "text": FINE})
    assert group(known).is_empty()


NAMELESS = (
    "一家铸造厂发生钢水喷溅，造成2人死亡，市应急管理局责令停产。该厂位于新兴工业园，从业人员86人。"
)


@pytest.mark.parametrize(
    "number",
    ["索引号：LZ20191120-{:05d}", "ID{:06d}", "信息编号：XXGK-2019-{:04d}　发布机构：应急管理局"],
)
def test_a_text_without_a_firm_at_a_thousand_addresses_is_one_event_whatever_its_file_number(
    number: str,
) -> None:
    rows = ({"text": f"{NAMELESS}\n{number.format(n)}"} for n in range(1000))
    assert len(set(events(*rows))) == 1


def test_a_single_report_without_date_or_city_is_an_event() -> None:
    (one,) = events({"published": None, "city_code": None, "text": "一家企业被罚。"})
    assert one == event_id("http://a.example/0")


def test_a_mistaken_city_does_not_part_a_reprint_from_its_report() -> None:
    text = f"{FINE}执法人员发现其总排口化学需氧量超标0.6倍，文号湖环罚〔2018〕77号。"
    first, second = events({"text": text}, {"text": text, "city_code": "330100"})
    assert first == second


def test_a_mistaken_field_does_not_part_reports_that_agree_in_details() -> None:
    first, second = events(
        {"text": FINE},
        {"text": "浔泰印染因废水超标，收到21.5万元罚单。", "field": "manufacturing"},
    )
    assert first == second


def test_the_same_words_of_two_firms_are_two_events() -> None:
    first, second = events({"text": FINE}, {"text": FINE.replace("浔泰", "织里")})
    assert first != second


def test_the_same_words_with_another_fine_are_two_events() -> None:
    first, second = events({"text": FINE}, {"text": FINE.replace("21.5万", "38万")})
    assert first != second


def test_a_response_joins_the_event_of_its_firm_that_it_is_about() -> None:
    water, air, answer = events(
        {"text": FINE},
        {
            "text": "浔泰印染定型机废气设施未开启，被罚38万元。",
            "published": date(2018, 11, 6),
        },
        {
            "text": "关于浔泰印染废气问题整改情况的回复：38万元罚款已缴清，定型机废气设施已恢复。",
            "kind": "response",
            "published": date(2019, 1, 20),
        },
    )
    assert water != air == answer


def test_a_response_before_the_report_does_not_answer_it() -> None:
    answer, _ = events(
        {"text": "关于浔泰印染问题的回复。", "kind": "response", "published": date(2018, 5, 1)},
        {"text": FINE},
    )
    assert answer is None


def test_an_outcome_told_months_later_still_joins() -> None:
    first, later = events(
        {"text": FINE},
        {
            "text": "浔泰印染超标排放废水案执行完毕，21.5万元罚款到账，企业移出名单。",
            "published": date(2019, 4, 2),
        },
    )
    assert first == later


def test_many_events_of_one_firm_in_one_template_stay_apart() -> None:
    found = events(
        *(
            {
                "text": f"{day.month}月{day.day}日，交运局对湖州远驰客运有限公司处罚款{3 + n}.{n}万元。",
                "published": day,
                "field": "transportation",
            }
            for n, day in enumerate(date(2018, month, 3 + month) for month in range(1, 10))
        )
    )
    assert len(set(found)) == len(found)


def test_a_chain_that_is_longer_than_can_be_compared_is_still_grouped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(occurrences, "LARGEST", 3)
    more = [chr(0x4E00 + 97 * n) * 40 for n in range(12)]  # no copies of one another
    found = events(*({"text": f"{FINE}{words}"} for words in more))
    assert len(set(found)) == 1


MANY = 1000
COUNTED = "湖州一家印染厂超标排放废水，附近村民多次反映河水发黑，生态环境部门已经责令其停产整治。"


@pytest.mark.parametrize(
    ("text", "added"),
    [
        (FINE, ""),
        (FINE, "（编辑{}）"),
        (FINE + COUNTED, "共{}个字。"),
        (FINE + COUNTED, "索引号：HZ{}-2018。"),
        (COUNTED, "浏览{}次。"),
        (COUNTED, "{}人已阅读。"),
    ],
)
def test_an_article_printed_many_times_over_is_one_event(text: str, added: str) -> None:
    copies = [{"text": text + added.format(n)} for n in range(MANY)]
    assert len(set(events(*copies))) == 1


def test_copies_weigh_nothing_against_what_another_report_has_in_common() -> None:
    copies = [{"text": FINE}] * MANY
    *_, first, told_otherwise = events(
        *copies, {"text": "浔泰印染因废水超标，收到21.5万元罚单。", "field": "manufacturing"}
    )
    assert first == told_otherwise


def test_every_copy_says_what_it_shares_and_the_earliest_report_does_not() -> None:
    known = reports(*({"url": f"http://a.example/{n}", "text": FINE} for n in range(3)))
    first, *others = group(known)["why"]
    assert first is None
    assert all("浔泰" in why and "text 1.00" in why for why in others)


def test_copies_of_a_response_answer_what_it_answers() -> None:
    answer = {
        "text": "关于浔泰印染废水问题整改情况的回复：21.5万元罚款已缴清。",
        "kind": "response",
        "published": date(2018, 9, 1),
    }
    first, *answers = events({"text": FINE}, *[answer] * 20)
    assert set(answers) == {first}
    assert set(events(*[answer] * 20)) == {None}


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (FINE, FINE.replace("浔泰", "织里")),
        (FINE, FINE.replace("21.5万", "38万")),
        ("本周抽检食品472批次。", "本周抽检食品136批次。"),
    ],
)
def test_many_copies_of_look_alikes_are_two_events(text: str, other: str) -> None:
    assert len(set(events(*[{"text": text}, {"text": other}] * (MANY // 4)))) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("对杭州颜禾电子商务有限公司作出处罚", {("full", "颜禾电子商务"), ("firm", "颜禾")}),
        ("市场监管局对义乌云谷网络科技有限公司罚款", {("full", "云谷网络科技"), ("firm", "云谷")}),
        ("网贷平台“钱江普惠”停止兑付", {("name", "钱江普惠")}),
        ("罚款一百二十万元", {("money", "120万"), ("fine", "120万")}),
        ("罚款120万余元", {("money", "120万"), ("fine", "120万")}),
        ("拖欠126名工人工资共计184.3万元", {("count", "126"), ("money", "184万")}),
        ("造成2人死亡、5人受伤", {("dead", "2"), ("hurt", "5")}),
        ("昆市监案字〔2018〕00327号", {("document", "昆市监案字|2018|327|")}),
        ("8月2日，在佛堂镇", {("day", "2018-08-02"), ("place", "佛堂镇")}),
        ("去年的12月20日", {("day", "2017-12-20")}),
        ("《产品质量法》第四十九条", set()),
        ("某某网络科技有限公司", set()),
        ("统一社会信用代码91320583MA1XQ8K269", {("code", "91320583MA1XQ8K269")}),
        ("身份证号320599196502301155", set()),
    ],
)
def test_a_text_gives_its_clues(text: str, expected: set[tuple[str, str]]) -> None:
    frame = pl.DataFrame(
        [(0, "330100", date(2018, 8, 14), plain(text))],
        schema={
            "report": pl.UInt32,
            "city_code": pl.String,
            "published": pl.Date,
            "text": pl.String,
        },
        orient="row",
    )
    assert set(clues(frame).select("kind", "clue").iter_rows()) == expected


def test_a_name_is_found_where_another_report_of_the_city_uses_it_alone() -> None:
    texts = ["吉林市佳邻惠商贸有限公司篡改日期", "佳邻惠超市给香肠改年龄"]
    frame = pl.DataFrame({"text": texts, "city_code": ["220200"] * 2}).with_columns(
        report=pl.Series([0, 1], dtype=pl.UInt32), published=pl.lit(date(2018, 8, 9))
    )
    found = clues(frame).filter(kind="firm", clue="佳邻惠")
    assert found["report"].to_list() == [0, 1]


def test_likeness_is_one_of_a_text_to_itself_and_low_of_unlike_texts() -> None:
    texts = pl.Series(
        [FINE * 2, FINE * 2, "图书馆本周六举办少儿阅读活动，欢迎市民带孩子参加，无须预约。"]
    )
    made = likeness.sketches(texts)
    left, right = pl.Series([0, 0]).to_numpy(), pl.Series([1, 2]).to_numpy()
    same, unlike = likeness.shared(made, left, right)
    assert same == 1
    assert unlike < 0.1


def test_a_text_too_short_for_a_shingle_has_a_likeness_too() -> None:
    assert len(likeness.sketches(pl.Series(["", "罚"]))) == 2
    assert likeness.themes(pl.Series(["", "罚"])).nnz == 0


def test_a_list_printed_again_is_one_list_and_another_list_is_another() -> None:
    text = "诚信企业名单公布：经推荐、审核、公示，决定命名下列企业为年度诚信示范企业。"
    one = {**PAGE, "kind": "exemplar", "count": 30, "text": text}
    pages = reports(
        {**one, "url": "http://a.example/1"},
        {**one, "url": "http://b.example/1", "text": f"据市政府网站消息，{text}"},
        {**one, "url": "http://c.example/1", "city_code": "330100"},
        {
            **one,
            "url": "http://d.example/1",
            "text": "纳税信用A级纳税人三十户受到表彰，享受绿色通道。",
        },
    )
    kept = without_reprints(pages)["url"].to_list()
    assert kept == ["http://a.example/1", "http://c.example/1", "http://d.example/1"]


@pytest.mark.parametrize(
    ("kind", "later", "kept"),
    [
        ("propaganda", {"published": date(2018, 9, 1)}, 1),
        ("propaganda", {"published": date(2019, 8, 14)}, 2),
        ("rule", {"published": date(2019, 8, 14)}, 1),
        ("exemplar", {"count": 31}, 2),
    ],
)
def test_the_same_words_a_year_later_are_a_new_item_but_no_new_rule(
    kind: str, later: dict[str, Any], kept: int
) -> None:
    text = "诚信宣传周活动启动：各单位走进校园、社区和企业，向市民讲解信用知识，发放宣传手册。"
    one = {**PAGE, "kind": kind, "count": 30 if kind == "exemplar" else None, "text": text}
    both = reports(
        {**one, "url": "http://a.example/1"}, {**one, **later, "url": "http://b.example/1"}
    )
    assert len(without_reprints(both)) == kept

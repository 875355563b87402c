"""The reader of pages that print rankings, against pages as the magazine and its mirrors print them."""

import csv
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.sources.published_rankings import page
from scrapers.sources.published_rankings.characters import plain, simplified
from scrapers.sources.published_rankings.lists import NotARanking
from scrapers.sources.published_rankings.names import provinces
from scrapers.sources.registry import feed

FACTS = Path(__file__).parents[1] / "data" / "facts" / "published_rankings.csv"
REGISTRY = feed.read(feed.packaged())
HEADINGS = {
    "provincial": "36个省会及副省级以上城市综合信用指数前20名",
    "prefecture": "261个地级市综合信用指数前50名",
    "county": "375个县级市综合信用指数前100名",
}
ATTRIBUTES = {"provincial": "省会直辖市副省级城市", "prefecture": "地级市", "county": "县级市"}
EXPLANATION = (
    "排名方法说明：国家信息中心对全国656个城市的信用状况进行监测和评价。此次排名是对全国36个省会、"
    "直辖市和副省级城市，259个地级市在2017年4月至2018年3月的信用状况进行的排名，来源包括5000多个网站。"
)
WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
TRADITIONAL = {ord(new): old for old, new in reversed(simplified().items())}


class Printed(NamedTuple):
    """A row of a list; digits and names as they stand on a page."""

    rank: int | str
    city: str
    province: str
    score: str


Lists = dict[str, list[Printed]]
"""For each class of city its list."""
Layout = Callable[[Lists], str]


def html(body: str) -> str:
    head = "<html><head><title>信用监测</title></head>"
    return f"{head}<body><h1>排名</h1>{body}<p>{EXPLANATION}</p></body></html>"


def cells(values: Iterable[object], tag: str = "td") -> str:
    return "".join(f"<{tag}>{escape(str(value))}</{tag}>" for value in values)


def in_a_table(lists: Lists) -> str:
    tables = [
        f"<h3>{HEADINGS[name]}</h3><table><tr>{cells(('排名', '城市', '省份', '指数'), 'th')}</tr>"
        + "".join(f"<tr>{cells(row)}</tr>" for row in rows)
        + "</table>"
        for name, rows in lists.items()
    ]
    return html("".join(tables))


def in_a_table_with_classes(lists: Lists) -> str:
    head = cells(("本期排名", "城市属性", "城市名称", "省份", "综合指数"))
    lines = [
        f"<tr>{cells((row.rank, ATTRIBUTES[name], row.city, row.province, row.score))}</tr>"
        for name, rows in lists.items()
        for row in rows
    ]
    return html(f"<table><tbody><tr>{head}</tr>{''.join(lines)}</tbody></table>")


def in_a_table_without_header(lists: Lists) -> str:
    tables = [
        f"<p>{HEADINGS[name]}</p><table>{''.join(f'<tr>{cells(row)}</tr>' for row in rows)}</table>"
        for name, rows in lists.items()
    ]
    return html("".join(tables))


def titled_in_one_table(lists: Lists) -> str:
    lines = "<tr><td colspan=4>全国城市信用状况监测排名</td></tr>"
    for name, rows in lists.items():
        lines += f"<tr><td colspan='4'>{HEADINGS[name]}</td></tr>"
        lines += f"<tr>{cells(('名次', '城市', '省（区、市）', '得分'))}</tr>"
        lines += "".join(f"<tr>{cells(row)}</tr>" for row in rows)
    lines += "<tr><td colspan=4>注：监测期为12个月。</td></tr>"
    return html(f"<table>{lines}</table>")


def classes_side_by_side(lists: Lists) -> str:
    head = "".join(f"<th colspan=4>{HEADINGS[name]}</th>" for name in lists)
    names = cells(("排名", "城市", "省份", "指数") * len(lists), "th")
    longest = max(map(len, lists.values()))
    lines = [
        "".join(cells(rows[i]) if i < len(rows) else "<td></td>" * 4 for rows in lists.values())
        for i in range(longest)
    ]
    return html(f"<table><tr>{head}</tr><tr>{names}</tr><tr>{'</tr><tr>'.join(lines)}</tr></table>")


def halves_side_by_side(lists: Lists) -> str:
    tables = []
    for name, rows in lists.items():
        half = (len(rows) + 1) // 2
        lines = [
            cells(rows[i]) + (cells(rows[i + half]) if i + half < len(rows) else "<td colspan=4>")
            for i in range(half)
        ]
        head = cells(("排名", "城市", "省份", "指数") * 2)
        tables.append(
            f"<tr><td>{HEADINGS[name]}<table><tr>{head}</tr><tr>{'</tr><tr>'.join(lines)}</tr></table>"
        )
    return html(f"<table>{''.join(tables)}</table>")


def run(lists: Lists, between: str, around: str, attribute: bool) -> str:
    text = ""
    for name, rows in lists.items():
        text += f"<p>{HEADINGS[name]}</p>本期排名{between}"
        text += f"城市属性{between}" if attribute else ""
        text += f"城市名称{between}省份{between}综合指数{around}"
        for row in rows:
            parts = [row.rank, ATTRIBUTES[name], *row[1:]] if attribute else list(row)
            text += between.join(map(str, parts)) + around
    return text


def in_a_paragraph(lists: Lists) -> str:
    return html(run(lists, " ", " ", attribute=False))


def in_a_paragraph_with_classes(lists: Lists) -> str:
    return html(run(lists, " ", " ", attribute=True))


def without_separators(lists: Lists) -> str:
    return html(run(lists, "", "", attribute=False))


def without_separators_with_classes(lists: Lists) -> str:
    return html(run(lists, "", "", attribute=True))


def headings_and_all_in_one(lists: Lists) -> str:
    text = run(lists, "", "", attribute=False)
    for heading in HEADINGS.values():
        text = text.replace(f"<p>{heading}</p>", f"（续）{heading.lstrip('0123456789个')}")
    return html(text)


def on_lines(lists: Lists) -> str:
    return html(run(lists, "&nbsp;&nbsp;", "<br/>", attribute=False))


def each_cell_a_paragraph(lists: Lists) -> str:
    return html(run(lists, "</p><p>", "</p><p>", attribute=True))


def with_ideographic_spaces(lists: Lists) -> str:
    return html(run(lists, "\u3000", "\u3000\u3000", attribute=False))


def with_words_around(lists: Lists) -> str:
    text = ""
    for name, rows in lists.items():
        text += f"<p>{HEADINGS[name]}</p>" + "".join(
            f"<p>第{row.rank}名：{row.city}（{row.province}） 得分：{row.score}分</p>"
            for row in rows
        )
    return html(text)


def numbered(lists: Lists) -> str:
    text = ""
    for name, rows in lists.items():
        text += f"<h2>{HEADINGS[name]}</h2>" + "".join(
            f"{row.rank}. {row.city} {row.province} {row.score}<br>" for row in rows
        )
    return html(text)


def in_full_width(lists: Lists) -> str:
    return html(run(lists, "　", " ", attribute=True).translate(WIDE))


def in_traditional_characters(lists: Lists) -> str:
    return in_a_paragraph_with_classes(lists).translate(TRADITIONAL)


def spaced_as_a_mirror_does(lists: Lists) -> str:
    apart: Lists = {
        name: [
            Printed(
                " ".join(str(row.rank)),
                row.city,
                row.province,
                " ".join(row.score).replace(" . ", "."),
            )
            for row in rows
        ]
        for name, rows in lists.items()
    }
    return html(run(apart, " ", " ", attribute=True))


def spaced_ranks(lists: Lists) -> Lists:
    return {
        name: [row._replace(rank=" ".join(str(row.rank))) for row in rows]
        for name, rows in lists.items()
    }


def without_separators_but_in_ranks(lists: Lists) -> str:
    return html(run(spaced_ranks(lists), "", "", attribute=False))


def without_separators_but_in_ranks_with_classes(lists: Lists) -> str:
    return html(run(spaced_ranks(lists), "", "", attribute=True))


def spaced_names(lists: Lists) -> str:
    apart = {
        name: [
            row._replace(city="　".join(row.city), province=" ".join(row.province)) for row in rows
        ]
        for name, rows in lists.items()
    }
    return html(run(apart, " ", " ", attribute=False))


LAYOUTS: list[Layout] = [
    in_a_table,
    in_a_table_with_classes,
    in_a_table_without_header,
    titled_in_one_table,
    classes_side_by_side,
    halves_side_by_side,
    in_a_paragraph,
    in_a_paragraph_with_classes,
    without_separators,
    without_separators_with_classes,
    headings_and_all_in_one,
    on_lines,
    each_cell_a_paragraph,
    with_ideographic_spaces,
    with_words_around,
    numbered,
    in_full_width,
    in_traditional_characters,
    spaced_as_a_mirror_does,
    without_separators_but_in_ranks,
    without_separators_but_in_ranks_with_classes,
    spaced_names,
]


def read(body: str) -> page.Page:
    return page.read(body.encode())


def lists_of(read: page.Page) -> Lists:
    """What was read, list by list of each class."""
    found: Lists = {}
    for row in read.rows.iter_rows(named=True):
        printed = Printed(row["rank"], row["city"], row["province"], row["index"])
        found.setdefault(row["city_class"], []).append(printed)
    return found


def facts(issue: str) -> Lists:
    """The lists of one published issue."""
    with FACTS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["issue"] == issue]
    found: Lists = {}
    for row in rows:
        printed = Printed(int(row["rank"]), row["city"], row["province"], row["score"])
        found.setdefault(row["city_class"], []).append(printed)
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("issue", ["2018-04", "2022-08", "2017 annual"])
def test_published_lists_are_read_from_every_layout(layout: Layout, issue: str) -> None:
    assert lists_of(read(layout(facts(issue)))) == facts(issue)


def test_the_published_facts_are_63_rows() -> None:
    issues = ("2018-04", "2022-08", "2017 annual")
    assert sum(len(rows) for issue in issues for rows in facts(issue).values()) == 63


PLACES = sorted(
    {
        (city_class, name, "直辖市" if province.endswith("市") else provinces()[province])
        for name, province, city_class in REGISTRY.select("name", "province", "city_class").rows()
    }
)


@st.composite
def rankings(draw: st.DrawFn) -> Lists:
    """Lists that begin at any rank, with shared ranks; indexes of two decimals, some of three."""
    found: Lists = {}
    for name in draw(st.lists(st.sampled_from(list(HEADINGS)), min_size=1, unique=True)):
        places = [place[1:] for place in PLACES if place[0] == name]
        count = draw(st.integers(2, 14))
        cities = draw(
            st.lists(st.sampled_from(places), min_size=count, max_size=count, unique=True)
        )
        rank = draw(st.one_of(st.just(1), st.integers(1, 90)))
        value = draw(st.integers(60_000, 98_000))
        rows: list[Printed] = []
        for number, (city, province) in enumerate(cities):
            tie = number > 0 and rows[-1].rank == rank + number - 1 and draw(st.integers(0, 9)) == 0
            decimals = 3 if draw(st.integers(0, 7)) == 0 else 2
            if not tie:
                value -= draw(st.integers(10, 900))
                value -= value % 10 if decimals == 2 else 0
            index = rows[-1].score if tie else f"{value / 1000:.{decimals}f}"
            shared = rows[-1].rank if tie else rank + number
            rows.append(Printed(shared, city, province, index))
        found[name] = rows
    return found


@pytest.mark.parametrize("layout", LAYOUTS)
@given(lists=rankings())
@settings(max_examples=10, deadline=None, derandomize=True)
def test_any_list_is_read_back_from_every_layout(layout: Layout, lists: Lists) -> None:
    assert lists_of(read(layout(lists))) == lists


def rows_of(body: str | bytes, charset: str = "") -> list[tuple[object, ...]]:
    """Rank, city, province and index of all rows."""
    content = body if isinstance(body, bytes) else body.encode()
    found = page.read(content, charset).rows
    return found.select("rank", "city", "province", "index").rows()


def notes_of(body: str) -> list[str]:
    """What is said of a page."""
    return [note.reason for note in read(body).notes]


TWO = [(35, "荆门市", "湖北", "80.68"), (36, "许昌市", "河南", "80.50")]
PAGES = {
    "as the mirror of 2018 prints it": "本期排名 城市属性 城市名称 省份 综合指数3 5 地级市 荆门市 湖北 "
    "8 0.6 8 3 6 地级市 许昌市 河南 8 0.5 0<p>排名方法说明:",
    "readings behind characters": "城市名稱(chēng) 省份綜合指數(shù)35地級(jí)市荊門(mén)市湖北80.68"
    "36地級(jí)市許昌市河南80.50",
    "brackets": "35、荆门市（湖北） 80.68；36、许昌市（湖北省）80.50".replace("湖北省", "河南"),
    "province first": "排名 省份 城市 指数 35 湖北 荆门市 80.68 36 河南 许昌市 80.50",
    "No.": "No.35 荆门市 湖北 80.68<br>No.36 许昌市 河南 80.50",
    "spans": "<div><span>35</span><span>荆门市</span><span>湖北</span><span>80.68</span></div>"
    "<div><span>36</span><span>许昌市</span><span>河南</span><span>80.50</span></div>",
    "page break": "35荆门市湖北80.68</p><p>— 46 —</p><p>续表 排名 城市 省份 指数</p>36许昌市河南80.50",
    "other columns": "<table><tr><th>本期排名<th>上期排名<th>城市<th>省份<th>指数<th>较上期变化</tr>"
    "<tr><td>35<td>37<td>荆门市<td>湖北<td>80.68<td>+0.1"
    "<tr><td>36<td>34<td>许昌市<td>河南<td>80.50<td>-2</table>",
    "merged province": "<table><thead><tr><th>名次<th>城市名称<th>所在省<th>得分</thead>"
    "<tr><td>第35名<td>荆 门 市<td>湖北<td>8 0.6 8分"
    "<tr><td>第36名<td>许昌市*<td>河南<td>80.50<sup>1</sup></table>",
    "script": "35 <script>alert('北京市 99.99')</script>荆门市 湖北 80.68 "
    "36 许昌市 河南 80.50<!-- 37 a -->",
}


@pytest.mark.parametrize("name", PAGES)
def test_other_manners_of_printing_are_read(name: str) -> None:
    assert rows_of(PAGES[name]) == TWO


def test_a_shared_rank_may_be_a_merged_cell() -> None:
    body = (
        "<table><tr><td>排名<td>城市<td>指数<tr><td>1<td>苏州<td>86.98"
        "<tr><td rowspan=2>2<td>南通<td>86.97<tr><td>威海<td>86.97<tr><td>4<td>芜湖<td>86.9１</table>"
    )
    assert [row[:2] for row in rows_of(body)] == [
        (1, "苏州"),
        (2, "南通"),
        (2, "威海"),
        (4, "芜湖"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "big5"])
@pytest.mark.parametrize("says", ["", "utf-8", "gb2312", "big5", "klingon"])
def test_a_page_is_decoded_whatever_it_says_of_itself(encoding: str, says: str) -> None:
    body = f"<meta charset={says}><p>排名 城市 省份 指数 35荆门市湖北80.6836许昌市河南80.50</p>"
    if encoding == "big5":
        body = body.translate(TRADITIONAL)
    assert rows_of(body.encode(encoding)) == TWO
    assert rows_of(body.encode(encoding), says) == TWO


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2022-09-28 中国信用 2022年8期", "2022-08"),
        ("2018-05-11 中国信用2018年第4期，在2017年4月至2018年3月的信用状况", "2018-03"),
        ("2017年1-12月", "2017-12"),
        ("监测期 2017-04..2018-03", "2018-03"),
        ("２０１９年６月城市信用监测排名，中国信用2019年7期", "2019-06"),
        ("2018年度", "2018-12"),
        ("发布：2019-07-02", "2019-07"),
        ("规划纲要（2014—2020年）", ""),
    ],
)
def test_the_month_is_the_one_that_the_page_names(text: str, month: str) -> None:
    assert read(f"<p>{text}</p>").month == month


def test_a_lost_rank_is_given_only_where_the_others_leave_no_choice() -> None:
    body = "地级市 苏州市 江苏 86.98 2地级市 威海市 山东 86.97 3地级市 芜湖市 安徽 86.91"
    assert [row[0] for row in rows_of(body)] == [1, 2, 3]
    assert notes_of(body) == ["rank_restored"]
    last = body.replace("3地级市", "地级市")
    assert [row[0] for row in rows_of(last)] == [1, 2, None]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("1 苏州市 江苏 86.98<br>2 威海市 山东 86.97<br>4 芜湖市 安徽 86.91", "ranks_missing"),
        ("1 苏州市 江苏 86.98<br>2 威海市 山东 86.99<br>3 芜湖市 安徽 86.91", "index_rises"),
        ("4 苏州市 江苏 86.98<br>4 威海市 山东 86.97<br>5 芜湖市 安徽 86.91", "rank_repeated"),
        ("1 苏州市 江苏 86.98<br>2 苏州市 江苏 86.97<br>3 芜湖市 安徽 86.91", "city_twice"),
        ("1 苏州市 江苏 86.98<br>2 某地区 青海 86.97<br>3 芜湖市 安徽 86.91", "row_unreadable"),
        ("<table><tr><td>排名<td>城市<td>指数<tr><td>1<td>=A1市<td>86<tr><td>2<td>苏州市<td>85</table>",
         "row_unreadable"),
    ],
)  # fmt: skip
def test_what_is_odd_is_said(body: str, reason: str) -> None:
    assert reason in notes_of(body)


@pytest.mark.parametrize(
    "body",
    [
        "5荆门市湖北80.683 7许昌市河南80.67",
        "5荆门市湖北80.683 6许昌市河南80.673 7济宁市山东80.58",
    ],
)
def test_rows_that_can_be_read_in_two_ways_are_not_given(body: str) -> None:
    found = read(body)
    assert not {"80.683", "80.673"} & set(found.rows["index"])
    assert "row_unreadable" in notes_of(body)


def test_a_blank_inside_of_a_rank_is_closed() -> None:
    body = "3 5荆门市湖北80.683 6许昌市河南80.50"
    assert rows_of(body) == TWO
    assert notes_of(body) == []


def test_lists_that_stand_side_by_side_in_a_text_are_taken_apart() -> None:
    body = "1 义乌市 浙江 86.98 3 江阴市 江苏 86.50<br>2 荣成市 山东 86.97 4 宜兴市 江苏 86.01"
    assert [row[:2] for row in rows_of(body)] == [
        (1, "义乌市"), (2, "荣成市"), (3, "江阴市"), (4, "宜兴市"),
    ]  # fmt: skip


def test_a_heading_stands_over_one_list() -> None:
    body = (
        "<p>地级市信用监测排名</p>1 苏州市 江苏 86.98<br>2 威海市 山东 86.97<br>1 义乌市 浙江 82.70"
    )
    assert read(body).rows["city_class"].to_list() == ["prefecture", "prefecture", ""]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p>2018年杭州市87.66万人，同比增长12.35%。北京市87.88分居首。</p>",
        "<p>苏州市、威海市分别以86.98、86.97位列前二</p>",
        "<div>" * 5000 + "1 荆门市",
        "<table><tr><td>" * 2000,
        "\0\0",
        "<table><tr><td>" + "[" * 100_000 + "<td>1</table>",
        "1" * 100_000,
        "11.11 " * 20_000,
    ],
    ids=range(9),
)
def test_what_prints_no_ranking_gives_none(body: str) -> None:
    assert read(body).rows.is_empty()


@pytest.mark.parametrize(
    "content",
    [
        b" " * (page.MOST_BYTES + 1),
        "1北京市87.88".encode() * 20_000,
        b"<table>" + b"<tr><td rowspan=999 colspan=999>x" * 5000,
    ],
    ids=["bytes", "rows", "cells"],
)
def test_what_is_too_large_for_a_ranking_is_refused(content: bytes) -> None:
    with pytest.raises(NotARanking, match="that is no ranking"):
        page.read(content)


def test_every_character_of_a_name_that_is_written_otherwise_is_known() -> None:
    """What Big5 lacks has a traditional form; 藁 alone is written alike and rare."""
    characters = set("".join(REGISTRY["name"]) + "".join(REGISTRY["province"]))
    known = set(simplified().values())
    assert {c for c in characters if not c.encode("big5", "ignore")} - known == {"藁"}
    assert set("台云松钟沈余岳后里".replace("后", "")) & characters <= known
    assert not {chr(old) for old in simplified()} & characters


@pytest.mark.parametrize(
    ("traditional", "simple"),
    [("荊門", "荆门"), ("臺州", "台州"), ("濟寧", "济宁"), ("陜西", "陕西"), ("內蒙古", "内蒙古")],
)
def test_traditional_names_are_the_same_names(traditional: str, simple: str) -> None:
    assert plain(traditional) == simple

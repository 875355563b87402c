"""Days are read as Chinese pages write them, and the day of publication is told from all others."""

from datetime import date

import pytest

from scrapers.monitor.dates import Shown, days, published, retrieval_day

LATEST = date(2020, 1, 1)
THIRD = date(2019, 6, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2019-06-03",
        "2019-6-3",
        "2019/6/3 08:30",
        "2019.06.03",
        "2019年6月3日",
        "2019 年 6 月 3 日",
        "2019年 06月 03日",
        "２０１９年６月３日",
        "２０１９－０６－０３",
        "[2019-06-03]",
        "（2019年06月03日）",
        "20190603",
        "2019-06-03T08:30:00+08:00",
        "二〇一九年六月三日",
        "二○一九年六月三日",
        "二零一九年六月三日",
        "二Ｏ一九年六月三日",
        "2019年06月03日　星期一",
    ],
)
def test_a_day_is_read_in_any_writing(text: str) -> None:
    assert list(days(text)) == [THIRD]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇一八年十二月三十一日", date(2018, 12, 31)),
        ("二〇一八年十一月十日", date(2018, 11, 10)),
        ("二〇一八年二月廿八日", date(2018, 2, 28)),
        ("二〇〇九年十月二十日", date(2009, 10, 20)),
    ],
)
def test_chinese_numerals_are_counted(text: str, day: date) -> None:
    assert list(days(text)) == [day]


@pytest.mark.parametrize(
    "text",
    [
        "2019-13-45",
        "2019年2月30日",
        "20191345",
        "2019年6月",
        "6月3日",
        "1.2019.6",
        "统一社会信用代码912201066977803687",
        "电话0571-88000000",
        "〔2019〕6号",
        "二〇一九年",
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert list(days(text)) == []


@pytest.mark.parametrize(
    "line",
    [
        "发布时间：2019-06-03 10:00",
        "发布日期 2019/6/3",
        "发布日期\t2019年6月3日",
        "[发布日期]\t2019年6月3日",
        "【日期：2019年6月3日】　【来源：市监局】",
        "时间:19-06-03 11:20",
        "公开日期：2019.06.03",
        "发 布 日 期：２０１９年６月３日",
        "公示时间：2019-06-03",
        "市府办　发布于 2019/06/03 16:20:00",
        "Published: 2019-06-03",
    ],
)
def test_a_label_tells_the_day_of_publication(line: str) -> None:
    shown = Shown(
        "", lines=["成文日期：2019年5月20日", line], metadata=["2019-06-09"], body=["2019年5月21日"]
    )
    assert published(shown, LATEST) == THIRD


@pytest.mark.parametrize(
    "line",
    [
        "2019-06-03 10:20　市监局　阅读：30",
        "(2019年6月3日)",
        "19/06/03",
        "更新时间：2019-07-01　2019-06-03",
        "来信日期：2019-05-01　2019-06-03",
    ],
)
def test_the_line_under_the_title_needs_no_label(line: str) -> None:
    shown = Shown("", under_title=[line], body=["市监局　2019年6月1日"])
    assert published(shown, LATEST) == THIRD


@pytest.mark.parametrize(
    "line",
    [
        "今天是2019年6月3日 星期一",
        "欢迎访问 2019年6月3日",
        "施行日期：2019-06-03",
        "截止时间：2019-06-03",
        "处罚日期\t2019年6月3日",
    ],
)
def test_other_days_are_not_that_of_publication(line: str) -> None:
    assert published(Shown("", lines=[line], under_title=[line]), LATEST) is None


@pytest.mark.parametrize(
    "body",
    [
        ["正文。", "市人民政府", "2019年6月3日"],
        ["正文。", "市人民政府办公室　　2019年6月3日"],
        ["正文。", "二〇一九年六月三日"],
        ["正文。（2019年6月3日印发）"],
        ["自2019年5月1日起，旧规定废止。", "2019年6月3日", "附件：名单"],
    ],
)
def test_a_signature_counts_where_nothing_else_is_shown(body: list[str]) -> None:
    assert published(Shown("", body=body), LATEST) == THIRD


def test_days_in_the_middle_of_a_text_do_not_count() -> None:
    body = ["2019年6月3日凌晨，一处仓库起火。", "本办法自2019年7月1日起施行。"]
    assert published(Shown("", body=body), LATEST) is None


@pytest.mark.parametrize(
    ("mastheads", "url", "day"),
    [
        (["京都新报　2019年06月03日　星期一"], "http://e/html/2019-06/03/c_1.htm", THIRD),
        (["京都新报　2019年06月03日　星期一"], "http://e/c_1.htm", THIRD),
        (["2020年1月1日 星期三"], "http://e/c_1.htm", date(2019, 5, 31)),
        (["今天是2019年6月3日"], "http://e/html/2019-06/03/c_1.htm", date(2019, 5, 31)),
    ],
)
def test_a_masthead_is_not_taken_for_todays_date_nor_the_other_way_round(
    mastheads: list[str], url: str, day: date
) -> None:
    signed = [] if url.endswith("/c_1.htm") and day == THIRD else ["2019年5月31日"]
    assert published(Shown(url, mastheads=mastheads, body=signed), LATEST) == day


@pytest.mark.parametrize(
    "url",
    [
        "http://a/xxgk/201906/t20190603_898283.html",
        "http://a/art/2019/6/3/art_1_2.html",
        "http://a/2019/0603/046874.shtml",
        "http://a/a/20190603/1.html",
        "http://a/html/2019-06/03/content_1.htm",
    ],
)
def test_the_address_is_asked_last(url: str) -> None:
    assert published(Shown(url), LATEST) == THIRD
    assert published(Shown(url, body=["2019年6月1日"]), LATEST) == date(2019, 6, 1)


@pytest.mark.parametrize(
    "url", ["http://a/201913/t20191345_1.html", "http://a/s?id=12019060312", "http://a/201906/1"]
)
def test_numbers_of_an_address_that_are_no_day_are_not_read(url: str) -> None:
    assert published(Shown(url), LATEST) is None


@pytest.mark.parametrize("day", ["2020-01-02", "2039-06-03", "1919-06-03", "2019-02-29"])
def test_a_day_that_cannot_be_gives_way_to_the_next_evidence(day: str) -> None:
    assert published(Shown("", lines=[f"发布日期：{day}"]), LATEST) is None
    assert published(Shown("", lines=[f"发布日期：{day}"], body=["2019年6月3日"]), LATEST) == THIRD


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("12-29 21:04", date(2019, 12, 29)),
        ("01月01日", date(2020, 1, 1)),
        ("3天前", date(2019, 12, 29)),
        ("昨天 10:00", date(2019, 12, 31)),
        ("5小时前", date(2020, 1, 1)),
    ],
)
def test_a_day_without_a_year_is_the_last_such_day(line: str, day: date) -> None:
    assert published(Shown("", under_title=[line]), LATEST) == day


def test_a_sentence_of_yesterday_tells_no_day() -> None:
    for line in ("昨天还在推销年卡", "三家店3天前人去楼空", "他们今天说"):
        assert published(Shown(url="", under_title=[line]), date(2020, 1, 1)) is None


def test_the_day_of_retrieval_is_that_of_china() -> None:
    assert retrieval_day("2019-06-02T20:00:00+00:00") == THIRD
    assert retrieval_day("2019-06-03T00:30:00+08:00") == THIRD
    assert retrieval_day("yesterday") == date.max

"""Office tables: what is taken of them as it is meant, and what is listed instead of being guessed."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter

from indicators.measures import catalogue
from indicators.registry import cities_of
from scrapers.formats.tables import take
from scrapers.formats.tables_headers import declared
from scrapers.formats.tables_months import months
from scrapers.places import Places
from scrapers.reading import REFUSED, ROWS, Ask, AskedMeasure, FileRefused, Reading
from scrapers.sources.registry import feed
from templates import catalogue as texts

PERIOD = "2019-06"
CITIES = cities_of(feed.read(feed.packaged()), PERIOD)
ASK = Ask(
    "ndrc",
    "ndrc",
    PERIOD,
    CITIES,
    {
        m.id: AskedMeasure(m.id, m.unit, m.zh, m.en, m.maximum, m.whole)
        for m in catalogue().values()
        if "ndrc" in m.sources
    },
)
CASES = "电子商务领域失信案件交办数（件）"
"""A header of counts."""
RATE = "双公示率（%）"
HANGZHOU, JILIN, BEIJING = "330100", "220200", "110000"

Row = list[Any]


def of_csv(tmp_path: Path, content: str, name: str = "a.csv", encoding: str = "utf-8") -> Reading:
    path = tmp_path / "delivered"
    path.write_bytes(content.encode(encoding))
    return checked(take(path, name, ASK))


def of_xlsx(
    tmp_path: Path,
    rows: list[Row],
    change: Callable[[Any, Any], object] = lambda *_: None,
    name: str = "a.xlsx",
) -> Reading:
    path = tmp_path / "delivered"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        change(sheet, book)
    return checked(take(path, name, ASK))


def checked(reading: Reading) -> Reading:
    assert dict(reading.kept.schema) == ROWS
    assert dict(reading.refused.schema) == REFUSED
    for reason in reading.refused["reason"]:
        assert texts.has(f"refusal.{reason}"), reason
    assert set(reading.kept["source"]) <= {"ndrc"}
    assert set(reading.kept["period"]) <= {PERIOD}
    return reading


def values(reading: Reading) -> dict[str, str]:
    """What is taken, by city, of the one measure that is."""
    assert reading.kept["measure"].n_unique() <= 1
    return dict(reading.kept.select("city_code", "value").iter_rows())


def refusals(reading: Reading) -> list[tuple[str, str, str]]:
    return reading.refused.select("field", "reason", "found").rows()


def refusal(taking: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(FileRefused) as refused:
        taking()
    assert texts.has(f"refusal.{refused.value.reason}")
    return refused.value.reason, refused.value.found


# --- as offices make them


def test_a_plain_table_says_where_each_value_stands(tmp_path: Path) -> None:
    reading = of_xlsx(tmp_path, [["城市", CASES], ["杭州市", 12], ["宁波", 7]])
    assert reading.kept.select("city_code", "measure", "value", "row", "place").rows() == [
        (HANGZHOU, "ecommerce_cases", "12", 2, "表1!B2"),
        ("330200", "ecommerce_cases", "7", 3, "表1!B3"),
    ]
    assert refusals(reading) == []


def test_title_unit_line_merged_headers_sections_total_and_footnotes(tmp_path: Path) -> None:
    def merge(sheet: Any, _: Any) -> None:
        for area, text in (
            ("A1:F1", "各城市情况表"),
            ("A3:A4", "序号"),
            ("B3:B4", "城  市"),
            ("C3:D3", "电子商务领域失信案件"),
            ("E3:E4", "双公示公示率（%）"),
            ("F3:F4", "备注"),
            ("A5:F5", "浙江省"),
            ("A8:F8", "吉林省"),
            ("A10:B10", "合  计"),
        ):
            sheet.merge_range(area, text)

    reading = of_xlsx(
        tmp_path,
        [
            [],
            ["截至2019年6月底", None, None, None, None, "单位：万件、%"],
            [],
            [None, None, "交办数", "其中：办结数"],
            [],
            [1, "杭州", 1.2345, 1, None, "迟报"],
            [2, "宁　波", "—", "0.5"],
            [],
            [3, "吉林", 2, "１．５"],
            [None, None, 3.2345, 3],
            ["注：1.本表由各省汇总。"],
            ["联系人：", "欧阳测试员", "电话", "13900001234"],
        ],
        merge,
    )
    assert refusals(reading) == []
    assert reading.kept.select("city_code", "measure", "value").rows() == [
        (HANGZHOU, "ecommerce_cases", "12345"),
        (HANGZHOU, "ecommerce_cases_resolved", "10000"),
        ("330200", "ecommerce_cases_resolved", "5000"),
        (JILIN, "ecommerce_cases", "20000"),
        (JILIN, "ecommerce_cases_resolved", "15000"),
    ]


def test_merged_cells_that_were_saved_as_csv_are_understood(tmp_path: Path) -> None:
    reading = of_csv(
        tmp_path,
        "情况表,,,,\n省份,城市,电子商务领域失信案件,,备注\n,,交办数,办结数,\n"
        "浙江省,杭州,5,4,\n,宁波,2,1,\n吉林省,吉林,3,3,\n合计,,10,8,\n",
    )
    assert refusals(reading) == []
    assert len(reading.kept) == 6
    assert set(reading.kept["city_code"]) == {HANGZHOU, "330200", JILIN}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_encoding_and_separator_of_offices_is_read(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    content = f'地区;{CASES}\r\n杭州市;"1,234"\r\n\r\n宁波市;2\r\n'.replace(";", separator)
    reading = of_csv(tmp_path, content, encoding=encoding)
    assert values(reading) == {HANGZHOU: "1234", "330200": "2"}
    assert reading.kept.select("row", "place").rows() == [(2, "B2"), (4, "B4")]


def test_rates_of_provinces_are_those_of_their_cities(tmp_path: Path) -> None:
    reading = of_csv(tmp_path, f"省份,{RATE}\n浙江,93.12\n北京市,100\n吉林,88\n全国平均,90\n")
    assert refusals(reading) == []
    taken = values(reading)
    assert taken[HANGZHOU] == "0.9312"
    assert taken[BEIJING] == "1"
    assert taken[JILIN] == "0.88"
    of_three = CITIES.filter(pl.col("province").is_in(["浙江省", "北京市", "吉林省"]))
    assert set(taken) == set(of_three["city_code"])


def test_a_header_that_is_repeated_on_each_page_begins_no_other_table(tmp_path: Path) -> None:
    page = f"城市,{CASES}\n"
    reading = of_csv(tmp_path, f"{page}浙江省,\n杭州,5\n{page}宁波,2\n合计,7\n")
    assert values(reading) == {HANGZHOU: "5", "330200": "2"}
    assert refusals(reading) == []


def test_two_tables_in_one_sheet_are_both_read(tmp_path: Path) -> None:
    reading = of_xlsx(
        tmp_path,
        [
            ["2019年6月交办情况", None, "单位：件"],
            ["序号", "城市", "电子商务领域失信案件交办数"],
            [1, "杭州", 5],
            ["注：按月填报。"],
            [],
            ["2019年6月公示情况", None, "单位：%"],
            ["序号", "省份", "双公示率"],
            [1, "北京市", 93.5],
        ],
    )
    assert refusals(reading) == []
    assert reading.kept.select("city_code", "measure", "value").rows() == [
        (HANGZHOU, "ecommerce_cases", "5"),
        (BEIJING, "provincial_disclosure_rate", "0.935"),
    ]


def test_an_empty_million_of_rows_takes_no_value_away(tmp_path: Path) -> None:
    def pad(sheet: Any, book: Any) -> None:
        sheet.write_blank(1_048_575, 0, None, book.add_format({"border": 1}))
        sheet.merge_range(900_000, 0, 1_000_000, 5, "")

    reading = of_xlsx(tmp_path, [["城市", CASES], ["杭州市", 12]], pad)
    assert values(reading) == {HANGZHOU: "12"}


# --- names


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("杭州", HANGZHOU),
        ("杭 州　市", HANGZHOU),
        ("浙江省杭州市", HANGZHOU),
        ("浙江杭州", HANGZHOU),
        ("杭州市建德市", "330182"),
        ("浙江省建德", "330182"),
        ("恩施市", "422801"),
        ("恩施州恩施市", "422801"),
        ("恩施土家族苗族自治州利川市", "422802"),
        ("延边州延吉市", "222401"),
        ("新疆维吾尔自治区石河子市", "659001"),
        ("吉林市", JILIN),
        ("吉林省吉林市", JILIN),
        ("北京", BEIJING),
    ],
)
def test_a_name_that_fits_one_city_is_that_city(tmp_path: Path, name: str, code: str) -> None:
    assert values(of_csv(tmp_path, f"城市,{CASES}\n{name},3\n")) == {code: "3"}


@pytest.mark.parametrize(
    ("name", "reason", "found"),
    [
        ("恩施", "place_ambiguous", "恩施"),
        ("恩施州", "place_unknown", "恩施州"),
        ("延边", "place_unknown", "延边"),
        ("吉林", "place_ambiguous", "吉林"),
        ("襄樊市", "place_unknown", "襄樊市"),
        ("江苏省杭州市", "place_unknown", "(6)"),
        ("欧阳测试员", "place_unknown", "(5)"),
        ("欧阳测试员杭州市", "place_unknown", "(8)"),
        ("幸福路99号3单元501室", "place_unknown", "(13)"),
        ("", "place_missing", ""),
    ],
)
def test_a_name_that_does_not_fit_exactly_one_city_is_listed(
    tmp_path: Path, name: str, reason: str, found: str
) -> None:
    reading = of_csv(tmp_path, f"城市,{CASES}\n{name},3\n杭州,1\n")
    assert values(reading) == {HANGZHOU: "1"}
    assert refusals(reading) == [("A2", reason, found)]


def test_every_city_of_the_month_has_a_name_of_its_own() -> None:
    places = Places(CITIES)
    assert [code for name in CITIES["name"] for code in places.cities(name)] == CITIES[
        "city_code"
    ].to_list()


def test_a_code_is_taken_for_the_name_and_must_agree_with_it(tmp_path: Path) -> None:
    reading = of_csv(
        tmp_path,
        f"行政区划代码,地区,{CASES}\n330100,,1\n422801,恩施,2\n330200,杭州,3\n33,宁波,4\n990100,,5\n",
    )
    assert values(reading) == {HANGZHOU: "1", "422801": "2"}
    assert refusals(reading) == [
        ("B4", "code_differs", "杭州"),
        ("B5", "city_malformed", "宁波"),
        ("B6", "place_unknown", ""),
    ]


def test_a_section_limits_the_names_below_it(tmp_path: Path) -> None:
    reading = of_csv(
        tmp_path, f"城市,{CASES}\n吉林,\n吉林,1\n杭州,2\n一、县级市,\n建德,3\n浙江省,\n杭州,4\n"
    )
    assert values(reading) == {JILIN: "1", "330182": "3", HANGZHOU: "4"}
    assert refusals(reading) == [("A4", "place_unknown", "杭州")]


# --- numbers and units


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("１，２３４", "1234"),
        ("1，234", "1234"),
        ("12 345 678", "12345678"),
        (" 30 ", "30"),
        ("30件", "30"),
        ("+30", "30"),
        ("－3", "-3"),
        ("0", "0"),
    ],
)
def test_counts_are_read_as_offices_write_them(tmp_path: Path, written: str, value: str) -> None:
    assert values(of_csv(tmp_path, f'城市,{CASES}\n杭州,"{written}"\n')) == {HANGZHOU: value}


@pytest.mark.parametrize("gap", ["", "—", "-", "/", "…", "……", "空", "－", " "])
def test_what_marks_a_gap_is_no_value(tmp_path: Path, gap: str) -> None:
    reading = of_csv(tmp_path, f"城市,{CASES}\n杭州,{gap}\n宁波,1\n")
    assert values(reading) == {"330200": "1"}
    assert refusals(reading) == []


@pytest.mark.parametrize(
    ("written", "reason", "found"),
    [
        ("约30", "not_a_number", "(3)"),
        ("3O", "unit_unknown", "(2)"),
        ("35①", "not_a_number", "(3)"),
        ("8 0.6 8", "not_a_number", "(7)"),
        ("1,23", "not_a_number", "1,23"),
        ("(5)", "not_a_number", "(3)"),
        ("0571", "not_a_number", "0571"),
        ("13900001234", "implausible", "(11)"),
        ("990101199003071239", "implausible", "(18)"),
        ("1.5", "not_whole", "1.5"),
        ("93%", "unit_unknown", "93%"),
        ("1.2万", "unit_conflict", "(4)"),
        ("欧阳测试员", "not_a_number", "(5)"),
        ("无", "not_a_number", "(1)"),
    ],
)
def test_what_is_no_number_is_listed_with_its_cell(
    tmp_path: Path, written: str, reason: str, found: str
) -> None:
    reading = of_csv(tmp_path, f'城市,{CASES}\n宁波,1\n杭州,"{written}"\n')
    assert values(reading) == {"330200": "1"}
    assert refusals(reading) == [("B3", reason, found)]


@pytest.mark.parametrize(
    ("header", "written", "value"),
    [
        ("电子商务领域失信案件交办数", "30", "30"),
        ("电子商务领域失信案件交办数", "1.23万", "12300"),
        ("电子商务领域失信案件交办数（万件）", "1.2345", "12345"),
        ("电子商务领域失信案件交办数（万）", "0.0007", "7"),
        ("电子商务领域失信案件交办数(亿)", "0.00000001", "1"),
        ("电子商务领域失信案件 交办数 单位：千件", "1.5", "1500"),
        ("2019年6月末失信政府机构数（个）", "2", "2"),
        ("“双公示”公示率（最近一季度）％", "93.12", "0.9312"),
        ("双公示率（‰）", "931.2", "0.9312"),
        ("双公示率", "93.12%", "0.9312"),
        ("双公示率", "0.9312", "0.9312"),
        ("双公示率（%）", "93.12％", "0.9312"),
    ],
)
def test_units_are_converted_exactly(tmp_path: Path, header: str, written: str, value: str) -> None:
    reading = of_csv(tmp_path, f"城市,{header}\n北京,{written}\n")
    assert values(reading) == {BEIJING: value}


@pytest.mark.parametrize(
    ("above", "header", "reason"),
    [
        ("", "电子商务领域失信案件交办数（万元）", "unit_unknown"),
        ("", "双公示率（个百分点）", "unit_unknown"),
        ("", "电子商务领域失信案件（交办，近6个月）", "unit_unknown"),
        ("", "双公示率（件）", "unit_unknown"),
        ("单位：万元", "电子商务领域失信案件交办数", "unit_unknown"),
        ("单位：万件", "电子商务领域失信案件交办数（件）", "unit_conflict"),
        ("单位：件、万件", "电子商务领域失信案件交办数", "unit_conflict"),
    ],
)
def test_a_unit_that_is_not_known_or_not_clear_keeps_a_column_out(
    tmp_path: Path, above: str, header: str, reason: str
) -> None:
    reading = of_xlsx(
        tmp_path, [[None, above], ["城市", header, "失信政府机构数（个）"], ["北京", 5, 1]]
    )
    assert refusals(reading)[0][:2] == ("表1!B2", reason)
    assert values(reading) == {BEIJING: "1"}


def test_a_cell_in_percent_format_holds_the_share_itself(tmp_path: Path) -> None:
    def write(sheet: Any, book: Any) -> None:
        percent = book.add_format({"num_format": "0.00%"})
        sheet.write_number("B2", 0.9312, percent)
        sheet.write_number("B3", 93.12)
        sheet.write_string("B4", "93.12%", percent)
        sheet.write_number("C2", 5, percent)

    reading = of_xlsx(tmp_path, [["省份", RATE, CASES], ["北京"], ["天津"], ["上海"]], write)
    rates = reading.kept.filter(pl.col("measure") == "provincial_disclosure_rate")
    assert set(rates["value"]) == {"0.9312"}
    assert len(rates) == 3
    assert refusals(reading) == [("表1!C2", "unit_conflict", "5")]


def test_cells_that_hold_no_number_of_their_own_are_listed(tmp_path: Path) -> None:
    def write(sheet: Any, book: Any) -> None:
        moment = datetime(2019, 6, 1, tzinfo=UTC).replace(tzinfo=None)
        sheet.write_formula("B2", "=6*2", None, 12)
        sheet.write_formula("B3", "=1/0", None, "#DIV/0!")
        sheet.write_datetime("B4", moment, book.add_format({"num_format": "m-d"}))
        sheet.write_boolean("B5", True)
        sheet.write_number("B6", 12345, book.add_format({"num_format": '0!.0,"万"'}))
        sheet.write_number("B7", 93, book.add_format({"num_format": '0"%"'}))
        sheet.write_formula("B8", "=NOW()", None, "")
        sheet.write_formula("B9", "=SUM(B2:B8)", None, 99)

    names = ["杭州", "宁波", "温州", "嘉兴", "湖州", "绍兴", "金华", "合计"]
    reading = of_xlsx(tmp_path, [["城市", CASES], *([name] for name in names)], write)
    assert refusals(reading) == [
        ("表1!B2", "formula", "12"),
        ("表1!B3", "formula", "#DIV/0!"),
        ("表1!B4", "date_for_number", "(10)"),
        ("表1!B5", "not_a_number", "(4)"),
        ("表1!B6", "number_format", "12345"),
        ("表1!B7", "number_format", "93"),
        ("表1!B8", "formula", ""),
    ]
    assert reading.kept.is_empty()


def test_an_error_that_was_pasted_as_a_value_is_listed_by_its_name(tmp_path: Path) -> None:
    assert refusals(of_csv(tmp_path, f"城市,{CASES}\n杭州,#N/A\n")) == [
        ("B2", "not_a_number", "#N/A")
    ]


# --- totals


def test_totals_are_left_out_and_those_that_do_not_add_up_are_listed(tmp_path: Path) -> None:
    reading = of_csv(
        tmp_path,
        f"城市,{CASES},双公示率\n全国,13,\n浙江省,\n杭州,5,\n宁波,2,\n小计,7,\n吉林省,6,\n吉林,6,\n"
        "湖北省,\n恩施州,1,\n合计,14,\n总　计,15,\n平均,5,\n",
    )
    assert refusals(reading) == [
        ("A10", "place_unknown", "恩施州"),
        ("B2", "total_differs", "13"),
        ("B12", "total_differs", "15"),
    ]
    assert values(reading) == {HANGZHOU: "5", "330200": "2", JILIN: "6"}


def test_rounded_totals_may_be_off_by_what_was_rounded(tmp_path: Path) -> None:
    table = "城市,电子商务领域失信案件交办数（万件）\n杭州,1.2\n宁波,2.3\n合计,{}\n"
    assert refusals(of_csv(tmp_path, table.format("3.6"))) == []
    assert refusals(of_csv(tmp_path, table.format("3.7"))) == [("B4", "total_differs", "37000")]


def test_a_total_is_not_compared_where_a_row_could_not_be_read(tmp_path: Path) -> None:
    reading = of_csv(tmp_path, f"城市,{CASES}\n杭州,约5\n宁波,2\n合计,7\n")
    assert [reason for _, reason, _ in refusals(reading)] == ["not_a_number"]


def test_a_count_of_a_province_is_not_shared_out_nor_a_rate_of_a_city_spread(
    tmp_path: Path,
) -> None:
    reading = of_csv(tmp_path, f"地区,{CASES},双公示率\n浙江省,5,0.9\n杭州,1,0.8\n江苏省,3,\n")
    assert refusals(reading) == [
        ("C3", "of_a_city", "0.8"),
        ("B2", "total_differs", "5"),
        ("B4", "of_a_province", ""),
    ]
    rates = reading.kept.filter(pl.col("measure") == "provincial_disclosure_rate")
    assert set(rates["value"]) == {"0.9"}


# --- months


@pytest.mark.parametrize(
    ("title", "sheet", "name"),
    [
        ("2019年6月情况表", "Sheet1", "a.csv"),
        ("２０１９年上半年情况表", "Sheet1", "a.csv"),
        ("截至2019年6月30日（2019年7月5日制表）", "Sheet1", "a.csv"),
        ("2018年7月—2019年6月", "Sheet1", "a.csv"),
        ("二〇一九年六月", "6月", "a.csv"),
        ("情况表", "6月", "a.csv"),
        ("情况表", "Sheet1", "ndrc-2019-06.csv"),
        ("情况表（最近一季度）", "Sheet1", "a.csv"),
        ("2019年6月", "5月", "2019-05.csv"),
    ],
)
def test_a_table_of_the_month_or_of_no_month_is_taken(
    tmp_path: Path, title: str, sheet: str, name: str
) -> None:
    path = tmp_path / "delivered"
    with xlsxwriter.Workbook(path) as book:
        rows = [[title], ["城市", CASES], ["杭州", 5]]
        for number, row in enumerate(rows):
            if not number:
                page = book.add_worksheet(sheet)
            page.write_row(number, 0, row)
    assert values(take(path, name, ASK)) == {HANGZHOU: "5"}


@pytest.mark.parametrize(
    ("title", "name", "found"),
    [
        ("2019年5月情况表", "a.csv", "2019-05"),
        ("2018年6月情况表", "2019-06.csv", "2018-06"),
        ("2019年第一季度", "a.csv", "2019-03"),
        ("2019年度情况表", "a.csv", "2019-12"),
        ("5月份情况表", "a.csv", "2019-05"),
        ("2019年5月、2019年6月", "a.csv", "2019-05, 2019-06"),
        ("情况表", "201905.csv", "2019-05"),
    ],
)
def test_a_table_of_another_month_is_refused(
    tmp_path: Path, title: str, name: str, found: str
) -> None:
    content = f"{title},\n城市,{CASES}\n杭州,5\n"
    assert refusal(lambda: of_csv(tmp_path, content, name)) == ("other_month", found)


def test_columns_of_other_times_are_left_aside(tmp_path: Path) -> None:
    reading = of_csv(
        tmp_path,
        "城市,失信政府机构数,,,\n,2019年5月,2019年6月,上年同期,同比增长（%）\n杭州,1,2,3,4\n",
    )
    assert values(reading) == {HANGZHOU: "2"}
    assert refusals(reading) == []


@pytest.mark.parametrize("text", ["表1", "", "2019", "2019-2020年", "13900001234", "20190705"])
def test_what_names_no_month_is_of_any(text: str) -> None:
    assert months(text, PERIOD) == set()


# --- bad input


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.csv", "empty"),
        (b"\xff\xfe\x00\x01", "a.csv", "not_text"),
        (b"not a workbook", "a.xlsx", "not_xlsx"),
        (b"<html><table></table></html>", "a.xls", "not_xlsx"),
        (b"PK\x03\x04 cut short", "a.csv", "xlsx_damaged"),
        (f'城市,{CASES}\n杭州,"5\n宁波,2\n'.encode(), "a.csv", "broken_quotes"),
        ("城市,产值\n杭州,5\n".encode(), "a.csv", "header_missing"),
        (f"某列,{CASES}\n杭州,5\n".encode(), "a.csv", "header_missing"),
        (b"city_code,value\n330100,5\n", "a.csv", "header_missing"),
    ],
)
def test_a_file_without_a_table_is_refused(
    tmp_path: Path, content: bytes, name: str, reason: str
) -> None:
    path = tmp_path / "delivered"
    path.write_bytes(content)
    assert refusal(lambda: take(path, name, ASK))[0] == reason


def test_what_is_declared_are_the_measures_that_the_source_is_asked_for() -> None:
    shares = {m.id: not m.units.counted_in for m in declared("ndrc").measures}
    assert shares == {m.id: m.unit == "share" for m in ASK.measures.values()}


def test_a_missing_header_is_named(tmp_path: Path) -> None:
    path = tmp_path / "delivered"
    path.write_text("城市,产值\n杭州,5\n")
    with pytest.raises(FileRefused) as refused:
        take(path, "a.csv", ASK)
    for measure in declared("ndrc").measures:
        assert measure.headers[0] in refused.value.expected


def test_two_columns_of_a_measure_are_both_left_out(tmp_path: Path) -> None:
    reading = of_csv(tmp_path, f"城市,{CASES},失信政府机构数,{CASES}\n杭州,5,1,6\n")
    assert reading.kept["measure"].to_list() == ["government_defaulters"]
    assert [row[:2] for row in refusals(reading)] == [
        ("B1", "column_twice"),
        ("D1", "column_twice"),
    ]


def test_tables_that_stand_side_by_side_are_not_taken(tmp_path: Path) -> None:
    reading = of_csv(tmp_path, f"城市,{CASES},城市,失信政府机构数\n杭州,5,宁波,6\n")
    assert reading.kept.is_empty()
    assert {reason for _, reason, _ in refusals(reading)} == {"column_twice"}


def test_a_column_that_is_not_understood_is_listed(tmp_path: Path) -> None:
    reading = of_csv(tmp_path, f"序号,城市,{CASES},产值,联系人\n1,杭州,5,9,欧阳测试员\n")
    assert values(reading) == {HANGZHOU: "5"}
    assert refusals(reading) == [("D1", "column_unknown", "(2)")]


def test_merged_values_belong_to_nobody(tmp_path: Path) -> None:
    def merge(sheet: Any, _: Any) -> None:
        sheet.merge_range("B2:B3", 5)
        sheet.merge_range("B5:C5", 7)
        sheet.merge_range("A6:A7", "温州")
        sheet.merge_range("C4:D4", 3)

    reading = of_xlsx(
        tmp_path,
        [
            ["城市", CASES, "失信政府机构数", "备注"],
            ["杭州", None, 1],
            ["宁波", None, 2],
            ["湖州", 4],
            ["嘉兴"],
            [None, 1],
            [None, 2],
        ],
        merge,
    )
    assert reading.kept.select("city_code", "measure", "value").rows() == [
        (HANGZHOU, "government_defaulters", "1"),
        ("330200", "government_defaulters", "2"),
        ("330500", "ecommerce_cases", "4"),
        ("330500", "government_defaulters", "3"),
    ]
    assert [row[:2] for row in refusals(reading)] == [
        (place, "merged_cells")
        for place in ("表1!B2", "表1!B3", "表1!B5", "表1!C5", "表1!A6", "表1!A7")
    ]


def test_hidden_rows_and_columns_are_not_taken(tmp_path: Path) -> None:
    def hide(sheet: Any, _: Any) -> None:
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column("C:C", None, None, {"hidden": True})

    reading = of_xlsx(
        tmp_path,
        [["城市", CASES, "失信政府机构数"], ["杭州", 5, 1], ["宁波", 6, 2], ["合计", 11, 3]],
        hide,
    )
    assert values(reading) == {"330200": "6"}
    assert refusals(reading) == [("表1!C1", "hidden", "(7)"), ("表1!A2", "hidden", "杭州")]


def test_a_hidden_sheet_is_not_taken_and_notes_have_sheets_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "delivered"

    def write(shown: bool) -> None:
        with xlsxwriter.Workbook(path) as book:
            book.add_worksheet("说明").write("A1", "2019年5月起填报")
            hidden = book.add_worksheet("旧")
            hidden.write_row("A1", ["城市", CASES])
            hidden.write_row("A2", ["杭州", 5])
            hidden.hide()
            if shown:
                sheet = book.add_worksheet("新")
                sheet.write_row("A1", ["城市", CASES])
                sheet.write_row("A2", ["杭州", 6])

    write(shown=True)
    reading = checked(take(path, "a.xlsx", ASK))
    assert values(reading) == {HANGZHOU: "6"}
    assert reading.kept["place"].to_list() == ["表3!B2"]
    assert refusals(reading) == [("表2!A1", "hidden", "")]
    write(shown=False)
    assert refusal(lambda: take(path, "a.xlsx", ASK))[0] == "hidden"


def test_of_many_refusals_the_first_thousand_are_listed(tmp_path: Path) -> None:
    reading = of_csv(tmp_path, f"城市,{CASES}\n" + "某某,1\n" * 1500)
    assert (len(reading.refused), reading.more_refused) == (1000, 500)


def test_a_table_of_too_many_columns_is_refused(tmp_path: Path) -> None:
    content = f"城市,{CASES}" + ",x" * 20_000 + "\n"
    assert refusal(lambda: of_csv(tmp_path, content))[0] == "too_large"


def test_nothing_about_a_person_is_kept_or_repeated(tmp_path: Path) -> None:
    people = (
        "欧阳测试员",
        "Ouyang Ceshiyuan",
        "990101199003071239",
        "13900001234",
        "幸福路99号3单元501室",
    )
    rows: list[Row] = [
        ["2019年6月", *people],
        ["城市", CASES, "双公示率", *people],
        ["杭州", 1, None, *people],
    ]
    for person in people:
        rows += [[person, 1], ["杭州", person], [None, person], [person, None, person], [person]]
    reading = of_xlsx(tmp_path, rows, lambda _, book: book.add_worksheet(people[0]))
    assert values(reading) == {HANGZHOU: "1"}
    told = reading.kept.write_csv() + reading.refused.write_csv()
    assert not [person for person in people if person in told]
    assert len(reading.refused) > 20


def test_whatever_cells_hold_a_file_is_read_or_refused(tmp_path: Path) -> None:
    draw = random.Random(1)
    words = [
        "城市", "省份", "代码", CASES, RATE, "失信政府机构数", "（件）", "单位：万件", "2019年6月",
        "合计", "小计", "浙江省", "杭州", "吉林", "北京市", "330100", "注：", "平均", "甲", "—", "5",
        "1.2万", "93%", "约30", "", "x",
    ]  # fmt: skip
    read = 0
    for _ in range(80):
        content = "\n".join(
            ",".join(draw.choice(words) for _ in range(draw.randint(1, 5)))
            for _ in range(draw.randint(1, 12))
        )
        try:
            of_csv(tmp_path, content)
            read += 1
        except FileRefused:
            pass
    assert read > 20

"""Extracts: what is taken of them, row by row, and what is refused, whatever an office sends."""

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrapers.credit_code import check_character
from scrapers.formats import delimited, record_names
from scrapers.formats.extracts import take
from scrapers.reading import ROWS, Ask, FileRefused, Reading
from scrapers.record_kinds import RECORD_KINDS, RecordKind
from templates import catalogue

PERIOD = "2019-06"
CITIES = pl.DataFrame(
    {
        "city_code": ["330100", "330182", "330200", "340100"],
        "province_code": ["330000", "330000", "330000", "340000"],
    }
)
NAME = "lists-330000-2019-06.csv"
HEADER = "code,city_code,list,listed,delisted,violations"
KINDS = [pytest.param(kind, id=kind.id) for kind in RECORD_KINDS.values()]
# Nobody: no district has the code 110199.
NUMBER = "11019919850217123X"
PERSON = ("欧阳虚构", NUMBER, "13800138000", "虚构市无此路88号3单元502室")

Read = Callable[..., Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Take in bytes or text as a delivered file."""

    def reading(
        content: bytes | str, name: str = NAME, source_id: str = "ncisp", period: str = PERIOD
    ) -> Reading:
        path = tmp_path / "delivered"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return take(path, name, Ask(source_id, source_id, period, CITIES, {}))

    return reading


def code(n: int) -> str:
    """The nth of invented credit codes."""
    first = f"91330100MA{n:07}"
    return first + check_character(first)


def entry(n: int, **cells: str) -> str:
    """A right line of a list, but for the cells that are given."""
    right = {
        "code": code(n),
        "city_code": "330100",
        "list": "black",
        "listed": "2019-06-03",
        "delisted": "",
        "violations": "2",
    }
    return ",".join((right | cells).values())


def lines(*rows: str, header: str = HEADER) -> str:
    return "\n".join((header, *rows)) + "\n"


def parquet(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def why(reading: Reading) -> list[tuple[int, str, str]]:
    """Row, field and reason of what is refused, all of which have words."""
    told = list(reading.refused.select("row", "field", "reason").iter_rows())
    assert all(catalogue.has(f"refusal.{reason}") for _, _, reason in told)
    return told


# --- what is kept


def test_records_are_typed_and_numbered_as_in_the_file(read: Read) -> None:
    reading = read(
        lines(entry(1), entry(2, list="red", delisted="2019-06-30", violations="0")), "inbox.csv"
    )
    assert reading.kept.rows() == [
        (2, "lists", "330000", "330100", code(1), "black", date(2019, 6, 3), None, 2),
        (3, "lists", "330000", "330100", code(2), "red", date(2019, 6, 3), date(2019, 6, 30), 0),
    ]
    assert dict(reading.kept.schema) == {
        "row": pl.Int64,
        "kind": pl.String,
        "province_code": pl.String,
        "city_code": pl.String,
        **RECORD_KINDS["lists"].columns,
    }
    assert (reading.kind, reading.sender, reading.persons) == ("lists", "330000", 0)
    assert reading.refused.is_empty()


def right(kind: RecordKind, column: str, *, chinese: bool = False) -> str:
    """A cell that can be taken."""
    if column in kind.words:
        word = kind.words[column][0]
        return record_names.WORDS[kind.id, column][word][0] if chinese else word
    by_type = {pl.Date: "2019-06-30", pl.Int64: "1", pl.String: code(7)}
    return by_type[kind.columns[column]]


@pytest.mark.parametrize("chinese", [False, True], ids=["English", "Chinese"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_known_by_its_columns_in_either_language(
    read: Read, kind: RecordKind, chinese: bool
) -> None:
    columns = list(reversed(kind.columns))
    header = [record_names.in_chinese(kind.id, c) if chinese else c for c in columns]
    cells = [right(kind, column, chinese=chinese) for column in columns]
    # In English, two kinds have a column `grade`, so the name of the file has to tell.
    name = "数据.csv" if chinese else f"{kind.id}-330000-2019-06.csv"
    city = record_names.in_chinese(kind.id, "city_code") if chinese else "city_code"
    content = lines(",".join([*cells, "330182"]), header=",".join([*header, city]))
    reading = read(content, name, kind.source_id)
    assert reading.kind == kind.id
    assert reading.kept.select("city_code", *columns).cast(pl.String).rows() == [
        ("330182", *(right(kind, column) for column in columns))
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_word_that_is_kept_can_be_written(kind: RecordKind) -> None:
    for column, words in kind.words.items():
        assert tuple(record_names.WORDS[kind.id, column]) == words
        assert set(record_names.words(kind.id, column).values()) == set(words)


def test_a_file_that_breaks_off_in_its_last_line_is_refused_as_a_whole(read: Read) -> None:
    whole = lines(entry(1), entry(2))
    with pytest.raises(FileRefused) as refused:
        read(whole.rstrip("\n").rpartition(",")[0].encode())
    assert refused.value.reason == "cut_short"
    assert len(read(whole.rstrip("\n").encode()).kept) == 2  # some editors end so


def test_columns_that_are_not_of_the_kind_are_not_kept(read: Read) -> None:
    wide = lines(
        f"{entry(1)},{','.join(PERSON)}", header=f"{HEADER},法定代表人,身份证号,联系电话,地址"
    )
    frame = pl.read_csv(BytesIO(wide.encode()), infer_schema=False)
    for content in (wide, wide.encode("gb18030"), parquet(frame)):
        reading = read(content)
        kept = parquet(reading.kept) + repr(reading.refused.rows()).encode()
        assert reading.kept["code"].to_list() == [code(1)]
        assert not [part for part in PERSON if part.encode() in kept]


@pytest.mark.parametrize(
    ("encoding", "header", "word"),
    [
        ("utf-8", HEADER, "重点关注名单"),
        ("utf-8-sig", "统一社会信用代码,城市代码,名单类型,列入日期,移出日期,失信记录数", "重点关注"),
        ("gb18030", "信用代码,行政区划代码,名单类别,列入日期,移出日期,违法记录条数", "重点关注名单"),
        ("gb18030", HEADER, "重点关注名单"),
        ("utf-8", HEADER.upper().replace(",", " , "), " FOCUSED_WATCH "),
    ],
)  # fmt: skip
def test_the_encoding_is_found_by_looking(
    read: Read, encoding: str, header: str, word: str
) -> None:
    reading = read(lines(entry(1, list=word), header=header).encode(encoding))
    assert reading.kept["list"].to_list() == ["focused_watch"]
    assert reading.refused.is_empty()


def test_gb18030_behind_a_mark_of_utf_8_is_gb18030(read: Read) -> None:
    content = b"\xef\xbb\xbf" + lines(entry(1, list="黑名单")).encode("gb18030")
    assert read(content).kept["list"].to_list() == ["black"]


@pytest.mark.parametrize(
    "written",
    [
        "2019-06-03",
        "2019/6/3",
        "2019/06/03",
        "2019.6.3",
        "20190603",
        "2019年6月3日",
        "２０１９－０６－０３",
        "２０１９年６月３日",
        " 2019-6-3 ",
        "2019-06-03 00:00:00",
        "2019/6/3 8:15",
        "2019-06-03T00:00:00.000",
    ],
)
def test_dates_are_read_in_the_ways_that_offices_write_them(read: Read, written: str) -> None:
    # Beside a date that is read at once, and more than once.
    rows = [entry(1), *(entry(n, listed=written) for n in (2, 3))]
    reading = read(lines(*rows))
    assert reading.kept["listed"].to_list() == [date(2019, 6, 3)] * 3


@pytest.mark.parametrize("written", ["12", "１２", " 12 ", "12.0"])
def test_whole_numbers_are_read_in_the_ways_that_offices_write_them(
    read: Read, written: str
) -> None:
    assert read(lines(entry(1, violations=written))).kept["violations"].to_list() == [12]


@pytest.mark.parametrize(
    "written",
    [
        f" {code(1)} ",
        f"'{code(1)}",
        f"\t{code(1)}",
        code(1).lower(),
        code(1).translate({ord("9"): "９", ord("M"): "Ｍ"}),
    ],
)
def test_codes_are_read_in_the_ways_that_offices_write_them(read: Read, written: str) -> None:
    reading = read(lines(entry(1, code=written), entry(2)))
    assert reading.kept["code"].to_list() == [code(1), code(2)]


@pytest.mark.parametrize(("written", "flag"), [("1", 1), ("0", 0), ("是", 1), ("否", 0)])
def test_a_flag_is_read_in_figures_or_words(read: Read, written: str, flag: int) -> None:
    reading = read(f"city_code,integrated\n330100,{written}\n", "service_halls-330000-2019-06.csv")
    assert reading.kept["integrated"].to_list() == [flag]


def test_parquet_may_have_any_types_that_make_sense(read: Read) -> None:
    midnight = datetime(2019, 6, 3, tzinfo=ZoneInfo("Asia/Shanghai"))
    frame = pl.DataFrame(
        {
            "code": pl.Series([code(1), code(2)], dtype=pl.Categorical),
            "city_code": [330100, 330182],
            "list": [b"black", b"red"],
            "listed": [midnight, midnight],
            "delisted": [None, None],
            "violations": [3.0, 0.0],
            "remarks": [["a"], []],
        }
    ).with_columns(pl.col("listed").dt.convert_time_zone("UTC"))
    reading = read(parquet(frame), "lists.parquet")
    assert reading.kept.drop("row", "kind", "province_code").rows() == [
        ("330100", code(1), "black", date(2019, 6, 3), None, 3),
        ("330182", code(2), "red", date(2019, 6, 3), None, 0),
    ]


def test_codes_with_errors_are_taken_where_errors_are_what_is_told(read: Read) -> None:
    wrong = code(1)[:-1] + ("0" if code(1)[-1] != "0" else "1")
    name = "codes-330000-2019-06.csv"
    content = "\n".join(
        [
            "code,city_code,issued,state",
            f"{wrong},330100,2019-01-01,wrong",
            f"{wrong},330100,2019-01-02,已更正",
            f"{wrong},330100,2019-01-03,valid",
            "9133,330100,2019-01-04,wrong",
            *(f"{code(n)},330100,2019-01-01,valid" for n in range(2, 5)),
        ]
    )
    reading = read(content, name, "code_centre")
    assert reading.kept["state"].to_list()[:2] == ["wrong", "corrected"]
    assert why(reading) == [(4, "code", "code_check"), (5, "code", "code_malformed")]


def test_a_header_alone_is_an_extract_without_records(read: Read) -> None:
    for content in (lines(), HEADER, parquet(pl.DataFrame(schema=HEADER.split(",")))):
        reading = read(content)
        assert (reading.kind, reading.kept.height) == ("lists", 0)
        assert reading.refused.is_empty()


@pytest.mark.parametrize("blank", ["", ",,,,,"])
def test_blank_rows_are_passed_over_and_counted(read: Read, blank: str) -> None:
    reading = read(lines(entry(1), blank, entry(2), blank, blank))
    assert reading.kept["row"].to_list() == [2, 4]
    assert reading.refused.is_empty()


def test_windows_line_ends_and_a_last_line_without_one_are_read(read: Read) -> None:
    reading = read(lines(entry(1), entry(2)).replace("\n", "\r\n").removesuffix("\r\n"))
    assert reading.kept["violations"].to_list() == [2, 2]


def test_quotation_marks_are_read(read: Read) -> None:
    quoted = ",".join(f'"{cell}"' for cell in entry(1).split(","))
    header = f'{HEADER},"name"'
    content = lines(
        f'{quoted},"虚构\n公司, ""甲"""', f"{entry(2)},", f'{entry(3, code="")},"x"', header=header
    )
    reading = read(content)
    assert reading.kept.select("row", "code").rows() == [(2, code(1)), (3, code(2))]
    assert why(reading) == [(4, "code", "cell_missing")]


# --- people


@pytest.mark.parametrize(
    "number",
    [NUMBER, "110199850217123", "362322198709086409", "1１０199１９850217123x", f"'{NUMBER}"],
)
def test_records_about_people_are_dropped_and_counted(read: Read, number: str) -> None:
    reading = read(lines(entry(1), entry(2, code=number), entry(3, code=number, city_code="?")))
    assert reading.kept["code"].to_list() == [code(1)]
    assert reading.persons == 2
    assert reading.refused.is_empty()


@pytest.mark.parametrize("subject", ["自然人", "个人", "Natural Person", " 自然人 "])
def test_a_record_is_about_a_person_if_it_says_so(read: Read, subject: str) -> None:
    header = f"{HEADER},行政相对人类别"
    content = lines(f"{entry(1)},法人及非法人组织", f"{entry(2, code='')},{subject}", header=header)
    reading = read(content)
    assert reading.kept["code"].to_list() == [code(1)]
    assert (reading.persons, reading.refused.height) == (1, 0)


def test_a_column_of_subjects_may_know_no_people(read: Read) -> None:
    content = lines(f"{entry(1)},法人及非法人组织", f"{entry(2)},", header=f"{HEADER},主体类型")
    assert read(content).kept.height == 2


def test_a_file_about_people_alone_says_nothing_of_its_province(read: Read) -> None:
    reading = read(lines(entry(1, code=NUMBER)))
    assert (reading.kind, reading.persons) == ("", 1)
    assert reading.kept.equals(pl.DataFrame(schema=ROWS))
    assert why(reading) == [(0, "", "only_persons")]


@pytest.mark.parametrize("column", HEADER.split(","))
@pytest.mark.parametrize("part", PERSON)
def test_nothing_about_a_person_is_kept_or_repeated_wherever_it_stands(
    read: Read, column: str, part: str
) -> None:
    reading = read(lines(entry(1), entry(2, **{column: part})))
    assert reading.kept["code"].to_list() == [code(1)]
    assert part not in repr(reading.refused.rows())
    assert reading.persons + reading.refused.height == 1


# --- rows that are refused


@pytest.mark.parametrize(
    ("cells", "field", "reason"),
    [
        ({"code": ""}, "code", "cell_missing"),
        ({"code": " "}, "code", "cell_missing"),
        ({"code": "91330100MA000000"}, "code", "code_malformed"),
        ({"code": "虚构科技有限公司"}, "code", "code_malformed"),
        ({"code": code(1)[:-2] + "00"}, "code", "code_check"),
        ({"code": f"{code(1)}\x00"}, "code", "code_malformed"),
        ({"code": "9" * 1_000_000}, "code", "code_malformed"),
        ({"city_code": ""}, "city_code", "cell_missing"),
        ({"city_code": "杭州市"}, "city_code", "city_malformed"),
        ({"city_code": "330100000000"}, "city_code", "city_malformed"),
        ({"city_code": "330199"}, "city_code", "city_unknown"),
        ({"city_code": "340100"}, "city_code", "other_place"),
        ({"list": ""}, "list", "cell_missing"),
        ({"list": "灰名单"}, "list", "word_unknown"),
        ({"list": "榛戝悕鍗�"}, "list", "word_unknown"),
        ({"listed": ""}, "listed", "cell_missing"),
        ({"listed": "2019-02-29"}, "listed", "not_a_date"),
        ({"listed": "2019-13-01"}, "listed", "not_a_date"),
        ({"listed": "43619"}, "listed", "not_a_date"),
        ({"listed": "六月三日"}, "listed", "not_a_date"),
        ({"listed": "2019-07-01"}, "listed", "date_too_late"),
        ({"listed": "1899-12-31"}, "listed", "date_too_early"),
        ({"listed": "0001-01-01"}, "listed", "date_too_early"),
        ({"delisted": "长期"}, "delisted", "not_a_date"),
        ({"delisted": "2099-12-31"}, "delisted", "date_too_late"),
        ({"delisted": "2019-06-02"}, "delisted", "date_before"),
        ({"violations": ""}, "violations", "cell_missing"),
        ({"violations": "若干"}, "violations", "not_a_number"),
        ({"violations": "2.5"}, "violations", "not_whole"),
        ({"violations": "-1"}, "violations", "negative"),
        ({"violations": "1000000"}, "violations", "implausible"),
        ({"violations": "9" * 40}, "violations", "implausible"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_reason_and_the_others_are_kept(
    read: Read, cells: dict[str, str], field: str, reason: str
) -> None:
    reading = read(lines(entry(1), entry(2, **cells), entry(3, delisted="2019-06-30")))
    assert reading.kept["row"].to_list() == [2, 4]
    assert why(reading) == [(3, field, reason)]


def test_every_wrong_cell_of_a_row_is_told(read: Read) -> None:
    reading = read(lines(entry(1), entry(2, city_code="?", listed="?", violations="?")))
    assert [field for _, field, _ in why(reading)] == ["city_code", "listed", "violations"]


def test_what_is_found_is_repeated_only_if_it_is_harmless(read: Read) -> None:
    reading = read(lines(entry(1), entry(2, code="12345", list="张三", violations="-12")))
    assert reading.refused.select("field", "found").rows() == [
        ("code", "(5)"),
        ("list", "(2)"),
        ("violations", "-12"),
    ]


def test_a_flag_is_0_or_1(read: Read) -> None:
    reading = read("city_code,integrated\n330100,1\n330182,2\n", "service_halls.csv")
    assert why(reading) == [(3, "integrated", "not_a_flag")]


def test_rows_with_too_many_or_too_few_fields_are_refused(read: Read) -> None:
    many, few = f"{entry(2)},9", entry(3).rpartition(",")[0]
    # A comma too many and one too few: together as many as there should be.
    reading = read(lines(entry(1), many, few, entry(4)))
    assert reading.kept.select("row", "code").rows() == [(2, code(1)), (5, code(4))]
    assert why(reading) == [(3, "", "too_many_fields"), (4, "", "too_few_fields")]
    assert reading.refused.select("found", "expected").rows() == [("7", "6"), ("5", "6")]


@pytest.mark.parametrize("written", ["2019-06", "201906", "2019/6", "2019年6月"])
def test_a_column_of_months_must_agree(read: Read, written: str) -> None:
    header = f"{HEADER},数据月份"
    rows = [f"{entry(1)},{written}", f"{entry(2)},2019-05", f"{entry(3)},{written}"]
    reading = read(lines(*rows, header=header))
    assert reading.kept["row"].to_list() == [2, 4]
    assert why(reading) == [(3, "period", "other_month")]


def test_the_same_record_counts_once(read: Read) -> None:
    again = entry(1, listed="2019/6/3", list="黑名单")
    reading = read(lines(entry(1), entry(2), again, entry(1, violations="3"), entry(2), entry(2)))
    assert reading.kept["row"].to_list() == [2, 3, 5]
    assert why(reading) == [(row, "", "record_repeated") for row in (4, 6, 7)]


def test_decisions_are_told_apart_by_their_documents(read: Read) -> None:
    header = "code,city_code,decision,decided,published,行政决定文书号"
    row = f"{code(1)},330100,permit,2019-06-01,2019-06-03"
    content = lines(f"{row},甲1号", f"{row},甲2号", f"{row},甲2号", header=header)
    reading = read(content, "disclosures-330000-2019-06.csv")
    assert reading.kept["row"].to_list() == [2, 3]
    assert why(reading) == [(4, "", "record_repeated")]


def test_a_thousand_refusals_are_listed_and_the_others_counted(read: Read) -> None:
    bad = [entry(n, list="?", violations="?") for n in range(700)]
    reading = read(lines(*(entry(n) for n in range(701)), *bad))
    assert (reading.refused.height, reading.more_refused) == (1001, 400)
    listed = [row for row in range(703, 1203) for _ in "ab"]
    assert reading.refused["row"].to_list() == [0, *listed]  # the file, then its rows


def test_pieces_are_put_together_with_their_rows(
    read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "_PIECE", 500)
    monkeypatch.setattr(delimited, "_ROWS", 7)
    rows = [entry(n, list="?" if n in (13, 93) else "red") for n in range(100)]
    rows[50] = ""
    rows[60] = rows[0]
    rows[70] += ",?"
    for content in (lines(*rows), lines(*rows, header=f'"code"{HEADER[4:]}')):
        reading = read(content)
        left_out = {13, 50, 60, 70, 93}
        assert reading.kept["row"].to_list() == [n + 2 for n in range(100) if n not in left_out]
        assert [row for row, _, _ in why(reading)] == sorted(n + 2 for n in left_out - {50})


# --- files that are refused as a whole


def refused(read: Read, content: bytes | str, name: str = NAME, **ask: str) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read(content, name, **ask)
    assert catalogue.has(f"refusal.{caught.value.reason}")
    return caught.value


WHOLE = parquet(pl.read_csv(BytesIO(lines(*map(entry, range(500))).encode()), infer_schema=False))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (WHOLE[: len(WHOLE) // 2], "not_parquet"),
        (WHOLE[:-1], "not_parquet"),
        (WHOLE[:4] + bytes(1000) + WHOLE[-4:], "not_parquet"),
        (parquet(pl.DataFrame({"a": [1]})), "columns_missing"),
        (parquet(pl.DataFrame(schema=[*HEADER.split(",")[:-1], "remarks"])), "columns_missing"),
        (lines(header="a,b"), "columns_missing"),
        (lines(header=HEADER).encode("utf-16"), "not_text"),
        (lines(header=HEADER).encode("utf-16-le"), "columns_missing"),
        (lines(header=HEADER + ",统一社会信用代码"), "column_twice"),
        (lines(header=HEADER + ",code"), "column_twice"),
        (lines(header=HEADER.replace(",", ";")), "columns_missing"),
        (bytes(range(256)) * 10, "not_text"),
        (lines(entry(1, list="黑名单")).encode() + b"\xff\n", "not_text"),
        (lines(entry(1), '"' + entry(2), entry(3)), "broken_quotes"),
        (lines(entry(1), '"' + entry(2) + '"x', entry(3)), "broken_quotes"),
        (lines('"' + "x" * 200_000), "broken_quotes"),
    ],
)
def test_a_broken_file_is_refused_as_a_whole(read: Read, content: bytes | str, reason: str) -> None:
    assert refused(read, content).reason == reason


def test_the_row_is_told_that_keeps_a_file_from_being_read(read: Read) -> None:
    good = lines(*map(entry, range(8)))
    assert refused(read, good + '"\n' * 1).row == 10
    assert refused(read, good.encode("gb18030") + b"\xff\n").row == 10
    assert refused(read, "黑".encode() + good.encode() + b"\xff\n").row == 10


def test_half_a_file_in_another_encoding_is_not_taken(read: Read) -> None:
    half = lines(*(entry(n, list="重点关注") for n in range(20))).encode("gb18030")
    unreadable = half + entry(20, list="黑名单").encode()
    assert (refused(read, unreadable).reason, refused(read, unreadable).row) == ("not_text", 22)
    nonsense = read(half + entry(20, list="重点关注").encode())
    assert nonsense.kept["row"].to_list() == list(range(2, 22))
    assert why(nonsense) == [(22, "list", "word_unknown")]


def test_text_in_gb18030_that_was_saved_as_something_else_is_refused(read: Read) -> None:
    chinese = "统一社会信用代码,城市代码,名单类型,列入日期,移出日期,失信记录数"
    spoilt = lines(entry(1, list="黑名单"), header=chinese).encode("gb18030").decode("latin-1")
    assert refused(read, spoilt).reason == "columns_missing"
    replaced = lines(entry(1), entry(2, list="黑名单")).encode("gb18030").decode("utf-8", "replace")
    assert why(read(replaced)) == [(3, "list", "word_unknown")]


@pytest.mark.parametrize("column", HEADER.split(","))
def test_a_column_of_lists_or_structures_is_refused(read: Read, column: str) -> None:
    frame = pl.read_csv(BytesIO(lines(entry(1)).encode()), infer_schema=False)
    for nested in (pl.concat_list(column), pl.struct(column)):
        refusal = refused(read, parquet(frame.with_columns(nested.alias(column))))
        assert (refusal.reason, refusal.field) == ("not_a_table", column)


def test_what_the_name_says_must_agree(read: Read) -> None:
    content = lines(entry(1))
    assert refused(read, content, "lists-330000-2019-05.csv").reason == "other_month"
    assert refused(read, content, "330000_2019年5月.csv").reason == "other_month"
    assert refused(read, content, "lists-990000-2019-06.csv").reason == "province_unknown"
    assert refused(read, content, "lists-350000-2019-06.csv").reason == "province_unknown"
    assert refused(read, content, "entities-330000-2019-06.csv").reason == "columns_missing"
    assert why(read(content, "lists-340000-2019-06.csv"))[0] == (0, "", "too_many_refused")


def test_what_nothing_says_is_asked_for(read: Read) -> None:
    graded = f"code,city_code,grade\n{code(1)},330100,A\n"
    assert refused(read, graded, "data.csv").reason == "kind_unclear"
    assert read(graded, "taxpayers.csv").kind == "taxpayers"
    assert refused(read, lines(), "lists.csv").reason == "province_unclear"


def test_an_extract_of_another_source_is_refused(read: Read) -> None:
    assert refused(read, lines(entry(1)), source_id="code_centre").reason == "columns_missing"


@pytest.mark.parametrize(("good", "bad"), [(1, 3), (399, 3), (400, 4), (1000, 10)])
def test_of_a_file_of_which_more_than_a_few_rows_are_refused_nothing_is_taken(
    read: Read, good: int, bad: int
) -> None:
    taken = [entry(n) for n in range(good)]
    refused = [entry(n, violations="?") for n in range(bad)]
    # Records that stand there twice, or are about persons, are not among them.
    aside = [entry(0)] * 20 + [entry(0, code=NUMBER)] * 20
    assert read(lines(*taken, *refused, *aside)).kept.height == good
    reading = read(lines(*taken, *refused, entry(0, list="?"), *aside))
    assert reading.kept.equals(pl.DataFrame(schema=ROWS))
    assert (reading.kind, reading.persons) == ("", 20)
    assert why(reading)[:2] == [
        (0, "", "too_many_refused"),
        (good + 2, "violations", "not_a_number"),
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_an_extract_without_records_is_taken_only_of_kinds_that_a_province_can_be_without(
    read: Read, kind: RecordKind
) -> None:
    header = ",".join(["city_code", *kind.columns])
    reading = read(f"{header}\n", f"{kind.id}-330000-2019-06.csv", kind.source_id)
    if kind.id in ("entities", "evaluations", "taxpayers", "codes"):
        assert (reading.kind, why(reading)) == ("", [(0, "", "empty_extract")])
    else:
        assert (reading.kind, why(reading)) == (kind.id, [])


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_damage_anywhere_is_survived(read: Read, data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([WHOLE, lines(*map(entry, range(5))).encode("gb18030")]))
    at = data.draw(st.integers(0, len(whole) - 1))
    damage = data.draw(st.binary(max_size=8))
    content = whole[:at] + damage + whole[at + data.draw(st.integers(0, 8)) :]
    try:
        reading = read(content)
    except FileRefused:
        return
    assert set(reading.kept["list"] if reading.kind else ()) <= set(
        RECORD_KINDS["lists"].words["list"]
    )

"""Bytes become text whatever the page and the server say of them, and no page keeps the parser busy."""

import codecs
import random

import pytest

from scrapers.monitor.markup import DEPTH, LIMIT, decode, simplified, tree

SIMPLIFIED = (
    "昆山市人民政府：执法人员在一处批发库房内查获掺假白酒，依法处以罚款二十万元，并责令停业整顿。"
)
TRADITIONAL = "臺北市政府：執法人員在一處庫房內查獲摻假白酒，依法處以罰款二十萬元，並責令停業整頓。"


def page(text: str, head: str = "") -> str:
    return f"<html><head>{head}<title>{text[:6]}</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    "declared", [None, "utf-8", "GB2312", "gbk", "big5", "iso-8859-1", "no such thing"]
)
@pytest.mark.parametrize(
    "head", ["", "<meta charset=utf-8>", '<meta charset="gb2312">', "<meta charset=big5>"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gbk", "gb18030"])
def test_what_the_bytes_are_outweighs_what_is_said_of_them(
    encoding: str, head: str, declared: str | None
) -> None:
    html = page(SIMPLIFIED, head)
    assert decode(html.encode(encoding), declared) == html


@pytest.mark.parametrize("declared", [None, "utf-8", "gbk", "big5"])
@pytest.mark.parametrize("encoding", ["utf-8", "big5", "big5hkscs"])
def test_traditional_characters_are_read(encoding: str, declared: str | None) -> None:
    html = page(TRADITIONAL)
    assert decode(html.encode(encoding), declared) == html


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_a_byte_order_mark_is_believed_and_left_out(mark: bytes, encoding: str) -> None:
    html = page(SIMPLIFIED, "<meta charset=gbk>")
    assert decode(mark + html.encode(encoding), "big5") == html


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_known_without_a_mark(encoding: str) -> None:
    assert decode(page(SIMPLIFIED).encode(encoding), "gbk") == page(SIMPLIFIED)


def test_characters_of_gb18030_beyond_gbk_are_read() -> None:
    text = SIMPLIFIED + "㐂𠀀"
    assert decode(text.encode("gb18030"), "gb2312") == text


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_few_broken_bytes_do_not_change_the_encoding(encoding: str) -> None:
    content = page(SIMPLIFIED * 20).encode(encoding)
    text = decode(content[:400] + b"\xff" + content[400:], None)
    assert "责令停业整顿" in text


def test_a_long_page_is_cut_within_a_character_without_harm() -> None:
    content = b"a" * (LIMIT - 1) + "昆".encode() + b"b" * LIMIT
    text = decode(content, None)
    assert text.startswith("aaa")
    assert "b" not in text
    assert len(text) <= LIMIT


def test_null_bytes_are_left_out() -> None:
    assert decode("昆\0山".encode(), "utf-8") == "昆山"


def test_any_bytes_give_a_text() -> None:
    chance = random.Random(7)
    for declared in (None, "gbk", "hex", "rot13", "idna", "utf-7", "undefined", "\0", "锟斤拷"):
        for length in (0, 1, 2, 3, 50, 500):
            assert isinstance(decode(chance.randbytes(length), declared), str)


def test_traditional_pages_become_simplified_and_others_stay_as_they_are() -> None:
    assert "执法人员在一处库房内查获掺假白酒" in simplified(TRADITIONAL * 3)
    mixed = "杭州乾泽网络科技有限公司著作权於二〇一九年登记。" * 50
    assert simplified(mixed) == mixed


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<div>" * 100_000 + "x" + "</div>" * 100_000,
        "<ul><li>" * 50_000,
        "<div><span><font>" * 30_000,
        "<p><b>" * 50_000,
        "<a><table>" * 20_000,
        "<script>" * 100_000,
        "<!--" * 100_000,
        '<a b="' * 100_000,
        "<a '\">" * 100_000,
        "<" * 500_000,
        "&" * 500_000,
        "</div>" * 100_000,
        "<div " + " ".join(f'a{i}="<>"' for i in range(100_000)) + ">",
        "<svg>" * 100_000,
        "\0" * 100_000,
        "",
    ],
    ids=range(17),
)
def test_no_page_keeps_the_parser_busy(html: str) -> None:
    assert tree(html + "<p>完</p>").root is not None


def test_text_below_the_limit_of_depth_is_kept() -> None:
    page = tree("<div>" * (3 * DEPTH) + "底" + "</div>" * (3 * DEPTH) + "<p>后</p>" + " " * 9_000)
    assert page.body is not None
    assert page.body.text(deep=True).split() == ["底", "后"]
    assert [p.text() for p in page.css("body > p")] == ["后"]

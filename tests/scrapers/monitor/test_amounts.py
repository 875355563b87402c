"""Numbers are read as Chinese pages write them, with what they count."""

import pytest

from scrapers.monitor.amounts import plain, quantities


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("罚款18.6万元", 186_000, "元"),
        ("一百二十万元", 1_200_000, "元"),
        ("罚款人民币壹万捌仟元整", 18_000, "元"),
        ("3400余万元", 34_000_000, "元"),
        ("价税合计3.4亿元", 340_000_000, "元"),
        ("3亿2000万元", 320_000_000, "元"),
        ("1,204户", 1204, "户"),
        ("８０家", 80, "家"),
        ("十二家商铺", 12, "家"),
        ("两千三百万元", 23_000_000, "元"),
        ("1.2万余名出借人", 12_000, "名"),
        ("上千名业主", 1000, "名"),
        ("千余名群众", 1000, "名"),
        ("数十万元", 300_000, "元"),
        ("过亿元", 100_000_000, "元"),
        ("罚款百万", 1_000_000, ""),
        ("二〇一八年", 2018, "年"),
    ],
)
def test_a_number_is_read_in_any_writing(text: str, value: float, unit: str) -> None:
    (found,) = quantities(plain(text))
    assert (found.value, found.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "named"), [("近千名", 1000), ("近亿元", 1e8), ("不足百万元", 1e6)]
)
def test_what_is_nearly_so_many_is_fewer(text: str, named: float) -> None:
    (found,) = quantities(plain(text))
    assert 0.99 * named < found.value < named


@pytest.mark.parametrize("text", ["百姓", "单位：万元", "许多人", "千万别信"])
def test_words_that_look_like_numbers_are_none(text: str) -> None:
    assert list(quantities(plain(text))) == []


def test_making_a_text_plain_moves_no_character() -> None:
    text = "（２０１９）第３号　罚款１２．５万元【公告】"
    assert plain(text) == "(2019)第3号 罚款12.5万元[公告]"
    assert len(plain(text)) == len(text)

"""Invented names and numbers: enterprises, people who do not exist, and the numbers of an occurrence."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from sandbox.web.drawn import Draws
from sandbox.web.places import Place
from scrapers.credit_code import CHARACTERS, check_character

_FIRST: Final = "鑫恒瑞泰宏昌隆盛嘉康华金德诚信义和丰润达远博凯铭旭晟腾源益"
_SECOND: Final = "源达盛丰禾泽通捷晖立朗越峰海岳川林原泉禧祥昇途曜楠森辰耀创联"
_SURNAMES: Final = (
    *"王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟"
    "姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严武赖覃洪",
    "欧阳", "司马", "上官", "诸葛", "皇甫", "尉迟",
)  # fmt: skip
_GIVEN: Final = (
    "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林欢阳建国志文海东晓春秋月红梅兰芳娟秀英丽敏静慧"
    "洁燕玲桂莲凤琴云霞雪琳倩婷颖佳怡思雨欣然子涵梓萱柏舟望舒景行知远若谷怀瑾承泽"
)
_REGION: Final = "199"
"""No district's code ends so, hence no such identity number was ever given out."""
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BODY: Final = (3, 7, 9, 10, 5, 8, 4, 2)
"""Weights of the characters of an organisation code (GB 11714)."""
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def person(draws: Draws, *what: object) -> str:
    """Somebody who does not exist."""
    surname: str = draws.of(_SURNAMES, *what, "surname")
    given: str = draws.of(_GIVEN, *what, "given")
    if draws.chance(0.75, *what, "two"):
        given += draws.of(_GIVEN, *what, "second")
    return surname + given


def identity(draws: Draws, place: Place, *what: object) -> str:
    """An identity number with the right check digit, of a region that there is not."""
    born = date.fromordinal(draws.number(711858, 729755, *what, "born"))
    body = f"{place.code[:2]}0{_REGION}{born:%Y%m%d}{draws.number(1, 999, *what, 'turn'):03}"
    weighed = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[weighed % 11]


def mobile(draws: Draws, *what: object) -> str:
    """A mobile number that nobody has."""
    return f"1{draws.of((34, 37, 38, 58, 86), *what)}0000{draws.number(0, 9999, *what, 'line'):04}"


def home(draws: Draws, place: Place, *what: object) -> str:
    """A home address that does not exist."""
    road, house, door = (draws.number(1, top, *what, top) for top in (9, 280, 6))
    area = draws.of(place.areas, *what, "area")
    return f"{area}虚构{road}路{house}号{door}单元{100 * road + door}室"


def landline(draws: Draws, *what: object) -> str:
    """An office's telephone that does not exist."""
    return f"0{draws.number(310, 999, *what)}-0{draws.number(100000, 999999, *what, 'line')}"


def enterprise(draws: Draws, place: Place, ending: str, *what: object) -> tuple[str, str]:
    """An enterprise's name, and its short one."""
    brand = draws.of(_FIRST, *what, "first") + draws.of(_SECOND, *what, "second")
    if draws.chance(0.3, *what, "three"):
        brand += draws.of(_SECOND, *what, "third")
    seat = draws.of((place.short, place.short, place.name, place.province), *what, "seat")
    return seat + brand + ending, brand


def credit_code(draws: Draws, place: Place, *what: object) -> str:
    """A unified social credit code of an enterprise, right in both check characters."""
    body = "MA" + "".join(draws.of(CHARACTERS, *what, at) for at in range(6))
    total = sum(weight * _ALPHABET.index(one) for weight, one in zip(_BODY, body, strict=True))
    code = f"91{place.code}{body}{'0123456789X'[-total % 11]}"
    return code + check_character(code)


def enterprises(draws: Draws, place: Place, number: int, *what: object) -> Iterator[str]:
    """Several enterprises of all kinds."""
    for at in range(number):
        ending = draws.of(_ENDINGS, *what, at)
        yield enterprise(draws, place, ending, *what, at, "of several")[0]


_ENDINGS: Final = (
    "机械有限公司", "纺织有限公司", "食品有限公司", "电子科技有限公司", "建材有限公司", "物流有限公司",
    "医药有限公司", "农业发展有限公司", "塑业有限公司", "汽车零部件有限公司",
)  # fmt: skip

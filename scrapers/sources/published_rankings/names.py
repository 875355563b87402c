"""Names of cities, provinces and classes of city, as lists print them."""

import re
from dataclasses import dataclass
from functools import cache

from scrapers.sources.registry import feed

_CLASSES = {
    "provincial": re.compile("省会|首府|直辖市|副省级|计划单列"),
    "prefecture": re.compile("地级(?!及?以上)|地市级"),
    "county": re.compile("县级(?!及?以上)"),
}
CLASS = (
    "(?:(?:省会|首府|直辖市|副省级|计划单列|地市级|地级|县级)(?:及?以上)?(?:城市|市)?[及和与]?)+"
)
"""Words for a class of city, joined as they are in a column: 省会直辖市副省级城市."""
_CLASS_AT_END = re.compile(f"{CLASS}$")
# What may stand before the name of a city that the registry does not know.
_WORDS_BEFORE = re.compile(
    f"^.*(?:{CLASS}|指数|得分|分数|省份|排名|名次|属性|名称|类别|[名位分表])"
)
_UNKNOWN_CITY = re.compile("[\u3400-\u9fff]{1,9}市")
MUNICIPALITY = "直辖市"
_LONGEST = 8


@dataclass(frozen=True)
class Named:
    """A city at the end of a text: what stands before it, its class, its name and its province."""

    before: str
    city_class: str
    city: str
    province: str


def class_of(text: str) -> str:
    """The class of city that a text speaks of; empty where it speaks of none or of several."""
    found = [name for name, words in _CLASSES.items() if words.search(text)]
    return found[0] if len(found) == 1 else ""


def province_of(text: str) -> str:
    """A province as it is commonly said (内蒙古), `直辖市` where that is printed, else empty."""
    return provinces().get(text, "")


def is_city(text: str) -> bool:
    """Whether a city is or was called so, with or without its 市."""
    return text in _cities()


def ends_with_province(text: str) -> bool:
    """Whether the last thing in a text is a province."""
    return bool(_ending(text, provinces()))


def named(text: str) -> Named | None:
    """The city that a text without blanks ends with, its province before or behind it.

    A name that the registry does not know is one only with 市 at its end, beside a province or a class.
    """
    behind = _ending(text, provinces())
    rest = text.removesuffix(behind)
    if behind and (city := _ending(rest, _cities())):
        return _with_class(rest.removesuffix(city), city, behind)
    if city := _ending(text, _cities()):
        before = text.removesuffix(city)
        ahead = _ending(before, provinces())
        return _with_class(before.removesuffix(ahead), city, ahead)
    city = _WORDS_BEFORE.sub("", rest)
    if not _UNKNOWN_CITY.fullmatch(city):
        return None
    found = _with_class(rest.removesuffix(city), city, behind)
    return found if behind or found.city_class else None


def _with_class(before: str, city: str, province: str) -> Named:
    words = _CLASS_AT_END.search(before)
    if not words:
        return Named(before, "", city, province)
    return Named(before[: words.start()], class_of(words[0]), city, province)


def _ending(text: str, known: frozenset[str] | dict[str, str]) -> str:
    """The longest known name that a text ends with, or empty."""
    for start in range(max(0, len(text) - _LONGEST), len(text) - 1):
        if text[start:] in known:
            return text[start:]
    return ""


@cache
def provinces() -> dict[str, str]:
    """For each way to print a province the common one."""
    found = {MUNICIPALITY: MUNICIPALITY, "内蒙": "内蒙古", "兵团": "新疆", "新疆兵团": "新疆"}
    for full in feed.read(feed.packaged())["province"].unique():
        common = re.sub("(省|市|(壮族|回族|维吾尔)?自治区)$", "", full)
        found |= dict.fromkeys((full, common, f"{common}省", f"{common}自治区"), common)
    return found


@cache
def _cities() -> frozenset[str]:
    names = feed.read(feed.packaged())["name"].to_list()
    short = (name.removesuffix("市") for name in names)
    return frozenset(names) | {name for name in short if len(name) > 1}

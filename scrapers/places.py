"""Which city or province a name in an office's table means: exactly one, or none; nothing is guessed."""

import re
import unicodedata
from collections import defaultdict

import polars as pl

# Prefectures that are no cities, by code: what they are commonly called, the rest of their name, and
# other names in use. Many share their common name with a city inside them (恩施, 喀什).
_PREFECTURES: dict[str, tuple[str, ...]] = {
    "152200": ("兴安", "盟"),
    "152500": ("锡林郭勒", "盟", "锡盟"),
    "152900": ("阿拉善", "盟"),
    "222400": ("延边", "朝鲜族自治州"),
    "232700": ("大兴安岭", "地区"),
    "422800": ("恩施", "土家族苗族自治州"),
    "433100": ("湘西", "土家族苗族自治州"),
    "513200": ("阿坝", "藏族羌族自治州"),
    "513300": ("甘孜", "藏族自治州"),
    "513400": ("凉山", "彝族自治州"),
    "522300": ("黔西南", "布依族苗族自治州"),
    "522600": ("黔东南", "苗族侗族自治州"),
    "522700": ("黔南", "布依族苗族自治州"),
    "532300": ("楚雄", "彝族自治州"),
    "532500": ("红河", "哈尼族彝族自治州"),
    "532600": ("文山", "壮族苗族自治州"),
    "532800": ("西双版纳", "傣族自治州"),
    "532900": ("大理", "白族自治州"),
    "533100": ("德宏", "傣族景颇族自治州"),
    "533300": ("怒江", "傈僳族自治州"),
    "533400": ("迪庆", "藏族自治州"),
    "542500": ("阿里", "地区"),
    "622900": ("临夏", "回族自治州"),
    "623000": ("甘南", "藏族自治州"),
    "632200": ("海北", "藏族自治州"),
    "632300": ("黄南", "藏族自治州"),
    "632500": ("海南", "藏族自治州"),
    "632600": ("果洛", "藏族自治州"),
    "632700": ("玉树", "藏族自治州"),
    "632800": ("海西", "蒙古族藏族自治州"),
    "652300": ("昌吉", "回族自治州"),
    "652700": ("博尔塔拉", "蒙古自治州", "博州"),
    "652800": ("巴音郭楞", "蒙古自治州", "巴州"),
    "652900": ("阿克苏", "地区"),
    "653000": ("克孜勒苏", "柯尔克孜自治州", "克州"),
    "653100": ("喀什", "地区"),
    "653200": ("和田", "地区"),
    "654000": ("伊犁", "哈萨克自治州"),
    "654200": ("塔城", "地区"),
    "654300": ("阿勒泰", "地区"),
}
_NATURE = re.compile("(省|市|(壮族|回族|维吾尔)?自治区)$")
_LIKE_A_PLACE = re.compile("[\u4e00-\u9fff]{1,5}(?:[^超门]市|县|自治州|地区)")


class Places:
    """The cities of one month and their provinces, by all the names that tables give them.

    Args:
        cities: city_code, name, province and province_code of the cities of the month.
    """

    def __init__(self, cities: pl.DataFrame) -> None:
        names = dict(cities.select("city_code", "name").iter_rows())
        self._full_names = tuple(names.values())
        self._in_province: dict[str, list[str]] = defaultdict(list)
        provinces: dict[str, list[str]] = {}
        for code, province_code, province in cities.select(
            "city_code", "province_code", "province"
        ).iter_rows():
            self._in_province[province_code].append(code)
            provinces[province_code] = _province(province)
        self._provinces = {name: code for code, forms in provinces.items() for name in forms}
        self._places: dict[str, set[str]] = defaultdict(set)
        for code, called in _PREFECTURES.items():
            self._add(code, provinces.get(f"{code[:2]}0000", []), [], _prefecture(*called))
        for code, name in names.items():
            above = f"{code[:4]}00"
            within = (
                []
                if code == above
                else _city(names[above])
                if above in names
                else (_prefecture(*_PREFECTURES[above]) if above in _PREFECTURES else [])
            )
            self._add(code, provinces[f"{code[:2]}0000"], within, _city(name))
        self._codes = frozenset(names)

    def cities(self, name: str, province_code: str = "") -> list[str]:
        """Codes of what a name fits: cities of the month, and prefectures, which are none.

        Args:
            name: full or common (杭州), with or without its province and prefecture before it (恩施州
                利川市), blanks anywhere.
            province_code: the province that it lies in, if that is known.
        """
        found = sorted(self._places.get(plain(name), ()))
        return [code for code in found if code[:2] == province_code[:2] or not province_code]

    def province(self, name: str) -> str:
        """The code of the province that has this name, full or common; empty where none has."""
        return self._provinces.get(plain(name), "")

    def cities_in(self, province_code: str) -> list[str]:
        """Codes of the cities of a province."""
        return self._in_province.get(province_code, [])

    def is_city(self, code: str) -> bool:
        """Whether it is the code of a city of the month."""
        return code in self._codes

    def may_be_repeated(self, text: str) -> bool:
        """Whether a text looks like the name of a place, so that it is about nobody."""
        name = plain(text)
        if name in self._places or name in self._provinces:
            return True
        return bool(_LIKE_A_PLACE.fullmatch(name)) and not name.endswith(self._full_names)

    def _add(self, code: str, above: list[str], within: list[str], names: list[str]) -> None:
        """A place by its names, alone or with its province and the prefecture that it lies within."""
        for province in ("", *above):
            for prefecture in ("", *within):
                for name in names:
                    self._places[f"{province}{prefecture}{name}"].add(code)


def plain(text: str) -> str:
    """A text without blanks, full-width letters and digits as ordinary ones."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _province(name: str) -> list[str]:
    common = _NATURE.sub("", name)
    return [name, common, f"{common}自治区"] if name.endswith("区") else [name, common]


def _city(name: str) -> list[str]:
    return [name, name.removesuffix("市")]


def _prefecture(common: str, rest: str, *others: str) -> list[str]:
    short = [f"{common}州"] if rest.endswith("州") else []
    return [f"{common}{rest}", *short, common, *others]

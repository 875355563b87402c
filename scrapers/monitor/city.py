"""Which city a page is about: the one where it happened, not the site's or the head office's.

Each name of a place in the article is a piece of evidence for the city that it belongs to. How much it
says depends on where it stands and on what it is there (`_STAND`, `_ROLE`); the site adds what 我市 and
bare pages leave out. The city with the most evidence is the page's.
"""

import re
import tomllib
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from scrapers.monitor.gazetteer import MUNICIPALITIES, WORDS, Gazetteer, Named, Place
from scrapers.monitor.shapes import Article, Site

_STAND: Final[Mapping[str, float]] = {
    "title": 3.0, "dateline": 3.0, "lead": 1.8, "text": 1.0, "signature": 2.0,
    "case": 1.2, "document": 0.8, "code": 0.3, "source": 1.2, "crumbs": 0.4,
}  # fmt: skip
"""How much a name, or a number that stands for one, says by where it stands, in the order of `why`."""
_ROLE: Final[Mapping[str, float]] = {
    "place": 1.0, "body": 1.3, "firm": 0.5, "seat": 0.3, "other": 0.2, "people": 0.5, "listed": 0.5,
    "outlet": 0.3,
}  # fmt: skip
"""How much a name says by what it is: a place, part of the name of a public body or of a firm, a firm's
seat, a place only compared with, where people come from, one of a list, part of a newspaper's name."""
_FORM: Final[Mapping[str, float]] = {"full": 1.0, "by-name": 0.7, "short": 0.9, "word": 0.8}
"""How much a name says by its form."""
_UNSUPPORTED: Final = 0.3
"""What is left of a district's or county's short name where nothing else speaks for its prefecture."""
_OWN: Final = 1.2
"""What a city's own site says for the city, whatever the page."""
_NAMED: Final = 0.8
"""The same of a site that has a city in its name, such as a newspaper."""
_HERE: Final = 0.8
"""What 我市 and its like say for the site's city, by where they stand."""
_MORE: Final = 0.5
"""How fast further pieces of evidence for a city lose weight."""
_FADE: Final = 0.98
"""Each name says a little less than the one before it: the first of several cities is meant."""
_WITHIN: Final = 0.5
"""A county-level city is meant, not the one around it, from this share of the latter's evidence on."""
_ALONE: Final = 0.6
"""And only where no other county-level city there has this share of its evidence."""
_ENOUGH: Final = 0.3
"""Less evidence than this tells no city."""
_DOUBT: Final = 0.5
"""Evidence that is always missing: it keeps confidence from 1, the more so the less there is."""
_KIN: Final = 0.5
"""How much of a rival a city of the same prefecture is: the names of both are often beside each other."""
_LEAD: Final = 100
"""Length of the beginning of an article, in characters."""

_CUES: Final[Mapping[str, str]] = {
    cue: "|".join(words.split())
    for cue, words in tomllib.loads(WORDS.read_text(encoding="utf-8"))["cues"].items()
}
_HAN = "\u4e00-\u9fff"
_STREET = re.compile(_CUES["street_after"])
_OPENS = re.compile("[：:]|一[家企公工商超药酒旅楼店]")
"""What makes an ordinary word at the beginning of a title a place: 白银|一企业售假."""
_SCHOOL = re.compile(f"[{_HAN}]{{0,6}}?(?:大学|学院)")
_OUTLET = re.compile(_CUES["outlet_after"])
_HEAD = re.compile(
    f"[{_HAN}A-Za-z0-9（）()·]{{0,24}}?(?:(?P<place>{_CUES['branch']})|(?P<firm>{_CUES['firm']})"
    f"|(?P<body>{_CUES['body']})|{_CUES['stop']})"
)
"""The nearest head of the name that a place's name begins: 杭州|乾泽科技有限公司, 杭州市|公安局."""
_SEAT_BEFORE = re.compile(f"(?:{_CUES['seat_before']})[:：为在位于是]*$")
_OTHER_BEFORE = re.compile(
    f"(?:{_CUES['other_before']})[了过到往]*$|(?:(?<!记者)从|往|像|跟|比|居)$"
)
_ACTS = re.compile(_CUES["acts"])
_REMEDY = re.compile(f"[{_HAN}（）]{{0,16}}?(?:{_CUES['remedy']})")
"""Where one may appeal: 茂名市|人民政府申请行政复议."""
_OTHER_AFTER = re.compile(_CUES["other_after"])
_PEOPLE_AFTER = re.compile(_CUES["people_after"])
_OF_REGION: Final = tuple("域间块别分划")
"""What makes 区 the beginning of another word: 河北区|域."""
_DATELINE = re.compile(
    rf"\s*[（(【\[]?(?:本报|本网|本刊|本台|记者|[{_HAN}]{{2,8}}(?:社|网|报|刊|台|通讯员))"
    rf"[{_HAN}\d\s（()）]{{0,24}}?(?:讯|电|报道|消息)"
)
_HERE_WORDS = re.compile(
    "我市|本市|全市|我[区县]|全[区县]|本[区县]|市委|市人?民?政府|市直|市级|各区、?县|各县[（(]?市|"
    f"(?:(?<=[^{_HAN}])|(?<=[由经据从受]))[市区县](?![场民面值价政])[{_HAN}]{{1,10}}?(?:局|委|办|院|厅|中心|队)"
)
_PROVINCES: Final[Mapping[str, str]] = {
    "京": "11", "津": "12", "冀": "13", "晋": "14", "内": "15", "辽": "21", "吉": "22", "黑": "23",
    "沪": "31", "苏": "32", "浙": "33", "皖": "34", "闽": "35", "赣": "36", "鲁": "37", "豫": "41",
    "鄂": "42", "湘": "43", "粤": "44", "桂": "45", "琼": "46", "渝": "50", "川": "51", "黔": "52",
    "云": "53", "藏": "54", "陕": "61", "甘": "62", "青": "63", "宁": "64", "新": "65",
}  # fmt: skip
"""Provinces in the numbers of court cases. The digits behind them are those of GB/T 2260 (rules of the
Supreme People's Court on case numbers, 2015, article 5), but for municipalities' intermediate courts."""
_CASE = re.compile(
    rf"[（(〔\[](?:19|20)\d\d[)）〕\]]\s?([{''.join(_PROVINCES)}])(\d{{4}}|\d\d)(?!\d)"
)
_CREDIT_CODE = re.compile(r"(?<![0-9A-Z])[1-9A-Y][1-9](\d{6})[0-9A-Z]{10}(?![0-9A-Z])")
_DOCUMENT = re.compile(
    rf"(?<![{_HAN}])([{_HAN}])[{_HAN}]{{1,8}}[〔\[（(]20\d\d[〕\]）)]\s?第?\d+\s?号"
)

Belief = tuple[Place, float]
"""A place that a name may mean, with the share of belief in it."""
Reason = tuple[str, str]
"""Where something stands, and its words."""


@dataclass(frozen=True, slots=True)
class Found:
    """The city that a page is about.

    Attributes:
        city_code: of a city of the page's month; None where no city can be told.
        confidence: 0 to 1.
        why: what spoke for it, where it stands and its words: `title 义乌; lead 义乌市 ×2; source 义乌`.
            Names of places, words for public bodies, numbers and the site's name only, never people.
    """

    city_code: str | None
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class _Evidence:
    """A piece of evidence: where it stands, its words, how much it says, and for which places."""

    where: str
    words: str
    weight: float
    beliefs: list[Belief]


def locate(article: Article, site: Site, places: Gazetteer) -> Found:
    """Tell the city that a page is about.

    Args:
        article: what the page says.
        site: where it was found.
        places: built once for all pages.

    Returns:
        The city, with what spoke for it. On a city's own site a page that names no place is that city's.
    """
    month = f"{article.published:%Y-%m}" if article.published else None
    text = _Text(article)
    home = site.city_code or _named_by(site, places, month)
    tally = _Tally()
    names = list(places.find(text.text))
    for index, piece in enumerate(_evidence(text, names, places, month, home)):
        for place, belief in piece.beliefs:
            if not place.is_province:
                city = places.belongs_to(place.code, month)
                tally.add(city, piece.where, piece.words, piece.weight * belief * _FADE**index)
    if home:
        ends = {name.end for name in names}
        for match in _HERE_WORDS.finditer(text.text):
            if match.start() + 1 in ends:
                continue  # 市政府 of 茂名市政府
            where = text.where(match.start())
            tally.add_here(home, where, match[0], _HERE * _STAND[where])
        tally.add_site(home, site.name, _OWN if site.city_code else _NAMED)
    return _decide(tally, places, month)


class _Text:
    """An article as one text, and where in the article each character stands."""

    def __init__(self, article: Article) -> None:
        parts = [("title", article.title), *_body(article.paragraphs)]
        parts += [("source", article.source), ("crumbs", "\n".join(article.crumbs))]
        self._starts: list[int] = []
        self._where = [where for where, _ in parts]
        length = 0
        for _, part in parts:
            self._starts.append(length)
            length += len(part) + 1
        self.text = "\n".join(part for _, part in parts)

    def where(self, position: int) -> str:
        """The part of the article that a position stands in."""
        return self._where[bisect_right(self._starts, position) - 1]


def _body(paragraphs: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The paragraphs, each with what part of the article it is."""
    length = 0
    for index, paragraph in enumerate(paragraphs):
        if index < 2 and (dateline := _DATELINE.match(paragraph)):
            yield "dateline", dateline[0]
            paragraph = paragraph[dateline.end() :]
        if length < _LEAD:
            yield "lead", paragraph
        elif index >= len(paragraphs) - 2 and len(paragraph) <= 40:
            yield "signature", paragraph
        else:
            yield "text", paragraph
        length += len(paragraph)


def _named_by(site: Site, places: Gazetteer, month: str | None) -> str | None:
    """The city that a site of no city has in its name, such as a newspaper's."""
    for named in places.find(site.name):
        place = named.places[0]
        if named.form in ("full", "short") and not place.is_province:
            city = places.belongs_to(place.code, month)
            return city if places.is_city(city, month) else None
    return None


def _evidence(
    text: _Text, names: list[Named], places: Gazetteer, month: str | None, home: str | None
) -> Iterator[_Evidence]:
    """All that the names of places and the numbers in an article say, in its order."""
    context = _Context(names, home, month)
    chain: list[Named] = []
    beliefs: list[Belief] = []
    pending: _Evidence | None = None
    firm_end = -1
    for name in names:
        after = text.text[name.end : name.end + 28]
        if _is_other_word(name, after):
            continue
        outer = beliefs if chain and name.start - chain[-1].end <= 1 else []
        beliefs = context.beliefs(name, places, month)
        inside = [
            (place, belief) for place, belief in beliefs if any(o.holds(place) for o, _ in outer)
        ]
        if inside:  # 浙江省|金华市|义乌市 is one name, its last part says where
            beliefs = inside
            chain.append(name)
        else:
            chain = [name]
            if pending:
                yield pending
        pending = None
        if name.start < firm_end and len(chain) == 1:
            continue  # a word in the name of a firm: 杭州|永康…有限公司
        where = text.where(name.start)
        role, length = _role(name, text.text[max(0, chain[0].start - 12) : chain[0].start], after)
        if role == "firm":
            firm_end = name.end + length
        if role == "seat" and home and any(_related(home, place.code) for place, _ in beliefs):
            role = "place"  # a firm of the site's own city is told of for what it did there
        supported = len(chain) > 1 or context.supports(beliefs)
        opens = name.start == 0 and _OPENS.match(after)
        if name.form == "word" and not (
            supported or opens or where == "dateline" or role == "body"
        ):
            continue
        weight = _STAND[where] * _ROLE[role] * _FORM[name.form]
        likeliest = max(beliefs, key=lambda each: each[1])[0]
        if name.form != "full" and not _has_short_name(likeliest) and not supported:
            weight *= _UNSUPPORTED
        pending = _Evidence(where, name.name, weight, beliefs)
    if pending:
        yield pending
    yield from _numbers(text, places)


def _is_other_word(name: Named, after: str) -> bool:
    """Whether the text goes on so that the name is no place: 南京|东路, 河北区|域."""
    if name.name.endswith("区") and after.startswith(_OF_REGION):
        return True
    return name.form != "full" and bool(_STREET.match(after))


def _role(name: Named, before: str, after: str) -> tuple[str, int]:
    """What a name is where it stands, and how far a firm's name that it begins goes on behind it."""
    if before.endswith("信用") or _OUTLET.match(after):
        return "outlet", 0
    if _SEAT_BEFORE.search(before):
        return "seat", 0
    if _OTHER_BEFORE.search(before) or _REMEDY.match(after):
        return "other", 0
    if head := _HEAD.match(after):
        if head["firm"]:
            return "firm", head.end()
        if head["body"]:
            return "body", 0
        if head["place"]:
            return "place", 0
    if _ACTS.match(after):
        return "body", 0
    of_citizens = name.name.endswith("市") and after.startswith("民")
    if of_citizens or _PEOPLE_AFTER.match(after) or _SCHOOL.match(after):
        return "people", 0
    if after.startswith("、") or before.endswith("、"):
        return "listed", 0
    return ("other" if _OTHER_AFTER.match(after) else "place"), 0


def _has_short_name(place: Place) -> bool:
    """Whether a place is commonly called without what it is: a city, a prefecture or a province."""
    return place.code.endswith("00") or place.name.endswith("市")


def _prefecture(code: str) -> str:
    """The first digits of the code of the prefecture that a place lies in; a municipality is one."""
    return code[:2] if code[:2] in MUNICIPALITIES else code[:4]


class _Context:
    """What an article and its site leave no doubt about: prefectures and provinces that they speak of."""

    def __init__(self, names: list[Named], home: str | None, month: str | None) -> None:
        self._prefectures: Counter[str] = Counter()
        self._provinces: Counter[str] = Counter()
        for name in names:
            valid = [place for place in name.places if place.valid(month)] or list(name.places)
            if len(valid) == 1 and (name.form == "full" or _has_short_name(valid[0])):
                self._count(valid[0].code, 1, valid[0].is_province)
        if home:
            self._count(home, 2, False)

    def _count(self, code: str, times: int, is_province: bool) -> None:
        self._provinces[code[:2]] += times
        if not is_province:
            self._prefectures[_prefecture(code)] += times

    def beliefs(self, name: Named, places: Gazetteer, month: str | None) -> list[Belief]:
        """The places that a name may mean, with shares of belief that add up to 1.

        Well-known places are likelier, and those that the rest of the article speaks of much likelier; a
        short name (朝阳, 大理) means a city rather than a district or the prefecture around it.
        """
        weights = []
        for place in name.places:
            weight = places.rank(place.code) * (
                1.0
                + 8.0 * self._prefectures[_prefecture(place.code)]
                + 2.0 * self._provinces[place.code[:2]]
            )
            if name.form != "full" and not (place.is_province or place.name.endswith("市")):
                weight *= 0.1
            if not place.valid(month):
                weight *= 0.1
            weights.append(weight)
        total = sum(weights)
        return [(place, weight / total) for place, weight in zip(name.places, weights, strict=True)]

    def supports(self, beliefs: list[Belief]) -> bool:
        """Whether one of these places lies in a prefecture that the article or its site speaks of."""
        return any(self._prefectures[_prefecture(place.code)] for place, _ in beliefs)


def _numbers(text: _Text, places: Gazetteer) -> Iterator[_Evidence]:
    """What numbers of court cases and documents and social credit codes say."""
    for match in _CASE.finditer(text.text):
        province, digits = _PROVINCES[match[1]], match[2]
        court = f"{province}0000" if province in MUNICIPALITIES else f"{province}{digits:0<4}"
        yield from _number("case", match[0], [court], places)
    for match in _DOCUMENT.finditer(text.text):
        yield from _number("document", match[0], places.document_letters.get(match[1], []), places)
    for match in _CREDIT_CODE.finditer(text.text):
        district, prefecture = match[1], f"{match[1][:4]}00"
        code = district if places.at(district) else prefecture
        yield from _number("code", match[0], [code], places)


def _number(where: str, words: str, codes: list[str], places: Gazetteer) -> Iterator[_Evidence]:
    """What a number says that stands for one of the places with these codes."""
    known = [place for code in codes if (place := places.at(code))]
    if known:
        yield _Evidence(where, words, _STAND[where], [(place, 1 / len(known)) for place in known])


class _Tally:
    """Evidence by the city that it speaks for."""

    def __init__(self) -> None:
        self._pieces: dict[str, list[float]] = defaultdict(list)
        self._here: dict[str, list[float]] = defaultdict(list)
        self._site: dict[str, float] = defaultdict(float)
        self._reasons: dict[str, Counter[Reason]] = defaultdict(Counter)

    def add(self, city: str, where: str, words: str, weight: float) -> None:
        """Add a piece for a city."""
        self._pieces[city].append(weight)
        self._reasons[city][where, words] += 1

    def add_here(self, city: str, where: str, words: str, weight: float) -> None:
        """Add words that mean the site's own city."""
        self._here[city].append(weight)
        self._reasons[city][where, words] += 1

    def add_site(self, city: str, name: str, weight: float) -> None:
        """Add the site itself."""
        self._site[city] = weight
        self._reasons[city]["site", name] += 1

    def scores(self) -> dict[str, float]:
        """How much speaks for each city; of many pieces each counts less than the one before."""
        scores = self.named()
        for city, weight in self._site.items():
            scores[city] = scores.get(city, 0.0) + _sum(self._here[city], 1.0) + weight
        return scores

    def named(self) -> dict[str, float]:
        """How much of that is names and numbers in the article."""
        return {city: _sum(weights, _MORE) for city, weights in self._pieces.items()}

    def why(self, city: str) -> str:
        """What spoke for a city, the weightiest places first."""
        order = [*_STAND, "site"]
        told = sorted(
            self._reasons[city].items(), key=lambda each: (order.index(each[0][0]), -each[1])
        )
        return "; ".join(
            f"{where} {words}" + (f" ×{times}" if times > 1 else "")
            for (where, words), times in told[:6]
        )


def _sum(weights: list[float], loss: float) -> float:
    """The sum of weights, the greatest first, the n-th further one divided by 1 + n × loss."""
    ordered = sorted(weights, reverse=True)
    return sum(weight / (1 + index * loss) for index, weight in enumerate(ordered))


def _decide(tally: _Tally, places: Gazetteer, month: str | None) -> Found:
    """The city with the most evidence, or the county-level city in it that is meant."""
    scores = tally.scores()
    if not scores:
        return Found(None, 0.0, "")
    best = max(scores, key=lambda city: scores[city])
    if places.is_city(best, month):
        best = _inner(best, tally.named(), _WITHIN * scores[best]) or best
    else:
        best = _inner(best, scores, 0.0) or best
    rival = max((scores[city] for city in scores if not _related(city, best)), default=0.0)
    kin = max(
        (scores[city] for city in scores if city != best and _related(city, best)), default=0.0
    )
    confidence = scores[best] / (scores[best] + max(rival, kin * _KIN) + _DOUBT)
    if scores[best] < _ENOUGH or scores[best] <= rival or not places.is_city(best, month):
        return Found(None, round(1 - confidence, 3), tally.why(best))
    return Found(best, round(confidence, 3), tally.why(best))


def _related(one: str, other: str) -> bool:
    """Whether two places lie in one prefecture, by their codes."""
    return _prefecture(one) == _prefecture(other)


def _inner(around: str, scores: Mapping[str, float], least: float) -> str | None:
    """The county-level city in a prefecture that stands out and has at least so much evidence, if any."""
    inner = sorted(
        (city for city in scores if city != around and f"{city[:4]}00" == around),
        key=lambda city: -scores[city],
    )
    if not inner or (len(inner) > 1 and scores[inner[1]] >= _ALONE * scores[inner[0]]):
        return None
    return inner[0] if scores[inner[0]] >= least else None

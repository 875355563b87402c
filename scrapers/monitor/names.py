"""Names of people in Chinese text: found by what they are made of, and by the words beside them.

A run of Chinese characters is parted into words so that the rarity of what it is parted into is least;
a name is one more kind of word, made of a surname and one or two characters of a given name. Words beside
it that speak of people (roles, what people do) make it likelier, the name of an enterprise or a place
around it keeps it from being one. Errors go to the side of leaving out a word that is no name.
"""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from ahocorasick_rs import AhoCorasick, MatchKind

from scrapers.monitor import aliases
from scrapers.monitor.gazetteer import Gazetteer

Span = tuple[int, int]

_HAN: Final = "\u4e00-\u9fff"
_RUN = re.compile(rf"[{_HAN}]{{2,}}")
_UNKNOWN = 15  # cost of a character that is no word of the table
_UNUSUAL = 12  # cost of a character that is hardly ever in a given name
_COMPOUND = 9  # cost of a surname of two characters
_HALF_KNOWN = 6  # of the character behind 某 where that stands for the first of a given name
_WORTH = 32  # a name whose characters cost more is not looked at

# What is put on the cost of a name of one given character and of two, and for the company it is in.
_SHORT, _LONG = 9, 1
_TOLD = -9  # by a role before it or a statement about a person behind it
_FOLLOWED, _PERHAPS_FOLLOWED = -4, -1
_ALONE = -6
_LISTED = -3
_PLACE = 4
_WORD = 6  # it begins with an everyday word: 乘客安全
_EVERYDAY = 11
_ODD = 24  # cost of the characters of a name that looks like few
_PLAIN = 17  # cost of the characters of a name that looks like most


@dataclass(frozen=True)
class _Lexicon:
    words: Mapping[str, int]
    surnames: Mapping[str, int]
    beginnings: frozenset[str]
    given: Mapping[str, int]
    roles: frozenset[str]
    before: AhoCorasick
    behind: AhoCorasick
    particles: frozenset[str]
    titles: frozenset[str]
    not_names: frozenset[str]
    labels: frozenset[str]
    sounds: frozenset[str]
    more_sounds: frozenset[str]


@cache
def _lexicon() -> _Lexicon:
    folder = files(__package__)
    data = tomllib.loads((folder / "people.toml").read_text("utf-8"))
    words: dict[str, int] = {}
    for line in (folder / "people_words.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            cost, _, listed = line.partition("\t")
            words.update(dict.fromkeys(listed.split(), int(cost)))
    words.update(dict.fromkeys(data["words"].split(), 9))
    words.update(dict.fromkeys((data["public"] + " " + data["brands"]).split(), 0))
    surnames = {c: int(cost) for cost, all_of in data["surnames"].items() for c in all_of}
    surnames.update(dict.fromkeys(data["compound"].split(), _COMPOUND))
    roles = frozenset(data["roles"].split())
    return _Lexicon(
        words=words,
        surnames=surnames,
        beginnings=frozenset(name[0] for name in surnames),
        given={c: int(cost) for cost, all_of in data["given"].items() for c in all_of} | {"某": 3},
        roles=roles,
        before=AhoCorasick(roles),
        behind=AhoCorasick(data["followers"].split()),
        particles=frozenset(data["particles"].split()),
        titles=frozenset(data["titles"].split()),
        not_names=frozenset(" ".join((data["not_names"], data["public"], data["brands"])).split()),
        labels=frozenset(data["labels"].split()),
        sounds=frozenset(data["sounds"]),
        more_sounds=frozenset(data["sounds"] + data["more_sounds"]),
    )


@cache
def places() -> Gazetteer:
    """The gazetteer that names of places are told by."""
    return Gazetteer()


def find(text: str) -> list[Span]:
    """Where names of people stand in a text, in its order, not overlapping.

    A name that is told as one anywhere in the text is found wherever it stands in it. Cells of a table's
    row are parted by tabs, rows and paragraphs by line ends.
    """
    around = _Surroundings(text)
    likely = {name for run in _RUN.finditer(text) for name in _in_run(text, *run.span(), around)}
    told = likely - _brands(text, likely, around)
    told.update(_labelled(text), _columns(text), _spaced(text, around), _stated(text))
    told.update(_writers(text), _parties(text, around))
    told.update(_by_sound(text, around), _sounding_behind_roles(text, around))
    told.update(aliases.latin(text, around.roles))
    told.update(_coupled(text, told, around))
    told.update(_listed(text, told))
    told.update(_alike(text, told))
    return merged([*_everywhere(text, told), *aliases.nicknames(text)])


def _everywhere(text: str, told: Iterable[Span]) -> list[Span]:
    """The spans, and wherever else the same names stand; overlapping ones made one."""
    words = _lexicon().words
    spans = list(told)
    names = {text[start:end] for start, end in spans}
    sure = [name for name in names if len(name) > 2 or name not in words]
    if sure:
        everywhere = AhoCorasick(sure, matchkind=MatchKind.LeftmostLongest)
        spans += [(start, end) for _, start, end in everywhere.find_matches_as_indexes(text)]
    return merged(spans)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, overlapping ones made one."""
    apart: list[Span] = []
    for start, end in sorted(spans):
        if apart and start < apart[-1][1]:
            apart[-1] = apart[-1][0], max(end, apart[-1][1])
        else:
            apart.append((start, end))
    return apart


# Where the names of enterprises and bodies end, and the words over which they do not reach back.
_FIRM_END = re.compile(
    r"(?P<shop>[厂店铺馆坊社园校院部所站牌庄楼])(?=[^\u4e00-\u9fff]|[的在与和及被因将由向为有是于经等未涉以已从对生销购使处]|\Z)"
    r"|(?:有限(?:责任)?)?公司|集团|[商车粮木]行|[经营服门][营业务市诊]部|合作社|联合社|事务所|工作室|药房|超市|酒[店楼]|饭店|宾馆|[商协学]会|基金会|银行|学[校院]|大学|[中小]学|幼儿园|平台|中心|[农林]场|市场|工厂|俱乐部|网站|商城|家园|大厦|广场|项目|车队"
)
_BEFORE_FIRM = re.compile(
    r"[^\u4e00-\u9fff（）()·]|[的了在与及向从被把将是说称诉到由因已等以并又还也都让给对其该本]|表示|介绍|告诉|负责人|代表人|董事长|经理|记者|控制|经营|伙同"
)
_LEAST = 2  # characters before the end
_REACH_OF_FIRM, _REACH_OF_SHOP = 20, 8  # and at most
_OPENING, _CLOSING = ("“", "‘"), ("”", "’")
_QUOTED = re.compile(r"[“《‘「『][^“”《》‘’「」『』\s，。；：！？]{1,16}[”》’」』]")
_DOCUMENT_NUMBER = re.compile(rf"[{_HAN}]{{2,12}}[〔\[【（(](?:19|20)\d\d[〕\]】）)]")


_TITLE, _FIRM = 1, 2  # what a character belongs to


class _Surroundings:
    """What stands where in a text: words that speak of people, and names of what is no person.

    Attributes:
        roles: where words end that stand right before names.
        followers: where words begin that stand right behind names.
    """

    def __init__(self, text: str) -> None:
        lexicon = _lexicon()
        before = lexicon.before.find_matches_as_indexes(text, overlapping=True)
        behind = lexicon.behind.find_matches_as_indexes(text, overlapping=True)
        self.roles = {end for _, _, end in before}
        self.followers = frozenset(start for _, start, _ in behind)
        named = [(place.start, place.end) for place in places().find(text) if place.form != "word"]
        marks = bytearray(len(text))
        for pattern in (_QUOTED, _DOCUMENT_NUMBER):
            for match in pattern.finditer(text):
                marks[match.start() : match.end()] = bytes([_TITLE]) * (match.end() - match.start())
        for start, end in _organisations(text, [start for start, _ in named]):
            marks[start:end] = bytes([_FIRM]) * (end - start)
        self._marks = marks
        self._place_of: dict[int, Span] = {}
        for start, end in named:
            self._place_of.update(dict.fromkeys(range(start, end), (start, end)))

    def is_named(self, start: int) -> bool:
        """Whether the name of an enterprise, a title or a number of a document holds the place."""
        return bool(self._marks[start])

    def is_firm(self, start: int) -> bool:
        """Whether the name of an enterprise or body holds the place."""
        return self._marks[start] == _FIRM

    def is_place(self, start: int, end: int) -> bool:
        """Whether it is the name of a place, or runs into one; a given name may be one."""
        first, last = self._place_of.get(start), self._place_of.get(end - 1)
        return first is not None or (last is not None and last[1] > end)


def _organisations(text: str, place_starts: Sequence[int]) -> Iterator[Span]:
    """Names of enterprises and bodies: from a place that is named in them, else as far as they reach."""
    for match in _FIRM_END.finditer(text):
        reach = _REACH_OF_SHOP if match["shop"] else _REACH_OF_FIRM
        earliest = max(match.start() - reach, 0)
        start = earliest
        for word in _BEFORE_FIRM.finditer(text, earliest, match.start()):
            start = word.end()
        at = bisect_left(place_starts, start)
        if match.start() - start < _LEAST:
            continue
        if at < len(place_starts) and place_starts[at] < match.start():
            start = place_starts[at]
        yield start, match.end()


def _in_run(text: str, start: int, end: int, around: _Surroundings) -> Iterator[Span]:
    """Names in a run of Chinese characters: those of its cheapest parting into words."""
    lexicon = _lexicon()
    words, beginnings = lexicon.words, lexicon.beginnings
    run = text[start:end]
    names = {
        i: found
        for i, c in enumerate(run)
        if c in beginnings and (found := list(_names_at(text, start + i, end, around)))
    }
    if not names:
        return
    size = len(run)
    best = [0] + [1 << 30] * size
    back = [0] * (size + 1)
    named = [False] * (size + 1)
    for i in range(size):
        cost = best[i]
        for j in range(i + 1, min(i + 4, size) + 1):
            word_cost = words.get(run[i:j], _UNKNOWN if j == i + 1 else None)
            if word_cost is not None and cost + word_cost < best[j]:
                best[j], back[j], named[j] = cost + word_cost, i, False
        for stop, name_cost in names.get(i, ()):
            j = stop - start
            if cost + name_cost < best[j]:
                best[j], back[j], named[j] = cost + name_cost, i, True
    at = size
    while at:
        if named[at]:
            yield start + back[at], start + at
        at = back[at]


def _brands(text: str, told: set[Span], around: _Surroundings) -> set[Span]:
    """Names that no role tells, and that stand in a firm's name too: it is the firm that is meant."""
    sure = {
        text[start:end]
        for start, end in told
        if start in around.roles or _SAID_OF_PEOPLE.match(text, end)
    }
    weak = sorted({text[start:end] for start, end in told} - sure)
    if not weak:
        return set()
    found = AhoCorasick(weak).find_matches_as_indexes(text, overlapping=True)
    brands = {weak[i] for i, start, _ in found if around.is_firm(start)}
    return {(start, end) for start, end in told if text[start:end] in brands}


_FIRST_OF_TWO = re.compile(rf"([{_HAN}]{{3,12}})、")


def _coupled(text: str, told: set[Span], around: _Surroundings) -> Iterator[Span]:
    """Names behind a name and an "and", and behind a role and before such a name."""
    known = {start for start, _ in told}
    starts = {end + 1 for _, end in told if text[end : end + 1] in _AND}
    starts |= {end for _, end in told if text[end - 1] in _AND}  # taken for part of the name
    starts -= known
    for match in _FIRST_OF_TWO.finditer(text):
        end = match.end() - 1
        start = max((at for at in range(match.start(), end) if at in around.roles), default=end)
        if (
            start < end
            and match.end() in known
            and text[start] not in _NO_NAME_BEGINS
            and _may_be_name(text[start:end])
        ):
            yield start, end
    around.roles |= starts
    for start in sorted(starts):
        if run := _RUN.match(text, start, start + _BEHIND_AND):
            yield from _in_run(text, start, run.end(), around)


def _names_at(text: str, start: int, end: int, around: _Surroundings) -> Iterator[tuple[int, int]]:
    """Where names that start at a place may end, and what they cost."""
    lexicon = _lexicon()
    given = lexicon.given
    for size in (1, 2):
        surname_cost = lexicon.surnames.get(text[start : start + size])
        if surname_cost is None:
            continue
        first = start + size
        if text[first : first + 2] in lexicon.titles or (
            text[first : first + 1] == "某"
            and given.get(text[first + 1 : first + 2], _UNUSUAL) > _HALF_KNOWN
        ):
            continue
        made = surname_cost
        for stop in (first + 1, first + 2):
            if stop > end:
                break
            made += given.get(text[stop - 1], _UNUSUAL)
            if made > _WORTH:
                break
            if text[start:stop] in lexicon.not_names or text[stop - 1] == "某":
                continue
            company = _company(text, start, stop, around, made)
            if company is not None:
                yield stop, made + (_SHORT if stop - start == 2 else _LONG) + company


_NO_GIVEN = frozenset(
    "案诉镇乡县区市村街路局厅委院校店厂榜标办率费款河湖岛沟宫寺桥岭埔屿的了是在被也与及不没就都很把等说称吗呢这那我你他她它们"
)
_PLACES = frozenset("镇乡村县市区路街州省湾桥港山湖河岛庄屯巷里")
_NO_NAME_BEGINS = frozenset("和与从经向将被在应")  # behind a role: 学生和家长
_BEFORE_AT = tuple("位关由对至终属处基鉴等低高大小优善用")  # 位于丽春西路
_CALLED = ("老", "小")  # before a surname: 老万 is nobody in particular
_SAID_OF_PEOPLE = re.compile(
    r"\s?[（(，,]\s?(?:男|女|公民身份|居民身份|身份证|(?:19|20)\d\d年\d{1,2}月\d{1,2}日(?:出)?生|现年|时年|\d{2}岁)"
)


def _company(text: str, start: int, end: int, around: _Surroundings, made: int) -> int | None:
    """What the words beside a name make of its cost; None where there can be no name."""
    if not _NO_GIVEN.isdisjoint(text[start + 1 : end]):
        return None
    if text[start] == "于" and text[start - 1 : start] in _BEFORE_AT:
        return None
    follows = _FOLLOWED if end in around.followers else 0
    if start in around.roles or _SAID_OF_PEOPLE.match(text, end):
        is_firm = around.is_named(start) and around.is_place(start, end)
        if is_firm or text[start] in _NO_NAME_BEGINS:
            return None
        is_word = _lexicon().words.get(text[start : start + 2], _UNKNOWN) <= _EVERYDAY
        return _TOLD + follows + (_WORD if is_word else 0)
    before, behind = text[start - 1 : start], text[end : end + 1]
    if before in _OPENING and behind in _CLOSING and end - start == 3:
        return 0 if made <= _PLAIN else None
    if (
        before.isdigit()
        or before in _CALLED
        or behind in _PLACES
        or around.is_named(start)
        or (around.is_place(start, end) and not (follows and end - start == 3))
    ):
        return None
    cost = _PLACE if around.is_place(start, end) or around.is_place(start + 1, end) else 0
    cost += follows or (_PERHAPS_FOLLOWED if behind in _lexicon().particles else 0)
    starts, ends = not _is_han(before), not _is_han(behind)
    if made > _ODD:
        return cost
    if before == "的" and (ends or follows) and made <= _PLAIN:
        cost += _FOLLOWED
    if before == "、" or behind == "、":
        cost += _LISTED
    elif starts and ends:
        cost += _ALONE
    return cost


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


_MARK = r"(?:[\s　]{0,3}[:：|｜/为是系][\s　]{0,3}|[\t　 ]{1,3})"
_THREE_APART = rf"(?:[ 　]{{1,3}}[{_HAN}]){{2}}(?![{_HAN}]|[ 　]{{1,3}}[{_HAN}](?![{_HAN}]))"
_NAME = rf"[{_HAN}](?:{_THREE_APART}|[ 　]{{1,3}}[{_HAN}](?![{_HAN}])|[{_HAN}·•・]{{1,10}})"


@cache
def _label() -> re.Pattern[str]:
    labels = "|".join(sorted(_lexicon().labels, key=len, reverse=True))
    return re.compile(
        rf"(?:{labels}|[文图摄](?=[/／|｜:：])){_MARK}"
        rf"(?=({_NAME}(?:[、，,/和 　]{{1,2}}{_NAME}){{0,40}}))"
    )


_NO_NAME_END = frozenset(
    "局庭室部处科组社网报台院会办府司厅委队所站厂店校行团员者管户号辑报道区市县镇村街区等"
)
_HEADING = re.compile(
    r"号码|地址|住址|证号|电话|金额|日期|时间|情况|事由|类型|名称|单位|机关|代码|类别|职务|职业|方式|性别|标的|事实|结果|依据"
)
_BEHIND_AND = 12  # characters that are looked at for another name
_AND = ("和", "与", "及", "、", "同", "跟")
_PART = re.compile(_NAME)
_SPACES = re.compile(r"[\s　]+")


# 本报讯（甲 乙）
_BYLINE = re.compile(rf"讯[ 　]?[（(](?=({_NAME}(?:[、 　]{{1,2}}{_NAME}){{0,5}})[）)])")


def _labelled(text: str) -> Iterator[Span]:
    """Names behind what says that a name follows."""
    lexicon = _lexicon()
    for match in (*_label().finditer(text), *_BYLINE.finditer(text)):
        for part in _PART.finditer(text, *match.span(1)):
            bare = _SPACES.sub("", part[0])
            if text[part.end() : part.end() + 1] in (":", "："):
                break
            if bare not in lexicon.roles and bare not in lexicon.labels and _may_be_name(bare):
                yield part.span()


def _may_be_name(bare: str) -> bool:
    """Whether what stands where a name is expected is one, not a body's name or another word."""
    lexicon = _lexicon()
    if (
        bare in lexicon.not_names
        or _HEADING.search(bare)
        or bare[-1] in _NO_NAME_END
        or "·" in bare[:1]
    ):
        return False
    if "·" in bare:
        return True
    if len(bare) > 3 and lexicon.more_sounds.issuperset(bare):
        return True
    if len(bare) == 4 and bare[:2] not in lexicon.surnames and bare[:2] in lexicon.words:
        return False
    surnamed = bare[0] in lexicon.surnames or bare[:2] in lexicon.surnames
    return 2 <= len(bare) <= 4 and (surnamed or (len(bare) > 2 and bare not in lexicon.words))


_NOTHING_BUT_NAMES = frozenset(("姓名", "个人姓名", "户主", "户主姓名"))


def _columns(text: str) -> Iterator[Span]:
    """Names in the columns of tables that are headed by a label."""
    place = 0
    columns: Mapping[int, str] = {}
    width = 0
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) == 1:
            width = 0
        elif headed := _headed_by_labels(cells):
            columns, width = headed, len(cells)
        elif len(cells) == width:  # empty cells are not told
            at = place
            for i, cell in enumerate(cells):
                if i in columns and len(cell) <= 12:
                    for part in _PART.finditer(cell):
                        bare = _SPACES.sub("", part[0])
                        if _may_be_name(bare) or (
                            columns[i] in _NOTHING_BUT_NAMES and _is_no_other(bare)
                        ):
                            yield at + part.start(), at + part.end()
                at += len(cell) + 1
        place += len(line) + 1


def _headed_by_labels(cells: Sequence[str]) -> Mapping[int, str]:
    """The columns that labels head, where the row is one of headings."""
    names = [_SPACES.sub("", cell) for cell in cells]
    labels = _lexicon().labels
    headed = {i: name for i, name in enumerate(names) if name in labels}
    if len(cells) > 2 or all(i in headed or _HEADING.search(n) for i, n in enumerate(names)):
        return headed
    return {}


def _is_no_other(bare: str) -> bool:
    """Whether what stands in a column of names is neither a body nor a word of its own."""
    return (
        2 <= len(bare) <= 7
        and bare not in _lexicon().not_names
        and bare[-1] not in _NO_NAME_END
        and not _FIRM_END.search(bare)
    )


_END_OF_SPACED = rf"(?:(?![{_HAN}])|(?=等|同志|先生|女士|报道|[说称与和被因的摄]))"
_SPACED = re.compile(rf"(?<![{_HAN}])[{_HAN}](?:[ 　]{{1,3}}[{_HAN}])+{_END_OF_SPACED}")
_SPACED_BEHIND = re.compile(
    rf"(?<=[{_HAN}])[{_HAN}](?:[ 　]{{1,3}}[{_HAN}]){{1,2}}{_END_OF_SPACED}"
)


def _spaced(text: str, around: _Surroundings) -> Iterator[Span]:
    """Names with spaces between their characters, alone or in pairs."""
    lexicon = _lexicon()
    told = (match for match in _SPACED_BEHIND.finditer(text) if match.start() in around.roles)
    for match in (*_SPACED.finditer(text), *told):
        start = match.start()
        singles = [m.start() for m in re.finditer(r"[^ 　]", match[0])]
        bare = "".join(match[0][at] for at in singles)
        if len(singles) == 3:
            made = sum(lexicon.given.get(c, _UNUSUAL) for c in bare[1:])
            made += lexicon.surnames.get(bare[0], _WORTH)
            if made <= _PLAIN and _may_be_name(bare):
                yield match.span()
        # Another odd number of them is a heading that is set wide.
        elif len(singles) % 2 == 0:
            for i in range(0, len(singles), 2):
                name = bare[i : i + 2]
                if name[0] in lexicon.surnames and name not in lexicon.not_names:
                    yield start + singles[i], start + singles[i + 1] + 1


_STATED = re.compile(
    rf"(?<![{_HAN}])[{_HAN}]{{2,4}}(?=[，,（(]\s?(?:[男女][，,、）)]|化名|曾用名|(?:公民|居民)?身份(?:证|号)))"
    rf"|(?<![{_HAN}])[{_HAN}]{{3}}(?=，住[^，。；\n]{{0,12}}〔略〕)"
    rf"|(?<![{_HAN}])[{_HAN}]{{2,4}}(?=遗失[^，。\n]{{0,8}}[证件卡票])"
)


def _stated(text: str) -> Iterator[Span]:
    """Names of which the sex, a number, a home, a loss or another name is stated right behind."""
    roles = _lexicon().roles
    found = (match for match in _STATED.finditer(text) if match[0] not in roles)
    return (match.span() for match in found if _may_be_name(match[0]))


_SUED = re.compile(
    rf"(?:(?<![{_HAN}])|(?<=审理)|(?<=受理)|(?<=关于)|(?<=原告))(?P<one>[{_HAN}]{{2,4}}?)"
    rf"(?<![起上投申控胜败反公自抗应撤告])诉(?P<other>[{_HAN}]{{2,4}}?)"
    r"(?=(?:等.{0,4})?(?:民间|买卖|借[款贷]|合同|离婚|婚姻|抚养|赡养|继承|侵权|劳[动务]|房屋|物业|追偿|机动车|健康|生命|身体"
    r"|名誉|租赁|承揽|运输|保[证险]|建设|交通|不当|装[饰修]|股权|财产|相邻|返还|排除|人格|肖像|隐私|金融|信用卡|一案))"
)


def _parties(text: str, around: _Surroundings) -> Iterator[Span]:
    """Those who sue and are sued, where both are people or one of them is."""
    surnames = _lexicon().surnames
    for match in _SUED.finditer(text):
        for party in ("one", "other"):
            start, name = match.start(party), match[party]
            surnamed = name[0] in surnames or name[:2] in surnames
            # 金凤行 may be somebody, 农行 and 建行 are banks.
            no_bank = len(name) == 3 and name[-1] == "行" and not _FIRM_END.search(name)
            if surnamed and not around.is_named(start) and (no_bank or _may_be_name(name)):
                yield start, start + len(name)


_WRITER = re.compile(
    rf"(?:记者|通讯员|实习生)[ 　]?([{_HAN}]{{2,3}})(?=[ 　]?[)）]|[ 　](?:通讯员|实习生)[ 　]?[{_HAN}])"
)
_NO_WRITER = ("报道", "摄影", "综合", "整理", "发自", "记者", "通讯员", "实习", "特约", "见习")


def _writers(text: str) -> Iterator[Span]:
    """Who wrote it, in brackets at the head or the end; here even an ordinary word is a name."""
    found = _WRITER.finditer(text)
    return (match.span(1) for match in found if not match[1].startswith(_NO_WRITER))


_LIST = re.compile(rf"[{_HAN}　 ]{{2,5}}(?:[、\t\n 　]{{1,2}}[{_HAN}]{{2,4}}){{2,400}}")
_ITEM = re.compile(rf"[{_HAN}]{{2,4}}")


def _listed(text: str, told: set[Span]) -> Iterator[Span]:
    """Names of one given character among others in a list."""
    lexicon = _lexicon()
    for match in _LIST.finditer(text):
        items = list(_ITEM.finditer(text, *match.span()))
        known = sum(item.span() in told for item in items)
        if 2 * known > len(items):
            for item in items:
                if item[0][0] in lexicon.surnames and item[0] not in lexicon.not_names:
                    yield item.span()


_WHO_DID = re.compile(rf"有[^，。；\n]{{3,24}}?的([{_HAN}]{{2,3}})(?=[，。；])")


def _alike(text: str, told: set[Span]) -> Iterator[Span]:
    """Names told as another of the sentence is, places though they be: 有…的钱月琳，有…的卢龙."""
    ends = {end for _, end in told}
    for sentence in re.finditer(r"[^。\n]+。?", text):
        of_some = list(_WHO_DID.finditer(text, *sentence.span()))
        if of_some and any(
            text[end : end + 1] in "，。；" for end in range(*sentence.span()) if end in ends
        ):
            yield from (match.span(1) for match in of_some if _may_be_name(match[1]))


_SOUNDING = re.compile(rf"[{_HAN}]{{1,8}}(?:[·•・][{_HAN}]{{1,8}}){{1,3}}")
_USUAL = 9  # cost of a character that is in many a given name


def _by_sound(text: str, around: _Surroundings) -> Iterator[Span]:
    """Names of several parts, such as those of Uyghurs."""
    lexicon = _lexicon()
    for match in _SOUNDING.finditer(text):
        parts = re.split("[·•・]", match[0])
        first = match.start() + len(parts[0])
        start = first
        while start > match.start() and text[start - 1] in lexicon.more_sounds:
            start -= 1
        role = max((at for at in range(match.start(), first) if at in around.roles), default=None)
        if role is None and (
            first - start < 2
            or around.is_named(start)
            or parts[0] in lexicon.not_names
            or (first - start == 2 and any(part[0] not in lexicon.sounds for part in parts[1:]))
        ):
            continue
        yield role or start, _sound_end(text, match.end() - len(parts[-1]), match.end(), around)


def _sound_end(text: str, start: int, latest: int, around: _Surroundings) -> int:
    """Where the last part of a name ends: before a word that follows names, or what is in none."""
    lexicon = _lexicon()
    end = start + 1
    while end < latest and (
        text[end] in lexicon.more_sounds or lexicon.given.get(text[end], _UNUSUAL) <= _USUAL
    ):
        if end in around.followers or text[end] in lexicon.particles:
            break
        end += 1
    return end


_LEAST_SOUNDS = 4  # characters


def _sounding_behind_roles(text: str, around: _Surroundings) -> Iterator[Span]:
    """Names of four characters and more that are written by their sound, right behind a role."""
    lexicon = _lexicon()
    for start in around.roles:
        end = start
        while end < len(text) and text[end] in lexicon.more_sounds and end - start < 8:
            if end > start + 1 and end in around.followers:
                break
            end += 1
        if end - start >= _LEAST_SOUNDS:
            yield start, end

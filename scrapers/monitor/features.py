"""What the model sees of an article: character n-grams, words of the lexica, patterns, forms, site."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

from scrapers.monitor.kinds import FORMS, above_city
from scrapers.monitor.lexicon import lexicon
from scrapers.monitor.shapes import Site
from scrapers.monitor.zones import Zones

_ORDERS: Final = (1, 2, 3)
_PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "title.document": re.compile(
        r"(?:办法|细则|方案|意见|规定|条例|制度|规程|标准|措施|计划|规范|清单|目录|指引|规则|通知|决定)"
        r"[》)]?(?:\(.{1,8}\))?(?:的通知)?$"
    ),
    "title.number of businesses": re.compile(
        r"[\d一二三四五六七八九十百千万余]+(?:多|余)?(?:家|户|名|位|所|个)"
    ),
    "title.one business": re.compile(
        "一(?:家)?[\u4e00-\u9fff]{0,8}(?:企业|公司|厂|店|超市|机构|所|院|社|行|站|场|政府|局|部门|街道|镇|县|校)"
    ),
    "title.business": re.compile(
        "公司|厂|店|超市|集团|企业|机构|合作社|协会|商会|学校|医院|诊所|门诊"
    ),
    "title.association": re.compile(
        _ASSOCIATION := "协会|商会|学会|联合会|促进会|基金会|社会组织|社工|民办|培训学校"
    ),
    "text.association": re.compile(_ASSOCIATION),
    "title.office": re.compile(
        "政府|管委会|管理委员会|街道|[镇乡](?!企)|[县市区]?[\u4e00-\u9fff]{2,8}局|支队|大队|园区|高新区|开发区|服务中心|管理中心|公办"
    ),
    "title.question": re.compile(r"[?？]"),
    "text.business": re.compile(
        "(?:有限公司|有限责任公司|股份公司|合作社|事务所|门诊部|经营部|厂)"
    ),
    "text.code": re.compile(r"\b9[1-3]\d{6}[0-9A-Z]{10}\b|统一社会信用代码"),
    "text.decision": re.compile(r"(?:处罚决定书?|罚字|监罚|罚决)"),
    "text.fine": re.compile(r"罚款?[^。;]{0,10}?\d"),
    "text.person": re.compile("[某〔]某|某(?:甲|乙|男|女)?|〔略〕"),
    "text.article": re.compile("第[一二三四五六七八九十]+条[\\s\u3000]"),
    "text.document number": re.compile(r"[〔\[]\d{4}[〕\]]\d+号"),
    "text.quote": re.compile("[“”]"),
    "text.enumeration": re.compile("^[\\d一二三四五六七八九十]+[、.．]", re.MULTILINE),
}


def cues(read: Zones) -> dict[str, dict[str, int]]:
    """Words of the lexica with how often they occur, by `<zone>.<cue>`."""
    found = {}
    for zone, text in (("title", read.title), ("way", read.way), ("text", read.text)):
        for cue, words in lexicon().find(text).items():
            found[f"{zone}.{cue}"] = words
    return found


def named(read: Zones, words: Mapping[str, Mapping[str, int]], site: Site) -> dict[str, float]:
    """Features that have a name: cues, patterns, the site; 0 to about 1.

    Args:
        read: the article.
        words: from `cues`.
        site: where it stands.
    """
    features = {
        f"cue {cue}": min(1.0, math.log1p(len(found)) / (3.0 if cue.startswith("text.") else 2.0))
        for cue, found in words.items()
    }
    for name, pattern in _PATTERNS.items():
        hits = len(pattern.findall(read.title if name.startswith("title.") else read.text))
        if hits:
            features[f"pattern {name}"] = min(0.6, math.log1p(hits) / 2)
    features[f"site {site.kind}"] = 0.5
    if site.kind != "media" and site.city_code is None:
        features["site above cities"] = 0.5
    for form in FORMS:
        if form.words(read) is not None:
            features[f"form {form.name}"] = 0.5
    if above_city(read, site):
        features["form above cities"] = 0.5
    return features


def of_fields(name: str) -> bool:
    """Whether a named feature is a cue of the lexicon of fields."""
    return name.startswith("cue ") and ".kind." not in name


def grams(read: Zones) -> Counter[str]:
    """Character n-grams, those of the title twice."""
    found: Counter[str] = Counter()
    for text in (read.title, read.title, *read.text.split("\n")):
        for order in _ORDERS:
            found.update(text[i : i + order] for i in range(len(text) - order + 1))
    return found

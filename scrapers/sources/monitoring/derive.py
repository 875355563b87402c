"""Derive sites.csv: the sites that each city of the registry should have, courts, and media.

Run ``python -m scrapers.sources.monitoring.derive`` after a change of the registry or of media.csv;
nothing imports this module at run time. Hosts are invented until real ones are known: `.example` is the
stand-in web. A real site is a changed line of sites.csv.

A city counts that was monitored at any time from 2016 to 2021, under its last name of these years.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

HERE = Path(__file__).parent
COLUMNS = ("site_id", "name", "kind", "city_code", "official", "host", "family")
FROM, TO = "2016-01", "2021-12"
Line = tuple[str, str, str, str, str, str, str]


def lines() -> Iterator[Line]:
    """The lines of sites.csv."""
    cities = _cities()
    for code, city in cities.items():
        place = f"{city['pinyin']}-{code}.gov.example"
        short = city["name"].removesuffix("市")
        portal = ("portal_static", "portal_jcms")[crc32(code.encode()) % 2]
        yield (
            f"portal_{code}", f"{city['name']}人民政府", "government", code, "1", f"www.{place}", portal,
        )  # fmt: skip
        yield (
            f"credit_{code}",
            f"信用{short}",
            "credit",
            code,
            "1",
            f"credit.{place}",
            "credit_json",
        )
        yield (
            f"hall_{code}", f"{city['name']}政务服务网", "government", code, "1", f"zwfw.{place}",
            "service_hall",
        )  # fmt: skip
    provinces = {city["province_code"]: city["province"] for city in cities.values()}
    for code, name in sorted(provinces.items()):
        yield (
            f"court_{code}", f"{name}高级人民法院", "court", "", "1", f"www.court-{code}.example",
            "court_sitemap",
        )  # fmt: skip
    for medium in _read(HERE / "media.csv"):
        slug = medium["slug"]
        yield (
            f"media_{slug}",
            medium["name"],
            "media",
            "",
            "0",
            f"www.{slug}.example",
            medium["family"],
        )


def _cities() -> dict[str, dict[str, str]]:
    """The last spell of each code, in the order of codes."""
    spells = [
        spell
        for spell in _read(HERE.with_name("registry") / "cities.csv")
        if (spell["valid_from"] or FROM) <= TO and (spell["valid_to"] or TO) >= FROM
    ]
    spells.sort(key=lambda spell: (spell["city_code"], spell["valid_from"]))
    return {spell["city_code"]: spell for spell in spells}


def _read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as text:
        yield from csv.DictReader(text)


def main() -> None:
    """Write sites.csv."""
    with (HERE / "sites.csv").open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(lines())


if __name__ == "__main__":
    main()

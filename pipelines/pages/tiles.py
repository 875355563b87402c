"""Provinces by mean index, as tiles of the same size: no boundaries, only who lies beside whom."""

from statistics import fmean

from markupsafe import Markup, escape

from pipelines.pages import addresses, exports, frame, numbers, words
from pipelines.pages.reading import Facts
from templates.catalogue import text
from templates.layout import Chart, Link
from templates.map.context import Context

WIDTH, HEIGHT, GAP = 86, 58, 4
SHADES = 5
GRID = (
    ("", "", "", "", "", "", "23"),
    ("", "", "", "", "15", "11", "22"),
    ("65", "62", "64", "14", "13", "12", "21"),
    ("54", "63", "61", "41", "37", "32", ""),
    ("", "51", "50", "42", "34", "33", "31"),
    ("", "53", "52", "43", "36", "35", "71"),
    ("", "", "45", "44", "82", "81", ""),
    ("", "", "46", "", "", "", ""),
)
"""First two digits of the codes of all 34 province-level units, by row and column."""


def context(facts: Facts, lang: str) -> Context:
    """Everything on the page."""
    folder = addresses.publication(facts.edition.id, facts.period, facts.revision)
    month, heading = words.period(facts.period, lang), text("map.title", lang)
    return Context(
        page=frame.below_ranking(
            facts,
            addresses.province_map(folder),
            lang,
            title=f"{heading} · {month}",
            description=text("map.description", lang, period=month),
            tables=False,
        ),
        heading=heading,
        edition=frame.title_of(facts.edition.id, lang),
        month=Link(frame.ranking_title(facts.period, lang), "index.html"),
        maps=tuple(
            (name, text(f"class.{name}", lang), _chart(facts, name, lang))
            for name in facts.edition.classes
        ),
        downloads=exports.downloads(
            addresses.in_language(lang, folder), f"{folder}/data", lang, ("averages",)
        ),
    )


def _chart(facts: Facts, city_class: str, lang: str) -> Chart:
    indexes: dict[str, list[float]] = {}
    for row in facts.ranking[city_class]:
        indexes.setdefault(str(row["city_code"])[:2], []).append(row["index"])
    means = {province: fmean(found) for province, found in indexes.items()}
    ordered = sorted(means, key=lambda province: (-means[province], province))
    unknown = sorted({each for line in GRID for each in line if each} - set(means))
    caption = text("map.caption", lang, class_title=text(f"class.{city_class}", lang))
    said = {
        each: text("map.tile", lang, mean=numbers.fixed(means[each]), n=len(indexes[each]))
        for each in ordered
    } | dict.fromkeys(unknown, text("map.no_data", lang))
    return Chart(
        svg=_drawing(means, said, caption, lang),
        caption=caption,
        head=(text("ranking.province", lang), text("ranking.mean", lang), text("map.cities", lang)),
        rows=tuple(
            (_name(each, lang), numbers.fixed(means[each]), str(len(indexes[each])))
            for each in ordered
        )
        + tuple((_name(each, lang), text("map.no_data", lang), "0") for each in unknown),
    )


def _drawing(means: dict[str, float], said: dict[str, str], title: str, lang: str) -> Markup:
    low, high = (min(means.values()), max(means.values())) if means else (0.0, 0.0)
    width, height = len(GRID[0]) * (WIDTH + GAP), len(GRID) * (HEIGHT + GAP)
    parts = [
        f'<svg class="tiles" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
    ]
    for line, row in enumerate(GRID):
        for column, province in enumerate(row):
            if not province:
                continue
            x, y = column * (WIDTH + GAP), line * (HEIGHT + GAP)
            mean = means.get(province)
            shade = "none" if mean is None else f"s{_shade(mean, low, high)}"
            value = text("map.no_data", lang) if mean is None else numbers.fixed(mean)
            name = _name(province, lang)
            parts.append(
                f'<g><title>{escape(name)} {escape(said[province])}</title><rect class="tile {shade}" '
                f'x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="3"/>'
                f'<text class="name" x="{x + WIDTH // 2}" y="{y + 24}" text-anchor="middle">'
                f'{escape(name)}</text><text class="value" x="{x + WIDTH // 2}" y="{y + 44}" '
                f'text-anchor="middle">{escape(value)}</text></g>'
            )
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704  every text was escaped above


def _shade(mean: float, low: float, high: float) -> int:
    """1 for the lowest fifth of the way from the lowest mean to the highest, `SHADES` for the highest."""
    return min(SHADES, 1 + int(SHADES * (mean - low) / (high - low))) if high > low else SHADES


def _name(province: str, lang: str) -> str:
    return text(f"province.{province}", lang)

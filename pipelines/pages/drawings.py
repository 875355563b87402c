"""Drawings of reports: inline SVG that looks right on paper, where no style sheet reaches it, too.

What a style sheet would say stands in attributes, which the one of the pages overrules. Lines differ by
their dashes and bars by their shade, so that nothing is told by a colour alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from pipelines.pages import charts
from pipelines.pdf import FONT

_WIDTH = 640
_INK, _SOFT, _GRID, _MAIN, _OTHER = "#1b2430", "#56616f", "#dfe3e8", "#2f6aa8", "#b9c2cc"
_DASHES = ("", "7 3", "2 3")
_CHARACTER = 6.8
"""Width of a character of a label, about; Chinese ones are twice as wide."""


@dataclass(frozen=True)
class Line:
    """A line over months.

    Attributes:
        label: what it shows; empty where the drawing has one line.
        points: value of each month (None leaves a gap) and the value as printed.
    """

    label: str
    points: Sequence[tuple[float | None, str]]


@dataclass(frozen=True)
class Bar:
    """A bar: its label, length, the length as printed, and whether it stands out."""

    label: str
    value: float
    printed: str
    main: bool = True


def lines(
    months: Sequence[str],
    drawn: Sequence[Line],
    title: str,
    *,
    inverted: bool = False,
    height: int = 150,
) -> Markup:
    """Lines over months, at most three.

    Args:
        months: labels of the months.
        drawn: the lines; their points are of these months.
        title: what the drawing shows.
        inverted: whether small values stand at the top (ranks).
        height: height of the drawing, its width being 640.
    """
    known = [value for line in drawn for value, _ in line.points if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    margin = (high - low) * 0.12 or 1.0
    low, high = (max(1.0, low - margin) if inverted else low - margin), high + margin
    left, top, bottom = 40, 14, 22
    right = 44 + max((_width(line.label) for line in drawn), default=0.0)
    step = (_WIDTH - left - right) / max(1, len(months) - 1)

    def x(place: int) -> float:
        return left + place * step

    def y(value: float) -> float:
        share = (value - low) / (high - low)
        return top + (height - top - bottom) * (share if inverted else 1 - share)

    parts = [_open(title, height)]
    for tick in charts.ticks(low, high, whole=inverted):
        height_of = f"{y(tick):.1f}"
        parts.append(
            f'<path class="grid" fill="none" stroke="{_GRID}" '
            f'd="M{left} {height_of}H{_WIDTH - right:.1f}"/>'
            f"{_words(left - 7, y(tick) + 4, f'{tick:g}', anchor='end')}"
        )
    parts += [
        _words(x(place), height - 5, month, anchor="middle")
        for place, month in enumerate(months)
        if place % 2 == (len(months) - 1) % 2
    ]
    ends = _apart(
        [
            (y(value), place)
            for place, line in enumerate(drawn)
            for value in [line.points[-1][0]]
            if value is not None
        ]
    )
    for place, line in enumerate(drawn):
        dashes = f' stroke-dasharray="{_DASHES[place]}"' if _DASHES[place] else ""
        for gap, stretch in groupby(enumerate(line.points), key=lambda item: item[1][0] is None):
            if not gap:
                path = "L".join(
                    f"{x(at):.1f} {y(v):.1f}" for at, (v, _) in stretch if v is not None
                )
                parts.append(
                    f'<path class="line" fill="none" stroke="{_MAIN}" stroke-width="2"{dashes} '
                    f'd="M{path}"/>'
                )
        for month, (value, printed) in enumerate(line.points):
            if value is not None:
                parts.append(
                    f'<circle class="dot" fill="{_MAIN}" cx="{x(month):.1f}" cy="{y(value):.1f}" r="2.4">'
                    f"<title>{escape(f'{line.label} {months[month]} {printed}'.strip())}</title></circle>"
                )
        if place in ends:
            said = f"{line.points[-1][1]} {line.label}".strip()
            parts.append(_words(x(len(months) - 1) + 7, ends[place] + 4, said, strong=True))
    return Markup("".join([*parts, "</svg>"]))  # noqa: S704  every text was escaped


def bars(
    rows: Sequence[tuple[str, Sequence[Bar]]],
    title: str,
    *,
    most: float | None = None,
    width: int = _WIDTH,
) -> Markup:
    """Horizontal bars in groups, the name of each group to its left.

    Args:
        rows: of each group its name and its bars.
        title: what the drawing shows.
        most: what the longest bar could be; the longest there is, if None.
        width: width of the drawing.
    """
    every = [bar for _, group in rows for bar in group]
    longest = most or max((bar.value for bar in every), default=0) or 1
    left = 12 + max((_width(name) for name, _ in rows), default=0)
    right = 20 + max((_width(f"{bar.printed} {bar.label}") for bar in every), default=0)
    parts, at = [], 2.0
    for name, group in rows:
        middle = at + (len(group) * 15 - 3) / 2
        parts.append(_words(left - 8, middle + 4, name, anchor="end", strong=True))
        for bar in group:
            length = max(0.0, (width - left - right) * bar.value / longest)
            parts.append(
                f'<rect class="{"col here" if bar.main else "col"}" '
                f'fill="{_MAIN if bar.main else _OTHER}" x="{left:.1f}" y="{at:.1f}" '
                f'width="{length:.1f}" height="12">'
                f"<title>{escape(f'{name} {bar.label} {bar.printed}')}</title></rect>"
                f"{_words(left + length + 6, at + 10, f'{bar.printed} {bar.label}'.strip())}"
            )
            at += 15
        at += 7
    body = "".join(parts)
    return Markup(f"{_open(title, round(at), width)}{body}</svg>")  # noqa: S704  every text was escaped


@dataclass(frozen=True)
class Range:
    """A range: its label, lowest, mean and highest value, and the mean as printed."""

    label: str
    low: float
    mean: float
    high: float
    printed: str


def ranges(rows: Sequence[tuple[str, Sequence[Range]]], title: str) -> Markup:
    """Ranges in groups over one axis: a line from the lowest to the highest, a dot at the mean.

    Args:
        rows: of each group its name and its ranges.
        title: what the drawing shows.
    """
    every = [each for _, group in rows for each in group]
    low, high = min((r.low for r in every), default=0.0), max((r.high for r in every), default=1.0)
    margin = (high - low) * 0.04 or 1.0
    low, high = low - margin, high + margin
    left = 12 + max((_width(name) for name, _ in rows), default=0)
    right = 20 + max((_width(f"{r.printed} {r.label}") for r in every), default=0)
    height = 6 + sum(14 * len(group) + 7 for _, group in rows) + 16

    def x(value: float) -> float:
        return left + (_WIDTH - left - right) * (value - low) / (high - low)

    parts = []
    for tick in charts.ticks(low, high, whole=False):
        parts.append(
            f'<path class="grid" fill="none" stroke="{_GRID}" d="M{x(tick):.1f} 2V{height - 18}"/>'
            f"{_words(x(tick), height - 4, f'{tick:g}', anchor='middle')}"
        )
    at = 6.0
    for name, group in rows:
        middle = at + (len(group) * 14 - 2) / 2
        parts.append(_words(left - 8, middle + 4, name, anchor="end", strong=True))
        for each in group:
            y = at + 6
            parts.append(
                f'<rect class="col" fill="{_OTHER}" x="{x(each.low):.1f}" y="{y - 1.5:.1f}" '
                f'width="{x(each.high) - x(each.low):.1f}" height="3"/>'
                f'<circle class="dot" fill="{_MAIN}" cx="{x(each.mean):.1f}" cy="{y:.1f}" r="3.6">'
                f"<title>{escape(f'{name} {each.label} {each.printed}')}</title></circle>"
                f"{_words(_WIDTH - right + 12, y + 4, f'{each.printed} {each.label}')}"
            )
            at += 14
        at += 7
    body = "".join(parts)
    return Markup(f"{_open(title, height)}{body}</svg>")  # noqa: S704  every text was escaped


def _open(title: str, height: int, width: int = _WIDTH) -> str:
    words = escape(title)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'role="img" aria-label="{words}" font-family="{FONT}" font-size="11"><title>{words}</title>'
    )


def _words(x: float, y: float, said: str, *, anchor: str = "start", strong: bool = False) -> str:
    look = f'class="value" fill="{_INK}"' if strong else f'class="tick" fill="{_SOFT}"'
    return f'<text {look} x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'


def _width(words: str) -> float:
    return sum(_CHARACTER if ord(each) < 0x2E80 else 2 * _CHARACTER for each in words)


def _apart(heights: list[tuple[float, int]]) -> dict[int, float]:
    """Heights of the labels at the ends of lines, moved down where two would meet."""
    found: dict[int, float] = {}
    last = float("-inf")
    for height, place in sorted(heights):
        last = max(height, last + 13)
        found[place] = last
    return found

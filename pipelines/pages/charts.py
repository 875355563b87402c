"""Drawings as inline SVG: lines over months and a histogram, each with words for screen readers."""

from itertools import groupby, pairwise

from markupsafe import Markup, escape

WIDTH, HEIGHT = 560, 190
LEFT, RIGHT, TOP, BOTTOM = 44, 24, 22, 26
_ABOVE, _STEP, _DOT = 6, 34, 4
"""Space above a waterfall, height of its rows, and radius of the dots at its ends."""
_ROOM = 50
"""Longest label of a waterfall; a Chinese character is as wide as two others."""


def line(
    points: list[tuple[str, float | None, str]], title: str, *, inverted: bool = False
) -> Markup:
    """A line over months.

    Args:
        points: month, value (None leaves a gap) and the value as printed.
        title: what the drawing shows.
        inverted: whether small values stand at the top (ranks).
    """
    known = [value for _, value, _ in points if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    margin = (high - low) * 0.12 or (1.0 if inverted else 0.5)
    low, high = (max(1.0, low - margin) if inverted else low - margin), high + margin
    step = (WIDTH - LEFT - RIGHT) / max(1, len(points) - 1)

    def x(place: int) -> float:
        return LEFT + place * step

    def y(value: float) -> float:
        share = (value - low) / (high - low)
        return TOP + (HEIGHT - TOP - BOTTOM) * (share if inverted else 1 - share)

    parts = [_open(title)]
    for tick in ticks(low, high, whole=inverted):
        at = f"{y(tick):.1f}"
        parts.append(
            f'<path class="grid" d="M{LEFT} {at}H{WIDTH - RIGHT}"/>'
            f'<text class="tick" x="{LEFT - 8}" y="{at}" dy=".32em" text-anchor="end">{tick:g}</text>'
        )
    for place, (label, _, _) in enumerate(points):
        if place % 3 == (len(points) - 1) % 3:
            parts.append(
                f'<text class="tick" x="{x(place):.1f}" y="{HEIGHT - 6}" text-anchor="middle">'
                f"{escape(label)}</text>"
            )
    places = list(enumerate(points))
    for gap, stretch in groupby(places, key=lambda item: item[1][1] is None):
        if not gap:
            path = "L".join(f"{x(p):.1f} {y(v):.1f}" for p, (_, v, _) in stretch if v is not None)
            parts.append(f'<path class="line" d="M{path}"/>')
    for place, (label, value, printed) in places:
        if value is not None:
            last = place == len(points) - 1
            parts.append(
                f'<circle class="{"dot last" if last else "dot"}" cx="{x(place):.1f}" '
                f'cy="{y(value):.1f}" r="{4 if last else 2.5}">'
                f"<title>{escape(label)} {escape(printed)}</title></circle>"
            )
            if last:
                parts.append(
                    f'<text class="value" x="{x(place):.1f}" y="{y(value) - 9:.1f}" '
                    f'text-anchor="end">{escape(printed)}</text>'
                )
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704  every text was escaped above


def histogram(
    bins: list[tuple[float, float, int, str]],
    title: str,
    mark: tuple[float, str] | None = None,
    band: tuple[float, float, str] | None = None,
) -> Markup:
    """Bars over intervals.

    Args:
        bins: lower and upper bound, number, and the bar in words.
        title: what the drawing shows.
        mark: a value to point at, and its label.
        band: two values to draw a stroke between, and what that is.
    """
    first, last = bins[0][0], bins[-1][1]
    most = max(number for _, _, number, _ in bins) or 1
    base, top = HEIGHT - BOTTOM, TOP + 16

    def x(value: float) -> float:
        return LEFT / 2 + (WIDTH - LEFT / 2 - RIGHT) * (value - first) / (last - first)

    parts = [_open(title)]
    if band is not None:
        left, right = (min(max(x(end), x(first)), x(last)) for end in band[:2])
        parts.append(
            f'<rect class="band" x="{left:.1f}" y="{TOP + 4}" width="{max(right - left, 2):.1f}" '
            f'height="6"><title>{escape(band[2])}</title></rect>'
        )
    for low, high, number, words in bins:
        height = (base - top) * number / most
        here = mark is not None and low <= mark[0] < high
        parts.append(
            f'<rect class="{"col here" if here else "col"}" x="{x(low) + 1:.1f}" '
            f'y="{base - height:.1f}" width="{x(high) - x(low) - 2:.1f}" height="{height:.1f}">'
            f"<title>{escape(words)}</title></rect>"
        )
    parts.append(f'<path class="axis" d="M{x(first):.1f} {base}H{x(last):.1f}"/>')
    each = max(1, len(bins) // 6)
    for place, (low, _, _, _) in enumerate(bins):
        if place % each == 0:
            parts.append(
                f'<text class="tick" x="{x(low):.1f}" y="{HEIGHT - 8}" text-anchor="middle">'
                f"{low:g}</text>"
            )
    if mark is not None:
        at = min(max(x(mark[0]), x(first)), x(last))
        anchor = "start" if at < WIDTH / 2 else "end"
        parts.append(
            f'<path class="mark" d="M{at:.1f} {TOP - 8}V{base}"/>'
            f'<text class="value" x="{at + (6 if anchor == "start" else -6):.1f}" y="{TOP - 2}" '
            f'text-anchor="{anchor}">{escape(mark[1])}</text>'
        )
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704  every text was escaped above


def waterfall(
    start: tuple[str, float, str],
    parts: list[tuple[str, float, str]],
    end: tuple[str, float, str],
    title: str,
) -> Markup:
    """From one number to another: a bar for each part, where the one before it ends.

    Args:
        start: label, number and the number as printed.
        parts: label, difference and the difference as printed.
        end: as start; the parts lead to it.
        title: what the drawing shows.
    """
    reached = [start[1]]
    for _, difference, _ in parts:
        reached.append(reached[-1] + difference)
    low, high = min(reached), max(reached)
    wide = (WIDTH - 2 * _DOT) / ((high - low) or 1.0)

    def x(value: float) -> float:
        return _DOT + (value - low) * wide

    def top(place: int) -> int:
        return _ABOVE + place * _STEP

    steps = "".join(
        f"M{x(value):.1f} {top(place) + 25}V{top(place + 1) + 16}"
        for place, value in enumerate(reached)
    )
    # First, so that it lies behind the words.
    drawn = [f'<path class="grid" d="{steps}"/>']
    rows = [start, *parts, end]
    for place, (label, _, printed) in enumerate(rows):
        line = top(place) + 11
        drawn.append(
            f'<text class="tick" x="0" y="{line}">{escape(_cut(label))}</text>'
            f'<text class="value" x="{WIDTH}" y="{line}" text-anchor="end">{escape(printed)}</text>'
        )
    for place, (before, after) in enumerate(pairwise(reached), 1):
        left, right = sorted((x(before), x(after)))
        drawn.append(
            f'<rect class="{"rise" if after > before else "fall"}" x="{left:.1f}" '
            f'y="{top(place) + 16}" width="{max(right - left, 1):.1f}" height="9"/>'
        )
    for place, value in ((0, reached[0]), (len(rows) - 1, reached[-1])):
        at = f'cx="{x(value):.1f}" cy="{top(place) + 20.5}"'
        drawn.append(f'<circle class="dot" {at} r="{_DOT}"/>')
    return Markup(f"{_open(title, top(len(rows)))}{''.join(drawn)}</svg>")  # noqa: S704  every text was escaped above


def bars(groups: list[tuple[str, list[tuple[str, float, str]]]], title: str) -> Markup:
    """Groups of horizontal bars, each group under its name and each bar with its label and number.

    Args:
        groups: name, and of each bar label, value and the value as printed.
        title: what the drawing shows.
    """
    most = max(value for _, group in groups for _, value, _ in group) or 1
    left, longest = 52, WIDTH - 52 - 44
    parts = []
    y = 0
    for name, group in groups:
        y += 30
        parts.append(f'<text class="value" x="0" y="{y - 8}">{escape(name)}</text>')
        for label, value, printed in group:
            length = longest * value / most
            parts.append(
                f'<text class="tick" x="{left - 8}" y="{y + 13}" text-anchor="end">{escape(label)}</text>'
                f'<rect class="col here" x="{left}" y="{y}" width="{length:.1f}" height="18">'
                f"<title>{escape(name)} {escape(label)}: {escape(printed)}</title></rect>"
                f'<text class="value" x="{left + length + 8:.1f}" y="{y + 14}">{escape(printed)}</text>'
            )
            y += 23
        y += 6
    return Markup(f"{_open(title, y)}{''.join(parts)}</svg>")  # noqa: S704  every text was escaped above


def _cut(label: str) -> str:
    """A label that leaves room for the number beside it, on telephones too."""
    room = _ROOM
    for place, sign in enumerate(label):
        room -= 2 if sign > "\u2e7f" else 1
        if room < 0:
            return f"{label[:place].rstrip()}…"
    return label


def _open(title: str, height: int = HEIGHT) -> str:
    words = escape(title)
    return f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{words}"><title>{words}</title>'


def ticks(low: float, high: float, *, whole: bool) -> list[float]:
    """Three to five round numbers within the bounds."""
    step = next(
        s
        for power in range(-3, 5)
        for s in (1 * 10.0**power, 2 * 10.0**power, 5 * 10.0**power)
        if (high - low) / s <= 4.5 and (not whole or s >= 1)
    )
    tick = -(-low // step)
    found = []
    while tick * step <= high:
        found.append(round(tick * step, 6))
        tick += 1
    return found

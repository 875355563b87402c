"""How the index is distributed over a class: bins, and the drawing with its table."""

import math

from pipelines.pages import charts
from templates.catalogue import text
from templates.layout import Chart

_MOST_BINS = 24
_STEPS = (0.25, 0.5, 1.0, 2.0, 5.0, 10.0)


class Distribution:
    """The indexes of one class, in bins of a round width."""

    def __init__(self, indexes: list[float], lang: str) -> None:
        self.lang = lang
        self.number = len(indexes)
        low, high = (min(indexes), max(indexes)) if indexes else (0.0, 100.0)
        width = next((s for s in _STEPS if (high - low) / s < _MOST_BINS - 1), _STEPS[-1])
        first = math.floor(low / width)
        counts = [0] * (math.floor(high / width) - first + 1)
        for index in indexes:
            counts[math.floor(index / width) - first] += 1
        self.bins = [
            ((first + at) * width, (first + at + 1) * width, count)
            for at, count in enumerate(counts)
        ]

    def chart(
        self,
        class_title: str,
        mark: tuple[float, str] | None = None,
        band: tuple[float, float, str] | None = None,
    ) -> Chart:
        """The drawing, with a mark at one city's index, and a band of what it could be."""
        lang = self.lang
        caption = text("ranking.distribution", lang, class_title=class_title, n=self.number)
        described = [
            (lo, hi, n, text("chart.bins", lang, lo=f"{lo:g}", hi=f"{hi:g}", n=n))
            for lo, hi, n in self.bins
        ]
        return Chart(
            svg=charts.histogram(described, caption, mark, band),
            caption=caption,
            head=(text("chart.bin", lang), text("chart.count", lang)),
            rows=tuple((f"{lo:g} – {hi:g}", str(n)) for lo, hi, n, _ in described),
        )

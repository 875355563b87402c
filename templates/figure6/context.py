"""Figure 6 of the source: the first cohort of model cities with their published ranks of 2017."""

from dataclasses import dataclass

from templates.layout import Download, Name, Page


@dataclass(frozen=True, slots=True)
class Line:
    """One city of the first cohort.

    Attributes:
        city: city as printed, with its English name where known.
        province: province as printed, or its English name.
        class_title: class that it was ranked in.
        rank: published rank of 2017; `–` where none is known.
        score: published index of 2017, as printed.
        share: length of the bar, as a percentage of the axis.
    """

    city: Name
    province: str
    class_title: str
    rank: str
    score: str
    share: str


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        citation: where the figure is printed.
        publishers: who published the ranking and who named the cohort, in words.
        axis: what the bars show, in words.
        groups: cities by class, best rank first.
        downloads: published lists and model cities as data.
    """

    page: Page
    citation: str
    publishers: str
    axis: str
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    downloads: tuple[Download, ...]

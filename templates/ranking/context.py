"""The month's ranking: every class, its top 50 and the rest, and averages of regions and provinces."""

from dataclasses import dataclass

from templates.layout import Change, Chart, Download, Fact, Link, Name, Page


@dataclass(frozen=True, slots=True)
class CityRow:
    """One line of a ranking list.

    Attributes:
        rank: rank in the class; ties share.
        name: name of the city.
        href: address of its scorecard.
        province: name of its province.
        index: index as printed.
        index_change: difference of the index to the month before, in points of the index.
        rank_change: places won or lost since the month before.
        coverage: share of the points that rest on the city's own values, as a percentage.
    """

    rank: str
    name: Name
    href: str
    province: str
    index: str
    index_change: Change
    rank_change: Change
    coverage: str


@dataclass(frozen=True, slots=True)
class ClassRanking:
    """The list of one class.

    Attributes:
        id: class, also the anchor of the section.
        title: name of the class.
        facts: number of cities, highest, mean, median and lowest index, mean coverage.
        top: the first 50 lines.
        rest: the others, shown on demand.
        rest_title: text that opens them.
        chart: distribution of the index.
    """

    id: str
    title: str
    facts: tuple[Fact, ...]
    top: tuple[CityRow, ...]
    rest: tuple[CityRow, ...]
    rest_title: str
    chart: Chart


@dataclass(frozen=True, slots=True)
class Average:
    """Mean index of a region or province.

    Attributes:
        name: the region or province.
        cells: for each class the mean index and the number of cities, or empty where it has none.
    """

    name: Name
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: month in words.
        edition: title of the edition.
        revision: which revision of the month this is, in words.
        revisions: link to all revisions of the month.
        beside: links to published lists of the month, beside its computed ranks.
        index_label: what the index is called: that of a model-city edition is a total of points.
        classes: the lists.
        class_titles: short names of the classes, in the order of the averages' cells.
        regions: averages of regions.
        provinces: averages of provinces.
        downloads: data of the page.
    """

    page: Page
    heading: str
    edition: str
    revision: str
    revisions: Link
    beside: tuple[Link, ...]
    index_label: str
    classes: tuple[ClassRanking, ...]
    class_titles: tuple[str, ...]
    regions: tuple[Average, ...]
    provinces: tuple[Average, ...]
    downloads: tuple[Download, ...]

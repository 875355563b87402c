"""The annual Monitoring and Evaluation Report, made from the year's publications."""

from dataclasses import dataclass

from templates.layout import Chart, Link, Name, Page


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the year: its revision, or that it is not published, cities, and mean of each class."""

    name: str
    revision: str
    cities: str
    means: tuple[str, ...]
    hash: str
    published: bool


@dataclass(frozen=True, slots=True)
class Mover:
    """A city that rose or fell: index and rank in the first and the last published month."""

    city: Name
    province: str
    before: str
    after: str
    change: str
    rank_before: str
    rank: str


@dataclass(frozen=True, slots=True)
class Movers:
    """Those of a class that rose most, and those that fell most."""

    title: str
    rose: tuple[Mover, ...]
    fell: tuple[Mover, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A city that the state named a model city, and where it stands in its class."""

    city: Name
    province: str
    cohort: str
    class_title: str
    rank: str
    index: str


@dataclass(frozen=True, slots=True)
class Source:
    """A cluster: its plan, and how many of its cities are monitored."""

    name: str
    source: str
    cities: str


@dataclass(frozen=True, slots=True)
class Banded:
    """Bands of size by one measure: where their bounds are from, and the index by band.

    Where no city has the measure, there is only a note that says so.
    """

    note: str
    chart: Chart | None


@dataclass(frozen=True, slots=True)
class Context:
    """Everything in the report.

    Attributes:
        page: frame of the page.
        heading: what the report is called.
        edition: title of the edition.
        revision: how many months of the year it rests on, in words.
        pdfs: the report as PDF, in the languages that there are.
        contents: its sections.
        summary: what the year shows, in sentences.
        classes: the classes, as columns.
        months: the months of the year, published or not.
        trend: mean index of each class, month by month.
        regions: index by region.
        clusters: index by city cluster.
        sources: the clusters' plans.
        bands: index by band of size, measure by measure.
        dimensions: share of the points by dimension.
        fields: events of the year by field.
        events_said: which events they are, in words.
        movers: who rose and fell, class by class.
        movers_said: between which months, in words.
        models: model cities.
        models_said: how these stand against the others of their class, in sentences.
        method: how the report came about, in paragraphs.
    """

    page: Page
    heading: str
    edition: str
    revision: str
    pdfs: tuple[Link, ...]
    contents: tuple[Link, ...]
    summary: tuple[str, ...]
    classes: tuple[str, ...]
    months: tuple[Month, ...]
    trend: Chart
    regions: Chart
    clusters: Chart
    sources: tuple[Source, ...]
    bands: tuple[Banded, ...]
    dimensions: Chart
    fields: Chart
    events_said: str
    movers: tuple[Movers, ...]
    movers_said: str
    models: tuple[Model, ...]
    models_said: tuple[str, ...]
    method: tuple[str, ...]

"""The report on all cities that take part: who is recommended, who failed where, against the index."""

from dataclasses import dataclass

from templates.layout import Download, Fact, Link, Name, Page


@dataclass(frozen=True, slots=True)
class Line:
    """One city in a ranking.

    Attributes:
        rank: rank among all that take part.
        city: its name.
        href: address of its report.
        province: its province.
        class_title: its class.
        class_rank: rank within the class, with how many there are.
        total: points and bonus.
        gate: `passed`, `failed` or `unproven`.
        gate_words: the same in words.
        place: rank in its class in the month's monitoring index; `–` where it is not known.
        recommended: whether it belongs to the cohort.
    """

    rank: str
    city: Name
    href: str
    province: str
    class_title: str
    class_rank: str
    total: str
    gate: str
    gate_words: str
    place: str
    recommended: bool


@dataclass(frozen=True, slots=True)
class Province:
    """A province and the names of its recommended cities, by class."""

    name: str
    count: str
    cities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failing:
    """One condition of the gate, and who did not meet it.

    Attributes:
        indicator: number and name of the basic indicator.
        name: what has to be met.
        standard: the number that it takes.
        failed: how many failed it.
        unproven: of how many it is not shown.
        cities: those that failed: name, address of the report, number.
    """

    indicator: str
    name: str
    standard: str
    failed: str
    unproven: str
    cities: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class RealRank:
    """A real model city in a list that the state published.

    Attributes:
        city: its name.
        province: its province.
        cohort: year in which it was named.
        rank: rank as printed.
        score: score as printed.
    """

    city: Name
    province: str
    cohort: str
    rank: str
    score: str


@dataclass(frozen=True, slots=True)
class RealList:
    """The model cities of a class in one published list.

    Attributes:
        title: issue and class, in words.
        said: what the printed ranks show, in words.
        lines: the model cities, by printed rank.
    """

    title: str
    said: str
    lines: tuple[RealRank, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Everything in the report.

    Attributes:
        page: frame of the page.
        heading: what the report is called.
        period: the month, in words.
        edition: title of the edition.
        draft: whether the edition is a draft.
        pdfs: the report as PDF, in the languages that there are.
        facts: how many take part, passed, failed, are recommended.
        recommended: the cohort, the highest total first.
        picked: how it was picked, in words.
        provinces: the cohort by province.
        classes: the classes in the order of `Province.cities`.
        against: what the monitoring ranks of the cohort show, in words.
        places: where the monitoring ranks come from, in words.
        failing: conditions of the gate and who did not meet them.
        ranking: all that take part.
        real: real model cities in published lists.
        real_note: what these show together, in words.
        basis: what the report rests on.
        downloads: the numbers as data.
        signatures: lines to be signed by hand.
    """

    page: Page
    heading: str
    period: str
    edition: str
    draft: bool
    pdfs: tuple[Link, ...]
    facts: tuple[Fact, ...]
    recommended: tuple[Line, ...]
    picked: str
    provinces: tuple[Province, ...]
    classes: tuple[str, ...]
    against: str
    places: str
    failing: tuple[Failing, ...]
    ranking: tuple[Line, ...]
    real: tuple[RealList, ...]
    real_note: str
    basis: tuple[Fact, ...]
    downloads: tuple[Download, ...]
    signatures: tuple[str, ...]

"""A publication's data quality: what every source was to bring and brought, and every file's receipt."""

from dataclasses import dataclass

from templates.layout import Download, Link, Page


@dataclass(frozen=True, slots=True)
class Source:
    """What one source was to bring, and what it brought.

    Attributes:
        title: title of the source, with the address of its entry in the list of sources.
        short: whether it brought less than its minimum.
        cities: cities with a value.
        least_cities: fewest cities that it was to bring, in words.
        values: values that stand.
        least_values: fewest values that it was to bring, in words.
        files: deliveries.
        late: of these, late.
        duplicate: of these, of bytes that had come before.
        refused_whole: of these, refused as a whole.
        corrected: of the values, those that replaced others.
        refused: rows refused.
        discrepancies: values on which it and another source differ.
        persons: records about natural persons, dropped on reading.
        coverage: share of what the edition asks of it that has a value, a class each.
    """

    title: Link
    short: bool
    cities: str
    least_cities: str
    values: str
    least_values: str
    files: str
    late: str
    duplicate: str
    refused_whole: str
    corrected: str
    refused: str
    discrepancies: str
    persons: str
    coverage: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that went wrong in collecting.

    Attributes:
        source: title of the source.
        sender: name of the provider, or empty.
        reason: what went wrong, in words.
        detail: the same in detail, an English sentence.
    """

    source: str
    sender: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Lacking:
    """An indicator that lacks values because a source fell short.

    Attributes:
        leaf: its name, with its address in the methodology.
        cells: what its cities got instead and how many they are, a class each.
    """

    leaf: Link
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A source that brought less than its minimum, in a sentence, and the indicators that lack values."""

    sentence: str
    leaves: tuple[Lacking, ...]


@dataclass(frozen=True, slots=True)
class Provider:
    """What one credit service provider said: of how many cities, and how much of it counted.

    Attributes:
        name: name of the provider.
        answered: cities that it gave an index of.
        counted: of these, counted.
        left_out: of these, left out.
        why: why, in words.
    """

    name: str
    answered: str
    counted: str
    left_out: str
    why: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """One delivery.

    Attributes:
        sender: city, province or provider that it comes from; empty where the file does not say.
        file: name of the file.
        badges: kind (for the colour) and text of each remark: late, sent twice.
        delivered: when it was delivered.
        size: its length.
        taken: rows taken.
        refused: rows refused.
        sha: first characters of its SHA-256.
    """

    sender: str
    file: str
    badges: tuple[tuple[str, str], ...]
    delivered: str
    size: str
    taken: str
    refused: str
    sha: str


@dataclass(frozen=True, slots=True)
class Receipts:
    """Receipts of one source.

    Attributes:
        title: the source and the number of its files, in words.
        files: its files by sender and time.
        more: how many more there are, in words; empty where all are shown.
    """

    title: str
    files: tuple[Receipt, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was not taken in.

    Attributes:
        where: row and field, cell, or words for the whole file.
        reason: why, in words.
        found: what was found.
        expected: what was expected.
    """

    where: str
    reason: str
    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """What was refused of one file.

    Attributes:
        title: source, file and number of refusals, in words.
        rows: the first of them.
        more: how many more there are, in words; empty where all are shown.
    """

    title: str
    rows: tuple[Refusal, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Context:
    """Everything on the page.

    Attributes:
        page: frame of the page.
        heading: month in words.
        edition: title of the edition.
        revision: which revision of the month this is, in words.
        revisions: link to all revisions of the month.
        class_titles: the classes of city, as heads of columns.
        sources: the sources that bring something every month.
        sites: link to the sites that were watched.
        sites_summary: how many they are and how their crawls went, in words.
        problems: what went wrong in collecting.
        shortfalls: the sources that brought less than their minimum.
        providers: the credit service providers.
        receipts_title: heading of the receipts, with their number.
        receipts: receipts of files, source by source.
        refusals_title: heading of the refusals, with their number.
        refusals: what was refused, file by file.
        refusals_more: how many more files with refusals there are, in words; empty where none.
        downloads: all of it as data.
    """

    page: Page
    heading: str
    edition: str
    revision: str
    revisions: Link
    class_titles: tuple[str, ...]
    sources: tuple[Source, ...]
    sites: Link
    sites_summary: str
    problems: tuple[Problem, ...]
    shortfalls: tuple[Shortfall, ...]
    providers: tuple[Provider, ...]
    receipts_title: str
    receipts: tuple[Receipts, ...]
    refusals_title: str
    refusals: tuple[RefusedFile, ...]
    refusals_more: str
    downloads: tuple[Download, ...]

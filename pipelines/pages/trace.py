"""Where a value came from, in words: a row or a cell of a file, many records, or several voices."""

from collections.abc import Sequence
from functools import lru_cache

from indicators.measures import catalogue
from pipelines.pages import numbers, words
from pipelines.pages.reading import Contribution, Observation
from templates.catalogue import text


def origin(measure: str, observed: Observation, voices: Sequence[Contribution], lang: str) -> str:
    """Who reported a value, when (a file that somebody names has no time), and what it was made of."""
    if observed.name is None:
        counted = observed.records - observed.left_out
        made_of = of_voices(measure, [v.value for v in voices], counted, lang)
    else:
        made_of = of_file(observed.name, observed.row, observed.place, observed.records, lang)
    source = text(f"source.{observed.source}", lang)
    parts = (source, words.moment(observed.delivered_at), made_of)
    return " · ".join(part for part in parts if part)


@lru_cache(maxsize=65536)
def of_file(name: str, row: int | None, place: str, records: int, lang: str) -> str:
    """The file with row or cell; without them, how many records of it make the value."""
    if place:
        return f"{name} {place}"
    if row is not None:
        return f"{name}:{row}"
    return text("trace.rolled_up", lang, n=numbers.plain(records), file=name)


def of_voices(measure: str, said: Sequence[float], counted: int, lang: str) -> str:
    """How many of the voices that a source has make the value.

    Args:
        measure: the measure.
        said: what each voice said.
        counted: how many of them count.
        lang: language.
    """
    of = len(said)
    if catalogue()[measure].parts == "providers":
        return text("trace.providers", lang, n=counted, of=of)
    if counted == of and set(said) <= {0.0, 1.0}:
        return text("trace.probes", lang, n=int(sum(said)), of=of)
    return text("trace.mean", lang, n=counted, of=of)


def left_out(why: str, lang: str) -> str:
    """Why what a voice said does not count."""
    return text("trace.left_out", lang, why=text(f"why.{why}", lang))

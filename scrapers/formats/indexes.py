"""Reader of what providers answered: one file a provider, as `sources/provider/feed.py` writes it.

Every answer must be as declared. A field that is missing or of another type refuses the file, since
nobody can tell then what the rest of it means; fields that are not declared are dropped.
"""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl

from scrapers.reading import REFUSED, Ask, FileRefused, Reading, harmless
from scrapers.sources.provider.providers import Answer, Provider, field, find, providers

MEASURE: Final = "provider_index"
LARGEST: Final = 1 << 28
"""Bytes; a thousand times what a provider has to say of a month."""
_DIGITS: Final = 20
"""A number with more digits, or with as many after the point, is no index."""
_LISTED: Final = 1000
"""Refusals that are listed one by one."""
_GIVEN = {"row": pl.Int64, "city_code": pl.String, "value": pl.String}


def take(path: Path, name: str, ask: Ask) -> Reading:  # noqa: ARG001 - all readers are asked alike
    """Read what a provider answered about a month.

    Args:
        path: lines of `{"provider", "query", "body"}`, one an answer.
        name: not used.
        ask: what is asked of the source.

    Returns:
        Rows of `provider_index`: `part` and the sender are the provider's id, `row` is the number of the
        item, from 1 over all pages, `value` the index on the scale 0..100, exactly, and null where
        the provider gives none. A city that stands twice is kept once where both are alike, and
        refused where they are not.

    Raises:
        FileRefused: it is no such file, an answer is not as declared or is about another month, or
            pages are missing or do not belong together.
    """
    provider, answers = _answers(path)
    if (month := answers[0].month) != ask.period:
        raise FileRefused("other_month", ask.period, 0, provider.answer.month, harmless(month))
    given: list[tuple[int, str, str | None]] = []
    refused: list[tuple[int, str, str, str, str]] = []
    for row, item in enumerate((item for answer in answers for item in answer.items), 1):
        code, index = _item(provider, item, row)
        if why := _why_not(provider, code, index):
            refused.append((row, *why))
        else:
            given.append((row, code, None if index is None else _scaled(provider, index)))
    rows = pl.DataFrame(given, schema=_GIVEN, orient="row").with_columns(
        alike=pl.col("value").n_unique().over("city_code") == 1,
        times=pl.len().over("city_code").cast(pl.String),
    )
    apart = rows.filter(~pl.col("alike")).select(
        "row",
        field=pl.lit(provider.answer.code),
        reason=pl.lit("duplicate"),
        found="times",
        expected=pl.lit("1"),
    )
    all_refused = pl.concat([pl.DataFrame(refused, schema=REFUSED, orient="row"), apart]).sort(
        "row"
    )
    kept = rows.filter("alike").unique("city_code", keep="first", maintain_order=True)
    return Reading(
        kept=kept.select(
            period=pl.lit(ask.period),
            city_code="city_code",
            measure=pl.lit(MEASURE),
            value="value",
            source=pl.lit(ask.kind),
            part=pl.lit(provider.id),
            place=pl.lit(""),
            row="row",
            evidence=pl.lit(None, pl.String),
        ),
        refused=all_refused.head(_LISTED),
        sender=provider.id,
        more_refused=max(0, len(all_refused) - _LISTED),
    )


def _answers(path: Path) -> tuple[Provider, list[Answer]]:
    """Who answered, and all pages: each is the one that follows by the page before, and none is left."""
    if path.stat().st_size > LARGEST:
        raise FileRefused("too_large", f"{LARGEST} B")
    provider: Provider | None = None
    answers: list[Answer] = []
    following = None
    with path.open("rb") as lines:
        for page, line in enumerate(lines, 1):
            match _line(line):
                case {"provider": str(id_), "query": dict(query), "body": str(body)}:
                    pass
                case _:
                    raise FileRefused("not_answers", "provider, query, body", page)
            if id_ not in providers():
                raise FileRefused("provider_unknown", ", ".join(providers()), page, "provider")
            if provider is None:
                provider = providers()[id_]
                following = provider.first(query.get(provider.ask.month, ""))
            if id_ != provider.id or query != following:
                raise FileRefused("pages_missing", "", page)
            try:
                answer = provider.read(body)
                following = provider.following(query, answer)
            except FileRefused as refusal:
                refusal.field = f"{page}: {refusal.field}"
                raise
            answers.append(answer)
    if provider is None:
        raise FileRefused("empty", "JSON")
    if following is not None:
        raise FileRefused("pages_missing", "", len(answers) + 1)
    if len({(a.month, a.issued, provider.style == "cursor" or a.more) for a in answers}) > 1:
        raise FileRefused("pages_disagree", "")
    return provider, answers


def _line(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _item(provider: Provider, item: Any, row: int) -> tuple[str, Decimal | None]:
    """City and index of one item, as they stand there."""
    try:
        code = field(item, provider.answer.code, "string")
        null = find(item, provider.answer.index) is None
        index = None if null else Decimal(field(item, provider.answer.index, "number"))
    except FileRefused as refusal:
        refusal.row = row
        raise
    return code, index


def _why_not(
    provider: Provider, code: str, index: Decimal | None
) -> tuple[str, str, str, str] | None:
    """Field, reason, found and expected, where an item cannot be taken."""
    if not re.fullmatch(r"[0-9]{6}", code):
        return provider.answer.code, "city_malformed", harmless(code), "NNNNNN"
    if index is None:
        return None
    digits = index.as_tuple()
    if len(digits.digits) > _DIGITS or not -_DIGITS <= int(digits.exponent) <= _DIGITS:
        return provider.answer.index, "not_a_number", "", f"0..{provider.scale}"
    if not 0 <= index <= provider.scale:
        found = harmless(str(index))
        return provider.answer.index, "out_of_scale", found, f"0..{provider.scale}"
    return None


def _scaled(provider: Provider, index: Decimal) -> str:
    """On the scale 0..100, without exponent and without zeros at the end."""
    return f"{abs(index * 100 / provider.scale).normalize():f}"  # -0 is 0

"""The accredited providers, as `providers.toml` declares them, and what an answer of theirs says."""

import json
import tomllib
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from scrapers.declaration import CLOCK
from scrapers.reading import FileRefused

Query = dict[str, str]
Kind = Literal["string", "number", "array"]
_TYPES = {str: "string", int: "number", Decimal: "number", list: "array", dict: "object"}
_MISSING = object()


@dataclass(frozen=True)
class Parameters:
    """Names of the parameters of a query."""

    month: str
    page: str
    count: str


@dataclass(frozen=True)
class Places:
    """Where things are in an answer: names of fields, joined by dots. `code`, `index`: within an item."""

    items: str
    code: str
    index: str
    month: str
    issued: str
    more: str


@dataclass(frozen=True)
class Answer:
    """One page. `more`: number of pages or of items in all, or the name of the next page, if any."""

    month: str
    issued: datetime
    items: list[Any]
    more: int | str | None


@dataclass(frozen=True)
class Provider:
    """One provider; the fields are explained at the top of `providers.toml`."""

    id: str
    zh: str
    en: str
    address: str
    token: str
    per_second: float
    scale: int
    style: Literal["page", "offset", "cursor"]
    count: int
    ask: Parameters
    answer: Places

    def first(self, period: str) -> Query:
        """The query for the first page of a month."""
        begin = {"page": {self.ask.page: "1"}, "offset": {self.ask.page: "0"}, "cursor": {}}
        return {self.ask.month: period, self.ask.count: str(self.count), **begin[self.style]}

    def following(self, query: Query, answer: Answer) -> Query | None:
        """The query for the page after one that was asked for; None where it is the last.

        Raises:
            FileRefused: a page is empty although more should follow.
        """
        if self.style == "cursor":
            at, last = answer.more, answer.more is None
        elif self.style == "page":
            at = int(query[self.ask.page]) + 1
            last = at > int(answer.more or 0)
        else:
            at = int(query[self.ask.page]) + len(answer.items)
            last = at >= int(answer.more or 0)
        if not last and not answer.items:
            raise FileRefused("pages_missing", "", field=self.answer.items, found="0")
        return None if last else {**query, self.ask.page: str(at)}

    def read(self, body: str) -> Answer:
        """What a page says, as declared; fields that are not declared are left aside.

        Raises:
            FileRefused: it is no JSON, or a field is missing or of another type than declared.
        """
        try:
            body.encode()  # what was no UTF-8 is there as lone surrogates
            content = json.loads(body, parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, ArithmeticError, RecursionError):
            raise FileRefused("not_json", "JSON") from None
        more: int | str | None
        if self.style != "cursor":
            more = field(content, self.answer.more, "number")
            if not isinstance(more, int):
                raise FileRefused("drift", "0, 1, 2, …", field=self.answer.more, found="number")
        elif find(content, self.answer.more) in (None, _MISSING, ""):
            more = None
        else:
            more = field(content, self.answer.more, "string")
        issued = field(content, self.answer.issued, "string")
        try:
            at = datetime.fromisoformat(issued)
            if at.tzinfo is None:
                raise ValueError
            at = at.astimezone(CLOCK)
        except (ValueError, OverflowError):
            raise FileRefused(
                "drift", "ISO 8601 +08:00", field=self.answer.issued, found="string"
            ) from None
        return Answer(
            month=field(content, self.answer.month, "string"),
            issued=at,
            items=field(content, self.answer.items, "array"),
            more=more,
        )


def find(content: Any, path: str) -> Any:
    """What is at a place; a value of its own where there is nothing."""
    for name in path.split("."):
        if not isinstance(content, dict) or name not in content:
            return _MISSING
        content = content[name]
    return content


def field(content: Any, path: str, kind: Kind) -> Any:
    """What is at a place, which must be of a kind.

    Raises:
        FileRefused: it is missing or of another type; nothing of it is repeated.
    """
    value = find(content, path)
    if _TYPES.get(type(value)) != kind:
        names = {**_TYPES, bool: "boolean", type(None): "null", object: "missing"}
        raise FileRefused("drift", kind, field=path, found=names[type(value)])
    return value


def _no_number(_: str) -> None:
    """JSON has no NaN and no infinity."""
    raise ValueError


@cache
def providers() -> dict[str, Provider]:
    """All providers by id, in the order of the declaration."""
    raw = tomllib.loads(Path(__file__).with_name("providers.toml").read_text(encoding="utf-8"))
    return {
        id_: Provider(
            id=id_, **{**line, "ask": Parameters(**line["ask"]), "answer": Places(**line["answer"])}
        )
        for id_, line in raw.items()
    }

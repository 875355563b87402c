"""What the reader of pages decided and why, in words; titles and addresses of the web made harmless."""

import json
import re
from functools import lru_cache
from typing import Any

from scrapers.monitor.shapes import AFFAIR_OF
from templates import catalogue
from templates.catalogue import text
from templates.layout import Link

_LONGEST_TITLE = 120
_LONGEST_REASON = 300  # bytes: pages of events must stay light
_LONGEST_ADDRESS = 600
_MODEL = re.compile(r"model (\d\.\d+): ?")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
)
_TERM = re.compile(
    r"\b(?P<form>cue|pattern) (?P<zone>[a-z]+)\.(?:kind\.)?(?P<what>[a-z_]+(?: [a-z]+)*)(?:\.\w+)?"
    r"|\b(?P<of>site|form) (?P<that>[a-z][a-z' ]*)(?=、|$)"
    r"|\btext (?P<share>[01]\.\d+)"
    r"|(?P<phrase>\b(?:[\d,]+ )?[a-z][a-z_']*(?: (?:\d+ )?[a-z][a-z_']*)*)"
)


def decisions(why: str, lang: str) -> list[tuple[str, str]]:
    """Each decision and its reason in words.

    Args:
        why: a JSON object, see `warehouse.contracts.ledger.Pages`.
        lang: language.
    """
    said: dict[str, Any] = json.loads(why or "{}")
    return [
        (_word("decision", name, lang), reason(str(words), lang)) for name, words in said.items()
    ]


@lru_cache(maxsize=16384)
def reason(said: str, lang: str) -> str:
    """What the reader wrote, in the words of a language; what the catalogue lacks stays as it is."""
    said = harmless(said)
    model = _MODEL.match(said)
    lead = text("told_form.model", lang, sure=model[1]) if model else ""
    words = _TERM.sub(lambda term: _term(term, lang), said[model.end() :] if model else said)
    for sign, key in ((": ", "colon"), ("; ", "semicolon")):
        words = words.replace(sign, text(f"site.{key}", lang))
    # Several sorts of words of one lexicon read alike.
    alike = dict.fromkeys(words.split("、"))
    told = lead + text("site.join", lang).join(alike)
    whole = told.encode()
    if len(whole) <= _LONGEST_REASON:
        return told
    return f"{whole[:_LONGEST_REASON].decode(errors='ignore')}…"


def harmless(line: str) -> str:
    """A line of a page in one line, without signs that turn or hide what stands beside them."""
    return " ".join(_UNSEEN.sub("", line).split())


@lru_cache(maxsize=16384)
def title(line: str) -> str:
    """A title as pages show it: harmless, and no longer than two or three lines."""
    line = harmless(line)
    return line if len(line) <= _LONGEST_TITLE else f"{line[:_LONGEST_TITLE]}…"


def address(url: str) -> str:
    """An address of the web that may be linked to; empty for any other."""
    web = url.startswith(("https://", "http://")) and len(url) <= _LONGEST_ADDRESS
    return url if web else ""


def evidence(reference: str | None) -> Link | None:
    """A reference; only an address of the web is a link."""
    return Link(reference, address(reference)) if reference else None


def _term(term: re.Match[str], lang: str) -> str:
    if term["form"]:
        table = "field" if term["what"] in AFFAIR_OF else "told"
        what, zone = _word(table, term["what"], lang), _word("told", term["zone"], lang)
        return text(f"told_form.{term['form']}", lang, zone=zone, what=what)
    if term["of"]:
        return text(f"told_form.{term['of']}", lang, what=_word("told", term["that"], lang))
    if term["share"]:
        return text("told_form.alike", lang, share=term["share"])
    phrase = term["phrase"]
    return _word("field" if phrase in AFFAIR_OF else "told", phrase, lang)


def _word(table: str, name: str, lang: str) -> str:
    key = f"{table}.{name}"
    return text(key, lang) if catalogue.has(key) else name

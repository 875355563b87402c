"""Pages whose kind their form gives away, before the model is asked."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from scrapers.monitor.shapes import Site
from scrapers.monitor.zones import Zones

_TEXTS: Final = tomllib.loads((files("scrapers.monitor") / "forms.toml").read_text("utf-8"))


@dataclass(frozen=True)
class Form:
    """A form that gives a kind away.

    Attributes:
        name: what `why` calls it.
        kind: what such a page is.
        title, text: what must be found; None where anything goes.
        unless: what must not be found in title or text.
    """

    name: str
    kind: str
    title: re.Pattern[str] | None
    text: re.Pattern[str] | None
    unless: re.Pattern[str] | None

    def words(self, read: Zones) -> str | None:
        """The words by which a page has this form, None where it has not."""
        found = []
        for pattern, zone in ((self.title, read.title), (self.text, read.text)):
            match = pattern.search(zone) if pattern else None
            if pattern and match is None:
                return None
            found += [match[0]] if match else []
        if self.unless and self.unless.search(read.whole):
            return None
        return " ".join(found)


def _form(declared: Mapping[str, Any]) -> Form:
    patterns = {
        zone: re.compile(declared[zone]) if zone in declared else None
        for zone in ("title", "text", "unless")
    }
    return Form(declared["name"], declared["kind"], **patterns)


FORMS: Final[Sequence[Form]] = tuple(map(_form, _TEXTS["form"]))
"""In order of precedence."""
_ABOVE: Final[Mapping[str, re.Pattern[str]]] = {
    name: re.compile(
        pattern.format(provinces=f"(?:{_TEXTS['above']['provinces']})")
        if name == "province"
        else pattern
    )
    for name, pattern in _TEXTS["above"].items()
}
_TRUST: Final = re.compile("[诚守失征讲重]信|信[用誉义]|信得过|诺")
_HEAD: Final = 200
"""Characters of the text in which a document says to whom it is addressed."""


def by_form(read: Zones, site: Site) -> tuple[str, str, str] | None:
    """Kind, form and words of a page whose form gives it away, else None."""
    for form in FORMS:
        words = form.words(read)
        if words is not None:
            return form.kind, form.name, words
    above = above_city(read, site)
    return ("other", "document of a province or the nation", above) if above else None


def speaks_of_trust(read: Zones) -> bool:
    """Whether a page has a word of trust or credit: culture without one is no trust culture."""
    return _TRUST.search(read.whole) is not None or _TRUST.search(read.way) is not None


def above_city(read: Zones, site: Site) -> str | None:
    """Words that show a document to be a province's or the nation's, not a city's."""
    addressed = _ABOVE["addressed"].search(read.text[:_HEAD])
    if addressed:
        return addressed[0]
    document = _ABOVE["document"].search(read.title)
    named = read.title.replace("失信联合惩戒", "")
    if not (document or _ABOVE["about"].search(named)) or _ABOVE["breach"].search(named):
        return None
    issuer = _ABOVE["province"].search(read.title) or _ABOVE["nation"].search(read.title)
    if issuer:
        return issuer[0]
    above = site.kind == "government" and site.city_code is None
    return site.name if above and document else None

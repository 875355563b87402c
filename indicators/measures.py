"""The measure catalogue: what each measure is, its unit, its sources and the values it may take."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CATALOGUE = Path(__file__).with_name("measures.toml")
KINDS = ("context", "sum_12m", "stock", "flow", "flag", "rate", "award")
SOURCES = (
    "registry", "ncisp", "ndrc", "code_centre", "city", "province", "provider", "monitoring", "assessor",
)  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """One line of the catalogue.

    `better` says which of two sources' values favours the city, `parts` how the voices of a source that
    has several make one value: their mean, or the mean of the providers that answered well.
    """

    id: str
    kind: str
    unit: str
    sources: tuple[str, ...]
    zh: str
    en: str
    better: str | None = None
    parts: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(
                f"{CATALOGUE.name}: {self.id}: kind {self.kind!r} is not one of {KINDS}"
            )
        if unknown := set(self.sources) - set(SOURCES):
            raise ValueError(f"{CATALOGUE.name}: {self.id}: unknown sources {sorted(unknown)}")
        if len(self.sources) > 1 and self.better not in ("higher", "lower"):
            raise ValueError(
                f'{CATALOGUE.name}: {self.id}: two sources need better = "higher" or "lower"'
            )

        if self.parts not in (None, "mean", "providers"):
            raise ValueError(f"{CATALOGUE.name}: {self.id}: parts {self.parts!r} is not known")

    @property
    def maximum(self) -> float | None:
        """Largest value that can be right, or None: 1 for flags and shares, 100 for 0..100."""
        return {"0 or 1": 1.0, "share": 1.0, "0..100": 100.0}.get(self.unit)

    @property
    def whole(self) -> bool:
        """Whether only 0 and 1 can be right."""
        return self.unit == "0 or 1"


@cache
def catalogue() -> dict[str, Measure]:
    """All measures by id, in the order of the catalogue; errors name the line's measure."""
    lines = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))
    return {
        id_: Measure(id=id_, **{**line, "sources": tuple(line["sources"])})
        for id_, line in lines.items()
    }

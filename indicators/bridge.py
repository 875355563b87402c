"""Editions side by side: an exact bridge from a city's total under one edition to that under another.

A total is the index of a monitoring edition (100 × points / points possible) or the points of a
model-city edition. Points are put on the scale of their total, so that a criterion of 14 points out
of 140 and one of 10 out of 100 are worth the same; what an index gains because not everything could
be assessed is a part of its own. All of it is whole numbers and fractions: the parts add up to the
difference of the totals exactly.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple

import polars as pl

from indicators import rules
from indicators.agreement import Correlation, among, correlation
from indicators.edition import Edition, Leaf
from indicators.expression import national_column
from indicators.score import SUMS_PER_POINT, UNITS_PER_POINT

Step = Literal["city", "edition"]
CITY_KINDS = ("own", "others", "missing", "assessed", "rounding")
EDITION_KINDS = (
    "dropped", "added", "moved", "reweighted", "redefined", "award", "observations", "assessed",
    "rounding",
)  # fmt: skip
TOPS = (20, 50, 100)
NO_SUBJECT = "none"
_SAME_SHARE = Fraction(1, SUMS_PER_POINT)
# Parameters that are points, so that they grow with the points of a criterion that is only reweighted.
_POINTS = {
    "multiple": ("times",),
    "per_unit": ("rate",),
    "step_up": ("base", "gain"),
    "deduct": ("penalty",),
}


class Won(NamedTuple):
    """What was won on a leaf, as the contract `Leaves` has it; `units` are 10⁻¹⁵ points."""

    value: float | None
    units: int | Fraction
    reason: str
    lo: float | None
    hi: float | None


@dataclass(frozen=True)
class Side:
    """A city, or the mean of several of a class, under one edition in one month, as it was scored.

    Attributes:
        edition: the edition.
        period: the month.
        city_class: class of the city in that month.
        points: points won, in 10⁻¹² points, as they were summed.
        possible: points that could be won, in 10⁻¹² points.
        leaves: what was won on each leaf.
        subjects: what each leaf is about.
        operands: values of the city's own measures that leaves over the nation use.
        nation: sums of those measures over the nation.
    """

    edition: Edition
    period: str
    city_class: str
    points: int | Fraction
    possible: int
    leaves: dict[str, Won]
    subjects: dict[str, str]
    operands: dict[str, float] = field(default_factory=dict)
    nation: dict[str, float] = field(default_factory=dict)

    @property
    def total(self) -> Fraction:
        """Index or total, exactly."""
        if self.edition.kind == "monitoring":
            return 100 * Fraction(self.points) / self.possible
        return Fraction(self.points) / SUMS_PER_POINT

    @property
    def scale(self) -> Fraction:
        """What a point of the edition is worth in its total."""
        return scale(self.edition)

    def worth(self, leaf: str) -> Fraction:
        """What the city won on a leaf, on the scale of the total."""
        return self.scale * Fraction(self.leaves[leaf].units) / UNITS_PER_POINT

    @property
    def rounding(self) -> Fraction:
        """What the rounding of the sum of points to 10⁻¹² added."""
        units = sum((won.units for won in self.leaves.values()), Fraction())
        return self.scale * (
            Fraction(self.points) / SUMS_PER_POINT - Fraction(units) / UNITS_PER_POINT
        )

    @property
    def assessed(self) -> Fraction:
        """What the total gains because leaves that could not be assessed leave both sums."""
        return self.total - self.scale * Fraction(self.points) / SUMS_PER_POINT


@dataclass(frozen=True)
class Part:
    """One part of the difference.

    Attributes:
        step: `city`, from one month to the other under the first edition, or `edition`.
        kind: one of `CITY_KINDS` or `EDITION_KINDS`.
        subject: what it is about; empty for `assessed` and `rounding`, which are of the whole.
        leaf: the criterion; empty for the same two.
        amount: on the scale of the total.
        was: what was won on it before the step; None where it was no criterion.
        now: what is won on it after the step; None where it is none any more.
        changed: of a criterion that was redefined: rule, parameters, expression, sources.
    """

    step: Step
    kind: str
    subject: str
    leaf: str
    amount: Fraction
    was: Won | None = None
    now: Won | None = None
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """One end of a bridge: `subjects`, `assessed` and `rounding` add up to `total`.

    `points` and `possible` are those of the edition, not on the scale of the total.
    """

    edition: str
    period: str
    total: Fraction
    points: Fraction
    possible: Fraction
    subjects: dict[str, Fraction]
    assessed: Fraction
    rounding: Fraction


@dataclass(frozen=True)
class Bridge:
    """From the first standing to the last: the parts of each step lead from one to the next."""

    standings: tuple[Standing, ...]
    parts: tuple[Part, ...]


def scale(edition: Edition) -> Fraction:
    """What a point of an edition is worth in its total, where everything could be assessed."""
    if edition.kind == "monitoring":
        return Fraction(100 * UNITS_PER_POINT, _units(edition.points_possible))
    return Fraction(1)


def subjects(edition: Edition, today: Edition) -> dict[str, str]:
    """What each leaf is about.

    Args:
        edition: the edition; one that was frozen before there were subjects has none.
        today: the edition of that id as it is now, which has; ids of leaves never change their meaning.
    """
    known = {leaf.id: today.subject_of(leaf) for leaf in today.leaves}
    return {
        leaf.id: edition.subject_of(leaf) or known.get(leaf.id) or NO_SUBJECT
        for leaf in edition.leaves
    }


def sides(
    edition: Edition,
    subjects: dict[str, str],
    leaves: pl.DataFrame,
    index: pl.DataFrame,
    observations: pl.DataFrame,
    codes: Collection[str],
) -> dict[str, Side]:
    """What cities won under an edition in one month, by their code.

    Args:
        edition: the edition.
        subjects: what each leaf is about.
        leaves: frame of the contract `Leaves`, one month.
        index: frame of the contract `Index`, the same month.
        observations: period, city_code, measure, value of the month; all cities.
        codes: the cities asked for; those that were not scored are left out.
    """
    used = {
        m for leaf in edition.leaves if leaf.expression.national for m in leaf.expression.measures
    }
    scored = observations.filter(pl.col("city_code").is_in(index["city_code"].to_list()))
    nation = national_sums(edition, scored)
    operands: dict[str, dict[str, float]] = defaultdict(dict)
    wanted = pl.col("city_code").is_in(list(codes))
    own = scored.filter(wanted, pl.col("measure").is_in(list(used)))
    for code, measure, value in own.select("city_code", "measure", "value").iter_rows():
        operands[code][measure] = value
    won: dict[str, dict[str, Won]] = defaultdict(dict)
    rows = leaves.filter(wanted).select(
        "city_code", pl.col("leaf", "reason").cast(pl.String), "value", "lo", "hi",
        units=in_units(pl.col("points")),
    )  # fmt: skip
    for code, leaf, reason, value, lo, hi, units in rows.iter_rows():
        won[code][leaf] = Won(value, units, reason, lo, hi)
    return {
        row["city_code"]: Side(
            edition,
            row["period"],
            row["city_class"],
            _sums(row["points"]),
            _sums(row["points_possible"]),
            won[row["city_code"]],
            subjects,
            operands[row["city_code"]],
            nation,
        )
        for row in index.filter(wanted, pl.col("index").is_not_null()).iter_rows(named=True)
    }


def mean_side(
    edition: Edition, subjects: dict[str, str], leaves: pl.DataFrame, index: pl.DataFrame
) -> Side:
    """The mean of cities of one class in one month, to be bridged as a city is.

    What is possible is the same for a whole class, so the total of the mean is the mean of the totals.

    Args:
        edition: the edition.
        subjects: what each leaf is about.
        leaves: frame of the contract `Leaves`, of these cities alone.
        index: frame of the contract `Index`, of these cities alone; at least one.

    Raises:
        ValueError: the cities are of several classes or months, or do not have the same possible points.
    """
    alike = index.select("period", "city_class", "points_possible").unique()
    if len(alike) != 1:
        raise ValueError(f"a mean needs one month, class and points possible, not {alike.rows()}")
    period, city_class, possible = alike.row(0)
    n = len(index)
    units = leaves.group_by(pl.col("leaf").cast(pl.String)).agg(
        in_units(pl.col("points")).cast(pl.Int128).sum()
    )
    return Side(
        edition,
        period,
        city_class,
        Fraction(sum(map(_sums, index["points"])), n),
        _sums(possible),
        {leaf: Won(None, Fraction(won, n), "", None, None) for leaf, won in units.iter_rows()},
        subjects,
    )


def national_sums(edition: Edition, observations: pl.DataFrame) -> dict[str, float]:
    """Sum over the nation of each measure that some leaf needs so.

    Args:
        edition: the edition.
        observations: measure, value of one month; of the cities that were scored, and no others.
    """
    summed = {m for leaf in edition.leaves for m in leaf.expression.national}
    return {
        m: float(observations.filter(pl.col("measure") == m)["value"].sum()) for m in sorted(summed)
    }


def in_units(points: pl.Expr) -> pl.Expr:
    """Points in whole units of 10⁻¹⁵, as they were added up when they were scored."""
    return (points * UNITS_PER_POINT).round().cast(pl.Int64)


def units_won(leaf: Leaf) -> pl.Expr:
    """What a leaf's rule makes of a row, in whole units of 10⁻¹⁵ points.

    The row's columns: `value` (of a leaf over the nation its measures and `nation(…)` in its place),
    `lo`, `hi`, `city_class`.
    """
    own = pl.col("value")
    if leaf.expression.national:
        own = leaf.expression.value(leaf.parameters.get("empty"))
    bounds = rules.Bounds(pl.col("lo"), pl.col("hi"), pl.col("city_class"))
    return in_units(rules.RULES[leaf.rule](own, float(leaf.points), leaf.parameters, bounds))


def bridge(start: Side, end: Side, before: Side | None = None) -> Bridge:
    """The bridge of one city from an edition to another in the same month.

    Args:
        start: the city under the first edition.
        end: the city under the second edition, the same month.
        before: the city under the first edition in another month, to begin there; then the first step
            is what the city, and others, changed between the months.

    Raises:
        ValueError: the first edition was another in that month: its criteria were corrected since.
    """
    parts = list(_edition_parts(start, end))
    if before is None:
        return Bridge((_standing(start), _standing(end)), tuple(parts))
    if before.edition.leaves != start.edition.leaves:
        raise ValueError(
            f"{before.edition.id} had other criteria in {before.period} (revision "
            f"{before.edition.revision}) than in {start.period} (revision {start.edition.revision}); "
            "bridge the two months one by one"
        )
    return Bridge(
        (_standing(before), _standing(start), _standing(end)),
        (*_city_parts(before, start), *parts),
    )


@dataclass(frozen=True)
class Moves:
    """How the ranks of a class move from one edition to another.

    Attributes:
        of: cities of the class.
        rows: city_code, rank_a, rank_b (among the cities compared), moved (rank_a − rank_b, positive
            for a better rank under the second), total_a, total_b; the largest movers first.
        correlation: over the cities compared.
        kept: for each top of `TOPS` that is smaller than the class, how many are in it under both.
    """

    of: int
    rows: pl.DataFrame
    correlation: Correlation
    kept: dict[int, int]


def moves(
    index_a: pl.DataFrame, index_b: pl.DataFrame, city_class: str, codes: Collection[str]
) -> Moves:
    """Compare the ranks of a class under two editions; those compared are ranked among themselves.

    Args:
        index_a: frame of the contract `Index`, one month under the first edition.
        index_b: the same month under the second.
        city_class: the class.
        codes: cities to compare: those that take part under both.
    """

    def of_class(index: pl.DataFrame, name: str) -> pl.DataFrame:
        return index.filter(
            pl.col("city_class") == city_class,
            pl.col("city_code").is_in(list(codes)),
            pl.col("rank").is_not_null(),
        ).select(
            "city_code",
            pl.col("rank").alias(f"rank_{name}"),
            pl.col("index").alias(f"total_{name}"),
        )

    rows = (
        of_class(index_a, "a")
        .join(of_class(index_b, "b"), on="city_code")
        .with_columns(rank_a=among("rank_a"), rank_b=among("rank_b"))
        .with_columns(moved=pl.col("rank_a") - pl.col("rank_b"))
        .select("city_code", "rank_a", "rank_b", "moved", "total_a", "total_b")
        .sort(pl.col("moved").abs(), -pl.col("rank_a"), "city_code", descending=[True, True, False])
    )
    kept = {
        top: len(rows.filter(pl.col("rank_a") <= top, pl.col("rank_b") <= top))
        for top in TOPS
        if top < len(rows)
    }
    return Moves(
        len(index_a.filter(pl.col("city_class") == city_class)),
        rows,
        correlation(rows["rank_a"], rows["rank_b"]),
        kept,
    )


def _standing(side: Side) -> Standing:
    worth: dict[str, Fraction] = defaultdict(Fraction)
    for leaf in side.edition.leaves:
        worth[side.subjects[leaf.id]] += side.worth(leaf.id)
    return Standing(
        side.edition.id,
        side.period,
        side.total,
        Fraction(side.points) / SUMS_PER_POINT,
        Fraction(side.possible, SUMS_PER_POINT),
        dict(worth),
        side.assessed,
        side.rounding,
    )


def _whole(step: Step, start: Side, end: Side) -> Iterator[Part]:
    """Parts that belong to no criterion."""
    for kind, amount in (
        ("assessed", end.assessed - start.assessed),
        ("rounding", end.rounding - start.rounding),
    ):
        if amount:
            yield Part(step, kind, "", "", amount)


def _edition_parts(start: Side, end: Side) -> Iterator[Part]:
    """What the edition changed: criteria of both by id, which never changes its meaning."""
    after = {leaf.id: leaf for leaf in end.edition.leaves}
    for leaf in start.edition.leaves:
        subject, worth, was = start.subjects[leaf.id], start.worth(leaf.id), start.leaves[leaf.id]
        if leaf.id not in after:
            if worth:
                yield Part("edition", "dropped", subject, leaf.id, -worth, was)
            continue
        other = after[leaf.id]
        to = end.subjects[leaf.id]
        if to != subject and worth:
            now = end.leaves[leaf.id]
            yield Part("edition", "moved", subject, leaf.id, -worth, was, now)
            yield Part("edition", "moved", to, leaf.id, worth, was, now)
        yield from _same_leaf(start, end, leaf, other, to)
    known = {leaf.id for leaf in start.edition.leaves}
    for leaf in end.edition.leaves:
        if leaf.id not in known and (worth := end.worth(leaf.id)):
            now = end.leaves[leaf.id]
            yield Part("edition", "added", end.subjects[leaf.id], leaf.id, worth, None, now)
    yield from _whole("edition", start, end)


def _same_leaf(start: Side, end: Side, leaf: Leaf, other: Leaf, subject: str) -> Iterator[Part]:
    """First the points: the same share of what it is worth now. What is left, another reason gave."""
    was, now = start.leaves[leaf.id], end.leaves[leaf.id]
    share = Fraction(was.units) / _units(leaf.points)
    reached = Fraction(now.units) / _units(other.points)
    weight_before = start.scale * _units(leaf.points) / UNITS_PER_POINT
    weight = end.scale * _units(other.points) / UNITS_PER_POINT
    reweighted, rest = share * (weight - weight_before), (reached - share) * weight
    changed = _definition(leaf, other)
    both_awarded = leaf.awarded and other.awarded
    kind = "award" if both_awarded else "redefined" if changed else "observations"
    # Shares that differ by less than sums are kept to are the same, but for how they were computed.
    if abs(reached - share) < _SAME_SHARE and reweighted:
        reweighted, rest = reweighted + rest, Fraction()
    if reweighted:
        yield Part("edition", "reweighted", subject, leaf.id, reweighted, was, now)
    if rest:
        yield Part("edition", kind, subject, leaf.id, rest, was, now, changed)


def _definition(leaf: Leaf, other: Leaf) -> tuple[str, ...]:
    """What of a criterion's definition changed, other than its points."""
    if leaf.rule != other.rule:
        changed = ["rule"]
    elif _per_point(leaf) != _per_point(other):
        changed = ["parameters"]
    else:
        changed = []
    if leaf.expression.text != other.expression.text:
        changed.append("expression")
    if set(leaf.sources) != set(other.sources):
        changed.append("sources")
    return tuple(changed)


def _per_point(leaf: Leaf) -> dict[str, object]:
    """A rule's parameters, those that are points as shares of the criterion's points."""
    shares: dict[str, object] = dict(leaf.parameters)
    for name in _POINTS.get(leaf.rule, ()):
        shares[name] = Fraction(str(leaf.parameters[name])) / Fraction(str(leaf.points))
    if leaf.rule == "bands":
        shares["bands"] = [
            (bound, Fraction(str(award)) / Fraction(str(leaf.points)))
            for bound, award in sorted(leaf.parameters["bands"])
        ]
    return shares


def _city_parts(before: Side, after: Side) -> Iterator[Part]:
    """What changed between two months under one edition."""
    unit = before.scale / UNITS_PER_POINT
    for leaf in before.edition.leaves:
        subject, was, now = before.subjects[leaf.id], before.leaves[leaf.id], after.leaves[leaf.id]
        if was.reason or now.reason:
            # Imputed in both months, what moved is the median of the class.
            kind = "others" if was.reason == now.reason else "missing"
            amounts = {kind: now.units - was.units}
        else:
            alone = _alone(before, after, leaf)
            amounts = {"own": alone - was.units, "others": now.units - alone}
        for kind, units in amounts.items():
            if units:
                yield Part("city", kind, subject, leaf.id, unit * units, was, now)
    yield from _whole("city", before, after)


def _alone(before: Side, after: Side, leaf: Leaf) -> int | Fraction:
    """Units that the city's new value would have won, had the others stayed as they were."""
    was, now = before.leaves[leaf.id], after.leaves[leaf.id]
    national = leaf.expression.national
    if not (leaf.relative or national or before.city_class != after.city_class):
        return now.units
    row = pl.DataFrame(
        {"value": now.value, "lo": was.lo, "hi": was.hi, "city_class": before.city_class},
        {"value": pl.Float64, "lo": pl.Float64, "hi": pl.Float64, "city_class": pl.String},
    )
    if national:
        row = row.with_columns(
            *(pl.lit(after.operands[m]).alias(m) for m in leaf.expression.measures),
            *(pl.lit(before.nation[m]).alias(national_column(m)) for m in national),
        )
    return int(row.select(units_won(leaf)).item())


def _sums(points: float) -> int:
    return round(points * SUMS_PER_POINT)


def _units(points: float) -> int:
    return round(points * UNITS_PER_POINT)

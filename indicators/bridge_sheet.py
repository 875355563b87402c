"""A bridge as it is printed: rounded so that rows and columns still add up, to the last digit shown."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from indicators.bridge import NO_SUBJECT, Bridge, Part, Standing, Step
from indicators.subjects import subjects

PLACES = 3
"""Decimals that are printed; all numbers of a sheet are whole and count 10⁻³."""
_ONE: int = 10**PLACES
ASSESSED, ROUNDING = "assessed", "rounding"
STEPS: dict[int, tuple[Step, ...]] = {2: ("edition",), 3: ("city", "edition")}
"""Steps of a bridge with so many standings."""


@dataclass(frozen=True)
class Line:
    """One subject, or what belongs to none (`assessed`, `rounding`), from end to end.

    `ends` has a number for each standing; the parts of each step add up to their differences.
    """

    name: str
    ends: tuple[int, ...]
    parts: tuple[tuple[Part, int], ...]

    def by_kind(self, step: Step) -> dict[str, int]:
        """Sums of the printed parts of one step."""
        return _by_kind(self.parts, step)


@dataclass(frozen=True)
class Sheet:
    """Lines that add up to `totals`, which are the totals rounded, halves up."""

    totals: tuple[int, ...]
    lines: tuple[Line, ...]

    def by_kind(self, step: Step) -> dict[str, int]:
        """Sums of the printed parts of one step over all lines."""
        return _by_kind([part for line in self.lines for part in line.parts], step)


def sheet(bridge: Bridge) -> Sheet:
    """Round a bridge.

    Totals are rounded by themselves, lines to the total, kinds of change to that of their line, and
    parts to their kind, by largest remainders; a line that does not change is printed alike at both
    ends. So a number may be a few 10⁻³ away from its own rounding, but every sum a reader does is right.
    """
    totals = tuple(thousandths(standing.total) for standing in bridge.standings)
    at_ends = [_lines_of(standing) for standing in bridge.standings]
    known = {name: at for at, name in enumerate((*subjects(), NO_SUBJECT, ASSESSED, ROUNDING))}
    names = sorted({name for lines in at_ends for name in lines}, key=known.__getitem__)
    ends = [_printed(names, at_ends[0], totals[0], {}, {})]
    for total, exact, exact_before in zip(totals[1:], at_ends[1:], at_ends, strict=False):
        ends.append(_printed(names, exact, total, exact_before, ends[-1]))
    parts: dict[str, list[tuple[Part, int]]] = {name: [] for name in names}
    for at, step in enumerate(STEPS[len(bridge.standings)]):
        for name in names:
            own = [p for p in bridge.parts if p.step == step and _line(p) == name]
            change = ends[at + 1][name] - ends[at][name]
            parts[name] += (
                [(Part(step, ROUNDING, "", "", Fraction()), change)]
                if name == ROUNDING
                else _by_kind_then_part(own, change)
            )
    _cancel(parts)
    return Sheet(
        totals,
        tuple(Line(name, tuple(end[name] for end in ends), tuple(parts[name])) for name in names),
    )


def thousandths(amount: Fraction) -> int:
    """An amount in whole 10⁻³, halves up."""
    scaled = amount * _ONE
    return (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)


def apportioned(amounts: Sequence[Fraction], total: int) -> list[int]:
    """Whole 10⁻³ that stand for `amounts` and add up to `total`, by largest remainders.

    Each is rounded down, then those with the largest remainders up until the sum is right; what is
    exactly 0 stays 0.

    Raises:
        ValueError: the amounts are all 0 and the total is not.
    """
    scaled = [amount * _ONE for amount in amounts]
    found = [amount.numerator // amount.denominator for amount in scaled]
    some = [at for at, amount in enumerate(scaled) if amount]
    if not some:
        if total:
            raise ValueError(f"amounts that are all 0 cannot add up to {total}")
        return found
    each, more = divmod(total - sum(found), len(some))
    largest_first = sorted(some, key=lambda at: (found[at] - scaled[at], at))
    for place, at in enumerate(largest_first):
        found[at] += each + (place < more)
    return found


def _printed(
    names: Sequence[str],
    exact: dict[str, Fraction],
    total: int,
    exact_before: dict[str, Fraction],
    before: dict[str, int],
) -> dict[str, int]:
    """Lines of one standing, those that did not change as they were printed before."""
    found = {name: 0 for name in names if not exact.get(name)}
    for name, amount in before.items():
        if exact.get(name) == exact_before.get(name, Fraction()):
            found[name] = amount
    found[ROUNDING] = 0
    free = [name for name in names if name not in found]
    left = total - sum(found.values())
    if free:
        found |= zip(free, apportioned([exact[name] for name in free], left), strict=True)
    else:  # Nothing is there that could take up what rounding left.
        found[ROUNDING] = left
    return found


def _by_kind_then_part(parts: Sequence[Part], change: int) -> Iterator[tuple[Part, int]]:
    """Parts of one line that add up to its change, and by kind to what their sums round to."""
    kinds: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        kinds[part.kind].append(part)
    exact = [sum((part.amount for part in own), Fraction()) for own in kinds.values()]
    for own, amount in zip(kinds.values(), apportioned(exact, change), strict=True):
        yield from zip(own, apportioned([part.amount for part in own], amount), strict=True)


def _cancel(parts: dict[str, list[tuple[Part, int]]]) -> None:
    """Print what a moved criterion takes from one line and gives to another alike.

    The difference goes to the largest other part of either line; where there is none, it stays.
    """
    left: dict[str, tuple[str, int]] = {}
    for name, own in parts.items():
        for at, (part, amount) in enumerate(own):
            if part.kind != "moved":
                continue
            if part.leaf not in left:
                left[part.leaf] = name, at
                continue
            off = amount + parts[left[part.leaf][0]][left[part.leaf][1]][1]
            for line, place in ((name, at), left[part.leaf]):
                others = [
                    (abs(other.amount), other_at)
                    for other_at, (other, _) in enumerate(parts[line])
                    if other.step == part.step and other.kind != "moved"
                ]
                if off and others:
                    _shift(parts[line], place, -off)
                    _shift(parts[line], max(others)[1], off)
                    off = 0


def _shift(parts: list[tuple[Part, int]], at: int, by: int) -> None:
    part, amount = parts[at]
    parts[at] = part, amount + by


def _lines_of(standing: Standing) -> dict[str, Fraction]:
    return {
        **standing.subjects,
        ASSESSED: standing.assessed,
        ROUNDING: standing.rounding,
    }


def _line(part: Part) -> str:
    return part.subject or part.kind


def _by_kind(parts: Sequence[tuple[Part, int]], step: Step) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for part, amount in parts:
        if part.step == step:
            sums[part.kind] += amount
    return dict(sums)

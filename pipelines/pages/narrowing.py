"""Filters of tables: what rows can be narrowed by, of the values that they have."""

from collections.abc import Mapping, Sequence

from templates.layout import Filter

Marks = dict[str, str]
"""Values of a row by the name of the filter."""


def filters(
    rows: Sequence[Marks], known: Mapping[str, tuple[str, Mapping[str, str]]]
) -> tuple[Filter, ...]:
    """A filter for everything that rows differ in.

    Args:
        rows: what each row has.
        known: by name, the label and the words of each value, in the order to be shown.
    """
    made = []
    for name, (label, words) in known.items():
        there = {row[name] for row in rows}
        if len(there) > 1:
            options = tuple((value, said) for value, said in words.items() if value in there)
            made.append(Filter(name, label, options))
    return tuple(made)

"""Rounds of applications for the title of model city: when they are, who applies, what is true of those.

Pure, as the world is. A round is held in June and in December, from 2016-06 on.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sandbox import chance
from sandbox.chance import Numbers
from sandbox.world import Month, base_rates

Mask = NDArray[np.bool_]
Months = NDArray[np.int64]

_FIRST, _EVERY = 5, 6  # months from 2016-01
_PLACES = (24, 100, 60)
"""About so many cities of each class apply in a round."""
_MORE_OR_LESS = 0.05
_TERM = 36
"""Months for which a title is held; then it has to be applied for again."""
_NEVER = -10_000
_KEEN, _MOOD = 0.6, 0.3
"""What else than readiness makes a city apply: a lasting wish, and the mood of the round."""


def is_round(t: int) -> bool:
    """Whether a round is held in a month, counted from 2016-01."""
    return t >= _FIRST and t % _EVERY == _FIRST


def applicants(month: Month) -> Mask:
    """Which cities apply in a month; nobody where there is no round.

    The readier ones do, again and again until they have the title: of each class a round's readiest
    applicant is named.
    """
    if not is_round(month.t):
        return np.zeros(len(month.codes), dtype=np.bool_)
    named = np.full(len(month.codes), _NEVER)
    for t in range(_FIRST, month.t, _EVERY):
        before = month.at(t)
        ready = np.where(_applying(before, named), before.readiness(), -np.inf)
        for nth in range(len(_PLACES)):
            of_class = np.flatnonzero(month.city_class == nth)
            named[of_class[np.argmax(ready[of_class])]] = t
    return _applying(month, named)


def told(month: Month) -> pl.DataFrame:
    """What is true of the applicants of a month beyond the world: city_code, measure, value."""
    applying = applicants(month)
    codes = pl.Series(month.codes, dtype=pl.String).filter(pl.Series(applying))
    nothing = pl.DataFrame(
        schema={"city_code": pl.String, "measure": pl.String, "value": pl.Float64}
    )
    if codes.is_empty():
        return nothing
    return pl.concat(
        pl.DataFrame({"city_code": codes, "value": month.value(rate.id)[applying]}).select(
            "city_code", measure=pl.lit(rate.id), value="value"
        )
        for rate in base_rates().values()
        if rate.applied
    )


def _applying(month: Month, named: Months) -> Mask:
    """The cities that apply in a round: of each class the keenest that have no title."""
    keenness = np.where(month.t - named < _TERM, -np.inf, _keenness(month))
    applying = np.zeros(len(month.codes), dtype=np.bool_)
    for nth, usual in enumerate(_PLACES):
        of_class = np.flatnonzero(month.city_class == nth)
        drawn = 2.0 * chance.once(month.seed, "applicants", nth, month.t) - 1.0
        places = round(usual * (1.0 + _MORE_OR_LESS * drawn))
        applying[of_class[np.argsort(-keenness[of_class], kind="stable")[:places]]] = True
    return applying


def _keenness(month: Month) -> Numbers:
    wish = chance.normal(month.who, month.seed, "wish to apply")
    mood = chance.normal(month.who, month.seed, "mood to apply", month.t)
    return month.readiness() + _KEEN * wish + _MOOD * mood

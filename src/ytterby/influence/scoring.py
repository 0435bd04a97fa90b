# SPDX-License-Identifier: Apache-2.0
"""The hazard on years that it has not seen: log score of its classes against the constant rate.

Each exposed unit of a year is a yes or a no; with rate r the score is ln(1 - exp(-r)) for a yes and -r for a no. Two ways
to leave out: each year in turn (`left out`), or every year from it on (`only earlier years`), as a forecaster has to. What
is left out has no say in the rates, nor in the weight with which they are drawn together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ytterby.influence.hazard import Hazard, Tally
from ytterby.influence.rates import constant, fit, weight

LEFT_OUT, EARLIER = "left out", "only earlier years"
LEAST_YEARS = 3


@dataclass(frozen=True)
class Score:
    """Log score of one year by the classes and by the constant rate; higher is better."""

    which: str
    way: str
    year: int
    restrictions: int
    classes: float
    constant: float

    @property
    def gain(self) -> float:
        """What the classes add."""
        return self.classes - self.constant


def scores(of: Hazard) -> list[Score]:
    """Scores of every year that can be left out, for both rates and both ways."""
    return [
        _score(which, way, tally, year)
        for which, tally in of.tallies.items()
        for way in (LEFT_OUT, EARLIER)
        for number, year in enumerate(tally.years)
        if way == LEFT_OUT or number >= LEAST_YEARS
    ]


def _score(which: str, way: str, tally: Tally, year: int) -> Score:
    seen = [one for one in tally.years if (one != year if way == LEFT_OUT else one < year)]
    sums, now = tally.sums(seen), tally.sums([year])
    mean = constant(sums)
    rates = {name: rate.value for name, rate in fit(sums, weight(sums)).items()}
    by_class = sum(_log(rates.get(name, mean), k, n) for name, (k, n) in now.items())
    flat = sum(_log(mean, k, n) for k, n in now.values())
    return Score(which, way, year, sum(k for k, _ in now.values()), by_class, flat)


def _log(rate: float, k: int, n: float) -> float:
    return k * math.log(-math.expm1(-rate)) - (n - k) * rate


def gains(of: list[Score]) -> Mapping[tuple[str, str], tuple[float, int, int]]:
    """Per rate and way: sum of the gains, years with a gain, years scored."""
    found: dict[tuple[str, str], tuple[float, int, int]] = {}
    for score in of:
        total, better, years = found.get((score.which, score.way), (0.0, 0, 0))
        found[score.which, score.way] = (total + score.gain, better + (score.gain > 0), years + 1)
    return found

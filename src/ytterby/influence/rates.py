# SPDX-License-Identifier: Apache-2.0
"""Rates of classes from counts and exposed years: drawn to the constant rate by empirical Bayes, or each by itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

ENDS = (0.05, 0.95)
UNSEEN = 0.5
WEIGHTS = (1e-2, 1e2)
Class = tuple[str, str]


@dataclass(frozen=True)
class Rate:
    """Rate of a class per exposed year: posterior shape and inverse scale, mean and 90 % interval, and its counts."""

    name: Class
    restrictions: int
    exposed: float
    shape: float
    inverse_scale: float
    value: float
    low: float
    high: float


def fit(sums: Mapping[Class, tuple[int, float]], prior: float) -> dict[Class, Rate]:
    """Rates of the classes, each drawn to the constant rate with the weight of `prior` restrictions.

    Without any restriction at all the constant rate is half a restriction in all exposed years.
    """
    from scipy.stats import gamma

    mean = constant(sums)
    found = {}
    for name, (k, n) in sums.items():
        shape, inverse = prior + k, prior / mean + n
        low, high = gamma.ppf(ENDS, shape, scale=1 / inverse)
        found[name] = Rate(name, k, n, shape, inverse, shape / inverse, float(low), float(high))
    return found


def alone(name: Class, k: int, n: float) -> Rate:
    """The rate of a class by itself, with Jeffreys' prior for a Poisson rate: Gamma of shape k + 1/2 over n years."""
    from scipy.stats import gamma

    shape = k + UNSEEN
    low, high = gamma.ppf(ENDS, shape, scale=1 / n)
    return Rate(name, k, n, shape, n, shape / n, float(low), float(high))


def weight(sums: Mapping[Class, tuple[int, float]]) -> float:
    """The weight of the constant rate, in restrictions, under which the counts of the classes are likeliest.

    With the rates integrated out a count is negative binomial. Alike classes have the greatest weight of the search, under
    which all rates are one; counts of one class say nothing about it.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import gammaln

    mean = constant(sums)

    def unlikely(logarithm: float) -> float:
        a = math.exp(logarithm)
        return math.fsum(
            float(gammaln(a) - gammaln(a + k)) - a * math.log(a / mean) + (a + k) * math.log(a / mean + n)
            for k, n in sums.values()
        )

    ends = tuple(math.log(end) for end in WEIGHTS)
    return math.exp(float(minimize_scalar(unlikely, bounds=ends, method="bounded").x))


def constant(sums: Mapping[Class, tuple[int, float]]) -> float:
    """The constant rate: all restrictions over all exposed years."""
    return max(sum(k for k, _ in sums.values()), UNSEEN) / sum(n for _, n in sums.values())

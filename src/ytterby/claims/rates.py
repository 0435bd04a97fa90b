# SPDX-License-Identifier: Apache-2.0
"""Rates from several counts and shares: a hierarchical Beta-binomial model on a grid.

Each study i has its own rate t_i ~ Beta(m k, (1 - m) k). Counts are binomial in t_i; a share without counts is t_i itself;
a bound says on which side of it t_i lies. The mean m is uniform on (0, 1), and 1/sqrt(k) is uniform on (0, 1], so that few
studies leave the spread between studies wide. What is asked for is the rate of a study not yet seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.errors import FactError, Problem

MEANS, SPREADS = 200, 60
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Study:
    """One row of evidence: a count (successes of trials), a share, or a bound on a share."""

    id: str
    successes: float | None = None
    trials: float | None = None
    share: float | None = None
    below: float | None = None
    above: float | None = None


@dataclass(frozen=True)
class Posterior:
    """Weights over the grid of Beta distributions; `alpha`, `beta`, `weight` of one length."""

    alpha: Numbers
    beta: Numbers
    weight: Numbers

    @property
    def mean(self) -> float:
        """Mean rate of a new study."""
        return float(np.sum(self.weight * self.alpha / (self.alpha + self.beta)))

    def draws(self, generator: np.random.Generator, count: int) -> Numbers:
        """Rates of new studies, drawn."""
        at = generator.choice(self.weight.size, size=count, p=self.weight)
        return generator.beta(self.alpha[at], self.beta[at])


def study(row: Mapping[str, Any]) -> Study | None:
    """A row of relation `realisation` as evidence; None where it holds no figure.

    Raises
    ------
    FactError : a share of 0 or 1 without counts, or more successes than trials
    """
    if row["trials"] is not None and row["successes"] is not None:
        if row["successes"] > row["trials"]:
            raise _bad(row, "successes", f"{row['successes']} of {row['trials']}", "at most the trials")
        return Study(row["id"], successes=row["successes"], trials=row["trials"])
    if row["unit"] != "fraction":
        return None
    if row["state"] == "less_than":
        return Study(row["id"], below=row["high"])
    if row["state"] == "greater_than":
        return Study(row["id"], above=row["low"])
    if row["value"] is None:
        return None
    if not 0 < row["value"] < 1:
        raise _bad(row, "value", f"a share of {row['value']:g} without counts", "successes and trials")
    return Study(row["id"], share=row["value"])


def _bad(row: Mapping[str, Any], column: str, found: str, allowed: str) -> FactError:
    return FactError.collected(
        [Problem("realisation.csv", row["id"], column, found, allowed, "correct the row")]
    )


def log_likelihood(one: Study, alpha: Numbers, beta: Numbers) -> Numbers:
    """Log-likelihood of one study under Beta(alpha, beta), up to a constant."""
    from scipy.special import betainc, betaln

    tiny = np.finfo(float).tiny
    if one.trials is not None and one.successes is not None:
        failures = one.trials - one.successes
        return np.asarray(betaln(one.successes + alpha, failures + beta) - betaln(alpha, beta))
    if one.share is not None:
        inside = (alpha - 1) * np.log(one.share) + (beta - 1) * np.log1p(-one.share)
        return np.asarray(inside - betaln(alpha, beta))
    if one.below is not None:
        return np.asarray(np.log(np.maximum(betainc(alpha, beta, one.below), tiny)))
    return np.asarray(np.log(np.maximum(1 - betainc(alpha, beta, one.above or 0.0), tiny)))


def posterior(studies: Sequence[Study]) -> Posterior:
    """What the studies say about a new one. Without any study the answer is the prior: anything from 0 to 1.

    References
    ----------
    Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, section 5.3 (the prior is theirs, cut at k >= 1).
    """
    mean = (np.arange(MEANS) + 0.5) / MEANS
    spread = (np.arange(SPREADS) + 0.5) / SPREADS
    m, k = (part.ravel() for part in np.meshgrid(mean, spread**-2.0))
    alpha, beta = m * k, (1 - m) * k
    logs = np.zeros(m.size) + sum(log_likelihood(one, alpha, beta) for one in studies)
    weight = np.exp(logs - logs.max())
    return Posterior(alpha, beta, weight / weight.sum())

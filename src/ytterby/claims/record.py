# SPDX-License-Identifier: Apache-2.0
"""What the record says of a pledge's open rest: drawn rates by class, status, and time past due."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.claims.evidence import known_until
from ytterby.claims.rates import Study, posterior, study
from ytterby.facts import FactBase
from ytterby.facts.dates import last_day

Row = Mapping[str, Any]
Numbers = NDArray[np.float64]
DRAWS, SEED = 20_000, 5
STEPS = ("announced", "signed", "financing", "under_way")
STEP_CLASS = {"signed": "step-signed"}
STEP_PARAMETER = {"financing": "pledge.failed.financing", "under_way": "pledge.failed.under_way"}
SPAN, HALF = "influence.pledge_years", "pledge.late_half"
DAYS = 365.25


class Record:
    """The rows of relation `realisation` by class or step, and the stated parameters of pledges."""

    def __init__(self, base: FactBase) -> None:
        self.base = base
        self.classes = {row["id"]: row for row in base.rows("pledge_classes")}
        self.parameters = {row["name"]: row for row in base.rows("parameters")}
        self.day = date.fromisoformat(last_day(base.as_of) if base.as_of else known_until(base))

    @cached_property
    def studies(self) -> Mapping[str, tuple[Row, ...]]:
        """Rows of evidence by class or step."""
        rows = {row["id"]: row for row in self.base.rows("realisation")}
        found: dict[str, tuple[Row, ...]] = {}
        for use in self.base.rows("realisation_uses"):
            if use["class"] and use["realisation"] in rows:
                found[use["class"]] = (*found.get(use["class"], ()), rows[use["realisation"]])
        return found

    def late(self, announced: str, horizon_year: int | None) -> float:
        """Years by which the date of the facts lies past the end of a pledge's horizon; 0 while it is not due.

        Without a horizon it is due after the stated span from the last day that its date can mean.
        """
        if horizon_year is not None:
            return max((self.day - date(horizon_year, 12, 31)).days / DAYS, 0.0)
        told = (self.day - date.fromisoformat(last_day(announced))).days / DAYS
        return max(told - float(self.parameters[SPAN]["value"]), 0.0)

    def rate(self, pledge_class: str, status: str, late: float = 0.0) -> Numbers:
        """Drawn share of a pledge's open rest that comes, by class, status and years past its time.

        odds(status) = odds(counted_from) reach(counted_from) / reach(status): Bayes' rule, as what is realised passes
        every status on the way. odds(late) = odds 2^(-late / half): Bayes' rule again, as of what comes late in the end
        half is still out after `half` years, and of what never comes all of it.
        """
        rate = self._drawn(pledge_class)
        counted_from = self.classes[pledge_class]["counted_from"]
        odds = rate / np.maximum(1 - rate, 1e-12) * self._reach[counted_from] / self._reach[status]
        if late > 0:
            odds = odds * 2 ** (-late / self._stated(HALF))
        return np.asarray(odds / (1 + odds))

    def evidence(self, pledge_class: str, late: float, horizon_year: int | None) -> tuple[str, ...]:
        """Rows behind the rate: those of the class, of the step to signed, and the parameters."""
        names = (pledge_class, *STEP_CLASS.values())
        lateness = (HALF, SPAN) if horizon_year is None else (HALF,)
        stated = (*STEP_PARAMETER.values(), *(lateness if late > 0 else ()))
        rows = (row["id"] for name in names for row in self.studies.get(name, ()))
        return (*rows, *(self.parameters[name]["id"] for name in stated))

    @cached_property
    def _reach(self) -> Mapping[str, Numbers]:
        """Share of the pledges that fail which still reach a status, drawn; 1 for announced, falling from step to step.

        No step lets fewer than one in a thousand pass, so that odds stay finite.
        """
        reach = {STEPS[0]: np.ones(DRAWS)}
        for before, step in itertools.pairwise(STEPS):
            stepped = step in STEP_CLASS
            passed = self._drawn(STEP_CLASS[step]) if stepped else self._stated(STEP_PARAMETER[step], step)
            reach[step] = reach[before] * np.maximum(passed, 1e-3)
        return reach

    def _drawn(self, name: str) -> Numbers:
        """Drawn rates of a class or step."""
        return _drawn(name, tuple(one for row in self.studies.get(name, ()) if (one := study(row))))

    def _stated(self, name: str, seed: str = "") -> Numbers:
        """A stated parameter, drawn over its range."""
        row = self.parameters[name]
        return _generator(seed or name).triangular(row["low"], row["value"], row["high"], DRAWS)


@lru_cache(maxsize=32)
def _drawn(name: str, studies: tuple[Study, ...]) -> Numbers:
    """Drawn rates by studies; the seed depends on the class alone, so that further classes move nothing."""
    draws = posterior(studies).draws(_generator(name), DRAWS)
    draws.setflags(write=False)
    return draws


def _generator(name: str) -> np.random.Generator:
    return np.random.default_rng([SEED, *name.encode()])

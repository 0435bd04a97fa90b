# SPDX-License-Identifier: Apache-2.0
"""What a solved figure rests on: the rows behind the flows that matter for it, and behind the model's course.

The walk goes from a balance upstream through whatever contributes at least a hundredth, a few stages deep.
"""

from __future__ import annotations

import numpy as np

from ytterby.chain import Result, YearResult
from ytterby.study.run import Solved
from ytterby.supply.growth import growth_basis

MATTERS = 0.01
DEPTH = 8
PARAMETERS = (
    "elasticity.mine.short", "elasticity.mine.long", "elasticity.process.short", "elasticity.process.long",
    "elasticity.trade.short", "elasticity.demand.short", "elasticity.demand.long",
    "adjustment.rate", "growth.other_uses", "growth.other_capacity",
)  # fmt: skip


def basis_of(result: Result, solved: YearResult, place: str, form: str) -> tuple[str, ...]:
    """Rows behind the supply of a form in a place, the largest contributions first."""
    start = result.index.get((place, form))
    if start is None:
        return ()
    into, taken = result.into, result.taken
    rows: list[str] = []
    seen, front = {start}, [start]
    for _ in range(DEPTH):
        following: list[int] = []
        for balance in front:
            here = slice(into.indptr[balance], into.indptr[balance + 1])
            columns = into.indices[here]
            tonnes = into.data[here] * np.maximum(solved.flows[columns], 0.0)
            for number in np.argsort(-tonnes, kind="stable"):
                if tonnes[number] <= 0 or tonnes[number] < MATTERS * tonnes.sum():
                    break
                column = columns[number]
                rows += result.activities[column].basis
                takes = taken.indices[taken.indptr[column] : taken.indptr[column + 1]]
                following += [int(b) for b in takes if b not in seen]
                seen |= set(following)
        front = following
    return tuple(dict.fromkeys(rows))


def model_basis(solved: Solved) -> tuple[str, ...]:
    """Rows behind the course of a scenario: elasticities, growth, projects and what the scenario changes."""
    evidence = solved.gathered.evidence
    case_rows = growth_basis(evidence.base, evidence.year, solved.demand_path, solved.supplier)
    changes = [change.basis for change in solved.scenario.changes]
    return (*_prices(solved), *evidence.parameters.basis(*PARAMETERS), *case_rows, *changes)


def _prices(solved: Solved) -> tuple[str, ...]:
    """Rows of the base prices that every market is calibrated on."""
    return tuple(dict.fromkeys(row for price in solved.gathered.prices.values() for row in price.basis))

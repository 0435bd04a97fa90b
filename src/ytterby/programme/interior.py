# SPDX-License-Identifier: Apache-2.0
"""The interior-point method: Clarabel, for programmes with flat columns and for those on which Newton stalls."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ytterby.errors import SolverError
from ytterby.programme.certificate import explained, infeasible
from ytterby.programme.checks import at_rest, breach
from ytterby.programme.columns import Vector
from ytterby.programme.definition import Programme, Solution
from ytterby.programme.polish import polished

if TYPE_CHECKING:
    import clarabel

FLOW_QUANTILES = (0.25, 0.5, 0.75, 0.0)
ACCURACY = 1e-10
REMEDY = "rescale it, or bound its columns"


@dataclass(frozen=True)
class Units:
    """The flow and the marginal cost that count as 1, because Clarabel's tolerances are absolute."""

    flow: float
    cost: float


def solve_by_interior_point(programme: Programme, tolerance: float) -> Solution:
    """Solve by interior point, in units in which the figures are near 1.

    What is typical can only be guessed; where the first guess fails, the next is tried.

    Raises
    ------
    SolverError : the programme is infeasible or unbounded, or no guess leads to the tolerance
    """
    failure: SolverError | None = None
    for units in guesses(programme):
        posed = Posed(programme, units)
        raw = posed.solver().solve()
        if str(raw.status) in {"Solved", "AlmostSolved"}:
            found = posed.solution(raw)
            better = passing(programme, found, units, tolerance)
            if better is not None:
                return better
            text = f"residual {found.residual:.1e}"
            failure = failure or SolverError("programme", text, f"at most {tolerance:.0e}", REMEDY)
        else:
            if (proof := posed.certificate(raw)) is not None:
                raise proof
            failure = failure or SolverError("programme", str(raw.status), "a solution", REMEDY)
    raise explained(programme) or failure or SolverError("programme", "no units to solve it in", "", "")


def passing(programme: Programme, found: Solution, units: Units, tolerance: float) -> Solution | None:
    """The point found, what polishing makes of it, or the same prices with nothing flowing: the first within tolerance."""
    if found.residual <= tolerance:
        return found
    exact = polished(programme, found, units.flow, units.cost)
    if exact.residual <= tolerance:
        return exact
    still = at_rest(programme, found)
    return still if still.residual <= tolerance else None


def guesses(programme: Programme) -> list[Units]:
    """Guesses at a typical flow and a typical marginal cost, the likeliest first; they follow the programme's units."""
    rising = programme.q > 0
    limits = np.zeros(0) if programme.h is None else np.abs(programme.h)
    bounds = np.concatenate([programme.upper, limits])
    flows = np.concatenate(
        [
            np.abs(programme.b),
            bounds[np.isfinite(bounds)],
            np.abs(programme.c[rising]) / programme.q[rising],
        ]
    )
    flows, costs = flows[flows > 0], np.abs(programme.c[programme.c != 0])
    slopes = programme.q[rising] if rising.any() else np.ones(1)
    guesses = [float(np.quantile(flows, share)) for share in FLOW_QUANTILES] if flows.size else [1.0]
    return [
        Units(flow, float(np.median(costs)) if costs.size else float(np.median(slopes)) * flow)
        for flow in dict.fromkeys(guesses)
    ]


class Posed:
    """A programme as Clarabel takes it: every column stretched so that its curvature is 1."""

    def __init__(self, programme: Programme, units: Units) -> None:
        self.programme, self.units = programme, units
        q = programme.q * units.flow / units.cost
        self.stretch = np.where(q > 0, 1.0 / np.sqrt(np.where(q > 0, q, 1.0)), 1.0)
        self.bounded: NDArray[np.int64] = np.flatnonzero(np.isfinite(programme.upper))
        self.limits = np.zeros(0) if programme.h is None else programme.h
        self.limited: NDArray[np.int64] = np.flatnonzero(np.isfinite(self.limits))

    def solver(self) -> clarabel.DefaultSolver:
        """Clarabel with the programme in it: rows are the balances, x >= 0, x <= upper, the shared rows."""
        import clarabel

        programme, flow = self.programme, self.units.flow
        columns = programme.c.size
        unit, stretch = sparse.identity(columns, format="csc"), sparse.diags(self.stretch)
        blocks = [programme.A @ stretch, -unit, unit[self.bounded]]
        bounds = programme.upper[self.bounded] / flow / self.stretch[self.bounded]
        right = [programme.b / flow, np.zeros(columns), bounds]
        if programme.G is not None:
            blocks.append((programme.G @ stretch)[self.limited])
            right.append(self.limits[self.limited] / flow)
        nodes = programme.b.size
        inequalities = sum(vector.size for vector in right[1:])
        settings = clarabel.DefaultSettings()
        settings.verbose = False
        settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = ACCURACY
        return clarabel.DefaultSolver(
            sparse.diags((programme.q > 0).astype(float), format="csc"),
            programme.c / self.units.cost * self.stretch,
            sparse.vstack(blocks, format="csc"), np.concatenate(right),
            [clarabel.ZeroConeT(nodes), clarabel.NonnegativeConeT(inequalities)], settings,
        )  # fmt: skip

    def solution(self, raw: clarabel.DefaultSolution) -> Solution:
        """The solution in the programme's units, with its residual."""
        programme = self.programme
        x = np.asarray(raw.x) * self.stretch * self.units.flow
        price, rent, shared_rent = self.duals(np.asarray(raw.z) * self.units.cost)
        objective = float(programme.c @ x + 0.5 * (programme.q * x) @ x)
        found = Solution(x, price, rent, objective, int(raw.iterations), 0.0, "clarabel", shared_rent)
        return replace(found, residual=breach(programme, found))

    def duals(self, z: Vector) -> tuple[Vector, Vector, Vector]:
        """Prices, rents and shared rents from the multipliers of all rows."""
        nodes, columns = self.programme.A.shape
        first, last = nodes + columns, nodes + columns + self.bounded.size
        rent = np.zeros(columns)
        rent[self.bounded] = z[first:last] / self.stretch[self.bounded]
        shared_rent = np.zeros(self.limits.size)
        shared_rent[self.limited] = z[last:]
        return -z[:nodes], rent, shared_rent

    def certificate(self, raw: clarabel.DefaultSolution) -> SolverError | None:
        """The error where the result proves that the rows can't be met."""
        status = str(raw.status)
        if status in {"PrimalInfeasible", "AlmostPrimalInfeasible"}:
            return infeasible(self.programme, *self.duals(np.asarray(raw.z)))
        return None

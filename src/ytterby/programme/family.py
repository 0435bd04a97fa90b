# SPDX-License-Identifier: Apache-2.0
"""Solving: one programme, or many on one structure."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from scipy import sparse

from ytterby.errors import ModelError, SolverError, quoted
from ytterby.programme.columns import Vector
from ytterby.programme.definition import Names, Programme, Solution, check_matrices, check_vectors
from ytterby.programme.door import columnwise, numbers
from ytterby.programme.dual import Structure
from ytterby.programme.interior import solve_by_interior_point
from ytterby.programme.newton import by_newton, by_proximal_newton

METHODS = ("auto", "newton", "clarabel")
LOOSEST = 1e-7


@dataclass(frozen=True, eq=False)
class Family:
    """Programmes that share A and G: what depends on these alone is prepared once.

    It may be pickled, and used from several processes and threads at once.

    Parameters
    ----------
    A, G : see `Programme`
    names : for messages; None for numbers

    Raises
    ------
    ModelError : a matrix is not made of finite numbers, the two do not fit, or names are missing
    """

    A: sparse.csc_matrix
    G: sparse.csc_matrix | None = None
    names: Names | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "A", columnwise("programme.A", self.A))
        if self.G is not None:
            object.__setattr__(self, "G", columnwise("programme.G", self.G))
        check_matrices(self.A, self.G, self.names)

    @cached_property
    def _structure(self) -> Structure:
        return Structure(self.A, self.G)

    def solve(
        self,
        b: Vector,
        c: Vector,
        q: Vector,
        upper: Vector,
        h: Vector | None = None,
        start: Solution | None = None,
        tolerance: float = 1e-9,
        *,
        method: str = "auto",
    ) -> Solution:
        """Solve one programme of the family.

        Parameters
        ----------
        b, c, q, upper, h : see `Programme`
        start, tolerance, method : see `solve`

        Raises
        ------
        ModelError, SolverError : see `solve`
        """
        programme = Programme(self.A, b, c, q, upper, self.G, h, self.names)
        if method not in METHODS:
            raise ModelError("programme", f"method {quoted(method)}", ", ".join(METHODS), "use one of these")
        check_vectors(programme, start, tolerance)
        flat = programme.q == 0.0
        some, every = bool(flat.any()), bool(flat.all())
        if method == "newton" and some:
            raise ModelError("programme", "zero q", "q > 0", 'use method "auto"')
        if method == "clarabel" or (some and every):
            return solve_by_interior_point(programme, max(tolerance, LOOSEST))
        way = self._proximal if some else self._newton
        return way(programme, start, tolerance)

    def solve_many(
        self,
        b: Vector,
        c: Vector,
        q: Vector,
        upper: Vector,
        h: Vector | None = None,
        start: Solution | None = None,
        tolerance: float = 1e-9,
    ) -> tuple[Solution, ...]:
        """Solve many programmes of the family.

        Every draw starts from `start`; without one, the first is solved cold and all others start from it. No draw
        starts from the draw before it, so a draw's solution does not depend on which others are solved along with it,
        but for the tolerance (and, where prices are not unique, for the choice of the first).

        Parameters
        ----------
        b, c, q, upper, h : (draws, size) or (size,) where all draws share it; at least one has draws
        start, tolerance : see `solve`

        Raises
        ------
        ModelError : no array has draws, or their numbers differ; see `solve`, the message names the draw
        SolverError : see `solve`; the message names the draw
        """
        given = {
            name: numbers(f"programme.{name}", array)
            for name, array in (("b", b), ("c", c), ("q", q), ("upper", upper), ("h", h))
            if array is not None
        }
        found: list[Solution] = []
        for number in range(_draws(given)):
            first = start if start is not None or not found else found[0]
            if first is not None and found:
                first = replace(first, pattern=found[-1].pattern)
            one: dict[str, Any] = {
                name: array[number] if array.ndim == 2 else array for name, array in given.items()
            }
            try:
                found.append(self.solve(**one, start=first, tolerance=tolerance))
            except (ModelError, SolverError) as error:
                again = copy(error)
                again.where = f"{error.where}, draw {number}"
                raise again from error
        return tuple(found)

    def _newton(self, programme: Programme, start: Solution | None, tolerance: float) -> Solution:
        found = by_newton(self._structure, programme, start, tolerance)
        if found is not None:
            return found
        solution = solve_by_interior_point(programme, max(tolerance, LOOSEST))
        again = by_newton(self._structure, programme, solution, tolerance)
        if again is not None:
            return replace(again, method="newton, then clarabel, then newton")
        return replace(solution, method="newton, then clarabel")

    def _proximal(self, programme: Programme, start: Solution | None, tolerance: float) -> Solution:
        found = by_proximal_newton(self._structure, programme, start, tolerance)
        if found is not None:
            return found
        solution = solve_by_interior_point(programme, max(tolerance, LOOSEST))
        return replace(solution, method="proximal newton, then clarabel")


def _draws(given: dict[str, Vector]) -> int:
    """How many draws there are."""
    counts = {name: array.shape[0] for name, array in given.items() if array.ndim == 2}
    if len(set(counts.values())) != 1:
        found = ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"
        allowed, remedy = "the same number in all that have draws", "stack the draws of an array as its rows"
        raise ModelError("programme", f"draws: {found}", allowed, remedy)
    return int(next(iter(counts.values())))


def solve(
    programme: Programme, method: str = "auto", start: Solution | None = None, tolerance: float = 1e-9
) -> Solution:
    """Solve a programme to optimality.

    Parameters
    ----------
    programme : the programme
    method : "newton" (semismooth Newton on the dual, needs q > 0; Clarabel takes over where it stalls), "clarabel"
        (alone), or "auto": Newton where every q is above 0, in a proximal loop where some are, Clarabel where none is
    start : a neighbour's solution, from whose prices Newton starts
    tolerance : largest residual allowed, see `Solution`; Clarabel's result is held to 1e-7 at the tightest

    Raises
    ------
    ModelError : no such method, shapes disagree, q is negative, a number is not finite
    SolverError : the programme is infeasible or unbounded, or the solver gives up

    References
    ----------
    Qi and Sun 1993, doi:10.1007/BF01581275; Li, Sun and Toh 2020, doi:10.1137/19M1261675
    """
    family = Family(programme.A, programme.G, programme.names)
    return family.solve(
        programme.b, programme.c, programme.q, programme.upper, programme.h, start, tolerance, method=method
    )

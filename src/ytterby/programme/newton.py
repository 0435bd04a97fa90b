# SPDX-License-Identifier: Apache-2.0
"""Newton on the dual as a method: its solutions, checked, and the proximal loop for columns with q = 0 beside others."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ytterby.programme.ascent import Ascent, Known, ascend
from ytterby.programme.checks import SMALLEST, at_rest, breach, running
from ytterby.programme.definition import Programme, Solution
from ytterby.programme.dual import Dual, Structure
from ytterby.programme.interior import guesses

FIRST_RISE = 1e-2  # of a typical cost over a typical flow
FALL = 0.2
ROUNDS = 20
BLURRED = 1e-7  # residual that may be left over the columns' own costs


def by_newton(
    structure: Structure, programme: Programme, start: Solution | None, tolerance: float
) -> Solution | None:
    """The solution; None where Newton stalls or what it finds does not pass the checks."""
    ascent = _climb(structure, programme, start, tolerance)
    if ascent is None:
        return None
    return _passed(_solution(structure, programme, ascent, "newton"), programme, tolerance)


def by_proximal_newton(
    structure: Structure, programme: Programme, start: Solution | None, tolerance: float
) -> Solution | None:
    """The solution of a programme with flat columns; None where a round stalls or the rounds do not suffice.

    In each round the flat columns cost rise / 2 (x - x')^2 more, with x' the flows of the round before, which Newton
    solves from the prices of that round. The rounds end at an optimum of the programme itself for any rise above 0, and in
    fewer the smaller it gets, so that it falls from round to round (Rockafellar 1976, doi:10.1137/0314056).
    """
    flat = programme.q == 0.0
    typical = guesses(programme)[0]
    rise = FIRST_RISE * typical.cost / typical.flow
    x = start.x if start is not None and start.x.size == flat.size else np.zeros(flat.size)
    steps = 0
    for _ in range(ROUNDS):
        q, c = np.where(flat, rise, programme.q), programme.c - np.where(flat, rise * x, 0.0)
        ascent = _climb(structure, replace(programme, c=c, q=q), start, tolerance)
        if ascent is None:
            return None
        steps += ascent.iterations
        start = replace(_solution(structure, programme, ascent, "proximal newton"), iterations=steps)
        found = _passed(start, programme, tolerance)
        if found is not None and found.residual * _inflation(structure, programme, found) <= BLURRED:
            return found
        x, rise = start.x, FALL * rise
    return None


def _inflation(structure: Structure, programme: Programme, found: Solution) -> float:
    """What running columns earn and pay over their own costs, 1 or above.

    Where a balance is met with every column at a bound alone, its price has no bound, and once it has grown far enough a
    residual over what columns earn at it says little about the flows.
    """
    at_work = running(programme, found.x)
    own = (np.abs(programme.c) + programme.q * found.x)[at_work]
    prices = np.abs(np.concatenate([found.price, found.shared_rent]))
    paid = structure.E.absolute().back(prices)[at_work]
    return max(1.0, float(paid.max(initial=0.0)) / max(float(own.max(initial=0.0)), SMALLEST))


def _climb(
    structure: Structure, programme: Programme, start: Solution | None, tolerance: float
) -> Ascent | None:
    """The ascent from the prices of `start`, and from what ran there where Newton found it on this structure."""
    dual = Dual(structure, programme)
    if start is None:
        return ascend(dual, np.zeros(dual.e.size), tolerance)
    first = np.concatenate([start.price, start.shared_rent])
    found = None
    if start.pattern is not None and start.pattern.normal is structure.normal:
        found = ascend(dual, first, tolerance, Known(start.pattern, start.x > 0.0, start.rent > 0.0))
    return ascend(dual, first, tolerance) if found is None else found


def _solution(structure: Structure, programme: Programme, ascent: Ascent, method: str) -> Solution:
    """What an ascent ended in, with its residual."""
    nodes, x = programme.b.size, ascent.x
    price, shared_rent = ascent.y[:nodes], ascent.y[nodes:]
    margin = structure.E.back(ascent.y) - programme.c - programme.q * x
    rent = np.where(x >= programme.upper, np.maximum(margin, 0.0), 0.0)
    objective = float(((programme.c + 0.5 * programme.q * x) * x).sum())
    found = Solution(x, price, rent, objective, ascent.iterations, 0.0, method, shared_rent, ascent.pattern)
    return replace(found, residual=breach(programme, found))


def _passed(found: Solution, programme: Programme, tolerance: float) -> Solution | None:
    """The solution where it passes the checks, if need be with all flows at 0; else None."""
    if found.residual > tolerance and not programme.b.any():
        found = at_rest(programme, found)
    return found if found.residual <= tolerance else None

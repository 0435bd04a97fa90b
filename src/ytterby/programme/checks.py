# SPDX-License-Identifier: Apache-2.0
"""How far a candidate is from the optimum: three residuals, each over its own scale, of any method's result."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ytterby.programme.columns import Columns, Mask, Vector
from ytterby.programme.definition import Programme, Solution

SMALLEST = 1e-300
TRACE = 1e-6


def _largest(*vectors: Vector) -> float:
    return _top([float(np.abs(vector).max(initial=0.0)) for vector in vectors])


def _top(values: Sequence[float]) -> float:
    """The largest, 0 or above; nan where one is."""
    return math.nan if any(math.isnan(value) for value in values) else max(0.0, *values)


def flow_scale(programme: Programme, x: Vector) -> float:
    """The largest flow or need."""
    return max(_largest(x, programme.b), SMALLEST)


def running(programme: Programme, x: Vector) -> Mask:
    """(columns,): which carry more than a trace of the largest flow or need."""
    return np.asarray(x > TRACE * flow_scale(programme, x))


def breach(programme: Programme, found: Solution) -> float:
    """The largest of the primal residual, the dual residual and the duality gap, each over its scale.

    The primal residual is the largest breach of A x = b, G x <= h, 0 <= x <= upper over the largest flow. The dual
    residual is the largest multiplier of the wrong sign over the largest cost or value of a column that runs, or the
    largest product of a multiplier and the room at its bound over both scales. The gap is that between the primal and
    the dual objective over the sum of their absolute terms.
    """
    return _top([_primal(programme, found), _dual(programme, found), _gap(programme, found)])


def at_rest(programme: Programme, found: Solution) -> Solution:
    """The same prices with nothing flowing: flows that are all rounding have no scale of their own to be measured on."""
    rent = np.where(programme.upper > 0.0, 0.0, found.rent)
    shared_rent = (
        found.shared_rent if programme.h is None else np.where(programme.h > 0.0, 0.0, found.shared_rent)
    )
    still = replace(found, x=np.zeros(found.x.size), rent=rent, shared_rent=shared_rent, objective=0.0)
    return replace(still, residual=breach(programme, still))


def _primal(programme: Programme, found: Solution) -> float:
    x = found.x
    worst = [_largest(Columns.of(programme.A).onto(x) - programme.b), -float(x.min(initial=0.0))]
    worst.append(float((x - programme.upper).max(initial=0.0)))
    if programme.G is not None and programme.h is not None:
        worst.append(float((Columns.of(programme.G).onto(x) - programme.h).max(initial=0.0)))
    return _top(worst) / flow_scale(programme, x)


def terms(programme: Programme, found: Solution) -> tuple[Vector, Vector]:
    """Each column's cost less what it earns (before rent), and the sum of the absolute terms of that."""
    slope = programme.q * found.x
    A = Columns.of(programme.A)
    reduced = programme.c + slope - A.back(found.price)
    size = np.abs(programme.c) + np.abs(slope) + A.absolute().back(np.abs(found.price))
    if programme.G is not None:
        G = Columns.of(programme.G)
        reduced += G.back(found.shared_rent)
        size += G.absolute().back(np.abs(found.shared_rent))
    return reduced, size


def _dual(programme: Programme, found: Solution) -> float:
    """The worst multiplier of the wrong sign, and the worst product of a multiplier and the room at its bound."""
    reduced, size = terms(programme, found)
    flow = flow_scale(programme, found.x)
    at_work = running(programme, found.x)
    cost = max(_largest(size[at_work] if at_work.any() else size), SMALLEST)
    left = reduced + found.rent
    wrong = [-float(left.min(initial=0.0)), -float(found.rent.min(initial=0.0))]
    wrong.append(-float(found.shared_rent.min(initial=0.0)))
    room = np.where(np.isfinite(programme.upper), programme.upper - found.x, flow)
    products = [left * found.x, found.rent * room]
    if programme.G is not None and programme.h is not None:
        limited = np.isfinite(programme.h)
        wrong.append(_largest(found.shared_rent[~limited]))
        products.append(
            found.shared_rent[limited] * (programme.h - Columns.of(programme.G).onto(found.x))[limited]
        )
    return _top([_top(wrong) / cost, _largest(*products) / cost / flow])


def _gap(programme: Programme, found: Solution) -> float:
    x = found.x
    bounded = np.isfinite(programme.upper)
    terms = [
        programme.c * x, programme.q * x * x, -programme.b * found.price,
        programme.upper[bounded] * found.rent[bounded],
    ]  # fmt: skip
    if programme.h is not None:
        limited = np.isfinite(programme.h)
        terms.append(programme.h[limited] * found.shared_rent[limited])
    size = sum(float(np.abs(term).sum()) for term in terms)
    return abs(sum(float(term.sum()) for term in terms)) / max(size, SMALLEST)

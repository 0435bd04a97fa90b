# SPDX-License-Identifier: Apache-2.0
"""Polishing: from an interior point close to the optimum to the point where its active bounds hold exactly.

What the point shows to be at a bound is put there; the flows between their bounds, the prices and the rents of full rows
then solve a linear system. Where the guess of what is at a bound is wrong, the checks of the result say so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from ytterby.programme.checks import breach, terms
from ytterby.programme.columns import Mask, Vector
from ytterby.programme.definition import Programme, Solution

SHIFT = 1e-8  # of the system's diagonal, so that it has one solution; the rounds take it out again
ROUNDS = 12
ROUNDING = 1e-13  # of the flow that counts as 1: less is nothing


@dataclass(frozen=True)
class Active:
    """What is at a bound, and what is not."""

    free: Mask
    full: Mask
    binding: Mask

    @staticmethod
    def guessed(programme: Programme, found: Solution, flow: float, cost: float) -> Active:
        """A bound is active where its multiplier exceeds the room left, each in its unit."""
        x, rent = found.x / flow, found.rent / cost
        left = (terms(programme, found)[0] + found.rent) / cost
        full = np.asarray(programme.upper / flow - x < rent)
        free = np.asarray(~full & (x > left) & (programme.upper > 0.0))
        if programme.G is None or programme.h is None:
            return Active(free, full, np.zeros(0, bool))
        room = (programme.h - programme.G @ found.x) / flow
        return Active(free, full, np.asarray(found.shared_rent / cost > room))


def polished(programme: Programme, found: Solution, flow: float, cost: float) -> Solution:
    """The point with its active bounds held exactly, and its residual.

    Parameters
    ----------
    programme, found : a programme and a point near its optimum
    flow, cost : the flow and the marginal cost that count as 1
    """
    active = Active.guessed(programme, found, flow, cost)
    x = np.where(active.full, programme.upper, np.where(active.free, found.x, 0.0))
    at = replace(found, x=x, shared_rent=np.where(active.binding, found.shared_rent, 0.0))
    moved = _moved(programme, at, active, flow, cost)
    earned = -terms(programme, moved)[0]
    rent = np.where(active.full, np.maximum(earned, 0.0), 0.0)
    objective = float(programme.c @ moved.x + 0.5 * (programme.q * moved.x) @ moved.x)
    whole = replace(moved, rent=rent, objective=objective)
    return replace(whole, residual=breach(programme, whole))


def _moved(programme: Programme, at: Solution, active: Active, flow: float, cost: float) -> Solution:
    """Free flows, prices and rents of full rows moved to where their conditions hold."""
    free, binding = np.flatnonzero(active.free), np.flatnonzero(active.binding)
    rows, right = programme.A, programme.b
    if programme.G is not None and programme.h is not None:
        rows = sparse.vstack([rows, programme.G[binding]], format="csc")
        right = np.concatenate([right, programme.h[binding]])
    E, q = rows[:, free], programme.q[free] * flow / cost
    wrong = np.concatenate([-terms(programme, at)[0][free] / cost, (right - rows @ at.x) / flow])
    change = _refined(sparse.bmat([[sparse.diags(q), E.T], [E, None]], format="csc"), free.size, wrong)
    x, price, shared_rent = at.x.copy(), at.price, at.shared_rent.copy()
    x[free] = np.clip(x[free] + change[: free.size] * flow, 0.0, programme.upper[free])
    x[x < ROUNDING * flow] = 0.0
    duals = change[free.size :] * cost
    shared_rent[binding] = np.maximum(shared_rent[binding] + duals[price.size :], 0.0)
    return replace(at, x=x, price=price - duals[: price.size], shared_rent=shared_rent)


def _refined(system: sparse.csc_matrix, free: int, right: Vector) -> Vector:
    """The solution of a symmetric system that may be singular, by refinement on one that is not."""
    sign = np.where(np.arange(right.size) < free, 1.0, -1.0)
    factor = splu(sparse.csc_matrix(system + sparse.diags(SHIFT * sign)))
    found = np.zeros(right.size)
    for _ in range(ROUNDS):
        found = found + factor.solve(right - system @ found)
    return found

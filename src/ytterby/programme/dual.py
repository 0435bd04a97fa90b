# SPDX-License-Identifier: Apache-2.0
"""Semismooth Newton ascent on the concave dual, for programmes whose every q is positive.

With E = [A; -G], e = [b; -h] and y = [price; shared rent >= 0], the best response to y is the clipped line
x(y) = clip((E'y - c) / q, 0, upper), and the dual's gradient is e - E x(y).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ytterby.programme.definition import Programme, Vector
from ytterby.programme.normal import Factor, Normal

STEPS = 120
LINE_SEARCH_STEPS = 14
STEP_LIMIT = 3.0


class Structure:
    """What all programmes on one A and G share."""

    def __init__(self, A: sparse.csc_matrix, G: sparse.csc_matrix | None) -> None:
        E = A if G is None else sparse.vstack([A, -G], format="csc")
        self.nodes = A.shape[0]
        self.across = E.T.tocsr()
        self.down = E.tocsr()
        self.normal = Normal(E)


@dataclass(frozen=True)
class Ascent:
    """Where the ascent ended."""

    y: Vector
    x: Vector
    iterations: int
    residual: float


class Dual:
    """The dual of one programme."""

    def __init__(self, structure: Structure, programme: Programme) -> None:
        self.structure = structure
        self.c, self.q, self.upper = programme.c, programme.q, programme.upper
        self.e = programme.b if programme.h is None else np.concatenate([programme.b, -programme.h])
        self.shared = np.arange(self.e.size) >= structure.nodes
        self.size = float(np.abs(self.e).max(initial=0.0))

    def respond(self, y: Vector) -> Vector:
        """x(y), the best response to prices and shared rents."""
        z = self.structure.across @ y
        z -= self.c
        z /= self.q
        return np.asarray(np.clip(z, 0.0, self.upper, out=z))

    def gradient(self, x: Vector) -> Vector:
        """E - E x."""
        return np.asarray(self.e - self.structure.down @ x)

    def held(self, y: Vector, gradient: Vector) -> NDArray[np.bool_]:
        """Shared rows that stay at rent 0: they have none and there is room on them."""
        return np.asarray(self.shared & (y <= 0.0) & (gradient <= 0.0))

    def residual(self, x: Vector, gradient: Vector, held: NDArray[np.bool_]) -> float:
        """The largest open balance over the largest flow."""
        size = max(float(x.max(initial=0.0)), self.size, 1e-300)
        return float(np.abs(gradient[~held]).max(initial=0.0)) / size

    def moved(self, y: Vector, step: Vector, length: float) -> Vector:
        """Y after a step, shared rents kept at 0 or above."""
        found = y + length * step
        np.maximum(found, 0.0, out=found, where=self.shared)
        return found

    def weight(self, x: Vector, share: float) -> Vector:
        """The diagonal of the dual's curvature: 1/q where x is free, a share of it where x is clipped at a bound."""
        free = (x > 0.0) & (x < self.upper)
        return np.where(free, 1.0, np.where(self.upper > 0.0, share, 0.0)) / self.q


def ascend(dual: Dual, start: Vector, tolerance: float) -> Ascent | None:
    """Climb the dual; None where it stalls.

    Clipped columns keep a small share of their weight, so that balances without a free column move too; the share falls
    while full steps are taken and rises when they are not, as in Levenberg and Marquardt.
    """
    with dual.structure.normal.factor() as factor:
        return _climb(dual, factor, start, tolerance)


def _climb(dual: Dual, factor: Factor, start: Vector, tolerance: float) -> Ascent | None:
    y, share = start, 1e-4
    x = dual.respond(y)
    reach = np.where(start == 0.0, np.inf, np.abs(start))
    previous = residual = np.inf
    for iteration in range(STEPS):
        gradient = dual.gradient(x)
        held = dual.held(y, gradient)
        residual = dual.residual(x, gradient, held)
        if residual <= 1e-15 or (residual <= tolerance * 1e-2 and residual >= 0.1 * previous):
            return Ascent(y, x, iteration, residual)
        previous = residual
        limit = STEP_LIMIT * np.maximum(np.abs(y), reach)
        step = np.clip(factor.step(dual.weight(x, share), gradient, held), -limit, limit)
        length, y, x = _search(dual, y, step, float(gradient @ step))
        share = max(1e-13, share * 0.1) if length == 1.0 else min(0.1, share * 2.0)
    gradient = dual.gradient(x)
    residual = dual.residual(x, gradient, dual.held(y, gradient))
    return Ascent(y, x, STEPS, residual) if residual <= tolerance else None


def _search(dual: Dual, y: Vector, step: Vector, slope: float) -> tuple[float, Vector, Vector]:
    """Length in (0, 1] at which the dual's slope along the step is nearly gone, and y and x there, by bisection."""
    low, high, length = 0.0, 1.0, 1.0
    best: tuple[float, Vector, Vector] | None = None
    for _ in range(LINE_SEARCH_STEPS):
        there = dual.moved(y, step, length)
        x = dual.respond(there)
        kept = (
            step
            if not dual.shared.any()
            else np.where(dual.shared & (there <= 0.0) & (step < 0.0), 0.0, step)
        )
        slope_here = float(dual.gradient(x) @ kept)
        best = (length, there, x) if best is None or slope_here >= 0.0 else best
        if slope_here >= 0.0 if length == 1.0 else abs(slope_here) <= 0.1 * slope:
            return length, there, x
        low, high = (length, high) if slope_here > 0 else (low, length)
        length = 0.5 * (low + high)
    if low > 0 and best is not None:
        return best
    there = dual.moved(y, step, high)
    return high, there, dual.respond(there)

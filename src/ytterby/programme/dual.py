# SPDX-License-Identifier: Apache-2.0
"""Semismooth Newton ascent on the concave dual, for programmes whose every q is positive.

With E = [A; -G], e = [b; -h] and y = [price; shared rent >= 0], the best response to y is the clipped line
x(y) = clip(z(y), 0, upper) with z(y) = (E'y - c) / q, and the dual's gradient is e - E x(y).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from ytterby.programme.columns import Mask, Vector
from ytterby.programme.definition import Programme
from ytterby.programme.normal import Normal

NEAR = 0.1
MOST = 0.6  # of the columns that can run; a pattern of more takes them all


class Structure:
    """What all programmes on one A and G share."""

    def __init__(self, A: sparse.csc_matrix, G: sparse.csc_matrix | None) -> None:
        self.nodes = A.shape[0]
        self.normal = Normal(A if G is None else sparse.vstack([A, -G], format="csc"))
        self.E = self.normal.E
        self.squares = self.E.squared()


@dataclass(frozen=True)
class Point:
    """z(y), the best response x(y), and the dual's gradient there."""

    z: Vector
    x: Vector
    gradient: Vector


class Dual:
    """The dual of one programme."""

    def __init__(self, structure: Structure, programme: Programme) -> None:
        self.structure = structure
        self.c, self.q, self.upper = programme.c, programme.q, programme.upper
        limits = np.zeros(0) if programme.h is None else programme.h
        self.e = np.concatenate([programme.b, np.where(np.isfinite(limits), -limits, 0.0)])
        self.open: Mask = np.concatenate([np.zeros(structure.nodes, bool), np.isinf(limits)])
        self.has_shared = limits.size > 0
        self.limits: Mask = np.concatenate([np.zeros(structure.nodes, bool), np.isfinite(limits)])
        self.limited = bool(self.limits.any())
        self.size = max(float(np.abs(self.e).max(initial=0.0)), 1e-300)
        self.give = 1.0 / self.q
        self.extent = structure.squares.onto((self.upper > 0.0) * self.give)

    def target(self, y: Vector) -> Vector:
        """z(y), the best response without bounds."""
        z = self.structure.E.back(y)
        z -= self.c
        z *= self.give
        return z

    def at(self, z: Vector) -> Point:
        """What z(y) leads to."""
        x = self.clipped(z)
        return Point(z, x, self.e - self.structure.E.onto(x))

    def clipped(self, z: Vector) -> Vector:
        """The best response within bounds."""
        x = np.maximum(z, 0.0)
        return np.minimum(x, self.upper, out=x)

    def value(self, y: Vector, point: Point) -> float:
        """The dual's value."""
        return float(self.e @ y + (point.x * (0.5 * point.x - point.z)) @ self.q)

    def held(self, y: Vector, gradient: Vector) -> Mask:
        """Shared rows that stay at rent 0: they are open, or have none and there is room on them."""
        if not self.limited:
            return self.open
        return np.asarray(self.open | (self.limits & (y <= 0.0) & (gradient <= 0.0)))

    def residual(self, point: Point, held: Mask) -> float:
        """The largest open balance over the largest flow."""
        opened = np.abs(point.gradient[~held] if self.has_shared else point.gradient)
        return float(opened.max(initial=0.0)) / max(float(point.x.max(initial=0.0)), self.size)

    def moved(self, y: Vector, step: Vector, length: float) -> Vector:
        """Y after a step, shared rents kept at 0 or above."""
        found = y + length * step
        if self.limited:
            found[self.limits & (found < 1e-15 * np.abs(y))] = 0.0
        return found

    def near(self, z: Vector) -> Mask:
        """Columns that are free or would be if their cost were off by a small share; all that can run where most are."""
        able = self.upper > 0.0
        margin = NEAR * np.abs(self.c) * self.give
        near = (z > -margin) & (z < self.upper + margin) & able
        return np.asarray(near if np.count_nonzero(near) <= MOST * np.count_nonzero(able) else able)

    def along(self, point: Point, step: Vector) -> Callable[[float], tuple[Vector, float]]:
        """The line y + t step: a function of t that gives z there and the dual's slope along it."""
        lift = self.structure.E.back(step)
        rise, gain = lift * self.give, float(self.e @ step)

        def at(length: float) -> tuple[Vector, float]:
            there = rise * length
            there += point.z
            return there, gain - float(self.clipped(there) @ lift)

        return at

    def sinking(self, y: Vector, step: Vector) -> Mask:
        """Shared rows whose rent is 0 and would fall below by a step."""
        return np.asarray(self.limits & (y <= 0.0) & (step < 0.0)) if self.limited else self.limits

    def kept_inside(self, y: Vector, step: Vector) -> Vector:
        """The step cut where the first shared rent reaches 0; one that is 0 already stays there."""
        if not self.limited:
            return step
        step = np.where(self.limits & (y <= 0.0) & (step < 0.0), 0.0, step)
        through = self.limits & (y + step < 0.0)
        reach = y[through] / -step[through]
        return np.asarray(step * min(1.0, float(reach.min(initial=1.0))))

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
from ytterby.programme.normal import Normal, Pattern

STEPS = 120
LINE_SEARCH_STEPS = 14
ENOUGH = 0.3  # of the slope that may be left, falling, after a full step
NEARLY_FLAT = 0.1  # of the slope that may be left after a search
STEP_LIMIT = 3.0
NEAR = 0.1
MOST = 0.6  # of the columns that can run; a pattern of more takes them all
FIRST_SHARE, LEAST_SHARE, LARGEST_SHARE = 1e-4, 1e-13, 0.1
SLACK = 1.1  # columns in a pattern over those wanted in it


class Structure:
    """What all programmes on one A and G share."""

    def __init__(self, A: sparse.csc_matrix, G: sparse.csc_matrix | None) -> None:
        self.nodes = A.shape[0]
        self.normal = Normal(A if G is None else sparse.vstack([A, -G], format="csc"))
        self.E = self.normal.E
        self.squares = self.E.squared()


@dataclass(frozen=True)
class Ascent:
    """Where the ascent ended, and the pattern it worked on."""

    y: Vector
    x: Vector
    iterations: int
    pattern: Pattern


class Dual:
    """The dual of one programme."""

    def __init__(self, structure: Structure, programme: Programme) -> None:
        self.structure = structure
        self.c, self.q, self.upper = programme.c, programme.q, programme.upper
        limits = np.zeros(0) if programme.h is None else programme.h
        self.e = np.concatenate([programme.b, np.where(np.isfinite(limits), -limits, 0.0)])
        self.shared: Mask = np.arange(self.e.size) >= structure.nodes
        self.open: Mask = np.concatenate([np.zeros(structure.nodes, bool), np.isinf(limits)])
        self.has_shared = bool(self.shared.any())
        self.size = max(float(np.abs(self.e).max(initial=0.0)), 1e-300)
        self.extent = structure.squares.onto((self.upper > 0.0) / self.q)

    def target(self, y: Vector) -> Vector:
        """z(y), the best response without bounds."""
        z = self.structure.E.back(y)
        z -= self.c
        z /= self.q
        return np.asarray(z)

    def clipped(self, z: Vector) -> Vector:
        """The best response within bounds."""
        return np.asarray(np.minimum(np.maximum(z, 0.0), self.upper))

    def gradient(self, x: Vector) -> Vector:
        """The dual's gradient, e - E x."""
        return np.asarray(self.e - self.structure.E.onto(x))

    def held(self, y: Vector, gradient: Vector) -> Mask:
        """Shared rows that stay at rent 0: they are open, or have none and there is room on them."""
        if not self.has_shared:
            return self.shared
        return np.asarray(self.open | (self.shared & (y <= 0.0) & (gradient <= 0.0)))

    def residual(self, x: Vector, gradient: Vector, held: Mask) -> float:
        """The largest open balance over the largest flow."""
        opened = np.abs(gradient[~held] if self.has_shared else gradient)
        return float(opened.max(initial=0.0)) / max(float(x.max(initial=0.0)), self.size)

    def moved(self, y: Vector, step: Vector, length: float) -> Vector:
        """Y after a step, shared rents kept at 0 or above."""
        found = y + length * step
        if self.has_shared:
            found[self.shared & (found < 1e-15 * np.abs(y))] = 0.0
        return found

    def near(self, z: Vector) -> Mask:
        """Columns that are free or would be if their cost were off by a small share; all that can run where most are."""
        able = self.upper > 0.0
        margin = NEAR * np.abs(self.c) / self.q
        near = (z > -margin) & (z < self.upper + margin) & able
        return np.asarray(near if near.sum() <= MOST * able.sum() else able)

    def along(self, z: Vector, step: Vector) -> Callable[[float], tuple[Vector, float]]:
        """The line y + t step: a function of t that gives z there and the dual's slope along it."""
        lift = self.structure.E.back(step)
        rise, gain = lift / self.q, float((self.e * step).sum())

        def at(length: float) -> tuple[Vector, float]:
            there = z + length * rise
            return there, gain - float((self.clipped(there) * lift).sum())

        return at

    def kept_inside(self, y: Vector, step: Vector) -> Vector:
        """The step cut where the first shared rent reaches 0; one that is 0 already stays there."""
        if not self.has_shared:
            return step
        step = np.where(self.shared & (y <= 0.0) & (step < 0.0), 0.0, step)
        through = self.shared & (y + step < 0.0)
        reach = y[through] / -step[through]
        return np.asarray(step * min(1.0, float(reach.min(initial=1.0))))


def ascend(dual: Dual, start: Vector, tolerance: float, pattern: Pattern | None = None) -> Ascent | None:
    """Climb the dual; None where it stalls.

    Every row keeps a small share of the weight that it would have with all columns free, so that balances without a free
    column move too; the share falls while full steps are taken and rises when they are not, as in Levenberg and
    Marquardt, and goes where a full step changes no column from free to clipped or back.
    """
    y = np.where(dual.open, 0.0, start)
    z, share, length = dual.target(y), FIRST_SHARE, 0.0
    reach = np.where(y == 0.0, np.inf, np.abs(y))
    before: Mask | None = None
    for iteration in range(STEPS):
        x = dual.clipped(z)
        gradient = dual.gradient(x)
        held = dual.held(y, gradient)
        if dual.residual(x, gradient, held) <= 1e-2 * tolerance:
            return _arrived(dual, y, iteration, pattern)
        free = (x > 0.0) & (x < dual.upper)
        if before is not None:
            share = _next_share(share, length, settled=bool((free == before).all()))
        if pattern is None or (free & ~pattern.covered).any():
            pattern = _wider(dual, free | dual.near(z), pattern)
        weight = free[pattern.at] / dual.q[pattern.at]
        limit = STEP_LIMIT * np.maximum(np.abs(y), reach)
        step = np.clip(pattern.solve(weight, share * dual.extent, gradient, held), -limit, limit)
        step = dual.kept_inside(y, step)
        slope = float((gradient * step).sum())
        if slope <= 0.0:  # rounding, or a step cut where a rent reaches 0, leads nowhere from here
            break
        length, z = _search(dual.along(z, step), slope)
        y, before = dual.moved(y, step, length), free
    x = dual.clipped(dual.target(y))
    gradient = dual.gradient(x)
    residual = dual.residual(x, gradient, dual.held(y, gradient))
    return _arrived(dual, y, iteration + 1, pattern) if residual <= tolerance else None


def _wider(dual: Dual, wanted: Mask, pattern: Pattern | None) -> Pattern:
    """A pattern for the columns that are wanted, and those of the last unless these are far too many."""
    if pattern is not None and pattern.at.size <= SLACK * wanted.sum():
        wanted = wanted | pattern.covered
    return dual.structure.normal.pattern(wanted)


def _arrived(dual: Dual, y: Vector, iterations: int, pattern: Pattern | None) -> Ascent:
    """The end of an ascent, with a pattern that fits it for the next."""
    z = dual.target(y)
    near = dual.near(z)
    if pattern is None or pattern.at.size > SLACK * near.sum():
        pattern = dual.structure.normal.pattern(near)
    return Ascent(y, dual.clipped(z), iterations, pattern)


def _next_share(share: float, length: float, *, settled: bool) -> float:
    if length < 1.0:
        return min(LARGEST_SHARE, share * 2.0)
    return LEAST_SHARE if settled else max(LEAST_SHARE, share * 0.1)


def _search(along: Callable[[float], tuple[Vector, float]], slope: float) -> tuple[float, Vector]:
    """Length in (0, 1] at which the dual's slope along the step is nearly gone, and z there.

    The slope falls along the line and is straight between kinks, so that the secant's root is tried, kept off the ends.
    """
    low, at_low, high = 0.0, slope, 1.0
    z, at_high = along(1.0)
    if at_high >= -ENOUGH * slope:
        return 1.0, z
    length = 1.0
    for _ in range(LINE_SEARCH_STEPS):
        width = high - low
        root = low + width * at_low / (at_low - at_high)
        length = min(max(root, low + 0.1 * width), high - 0.1 * width)
        z, here = along(length)
        if abs(here) <= NEARLY_FLAT * slope:
            break
        if here > 0.0:
            low, at_low = length, here
        else:
            high, at_high = length, here
    return length, z

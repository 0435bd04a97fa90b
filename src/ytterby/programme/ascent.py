# SPDX-License-Identifier: Apache-2.0
"""Semismooth Newton ascent on the dual, from the prices of a neighbour or from none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ytterby.programme.columns import Mask, Vector
from ytterby.programme.dual import Dual, Point
from ytterby.programme.normal import Pattern
from ytterby.programme.system import SLACK, System

STEPS = 120
LINE_SEARCH_STEPS = 14
ENOUGH = 0.3  # of the slope that may be left, falling, after a full step
NEARLY_FLAT = 0.1  # of the slope that may be left after a search
STEP_LIMIT = 3.0
FIRST_SHARE, WARM_SHARE, LEAST_SHARE, LARGEST_SHARE = 1e-4, 1e-5, 1e-13, 0.1


@dataclass(frozen=True)
class Known:
    """What a neighbour's optimum tells beside its prices: its pattern, which columns ran, and which at their bounds."""

    pattern: Pattern
    ran: Mask
    full: Mask


@dataclass(frozen=True)
class Ascent:
    """Where the ascent ended, and the pattern it worked on."""

    y: Vector
    x: Vector
    iterations: int
    pattern: Pattern


def ascend(dual: Dual, start: Vector, tolerance: float, known: Known | None = None) -> Ascent | None:
    """Climb the dual from prices and shared rents; None where it stalls.

    Every row keeps a small share of the weight that it would have with all columns free, so that balances without a free
    column move too; the share falls with the residual while full steps are taken and rises when they are not, as in
    Levenberg and Marquardt, and goes where a full step changes no column from free to clipped or back.
    """
    system = System(dual, None if known is None else known.pattern)
    y = np.where(dual.open, 0.0, start)
    limit = np.where(y == 0.0, np.inf, STEP_LIMIT * np.abs(y))
    point = dual.at(dual.target(y))
    share, length, before = FIRST_SHARE if known is None else WARM_SHARE, 0.0, None
    for iteration in range(STEPS):
        held = dual.held(y, point.gradient)
        residual = dual.residual(point, held)
        if residual <= 1e-2 * tolerance:
            system.release()
            return _arrived(dual, y, point, iteration, system.pattern)
        if iteration == 0 and known is not None:
            y, point = foreseen(dual, system, y, point, known)
            continue
        free = (point.x > 0.0) & (point.x < dual.upper)
        settled = before is not None and length == 1.0 and bool((free == before).all())
        if before is not None:
            share = _next_share(share, length, residual, settled=settled)
        step = system.step(point.z, free, point.gradient, held, share, afresh=settled)
        sinking = dual.sinking(y, step)
        if sinking.any():
            step = system.step(point.z, free, point.gradient, held | sinking, share, afresh=settled)
        step = limited(step, np.maximum(limit, STEP_LIMIT * np.abs(y)), point.gradient)
        step = dual.kept_inside(y, step)
        slope = float(point.gradient @ step)
        if slope <= 0.0:  # rounding, or a step cut where a rent reaches 0, leads nowhere from here
            break
        length, z = _search(dual.along(point, step), slope)
        y, point, before = dual.moved(y, step, length), dual.at(z), free
    system.release()
    point = dual.at(dual.target(y))
    residual = dual.residual(point, dual.held(y, point.gradient))
    return _arrived(dual, y, point, iteration + 1, system.pattern) if residual <= tolerance else None


def limited(step: Vector, most: Vector, gradient: Vector) -> Vector:
    """The step with each row cut to its limit; where that leads down, shortened alike in all rows until none is above it."""
    cut = np.minimum(np.maximum(step, -most), most)
    if gradient @ cut > 0.0:
        return np.asarray(cut)
    above = np.abs(step) > most
    return np.asarray(step * (most[above] / np.abs(step[above])).min(initial=1.0))


def _next_share(share: float, length: float, residual: float, *, settled: bool) -> float:
    if length < 1.0:
        return min(LARGEST_SHARE, share * 2.0)
    return LEAST_SHARE if settled else max(LEAST_SHARE, min(share * 0.1, FIRST_SHARE * residual))


def foreseen(dual: Dual, system: System, y: Vector, point: Point, known: Known) -> tuple[Vector, Point]:
    """Where the columns that ran within their bounds in the start would balance, if the dual is higher there; else y."""
    full = known.full & np.isfinite(dual.upper)
    inside = known.ran & (dual.upper > 0.0) & ~full
    x = np.where(full, dual.upper, point.z * inside)
    gap = dual.e - dual.structure.E.onto(x)
    held = dual.held(y, gap)
    step = dual.kept_inside(y, system.step(point.z, inside, gap, held, WARM_SHARE, afresh=False))
    there = dual.moved(y, step, 1.0)
    found = dual.at(dual.target(there))
    return (there, found) if dual.value(there, found) > dual.value(y, point) else (y, point)


def _arrived(dual: Dual, y: Vector, point: Point, iterations: int, pattern: Pattern | None) -> Ascent:
    """The end of an ascent, with a pattern that fits it for the next."""
    near = dual.near(point.z)
    if pattern is None or pattern.at.size > SLACK * np.count_nonzero(near):
        pattern = dual.structure.normal.pattern(near)
    return Ascent(y, point.x, iterations, pattern)


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

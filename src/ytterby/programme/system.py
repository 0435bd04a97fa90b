# SPDX-License-Identifier: Apache-2.0
"""Newton's systems along one ascent: factorised where many columns changed, corrected where few did.

Near the optimum a step frees or clips a handful of columns. Each adds a matrix of rank one or takes it away, which by
Woodbury's formula costs one solve with the factor at hand, against ten and more for a new factor.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ytterby.programme.columns import Mask, Vector
from ytterby.programme.dual import Dual
from ytterby.programme.normal import Pattern

LARGE = 450  # rows from which on a correction costs less than a factor
FEW = 16  # columns that one step may add to those corrected for
OUTSIDE = 4  # free columns that a pattern may then leave out
LOW = 10.0  # times a factor's ridge that the ridge asked for may be
INEXACT = 1e-3  # of the gap that a corrected step may leave
SLACK = 1.1  # columns in a pattern over those wanted in it


class Factor:
    """E D E' + diag(ridge), D on the free columns, for sets of free columns that differ little.

    Parameters
    ----------
    pattern : what is factorised; free columns outside it are corrected for
    dual : whose D and extent
    free : (columns,), those free when it is factorised
    held : (rows,), rows whose step is 0
    share : of the rows' extents that is their ridge
    few : columns that may differ for the first time in one step
    """

    def __init__(self, pattern: Pattern, dual: Dual, free: Mask, held: Mask, share: float, few: int) -> None:
        self.pattern, self.weight, self.held, self.share, self.few = pattern, dual.give, held, share, few
        self.free, at = free & pattern.covered, pattern.at
        self.E, self.ridge = pattern.normal.E, share * dual.extent
        self.filled = pattern.filled(self.weight[at] * free[at], self.ridge, held)
        self.known: dict[int, int] = {}  # columns that differed once, each with its place in
        self.rows = np.zeros((0, held.size))  # these columns, (columns that differed once, rows), and in
        self.answers = self.rows  # the steps for them

    def step(self, free: Mask, gap: Vector) -> Vector | None:
        """The step for a gap (rows,); None where too many columns differ for the first time, or it leaves the gap open."""
        differ = np.flatnonzero(free != self.free)
        if not differ.size:
            return self.filled.solve(gap)
        if differ.size > len(self.known) + self.few or not self._answered(differ):
            return None
        place = [self.known[column] for column in differ.tolist()]
        step, rows, answers = self.filled.solve(gap), self.rows[place], self.answers[place]
        signed = np.where(free[differ], 1.0, -1.0) * self.weight[differ]
        inner = rows @ answers.T
        inner.flat[:: differ.size + 1] += 1.0 / signed
        try:
            moved = np.linalg.solve(inner, rows @ step)
        except np.linalg.LinAlgError:
            return None
        step -= moved @ answers
        left = np.abs(gap - self.ridge * step - self.E.onto(self.weight * free * self.E.back(step)))
        return step if left[~self.held].max(initial=0.0) <= INEXACT * np.abs(gap).max() else None

    def _answered(self, differ: NDArray[np.int64]) -> bool:
        """Solve for columns that differ for the first time, if they are few."""
        new = [column for column in differ.tolist() if column not in self.known]
        if new and len(new) <= self.few:
            rows = self.E.take(np.array(new)).dense().T
            answers = [self.filled.solve(row) for row in rows]
            self.known |= {column: place for place, column in enumerate(new, len(self.known))}
            self.rows = np.concatenate([self.rows, rows])
            self.answers = np.concatenate([self.answers, answers])
        return len(new) <= self.few


class System:
    """The factor in use along an ascent, and the pattern of the next."""

    def __init__(self, dual: Dual, pattern: Pattern | None) -> None:
        self.dual, self.pattern = dual, pattern
        self.factor: Factor | None = None
        self.few, self.outside = (FEW, OUTSIDE) if dual.e.size >= LARGE else (0, 0)

    def step(self, z: Vector, free: Mask, gap: Vector, held: Mask, share: float, *, afresh: bool) -> Vector:
        """Newton's step with a ridge of at least this share of the rows' extents; `afresh` makes it that share.

        Parameters
        ----------
        z, free : (columns,), best response without bounds, and which columns count as free
        gap, held : (rows,)
        """
        factor, step = self.factor, None
        if factor is not None and not afresh and share <= LOW * factor.share and (held == factor.held).all():
            step = factor.step(free, gap)
        if step is None and not afresh:
            step = self._factorised(z, free, held, share, self.outside).step(free, gap)
        return self._factorised(z, free, held, share, 0).filled.solve(gap) if step is None else step

    def release(self) -> None:
        """Give the solver back to its pattern."""
        if self.factor is not None:
            self.factor.pattern.take_back(self.factor.filled)
            self.factor = None

    def _factorised(self, z: Vector, free: Mask, held: Mask, share: float, outside: int) -> Factor:
        """A new factor, of a wider pattern where more free columns lie outside this one than may."""
        self.release()
        if self.pattern is None or np.count_nonzero(free & ~self.pattern.covered) > outside:
            wanted = free | self.dual.near(z)
            if self.pattern is not None and self.pattern.at.size <= SLACK * np.count_nonzero(wanted):
                wanted |= self.pattern.covered
            self.pattern = self.dual.structure.normal.pattern(wanted)
        self.factor = Factor(self.pattern, self.dual, free, held, share, self.few)
        return self.factor

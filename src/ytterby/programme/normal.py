# SPDX-License-Identifier: Apache-2.0
"""The matrix E D E' of one E for many diagonals D, factorised on the pattern of the columns at work.

Few columns are free at an optimum, so the pattern of those and their near neighbours is far sparser than that of all. It
is analysed once and refilled for each D; only a column that becomes free outside it calls for a wider one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import qdldl
from scipy import sparse

from ytterby.programme.columns import Columns, Mask, Vector

RIDGE = 1e-14


class Normal:
    """Every cell that E D E' can have (upper triangle, in columns), and the product that fills them from D."""

    def __init__(self, E: sparse.csc_matrix) -> None:
        rows, columns = E.shape
        E = E.sorted_indices()
        counts = np.diff(E.indptr)
        place, owner, value = [np.arange(rows) * (rows + 1)], [], []
        for count in np.unique(counts[counts > 0]):
            which = np.flatnonzero(counts == count)
            entries = E.indptr[which][:, None] + np.arange(count)
            first, second = np.triu_indices(count)
            numbers, values = E.indices[entries].astype(np.int64), E.data[entries]
            place.append((numbers[:, second] * rows + numbers[:, first]).ravel())
            value.append((values[:, first] * values[:, second]).ravel())
            owner.append(np.repeat(which, first.size))
        cells, position = np.unique(np.concatenate(place), return_inverse=True)
        self.E = Columns.of(E)
        self.size = rows
        self.rows = (cells % max(rows, 1)).astype(np.int32)
        self.columns = (cells // max(rows, 1)).astype(np.int32)
        product = sparse.csc_matrix(
            (np.concatenate([*value, []]), (position[rows:], np.concatenate([*owner, []]).astype(np.int64))),
            shape=(cells.size, columns),
        )
        self.product = Columns.of(product)

    def pattern(self, columns: Mask) -> Pattern:
        """The pattern that has room for these columns."""
        return Pattern(self, columns)


class Pattern:
    """The part of E D E' that some columns fill, with its elimination order.

    It never changes; the solvers that it lends are refilled, each by one solve at a time.
    """

    def __init__(self, normal: Normal, columns: Mask) -> None:
        self.normal, self.covered, self.at = normal, columns, np.flatnonzero(columns)
        product = normal.product.take(self.at)
        cells = normal.rows == normal.columns
        cells[product.index] = True
        number = np.cumsum(cells, dtype=np.int32) - 1
        self.rows, self.columns = normal.rows[cells], normal.columns[cells]
        self.product = Columns(self.rows.size, product.starts, number[product.index], product.value)
        self.starts = np.zeros(normal.size + 1, np.int32)
        np.cumsum(np.bincount(self.columns, minlength=normal.size), out=self.starts[1:])
        self.diagonal = np.flatnonzero(self.rows == self.columns)
        self._idle: list[Filled] = []

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_idle": []}

    def filled(self, weight: Vector, ridge: Vector, held: Mask) -> Filled:
        """E D E' + diag(ridge) with D = diag(weight), factorised.

        Parameters
        ----------
        weight : (columns at work,), the diagonal D on the columns `at`
        ridge : (rows,)
        held : (rows,), rows whose step is 0, as it is where a row has neither weight nor ridge
        """
        data = self.product.onto(weight)
        diagonal = data[self.diagonal] + ridge
        scale = np.zeros(held.size)
        np.divide(1.0, np.sqrt(diagonal), out=scale, where=(diagonal > 0.0) & ~held)
        data *= scale[self.rows]
        data *= scale[self.columns]
        data[self.diagonal] = 1.0 + RIDGE
        try:
            found = self._idle.pop()
        except IndexError:
            matrix = sparse.csc_matrix((data, self.rows, self.starts), shape=(held.size, held.size))
            return Filled(qdldl.Solver(matrix, upper=True), matrix, scale)
        found.matrix.data[:] = data
        found.solver.update(found.matrix, upper=True)
        return Filled(found.solver, found.matrix, scale)

    def take_back(self, filled: Filled) -> None:
        """Have a solver refilled from here on, once nobody needs what it holds."""
        self._idle.append(filled)


@dataclass(frozen=True, eq=False)
class Filled:
    """A solver lent by a pattern, and the matrix in it: scaled to a unit diagonal."""

    solver: qdldl.Solver
    matrix: sparse.csc_matrix
    scale: Vector

    def solve(self, gap: Vector) -> Vector:
        """The step for a gap, both (rows,)."""
        return np.asarray(self.scale * self.solver.solve(self.scale * gap))

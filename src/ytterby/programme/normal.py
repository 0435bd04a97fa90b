# SPDX-License-Identifier: Apache-2.0
"""The matrix E D E' of one E: its pattern and its elimination order once, its values for each diagonal D."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import qdldl
from numpy.typing import NDArray
from scipy import sparse

from ytterby.programme.definition import Vector

RIDGE = 1e-14


class Normal:
    """The pattern of E D E' (upper triangle) and the product that fills it.

    It is shared by all solves on one E and never changes; what a solve works in is a `Factor`, lent to one at a time.
    """

    def __init__(self, E: sparse.csc_matrix) -> None:
        rows, columns = E.shape
        E = E.sorted_indices()
        counts = np.diff(E.indptr)
        place, owner, value = [np.arange(rows) * (rows + 1)], [], []
        for count in np.unique(counts[counts > 0]):
            which = np.flatnonzero(counts == count)
            entries = E.indptr[which][:, None] + np.arange(count)
            first, second = np.triu_indices(count)
            place.append(
                (E.indices[entries][:, second].astype(np.int64) * rows + E.indices[entries][:, first]).ravel()
            )
            value.append((E.data[entries][:, first] * E.data[entries][:, second]).ravel())
            owner.append(np.repeat(which, first.size))
        cells, position = np.unique(np.concatenate(place), return_inverse=True)
        self.rows, self.columns = cells % max(rows, 1), cells // max(rows, 1)
        self.starts = np.searchsorted(self.columns, np.arange(rows + 1))
        self.diagonal = np.flatnonzero(self.rows == self.columns)
        self.product = sparse.csr_matrix(
            (np.concatenate([*value, []]), (position[rows:], np.concatenate([*owner, []]).astype(np.int64))),
            shape=(cells.size, columns),
        )
        self._idle: list[Factor] = []

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_idle": []}

    @contextmanager
    def factor(self) -> Iterator[Factor]:
        """Lend a factor that nobody else works in."""
        try:
            lent = self._idle.pop()
        except IndexError:
            lent = Factor(self)
        try:
            yield lent
        finally:
            self._idle.append(lent)


class Factor:
    """A factorisation of E D E' that is refilled for each D."""

    def __init__(self, normal: Normal) -> None:
        self.normal = normal
        size = normal.starts.size - 1
        self._matrix = sparse.csc_matrix(
            (np.zeros(normal.rows.size), normal.rows, normal.starts), shape=(size, size)
        )
        self._solver: qdldl.Solver | None = None

    def step(self, weight: Vector, gap: Vector, held: NDArray[np.bool_]) -> Vector:
        """Solve (E D E') step = gap with D = diag(weight), scaled to a unit diagonal.

        The step is 0 where a row has no weight or is held.
        """
        normal = self.normal
        data = normal.product @ weight
        diagonal = data[normal.diagonal]
        moving = (diagonal > 0) & ~held
        scale = np.zeros(gap.size)
        np.divide(1.0, np.sqrt(diagonal, where=moving, out=np.ones(gap.size)), where=moving, out=scale)
        data *= scale[normal.rows]
        data *= scale[normal.columns]
        data[normal.diagonal] += np.where(moving, RIDGE, 1.0)
        self._matrix.data[:] = data
        if self._solver is None:
            self._solver = qdldl.Solver(self._matrix, upper=True)
        else:
            self._solver.update(self._matrix, upper=True)
        return np.asarray(scale * self._solver.solve(scale * gap))

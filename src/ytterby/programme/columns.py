# SPDX-License-Identifier: Apache-2.0
"""A sparse matrix by columns, reduced to the two products and the choice of columns that the kernel lives on.

The loops are those behind SciPy's `@`. Calling them directly leaves out the checks of shape and type and the copies of
each product, which cost more than the product itself where a programme has a few thousand columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import _sparsetools as loops

Vector = NDArray[np.float64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Columns:
    """A matrix M of `rows` rows.

    Parameters
    ----------
    rows : how many
    starts : (columns + 1,), where each column starts in `index` and `value`
    index, value : (entries,), row and coefficient
    """

    rows: int
    starts: Numbers
    index: Numbers
    value: Vector

    @staticmethod
    def of(matrix: sparse.csc_matrix) -> Columns:
        """The same matrix; what is of type float already is not copied."""
        return Columns(matrix.shape[0], matrix.indptr, matrix.indices, matrix.data.astype(float, copy=False))

    def absolute(self) -> Columns:
        """The absolute values of the coefficients."""
        return Columns(self.rows, self.starts, self.index, np.abs(self.value))

    def squared(self) -> Columns:
        """The squares of the coefficients."""
        return Columns(self.rows, self.starts, self.index, self.value * self.value)

    def onto(self, x: Vector) -> Vector:
        """M x, (rows,)."""
        found = np.zeros(self.rows)
        loops.csc_matvec(self.rows, self.starts.size - 1, self.starts, self.index, self.value, x, found)
        return found

    def back(self, y: Vector) -> Vector:
        """M' y, (columns,)."""
        found = np.zeros(self.starts.size - 1)
        loops.csr_matvec(self.starts.size - 1, self.rows, self.starts, self.index, self.value, y, found)
        return found

    def take(self, at: NDArray[np.int64]) -> Columns:
        """Some of the columns, in the order of their numbers `at`."""
        counts = self.starts[at + 1] - self.starts[at]
        starts = np.zeros(at.size + 1, self.starts.dtype)
        np.cumsum(counts, out=starts[1:])
        inside = np.repeat(self.starts[at] - starts[:-1], counts) + np.arange(starts[-1])
        return Columns(self.rows, starts, self.index[inside], self.value[inside])

    def dense(self) -> Vector:
        """The matrix with its zeros, (rows, columns)."""
        found = np.zeros((self.rows, self.starts.size - 1))
        found[self.index, np.repeat(np.arange(self.starts.size - 1), np.diff(self.starts))] = self.value
        return found

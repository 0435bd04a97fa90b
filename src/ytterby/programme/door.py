# SPDX-License-Identifier: Apache-2.0
"""What callers hand over, as the kernel works on it: matrices in columns without repeated entries, vectors of floats."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from ytterby.errors import ModelError
from ytterby.programme.columns import Vector

REAL = "biufO"  # kinds of arrays: truth values, integers, floats, and objects that are numbers


def columnwise(where: str, given: object) -> sparse.csc_matrix:
    """A matrix of numbers in compressed columns; repeated entries are summed.

    Parameters
    ----------
    where : for messages
    given : (rows, columns), a sparse matrix of any format, an array or nested lists

    Raises
    ------
    ModelError : not a matrix of real numbers
    """
    if isinstance(given, sparse.csc_matrix) and given.dtype == float and given.has_canonical_format:
        return given
    matrix: Any = given if sparse.issparse(given) else numbers(where, given)
    if matrix.ndim != 2:
        raise ModelError(where, f"shape {matrix.shape}", "rows and columns", "give a matrix, sparse or dense")
    if np.iscomplexobj(matrix):
        raise ModelError(where, "complex numbers", "real numbers", "check the inputs")
    found = sparse.csc_matrix(matrix, dtype=float, copy=True)
    found.sum_duplicates()
    return found


def numbers(where: str, given: object) -> Vector:
    """An array of floats.

    Parameters
    ----------
    where : for messages
    given : an array, or lists of real numbers

    Raises
    ------
    ModelError : not real numbers
    """
    try:
        raw = np.asarray(given)
        if raw.dtype.kind in REAL:
            return np.asarray(raw, dtype=float)
        found = f"values of type {raw.dtype}"
    except (TypeError, ValueError) as error:
        found = str(error)
    raise ModelError(where, found, "real numbers", "check the inputs")

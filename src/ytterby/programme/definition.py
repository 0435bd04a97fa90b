# SPDX-License-Identifier: Apache-2.0
"""What a programme is, what solves it, and the checks at the door."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from ytterby.errors import ModelError, quoted
from ytterby.programme.columns import Vector
from ytterby.programme.door import columnwise, numbers
from ytterby.programme.normal import Pattern

VECTORS = ("b", "c", "q", "upper", "h")
OPEN = ("upper", "h")  # vectors that may be infinite


@dataclass(frozen=True)
class Names:
    """Names for messages; what has none is called by its number.

    Parameters
    ----------
    nodes, columns, shared : of the rows of A, of the columns, of the rows of G; each may be empty
    """

    nodes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


@dataclass(frozen=True)
class Programme:
    """A separable convex network programme.

        minimise   sum_v  c_v x_v + 1/2 q_v x_v^2
        subject to A x = b,   G x <= h,   0 <= x <= upper

    Matrices may be sparse in any format or dense, vectors anything that `numpy.asarray` makes numbers of; they are kept as
    matrices in columns without repeated entries and as arrays of floats.

    Parameters
    ----------
    A : (nodes, columns), coefficient of each column in each balance; positive puts into the node
    b : (nodes,), what must be left over at the node
    c, q : (columns,), linear and quadratic cost, q >= 0
    upper : (columns,), upper bounds, np.inf where there is none
    G, h : (shared rows, columns) and (shared rows,), shared capacities G x <= h, np.inf for a row that is open
        (its rent is 0); None where there are none
    names : for messages; None for numbers

    Raises
    ------
    ModelError : a matrix or vector is not made of real numbers; shapes and signs are checked when it is solved
    """

    A: sparse.csc_matrix
    b: Vector
    c: Vector
    q: Vector
    upper: Vector
    G: sparse.csc_matrix | None = None
    h: Vector | None = None
    names: Names | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        kept = {"A": columnwise("programme.A", self.A)}
        kept |= {} if self.G is None else {"G": columnwise("programme.G", self.G)}
        for name in VECTORS:
            given = getattr(self, name)
            kept |= {} if name == "h" and given is None else {name: numbers(f"programme.{name}", given)}
        for name, value in kept.items():
            object.__setattr__(self, name, value)


@dataclass(frozen=True)
class Solution:
    """What a solved programme yields.

    Parameters
    ----------
    x : (columns,), the flows
    price : (nodes,), the marginal value of one more unit arriving at the node: for a node fed at unit cost 3 by a free
        column and emptied by a fixed demand (b = 1), price = 3
    rent : (columns,), what one more unit of a column's upper bound would save
    objective : the cost
    iterations : of the method that finished
    residual : the largest of three: breach of the constraints over the largest flow, breach of the optimality
        conditions, and the gap between the primal and the dual objective over the sum of their terms
    method : "newton", "proximal newton", "clarabel", or the sequence that led there
    shared_rent : (shared rows,), what one more unit of a shared capacity would save
    pattern : the pattern that Newton worked on, for solves of the same family that start here
    """

    x: Vector
    price: Vector
    rent: Vector
    objective: float
    iterations: int
    residual: float
    method: str
    shared_rent: Vector
    pattern: Pattern | None = field(default=None, repr=False, compare=False)


def check_matrices(A: sparse.csc_matrix, G: sparse.csc_matrix | None, names: Names | None) -> None:
    """Check the matrices of a programme and the names of their rows and columns.

    Raises
    ------
    ModelError : a value is not finite, G has other columns than A, or there are names for a part of the rows or columns
    """
    for where, matrix in (("programme.A", A), ("programme.G", G)):
        if matrix is not None and not np.isfinite(matrix.data).all():
            raise ModelError(where, "a value that is not finite", "finite numbers", "check the inputs")
    if G is not None and G.shape[1] != A.shape[1]:
        raise ModelError("programme.G", f"shape {G.shape}", f"(rows, {A.shape[1]})", "match it to A")
    _check_names(
        names, {"nodes": A.shape[0], "columns": A.shape[1], "shared": 0 if G is None else G.shape[0]}
    )


def _check_names(names: Names | None, sizes: dict[str, int]) -> None:
    if names is None:
        return
    if not isinstance(names, Names):
        raise ModelError(
            "programme.names", f"a {type(names).__name__}", "Names or None", "wrap them in Names"
        )
    for name, size in sizes.items():
        count = len(getattr(names, name))
        if count not in {0, size}:
            raise ModelError(
                f"programme.names.{name}", f"{count} names", f"{size}, or none", "name all or none"
            )


def check_vectors(programme: Programme, start: Solution | None, tolerance: float) -> None:
    """Check the vectors of a programme against its matrices, and what a solve starts from and ends at.

    Raises
    ------
    ModelError : shapes disagree, a number is not finite, q or a bound is negative, the tolerance is not above 0
    """
    if not 0.0 < float(numbers("programme.tolerance", tolerance)) < np.inf:
        raise ModelError(
            "programme", f"tolerance {quoted(tolerance)}", "a number above 0", "the default is 1e-9"
        )
    if not isinstance(start, Solution | None):
        raise ModelError(
            "programme.start", f"a {type(start).__name__}", "a Solution or None", "pass the solution on whole"
        )
    nodes, columns = programme.A.shape
    if (programme.G is None) != (programme.h is None):
        raise ModelError("programme", "one of G and h alone", "both or neither", "give the other too")
    vectors = [
        ("b", programme.b, nodes), ("c", programme.c, columns),
        ("q", programme.q, columns), ("upper", programme.upper, columns),
    ]  # fmt: skip
    if programme.G is not None and programme.h is not None:
        vectors.append(("h", programme.h, programme.G.shape[0]))
    if start is not None:
        shared = 0 if programme.G is None else programme.G.shape[0]
        vectors += [("start", start.price, nodes), ("start", start.shared_rent, shared)]
    for name, vector, size in vectors:
        if vector.shape != (size,):
            raise ModelError(f"programme.{name}", f"shape {vector.shape}", f"({size},)", "match it to A")
        finite = (vector > -np.inf) if name in OPEN else np.isfinite(vector)
        if not finite.all():
            found = "a value that is not finite"
            raise ModelError(f"programme.{name}", found, "finite numbers", "check the inputs")
    _check_sign("q", programme.q, programme.names)
    _check_sign("upper", programme.upper, programme.names)


def _check_sign(name: str, vector: Vector, names: Names | None) -> None:
    if (vector < 0).any():
        worst = int(np.argmin(vector))
        found = f"{vector[worst]} at {called((names or Names()).columns, worst)}"
        raise ModelError(f"programme.{name}", found, ">= 0", "")


def called(names: tuple[str, ...], index: int) -> str:
    """The name of a row or column, or its number."""
    return names[index] if index < len(names) else str(index)

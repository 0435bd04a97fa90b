# SPDX-License-Identifier: Apache-2.0
"""The separable convex network programme, the one mathematical object behind every balance.

    minimise   sum_v  c_v x_v + 1/2 q_v x_v^2
    subject to A x = b,   G x <= h,   0 <= x <= upper

It knows nothing of minerals. Clarabel (interior point) solves it; where every q is positive and there are no shared
rows, Newton steps on the dual then take the balances to machine precision.
"""

from dataclasses import dataclass, field

import clarabel
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from ytterby.errors import ModelError, SolverError

Vector = NDArray[np.float64]

NAMED_ROWS = 5
NEWTON_STEPS = 60
LINE_SEARCH_STEPS = 30


@dataclass(frozen=True)
class Programme:
    """A separable convex network programme.

    Parameters
    ----------
    A : sparse (nodes, columns), coefficient of each column in each balance; positive puts into the node
    b : (nodes,), what must be left over at the node
    c, q : (columns,), linear and quadratic cost, q >= 0
    upper : (columns,), upper bounds, np.inf where there is none
    G, h : sparse (shared rows, columns) and (shared rows,), shared capacities G x <= h; None where there are none
    rows, columns : names for messages, may be empty
    """

    A: sparse.csc_matrix
    b: Vector
    c: Vector
    q: Vector
    upper: Vector
    G: sparse.csc_matrix | None = None
    h: Vector | None = None
    rows: tuple[str, ...] = field(default=(), repr=False)
    columns: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Solution:
    """What a solved programme yields.

    `price` is the marginal value of one more unit arriving at the node: for a node fed at unit cost 3 by a free
    column and emptied by a fixed demand (b = 1), price = 3. `rent` is what one more unit of a column's upper bound
    would save, `shared_rent` the same for the rows of G. `residual` is max |A x - b| over the largest flow.
    """

    x: Vector
    price: Vector
    rent: Vector
    shared_rent: Vector
    objective: float
    iterations: int
    residual: float
    method: str


def solve(
    programme: Programme,
    method: str = "auto",
    start: Solution | None = None,
    tolerance: float = 1e-9,
) -> Solution:
    """Solve a programme to optimality.

    Parameters
    ----------
    programme : the programme
    method : "newton" (semismooth Newton on the dual, needs q > 0 and no shared rows), "clarabel", or "auto":
        Newton where it applies and converges, else Clarabel
    start : a neighbour's solution, whose prices Newton starts from
    tolerance : largest |A x - b| allowed, relative to the largest flow

    Raises
    ------
    ModelError : shapes disagree, q is negative, a number is not finite
    SolverError : the programme is infeasible or unbounded, or the solver gives up

    References
    ----------
    Qi and Sun 1993, doi:10.1007/BF01581275; Li, Sun and Toh 2020, doi:10.1137/19M1261675
    """
    _validate(programme)
    newton_applies = programme.G is None and bool(np.all(programme.q > 0))
    if method == "newton" and not newton_applies:
        raise ModelError("programme", "zero q or shared rows", "q > 0 and no G", 'use method "auto"')
    if method in {"newton", "auto"} and newton_applies:
        first = start.price if start is not None else np.zeros(programme.b.size)
        found = _newton(programme, first, tolerance)
        if found is not None:
            return found
    solution = _clarabel(programme)
    if newton_applies:
        polished = _newton(programme, solution.price, tolerance)
        if polished is not None:
            return polished
    if solution.residual > max(tolerance, 1e-7):
        raise SolverError(
            "programme", f"residual {solution.residual:.1e}", f"at most {tolerance:.0e}", "rescale it"
        )
    return solution


def _validate(programme: Programme) -> None:
    nodes, columns = programme.A.shape
    shapes = {
        "b": (programme.b, nodes), "c": (programme.c, columns),
        "q": (programme.q, columns), "upper": (programme.upper, columns),
    }  # fmt: skip
    for name, (vector, size) in shapes.items():
        if vector.shape != (size,):
            raise ModelError(f"programme.{name}", f"shape {vector.shape}", f"({size},)", "match it to A")
        if np.isnan(vector).any() or (name != "upper" and np.isinf(vector).any()):
            raise ModelError(
                f"programme.{name}", "a value that is not finite", "finite numbers", "check the inputs"
            )
    if (programme.q < 0).any():
        worst = int(np.argmin(programme.q))
        raise ModelError(
            "programme.q", f"{programme.q[worst]} at {_name(programme.columns, worst)}", ">= 0", ""
        )
    if (programme.upper < 0).any():
        worst = int(np.argmin(programme.upper))
        raise ModelError(
            "programme.upper", f"{programme.upper[worst]} at {_name(programme.columns, worst)}", ">= 0", ""
        )


def _name(names: tuple[str, ...], index: int) -> str:
    return names[index] if index < len(names) else str(index)


def _primal(programme: Programme, price: Vector) -> tuple[Vector, Vector]:
    """The best response x(price) to node prices, and each column's margin A'price - c."""
    margin = programme.A.T @ price - programme.c
    return np.clip(margin / programme.q, 0.0, programme.upper), margin


def _dual_value(programme: Programme, price: Vector, x: Vector, margin: Vector) -> float:
    return float(programme.b @ price - (margin * x - 0.5 * programme.q * x * x).sum())


def _newton(programme: Programme, price: Vector, tolerance: float) -> Solution | None:
    """Semismooth Newton ascent on the concave dual; None where it stalls."""
    x, margin = _primal(programme, price)
    value = _dual_value(programme, price, x, margin)
    scale = max(1.0, float(np.abs(programme.A).max()))
    previous = np.inf
    for iteration in range(NEWTON_STEPS):
        gap = programme.b - programme.A @ x
        size = max(float(np.abs(x).max(initial=0.0)), float(np.abs(programme.b).max(initial=0.0)), 1e-300)
        residual = float(np.abs(gap).max(initial=0.0)) / size
        if residual <= 1e-15 * scale or (residual <= tolerance * 1e-3 and residual >= 0.5 * previous):
            return _solution(programme, x, price, margin, iteration, residual, "newton")
        previous = residual
        step = _newton_step(programme, margin, gap, residual)
        moved = _line_search(programme, price, step, value, float(gap @ step))
        if moved is None:
            done = residual <= tolerance
            return _solution(programme, x, price, margin, iteration, residual, "newton") if done else None
        price, x, margin, value = moved
    return None


def _newton_step(programme: Programme, margin: Vector, gap: Vector, residual: float) -> Vector:
    """Solve (A D A' + damping) step = gap, D = 1/q on the free columns and a small share of 1/q on the clipped ones.

    The share keeps balances without a free column moving at the scale of their own columns; it fades with the residual.
    """
    free = (margin > 0) & (margin < programme.q * programme.upper)
    share = np.where(free, 1.0, np.where(programme.upper > 0, min(1e-3, max(residual, 1e-12)), 0.0))
    matrix = (programme.A.multiply(share / programme.q) @ programme.A.T).tocsc()
    diagonal = matrix.diagonal()
    scale = sparse.diags(1.0 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0)))
    factor = splu(
        (scale @ matrix @ scale + 1e-14 * sparse.identity(gap.size)).tocsc(), permc_spec="MMD_AT_PLUS_A"
    )
    step = scale @ factor.solve(scale @ gap)
    return np.where(diagonal > 0, step, 0.0)


def _line_search(
    programme: Programme, price: Vector, step: Vector, value: float, slope: float
) -> tuple[Vector, Vector, Vector, float] | None:
    length = 1.0
    for _ in range(LINE_SEARCH_STEPS):
        trial = price + length * step
        x, margin = _primal(programme, trial)
        reached = _dual_value(programme, trial, x, margin)
        if reached >= value + 1e-4 * length * slope - 1e-12 * max(1.0, abs(value)):
            return trial, x, margin, reached
        length *= 0.5
    return None


def _solution(
    programme: Programme,
    x: Vector,
    price: Vector,
    margin: Vector,
    iterations: int,
    residual: float,
    method: str,
) -> Solution:
    rent = np.where(x >= programme.upper, np.maximum(margin - programme.q * x, 0.0), 0.0)
    objective = float(programme.c @ x + 0.5 * (programme.q * x) @ x)
    return Solution(x, price, rent, np.zeros(0), objective, iterations, residual, method)


def _clarabel(programme: Programme) -> Solution:
    nodes, columns = programme.A.shape
    scale = np.where(programme.q > 0, 1.0 / np.sqrt(np.where(programme.q > 0, programme.q, 1.0)), 1.0)
    bounded = np.flatnonzero(np.isfinite(programme.upper))
    unit = sparse.identity(columns, format="csc")
    stretch = sparse.diags(scale)
    blocks = [programme.A @ stretch, -unit, unit[bounded]]
    right = [programme.b, np.zeros(columns), programme.upper[bounded] / scale[bounded]]
    if programme.G is not None and programme.h is not None:
        blocks.append(programme.G @ stretch)
        right.append(programme.h)
    inequalities = sum(block.shape[0] for block in blocks[1:])
    cones = [clarabel.ZeroConeT(nodes), clarabel.NonnegativeConeT(inequalities)]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-10
    solver = clarabel.DefaultSolver(
        sparse.diags((programme.q > 0).astype(float), format="csc"), programme.c * scale,
        sparse.vstack(blocks, format="csc"), np.concatenate(right), cones, settings,
    )  # fmt: skip
    raw = solver.solve()
    if str(raw.status) not in {"Solved", "AlmostSolved"}:
        raise _failure(programme, str(raw.status), np.asarray(raw.z))
    return _from_clarabel(programme, raw, bounded, scale)


def _from_clarabel(
    programme: Programme, raw: "clarabel.DefaultSolution", bounded: NDArray[np.int64], scale: Vector
) -> Solution:
    nodes, columns = programme.A.shape
    x, dual = np.asarray(raw.x) * scale, np.asarray(raw.z)
    rent = np.zeros(columns)
    rent[bounded] = dual[nodes + columns : nodes + columns + bounded.size] / scale[bounded]
    size = max(float(np.abs(x).max(initial=0.0)), float(np.abs(programme.b).max(initial=0.0)), 1e-300)
    residual = float(np.abs(programme.A @ x - programme.b).max(initial=0.0)) / size
    objective = float(programme.c @ x + 0.5 * (programme.q * x) @ x)
    shared = dual[nodes + columns + bounded.size :]
    return Solution(x, -dual[:nodes], rent, shared, objective, int(raw.iterations), residual, "clarabel")


def _failure(programme: Programme, status: str, certificate: Vector) -> SolverError:
    nodes = programme.A.shape[0]
    weight = np.abs(certificate[:nodes])
    worst = [
        i for i in np.argsort(-weight)[:NAMED_ROWS] if weight[i] > 1e-6 * max(weight.max(initial=0.0), 1e-300)
    ]
    named = ", ".join(_name(programme.rows, int(i)) for i in worst) or "none named"
    return SolverError("programme", f"{status}; balances in the certificate: {named}", "a feasible programme",
                       "loosen a bound or add a supply or use at these balances")  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""The separable convex network programme, the one mathematical object behind every balance.

    minimise   sum_v  c_v x_v + 1/2 q_v x_v^2
    subject to A x = b,   G x <= h,   0 <= x <= upper

It knows nothing of minerals. Clarabel (interior point) solves it; where every q is positive and there are no shared
rows, Newton steps on the dual then take the balances to machine precision.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import clarabel
import numpy as np
import qdldl
from numpy.typing import NDArray
from scipy import sparse

from ytterby.errors import ModelError, SolverError, quoted

Vector = NDArray[np.float64]

METHODS = ("auto", "newton", "clarabel")
NAMED_ROWS = 5
NEWTON_STEPS = 120
LINE_SEARCH_STEPS = 14
STEP_LIMIT = 3.0
CLARABEL_RESIDUAL = 1e-7
FLOW_QUANTILES = (0.25, 0.5, 0.75, 0.0)
STANDSTILL = 1e-8


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
    pattern: _Normal | None = field(default=None, repr=False, compare=False)


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
    method : "newton" (semismooth Newton on the dual, needs q > 0 and no shared rows), "clarabel" (alone), or "auto":
        Newton where it applies and converges, else Clarabel
    start : a neighbour's solution, whose prices Newton starts from; for the same matrix A its pattern is used again
    tolerance : largest |A x - b| allowed, relative to the largest flow

    Raises
    ------
    ModelError : no such method, shapes disagree, q is negative, a number is not finite
    SolverError : the programme is infeasible or unbounded, or the solver gives up

    References
    ----------
    Qi and Sun 1993, doi:10.1007/BF01581275; Li, Sun and Toh 2020, doi:10.1137/19M1261675
    """
    if method not in METHODS:
        raise ModelError("programme", f"method {quoted(method)}", ", ".join(METHODS), "use one of these")
    _validate(programme, start)
    newton_applies = programme.G is None and bool(np.all(programme.q > 0))
    if method == "newton" and not newton_applies:
        raise ModelError("programme", "zero q or shared rows", "q > 0 and no G", 'use method "auto"')
    if method in {"newton", "auto"} and newton_applies:
        first = start.price if start is not None else np.zeros(programme.b.size)
        pattern = start.pattern if start is not None else None
        found = _newton(programme, first, tolerance, pattern)
        if found is not None:
            return found
    solution = _clarabel(programme, max(tolerance, CLARABEL_RESIDUAL))
    if newton_applies and method != "clarabel":
        polished = _newton(programme, solution.price, tolerance)
        if polished is not None:
            return polished
    return solution


def _validate(programme: Programme, start: Solution | None) -> None:
    nodes, columns = programme.A.shape
    shapes = {
        "b": (programme.b, nodes), "c": (programme.c, columns),
        "q": (programme.q, columns), "upper": (programme.upper, columns),
    }  # fmt: skip
    if (programme.G is None) != (programme.h is None):
        raise ModelError("programme", "one of G and h alone", "both or neither", "give the other too")
    if programme.G is not None and programme.h is not None:
        if programme.G.shape[1] != columns:
            found, allowed = f"shape {programme.G.shape}", f"(rows, {columns})"
            raise ModelError("programme.G", found, allowed, "match it to A")
        shapes["h"] = (programme.h, programme.G.shape[0])
        _validate_matrix("programme.G", programme.G)
    if start is not None:
        shapes["start"] = (start.price, nodes)
    _validate_matrix("programme.A", programme.A)
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


def _validate_matrix(where: str, matrix: sparse.csc_matrix) -> None:
    if getattr(matrix, "format", "") != "csc":
        raise ModelError(
            where, type(matrix).__name__, "a sparse matrix in columns", "convert it with csc_matrix"
        )
    if not np.isfinite(matrix.data).all():
        raise ModelError(where, "a value that is not finite", "finite numbers", "check the inputs")


def _name(names: tuple[str, ...], index: int) -> str:
    return names[index] if index < len(names) else str(index)


def _primal(programme: Programme, price: Vector) -> tuple[Vector, Vector]:
    """The best response x(price) to node prices, and each column's margin A'price - c."""
    margin = programme.A.T @ price - programme.c
    return np.clip(margin / programme.q, 0.0, programme.upper), margin


def _newton(
    programme: Programme, start: Vector, tolerance: float, pattern: _Normal | None = None
) -> Solution | None:
    """Semismooth Newton ascent on the concave dual; None where it stalls.

    Clipped columns keep a small share of their weight, so that balances without a free column move too; the share falls
    while full steps are taken and rises when they are not, as in Levenberg and Marquardt.
    """
    price, share = start, 1e-4
    x, margin = _primal(programme, price)
    reach = np.where(start == 0.0, np.inf, np.abs(start))
    normal = pattern if pattern is not None and pattern.A is programme.A else _Normal(programme.A)
    previous = np.inf
    for iteration in range(NEWTON_STEPS):
        gap = programme.b - programme.A @ x
        residual = _relative(gap, x, programme.b)
        if residual <= 1e-15 or (residual <= tolerance * 1e-2 and residual >= 0.1 * previous):
            return _solution(programme, x, price, margin, iteration, residual, normal)
        previous = residual
        limit = STEP_LIMIT * np.maximum(np.abs(price), reach)
        step = np.clip(_newton_step(programme, normal, margin, gap, share), -limit, limit)
        length = _line_search(programme, price, step, float(gap @ step))
        share = max(1e-13, share * 0.1) if length == 1.0 else min(0.1, share * 2.0)
        price = price + length * step
        x, margin = _primal(programme, price)
    residual = _relative(programme.b - programme.A @ x, x, programme.b)
    if residual > tolerance:
        return None
    return _solution(programme, x, price, margin, NEWTON_STEPS, residual, normal)


def _relative(gap: Vector, x: Vector, b: Vector) -> float:
    size = max(float(np.abs(x).max(initial=0.0)), float(np.abs(b).max(initial=0.0)), 1e-300)
    return float(np.abs(gap).max(initial=0.0)) / size


class _Normal:
    """The matrix A D A' of one programme: its pattern once, its values for each diagonal D as one product."""

    def __init__(self, A: sparse.csc_matrix) -> None:
        self.A = A
        self.factor: qdldl.Solver | None = None
        nodes, columns = A.shape
        counts = np.diff(A.indptr)
        left, right, owner, value = [], [], [], []
        for count in np.unique(counts[counts > 0]):
            which = np.flatnonzero(counts == count)
            entries = A.indptr[which][:, None] + np.arange(count)
            rows, values = A.indices[entries], A.data[entries]
            left.append(np.repeat(rows, count, axis=1).ravel())
            right.append(np.tile(rows, (1, count)).ravel())
            owner.append(np.repeat(which, count * count))
            value.append((values[:, :, None] * values[:, None, :]).ravel())
        own = np.arange(nodes)
        place = np.concatenate([*right, own]) * nodes + np.concatenate([*left, own])
        cells, position = np.unique(place, return_inverse=True)
        self.rows, self.columns = cells % nodes, cells // nodes
        self.starts = np.searchsorted(self.columns, np.arange(nodes + 1))
        self.diagonal = np.flatnonzero(self.rows == self.columns)
        pairs = position.size - nodes
        self.product = sparse.csr_matrix(
            (np.concatenate([*value, []]), (position[:pairs], np.concatenate([*owner, []]).astype(int))),
            shape=(cells.size, columns),
        )

    def solve(self, weight: Vector, gap: Vector) -> Vector:
        """Solve (A D A') step = gap with D = diag(weight), scaled to a unit diagonal; 0 where a balance has no weight."""
        data = self.product @ weight
        diagonal = data[self.diagonal]
        scale = 1.0 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
        data *= scale[self.rows] * scale[self.columns]
        data[self.diagonal] += np.where(diagonal > 0, 1e-14, 1.0)
        matrix = sparse.csc_matrix((data, self.rows, self.starts), shape=(gap.size, gap.size))
        if self.factor is None:
            self.factor = qdldl.Solver(matrix)
        else:
            self.factor.update(matrix)
        return np.where(diagonal > 0, scale * self.factor.solve(scale * gap), 0.0)


def _newton_step(programme: Programme, normal: _Normal, margin: Vector, gap: Vector, share: float) -> Vector:
    """The Newton step with D = 1/q on free columns and a share of it on those clipped at a bound."""
    free = (margin > 0) & (margin < programme.q * programme.upper)
    weight = np.where(free, 1.0, np.where(programme.upper > 0, share, 0.0)) / programme.q
    return normal.solve(weight, gap)


def _line_search(programme: Programme, price: Vector, step: Vector, slope: float) -> float:
    """Length in (0, 1] at which the dual's slope along the step is nearly gone: bisection on a concave function."""
    low, high, length = 0.0, 1.0, 1.0
    for _ in range(LINE_SEARCH_STEPS):
        x, _margin = _primal(programme, price + length * step)
        slope_here = float((programme.b - programme.A @ x) @ step)
        if slope_here >= 0.0 if length == 1.0 else abs(slope_here) <= 0.1 * slope:
            return length
        low, high = (length, high) if slope_here > 0 else (low, length)
        length = 0.5 * (low + high)
    return low if low > 0 else high


def _solution(
    programme: Programme,
    x: Vector,
    price: Vector,
    margin: Vector,
    iterations: int,
    residual: float,
    normal: _Normal,
) -> Solution:
    rent = np.where(x >= programme.upper, np.maximum(margin - programme.q * x, 0.0), 0.0)
    objective = float(programme.c @ x + 0.5 * (programme.q * x) @ x)
    return Solution(x, price, rent, np.zeros(0), objective, iterations, residual, "newton", normal)


def _clarabel(programme: Programme, tolerance: float) -> Solution:
    """Solve by interior point, in units in which the figures are near 1, because its tolerances are absolute.

    What is typical can only be guessed; where the first guess fails, the next is tried.
    """
    failure: SolverError | None = None
    for number, sizes in enumerate(_sizes(programme)):
        raw, bounded, scale = _interior_point(programme, *sizes)
        if str(raw.status) in {"Solved", "AlmostSolved"}:
            found = _from_clarabel(programme, raw, bounded, scale, sizes)
            if found.residual <= tolerance:
                return found
            if number == 0 and not programme.b.any() and np.abs(found.x).max() <= STANDSTILL * sizes[0]:
                return replace(found, x=np.zeros(found.x.size), objective=0.0, residual=0.0)
            text = f"residual {found.residual:.1e}"
            failure = failure or SolverError("programme", text, f"at most {tolerance:.0e}", "rescale it")
        else:
            failure = failure or _failure(programme, raw)
    raise failure or SolverError("programme", "no units to solve it in", "", "")


def _sizes(programme: Programme) -> list[tuple[float, float]]:
    """Guesses at a typical flow and a typical marginal cost, the likeliest first; they follow the programme's units."""
    rising = programme.q > 0
    flows = np.concatenate(
        [
            np.abs(programme.b),
            programme.upper[np.isfinite(programme.upper)],
            np.abs(programme.c[rising]) / programme.q[rising],
        ]
    )
    flows, costs = flows[flows > 0], np.abs(programme.c[programme.c != 0])
    guesses = [float(np.quantile(flows, share)) for share in FLOW_QUANTILES] if flows.size else [1.0]
    return [
        (flow, float(np.median(costs)) if costs.size else float(np.median(programme.q)) * flow or 1.0)
        for flow in dict.fromkeys(guesses)
    ]


def _interior_point(
    programme: Programme, flow: float, cost: float
) -> tuple[clarabel.DefaultSolution, NDArray[np.int64], Vector]:
    """Clarabel's raw solution in the given units, the columns that have a bound, and the stretch of each column."""
    nodes, columns = programme.A.shape
    q = programme.q * flow / cost
    scale = np.where(q > 0, 1.0 / np.sqrt(np.where(q > 0, q, 1.0)), 1.0)
    bounded = np.flatnonzero(np.isfinite(programme.upper))
    unit = sparse.identity(columns, format="csc")
    stretch = sparse.diags(scale)
    blocks = [programme.A @ stretch, -unit, unit[bounded]]
    right = [programme.b / flow, np.zeros(columns), programme.upper[bounded] / flow / scale[bounded]]
    if programme.G is not None and programme.h is not None:
        blocks.append(programme.G @ stretch)
        right.append(programme.h / flow)
    inequalities = sum(block.shape[0] for block in blocks[1:])
    cones = [clarabel.ZeroConeT(nodes), clarabel.NonnegativeConeT(inequalities)]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-10
    solver = clarabel.DefaultSolver(
        sparse.diags((q > 0).astype(float), format="csc"), programme.c / cost * scale,
        sparse.vstack(blocks, format="csc"), np.concatenate(right), cones, settings,
    )  # fmt: skip
    return solver.solve(), bounded, scale


def _from_clarabel(
    programme: Programme,
    raw: clarabel.DefaultSolution,
    bounded: NDArray[np.int64],
    scale: Vector,
    sizes: tuple[float, float],
) -> Solution:
    nodes, columns = programme.A.shape
    flow, cost = sizes
    x, dual = np.asarray(raw.x) * scale * flow, np.asarray(raw.z) * cost
    rent = np.zeros(columns)
    rent[bounded] = dual[nodes + columns : nodes + columns + bounded.size] / scale[bounded]
    size = max(float(np.abs(x).max(initial=0.0)), float(np.abs(programme.b).max(initial=0.0)), 1e-300)
    residual = float(np.abs(programme.A @ x - programme.b).max(initial=0.0)) / size
    objective = float(programme.c @ x + 0.5 * (programme.q * x) @ x)
    shared = dual[nodes + columns + bounded.size :]
    return Solution(x, -dual[:nodes], rent, shared, objective, int(raw.iterations), residual, "clarabel")


def _failure(programme: Programme, raw: clarabel.DefaultSolution) -> SolverError:
    status = str(raw.status)
    if status == "DualInfeasible":
        ray = _heaviest(np.maximum(np.asarray(raw.x), 0.0), programme.columns)
        return SolverError("programme", f"no lower bound of the cost; growing without end: {ray}",
                           "a bounded programme", "give these columns an upper bound or a rising cost")  # fmt: skip
    named = _heaviest(np.abs(np.asarray(raw.z)[: programme.A.shape[0]]), programme.rows)
    return SolverError("programme", f"{status}; balances in the certificate: {named}", "a feasible programme",
                       "loosen a bound or add a supply or use at these balances")  # fmt: skip


def _heaviest(weight: Vector, names: tuple[str, ...]) -> str:
    least = 1e-6 * max(float(weight.max(initial=0.0)), 1e-300)
    worst = [int(i) for i in np.argsort(-weight)[:NAMED_ROWS] if weight[i] > least]
    return ", ".join(_name(names, i) for i in worst) or "none named"

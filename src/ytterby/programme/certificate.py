# SPDX-License-Identifier: Apache-2.0
"""Why a programme has no optimum: the rows and columns of a certificate, in the user's names."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from ytterby.errors import SolverError
from ytterby.programme.columns import Vector
from ytterby.programme.definition import Names, Programme, called

NAMED = 5
TRACE = 1e-6
BROKEN = 1e-7  # least breach of rows in all, over the largest need, that counts
FALLING = 1e-9  # least fall of the cost along a ray, over the largest cost


def unbounded(programme: Programme, ray: Vector) -> SolverError:
    """The error for columns that can grow together for ever at falling cost.

    Parameters
    ----------
    programme : the programme
    ray : (columns,), a direction with A ray = 0, G ray <= 0, ray >= 0 and c'ray < 0
    """
    names = programme.names or Names()
    through = abs(programme.A) @ np.abs(ray)
    certificate = {"columns": _heaviest(ray, names.columns), "balances": _heaviest(through, names.nodes)}
    parts = [f"columns {_shown(certificate['columns'])}"]
    parts += [f"through the balances {_shown(certificate['balances'])}"] if through.any() else []
    return SolverError(
        "programme", f"no lower bound of the cost; growing without end: {' '.join(parts)}",
        "a bounded programme", "give these columns an upper bound or a rising cost", certificate,
    )  # fmt: skip


def infeasible(programme: Programme, price: Vector, rent: Vector, shared_rent: Vector) -> SolverError:
    """The error for rows that can't be met together.

    Parameters
    ----------
    programme : the programme
    price, rent, shared_rent : (nodes,), (columns,), (shared rows,): weights with A'price - G'shared_rent <= rent and
        b'price > upper'rent + h'shared_rent
    """
    names = programme.names or Names()
    top = max(float(np.abs(price).max(initial=0.0)), float(np.abs(shared_rent).max(initial=0.0)))
    certificate = {
        "balances": _heaviest(price, names.nodes, top), "columns": _heaviest(rent, names.columns),
        "shared rows": _heaviest(shared_rent, names.shared, top),
    }  # fmt: skip
    parts = [f"balances {_shown(certificate['balances'])}"]
    parts += [f"bounds of columns {_shown(certificate['columns'])}"] if rent.any() else []
    parts += [f"shared rows {_shown(certificate['shared rows'])}"] if shared_rent.any() else []
    return SolverError(
        "programme", f"needs that can't be met together; in the certificate: {'; '.join(parts)}",
        "a feasible programme", "loosen a bound or add a supply or use at these balances", certificate,
    )  # fmt: skip


def explained(programme: Programme) -> SolverError | None:
    """Why a programme has no optimum, by two linear programmes; None where it seems to have one.

    The first asks how little the rows must be broken in all: where that is more than nothing, its duals are the
    certificate. The second looks for flows without end at falling cost.
    """
    return _broken(programme) or _endless(programme)


def _rows(programme: Programme) -> tuple[sparse.csc_matrix, Vector]:
    """The shared rows that are not open."""
    if programme.G is None or programme.h is None:
        return sparse.csc_matrix((0, programme.c.size)), np.zeros(0)
    limited = np.isfinite(programme.h)
    return programme.G[limited], programme.h[limited]


def _broken(programme: Programme) -> SolverError | None:
    from scipy.optimize import linprog

    G, h = _rows(programme)
    nodes, columns = programme.A.shape
    size = max(float(np.abs(np.concatenate([programme.b, h])).max(initial=0.0)), 1e-300)
    unit, none = sparse.identity(nodes), sparse.csc_matrix((h.size, nodes))
    upper = np.concatenate([programme.upper / size, np.full(2 * nodes + h.size, np.inf)])
    found = linprog(
        np.concatenate([np.zeros(columns), np.ones(2 * nodes + h.size)]),
        A_ub=sparse.hstack([G, none, none, -sparse.identity(h.size)]), b_ub=h / size,
        A_eq=sparse.hstack([programme.A, unit, -unit, none.T]), b_eq=programme.b / size,
        bounds=np.stack([np.zeros(upper.size), upper], axis=1), method="highs",
    )  # fmt: skip
    if found.status != 0 or found.fun <= BROKEN:
        return None
    rent = -found.upper.marginals[:columns]
    shared_rent = np.zeros(0 if programme.h is None else programme.h.size)
    if programme.h is not None:
        shared_rent[np.isfinite(programme.h)] = -found.ineqlin.marginals
    return infeasible(programme, found.eqlin.marginals, rent, shared_rent)


def _endless(programme: Programme) -> SolverError | None:
    from scipy.optimize import linprog

    G, h = _rows(programme)
    endless = (programme.q == 0.0) & np.isinf(programme.upper)
    cost = np.where(endless, programme.c, 0.0)
    found = linprog(
        cost / max(float(np.abs(cost).max(initial=0.0)), 1e-300),
        A_ub=G, b_ub=np.zeros(h.size), A_eq=programme.A, b_eq=np.zeros(programme.b.size),
        bounds=np.stack([np.zeros(cost.size), np.where(endless, 1.0, 0.0)], axis=1), method="highs",
    )  # fmt: skip
    return unbounded(programme, found.x) if found.status == 0 and found.fun < -FALLING else None


def _heaviest(weight: Vector, names: tuple[str, ...], top: float = 0.0) -> tuple[str, ...]:
    """The names of what has more than a trace of the weight, the heaviest first."""
    size = np.abs(weight)
    least = TRACE * max(float(size.max(initial=0.0)), top)
    return tuple(called(names, int(i)) for i in np.argsort(-size, kind="stable") if size[i] > least)


def _shown(heaviest: tuple[str, ...]) -> str:
    """The first few, and how many more there are."""
    more = f" and {len(heaviest) - NAMED} more" if len(heaviest) > NAMED else ""
    return (", ".join(heaviest[:NAMED]) or "none") + more

# SPDX-License-Identifier: Apache-2.0
"""Why a programme has no optimum: the rows and columns of a certificate, in the user's names."""

from __future__ import annotations

import numpy as np

from ytterby.errors import SolverError
from ytterby.programme.columns import Vector
from ytterby.programme.definition import Names, Programme, called

NAMED = 5
TRACE = 1e-6


def unbounded(programme: Programme, ray: Vector) -> SolverError:
    """The error for columns that can grow together for ever at falling cost.

    Parameters
    ----------
    programme : the programme
    ray : (columns,), a direction with A ray = 0, G ray <= 0, ray >= 0 and c'ray < 0
    """
    names = programme.names or Names()
    through = abs(programme.A) @ np.abs(ray)
    parts = [f"columns {_heaviest(ray, names.columns)}"]
    parts += [f"through the balances {_heaviest(through, names.nodes)}"] if through.any() else []
    return SolverError(
        "programme", f"no lower bound of the cost; growing without end: {' '.join(parts)}",
        "a bounded programme", "give these columns an upper bound or a rising cost",
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
    parts = [f"balances {_heaviest(price, names.nodes, top)}"]
    parts += [f"bounds of columns {_heaviest(rent, names.columns)}"] if rent.any() else []
    parts += [f"shared rows {_heaviest(shared_rent, names.shared, top)}"] if shared_rent.any() else []
    return SolverError(
        "programme", f"needs that can't be met together; in the certificate: {'; '.join(parts)}",
        "a feasible programme", "loosen a bound or add a supply or use at these balances",
    )  # fmt: skip


def _heaviest(weight: Vector, names: tuple[str, ...], top: float = 0.0) -> str:
    size = np.abs(weight)
    least = TRACE * max(float(size.max(initial=0.0)), top)
    worst = [int(i) for i in np.argsort(-size, kind="stable") if size[i] > least]
    more = f" and {len(worst) - NAMED} more" if len(worst) > NAMED else ""
    return (", ".join(called(names, i) for i in worst[:NAMED]) or "none") + more

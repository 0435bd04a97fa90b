# SPDX-License-Identifier: Apache-2.0
"""Market power: what a supplier that knows its weight adds to the cost of its sales.

A supplier sells x_m to the buyers m of a form. It expects a tonne more to lower the buyers' price by t b_m, where b_m is
the slope of their demand and t its conduct: 0 takes the price as given, 1 expects all others to sell what they sell
(Cournot). It sells until marginal revenue is marginal cost:

    p_m - t b_m x_m = C'(x),     which is the optimality condition of a programme with t b_m more on q of the column.

Calibration reads the base year's price as marginal cost. Where the supplier already kept back with conduct t0, the price
holds a markup t0 b_m x0_m; taken off the cost, the base year comes back exactly:

    q + t b_m,   c - t0 b_m x0_m.

Users at a balance with coefficients -a_v and slopes q_v change what they take by sum(a_v^2 / q_v) per USD/t, so
b_m = 1 / sum(a_v^2 / q_v), with prices elsewhere as they are. The slopes are those of the base year.

Sales of one supplier to one buyer are one column: goods that are passed on are traders' goods and stay competitive.

References
----------
Bowley 1924 on conjectures; Hashimoto 1985, "A spatial Nash equilibrium model"; Metzler, Hobbs and Pang 2003,
doi:10.1023/A:1023907818360
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ytterby.chain import TRADE, Vector
from ytterby.supply.market import Market


def demand_slopes(A: sparse.csc_matrix, q: Vector, users: NDArray[np.bool_]) -> Vector:
    """How much a tonne more lowers the price of each balance, USD/t2; infinite where no user gives way.

    Parameters
    ----------
    A : (balances, columns)
    q : (columns,), slopes in USD/t2
    users : (columns,), whose demand gives way
    """
    taken = (-A).maximum(0)
    give = np.where(users & (q > 0), 1.0 / np.where(q > 0, q, 1.0), 0.0)
    total: Vector = np.asarray(taken.multiply(taken) @ give)
    slopes: Vector = np.full(total.size, np.inf)
    return np.divide(1.0, total, out=slopes, where=total > 0)


def markup(
    market: Market, sales: NDArray[np.bool_], conduct: float, base_conduct: float = 0.0
) -> tuple[Vector, Vector]:
    """What conduct adds to cost (USD/t) and slope (USD/t2) of each column.

    Parameters
    ----------
    market : the calibrated market
    sales : (columns,), the supplier's sales; columns to a balance without users stay as they are
    conduct, base_conduct : 0 (competitive) to 1 (Cournot), in the year and in the base year
    """
    base = market.base_flows
    q = market.reference_price / market.short / np.where(base > 0, base, np.inf)
    slopes = demand_slopes(market.A, q, ~np.array([a.kind == TRADE for a in market.activities]))
    reached = market.A.maximum(0).T.tocsr()
    slope = np.zeros(base.size)
    for column in np.flatnonzero(sales):
        found = slopes[reached[column].indices]
        slope[column] = found[np.isfinite(found)].sum()
    return -base_conduct * slope * base, conduct * slope

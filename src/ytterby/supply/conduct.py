# SPDX-License-Identifier: Apache-2.0
"""Market power: what a supplier that knows its weight adds to the cost of its sales.

A supplier sells x_m to the buyers m of a form. It expects a tonne more to lower the buyers' price by t b_m, where b_m is
the slope of their demand and t its conduct: 0 takes the price as given, 1 expects all others to sell what they sell
(Cournot). It sells until marginal revenue is marginal cost:

    p_m - t b_m x_m = C'(x),     which is the optimality condition of a programme with t b_m more on q of the column.

Calibration reads the base year's price as marginal cost. Where the supplier already kept back with conduct t0, the price
holds a markup t0 b0_m x0_m; taken off the cost, the base year comes back exactly:

    q + t b_m,   c - t0 b0_m x0_m.

Users at a balance with coefficients -a_v and slopes q_v change what they take by sum(a_v^2 / q_v) per USD/t, so
b_m = 1 / sum(a_v^2 / q_v), with prices elsewhere as they are. The slopes are those of the year that is solved: where use
has grown, a tonne moves the price less. Users are end uses and plants; plants that came after the base year count once
they have run. That a high price loses buyers in later years the seller does not foresee.

What rivals do is the conduct's affair: where they answer a price rise with sales of their own, each with slope q_r, a
supplier that foresees it has t = (1 / b_m) / (1 / b_m + sum 1 / q_r). Sales of one supplier to one buyer are one column:
goods that are passed on are traders' goods and stay competitive.

References
----------
Bowley 1924 on conjectures; Hashimoto 1985, "A spatial Nash equilibrium model"; Metzler, Hobbs and Pang 2003,
doi:10.1023/A:1023907818360
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ytterby.chain import Vector
from ytterby.supply.market import Market


@dataclass(frozen=True)
class Seller:
    """Columns (columns,) through which a supplier sells that knows its weight, and its conduct."""

    sales: NDArray[np.bool_] = field(repr=False)
    conduct: float


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


def base_markup(market: Market, sales: NDArray[np.bool_], conduct: float) -> Vector:
    """What conduct in the base year takes off the cost of each column, USD/t, as a negative number.

    Parameters
    ----------
    market : the calibrated market
    sales : (columns,), the supplier's sales; columns to a balance without users stay as they are
    conduct : 0 (competitive) to 1 (Cournot)
    """
    base = market.base_flows
    q = market.rise / np.where(base > 0, base, 1.0)
    return -kept_back(market, q, users(market, base > 0), (Seller(sales, conduct),)) * base


def kept_back(market: Market, q: Vector, using: NDArray[np.bool_], sellers: Sequence[Seller]) -> Vector:
    """What the conduct of sellers adds to the slope of each column in a year, USD/t2.

    Parameters
    ----------
    market : the calibrated market
    q, using : (columns,), the year's slopes in USD/t2, and whose demand gives way
    sellers : who knows its weight
    """
    slope = np.zeros(q.size)
    if not sellers:
        return slope
    slopes = demand_slopes(market.A, q, using)
    reached = market.A.maximum(0).T.tocsr()
    for seller in sellers:
        for column in np.flatnonzero(seller.sales):
            found = slopes[reached[column].indices]
            slope[column] += seller.conduct * found[np.isfinite(found)].sum()
    return slope


def users(market: Market, ran: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(columns,): end uses and plants that are in the base year, and plants that came later and have run.

    Parameters
    ----------
    market : the calibrated market
    ran : (columns,), what ran in the year before
    """
    return np.asarray(market.is_user & ((market.base_flows > 0) | ran))

# SPDX-License-Identifier: Apache-2.0
"""A calibrated market solved year after year.

Years move the reference quantities: demand grows, projects come, what prices did lately is followed up (long-run
response), stocks are drawn and filled. What policies do to a year is a `Change` of the programme's arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ytterby.chain import Activity, Limited, Result, Vector, YearResult
from ytterby.errors import ModelError
from ytterby.programme import Family, Programme, Solution
from ytterby.supply.conduct import Seller, kept_back, users
from ytterby.supply.market import Market
from ytterby.supply.stocks import Holdings

Growth = Callable[[Activity, int], float]
IDLE = 1e-12
BROKEN = 1e-9


@dataclass(frozen=True)
class Shared:
    """A limit on several columns together: weights (columns,) times flows are at most `limit`; `basis` the rows behind it."""

    name: str
    weights: Vector = field(repr=False)
    limit: float
    basis: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Change:
    """What policies do to one year's programme; None where they do nothing.

    Parameters
    ----------
    cost : (columns,), USD/t that come on top: a tariff, the cost of transport
    upper : (columns,), t, bounds that hold beside the capacities: a ban is 0
    taken : (balances,), t that somebody takes whatever the price
    shared : limits on several columns together: a quota, the capacity of a corridor
    sellers : suppliers with market power, who keep back some of their sales
    """

    cost: Vector | None = None
    upper: Vector | None = None
    taken: Vector | None = None
    shared: tuple[Shared, ...] = ()
    sellers: tuple[Seller, ...] = ()


Changes = Callable[[int], Change]


def together(changes: Sequence[Changes]) -> Changes:
    """Several changes as one: additions add up, of bounds the tighter holds."""

    def of(year: int) -> Change:
        found = [change(year) for change in changes]
        uppers = [one.upper for one in found if one.upper is not None]
        return Change(
            _total([one.cost for one in found]),
            np.minimum.reduce(uppers) if uppers else None, _total([one.taken for one in found]),
            tuple(shared for one in found for shared in one.shared),
            tuple(seller for one in found for seller in one.sellers),
        )  # fmt: skip

    return of


def closing(shut: Callable[[int], NDArray[np.bool_]]) -> Changes:
    """Bans as a change: year -> (columns,), whether the column is shut."""
    return lambda year: Change(upper=np.where(shut(year), 0.0, np.inf))


def _total(vectors: Sequence[Vector | None]) -> Vector | None:
    given = [vector for vector in vectors if vector is not None]
    return np.sum(given, axis=0) if given else None


def solve_years(
    market: Market,
    years: Sequence[int],
    growth: Growth,
    *,
    scenario: str,
    changes: Changes | None = None,
    progress: Callable[[str], None] | None = None,
) -> Result:
    """Solve a market year after year.

    Parameters
    ----------
    market : the calibrated market
    years : in rising order; the first may be the base year itself
    growth : (activity, year) -> reference quantity of that year over the base year's, before any response to prices
    scenario : its name, for the result
    changes : year -> what policies do to it
    progress : called with a line of text per solved year

    Returns
    -------
    Result over all of the market's activities; a balance through which nothing flows has no price (nan)

    Raises
    ------
    ModelError : two limits have the same name, in one year or with different weights
    SolverError : a year has no solution
    """
    state = State.start(market)
    given = {year: changes(year) if changes is not None else Change() for year in years}
    solver = _Solver(market, [one.shared for one in given.values()])
    solved: list[YearResult] = []
    binding: frozenset[str] = frozenset()
    kinds, column = market.growing
    for year in years:
        trend = np.array([growth(activity, year) for activity in kinds])[column]
        change = given[year]
        programme = year_programme(market, state, trend, year, change)
        found, limited = _within(solver, programme, change.shared, binding)
        binding = frozenset(limit.name for limit in limited if limit.rent > 0)
        idle = market.throughput @ found.x <= IDLE * found.x.max(initial=0.0)
        prices = np.where(idle, np.nan, found.price)
        solver.prices = np.where(idle, market.base_prices, found.price)
        state = state.after(market, found.x, solver.prices, programme.upper > 0)
        solved.append(
            YearResult(
                year,
                found.x,
                prices,
                found.rent,
                programme.upper,
                found.residual,
                found.method,
                limited,
                state.held,
            )
        )
        if progress is not None:
            progress(f"{scenario}: {year} solved ({found.method}, {found.iterations} steps)")
    held = tuple((stock.name, *stock.balance) for stock in market.stocks)
    return Result(
        scenario, market.activities, market.balances, tuple(solved), market.base_prices, market.A.tocsr(), held
    )  # fmt: skip


def _within(
    solver: _Solver, programme: Programme, shared: tuple[Shared, ...], binding: frozenset[str]
) -> tuple[Solution, tuple[Limited, ...]]:
    """Solve under shared limits: first under those that bound before, then under what is broken besides, until none is.

    A limit with room to spare has no rent and moves nothing, so that leaving it out changes no solution.
    """
    held = tuple(limit for limit in shared if limit.name in binding)
    while True:
        found, rents = solver.solve(programme, held)
        used = {limit.name: float(limit.weights @ found.x) for limit in shared}
        broken = [s for s in shared if s.name not in rents and used[s.name] > s.limit * (1 + BROKEN)]
        held += tuple(broken)
        if not broken:
            return found, tuple(
                Limited(s.name, s.limit, used[s.name], rents.get(s.name, 0.0), s.basis) for s in shared
            )


class _Solver:
    """Solves a market's programmes, each from the prices of the last; a limit is open in years that it does not bind."""

    def __init__(self, market: Market, limits: Sequence[Sequence[Shared]]) -> None:
        self.prices = market.base_prices
        self.last: Solution | None = None
        weights = _weights(limits)
        self.row = {name: number for number, name in enumerate(weights)}
        rows = sparse.csc_matrix(np.array(list(weights.values()))) if weights else None
        self.family = Family(market.A, rows, replace(market.names, shared=tuple(weights)))

    def solve(self, programme: Programme, shared: Sequence[Shared]) -> tuple[Solution, dict[str, float]]:
        """The solution under these limits, and their rents by name."""
        h = np.full(len(self.row), np.inf)
        for limit in shared:
            h[self.row[limit.name]] = limit.limit
        found = self.family.solve(
            programme.b, programme.c, programme.q, programme.upper, h if h.size else None, start=self._start()
        )
        self.last = found
        return found, {limit.name: float(found.shared_rent[self.row[limit.name]]) for limit in shared}

    def _start(self) -> Solution:
        if self.last is not None:
            return replace(self.last, price=self.prices)
        empty = np.zeros(0)
        return Solution(empty, self.prices, empty, 0.0, 0, 0.0, "start", np.zeros(len(self.row)))


def _weights(limits: Sequence[Sequence[Shared]]) -> dict[str, Vector]:
    """The weights of every limit that occurs, by name; `limits` are those of each year."""
    found: dict[str, Vector] = {}
    for of_year in limits:
        seen: set[str] = set()
        for one in of_year:
            if one.name in seen or not np.array_equal(found.setdefault(one.name, one.weights), one.weights):
                raise ModelError(
                    "limits", f"two under the name {one.name}", "one", "give each a name of its own"
                )
            seen.add(one.name)
    return found


@dataclass(frozen=True)
class State:
    """What the past leaves: the log response of reference quantities, what trade settled on, what ran, what is held."""

    response: Vector
    settled: Vector
    ran: NDArray[np.bool_]
    holdings: Holdings | None

    @staticmethod
    def start(market: Market) -> State:
        """The state at the end of the base year."""
        holdings = None
        if market.rule is not None:
            holdings = Holdings.start(market.stocks, market.rule, market.base_prices[market.stock_rows])
        base = market.base_flows
        return State(np.zeros(base.size), base.copy(), base > 0, holdings)

    @property
    def held(self) -> Vector:
        """What each stock holds, t."""
        return np.zeros(0) if self.holdings is None else self.holdings.level

    def after(self, market: Market, flows: Vector, prices: Vector, allowed: NDArray[np.bool_]) -> State:
        """Close a share of the gap to the long run: z moves to (e_long - e_short) log(price ratio)."""
        rate = market.elasticities.adjustment
        base = market.follows @ market.base_prices
        ratio = (market.follows @ prices) / np.where(base > 0, base, 1.0)
        log_ratio = np.log(np.maximum(ratio, market.elasticities.mothball))
        wanted = (market.long - market.short) * log_ratio * np.where(market.is_demand, -1.0, 1.0)
        response = self.response + rate * (wanted - self.response)
        moved = self.settled + rate * (flows - self.settled)
        holdings = self.holdings
        if holdings is not None:
            drawn = flows[market.stock_start :]
            holdings = holdings.after(drawn, prices[market.stock_rows], market.used @ flows)
        settled = np.where(market.is_trade & allowed, moved, self.settled)
        return State(response, settled, flows > IDLE * flows.max(initial=0.0), holdings)


def year_programme(market: Market, state: State, trend: Vector, year: int, change: Change) -> Programme:
    """The programme of one year."""
    reference = np.where(market.is_trade, state.settled, market.base_flows * trend * np.exp(state.response))
    reference[market.base_count : market.stock_start] += market.scale
    gone = reference <= 0
    reference[gone] = 1.0
    upper = _capacity(market, reference, year)
    upper[gone] = 0.0
    for column, (plants, amounts) in market.takers.items():
        need = float(amounts @ upper[plants])
        reference[column] = need or 1.0
        upper[column] = market.entries[column - market.base_count].capacity_share * need
    cost, slope = market.first_cost.copy(), market.rise / reference
    kept = kept_back(market, slope, users(market, state.ran) & (upper > 0), change.sellers)
    if state.holdings is not None:
        offer, stocks = state.holdings.offer(year), slice(market.stock_start, None)
        cost[stocks], slope[stocks], upper[stocks] = offer.cost, offer.slope, offer.upper
    taken = np.zeros(len(market.balances)) if change.taken is None else change.taken
    return Programme(
        market.A,
        taken,
        cost if change.cost is None else cost + change.cost,
        slope + kept,
        upper if change.upper is None else np.minimum(upper, change.upper),
        names=market.names,
    )


def _capacity(market: Market, reference: Vector, year: int) -> Vector:
    upper = np.where(np.isfinite(market.spare), market.spare * reference, np.inf)
    upper[market.base_count : market.stock_start] = np.inf
    for column, capacity in market.limited.items():
        upper[column] = capacity.get(year, 0.0)
    return np.where(market.is_passed_on, market.base_flows, upper)

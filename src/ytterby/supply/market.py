# SPDX-License-Identifier: Apache-2.0
"""The market: a base year calibrated to a programme, and that programme solved year after year.

Calibration is positive mathematical programming in closed form: with base flow x0, base prices p0 and elasticity e,
every column has the marginal cost  m0 + s (x / r - 1) / e,  where m0 = (A' p0)_v is its base margin, s the price that
the elasticity refers to and r its reference quantity. At r = x0 and prices p0 this is the base year exactly. Years
move r: demand grows, projects come, and what prices did lately is followed up (long-run response).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ytterby.chain import (
    DEMAND,
    MINE,
    PROCESS,
    TRADE,
    Activity,
    Balance,
    BaseYear,
    Result,
    Vector,
    YearResult,
)
from ytterby.errors import ModelError
from ytterby.programme import Programme, Solution, solve
from ytterby.supply.made import PASSED_ON, plain

Growth = Callable[[Activity, int], float]
IDLE = 1e-12


@dataclass(frozen=True)
class Elasticities:
    """Short- and long-run elasticities by kind of activity, and the speed at which the gap between them closes.

    Parameters
    ----------
    short, long : kind -> elasticity [1], positive numbers; demand's sign is understood
    adjustment : share of the gap to the long run that one year closes [1/a]
    spare : kind -> spare capacity of what runs in the base year [1]
    slope_floor : least share of a process's product value that its slope refers to [1]
    mothball : price ratio to the base below which the long run is not followed further: plants wait, they do not go
    """

    short: Mapping[str, float]
    long: Mapping[str, float]
    adjustment: float
    spare: Mapping[str, float]
    slope_floor: float
    mothball: float


@dataclass(frozen=True)
class Entry:
    """A column that has no base flow: a new plant, a new link, a stockpile.

    Parameters
    ----------
    activity : what it does; its prior is not used
    margin : marginal cost of the first tonne over the base margin, USD/t
    scale : quantity in t over which the marginal cost rises by `rise`
    rise : USD/t; None for the reference price over the short-run elasticity of the kind
    capacity : year -> t, or None where there is no limit; a year that is not listed has none
    """

    activity: Activity
    margin: float
    scale: float
    rise: float | None = None
    capacity: Mapping[int, float] | None = None


@dataclass(frozen=True)
class Market:
    """A calibrated market. Columns are the base activities, then the entries."""

    activities: tuple[Activity, ...]
    balances: tuple[Balance, ...]
    A: sparse.csc_matrix = field(repr=False)
    base_flows: Vector = field(repr=False)
    base_prices: Vector = field(repr=False)
    margin: Vector = field(repr=False)
    reference_price: Vector = field(repr=False)
    entries: tuple[Entry, ...] = field(repr=False)
    elasticities: Elasticities


def calibrate(
    base: BaseYear, elasticities: Elasticities, entries: Sequence[Entry], prices: Mapping[str, float]
) -> Market:
    """Calibrate a market on a base year.

    Parameters
    ----------
    base : the reconciled base year
    elasticities : by kind of activity
    entries : columns without base flow; they may open balances that the base year does not have
    prices : form -> USD/t, used for balances that only entries touch

    Raises
    ------
    ModelError : an elasticity is missing or not positive, or an entry's form has no price
    """
    activities = base.activities + tuple(entry.activity for entry in entries)
    opened = {(place, form) for entry in entries for place, form, _ in entry.activity.terms}
    balances = base.balances + tuple(sorted(opened - set(base.balances), key=lambda b: (b[1], b[0])))
    missing = sorted({plain(form) for _, form in balances} - set(prices))
    if missing:
        raise ModelError(
            "prices", f"no price for {', '.join(missing)}", ", ".join(sorted(prices)), "add a price rule"
        )
    price = np.concatenate([base.prices, [prices[plain(form)] for _, form in balances[len(base.balances) :]]])
    A = _incidence(activities, balances)
    margin = A.T @ price
    flows = np.concatenate([base.flows, np.zeros(len(entries))])
    reference = _reference_price(activities, balances, A, price, margin, elasticities)
    return Market(activities, balances, A, flows, price, margin, reference, tuple(entries), elasticities)


def _incidence(activities: Sequence[Activity], balances: Sequence[Balance]) -> sparse.csc_matrix:
    index = {balance: row for row, balance in enumerate(balances)}
    columns = np.repeat(np.arange(len(activities)), [len(a.terms) for a in activities])
    rows = [index[place, form] for a in activities for place, form, _ in a.terms]
    values = [coefficient for a in activities for _, _, coefficient in a.terms]
    return sparse.csc_matrix((values, (rows, columns)), shape=(len(balances), len(activities)))


def _reference_price(
    activities: Sequence[Activity],
    balances: Sequence[Balance],
    A: sparse.csc_matrix,
    price: Vector,
    margin: Vector,
    elasticities: Elasticities,
) -> Vector:
    """The price that each column's elasticity refers to: its form's, and for a process its margin."""
    made = A.maximum(0).T @ price
    used = (-A).maximum(0).T @ price
    reference = np.where(made > 0, made, used)
    process = np.array([activity.kind == PROCESS for activity in activities])
    floor = elasticities.slope_floor * made
    return np.asarray(np.where(process, np.maximum(margin, floor), reference))


def solve_years(
    market: Market,
    years: Sequence[int],
    growth: Growth,
    *,
    scenario: str,
    banned: Callable[[Activity, int], bool] | None = None,
    progress: Callable[[str], None] | None = None,
) -> Result:
    """Solve a market year after year.

    Parameters
    ----------
    market : the calibrated market
    years : in rising order; the first may be the base year itself
    growth : (activity, year) -> reference quantity of that year over the base year's, before any response to prices
    scenario : its name, for the result
    banned : (activity, year) -> whether the activity is shut that year
    progress : called with a line of text per solved year

    Returns
    -------
    Result over all of the market's activities; a balance through which nothing flows has no price (nan)

    Raises
    ------
    SolverError : a year has no solution
    """
    state = _State.start(market)
    solved: list[YearResult] = []
    start = market.base_prices
    for year in years:
        trend = np.array([growth(activity, year) for activity in market.activities])
        programme = _programme(market, state, trend, year, banned)
        found = solve(programme, start=_at(start))
        idle = abs(market.A) @ found.x <= IDLE * found.x.max(initial=0.0)
        start = np.where(idle, market.base_prices, found.price)
        prices = np.where(idle, np.nan, found.price)
        solved.append(
            YearResult(year, found.x, prices, found.rent, programme.upper, found.residual, found.method)
        )
        state = state.after(market, found.x, start, programme.upper > 0)
        if progress is not None:
            progress(f"{scenario}: {year} solved ({found.method}, {found.iterations} steps)")
    return Result(
        scenario, market.activities, market.balances, tuple(solved), market.base_prices, market.A.tocsr()
    )


def _at(prices: Vector) -> Solution:
    empty = np.zeros(0)
    return Solution(empty, prices, empty, empty, 0.0, 0, 0.0, "start")


@dataclass(frozen=True)
class _State:
    """What the past leaves behind: the log response of reference quantities, and what trade has settled on."""

    response: Vector
    settled: Vector

    @staticmethod
    def start(market: Market) -> "_State":
        return _State(np.zeros(market.base_flows.size), market.base_flows.copy())

    def after(self, market: Market, flows: Vector, prices: Vector, allowed: NDArray[np.bool_]) -> "_State":
        """Close a share of the gap to the long run: z moves to (e_long - e_short) log(price ratio)."""
        rate = market.elasticities.adjustment
        gap = _per_kind(market, market.elasticities.long) - _per_kind(market, market.elasticities.short)
        ratio = _price_ratio(market, prices)
        wanted = gap * np.log(np.maximum(ratio, market.elasticities.mothball)) * _direction(market)
        trade = np.array([activity.kind == TRADE for activity in market.activities])
        response = np.where(trade, 0.0, self.response + rate * (wanted - self.response))
        moved = self.settled + rate * (flows - self.settled)
        settled = np.where(trade & allowed, moved, self.settled)
        return replace(self, response=response, settled=settled)


def _programme(
    market: Market, state: _State, trend: Vector, year: int, banned: Callable[[Activity, int], bool] | None
) -> Programme:
    base_count = market.base_flows.size - len(market.entries)
    trade = np.array([activity.kind == TRADE for activity in market.activities])
    reference = np.where(trade, state.settled, market.base_flows * trend * np.exp(state.response))
    reference[base_count:] += [entry.scale for entry in market.entries]
    pull = market.reference_price / _per_kind(market, market.elasticities.short)
    cost = market.margin - pull
    for column, entry in enumerate(market.entries, base_count):
        pull[column] = pull[column] if entry.rise is None else entry.rise
        cost[column] = market.margin[column] + entry.margin
    return Programme(
        A=market.A, b=np.zeros(len(market.balances)), c=cost, q=pull / reference,
        upper=_capacity(market, reference, base_count, year, banned),
        rows=tuple(f"{form} in {place}" for place, form in market.balances),
        columns=tuple(activity.label for activity in market.activities),
    )  # fmt: skip


def _capacity(
    market: Market,
    reference: Vector,
    base_count: int,
    year: int,
    banned: Callable[[Activity, int], bool] | None,
) -> Vector:
    upper = np.full(reference.size, np.inf)
    for column, activity in enumerate(market.activities):
        if activity.kind in {MINE, PROCESS} and column < base_count:
            upper[column] = (1 + market.elasticities.spare[activity.kind]) * reference[column]
        elif column >= base_count:
            capacity = market.entries[column - base_count].capacity
            upper[column] = np.inf if capacity is None else capacity.get(year, 0.0)
        if activity.name == PASSED_ON:
            upper[column] = market.base_flows[column]
        if banned is not None and banned(activity, year):
            upper[column] = 0.0
    return upper


def _per_kind(market: Market, table: Mapping[str, float]) -> Vector:
    kinds = [activity.kind for activity in market.activities]
    unknown = sorted(set(kinds) - set(table))
    if unknown:
        raise ModelError(
            "elasticities", f"no value for {', '.join(unknown)}", ", ".join(sorted(table)), "state one"
        )
    return np.array([table[kind] for kind in kinds])


def _direction(market: Market) -> Vector:
    return np.array([-1.0 if activity.kind == DEMAND else 1.0 for activity in market.activities])


def _price_ratio(market: Market, price: Vector) -> Vector:
    """The price that each column follows over its base: products for supply, inputs for demand."""
    positive, negative = market.A.maximum(0), (-market.A).maximum(0)
    demand = _direction(market) < 0
    now = np.where(demand, negative.T @ price, positive.T @ price)
    base = np.where(demand, negative.T @ market.base_prices, positive.T @ market.base_prices)
    return np.asarray(now / np.where(base > 0, base, 1.0))

# SPDX-License-Identifier: Apache-2.0
"""The market: a base year calibrated to a programme.

Calibration is positive mathematical programming in closed form: with base flow x0, base prices p0 and elasticity e,
every column has the marginal cost  m0 + s (x / r - 1) / e,  where m0 = (A' p0)_v is its base margin, s the price that
the elasticity refers to and r its reference quantity. At r = x0 and prices p0 this is the base year exactly. What
follows year by year is in `solving`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ytterby.chain import (
    DEMAND,
    MINE,
    PROCESS,
    PURCHASE,
    REFILL,
    RELEASE,
    SURPLUS,
    TRADE,
    Activity,
    Balance,
    BaseYear,
    Vector,
    incidence,
)
from ytterby.errors import ModelError
from ytterby.programme import Names
from ytterby.supply.made import PASSED_ON, plain
from ytterby.supply.stocks import Rule, Stock

NOT_PRICED = dict.fromkeys((RELEASE, REFILL), 1.0)  # stocks ask prices of their own, see `stocks`


@dataclass(frozen=True)
class Elasticities:
    """Short- and long-run elasticities by kind of activity, and the speed at which the gap between them closes.

    Parameters
    ----------
    short, long : kind -> elasticity [1], positive numbers; demand's sign is understood. Kinds without a long-run one
        keep their reference quantity: trade settles, what only opens in some years has none
    adjustment : share of the gap to the long run that one year closes [1/a]
    spare : kind -> spare capacity of what runs in the base year [1]
    slope_floor : least share of a process's product value that its slope refers to [1]
    mothball : price ratio to the base below which the long run is not followed further: plants wait, they do not go

    Raises
    ------
    ModelError : a number that has to be positive is not, or the adjustment is no share
    """

    short: Mapping[str, float]
    long: Mapping[str, float]
    adjustment: float
    spare: Mapping[str, float]
    slope_floor: float
    mothball: float

    def __post_init__(self) -> None:
        positive = {
            **{f"{kind}, short run": value for kind, value in self.short.items()},
            **{f"{kind}, long run": value for kind, value in self.long.items()},
            "least slope": self.slope_floor, "mothball ratio": self.mothball,
        }  # fmt: skip
        for name, value in positive.items():
            if not 0 < value < np.inf:
                raise ModelError(
                    "elasticities", f"{name}: {value}", "a number above 0", "correct the parameter"
                )
        if not 0 <= self.adjustment <= 1:
            raise ModelError(
                "elasticities", f"adjustment: {self.adjustment}", "0 to 1", "correct the parameter"
            )


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
    share_of : name of a process, for savings: the most that can be saved is `capacity_share` of what these plants of the
        place take at full capacity, and `scale` follows the same plants from year to year
    capacity_share : see there
    """

    activity: Activity
    margin: float
    scale: float
    rise: float | None = None
    capacity: Mapping[int, float] | None = None
    share_of: str = ""
    capacity_share: float = 1.0


@dataclass(frozen=True)
class Market:
    """A calibrated market. Columns are the base activities, the entries, and two a stock: all releases, then all refills."""

    activities: tuple[Activity, ...]
    balances: tuple[Balance, ...]
    A: sparse.csc_matrix = field(repr=False)
    base_flows: Vector = field(repr=False)
    base_prices: Vector = field(repr=False)
    margin: Vector = field(repr=False)
    reference_price: Vector = field(repr=False)
    entries: tuple[Entry, ...] = field(repr=False)
    elasticities: Elasticities
    stocks: tuple[Stock, ...] = field(default=(), repr=False)
    rule: Rule | None = None

    @cached_property
    def base_count(self) -> int:
        """How many columns have a base flow; the entries and stocks follow."""
        return self.stock_start - len(self.entries)

    @cached_property
    def stock_start(self) -> int:
        """The first column of the stocks."""
        return len(self.activities) - 2 * len(self.stocks)

    @cached_property
    def stock_rows(self) -> NDArray[np.int64]:
        """The balance that each stock takes from and puts into."""
        row = {balance: number for number, balance in enumerate(self.balances)}
        return np.array([row[stock.balance] for stock in self.stocks], dtype=np.int64)

    @cached_property
    def used(self) -> sparse.csr_matrix:
        """(stocks, columns): t that a unit of each column uses up of the stock's form in its place."""
        lasting = np.array(
            [a.kind not in {TRADE, SURPLUS, PURCHASE, REFILL} for a in self.activities], dtype=float
        )
        return ((-self.A).maximum(0).tocsr()[self.stock_rows] @ sparse.diags(lasting)).tocsr()

    @cached_property
    def short(self) -> Vector:
        """Short-run elasticity of each column."""
        return self._per_kind(self.elasticities.short)

    @cached_property
    def long(self) -> Vector:
        """Long-run elasticity of each column."""
        return self._per_kind({**self.elasticities.short, **self.elasticities.long})

    @cached_property
    def spare(self) -> Vector:
        """Capacity over the reference quantity; infinite where there is no limit."""
        base = {MINE, PROCESS}
        found = [1 + self.elasticities.spare[a.kind] if a.kind in base else np.inf for a in self.activities]
        found[self.base_count :] = [np.inf] * (len(found) - self.base_count)
        return np.array(found)

    @cached_property
    def is_trade(self) -> NDArray[np.bool_]:
        """Trade columns."""
        return np.array([activity.kind == TRADE for activity in self.activities])

    @cached_property
    def is_passed_on(self) -> NDArray[np.bool_]:
        """Re-export columns."""
        return np.array([activity.name == PASSED_ON for activity in self.activities])

    @cached_property
    def is_demand(self) -> NDArray[np.bool_]:
        """Demand columns."""
        return np.array([activity.kind == DEMAND for activity in self.activities])

    @cached_property
    def is_user(self) -> NDArray[np.bool_]:
        """Columns whose taking gives way to prices: end uses and plants."""
        return np.array([activity.kind in {DEMAND, PROCESS} for activity in self.activities])

    @cached_property
    def throughput(self) -> sparse.csr_matrix:
        """(balances, columns): what a unit of each column moves through each balance, in or out."""
        return abs(self.A).tocsr()

    @cached_property
    def follows(self) -> sparse.csr_matrix:
        """(columns, balances): the prices that each column follows, products for supply and inputs for demand."""
        made, used = self.A.maximum(0).T.tocsr(), (-self.A).maximum(0).T.tocsr()
        return (
            sparse.diags(self.is_demand.astype(float)) @ used
            + sparse.diags((~self.is_demand).astype(float)) @ made
        ).tocsr()

    @cached_property
    def rise(self) -> Vector:
        """USD/t by which the marginal cost of each column rises over its reference quantity."""
        found = self.reference_price / self.short
        for column, entry in enumerate(self.entries, self.base_count):
            found[column] = found[column] if entry.rise is None else entry.rise
        return found

    @cached_property
    def first_cost(self) -> Vector:
        """Marginal cost of the first tonne of each column, USD/t."""
        found = self.margin - self.rise
        own = slice(self.base_count, self.stock_start)
        found[own] = self.margin[own] + [entry.margin for entry in self.entries]
        return found

    @cached_property
    def scale(self) -> Vector:
        """(entries,): t over which the marginal cost of each rises."""
        return np.array([entry.scale for entry in self.entries], dtype=float)

    @cached_property
    def limited(self) -> dict[int, Mapping[int, float]]:
        """For each entry that has a capacity: t by year."""
        numbered = enumerate(self.entries, self.base_count)
        return {column: entry.capacity for column, entry in numbered if entry.capacity is not None}

    @cached_property
    def takers(self) -> dict[int, tuple[NDArray[np.int64], Vector]]:
        """For each saving: the plants whose needs it can save, and t per t of their activity."""
        plants: dict[tuple[str, str], list[int]] = {}
        for number, activity in enumerate(self.activities):
            if activity.kind == PROCESS:
                plants.setdefault((activity.place, activity.form), []).append(number)
        found = {}
        for column, entry in enumerate(self.entries, self.base_count):
            if entry.share_of:
                (saved,) = [term[:2] for term in entry.activity.terms]
                numbers = plants[saved[0], entry.share_of]
                amounts = [
                    -sum(c for *where, c in self.activities[number].terms if tuple(where) == saved)
                    for number in numbers
                ]
                found[column] = (np.array(numbers), np.array(amounts))
        return found

    @cached_property
    def names(self) -> Names:
        """Names of balances and columns, for messages."""
        nodes = tuple(f"{form} in {place}" for place, form in self.balances)
        return Names(nodes, tuple(activity.label for activity in self.activities))

    @cached_property
    def growing(self) -> tuple[tuple[Activity, ...], NDArray[np.int64]]:
        """Activities that differ in what growth looks at, and for each column which of them it is."""
        first: dict[tuple[str, str, str], int] = {}
        found: list[Activity] = []
        column = np.empty(len(self.activities), dtype=np.int64)
        for number, activity in enumerate(self.activities):
            key = (activity.kind, activity.name, activity.place)
            if key not in first:
                first[key] = len(found)
                found.append(activity)
            column[number] = first[key]
        return tuple(found), column

    def _per_kind(self, table: Mapping[str, float]) -> Vector:
        table = {**NOT_PRICED, **table}
        unknown = sorted({activity.kind for activity in self.activities} - set(table))
        if unknown:
            raise ModelError(
                "elasticities", f"no value for {', '.join(unknown)}", ", ".join(sorted(table)), "state one"
            )
        return np.array([table[activity.kind] for activity in self.activities])


def calibrate(
    base: BaseYear,
    elasticities: Elasticities,
    entries: Sequence[Entry],
    prices: Mapping[str, float],
    stocks: Sequence[Stock] = (),
    rule: Rule | None = None,
) -> Market:
    """Calibrate a market on a base year.

    Parameters
    ----------
    base : the reconciled base year
    elasticities : by kind of activity
    entries : columns without base flow; they may open balances that the base year does not have
    prices : form -> USD/t, used for balances that only entries and stocks touch
    stocks, rule : what is held between the years, and how; a rule is needed where there are stocks

    Raises
    ------
    ModelError : the form of an entry or a stock has no price, or stocks have no rule
    """
    if stocks and rule is None:
        raise ModelError("market", f"{len(stocks)} stocks and no rule", "a rule", "give it")
    held = [stock.columns for stock in stocks]
    new = [*(e.activity for e in entries), *(release for release, _ in held), *(refill for _, refill in held)]
    activities = base.activities + tuple(new)
    opened = {(place, form) for activity in new for place, form, _ in activity.terms}
    balances = base.balances + tuple(sorted(opened - set(base.balances), key=lambda b: (b[1], b[0])))
    missing = sorted({plain(form) for _, form in balances} - set(prices))
    if missing:
        raise ModelError(
            "prices", f"no price for {', '.join(missing)}", ", ".join(sorted(prices)), "add a price rule"
        )
    price = np.concatenate([base.prices, [prices[plain(form)] for _, form in balances[len(base.balances) :]]])
    A = incidence(activities, balances)
    margin = A.T @ price
    flows = np.concatenate([base.flows, np.zeros(len(new))])
    reference = _reference_price(activities, A, price, margin, elasticities)
    return Market(
        activities, balances, A, flows, price, margin, reference, tuple(entries), elasticities, tuple(stocks), rule
    )  # fmt: skip


def _reference_price(
    activities: Sequence[Activity],
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

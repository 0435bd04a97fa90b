# SPDX-License-Identifier: Apache-2.0
"""The words a supply chain is described in: balances, activities, flows, a base year, a solved year.

A balance is a (place, form) pair. An activity is one column of the programme: it takes from some balances and puts
into others. These are definitions only; building, reconciling and solving them are done on the floors above.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Vector = NDArray[np.float64]
Balance = tuple[str, str]

MINE, PROCESS, TRADE, DEMAND = "mine", "process", "trade", "demand"
SURPLUS, SAVING, CORRECTION = "surplus", "saving", "correction"
PURCHASE = "purchase"
RELEASE, REFILL = "release", "refill"


@dataclass(frozen=True)
class Activity:
    """One column: what it takes (negative) from and puts (positive) into balances per unit of activity.

    Parameters
    ----------
    kind : mine, process, trade, demand, surplus (what nobody uses), saving (of an input), purchase (at a price floor),
        release from or refill of a stock, or correction (of a yield)
    name : the process, the end use, or the kind again
    place, partner : country ids; partner is the importer of a trade activity, else empty
    form : the main form: mined, made, traded or used
    terms : (place, form, coefficient) per unit of activity
    prior, error : what the evidence says and its standard error, both in t per year
    basis : ids of the rows that the prior rests on
    """

    kind: str
    name: str
    place: str
    form: str
    terms: tuple[tuple[str, str, float], ...]
    partner: str = ""
    prior: float = 0.0
    error: float = 0.0
    basis: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The activity's name for people."""
        to = f" -> {self.partner}" if self.partner else ""
        what = "" if self.name in {self.kind, self.form} else f" ({self.name})"
        return f"{self.kind} {self.form}{what} {self.place}{to}"

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What tells this activity from all others."""
        return (self.kind, self.name, self.place, self.partner, self.form)


@dataclass(frozen=True)
class Correction:
    """How far reconciliation moved one figure away from its evidence."""

    label: str
    prior: float
    value: float
    error: float
    basis: tuple[str, ...]

    @property
    def in_errors(self) -> float:
        """The correction in standard errors of the evidence."""
        return (self.value - self.prior) / self.error if self.error > 0 else 0.0


@dataclass(frozen=True)
class BaseYear:
    """A balanced year: activities whose flows close every balance.

    `flows` is (activities,) in t; `prices` (balances,) in USD/t; `balances` in the order of `prices`.
    """

    year: int
    activities: tuple[Activity, ...]
    flows: Vector = field(repr=False)
    balances: tuple[Balance, ...] = field(repr=False)
    prices: Vector = field(repr=False)
    corrections: tuple[Correction, ...] = field(repr=False)
    imbalance: float


@dataclass(frozen=True)
class Limited:
    """A limit on several activities together: t allowed, t used, and what one more tonne would be worth, USD/t."""

    name: str
    limit: float
    used: float
    rent: float
    basis: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class YearResult:
    """One solved year of one scenario: flows (activities,) in t, prices (balances,) in USD/t, rents in USD/t.

    `limits` are those on several activities together; `held` (stocks,) is what stocks hold at the end of the year, t.
    """

    year: int
    flows: Vector = field(repr=False)
    prices: Vector = field(repr=False)
    rents: Vector = field(repr=False)
    capacity: Vector = field(repr=False)
    residual: float
    method: str
    limits: tuple[Limited, ...] = ()
    held: Vector = field(default_factory=lambda: np.zeros(0), repr=False)


@dataclass(frozen=True)
class Result:
    """A scenario solved year by year over one list of activities.

    `matrix` is (balances, activities): what a unit of each activity puts into (positive) or takes from each balance;
    `stocks` are (name, place, form) of what is held, in the order of each year's `held`.
    """

    scenario: str
    activities: tuple[Activity, ...] = field(repr=False)
    balances: tuple[Balance, ...] = field(repr=False)
    years: tuple[YearResult, ...]
    base_prices: Vector = field(repr=False)
    matrix: sparse.csr_matrix = field(repr=False)
    stocks: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)

    @cached_property
    def index(self) -> dict[Balance, int]:
        """Row of each balance."""
        return {balance: row for row, balance in enumerate(self.balances)}

    @cached_property
    def into(self) -> sparse.csr_matrix:
        """(balances, activities): what a unit of each activity puts into each balance."""
        return self.matrix.maximum(0)

    @cached_property
    def taken(self) -> sparse.csc_matrix:
        """(balances, activities): what a unit of each activity takes from each balance."""
        return (-self.matrix).maximum(0).tocsc()

    @cached_property
    def makers(self) -> NDArray[np.int64]:
        """Columns of mines and processes."""
        return np.flatnonzero([activity.kind in {MINE, PROCESS} for activity in self.activities])

    @cached_property
    def made(self) -> sparse.csr_matrix:
        """(balances, makers): what a unit of each mine and process puts into each balance."""
        return self.into[:, self.makers]

    @cached_property
    def columns(self) -> dict[str, NDArray[np.int64]]:
        """Columns of the activities of each kind."""
        kinds = np.array([activity.kind for activity in self.activities], dtype=str)
        return {str(kind): np.flatnonzero(kinds == kind) for kind in np.unique(kinds)}

    def held(self, year: int, place: str, form: str) -> float:
        """What the stocks of a form in a place hold at the end of a year, t."""
        levels = zip(self.stocks, self.year(year).held, strict=True)
        return sum(float(level) for (_, *where), level in levels if where == [place, form])

    def year(self, year: int) -> YearResult:
        """The solved year, or KeyError."""
        for solved in self.years:
            if solved.year == year:
                return solved
        raise KeyError(year)


def balances_of(activities: Sequence[Activity]) -> tuple[Balance, ...]:
    """Every balance that the activities touch, sorted by form and place."""
    found = {(place, form) for activity in activities for place, form, _ in activity.terms}
    return tuple(sorted(found, key=lambda balance: (balance[1], balance[0])))


def incidence(activities: Sequence[Activity], balances: Sequence[Balance]) -> sparse.csc_matrix:
    """The matrix A (balances, activities) of the activities' coefficients."""
    index = {balance: row for row, balance in enumerate(balances)}
    columns = np.repeat(np.arange(len(activities)), [len(a.terms) for a in activities])
    rows = [index[place, form] for a in activities for place, form, _ in a.terms]
    values = [coefficient for a in activities for _, _, coefficient in a.terms]
    return sparse.csc_matrix((values, (rows, columns)), shape=(len(balances), len(activities)))

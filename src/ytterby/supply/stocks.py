# SPDX-License-Identifier: Apache-2.0
"""Stocks between the years: what traders and users hold, and what a state keeps in reserve.

A stock of level S offers at most a share s of it in a year, dearer with every tonne; it is filled towards its target T
within n years when goods are near their normal price N. For release r, refill f and the year's price p:

    0 <= r <= s S,          marginal cost   N (1 + markup of release) .. + slope
    0 <= f <= (T - S)+ / n, marginal value  N (1 + markup of refill)  .. - slope
    S' = S + f - r,         N' = N + rate (p - N)

Release costs more than a refill is worth, so that no stock does both in a year, and a stock at its target does neither
while prices are near normal: the calibrated year stays as it is. What holders call normal follows the price at the rate
at which the market adjusts: a price that lasts becomes the new normal, and then stocks are filled again.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ytterby.chain import REFILL, RELEASE, Activity, Balance, Vector

YEAR = 365.25
GRAM = 1e-6  # t; less is not offered


@dataclass(frozen=True)
class Rule:
    """How stocks behave: markups over the normal price and the slope, as shares of it; the rate [1/a] of the normal price."""

    release: float
    refill: float
    slope: float
    rate: float


@dataclass(frozen=True)
class Stock:
    """What somebody holds of a form in a place.

    Parameters
    ----------
    name : "inventory" or the name of a reserve
    place, form : where and what
    level : t held at the end of the base year
    cover : days of last year's use that are wanted in store; 0 where the target is `tonnes`
    tonnes : t that are wanted in store; 0 where the target follows use
    share : most of the level that leaves in a year
    years : years in which what is missing is bought back
    first : year from which on it is filled and may be released
    basis : rows that it rests on
    """

    name: str
    place: str
    form: str
    level: float
    cover: float
    tonnes: float
    share: float
    years: float
    first: int
    basis: tuple[str, ...] = ()

    @property
    def balance(self) -> Balance:
        """Where it takes from and puts into."""
        return (self.place, self.form)

    @property
    def columns(self) -> tuple[Activity, Activity]:
        """Its release and its refill."""
        return (
            Activity(RELEASE, self.name, *self.balance, ((*self.balance, 1.0),), basis=self.basis),
            Activity(REFILL, self.name, *self.balance, ((*self.balance, -1.0),), basis=self.basis),
        )


@dataclass(frozen=True)
class Offer:
    """Columns of all stocks for one year, releases first, then refills: c and q in USD/t and USD/t2, upper in t."""

    cost: Vector
    slope: Vector
    upper: Vector


@dataclass(frozen=True)
class Holdings:
    """What all stocks hold at the start of a year: level and target (stocks,) in t, normal price (stocks,) in USD/t."""

    stocks: tuple[Stock, ...]
    rule: Rule
    level: Vector = field(repr=False)
    target: Vector = field(repr=False)
    normal: Vector = field(repr=False)

    @staticmethod
    def start(stocks: Sequence[Stock], rule: Rule, price: Vector) -> Holdings:
        """Levels at the end of the base year, with its prices for normal."""
        level = np.array([stock.level for stock in stocks], dtype=float)
        wanted = np.array([stock.tonnes or stock.level for stock in stocks], dtype=float)
        return Holdings(tuple(stocks), rule, level, wanted, price)

    def offer(self, year: int) -> Offer:
        """What the stocks put on the market and what they would buy in a year."""
        open_ = np.array([stock.first <= year for stock in self.stocks])
        share = np.array([stock.share for stock in self.stocks])
        years = np.array([stock.years for stock in self.stocks])
        released = np.where(open_, share * self.level, 0.0)
        filled = np.where(open_, np.maximum(self.target - self.level, 0.0) / years, 0.0)
        upper = np.concatenate([released, filled])
        upper = np.where(upper > GRAM, upper, 0.0)
        markup = np.repeat([self.rule.release, self.rule.refill], len(self.stocks))
        sign = np.repeat([1.0, -1.0], len(self.stocks))
        normal = np.concatenate([self.normal, self.normal])
        steep = self.rule.slope * normal / np.where(upper > 0, upper, 1.0)
        return Offer(sign * normal * (1 + markup), steep, upper)

    def after(self, flows: Vector, price: Vector, used: Vector) -> Holdings:
        """The holdings a year later.

        Parameters
        ----------
        flows : (2 stocks,) t released and refilled, in the order of the offer
        price : (stocks,) USD/t of the year; nan where nothing flowed
        used : (stocks,) t used in the year of each stock's form in its place
        """
        released, filled = np.split(flows, 2)
        level = self.level - released + filled
        normal = self.normal + self.rule.rate * np.where(np.isnan(price), 0.0, price - self.normal)
        cover = np.array([stock.cover for stock in self.stocks])
        fixed = np.array([stock.tonnes for stock in self.stocks])
        target = np.where(fixed > 0, fixed, cover / YEAR * used)
        return Holdings(self.stocks, self.rule, level, target, normal)


def cover_name(
    place: str, form: str, stated: Container[str], groups: Mapping[str, Sequence[str]]
) -> str | None:
    """The parameter with the days of use held of a form in a place; None where none is stated.

    The most particular one counts: of the place, of a group of states that it belongs to, of all; of the form before its
    part before the colon.

    Parameters
    ----------
    place, form : where and what
    stated : names of parameters
    groups : place -> groups that it belongs to
    """
    for where in (f".{place}", *(f".{group}" for group in groups.get(place, ())), ""):
        for what in (form, form.partition(":")[0]):
            if f"stocks.cover.{what}{where}" in stated:
                return f"stocks.cover.{what}{where}"
    return None


def inventories(
    used: Mapping[Balance, float], cover: Mapping[Balance, float], share: float, years: float,
    basis: Mapping[Balance, tuple[str, ...]], first: int,
) -> tuple[Stock, ...]:  # fmt: skip
    """What traders and users hold: days of use by place and form.

    Parameters
    ----------
    used : (place, form) -> t used in the base year
    cover : (place, form) -> days of use in store; others hold nothing
    share : most of the level that leaves in a year
    years : years in which what is missing is bought back
    basis : (place, form) -> rows that the cover rests on
    first : first year after the base year
    """
    return tuple(
        Stock(
            "inventory", *where, cover[where] / YEAR * tonnes, cover[where], 0.0, share, years, first, basis[where]
        )
        for where, tonnes in sorted(used.items())
        if where in cover and tonnes > 0
    )  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""A scenario's instruments as changes of the market's programme: bans, quotas, tariffs, conduct; price floors as columns.

A quota is a limit on all flows that it hits together, a tariff a cost on each of them, a floor a column at the place
that takes at the floor's price from what the place makes; what it imports is not offered to the buyer of last resort.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ytterby.chain import PURCHASE, TRADE, Activity, BaseYear
from ytterby.scenario import FlowChange, Scenario, Tariff, shut
from ytterby.supply.conduct import Seller, base_markup
from ytterby.supply.made import MADE
from ytterby.supply.market import Entry, Market
from ytterby.supply.solving import Change, Changes, Shared, closing, together


def floor_entries(
    scenario: Scenario, base_year: BaseYear, prices: Mapping[str, float], years: Sequence[int], slope: float
) -> list[Entry]:
    """The buyers of last resort as columns: what is offered is taken at the floor in the years of the floor.

    Parameters
    ----------
    scenario, base_year : the overlay, and the year whose quantities say what is much
    prices : form -> USD/t of the base year
    years : the years that are solved
    slope : share of its price by which a floor gives way when it takes all that the base year used [1]
    """
    found = []
    for floor in scenario.floors:
        activity = Activity(
            PURCHASE, "price floor", floor.place, floor.form, ((floor.place, floor.form + MADE, -1.0),), basis=(floor.basis,)
        )  # fmt: skip
        capacity = {year: np.inf if floor.holds(year) else 0.0 for year in years}
        much = sum(
            -c * float(x)
            for a, x in zip(base_year.activities, base_year.flows, strict=True)
            for place, form, c in a.terms
            if c < 0 and form == floor.form
        )
        margin, rise = prices[floor.form] - floor.usd_per_t, slope * floor.usd_per_t
        found.append(Entry(activity, margin, much or 1.0, rise, capacity))
    return found


def policies(scenario: Scenario, market: Market, prices: Mapping[str, float]) -> Changes:
    """What the scenario's instruments do to each year.

    Parameters
    ----------
    scenario, market : the overlay and the market it is laid on
    prices : form -> USD/t of the base year, on which shares of tariffs are levied
    """
    activities = market.activities
    bans = closing(shut(scenario, activities)) if scenario.bans else None
    changes = (
        *_quotas(scenario, activities),
        *_tariffs(scenario, activities, prices),
        *_conducts(scenario, market),
    )
    return together([*([bans] if bans else []), *changes])


def _hit(change: FlowChange, activities: Sequence[Activity]) -> NDArray[np.bool_]:
    return np.array([change.hits(activity) for activity in activities], dtype=bool)


def _in_force(change: FlowChange, there: Change) -> Changes:
    return lambda year: there if change.holds(year) else Change()


def _quotas(scenario: Scenario, activities: Sequence[Activity]) -> Iterator[Changes]:
    for number, quota in enumerate(scenario.quotas, 1):
        weights = _hit(quota, activities).astype(float)
        yield _in_force(
            quota, Change(shared=(Shared(f"quota {number}: {quota.flows}", weights, quota.tonnes),))
        )


def _tariffs(
    scenario: Scenario, activities: Sequence[Activity], prices: Mapping[str, float]
) -> Iterator[Changes]:
    for tariff in scenario.tariffs:
        rate = [_rate(tariff, prices[a.form]) if tariff.hits(a) else 0.0 for a in activities]
        yield _in_force(tariff, Change(cost=np.array(rate)))


def _rate(tariff: Tariff, price: float) -> float:
    """The tariff in USD/t on a form of that base price."""
    return tariff.usd_per_t if tariff.usd_per_t is not None else (tariff.share or 0.0) * price


def _conducts(scenario: Scenario, market: Market) -> Iterator[Changes]:
    own = np.array([activity.kind == activity.name == TRADE for activity in market.activities])
    for conduct in scenario.conducts:
        sales = _hit(conduct, market.activities) & own
        cost = base_markup(market, sales, conduct.base)
        within, outside = (
            Change(cost=cost, sellers=(Seller(sales, theta),)) for theta in (conduct.theta, conduct.base)
        )
        yield partial(_either, conduct, within, outside)


def _either(change: FlowChange, within: Change, outside: Change, year: int) -> Change:
    return within if change.holds(year) else outside

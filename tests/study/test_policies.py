# SPDX-License-Identifier: Apache-2.0
"""Bans, quotas, tariffs and floors on a market made by hand: rent, wedge, tonnes bought, and the years outside."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ytterby.chain import DEMAND, MINE, TRADE, Activity, BaseYear, balances_of
from ytterby.errors import ScenarioError
from ytterby.scenario import Ban, Conduct, Floor, Quota, Scenario, Tariff, check_instruments
from ytterby.study.policies import floor_entries, policies
from ytterby.supply.made import MADE, shipped
from ytterby.supply.market import Elasticities, calibrate
from ytterby.supply.solving import solve_years

PRICES = {"ore": 10.0}
YEARS = (2024, 2025, 2026)
ELASTIC = Elasticities(
    {"mine": 1.0, "trade": 4.0, "demand": 0.5, "purchase": 0.5}, {}, 0.0, {"mine": 10.0, "process": 0.0}, 0.1, 0.5
)  # fmt: skip


def sale(exporter, importer):
    return shipped(Activity(TRADE, TRADE, exporter, "ore", (), importer), TRADE, MADE)


ACTIVITIES = (
    Activity(MINE, MINE, "A", "ore", (("A", "ore" + MADE, 1.0),)),
    sale("A", "C"), sale("A", "D"),
    *(Activity(DEMAND, "use", place, "ore", ((place, "ore", -1.0),)) for place in "CD"),
)  # fmt: skip
BALANCES = balances_of(ACTIVITIES)
BASE = BaseYear(
    2024, ACTIVITIES, np.array([100.0, 60, 40, 60, 40]), BALANCES, np.full(len(BALANCES), 10.0), (), 0.0
)
RIVALS = (
    *(Activity(MINE, MINE, place, "ore", ((place, "ore", 1.0),)) for place in "AB"),
    *(Activity(TRADE, TRADE, place, "ore", ((place, "ore", -1.0), ("C", "ore", 1.0)), "C") for place in "AB"),
    *(Activity(DEMAND, "use", place, "ore", ((place, "ore", -1.0),)) for place in "AC"),
)
TIMED: dict[str, Any] = {"first": 2025, "last": 2025, "reason": "a test", "basis": "row"}


def solved(**instruments):
    """Three years of which the middle one has the instruments."""
    scenario = Scenario("by hand", "", "", **{name: (one,) for name, one in instruments.items()})
    check_instruments(scenario, ACTIVITIES)
    market = calibrate(BASE, ELASTIC, floor_entries(scenario, BASE, PRICES, YEARS, 1e-6), PRICES)
    result = solve_years(
        market, YEARS, lambda *_: 1.0, scenario="by hand", changes=policies(scenario, market, PRICES)
    )
    before, within, after = result.years
    count = len(ACTIVITIES)
    assert before.flows[:count] == pytest.approx(BASE.flows)
    assert after.flows[:count] == pytest.approx(BASE.flows)
    return within, dict(zip(BALANCES, within.prices, strict=True))


def test_a_quota_over_two_flows_and_its_rent():
    """80 t of 100: each buyer pays 10 (1 + 0.2 / 0.5) = 14, the mine gets 8, a link 10 / 4 * 0.2 less: rent 6.5."""
    year, price = solved(quotas=Quota("A", "*", "ore", **TIMED, tonnes=80.0))
    assert year.flows == pytest.approx([80, 48, 32, 48, 32])
    (limit,) = year.limits
    assert (limit.name, limit.limit) == ("quota 1: ore from A to *", 80.0)
    assert limit.rent == pytest.approx(14 - 8 + 0.5)
    assert price == pytest.approx({("C", "ore"): 14, ("D", "ore"): 14, ("A", "ore" + MADE): 8})


def test_a_quota_above_what_flows_has_no_rent():
    year, _ = solved(quotas=Quota("A", "*", "ore", **TIMED, tonnes=120.0))
    assert (year.limits[0].rent, year.limits[0].used) == pytest.approx((0, 100))


@pytest.mark.parametrize("rate", [{"share": 0.3}, {"usd_per_t": 3.0}])
def test_a_tariff_is_the_wedge_between_the_prices(rate):
    """With m tonnes mined, C takes x = (29.5 - m / 10) / 0.375 and D y = (32.5 - m / 10) / 0.5625, so m = 1228 / 13."""
    year, price = solved(tariffs=Tariff("A", "C", "ore", **TIMED, **rate))
    link = 10 / 4 * (year.flows[1] / 60 - 1)
    assert price["C", "ore"] - price["A", "ore" + MADE] == pytest.approx(3.0 + link)
    assert price["C", "ore"] > 10 > price["D", "ore"]
    assert year.flows[2] > 40
    mined = 1228 / 13
    assert price["A", "ore" + MADE] == pytest.approx(mined / 10)
    assert year.flows[1:3] == pytest.approx([(29.5 - mined / 10) / 0.375, (32.5 - mined / 10) / 0.5625])


def test_a_ban_and_its_rent():
    """A way that would cost -2.5 for its first tonne stays shut between a place at 5 and one at 17.3: rent 14.8.

    A uses x where x / 10 = 30 - x / 2, so 50 t at 5. C gets x from B where x / 4 + 2.5 (x / 40 - 1) = 30 - x / 5.
    """
    base = BaseYear(
        2024, RIVALS, np.array([100.0, 40, 60, 40, 40, 100]), balances_of(RIVALS), np.full(3, 10.0), (), 0.0
    )
    scenario = Scenario("by hand", "", "", bans=(Ban("A", "C", "ore", **TIMED),))
    market = calibrate(base, ELASTIC, (), PRICES)
    result = solve_years(
        market, YEARS, lambda *_: 1.0, scenario="by hand", changes=policies(scenario, market, PRICES)
    )
    year, price = result.years[1], dict(zip(market.balances, result.years[1].prices, strict=True))
    there = 32.5 / 0.5125
    assert year.flows == pytest.approx([50, there, 0, there, 50, there])
    assert price == pytest.approx({("A", "ore"): 5, ("B", "ore"): there / 4, ("C", "ore"): 30 - there / 5})
    assert year.rents == pytest.approx([0, 0, 30 - there / 5 - 5 + 2.5, 0, 0, 0], abs=1e-6)
    assert result.years[2].flows == pytest.approx(base.flows)


def test_a_floor_holds_the_price_and_takes_what_is_offered():
    """At 12 the mine makes 120 t; the buyers take less, the rest is bought."""
    year, price = solved(floors=Floor("A", "ore", 12.0, **TIMED))
    assert price["A", "ore" + MADE] == pytest.approx(12, rel=1e-5)
    assert year.flows[0] == pytest.approx(120, rel=1e-5)
    fall = 2 / (10 / 0.5 + 10 / 4)
    assert year.flows[-1] == pytest.approx(120 - 100 * (1 - fall), rel=1e-4)


def test_a_floor_below_the_price_buys_nothing():
    year, _ = solved(floors=Floor("A", "ore", 9.0, **TIMED))
    assert year.flows[-1] == 0


def test_cournot_against_no_other_seller_is_a_monopoly_in_each_market():
    year, price = solved(conducts=Conduct("A", "*", "ore", **TIMED, theta=1.0))
    for column, place, used in ((1, "C", 60), (2, "D", 40)):
        slope, link = 10 / 0.5 / used, 10 / 4 * (year.flows[column] / used - 1)
        wedge = price[place, "ore"] - price["A", "ore" + MADE]
        assert wedge == pytest.approx(slope * year.flows[column] + link)


@pytest.mark.parametrize(
    ("name", "one"),
    [
        ("quotas", Quota("C", "*", "ore", **TIMED, tonnes=1.0)),
        ("tariffs", Tariff("A", "C", "oxide", **TIMED, share=0.1)),
        ("conducts", Conduct("D", "*", "ore", **TIMED, theta=1.0)),
        ("floors", Floor("C", "ore", 1.0, **TIMED)),
    ],
)
def test_what_hits_nothing_is_refused(name, one):
    with pytest.raises(ScenarioError, match="hits nothing"):
        check_instruments(Scenario("by hand", "", "", **{name: (one,)}), ACTIVITIES)

# SPDX-License-Identifier: Apache-2.0
"""Market power: textbook oligopolies, best responses by iteration, the base year returned whatever its conduct."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from ytterby.chain import DEMAND, MINE, PROCESS, TRADE, Activity, BaseYear, balances_of
from ytterby.programme import Programme, solve
from ytterby.scenario import Conduct, Scenario
from ytterby.study.policies import policies
from ytterby.supply.conduct import Seller, base_markup, demand_slopes
from ytterby.supply.made import MADE, PASSED_ON, shipped
from ytterby.supply.market import Elasticities, Entry, calibrate
from ytterby.supply.solving import Change, State, solve_years, year_programme


def oligopoly(costs, slopes, conduct, intercept, slope):
    """Sellers with marginal cost c + d x and one market p = intercept - slope X, as a programme."""
    n = len(costs)
    A = sparse.csc_matrix(np.array([[1.0] * n + [-1.0]]))
    q = np.array([*slopes, slope], dtype=float)
    users = np.arange(n + 1) == n
    (b,) = demand_slopes(A, q, users)
    q[:n] += np.asarray(conduct) * b
    return solve(Programme(A, np.zeros(1), np.array([*costs, -intercept], float), q, np.full(n + 1, np.inf)))


@pytest.mark.parametrize("firms", [1, 2, 5, 40])
def test_equal_firms_of_cournot_in_closed_form(firms):
    """Each sells (a - c) / (b (n + 1)) at constant cost; here a slope d comes on top: (a - c) / (b (n + 1) + d)."""
    found = oligopoly([20.0] * firms, [0.5] * firms, [1.0] * firms, 100.0, 2.0)
    assert found.x[:firms] == pytest.approx(80 / (2 * (firms + 1) + 0.5))
    assert found.price == pytest.approx(100 - 2 * firms * found.x[0])


@pytest.mark.parametrize(("theta", "each"), [(0, 80 / 8.5), (0.5, 80 / 9.5), (1, 80 / 10.5), (4, 80 / 16.5)])
def test_four_firms_from_competition_over_cournot_to_a_cartel(theta, each):
    """Price 100 - 2 X, marginal cost 20 + x / 2: p - 2 theta x = cost, so x = 80 / (2 (4 + theta) + 1 / 2).

    Firms that each count on all others to follow (theta = 4) sell what one owner of the four would: marginal revenue
    100 - 4 X is marginal cost 20 + X / 8.
    """
    found = oligopoly([20] * 4, [0.5] * 4, [theta] * 4, 100, 2)
    assert found.x[:4] == pytest.approx([each] * 4)
    if theta == 4:
        assert 100 - 4 * found.x[-1] == pytest.approx(20 + found.x[-1] / 8)


def test_best_responses_end_where_the_programme_does():
    costs, slopes, conduct = np.array([10.0, 20, 35]), np.array([1.0, 0.4, 0.1]), np.array([1.0, 1.0, 0.3])
    x = np.zeros(3)
    for _ in range(200):
        for firm in range(3):
            rest = x.sum() - x[firm]
            x[firm] = max((100 - 0.8 * rest - costs[firm]) / (0.8 * (1 + conduct[firm]) + slopes[firm]), 0.0)
    assert oligopoly(costs, slopes, conduct, 100, 0.8).x[:3] == pytest.approx(x, rel=1e-8)


def test_a_dominant_firm_with_a_fringe():
    """Demand 100 - p, fringe p / 2 of slope 2: who foresees the fringe has the conduct 1 / (1 + 1 / 2) = 2/3.

    Residual demand 100 - 1.5 p, marginal revenue (100 - 2 x) / 1.5 = cost 10: x = 42.5, p = 38.333.
    """
    found = oligopoly([10, 0], [1e-9, 2.0], [1 / (1 + 1 * (1 / 2.0)), 0.0], 100, 1.0)
    assert found.x[0] == pytest.approx(42.5, rel=1e-6)
    assert found.price == pytest.approx([115 / 3], rel=1e-6)


def test_pc046_pc047_murphy_sherali_soyster_five_firms():
    """pc046, pc047 of the published checks: costs and demand are curved, so straight lines are fitted at each point."""
    c, beta = np.array([10.0, 8, 6, 4, 2]), np.array([1.2, 1.1, 1.0, 0.9, 0.8])
    x = np.full(5, 40.0)
    for _ in range(60):
        price, slope = (5000 / x.sum()) ** (1 / 1.1), (x / 5) ** (1 / beta - 1) / 5 / beta
        b = price / 1.1 / x.sum()
        cost = c + (x / 5) ** (1 / beta) - slope * x
        x = oligopoly(cost, slope, np.ones(5), price + b * x.sum(), b).x[:5]
    assert x == pytest.approx([36.93251, 41.81814, 43.70658, 42.65924, 39.17895], abs=1e-4)
    assert ((5000 / x.sum()) ** (1 / 1.1), x.sum()) == pytest.approx((18.30058, 204.29542), abs=1e-4)


# ------------------------------------------------------------------------------------------------ in a market


ELASTIC = Elasticities(
    {"mine": 1.0, "trade": 4.0, "demand": 0.5}, {}, 0.25, {"mine": 10.0, "process": 0.0}, 0.1, 0.5
)  # fmt: skip


def mine(place):
    return Activity(MINE, MINE, place, "ore", ((place, "ore" + MADE, 1.0),))


def use(place):
    return Activity(DEMAND, "use", place, "ore", ((place, "ore", -1.0),))


def sale(exporter, importer):
    return shipped(Activity(TRADE, TRADE, exporter, "ore", (), importer), TRADE, MADE)


ACTIVITIES = (mine("A"), mine("B"), sale("A", "C"), sale("B", "C"), sale("A", "D"), use("C"), use("D"))
BALANCES = balances_of(ACTIVITIES)
BASE = BaseYear(
    2024, ACTIVITIES, np.array([90.0, 40, 60, 40, 30, 100, 30]), BALANCES, np.full(len(BALANCES), 10.0), (), 0.0
)  # fmt: skip
MARKET = calibrate(BASE, ELASTIC, (), {"ore": 10.0})
OWN = np.array([a.kind == TRADE and a.place == "A" for a in ACTIVITIES])


def sells(conduct, base=0.0, market=MARKET, own=OWN):
    """A's own sales under a conduct, when it kept back as much as `base` in the base year."""
    return Change(cost=base_markup(market, own, base), sellers=(Seller(own, conduct),))


def years(change, growth=1.0, market=MARKET, last=2024):
    return solve_years(
        market, tuple(range(2024, last + 1)), lambda a, _: growth if a.kind == DEMAND else 1.0, scenario="by hand",
        changes=lambda _: change,
    )  # fmt: skip


def year(change, growth=1.0, market=MARKET):
    return years(change, growth, market).years[0]


@pytest.mark.parametrize("conduct", [0.0, 0.4, 1.0])
def test_the_base_year_returns_whatever_its_conduct(conduct):
    found = year(sells(conduct, conduct))
    assert found.flows == pytest.approx(BASE.flows)
    assert found.prices == pytest.approx(BASE.prices)


def test_the_slope_is_that_of_the_buyers():
    """Demand of 100 t at 10 USD/t with elasticity 0.5 falls by 5 t per USD/t: b = 0.2 at C, and 10 / 15 at D."""
    assert base_markup(MARKET, OWN, 1.0) == pytest.approx([0, 0, -0.2 * 60, 0, -30 * 2 / 3, 0, 0])
    programme = year_programme(MARKET, State.start(MARKET), np.ones(7), 2024, sells(0.5))
    plain = year_programme(MARKET, State.start(MARKET), np.ones(7), 2024, Change())
    assert programme.q - plain.q == pytest.approx([0, 0, 0.1, 0, 1 / 3, 0, 0])


def test_the_slope_is_that_of_the_year():
    """Use in C has doubled, in D it stays: 200 t give way by 10 t per USD/t, b = 0.1 at C, where the seller still holds 60."""
    trend = np.array([1, 1, 1, 1, 1, 2, 1.0])
    programme = year_programme(MARKET, State.start(MARKET), trend, 2030, sells(1.0, 1.0))
    plain = year_programme(MARKET, State.start(MARKET), trend, 2030, Change())
    assert programme.q - plain.q == pytest.approx([0, 0, 0.1, 0, 2 / 3, 0, 0])
    assert programme.c - plain.c == pytest.approx([0, 0, -12, 0, -20, 0, 0])


@pytest.mark.parametrize("growth", [1.0, 1.5])
def test_the_markup_is_the_slope_of_the_year_times_what_is_sold(growth):
    """Marginal revenue is marginal cost: p - b x, with b = p0 / (e Q) and Q what use has grown to, covers ore and way."""
    found = year(sells(1.0), growth)
    for place, column, base_use in (("C", 2, 100), ("D", 4, 30)):
        slope = 10 / 0.5 / (base_use * growth)
        way = 10 / 4.0 * (found.flows[column] / BASE.flows[column] - 1)
        margin = (
            found.prices[BALANCES.index((place, "ore"))] - found.prices[BALANCES.index(("A", "ore" + MADE))]
        )
        assert margin == pytest.approx(slope * found.flows[column] + way)


def test_a_supplier_that_turns_to_cournot_keeps_back_and_the_price_holds_its_markup():
    before, after = year(Change()), year(sells(1.0))
    rise = dict(zip(BALANCES, after.prices - before.prices, strict=True))
    assert after.flows[2] < before.flows[2]
    assert after.flows[3] > before.flows[3]
    assert rise["D", "ore"] > rise["C", "ore"] > 0


def test_tightening_demand_costs_more_under_market_power():
    rise = [year(sells(theta, theta), 1.2).prices.max() for theta in (0.0, 1.0)]
    assert rise[1] > rise[0] > 10


def test_a_plant_that_came_later_counts_as_a_buyer_once_it_has_run():
    """A works in C takes ore from 2025 on: in its first year the seller does not know it yet."""
    works = Activity(PROCESS, "smelt", "C", "ore", (("C", "ore", -1.0), ("C", "metal", 1.0)))
    buyer = Activity(DEMAND, "use", "C", "metal", (("C", "metal", -1.0),))
    capacity = {2024: 0.0, **dict.fromkeys((2025, 2026), 50.0)}
    entries = (Entry(works, 0.0, 50.0, 5.0, capacity), Entry(buyer, -20.0, 50.0, 30.0))
    elastic = replace(ELASTIC, short={**ELASTIC.short, "process": 1.0})
    market = calibrate(BASE, elastic, entries, {"ore": 10.0, "metal": 20.0})
    own = np.array([a.kind == TRADE and a.place == "A" for a in market.activities])
    change, state, trend = sells(1.0, market=market, own=own), State.start(market), np.ones(9)
    slopes, flows = [], np.zeros(9)
    for number in (2024, 2025, 2026):
        programme = year_programme(market, state, trend, number, change)
        slopes.append(programme.q[2] - year_programme(market, state, trend, number, Change()).q[2])
        found = solve(programme)
        state, flows = state.after(market, found.x, found.price, programme.upper > 0), found.x
    assert flows[7] > 0
    assert slopes[:2] == pytest.approx([10 / 0.5 / 100] * 2)
    assert slopes[2] < slopes[1]


def test_passed_on_goods_and_others_sales_stay_competitive():
    """A sells C 60 t and D 30 t of its own, and passes on to C the 20 t that it buys from B: 120 t are used in C."""
    passed = shipped(Activity(TRADE, TRADE, "A", "ore", (), "C"), PASSED_ON, "")
    activities = (*ACTIVITIES, sale("B", "A"), passed)
    balances = balances_of(activities)
    flows = np.array([90.0, 60, 60, 40, 30, 120, 30, 20, 20])
    base = BaseYear(2024, activities, flows, balances, np.full(len(balances), 10.0), (), 0.0)
    conduct = Conduct("A", "*", "ore", 2025, None, "a test", "row", theta=1.0)
    change = policies(
        Scenario("by hand", "", "", conducts=(conduct,)), calibrate(base, ELASTIC, (), {"ore": 10.0}), {}
    )(2025)
    (seller,) = change.sellers
    assert seller.sales.tolist() == [False, False, True, False, True, False, False, False, False]
    assert seller.conduct == 1.0
    assert change.cost == pytest.approx(np.zeros(9))

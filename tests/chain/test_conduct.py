# SPDX-License-Identifier: Apache-2.0
"""Market power: textbook oligopolies, best responses by iteration, the base year returned whatever its conduct."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from ytterby.chain import DEMAND, MINE, TRADE, Activity, BaseYear, balances_of
from ytterby.programme import Programme, solve
from ytterby.scenario import Conduct, Scenario
from ytterby.study.policies import policies
from ytterby.supply.conduct import demand_slopes, markup
from ytterby.supply.made import MADE, PASSED_ON, shipped
from ytterby.supply.market import Elasticities, calibrate
from ytterby.supply.solving import Change, solve_years


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


def test_competition_sells_more_than_cournot_and_that_more_than_a_cartel():
    sold = [oligopoly([20, 20], [0.5, 0.5], [theta] * 2, 100, 2).x[-1] for theta in (0, 0.5, 1)]
    assert sold == sorted(sold, reverse=True)


def test_best_responses_end_where_the_programme_does():
    costs, slopes, conduct = np.array([10.0, 20, 35]), np.array([1.0, 0.4, 0.1]), np.array([1.0, 1.0, 0.3])
    x = np.zeros(3)
    for _ in range(200):
        for firm in range(3):
            rest = x.sum() - x[firm]
            x[firm] = max((100 - 0.8 * rest - costs[firm]) / (0.8 * (1 + conduct[firm]) + slopes[firm]), 0.0)
    assert oligopoly(costs, slopes, conduct, 100, 0.8).x[:3] == pytest.approx(x, rel=1e-8)


def test_a_dominant_firm_with_a_fringe():
    """Demand 100 - p, fringe p / 2 of slope 2: residual demand 100 - 1.5 p, so b = 2/3 where the fringe gives way too.

    Marginal revenue (100 - 2 x) / 1.5 = cost 10: x = 42.5, p = 38.333.
    """
    A = sparse.csc_matrix(np.array([[1.0, 1.0, -1.0]]))
    q = np.array([1e-9, 2.0, 1.0])
    residual = 1 / (1 / 2.0 + 1 / 1.0)
    q[0] += residual
    found = solve(Programme(A, np.zeros(1), np.array([10.0, 0, -100]), q, np.full(3, np.inf)))
    assert found.x[0] == pytest.approx(42.5, rel=1e-6)
    assert found.price == pytest.approx([115 / 3], rel=1e-6)


def test_murphy_sherali_soyster_five_firms():
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


def year(change, growth=1.0, market=MARKET):
    result = solve_years(
        market, (2024,), lambda a, _: growth if a.kind == DEMAND else 1.0, scenario="by hand", changes=lambda _: change
    )  # fmt: skip
    return result.years[0]


@pytest.mark.parametrize("conduct", [0.0, 0.4, 1.0])
def test_the_base_year_returns_whatever_its_conduct(conduct):
    found = year(Change(*markup(MARKET, OWN, conduct, conduct)))
    assert found.flows == pytest.approx(BASE.flows)
    assert found.prices == pytest.approx(BASE.prices)


def test_the_slope_is_that_of_the_buyers():
    """Demand of 100 t at 10 USD/t with elasticity 0.5 falls by 5 t per USD/t: b = 0.2 at C, and 10 / 15 at D."""
    cost, slope = markup(MARKET, OWN, 0.5, 1.0)
    assert slope == pytest.approx([0, 0, 0.1, 0, 1 / 3, 0, 0])
    assert cost == pytest.approx([0, 0, -0.2 * 60, 0, -30 * 2 / 3, 0, 0])


def test_a_supplier_that_turns_to_cournot_keeps_back_and_the_price_holds_its_markup():
    before, after = year(Change()), year(Change(*markup(MARKET, OWN, 1.0)))
    rise = dict(zip(BALANCES, after.prices - before.prices, strict=True))
    assert after.flows[2] < before.flows[2]
    assert after.flows[3] > before.flows[3]
    assert rise["D", "ore"] > rise["C", "ore"] > 0
    link = (1 / 4.0) * 10 * (after.flows[2] / 60 - 1)
    wedge = after.prices[BALANCES.index(("C", "ore"))] - after.prices[BALANCES.index(("A", "ore" + MADE))]
    assert wedge == pytest.approx(0.2 * after.flows[2] + link)


def test_tightening_demand_costs_more_under_market_power():
    rise = [year(Change(*markup(MARKET, OWN, theta, theta)), 1.2).prices.max() for theta in (0.0, 1.0)]
    assert rise[1] > rise[0] > 10


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
    assert change.slope == pytest.approx([0, 0, 10 / 0.5 / 120, 0, 10 / 0.5 / 30, 0, 0, 0, 0])

"""Freight in the market: rates, base shares, delivered prices, closures, against a scalar second solution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from ytterby.chain import DEMAND, MINE, TRADE, Activity, BaseYear, balances_of
from ytterby.supply.carriage import CARRIAGE, Way, Ways, freight_rate, with_freight, without_freight
from ytterby.supply.market import Elasticities, Entry, calibrate
from ytterby.supply.solving import solve_years

YEARS = [2024, 2025, 2026]
PRICE, FLOW = 1000.0, 100.0
SHORT = {MINE: 0.5, DEMAND: 0.3, TRADE: 4.0, CARRIAGE: 4.0}
PAIR = ("A", "B")


@given(st.lists(st.floats(1, 1e3), min_size=1, max_size=6), st.floats(1e-3, 1e3))
def test_the_freight_rate_is_what_all_ways_together_cost_at_the_margin(costs, rise):
    rate = freight_rate(costs, rise)
    assert sum(max(rate - cost, 0.0) for cost in costs) == pytest.approx(rise)


def chain():
    """A mines ore, B uses it."""
    activities = (
        Activity(MINE, MINE, "A", "ore", (("A", "ore", 1.0),)),
        Activity(TRADE, TRADE, "A", "ore", (("A", "ore", -1.0), ("B", "ore", 1.0)), "B"),
        Activity(DEMAND, "use", "B", "ore", (("B", "ore", -1.0),)),
    )
    balances = balances_of(activities)
    return BaseYear(2024, activities, np.full(3, FLOW), balances, np.full(2, PRICE), (), 0.0)


def ways(*rows):
    """Ways from A to B as (name, USD/t, years)."""
    found = tuple(Way(*PAIR, name, cost, frozenset(years), (name,)) for name, cost, years in rows)
    return Ways({PAIR: tuple(sorted(found, key=lambda way: way.usd_per_t))}, frozenset({PAIR}))


def double(_form):
    """Two gross tonnes carry one of ore."""
    return 2.0


def solved(found, entries=(), spread=0.02, years=YEARS):
    """The chain with these ways, without growth or adaptation."""
    elastic = Elasticities(SHORT, {}, 0.0, {MINE: 9.0, "process": 0.0}, 0.01, 0.1)
    freight = with_freight(chain(), list(entries), found, double, spread)
    market = calibrate(freight.base_year, elastic, freight.entries, {"ore": PRICE, CARRIAGE: 0.0})
    result = solve_years(market, years, lambda *_: 1.0, scenario="by hand")
    return freight, *without_freight(result, freight.ways)


def price(result, year, place):
    return result.year(year).prices[result.index[place, "ore"]]


def test_the_base_year_comes_back_with_freight_in_the_delivered_price():
    freight, result, moved = solved(ways(("canal", 10.0, YEARS), ("cape", 30.0, YEARS)))
    rate = 10.0 * 1.02
    assert result.year(2024).flows == pytest.approx(np.full(3, FLOW))
    assert moved.rates[0] == pytest.approx([rate, rate])
    assert moved.flows[0] == pytest.approx([2 * FLOW, 0.0], abs=1e-6)
    assert price(result, 2024, "A") == pytest.approx(PRICE)
    assert price(result, 2024, "B") == pytest.approx(PRICE + 2 * rate)
    assert freight.delivered.prices == pytest.approx(result.base_prices)
    assert all(CARRIAGE not in {form for _, form, _ in a.terms} for a in result.activities)


def test_ways_of_nearly_the_same_cost_share_the_flow():
    _, _, moved = solved(ways(("north", 100.0, YEARS), ("south", 101.0, YEARS)))
    assert moved.flows[0] == pytest.approx([0.75 * 2 * FLOW, 0.25 * 2 * FLOW])


def by_hand(cost):
    """Flow, prices in A and B and freight rate when one way of a cost is left, from one equation in the flow."""
    rate0 = 10.0 * 1.02
    at_b = PRICE + 2 * rate0
    volume = 2 * FLOW

    def rate(x):
        return cost + 0.02 * 10.0 * 2 * x / volume

    def supply(x):
        return PRICE + PRICE / SHORT[MINE] * (x / FLOW - 1)

    def link(x):
        return at_b - PRICE - 2 * rate0 + at_b / SHORT[TRADE] * (x / FLOW - 1) + 2 * rate(x)

    def demand(x):
        return at_b - at_b / SHORT[DEMAND] * (x / FLOW - 1)

    x = brentq(lambda x: supply(x) + link(x) - demand(x), 1.0, FLOW, xtol=1e-12)
    return x, supply(x), demand(x), rate(x)


def test_closing_the_cheap_way_moves_the_flow_and_raises_the_price():
    """Duals to the last digit: the same equilibrium from a scalar equation."""
    _, result, moved = solved(ways(("canal", 10.0, [2024]), ("cape", 300.0, YEARS)))
    x, at_a, at_b, rate = by_hand(300.0)
    assert result.year(2026).flows == pytest.approx(np.full(3, x), rel=1e-8)
    assert price(result, 2026, "A") == pytest.approx(at_a, rel=1e-8)
    assert price(result, 2026, "B") == pytest.approx(at_b, rel=1e-8)
    assert moved.rates[2] == pytest.approx([rate, rate], rel=1e-8)
    assert moved.flows[2] == pytest.approx([0.0, 2 * x], abs=1e-6)
    assert at_b > price(result, 2024, "B")
    assert at_a < PRICE


def test_no_way_left_means_no_trade():
    _, result, moved = solved(ways(("canal", 10.0, [2024, 2025])))
    assert result.year(2025).flows == pytest.approx(np.full(3, FLOW))
    assert result.year(2026).flows == pytest.approx(np.zeros(3), abs=1e-6)
    assert moved.flows[2] == pytest.approx([0.0], abs=1e-6)
    assert np.isnan(moved.rates[2]).all()


def test_a_cheaper_way_that_opens_takes_over():
    _, result, moved = solved(ways(("cape", 30.0, YEARS), ("canal", 10.0, [2025, 2026])))
    assert moved.flows[:, 0] == pytest.approx([0.0, *moved.flows[1:, :].sum(axis=1)], abs=1e-6)
    assert result.year(2025).flows[0] > FLOW
    assert price(result, 2025, "B") < price(result, 2024, "B")


def test_a_pair_without_ways_in_the_market_pays_the_best_of_the_base_year():
    found = ways(("canal", 10.0, YEARS))
    _, result, moved = solved(Ways(found.by_pair, frozenset()))
    assert price(result, 2024, "B") == pytest.approx(PRICE + 2 * 10.0)
    assert result.year(2024).flows == pytest.approx(np.full(3, FLOW))
    assert moved.flows.shape == (3, 0)


def test_a_new_link_pays_its_own_freight():
    """C can sell to B too: as far as it is dearer to carry than what B buys, it is dearer to buy."""
    link = Activity(TRADE, TRADE, "C", "ore", (("C", "ore", -1.0), ("B", "ore", 1.0)), "B")
    base, margin = ways(("canal", 10.0, YEARS)), 50.0
    for cost, added in ((40.0, 2 * 30.0), (10.0, 0.0), (5.0, 0.0)):
        far = {**base.by_pair, ("C", "B"): (Way("C", "B", "far", cost, frozenset(YEARS)),)}
        freight = with_freight(chain(), [Entry(link, margin, 10.0)], Ways(far, frozenset()), double, 0.02)
        assert freight.entries[0].margin == pytest.approx(margin + added)

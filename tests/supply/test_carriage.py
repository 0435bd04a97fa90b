"""Freight in the market: rates, base shares, delivered prices, closures, against a scalar second solution."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from ytterby.chain import DEMAND, MINE, TRADE, Activity, BaseYear, balances_of
from ytterby.supply.carriage import CARRIAGE, freight_rate, full, with_freight, without_freight
from ytterby.supply.market import Elasticities, Entry, calibrate
from ytterby.supply.solving import solve_years
from ytterby.supply.ways import Charges, Room, Way, Ways

YEARS = [2024, 2025, 2026]
PRICE, FLOW = 1000.0, 100.0
SHORT = {MINE: 0.5, DEMAND: 0.3, TRADE: 4.0, CARRIAGE: 4.0}
HAUL = ("A", "B", "ore")


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
    """Ways from A to B as (name, USD/t, years); each passes the segment of its name."""
    found = tuple(Way(*HAUL[:2], name, cost, 0.0, frozenset(years), (name,)) for name, cost, years in rows)
    return Ways({HAUL: tuple(sorted(found, key=lambda way: way.usd_per_t))}, frozenset({HAUL}))


# Two gross tonnes carry one of ore.
FREIGHT_ALONE = Charges(lambda _: 2.0, {"ore": PRICE}, 0.0, 0.0)


def solved(found, entries=(), spread=0.02, years=YEARS, charges=FREIGHT_ALONE, rooms=()):
    """The chain with these ways, without growth or adaptation."""
    elastic = Elasticities(SHORT, {}, 0.0, {MINE: 9.0, "process": 0.0}, 0.01, 0.1)
    freight = with_freight(chain(), list(entries), found, charges, spread)
    market = calibrate(freight.base_year, elastic, freight.entries, {"ore": PRICE, CARRIAGE: 0.0})
    changes = full(rooms, freight.shipments, market.activities, 2024)
    result = solve_years(market, years, lambda *_: 1.0, scenario="by hand", changes=changes)
    return freight, *without_freight(result, freight.shipments)


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


def test_a_haul_without_ways_in_the_market_pays_the_best_of_the_base_year():
    found = ways(("canal", 10.0, YEARS))
    _, result, moved = solved(Ways(found.by_haul, frozenset()))
    assert price(result, 2024, "B") == pytest.approx(PRICE + 2 * 10.0)
    assert result.year(2024).flows == pytest.approx(np.full(3, FLOW))
    assert moved.flows.shape == (3, 0)


def test_a_new_link_pays_its_own_freight():
    """C can sell to B too: as far as it is dearer to carry than what B buys, it is dearer to buy."""
    link = Activity(TRADE, TRADE, "C", "ore", (("C", "ore", -1.0), ("B", "ore", 1.0)), "B")
    base, margin = ways(("canal", 10.0, YEARS)), 50.0
    for cost, added in ((40.0, 2 * 30.0), (10.0, 0.0), (5.0, 0.0)):
        far = {**base.by_haul, ("C", "B", "ore"): (Way("C", "B", "far", cost, 0.0, frozenset(YEARS)),)}
        ways_ = Ways(far, frozenset())
        freight = with_freight(chain(), [Entry(link, margin, 10.0)], ways_, FREIGHT_ALONE, 0.02)
        assert freight.entries[0].margin == pytest.approx(margin + added)


def room(t_per_year, *segments, cargoes=("general",)):
    """A room of every year."""
    return Room("narrow", frozenset(segments), frozenset(cargoes), dict.fromkeys(YEARS, t_per_year), ("row",))


TWO_WAYS = (("canal", 10.0, YEARS), ("cape", 40.0, YEARS))


def with_room(t_per_year, found=TWO_WAYS):
    """The chain with room on the canal: its result, what is carried, and the limit of the last year."""
    _, result, moved = solved(ways(*found), rooms=[room(t_per_year, "canal")])
    (limit,) = result.year(2026).limits
    return result, moved, limit


def test_a_full_way_is_shared_with_a_dearer_one_and_earns_the_difference():
    """By hand: at the margin the cape carries the rest, so the canal's rent is what it is cheaper than the cape."""
    result, moved, limit = with_room(50.0)
    x = result.year(2026).flows[0]
    rise = 0.02 * 10.0 / (2 * FLOW)
    rate = 40.0 + rise * (2 * x - 50.0)
    assert moved.flows[2] == pytest.approx([50.0, 2 * x - 50.0], rel=1e-7)
    assert moved.rates[2] == pytest.approx([rate, rate], rel=1e-7)
    assert (limit.name, limit.basis) == ("narrow", ("row",))
    assert limit.used == pytest.approx(limit.limit) == pytest.approx(50.0)
    assert limit.rent == pytest.approx(rate - (10.0 + rise * 50.0), rel=1e-6)
    paid = price(result, 2026, "B") - price(result, 2024, "B")
    assert 0 < paid < 2 * limit.rent  # the rest falls on the mine
    assert price(result, 2026, "A") < PRICE


def test_a_full_way_without_another_rations_the_trade_and_the_rent_is_what_users_bid():
    """The flow is given by the room, so that prices follow from supply and demand alone."""
    result, _, limit = with_room(120.0, TWO_WAYS[:1])
    assert result.year(2026).flows == pytest.approx(np.full(3, 60.0), rel=1e-7)
    at_b0 = PRICE + 2 * 10.2
    at_a = PRICE + PRICE / SHORT[MINE] * (0.6 - 1)
    at_b = at_b0 - at_b0 / SHORT[DEMAND] * (0.6 - 1)
    margin = at_b - at_a - at_b0 / SHORT[TRADE] * (0.6 - 1)
    assert price(result, 2026, "A") == pytest.approx(at_a, rel=1e-7)
    assert price(result, 2026, "B") == pytest.approx(at_b, rel=1e-7)
    assert limit.rent == pytest.approx(margin / 2 - 10.0 - 0.02 * 10.0 * 0.6, rel=1e-6)


def test_twice_the_room_lowers_the_rent_and_enough_ends_it():
    rents = [with_room(t, TWO_WAYS[:1])[2].rent for t in (60.0, 120.0, 240.0)]
    assert rents[0] > rents[1] > rents[2] == 0
    free, _ = solved(ways(*TWO_WAYS[:1]))[1:]
    assert with_room(240.0, TWO_WAYS[:1])[0].year(2026).flows == pytest.approx(
        free.year(2026).flows, rel=1e-9
    )


def test_a_room_that_opens_later_binds_before_and_never_in_the_base_year():
    growing = replace(room(0.0, "canal"), t_per_year={2024: 1.0, 2025: 80.0, 2026: 400.0})
    _, result, moved = solved(ways(*TWO_WAYS), rooms=[growing])
    assert moved.flows[:, 0] == pytest.approx([2 * FLOW, 80.0, 2 * FLOW], rel=1e-6)
    assert result.year(2024).limits == ()
    assert result.year(2025).limits[0].rent > 10
    assert result.year(2026).limits[0].rent == 0


def test_a_room_for_another_cargo_does_not_bind():
    _, result, _ = solved(ways(*TWO_WAYS), rooms=[room(1.0, "canal", cargoes=("radioactive",))])
    assert result.year(2026).limits == ()


def test_two_hauls_share_a_room_and_the_one_that_bids_more_gets_more_of_it():
    """What both carry together is the room's; each pays its cost and the same rent."""
    activities = (
        *chain().activities,
        Activity(MINE, MINE, "A", "gem", (("A", "gem", 1.0),)),
        Activity(TRADE, TRADE, "A", "gem", (("A", "gem", -1.0), ("B", "gem", 1.0)), "B"),
        Activity(DEMAND, "use", "B", "gem", (("B", "gem", -1.0),)),
    )
    balances = balances_of(activities)
    prices = np.array([PRICE if form == "ore" else 9 * PRICE for _, form in balances])
    base = BaseYear(2024, activities, np.full(6, FLOW), balances, prices, (), 0.0)
    (way,) = ways(TWO_WAYS[0]).by_haul[HAUL]
    hauls = (HAUL, ("A", "B", "gem"))
    value = {"ore": PRICE, "gem": 9 * PRICE}
    freight = with_freight(
        base, [], Ways(dict.fromkeys(hauls, (way,)), frozenset(hauls)), Charges(lambda _: 2.0, value, 0.0, 0.0), 0.02
    )  # fmt: skip
    elastic = Elasticities(SHORT, {}, 0.0, {MINE: 9.0, "process": 0.0}, 0.01, 0.1)
    market = calibrate(freight.base_year, elastic, freight.entries, {**value, CARRIAGE: 0.0})
    changes = full([room(200.0, "canal")], freight.shipments, market.activities, 2024)
    result = solve_years(market, YEARS, lambda *_: 1.0, scenario="by hand", changes=changes)
    _, moved = without_freight(result, freight.shipments)
    (limit,) = result.year(2026).limits
    by_form = {one.form: flow for one, flow in zip(moved.shipments, moved.flows[2], strict=True)}
    assert sum(by_form.values()) == pytest.approx(200.0)
    assert by_form["gem"] > 1.5 * by_form["ore"] > 0
    rise = 0.02 * 10.0 / (2 * FLOW)
    rates = {one.form: rate for one, rate in zip(moved.shipments, moved.rates[2], strict=True)}
    for form, flow in by_form.items():
        assert rates[form] == pytest.approx(10.0 + rise * flow + limit.rent, rel=1e-6)


def test_a_form_pays_freight_insurance_and_the_interest_of_its_days():
    """Half the value sits in a gross tonne: 500 USD x (2 % + 30 days x 0.1 %) on top of the freight."""
    slow = Way(*HAUL[:2], "slow", 10.0, 30.0, frozenset(YEARS))
    charges = Charges(lambda _: 2.0, {"ore": PRICE}, 0.02, 0.001)
    assert charges.on(slow, "ore") == pytest.approx(10.0 + 500.0 * 0.05)
    _, result, moved = solved(Ways({HAUL: (slow,)}, frozenset({HAUL})), charges=charges)
    rate = 35.0 * 1.02
    assert moved.rates[0] == pytest.approx([rate])
    assert price(result, 2024, "B") == pytest.approx(PRICE + 2 * rate)


@pytest.mark.parametrize(("value", "taken"), [(100.0, [2 * FLOW, 0.0]), (100_000.0, [0.0, 2 * FLOW])])
def test_what_is_dear_takes_the_quick_way(value, taken):
    both = (
        Way(*HAUL[:2], "cheap", 10.0, 60.0, frozenset(YEARS)),
        Way(*HAUL[:2], "quick", 50.0, 10.0, frozenset(YEARS)),
    )
    charges = Charges(lambda _: 2.0, {"ore": value}, 0.0, 0.0002)
    _, _, moved = solved(Ways({HAUL: both}, frozenset({HAUL})), charges=charges)
    assert moved.flows[0] == pytest.approx(taken, abs=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_a_market_that_wants_more_sends_the_maximum_flow(seed):
    """Ways are all paths of a small network, every link has a capacity: against networkx."""
    random = np.random.default_rng(seed)
    graph: nx.DiGraph[str] = nx.DiGraph()
    for tail, head in ("AX", "AY", "XY", "XZ", "YZ", "YB", "ZB"):
        graph.add_edge(tail, head, capacity=float(random.integers(5, 40)))
    paths = [[f"{a}{b}" for a, b in pairwise(path)] for path in nx.all_simple_paths(graph, "A", "B")]
    ways_ = tuple(
        Way(*HAUL[:2], "-".join(path), float(random.uniform(5, 50)), 0.0, frozenset(YEARS), tuple(path)) for path in paths
    )  # fmt: skip
    rooms = [
        replace(room(data["capacity"], f"{tail}{head}"), name=f"{tail}{head}") for tail, head, data in graph.edges(data=True)
    ]  # fmt: skip
    most = nx.maximum_flow_value(graph, "A", "B")
    assert most < 2 * FLOW
    _, result, moved = solved(Ways({HAUL: ways_}, frozenset({HAUL})), rooms=rooms)
    assert moved.flows[2].sum() == pytest.approx(most, rel=1e-6)
    limits = result.year(2026).limits
    assert all(limit.used <= limit.limit * (1 + 1e-7) for limit in limits)
    cut = graph.copy()
    cut.remove_edges_from([tuple(limit.name) for limit in limits if limit.rent > 0])
    assert not nx.has_path(cut, "A", "B")

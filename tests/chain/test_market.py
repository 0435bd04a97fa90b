"""The market: one node by hand, the base year returned, elasticities, bans, new columns, made and passed on apart."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

from ytterby.chain import DEMAND, MINE, TRADE, Activity, BaseYear, balances_of, incidence
from ytterby.errors import ModelError
from ytterby.programme import solve
from ytterby.reconcile import reconcile
from ytterby.supply.conduct import Seller
from ytterby.supply.evidence import trade
from ytterby.supply.made import HOME, MADE, PASSED_ON, keep_apart, plain
from ytterby.supply.market import Elasticities, Entry, calibrate
from ytterby.supply.solving import Change, Shared, State, closing, solve_years, together, year_programme

PRICE = 10.0


def elastic(long=None, adjustment=0.25, spare=10.0, **short):
    """Elasticities of 0.5 for mines, 0.25 for demand, 3 for trade unless given; as much spare capacity as never binds."""
    values = {
        "mine": 0.5,
        "process": 0.5,
        "trade": 3.0,
        "demand": 0.25,
        "surplus": 1.0,
        "saving": 0.25,
    } | short
    return Elasticities(
        values, {**values, **(long or {})}, adjustment, {"mine": spare, "process": spare}, 0.1, 0.5
    )


def mine(place, form="ore"):
    return Activity(MINE, MINE, place, form, ((place, form, 1.0),))


def use(place, form="ore"):
    return Activity(DEMAND, "use", place, form, ((place, form, -1.0),))


def base_of(rows, price=PRICE):
    """A base year from (activity, flow) rows that balance; every form at one price."""
    activities = tuple(activity for activity, _ in rows)
    balances = balances_of(activities)
    return BaseYear(
        2024, activities, np.array([float(flow) for _, flow in rows]), balances, np.full(len(balances), price), (), 0.0
    )  # fmt: skip


def grow(kind=DEMAND, by=1.0, place=None):
    """Growth of the activities of one kind (in one place) from 2025 on."""

    def growth(activity, year):
        wanted = activity.kind == kind and place in {None, activity.place}
        return by if wanted and year > 2024 else 1.0

    return growth


def solved(base, elasticities, growth, years=(2025,), entries=(), banned=None):
    market = calibrate(base, elasticities, entries, {"ore": PRICE, "oxide": PRICE})
    changes = None if banned is None else closing(banned)
    return solve_years(market, years, growth, scenario="by hand", changes=changes)


ONE_NODE = base_of([(mine("A"), 100), (use("A"), 100)])


# ------------------------------------------------------------------------------------------------ one node by hand


def test_a_shock_of_demand_by_hand():
    """100 (1 + 0.5 t) = 110 (1 - 0.25 t): the price rises by t = 10 / 77.5."""
    result = solved(ONE_NODE, elastic(), grow(by=1.1))
    rise = 10 / (50 + 0.25 * 110)
    assert result.years[0].prices == pytest.approx([PRICE * (1 + rise)], rel=1e-9)
    assert result.years[0].flows == pytest.approx([100 * (1 + 0.5 * rise)] * 2, rel=1e-9)


def test_twice_the_elasticity_of_demand_halves_the_rise_of_the_price():
    """Supply is fixed at its capacity, so demand alone gives way."""
    rise = {}
    for elasticity in (0.2, 0.4):
        result = solved(ONE_NODE, elastic(spare=0.0, demand=elasticity), grow(by=1.01))
        rise[elasticity] = result.years[0].prices[0] / PRICE - 1
        assert result.years[0].flows[0] == pytest.approx(100)
    assert rise[0.2] == pytest.approx(2 * rise[0.4], rel=1e-9)
    assert rise[0.2] == pytest.approx(0.01 / 1.01 / 0.2, rel=1e-9)


def test_a_capacity_earns_the_gap_between_price_and_cost():
    result = solved(ONE_NODE, elastic(spare=0.0), grow(by=1.1))
    price, year = result.years[0].prices[0], result.years[0]
    assert year.rents == pytest.approx([price - PRICE, 0], rel=1e-6)
    assert year.capacity[0] == pytest.approx(100)


def test_the_long_run_follows_the_price_and_brings_it_down():
    years = (2025, 2026, 2030, 2040)
    short = solved(ONE_NODE, elastic(), grow(by=1.3), years)
    long = solved(ONE_NODE, elastic(long={"mine": 2.0}), grow(by=1.3), years)
    assert [y.prices[0] for y in short.years] == pytest.approx([short.years[0].prices[0]] * 4)
    prices = [y.prices[0] for y in long.years]
    assert prices == sorted(prices, reverse=True)
    assert prices[0] == pytest.approx(short.years[0].prices[0])
    assert prices[-1] > PRICE


def test_what_loses_its_reference_quantity_stops():
    """Demand that a path brings to nothing is no error; the mine stands still and the balance has no price."""
    year = solved(ONE_NODE, elastic(), grow(by=0.0)).years[0]
    assert year.flows == pytest.approx([0, 0], abs=1e-9)
    assert np.isnan(year.prices[0])


def test_a_new_column_comes_in_when_its_cost_is_reached():
    """A plant at 12 against a base price of 10: nothing at a small shock, all of its 5 t at a large one."""
    plant = Entry(replace(mine("A"), name="new"), margin=2.0, scale=5.0, rise=0.001, capacity={2025: 5.0})
    small = solved(ONE_NODE, elastic(), grow(by=1.05), entries=[plant]).years[0]
    large = solved(ONE_NODE, elastic(), grow(by=1.5), entries=[plant]).years[0]
    assert small.flows[2] == pytest.approx(0, abs=1e-9)
    assert large.flows[2] == pytest.approx(5)
    assert large.rents[2] == pytest.approx(large.prices[0] - 12.001, rel=1e-6)


def test_a_new_column_has_no_capacity_in_a_year_that_is_not_listed():
    plant = Entry(replace(mine("A"), name="new"), margin=0.0, scale=5.0, rise=0.001, capacity={2030: 5.0})
    result = solved(ONE_NODE, elastic(), grow(by=1.5), years=(2025, 2030), entries=[plant])
    assert [year.flows[2] for year in result.years] == pytest.approx([0, 5], abs=1e-9)


def test_years_are_solved_in_order_and_named():
    lines: list[str] = []
    market = calibrate(ONE_NODE, elastic(), [], {"ore": PRICE})
    result = solve_years(market, (2024, 2025), grow(), scenario="by hand", progress=lines.append)
    assert [year.year for year in result.years] == [2024, 2025]
    assert result.year(2025).year == 2025
    assert [line.partition(" solved")[0] for line in lines] == ["by hand: 2024", "by hand: 2025"]
    with pytest.raises(KeyError):
        result.year(2030)


def test_a_missing_price_or_elasticity_is_refused():
    with pytest.raises(ModelError, match="no price for ore"):
        calibrate(ONE_NODE, elastic(), [], {})
    lame = replace(elastic(), short={"mine": 1.0}, long={"mine": 1.0})
    market = calibrate(ONE_NODE, lame, [], {"ore": PRICE})
    with pytest.raises(ModelError, match="no value for demand"):
        solve_years(market, (2025,), grow(), scenario="lame")


@pytest.mark.parametrize("value", [0.0, -0.25, float("nan"), float("inf")])
def test_an_elasticity_has_to_be_positive(value):
    with pytest.raises(ModelError, match="demand, short run"):
        elastic(demand=value)
    with pytest.raises(ModelError, match="mine, long run"):
        elastic(long={"mine": value})


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan")])
def test_the_adjustment_has_to_be_a_share(value):
    with pytest.raises(ModelError, match="adjustment"):
        elastic(adjustment=value)


# ------------------------------------------------------------------------------------------- networks and bans


@st.composite
def base_years(draw):
    """A balanced year of places that mine, ship and use one ore."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    places = [f"P{i}" for i in range(draw(st.integers(2, 5)))]

    def prior(activity):
        return replace(
            activity, prior=float(random.uniform(20, 100)), error=float(random.uniform(1, 30)), basis=("row",)
        )

    activities = [prior(kind(place)) for place in places for kind in (mine, use)]
    activities += [
        prior(trade(one, other, "ore"))
        for one in places
        for other in places
        if one != other and random.random() < 0.6
    ]
    return reconcile(activities, 2024, {"ore": PRICE})


def shut(result_or_base, *pairs):
    """A mask that shuts trade between pairs of places from 2025 on."""
    mask = np.array(
        [a.kind == TRADE and a.name != HOME and (a.place, a.partner) in pairs for a in result_or_base]
    )
    return lambda year: mask if year > 2024 else np.zeros(mask.size, dtype=bool)


@given(base_years(), st.floats(0.2, 5))
@settings(max_examples=40, deadline=None)
def test_the_base_year_comes_back_from_other_prices(base, factor):
    market = calibrate(base, elastic(), [], {"ore": PRICE})
    random = np.random.default_rng(0)
    away = replace(
        market, base_prices=market.base_prices * factor * random.uniform(0.5, 2, len(base.balances))
    )
    year = solve_years(away, (2024,), grow(), scenario="base").years[0]
    assert year.flows == pytest.approx(base.flows, rel=1e-6)
    assert year.prices == pytest.approx(base.prices, rel=1e-6)
    assert year.rents == pytest.approx(np.zeros(len(base.flows)), abs=1e-6)


@given(base_years(), st.data())
@settings(max_examples=60, deadline=None)
def test_a_ban_makes_its_importer_no_better_off_and_more_bans_never_help(base, data):
    base = keep_apart(base) if data.draw(st.booleans()) else base
    suppliers: dict[str, list[str]] = {}
    for activity in base.activities:
        if activity.kind == TRADE and activity.name != HOME:
            suppliers.setdefault(activity.partner, []).append(activity.place)
    assume(suppliers)
    importer = data.draw(st.sampled_from(sorted(suppliers)))
    order = data.draw(st.permutations(sorted(set(suppliers[importer]))))
    use_row = next(
        (i for i, a in enumerate(base.activities) if a.kind == DEMAND and a.place == importer), None
    )
    assume(use_row is not None)
    price, served = [], []
    for count in range(len(order) + 1):
        mask = shut(base.activities, *((exporter, importer) for exporter in order[:count]))
        result = solved(base, elastic(), grow(), banned=mask)
        price.append(result.years[0].prices[result.index[importer, "ore"]])
        served.append(result.years[0].flows[use_row])
    known = [p for p in price if not np.isnan(p)]
    assert known == pytest.approx(sorted(known), rel=1e-7)
    assert served == pytest.approx(sorted(served, reverse=True), rel=1e-6, abs=1e-6)


@given(base_years())
@settings(max_examples=30, deadline=None)
def test_a_shut_column_carries_nothing(base):
    pairs = [(a.place, a.partner) for a in base.activities if a.kind == TRADE]
    result = solved(base, elastic(), grow(), banned=shut(base.activities, *pairs))
    for activity, flow in zip(result.activities, result.years[0].flows, strict=True):
        assert activity.kind != TRADE or flow == 0


# --------------------------------------------------------------------------------------- made and passed on apart


@given(base_years())
@settings(max_examples=40, deadline=None)
def test_made_and_passed_on_apart_keep_flows_prices_and_closure(base):
    apart = keep_apart(base)
    A = incidence(apart.activities, apart.balances)
    assert (np.abs(A @ apart.flows) / (abs(A) @ apart.flows)).max() < 1e-8
    assert apart.prices == pytest.approx(np.full(len(apart.balances), PRICE))

    def totals(year):
        found: dict[tuple[str, str, str], float] = {}
        for activity, flow in zip(year.activities, year.flows, strict=True):
            if activity.name != HOME:
                key = (activity.kind, activity.place, activity.partner)
                found[key] = found.get(key, 0.0) + flow
        return found

    assert totals(apart) == pytest.approx(totals(base), rel=1e-8)


def test_a_place_passes_on_no_more_than_it_did():
    """B mines 1 and passes on 9 of A's 10; when C buys from B alone, it still gets no more than 9 of A's."""
    base = keep_apart(
        base_of(
            [
                (mine("A"), 40), (mine("B"), 1), (trade("A", "B", "ore"), 14), (trade("B", "C", "ore"), 10),
                (trade("A", "C", "ore"), 16), (use("A"), 10), (use("B"), 5), (use("C"), 26),
            ]
        )
    )  # fmt: skip
    flows = {(a.name, a.place, a.partner): f for a, f in zip(base.activities, base.flows, strict=True)}
    assert flows[TRADE, "B", "C"] == pytest.approx(1)
    assert flows[PASSED_ON, "B", "C"] == pytest.approx(9)
    assert flows[HOME, "A", "A"] == pytest.approx(10)
    assert (HOME, "B", "B") not in flows
    result = solved(base, elastic(), grow(), banned=shut(base.activities, ("A", "C")))
    through = {
        (a.name, a.place, a.partner): f for a, f in zip(result.activities, result.years[0].flows, strict=True)
    }
    assert through[PASSED_ON, "B", "C"] <= 9 + 1e-9
    assert plain("ore" + MADE) == "ore"


def test_the_shipped_base_year_comes_back_with_all_new_columns(base, central_case, prepared):
    """New plants, links, stockpiles and savings leave the base year as it is."""
    from ytterby.study.run import solve_scenario

    found = solve_scenario(
        central_case, base, central_case.scenario("reference"), prepared, years=[central_case.base_year]
    )
    count = len(prepared.base_year.activities)
    year = found.result.years[0]
    assert year.flows[:count] == pytest.approx(prepared.base_year.flows, rel=1e-6)
    assert year.flows[count:] == pytest.approx(np.zeros(year.flows.size - count), abs=1e-6)
    assert year.prices[: len(prepared.base_year.balances)] == pytest.approx(found.base_year.prices, rel=1e-6)


def test_every_kind_of_the_chain_has_an_elasticity(prepared):
    from ytterby.study.run import elasticities

    found = elasticities(prepared.gathered.evidence.parameters)
    assert {activity.kind for activity in prepared.base_year.activities} <= set(found.short)
    assert all(found.long[kind] >= found.short[kind] for kind in found.long)


# ------------------------------------------------------------------------------------------------ changes of a year


def test_additions_add_up_and_the_tighter_bound_holds():
    one = Change(cost=np.array([1.0, 0.0]), upper=np.array([5.0, np.inf]))
    other = Change(cost=np.array([2.0, 3.0]), upper=np.array([9.0, 4.0]), taken=np.array([1.0]))
    both = together([lambda _: one, lambda _: other, lambda _: Change()])(2025)
    assert both.cost == pytest.approx([3, 3])
    assert both.upper == pytest.approx([5, 4])
    assert both.taken == pytest.approx([1])
    assert both.sellers == ()


def test_what_a_change_does_to_one_node_by_hand():
    """Supply 10 + x / 5 = demand 10 + (100 - x) / 2.5, plus a cost of 3, a quarter of Cournot and 14 t taken beside.

    Demand falls by 2.5 t per USD/t, so that the seller sees a slope of 0.4 and keeps back a quarter of it, 0.1 x.
    With u = x - 14 used: 10 + (x - 100) / 5 + 3 + 0.1 x = 10 + (100 - u) / 2.5, so 0.7 x = 62.6.
    """
    change = Change(
        cost=np.array([3.0, 0.0]), taken=np.array([14.0]), sellers=(Seller(np.array([True, False]), 0.25),)
    )
    market = calibrate(ONE_NODE, elastic(), (), {"ore": PRICE})
    year = solve_years(market, (2025,), grow(), scenario="by hand", changes=lambda _: change).years[0]
    assert year.flows == pytest.approx([62.6 / 0.7, 62.6 / 0.7 - 14])
    assert year.prices == pytest.approx([13 + (62.6 / 0.7 - 100) / 5 + 6.26 / 0.7])


def test_a_limit_on_several_columns_holds_in_its_year_alone():
    two = base_of([(mine("A"), 60), (mine("B"), 40), (use("A"), 60), (use("B"), 40)])
    both = Shared("both", np.array([1.0, 1.0, 0.0, 0.0]), 80.0)
    market = calibrate(two, elastic(), (), {"ore": PRICE})
    result = solve_years(
        market, (2024, 2025, 2026), grow(), scenario="by hand",
        changes=lambda year: Change(shared=(both,) if year == 2025 else ()),
    )  # fmt: skip
    before, limited, after = result.years
    assert before.limits == after.limits == ()
    assert after.flows == pytest.approx(before.flows)
    (limit,) = limited.limits
    assert (limit.name, limit.limit) == ("both", 80.0)
    assert limit.used == pytest.approx(80)
    assert limited.flows[:2] == pytest.approx([48, 32])
    assert limit.rent == pytest.approx(10 * 0.2 / 0.5 + 10 * 0.2 / 0.25)


def test_limits_that_take_turns_hold_each_in_its_year():
    two = base_of([(mine("A"), 60), (mine("B"), 40), (use("A"), 60), (use("B"), 40)])
    market = calibrate(two, elastic(), (), {"ore": PRICE})
    one = {
        2024: Shared("A", np.array([1.0, 0, 0, 0]), 50.0),
        2025: Shared("B", np.array([0, 1.0, 0, 0]), 30.0),
    }
    result = solve_years(
        market, (2024, 2025), grow(), scenario="turns", changes=lambda year: Change(shared=(one[year],))
    )
    assert [limit.name for year in result.years for limit in year.limits] == ["A", "B"]
    assert [year.flows[number] for year, number in zip(result.years, (0, 1), strict=True)] == pytest.approx(
        [50, 30]
    )
    assert result.years[0].flows[1] > 30
    assert all(limit.rent > 0 for year in result.years for limit in year.limits)


def three_mines(*limits):
    """Mines of 60, 30 and 10 t at one place in two years, each of the first ones under a limit of its own."""
    mines = [Activity(MINE, name, "A", "ore", (("A", "ore", 1.0),)) for name in ("first", "second", "third")]
    base = base_of([*zip(mines, (60, 30, 10), strict=True), (use("A"), 100)])
    market = calibrate(base, elastic(long={}, adjustment=0.0), (), {"ore": PRICE})
    shared = tuple(Shared(f"limit {i}", np.eye(4)[i], limit) for i, limit in enumerate(limits))
    return solve_years(
        market, (2025, 2026), grow(by=1.0), scenario="one after the other", changes=lambda _: Change(shared=shared)
    ).years  # fmt: skip


def test_a_limit_that_is_broken_only_under_another_one_is_held_too():
    """At a price of 10 (1 + t): use 100 (1 - t / 4); a mine of m makes m (1 + t / 2) or its limit.

    The first limit alone leaves t = 20 / 45, under which the second breaks; with it t = 16 / 30, under which the third breaks.
    """
    limits = (40.0, 34.0, 12.5)
    free, one, two, three = (three_mines(*limits[:count]) for count in range(4))
    assert free[0].flows[:3] == pytest.approx([60, 30, 10])  # within the second limit and the third
    assert one[0].flows[:3] == pytest.approx([40, 30 * (1 + 10 / 45), 10 * (1 + 10 / 45)])  # within the third
    assert two[0].flows[:3] == pytest.approx([40, 34, 10 * (1 + 8 / 30)])
    for year in three:  # in the second year all are held from the start
        assert year.flows == pytest.approx([*limits, 86.5])
        assert year.prices == pytest.approx([15.4])
        assert [limit.rent for limit in year.limits] == pytest.approx([15.4 - 10 / 3, 15.4 - 38 / 3, 0.4])


@given(
    st.lists(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=5, max_size=5), min_size=1, max_size=5),
    st.lists(st.floats(0.3, 1.3), min_size=5, max_size=5),
)
@settings(max_examples=40, deadline=None)
def test_limits_left_out_until_they_break_change_no_optimum(weights, shares):
    """What comes out is the optimum under all limits at once."""
    sizes = np.array([50.0, 20, 15, 10, 5])
    mines = [Activity(MINE, str(i), "A", "ore", (("A", "ore", 1.0),)) for i in range(5)]
    base = base_of([*zip(mines, sizes, strict=True), (use("A"), 100)])
    market = calibrate(base, elastic(), (), {"ore": PRICE})
    shared = tuple(
        Shared(f"limit {i}", np.array([*row, 0.0]), share * float(np.array(row) @ sizes))
        for i, (row, share) in enumerate(zip(weights, shares, strict=False))
    )
    year = solve_years(
        market, (2024,), grow(), scenario="drawn", changes=lambda _: Change(shared=shared)
    ).years[0]
    whole = year_programme(market, State.start(market), np.ones(6), 2024, Change())
    G = sparse.csc_matrix(np.array([limit.weights for limit in shared]))
    at_once = solve(replace(whole, G=G, h=np.array([limit.limit for limit in shared])), method="clarabel")
    assert year.flows == pytest.approx(at_once.x, abs=1e-3)
    assert year.prices == pytest.approx(at_once.price, rel=1e-4)
    assert all(limit.used <= limit.limit + 1e-6 for limit in year.limits)


@pytest.mark.parametrize("rows", [(0, 1), (0, 0)])
def test_two_limits_of_one_name_are_refused(rows):
    market = calibrate(base_of([(mine("A"), 60), (use("A"), 60)]), elastic(), (), {"ore": PRICE})
    change = Change(shared=tuple(Shared("line", np.eye(2)[row], 50.0) for row in rows))
    with pytest.raises(ModelError, match="line"):
        solve_years(market, (2025,), grow(), scenario="twice", changes=lambda _: change)

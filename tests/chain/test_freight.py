"""Routes in the shipped market: every pair has a freight, and a closure moves flows and raises prices."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ytterby.chain import TRADE
from ytterby.errors import ModelError
from ytterby.scenario import Closure
from ytterby.study.freight import Atlas, gates
from ytterby.study.run import CENTRAL, VARIANTS, shared_key, solve_scenario
from ytterby.study.spells import Spell
from ytterby.supply.evidence import REST
from ytterby.supply.ways import gross_content

YEARS = [2024, 2025, 2026, 2027]
REASON = ("A test.", "SEA")
CLOSED = {
    "no-malacca": (Closure("malacca", 2026, None, *REASON), Closure("lombok", 2026, None, *REASON)),
    "no-russia-iran": (Closure("RUS", 2026, None, *REASON), Closure("IRN", 2026, 2026, *REASON)),
    "no-korea": (Closure("KOR", 2026, 2026, *REASON),),
    "no-saratov": (Closure("saratov__moscow__rail", 2026, None, *REASON),),
}


@pytest.fixture(scope="module")
def closing(central_case):
    """The shipped case with some closures, each a scenario on the reference."""
    reference = central_case.scenario("reference")
    scenarios = (replace(reference, name=n, closures=c) for n, c in CLOSED.items())
    return replace(central_case, scenarios=(*central_case.scenarios, *scenarios))


@pytest.fixture(scope="module")
def ready(base, closing, prepared):
    """The base year of the shipped case with an atlas that knows the closures."""
    return replace(prepared, atlas=Atlas.of(closing, base))


@pytest.fixture(scope="module")
def run(base, closing, ready):
    """Solve a scenario of the case once."""
    found = {}

    def solved(name):
        if name not in found:
            found[name] = solve_scenario(closing, base, closing.scenario(name), ready, years=YEARS)
        return found[name]

    return solved


def test_every_pair_that_trades_has_a_way_and_a_cost(ready):
    atlas, activities = ready.atlas, ready.base_year.activities
    hauls = {(a.place, a.partner, a.form) for a in activities if a.kind == TRADE and a.place != a.partner}
    ways = atlas.ways("reference", activities)
    assert len({haul[:2] for haul in hauls}) > 200
    assert set(ways.by_haul) == hauls
    costs = np.array([found[0].usd_per_t for found in ways.by_haul.values()])
    assert costs.min() > 5  # Hong Kong to Shenzhen by road
    assert np.median(costs) < 300


def test_spells_begin_where_the_network_changes(ready, closing):
    reference, closed = (ready.atlas.spells[name] for name in ("reference", "no-russia-iran"))
    years = [closing.base_year, *closing.years]
    for spells in (reference, closed):
        assert [year for spell in spells for year in spell.years] == years
    opens = {segment.open_year for segment in ready.atlas.network.segments.values()} & set(years)
    assert opens <= {spell.years[0] for spell in reference}
    (one,) = (spell for spell in closed if 2026 in spell.years)
    assert one == Spell((2026,), replace(one.query, avoid=("IRN", "RUS")))
    (after,) = (spell for spell in closed if 2027 in spell.years)
    assert after.query.avoid == ("RUS",)


def test_a_residual_has_the_main_nodes_of_its_members(base):
    found = gates(base)
    assert found["S19"] == found["TWN"]
    assert all(found.values())


def test_the_base_year_is_the_same_with_all_ways(run, prepared):
    for name in ("reference", "no-malacca", "no-russia-iran"):
        found = run(name)
        count = len(prepared.base_year.flows)
        assert found.result.years[0].flows[:count] == pytest.approx(prepared.base_year.flows, rel=1e-6)
        assert found.freight.flows[0].sum() > 0


def test_delivered_prices_hold_freight_and_home_made_goods_none(run, prepared):
    before = dict(zip(prepared.base_year.balances, prepared.base_year.prices, strict=True))
    solved = run("reference")
    after = dict(zip(solved.base_year.balances, solved.base_year.prices, strict=True))
    assert after["CHN", "oxide:ndpr@made"] == before["CHN", "oxide:ndpr@made"]
    added = {place: after[place, "magnet"] - before[place, "magnet"] for place in ("CHN", "USA", "DEU")}
    value = solved.gathered.price_values["magnet"]
    weeks_and_premium = value * (28 * 0.0002 + 0.002)  # four weeks at 0.02 % a day, and 0.2 %
    assert 0 <= added["CHN"] < 15
    for place in ("USA", "DEU"):
        assert 0.5 * weeks_and_premium < added[place] < 100 + 1.5 * weeks_and_premium


def carried(solved, year, pair, form=""):
    """Gross tonnes that go from a place to another, of all forms or of one, by way."""
    row = solved.freight.years.index(year)
    found: dict[str, float] = {}
    for shipment, flow in zip(solved.freight.shipments, solved.freight.flows[row], strict=True):
        if shipment.haul[:2] == pair and form in {"", shipment.form} and flow > 1e-3:
            found[shipment.way.name] = found.get(shipment.way.name, 0.0) + float(flow)
    return found


def rate(solved, year, pair, form="magnet"):
    row = solved.freight.years.index(year)
    return next(
        float(r)
        for shipment, r in zip(solved.freight.shipments, solved.freight.rates[row], strict=True)
        if shipment.haul == (*pair, form)
    )


def test_a_closed_strait_moves_the_flow_and_raises_freight_and_price(run):
    """Malaysia's separated oxides to Europe and China's magnets to Germany go another way, and cost more."""
    open_, closed = run("reference"), run("no-malacca")
    pair = ("CHN", "DEU")
    before, after = (carried(closed, year, pair, "magnet") for year in (2025, 2026))
    assert all("malacca" in way for way in before)
    assert after
    assert not any("malacca" in way or "lombok" in way for way in after)
    assert rate(closed, 2026, pair) > rate(closed, 2025, pair) + 10
    index = open_.result.index["DEU", "magnet"]
    prices = [solved.result.year(2026).prices[index] for solved in (open_, closed)]
    assert prices[1] > prices[0]
    assert sum(after.values()) < sum(before.values()) * 1.2
    assert sum(after.values()) < sum(carried(open_, 2026, pair, "magnet").values())


def test_a_closed_segment_moves_the_flow_and_raises_freight_and_price(run):
    """Central Asia's trade by the line from Saratov to Moscow goes another way, at a higher rate, and costs its users more."""
    open_, closed = run("reference"), run("no-saratov")
    hauls = passing(open_, 2026, "saratov__moscow__rail")
    assert len(hauls) > 1
    assert passing(closed, 2025, "saratov__moscow__rail")
    assert not passing(closed, 2026, "saratov__moscow__rail")
    for exporter, importer, form in sorted(hauls):
        pair = (exporter, importer)
        after = sum(carried(closed, 2026, pair, form).values())
        assert 0 < after < sum(carried(open_, 2026, pair, form).values())
        assert rate(closed, 2026, pair, form) > rate(open_, 2026, pair, form)
        index = open_.result.index[importer, form]
        assert closed.result.year(2026).prices[index] > open_.result.year(2026).prices[index]


def passing(solved, year, segment):
    """Hauls that use a segment."""
    flows = solved.freight.flows[YEARS.index(year)]
    shipped = zip(solved.freight.shipments, flows, strict=True)
    return {shipment.haul for shipment, flow in shipped if segment in shipment.way.passes and flow > 1e-3}


def total(solved, year, pair):
    """Gross tonnes that a pair trades, from the flows themselves."""
    gross = gross_content(solved.gathered.evidence.parameters)
    flows = solved.result.year(year).flows
    return sum(
        gross(a.form) * float(flow)
        for a, flow in zip(solved.result.activities, flows, strict=True)
        if a.kind == TRADE and (a.place, a.partner) == pair
    )


def test_what_is_carried_is_what_is_traded(run):
    solved = run("no-malacca")
    for pair in {shipment.haul[:2] for shipment in solved.freight.shipments}:
        for year in YEARS:
            assert sum(carried(solved, year, pair).values()) == pytest.approx(
                total(solved, year, pair), abs=0.05
            )


def test_a_closed_state_is_gone_around_and_its_own_trade_stops(run):
    closed = run("no-russia-iran")
    for year in (2026, 2027):
        flows = closed.freight.flows[YEARS.index(year)]
        for shipment, flow in zip(closed.freight.shipments, flows, strict=True):
            if flow > 1e-3:
                assert "RUS" not in shipment.way.name.split(" - ")
                assert "RUS" not in shipment.haul
    assert total(run("reference"), 2026, ("KAZ", "RUS")) > 1
    assert total(closed, 2026, ("KAZ", "RUS")) == pytest.approx(0, abs=1e-3)


def test_a_closure_that_ends_gives_the_trade_back(run):
    closed = run("no-korea")
    flows = [total(closed, year, ("CHN", "KOR")) for year in YEARS]
    assert flows[2] == pytest.approx(0, abs=1e-2)
    assert flows[3] > 0.5 * flows[1] > 10


def test_kazakh_goods_reach_the_west_without_russia_and_iran(ready):
    """What is cheapest then crosses the Caspian; without Azerbaijan too it leads through China."""
    spells, pair = ready.atlas.spells["no-russia-iran"], ("KAZ", "USA")
    (query,) = (spell.query for spell in spells if 2026 in spell.years)
    free, shut, left = (
        ready.atlas.routes(asked, pair)[0]
        for asked in (
            ready.atlas.spells["reference"][0].query, query, replace(query, avoid=("AZE", *query.avoid))
        )
    )  # fmt: skip
    assert free.usd_per_t.mid < shut.usd_per_t.mid < left.usd_per_t.mid
    assert not {"RUS", "IRN"} & {*shut.states, *left.states}
    assert "AZE" in shut.states
    assert any(leg.segment.mode == "ferry" for leg in shut.legs)
    assert "CHN" in left.states


def test_the_rest_of_the_world_is_as_far_as_the_median_place(ready):
    query = ready.atlas.spells["reference"][0].query
    places = [place for place in ready.atlas.gates if place != "USA"]
    costs = [ready.atlas.usd_per_t(query, (place, "USA")) for place in places]
    known = [cost for cost in costs if np.isfinite(cost)]
    assert ready.atlas.usd_per_t(query, (REST, "USA")) == np.percentile(known, 50, method="lower")


def test_class_7_is_what_the_rows_say_and_an_unknown_form_is_an_error(ready):
    cargo = ready.atlas.cargo
    assert cargo("concentrate:monazite", "MDG") == "radioactive"
    assert (
        cargo("concentrate:monazite", "AUS")
        == cargo("oxide:tb", "KAZ")
        == cargo("magnet", "CHN")
        == "general"
    )
    with pytest.raises(ModelError, match="ingot"):
        cargo("ingot", "KAZ")


def test_every_form_of_the_chain_states_its_class(ready, prepared):
    for activity in prepared.base_year.activities:
        if activity.kind == TRADE:
            assert ready.atlas.cargo(activity.form, activity.place) in {"general", "radioactive"}


QUEUE = ("RUS", "IRN", "CHN", "turkmenbashi")


@pytest.fixture(scope="module")
def over_the_caspian(base, central_case, prepared):
    """The claimed Kazakh deposit from 2026, whose goods can only cross the Caspian; its class of cargo is given."""
    claimed = central_case.scenario("twenty-million")
    scenario = replace(
        claimed, deposits=tuple(replace(one, start=2026) for one in claimed.deposits),
        closures=tuple(Closure(name, 2026, None, *REASON) for name in QUEUE),
    )  # fmt: skip
    case = replace(central_case, scenarios=(scenario,))

    def solved(cargo):
        atlas = Atlas.of(case, base)
        atlas = replace(atlas, cargoes={**atlas.cargoes, ("concentrate:bastnaesite", "KAZ"): cargo})
        return solve_scenario(case, base, scenario, replace(prepared, atlas=atlas), years=[2024, 2025, 2026])

    return solved


def test_the_quota_of_class_7_holds_kazakh_concentrate_back_and_earns_a_rent(base, over_the_caspian):
    """As general cargo more crosses; as class 7 no more than uranium leaves of the quota, whose rent is in the rate."""
    (row,) = base.rows("corridor_stats", measure="uranium_quota")
    (uranium,) = base.rows("corridor_stats", measure="volume", cargo=("radioactive",))
    free, held = (over_the_caspian(cargo) for cargo in ("general", "radioactive"))
    crossing = [
        sum(
            float(flow)
            for shipment, flow in zip(solved.freight.shipments, solved.freight.flows[-1], strict=True)
            if shipment.way.exporter == "KAZ" and shipment.form == "concentrate:bastnaesite"
            and {"aktau__alat__ferry", "kuryk__alat__ferry"} & set(shipment.way.passes)
        )
        for solved in (free, held)
    ]  # fmt: skip
    assert crossing[0] > 1.5 * row["value"]
    assert crossing[1] == pytest.approx(row["value"] - uranium["value"], rel=1e-6)
    (limit,) = (one for one in held.result.year(2026).limits if one.basis == (row["id"], uranium["id"]))
    assert limit.rent > 10
    paid = [
        float(rate) - shipment.usd_per_t
        for shipment, flow, rate in zip(
            held.freight.shipments, held.freight.flows[-1], held.freight.rates[-1], strict=True
        )
        if flow > 1 and shipment.way.cargo == "radioactive" and shipment.way.exporter == "KAZ"
    ]
    assert paid
    assert min(paid) == pytest.approx(limit.rent, rel=0.2)  # and what the spread adds
    assert all(one.rent == 0 for one in free.result.year(2026).limits)
    assert held.result.year(2026).flows.sum() < free.result.year(2026).flows.sum()


def test_freight_at_its_ends_moves_delivered_prices_both_ways(base, closing, ready):
    scenario = closing.scenario("reference")
    by_freight = {
        variant.freight: solve_scenario(closing, base, scenario, ready, variant, years=[2024, 2025])
        for variant in (CENTRAL, *(variant for variant in VARIANTS if variant.freight != CENTRAL.freight))
    }
    assert set(by_freight) == {"low", "mid", "high"}
    for place, form in (("USA", "magnet"), ("MYS", "concentrate:monazite")):
        row = by_freight["mid"].result.index[place, form]
        low, mid, high = (by_freight[end].result.year(2025).prices[row] for end in ("low", "mid", "high"))
        assert low < mid < high
    assert {shared_key(variant) for variant in VARIANTS if variant.freight != "mid"} == {shared_key(CENTRAL)}


def test_all_room_is_free_at_the_low_end_and_what_others_leave_else(ready):
    free, left = ({room.name: room for room in ready.atlas.rooms(end)} for end in ("low", "mid"))
    assert set(free) == set(left)
    assert {r.name: r for r in ready.atlas.rooms("high")} == left
    beside = [name for name in free if free[name].t_per_year[2026] > left[name].t_per_year[2026]]
    assert len(beside) > 5

"""Origins by hand, through loops, and what must hold of every solved year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.chain import (
    DEMAND,
    MINE,
    REFILL,
    RELEASE,
    SAVING,
    TRADE,
    Activity,
    Result,
    YearResult,
    balances_of,
    incidence,
)
from ytterby.dependence import (
    Supply,
    demand_served,
    mixing,
    origin,
    output_of,
    price_of,
    rents_by_stage,
    stamp_mined,
    stamp_process,
    supply_of,
    touched,
)  # fmt: skip


def one(_form):
    """Every form weighs alike."""
    return 1.0


@pytest.fixture(scope="module")
def two_countries(solved_by_hand, words):
    """A mines 60 and ships 20 of it to B, which mines 40; both separate at 0.9; B ships 10 of oxide to A.

    A separates 40 into 36, B separates 60 into 54; A uses 46, B uses 44.
    """
    w = words
    return solved_by_hand(
        [
            (w.mine("A"), 60), (w.mine("B"), 40), (w.ship("A", "B", "ore"), 20),
            (w.process("separate", "A", {"ore": 1}, {"oxide": 0.9}), 40),
            (w.process("separate", "B", {"ore": 1}, {"oxide": 0.9}), 60),
            (w.ship("B", "A", "oxide"), 10), (w.use("A", "oxide"), 46), (w.use("B", "oxide"), 44),
        ]
    )  # fmt: skip


def share(result, found, place, form, of):
    places, shares = found
    return shares[result.index[place, form], places.index(of)]


def test_two_countries_by_hand(two_countries):
    result, year = two_countries
    mix = mixing(result, year, one)
    mined, separated = origin(mix, stamp_mined), origin(mix, stamp_process("separate"))
    assert share(result, mined, "A", "ore", "A") == pytest.approx(1)
    assert share(result, mined, "B", "oxide", "A") == pytest.approx(20 / 60)
    assert share(result, mined, "A", "oxide", "A") == pytest.approx((36 + 10 / 3) / 46)
    assert share(result, mined, "A", "oxide", "B") == pytest.approx(10 * 2 / 3 / 46)
    assert share(result, separated, "A", "oxide", "B") == pytest.approx(10 / 46)
    assert separated[1].sum(axis=1)[result.index["A", "ore"]] == 0


def test_touched_counts_every_stage(two_countries):
    """A's oxide from B went through B's plant, whoever mined it."""
    result, year = two_countries
    found = touched(mixing(result, year, one), "B")
    assert found[result.index["A", "oxide"]] == pytest.approx(10 / 46)
    assert found[result.index["B", "oxide"]] == pytest.approx(1)
    assert found[result.index["A", "ore"]] == pytest.approx(0)
    assert touched(mixing(result, year, one), "A")[result.index["B", "oxide"]] == pytest.approx(1 / 3)


def test_supply_by_hand(two_countries):
    result, year = two_countries
    supply = supply_of(result, year, "A", "oxide")
    assert (supply.home, supply.imports, supply.passed_on) == (36, {"B": 10}, 0)
    assert (supply.imported, supply.used, supply.import_share("B")) == (10, 46, 1)
    assert supply_of(result, year, "B", "oxide").passed_on == 10
    assert supply_of(result, year, "B", "ore").import_share("A") == 1
    assert supply_of(result, year, "C", "oxide") == Supply(0, {}, 0)
    assert supply_of(result, year, "C", "oxide").import_share("A") is None


def test_figures_by_hand(two_countries):
    result, year = two_countries
    assert demand_served(result, year, "A", "oxide") == 46
    assert output_of(result, year, ["A", "B"], "oxide") == 90
    assert output_of(result, year, ["A"], "ore") == 60
    assert price_of(result, year, "A", "oxide") == 1.0
    assert price_of(result, year, "C", "oxide") is None


def test_a_balance_without_flow_has_no_price(solved_by_hand, words):
    result, year = solved_by_hand([(words.mine("A"), 0), (words.use("A", "ore"), 0)], {("A", "ore"): np.nan})
    assert price_of(result, year, "A", "ore") is None


def test_closing_a_country_s_exports_takes_its_direct_share_and_leaves_the_hidden_one(solved_by_hand, words):
    """B no longer ships oxide to A, but C does, made of B's ore."""
    w = words
    rows = [
        (w.mine("B"), 10), (w.ship("B", "A", "oxide"), 0), (w.ship("B", "C", "ore"), 10),
        (w.process("separate", "C", {"ore": 1}, {"oxide": 1}), 10), (w.ship("C", "A", "oxide"), 10), (w.use("A", "oxide"), 10),
    ]  # fmt: skip
    result, year = solved_by_hand(rows)
    assert supply_of(result, year, "A", "oxide").import_share("B") == 0
    assert touched(mixing(result, year, one), "B")[result.index["A", "oxide"]] == pytest.approx(1)


def test_scrap_goes_round_and_keeps_its_origin(solved_by_hand, words):
    """A third of each magnet comes back as scrap; ore of A and of B at 60 to 30 feed it: two thirds, one third."""
    w = words
    rows = [
        (w.mine("A"), 60), (w.mine("B"), 30), (w.ship("B", "A", "ore"), 30),
        (w.process("separate", "A", {"ore": 1}, {"oxide": 1}), 90),
        (w.process("sinter", "A", {"oxide": 1}, {"magnet": 2 / 3, "scrap": 1 / 3}), 135),
        (w.process("recycle", "A", {"scrap": 1}, {"oxide": 1}), 45), (w.use("A", "magnet"), 90),
    ]  # fmt: skip
    result, year = solved_by_hand(rows)
    mix = mixing(result, year, one)
    mined = origin(mix, stamp_mined)
    for form in ("oxide", "magnet", "scrap"):
        assert share(result, mined, "A", form, "A") == pytest.approx(2 / 3)
        assert share(result, mined, "A", form, "B") == pytest.approx(1 / 3)
    made = origin(mix, stamp_process("separate", "recycle"))
    assert share(result, made, "A", "magnet", "A") == pytest.approx(1)


def held(place, form, flows, level):
    """Two years of a place that uses what comes from A, from B and out of a stock: (from A, from B, out, in) each."""
    activities = (
        Activity(MINE, MINE, "A", form, (("A", form, 1.0),)), Activity(MINE, MINE, "B", form, (("B", form, 1.0),)),
        Activity(TRADE, TRADE, "A", form, (("A", form, -1.0), (place, form, 1.0)), place),
        Activity(TRADE, TRADE, "B", form, (("B", form, -1.0), (place, form, 1.0)), place),
        Activity(RELEASE, "inventory", place, form, ((place, form, 1.0),)),
        Activity(REFILL, "inventory", place, form, ((place, form, -1.0),)),
        Activity(DEMAND, "use", place, form, ((place, form, -1.0),)),
    )  # fmt: skip
    balances = balances_of(activities)
    ones, years = np.ones(len(balances)), []
    for number, (a, b, out, filled) in enumerate(flows):
        level += filled - out
        x = np.array([a, b, a, b, out, filled, a + b + out - filled], dtype=float)
        years.append(YearResult(2024 + number, x, ones, 0 * x, 0 * x, 0.0, "by hand", held=np.array([level])))
    matrix = incidence(activities, balances).tocsr()
    return Result("by hand", activities, balances, tuple(years), ones, matrix, (("inventory", place, form),))


def test_what_comes_out_of_a_stock_is_made_up_as_it_went_in():
    """C buys 80 t of A and 20 of B; then A sells nothing more: 30 t of B and 30 t of the stock, 24 of them of A."""
    result = held("C", "ore", [(80, 20, 0, 0), (0, 30, 30, 0)], 40.0)
    mix = mixing(result, result.year(2025), one)
    found = origin(mix, stamp_mined)
    assert share(result, found, "C", "ore", "A") == pytest.approx(24 / 60)
    assert share(result, found, "C", "ore", "B") == pytest.approx(36 / 60)
    assert touched(mix, "A")[result.index["C", "ore"]] == pytest.approx(24 / 60)
    assert touched(mix, "B")[result.index["C", "ore"]] == pytest.approx(36 / 60)


def test_a_stock_mixes_the_years_in_which_it_was_filled():
    """40 t at 4 to 1, then 40 t more of a year that is all B's: what comes out after is half of either, 40 % A's."""
    result = held("C", "ore", [(80, 20, 0, 0), (0, 100, 0, 40), (0, 10, 40, 0)], 40.0)
    found = origin(mixing(result, result.year(2026), one), stamp_mined)
    assert share(result, found, "C", "ore", "A") == pytest.approx(0.4 * 40 / 50)
    assert found[1][result.index["C", "ore"]].sum() == pytest.approx(1)


def test_little_out_of_a_stock_and_what_leaves_in_the_first_year_count_as_the_year_s_supply():
    result = held("C", "ore", [(80, 20, 10, 0), (0, 100, 0.5, 0)], 40.0)
    for year, wanted in ((2024, 0.8), (2025, 0.0)):
        found = origin(mixing(result, result.year(year), one), stamp_mined)
        assert share(result, found, "C", "ore", "A") == pytest.approx(wanted)


def test_what_is_saved_has_no_origin_and_weighs_nothing(solved_by_hand, words):
    """A plant needs 2 t of an oxide of A and 2 t of another of B, of which it saves half: two thirds are A's."""
    w = words
    rows = [
        (w.mine("A", "light"), 2), (w.mine("B", "heavy"), 1), (w.ship("B", "A", "heavy"), 1),
        (Activity(SAVING, SAVING, "A", "heavy", (("A", "heavy", 1.0),)), 1),
        (w.process("sinter", "A", {"light": 2, "heavy": 2}, {"magnet": 1}), 1), (w.use("A", "magnet"), 1),
    ]  # fmt: skip
    result, year = solved_by_hand(rows)
    mined = origin(mixing(result, year, one), stamp_mined)
    assert share(result, mined, "A", "magnet", "A") == pytest.approx(2 / 3)
    assert share(result, mined, "A", "magnet", "B") == pytest.approx(1 / 3)


def test_shares_of_a_solved_stop_sum_to_one_and_its_touch_goes_with_the_stocks(base, central_case, prepared):
    """Savings, scrap, stocks and passing on: what has a source has it in full. Nobody ships the supplier's goods."""
    from ytterby.study.run import solve_scenario

    stop = central_case.scenario(central_case.roles["stops_all"])
    result = solve_scenario(central_case, base, stop, prepared, years=range(2024, 2031)).result
    for year in result.years:
        mix = mixing(result, year, _held)
        shares = origin(mix, stamp_mined)[1].sum(axis=1)
        fed = np.asarray(mix.source.sum(axis=1)).ravel() > 0
        assert shares[fed] == pytest.approx(np.ones(fed.sum()), abs=1e-6)
    touch = [touched(mixing(result, year, _held), central_case.supplier) for year in result.years]
    row = result.index[central_case.importer, "magnet"]
    course = [float(shares[row]) for shares in touch]
    assert course[1] > 0.9
    assert 0.1 < course[2] < 0.9
    assert course[2] > course[3] > course[4]
    assert course[-1] < 1e-3


def test_inputs_weigh_by_their_rare_earths(solved_by_hand, words):
    """3 t of oxide at full weight and 1 t of alloy at half weight: 6 to 1."""
    w = words
    rows = [
        (w.mine("A", "oxide"), 3), (w.mine("B", "alloy"), 1), (w.ship("B", "A", "alloy"), 1),
        (w.process("sinter", "A", {"oxide": 3, "alloy": 1}, {"magnet": 1}), 1), (w.use("A", "magnet"), 1),
    ]  # fmt: skip
    result, year = solved_by_hand(rows)
    mined = origin(mixing(result, year, lambda form: 0.5 if form == "alloy" else 1.0), stamp_mined)
    assert share(result, mined, "A", "magnet", "A") == pytest.approx(6 / 7)


def test_goods_that_go_round_without_source_have_no_origin(solved_by_hand, words):
    w = words
    rows = [
        (w.ship("A", "B", "ore"), 5), (w.ship("B", "A", "ore"), 5), (w.mine("C"), 5), (w.use("C", "ore"), 5),
    ]  # fmt: skip
    result, year = solved_by_hand(rows)
    mix = mixing(result, year, one)
    assert share(result, origin(mix, stamp_mined), "A", "ore", "C") == pytest.approx(0, abs=1e-9)
    assert touched(mix, "C")[result.index["A", "ore"]] == pytest.approx(0, abs=1e-9)
    assert touched(mix, "C")[result.index["C", "ore"]] == pytest.approx(1)


def test_rents_are_summed_by_stage_over_capacity(solved_by_hand, words):
    rows = [
        (words.mine("A"), 10, 10, 2.0), (words.mine("B"), 5, 8, 0.0), (words.use("A", "ore"), 15, np.inf, 7.0),
    ]  # fmt: skip
    result, year = solved_by_hand(rows)
    stages = {"mine": "mining", DEMAND: "use"}
    assert rents_by_stage(result, year, lambda activity: stages.get(activity.kind)) == {"mining": 20.0}


@st.composite
def chains(draw):
    """Ore to oxide to magnets to scrap over a few countries, with random flows; nothing has to balance."""
    return draw(st.integers(0, 2**32 - 1)), draw(st.integers(1, 4))


@given(chains())
@settings(max_examples=80, deadline=None)
def test_origins_are_shares_and_touched_is_no_less_than_mined(solved_by_hand, words, drawn):
    seed, count = drawn
    random = np.random.default_rng(seed)
    w, places = words, [f"P{i}" for i in range(count)]
    rows = []
    for place in places:
        rows += [
            (w.mine(place), random.uniform(1, 9)), (w.use(place, "magnet"), 1),
            (w.process("separate", place, {"ore": 1}, {"oxide": 0.9}), random.uniform(1, 9)),
            (w.process("sinter", place, {"oxide": 0.3}, {"magnet": 0.7, "scrap": 0.3}), random.uniform(1, 9)),
            (w.process("recycle", place, {"scrap": 1}, {"oxide": 0.3}), random.uniform(0, 9)),
        ]  # fmt: skip
        for other in places:
            if other != place:
                rows += [
                    (w.ship(place, other, f), random.choice([0, 1, 5]))
                    for f in ("ore", "oxide", "magnet", "scrap")
                ]
    result, year = solved_by_hand(rows)
    mix = mixing(result, year, _held)
    names, mined = origin(mix, stamp_mined)
    assert mined.min() >= -1e-9
    assert mined.sum(axis=1) == pytest.approx(np.ones(len(result.balances)), abs=1e-9)
    separated = origin(mix, stamp_process("separate", "recycle"))[1]
    assert separated.sum(axis=1).max() <= 1 + 1e-9
    for column, place in enumerate(names):
        reached = touched(mix, place)
        assert (reached >= mined[:, column] - 1e-9).all()
        assert reached.max() <= 1 + 1e-9
        assert reached[result.index[place, "magnet"]] >= 0
        assert _abroad_without_exports(result, year, mix, place).max(initial=0.0) <= 1e-9


def _abroad_without_exports(result, year, mix, place):
    """What the place has touched in the balances of others when it exports nothing."""
    kept = [a.place != place or a.partner in {"", place} for a in result.activities]
    closed = mixing(result, replace(year, flows=year.flows * kept), _held)
    assert closed.source.nnz <= mix.source.nnz
    return touched(closed, place)[[where != place for where, _ in result.balances]]


def _held(form):
    """Rare earths per tonne."""
    return {"magnet": 0.3, "scrap": 0.3}.get(form, 1.0)

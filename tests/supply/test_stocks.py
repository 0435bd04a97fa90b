"""Stocks: the law by hand, balances kept over any years, a stop that stocks put off, reserves filled and refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.chain import DEMAND, MINE, REFILL, RELEASE, Activity, BaseYear, balances_of
from ytterby.errors import ModelError, ScenarioError
from ytterby.scenario import Reserve, Scenario, check_case, check_reserves, load_case
from ytterby.study.holdings import groups_of, trade_inventories
from ytterby.study.shocks import Course, _span
from ytterby.supply.evidence import trade
from ytterby.supply.market import Elasticities, calibrate
from ytterby.supply.parameters import Parameters
from ytterby.supply.solving import Change, solve_years, together
from ytterby.supply.stocks import YEAR, Holdings, Rule, Stock, cover_name, inventories

RULE = Rule(release=0.2, refill=0.05, slope=0.5, rate=0.25)
PRICE = 10.0
KINDS = ("mine", "process", "trade", "demand", "surplus", "saving")


def stock(level=40.0, **other):
    values = {"cover": 0.0, "tonnes": level, "share": 0.5, "years": 2.0, "first": 2025} | other
    return Stock("inventory", "B", "ore", level, **values)


def market(stocks, rule=RULE):
    """A sells 100 t to B, which mines 20 t itself."""
    rows = [
        (Activity(MINE, MINE, "A", "ore", (("A", "ore", 1.0),)), 100.0),
        (Activity(MINE, MINE, "B", "ore", (("B", "ore", 1.0),)), 20.0),
        (trade("A", "B", "ore"), 100.0),
        (Activity(DEMAND, "use", "B", "ore", (("B", "ore", -1.0),)), 120.0),
    ]
    activities = tuple(activity for activity, _ in rows)
    balances = balances_of(activities)
    base = BaseYear(
        2024, activities, np.array([flow for _, flow in rows]), balances, np.full(len(balances), PRICE), (), 0.0
    )  # fmt: skip
    elastic = Elasticities(
        dict.fromkeys(KINDS, 0.5), {}, RULE.rate, {"mine": 10.0, "process": 10.0}, 0.1, 0.5
    )
    return calibrate(base, elastic, (), {"ore": PRICE}, stocks, rule)


def stopped(stocks, years=(2024, 2025, 2026, 2027), last=2026):
    """The way from A to B is shut in 2025 and until `last`."""
    found = market(stocks)
    shut = np.where([a.partner == "B" for a in found.activities], 0.0, np.inf)
    return solve_years(
        found, years, lambda _activity, _year: 1.0, scenario="stop",
        changes=lambda year: Change(upper=shut) if 2025 <= year <= last else Change(),
    )  # fmt: skip


def flow(result, year, kind):
    found = result.year(year)
    return sum(float(x) for a, x in zip(result.activities, found.flows, strict=True) if a.kind == kind)


# -------------------------------------------------------------------------------------------------------- the law


def test_an_offer_by_hand():
    holdings = replace(Holdings.start((stock(40.0),), RULE, np.array([PRICE])), target=np.array([60.0]))
    offer = holdings.offer(2025)
    assert offer.upper.tolist() == [20.0, 10.0]
    assert offer.cost.tolist() == [12.0, -10.5]
    assert offer.slope.tolist() == [0.25, 0.5]
    assert holdings.offer(2024).upper.tolist() == [0.0, 0.0]


def test_a_year_later_by_hand():
    start = Holdings.start((stock(40.0, cover=YEAR / 4, tonnes=0.0),), RULE, np.array([PRICE]))
    later = start.after(np.array([15.0, 0.0]), np.array([18.0]), np.array([120.0]))
    assert later.level.tolist() == [25.0]
    assert later.normal.tolist() == [12.0]
    assert later.target.tolist() == [30.0]
    assert start.after(np.zeros(2), np.array([np.nan]), np.zeros(1)).normal.tolist() == [PRICE]


figures = st.floats(0, 1e6)


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), figures, figures), min_size=1, max_size=12), figures
)
@settings(max_examples=60, deadline=None)
def test_what_goes_in_and_out_is_what_changes_and_nothing_falls_below_zero(years, level):
    holdings = Holdings.start((stock(level, cover=30.0, tonnes=0.0),), RULE, np.array([PRICE]))
    total = level
    for released, filled, price, used in years:
        upper = holdings.offer(2025).upper
        flows = upper * np.array([released, filled])
        holdings = holdings.after(flows, np.array([price]), np.array([used]))
        total += float(flows[1] - flows[0])
        assert holdings.level[0] == pytest.approx(total, abs=1e-6)
        assert holdings.level[0] >= 0
        assert holdings.normal[0] >= 0


def test_inventories_are_days_of_use():
    cover, basis = {("B", "ore"): 73.05}, {("B", "ore"): ("row",)}
    (found,) = inventories({("B", "ore"): 100.0, ("B", "slag"): 9.0}, cover, 0.5, 2.0, basis, 2025)
    assert found.level == pytest.approx(20.0)
    assert found.basis == ("row",)


STATED = {f"stocks.cover.{name}" for name in ("oxide", "oxide.UNI", "oxide.B", "oxide:dy.UNI", "magnet")}


@pytest.mark.parametrize(
    ("place", "form", "name"),
    [
        ("A", "oxide:dy", "oxide"), ("B", "oxide:dy", "oxide.B"), ("C", "oxide:dy", "oxide:dy.UNI"),
        ("C", "oxide:y", "oxide.UNI"), ("C", "magnet", "magnet"), ("C", "scrap", None),
    ],
)  # fmt: skip
def test_the_most_particular_days_of_use_count(place, form, name):
    """Of the place before its group before all; of the form before its kind."""
    found = cover_name(place, form, STATED, {"B": ["UNI"], "C": ["UNI"]})
    assert found == (name and f"stocks.cover.{name}")


def test_stocks_of_the_shipped_case_differ_by_place_and_form(base):
    parameters, groups = Parameters.of(base), groups_of(base)
    used = {
        (place, form): 365.25
        for place in ("USA", "DEU", "IND", "JPN", "KOR")
        for form in ("magnet", "oxide:dy")
    }
    held = {stock.balance: stock for stock in trade_inventories(used, 2024, parameters, groups)}
    days = {
        name.removeprefix("stocks.cover."): parameters[name] for name in parameters.rows if "cover" in name
    }
    assert held["USA", "magnet"].level == pytest.approx(days["magnet.USA"])
    assert held["DEU", "magnet"].level == pytest.approx(days["magnet.EUU"])
    assert held["JPN", "magnet"].level == pytest.approx(days["magnet"])
    assert held["KOR", "oxide:dy"].level == pytest.approx(days["oxide:dy.KOR"])
    assert held["KOR", "oxide:dy"].basis == parameters.basis("stocks.cover.oxide:dy.KOR")
    small = Parameters.of(base, {"stocks.cover.*": "low"})
    assert all(one.level < held[one.balance].level for one in trade_inventories(used, 2024, small, groups))


# ------------------------------------------------------------------------------------------------------- a market


def test_the_base_year_does_not_notice_what_is_held():
    without, held = stopped(()), stopped((stock(),))
    count = len(without.activities)
    assert np.allclose(held.year(2024).flows[:count], without.year(2024).flows, rtol=1e-9)
    assert flow(held, 2024, RELEASE) + flow(held, 2024, REFILL) == pytest.approx(0, abs=1e-9)


def test_the_rent_of_a_stock_by_hand():
    """B mines m at m - 10 and has 20 t of its stock: m - 10 = 30 - (m + 20) / 6, so m = 220 / 7 at 150 / 7 USD/t.

    The last tonne out of the stock is offered at 12 + 5, so that one tonne more in store would be worth 31 / 7.
    """
    held = stopped((stock(40.0),))
    year, kinds = held.year(2025), [a.kind for a in held.activities]
    assert flow(held, 2025, RELEASE) == pytest.approx(20)
    assert year.flows[1] == pytest.approx(220 / 7)
    assert year.prices[held.index["B", "ore"]] == pytest.approx(150 / 7)
    assert year.rents[kinds.index(RELEASE)] == pytest.approx(31 / 7)


def test_a_stop_is_put_off_by_what_may_leave_the_stock():
    without, held = stopped(()), stopped((stock(40.0),))
    assert flow(held, 2025, RELEASE) == pytest.approx(20.0)
    assert flow(held, 2026, RELEASE) == pytest.approx(10.0)
    served = [flow(result, 2025, DEMAND) for result in (without, held)]
    assert served[0] < served[1] < 120
    assert held.held(2026, "B", "ore") == pytest.approx(10.0)
    release = next(i for i, a in enumerate(held.activities) if a.kind == RELEASE)
    year = held.year(2025)
    price = year.prices[held.index["B", "ore"]]
    assert year.rents[release] == pytest.approx(price - PRICE * (1 + RULE.release + RULE.slope))


def test_the_stock_is_filled_again_when_the_stop_is_over():
    held = stopped((stock(40.0),), years=tuple(range(2024, 2040)))
    levels = [held.held(year, "B", "ore") for year in range(2024, 2040)]
    assert min(levels) < 15
    assert levels[-1] > 35
    assert all(b <= 40 + 1e-6 for b in levels)


def test_a_reserve_is_bought_on_the_market():
    reserve = Stock("reserve", "B", "ore", 0.0, 0.0, 30.0, 1.0, 1.0, 2025)
    found = stopped((reserve,), last=2024)
    assert 0 < flow(found, 2025, REFILL) <= 30
    assert found.held(2025, "B", "ore") == pytest.approx(flow(found, 2025, REFILL))
    assert found.year(2025).prices[found.index["B", "ore"]] > PRICE


def test_stocks_need_a_rule():
    with pytest.raises(ModelError, match="rule"):
        market((stock(),), rule=None)


def test_changes_add_up_and_the_tighter_bound_holds():
    one = lambda _year: Change(cost=np.array([1.0, 2.0]), upper=np.array([3.0, np.inf]))  # noqa: E731
    two = lambda _year: Change(cost=np.array([1.0, 0.0]), upper=np.array([5.0, 4.0]))  # noqa: E731
    both = together([one, two, lambda _year: Change()])(2025)
    assert both.cost is not None
    assert both.upper is not None
    assert both.cost.tolist() == [2.0, 2.0]
    assert both.upper.tolist() == [3.0, 4.0]
    assert both.taken is None


# ---------------------------------------------------------------------------------------------------- the findings


def test_the_course_of_a_stop_by_hand():
    course = Course(2026, (100.0,) * 4, (10.0, 40.0, 30.0, 15.0), (30.0, 40.0, 30.0, 15.0))
    assert course.months_to_bite(0.05) == pytest.approx(8.0)
    assert course.months_to_bite(0.2) == pytest.approx(12.0)
    assert course.months_to_bite(0.5) is None
    assert course.years_to_recover(0.5) == 3
    assert course.years_to_recover(0.3) is None
    assert course.reserve(2.5) == pytest.approx(65.0)


def test_a_time_that_does_not_end_in_the_years_solved_is_a_least_one():
    assert _span((10, 13, 15), (0.0, 1.0, 1.0)) == "13 (10 to 15 or more)"
    assert _span((10, 13, 15), (1.0, 1.0, 1.0)) == "13 (10 to 15)"
    assert _span((2.04, 2.0, 2.0), (1.0, 1.0, 1.0)) == "2"


# --------------------------------------------------------------------------------------------------- the scenario

RESERVE = """
[[reserve]]
place = "{place}"
form = "magnet"
tonnes = {tonnes}
first = 2025
years = 2
share = {share}
reason = "A test."
basis = "US-2026-02-VAULT"
"""


def with_reserve(tmp_path, place="importer", tonnes=500, share=1):
    from shutil import copytree

    from ytterby.scenario import cases_folder

    folder = tmp_path / "case"
    copytree(cases_folder() / "central-asia", folder)
    file = folder / "scenarios" / "china-stops-usa.toml"
    file.write_text(
        file.read_text(encoding="utf-8") + RESERVE.format(place=place, tonnes=tonnes, share=share), "utf-8"
    )
    return load_case(str(folder))


def test_a_reserve_of_the_importer_is_read(tmp_path):
    case = with_reserve(tmp_path).with_actors()
    (reserve,) = case.scenario("china-stops-usa").reserves
    assert (reserve.place, reserve.tonnes, reserve.share) == ("USA", 500.0, 1.0)


@pytest.mark.parametrize(("tonnes", "share", "said"), [(0, 1, "a number above 0"), (5, 2, "at most 1")])
def test_a_reserve_that_cannot_be_is_refused(tmp_path, tonnes, share, said):
    with pytest.raises(ScenarioError, match=said):
        with_reserve(tmp_path, tonnes=tonnes, share=share)


def test_a_reserve_in_an_unknown_place_is_refused(tmp_path, base):
    with pytest.raises(ScenarioError, match="reserve 1 place"):
        check_case(with_reserve(tmp_path, place="USB"), base)


def test_a_reserve_of_what_nobody_uses_is_refused():
    reserve = Reserve("USA", "magnets", 5.0, 2025, 1.0, None, "", "")
    scenario = Scenario("s", "", "", reserves=(reserve,))
    with pytest.raises(ScenarioError, match="magnet"):
        check_reserves(scenario, [("USA", "magnet")])
    check_reserves(replace(scenario, reserves=(replace(reserve, form="magnet"),)), [("USA", "magnet")])

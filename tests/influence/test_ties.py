"""Ties: reporters' ranges, parts of years, bounds from lists, the own index and its missing inputs, nearness."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ytterby.errors import FactError
from ytterby.influence import latest, shares, version
from ytterby.influence.intervals import Interval, share
from ytterby.influence.nearness import great_circle, nearness
from ytterby.influence.own import own_capacity
from ytterby.influence.shares import ties_of
from ytterby.influence.ties import Ties
from ytterby.influence.wholes import Output, Reach


def of_rows(rows, members=None, outputs=None):
    return Ties(tuple(rows), members or {}, outputs or {}, 1)


def test_reporters_that_disagree_are_a_range(base):
    """Kyrgyz-Chinese trade of 2024 is 22.7 or 5.3 bn USD."""
    figure = ties_of(base).figure("KGZ", "CHN", 2024, "trade")
    assert (figure.low, figure.high, figure.state) == (5.3e9, 22.71e9, "range of reporters")
    assert len(figure.basis) == 2


@pytest.mark.parametrize(
    ("measure", "unit", "value", "allowed"),
    [
        ("share of total trade", "fraction", 1.5, "0 to 1"),
        ("share of total trade", "fraction", -0.1, "0 to 1"),
        ("goods trade turnover", "USD", -1.0, "0 or more"),
        ("FDI flow", "USD", -1.0, ""),
    ],
)
def test_figures_that_a_measure_cannot_have_are_refused(altered, tie, measure, unit, value, allowed):
    other = altered(ties=[tie("tie-odd", "KAZ", "USA", measure, 2025, value, unit)])
    if not allowed:
        assert ties_of(other).rows
        return
    with pytest.raises(FactError) as raised:
        ties_of(other)
    assert "ties.csv row tie-odd column value" in str(raised.value)
    assert allowed in str(raised.value)


def test_months_are_a_lower_bound_and_are_carried_to_a_year(tie):
    rows = [tie("a", "AAA", "BBB", "goods trade turnover", 2023, 9.0, "USD", period="01 to 09")]
    figure = of_rows(rows).figure("AAA", "BBB", 2023, "trade")
    assert figure.interval == pytest.approx((9.0, 12.0, 12.0))
    assert figure.state == "part of a year"


def test_a_whole_year_comes_before_a_part(tie):
    rows = [
        tie("a", "AAA", "BBB", "goods trade turnover", 2023, 9.0, "USD", period="01 to 09"),
        tie("b", "AAA", "BBB", "goods trade turnover (customs)", 2023, 13.0, "USD"),
    ]
    figure = of_rows(rows).figure("AAA", "BBB", 2023, "trade")
    assert (figure.interval, figure.basis) == (Interval.exact(13.0), ("b",))


def test_more_than_is_a_bound_without_a_value(tie):
    rows = [tie("a", "AAA", "BBB", "FDI stock", 2023, None, "USD", low=5.0, state="greater_than")]
    figure = of_rows(rows).figure("AAA", "BBB", 2023, "investment_stock")
    assert (figure.low, figure.value, figure.high, figure.interval) == (5.0, None, None, None)


@pytest.fixture
def listed(tie):
    """Partners of exports and imports: BBB with half, CCC with a tenth, a group of which CCC is a member."""
    return [
        tie(f"{measure[:2]}-{power}", "AAA", power, f"{measure} partner share", 2023, value)
        for measure in ("exports", "imports")
        for power, value in (("BBB", 0.5), ("CCC", 0.1))
    ]


def test_who_is_not_listed_has_at_most_what_the_least_has(listed):
    ties = of_rows(listed)
    assert ties.figure("AAA", "DDD", 2023, "exports_share").interval == (0, 0, 0.1)
    assert ties.figure("AAA", "DDD", 2023, "exports_share").value is None
    assert ties.figure("AAA", "DDD", 2023, "trade_share").value is None
    assert ties.figure("AAA", "DDD", 2023, "trade_share").interval == (0, 0, 0.1)
    assert ties.figure("AAA", "BBB", 2023, "trade_share").interval == Interval.exact(0.5)


def test_a_list_that_says_nothing_about_a_power_bounds_it_by_what_it_leaves(listed, tie):
    silent = tie("x", "AAA", "DDD", "exports partner share", 2023, None, state="not_available")
    figure = of_rows([*listed, silent]).figure("AAA", "DDD", 2023, "exports_share")
    assert figure.interval == pytest.approx((0, 0, 0.4))
    assert "x" in figure.basis


def test_a_group_has_at_least_what_its_listed_members_have(listed):
    figure = of_rows(listed, {"EEE": ("CCC",)}).figure("AAA", "EEE", 2023, "imports_share")
    assert figure.interval == pytest.approx((0.1, 0.1, 0.5))


def test_a_single_partner_is_no_list(listed):
    assert of_rows(listed[:1]).figure("AAA", "DDD", 2023, "exports_share").state == "missing"


def test_turnover_over_all_trade_that_another_power_implies(tie):
    rows = [
        tie("a", "AAA", "BBB", "goods trade turnover", 2024, 30.0, "USD"),
        tie("b", "AAA", "BBB", "share of total trade", 2024, 0.25),
        tie("c", "AAA", "DDD", "goods trade turnover", 2024, 6.0, "USD"),
    ]
    ties = of_rows(rows)
    assert ties.trade.all_trade("AAA", 2024).interval == pytest.approx((120, 120, 120))
    figure = ties.figure("AAA", "DDD", 2024, "trade_share")
    assert figure.interval == pytest.approx((0.05, 0.05, 0.05))
    assert set(figure.basis) == {"a", "b", "c"}


def test_a_share_is_of_its_own_reporters_trade(tie):
    """One source gives turnover 30 and a share of a quarter; another's 60 says nothing about the first one's whole."""
    rows = [
        tie("a", "AAA", "BBB", "goods trade turnover (one)", 2024, 30.0, "USD", source="one"),
        tie("b", "AAA", "BBB", "goods trade turnover (other)", 2024, 60.0, "USD", source="other"),
        tie("c", "AAA", "BBB", "share of total trade", 2024, 0.25, source="one"),
    ]
    assert of_rows(rows).trade.all_trade("AAA", 2024).interval == pytest.approx((120, 120, 120))
    assert of_rows(rows[1:]).trade.all_trade("AAA", 2024).interval == pytest.approx((240, 240, 240))


def test_exports_and_imports_are_the_turnover_that_no_row_gives(tie):
    rows = [
        tie("a", "AAA", "BBB", "exports", 2023, 3.0, "USD"),
        tie("b", "AAA", "BBB", "imports", 2023, 4.0, "USD"),
        tie("c", "AAA", "CCC", "imports", 2023, 4.0, "USD"),
    ]
    ties = of_rows(rows)
    assert ties.figure("AAA", "BBB", 2023, "trade").interval == Interval.exact(7.0)
    assert ties.figure("AAA", "CCC", 2023, "trade").state == "missing"


def test_all_trade_that_a_row_states_comes_before_what_shares_imply(tie):
    rows = [
        tie("a", "AAA", "BBB", "goods trade turnover", 2024, 30.0, "USD"),
        tie("b", "AAA", "BBB", "share of total trade", 2024, 0.25),
        tie("w", "AAA", "WLD", "goods trade turnover", 2024, 100.0, "USD"),
    ]
    assert of_rows(rows).trade.all_trade("AAA", 2024).interval == Interval.exact(100.0)


def test_what_other_powers_leave_bounds_the_index_and_not_the_table(tie):
    rows = [
        tie("a", "AAA", "BBB", "share of total trade", 2024, 0.7),
        tie("b", "AAA", "BBB", "goods trade turnover", 2024, 70.0, "USD"),
    ]
    ties = of_rows(rows)
    assert ties.figure("AAA", "CCC", 2024, "trade_share").state == "missing"
    assert ties.figure("AAA", "CCC", 2024, "trade_share_left").interval == pytest.approx((0, 0, 0.3))
    assert ties.figure("AAA", "CCC", 2024, "trade_left").interval == pytest.approx((0, 0, 30))


def test_a_share_of_aid_is_known_in_the_year_of_all_aid_and_bounded_near_it(tie):
    rows = [
        tie("all", "AAA", "WLD", "aid total", 2019, 0.05),
        *(tie(f"of-{year}", "AAA", "BBB", "aid", year, 1e9, "USD") for year in (2019, 2021, 2026)),
    ]
    outputs = [tie(f"gdp-{year}", "AAA", "WLD", "output", year, 1e11, "USD") for year in (2019, 2021, 2026)]
    ties = replace(of_rows([*rows, *outputs]), aid=Reach(5, 2.0, ("m",)))
    exact, near, far = (ties.figure("AAA", "BBB", year, "aid_share") for year in (2019, 2021, 2026))
    assert exact.interval == pytest.approx((0.2, 0.2, 0.2))
    assert (near.low, near.value, near.high, near.state) == (
        pytest.approx(0.1),
        None,
        pytest.approx(0.4),
        "bound",
    )
    assert {"all", "of-2021", "m"} <= set(near.basis)
    assert far.state == "missing"
    assert ties.figure("AAA", "CCC", 2019, "aid_share").state == "missing"


def test_aid_that_no_row_gives_is_at_most_all_aid(tie):
    ties = replace(of_rows([tie("a", "AAA", "WLD", "aid total", 2019, 0.05)]), aid=Reach(5, 2.0, ("m",)))
    of_year, later = (ties.figure("AAA", "BBB", year, "aid_to_output") for year in (2019, 2023))
    assert of_year.interval == pytest.approx((0, 0, 0.05))
    assert later.interval == pytest.approx((0, 0, 0.1))
    assert later.value is None
    assert later.basis == ("a", "m")
    assert ties.figure("AAA", "BBB", 2025, "aid_to_output").state == "missing"


def test_output_of_another_year_is_not_stretched(tie):
    rows = [tie(str(y), "AAA", "BBB", "debt owed", y, 10.0, "USD") for y in (2020, 2023)]
    ties = of_rows(rows, outputs={"AAA": Output(100.0, 2024, "gdp")})
    assert ties.figure("AAA", "BBB", 2023, "debt_to_output").interval == pytest.approx((0.1, 0.1, 0.1))
    assert ties.figure("AAA", "BBB", 2020, "debt_to_output").state == "missing"


# ---------------------------------------------------------------------------------------------------- the own index


def test_more_trade_never_lowers_the_own_index(base, altered):
    of = version(base)
    before = own_capacity(ties_of(base), of, "KAZ", "USA", 2024).index
    row = base.rows("ties", country="KAZ", power="USA", measure="goods trade turnover", year=2024)[0]
    more = altered(ties=[{"id": row["id"], "value": row["value"] * 3}])
    after = own_capacity(ties_of(more), of, "KAZ", "USA", 2024).index
    assert after.value > before.value
    assert after.low > before.low
    assert after.high >= before.high


def test_a_lost_input_widens_the_own_index(base):
    of, ties = version(base), ties_of(base)
    before = own_capacity(ties, of, "KAZ", "RUS", 2024)
    fewer = replace(
        ties,
        rows=tuple(row for row in ties.rows if row["measure"] != "arms imports share"),
        formal=replace(ties.formal, arms=()),
    )
    after = own_capacity(fewer, of, "KAZ", "RUS", 2024)
    assert set(after.capacity.missing) == {*before.capacity.missing, "arms", "arms_share", "arms_to_stock"}
    assert after.index.low < before.index.low
    assert after.index.high >= before.index.high


def test_the_own_index_names_what_feeds_it_and_stays_apart_from_the_published(base):
    own = own_capacity(ties_of(base), version(base), "UZB", "RUS", 2024)
    assert {"trade", "trade_share", "trade_to_output"} <= set(own.inputs)
    assert not set(own.inputs) & set(own.capacity.missing)
    assert not [id_ for id_ in own.basis if id_.startswith("infl-")]
    assert 0 <= own.index.low <= own.index.value <= own.index.high <= 1


def test_shares_of_one_year_say_what_is_missing_and_shares_of_all_years_leave_it_out(base):
    year = shares(base, ["KGZ"], ["USA", "CHN"], 2024)
    assert {f.indicator for f in year if f.power == "USA" and f.state == "missing"} >= {"trade", "debt_share"}
    every = shares(base, ["KGZ"], ["USA", "CHN"])
    assert all(f.state != "missing" for f in every)
    assert {f.year for f in every} >= {2014, 2017, 2023, 2024}
    newest = {(f.power, f.indicator): f.year for f in latest(every)}
    assert newest["CHN", "debt_share"] == 2023


def test_a_share_lies_between_its_extremes():
    found = share(Interval(1, 2, 3), Interval(4, 5, 6))
    assert found == pytest.approx((1 / 7, 2 / 7, 3 / 7))
    assert share(Interval.exact(0), Interval.exact(0)) is None


@pytest.mark.parametrize(
    ("countries", "powers", "year", "remedy"),
    [
        (["KAS"], ["USA"], None, "KAZ"),
        (["KAZ"], ["UAS"], None, "USA"),
        (["KAZ"], ["USA"], 2011, "2014"),
        (["KAZ"], ["KAZ"], None, "other than the country"),
    ],
)
def test_unknown_places_and_years_are_refused(base, countries, powers, year, remedy):
    with pytest.raises(FactError) as raised:
        shares(base, countries, powers, year)
    assert remedy in raised.value.allowed


# --------------------------------------------------------------------------------------------------------- nearness


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((0, 0), (0, 180), 20015.1),
        ((0, 0), (90, 50), 10007.5),
        ((51.5, 0), (51.5, 0), 0),
        ((36.12, -86.67), (33.94, -118.4), 2886.4),
    ],
)
def test_great_circles(one, other, km):
    """Half and a quarter of the sphere, nothing, and Nashville to Los Angeles, a textbook instance (2886.4 to 2887.3)."""
    assert great_circle(one, other) == pytest.approx(km, abs=0.6)


def test_nearness_of_russia_and_of_the_united_states_to_tajikistan(base):
    found = {p: {f.indicator: f for f in nearness(base, "TJK", p, 2023)} for p in ("RUS", "USA", "CHN")}
    value = {(power, name): f.value or 0.0 for power, own in found.items() for name, f in own.items()}
    assert value["RUS", "distance"] < value["USA", "distance"] / 3
    assert (found["CHN"]["border"].value, found["USA"]["border"].value) == (1, 0)
    assert (found["RUS"]["bases"].value, found["USA"]["bases"].value) == (1, 0)
    assert value["RUS", "votes_together"] > value["USA", "votes_together"] > 0
    assert "CSTO" in found["RUS"]["organisations"].note


def test_one_power_has_no_share_in_itself(base):
    found = shares(base, ["KAZ"], ["USA"], 2024)
    assert "index" in {figure.indicator for figure in found}
    assert not [figure for figure in found if figure.indicator.startswith("index_share")]


def test_a_base_of_a_member_is_one_of_the_group(base, altered):
    added = altered(
        bases=[{**base.rows("bases")[0], "id": "t", "country": "UZB", "power": "DEU", "closed": None}]
    )
    counts = {
        p: [f.value for f in nearness(added, "UZB", p, 2023) if f.indicator == "bases"]
        for p in ("EUU", "USA")
    }
    assert counts == {"EUU": [1], "USA": [0]}


def test_a_base_counts_while_it_is_open(base):
    counts = {
        year: next(f.value for f in nearness(base, "KGZ", "USA", year) if f.indicator == "bases")
        for year in (2000, 2001, 2014, 2015)
    }
    assert counts == {2000: 0, 2001: 1, 2014: 1, 2015: 0}

"""The forecast as a question: its state follows the ties, in both directions."""

from __future__ import annotations

import pytest

from ytterby.facts import load
from ytterby.influence import Interval, forecasts
from ytterby.influence.forecast import relation


def states(base):
    (found,) = forecasts(base)
    return found, {(s.reading, s.year): s for s in found.states}


@pytest.fixture(scope="module")
def shipped(base):
    return states(base)


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        (Interval(0, 1, 2), Interval(3, 4, 5), "below"),
        (Interval(6, 7, 8), Interval(3, 4, 5), "above"),
        (Interval(0, 1, 3), Interval(3, 4, 5), "open"),
        (None, Interval(3, 4, 5), "open"),
    ],
)
def test_intervals_that_meet_stay_open(own, other, expected):
    assert relation(own, other) == expected


def test_every_state_sorts_every_country_once(shipped):
    forecast, found = shipped
    for state in found.values():
        assert sorted([*state.below, *state.above, *state.open]) == sorted(forecast.countries)
        assert (state.state == "holds") == (len(state.below) >= forecast.sure)


def test_missing_inputs_leave_the_whole_index_open(shipped):
    assert {state.state for (reading, _), state in shipped[1].items() if reading == "index"} == {"open"}


def test_by_share_of_trade_it_holds_today(shipped):
    forecast, _ = shipped
    assert forecast.today("trade_share").state == "holds"
    assert "KAZ" in forecast.today("trade_share").below


@pytest.fixture(scope="module")
def overtaken(base, altered, tie):
    """The United States with most of the trade of the decisive countries for three years."""
    rows = [
        tie(f"tie-test-{country}-{year}-{power}", country, power, "share of total trade", year, value)
        for country in ("KAZ", "UZB")
        for year in (2023, 2024, 2025)
        for power, value in (("USA", 0.8), ("CHN", 0.05), ("RUS", 0.05))
    ]
    lost = [
        {"id": row["id"], "year": 1990}
        for row in base.rows("ties")
        if row["country"] in {"KAZ", "UZB"} and row["power"] in {"USA", "CHN", "RUS"} and row["year"] >= 2021
    ]
    return states(altered(ties=[*lost, *rows]))


def test_other_ties_refute_it(overtaken):
    forecast, found = overtaken
    assert found["trade_share", 2024].above == ("KAZ", "UZB")
    assert found["trade_share", 2024].state == "refuted"
    assert forecast.today("trade_share").state == "refuted"


def test_one_year_above_does_not_refute(overtaken):
    """The first year above is no refutation; two running are."""
    _, found = overtaken
    first = min(year for (reading, year), state in found.items() if reading == "trade_share" and state.above)
    assert found["trade_share", first].state != "refuted"
    assert found["trade_share", first + 1].state == "refuted"


def test_before_the_judgement_there_is_no_forecast():
    assert forecasts(load(as_of="2024-01-01")) == []

"""What powers would weigh if pledges came: by the formula, in both directions, and the forecast that turns."""

from __future__ import annotations

from typing import Any

import pytest

from ytterby.influence import (
    Interval,
    Promise,
    changes,
    forecasts,
    forecasts_by_level,
    pledge_effects,
    ties_of,
)
from ytterby.influence.realised import ALL, EXPECTED, LEVELS, NOTHING, realised

REGION = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
POWERS = ("USA", "CHN", "RUS")


def pair(base, effects) -> tuple[Any, Any]:
    """The ties as they are, and with all that is pledged."""
    return ties_of(base), realised(ties_of(base), effects, ALL)


def promises_of(*given):
    """Promises (country, power, kind, USD in all, expected share), spread over ten years."""
    return [
        Promise(f"P{n}", 2025, (giver,), (country,), kind, usd, Interval(0.0, usd * part, usd), 2035)
        for n, (country, giver, kind, usd, part) in enumerate(given)
    ]


def effects_of(base, *given):
    return pledge_effects(base, promises_of(*given), REGION)[0]


@pytest.fixture(scope="module")
def purchases(base):
    return effects_of(base, ("UZB", "USA", "purchase", 100e9, 0.2))


@pytest.fixture(scope="module")
def weights(base, purchases):
    return {(one.country, one.power, one.indicator): one for one in changes(base, purchases, REGION, POWERS)}


def test_if_nothing_comes_all_is_as_it_is(base, purchases):
    plain, ties = ties_of(base), realised(ties_of(base), purchases, NOTHING)
    for name in ("trade", "trade_share", "trade_to_output", "aid_to_output", "trade_left"):
        assert ties.figure("UZB", "USA", 2024, name) == plain.figure("UZB", "USA", 2024, name)
    told = forecasts_by_level(base, promises_of(("UZB", "USA", "purchase", 100e9, 0.2)))[NOTHING]
    assert [one.today("index") for one in told] == [one.today("index") for one in forecasts(base)]


def test_a_share_grows_by_the_formula_and_so_does_the_trade_behind_it(base, purchases):
    plain, ties = pair(base, purchases)
    before, after = (of.figure("UZB", "USA", 2024, "trade") for of in (plain, ties))
    assert after.value == pytest.approx(before.value + 10e9)
    whole = plain.trade.all_trade("UZB", 2024).interval.value
    share = plain.figure("UZB", "USA", 2024, "trade_share").value
    expected = (share * whole + 10e9) / (whole + 10e9)
    assert ties.figure("UZB", "USA", 2024, "trade_share").value == pytest.approx(expected)
    rival = plain.figure("UZB", "CHN", 2024, "trade_share").value
    assert ties.figure("UZB", "CHN", 2024, "trade_share").value == pytest.approx(
        rival * whole / (whole + 10e9)
    )
    to_output = [of.figure("UZB", "USA", 2024, "trade_to_output").value for of in (plain, ties)]
    assert to_output[1] / to_output[0] == pytest.approx(after.value / before.value)


def test_more_realised_is_more_weight_of_the_giver_and_less_of_the_others(weights):
    for (country, power, name), one in weights.items():
        levels = [one.by_level[level] for level in LEVELS]
        assert all(figure.low <= figure.high for figure in levels)
        if country != "UZB":
            assert not one.moves
            continue
        assert one.moves
        highs = [figure.high for figure in levels]
        assert highs == sorted(highs, reverse=power != "USA") or name == "index_share"
        if power == "USA":
            assert levels[0].low < levels[2].low


def test_the_expected_part_lies_between(weights):
    """What may come at least or at most bounds the expected part."""
    one = weights["UZB", "USA", "trade_share"].by_level
    assert one[EXPECTED].low == pytest.approx(one[NOTHING].low)
    assert one[EXPECTED].high == pytest.approx(one[ALL].high)
    assert one[NOTHING].value < one[EXPECTED].value < one[ALL].value


def test_aid_that_only_all_aid_bounds_has_a_least_with_a_grant(base):
    granted = effects_of(base, ("KGZ", "RUS", "grant", 1e9, 0.5))
    plain, ties = pair(base, granted)
    before, after = (of.figure("KGZ", "RUS", 2024, "aid_to_output") for of in (plain, ties))
    assert before.low == 0 < after.low
    assert after.high - before.high == pytest.approx(after.low)
    index: dict[str, Any] = {
        one.power: one for one in changes(base, granted, ["KGZ"], POWERS) if one.indicator == "index"
    }
    assert index["RUS"].by_level[ALL].low > index["RUS"].by_level[NOTHING].low
    assert not index["CHN"].moves


@pytest.mark.parametrize(("usd", "state"), [(1e9, "holds"), (100e9, "open"), (3000e9, "refuted")])
def test_the_forecast_turns_with_what_is_realised(base, usd, state):
    told = forecasts_by_level(base, promises_of(("UZB", "USA", "purchase", usd, 0.0)))
    (forecast,) = told[ALL]
    assert forecast.today("trade_share").state == state
    assert told[NOTHING][0].today("trade_share").state == "holds"

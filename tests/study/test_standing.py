"""Answers about influence: they follow the ties."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ytterby.influence import ties_of
from ytterby.study.context import Context, Table
from ytterby.study.standing import standing


def told(base, case):
    return {answer.id: answer for answer in standing(Context(case, base, Table({}, {}, {}), {}))}


def test_importer_supplier_and_rivals_are_weighed(base, quick_case):
    found = told(base, quick_case)
    assert set(found) == {"influence-USA", "influence-CHN", "influence-RUS", "forecast-J001"}
    for answer in found.values():
        assert answer.low <= answer.value <= answer.high
        assert all(base.row(id_) for id_ in answer.basis)
    assert found["influence-USA"].high < found["influence-RUS"].low
    assert "holds" in found["forecast-J001"].sentence


def test_altered_ties_turn_the_forecast(base, quick_case):
    """With the United States' and the rivals' shares of trade exchanged the same rule says the opposite."""
    swap = {"USA": "CHN", "CHN": "USA"}
    rows = tuple({**row, "power": swap.get(row["power"], row["power"])} for row in base.tables["ties"])
    found = told(replace(base, tables={**base.tables, "ties": rows}), quick_case)
    forecast = found["forecast-J001"]
    assert "is refuted" in forecast.sentence
    assert forecast.value == 0
    assert found["influence-USA"].value > found["influence-CHN"].value


def test_the_forecast_says_what_pledges_would_make_of_it(base, quick_case):
    """All that is pledged leaves it open; without pledges nothing is said."""
    sentence = told(base, quick_case)["forecast-J001"].sentence
    assert "With the expected part of the pledges it holds, with all of them it is open." in sentence
    without = replace(base, tables={**base.tables, "pledges": ()})
    assert "pledges" not in told(without, quick_case)["forecast-J001"].sentence


def test_a_bound_is_no_zero_in_the_mean(base, quick_case):
    """States of which only bounds are known are named and not averaged: the mean is that of the others."""
    found, ties = told(base, quick_case)["influence-USA"], ties_of(base)
    newest = [ties.newest(place, "USA", "trade_share") for place in quick_case.region]
    valued = [figure.value for figure in newest if figure.value is not None]
    assert 0 < len(valued) < len(newest)
    assert found.value == pytest.approx(sum(valued) / len(valued))
    assert f"of {len(newest) - len(valued)} more only bounds are known" in found.sentence


def test_a_region_without_ties_is_not_asked_about(base, quick_case):
    found = told(base, replace(quick_case, region=("AUS",), importer="DEU"))
    assert not [id_ for id_ in found if id_.startswith("influence-")]


def test_sentences_say_the_figures(base, quick_case):
    answer = told(base, quick_case)["influence-CHN"]
    assert f"{100 * answer.value:.0f} %" in answer.sentence
    assert answer.value == pytest.approx((answer.low + answer.high) / 2, abs=0.02)

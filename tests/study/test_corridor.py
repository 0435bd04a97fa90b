"""The region's ways and its corridor: other corridors, years and states give other answers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ytterby.study.context import Context
from ytterby.study.corridor import corridor, corridor_in_full


@pytest.fixture(scope="module")
def told(small_answers):
    """Answers by id of the small case with some of its entries changed."""

    def of(**changed):
        case = replace(small_answers.case, **changed)
        context = Context(case, small_answers.base, small_answers.table, small_answers.solved)
        return {answer.id: answer for answer in (*corridor(context), *corridor_in_full(context))}

    return of


def test_freight_lies_within_its_interval_and_every_country_is_told(told, small_answers):
    found = told()["ways"]
    assert found.low < found.value < found.high
    assert 50 < found.value < 1000
    names = ("Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan")
    for sentence in (found.sentence, told()["ways-each"].sentence):
        assert all(name in sentence for name in names)
    assert all(row in small_answers.base.relation_of for row in found.basis)


def test_a_double_landlocked_country_needs_its_neighbour(told):
    found = told()["ways-needed"]
    assert found.value == 1
    assert "Tajikistan passes Uzbekistan" in found.sentence
    assert told(region=("KAZ",))["ways-needed"].value == 0


def test_who_is_cut_off_by_states_together_is_told_with_the_fewest(told):
    found = told(region=("KAZ",))["ways-needed"]
    said = r"Kazakhstan is cut off by no fewer than (\d+), such as (.*)\."
    ((number, names),) = re.findall(said, found.sentence)
    assert int(number) == len(re.split(", | and ", names)) > 1


def test_the_corridor_of_the_case_is_nobodys_cheapest_way_and_has_a_price(told):
    answers = told(report_years=(2024, 2026, 2030))
    found, each = answers["corridor"], answers["corridor-each"]
    assert found.value == 0
    assert "Russia and Iran avoided" in found.sentence
    assert "open from 2028" in found.sentence
    for name in ("Kazakhstan", "Uzbekistan", "Turkmenistan"):
        ((more, past),) = re.findall(rf"{name} ([\d.]+) USD/t through ([^;.]*)[;.]", each.sentence)
        assert 10 < float(more) < 200
        assert "Armenia" in past
        assert "Georgia" not in past


def test_without_georgia_some_take_it_at_no_extra_cost(told):
    answers = told(avoid=("RUS", "IRN", "GEO"))
    assert 0 < answers["corridor"].value < 5
    assert re.search(r"Turkmenistan 0 USD/t through [^;]*Armenia", answers["corridor-each"].sentence)


def test_a_corridor_that_does_not_open_in_time_has_no_price(told):
    """Before 2028 the lines of this name are dead ends: who goes there has to come back."""
    found = told(last_year=2027, report_years=(2024, 2027))["corridor"]
    assert found.value == 0
    assert "No way leads over it from 2027 to 2027" in found.sentence


def test_another_corridor_is_taken(told):
    answers = told(corridor="TITR", avoid=("RUS", "IRN", "CHN"))
    found = answers["corridor"]
    assert found.value >= 3
    assert "Azerbaijan" in found.sentence
    assert "open already in" in found.sentence
    assert re.search(r"Kazakhstan 0 USD/t through [^;]*Azerbaijan", answers["corridor-each"].sentence)


def test_without_a_corridor_none_is_told(told):
    assert set(told(corridor="")) == {"ways", "ways-needed", "ways-each", "ways-room"}


def test_a_region_without_nodes_is_not_told(told):
    assert told(region=("ATA",)) == {}

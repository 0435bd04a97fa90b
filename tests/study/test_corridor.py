"""The region's ways and its corridor: other corridors, years and states give other answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ytterby.study.context import Context
from ytterby.study.corridor import corridor


@pytest.fixture(scope="module")
def told(small_answers):
    """Answers by id of the small case with some of its entries changed."""

    def of(**changed):
        case = replace(small_answers.case, **changed)
        context = Context(case, small_answers.base, small_answers.table, small_answers.solved)
        return {answer.id: answer for answer in corridor(context)}

    return of


def test_freight_lies_within_its_interval_and_every_country_is_told(told, small_answers):
    found = told()["ways"]
    assert found.low < found.value < found.high
    assert 50 < found.value < 1000
    assert all(name in found.sentence for name in ("Kazakhstan", "Kyrgyzstan", "Tajikistan", "Uzbekistan"))
    assert all(row in small_answers.base.relation_of for row in found.basis)


def test_a_double_landlocked_country_needs_its_neighbour(told):
    found = told()["ways-needed"]
    assert found.value == 1
    assert "Tajikistan passes Uzbekistan" in found.sentence
    assert told(region=("KAZ",))["ways-needed"].value == 0


def test_the_corridor_of_the_case_is_nobodys_cheapest_way(told):
    found = told()["corridor"]
    assert found.value == 0
    assert "Russia and Iran avoided" in found.sentence


def test_another_corridor_is_taken(told):
    found = told(corridor="TITR", avoid=("RUS", "IRN", "CHN"))["corridor"]
    assert found.value >= 3
    assert "Azerbaijan" in found.sentence
    assert "0 to" in found.sentence


def test_without_a_corridor_none_is_told(told):
    assert set(told(corridor="")) == {"ways", "ways-needed"}


def test_a_region_without_nodes_is_not_told(told):
    assert told(region=("ATA",)) == {}

"""The region's ways and its corridor: other corridors, years and states give other answers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ytterby.study.context import Context
from ytterby.study.corridor import corridor, corridor_in_full
from ytterby.study.words import number


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


def test_what_restricts_a_way_is_told_with_its_row(told, small_answers):
    found = told()["ways-each"]
    named = re.findall(
        r"On the ways of ([^:]*), not closed but restricted: .*? \((pol\d+)\)\.", found.sentence
    )
    assert named
    assert any("Kazakhstan" in places for places, _ in named)
    for _, policy in named:
        assert small_answers.base.row(policy)["effect"] == "restricts"
        assert policy in found.basis


def test_who_has_one_neighbour_on_all_ways_needs_it(told):
    found = told(region=("MWI",))["ways-needed"]
    assert found.value == 1
    assert "every way of Malawi passes Mozambique" in found.sentence
    assert told(region=("KAZ",))["ways-needed"].value == 0


def test_who_is_cut_off_by_states_together_is_told_with_the_fewest(told):
    found = told(region=("KAZ",))["ways-needed"]
    said = r"Kazakhstan is cut off by no fewer than (\d+), such as (.*)\."
    ((number, names),) = re.findall(said, found.sentence)
    assert int(number) == len(re.split(", | and ", names)) > 1


def test_a_second_way_over_the_mountains_frees_a_country_of_its_neighbour(told):
    """Tajikistan's trains all pass Uzbekistan; its road over the Pamir to China does not."""
    found = told(region=("TJK",))["ways-needed"]
    assert found.value == 0
    assert "Tajikistan is cut off by no fewer than 2, such as China and Uzbekistan" in found.sentence


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


def test_what_is_said_of_the_corridor_rests_on_its_rows(told, small_answers):
    """On its segments and on what is stated of its opening; the answers on the ways of today rest on neither."""
    answers, base = told(report_years=(2024, 2026, 2030)), small_answers.base
    own = {row["id"] for row in base.rows("segments", corridor=small_answers.case.corridor)}
    assert own <= set(answers["corridor"].basis)
    opening = {row["id"] for row in base.rows("corridor_stats", measure="expected_opening")}
    assert opening & set(answers["corridor"].basis)
    assert "aghband__meghri__rail" in answers["corridor-each"].basis
    assert not own & set(answers["ways-each"].basis)
    for found in answers.values():
        assert all(row in base.relation_of for row in found.basis)
    assert answers["corridor-each"].year == small_answers.case.last_year


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
    assert set(told(corridor="")) == {"ways", "ways-needed", "ways-each", "ways-room", "ways-full"}


def test_a_region_without_nodes_is_not_told(told):
    assert told(region=("ATA",)) == {}


def test_room_is_told_in_gross_tonnes_beside_the_oxides_in_them(told, small_answers):
    found = told()["ways-room"]
    name, year = found.scenario, found.year
    oxides = small_answers.table("region_output", "concentrate", year, name)[1]
    assert found.value == pytest.approx(2.5 * oxides)
    assert f"{number(oxides / 1e3)} kt REO or {number(found.value / 1e3)} kt" in found.sentence
    ((unstated, all_),) = re.findall(r"(\d+) of (\d+) open segments state none", found.sentence)
    assert 0.9 * int(all_) < int(unstated) < int(all_)


def test_without_the_avoided_states_the_narrow_place_is_told_with_what_others_carry(told):
    found = told()["ways-room"]
    ((share, can_pass, others),) = re.findall(
        r"Without Russia, Iran and China it is ([\d.]+) % of the ([\d.]+) Mt of all goods that can pass, of which others last "
        r"took ([\d.]+) Mt, at .*ferry", found.sentence,
    )  # fmt: skip
    assert float(share) / 100 == pytest.approx(found.value / (1e6 * float(can_pass)), abs=5e-4)
    assert float(others) < float(can_pass)


def test_the_fullest_capacity_is_told_and_none_is_full(told):
    found = told()["ways-full"]
    assert "No capacity is full in any scenario. Fullest is " in found.sentence
    assert 0 < found.low <= found.value <= found.high < 0.01


def test_a_full_capacity_is_told_with_its_rent(small_answers):
    """The same capacities with one of them full by hand."""
    name = small_answers.case.roles["announced"]
    solved = small_answers.solved[name]
    last = solved.result.years[-1]
    first, *others = last.limits
    limits = (replace(first, used=first.limit, rent=123.4), *others)
    years = (*solved.result.years[:-1], replace(last, limits=limits))
    changed = replace(solved, result=replace(solved.result, years=years))
    context = Context(
        small_answers.case, small_answers.base, small_answers.table, {**small_answers.solved, name: changed}
    )
    (found,) = (answer for answer in corridor_in_full(context) if answer.id == "ways-full")
    assert re.search(rf"1 of these is full: .* in {last.year} of {name}, .* 123 USD\.", found.sentence)
    assert set(first.basis) <= set(found.basis)

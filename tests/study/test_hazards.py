"""Stops drawn from the hazard: the scenario of a seed, its words, and what many draws leave unserved."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from ytterby.errors import ScenarioError
from ytterby.influence import Starts, hazard
from ytterby.scenario import ANY, DRAWN, HazardDraw, cases_folder, load_case
from ytterby.study import solve
from ytterby.study.hazards import drawn, losses, with_draws

ENTRY = """\
title = "By chance"
description = "The supplier stops when the hazard says so."
extends = "reference"
[[hazard]]
exporter = "supplier"
importer = "importer"
form = "*"
first = 2026
seed = 7
reason = "What if it comes as it came before."
basis = "CHN-2025-REE-GTA"
"""


def a_hazard(**changes):
    entry = HazardDraw("CHN", "USA", "*", 2026, None, "A test.", "CHN-2025-REE-GTA", 7)
    return replace(entry, **changes)


def started(everyone, aimed):
    """Starts as they would be drawn: one row a draw."""
    to_all, to_one = (np.array([[year] for year in part], dtype=np.int64) for part in (everyone, aimed))
    rates = np.ones(to_all.shape)
    return Starts((("CHN", "USA", "rare_earths"),), to_all, to_one, rates, rates)


@pytest.fixture(scope="module")
def of(base):
    return hazard(base)


@pytest.fixture(scope="module")
def by_chance(small_case):
    """The small case's reference with a hazard in it."""
    return replace(small_case.with_actors().scenario("reference"), hazards=(a_hazard(),))


@pytest.mark.parametrize(
    ("rates", "importers"), [((1e9, 0.0), [ANY]), ((0.0, 1e9), ["USA"]), ((0.0, 0.0), [])]
)
def test_a_certain_hazard_stops_always_and_none_never(small_case, by_chance, of, rates, importers, certain):
    for seed in range(20):
        found = drawn(small_case, by_chance, certain(of, *rates), seed)
        fresh = found.bans[len(by_chance.bans) :]
        assert [(ban.exporter, ban.importer, ban.first) for ban in fresh] == [
            ("CHN", to, 2026) for to in importers
        ]
        (told,) = found.hazards
        assert ("none starts" in told.words) == (not importers)


def test_a_seed_is_a_scenario(small_case, by_chance, of):
    found = [drawn(small_case, by_chance, of, seed) for seed in (*range(30), *range(30))]
    assert found[:30] == found[30:]
    assert len({one.bans for one in found}) > 2
    for one in found:
        (told,) = one.hazards
        assert f"seed {told.seed}" in told.words
        for ban in one.bans[len(by_chance.bans) :]:
            assert str(ban.first) in told.words
            assert ban.basis == told.basis


def test_it_lasts_as_long_as_it_says(small_case, by_chance, of, certain):
    lasting = replace(by_chance, hazards=(a_hazard(lasts=2),))
    ban = drawn(small_case, lasting, certain(of, 1e9, 0.0)).bans[-1]
    assert (ban.first, ban.last) == (2026, 2027)


def test_it_lasts_as_long_as_is_drawn(small_case, by_chance, of, certain):
    lasting = replace(by_chance, hazards=(a_hazard(lasts=DRAWN),))
    bans = [drawn(small_case, lasting, certain(of, 1e9, 0.0), seed).bans[-1] for seed in range(30)]
    assert {ban.first for ban in bans} == {2026}
    assert len({ban.last for ban in bans}) > 5
    assert all(ban.last is not None and ban.last >= 2026 for ban in bans)
    assert drawn(small_case, lasting, certain(of, 1e9, 0.0), 4).bans[-1] == bans[4]


def test_a_stop_aimed_at_one_counts_again_when_that_for_all_is_over(small_case, by_chance, of, certain):
    """At rates of a half each: within the years of the stop for all it adds nothing, after them it does."""
    lasting = replace(by_chance, hazards=(a_hazard(lasts=1),))
    count = len(lasting.bans)
    drew = [drawn(small_case, lasting, certain(of, 0.5, 0.5), seed).bans[count:] for seed in range(60)]
    both = [{ban.importer: ban.first for ban in bans} for bans in drew if len(bans) > 1]
    assert all(first[ANY] != first["USA"] for first in both)
    assert any(first[ANY] < first["USA"] for first in both)


def test_shorter_stops_leave_less_unserved(base, small_case):
    starts = started([2026], [0])
    good, year, long = (
        losses(small_case, base, starts, lasting=lasting)
        for lasting in (None, np.array([[1, 0]]), np.array([[50, 0]]))
    )
    assert good == long
    for one, other in zip(year, good, strict=True):
        if one.year <= 2026:
            assert one.value == pytest.approx(other.value)
        else:
            assert one.value < other.value - 0.05


def test_a_hazard_between_everyone_is_refused(small_case, by_chance, of):
    with pytest.raises(ScenarioError, match="one exporter and one importer"):
        drawn(small_case, replace(by_chance, hazards=(a_hazard(importer=ANY),)), of)


def test_an_entry_is_read_drawn_and_solved(base, tmp_path):
    """A folder with a [[hazard]]: solved as if the drawn stops stood there."""
    folder = tmp_path / "chance"
    shutil.copytree(cases_folder() / "central-asia", folder)
    (folder / "scenarios" / "chance.toml").write_text(ENTRY, encoding="utf-8")
    case = replace(load_case(str(folder)), last_year=2030)
    scenario = with_draws(case.with_actors(), base).scenario("chance")
    assert [type(change).__name__ for change in scenario.changes].count("HazardDraw") == 1
    plain = replace(scenario, hazards=())
    by_hand = replace(
        case, scenarios=tuple(plain if s.name == "chance" else s for s in case.with_actors().scenarios)
    )
    one, other = (solve(which, base, "chance") for which in (case, by_hand))
    assert [y.flows.tolist() for y in one.result.years] == [y.flows.tolist() for y in other.result.years]


def test_losses_are_those_of_the_scenarios_drawn(base, small_case):
    """One draw of three stops in 2026: the mean is a third of what that stop alone leaves unserved."""
    alone = losses(small_case, base, started([2026], [0]))
    third = losses(small_case, base, started([2026, 0, 0], [0, 0, 0]))
    for one, part in zip(alone, third, strict=True):
        assert part.value == pytest.approx(one.value / 3)
        assert part.if_cut == (pytest.approx(one.value) if one.year >= 2026 else None)
    assert max(one.value for one in alone) > 0.3
    before = [one for one in alone if one.year < 2026]
    assert all(one.value == pytest.approx(0, abs=1e-6) for one in before)


def test_losses_of_an_importer_that_uses_none_are_refused(base, small_case):
    with pytest.raises(ScenarioError, match="one that uses magnet"):
        losses(replace(small_case, importer="KAZ"), base, started([2026], [0]))


def test_a_stop_aimed_at_one_counts_only_before_one_for_all(small_case, by_chance, of, certain):
    """At rates of a half each some seeds draw both; the aimed one is kept only where it comes first."""
    count = len(by_chance.bans)
    drew = [drawn(small_case, by_chance, certain(of, 0.5, 0.5), seed).bans[count:] for seed in range(60)]
    both = [bans for bans in drew if len(bans) > 1]
    assert both
    for to_all, to_one in both:
        assert (to_all.importer, to_one.importer) == (ANY, "USA")
        assert to_one.first < to_all.first

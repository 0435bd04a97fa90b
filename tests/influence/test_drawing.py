"""Draws from the hazard: frequencies against the closed form, seeds, the ends of the scale, what is asked beside."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ytterby.errors import FactError
from ytterby.influence import chances, draws, hazard

YEARS = range(2026, 2036)
ASKED = ("CHN", "USA", "gallium")
MANY = 20_000


@pytest.fixture(scope="module")
def shipped(base):
    return hazard(base)


@pytest.fixture(scope="module")
def many(shipped):
    return draws(1, MANY, shipped, [ASKED, ("CHN", "JPN", "gallium"), ("CHN", "USA", "tungsten")], YEARS)


def test_frequencies_match_the_posterior(shipped, many):
    """P(start by t) = 1 - (b / (b + t))^a (b' / (b' + t))^a', the rates being Gamma; bound: four standard errors."""
    parts = shipped.parts(*ASKED)
    rows = [row for row in chances(many, YEARS) if row.importer == "USA" and row.mineral == "gallium"]
    for years, row in enumerate(rows, 1):
        exact = 1 - math.prod((r.inverse_scale / (r.inverse_scale + years)) ** r.shape for r in parts)
        assert abs(row.by_then - exact) < 4 * math.sqrt(exact * (1 - exact) / MANY)
        assert row.low < exact < row.high
    assert sum(row.starts for row in rows) == pytest.approx(rows[-1].by_then)


def test_known_rates_give_the_geometric_chances(shipped, certain):
    """With rates of 0.1 and 0.05 a year brings a start with 1 - exp(-0.15)."""
    found = draws(3, MANY, certain(shipped, 0.1, 0.05), [ASKED], YEARS)
    for number, year in enumerate(YEARS):
        exact = math.exp(-0.15 * number) * -math.expm1(-0.15)
        assert (found.first == year).mean() == pytest.approx(exact, abs=4 * math.sqrt(exact / MANY))
    assert (found.everyone > 0).mean() == pytest.approx(1 - math.exp(-1), abs=0.015)
    assert (found.aimed > 0).mean() == pytest.approx(1 - math.exp(-0.5), abs=0.015)


def test_a_hazard_of_nothing_draws_nothing(shipped, certain):
    assert not draws(5, 500, certain(shipped, 0.0, 0.0), [ASKED], YEARS).first.any()


def test_a_certain_hazard_starts_in_the_first_year(shipped, certain):
    assert (draws(5, 500, certain(shipped, 1e9, 0.0), [ASKED], YEARS).first == YEARS[0]).all()


def test_a_restriction_towards_everyone_hits_all_importers_at_once(many):
    assert (many.everyone[:, 0] == many.everyone[:, 1]).all()
    assert many.everyone[:, 0].any()
    assert (many.everyone[:, 0] != many.everyone[:, 2]).any()


def test_minerals_of_a_class_move_together(shipped, many):
    assert shipped.parts(*ASKED)[0] == shipped.parts("CHN", "USA", "tungsten")[0]
    assert (many.rate_everyone[:, 0] == many.rate_everyone[:, 2]).all()
    assert np.corrcoef(many.first[:, 0] > 0, many.first[:, 2] > 0)[0, 1] > 0.02


def test_draws_repeat_with_their_seed_and_differ_without(shipped):
    one, two, other = (draws(seed, 200, shipped, [ASKED], YEARS).first for seed in (5, 5, 6))
    assert (one == two).all()
    assert (one != other).any()


def test_more_questions_years_and_draws_move_nothing(shipped):
    few = draws(5, 200, shipped, [ASKED], YEARS[:5]).first[:, 0]
    more = draws(5, 300, shipped, [("AUS", "USA", "lithium"), ASKED], YEARS).first[:200, 1]
    assert (few == np.where(more <= YEARS[4], more, 0)).all()


def test_who_supplies_nothing_is_refused(shipped):
    with pytest.raises(FactError, match="galium"):
        draws(5, 1, shipped, [("CHN", "USA", "galium")], YEARS)

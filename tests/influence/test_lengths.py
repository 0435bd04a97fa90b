"""How long restrictions last: ends against years in force, and lengths drawn from them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from ytterby.errors import FactError
from ytterby.influence import hazard, lengths
from ytterby.influence.lengths import BANS, CLASSES, lifted, spells
from ytterby.influence.rates import alone

ASKED = ("CHN", "USA", "rare_earths")


@pytest.fixture(scope="module")
def shipped(base):
    return hazard(base)


def test_every_act_counts_once_and_for_as_long_as_it_was_in_force(base, shipped):
    found = {one.id: one for one in spells(base, shipped.restrictions, shipped.years[1])}
    assert len(found) == len({one.id for one in shipped.restrictions})
    ban = found["CHN-2024-USBAN"]
    assert (ban.name, ban.ended, ban.basis) == (BANS, True, "end-CHN-2024-USBAN")
    assert ban.years == pytest.approx(341 / 365.25)
    open_ban = found["IDN-2020-NI"]
    assert not open_ban.ended
    assert open_ban.years == pytest.approx(6, abs=0.01)


def test_rates_are_ends_over_years_with_jeffreys_prior(base, shipped):
    of = spells(base, shipped.restrictions, shipped.years[1])
    assert set(shipped.ends) == set(CLASSES)
    for name, rate in shipped.ends.items():
        own = [one for one in of if one.name == name]
        assert (rate.restrictions, rate.exposed) == (sum(o.ended for o in own), sum(o.years for o in own))
        assert rate.value == pytest.approx((rate.restrictions + 0.5) / rate.exposed)
        assert rate.low < rate.value < rate.high
    ends = {row["id"] for row in base.rows("policy_ends")}
    assert ends <= set(shipped.basis)


def test_an_end_after_the_last_full_year_is_not_seen(base, shipped):
    """In 2024 the ban on the United States stood, and nothing was known of its end."""
    then = {one.id: one for one in spells(base, shipped.restrictions[:-1], 2024)}
    assert not then["CHN-2024-USBAN"].ended
    assert then["CHN-2024-USBAN"].years == pytest.approx(28 / 365.25)


def test_more_ends_make_stops_shorter(base, shipped, altered):
    row = {**base.rows("policy_ends")[0], "id": "end-test", "policy": "IDN-2020-NI", "until": "2021"}
    more, basis = lifted(altered(policy_ends=[row]), shipped.restrictions, shipped.years[1])
    assert more[BANS].value > shipped.ends[BANS].value
    assert "end-test" in basis


def test_an_end_before_the_beginning_is_refused(base, altered):
    row = {**base.rows("policy_ends")[0], "id": "end-test", "policy": "IDN-2020-NI", "until": "2019"}
    with pytest.raises(FactError, match="row end-test column until: found 2019"):
        hazard(altered(policy_ends=[row]))


def test_lengths_follow_the_rate(shipped):
    """With a known rate of a half a year: rounded waits, at least one year."""
    known = replace(shipped, ends={BANS: replace(alone(BANS, 1, 2.0), shape=1e12, inverse_scale=2e12)})
    drawn = lengths(3, 20_000, known, ASKED)
    assert drawn.shape == (20_000, 2)
    assert drawn.min() == 1
    assert (drawn == 1).mean() == pytest.approx(1 - math.exp(-0.75), abs=0.01)
    assert abs(np.corrcoef(drawn[:, 0], drawn[:, 1])[0, 1]) < 0.03


def test_lengths_repeat_with_their_seed_and_are_for_good_without_a_record(shipped):
    one, two, other = (lengths(seed, 50, shipped, ASKED) for seed in (5, 5, 6))
    assert (one == two).all()
    assert (one != other).any()
    assert (lengths(5, 20, shipped, ASKED) == one[:20]).all()
    assert not lengths(5, 3, replace(shipped, ends={}), ASKED).any()

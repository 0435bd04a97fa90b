"""What pledges would change: which indicator, over which years, and never less with more realised."""

from __future__ import annotations

import pytest

from ytterby.influence import Interval, Promise, pledge_effects

EXPECTED = Interval(1e9, 2e9, 3e9)


def promise(kind="purchase", givers=("KAZ",), receivers=("USA",), horizon=2035, id_="P"):
    return Promise(id_, 2025, givers, receivers, kind, 10e9, EXPECTED, horizon, ("R",))


def one(base, *promises):
    effects, left = pledge_effects(base, promises, ("KAZ", "UZB"))
    return effects, left


def test_a_purchase_adds_to_trade_year_by_year(base):
    ((effect,), left) = one(base, promise())
    assert left == []
    assert (effect.country, effect.power, effect.indicator) == ("KAZ", "USA", "trade")
    assert effect.full == pytest.approx(1e9)
    assert effect.added == pytest.approx((1e8, 2e8, 3e8))
    assert effect.before.value == 3.4e9
    assert {"P", "R", *effect.before.basis} < set(effect.basis)


def test_more_realised_is_never_a_smaller_share(base):
    ((effect,), _) = one(base, promise())
    before, expected, full = effect.share_before, effect.share_expected, effect.share_full
    assert before is not None
    assert expected is not None
    assert full is not None
    for ends in zip(before, expected, full, strict=True):
        assert list(ends) == sorted(ends)
        assert ends[0] < ends[2]


@pytest.mark.parametrize(
    ("kind", "indicator", "years"),
    [
        ("investment", "investment_inflow", 10),
        ("grant", "aid", 10),
        ("loan", "debt", 1),
        ("offtake", "trade", 10),
    ],
)
def test_the_kind_says_which_indicator(base, kind, indicator, years):
    ((effect,), _) = one(base, promise(kind, ("USA",), ("KAZ",)))
    assert effect.indicator == indicator
    assert effect.full == pytest.approx(10e9 / years)


def test_without_horizon_the_stated_years_count(base, altered):
    row = base.rows("parameters", name="influence.pledge_years")[0]
    ((effect,), _) = one(altered(parameters=[{"id": row["id"], "value": 4.0}]), promise(horizon=None))
    assert effect.full == pytest.approx(2.5e9)
    assert row["id"] in effect.basis


def test_pledges_of_a_pair_add_up(base):
    ((effect,), _) = one(base, promise(id_="P1"), promise(id_="P2"))
    assert effect.pledges == ("P1", "P2")
    assert effect.full == pytest.approx(2e9)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (promise("mou", ("USA",), ("KAZ",)), "kind mou"),
        (promise("investment", ("UZB",), ("USA",)), "kind investment by UZB"),
        (promise("loan", ("CHN",), ("KAZ", "UZB")), "several states"),
        (promise("purchase", ("JPN",), ("USA",)), "not between"),
    ],
)
def test_what_touches_nothing_says_why(base, given, reason):
    effects, (left,) = one(base, given)
    assert effects == []
    assert reason in left.reason

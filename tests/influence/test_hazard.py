"""The hazard of restrictions: which rows count, rates and their intervals, years left out, outlook."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from ytterby.errors import FactError
from ytterby.influence import gains, hazard, outlook, scores
from ytterby.influence.exposure import Distances, Supplier
from ytterby.influence.hazard import AIMED, EVERYONE, Tally, tally_aimed, tally_everyone
from ytterby.influence.rates import constant, fit, weight
from ytterby.influence.restrictions import Restriction, restrictions

RULES = {"first_year": 2010, "far_votes": 1.5, "far_governance": 1.2}
YEARS = range(2000, 2040)


@pytest.fixture(scope="module")
def shipped(base):
    return hazard(base)


# ------------------------------------------------------------------------------------------------- which rows count


def test_elements_count_for_their_group_and_each_act_once(shipped):
    april = [r for r in shipped.restrictions if r.id == "CN-2025-04-CONTROL"]
    assert [(r.mineral, r.year, r.importer) for r in april] == [("rare_earths", 2025, None)]


def test_what_does_not_count_says_why(base, shipped):
    kinds = {base.row(r.id)["kind"] for r in shipped.restrictions}
    assert kinds <= {"export_ban", "export_licence", "export_quota", "export_tax"}
    reasons = {one.reason for one in shipped.left_out}
    assert {"unconfirmed", "starts after 2025"} <= reasons
    assert not {r.id for r in shipped.restrictions} & {one.id for one in shipped.left_out if not one.mineral}


def policy(base, **changes):
    row = next(r for r in base.rows("policies") if r["kind"] == "export_ban" and r["targets"] == ("WLD",))
    return {**row, "commodities": ("gallium",), **changes}


@pytest.mark.parametrize(("lifted", "counts"), [(False, False), (True, True)])
def test_a_ban_on_one_after_a_ban_on_all_counts_only_once_it_was_lifted(base, altered, lifted, counts):
    rows = [
        policy(base, id="t1", date="2016-01-01", country="AUS"),
        policy(base, id="t2", date="2018-01-01", country="AUS", targets=("USA",)),
    ]
    if lifted:
        rows.append(policy(base, id="t3", date="2017-01-01", country="AUS", kind="relaxation"))
    found, left = restrictions(altered(policies=rows), {"gallium"}, 2025)
    assert ("t2" in {r.id for r in found}) == counts
    assert ("t2" in {one.id for one in left}) != counts


# ------------------------------------------------------------------------------------------------------------ rates


def test_a_known_rate_is_found_again():
    """600 suppliers over 40 years at rates 0.02 and 0.002: the intervals hold them, the means come near."""
    rng = np.random.default_rng(7)
    of = [Supplier(f"E{i}", "m", 0.5, "dominant" if i < 200 else "minor") for i in range(600)]
    true = {"dominant": 0.02, "minor": 0.002}
    counted = [
        Restriction(f"{one.exporter}-{year}", one.exporter, None, "m", year, "export_ban")
        for one in of
        for year in YEARS
        if rng.random() < -math.expm1(-true[one.dominance])
    ]
    rates = fit(tally_everyone(of, counted, YEARS).sums(YEARS), 0.1)
    for (dominance, before), rate in rates.items():
        if dominance in true and rate.exposed > 100:
            assert rate.low < true[dominance] < rate.high, (dominance, before)
    first = rates["dominant", "never restricted"]
    assert first.value == pytest.approx(true["dominant"], rel=0.25)


def test_few_years_make_wide_intervals():
    sums = {("a", ""): (1, 10.0), ("b", ""): (100, 1000.0)}
    few, many = fit(sums, 0.1).values()
    assert few.value == pytest.approx(many.value, rel=0.05)
    assert few.high - few.low > 5 * (many.high - many.low)


def test_a_class_never_exposed_has_the_constant_rate():
    sums = {("a", ""): (5, 100.0), ("b", ""): (0, 0.0)}
    assert fit(sums, 0.1)["b", ""].value == pytest.approx(constant(sums))


def test_alike_classes_are_drawn_together_and_unlike_ones_are_not():
    """Poisson counts of one rate against the mean ask for a great weight, rates three orders apart for a small one."""
    rng = np.random.default_rng(11)
    alike = {(str(n), ""): (int(rng.poisson(20)), 1000.0) for n in range(12)}
    apart = {(str(n), ""): (int(rng.poisson(1000 * 10.0 ** -(n % 4))), 1000.0) for n in range(12)}
    assert weight(alike) > 10
    assert weight(apart) < 1


def test_the_weight_that_made_the_rates_is_found_again():
    rng = np.random.default_rng(12)
    rates = rng.gamma(0.5, 0.02 / 0.5, 400)
    sums = {(str(n), ""): (int(rng.poisson(2000 * rate)), 2000.0) for n, rate in enumerate(rates)}
    assert weight(sums) == pytest.approx(0.5, rel=0.15)


def test_no_restriction_at_all_is_a_small_rate_and_no_zero():
    rates = fit({("a", ""): (0, 100.0)}, 0.1)
    assert 0 < rates["a", ""].value < 0.01


def test_pairs_far_apart_are_told_from_near_ones():
    apart = Distances({"A": 0.0, "B": 2.0}, {"A": 0.0, "C": 0.5}, RULES)
    assert apart.between("A", "B") == ("far", "votes")
    assert apart.between("A", "C") == ("near", "governance")
    assert apart.between("A", "D") == ("distance unknown", "nothing")
    of = [Supplier("A", "m", 0.5, "dominant")]
    counted = [Restriction("r", "A", "B", "m", 2001, "export_ban")]
    sums = tally_aimed(of, counted, range(2000, 2003), ("A", "B", "C"), apart).sums(range(2000, 2003))
    assert sums["never restricted", "far"] == (1, 3.0)
    assert sums["never restricted", "near"] == (0, 3.0)


# --------------------------------------------------------------------------------------------------- years left out


def test_true_classes_score_better_on_years_left_out(shipped):
    rng = np.random.default_rng(3)
    exposed = {((name, ""), year): 200.0 for name in ("calm", "wild") for year in range(2000, 2020)}
    events = {at: int(rng.poisson(200 * (0.05 if at[0][0] == "wild" else 0.002))) for at in exposed}
    simulated = replace(shipped, tallies={EVERYONE: Tally(events, exposed)})
    for total, better, years in gains(scores(simulated)).values():
        assert total > 0
        assert better > years / 2


def test_a_year_left_out_has_no_say_in_its_own_score(shipped):
    """A calm year scores minus rate times exposure: ten times as much exposure, ten times the score, as the rates stay."""
    tally = shipped.tallies[EVERYONE]
    year = tally.years[-1]
    events = {at: 0 if at[1] == year else k for at, k in tally.events.items()}

    def scored(times):
        exposed = {at: n * times if at[1] == year else n for at, n in tally.exposed.items()}
        found = scores(replace(shipped, tallies={EVERYONE: Tally(events, exposed)}))
        return [(s.classes, s.constant) for s in found if s.year == year]

    assert scored(10) == [pytest.approx((10 * classes, 10 * flat)) for classes, flat in scored(1)]


def test_the_score_is_the_logarithm_of_what_was_said(shipped):
    """Two years, one class, one unit each: the left-out year's score is that of the other year's rate."""
    tally = Tally({(("a", ""), 1): 1, (("a", ""), 2): 0}, {(("a", ""), 1): 2.0, (("a", ""), 2): 2.0})
    found = scores(replace(shipped, tallies={EVERYONE: tally}))
    score = next(s for s in found if s.year == 2)
    assert score.constant == pytest.approx(-2 * 0.5)


def test_classes_beat_the_constant_rate_on_the_shipped_restrictions(shipped):
    """For restrictions towards everyone; for those aimed at one importer the few acts show no gain."""
    found = gains(scores(shipped))
    assert found[EVERYONE, "left out"][0] > 10
    assert found[EVERYONE, "only earlier years"][0] > 10
    assert found[AIMED, "only earlier years"][0] < 1


# --------------------------------------------------------------------------------------------------------- outlook


def test_a_dominant_supplier_that_restricted_before_is_likelier(base, shipped):
    found = {o.mineral: o for o in outlook(base, shipped, "CHN", "USA", None, 5)}
    known = [o for o in found.values() if (o.dominance, o.before) == ("dominant", "restricted before")]
    new = [o for o in found.values() if (o.dominance, o.before) == ("minor", "never restricted")]
    assert min(o.year.value for o in known) > 10 * max(o.year.value for o in new)


def test_on_a_date_before_anything_was_known_there_is_no_hazard(altered):
    nothing = replace(altered(), as_of="2009-01-01")
    with pytest.raises(FactError, match="later date"):
        hazard(nothing)


@pytest.mark.parametrize(
    ("exporter", "importer", "mineral", "remedy"),
    [
        ("CHM", "USA", None, "CHN"),
        ("CHN", "USB", None, "USA"),
        ("CHN", "USA", "galium", "gallium"),
        ("KAZ", "USA", "cobalt", "bauxite"),
    ],
)
def test_who_supplies_nothing_is_refused(base, shipped, exporter, importer, mineral, remedy):
    with pytest.raises(FactError) as raised:
        outlook(base, shipped, exporter, importer, mineral, 5)
    assert remedy in raised.value.allowed

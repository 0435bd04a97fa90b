# SPDX-License-Identifier: Apache-2.0
"""A larger claim is never more supported, whatever the facts are: for every rule whose statements say how much."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.claims import SUPPORT, check
from ytterby.claims.weighing import CERTAINTY

DEGREE = {str(outcome): held for outcome, held in SUPPORT.items()} | {"not_yet_due": 2}
"""A pledge or event that is borne so far is not due."""
AMOUNTS = st.lists(st.floats(0.01, 100.0), min_size=1, max_size=3)
TWO = st.lists(st.floats(0.01, 100.0), min_size=2, max_size=2, unique=True).map(sorted)
AS_MUCH = st.sampled_from(["equals", "at_least", "more"])
CASPIAN = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
LEVELS = ("business", "minister", "head_of_state")


@pytest.fixture(scope="module")
def degree(facts, row, solved):
    """How far a statement is borne by some rows."""

    def of(statement, **tables):
        weights = tables.pop("weights", {})
        verdict = check(row("statements", **statement), facts(**tables), solved(**weights)).verdict
        assert verdict in DEGREE, verdict
        return DEGREE[verdict]

    return of


def amounts(unit, **cells):
    return {"unit": unit, "subjects": ("KAZ",), **cells}


QUANTITIES = [
    (amounts("t", asserts="quantity", measure="deposit", place="here"),
     lambda found: {"deposits": [{"contained_t": value} for value in found]}),
    (amounts("t", asserts="quantity", measure="reserve", commodities=("rare_earths",)),
     lambda found: {"reserves": [{"country": "KAZ", "value": value} for value in found]}),
    (amounts("ratio", asserts="comparison", measure="deposit", object_measure="reserve", objects=("CHN",)),
     lambda found: {"deposits": [{"contained_t": value} for value in found], "reserves": [{"value": 3.0}, {"value": 4.0}]}),
    (amounts("ratio", asserts="comparison", measure="trade", subjects=("RUS",), objects=("USA",), partners=("KAZ",)),
     lambda found: {"ties": [
         *({"power": "RUS", "measure": f"goods trade turnover ({n})", "unit": "USD", "value": v} for n, v in enumerate(found)),
         {"power": "USA", "measure": "goods trade turnover", "unit": "USD", "value": 2.0},
     ]}),
    (amounts("USD", asserts="pledge", objects=("USA",), horizon_year=2035),
     lambda found: {"pledges": [{"givers": ("KAZ",), "amount": value, "horizon_year": 2035} for value in found]}),
    (amounts("USD", asserts="pledge", objects=("USA",)),
     lambda found: {"pledges": [
         {"givers": ("KAZ",), "amount": value, "part_of": ("pledges-1",) if number else None}
         for number, value in enumerate(found)
     ]}),
    (amounts("USD", asserts="pledge", objects=("USA",), horizon_year=2025, sectors=("mixed",)),
     lambda found: {"pledges": [
         {"givers": ("KAZ",), "amount": v, "realised_amount": v / 2, "horizon_year": 2025} for v in found
     ]}),
]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(QUANTITIES), AMOUNTS, TWO, AS_MUCH)
def test_of_two_figures_the_larger_is_not_borne_better(degree, kind, found, values, comparator):
    statement, tables = kind
    less, more = (
        degree({**statement, "value": value, "comparator": comparator}, **tables(found)) for value in values
    )
    assert more <= less


def test_a_pledge_half_kept_bears_neither_of_its_records(degree):
    """The larger claim meets one record alone, the smaller both: what was realised bears neither."""
    statement, tables = QUANTITIES[-1]
    for value in (2.0, 3.0):
        assert degree({**statement, "value": value, "comparator": "equals"}, **tables([2.0, 3.0])) == 0


@settings(max_examples=25, deadline=None)
@given(AMOUNTS, st.floats(0.01, 100.0), st.lists(st.sampled_from(sorted(CERTAINTY)), min_size=3, max_size=3))
def test_a_more_certain_class_is_not_borne_better(degree, found, value, classes):
    held, *claimed = classes
    less, more = sorted(claimed, key=lambda name: CERTAINTY[name])
    statement = amounts(
        "t", asserts="quantity", measure="deposit", place="here", value=value, comparator="equals"
    )
    rows = [{"contained_t": tonnes, "resource_class": held} for tonnes in found]
    assert degree({**statement, "resource_class": more}, deposits=rows) <= degree(
        {**statement, "resource_class": less}, deposits=rows
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(1.0, 9.0), min_size=5, max_size=5), st.integers(1, 4))
def test_a_better_place_is_not_borne_better(degree, outputs, place):
    statement = amounts("rank", asserts="rank", measure="gdp", among=("CA5",))
    rows = [{"country": code, "gdp_usd": value} for code, value in zip(CASPIAN, outputs, strict=True)]
    low, high = (
        degree({**statement, "value": float(value)}, country_profile=rows) for value in (place, place + 1)
    )
    assert low <= high


EVENT = st.fixed_dictionaries({
    "date": st.sampled_from(["2013-02-01", "2015-09-27", "2016"]), "targets": st.just(("KAZ",)),
    "level": st.sampled_from(LEVELS), "effect": st.sampled_from(["meets", "plans"]),
})  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(
    st.lists(EVENT, min_size=1, max_size=3),
    st.integers(0, 1),
    st.booleans(),
    st.sampled_from(["in", "by", "from"]),
)
def test_a_higher_level_or_being_first_is_not_borne_better(degree, events, level, first, timing):
    statement = {
        "asserts": "event", "subjects": ("USA",), "objects": ("KAZ",), "kinds": ("summit",), "effect": "meets",
        "horizon_year": 2015, "timing": timing, "first": first, "level": LEVELS[level],
    }  # fmt: skip
    plain = degree(statement, events=events)
    if not first:
        assert degree({**statement, "level": LEVELS[level + 1]}, events=events) <= plain
    assert degree({**statement, "first": True}, events=events) <= plain


ENDS = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)


@settings(max_examples=30, deadline=None)
@given(ENDS, ENDS, st.one_of(st.none(), ENDS))
def test_behind_more_powers_is_not_borne_better(degree, ours, rival, another):
    weights = {"USA": ours, "RUS": rival} | ({"CHN": another} if another else {})
    statement = {"asserts": "standing", "subjects": ("USA",), "objects": ("KAZ",)}
    fewer, more = (
        degree({**statement, "than": than}, weights=weights) for than in (("RUS",), ("RUS", "CHN"))
    )
    assert more <= fewer

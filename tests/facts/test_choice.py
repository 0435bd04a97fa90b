"""Choice: the named rules, the range, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.errors import FactError
from ytterby.facts import choose


def row(name, value, confidence="official", known="2025-01-31", **more):
    return {
        "id": name,
        "value": value,
        "low": None,
        "high": None,
        "unit": "t",
        "content": "REO",
        "resource_class": None,
        "confidence": confidence,
        "known": known,
        "as_of": None,
    } | more


def test_confidence_goes_before_date():
    rows = [row("a", 1, "reported", "2026-01-01"), row("b", 2), row("c", 3, "estimated", "2026-02-01")]
    choice = choose(rows)
    assert (choice.value, choice.low, choice.high, choice.unit) == (2, 1, 3, "t")
    assert choice.basis == ("b", "a", "c")
    assert choice.rule == "best-confidence-newest"


def test_newest_among_equals_then_row_date_then_id():
    assert choose([row("a", 1), row("b", 2, known="2026-01-01")]).basis[0] == "b"
    assert choose([row("a", 1, as_of="2024"), row("b", 2, as_of="2025")]).basis[0] == "b"
    assert choose([row("b", 1), row("a", 2)]).basis[0] == "a"
    assert choose([row("a", 1, known=None), row("b", 2)]).basis[0] == "b"


def test_unconfirmed_rows_count_only_alone():
    assert choose([row("a", 5), row("b", 900, "unconfirmed")]).high == 5
    assert choose([row("a", 5), row("b", 900, "unconfirmed")]).basis == ("a",)
    alone = choose([row("a", 5, "unconfirmed"), row("b", 900, "unconfirmed")])
    assert (alone.low, alone.high, len(alone.basis)) == (5, 900, 2)
    withheld = choose([row("a", None, state="withheld"), row("b", 900, "unconfirmed")])
    assert withheld.basis == ("b", "a")


def test_ranges_and_bounds_widen_the_range():
    rows = [row("a", 10, low=8, high=12), row("b", None, state="less_than", high=20)]
    choice = choose(rows)
    assert (choice.value, choice.low, choice.high, choice.basis) == (10, 8, 20, ("a", "b"))


@pytest.mark.parametrize(("rule", "chosen"), [("newest", "c"), ("lowest", "a"), ("highest", "b")])
def test_other_rules(rule, chosen):
    rows = [row("a", 1), row("b", 3), row("c", 2, "estimated", "2026-01-01")]
    choice = choose(rows, rule=rule)
    assert (choice.basis[0], choice.rule) == (chosen, rule)
    assert (choice.low, choice.high) == (1, 3)


def test_another_column_has_its_own_unit():
    rows = [row("a", 1, grade=0.02), row("b", 2, grade=0.03)]
    choice = choose(rows, "grade", rule="highest")
    assert (choice.value, choice.low, choice.high, choice.unit) == (0.03, 0.02, 0.03, None)
    assert choose([row("a", 1, capacity=5, capacity_published=5)], "capacity").unit == "t"


@pytest.mark.parametrize(
    ("column", "other"),
    [
        ("unit", "kt"),
        ("content", "metal"),
        ("content", None),
        ("resource_class", "inferred"),
        ("commodity", "nd"),
        ("stage", "refinery"),
        ("measure", "quota"),
    ],
)
def test_kinds_never_mix(column, other):
    first = row("a", 1, commodity="dy", stage="mine", measure="output")
    with pytest.raises(FactError, match=rf"choice column {column}: found .* in a, .* in b"):
        choose([first, first | {"id": "b", column: other}])


def test_rows_of_two_relations_may_lack_a_column():
    assert choose([row("a", 1, measure="output"), row("b", 2)]).value == 1


@pytest.mark.parametrize("rows", [[], [row("a", None)]])
def test_no_number_is_an_error(rows):
    with pytest.raises(FactError, match="choice of value: found no number"):
        choose(rows)


def test_unknown_rule():
    with pytest.raises(
        FactError, match=r'rule "averge" \(allowed: best-confidence-newest, newest, lowest, highest\)'
    ):
        choose([row("a", 1)], rule="averge")


@given(
    st.lists(
        st.tuples(
            st.floats(0, 1e9),
            st.sampled_from(["official", "reported", "estimated", "unconfirmed"]),
            st.sampled_from([None, "2024-12-31", "2025-12-31"]),
        ),
        min_size=1,
        max_size=8,
    ),
    st.randoms(),
    st.sampled_from(["best-confidence-newest", "newest", "lowest", "highest"]),
)
def test_order_of_rows_does_not_matter(entries, random, rule):
    rows = [row(f"r-{number}", *entry) for number, entry in enumerate(entries)]
    mixed = random.sample(rows, len(rows))
    first, second = choose(rows, rule=rule), choose(mixed, rule=rule)
    assert (first.value, first.low, first.high, first.basis[0]) == (
        second.value,
        second.low,
        second.high,
        second.basis[0],
    )
    assert first.low <= first.value <= first.high
    assert sorted(first.basis) == sorted(set(first.basis)) == sorted(second.basis)

"""Rates against textbook values, sums that count nothing twice, amounts that follow the rows, sentences that follow the sums."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.claims.pledges import STEPS, Book, Line
from ytterby.claims.rates import Study, log_likelihood, posterior, study
from ytterby.claims.worth import amount, assess, worth
from ytterby.errors import FactError

RATS = """0/20 0/20 0/20 0/20 0/20 0/20 0/20 0/19 0/19 0/19 0/19 0/18 0/18 0/17 1/20 1/20 1/20 1/20 1/19 1/19 1/18 1/18
2/25 2/24 2/23 2/20 2/20 2/20 2/20 2/20 2/20 1/10 5/49 2/19 5/46 3/27 2/17 7/49 7/47 3/20 3/20 2/13 9/48 10/50 4/20 4/20
4/20 4/20 4/20 4/20 4/20 10/48 4/19 4/19 4/19 5/22 11/46 12/49 5/20 5/20 6/23 5/19 6/22 6/20 6/20 6/20 16/52 15/47 15/46
9/24 4/14"""


def changed(base, relation, **changes):
    """The facts with some cells of a relation changed: row id -> {column: value}."""
    rows = tuple({**row, **changes.get(row["id"].replace("-", "_"), {})} for row in base.tables[relation])
    return replace(base, tables={**base.tables, relation: rows})


@pytest.fixture(scope="module")
def book(base):
    return Book(base)


# ------------------------------------------------------------------------------------------------------------ rates


def test_rat_tumours_of_gelman_et_al():
    """Bayesian Data Analysis 3, section 5.3: E(alpha|y) = 2.4, E(beta|y) = 14.3 for 71 groups of rats."""
    studies = [Study(str(i), *map(float, pair.split("/"))) for i, pair in enumerate(RATS.split())]
    found = posterior(studies)
    assert len(studies) == 71
    assert float(np.sum(found.weight * found.alpha)) == pytest.approx(2.4, abs=0.15)
    assert float(np.sum(found.weight * found.beta)) == pytest.approx(14.3, abs=0.8)


def test_a_fixed_beta_is_updated_as_the_textbook_says():
    """Two successes of three under Beta(1, 1): probability 1/12 for a given order, B(3, 2)."""
    one = log_likelihood(Study("a", 2, 3), np.array([1.0]), np.array([1.0]))
    assert np.exp(one) == pytest.approx([1 / 12])
    bound = log_likelihood(Study("b", below=0.1), np.array([1.0]), np.array([1.0]))
    assert np.exp(bound) == pytest.approx([0.1])


def width(studies):
    draws = posterior(studies).draws(np.random.default_rng(1), 4000)
    return np.subtract(*np.percentile(draws, (95, 5)))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.8])
def test_fewer_cases_never_narrow_the_interval(share):
    widths = [width([Study("a", share * n, n)]) for n in (10, 40, 160)]
    assert widths[0] > widths[1] - 0.02
    assert widths[1] > widths[2] - 0.02
    assert widths[0] > widths[2]


def test_fewer_studies_widen_the_interval():
    assert width([Study("a", 30, 100)]) > width([Study(str(i), 30, 100) for i in range(6)])


def test_without_evidence_anything_is_possible():
    found = posterior([])
    assert found.mean == pytest.approx(0.5)
    assert width([]) > 0.85


def test_a_share_of_zero_needs_counts(base):
    row = next(row for row in base.rows("realisation") if row["state"] == "zero")
    with pytest.raises(FactError, match="without counts"):
        study({**row, "trials": None, "successes": None})
    with pytest.raises(FactError, match="at most the trials"):
        study({**row, "trials": 3, "successes": 4})


def test_every_realisation_row_has_a_use_with_a_reason(base):
    used = {row["realisation"] for row in base.rows("realisation_uses")}
    assert used == {row["id"] for row in base.rows("realisation")}


# ------------------------------------------------------------------------------------------------- the amounts of a row


def test_a_later_status_never_lowers_what_is_expected(book):
    for name, row in book.classes.items():
        if row["kind"] == "pledge":
            rates = [book.rate(name, status) for status in STEPS]
            for before, after in itertools.pairwise(rates):
                assert np.all(after >= before - 1e-12)


def test_more_realised_never_lowers_what_is_expected(book):
    line = next(line for line in book.lines(headline="P003"))
    figures = [
        book.expected(replace(line, realised=share * line.announced)).mean() for share in (0, 0.2, 0.9, 1)
    ]
    assert figures == sorted(figures)
    assert figures[-1] == line.announced


def test_lapsed_and_delivered_are_worth_what_is_realised(book):
    for pledge in book.pledges.values():
        if pledge.announced is not None and pledge.status in {"lapsed", "delivered"}:
            line = Line(pledge, pledge.announced, 0.0, pledge.realised, False, ())
            found = book.expected(line)
            assert (found is None) == (pledge.status == "delivered" and pledge.realised is None)
            assert found is None or found.mean() == (pledge.realised or 0.0)


def test_commitment_follows_status_and_class(base, book):
    row = next(row for row in base.rows("pledges") if row["id"] == "P011")
    assert book.pledges["P011"].committed == row["amount"]
    assert Book(changed(base, "pledges", P011={"status": "announced"})).pledges["P011"].committed == 0
    assert Book(changed(base, "pledges", P011={"class": "memorandum"})).pledges["P011"].committed == 0
    assert book.pledges["P001"].committed_rule == "stated"


def test_a_status_of_a_later_date_is_not_known_before(base):
    early = Book(replace(base, as_of="2015-01-01"))
    assert {p.status for p in early.pledges.values() if p.note} == {"announced"}
    assert early.pledges["P053"].status == "announced"


# ---------------------------------------------------------------------------------------------------------------- sums


def figure(total):
    """(low, expected, high) of a total that has them."""
    found = (total.low, total.expected, total.high)
    assert None not in found
    return found


@st.composite
def forests(draw):
    count = draw(st.integers(2, 9))
    amounts = draw(st.lists(st.integers(1, 100), min_size=count, max_size=count))
    parents = [draw(st.none() | st.integers(0, i - 1)) if i else None for i in range(count)]
    return amounts, parents


@settings(max_examples=25, deadline=None)
@given(forests())
def test_headline_and_items_are_never_both_counted(base, forest):
    amounts, parents = forest
    template = next(row for row in base.rows("pledges") if row["id"] == "P030")
    rows = tuple(
        {
            **template, "id": f"X{i}", "amount": float(size), "superseded_by": None,
            "part_of": None if parent is None else (f"X{parent}",),
        }
        for i, (size, parent) in enumerate(zip(amounts, parents, strict=True))
    )  # fmt: skip
    book = Book(replace(base, tables={**base.tables, "pledges": rows}))

    def size(i):
        return max(amounts[i], sum(size(j) for j, parent in enumerate(parents) if parent == i))

    lines = book.lines()
    roots = [i for i, parent in enumerate(parents) if parent is None]
    assert sum(line.announced for line in lines) == sum(map(size, roots))
    assert len({line.pledge.id for line in lines}) == len(lines)
    assert all(line.announced > 0 for line in lines)


def test_units_are_never_added(base):
    for total in worth(base, by="giver").groups:
        lines = [pledge for pledge in Book(base).pledges.values() if pledge.id in total.basis]
        assert total.unit in {pledge.unit for pledge in lines}
    units = [total.unit for total in worth(base, by="sector").totals]
    assert len(units) == len(set(units))


def test_groups_add_up_to_the_total(base):
    for by in ("giver", "receiver", "sector"):
        found = worth(base, by=by)
        for total in found.totals:
            parts = [group for group in found.groups if group.unit == total.unit]
            for column in ("announced", "committed", "realised"):
                assert sum(getattr(p, column) for p in parts) == pytest.approx(getattr(total, column))
            if total.expected is not None and not total.missing:
                assert sum(figure(p)[1] for p in parts) == pytest.approx(figure(total)[1])


def test_a_headline_is_worth_its_items_and_its_rest(base):
    (total,) = worth(base, headline="P030").totals
    assert total.announced == 100e9
    low, expected, high = figure(total)
    assert 0 < low < expected < high < total.announced
    cut = worth(changed(base, "pledges", P032={"status": "lapsed"}), headline="P030").totals[0]
    assert figure(cut)[1] < expected
    assert cut.committed == total.committed - 8.5e9


def test_a_better_record_raises_what_is_expected(base):
    better = changed(base, "realisation", real_0016={"successes": 25, "value": 25 / 26})
    before, after = (figure(worth(facts, headline="P030").totals[0])[1] for facts in (base, better))
    assert after > before


def test_sentences_say_the_columns(base):
    for found in (worth(base, headline="P030"), worth(base, headline="P025"), worth(base, by="giver")):
        for total, text in zip(found.totals, found.sentences, strict=True):
            for column in ("announced", "committed", "realised", "expected", "low", "high"):
                value = getattr(total, column)
                assert value is None or amount(value) in text
            assert ("exceed" in text) == (total.excess > 0)


def test_size_against_the_givers_means(base):
    found = {one.pledge.id: one for one in assess(base)}
    assert found["P030"].share_of_gdp == pytest.approx(100 / 114.965, rel=1e-6)
    assert found["P029"].yearly_over_trade == pytest.approx(35e9 / 3 / 881.7e6)
    assert "investment of the giver in the receiver" in found["P030"].missing
    assert any("USD" in text for text in found["P001"].missing)


# ----------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"P030": {"part_of": ("P029",)}}, "row P030 column part_of"),
        ({"P030": {"part_of": ("P030",)}}, "a cycle through P030"),
        ({"P060": {"superseded_by": "P057"}}, "column superseded_by"),
        ({"P030": {"unit": "none"}}, "row P030 column unit: found an amount without a currency"),
        ({"P001": {"item": None}}, "row P001 column item"),
        ({"P030": {"class": None}}, "row P030 column class"),
        ({"P041": {"part_of": ("P031", "P025")}}, "row P041 column part_of"),
    ],
)
def test_bad_rows_are_named(base, changes, said):
    with pytest.raises(FactError) as caught:
        Book(changed(base, "pledges", **changes))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "words",
    [{"giver": "KZA"}, {"receiver": "US"}, {"sector": "aviaton"}, {"headline": "P03"}, {"by": "colour"}],
)
def test_unknown_conditions_are_refused(base, words):
    ((name, value),) = words.items()
    with pytest.raises(FactError, match=value) as caught:
        worth(base, **words)
    assert name in caught.value.where or name == "headline"


@pytest.mark.parametrize("words", [["--giver", "KZA"], ["--as-of", "soon"]])
def test_they_are_the_users_fault(run_command, words):
    done = run_command("pledges", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_the_command_says_what_the_room_says(run_command, base):
    done = run_command("pledges", "--json")
    document = json.loads(done.stdout)
    (total,) = worth(base, headline="P030").totals
    assert document["totals"][0]["expected"] == total.expected
    assert document["sentences"] == list(worth(base, headline="P030").sentences)

"""Rates against textbook values, sums that count nothing twice, amounts that follow the rows, sentences that follow the sums."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.claims.pledges import Book, Line
from ytterby.claims.rates import Study, log_likelihood, posterior, study
from ytterby.claims.record import STEPS
from ytterby.claims.worth import amount, assess, worth
from ytterby.cli.pledging import pledges
from ytterby.errors import FactError
from ytterby.facts import data_folder

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
            rates = [book.record.rate(name, status) for status in STEPS]
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
            whole = pledge.status == "delivered" and pledge.realised is None
            assert set(book.expected(line)) == {pledge.announced if whole else pledge.realised or 0.0}


def test_what_is_delivered_is_worth_no_less_than_what_is_under_way(base):
    """Where no row tells how much was realised; the sentence says that it is taken as the whole."""
    found = [
        worth(changed(base, "pledges", P080={"status": status, "realised_amount": None}), headline="P080")
        for status in (*STEPS, "delivered")
    ]
    expected = [one.totals[0].expected for one in found]
    assert expected == sorted(expected)
    assert expected[-1] == found[-1].totals[0].announced
    assert "taken as realised in full, as no row tells how much: P080" in found[-1].sentences[0]
    assert not found[-2].totals[0].taken_whole


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


# ---------------------------------------------------------------------------------------------------------------- time

DAYS = ("2020-06-30", "2025-12-31", "2026-06-30", "2028-01-01", "2031-12-31", "2045-01-01")


def expected_on(base, day, **cells):
    """Mean expected amount of P080 on a day; nothing is realised, and its row says so of no later date."""
    facts = changed(base, "pledges", P080={"realised_as_of": None, "status": "announced", **cells})
    book = Book(replace(facts, as_of=day))
    (line,) = book.lines(headline="P080")
    found = book.expected(line)
    assert found is not None
    return float(found.mean())


@pytest.mark.parametrize("status", STEPS)
def test_past_its_time_a_pledge_is_expected_less_by_the_year(base, status):
    found = [expected_on(base, day, horizon_year=2025, status=status) for day in DAYS]
    assert found[0] == found[1]
    assert all(later < sooner for sooner, later in itertools.pairwise(found[1:]))
    assert found[-1] < found[0] / 2


def test_one_that_is_not_due_is_not_judged_as_failed(base):
    assert len({expected_on(base, day, horizon_year=2050) for day in DAYS}) == 1
    assert len({expected_on(base, day, date="2023-06-06") for day in DAYS[:3]}) == 1


def test_without_a_horizon_the_stated_span_counts(base):
    span = next(row["value"] for row in base.rows("parameters") if row["name"] == "influence.pledge_years")
    record = Book(replace(base, as_of="2035-06-30")).record
    assert record.late("2020-06-30", None) == pytest.approx(15 - span, abs=0.01)
    assert record.late("2020", 2033) == pytest.approx(1.5, abs=0.01)


def test_more_realised_past_its_time_is_worth_more(base):
    found = [
        expected_on(base, "2030-01-01", horizon_year=2025, realised_amount=12e9 * s) for s in (0, 0.3, 0.9, 1)
    ]
    assert found == sorted(found)
    assert found[-1] == 12e9


def test_half_of_the_odds_are_left_after_half_the_time(base):
    """Where the half time has no width the odds halve exactly."""
    narrow = changed(
        base, "parameters", param_pledge_late_half={"low": 2.999999, "value": 3, "high": 3.000001}
    )
    record = Book(narrow).record
    rates = [record.rate("headline-sum", "announced", late) for late in (0.0, 3.0)]
    odds = [r / (1 - r) for r in rates]
    seen = rates[0] > 1e-9
    assert odds[1][seen] == pytest.approx(odds[0][seen] / 2, rel=1e-4)


def test_what_is_late_is_told(base):
    total = worth(base, headline="P089").totals[0]
    assert total.late == ("P089",)
    assert "P089" in worth(base, headline="P089").sentences[0]
    assert "param-pledge-late-half" in total.basis
    assert worth(base, headline="P030").totals[0].late == ()


def test_the_rate_of_aircraft_orders_stays_wide(book):
    """Five orders from none to all delivered: nearly anything is possible for a new one."""
    rate = book.record.rate("aircraft-order", "signed")
    assert np.subtract(*np.percentile(rate, (95, 5))) > 0.8
    assert len(book.record.studies["aircraft-order"]) >= 6


# ---------------------------------------------------------------------------------------------------------------- sums


def figure(total):
    """(low, expected, high) of a total."""
    return total.low, total.expected, total.high


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
            assert sum(figure(p)[1] for p in parts) == pytest.approx(figure(total)[1])


def test_groups_by_several_add_up_too(base):
    found = worth(base, by="giver,receiver,sector")
    for total in found.totals:
        parts = [group for group in found.groups if group.unit == total.unit]
        assert sum(p.announced for p in parts) == pytest.approx(total.announced)
    assert {"UZB, USA, aviation"} <= {group.name for group in found.groups}


def test_every_link_to_a_whole_has_its_reason(base):
    for row in base.rows("pledges"):
        assert bool(row["part_of"]) == bool(row["part_reason"]) == bool(row["part_known"]), row["id"]


def test_links_by_inference_are_named(base):
    total = worth(base, headline="P030").totals[0]
    assert set(total.inferred) == {"P032", "P041"}
    told = changed(base, "pledges", P032={"part_known": "told"}, P041={"part_known": "told"})
    assert worth(told, headline="P030").totals[0].inferred == ()
    assert "by inference: " in worth(base, headline="P030").sentences[0]
    assert "inference" not in worth(told, headline="P030").sentences[0]


def test_a_headline_is_worth_its_items_and_its_rest(base):
    (total,) = worth(base, headline="P030").totals
    assert total.announced == 100e9
    low, expected, high = figure(total)
    assert 0 < low < expected < high < total.announced
    cut = worth(changed(base, "pledges", P032={"status": "lapsed"}), headline="P030").totals[0]
    assert figure(cut)[1] < expected
    assert cut.committed == total.committed - 8.5e9


@pytest.mark.parametrize("headline", ["P030", "P025"])
def test_what_is_realised_of_a_headline_is_counted_once(base, headline):
    """Also where its items leave little or nothing of it; what is expected lies between it and what is announced."""
    before = 0.0
    for share in (0.0, 0.3, 0.9, 1.0):
        told = share * next(row["amount"] for row in base.rows("pledges") if row["id"] == headline)
        total = worth(
            changed(base, "pledges", **{headline: {"realised_amount": told}}), headline=headline
        ).totals[0]
        low, expected, high = figure(total)
        assert total.realised == pytest.approx(told)
        assert told <= low <= expected <= high <= max(total.announced, told) * (1 + 1e-9)
        assert expected >= before
        before = expected


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


def test_sentences_say_units_as_people_write_them(base):
    said = " ".join(worth(base, by="giver").sentences)
    assert "Of 12.5 billion EUR announced" in said
    assert "Of 3 trillion JPY announced" in said
    assert "Of 2.8 billion m3 a year of gas announced" in said
    assert "and 1 is known to be realised (nothing is told of it for 1 of 2 lines)" in said
    assert "_" not in said


def test_size_against_the_givers_means(base):
    found = {one.pledge.id: one for one in assess(base)}
    assert found["P030"].share_of_gdp == pytest.approx(100 / 114.965, rel=1e-6)
    assert found["P030"].yearly_over_exports == pytest.approx(10 / 26.9)
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
        ({"P030": {"amount": -5.0}}, "row P030 column amount: found -5"),
        ({"P030": {"realised_amount": -1.0}}, "row P030 column realised_amount"),
        (
            {"P030": {"horizon_year": 2020}},
            "row P030 column horizon_year: found 2020 (allowed: 2025 or later)",
        ),
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


@pytest.mark.parametrize(
    "faults",
    [
        {
            "P030": (",USD,", ",USDX,", 'row P030 column unit: found "USDX"'),
            "P011": ("2025-09-22", "2025-13-22", "row P011 column date"),
        },
        {
            "P011": (",USD,", ",none,", "row P011 column unit: found an amount without a currency"),
            "P030": ("headline-sum,,", "headline-sum,P031,", "row P030 column part_of: found a cycle"),
        },
    ],
)
def test_a_users_rows_are_named(tmp_path, run_command, faults):
    head, *rows = (data_folder() / "pledges.csv").read_text(encoding="utf-8").splitlines()
    lines = {row.partition(",")[0]: row for row in rows}
    bad = [lines[id_].replace(old, new, 1) for id_, (old, new, _) in faults.items()]
    (tmp_path / "pledges.csv").write_text("\n".join([head, *bad, ""]), encoding="utf-8")
    done = run_command("pledges", "--data", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert all(said in done.stderr for _, _, said in faults.values())


def test_means_are_a_table_of_pledges(run_command):
    rows = json.loads(run_command("pledges", "--giver", "UZB", "--means", "--json").stdout)["pledges"]
    sizes = {row["id"]: row["share_of_gdp"] for row in rows}
    assert sizes["P030"] == pytest.approx(100 / 114.965, rel=1e-6)
    assert [row["announced"] for row in rows] == sorted((row["announced"] for row in rows), reverse=True)


def test_a_headline_of_a_later_day_is_not_known_yet(capsys):
    """The case's question on an earlier day is no fault of the user's; a pledge that the user names is."""
    pledges(as_of="2025-11-01", csv=True)
    told = capsys.readouterr()
    assert told.out.count("\n") == 1
    assert "not known yet on 2025-11-01: P030" in told.err
    with pytest.raises(FactError, match="P030"):
        pledges(as_of="2025-11-01", headline="P030")


def test_the_command_says_what_the_room_says(run_command, base):
    done = run_command("pledges", "--json")
    document = json.loads(done.stdout)
    (total,) = worth(base, headline="P030").totals
    assert document["totals"][0]["expected"] == total.expected
    assert document["sentences"] == list(worth(base, headline="P030").sentences)

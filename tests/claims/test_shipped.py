"""The shipped statements: verdicts come from rows, follow the rows, and say the figures that they carry."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.claims import SUPPORT, check, check_all, needs_case
from ytterby.facts import load
from ytterby.study.ledger import weights

ARTICLE = [f"S{number:03}" for number in range(1, 36)]


@pytest.fixture(scope="module")
def by_id(verdicts):
    return {verdict.id: verdict for verdict in verdicts}


def changed(base, relation, matches, **cells):
    """A copy of the facts in which the matching rows say something else."""
    rows = tuple({**row, **cells} if matches(row) else row for row in base.tables[relation])
    assert rows != base.tables[relation]
    return replace(base, tables={**base.tables, relation: rows})


def outcome(base, name):
    return check(base.row(name), base).verdict


def test_every_statement_gets_a_verdict_with_a_basis(base, by_id):
    assert by_id.keys() == {row["id"] for row in base.rows("statements")}
    for name, verdict in by_id.items():
        assert verdict.basis[0] == name
        assert all(base.row(row) for row in verdict.basis)
        assert len(set(verdict.basis)) == len(verdict.basis)
        assert verdict.sentence.endswith(".")
        assert verdict.missing or verdict.verdict != "not_checkable"
        if verdict.value is not None:
            assert verdict.low <= verdict.value <= verdict.high


def test_the_article_is_checked_whole(by_id):
    assert set(ARTICLE) <= by_id.keys()
    assert sum(by_id[name].verdict == "not_checkable" for name in ARTICLE) <= 2


@pytest.mark.parametrize(
    ("name", "inexact", "relation", "matches", "cells", "exact"),
    [
        ("S012", "overstated", "events",
         lambda row: row["topic"] == "C5+1" and row["date"].startswith("2015"), {"level": "head_of_state"}, "supported"),
        ("S028", "overstated", "statements",
         lambda row: row["speaker_country"] == "USA" and row["variant_of"] == ("S028",), {"kinds": ("investment",)},
         "not_yet_due"),
        ("S017", "contradicted", "nodes", lambda row: row["country"] == "ARM", {"country": "AZE"}, "supported"),
    ],
)  # fmt: skip
def test_the_inexact_statements_are_so_because_of_rows(base, name, inexact, relation, matches, cells, exact):
    assert outcome(base, name) == inexact
    assert outcome(changed(base, relation, matches, **cells), name) == exact


@pytest.mark.parametrize(
    ("name", "relation", "matches", "cells", "before", "after"),
    [
        ("S013", "events", lambda row: row["topic"] == "C5+1" and row["date"].startswith("2015"),
         {"level": "head_of_state"}, "supported", "contradicted"),
        ("S007", "deposits", lambda row: row["place"] == "KAZ-ZHANA-KZ", {"contained_t": 2e7}, "contested", "supported"),
        ("S007", "deposits", lambda row: row["place"] == "KAZ-ZHANA-KZ", {"contained_t": 2e5}, "contested", "overstated"),
        ("S020", "country_profile", lambda row: row["country"] == "TKM", {"gdp_usd": 9e11}, "supported", "contested"),
        ("S030", "events", lambda row: row["topic"] == "diplomatic_relations", {"effect": "announces"}, "supported",
         "not_checkable"),
        ("S016", "events", lambda row: row["topic"] == "TRIPP", {"effect": "plans"}, "supported", "not_yet_due"),
        ("V018", "reserves", lambda row: row["country"] == "CHN", {"value": 4e6}, "supported", "overstated"),
    ],
)  # fmt: skip
def test_changed_rows_turn_verdicts(base, name, relation, matches, cells, before, after):
    assert outcome(base, name) == before
    assert outcome(changed(base, relation, matches, **cells), name) == after


def test_an_unrelated_fact_changes_no_verdict(base, row, solved, verdicts):
    """Rows about states, goods and topics of which no statement speaks."""
    new = {
        "events": row("events", id="E900", date="2020-05-05", actors=("BRA",), targets=("ARG",), kind="treaty",
                      effect="agrees", topic="football", description="unrelated"),
        "pledges": row("pledges", id="P900", givers=("BRA",), receivers=("ARG",), amount=5e12, sector="football",
                       date="2025-11-06"),
        "ties": row("ties", id="tie-900", country="BRA", power="ARG", value=0.9),
        "deposits": row("deposits", id="X-900", place="X-PLACE", country="BRA", contained_t=9e9, commodity="tin"),
        "reserves": row("reserves", id="resv-900", country="BRA", commodity="tin", value=9e9),
        "segments": row("segments", id="x__y", **{"from": "kars", "to": "baku"}, corridor="none", distance_km=1.0, mode="rail",
                        status="operating"),
        "policies": row("policies", id="pol-900", date="2026-01-01", country="BRA", actor="", target="", commodity_text="tin",
                        commodities=("tin",), kind="plan", measure="none", origin="policies"),
        "statements": row("statements", id="Z900", subjects=("BRA",)),
    }  # fmt: skip
    more = replace(
        base,
        tables={name: (*rows, *([new[name]] if name in new else [])) for name, rows in base.tables.items()},
    )
    assert check_all(base.rows("statements"), more, replace(solved(), weights=weights(more))) == verdicts


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["S007", "S008", "V002", "V008", "V010", "V012", "V018", "V027"]),
    st.lists(st.floats(0.01, 50.0), min_size=2, max_size=2, unique=True),
)
def test_a_larger_claim_is_never_more_supported(base, name, factors):
    """For a rank the smaller number is the larger claim; a pledge that is borne is not due."""
    degree: dict[str, int] = {str(outcome): held for outcome, held in SUPPORT.items()} | {"not_yet_due": 2}
    statement = base.row(name)
    rank = statement["unit"] == "rank"
    values = sorted((statement["value"] * factor for factor in factors), reverse=rank)
    less, more = (degree[check({**statement, "value": value}, base).verdict] for value in values)
    assert more <= less


def test_sentences_say_the_figures_of_their_columns(verdicts, unwritten):
    """Each number is a computed figure, a word made a figure, or stands in a row (years, dates, ids)."""
    for verdict in verdicts:
        assert not unwritten(verdict), (verdict.id, unwritten(verdict), verdict.sentence)


def test_less_is_known_on_an_earlier_date(base):
    then = load(as_of="2025-11-08")
    assert outcome(base, "S016") == "supported"
    assert outcome(then, "S016") == "not_yet_due"
    assert outcome(base, "V025") == "contested"
    assert outcome(replace(base, as_of="2025-11-05"), "V025") == "not_yet_due"


def test_only_rules_on_the_chain_ask_for_a_solved_case(base):
    assert needs_case([base.row("S005")])
    assert not needs_case([base.row("S012"), base.row("S017")])

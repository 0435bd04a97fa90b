"""A solved scenario as a document and as a folder."""

from __future__ import annotations

import json

import duckdb
import pytest

from ytterby import report
from ytterby.errors import ScenarioError
from ytterby.report.record import as_json


@pytest.fixture(scope="module")
def solved(small_answers):
    return small_answers.solved["announced"]


def test_the_document_has_scenario_run_and_tables(solved, small_answers):
    document = report.solve_document(solved, [2026])
    tables = {"flows", "activities", "prices", "rents", "stocks", "limits", "freight", "years"}
    assert set(document) == {"scenario", "run"} | tables
    held = {(row["name"], row["place"], row["form"]): row["held_t"] for row in document["stocks"]}
    assert held["inventory", "USA", "magnet"] > 100
    assert document["scenario"]["name"] == "announced"
    assert document["scenario"]["changes"]
    assert document["run"]["facts"] == small_answers.base.digest
    assert {row["year"] for row in document["flows"]} == {2026}
    assert json.loads(as_json(document))["years"] == document["years"]


def test_a_year_that_was_not_solved_is_an_error(solved):
    with pytest.raises(ScenarioError, match="2024 to 2030"):
        report.solve_document(solved, [2050])


def test_the_folder_has_the_document_and_every_table(solved, tmp_path):
    files = report.write_solved(solved, tmp_path / "out", [2026])
    names = {path.name for path in files}
    assert {
        "solution.json",
        "flows.csv",
        "flows.parquet",
        "activities.csv",
        "prices.csv",
        "years.csv",
    } <= names
    document = report.solve_document(solved, [2026])
    flows = duckdb.read_parquet(str(tmp_path / "out" / "flows.parquet"))
    assert len(flows) == len(document["flows"])

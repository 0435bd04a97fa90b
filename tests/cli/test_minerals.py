"""The command `minerals`: a list with reasons, a mineral with intervals, clear refusals."""

from __future__ import annotations

import json

import pytest


@pytest.fixture(scope="module")
def graphite(run_command):
    """What `minerals graphite --json` prints for two years."""
    done = run_command("minerals", "graphite", "--years", "2024-2025", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_the_list_says_why_a_mineral_is_left_out(run_command):
    rows = json.loads(run_command("minerals", "--json").stdout)["minerals"]
    assert {"graphite", "lithium", "copper"} <= {row["mineral"] for row in rows if row["solvable"]}
    assert all(bool(row["reason"]) != row["solvable"] for row in rows)


def test_a_stop_takes_the_suppliers_share_away(graphite):
    found = {(row["scenario"], row["year"], row["measure"]): row for row in graphite["figures"]}
    assert found["reference", 2025, "import_share"]["value"] > 0.1
    assert found["stop", 2025, "import_share"]["value"] == pytest.approx(0, abs=1e-9)
    unserved = found["stop", 2025, "unserved_share"]
    assert 0 < unserved["low"] < unserved["value"] < unserved["high"] < 1


def test_every_figure_names_rows_of_the_fact_base(graphite, base):
    assert all(row["basis"] for row in graphite["figures"])
    assert all(base.row(id_)["id"] == id_ for row in graphite["figures"][:3] for id_ in row["basis"])


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["grafite"], "graphite"),
        (["gallium"], "no HS code"),
        (["graphite", "--importer", "USB"], "USA"),
        (["graphite", "--supplier", "KA"], "KAZ"),
        (["graphite", "--importer", "Germany"], "DEU for Germany"),
        (["graphite", "--importer", "germanium"], "use a country id"),
        (["graphite", "--importer", "CHN"], "another country than the importer"),
        (["graphite", "--years", "2030"], "YYYY-YYYY"),
    ],
)
def test_a_question_that_cannot_be_put_is_refused(run_command, words, remedy):
    done = run_command("minerals", *words)
    assert done.returncode == 2
    assert remedy in done.stderr
    assert "Traceback" not in done.stderr

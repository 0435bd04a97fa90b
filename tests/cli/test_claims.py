"""The command `claims` as users run it."""

from __future__ import annotations

import csv
import io
import json

from ytterby.claims import COLUMNS

NAMED = ("--statement", "S012", "--statement", "S017")


def test_json_has_rows_with_these_names(run_command):
    done = run_command("claims", *NAMED, "--json")
    assert done.returncode == 0
    rows = json.loads(done.stdout)["claims"]
    assert [row["id"] for row in rows] == ["S012", "S017"]
    assert all(tuple(row) == COLUMNS for row in rows)


def test_csv_says_the_same(run_command):
    rows = list(csv.DictReader(io.StringIO(run_command("claims", *NAMED, "--csv").stdout)))
    assert [row["verdict"] for row in rows] == ["overstated", "contradicted"]


def test_a_file_with_faults_is_refused(run_command, tmp_path):
    (tmp_path / "my.csv").write_text("id,date\nx,2025\n", encoding="utf-8")
    done = run_command("claims", "--file", "my.csv", folder=tmp_path)
    assert done.returncode == 2
    assert "my.csv column speaker" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_statement_is_refused(run_command):
    done = run_command("claims", "--statement", "S999")
    assert done.returncode == 2
    assert "S999" in done.stderr


def test_a_missing_file_is_refused(run_command):
    done = run_command("claims", "--file", "nowhere.csv")
    assert done.returncode == 2
    assert "nowhere.csv" in done.stderr


def test_a_folder_that_is_no_run_is_refused(run_command, tmp_path):
    done = run_command("claims", "--statement", "S005", "--run", tmp_path)
    assert done.returncode == 2
    assert "ytterby answer" in done.stderr

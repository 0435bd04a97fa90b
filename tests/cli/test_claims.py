"""The command `claims` as users run it."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys

import pytest

from ytterby.claims import COLUMNS
from ytterby.cli.claiming import claims

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


def test_statements_of_a_later_day_are_named(capsys):
    claims(as_of="2025-06-01")
    told = capsys.readouterr()
    assert told.out == ""
    assert "not known yet on 2025-06-01: S001" in told.err
    assert "no statement to check" in told.err


def test_an_unknown_statement_is_refused(run_command):
    done = run_command("claims", "--statement", "S999")
    assert done.returncode == 2
    assert "S999" in done.stderr


@pytest.mark.parametrize(
    "options",
    [("--json", "--csv"), ("--json", "--claimreview", "--site", "https://example.org"), ("--new", "--file", "my.csv"),
     ("--field", "date=2025", "--statement", "S012")],
)  # fmt: skip
def test_options_without_effect_are_refused(run_command, options):
    done = run_command("claims", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert "one of them" in done.stderr


def test_who_said_it_and_where_it_stands_is_shown(run_command):
    shown = " ".join(run_command("claims", "--statement", "S028").stdout.split())
    assert "Donald Trump, 2025-11-06" in shown
    assert (
        "(President of the USA; printed in junge-welt-2025-11-08; pledge, reported speech; in other words: V001, V002"
        in shown
    )


def test_a_missing_file_is_refused(run_command):
    done = run_command("claims", "--file", "nowhere.csv")
    assert done.returncode == 2
    assert "nowhere.csv" in done.stderr


def test_a_folder_that_is_no_run_is_refused(run_command, tmp_path):
    done = run_command("claims", "--statement", "S005", "--run", tmp_path)
    assert done.returncode == 2
    assert "ytterby answer" in done.stderr


def test_reviews_without_the_address_of_their_page_are_refused(run_command):
    done = run_command("claims", "--statement", "S017", "--claimreview")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--site" in done.stderr


def at_a_terminal(folder, typed):
    """Run `claims --new --json` with its standard input at a pseudo-terminal on which something is typed."""
    import pty

    ours, theirs = pty.openpty()
    os.write(ours, typed.encode())
    done = subprocess.run(
        [sys.executable, "-m", "ytterby", "claims", "--new", "--field", "place=KAZ-ZHANA-KZ", "--json"],
        check=False, stdin=theirs, capture_output=True, encoding="utf-8", cwd=folder, timeout=900,
    )  # fmt: skip
    os.close(theirs)
    os.close(ours)
    return done


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_a_new_statement_is_asked_for_on_a_terminal(tmp_path):
    """An empty answer leaves a field out; stdout holds the verdict alone."""
    asked = {
        "date": "2025-11-08", "speaker": "Me", "statement": "It is bigger", "kind": "claim", "subjects": "KAZ",
        "asserts": "quantity", "measure": "size\ndeposit", "comparator": "equals", "value": "", "unit": "t",
    }  # fmt: skip
    done = at_a_terminal(tmp_path, "".join(f"{answer}\n" for answer in asked.values()) + 20 * "\n")
    assert done.returncode == 0, done.stderr
    (verdict,) = json.loads(done.stdout)["claims"]
    assert (verdict["rule"], verdict["missing"]) == ("quantity-against-facts", ["value"])
    assert all(f"{name}: " in done.stderr for name in asked)
    assert '"size" is none of the words above' in done.stderr
    assert "taken: " in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_the_end_of_input_ends_the_questions(tmp_path):
    done = at_a_terminal(tmp_path, "2025-11-08\n\x04")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the end of input at speaker" in done.stderr
    assert "Traceback" not in done.stderr


def through_a_pipe(folder, *answers):
    """Run `claims --new --json` with answers on its standard input."""
    return subprocess.run(
        [sys.executable, "-m", "ytterby", "claims", "--new", "--json"],
        check=False, input="\n".join(answers), capture_output=True, encoding="utf-8", cwd=folder, timeout=300,
    )  # fmt: skip


SAID = ("2025-11-08", "Me", "It holds 5 Mt", "claim", "KAZ")


def test_a_new_statement_is_read_from_a_pipe(tmp_path):
    """What the statement need not say may be left out at the end."""
    done = through_a_pipe(tmp_path, *SAID, "quantity", "deposit", "equals", "5000000", "t")
    assert done.returncode == 0, done.stderr
    (verdict,) = json.loads(done.stdout)["claims"]
    assert (verdict["rule"], verdict["unit"]) == ("quantity-against-facts", "t")
    assert "5 Mt is claimed" in verdict["sentence"]


@pytest.mark.parametrize(
    ("answers", "said"), [(SAID[:1], "the end of input at speaker"), ((*SAID, "quantty"), 'found "quantty"')]
)
def test_a_pipe_with_faults_is_refused(tmp_path, answers, said):
    done = through_a_pipe(tmp_path, *answers)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr

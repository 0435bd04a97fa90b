"""How results look: cells, tables on a terminal, exit codes for what went wrong."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby import facts
from ytterby.cli import run
from ytterby.errors import FactError, SolverError
from ytterby.facts.tables import cell_text, csv_lines


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (("A", "B"), "A;B"),
        (270000.0, "270000"),
        (0.1, "0.1"),
        (7, "7"),
    ],
)
def test_cells_are_written_as_in_the_fact_base(value, text):
    assert cell_text(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_survives_being_written(value):
    assert float(cell_text(value)) == value


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), min_size=1))
def test_csv_gives_back_every_text(texts):
    lines = list(csv_lines([{"text": text} for text in texts], ["text"]))
    assert all(line.endswith("\n") for line in lines)
    assert list(csv.reader(io.StringIO("".join(lines), newline=""))) == [
        ["text"],
        *([text] for text in texts),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_on_a_terminal_a_table_fits_and_says_which_columns_do_not():
    import pty

    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "ytterby", "facts", "sources", "--limit", "2"],
        check=True,
        stdout=theirs,
        stderr=subprocess.PIPE,
        env=os.environ | {"COLUMNS": "60", "TERM": "xterm", "NO_COLOR": "1"},
    )
    os.close(theirs)
    lines = re.sub(r"\x1b\[\d*m", "", os.read(ours, 100_000).decode()).splitlines()
    os.close(ours)
    assert len(lines) == 3
    assert max(map(len, lines)) <= 60
    assert b"columns that do not fit: " in done.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SolverError("market 2031", "no solution", "", "loosen the scenario"), 3),
        (FactError("production.csv row p-1", '"kt"', "t", "write t"), 2),
        (PermissionError(13, "Permission denied", "out"), 2),
    ],
)
def test_what_went_wrong_decides_the_exit_code(error, code, monkeypatch, capsys):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(facts, "load", fail)
    assert run(["facts"]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1


def test_a_fault_of_the_program_is_not_taken_for_the_users(monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(facts, "load", fail)
    with pytest.raises(ZeroDivisionError):
        run(["facts"])

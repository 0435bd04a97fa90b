"""The command as a whole: what it says about itself, exit codes, and who reads what."""

from __future__ import annotations

import subprocess
import sys

import pytest

import ytterby
from ytterby.cli import app

COMMANDS = sorted(name for name in app if not name.startswith("-"))


def test_version(run_command):
    done = run_command("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{ytterby.__version__}\n", "")


def test_python_m_is_the_same_command(run_command):
    done = run_command("-m", "ytterby", "--version", program=(sys.executable,))
    assert (done.returncode, done.stdout) == (0, f"{ytterby.__version__}\n")


def test_help_names_every_command(run_command):
    done = run_command("--help")
    assert done.returncode == 0
    assert [name for name in COMMANDS if f" {name} " not in done.stdout] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_each_help_has_an_example_of_the_command(run_command, command):
    done = run_command(command, "--help")
    assert done.returncode == 0
    assert f"    ytterby {command}" in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["fcats"], 'Did you mean "facts"?'),
        (["facts", "--limt", "3"], "Did you mean --limit?"),
        (["facts", "--limit", "many"], "--limit"),
        (["facts", "production", "--limit", "-1"], "0 or more"),
        (["facts", "--limt", "3"], "ytterby facts --help shows its options"),
        (["fcats"], "ytterby --help lists the commands"),
        (["claims", "--file", "none.csv"], "check the path"),
        (["solve", ".", "--scenario", "reference"], "without case.toml"),
        (["trace", "touched-magnets", "--run", "none"], "no answers (No such file or directory)"),
        (["facts", "production", "reserves"], "reserves"),
        (["trace"], "ID"),
    ],
)
def test_a_slip_of_the_pen_is_the_users_fault(run_command, words, said):
    done = run_command(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [["facts", "countries", "--where", "id=TUR"], ["trace", "TUR"]])
def test_output_is_utf_8_whatever_the_terminal_speaks(run_command, words):
    done = run_command(*words, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Türkiye" in done.stdout


def test_a_closed_output_is_told(tmp_path):
    line = f"{sys.executable} -m ytterby cases >&-"
    done = subprocess.run(["bash", "-c", line], check=False, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr.splitlines()[0][:31]) == (2, "error: standard output: found c")


def test_an_interruption_is_told_in_a_line(said, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("ytterby.facts.load", interrupted)
    done = said("facts")
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.startswith("interrupted: nothing is left half written")


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("facts trade --where year=2024 --where code=280530 --csv", 2),
        ("facts countries --limit 0", 2),
        ("--help", 0),
    ],
)
def test_a_reader_that_leaves_early_causes_no_complaint(tmp_path, words, lines):
    script = f"{sys.executable} -m ytterby {words}"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {script} | head -n {lines}"],
        check=False,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == lines

"""The four parts of an error, nearest names, and errors that carry several problems."""

from __future__ import annotations

import pickle

import pytest

from ytterby.errors import (
    FactError,
    ModelError,
    Problem,
    RouteError,
    ScenarioError,
    SolverError,
    UnitError,
    YtterbyError,
    allowed_names,
    nearest,
    quoted,
)

PROBLEM = Problem("production.csv", "prod-0412", "unit", '"kg/t"', "t, kg", "write t")


def test_text_has_four_parts():
    error = YtterbyError("production.csv row prod-1", '"x"', "t, kg", "write t")
    assert str(error) == 'production.csv row prod-1: found "x" (allowed: t, kg); write t'
    assert str(YtterbyError("here", "nothing")) == "here: found nothing"


@pytest.mark.parametrize(
    ("kind", "builtin"),
    [
        (FactError, ValueError),
        (UnitError, ValueError),
        (ScenarioError, ValueError),
        (RouteError, ValueError),
        (ModelError, ValueError),
        (SolverError, RuntimeError),
    ],
)
def test_one_class_a_cause(kind, builtin):
    error = kind("where", "found", "allowed", "remedy")
    assert isinstance(error, YtterbyError)
    assert isinstance(error, builtin)
    assert (error.where, error.found, error.allowed, error.remedy) == error.args


def test_problem_names_file_row_and_column():
    assert str(PROBLEM) == (
        'production.csv row prod-0412 column unit: found "kg/t" (allowed: t, kg); write t'
    )
    assert Problem("a.csv", "line 3", "", "x", "", "").where == "a.csv line 3"


def test_one_problem_is_told_as_itself():
    assert str(FactError.collected([PROBLEM])) == str(PROBLEM)


def test_many_problems_are_counted_and_the_first_twenty_told():
    problems = [Problem(f"{number % 2}.csv", f"r-{number}", "c", "x", "y", "z") for number in range(25)]
    error = FactError.collected(problems)
    lines = str(error).splitlines()
    assert lines[0] == "25 problems in 2 tables"
    assert lines[1:21] == [str(problem) for problem in problems[:20]]
    assert lines[21:] == ["... and 5 more"]
    assert error.problems == tuple(problems)


def test_errors_travel_between_processes():
    error = pickle.loads(pickle.dumps(FactError.collected([PROBLEM, PROBLEM])))
    assert error.problems == (PROBLEM, PROBLEM)
    assert str(error).startswith("2 problems in 1 table\n")


@pytest.mark.parametrize(
    ("name", "first"),
    [("kaz", "KAZ"), ("Kazakhstan", "KAZ"), ("prodction", "production"), ("US", "USA"), ("CHM", "CHN")],
)
def test_nearest_name(name, first):
    assert nearest(name, ["CHN", "KAZ", "USA", "production", "prices"])[0] == first


def test_nothing_near_is_nothing():
    assert nearest("zzz", ["CHN", "KAZ"]) == []
    assert nearest("", ["CHN"]) == []


def test_allowed_names_are_all_when_few_and_the_nearest_when_many():
    assert allowed_names("x", ["a", "b"]) == "a, b"
    assert allowed_names("x", []) == "none"
    many = [f"node-{number}" for number in range(100)]
    assert allowed_names("node-7x", many).endswith("... 100 in all")
    assert "node-7" in allowed_names("node-7x", many)
    assert allowed_names("q", many) == "node-0, node-1, node-2, node-3, node-4 ... 100 in all"


def test_found_values_are_readable():
    assert quoted("kt") == '"kt"'
    assert quoted("a\nb\x00") == '"a\\nb\\x00"'
    assert len(quoted("x" * 500)) < 100

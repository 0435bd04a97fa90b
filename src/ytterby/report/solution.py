# SPDX-License-Identifier: Apache-2.0
"""A solved scenario as one JSON document, and as a folder of tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ytterby.facts import write_table
from ytterby.facts.folders import write_folder
from ytterby.report.record import as_json, scenario_record, versions
from ytterby.study import Solved
from ytterby.study.tables import TABLES, tables_of

ENDINGS = (".csv", ".parquet")
SOLUTION_FILES = ("solution.json", *(f"{name}{ending}" for name in TABLES for ending in ENDINGS))


def solve_document(solved: Solved, years: Sequence[int] | None = None) -> dict[str, Any]:
    """A solved scenario as a JSON document: scenario, run, then flows, activities, prices, rents and years as rows.

    Parameters
    ----------
    solved : the scenario
    years : only these years; None for all that were solved

    Raises
    ------
    ScenarioError : a year that was not solved
    """
    return {**_head(solved), **tables_of(solved, years)}


def write_solved(solved: Solved, folder: Path, years: Sequence[int] | None = None) -> list[Path]:
    """Write a solved scenario: solution.json with scenario and run, and each table as CSV and Parquet.

    Returns
    -------
    the files written, sorted

    Raises
    ------
    ScenarioError : a year that was not solved
    YtterbyError : the folder holds something else, or cannot be written; it is left as it was
    """
    tables = tables_of(solved, years)

    def fill(half: Path) -> None:
        (half / SOLUTION_FILES[0]).write_text(as_json(_head(solved)), encoding="utf-8")
        for name, rows in tables.items():
            for ending in ENDINGS if rows else ():
                write_table(rows, half / f"{name}{ending}")

    return write_folder(folder, SOLUTION_FILES, fill)


def _head(solved: Solved) -> dict[str, Any]:
    base = solved.gathered.evidence.base
    run = {
        "version": versions()["ytterby"], "facts": base.digest, "as_of": base.as_of, "demand_path": solved.demand_path,
        "variant": solved.variant.name, "versions": versions(),
    }  # fmt: skip
    return {"scenario": scenario_record(solved.scenario), "run": run}

# SPDX-License-Identifier: Apache-2.0
"""The command `minerals`: any mineral whose open data know one stage, without and with a supplier's stop."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ytterby.cli.casework import progress
from ytterby.cli.factbase import say_overrides
from ytterby.cli.options import AsOf, Data, Json, one_of
from ytterby.cli.output import emit, emit_json, say, show_table
from ytterby.errors import ScenarioError, quoted

if TYPE_CHECKING:
    from ytterby.facts import FactBase
    from ytterby.study.minerals import MineralFigure

BASE_YEAR = 2024
LAST_YEAR = 2040
COLUMNS = (
    "measure", "importer", "supplier", "form", "year", "scenario", "value", "low", "high", "unit", "method", "basis",
)  # fmt: skip
METHOD = "calibrated market equilibrium of one stage, solved year by year"


def minerals(
    mineral: Annotated[str | None, Parameter(name="MINERAL", help="Commodity id; without it a list.")] = None,
    /,
    *,
    importer: Annotated[str, Parameter(help="Who buys, such as USA.")] = "USA",
    supplier: Annotated[str, Parameter(help="Who stops selling, such as CHN.")] = "CHN",
    everyone: Annotated[bool, Parameter(help="The supplier sells to nobody abroad.")] = False,
    years: Annotated[
        str, Parameter(help="First and last year; the first is the base year.")
    ] = f"{BASE_YEAR}-{LAST_YEAR}",
    json: Json = False,
    csv: Annotated[bool, Parameter(help="Print CSV with a header.")] = False,
    as_of: AsOf = None,
    data: Data = (),
) -> None:
    """Dependence on a supplier for any mineral with output and trade, and what its stop does from the second year.

    Without MINERAL all minerals are listed, those that can't be solved with the reason. Intervals are over elasticities
    and conflicting facts.
    """
    from ytterby.facts import load
    from ytterby.facts.tables import csv_lines
    from ytterby.study.minerals import mineral_figures

    one_of({"--json": json, "--csv": csv})
    first, last = _span(years)
    base = load(data, as_of=as_of)
    say_overrides(base)
    if mineral is None:
        _show_rows(("mineral", "solvable", "reason"), _listed(base, first), json=json, csv=csv)
        return
    with progress() as tell:
        figures, notes = mineral_figures(
            base, mineral, importer, supplier, range(first, last + 1), everyone=everyone, progress=tell
        )
    rows = [_row(figure, importer, supplier) for figure in figures]
    if json:
        run = {"facts": base.digest, "as_of": base.as_of}
        emit_json({"mineral": mineral, "run": run, "figures": rows, "notes": list(notes)})
    elif csv:
        emit(csv_lines([{**row, "basis": " ".join(row["basis"])} for row in rows], COLUMNS))
    else:
        _show(rows, (first, first + 1, last))
        for note in notes:
            say(f"note: {note}")


def _span(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{4})-(\d{4})", text.strip(), re.ASCII)
    first, last = (int(match[1]), int(match[2])) if match else (1, 0)
    if last <= first:
        raise ScenarioError(
            "--years", quoted(text), "YYYY-YYYY, rising", f"write for example {BASE_YEAR}-{LAST_YEAR}"
        )
    return first, last


def _listed(base: FactBase, year: int) -> list[dict[str, Any]]:
    from ytterby.supply.one_stage import minerals_available
    from ytterby.supply.parameters import Parameters

    return [
        {"mineral": name, "solvable": not reason, "reason": reason}
        for name, reason in minerals_available(base, Parameters.of(base), year)
    ]


def _row(figure: MineralFigure, importer: str, supplier: str) -> dict[str, Any]:
    m = figure.measure
    return {
        "measure": m.measure, "importer": importer, "supplier": supplier, "form": m.form, "year": m.year,
        "scenario": m.scenario, "value": m.value, "low": figure.low, "high": figure.high, "unit": m.unit,
        "method": METHOD, "basis": list(figure.basis),
    }  # fmt: skip


def _show_rows(columns: tuple[str, ...], rows: list[dict[str, Any]], *, json: bool, csv: bool) -> None:
    from ytterby.facts.tables import csv_lines

    if json:
        emit_json({"minerals": rows})
    elif csv:
        emit(csv_lines(rows, columns))
    else:
        show_table(columns, rows)


def _show(rows: list[dict[str, Any]], years: tuple[int, ...]) -> None:
    """Base year, first year of the stop and last year; all years with --json and --csv."""
    shown = [
        {**row, **{name: f"{row[name]:.4g}" for name in ("value", "low", "high")}}
        for row in rows
        if row["year"] in years
    ]
    show_table(("scenario", "year", "measure", "value", "low", "high", "unit"), shown)
    say("--json and --csv give every year with method and basis")

# SPDX-License-Identifier: Apache-2.0
"""The commands `cases` and `solve`: list the cases, solve one scenario of a case year by year."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ytterby.cli.factbase import say_overrides
from ytterby.cli.options import AsOf, Data, Json, Out
from ytterby.cli.output import emit, emit_json, say, show_table
from ytterby.errors import ScenarioError, quoted

if TYPE_CHECKING:
    from ytterby.facts import FactBase
    from ytterby.study import Case, Solved
    from ytterby.study.tables import Tables

DEFAULT_CASE = "central-asia"
SOLUTION = "solution.json"
CaseName = Annotated[
    str, Parameter(name="CASE", help=f"Name of a case or path of its folder; {DEFAULT_CASE} if not said.")
]


def cases(*, json: Json = False) -> None:
    """List the shipped cases and their scenarios."""
    from ytterby.study import case_names, load_case

    known = [load_case(name) for name in case_names()]
    if json:
        emit_json({"cases": [_case(case) for case in known]})
        return
    for case in known:
        emit([f"{case.name}: {case.question}\n", *(f"  {s.name}: {s.description}\n" for s in case.scenarios)])


def solve(
    case: CaseName = DEFAULT_CASE,
    /,
    *,
    scenario: Annotated[str, Parameter(help="Name of the scenario; ytterby cases lists them.")],
    years: Annotated[
        str | None, Parameter(help="Only these years, such as 2026,2030-2035; without it all.")
    ] = None,
    json: Json = False,
    out: Out = None,
    as_of: AsOf = None,
    data: Data = (),
) -> None:
    """Solve one scenario year by year: flows, activities, prices, rents.

    Without --json or --out the screen shows the importer's prices.
    """
    from ytterby.facts import load
    from ytterby.facts.folders import check_folder
    from ytterby.study import load_case
    from ytterby.study import solve as run
    from ytterby.study.tables import tables_of

    question, wanted = load_case(case), _years(years)
    question.scenario(scenario)
    if out is not None:
        check_folder(out, SOLUTION)
    base = load(data, as_of=as_of)
    say_overrides(base)
    with progress() as tell:
        solved = run(question, base, scenario, progress=tell)
    tables = tables_of(solved, wanted)
    document = {"case": _case(question), "run": run_of(base), "scenario": _scenario(solved)}
    if out is not None:
        _write(out, document, tables)
    if json:
        emit_json(document | tables)
    elif out is None:
        _show(question, tables)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A function that shows what is being done, on one line of stderr if that is a terminal."""
    from rich.console import Console

    console = Console(stderr=True, markup=False, highlight=False)
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status("") as status:
        yield status.update


def run_of(base: FactBase) -> dict[str, Any]:
    """What a run rests on: version of the program, digest of all input files, date of knowledge."""
    import ytterby

    return {"version": ytterby.__version__, "digest": base.digest, "as_of": base.as_of}


def _case(case: Case) -> dict[str, Any]:
    return {
        "name": case.name,
        "title": case.title,
        "question": case.question,
        "importer": case.importer,
        "supplier": case.supplier,
        "region": case.region,
        "base_year": case.base_year,
        "last_year": case.last_year,
        "scenarios": [scenario.name for scenario in case.scenarios],
    }


def _scenario(solved: Solved) -> dict[str, Any]:
    scenario = solved.scenario
    return {"name": scenario.name, "title": scenario.title, "description": scenario.description}


def _years(text: str | None) -> list[int] | None:
    """Years and ranges of years, separated by commas."""
    if text is None:
        return None
    years: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{4})(?:-(\d{4}))?\s*", part, re.ASCII)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if last < first:
            raise ScenarioError(
                "--years", quoted(part), "YYYY or YYYY-YYYY", "write for example 2026,2030-2035"
            )
        years += range(first, last + 1)
    return years


def _write(out: Path, document: Mapping[str, Any], tables: Tables) -> None:
    """Write the document and each table as CSV and Parquet."""
    from json import dumps

    from ytterby.facts import write_table
    from ytterby.facts.folders import write_folder

    def fill(folder: Path) -> None:
        text = dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
        (folder / SOLUTION).write_text(text + "\n", encoding="utf-8")
        for name, rows in tables.items():
            for ending in (".csv", ".parquet") if rows else ():
                write_table(rows, folder / f"{name}{ending}")

    written = write_folder(out, SOLUTION, fill)
    say(f"{len(written)} files in {out}")


def _show(case: Case, tables: Tables) -> None:
    """Prices of the case's forms in the importing country, a row a year."""
    prices: dict[int, dict[str, Any]] = {}
    for row in tables["prices"]:
        if row["place"] == case.importer and row["form"] in case.forms:
            price = row["price_usd_per_t"]
            prices.setdefault(row["year"], {})[row["form"]] = None if price is None else round(price)
    rows: Sequence[Mapping[str, Any]] = [{"year": year, **found} for year, found in prices.items()]
    say(f"prices in {case.importer}, USD/t; --json and --out give all flows, activities, prices and rents")
    show_table(["year", *(form for form in case.forms if form in rows[0])], rows)

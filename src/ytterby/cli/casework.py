# SPDX-License-Identifier: Apache-2.0
"""The commands `cases` and `solve`: list the cases, solve one scenario of a case year by year."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ytterby.cli.factbase import say_overrides
from ytterby.cli.options import AsOf, Data, Json, Out
from ytterby.cli.output import emit, emit_json, say, show_table
from ytterby.errors import ScenarioError, quoted

if TYPE_CHECKING:
    from ytterby.study import Case

DEFAULT_CASE = "central-asia"
SHOWN_TONNES = 1.0
SENT = {
    "year": "year", "from": "exporter", "to": "importer", "form": "form", "t gross": "quantity_t", "USD/t": "rate_usd_per_t",
    "of it freight": "haul_usd_per_t", "days": "days", "way": "way",
}  # fmt: skip
USED = {
    "year": "year",
    "room, t": "limit_t",
    "used, t": "used_t",
    "rent, USD/t": "rent_usd_per_t",
    "limit": "name",
}
CaseName = Annotated[
    str, Parameter(name="CASE", help=f"Name of a case or path of its folder; {DEFAULT_CASE} if not said.")
]


def cases(*, json: Json = False) -> None:
    """List the shipped cases and their scenarios."""
    from ytterby.study import case_names, load_case

    known = [load_case(name) for name in case_names()]
    if json:
        from ytterby.report.record import case_record

        emit_json({"cases": [case_record(case) for case in known]})
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
    ways: Annotated[
        bool,
        Parameter(negative="", help="Show by which ways the region's goods go, and the capacities they use."),
    ] = False,
    json: Json = False,
    out: Out = None,
    as_of: AsOf = None,
    data: Data = (),
) -> None:
    """Solve one scenario year by year: flows, activities, prices, rents.

    Without --json or --out the screen shows the importer's prices.
    """
    from ytterby import report
    from ytterby.facts import load
    from ytterby.facts.folders import check_folder
    from ytterby.study import load_case
    from ytterby.study import solve as run

    question, wanted = load_case(case), year_list(years)
    question.scenario(scenario)
    if out is not None:
        check_folder(out, report.SOLUTION_FILES)
    base = load(data, as_of=as_of)
    say_overrides(base)
    with progress() as tell:
        solved = run(question, base, scenario, progress=tell)
    for drawn in solved.scenario.hazards:
        say(drawn.words)
    document = report.solve_document(solved, wanted)
    if out is not None:
        written = report.write_solved(solved, out, wanted)
        say(f"{len(written)} files in {out}")
    if json:
        emit_json(document)
    elif out is None:
        _show(question, document["prices"])
    if ways and not json and out is None:
        _show_ways(question, document)


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


def year_list(text: str | None) -> list[int] | None:
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


def _show(case: Case, found: Sequence[Mapping[str, Any]]) -> None:
    """Prices of the case's forms in the importing country, a row a year."""
    prices: dict[int, dict[str, Any]] = {}
    for row in found:
        if row["place"] == case.importer and row["form"] in case.forms:
            price = row["price_usd_per_t"]
            prices.setdefault(row["year"], {})[row["form"]] = None if price is None else round(price)
    rows = [{"year": year, **forms} for year, forms in prices.items()]
    say(f"prices in {case.importer}, USD/t; --json and --out give all flows, activities, prices and rents")
    show_table(["year", *(form for form in case.forms if form in rows[0])], rows)


def _show_ways(case: Case, document: Mapping[str, Any]) -> None:
    """What the region sends by which way, per gross tonne, and the capacities in use, a row each."""
    sent = [row for row in document["freight"] if row["exporter"] in case.region]
    for title, found, shown, amount in (
        ("sent by the region", sent, SENT, "quantity_t"),
        ("limits in use", document["limits"], USED, "used_t"),
    ):
        rows = [row for row in found if row[amount] >= SHOWN_TONNES]
        say(f"{title}, from {SHOWN_TONNES:g} t" if rows else f"{title}: nothing from {SHOWN_TONNES:g} t")
        if rows:
            show_table(list(shown), [{name: _whole(row[key]) for name, key in shown.items()} for row in rows])


def _whole(value: Any) -> Any:
    return round(value) if isinstance(value, float) else value

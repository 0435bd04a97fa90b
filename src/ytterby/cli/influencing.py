# SPDX-License-Identifier: Apache-2.0
"""The command `influence`: who weighs how much in a state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ytterby.cli.casework import DEFAULT_CASE
from ytterby.cli.factbase import say_overrides
from ytterby.cli.options import AsOf, Data, Json, named, one_of, whole
from ytterby.cli.output import emit, emit_json, flat, say, show_table
from ytterby.cli.promising import show_effects

if TYPE_CHECKING:
    from ytterby.facts import FactBase
    from ytterby.influence import Figure, Forecast, Lead

POWERS = ("USA", "CHN", "RUS", "TUR", "EUU", "IRN")
FIGURE = (
    "country", "power", "year", "indicator", "value", "low", "high", "unit", "state", "note", "missing", "basis",
)  # fmt: skip
STATE = ("forecast", "judgement", "reading", "year", "state", "needed", "below", "above", "open")
INDEXED = ("row", "influencer", "influenced", "year", "figure", "value", "low", "high", "missing")
Country = Annotated[
    str | None,
    Parameter(name="COUNTRY", help="State that is influenced; without it the five of Central Asia."),
]
Powers = Annotated[
    tuple[str, ...],
    Parameter(
        help="Only these powers, such as USA,CHN: any states or groups; may be given several times. "
        f"Without it {', '.join(POWERS)}."
    ),
]
Year = Annotated[
    int | None,
    Parameter(converter=whole, help="Only this year, with what is missing; without it all years."),
]
Csv = Annotated[bool, Parameter(name="--csv", help="Print CSV with a header.")]


def influence(
    country: Country = None,
    /,
    *,
    power: Powers = (),
    year: Year = None,
    forecast: Annotated[
        bool, Parameter(help="The experts' forecasts as questions: their state year by year.")
    ] = False,
    pledges: Annotated[
        bool,
        Parameter(help="What pledges would change in the ties: nothing, the expected part, all of them."),
    ] = False,
    file: Annotated[
        Path | None, Parameter(help="Compute the published index from the working columns of this CSV file.")
    ] = None,
    json: Json = False,
    csv: Csv = False,
    as_of: AsOf = None,
    data: Data = (),
) -> None:
    """Who weighs how much in a state: the index from own ties, the ties themselves, nearness, forecasts.

    The screen shows the newest figure of each indicator, a column a power, with its bounds and year.
    """
    from ytterby.facts import load
    from ytterby.influence import forecasts, indexed, leads, shares
    from ytterby.study import load_case

    table = {"--file": file is not None, "--forecast": forecast}
    one_of(
        {"--json": json, "--csv": csv},
        {**table, "--pledges": pledges, "--year": year is not None},
        {**table, "COUNTRY or --power": country is not None or bool(power)},
    )
    base = load(data, as_of=as_of)
    say_overrides(base)
    if file is not None:
        rows = [asdict(one) for one in indexed(base, file)]
        print_rows("rows", INDEXED, rows, base, json=json, csv=csv)
        return
    if forecast:
        print_rows("states", STATE, _states(forecasts(base)), base, json=json, csv=csv)
        return
    countries = load_case(DEFAULT_CASE).region if country is None else (country,)
    powers = named("--power", power)
    if pledges:
        show_effects(base, countries, powers, POWERS, json=json, csv=csv)
        return
    powers = powers or POWERS
    figures = shares(base, countries, powers, year, POWERS)
    first = [] if csv else leads(base, countries, powers, year)
    if json:
        rows, led = ([asdict(one) for one in found] for found in (figures, first))
        document = {"run": run_of(base), "figures": rows, "leads": led, "forecasts": _states(forecasts(base))}
        emit_json(document)
    elif csv:
        print_rows("figures", FIGURE, [asdict(figure) for figure in figures], base, json=False, csv=True)
    else:
        _show(figures, first, countries, powers)


def run_of(base: FactBase) -> dict[str, Any]:
    """What a document was made from."""
    return {"facts": base.digest, "as_of": base.as_of}


def print_rows(
    name: str,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    base: FactBase,
    *,
    json: bool,
    csv: bool,
) -> None:
    """Rows as JSON, CSV or a table."""
    from ytterby.facts.tables import csv_lines

    if json:
        emit_json({"run": run_of(base), name: list(rows)})
        return
    cells = [{column: flat(row[column]) for column in columns} for row in rows]
    if csv:
        emit(csv_lines(cells, columns))
    else:
        show_table(columns, cells)


def _states(told: Sequence[Forecast]) -> list[dict[str, Any]]:
    return [
        {"forecast": one.id, "judgement": one.judgement, "needed": one.sure, **asdict(state)}
        for one in told
        for state in one.states
    ]


def _show(
    figures: Sequence[Figure], first: Sequence[Lead], countries: Sequence[str], powers: Sequence[str]
) -> None:
    """One table a country: indicators down, powers across; under it who is first by the index of the newest year."""
    from ytterby.influence import latest

    newest = latest(figures)
    for country in countries:
        own = [figure for figure in newest if figure.country == country]
        rows = []
        for indicator in dict.fromkeys(figure.indicator for figure in own):
            cells = {figure.power: _cell(figure) for figure in own if figure.indicator == indicator}
            unit = next(figure.unit for figure in own if figure.indicator == indicator)
            rows.append({"in " + country: indicator, "unit": unit, **{p: cells.get(p, "") for p in powers}})
        if rows:
            show_table(["in " + country, "unit", *powers], rows)
        for one in _newest_leads(first, country):
            say(_lead_words(one))
    say(
        "bounds in brackets, year behind '; an empty cell is missing; --json and --csv give all years with rows and notes"
    )


def _newest_leads(first: Sequence[Lead], country: str) -> list[Lead]:
    """Of each version the newest year."""
    newest = {one.indicator: one for one in sorted(first, key=lambda one: one.year) if one.country == country}
    return list(newest.values())


def _lead_words(one: Lead) -> str:
    if one.first is not None:
        return f"{one.indicator} {one.year} in {one.country}: {one.first} is first, its lowest above every other's highest"
    *rest, last = one.candidates
    return f"{one.indicator} {one.year} in {one.country}: can't tell who is first; it may be {', '.join(rest)} or {last}"


def _cell(figure: Figure) -> str:
    from ytterby.study.words import number

    ends = [None if end is None else number(end) for end in (figure.low, figure.value, figure.high)]
    year = f" '{str(figure.year)[2:]}" if figure.year else ""
    if ends[0] == ends[2]:
        return f"{ends[0]}{year}"
    bounds = f"({ends[0] or '..'} to {ends[2] or '..'})"
    return f"{ends[1] or ''} {bounds}{year}".strip()

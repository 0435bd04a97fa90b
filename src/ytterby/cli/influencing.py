# SPDX-License-Identifier: Apache-2.0
"""The commands `influence` and `hazard`: who weighs how much in a state, and how probably an exporter restricts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ytterby.cli.casework import DEFAULT_CASE
from ytterby.cli.factbase import say_overrides
from ytterby.cli.options import AsOf, Data, Json, whole
from ytterby.cli.output import emit, emit_json, say, show_table
from ytterby.cli.promising import show_effects
from ytterby.errors import FactError, quoted

if TYPE_CHECKING:
    from ytterby.facts import FactBase
    from ytterby.influence import Figure, Forecast, Hazard, Outlook

POWERS = ("USA", "CHN", "RUS", "TUR", "EUU", "IRN")
YEARS_AHEAD = 10
SHOWN = 25
FIGURE = (
    "country", "power", "year", "indicator", "value", "low", "high", "unit", "state", "note", "basis",
)  # fmt: skip
STATE = ("forecast", "judgement", "reading", "year", "state", "below", "above", "open")
INDEXED = ("row", "influencer", "influenced", "year", "figure", "value", "low", "high", "missing")
OUTLOOK = (
    "exporter", "importer", "mineral", "production_share", "dominance", "before", "distance", "measured_by",
    "chance", "low", "high", "years", "chance_within", "low_within", "high_within", "of_everyone", "basis",
)  # fmt: skip
Csv = Annotated[bool, Parameter(name="--csv", help="Print CSV with a header.")]


def influence(
    country: Annotated[
        str | None,
        Parameter(name="COUNTRY", help="State that is influenced; without it the five of Central Asia."),
    ] = None,
    /,
    *,
    power: Annotated[
        tuple[str, ...],
        Parameter(help=f"Only this power; may be given several times. Without it {', '.join(POWERS)}."),
    ] = (),
    year: Annotated[
        int | None,
        Parameter(converter=whole, help="Only this year, with what is missing; without it all years."),
    ] = None,
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
    from ytterby.influence import forecasts, shares
    from ytterby.study import load_case

    base = load(data, as_of=as_of)
    say_overrides(base)
    if file is not None:
        _print("rows", INDEXED, _indexed(base, file), base, json=json, csv=csv)
        return
    if forecast:
        _print("states", STATE, _states(forecasts(base)), base, json=json, csv=csv)
        return
    countries = (country,) if country else load_case(DEFAULT_CASE).region
    if pledges:
        show_effects(base, countries, power, json=json, csv=csv)
        return
    figures = shares(base, countries, power or POWERS, year, POWERS)
    if json:
        rows = [asdict(figure) for figure in figures]
        emit_json({"run": _run(base), "figures": rows, "forecasts": _states(forecasts(base))})
    elif csv:
        _print("figures", FIGURE, [asdict(figure) for figure in figures], base, json=False, csv=True)
    else:
        _show(figures, countries, power or POWERS)


def _run(base: FactBase) -> dict[str, Any]:
    return {"facts": base.digest, "as_of": base.as_of}


def _print(
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
        emit_json({"run": _run(base), name: list(rows)})
        return
    flat = [{column: _flat(row[column]) for column in columns} for row in rows]
    if csv:
        emit(csv_lines(flat, columns))
    else:
        show_table(columns, flat)


def _flat(cell: Any) -> Any:
    return " ".join(cell) if isinstance(cell, (tuple, list)) else cell


def _states(told: Sequence[Forecast]) -> list[dict[str, Any]]:
    return [
        {"forecast": one.id, "judgement": one.judgement, **asdict(state)}
        for one in told
        for state in one.states
    ]


def _indexed(base: FactBase, file: Path) -> list[dict[str, Any]]:
    """The index of every row of a file of working columns, base and extended."""
    import csv

    from ytterby.influence import capacity, version

    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            rows, header = list(reader), set(reader.fieldnames or ())
    except (UnicodeDecodeError, csv.Error) as error:
        raise FactError(str(file), "no text in rows", "CSV in UTF-8", "write it as CSV in UTF-8") from error
    versions = [version(base, name) for name in ("base", "plus")]
    wanted = [term.column for of in versions for term in of.terms]
    if not header & set(wanted):
        allowed = f"working columns such as {', '.join(wanted[:3])}"
        raise FactError(
            str(file), f"columns {quoted(', '.join(sorted(header)[:6]))}", allowed, "use the published names"
        )
    found = []
    for number, row in enumerate(rows, 1):
        for of in versions:
            index = capacity(of, row)
            found += [
                {
                    "row": number, "influencer": row.get("iso3a", ""), "influenced": row.get("iso3b", ""),
                    "year": row.get("year", ""), "figure": name, "value": None if name in index.open else figure.value,
                    "low": figure.low, "high": figure.high, "missing": index.missing if name in index.open else (),
                }
                for name, figure in index.figures.items()
            ]  # fmt: skip
    return found


def _show(figures: Sequence[Figure], countries: Sequence[str], powers: Sequence[str]) -> None:
    """One table a country: indicators down, powers across."""
    from ytterby.influence import latest

    newest = latest(figures)
    for country in countries:
        own = [figure for figure in newest if figure.country == country]
        rows = []
        for indicator in dict.fromkeys(figure.indicator for figure in own):
            cells = {figure.power: _cell(figure) for figure in own if figure.indicator == indicator}
            unit = next(figure.unit for figure in own if figure.indicator == indicator)
            rows.append({country: indicator, "unit": unit, **{p: cells.get(p, "") for p in powers}})
        if rows:
            show_table([country, "unit", *powers], rows)
    say(
        "bounds in brackets, year behind '; an empty cell is missing; --json and --csv give all years with rows and notes"
    )


def _cell(figure: Figure) -> str:
    from ytterby.study.words import number

    ends = [None if end is None else number(end) for end in (figure.low, figure.value, figure.high)]
    year = f" '{str(figure.year)[2:]}" if figure.year else ""
    if ends[0] == ends[2]:
        return f"{ends[1]}{year}"
    bounds = f"({ends[0] or '..'} to {ends[2] or '..'})"
    return f"{ends[1] or ''} {bounds}{year}".strip()


def hazard(
    exporter: Annotated[
        str | None, Parameter(name="EXPORTER", help="Who may restrict; without it everyone.")
    ] = None,
    /,
    *,
    importer: Annotated[str, Parameter(help="Towards whom.")] = "USA",
    mineral: Annotated[
        str | None, Parameter(help="Only this mineral; without it all that are supplied.")
    ] = None,
    years: Annotated[
        int,
        Parameter(converter=whole, help=f"Length of the longer span in years, {YEARS_AHEAD} if not said."),
    ] = YEARS_AHEAD,
    classes: Annotated[
        bool, Parameter(help="The rates by class, the score on years left out, and what is not counted.")
    ] = False,
    json: Json = False,
    csv: Csv = False,
    as_of: AsOf = None,
    data: Data = (),
) -> None:
    """How probably an exporter starts to restrict a mineral towards an importer, from restrictions since 2010.

    The screen shows the likeliest; --json and --csv give all with their rows. Intervals are 90 % of the posterior.
    """
    from ytterby.facts import load
    from ytterby.influence import hazard as hazard_of
    from ytterby.influence import outlook

    if years < 1:
        raise FactError("--years", str(years), "1 or more", "give a number of years")
    base = load(data, as_of=as_of)
    say_overrides(base)
    of = hazard_of(base)
    if classes:
        _show_classes(of, base, json=json, csv=csv)
        return
    rows = [_outlook(one) for one in outlook(base, of, exporter, importer, mineral, years)]
    if json or csv:
        _print("outlook", OUTLOOK, rows, base, json=json, csv=csv)
        return
    shown = (
        "exporter",
        "mineral",
        "production_share",
        "dominance",
        "before",
        "distance",
        "chance",
        "low",
        "high",
    )
    show_table(shown, [{name: _short(row[name]) for name in shown} for row in rows[:SHOWN]])
    say(f"chance of a start within a year towards {importer}; {len(rows)} in all, --json and --csv give them")


def _short(cell: Any) -> Any:
    return float(f"{cell:.2g}") if isinstance(cell, float) else cell


def _outlook(one: Outlook) -> dict[str, Any]:
    row = asdict(one)
    year, within = row.pop("year"), row.pop("within")
    row |= {"chance": year[1], "low": year[0], "high": year[2]}
    return row | {"chance_within": within[1], "low_within": within[0], "high_within": within[2]}


def _show_classes(of: Hazard, base: FactBase, *, json: bool, csv: bool) -> None:
    """Rates by class; on the screen also the scores and how much was left out."""
    from ytterby.influence import gains, scores

    found = scores(of)
    rows = [
        {
            "rate": which, "class": ", ".join(rate.name), "restrictions": rate.restrictions, "exposed_years": rate.exposed,
            "value": rate.value, "low": rate.low, "high": rate.high,
        }
        for which, rates in (("towards everyone", of.everyone), ("aimed at an importer", of.aimed))
        for rate in rates.values()
    ]  # fmt: skip
    summed = [
        {"rate": which, "way": way, "gain": gain, "years_better": better, "years": years}
        for (which, way), (gain, better, years) in gains(found).items()
    ]
    if json:
        left = [asdict(one) for one in of.left_out]
        counted = [asdict(one) for one in of.restrictions]
        emit_json({
            "run": _run(base), "years": of.years, "classes": rows, "weights": of.priors, "gains": summed,
            "scores": [asdict(one) for one in found], "restrictions": counted, "left_out": left,
        })  # fmt: skip
        return
    columns = ("rate", "class", "restrictions", "exposed_years", "value", "low", "high")
    _print("classes", columns, rows if csv else [{k: _short(v) for k, v in r.items()} for r in rows], base,
           json=False, csv=csv)  # fmt: skip
    if not csv:
        gained = ("rate", "way", "gain", "years_better", "years")
        show_table(gained, [{k: _short(v) for k, v in row.items()} for row in summed])
        weights = ", ".join(f"{_short(weight)} ({name})" for name, weight in of.priors.items())
        say(
            f"{len(of.restrictions)} restrictions of {of.years[0]}-{of.years[1]} counted, {len(of.left_out)} left out; "
            f"weight of the constant rate in restrictions: {weights}"
        )

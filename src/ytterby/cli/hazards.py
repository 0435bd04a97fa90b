# SPDX-License-Identifier: Apache-2.0
"""The command `hazard`: how probably an exporter restricts a mineral, and what draws of it leave unserved."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ytterby.cli.factbase import say_overrides
from ytterby.cli.influencing import Csv, print_rows, run_of
from ytterby.cli.options import AsOf, Data, Json, one_of, whole
from ytterby.cli.output import emit_json, say, show_table
from ytterby.errors import FactError, quoted

if TYPE_CHECKING:
    from ytterby.facts import FactBase
    from ytterby.influence import Asked, Hazard, Outlook, Starts
    from ytterby.study import Case
    from ytterby.study.hazards import Lengths

YEARS_AHEAD = 10
SHOWN = 25
OUTLOOK = (
    "exporter", "importer", "mineral", "production_share", "dominance", "before", "distance", "measured_by",
    "chance", "low", "high", "years", "chance_within", "low_within", "high_within", "of_everyone", "basis",
)  # fmt: skip
ON_SCREEN = (
    "exporter", "mineral", "production_share", "dominance", "before", "distance", "chance", "low", "high",
)  # fmt: skip
CHANCE = ("exporter", "importer", "mineral", "year", "starts", "by_then", "low", "high")
LOSS = ("form", "unserved", "unserved_low", "unserved_high", "unserved_if_cut")
IMPORTER = "USA"
Importer = Annotated[str | None, Parameter(help=f"Towards whom, {IMPORTER} if not said.")]
Mineral = Annotated[str | None, Parameter(help="Only this mineral; without it all that are supplied.")]
Years = Annotated[
    int | None,
    Parameter(converter=whole, help=f"Length of the longer span in years, {YEARS_AHEAD} if not said."),
]
Classes = Annotated[
    bool, Parameter(help="The rates by class, the score on years left out, and what is not counted.")
]
Draws = Annotated[
    int | None,
    Parameter(
        converter=whole, help="Draw that many times in which year EXPORTER starts, and count the years."
    ),
]
Seed = Annotated[int | None, Parameter(converter=whole, help="Seed of the draws, 0 if not said.")]
Lasts = Annotated[
    str | None,
    Parameter(
        help="With --case: years that a stop lasts, or drawn to draw them from the record of bans; for good if not said."
    ),
]
Through = Annotated[
    str | None, Parameter(help="Put the draws through this case's market: what goes unserved.")
]


def hazard(
    exporter: Annotated[
        str | None, Parameter(name="EXPORTER", help="Who may restrict; without it everyone.")
    ] = None,
    /,
    *,
    importer: Importer = None,
    mineral: Mineral = None,
    years: Years = None,
    classes: Classes = False,
    draws: Draws = None,
    seed: Seed = None,
    case: Through = None,
    lasts: Lasts = None,
    json: Json = False,
    csv: Csv = False,
    as_of: AsOf = None,
    data: Data = (),
) -> None:
    """How probably an exporter starts to restrict a mineral towards an importer, from restrictions since 2010.

    The screen shows the likeliest; --json and --csv give all with their rows. Intervals are 90 % of the posterior.
    --draws counts drawn years of a start; with --case they go through the market of its reference scenario.
    """
    from ytterby.facts import load
    from ytterby.influence import hazard as hazard_of
    from ytterby.influence import outlook

    drawn = any(option is not None for option in (draws, seed, case, lasts))
    one_of(
        {"--json": json, "--csv": csv},
        {"--classes": classes, "--draws, --seed, --case or --lasts": drawn},
        {
            "--classes": classes,
            "EXPORTER, --importer, --mineral or --years": any(
                word is not None for word in (exporter, importer, mineral, years)
            ),
        },
        {"--case": case is not None, "--years": years is not None},
    )
    ahead, towards = YEARS_AHEAD if years is None else years, IMPORTER if importer is None else importer
    if ahead < 1:
        raise FactError("--years", str(ahead), "1 or more", "give a number of years")
    base = load(data, as_of=as_of)
    say_overrides(base)
    of = hazard_of(base)
    if classes:
        _show_classes(of, base, json=json, csv=csv)
    elif drawn:
        question = _question(exporter, mineral, draws, seed or 0, _lasting(lasts, case))
        _show_draws(base, of, question, towards, ahead, case, json=json, csv=csv)
    else:
        found = outlook(base, of, exporter, towards, mineral, ahead)
        _show_outlook(base, found, towards, json=json, csv=csv)


def _show_outlook(base: FactBase, found: Sequence[Outlook], importer: str, *, json: bool, csv: bool) -> None:
    """Chances by exporter and mineral; on the screen the likeliest alone."""
    rows = [_outlook(one) for one in found]
    if json or csv:
        print_rows("outlook", OUTLOOK, rows, base, json=json, csv=csv)
        return
    show_table(ON_SCREEN, [{name: _short(row[name]) for name in ON_SCREEN} for row in rows[:SHOWN]])
    say(f"chance of a start within a year towards {importer}; {len(rows)} in all, --json and --csv give them")


@dataclass(frozen=True)
class _Question:
    """What is drawn."""

    exporter: str
    mineral: str | None
    draws: int
    seed: int
    lasts: int | str | None


def _lasting(lasts: str | None, case: str | None) -> int | str | None:
    """How long stops last: a number of years, drawn, or for good.

    Raises
    ------
    FactError : neither, or there is no case whose market would be stopped
    """
    from ytterby.scenario import DRAWN

    if lasts is None or lasts == DRAWN:
        years: int | str | None = lasts
    elif re.fullmatch(r"[1-9]\d{0,3}", lasts, re.ASCII):
        years = int(lasts)
    else:
        raise FactError(
            "--lasts", quoted(lasts), f"a whole number, 1 or more, or {DRAWN}", "give one of them"
        )
    if lasts is not None and case is None:
        raise FactError("--lasts", "no --case", "a case such as central-asia", "name whose market is stopped")
    return years


def _question(
    exporter: str | None, mineral: str | None, draws: int | None, seed: int, lasts: int | str | None
) -> _Question:
    if exporter is None:
        raise FactError("--draws", "no EXPORTER", "a country such as CHN", "name who may restrict")
    if draws is None or draws < 1:
        found = "no --draws" if draws is None else str(draws)
        raise FactError("--draws", found, "1 or more", "give a number of draws")
    if seed < 0:
        raise FactError("--seed", str(seed), "0 or more", "give a whole number")
    return _Question(exporter, mineral, draws, seed, lasts)


def _show_draws(
    base: FactBase, of: Hazard, question: _Question, importer: str, years: int, case: str | None,
    *, json: bool, csv: bool,
) -> None:  # fmt: skip
    """Chances of a start by year from draws; with a case also what goes unserved."""
    from ytterby.influence import chances, draws, outlook

    first = of.years[1] + 1
    within = None if case is None else _case(case, question, importer)
    mineral = question.mineral if within is None else within.commodity
    span = range(first, first + years if within is None else within.last_year + 1)
    known = outlook(base, of, question.exporter, importer, mineral, years)
    asked = [(one.exporter, importer, one.mineral) for one in known]
    starts = draws(question.seed, question.draws, of, asked, span)
    rows = [asdict(one) for one in chances(starts, span)]
    columns: tuple[str, ...] = CHANCE
    if within is not None:
        rows = _with_losses(rows, within, base, starts, _lengths(question, of, asked[0]))
        columns = (*CHANCE, *LOSS)
    if json:
        basis = list(dict.fromkeys(id_ for one in known for id_ in one.basis))
        run = {
            **run_of(base),
            "draws": question.draws,
            "seed": question.seed,
            "case": case,
            "lasts": question.lasts,
        }
        counted = {"restrictions": len(of.restrictions), "bans": of.bans}
        emit_json({"run": run, "draws": rows, "counted": counted, "basis": basis})
        return
    print_rows("draws", columns, rows if csv else _rounded(rows), base, json=False, csv=csv)
    if not csv:
        _say_draws(of, question, case)


def _lengths(question: _Question, of: Hazard, asked: Asked) -> Lengths:
    """Years that the stop of each draw lasts."""
    from ytterby.study.hazards import lasts

    return lasts(question.seed, question.draws, of, asked, question.lasts)


def _case(name: str, question: _Question, importer: str) -> Case:
    """The case with the importer that is asked about."""
    from ytterby.study import load_case

    case = replace(load_case(name), importer=importer)
    if question.mineral not in {None, case.commodity}:
        raise FactError(
            "--mineral", quoted(str(question.mineral)), case.commodity, "leave it out: the case names its own"
        )
    return case


def _with_losses(
    rows: Sequence[Mapping[str, Any]], case: Case, base: FactBase, starts: Starts, lasting: Lengths
) -> list[dict[str, Any]]:
    from ytterby.study.hazards import losses

    by_year = {loss.year: loss for loss in losses(case, base, starts, lasting=lasting)}
    return [
        {
            **row, "form": by_year[row["year"]].form, "unserved": by_year[row["year"]].value,
            "unserved_low": by_year[row["year"]].low, "unserved_high": by_year[row["year"]].high,
            "unserved_if_cut": by_year[row["year"]].if_cut,
        }
        for row in rows
    ]  # fmt: skip


def _say_draws(of: Hazard, question: _Question, case: str | None) -> None:
    say(f"{question.draws} draws, seed {question.seed}; low and high: 90 % interval of the chance by then")
    if case is not None:
        say(
            f"unserved: share of the importer's use, each start taken as a full stop {_span(question.lasts)}; "
            f"of {len(of.restrictions)} restrictions counted {of.bans} were bans"
        )


def _span(lasts: int | str | None) -> str:
    if lasts is None:
        return "for good, the most that it can be"
    if isinstance(lasts, int):
        return f"for {lasts} year{'' if lasts == 1 else 's'}"
    return "for as long as is drawn from the record of bans"


def _short(cell: Any) -> Any:
    return float(f"{cell:.2g}") if isinstance(cell, float) else cell


def _rounded(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{name: _short(cell) for name, cell in row.items()} for row in rows]


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
        for which, rates in (("towards everyone", of.everyone), ("aimed at an importer", of.aimed), ("end of acts", of.ends))
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
            "run": run_of(base), "years": of.years, "classes": rows, "weights": of.priors, "gains": summed,
            "scores": [asdict(one) for one in found], "restrictions": counted, "left_out": left,
        })  # fmt: skip
        return
    columns = ("rate", "class", "restrictions", "exposed_years", "value", "low", "high")
    print_rows("classes", columns, rows if csv else _rounded(rows), base, json=False, csv=csv)
    if not csv:
        gained = ("rate", "way", "gain", "years_better", "years")
        show_table(gained, _rounded(summed))
        weights = ", ".join(f"{_short(weight)} ({name})" for name, weight in of.priors.items())
        say(
            f"{len(of.restrictions)} restrictions of {of.years[0]}-{of.years[1]} counted, {len(of.left_out)} left out; "
            f"weight of the constant rate in restrictions: {weights}"
        )

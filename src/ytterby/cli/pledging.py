# SPDX-License-Identifier: Apache-2.0
"""The command `pledges`: what announced, committed, expected and realised amounts are, apart from each other."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ytterby.cli.casework import DEFAULT_CASE, CaseName
from ytterby.cli.factbase import say_overrides
from ytterby.cli.options import AsOf, Data, Json, one_of
from ytterby.cli.output import emit, emit_json, say, show_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ytterby.claims.pledges import Total
    from ytterby.claims.worth import Worth
    from ytterby.facts import FactBase

COLUMNS = (
    "headline", "name", "unit", "announced", "committed", "expected", "low", "high", "realised", "lines",
    "realised_unknown", "late", "inferred", "excess", "taken_whole", "basis",
)  # fmt: skip
SIZES = ("share_of_gdp", "yearly_over_exports", "yearly_over_trade", "over_past_investment")
MEANS = (
    "id", "givers", "receivers", "sector", "unit", "announced", "expected", *SIZES, "horizon_year", "missing", "late", "basis",
)  # fmt: skip
AMOUNTS = ("announced", "committed", "expected", "low", "high", "realised")


def pledges(
    case: CaseName = DEFAULT_CASE,
    /,
    *,
    giver: Annotated[str, Parameter(help="Only pledges of this country, such as KAZ.")] = "",
    receiver: Annotated[str, Parameter(help="Only pledges to this country, such as USA.")] = "",
    sector: Annotated[str, Parameter(help="Only this sector, such as aviation.")] = "",
    headline: Annotated[str, Parameter(help="Only what lies within this pledge, such as P030.")] = "",
    by: Annotated[
        str, Parameter(help="Sum by giver, receiver or sector, or by several: giver,receiver,sector.")
    ] = "",
    means: Annotated[
        bool, Parameter(help="Each pledge against the giver's output, exports, trade and past investment.")
    ] = False,
    json: Json = False,
    csv: Annotated[bool, Parameter(help="Print CSV with a header.")] = False,
    as_of: AsOf = None,
    data: Data = (),
) -> None:
    """What pledges are worth: announced, committed, expected with an interval, and realised.

    Without a condition and without --by it is about the headline pledges of the case. Items within a headline are never
    added to it; what its items leave is a line of its own.
    """
    from ytterby.claims.worth import ASSUMPTION, worth
    from ytterby.facts import load
    from ytterby.facts.tables import csv_lines
    from ytterby.scenario import load_case

    one_of({"--json": json, "--csv": csv})
    conditions = {"giver": giver, "receiver": receiver, "sector": sector, "by": by}
    base = load(data, as_of=as_of)
    say_overrides(base)
    chosen = headline or any(conditions.values())
    headlines = (headline,) if chosen else _known(base, load_case(case).pledges)
    found = [(one, worth(base, headline=one, **conditions)) for one in headlines]
    if means:
        _show_means(base, [id_ for _, part in found for id_ in part.pledges], json=json, csv=csv)
        return
    rows = [_row(one, total) for one, part in found for total in part.groups]
    if json:
        totals = [_row(one, total) for one, part in found for total in part.totals]
        sentences = [text for _, part in found for text in part.sentences]
        run = {"facts": base.digest, "as_of": base.as_of}
        emit_json(
            {"pledges": rows, "totals": totals, "sentences": sentences, "assumption": ASSUMPTION, "run": run}
        )
    elif csv:
        emit(csv_lines(rows, COLUMNS))
    else:
        for one, part in found:
            _show(one, part)
        say(ASSUMPTION)


def _known(base: FactBase, headlines: Sequence[str]) -> tuple[str, ...]:
    """The headline pledges of the case that are made by the date of the facts; says which are not.

    Raises
    ------
    FactError : a headline that is no pledge on any date
    """
    known = [row["id"] for row in base.rows("pledges")]
    later = [name for name in headlines if name not in known] if base.as_of else []
    if later:
        say(f"not known yet on {base.as_of}: {', '.join(later)}")
    return tuple(name for name in headlines if name not in later)


def _row(headline: str, total: Total) -> dict[str, Any]:
    lists = {name: list(getattr(total, name)) for name in ("taken_whole", "late", "inferred", "basis")}
    return {"headline": headline, **asdict(total), **lists}


def _show_means(base: FactBase, names: Sequence[str], *, json: bool, csv: bool) -> None:
    """Pledges in USD against the giver's means, the largest first."""
    from ytterby.claims.worth import amount, assess, unit_in_words
    from ytterby.facts.tables import csv_lines

    known = sorted(assess(base, *names), key=lambda one: -(one.pledge.announced or 0.0)) if names else []
    rows: list[dict[str, Any]] = [
        {
            "id": one.pledge.id, "givers": list(one.pledge.givers), "receivers": list(one.pledge.receivers),
            "sector": one.pledge.sector, "unit": one.pledge.unit, "announced": one.pledge.announced,
            "expected": one.expected, "horizon_year": one.pledge.horizon_year,
            **{name: getattr(one, name) for name in SIZES}, "missing": list(one.missing), "late": list(one.late),
            "basis": list(one.basis),
        }
        for one in known
    ]  # fmt: skip
    if json:
        emit_json({"pledges": rows, "run": {"facts": base.digest, "as_of": base.as_of}})
    elif csv:
        emit(csv_lines(rows, MEANS))
    else:
        shown = [
            {
                **row, "givers": ";".join(row["givers"]), "unit": unit_in_words(row["unit"]),
                **{n: amount(row[n]) for n in ("announced", "expected")},
                **{n: "" if row[n] is None else f"{row[n]:.3g}" for n in SIZES},
            }
            for row in rows
        ]  # fmt: skip
        show_table(MEANS[:2] + MEANS[4:11], shown)
        say(
            "share_of_gdp: of the giver's yearly output; the others: times the yearly figure; --json says what is missing"
        )


def _show(headline: str, found: Worth) -> None:
    from ytterby.claims.worth import amount, unit_in_words

    rows = [
        {
            "name": t.name,
            "unit": unit_in_words(t.unit),
            **{a: amount(getattr(t, a)) for a in AMOUNTS},
        }
        for t in found.groups
    ]
    if rows:
        show_table(("name", "unit", *AMOUNTS), rows)
    head = f"{headline}: " if headline else ""
    emit(
        f"{head}{text}\n" for text in found.sentences or ("No pledge with an amount meets these conditions.",)
    )

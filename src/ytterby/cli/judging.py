# SPDX-License-Identifier: Apache-2.0
"""The command `judgements`: forecasts of named experts, open and resolved, with their scores."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ytterby.cli.factbase import say_overrides
from ytterby.cli.options import AsOf, Data, Json
from ytterby.cli.output import emit, emit_json, say, show_table
from ytterby.errors import FactError, quoted

if TYPE_CHECKING:
    from ytterby.claims.judgements import Judgement

SHOWN = ("id", "state", "resolves_by", "probability", "right", "brier", "log_score", "missing")
COLUMNS = (
    "id", "person", "institution", "question", "prediction", "resolves_by", "state", "outcome", "probability", "low",
    "high", "scale", "right", "brier", "log_score", "missing", "basis",
)  # fmt: skip
RECORD = ("who", "judgements", "due", "right", "wrong", "scored", "brier", "log_score")
BY = ("person", "institution")


def judgements(
    *,
    by: Annotated[str, Parameter(help="Counts and scores by person or institution.")] = "",
    json: Json = False,
    csv: Annotated[bool, Parameter(help="Print CSV with a header.")] = False,
    as_of: AsOf = None,
    data: Data = (),
) -> None:
    """Forecasts as questions: open, due, resolved; Brier and log scores where there is a probability.

    Nothing is scored before it is due. Words count as probabilities where relation probability_words has them.
    """
    from ytterby.claims import judgements as room
    from ytterby.facts import load
    from ytterby.facts.tables import csv_lines

    if by and by not in BY:
        raise FactError("--by", quoted(by), ", ".join(BY), "use one of these")
    base = load(data, as_of=as_of)
    say_overrides(base)
    found = room.judgements(base)
    rows: list[dict[str, Any]] = [asdict(one) for one in found]
    if by:
        rows = [asdict(one) for one in room.records(found, by)]
    columns = RECORD if by else COLUMNS
    if json:
        emit_json({"judgements": rows, "run": {"facts": base.digest, "as_of": base.as_of}})
    elif csv:
        emit(csv_lines(rows, columns))
    else:
        show_table(RECORD if by else SHOWN, [{n: _short(v) for n, v in row.items()} for row in rows])
        say(_summary(found))


def _short(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value


def _summary(found: tuple[Judgement, ...]) -> str:
    due = sum(one.state in {"due", "resolved"} for one in found)
    scored = sum(one.brier is not None for one in found)
    return f"{len(found)} judgements, {due} due, {scored} scored"

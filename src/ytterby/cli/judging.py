# SPDX-License-Identifier: Apache-2.0
"""The command `judgements`: forecasts of named experts or of a user's file, open and resolved, with their scores."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from ytterby.cli.factbase import say_overrides
from ytterby.cli.options import AsOf, Data, Json, one_of
from ytterby.cli.output import emit, emit_json, say, show_table
from ytterby.errors import FactError, quoted

SHOWN = ("id", "state", "resolves_by", "probability", "right", "brier", "log_score", "missing")
COLUMNS = (
    "id", "person", "institution", "question", "prediction", "resolves_by", "state", "outcome", "probability", "low",
    "high", "scale", "right", "brier", "log_score", "why", "missing", "basis",
)  # fmt: skip
RECORD = ("who", "judgements", "due", "right", "wrong", "scored", "brier", "log_score")
BY = ("person", "institution")


def judgements(
    *,
    by: Annotated[str, Parameter(help="Counts and scores by person or institution.")] = "",
    file: Annotated[
        Path | None, Parameter(help="Your own judgements: a CSV file with columns of relation judgements.")
    ] = None,
    json: Json = False,
    csv: Annotated[bool, Parameter(help="Print CSV with a header.")] = False,
    as_of: AsOf = None,
    data: Data = (),
) -> None:
    """Forecasts as questions: open, due, resolved; Brier and log scores where there is a probability.

    Nothing is scored before it is due, and the last line says why the others are not. Words count as probabilities
    where relation probability_words has them.
    """
    from ytterby.claims import judgements as room
    from ytterby.claims.own import own_rows
    from ytterby.facts import load
    from ytterby.facts.tables import csv_lines

    one_of({"--json": json, "--csv": csv})
    if by and by not in BY:
        raise FactError("--by", quoted(by), ", ".join(BY), "use one of these")
    base = load(data, as_of=as_of)
    say_overrides(base)
    own = None if file is None else own_rows(file.read_bytes(), str(file), base, "judgements")
    found = room.judgements(base, own)
    rows: list[dict[str, Any]] = [asdict(one) for one in found]
    if by:
        rows = [asdict(one) for one in room.records(found, by)]
    columns = RECORD if by else COLUMNS
    if json:
        rows = [{**row, "log_score": _finite(row["log_score"])} for row in rows]
        emit_json(
            {
                "judgements": rows,
                "counted": room.counted(found),
                "run": {"facts": base.digest, "as_of": base.as_of},
            }
        )
    elif csv:
        emit(csv_lines(rows, columns))
    else:
        show_table(RECORD if by else SHOWN, [{n: _short(v) for n, v in row.items()} for row in rows])
        say(room.counted(found))


def _finite(score: float | None) -> float | str | None:
    """A score as JSON can hold it: there is no number for minus infinity, which a certain and wrong judgement gets."""
    return "-infinity" if score is not None and score == -math.inf else score


def _short(value: object) -> object:
    return round(value, 4) if isinstance(value, float) else value

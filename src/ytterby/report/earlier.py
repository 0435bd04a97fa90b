# SPDX-License-Identifier: Apache-2.0
"""An earlier run read back from its folder: the figures of its tables, as the rules on claims read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ytterby.claims import MEASURES, Figure, SolvedCase
from ytterby.errors import YtterbyError
from ytterby.facts import FactBase
from ytterby.facts.trade import connect
from ytterby.scenario import Case
from ytterby.study.ledger import REFERENCE, first_stops, weights

MEASURED = Path("tables") / "measures.parquet"
QUERY = """
    SELECT measure, form, year, scenario, max(unit), max(value) FILTER (WHERE variant = 'central'), min(value), max(value)
    FROM read_parquet(?) WHERE list_contains(?, measure) AND list_contains(?, scenario) GROUP BY ALL
    HAVING count(*) FILTER (WHERE variant = 'central') > 0
"""


def solved_before(folder: Path, case: Case, base: FactBase) -> SolvedCase:
    """The solved case of a folder that `ytterby answer` wrote, with the intervals of its variants.

    Raises
    ------
    YtterbyError : no run there, one of another case, or one made from other facts
    """
    document, case = _document(folder), case.with_actors()
    _check(folder, document, case, base)
    roles = {role: name for role, name in case.roles.items() if name in _scenarios(document)}
    since = first_stops(case, roles)
    years = {*case.report_years, *since.values()}
    rows = connect().execute(
        QUERY, [str(folder / MEASURED), list(MEASURES), [REFERENCE, *roles.values()]]
    ).fetchall()  # fmt: skip
    figures = {
        (measure, form, year, scenario): Figure(value, low, high, unit)
        for measure, form, year, scenario, unit, value, low, high in rows
        if year in years
    }
    basis = {
        answer["scenario"]: tuple(answer["basis"]) for answer in document["answers"] if answer["scenario"]
    }
    return SolvedCase(
        case.commodity, case.importer, case.supplier, case.region, case.base_year, roles, figures, since,
        lambda key: basis.get(key[3], ()), weights(base),
    )  # fmt: skip


def _document(folder: Path) -> dict[str, Any]:
    file = folder / "answers.json"
    try:
        document: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        ready = {"case", "run", "answers"} <= document.keys() and (folder / MEASURED).is_file()
    except (OSError, ValueError, AttributeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise YtterbyError(
            str(file), f"no run ({reason})", "a folder of ytterby answer", "run it anew"
        ) from error
    if not ready:
        raise YtterbyError(str(folder), "an incomplete run", "a folder of ytterby answer", "run it anew")
    return document


def _check(folder: Path, document: Mapping[str, Any], case: Case, base: FactBase) -> None:
    ran = document["case"]
    for name in ("name", "importer", "supplier"):
        if ran[name] != getattr(case, name):
            raise YtterbyError(
                str(folder), f"a run of {name} {ran[name]}", getattr(case, name), "name a run of this case"
            )
    if document["run"]["facts"] != base.digest or document["run"]["as_of"] != base.as_of:
        raise YtterbyError(
            str(folder), "a run made from other facts", "the facts of this check", "run ytterby answer anew"
        )


def _scenarios(document: Mapping[str, Any]) -> list[str]:
    return [scenario["name"] for scenario in document["case"]["scenarios"]]

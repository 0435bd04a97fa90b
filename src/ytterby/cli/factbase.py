# SPDX-License-Identifier: Apache-2.0
"""The command `facts`: list, filter, export and check the fact base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ytterby.cli.options import AsOf, Data, Json, one_of, whole
from ytterby.cli.output import emit, emit_json, say, show_table
from ytterby.errors import FactError, allowed_names, quoted

if TYPE_CHECKING:
    from ytterby.facts import FactBase

SHOWN = 50
LISTED = ("relation", "rows", "title")


def facts(
    table: Annotated[str | None, Parameter(help="Relation; without it all relations are listed.")] = None,
    /,
    *,
    where: Annotated[
        tuple[str, ...],
        Parameter(
            help="Only rows that meet this condition, such as country=KAZ, year>=2020, note~magnet or unit= "
            "(empty). May be given several times; all must be met."
        ),
    ] = (),
    columns: Annotated[str | None, Parameter(help="Only these columns, separated by commas.")] = None,
    limit: Annotated[
        int, Parameter(converter=whole, help=f"Rows on the screen, {SHOWN} if not said; 0 for all.")
    ] = SHOWN,
    json: Json = False,
    csv: Annotated[bool, Parameter(help="Print CSV with a header.")] = False,
    check: Annotated[bool, Parameter(help="Check all tables and print all problems.")] = False,
    as_of: AsOf = None,
    data: Data = (),
) -> int:
    """List, filter, export and check the fact base. Measured numbers are in canonical units."""
    from ytterby.facts import load, select
    from ytterby.facts.tables import csv_lines

    one_of({"--json": json, "--csv": csv})
    if limit < 0:
        raise FactError("--limit", str(limit), "0 or more", "give a number of rows, or 0 for all")
    if check:
        return _check(data, json=json)
    base = load(data, as_of=as_of)
    say_overrides(base)
    rows: Sequence[Mapping[str, Any]] = _relations(base) if table is None else select(base, table, where)
    names = list(LISTED) if table is None else list(base.schema.relation(table).columns)
    if columns is not None:
        names = _picked(columns, names, rows)
    if json:
        emit_json(_document(base, table, names if columns is not None else None, rows))
    elif csv:
        emit(csv_lines(rows, names))
    else:
        _show(names, rows, limit if table is not None else 0, every_column=columns is not None)
    return 0


def say_overrides(base: FactBase) -> None:
    """Tell which shipped rows a user's folder replaced."""
    for override in base.overrides:
        changes = ", ".join(f"{column}: {old} -> {new}" for column, old, new in override.changes)
        say(f"override: {override.relation} {override.id} by {override.folder} ({changes or 'no change'})")


def _relations(base: FactBase) -> list[dict[str, Any]]:
    """One row a relation; trade is counted in its file."""
    from ytterby.facts import relation

    rows = []
    for name, definition in base.schema.relations.items():
        table = base.tables.get(name)
        count = len(relation(base, name)) if table is None else len(table)
        rows.append({"relation": name, "rows": count, "title": definition.title})
    return rows


def _picked(columns: str, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The columns asked for, in the order asked; those that loading added may be named too."""
    known = list(dict.fromkeys([*names, *(rows[0] if rows else ())]))
    picked = [name.strip() for name in columns.split(",")]
    for name in picked:
        if name not in known:
            allowed = allowed_names(name, known, 40)
            raise FactError("--columns", quoted(name), allowed, "use columns of the table")
    return picked


def _document(
    base: FactBase, table: str | None, names: Sequence[str] | None, rows: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """What --json prints."""
    return {
        "relation": table,
        "as_of": base.as_of,
        "digest": base.digest,
        "overrides": [override.id for override in base.overrides],
        "rows": [dict(row) if names is None else {name: row[name] for name in names} for row in rows],
    }


def _show(names: Sequence[str], rows: Sequence[Mapping[str, Any]], limit: int, *, every_column: bool) -> None:
    """Print rows for the eye: no empty columns, no more rows than asked for, a word on what is left out."""
    shown = rows[:limit] if limit else rows
    filled = [name for name in names if every_column or any(row[name] is not None for row in shown)]
    left_out = show_table(filled, shown) if shown else []
    if not rows:
        say("no row fits")
    if len(shown) < len(rows):
        say(f"{len(shown)} of {len(rows)} rows; --limit 0 shows all, --csv and --json write all")
    if left_out:
        say(f"columns that do not fit: {', '.join(left_out)}; --columns picks, --csv and --json write all")


def _check(data: Sequence[Path], *, json: bool) -> int:
    """Print every problem of every table; exit code 2 when there is one."""
    from ytterby.facts import check

    problems = check(data)
    if json:
        keys = ("table", "row", "column", "found", "allowed", "remedy")
        emit_json({"problems": [{key: getattr(problem, key) for key in keys} for problem in problems]})
    else:
        emit([f"{problem}\n" for problem in problems] or ["no problems\n"])
    return 2 if problems else 0

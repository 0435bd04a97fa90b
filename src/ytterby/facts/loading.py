# SPDX-License-Identifier: Apache-2.0
"""Loading: the shipped folder first, then the users' folders; everything checked, all problems at once.

A user's row with a known id takes the other's place and is reported; a new id adds a row. `as_of` keeps what
was known on a date: by the publication date of the source, else by the last day of the row's own date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ytterby.errors import FactError, Problem, quoted
from ytterby.facts.base import FactBase, Override
from ytterby.facts.columns import KNOWN, Relation
from ytterby.facts.dates import last_day
from ytterby.facts.gathering import Gathered, gather, rows_of, trade_problems
from ytterby.facts.rows import FrozenDict, Row
from ytterby.facts.rules import SCHEMA_FILE

ALWAYS_KNOWN = ("sources", "units")

Rows = dict[str, dict[str, Any]]


def data_folder() -> Path:
    """The shipped data folder: inside the installed package, or beside `src` in a checkout.

    Raises
    ------
    FactError : there is none
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "data", package.parents[1] / "data"):
        if (folder / SCHEMA_FILE).is_file():
            return folder
    raise FactError("data folder", f"no {SCHEMA_FILE}", "the shipped data", "install the package anew")


def load(folders: Sequence[Path] = (), *, as_of: str | None = None, shipped: Path | None = None) -> FactBase:
    """Load the fact base.

    Parameters
    ----------
    folders : users' folders, later ones over earlier ones; any subset of the relations as CSV
    as_of : keep only what was known on that date (YYYY, YYYY-MM or YYYY-MM-DD, its last day); sources, units
        and timeless relations are kept whole
    shipped : the folder to begin with; the shipped one when not given

    Raises
    ------
    FactError : anything is wrong with any table; carries all problems
    """
    limit = None if as_of is None else _day(as_of)
    gathered = gather(
        data_folder() if shipped is None else Path(shipped), [Path(folder) for folder in folders]
    )
    if gathered.problems:
        raise FactError.collected(gathered.problems)
    merged, overrides = _merged(gathered)
    relations = gathered.schema.relations
    tables = {name: _frozen(rows.values(), relations[name], limit) for name, rows in merged.items()}
    return FactBase(
        gathered.schema, FrozenDict(tables), as_of, gathered.folders, tuple(overrides), gathered.digest
    )


def check(folders: Sequence[Path] = (), *, shipped: Path | None = None) -> list[Problem]:
    """All problems of the shipped and the users' folders, trade included; empty when all is well."""
    try:
        base = data_folder() if shipped is None else Path(shipped)
        gathered = gather(base, [Path(folder) for folder in folders])
    except FactError as error:
        return list(error.problems) or [
            Problem(error.where, "", "", error.found, error.allowed, error.remedy)
        ]
    return gathered.problems + trade_problems(gathered)


def _day(text: str) -> str:
    try:
        return last_day(text)
    except ValueError:
        allowed, remedy = "YYYY, YYYY-MM or YYYY-MM-DD", "write the date as YYYY-MM-DD"
        raise FactError("as_of", quoted(text), allowed, remedy) from None


def _merged(gathered: Gathered) -> tuple[dict[str, Rows], list[Override]]:
    """Rows by relation and id, later folders over earlier ones, each with the day on which it was known."""
    merged: dict[str, Rows] = {relation.name: {} for relation in gathered.schema.tables}
    overrides: list[Override] = []
    for table in gathered.tables:
        name, rows = table.relation.name, merged[table.relation.name]
        for row in rows_of(table):
            old = rows.get(row["id"])
            if old is not None:
                changes = tuple((key, old[key], value) for key, value in row.items() if old[key] != value)
                overrides.append(Override(row["id"], name, changes, table.folder))
            rows[row["id"]] = row
    published = {name: row.get("published") for name, row in merged["sources"].items()}
    for name, rows in merged.items():
        _date_rows(rows.values(), published, "id" if name == "sources" else "source")
    return merged, overrides


def _date_rows(rows: Iterable[dict[str, Any]], published: Mapping[str, str | None], key: str) -> None:
    """Put the day on which each row was known into the row."""
    days: dict[str | None, str | None] = {None: None}
    for row in rows:
        date = published.get(row.get(key, "")) or row.get("as_of")
        if date and date not in days:
            days[date] = last_day(date)
        row[KNOWN] = days[date]


def _frozen(rows: Iterable[dict[str, Any]], relation: Relation, limit: str | None) -> tuple[Row, ...]:
    """The rows known on the day `limit`, read-only."""
    if limit is None or relation.timeless or relation.name in ALWAYS_KNOWN:
        return tuple(map(FrozenDict, rows))
    return tuple(FrozenDict(row) for row in rows if row[KNOWN] and row[KNOWN] <= limit)

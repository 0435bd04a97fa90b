# SPDX-License-Identifier: Apache-2.0
"""Loading: the shipped folder first, then the users' folders; everything checked, all problems at once.

A user's row with a known id takes the other's place and is reported; a new id adds a row. `as_of` keeps
what was known on a date: by the publication date of the source, else by the last day of the row's own date.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ytterby.errors import FactError, Problem, allowed_names, quoted
from ytterby.facts.base import TRADE_FILE, FactBase, Override, country_codes
from ytterby.facts.checking import check_figures, check_ids, check_references, known_ids
from ytterby.facts.columns import KNOWN
from ytterby.facts.conversion import check_units, convert_table, unit_table
from ytterby.facts.dates import last_day
from ytterby.facts.reading import Table, read_table
from ytterby.facts.rows import FrozenDict, Row
from ytterby.facts.schema import SCHEMA_FILE, Relation, Schema, read_schema

NEEDED = ("sources", "units")


@dataclass
class _Gathered:
    """What was read: tables in the order of the folders, problems of whole folders, checksums by file."""

    schema: Schema
    folders: tuple[Path, ...]
    tables: list[Table] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    checksums: list[str] = field(default_factory=list)

    def all_problems(self) -> list[Problem]:
        return [*self.problems, *(problem for table in self.tables for problem in table.problems)]


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
    as_of : keep only what was known on that date (YYYY, YYYY-MM or YYYY-MM-DD, its last day)
    shipped : the folder to begin with; the shipped one when not given

    Raises
    ------
    FactError : anything is wrong with any table; carries all problems
    """
    limit = None if as_of is None else _date(as_of)
    gathered = _gather(folders, shipped)
    problems = gathered.all_problems()
    if problems:
        raise FactError.collected(problems)
    merged, overrides = _merged(gathered)
    tables = {
        name: _known(rows.values(), gathered.schema.relations[name], limit) for name, rows in merged.items()
    }
    digest = hashlib.sha256("\n".join(gathered.checksums).encode()).hexdigest()
    return FactBase(gathered.schema, FrozenDict(tables), as_of, gathered.folders, tuple(overrides), digest)


def check(folders: Sequence[Path] = (), *, shipped: Path | None = None) -> list[Problem]:
    """All problems of the shipped and the users' folders, trade included; empty when all is well."""
    try:
        gathered = _gather(folders, shipped)
    except FactError as error:
        return list(error.problems) or [
            Problem(error.where, "", "", error.found, error.allowed, error.remedy)
        ]
    return gathered.all_problems() + _trade_problems(gathered)


def _trade_problems(gathered: _Gathered) -> list[Problem]:
    """Problems of the trade file; asked only when the countries could be read."""
    from ytterby.facts.trade import check_trade

    tables = [table for table in gathered.tables if table.relation.name == "countries"]
    if TRADE_FILE not in {relation.file for relation in gathered.schema.relations.values()}:
        return []
    if any(table.broken or table.problems for table in tables):
        return []
    places = country_codes([row for table in tables for row in _rows(table)])
    return check_trade(gathered.folders[0] / TRADE_FILE, places)


def _date(text: str) -> str:
    try:
        return last_day(text)
    except ValueError:
        remedy = "write the date as YYYY-MM-DD"
        raise FactError("as_of", quoted(text), "YYYY, YYYY-MM or YYYY-MM-DD", remedy) from None


def _gather(folders: Sequence[Path], shipped: Path | None) -> _Gathered:
    base = data_folder() if shipped is None else Path(shipped)
    schema_bytes = _bytes(base / SCHEMA_FILE)
    if isinstance(schema_bytes, str):
        raise FactError(SCHEMA_FILE, schema_bytes, "a readable file", "give the folder of the fact base")
    schema = read_schema(schema_bytes)
    missing = [name for name in NEEDED if name not in schema.relations]
    if missing:
        raise FactError(
            SCHEMA_FILE, f"no relation {', '.join(missing)}", "sources and units", "describe them"
        )
    gathered = _Gathered(schema, (base, *map(Path, folders)))
    gathered.checksums.append(f"0/{SCHEMA_FILE} {hashlib.sha256(schema_bytes).hexdigest()}")
    for number, folder in enumerate(gathered.folders):
        _read_folder(gathered, number, folder)
    _check_tables(gathered)
    return gathered


def _bytes(path: Path) -> bytes | str:
    """The file's content, or the reason why it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return "no such file"
    except OSError as error:
        return f"a file that cannot be read ({error.strerror})"


def _read_folder(gathered: _Gathered, number: int, folder: Path) -> None:
    expected = {relation.file: relation for relation in gathered.schema.relations.values()}
    present = _listed(gathered, number, folder, expected)
    for name, relation in sorted(expected.items()):
        if name not in present and number > 0:
            continue
        label = name if number == 0 else f"{folder.name}/{name}"
        if not name.endswith(".csv"):
            _add_checksum(gathered, f"{number}/{name}", folder / name)
            continue
        content = _bytes(folder / name)
        if isinstance(content, str):
            gathered.problems.append(
                Problem(label, "", "", content, "a CSV file", f"give the table {relation.name}")
            )
            gathered.tables.append(Table(relation, label, broken=True))
            continue
        gathered.checksums.append(f"{number}/{name} {hashlib.sha256(content).hexdigest()}")
        gathered.tables.append(read_table(content, label, relation))


def _add_checksum(gathered: _Gathered, label: str, path: Path) -> None:
    if path.is_file():
        with path.open("rb") as stream:
            gathered.checksums.append(f"{label} {hashlib.file_digest(stream, 'sha256').hexdigest()}")


def _listed(gathered: _Gathered, number: int, folder: Path, expected: Mapping[str, Relation]) -> set[str]:
    """Names of the files in `folder`; those of no relation are noted (.md and hidden files may stay)."""
    try:
        present = {path.name for path in folder.iterdir()}
    except OSError as error:
        found = f"a folder that cannot be read ({error.strerror})"
        gathered.problems.append(
            Problem(str(folder), "", "", found, "a folder of CSV tables", "check the path")
        )
        return set()
    tables = [name for name in expected if name.endswith(".csv")]
    for name in sorted(present - set(expected)):
        tolerated = (
            name.startswith(".") or name.endswith(".md") or (number == 0 and not name.endswith(".csv"))
        )
        if not tolerated:
            label = name if number == 0 else f"{folder.name}/{name}"
            allowed = allowed_names(name, tables, limit=60)
            gathered.problems.append(
                Problem(label, "", "", "a file of no relation", allowed, "rename or remove it")
            )
    return present


def _check_tables(gathered: _Gathered) -> None:
    usable = [table for table in gathered.tables if not table.broken]
    check_ids(usable)
    ids = known_ids(gathered.tables)
    units = unit_table([row for table in usable if table.relation.name == "units" for row in _rows(table)])
    for table in usable:
        check_references(table, ids)
        if table.relation.name == "units" and ids["units"] is not None:
            check_units(table, units)
        if ids["units"] is not None:
            convert_table(table, units)
        check_figures(table)


def _rows(table: Table) -> Iterable[dict[str, Any]]:
    names = list(table.columns)
    return (dict(zip(names, values, strict=True)) for values in zip(*table.columns.values(), strict=True))


def _merged(gathered: _Gathered) -> tuple[dict[str, dict[str, dict[str, Any]]], list[Override]]:
    """Rows by relation and id, later folders over earlier ones, each with the date on which it was known."""
    merged: dict[str, dict[str, dict[str, Any]]] = {relation.name: {} for relation in gathered.schema.tables}
    overrides: list[Override] = []
    for table in gathered.tables:
        rows = merged[table.relation.name]
        for row in _rows(table):
            old = rows.get(row["id"])
            if old is not None:
                changes = tuple((name, old[name], value) for name, value in row.items() if old[name] != value)
                overrides.append(
                    Override(row["id"], table.relation.name, changes, table.file.rpartition("/")[0])
                )
            rows[row["id"]] = row
    published = {name: row.get("published") for name, row in merged["sources"].items()}
    for name, rows in merged.items():
        _date_rows(rows.values(), {} if name == "sources" else published)
    return merged, overrides


def _date_rows(rows: Iterable[dict[str, Any]], published: Mapping[str, str | None]) -> None:
    days: dict[str | None, str | None] = {None: None}
    for row in rows:
        date = published.get(row.get("source", "")) or row.get("as_of") or row.get("published")
        if date and date not in days:
            days[date] = last_day(date)
        row[KNOWN] = days[date]


def _known(rows: Iterable[dict[str, Any]], relation: Relation, limit: str | None) -> tuple[Row, ...]:
    timeless = limit is None or relation.timeless or relation.name in NEEDED
    return tuple(FrozenDict(row) for row in rows if timeless or (row[KNOWN] and row[KNOWN] <= str(limit)))

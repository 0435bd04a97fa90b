# SPDX-License-Identifier: Apache-2.0
"""Gathering: every file of the shipped and the users' folders is read and checked; nothing is merged yet.

Problems are collected in the tables; only a schema that cannot be read ends the reading.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ytterby.errors import FactError, Problem, allowed_names
from ytterby.facts.base import country_codes
from ytterby.facts.checking import check_figures, check_ids, check_places, check_references, known_ids
from ytterby.facts.columns import TRADE, TRADE_FILE, Relation
from ytterby.facts.conversion import check_units, convert_table, unit_table
from ytterby.facts.reading import Table, read_table
from ytterby.facts.rules import SCHEMA_FILE
from ytterby.facts.schema import Schema, read_schema


@dataclass
class Gathered:
    """What was read: tables in the order of the folders, problems of whole folders, checksums by file."""

    schema: Schema
    folders: tuple[Path, ...]
    tables: list[Table] = field(default_factory=list)
    folder_problems: list[Problem] = field(default_factory=list)
    checksums: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        """All problems, of folders first, then of tables in their order."""
        return [*self.folder_problems, *(problem for table in self.tables for problem in table.problems)]

    @property
    def digest(self) -> str:
        """SHA-256 over names and checksums of all files."""
        return hashlib.sha256("\n".join(self.checksums).encode()).hexdigest()

    def note(self, file: str, found: str, allowed: str, remedy: str) -> None:
        """Note a problem of a whole file or folder."""
        self.folder_problems.append(Problem(file, "", "", found, allowed, remedy))


def gather(shipped: Path, folders: Sequence[Path] = ()) -> Gathered:
    """Read and check the tables of `shipped` and of the users' `folders`.

    Raises
    ------
    FactError : the schema cannot be read or is inconsistent
    """
    content = _content(shipped / SCHEMA_FILE)
    if isinstance(content, str):
        raise FactError(str(shipped / SCHEMA_FILE), content, "a schema", "give the folder of the fact base")
    schema = read_schema(content)
    gathered = Gathered(schema, (shipped, *folders))
    _checksum(gathered, f"0/{SCHEMA_FILE}", content)
    for number, folder in enumerate(gathered.folders):
        _read_folder(gathered, number, folder)
    _check_tables(gathered)
    return gathered


def rows_of(table: Table) -> Iterator[dict[str, Any]]:
    """The rows of a table as dicts."""
    names = list(table.columns)
    return (dict(zip(names, values, strict=True)) for values in zip(*table.columns.values(), strict=True))


def trade_problems(gathered: Gathered) -> list[Problem]:
    """Problems of the trade file; asked only when the countries could be read."""
    from ytterby.facts.trade import check_trade

    tables = [table for table in gathered.tables if table.relation.name == "countries"]
    if TRADE not in gathered.schema.relations or any(table.broken or table.problems for table in tables):
        return []
    places = country_codes([row for table in tables for row in rows_of(table)])
    return check_trade(gathered.folders[0] / TRADE_FILE, places)


def _content(path: Path) -> bytes | str:
    """The file's content, or the reason why it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return "no such file"
    except OSError as error:
        return f"a file that cannot be read ({error.strerror})"


def _checksum(gathered: Gathered, label: str, content: bytes) -> None:
    gathered.checksums.append(f"{label} {hashlib.sha256(content).hexdigest()}")


def _read_folder(gathered: Gathered, number: int, folder: Path) -> None:
    try:
        present = sorted(path.name for path in folder.iterdir())
    except OSError as error:
        found = f"a folder that cannot be read ({error.strerror})"
        gathered.note(str(folder), found, "a folder of CSV tables", "check the path")
        return
    _note_strangers(gathered, number, folder, present)
    for relation in sorted(gathered.schema.tables, key=lambda relation: relation.name):
        if number == 0 or relation.file in present:
            _read_table(gathered, number, folder, relation)
    if number == 0 and TRADE_FILE in present and TRADE in gathered.schema.relations:
        with (folder / TRADE_FILE).open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        gathered.checksums.append(f"0/{TRADE_FILE} {digest}")


def _read_table(gathered: Gathered, number: int, folder: Path, relation: Relation) -> None:
    label = relation.file if number == 0 else str(folder / relation.file)
    content = _content(folder / relation.file)
    if isinstance(content, str):
        gathered.tables.append(Table(relation, label, str(folder), broken=True))
        gathered.note(label, content, "a CSV file", f"give the table {relation.name}")
        return
    _checksum(gathered, f"{number}/{relation.file}", content)
    gathered.tables.append(read_table(content, label, str(folder), relation))


def _note_strangers(gathered: Gathered, number: int, folder: Path, present: Sequence[str]) -> None:
    """Note files of no relation; hidden files, Markdown and, where shipped, what is no CSV may stay."""
    tables = [relation.file for relation in gathered.schema.tables]
    for name in present:
        if name in tables or name.startswith(".") or name.endswith(".md"):
            continue
        if number > 0 or name.endswith(".csv"):
            label = name if number == 0 else str(folder / name)
            remedy = "rename or remove it; a user's folder holds CSV tables of these names"
            gathered.note(label, "a file of no relation", allowed_names(name, tables, limit=60), remedy)


def _check_tables(gathered: Gathered) -> None:
    usable = [table for table in gathered.tables if not table.broken]
    check_ids(usable)
    ids = known_ids(gathered.tables)
    units = unit_table([row for table in usable if table.relation.name == "units" for row in rows_of(table)])
    check_places([table for table in usable if table.relation.name == "countries"])
    for table in usable:
        check_references(table, ids)
        if table.relation.name == "units" and ids["units"] is not None:
            check_units(table, units)
        if ids["units"] is not None:
            convert_table(table, units)
        check_figures(table)

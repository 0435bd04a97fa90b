# SPDX-License-Identifier: Apache-2.0
"""The schema of the fact base: relations and their columns, read from `schema.toml` and checked once.

It says what may stand in each table; reading the tables is done elsewhere.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ytterby.errors import FactError, Problem, allowed_names, quoted
from ytterby.facts.cells import PARSERS
from ytterby.facts.columns import KNOWN, PUBLISHED, TRADE, TRADE_COLUMNS, TRADE_FILE, Column
from ytterby.facts.rows import FrozenDict

SCHEMA_FILE = "schema.toml"

_COLUMN_KEYS = {
    "type": str,
    "description": str,
    "optional": bool,
    "allowed": list,
    "to": (str, list),
    "minimum": (int, float),
    "maximum": (int, float),
    "quantity": str,
    "unit": str,
}
_RELATION_KEYS = {
    "title": str,
    "description": str,
    "timeless": bool,
    "file": str,
    "source": str,
    "columns": dict,
}


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation: a table, its meaning and its columns by name.

    A timeless relation defines words (countries, units); it is the same at every date. A relation kept in
    another format than CSV has a reader of its own.
    """

    name: str
    title: str
    description: str
    columns: Mapping[str, Column]
    timeless: bool = False
    file: str = ""
    source: str = ""

    @property
    def unit_column(self) -> str:
        """Name of the column that holds the row's unit, or ""."""
        units = [column.name for column in self.columns.values() if column.kind == "unit"]
        return "unit" if "unit" in units else units[0] if units else ""

    @property
    def measured(self) -> tuple[Column, ...]:
        """Number columns that convert by the row's unit."""
        return tuple(
            column for column in self.columns.values() if column.quantity and column.kind == "number"
        )

    @property
    def derived(self) -> Mapping[str, Column]:
        """Columns that loading adds: published numbers and unit, and the day on which the row was known."""
        published = [
            replace(self.columns[name], name=name + PUBLISHED)
            for name in (*(column.name for column in self.measured), self.unit_column)
            if self.measured
        ]
        return {column.name: column for column in (*published, Column(KNOWN, "date", optional=True))}

    def column(self, name: str) -> Column:
        """The column called `name`, derived ones included; FactError when there is none."""
        if name in self.columns:
            return self.columns[name]
        columns = {**self.columns, **self.derived}
        if name not in columns:
            where = f"relation {self.name}"
            allowed = allowed_names(name, columns, limit=40)
            raise FactError(where, f"column {quoted(name)}", allowed, "use one of its columns")
        return columns[name]


@dataclass(frozen=True, slots=True)
class Schema:
    """All relations by name."""

    relations: Mapping[str, Relation] = field(default_factory=FrozenDict)

    @property
    def tables(self) -> tuple[Relation, ...]:
        """The relations that are CSV tables."""
        return tuple(relation for relation in self.relations.values() if relation.file.endswith(".csv"))

    def relation(self, name: str) -> Relation:
        """The relation called `name`; FactError with the nearest names when there is none."""
        if name not in self.relations:
            allowed = allowed_names(name, self.relations, limit=50)
            raise FactError("fact base", f"relation {quoted(name)}", allowed, "use one of the relations")
        return self.relations[name]


def read_schema(content: bytes) -> Schema:
    """Read and check `schema.toml`.

    Raises
    ------
    FactError : not TOML, or relations and columns that do not fit together; carries all problems
    """
    document = _parsed(content)
    problems: list[Problem] = []
    relations = {name: _relation(name, table, problems) for name, table in document.items()}
    for relation in relations.values():
        problems += _unfit(relation, relations)
    if problems:
        raise FactError.collected(problems)
    return Schema(FrozenDict(relations))


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        document = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FactError(
            f"{SCHEMA_FILE} line {line}", "bytes that are not UTF-8", "UTF-8", "save it as UTF-8"
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise FactError(SCHEMA_FILE, f"bad TOML: {error}", "TOML 1.0", "correct the line") from error
    except RecursionError as error:
        raise FactError(SCHEMA_FILE, "brackets nested too deeply", "TOML 1.0", "correct the file") from error
    if not document:
        raise FactError(SCHEMA_FILE, "no relation", "one table per relation", "describe the relations")
    return document


def _problem(row: str, column: str, found: str, allowed: str, remedy: str) -> Problem:
    return Problem(SCHEMA_FILE, row, column, found, allowed, remedy)


def _misfits(row: str, column: str, table: Mapping[str, Any], keys: Mapping[str, Any]) -> list[Problem]:
    problems = []
    for key, value in table.items():
        if key not in keys:
            found = f"unknown key {quoted(key)}"
            problems.append(_problem(row, column, found, allowed_names(key, keys), "use one of these keys"))
        elif not isinstance(value, keys[key]):
            found = f"{key} = {quoted(value)}"
            problems.append(_problem(row, column, found, "a value of another type", "correct the value"))
    return problems


def _relation(name: str, table: object, problems: list[Problem]) -> Relation:
    fields = table if isinstance(table, dict) else {}
    if not isinstance(fields.get("columns"), dict) or "id" not in fields["columns"]:
        problems.append(
            _problem(name, "", "no columns, or none called id", "[relation.columns]", "describe the columns")
        )
        return Relation(name, "", "", FrozenDict(), file=f"{name}.csv")
    problems += _misfits(name, "", fields, _RELATION_KEYS)
    columns = {key: _column(name, key, entry, problems) for key, entry in fields["columns"].items()}
    return Relation(
        name,
        str(fields.get("title", "")),
        str(fields.get("description", "")),
        FrozenDict(columns),
        timeless=fields.get("timeless") is True,
        file=str(fields.get("file", f"{name}.csv")),
        source=str(fields.get("source", "")),
    )


def _column(relation: str, name: str, entry: object, problems: list[Problem]) -> Column:
    fields = entry if isinstance(entry, dict) else {}
    misfits = _misfits(relation, name, fields, _COLUMN_KEYS)
    kind = fields.get("type")
    if kind not in PARSERS:
        allowed = ", ".join(PARSERS)
        misfits.append(
            _problem(relation, name, f"type {quoted(kind)}", allowed, "use one of the column types")
        )
    problems += misfits
    if misfits:
        return Column(name, "text")
    to = fields.get("to", ())
    return Column(
        name,
        str(kind),
        fields.get("description", ""),
        optional=fields.get("optional", False),
        allowed=tuple(map(str, fields.get("allowed", ()))),
        to=(to,) if isinstance(to, str) else tuple(map(str, to)),
        minimum=fields.get("minimum"),
        maximum=fields.get("maximum"),
        quantity=fields.get("quantity", ""),
        unit=fields.get("unit", ""),
    )


def _unfit(relation: Relation, relations: Mapping[str, Relation]) -> list[Problem]:
    problems = []
    for column in relation.columns.values():
        for target in column.to:
            if target not in relations:
                allowed = allowed_names(target, relations, limit=50)
                found = f"reference to {quoted(target)}"
                problems.append(
                    _problem(relation.name, column.name, found, allowed, "name a relation of the schema")
                )
        if column.kind == "reference" and not column.to:
            found = "a reference without `to`"
            problems.append(
                _problem(relation.name, column.name, found, "to = a relation", "say where it points")
            )
        if column.kind == "enum" and not column.allowed:
            found = "an enum without `allowed`"
            problems.append(_problem(relation.name, column.name, found, "allowed = [...]", "list the words"))
    csv = relation.file == f"{relation.name}.csv"
    if relation.name == TRADE and (relation.file != TRADE_FILE or tuple(relation.columns) != TRADE_COLUMNS):
        found = f"file {relation.file} with columns {', '.join(relation.columns)}"
        allowed = f"file {TRADE_FILE} with columns {', '.join(TRADE_COLUMNS)}"
        problems.append(_problem(TRADE, "", found, allowed, "describe the rows as they are read"))
    elif relation.name != TRADE and not csv:
        found = f"file {quoted(relation.file)}"
        problems.append(_problem(relation.name, "", found, f"{relation.name}.csv", "leave out the key file"))
    if len({column.quantity for column in relation.measured}) > 1:
        names = ", ".join(column.name for column in relation.measured)
        found = "several quantities with one unit column"
        problems.append(_problem(relation.name, names, found, "one quantity", "split the relation"))
    if relation.measured and not relation.unit_column:
        names = ", ".join(column.name for column in relation.measured)
        problems.append(
            _problem(
                relation.name, names, "quantity without a unit column", "a column of type unit", "add it"
            )
        )
    return problems

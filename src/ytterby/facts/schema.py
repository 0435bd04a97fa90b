# SPDX-License-Identifier: Apache-2.0
"""The schema of the fact base: relations and their columns, read from `schema.toml` and checked once.

It says what may stand in each table; reading the tables is done elsewhere.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ytterby.errors import FactError, Problem, allowed_names, quoted
from ytterby.facts.cells import PARSERS
from ytterby.facts.columns import Column, Relation
from ytterby.facts.rows import FrozenDict
from ytterby.facts.rules import SCHEMA_FILE, misfits

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
    problems = problems or misfits(relations)
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

# SPDX-License-Identifier: Apache-2.0
"""Rules that a schema must meet: targets of references, units beside measured numbers, columns that loading needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from ytterby.domain import Confidence, FigureState, ResourceClass
from ytterby.errors import Problem, allowed_names, quoted
from ytterby.facts.columns import TRADE, TRADE_COLUMNS, TRADE_FILE, Column, Relation

SCHEMA_FILE = "schema.toml"

NEEDED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "sources": {
        "id": ("id",),
        "publisher": ("text",),
        "title": ("text",),
        "url": ("url",),
        "published": ("date",),
    },
    "units": {
        "id": ("id",),
        "quantity": ("text",),
        "canonical": ("unit", "reference"),
        "factor": ("number",),
        "source": ("reference",),
    },
    "countries": {"id": ("id",), "kind": ("enum",), "baci_codes": ("list",)},
}
COMMON: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "source": ("reference",),
    "as_of": ("date",),
    "confidence": ("enum",),
    "state": ("enum",),
    "resource_class": ("enum",),
}
WORDS: Mapping[str, type[StrEnum]] = {
    "confidence": Confidence,
    "state": FigureState,
    "resource_class": ResourceClass,
}


def misfits(relations: Mapping[str, Relation]) -> list[Problem]:
    """Everything in the schema that does not fit together."""
    problems = [_missing(name) for name in NEEDED if name not in relations]
    for relation in relations.values():
        problems += _file(relation)
        problems += _kinds(relation)
        problems += _measures(relation)
        for column in relation.columns.values():
            problems += _column(relation, column, relations)
    return problems


def _problem(relation: str, column: str, found: str, allowed: str, remedy: str) -> Problem:
    return Problem(SCHEMA_FILE, relation, column, found, allowed, remedy)


def _missing(name: str) -> Problem:
    return _problem(
        name, "", "no such relation", ", ".join(NEEDED[name]), "describe the relation with these columns"
    )


def _file(relation: Relation) -> Iterator[Problem]:
    if relation.name == TRADE:
        if relation.file != TRADE_FILE or tuple(relation.columns) != TRADE_COLUMNS:
            found = f"file {relation.file} with columns {', '.join(relation.columns)}"
            allowed = f"file {TRADE_FILE} with columns {', '.join(TRADE_COLUMNS)}"
            yield _problem(TRADE, "", found, allowed, "describe the rows as they are read")
    elif relation.file != f"{relation.name}.csv":
        found = f"file {quoted(relation.file)}"
        yield _problem(relation.name, "", found, f"{relation.name}.csv", "leave out the key file")


def _kinds(relation: Relation) -> Iterator[Problem]:
    """Columns that loading and choosing rely on have the type that they rely on."""
    needed = NEEDED.get(relation.name, {})
    for name, kinds in {**COMMON, **needed}.items():
        column = relation.columns.get(name)
        if column is None and name in needed:
            yield _problem(relation.name, name, "no such column", ", ".join(kinds), "describe the column")
        elif column is not None and column.kind not in kinds:
            found = f"type {quoted(column.kind)}"
            yield _problem(relation.name, name, found, ", ".join(kinds), "give the column this type")
    for name, words in WORDS.items():
        column = relation.columns.get(name)
        others = sorted(set(column.allowed) - set(words)) if column is not None else []
        if others:
            yield _problem(relation.name, name, ", ".join(others), ", ".join(words), "use these words")


def _measures(relation: Relation) -> Iterator[Problem]:
    names = ", ".join(column.name for column in relation.measured)
    if len({column.quantity for column in relation.measured}) > 1:
        found = "several quantities with one unit column"
        yield _problem(relation.name, names, found, "one quantity", "split the relation")
    if relation.measured and not relation.unit_column:
        found = "quantity without a unit column"
        yield _problem(relation.name, names, found, "a column of type unit", "add it")


def _column(relation: Relation, column: Column, relations: Mapping[str, Relation]) -> Iterator[Problem]:
    for target in column.to:
        if target not in relations or target == TRADE:
            allowed = allowed_names(target, [name for name in relations if name != TRADE], limit=50)
            found = f"reference to {quoted(target)}"
            yield _problem(relation.name, column.name, found, allowed, "name a relation of the schema")
    if column.kind == "reference" and not column.to:
        found, remedy = "a reference without `to`", "say where it points"
        yield _problem(relation.name, column.name, found, "to = a relation", remedy)
    if column.kind == "enum" and not column.allowed:
        found, remedy = "an enum without `allowed`", "list the words"
        yield _problem(relation.name, column.name, found, "allowed = [...]", remedy)

# SPDX-License-Identifier: Apache-2.0
"""The fact base as a Frictionless Data Package, generated from the schema, for readers of other tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ytterby.facts.columns import TRADE, Column, Relation
from ytterby.facts.rows import Row
from ytterby.facts.schema import Schema

_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
_TYPES: Mapping[str, dict[str, Any]] = {
    "id": {"type": "string"},
    "text": {"type": "string"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "year": {"type": "year"},
    "date": {"type": "string"},
    "boolean": {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
    "enum": {"type": "string"},
    "list": {"type": "string"},
    "reference": {"type": "string"},
    "unit": {"type": "string"},
    "url": {"type": "string", "format": "uri"},
}

_TABLE: Mapping[str, Any] = {
    "profile": "tabular-data-resource",
    "format": "csv",
    "mediatype": "text/csv",
    "encoding": "utf-8",
    "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True},
}
_FILE: Mapping[str, Any] = {
    "type": "file",
    "profile": "data-resource",
    "format": "parquet",
    "mediatype": "application/vnd.apache.parquet",
}


def datapackage(schema: Schema, sources: Sequence[Row] = ()) -> dict[str, Any]:
    """The descriptor of the data folder.

    Parameters
    ----------
    schema : relations and columns
    sources : rows of the relation `sources`, listed with title and address
    """
    return {
        "profile": "data-package",
        "name": "ytterby-facts",
        "title": "Fact base of ytterby: critical minerals, their places, makers, trade and politics",
        "licenses": [{"path": "LICENSES.md", "title": "Licences by source"}],
        "sources": [_source(row) for row in sources],
        "resources": [_resource(relation) for relation in schema.relations.values()],
    }


def _source(row: Row) -> dict[str, str]:
    entry = {"title": f"{row['publisher']}: {row['title']}", "path": row.get("url")}
    return {key: value for key, value in entry.items() if value}


def _resource(relation: Relation) -> dict[str, Any]:
    entry = {
        "name": relation.name,
        "title": relation.title,
        "description": relation.description,
        "path": relation.file,
    }
    entry = {key: value for key, value in entry.items() if value}
    if relation.name == TRADE:
        return {**entry, **_FILE}
    return {**entry, **_TABLE, "schema": _schema(relation)}


def _schema(relation: Relation) -> dict[str, Any]:
    keys = [
        {"fields": [column.name], "reference": {"resource": _own(target, relation), "fields": ["id"]}}
        for column in relation.columns.values()
        for target in _single_target(column)
    ]
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in relation.columns.values()],
        "primaryKey": ["id"],
        "missingValues": [""],
    }
    return schema | {"foreignKeys": keys} if keys else schema


def _own(target: str, relation: Relation) -> str:
    return "" if target == relation.name else target


def _single_target(column: Column) -> Sequence[str]:
    """The relation that a column's key points to; lists and columns with several targets have no such key."""
    if column.kind == "unit":
        return ("units",)
    return column.to if column.kind == "reference" and len(column.to) == 1 else ()


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if column.optional else {"required": True}
    if column.kind == "id":
        constraints["unique"] = True
    if column.kind == "enum":
        constraints["enum"] = list(column.allowed)
    if column.kind == "date":
        constraints["pattern"] = _DATE
    for name in ("minimum", "maximum"):
        bound = getattr(column, name)
        if bound is not None and not column.quantity:
            constraints[name] = bound
    entry = {
        "name": column.name,
        **_TYPES[column.kind],
        "description": column.description,
        "constraints": constraints,
    }
    if column.quantity or column.unit:
        entry["unit"] = column.unit or f"of the row: {column.quantity}"
    return {key: value for key, value in entry.items() if value}

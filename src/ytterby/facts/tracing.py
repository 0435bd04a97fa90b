# SPDX-License-Identifier: Apache-2.0
"""From a row back to its sources: the row, its source, the unit's factor, rows that users' folders replaced.

A trace is a small tree of rows; it shows what is there and judges nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from ytterby.facts.base import FactBase, Override
from ytterby.facts.columns import TRADE
from ytterby.facts.rows import Row


@dataclass(frozen=True, slots=True)
class Trace:
    """One row and what it rests on.

    Parameters
    ----------
    id, relation : the row's id and relation
    row : the row itself
    source : its source row, or None where the row is a source or its relation has none
    overrides : what users' folders changed in the row, first change first
    unit : trace of the unit whose factor converted the published figure, or None
    named : traces of the rows that the row names (places, deposits ...), without their own branches
    """

    id: str
    relation: str
    row: Row
    source: Row | None
    overrides: tuple[Override, ...] = ()
    unit: Trace | None = None
    named: tuple[Trace, ...] = ()


def trace(base: FactBase, name: str) -> Trace:
    """Walk from the row called `name` to its sources.

    Raises
    ------
    FactError : no such row; names the nearest ids
    """
    row = base.row(name)
    leaf = _leaf(base, name, row)
    return Trace(
        leaf.id, leaf.relation, row, leaf.source, leaf.overrides, _unit(base, row), _named(base, leaf)
    )


def _leaf(base: FactBase, name: str, row: Row) -> Trace:
    relation = base.relation_of.get(name, TRADE)
    source = row.get("source") if relation != TRADE else base.trade_source
    overrides = tuple(override for override in base.overrides if override.id == name)
    return Trace(name, relation, row, base.row(source) if source else None, overrides)


def _unit(base: FactBase, row: Row) -> Trace | None:
    published = row.get("unit_published")
    return _leaf(base, published, base.row(published)) if published and published != row.get("unit") else None


def _named(base: FactBase, leaf: Trace) -> tuple[Trace, ...]:
    definition = base.schema.relations.get(leaf.relation)
    if definition is None or leaf.relation == TRADE:
        return tuple(_leaf(base, leaf.row[end], base.row(leaf.row[end])) for end in ("exporter", "importer"))
    names: list[str] = []
    for column in definition.columns.values():
        cell = leaf.row[column.name]
        if column.to and cell is not None and column.name != "source":
            names += [cell] if isinstance(cell, str) else cell
    known = [name for name in dict.fromkeys(names) if name in base.relation_of and name != leaf.id]
    return tuple(_leaf(base, name, base.row(name)) for name in known)

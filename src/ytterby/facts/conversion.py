# SPDX-License-Identifier: Apache-2.0
"""Units on load: each measured number becomes canonical once; the published one stays beside it.

The factors are rows of `units.csv`, each with its source.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ytterby.errors import allowed_names, quoted
from ytterby.facts.columns import ANY_QUANTITY, PUBLISHED, Column
from ytterby.facts.reading import Table
from ytterby.units import Unit


def unit_table(rows: Sequence[Mapping[str, Any]]) -> dict[str, Unit]:
    """Units by id from typed rows of the relation `units`; rows with an empty needed cell are left out."""
    needed = ("id", "quantity", "canonical", "factor")
    return {
        row["id"]: Unit(row["id"], row["quantity"], row["canonical"], Decimal(repr(row["factor"])))
        for row in rows
        if all(row.get(name) is not None for name in needed)
    }


def check_units(table: Table, units: Mapping[str, Unit]) -> None:
    """A canonical unit exists, measures the same quantity and has factor 1."""
    for index, name in enumerate(table.columns["id"]):
        unit = units.get(name)
        if unit is None:
            continue
        canonical = units.get(unit.canonical)
        if canonical is None or canonical.quantity != unit.quantity or canonical.canonical != canonical.id:
            same = [known.id for known in units.values() if known.quantity == unit.quantity]
            allowed = allowed_names(unit.canonical, same)
            table.complain(
                index, "canonical", quoted(unit.canonical), allowed, "name the quantity's canonical unit"
            )
        elif unit.factor <= 0 or (unit is canonical and unit.factor != 1):
            allowed = "1" if unit is canonical else "a factor above 0"
            table.complain(index, "factor", str(unit.factor), allowed, "correct the factor")


def convert_table(table: Table, units: Mapping[str, Unit]) -> None:
    """Convert the measured columns of `table` in place and check their bounds."""
    unit_column = table.relation.unit_column
    measured = table.relation.measured
    if measured:
        names = table.columns[unit_column]
        for column in measured:
            table.columns[column.name + PUBLISHED] = table.columns[column.name]
            _convert_column(table, column, names, units)
        table.columns[unit_column + PUBLISHED] = names
        canonical = {name: units[name].canonical if name in units else name for name in set(names)}
        table.columns[unit_column] = [canonical[name] for name in names]
    for column in table.relation.columns.values():
        if column.minimum is not None or column.maximum is not None:
            _check_bounds(table, column)


def _convert_column(table: Table, column: Column, names: list[str | None], units: Mapping[str, Unit]) -> None:
    values = table.columns[column.name]
    fitting = {name for name in set(names) if name and name in units and _fits(column, units[name])}
    known: dict[tuple[Any, Any], Any] = {}
    wrong = set()
    for pair in set(zip(values, names, strict=True)):
        value, name = pair
        if value is None or name in fitting:
            known[pair] = None if value is None else units[str(name)].to_canonical(value)
        if value is not None and (name not in fitting or not math.isfinite(known[pair])):
            wrong.add(pair)
    table.columns[column.name] = [known.get(pair) for pair in zip(values, names, strict=True)]
    for index, pair in enumerate(zip(values, names, strict=True)) if wrong else ():
        if pair in wrong:
            _complain(table, index, column, pair[1], units)


def _fits(column: Column, unit: Unit) -> bool:
    return column.quantity in {ANY_QUANTITY, unit.quantity}


def _complain(table: Table, index: int, column: Column, name: str | None, units: Mapping[str, Unit]) -> None:
    unit_column = table.relation.unit_column
    same = [unit.id for unit in units.values() if _fits(column, unit)]
    if name is None:
        table.complain(
            index, unit_column, "no unit", allowed_names("", same), f"give the unit of {column.name}"
        )
    elif name not in units:
        pass  # the reference check names it
    elif name in same:
        table.complain(
            index, column.name, "a number too large for its unit", "numbers to 1e300", "check the digits"
        )
    else:
        found = f"{quoted(name)}, a unit of {units[name].quantity}, for {column.name}, a {column.quantity}"
        remedy = f"give a unit of {column.quantity} or move the figure to another table"
        table.complain(index, unit_column, found, allowed_names(name, same), remedy)


def _check_bounds(table: Table, column: Column) -> None:
    low = -math.inf if column.minimum is None else column.minimum
    high = math.inf if column.maximum is None else column.maximum
    values = table.columns[column.name]
    bad = {value for value in set(values) if isinstance(value, int | float) and not low <= value <= high}
    for index, value in enumerate(values) if bad else ():
        if value in bad:
            allowed = f"{low:g} to {high:g}"
            table.complain(index, column.name, f"{value!r}", allowed, "correct the number or its unit")

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
    """Convert the measured columns of `table` in place and check units and bounds."""
    measured = table.relation.measured
    if measured:
        unit_column = table.relation.unit_column
        names = table.columns[unit_column]
        fitting = _fitting(table, units)
        _check_rows(table, fitting, units)
        for column in measured:
            table.columns[column.name + PUBLISHED] = table.columns[column.name]
            _convert_column(table, column.name, names, fitting)
        table.columns[unit_column + PUBLISHED] = names
        canonical = {name: units[name].canonical if name in units else name for name in set(names)}
        table.columns[unit_column] = [canonical[name] for name in names]
    for column in table.relation.columns.values():
        if column.minimum is not None or column.maximum is not None:
            _check_bounds(table, column)


def _fitting(table: Table, units: Mapping[str, Unit]) -> dict[str | None, Unit]:
    """Units that the measured columns of `table` may stand in."""
    quantity = table.relation.measured[0].quantity
    return {name: unit for name, unit in units.items() if quantity in {ANY_QUANTITY, unit.quantity}}


def _check_rows(table: Table, fitting: Mapping[str | None, Unit], units: Mapping[str, Unit]) -> None:
    """Each row with a measured number has a unit, and the unit measures what the columns hold."""
    unit_column = table.relation.unit_column
    measured = [table.columns[column.name] for column in table.relation.measured]
    allowed = [unit.id for unit in fitting.values()]
    for index, name in enumerate(table.columns[unit_column]):
        if name in fitting:
            continue
        if name is not None and name in units:
            found = f"{quoted(name)}, a unit of {units[name].quantity}"
            remedy = f"give a unit of {table.relation.measured[0].quantity}"
            table.complain(index, unit_column, found, allowed_names(name, allowed), remedy)
        elif name is None and any(cells[index] is not None for cells in measured):
            table.complain(
                index, unit_column, "no unit", allowed_names("", allowed), "give the unit of the number"
            )


def _convert_column(
    table: Table, column: str, names: list[str | None], fitting: Mapping[str | None, Unit]
) -> None:
    """Each distinct pair of number and unit is converted once."""
    pairs = list(zip(table.columns[column], names, strict=True))
    known = {
        (value, name): fitting[name].to_canonical(value)
        for value, name in set(pairs)
        if value is not None and name in fitting
    }
    table.columns[column] = list(map(known.get, pairs))
    large = {pair for pair, value in known.items() if not math.isfinite(value)}
    for index, pair in enumerate(pairs) if large else ():
        if pair in large:
            found = f"{pair[0]!r} {pair[1]}, too large for the canonical unit"
            table.complain(index, column, found, "numbers to 1e300", "check the digits and the unit")


def _check_bounds(table: Table, column: Column) -> None:
    low = -math.inf if column.minimum is None else column.minimum
    high = math.inf if column.maximum is None else column.maximum
    values = table.columns[column.name]
    bad = {value for value in set(values) if isinstance(value, int | float) and not low <= value <= high}
    for index, value in enumerate(values) if bad else ():
        if value in bad:
            table.complain(index, column.name, f"{value!r}", column.bounds, "correct the number or its unit")

# SPDX-License-Identifier: Apache-2.0
"""What a scenario does to the world: plants with its changes, and the activities that its bans shut."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.chain import Activity
from ytterby.errors import ScenarioError, allowed_names, quoted
from ytterby.facts import FactBase
from ytterby.facts.cells import PARSERS, BadCellError
from ytterby.facts.columns import Column
from ytterby.scenario.changes import PlantChange
from ytterby.scenario.definitions import Scenario

Row = Mapping[str, Any]
NEEDED = ("country", "stage", "commodity", "product", "status")


def changed_plants(scenario: Scenario, base: FactBase) -> list[Row]:
    """The plants of the fact base with the scenario's changes.

    Raises
    ------
    ScenarioError : a change names no plant, adds one that exists or lacks what a plant needs, or sets a column that
        plants do not have or to a value that the schema does not allow
    """
    rows = {row["id"]: dict(row) for row in base.rows("plants")}
    relation = base.schema.relation("plants")
    for change in scenario.plants:
        where = f"scenario {scenario.name}, plant {change.plant}"
        values = _values(where, change, base)
        if not change.add and change.plant not in rows:
            raise ScenarioError(
                where,
                "no such plant, so the change hits nothing",
                allowed_names(change.plant, rows),
                "or set add = true",
            )
        if change.add and change.plant in rows:
            raise ScenarioError(where, "a plant that exists", "a new id", "leave out add to change it")
        fresh = {**dict.fromkeys(relation.columns), "id": change.plant, "scope": "plant"}
        row = rows.setdefault(change.plant, fresh)
        row.update(values)
        for name in NEEDED:
            if row[name] is None:
                raise ScenarioError(where, f"no {name}", "a plant with " + ", ".join(NEEDED), "set it too")
    return list(rows.values())


def _values(where: str, change: PlantChange, base: FactBase) -> dict[str, Any]:
    """The change's values as the schema types them, measured ones in the canonical unit."""
    relation = base.schema.relation("plants")
    names = [name for name in relation.columns if name != "id"]
    for name in change.values:
        if name not in names:
            raise ScenarioError(
                where, f"column {quoted(name)}", allowed_names(name, names), "use a column of plants.csv"
            )
    found = {
        name: _value(where, relation.columns[name], value, base) for name, value in change.values.items()
    }
    measured = [column.name for column in relation.measured if column.name in found]
    if relation.unit_column in found and not measured:
        raise ScenarioError(where, "a unit alone", "a unit beside a number", "set the number too")
    if measured:
        unit = base.units.get(str(found.get(relation.unit_column, "")))
        if unit is None or unit.quantity != relation.column(measured[0]).quantity:
            same = [u.id for u in base.units.values() if u.quantity == relation.column(measured[0]).quantity]
            raise ScenarioError(
                where, f"{measured[0]} in unit {quoted(found.get(relation.unit_column, ''))}",
                allowed_names("", same), "set the unit beside the number",
            )  # fmt: skip
        found |= {name: unit.to_canonical(found[name]) for name in measured}
        found[relation.unit_column] = unit.canonical
    return found


def _value(where: str, column: Column, value: Any, base: FactBase) -> Any:
    """One value, checked and typed as a cell of its column."""
    try:
        parsed = PARSERS[column.kind](_cell(column, value), column)
    except BadCellError as error:
        raise ScenarioError(
            f"{where} column {column.name}", quoted(value), error.allowed, error.remedy
        ) from None
    low, high = column.minimum, column.maximum
    if (low is not None and parsed < low) or (high is not None and parsed > high):
        raise ScenarioError(
            f"{where} column {column.name}", quoted(value), column.bounds, "correct the number"
        )
    if column.to and base.relation_of.get(parsed) not in column.to:
        known = [row["id"] for target in column.to for row in base.rows(target)]
        raise ScenarioError(
            f"{where} column {column.name}", quoted(value), allowed_names(parsed, known), "use an id of " + ", ".join(column.to)
        )  # fmt: skip
    return parsed


def _cell(column: Column, value: Any) -> str:
    """The value as the text of a cell, where it is of the type that the column holds."""
    if column.kind in {"number", "integer", "year"}:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return repr(value)
        raise BadCellError("a number", "write the number without quotes")
    if not isinstance(value, str) or not value.strip():
        raise BadCellError("a text that is not empty", "write it in quotes")
    return value


def shut(scenario: Scenario, activities: Sequence[Activity]) -> Callable[[int], NDArray[np.bool_]]:
    """For each year, which of the activities the scenario's bans shut."""
    hits = [np.array([ban.hits(activity) for activity in activities], dtype=bool) for ban in scenario.bans]

    def mask(year: int) -> NDArray[np.bool_]:
        found = np.zeros(len(activities), dtype=bool)
        for ban, hit in zip(scenario.bans, hits, strict=True):
            found |= hit if ban.holds(year) else False
        return found

    return mask

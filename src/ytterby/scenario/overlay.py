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
from ytterby.scenario.definitions import Scenario

Row = Mapping[str, Any]


def changed_plants(scenario: Scenario, base: FactBase) -> list[Row]:
    """The plants of the fact base with the scenario's changes.

    Raises
    ------
    ScenarioError : a change names no plant, adds one that exists, or sets a column that plants do not have
    """
    rows = {row["id"]: dict(row) for row in base.rows("plants")}
    columns = set(base.schema.relation("plants").columns)
    for change in scenario.plants:
        where = f"scenario {scenario.name}, plant {change.plant}"
        for column in change.values:
            if column not in columns:
                raise ScenarioError(
                    where,
                    f"column {quoted(column)}",
                    allowed_names(column, columns),
                    "use a column of plants.csv",
                )
        if not change.add and change.plant not in rows:
            raise ScenarioError(
                where,
                "no such plant, so the change hits nothing",
                allowed_names(change.plant, rows),
                "or set add = true",
            )
        if change.add and change.plant in rows:
            raise ScenarioError(where, "a plant that exists", "a new id", "leave out add to change it")
        rows.setdefault(
            change.plant, {**dict.fromkeys(columns), "id": change.plant, "scope": "plant"}
        ).update(change.values)
    return list(rows.values())


def shut(scenario: Scenario, activities: Sequence[Activity]) -> Callable[[int], NDArray[np.bool_]]:
    """For each year, which of the activities the scenario's bans shut."""
    hits = [np.array([ban.hits(activity) for activity in activities], dtype=bool) for ban in scenario.bans]

    def mask(year: int) -> NDArray[np.bool_]:
        found = np.zeros(len(activities), dtype=bool)
        for ban, hit in zip(scenario.bans, hits, strict=True):
            found |= hit if ban.holds(year) else False
        return found

    return mask

# SPDX-License-Identifier: Apache-2.0
"""Checks of a case against the facts, and the case as it could be put on the date of the facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ytterby.chain import Activity
from ytterby.errors import ScenarioError, allowed_names, quoted
from ytterby.facts import FactBase
from ytterby.scenario.definitions import ANY, Ban, Case, DepositTaken, PlantChange, Scenario


def check_case(case: Case, base: FactBase) -> None:
    """Check that a case's countries, statements and bases are in the fact base.

    Raises
    ------
    ScenarioError : an unknown country or row; the nearest valid names are given
    """
    countries = {row["id"] for row in base.rows("countries")}
    for role, names in (
        ("importer", [case.importer]),
        ("supplier", [case.supplier]),
        ("region", case.region),
    ):
        for name in names:
            if name not in countries:
                raise ScenarioError(
                    f"case {case.name} {role}",
                    quoted(name),
                    allowed_names(name, countries),
                    "use a country id",
                )
    if base.as_of is None:
        for scenario in case.scenarios:
            _check_bases(scenario, base)


def _check_bases(scenario: Scenario, base: FactBase) -> None:
    changes: tuple[Ban | PlantChange | DepositTaken, ...] = (
        *scenario.bans,
        *scenario.plants,
        *scenario.deposits,
    )
    for change in changes:
        if change.basis not in base.relation_of:
            raise ScenarioError(
                f"scenario {scenario.name}", f"basis {quoted(change.basis)}",
                allowed_names(change.basis, base.relation_of), "name the row that the change rests on",
            )  # fmt: skip


def as_known(case: Case, base: FactBase) -> tuple[Case, tuple[str, ...]]:
    """The case as it could be put on the date of the fact base, and what was left out.

    Changes of a scenario that rest on a row which was not known on that date are left out and named.
    """
    left: list[str] = []

    def known(scenario: Scenario, changes: Sequence[Any]) -> tuple[Any, ...]:
        unknown = [change for change in changes if change.basis not in base.relation_of]
        left.extend(f"{scenario.name}: what rests on {change.basis}" for change in unknown)
        return tuple(change for change in changes if change.basis in base.relation_of)

    scenarios = tuple(
        replace(s, bans=known(s, s.bans), plants=known(s, s.plants), deposits=known(s, s.deposits))
        for s in case.scenarios
    )
    return replace(case, scenarios=scenarios), tuple(dict.fromkeys(left))


def check_bans(scenario: Scenario, activities: Sequence[Activity]) -> None:
    """Check that every ban hits an activity.

    Raises
    ------
    ScenarioError : a ban hits nothing
    """
    traded = [activity for activity in activities if activity.partner]
    for ban in scenario.bans:
        if not any(ban.hits(activity) for activity in traded):
            named = f"{ban.form} from {ban.exporter} to {ban.importer}"
            places = {a.place for a in traded} | {a.partner for a in traded} | {a.form for a in traded}
            raise ScenarioError(
                f"scenario {scenario.name}", f"a ban of {named}, which hits nothing",
                allowed_names(ban.form if ban.form != ANY else ban.exporter, places), "name places and forms of the chain",
            )  # fmt: skip

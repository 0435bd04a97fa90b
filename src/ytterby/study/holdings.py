# SPDX-License-Identifier: Apache-2.0
"""What is held in store when a case begins, and how its holders behave: inventories of trade, reserves of a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ytterby.chain import DEMAND, PROCESS, Balance, BaseYear
from ytterby.facts import FactBase
from ytterby.scenario import Scenario, check_reserves
from ytterby.supply.parameters import Parameters
from ytterby.supply.stocks import Rule, Stock, cover_name, inventories


def holdings(
    scenario: Scenario, base_year: BaseYear, parameters: Parameters, base: FactBase
) -> tuple[Stock, ...]:
    """What users and traders hold, then the scenario's strategic reserves.

    Raises
    ------
    ScenarioError : a reserve of a form that its place does not use
    """
    used = used_by_form(base_year)
    check_reserves(scenario, used)
    held = trade_inventories(used, base_year.year, parameters, groups_of(base))
    return (*held, *reserves(scenario, parameters))


def stock_rule(parameters: Parameters) -> Rule:
    """How holders of stocks behave, from the stated parameters; the normal price follows as the market adjusts."""
    names = ("stocks.release_markup", "stocks.refill_markup", "stocks.slope", "adjustment.rate")
    return Rule(*(parameters[name] for name in names))


def used_by_form(base_year: BaseYear) -> dict[Balance, float]:
    """(place, form) -> t that end uses and plants took in the base year."""
    used: dict[Balance, float] = {}
    for activity, flow in zip(base_year.activities, base_year.flows, strict=True):
        for place, form, coefficient in activity.terms if activity.kind in {DEMAND, PROCESS} else ():
            if coefficient < 0:
                used[place, form] = used.get((place, form), 0.0) - coefficient * float(flow)
    return used


def trade_inventories(
    used: Mapping[Balance, float], base_year: int, parameters: Parameters, groups: Mapping[str, Sequence[str]]
) -> tuple[Stock, ...]:
    """What users and traders hold: days of what the base year used, by place and form."""
    stated = {where: cover_name(*where, parameters.rows, groups) for where in used}
    names = {where: name for where, name in stated.items() if name is not None}
    return inventories(
        used, {where: parameters[name] for where, name in names.items()},
        parameters["stocks.share"], parameters.years("stocks.refill_years"),
        {where: parameters.basis(name) for where, name in names.items()}, base_year + 1,
    )  # fmt: skip


def groups_of(base: FactBase) -> dict[str, list[str]]:
    """Country -> the groups that it is a member of."""
    found: dict[str, list[str]] = {}
    for row in base.rows("countries"):
        for member in row["members"] or ():
            found.setdefault(member, []).append(row["id"])
    return found


def reserves(scenario: Scenario, parameters: Parameters) -> tuple[Stock, ...]:
    """The strategic reserves of a scenario, empty until they are filled."""
    return tuple(
        Stock(
            "reserve", r.place, r.form, 0.0, 0.0, r.tonnes,
            parameters["stocks.share"] if r.share is None else r.share, r.years, r.first, (r.basis,),
        )
        for r in scenario.reserves
    )  # fmt: skip

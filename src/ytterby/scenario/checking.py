# SPDX-License-Identifier: Apache-2.0
"""Checks of a case against the facts, and the case as it could be put on the date of the facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from ytterby.chain import MINE, PROCESS, Activity, Balance
from ytterby.errors import ScenarioError, allowed_names, quoted
from ytterby.facts import FactBase
from ytterby.scenario.changes import ANY, FlowChange
from ytterby.scenario.definitions import ACTORS, CHANGES, Case, Scenario
from ytterby.scenario.overlay import changed_plants


def check_case(case: Case, base: FactBase) -> None:
    """Check that what a case and its scenarios name is in the fact base.

    Of facts as of a date only the countries and the commodity are asked for: `as_known` leaves out what rests on others.

    Raises
    ------
    ScenarioError : an unknown country, commodity, deposit, statement, demand path, plant or row, or a plant's column with
        a value that the schema does not allow, one country for importer and supplier; the nearest valid names are given
    """
    where = f"case {case.name}"
    check_actors(where, case.importer, case.supplier, base)
    for role, names in (("region", case.region), ("avoid", case.avoid)):
        for name in names:
            _check_country(f"{where} {role}", name, base)
    commodities = [row["id"] for row in base.rows("commodities")]
    _check_known(f"{where} commodity", case.commodity, commodities, "use a commodity id")
    if base.as_of is not None:
        return
    _check_published(case, base)
    places = transport_names(base)
    _check_corridor(case, places["corridors"])
    for scenario in case.scenarios:
        _check_bases(scenario, base)
        _check_closures(scenario, [name for names in places.values() for name in names])
        _check_flow_actors(scenario, [ANY, *ACTORS, *_alone(base)])
        _check_deposits(scenario, base)
        changed_plants(scenario, base)


def check_actors(where: str, importer: str, supplier: str, base: FactBase) -> None:
    """Check that importer and supplier are two countries of the fact base; `where` begins the error's text.

    Raises
    ------
    ScenarioError : an unknown country or a group; one country for both
    """
    for role, name in (("importer", importer), ("supplier", supplier)):
        _check_country(f"{where} {role}", name, base)
    if importer == supplier:
        raise ScenarioError(
            f"{where} supplier", quoted(supplier), "another country than the importer", "name two"
        )


def _check_country(where: str, name: str, base: FactBase) -> None:
    """One country that stands alone; who writes its name is told its id."""
    _check_known(where, name, _alone(base), f"use a country id{base.id_hint(name)}")


def _alone(base: FactBase) -> list[str]:
    """The countries that are no group."""
    return [row["id"] for row in base.rows("countries") if row["kind"] != "group"]


def _check_published(case: Case, base: FactBase) -> None:
    """Check that the claim, the demand path, the statements and the pledges of a case are in the fact base."""
    where = f"case {case.name}"
    deposits = dict.fromkeys(row["place"] for row in base.rows("deposits"))
    _check_known(f"{where} claim", case.claim, deposits, "name a place of deposits.csv")
    paths = dict.fromkeys(
        row["scenario"] for row in base.rows("demand") if row["scenario"] and row["end_use"]
    )
    _check_known(f"{where} demand_path", case.demand_path, paths, "use a published path of demand.csv")
    for relation, names in (("statements", case.statements), ("pledges", case.pledges)):
        known = [row["id"] for row in base.rows(relation)]
        for name in names:
            _check_known(f"{where} {relation}", name, known, f"name a row of {relation}.csv")


def _check_known(where: str, name: str, known: Iterable[str], remedy: str) -> None:
    names = list(known)
    if name not in names:
        raise ScenarioError(where, quoted(name), allowed_names(name, names), remedy)


def _check_flow_actors(scenario: Scenario, places: Sequence[str]) -> None:
    for word, changes in flow_changes(scenario).items():
        for number, change in enumerate(changes, 1):
            for role, name in (("exporter", change.exporter), ("importer", change.importer)):
                _check_known(
                    f"scenario {scenario.name} {word} {number} {role}", name, places, "use a country id"
                )
    for number, floor in enumerate(scenario.floors, 1):
        where = f"scenario {scenario.name} floor {number} place"
        _check_known(where, floor.place, [name for name in places if name != ANY], "use a country id")
    for number, reserve in enumerate(scenario.reserves, 1):
        where = f"scenario {scenario.name} reserve {number} place"
        _check_known(where, reserve.place, [name for name in places if name != ANY], "use a country id")


def flow_changes(scenario: Scenario) -> dict[str, tuple[FlowChange, ...]]:
    """Changes of flows by the word that they are written under."""
    return {
        "ban": scenario.bans, "quota": scenario.quotas, "tariff": scenario.tariffs, "conduct": scenario.conducts,
        "hazard": scenario.hazards,
    }  # fmt: skip


def transport_names(base: FactBase) -> dict[str, tuple[str, ...]]:
    """What can be closed: nodes, segments, corridors, and the countries where nodes lie."""
    nodes, segments = base.rows("nodes"), base.rows("segments")
    return {
        "nodes": tuple(row["id"] for row in nodes),
        "segments": tuple(row["id"] for row in segments),
        "corridors": tuple(dict.fromkeys(row["corridor"] for row in segments)),
        "countries": tuple(dict.fromkeys(row["country"] for row in nodes)),
    }


def _check_corridor(case: Case, corridors: Sequence[str]) -> None:
    if case.corridor:
        where = f"case {case.name} corridor"
        _check_known(where, case.corridor, corridors, "name a corridor of segments.csv")


def _check_closures(scenario: Scenario, known: Sequence[str]) -> None:
    for number, closure in enumerate(scenario.closures, 1):
        where = f"scenario {scenario.name} closure {number} closed"
        _check_known(where, closure.closed, known, "name a node, a segment, a corridor or a country")


def _check_deposits(scenario: Scenario, base: FactBase) -> None:
    for taken in scenario.deposits:
        where = f"scenario {scenario.name} deposit {taken.place}"
        readings = [row["id"] for row in base.rows("deposits", place=taken.place)]
        for name in (taken.reading, taken.low, taken.high):
            _check_known(where, name, readings, "name a row of deposits.csv of that place")


def _check_bases(scenario: Scenario, base: FactBase) -> None:
    for change in scenario.changes:
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

    def known(scenario: Scenario) -> Scenario:
        kept: dict[str, Any] = {}
        for name in CHANGES:
            changes = getattr(scenario, name)
            kept[name] = tuple(change for change in changes if change.basis in base.relation_of)
            gone = (change.basis for change in changes if change.basis not in base.relation_of)
            left.extend(f"{scenario.name}: what rests on {basis}" for basis in gone)
        return replace(scenario, **kept)

    scenarios = tuple(known(scenario) for scenario in case.scenarios)
    return replace(case, scenarios=scenarios), tuple(dict.fromkeys(left))


def check_instruments(scenario: Scenario, activities: Sequence[Activity]) -> None:
    """Check that every ban, quota, tariff, conduct and floor hits an activity.

    Raises
    ------
    ScenarioError : one hits nothing
    """
    traded = [activity for activity in activities if activity.partner]
    for word, changes in flow_changes(scenario).items():
        for change in changes:
            if not any(change.hits(activity) for activity in traded):
                raise ScenarioError(
                    f"scenario {scenario.name}",
                    f"a {word} of {change.flows}, which hits nothing",
                    _flows_near(change, traded),
                    "name places and forms of the chain",
                )
    for floor in scenario.floors:
        made = [a for a in activities if a.kind in {MINE, PROCESS} and a.place == floor.place]
        forms = {form.partition("@")[0] for a in made for _, form, c in a.terms if c > 0}
        if floor.form not in forms:
            raise ScenarioError(
                f"scenario {scenario.name}",
                f"a floor of {floor.form} in {floor.place}, which hits nothing",
                allowed_names(floor.form, sorted(forms)),
                "name a form that the place makes",
            )


def _flows_near(change: FlowChange, traded: Sequence[Activity]) -> str:
    """Names in place of the first word of a change that no flow has, or the buyers that its exporter has."""
    words = (
        (change.exporter, {a.place for a in traded}),
        (change.importer, {a.partner for a in traded}),
        (change.form, {a.form for a in traded}),
    )
    for word, known in words:
        if word not in known and not word.endswith(ANY):
            return allowed_names(word, sorted(known))
    buyers = sorted({a.partner for a in traded if replace(change, importer=ANY).hits(a)})
    return f"importer {allowed_names(change.importer, buyers)}"


def check_reserves(scenario: Scenario, used: Iterable[Balance]) -> None:
    """Check that every reserve holds a form that its place uses.

    Raises
    ------
    ScenarioError : nobody there uses the form
    """
    known = set(used)
    for reserve in scenario.reserves:
        if (reserve.place, reserve.form) not in known:
            forms = sorted(form for place, form in known if place == reserve.place and "@" not in form)
            raise ScenarioError(
                f"scenario {scenario.name}",
                f"a reserve of {quoted(reserve.form)} in {reserve.place}, which nobody there uses",
                allowed_names(reserve.form, forms) if forms else "a place of the chain",
                "name a form that the place uses",
            )

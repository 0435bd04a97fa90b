# SPDX-License-Identifier: Apache-2.0
"""What a case and a scenario are: frozen definitions, without input, output or checks against the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ytterby.chain import Activity
from ytterby.errors import ScenarioError, allowed_names, quoted

ANY = "*"
ACTORS = ("importer", "supplier")
ROLES = ("stops_one", "stops_all", "announced", "claimed")


@dataclass(frozen=True)
class Ban:
    """A flow that is shut from a year on (to a year, if given): no trade of `form` from exporter to importer.

    Exporter and importer are country ids, "*" for all, or the words "supplier" and "importer" for the case's own.
    """

    exporter: str
    importer: str
    form: str
    first: int
    last: int | None
    reason: str
    basis: str

    def hits(self, activity: Activity) -> bool:
        """Whether the ban is about this activity, whatever the year."""
        if activity.kind != "trade" or activity.partner == activity.place:
            return False
        whom = self.exporter in {ANY, activity.place} and self.importer in {ANY, activity.partner}
        what = self.form in (ANY, activity.form)
        return whom and (what or (self.form.endswith(ANY) and activity.form.startswith(self.form[:-1])))

    def holds(self, year: int) -> bool:
        """Whether the ban is in force in a year."""
        return self.first <= year and (self.last is None or year <= self.last)


@dataclass(frozen=True)
class PlantChange:
    """Columns of a plant that the scenario sets; `add` for a plant that the fact base does not have."""

    plant: str
    add: bool
    values: Mapping[str, Any]
    reason: str
    basis: str


@dataclass(frozen=True)
class DepositTaken:
    """A deposit mined as large as its tonnage and grade can carry, from a year on.

    `reading` is the row taken for the middle, `low` and `high` the readings at the ends.
    """

    place: str
    reading: str
    low: str
    high: str
    start: int
    reason: str
    basis: str


@dataclass(frozen=True)
class Scenario:
    """An overlay on the world."""

    name: str
    title: str
    description: str
    bans: tuple[Ban, ...] = ()
    plants: tuple[PlantChange, ...] = ()
    deposits: tuple[DepositTaken, ...] = ()


@dataclass(frozen=True)
class Case:
    """A question with its actors, years, forms and scenarios."""

    name: str
    title: str
    question: str
    commodity: str
    importer: str
    supplier: str
    region: tuple[str, ...]
    base_year: int
    last_year: int
    report_years: tuple[int, ...]
    forms: tuple[str, ...]
    demand_path: str
    claim: str
    scenarios: tuple[Scenario, ...] = field(repr=False)
    statements: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)

    def scenario(self, name: str) -> Scenario:
        """The scenario of that name.

        Raises
        ------
        ScenarioError : the case has none of that name
        """
        for scenario in self.scenarios:
            if scenario.name == name:
                return scenario
        names = [scenario.name for scenario in self.scenarios]
        raise ScenarioError(
            f"case {self.name}", f"scenario {quoted(name)}", allowed_names(name, names), "use one of these"
        )

    def with_actors(self) -> Case:
        """The case with its importer and supplier in the place of these words in the scenarios' bans."""
        actors = {"importer": self.importer, "supplier": self.supplier}

        def named(ban: Ban) -> Ban:
            exporter, importer = (
                actors.get(ban.exporter, ban.exporter),
                actors.get(ban.importer, ban.importer),
            )
            return replace(ban, exporter=exporter, importer=importer)

        scenarios = tuple(replace(s, bans=tuple(named(ban) for ban in s.bans)) for s in self.scenarios)
        return replace(self, scenarios=scenarios)

    @property
    def years(self) -> tuple[int, ...]:
        """The years that are solved after the base year."""
        return tuple(range(self.base_year + 1, self.last_year + 1))

# SPDX-License-Identifier: Apache-2.0
"""What a case and a scenario are: frozen definitions, without input, output or checks against the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

from ytterby.errors import ScenarioError, allowed_names, quoted
from ytterby.scenario.changes import (
    Ban,
    Change,
    Closure,
    Conduct,
    DepositTaken,
    Floor,
    FlowChange,
    HazardDraw,
    PlantChange,
    Quota,
    Reserve,
    Tariff,
)

ACTORS = ("importer", "supplier")
ROLES = ("stops_one", "stops_all", "announced", "claimed")
Flow = TypeVar("Flow", bound=FlowChange)


@dataclass(frozen=True)
class Scenario:
    """An overlay on the world."""

    name: str
    title: str
    description: str
    bans: tuple[Ban, ...] = ()
    plants: tuple[PlantChange, ...] = ()
    deposits: tuple[DepositTaken, ...] = ()
    quotas: tuple[Quota, ...] = ()
    tariffs: tuple[Tariff, ...] = ()
    floors: tuple[Floor, ...] = ()
    conducts: tuple[Conduct, ...] = ()
    closures: tuple[Closure, ...] = ()
    reserves: tuple[Reserve, ...] = ()
    hazards: tuple[HazardDraw, ...] = ()

    @property
    def policies(self) -> tuple[Ban | Quota | Tariff | Conduct | Floor | Reserve | HazardDraw, ...]:
        """Bans, quotas, tariffs, conduct, floors, reserves and what is drawn from the hazard."""
        return (
            *self.bans, *self.quotas, *self.tariffs, *self.conducts, *self.floors, *self.reserves, *self.hazards
        )  # fmt: skip

    @property
    def changes(self) -> tuple[Change, ...]:
        """All that it changes, what it extends included."""
        return (*self.policies, *self.plants, *self.deposits, *self.closures)


CHANGES = tuple(one.name for one in fields(Scenario) if one.name not in {"name", "title", "description"})


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
    pledges: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
    corridor: str = ""
    avoid: tuple[str, ...] = ()

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
        """The case with its importer and supplier in the place of these words in its scenarios."""
        actors = {"importer": self.importer, "supplier": self.supplier}

        def named(changes: tuple[Flow, ...]) -> tuple[Flow, ...]:
            return tuple(
                replace(
                    c,
                    exporter=actors.get(c.exporter, c.exporter),
                    importer=actors.get(c.importer, c.importer),
                )
                for c in changes
            )

        scenarios = tuple(
            replace(
                s, bans=named(s.bans), quotas=named(s.quotas), tariffs=named(s.tariffs), conducts=named(s.conducts),
                hazards=named(s.hazards),
                floors=tuple(replace(floor, place=actors.get(floor.place, floor.place)) for floor in s.floors),
                reserves=tuple(replace(r, place=actors.get(r.place, r.place)) for r in s.reserves),
            )
            for s in self.scenarios
        )  # fmt: skip
        return replace(self, scenarios=scenarios)

    @property
    def years(self) -> tuple[int, ...]:
        """The years that are solved after the base year."""
        return tuple(range(self.base_year + 1, self.last_year + 1))

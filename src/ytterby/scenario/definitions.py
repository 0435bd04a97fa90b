# SPDX-License-Identifier: Apache-2.0
"""What a case and a scenario are: frozen definitions, without input, output or checks against the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from ytterby.chain import Activity
from ytterby.errors import ScenarioError, allowed_names, quoted

ANY = "*"
ACTORS = ("importer", "supplier")
ROLES = ("stops_one", "stops_all", "announced", "claimed")


@dataclass(frozen=True)
class FlowChange:
    """What happens to flows of `form` from exporter to importer from a year on (to a year, if given).

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
        """Whether the change is about this activity, whatever the year."""
        if activity.kind != "trade" or activity.partner == activity.place:
            return False
        whom = self.exporter in {ANY, activity.place} and self.importer in {ANY, activity.partner}
        what = self.form in (ANY, activity.form)
        return whom and (what or (self.form.endswith(ANY) and activity.form.startswith(self.form[:-1])))

    def holds(self, year: int) -> bool:
        """Whether the change is in force in a year."""
        return self.first <= year and (self.last is None or year <= self.last)

    @property
    def flows(self) -> str:
        """The flows in words."""
        return f"{self.form} from {self.exporter} to {self.importer}"


@dataclass(frozen=True)
class Ban(FlowChange):
    """The flows are shut."""


@dataclass(frozen=True)
class Quota(FlowChange):
    """The flows together are at most `tonnes` a year."""

    tonnes: float


@dataclass(frozen=True)
class Tariff(FlowChange):
    """A duty on the flows: a share of the form's base price, or USD/t."""

    share: float | None = None
    usd_per_t: float | None = None


@dataclass(frozen=True)
class Conduct(FlowChange):
    """The exporter's conduct in selling: 0 takes prices as given, 1 is Cournot; `base` is its conduct in the base year."""

    theta: float
    base: float = 0.0


@dataclass(frozen=True)
class Closure:
    """A place or way that is closed from a year on (to a year, if given): a node, a segment, a corridor or a country."""

    closed: str
    first: int
    last: int | None
    reason: str
    basis: str

    def holds(self, year: int) -> bool:
        """Whether the closure is in force in a year."""
        return self.first <= year and (self.last is None or year <= self.last)


@dataclass(frozen=True)
class Floor:
    """A buyer of last resort in a place, who takes at a price what its makers of a form offer."""

    place: str
    form: str
    usd_per_t: float
    first: int
    last: int | None
    reason: str
    basis: str

    def holds(self, year: int) -> bool:
        """Whether the floor is in force in a year."""
        return self.first <= year and (self.last is None or year <= self.last)


@dataclass(frozen=True)
class Reserve:
    """A strategic reserve that a place fills with a form from a year on and releases when prices jump.

    `tonnes` are wanted in store; what is missing is bought within `years`; at most `share` of it leaves in a year (None
    for the share of trade inventories).
    """

    place: str
    form: str
    tonnes: float
    first: int
    years: float
    share: float | None
    reason: str
    basis: str


Flow = TypeVar("Flow", bound=FlowChange)


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
    quotas: tuple[Quota, ...] = ()
    tariffs: tuple[Tariff, ...] = ()
    floors: tuple[Floor, ...] = ()
    conducts: tuple[Conduct, ...] = ()
    closures: tuple[Closure, ...] = ()
    reserves: tuple[Reserve, ...] = ()

    @property
    def policies(self) -> tuple[FlowChange | Floor | Reserve, ...]:
        """Bans, quotas, tariffs, conduct, floors and reserves."""
        return (*self.bans, *self.quotas, *self.tariffs, *self.conducts, *self.floors, *self.reserves)


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
        """The case with its importer and supplier in the place of these words in the scenarios' bans."""
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

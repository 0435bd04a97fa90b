# SPDX-License-Identifier: Apache-2.0
"""How the region's goods reach the importer: the cheapest ways now and later, who stands on all of them, what a corridor does.

All routes are general cargo by land and sea between the main nodes of the countries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from statistics import median

from ytterby.errors import NoRouteError
from ytterby.routes import (
    SURFACE,
    Comparison,
    Network,
    Place,
    Query,
    Route,
    best_routes,
    capacity,
    compare,
    network,
    stress,
)
from ytterby.study.context import Answer, Context
from ytterby.study.freight import gates
from ytterby.study.words import number, place_name, tonnes

ROUTED = "k-shortest routes of the dated network, by cost"


def corridor(c: Context) -> list[Answer]:
    """The ways of the case's region to its importer, and what the case's corridor changes."""
    ways = _Ways(c, network(c.base), gates(c.base))
    if not ways.now:
        return []
    return [ways.today(), ways.exposure(), *([ways.corridor()] if c.case.corridor else [])]


@dataclass(frozen=True)
class _Ways:
    context: Context
    network: Network
    gates: Mapping[str, tuple[str, ...]]

    @cached_property
    def year(self) -> int:
        """The first year that is told of after the base year."""
        return next(year for year in self.context.case.report_years if year > self.context.case.base_year)

    @cached_property
    def later(self) -> tuple[int, ...]:
        return tuple(year for year in self.context.case.years if year >= self.year)

    @cached_property
    def now(self) -> dict[str, Route]:
        """The cheapest way of each country of the region that has one."""
        return {place: route for place in self.context.case.region if (route := self.best(place, self.year))}

    def best(self, place: str, year: int) -> Route | None:
        ends = (self.gates.get(place), self.gates.get(self.context.case.importer))
        if not ends[0] or not ends[1]:
            return None
        try:
            return best_routes(self.network, ends[0], ends[1], self.query(year), 1)[0]
        except NoRouteError:
            return None

    def query(self, year: int, avoid: tuple[str, ...] = ()) -> Query:
        return Query(year, modes=SURFACE, avoid=avoid)

    def name(self, place: str) -> str:
        return place_name(self.context.base, place)

    def past(self, route: Route) -> str:
        """The third states on a way, in words."""
        third = route.states[1:-1]
        return (
            f"through {_listed(self.name(state) for state in third)}" if third else "through no third state"
        )

    def today(self) -> Answer:
        c = self.context
        parts = [
            f"{self.name(place)} {number(route.usd_per_t.mid)} USD/t ({number(route.usd_per_t.low)} to "
            f"{number(route.usd_per_t.high)}) and {route.days.mid:.0f} days {self.past(route)}"
            for place, route in self.now.items()
        ]
        turns = [turn for place in self.now if (turn := self.turn(place))]
        sentence = (
            f"The cheapest ways to {self.name(c.case.importer)} in {self.year}: {'; '.join(parts)}. "
            + (
                f"Later openings change {_listed(turns)}."
                if turns
                else "No planned opening changes one of them."
            )
        )
        figure = (
            min(route.usd_per_t.low for route in self.now.values()),
            median(route.usd_per_t.mid for route in self.now.values()),
            max(route.usd_per_t.high for route in self.now.values()),
        )
        return self.answer(
            "ways", "By which ways do the region's goods reach it?", "freight", figure, "USD_per_t", sentence
        )

    def turn(self, place: str) -> str:
        """The first later year in which another way is the cheapest, in words."""
        for year in self.later:
            route = self.best(place, year)
            if route is not None and route.segments != self.now[place].segments:
                return f"that of {self.name(place)} in {year} ({number(route.usd_per_t.mid)} USD/t {self.past(route)})"
        return ""

    def exposure(self) -> Answer:
        c = self.context
        ends = self.gates[c.case.importer]
        found = {
            place: stress(self.network, self.gates[place], ends, self.query(self.year)) for place in self.now
        }
        needed = {
            place: [loss.name for loss in one.needed if loss.kind == "state"] for place, one in found.items()
        }
        bound = [
            f"every way of {self.name(place)} passes {_listed(self.name(state) for state in states)}"
            for place, states in needed.items() if states
        ]  # fmt: skip
        together: dict[tuple[str, ...], list[str]] = {}
        for place, one in found.items():
            if one.fewest_states and not needed[place]:
                together.setdefault(one.fewest_states, []).append(self.name(place))
        joint = [
            f"no fewer than {len(states)} states cut {_listed(places)} off when they close together, such as "
            f"{_listed(self.name(state) for state in states)}"
            for states, places in together.items()
        ]
        told = "; ".join([*bound, *joint] or ["no closure of states cuts any of them off"])
        sentence = f"{len(bound)} of {len(found)} countries have a state on every way: {told}."
        question = "By which ways do the region's goods reach it (who stands on all of them)?"
        count = float(len(bound))
        return self.answer("ways-needed", question, "states_needed", (count, count, count), "count", sentence)

    def corridor(self) -> Answer:
        """Who would take the case's corridor, past whom it runs, how much dearer it is."""
        c, name = self.context, self.context.case.corridor
        origins = [Place(place, "country", self.gates[place]) for place in self.now]
        target = Place(c.case.importer, "country", self.gates[c.case.importer])
        query = self.query(self.year, c.case.avoid)
        rows = list(compare(self.network, origins, [target], query, name, self.later))
        taken = {row.origin for row in rows if row.rank == 1}
        past = f", {_listed(self.name(state) for state in c.case.avoid)} avoided" if c.case.avoid else ""
        sentence = (
            f"{len(taken)} of {len(self.now)} countries have their cheapest way to {self.name(c.case.importer)} over {name} "
            f"in any year up to {self.later[-1]}{past}. {self.over(rows, name)} {self.load()}"
        )
        count = float(len(taken))
        return self.answer(
            "corridor",
            f"What does {name} change?",
            "corridor_users",
            (count, count, count),
            "count",
            sentence,
        )

    def over(self, rows: Sequence[Comparison], name: str) -> str:
        """From when a way leads over the corridor, through whom, and what it costs each country more, in words."""
        used = [row for row in rows if row.through]
        if not used:
            return f"No way leads over it from {self.later[0]} to {self.later[-1]}."
        first, last = min(row.year for row in used), max(row.year for row in used)
        final = [row for row in used if row.year == last]
        on_it = dict.fromkeys(state for row in final for state in _inside(self.network, row, name))
        more = [
            f"{self.name(row.origin)} {number(row.usd_per_t_more)} USD/t {self.past(row.through)}"
            for row in final if row.through and row.usd_per_t_more is not None
        ]  # fmt: skip
        return (
            f"A way over it is open {'already in' if first == self.later[0] else 'from'} {first}; on it the goods cross "
            f"{_listed(self.name(state) for state in on_it)}. What the cheapest way over it costs more than the cheapest of all "
            f"in {last}: {'; '.join(more)}."
        )

    def load(self) -> str:
        """The region's largest volume in any scenario against what can pass, in words."""
        c = self.context
        year = c.case.last_year
        volumes = {
            name: c.table("region_output", "concentrate", year, name)[1]
            for name in c.solved if c.table.knows("region_output", "concentrate", year, name)
        }  # fmt: skip
        origins = [node for place in self.now for node in self.gates[place]]
        room = capacity(self.network, origins, self.gates[c.case.importer], self.query(year))
        largest = tonnes(max(volumes.values(), default=0.0))
        if room.t_per_year == inf:
            return (
                f"The most that the region mines in a scenario, {largest} REO in {year}, meets no stated capacity: "
                f"{room.unstated} of {room.stated + room.unstated} open segments state none."
            )
        share = max(volumes.values(), default=0.0) / room.t_per_year
        return (
            f"The most that the region mines in a scenario, {largest} REO in {year}, is {100 * share:.2g} % of the "
            f"{tonnes(room.t_per_year)} of all goods that stated capacities let pass."
        )

    def answer(
        self,
        id_: str,
        question: str,
        measure: str,
        figure: tuple[float, float, float],
        unit: str,
        sentence: str,
    ) -> Answer:
        basis = [row for route in self.now.values() for row in route.basis]
        return self.context.answer(
            id_,
            question,
            measure,
            figure,
            unit,
            sentence,
            ROUTED,
            basis,
            form="general cargo",
            year=self.year,
        )


def _inside(net: Network, row: Comparison, name: str) -> Iterable[str]:
    """States of the nodes between which the corridor is used."""
    wanted = frozenset(net.element_ids(name))
    for leg in row.through.legs if row.through else ():
        if leg.segment.id in wanted:
            yield net.nodes[leg.origin].country
            yield net.nodes[leg.destination].country


def _listed(names: Iterable[str]) -> str:
    some: Sequence[str] = list(names)
    return some[0] if len(some) == 1 else f"{', '.join(some[:-1])} and {some[-1]}"

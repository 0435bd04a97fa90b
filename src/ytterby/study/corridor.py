# SPDX-License-Identifier: Apache-2.0
"""How the region's goods reach the importer: the cheapest ways now and later, who stands on all of them, what a corridor does.

All routes are general cargo by land and sea between the main nodes of the countries.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from ytterby.routes import (
    Comparison,
    Network,
    Route,
    stress,
)
from ytterby.study.context import Answer, Context
from ytterby.study.room import room
from ytterby.study.ways import RegionWays
from ytterby.study.words import listed, number, place_name

WAYS = "By which ways do the region's goods reach it?"
ROUTED = "k-shortest routes of the dated network, by cost"


def corridor(c: Context) -> list[Answer]:
    """The ways of the case's region to its importer in short, and what the case's corridor changes."""
    told = _Told(c)
    if not c.ways.now:
        return []
    return [told.today(), *([told.corridor()] if c.case.corridor else [])]


def corridor_in_full(c: Context) -> list[Answer]:
    """The same country by country, and whether there is room."""
    told = _Told(c)
    if not c.ways.now:
        return []
    return [told.each(), told.exposure(), *(told.each_over() if c.case.corridor else []), *room(c)]


@dataclass(frozen=True)
class _Told:
    context: Context

    @property
    def ways(self) -> RegionWays:
        return self.context.ways

    def name(self, place: str) -> str:
        return place_name(self.context.base, place)

    def past(self, route: Route) -> str:
        """The third states on a way, in words."""
        return self.through(route.states[1:-1])

    def through(self, states: Sequence[str]) -> str:
        return (
            f"through {listed(self.name(state) for state in states)}" if states else "through no third state"
        )

    def today(self) -> Answer:
        """The cheapest ways in short: the range of their cost and time, and whom they pass."""
        c, routes = self.context, self.ways.now.values()
        groups: dict[tuple[str, ...], list[str]] = {}
        for place, route in self.ways.now.items():
            outside = tuple(state for state in route.states[1:-1] if state not in c.case.region)
            groups.setdefault(outside, []).append(self.name(place))
        parts = [f"{listed(places)} {self.through(states)}" for states, places in groups.items()]
        days = [route.days.mid for route in routes]
        figure = (
            min(route.usd_per_t.low for route in routes),
            median(route.usd_per_t.mid for route in routes),
            max(route.usd_per_t.high for route in routes),
        )
        turns = [turn for place in self.ways.now if (turn := self.turn(place))]
        later = (
            f"Later openings change {listed(turns)}." if turns else "No planned opening changes one of them."
        )
        sentence = (
            f"The cheapest ways to {self.name(c.case.importer)} in {self.ways.year} cost {number(figure[1])} USD/t "
            f"({number(figure[0])} to {number(figure[2])}) and take {min(days):.0f} to {max(days):.0f} days: "
            f"{'; '.join(parts)}. {later}"
        )
        each_year = (self.ways.best(place, year) for place in self.ways.now for year in self.ways.later)
        told = [*routes, *(route for route in each_year if route is not None)]
        return self.answer("ways", WAYS, "freight", figure, "USD_per_t", sentence, _rows(told))

    def each(self) -> Answer:
        """The cheapest way of every country."""
        parts = [
            f"{self.name(place)} {number(route.usd_per_t.mid)} USD/t ({number(route.usd_per_t.low)} to "
            f"{number(route.usd_per_t.high)}) and {route.days.mid:.0f} days {self.past(route)}"
            for place, route in self.ways.now.items()
        ]
        count = float(len(self.ways.now))
        sentence = f"In {self.ways.year}: {'; '.join(parts)}.{self.restricted()}"
        return self.answer(
            "ways-each", "Which is the cheapest way of each country?", "ways", (count,) * 3, "count", sentence,
            _rows(self.ways.now.values()),
        )  # fmt: skip

    def restricted(self) -> str:
        """What restricts these ways without closing them, in the words of the policies, and whose ways."""
        whose: dict[str, list[str]] = {}
        for place, route in self.ways.now.items():
            for policy in route.restrictions:
                whose.setdefault(policy, []).append(self.name(place))
        told = (
            f" On the ways of {listed(places)}, not closed but restricted: {self.context.base.row(policy)['measure']} ({policy})."
            for policy, places in whose.items()
        )
        return "".join(told)

    def turn(self, place: str) -> str:
        """The first later year in which another way is the cheapest, in words."""
        for year in self.ways.later:
            route = self.ways.best(place, year)
            if route is not None and route.segments != self.ways.now[place].segments:
                return f"that of {self.name(place)} in {year} ({number(route.usd_per_t.mid)} USD/t {self.past(route)})"
        return ""

    def exposure(self) -> Answer:
        c = self.context
        ends = self.ways.gates[c.case.importer]
        found = {
            place: stress(self.ways.network, self.ways.gates[place], ends, self.ways.query(self.ways.year))
            for place in self.ways.now
        }
        needed = {
            place: [loss.name for loss in one.needed if loss.kind == "state"] for place, one in found.items()
        }
        bound = [
            f"every way of {self.name(place)} passes {listed(self.name(state) for state in states)}"
            for place, states in needed.items() if states
        ]  # fmt: skip
        together: dict[tuple[str, ...], list[str]] = {}
        for place, one in found.items():
            if one.fewest_states and not needed[place]:
                together.setdefault(one.fewest_states, []).append(self.name(place))
        joint = [
            f"{listed(places)} {'are' if len(places) > 1 else 'is'} cut off by no fewer than {len(states)}, such as "
            f"{listed(self.name(state) for state in states)}"
            for states, places in together.items()
        ]
        states = "; ".join([*bound, *joint] or ["no closure of states cuts any of them off"])
        sentence = f"{len(bound)} of {len(found)} countries have a state on every way: {states}."
        question, count = "Which states stand on all ways of a country?", float(len(bound))
        told = [loss.route for one in found.values() for loss in one.losses if loss.route is not None]
        basis = _rows([*self.ways.now.values(), *told])
        return self.answer("ways-needed", question, "states_needed", (count,) * 3, "count", sentence, basis)

    def corridor(self) -> Answer:
        """Who would take the case's corridor, past whom it runs, how much dearer it is."""
        c, name = self.context, self.context.case.corridor
        taken = {row.origin for row in self.ways.compared if row.rank == 1}
        past = f", {listed(self.name(state) for state in c.case.avoid)} avoided" if c.case.avoid else ""
        sentence = (
            f"{len(taken)} of {len(self.ways.now)} countries have their cheapest way to {self.name(c.case.importer)} over {name} "
            f"in any year up to {self.ways.later[-1]}{past}. {self.price(name)}"
        )
        count = float(len(taken))
        return self.answer(
            "corridor", f"What does {name} change?", "corridor_users", (count,) * 3, "count", sentence,
            self.corridor_rows(), self.ways.later[-1],
        )  # fmt: skip

    def corridor_rows(self) -> list[str]:
        """Rows behind the comparison: the corridor's own, with what is stated of its opening, and those of the ways."""
        net, name = self.ways.network, self.context.case.corridor
        own = [net.segments[id_].basis if id_ in net.segments else (id_,) for id_ in net.element_ids(name)]
        ways = [
            route for row in self.ways.compared for route in (row.with_it, row.through) if route is not None
        ]
        return [*(row for rows in own for row in rows), *_rows(ways)]

    def price(self, name: str) -> str:
        """From when a way leads over the corridor, past whom, and what it costs more, in words."""
        if not self.ways.over:
            return f"No way leads over it from {self.ways.later[0]} to {self.ways.later[-1]}."
        first = min(row.year for row in self.ways.compared if row.through)
        on_it = dict.fromkeys(
            state for row in self.ways.over for state in _inside(self.ways.network, row, name)
        )
        more = [row.usd_per_t_more for row in self.ways.over if row.usd_per_t_more is not None]
        spread = (
            number(min(more))
            if number(min(more)) == number(max(more))
            else f"{number(min(more))} to {number(max(more))}"
        )
        return (
            f"A way over it is open {'already in' if first == self.ways.later[0] else 'from'} {first}, through "
            f"{listed(self.name(state) for state in on_it)}; the cheapest costs {spread} USD/t more than the cheapest of all "
            f"in {self.ways.over[0].year}."
        )

    def each_over(self) -> list[Answer]:
        """What the corridor costs every country more and past whom, where a way leads over it."""
        more = [
            f"{self.name(row.origin)} {number(row.usd_per_t_more)} USD/t {self.past(row.through)}"
            for row in self.ways.over if row.through and row.usd_per_t_more is not None
        ]  # fmt: skip
        if not more:
            return []
        extra = [row.usd_per_t_more for row in self.ways.over if row.usd_per_t_more is not None]
        figure = (min(extra), median(extra), max(extra))
        sentence = f"More than the cheapest of all in {self.ways.over[0].year}: {'; '.join(more)}."
        question = f"What does the cheapest way over {self.context.case.corridor} cost each country more?"
        told = _rows(
            route for row in self.ways.over for route in (row.with_it, row.through) if route is not None
        )
        return [
            self.answer(
                "corridor-each", question, "corridor_extra_cost", figure, "USD_per_t", sentence, told,
                self.ways.over[0].year,
            )
        ]  # fmt: skip

    def answer(
        self,
        id_: str,
        question: str,
        measure: str,
        figure: tuple[float, float, float],
        unit: str,
        sentence: str,
        basis: Sequence[str],
        year: int | None = None,
    ) -> Answer:
        """An answer about general cargo, of the first year told of if no other is given."""
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
            year=self.ways.year if year is None else year,
        )


def _rows(routes: Iterable[Route]) -> list[str]:
    """Rows that routes rest on."""
    return [row for route in routes for row in route.basis]


def _inside(net: Network, row: Comparison, name: str) -> Iterable[str]:
    """States of the nodes between which the corridor is used."""
    wanted = frozenset(net.element_ids(name))
    for leg in row.through.legs if row.through else ():
        if leg.segment.id in wanted:
            yield net.nodes[leg.origin].country
            yield net.nodes[leg.destination].country

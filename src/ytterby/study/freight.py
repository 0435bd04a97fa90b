# SPDX-License-Identifier: Apache-2.0
"""The ways of a case's trade: routes between the main nodes of exporter and importer, year by year, closures included.

Years in which the network is the same are one spell. Of each spell the best route between all main nodes is known at
once; ways in the market are a few routes that differ in the states or chokepoints that they pass, and the quickest, for
pairs of the case's region, for pairs whose freight changes in some year of some scenario, and for pairs whose best route
passes a stated capacity. Each class of cargo has ways of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ytterby.chain import TRADE, Activity
from ytterby.errors import ModelError, NoRouteError, quoted
from ytterby.facts import FactBase
from ytterby.routes import (
    Interval,
    Limit,
    Network,
    Query,
    Route,
    all_weights,
    best_routes,
    is_open,
    limits_of,
    network,
)
from ytterby.scenario import Case, transport_names
from ytterby.study.spells import Spell, spells_of
from ytterby.supply.evidence import REST
from ytterby.supply.ways import Haul, Room, Way, Ways

WAYS, LOOKED_AT = 3, 20
SAME = 1e-9
LOW, MIDDLE, HIGH = "low", "mid", "high"
Pair = tuple[str, str]
Parcel = tuple[str, str, str]  # exporter, importer, class of cargo


@dataclass(frozen=True)
class _Course:
    """A route of a parcel, its name, and the years in which it is open."""

    name: str
    route: Route
    years: frozenset[int]


@dataclass(eq=False)
class Atlas:
    """Routes of a case on a fact base; what was once looked up is kept.

    `gates` are the main nodes of each place; `spells` the spells of each scenario, by name; `cargoes` the class of each
    form, by (form, exporter) or (form, "").
    """

    network: Network = field(repr=False)
    gates: Mapping[str, tuple[str, ...]] = field(repr=False)
    region: frozenset[str]
    spells: Mapping[str, tuple[Spell, ...]] = field(repr=False)
    cargoes: Mapping[Pair, str] = field(repr=False)
    _best: dict[tuple[str, ...], dict[Query, NDArray[np.float64]]] = field(default_factory=dict, repr=False)
    _routes: dict[tuple[Query, Pair], tuple[Route, ...]] = field(default_factory=dict, repr=False)
    _changing: dict[str, NDArray[np.bool_]] = field(default_factory=dict, repr=False)
    _courses: dict[tuple[str, Parcel], tuple[_Course, ...]] = field(default_factory=dict, repr=False)
    _ways: dict[tuple[str, Parcel, str], tuple[tuple[Way, ...], bool]] = field(
        default_factory=dict, repr=False
    )

    @staticmethod
    def of(case: Case, base: FactBase) -> Atlas:
        """The atlas of a case with its importer and supplier named in the scenarios.

        Raises
        ------
        RouteError : a rate is missing, or a segment has no length or gauge
        """
        net = network(base)
        countries = frozenset(transport_names(base)["countries"])
        spells = {s.name: tuple(spells_of(case, s, net, countries)) for s in case.scenarios}
        return Atlas(net, gates(base), frozenset(case.region), spells, cargoes(base))

    def cargo(self, form: str, exporter: str) -> str:
        """The class of cargo of a form: that of the exporter's own, of the form, or of its stage.

        Raises
        ------
        ModelError : no row states it
        """
        stage = form.partition(":")[0]
        for key in ((form, exporter), (form, ""), (stage, exporter), (stage, "")):
            if key in self.cargoes:
                return self.cargoes[key]
        known = ", ".join(sorted({name for name, _ in self.cargoes}))
        raise ModelError("cargoes.csv", f"no class of cargo of {quoted(form)}", known, "add a row")

    def best(self, cargo: str) -> dict[Query, NDArray[np.float64]]:
        """For every query of the case, freight of the best route between all places, USD per gross tonne.

        Rows are exporters, columns importers, in the order of `gates`; infinite where there is no route. Classes of cargo
        that the same policies close share it.
        """
        acts = tuple(policy.id for policy in self.network.policies if policy.closes_or_reopens(cargo))
        if acts not in self._best:
            queries = dict.fromkeys(spell.query for spells in self.spells.values() for spell in spells)
            self._best[acts] = {query: self._freight(replace(query, cargo=cargo)) for query in queries}
        return self._best[acts]

    def _freight(self, query: Query) -> NDArray[np.float64]:
        nodes = tuple(dict.fromkeys(node for names in self.gates.values() for node in names))
        rows = [[nodes.index(node) for node in names] for names in self.gates.values()]
        of_place = [number for numbers in rows for number in numbers]
        starts = np.cumsum([0, *(len(numbers) for numbers in rows[:-1])])
        usd = all_weights(self.network, query, nodes)[np.ix_(of_place, of_place)]
        return np.asarray(np.minimum.reduceat(np.minimum.reduceat(usd, starts, axis=0), starts, axis=1))

    @cached_property
    def _number(self) -> dict[str, int]:
        return {place: number for number, place in enumerate(self.gates)}

    @cached_property
    def _alike(self) -> dict[str, str]:
        """The first scenario with the same spells, by scenario."""
        first: dict[tuple[Spell, ...], str] = {}
        return {name: first.setdefault(spells, name) for name, spells in self.spells.items()}

    @cached_property
    def limits(self) -> Mapping[int, tuple[Limit, ...]]:
        """Stated capacities in force by year."""
        years = sorted({y for spells in self.spells.values() for spell in spells for y in spell.years})
        return {year: limits_of(self.network, year) for year in years}

    @cached_property
    def _limited(self) -> frozenset[str]:
        """Segments under a stated capacity in some year."""
        return frozenset(n for limits in self.limits.values() for limit in limits for n in limit.segments)

    def rooms(self, reading: str = MIDDLE) -> tuple[Room, ...]:
        """What stated capacities leave to the market: at the low reading the whole, else the whole less what others carry."""
        names: dict[str, dict[int, Limit]] = {}
        for year, limits in self.limits.items():
            for limit in limits:
                names.setdefault(limit.name, {})[year] = limit
        return tuple(
            Room(
                name,
                frozenset(segment for limit in by_year.values() for segment in limit.segments),
                frozenset(cargo for limit in by_year.values() for cargo in limit.cargo),
                {y: limit.t_per_year if reading == LOW else limit.room for y, limit in by_year.items()},
                tuple(dict.fromkeys(row for limit in by_year.values() for row in limit.basis)),
            )
            for name, by_year in names.items()
        )

    def usd_per_t(self, query: Query, pair: Pair, cargo: str = "general") -> float:
        """Freight of the best route between two places, USD per gross tonne; infinite where there is none.

        The rest of the world lies nowhere: rule `median-of-all-places`, as far from its partner as the median place.
        """
        costs = self.best(cargo)[query]
        start, end = self._stand_in(query, pair, cargo)
        ends = [self._number.get(start), self._number.get(end)]
        return np.inf if None in ends else float(costs[ends[0], ends[1]])

    def _stand_in(self, query: Query, pair: Pair, cargo: str) -> Pair:
        """The pair itself; for the rest of the world the place of median freight to or from the partner stands."""
        if REST not in pair:
            return pair
        (partner,) = (place for place in pair if place != REST)
        number, costs = self._number.get(partner), self.best(cargo)[query]
        along = () if number is None else costs[number] if pair[0] == partner else costs[:, number]
        known = sorted(
            (cost, place) for cost, place in zip(along, self.gates, strict=False) if 0 < cost < np.inf
        )
        if not known:
            return pair
        median = known[(len(known) - 1) // 2][1]
        return (partner, median) if pair[0] == partner else (median, partner)

    def matters(self, parcel: Parcel) -> bool:
        """Whether ways are columns of the market: the region's, those whose freight changes, those under a capacity."""
        exporter, importer, cargo = parcel
        ends = [self._number.get(exporter), self._number.get(importer)]
        if None in ends:
            return False
        if self.region & {exporter, importer}:
            return True
        if cargo not in self._changing:
            costs = np.stack(list(self.best(cargo).values()))
            self._changing[cargo] = ~np.isclose(costs, costs[0], rtol=SAME).all(axis=0)
        return bool(self._changing[cargo][ends[0], ends[1]])

    def routes(self, query: Query, pair: Pair) -> tuple[Route, ...]:
        """The best route between two places, the next ones that pass other states or chokepoints, and the quickest."""
        if (query, pair) not in self._routes:
            unlike: dict[tuple[frozenset[str], frozenset[str]], Route] = {}
            for route in self._looked_up(query, pair, LOOKED_AT):
                unlike.setdefault((frozenset(route.states), frozenset(route.chokepoints)), route)
            quick = self._looked_up(replace(query, by="days"), pair, 1)
            found = {route.segments: route for route in (*tuple(unlike.values())[:WAYS], *quick)}
            self._routes[query, pair] = tuple(found.values())
        return self._routes[query, pair]

    def _looked_up(self, query: Query, pair: Pair, k: int) -> tuple[Route, ...]:
        start, end = (self.gates.get(place, ()) for place in pair)
        try:
            return best_routes(self.network, start, end, query, k) if start and end else ()
        except NoRouteError:
            return ()

    def ways(self, scenario: str, activities: Iterable[Activity], reading: str = MIDDLE) -> Ways:
        """Ways of all hauls that are or may be in a scenario, at a reading of their cost; hauls without any are left out."""
        trades = (a for a in activities if a.kind == TRADE and a.partner != a.place)
        carried: dict[Haul, tuple[Way, ...]] = {}
        chosen: set[Haul] = set()
        for haul in dict.fromkeys((a.place, a.partner, a.form) for a in trades):
            parcel = (haul[0], haul[1], self.cargo(haul[2], haul[0]))
            ways, columns = self._ways_of(scenario, parcel, reading)
            if ways:
                carried[haul] = ways
            if columns:
                chosen.add(haul)
        return Ways(carried, frozenset(chosen))

    def _ways_of(self, scenario: str, parcel: Parcel, reading: str) -> tuple[tuple[Way, ...], bool]:
        """Ways of a parcel, and whether they are columns of the market."""
        alike = self._alike[scenario]
        if (alike, parcel, reading) not in self._ways:
            if (alike, parcel) not in self._courses:
                self._courses[alike, parcel] = self._courses_of(self.spells[scenario], parcel)
            courses = self._courses[alike, parcel]
            limited = any(self._limited & set(self._passed(course.route)) for course in courses)
            columns = bool(courses) and REST not in parcel and (limited or self.matters(parcel))
            self._ways[alike, parcel, reading] = (
                tuple(_way(parcel, c, self._passed(c.route), reading) for c in courses),
                columns,
            )
        return self._ways[alike, parcel, reading]

    def _passed(self, route: Route) -> tuple[str, ...]:
        """Ids of a route's segments, and of the lines under its services: their room is what a tonne takes of."""
        return self.network.with_lines(route.segments)

    def _courses_of(self, spells: Sequence[Spell], parcel: Parcel) -> tuple[_Course, ...]:
        exporter, importer, cargo = parcel
        pair, first = (exporter, importer), replace(spells[0].query, cargo=cargo)
        if not self.matters(parcel):
            found = self._looked_up(first, self._stand_in(spells[0].query, pair, cargo), 1)
            always = frozenset(year for spell in spells for year in spell.years)
            name = "median of all places" if REST in pair else "best route"
            if REST in pair or not found or not self._limited & set(self._passed(found[0])):
                return tuple(_Course(name, route, always) for route in found)
        routes: dict[tuple[str, ...], Route] = {}
        known: set[float] = set()
        for spell in spells:
            cost = self.usd_per_t(spell.query, pair, cargo)
            # A spell whose best route costs what an earlier one did has the routes of that one.
            if np.isfinite(cost) and not any(np.isclose(cost, other, rtol=SAME) for other in known):
                known.add(cost)
                routes |= {
                    route.segments: route for route in self.routes(replace(spell.query, cargo=cargo), pair)
                }
        ranked = sorted(routes.values(), key=lambda route: route.usd_per_t.mid)
        return tuple(self._course(number, route, spells, cargo) for number, route in enumerate(ranked, 1))

    def _course(self, number: int, route: Route, spells: Sequence[Spell], cargo: str) -> _Course:
        years = frozenset(
            y for s in spells if is_open(self.network, route, replace(s.query, cargo=cargo)) for y in s.years
        )
        return _Course(f"{number} {by(route)}", route, years)


def _way(parcel: Parcel, course: _Course, passed: tuple[str, ...], reading: str) -> Way:
    exporter, importer, cargo = parcel
    route = course.route
    return Way(
        exporter, importer, course.name, read(route.usd_per_t, reading), read(route.days, reading), course.years,
        passed, cargo, route.basis,
    )  # fmt: skip


def read(interval: Interval, reading: str) -> float:
    """An interval at its low, its middle or its high reading."""
    return {LOW: interval.low, MIDDLE: interval.mid, HIGH: interval.high}[reading]


def cargoes(base: FactBase) -> dict[Pair, str]:
    """Class of cargo by form and exporter; the exporter is empty where the class holds for all."""
    return {(row["form"], row["country"] or ""): row["cargo"] for row in base.rows("cargoes")}


def by(route: Route) -> str:
    """A route in a few words: its ends, the states between and the chokepoints."""
    between = [*route.states[1:-1], *route.chokepoints]
    return " - ".join((route.nodes[0], *between, route.nodes[-1]))


def gates(base: FactBase) -> dict[str, tuple[str, ...]]:
    """Main nodes of each place; a residual or a group has those of its members."""
    own: dict[str, tuple[str, ...]] = {}
    for row in base.rows("nodes"):
        if row["main"]:
            own[row["country"]] = (*own.get(row["country"], ()), row["id"])
    groups = {
        row["id"]: tuple(node for member in row["members"] or () for node in own.get(member, ()))
        for row in base.rows("countries")
        if row["id"] not in own
    }
    return {**own, **{place: nodes for place, nodes in groups.items() if nodes}}

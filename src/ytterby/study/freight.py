# SPDX-License-Identifier: Apache-2.0
"""The ways of a case's trade: routes between the main nodes of exporter and importer, year by year, closures included.

Years in which the network is the same are one spell. Of each spell the best route between all main nodes is known at
once; ways in the market are a few routes that differ in the states or chokepoints that they pass, for pairs of the
case's region and for all pairs whose freight changes in some year of some scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ytterby.chain import TRADE, Activity
from ytterby.errors import NoRouteError
from ytterby.facts import FactBase
from ytterby.routes import SURFACE, Network, Query, Route, all_weights, best_routes, is_open, network
from ytterby.scenario import Case, Closure, Scenario, transport_names
from ytterby.supply.carriage import Pair, Way, Ways
from ytterby.supply.evidence import REST

WAYS, LOOKED_AT = 3, 6
SAME = 1e-9


@dataclass(frozen=True)
class Spell:
    """Years in which a scenario finds the same network, and what is asked of it."""

    years: tuple[int, ...]
    query: Query


@dataclass(eq=False)
class Atlas:
    """Routes of a case on a fact base; what was once looked up is kept.

    `gates` are the main nodes of each place; `spells` the spells of each scenario, by name.
    """

    network: Network = field(repr=False)
    gates: Mapping[str, tuple[str, ...]] = field(repr=False)
    region: frozenset[str]
    spells: Mapping[str, tuple[Spell, ...]] = field(repr=False)
    _routes: dict[tuple[Query, Pair], tuple[Route, ...]] = field(default_factory=dict, repr=False)
    _ways: dict[tuple[str, Pair], tuple[Way, ...]] = field(default_factory=dict, repr=False)

    @staticmethod
    def of(case: Case, base: FactBase) -> Atlas:
        """The atlas of a case with its importer and supplier named in the scenarios.

        Raises
        ------
        RouteError : a rate is missing, or a segment has no length or gauge
        """
        net = network(base)
        countries = frozenset(transport_names(base)["countries"])
        spells = {s.name: tuple(_spells(case, s, net, countries)) for s in case.scenarios}
        return Atlas(net, gates(base), frozenset(case.region), spells)

    @cached_property
    def best(self) -> dict[Query, NDArray[np.float64]]:
        """For every query of the case, freight of the best route between all places, USD per gross tonne.

        Rows are exporters, columns importers, in the order of `gates`; infinite where there is no route.
        """
        nodes = tuple(dict.fromkeys(node for names in self.gates.values() for node in names))
        rows = [[nodes.index(node) for node in names] for names in self.gates.values()]
        of_place = [number for numbers in rows for number in numbers]
        starts = np.cumsum([0, *(len(numbers) for numbers in rows[:-1])])
        found = {}
        for query in {spell.query: None for spells in self.spells.values() for spell in spells}:
            usd = all_weights(self.network, query, nodes)[np.ix_(of_place, of_place)]
            found[query] = np.minimum.reduceat(np.minimum.reduceat(usd, starts, axis=0), starts, axis=1)
        return found

    @cached_property
    def _number(self) -> dict[str, int]:
        return {place: number for number, place in enumerate(self.gates)}

    @cached_property
    def _alike(self) -> dict[str, str]:
        """The first scenario with the same spells, by scenario."""
        first: dict[tuple[Spell, ...], str] = {}
        return {name: first.setdefault(spells, name) for name, spells in self.spells.items()}

    @cached_property
    def _changing(self) -> NDArray[np.bool_]:
        """Pairs of places whose freight is not the same under all queries of the case."""
        costs = np.stack(list(self.best.values()))
        return np.asarray(~np.isclose(costs, costs[0], rtol=SAME).all(axis=0))

    def usd_per_t(self, query: Query, pair: Pair) -> float:
        """Freight of the best route between two places, USD per gross tonne; infinite where there is none.

        The rest of the world lies nowhere: rule `median-of-all-places`, the median freight of its partner.
        """
        costs = self.best[query]
        if REST in pair:
            (partner,) = (place for place in pair if place != REST)
            number = self._number.get(partner)
            along = () if number is None else costs[number] if pair[0] == partner else costs[:, number]
            known = [cost for cost in along if 0 < cost < np.inf]
            return float(np.median(known)) if known else np.inf
        ends = [self._number.get(place) for place in pair]
        return np.inf if None in ends else float(costs[ends[0], ends[1]])

    def matters(self, pair: Pair) -> bool:
        """Whether the pair's ways are columns of the market: the region's, and those whose freight changes."""
        ends = [self._number.get(place) for place in pair]
        if None in ends:
            return False
        return bool(self.region & set(pair)) or bool(self._changing[ends[0], ends[1]])

    def routes(self, query: Query, pair: Pair) -> tuple[Route, ...]:
        """The best route between two places and the next ones that pass other states or chokepoints."""
        if (query, pair) not in self._routes:
            start, end = (self.gates.get(place, ()) for place in pair)
            try:
                looked_at = best_routes(self.network, start, end, query, LOOKED_AT) if start and end else ()
            except NoRouteError:
                looked_at = ()
            unlike: dict[tuple[frozenset[str], frozenset[str]], Route] = {}
            for route in looked_at:
                unlike.setdefault((frozenset(route.states), frozenset(route.chokepoints)), route)
            self._routes[query, pair] = tuple(unlike.values())[:WAYS]
        return self._routes[query, pair]

    def ways(self, scenario: str, activities: Iterable[Activity]) -> Ways:
        """Ways of all pairs that trade or may trade in a scenario; pairs without any are left out."""
        pairs = sorted({(a.place, a.partner) for a in activities if a.kind == TRADE and a.partner != a.place})
        alike = self._alike[scenario]
        for pair in pairs:
            if (alike, pair) not in self._ways:
                self._ways[alike, pair] = self._ways_of(self.spells[scenario], pair)
        carried = {pair: self._ways[alike, pair] for pair in pairs if self._ways[alike, pair]}
        return Ways(carried, frozenset(pair for pair in carried if self.matters(pair)))

    def _ways_of(self, spells: Sequence[Spell], pair: Pair) -> tuple[Way, ...]:
        if not self.matters(pair):
            cost = self.usd_per_t(spells[0].query, pair)
            years = frozenset(year for spell in spells for year in spell.years)
            name = "median of all places" if REST in pair else "best route"
            return (Way(*pair, name, cost, years),) if np.isfinite(cost) else ()
        routes: dict[tuple[str, ...], Route] = {}
        known: set[float] = set()
        for spell in spells:
            cost = self.usd_per_t(spell.query, pair)
            # A spell whose best route costs what an earlier one did has the routes of that one.
            if np.isfinite(cost) and not any(np.isclose(cost, other, rtol=SAME) for other in known):
                known.add(cost)
                routes |= {route.segments: route for route in self.routes(spell.query, pair)}
        ranked = sorted(routes.values(), key=lambda route: route.usd_per_t.mid)
        return tuple(self._way(pair, number, route, spells) for number, route in enumerate(ranked, 1))

    def _way(self, pair: Pair, number: int, route: Route, spells: Sequence[Spell]) -> Way:
        years = frozenset(y for s in spells if is_open(self.network, route, s.query) for y in s.years)
        return Way(*pair, f"{number} {by(route)}", route.usd_per_t.mid, years, route.segments, route.basis)


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


def _spells(case: Case, scenario: Scenario, net: Network, countries: frozenset[str]) -> Iterable[Spell]:
    """Spells of a scenario: a new one begins when a segment opens, a policy turns, or a closure begins or ends."""
    years = [case.base_year, *case.years]
    turns = {segment.open_year for segment in net.segments.values()}
    turns |= {year for policy in net.policies for year in (policy.year, policy.last_year)}
    turns |= {
        year for closure in scenario.closures for year in (closure.first, (closure.last or closure.first) + 1)
    }
    starts = [year for year in years if year == years[0] or year in turns]
    for start, following in zip(starts, [*starts[1:], years[-1] + 1], strict=True):
        yield Spell(tuple(range(start, following)), query_of(scenario.closures, start, countries))


def query_of(closures: Sequence[Closure], year: int, countries: frozenset[str]) -> Query:
    """What is asked of the network in a year: countries are avoided, all else is closed."""
    shut = [closure.closed for closure in closures if closure.holds(year)]
    avoid = tuple(sorted(name for name in shut if name in countries))
    return Query(year, avoid=avoid, closed=tuple(sorted(set(shut) - countries)), modes=SURFACE)

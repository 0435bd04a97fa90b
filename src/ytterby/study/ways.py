# SPDX-License-Identifier: Apache-2.0
"""The ways of a case's region to its importer, year by year: the cheapest, those that avoid states, those over a corridor.

All routes are general cargo by land and sea between the main nodes of the countries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ytterby.errors import NoRouteError
from ytterby.facts import FactBase
from ytterby.routes import (
    SURFACE,
    Comparison,
    Course,
    Network,
    Node,
    Place,
    Query,
    Route,
    Standing,
    best_routes,
    compare,
    standings,
)
from ytterby.scenario import Case
from ytterby.study.freight import gates

CHEAPEST, AVOIDING, OVER = "cheapest", "avoiding", "over"


@dataclass(frozen=True)
class RegionWays:
    """Routes of a case's region on a network; what was once looked up is kept. `gates` are the main nodes of each place."""

    case: Case
    network: Network
    gates: Mapping[str, tuple[str, ...]]

    @staticmethod
    def of(case: Case, base: FactBase, network: Network) -> RegionWays:
        """The ways of a case on the network of a fact base."""
        return RegionWays(case, network, gates(base))

    @cached_property
    def year(self) -> int:
        """The first year that is told of after the base year."""
        return next(year for year in self.case.report_years if year > self.case.base_year)

    @cached_property
    def later(self) -> tuple[int, ...]:
        """All years of the case from that one on."""
        return tuple(year for year in self.case.years if year >= self.year)

    @cached_property
    def now(self) -> dict[str, Route]:
        """The cheapest way of each country of the region that has one."""
        return {place: route for place in self.case.region if (route := self.best(place, self.year))}

    def query(self, year: int, avoid: tuple[str, ...] = ()) -> Query:
        """What is asked of the network in a year."""
        return Query(year, modes=SURFACE, avoid=avoid)

    def best(self, place: str, year: int) -> Route | None:
        """The cheapest way of a place in a year."""
        return self._routes[CHEAPEST].get((place, self._same(year)))

    def avoiding(self, place: str, year: int) -> Route | None:
        """The cheapest way that avoids what the case avoids."""
        return self._routes[AVOIDING].get((place, self._same(year)))

    def _same(self, year: int) -> int:
        """The first year asked for since which the network has not changed."""
        return max(turn for turn in (self.year, *self.network.changes) if turn <= year)

    @cached_property
    def _routes(self) -> Mapping[str, Mapping[tuple[str, int], Route]]:
        years = sorted({self._same(year) for year in self.later})
        avoid = {CHEAPEST: (), AVOIDING: self.case.avoid}
        return {
            kind: {
                (place, year): route
                for place in self.case.region for year in years
                if (route := self._found(place, self.query(year, states))) is not None
            }
            for kind, states in avoid.items()
        }  # fmt: skip

    def _found(self, place: str, query: Query) -> Route | None:
        ends = (self.gates.get(place), self.gates.get(self.case.importer))
        if not ends[0] or not ends[1] or place == self.case.importer:
            return None
        try:
            return best_routes(self.network, ends[0], ends[1], query, 1)[0]
        except NoRouteError:
            return None

    @cached_property
    def compared(self) -> tuple[Comparison, ...]:
        """The case's corridor for every country of the region and every year, what the case avoids avoided."""
        if not self.case.corridor:
            return ()
        origins = [Place(place, "country", self.gates[place]) for place in self.now]
        target = Place(self.case.importer, "country", self.gates[self.case.importer])
        query = self.query(self.year, self.case.avoid)
        return tuple(compare(self.network, origins, [target], query, self.case.corridor, self.later))

    @cached_property
    def over(self) -> tuple[Comparison, ...]:
        """The comparisons of the last year in which a way leads over the corridor."""
        used = [row for row in self.compared if row.through and row.usd_per_t_more is not None]
        last = max((row.year for row in used), default=0)
        return tuple(row for row in used if row.year == last)


@dataclass(frozen=True, slots=True)
class MappedWay:
    """A way of a country: the cheapest, the cheapest that avoids what the case avoids, or the cheapest over its corridor."""

    kind: str
    place: str
    route: Route


@dataclass(frozen=True)
class MapYear:
    """Years in which the network and the ways are the same: how every segment stands, and the ways."""

    first: int
    last: int
    standings: tuple[Standing, ...]
    ways: tuple[MappedWay, ...]


@dataclass(frozen=True)
class WayMap:
    """What a map of the ways shows, spell by spell.

    `ends` are the main nodes of the region, `courses` the lines under services.
    """

    nodes: Mapping[str, Node]
    ends: tuple[str, ...]
    spells: tuple[MapYear, ...]
    courses: Mapping[str, Course]


def way_map(ways: RegionWays) -> WayMap | None:
    """The map of a region's ways, None where it has none."""
    if not ways.now:
        return None
    ends = tuple(node for place in ways.now for node in ways.gates[place])
    return WayMap(ways.network.nodes, ends, tuple(_spells(ways)), ways.network.courses)


def _spells(ways: RegionWays) -> Iterator[MapYear]:
    parties = (*ways.now, ways.case.importer)
    starts: list[tuple[int, tuple[Standing, ...], tuple[MappedWay, ...]]] = []
    for year in ways.later:
        known = year not in ways.network.changes and bool(starts)
        found = starts[-1][1:] if known else (
            standings(ways.network, ways.query(year), parties), tuple(_mapped(ways, year)),
        )  # fmt: skip
        if not starts or found != starts[-1][1:]:
            starts.append((year, *found))
    lasts = [*(start[0] - 1 for start in starts[1:]), ways.later[-1]]
    for (first, stands, mapped), last in zip(starts, lasts, strict=True):
        yield MapYear(first, last, stands, mapped)


def _mapped(ways: RegionWays, year: int) -> Iterator[MappedWay]:
    over = {row.origin: row.through for row in ways.compared if row.year == year and row.through}
    for place in ways.now:
        free, avoiding = ways.best(place, year), ways.avoiding(place, year)
        found = {CHEAPEST: free, AVOIDING: avoiding if ways.case.avoid else None, OVER: over.get(place)}
        for kind, route in found.items():
            if route is not None:
                yield MappedWay(kind, place, route)

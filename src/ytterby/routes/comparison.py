# SPDX-License-Identifier: Apache-2.0
"""What a segment or corridor changes: the best route of a pair, year by year, with it and without it.

"With" is the network of the facts, in which a planned line opens in its year; "without" the same with all segments of
that name closed, as if it never opened; "through" the best route that uses it, whether it pays or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice, takewhile

from ytterby.routes.definitions import Query, Route
from ytterby.routes.finding import FIRST, LAST, Search, prepare, route_of
from ytterby.routes.network import Network
from ytterby.routes.places import Place
from ytterby.routes.shortest import paths
from ytterby.routes.through import SAME, best_through

LOOKED_THROUGH = 100  # routes among which the rank of the best one through the corridor is looked for


@dataclass(frozen=True, slots=True)
class Comparison:
    """The best route of a pair in a year with and without a corridor, None where there is none.

    `through` is the best route that uses it, `rank` its place among all routes; None where `LOOKED_THROUGH` are better.
    """

    origin: str
    destination: str
    year: int
    with_it: Route | None
    without: Route | None
    through: Route | None
    rank: int | None

    @property
    def usd_per_t_more(self) -> float | None:
        """What the best route through the corridor costs more than the best of all; None where none leads through it."""
        if self.with_it is None or self.through is None:
            return None
        return self.through.usd_per_t.mid - self.with_it.usd_per_t.mid


def compare(
    network: Network,
    origins: Iterable[Place],
    destinations: Iterable[Place],
    query: Query,
    name: str,
    years: Iterable[int],
) -> Iterator[Comparison]:
    """Compare the best routes of all pairs in all years with and without a segment, a corridor or a node.

    Raises
    ------
    RouteError : nothing has that name, or an unknown state, cargo or criterion
    """
    wanted = _segments_of(network, name)
    targets, when = tuple(destinations), tuple(years)
    shut_too = network.element_ids(name)
    opened = tuple(id_ for one in query.opened for id_ in network.element_ids(one) if id_ not in shut_too)
    for origin in origins:
        for destination in targets:
            known: dict[bytes, _Found] = {}  # most years see the same network
            for year in when:
                asked = replace(query, year=year)
                shut = replace(asked, closed=(*query.closed, name), opened=opened)
                with_it = _found(prepare(network, origin.nodes, destination.nodes, asked), wanted, known)
                without = _found(prepare(network, origin.nodes, destination.nodes, shut), wanted, known)
                yield Comparison(
                    origin.name,
                    destination.name,
                    year,
                    with_it.best,
                    without.best,
                    with_it.through,
                    with_it.rank,
                )


def _segments_of(network: Network, name: str) -> frozenset[str]:
    """Segments that a name stands for; of a node those that lead there or pass it."""
    ids = frozenset(network.element_ids(name))
    return frozenset(
        segment.id
        for segment in network.segments.values()
        if not ids.isdisjoint((segment.id, segment.first, segment.last, *segment.passes))
    )


@dataclass(frozen=True, slots=True)
class _Found:
    best: Route | None
    through: Route | None
    rank: int | None


def _found(search: Search, wanted: frozenset[str], known: dict[bytes, _Found]) -> _Found:
    """The best route of a search and the best that takes a wanted segment, looked up where the network is the same."""
    key = search.weights.tobytes()
    if key not in known:
        known[key] = _looked_for(search, wanted)
    return known[key]


def _looked_for(search: Search, wanted: frozenset[str]) -> _Found:
    network, over = search.network, best_through(search, wanted)
    ways = paths(network.graph, search.weights, FIRST, LAST)
    first = list(islice(ways, 1))
    best = route_of(network, search.access, first[0][1]) if first else None
    if over is None:
        return _Found(best, None, None)
    weight, through = over
    ranked = islice(chain(first, ways), LOOKED_THROUGH)
    better = sum(1 for _ in takewhile(lambda path: path[0] < weight * (1 - SAME), ranked))
    return _Found(best, through, better + 1 if better < LOOKED_THROUGH else None)

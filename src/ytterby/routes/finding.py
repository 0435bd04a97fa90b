# SPDX-License-Identifier: Apache-2.0
"""Queries answered: which arcs are open, what they weigh, the best routes, and what cuts a pair that has none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import NDArray

from ytterby.errors import NoRouteError, RouteError, allowed_names, quoted
from ytterby.routes.definitions import CARGOES, CRITERIA, MODES, Leg, Query, Route, Segment, unique
from ytterby.routes.network import DESTINATION, ORIGIN, Network
from ytterby.routes.policies import Access, Closure, access
from ytterby.routes.services import NO_LINE, course, over_lines
from ytterby.routes.shortest import k_shortest

LAST_YEAR = 9999
FIRST, LAST = 0, 1  # states before all origins and behind all destinations


class CutError(NoRouteError):
    """No way leads there; `closures` are the fewest whose lifting would open one, none if no lifting helps."""

    closures: tuple[Closure, ...] = ()


@dataclass(frozen=True)
class Search:
    """A query between two sets of nodes, made ready for the graph.

    Parameters
    ----------
    open_arcs : whether each arc may be used
    weights : what each arc weighs by the query's criterion, infinite where closed
    """

    network: Network
    query: Query
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    access: Access
    open_arcs: NDArray[np.bool_]
    weights: NDArray[np.float64]

    @cached_property
    def open_segments(self) -> tuple[Segment, ...]:
        """The segments that may be used in one direction at least."""
        segments = tuple(self.network.segments.values())
        numbers = np.unique(self.network.segment_of[self.open_arcs])
        return tuple(segments[number] for number in numbers if number >= 0)

    @cached_property
    def lines(self) -> tuple[Segment, ...]:
        """The same without services that run on others of them."""
        shut = self.network.segments.keys() - {one.id for one in self.open_segments}
        known, segments = self.network.courses, self.network.segments
        return tuple(s for s in self.open_segments if s.id not in known or course(segments, s, shut) is None)


def best_routes(
    network: Network, origin: str | Sequence[str], destination: str | Sequence[str], query: Query, k: int = 5
) -> tuple[Route, ...]:
    """The k best routes from a node to another that come to no node twice, best first.

    Parameters
    ----------
    origin, destination : id of a node, or ids of several of which the best one is taken
    query : year, cargo, closures, criterion
    k : number of routes; fewer are given when there are no more

    Raises
    ------
    RouteError : an unknown id, state, cargo or criterion, or the ends have a node in common
    CutError : no way leads there; carries the closures that cut it
    """
    search = prepare(network, origin, destination, query)
    found = k_shortest(network.graph, search.weights, FIRST, LAST, k)
    if not found:
        raise no_route(search)
    return tuple(route_of(network, search.access, path) for _, path in found)


def prepare(
    network: Network, origin: str | Sequence[str], destination: str | Sequence[str], query: Query
) -> Search:
    """Check a query and find out what is open under it.

    Raises
    ------
    RouteError : an unknown id, state, cargo or criterion, or the ends have a node in common
    """
    origins, destinations = (
        known_nodes(network, "origin", origin),
        known_nodes(network, "destination", destination),
    )
    common = [node for node in origins if node in destinations]
    if common:
        found = f"{quoted(', '.join(common))} at both ends"
        raise RouteError("routes", found, "two different places", "name another destination")
    check_query(network, query)
    ends = unique(network.nodes[node].country for node in (*origins, *destinations))
    reach = closed_under(network, query, (*ends, *query.parties))
    usable = open_arcs(network, query, reach) & _between(network, origins, destinations)
    weights = np.where(usable, criterion(network, query.by), inf)
    return Search(network, query, origins, destinations, reach, usable, weights)


def closed_under(network: Network, query: Query, parties: Iterable[str]) -> Access:
    """What is closed and restricted for a cargo that binds these states; looked up once for states bound alike."""
    bound = network.bound & frozenset(parties)
    key = (query.year, query.cargo, query.opened, query.closed, bound)
    if key not in network.known:
        elements = {name: network.element_ids(name) for name in (*query.opened, *query.closed)}
        found = access(network.policies, network.segments, query, bound, elements)
        free = {id_ for name in query.opened for id_ in elements[name]}
        network.known[key] = over_lines(found, network.segments, network.courses, free)
    return network.known[key]


def is_open(network: Network, route: Route, query: Query) -> bool:
    """Whether a route can be taken under a query."""
    ends = tuple(network.nodes[node].country for node in (route.nodes[0], route.nodes[-1]))
    reach = closed_under(network, query, (*ends, *query.parties))
    within = (passed for leg in route.legs for passed in leg.segment.passes)
    avoided = set().union(*(network.members[state] for state in query.avoid))
    shut = reach.closures.keys() & {*route.segments, *route.nodes, *within}
    return not shut and not avoided & set(route.states)


def known_nodes(network: Network, what: str, names: str | Sequence[str]) -> tuple[str, ...]:
    """Ids of nodes, each once.

    Raises
    ------
    RouteError : an unknown id
    """
    ids = unique([names] if isinstance(names, str) else names)
    for name in ids:
        if name not in network.nodes:
            raise RouteError(what, quoted(name), allowed_names(name, network.nodes), "name a node")
    return ids


def check_query(network: Network, query: Query) -> None:
    """Refuse what the network does not know.

    Raises
    ------
    RouteError : an unknown cargo, criterion, mode or state, a year before all acts, or something both opened and closed
    """
    choices = [("cargo", query.cargo, CARGOES), ("criterion", query.by, CRITERIA)]
    choices += [("mode", mode, MODES) for mode in query.modes]
    for what, found, known in choices:
        if found not in known:
            raise RouteError("routes", f"{what} {quoted(found)}", ", ".join(known), "use one of these")
    for state in (*query.avoid, *query.parties):
        if state not in network.members:
            allowed = allowed_names(state, network.countries)
            raise RouteError("routes", f"state {quoted(state)}", allowed, "use the id of a country")
    oldest = min((policy.year for policy in network.policies), default=query.year)
    if not oldest <= query.year <= LAST_YEAR:
        raise RouteError(
            "routes",
            f"year {query.year}",
            f"{oldest} or later, four digits",
            "name a year that the facts reach",
        )
    shut, free = (
        {id_ for name in names for id_ in network.element_ids(name)} for names in (query.closed, query.opened)
    )
    if shut & free:
        raise RouteError("routes", f"{_some(shut & free)} opened and closed", "", "choose one of the two")


def _some(names: Iterable[str], limit: int = 3) -> str:
    """Names in order, and how many there are if not all are told."""
    known = sorted(names)
    return ", ".join(known[:limit]) + (f" ... {len(known)} in all" if len(known) > limit else "")


def open_arcs(network: Network, query: Query, reach: Access) -> NDArray[np.bool_]:
    """Whether each arc of the network may be used."""
    segments, nodes = (
        np.ones(len(network.segments) + 1, dtype=bool),
        np.ones(len(network.nodes) + 1, dtype=bool),
    )
    for element in reach.closures:
        segments[list(network.numbers.get(element, ()))] = False
        if element in network.node_numbers:
            nodes[network.node_numbers[element]] = False
    if query.modes:
        segments[:-1] &= [segment.mode in query.modes for segment in network.segments.values()]
    usable = segments[network.segment_of] & nodes[network.node_of[:, 0]] & nodes[network.node_of[:, 1]]
    if not query.avoid:
        return np.asarray(usable)
    avoided = frozenset().union(*(network.members[state] for state in query.avoid))
    columns = [number for number, country in enumerate(network.countries) if country in avoided]
    return np.asarray(usable & ~network.touches[:, columns].any(axis=1))


def _between(network: Network, origins: Iterable[str], destinations: Iterable[str]) -> NDArray[np.bool_]:
    """Arcs without the beginnings and endings elsewhere."""
    first = {network.states[node, "", ORIGIN] for node in origins}
    last = {network.states[node, "", DESTINATION] for node in destinations}
    tails, heads = network.graph.tails, network.graph.heads
    begins, ends = np.flatnonzero(tails == FIRST), np.flatnonzero(heads == LAST)
    found = np.ones(tails.size, dtype=bool)
    found[begins], found[ends] = np.isin(heads[begins], list(first)), np.isin(tails[ends], list(last))
    return found


def criterion(network: Network, by: str) -> NDArray[np.float64]:
    """What each arc weighs: USD per tonne, days, km, kg CO2 per tonne, or USD per tonne with the value of time."""
    if by == "days":
        return network.days[:, 1]
    if by == "km":
        return network.km[:, 1]
    if by == "co2":
        return network.co2
    if by == "cost":
        return network.usd[:, 1]
    return network.usd[:, 1] + network.days[:, 1] * value_of_day(network)


def touched_bits(network: Network) -> list[int]:
    """The states that each arc touches, as bits of a number."""
    return [sum(1 << number for number in np.flatnonzero(row).tolist()) for row in network.touches]


def value_of_day(network: Network) -> float:
    """What a day costs a tonne, USD: value of the goods times share lost per day."""
    value = network.rates.parameter("routes.cargo_value").interval.mid
    return value * network.rates.at("all", "time_value").interval.mid


def route_of(network: Network, reach: Access, path: Sequence[int]) -> Route:
    """A path of the graph as legs; what happens at a node belongs to the leg that leaves it."""
    legs: list[Leg] = []
    touched: list[str] = []
    for number in path:
        arc = network.arcs[number]
        touched += arc.touches
        if arc.segment is not None:
            ends = (arc.tail[0], arc.head[0])
            limits = unique(
                policy
                for name in (ends[0], arc.segment.id, *arc.segment.passes, ends[1])
                for policy in reach.restrictions.get(name, ())
            )
            rows = unique([*arc.basis, *limits])
            legs.append(Leg(arc.segment, *ends, arc.items, arc.kg_co2_per_t, limits, rows))
    return Route(
        tuple(legs),
        unique(touched),
        unique(point for number in path for point in network.arcs[number].passes),
    )


def no_route(search: Search) -> CutError:
    """Why there is no route: the fewest closures whose lifting would open one."""
    cuts = cutting_closures(search)
    by = f" by {', '.join(search.query.modes)}" if search.query.modes else ""
    places = f"{', '.join(search.origins)} to {', '.join(search.destinations)} in {search.query.year}{by}"
    if not cuts:
        error = CutError("routes", f"no route from {places}", "", "the network has no way between them")
    else:
        said = "; ".join(f"{cut.element} ({cut.reason})" for cut in cuts)
        error = CutError(
            "routes",
            f"no route from {places}, cut by {said}",
            "",
            "lift what cuts it with --open, or close and avoid less",
        )
    error.closures = cuts
    return error


def cutting_closures(search: Search) -> tuple[Closure, ...]:
    """The fewest closures (closed elements and avoided states) whose lifting opens a route; empty if none does."""
    network, query = search.network, search.query
    free = _between(network, search.origins, search.destinations)
    if query.modes:
        mode = replace(query, avoid=())
        free &= open_arcs(network, mode, Access({}, {}))
    lines_alone = [
        closure.element for closure in search.access.closures.values() if closure.reason == NO_LINE
    ]
    free &= ~np.isin(network.segment_of, [n for name in lines_alone for n in network.numbers[name]])
    lifted = np.where(search.open_arcs, 0.0, 1.0) + criterion(network, query.by) / _huge(network, query.by)
    found = k_shortest(network.graph, np.where(free, lifted, inf), FIRST, LAST, 1)
    if not found:
        return ()
    cuts: dict[str, Closure] = {}
    avoided = frozenset().union(*(network.members[state] for state in query.avoid))
    for number in found[0][1]:
        arc = network.arcs[number]
        names = (arc.tail[0], *((arc.segment.id, *arc.segment.passes) if arc.segment else ()), arc.head[0])
        for name in names:
            if name in search.access.closures:
                cuts[name] = search.access.closures[name]
        for state in arc.touches:
            if state in avoided:
                cuts[state] = Closure(state, "avoided on request", ())
    return tuple(cuts.values())


def _huge(network: Network, by: str) -> float:
    """More than any route weighs, so that the number of closures comes first."""
    return float(criterion(network, by).sum() + 1.0)

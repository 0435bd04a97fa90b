# SPDX-License-Identifier: Apache-2.0
"""What a pair of places cannot do without: losses one by one, and the fewest whose joint closure leaves no route.

What every route needs lies on the best route, so closing each element of that route in turn finds all of it. The fewest
segments are a minimum cut (SciPy's maximum flow on the open network); the fewest states and chokepoints a least hitting
set of the routes, found by adding the routes that a tentative set leaves open until none is left (HiGHS).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ytterby.errors import NoRouteError
from ytterby.routes.definitions import SURFACE, Query, Route
from ytterby.routes.finding import Search, best_routes, prepare
from ytterby.routes.network import Network

STATE, CHOKEPOINT, SEGMENT = "state", "chokepoint", "segment"
Ends = str | Sequence[str]


@dataclass(frozen=True, slots=True)
class Loss:
    """What happens when an element of the best route closes.

    Parameters
    ----------
    kind, name : state, chokepoint or segment, and its id
    route : the best route left; None where every route needs the element
    usd_per_t, days : what it costs and takes more, middle readings; None where there is no route
    """

    kind: str
    name: str
    route: Route | None
    usd_per_t: float | None
    days: float | None


@dataclass(frozen=True, slots=True)
class Stress:
    """Exposure of a pair.

    Parameters
    ----------
    route : the best route
    losses : one for each third state, chokepoint and segment of it
    fewest_states, fewest_chokepoints, fewest_segments : the fewest whose joint closure leaves no route; None where no
        number of them does
    """

    route: Route
    losses: tuple[Loss, ...]
    fewest_states: tuple[str, ...] | None
    fewest_chokepoints: tuple[str, ...] | None
    fewest_segments: tuple[str, ...] | None

    @property
    def needed(self) -> tuple[Loss, ...]:
        """The elements that every route needs."""
        return tuple(loss for loss in self.losses if loss.route is None)


def stress(network: Network, origin: Ends, destination: Ends, query: Query) -> Stress:
    """How a pair depends on the states, chokepoints and segments between its ends.

    Without a choice of modes in the query, air is left out: goods in bulk have no way by air.

    Raises
    ------
    RouteError : an unknown id, state, cargo or criterion
    CutError : there is no route to begin with
    """
    asked = query if query.modes else replace(query, modes=SURFACE)
    (route,) = best_routes(network, origin, destination, asked, 1)
    search = prepare(network, origin, destination, asked)
    own = {network.nodes[node].country for node in (*search.origins, *search.destinations)}
    losses = tuple(_losses(search, route, own))
    return Stress(
        route,
        losses,
        _fewest(search, route, lambda way: set(way.states) - own, _avoiding),
        _fewest(search, route, lambda way: set(way.chokepoints), _closing),
        fewest_segments(search),
    )


def _avoiding(query: Query, names: tuple[str, ...]) -> Query:
    return replace(query, avoid=(*query.avoid, *names))


def _closing(query: Query, names: tuple[str, ...]) -> Query:
    opened = tuple(name for name in query.opened if name not in names)
    return replace(query, closed=(*query.closed, *names), opened=opened)


def _losses(search: Search, route: Route, own: set[str]) -> Iterator[Loss]:
    kinds = [(STATE, tuple(state for state in route.states if state not in own), _avoiding)]
    kinds += [(CHOKEPOINT, route.chokepoints, _closing), (SEGMENT, route.segments, _closing)]
    for kind, names, closed in kinds:
        for name in names:
            left = _best(search, closed(search.query, (name,)))
            if left is None:
                yield Loss(kind, name, None, None, None)
            else:
                usd = left.usd_per_t.mid - route.usd_per_t.mid
                yield Loss(kind, name, left, usd, left.days.mid - route.days.mid)


def _best(search: Search, query: Query) -> Route | None:
    try:
        return best_routes(search.network, search.origins, search.destinations, query, 1)[0]
    except NoRouteError:
        return None


def _fewest(
    search: Search,
    route: Route,
    on: Callable[[Route], set[str]],
    closed: Callable[[Query, tuple[str, ...]], Query],
) -> tuple[str, ...] | None:
    """The least set that meets every route; None where some route has nothing to meet."""
    ways: list[set[str]] = []
    left: Route | None = route
    chosen: tuple[str, ...] = ()
    while left is not None:
        ways.append(on(left))
        if not ways[-1]:
            return None
        chosen = _hitting_set(ways)
        left = _best(search, closed(search.query, chosen))
    return chosen


def _hitting_set(sets: Sequence[set[str]]) -> tuple[str, ...]:
    """The fewest names of which each set has at least one."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    names = sorted(set().union(*sets))
    rows = np.array([[name in one for name in names] for one in sets], dtype=float)
    found = milp(
        np.ones(len(names)),
        constraints=LinearConstraint(rows, lb=1.0),
        integrality=np.ones(len(names)),
        bounds=Bounds(0, 1),
    )
    return tuple(name for name, taken in zip(names, found.x, strict=True) if taken > 0.5)


def fewest_segments(search: Search) -> tuple[str, ...] | None:
    """The fewest segments whose joint closure leaves no route: a minimum cut with every segment of capacity 1."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    network = search.network
    node = {name: number for number, name in enumerate(network.nodes)}
    source, sink = len(node), len(node) + 1
    segments = search.lines
    wide = len(segments) + 1
    edges = [(node[s.first], node[s.last], 1) for s in segments] + [
        (node[s.last], node[s.first], 1) for s in segments
    ]
    edges += [(source, node[name], wide) for name in search.origins]
    edges += [(node[name], sink, wide) for name in search.destinations]
    tails, heads, widths = np.array(edges, dtype=np.int32).T
    graph = csr_array((widths, (tails, heads)), shape=(sink + 1, sink + 1))
    flow = maximum_flow(graph, source, sink)
    if flow.flow_value >= wide:
        return None
    left = graph - flow.flow
    left.eliminate_zeros()
    reached = set(breadth_first_order(left, source, return_predecessors=False).tolist())
    return tuple(s.id for s in segments if (node[s.first] in reached) != (node[s.last] in reached))

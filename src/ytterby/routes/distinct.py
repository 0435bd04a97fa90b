# SPDX-License-Identifier: Apache-2.0
"""The best routes of which no two touch the same states: one for each way to cross the map.

A* that settles each state of the network once for each set of states touched so far, and never returns to a place. Of two
ways to a place with the same set the lighter one is followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import count
from math import inf
from typing import NamedTuple

from ytterby.routes.definitions import Query, Route
from ytterby.routes.finding import FIRST, LAST, Search, no_route, prepare, route_of, touched_bits
from ytterby.routes.network import Network


class Step(NamedTuple):
    """A way to a state of the network: its weight, the states touched as bits, the step before and the arc between."""

    weight: float
    touched: int
    before: Step | None
    arc: int
    place: int


def distinct_routes(
    network: Network, origin: str | Sequence[str], destination: str | Sequence[str], query: Query, k: int = 5
) -> tuple[Route, ...]:
    """The k best routes that differ in the states they touch, best first.

    Raises
    ------
    RouteError : an unknown id, state, cargo or criterion, or the ends have a node in common
    CutError : no way leads there; carries the closures that cut it
    """
    search = prepare(network, origin, destination, query)
    found = [route_of(network, search.access, _arcs(step)) for step in _steps(search, k)]
    if not found:
        raise no_route(search)
    return tuple(found)


def _steps(search: Search, k: int) -> list[Step]:
    graph, weights = search.network.graph, search.weights.tolist()
    to_go, bits = graph.distances_to(search.weights, FIRST, LAST).tolist(), touched_bits(search.network)
    found: list[Step] = []
    settled: set[tuple[int, int]] = set()
    number = count()
    heap = [(to_go[FIRST], next(number), FIRST, Step(0.0, 0, None, -1, graph.place[FIRST]))]
    while heap and len(found) < k:
        _, _, state, step = heappop(heap)
        if (state, step.touched) in settled:
            continue
        settled.add((state, step.touched))
        if state == LAST:
            found.append(step)
            continue
        for arc, head in graph.leaving[state]:
            least = step.weight + weights[arc] + to_go[head]
            if least < inf and (graph.place[head] == step.place or not _been(step, graph.place[head])):
                ahead = Step(
                    step.weight + weights[arc], step.touched | bits[arc], step, arc, graph.place[head]
                )
                heappush(heap, (least, next(number), head, ahead))
    return found


def _been(step: Step | None, place: int) -> bool:
    while step is not None:
        if step.place == place:
            return True
        step = step.before
    return False


def _arcs(step: Step) -> list[int]:
    arcs: list[int] = []
    while step.before is not None:
        arcs.append(step.arc)
        step = step.before
    return arcs[::-1]

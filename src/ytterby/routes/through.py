# SPDX-License-Identifier: Apache-2.0
"""The best route that takes one of some segments, whether it pays or not.

    minimise the weight of one unit of flow from the start of a first layer of the network to the end of a second,
    where only the wanted segments lead from layer to layer and no place is entered twice, both layers counted together

An integer programme of HiGHS, over the arcs of walks no heavier than a bound; a walk may come to a place twice, so the
lightest weighs no more than the route. The bound is widened until the route found keeps it: then no other route is lighter.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import inf
from sys import float_info

import numpy as np
from numpy.typing import NDArray

from ytterby.errors import RouteError
from ytterby.routes.definitions import Route
from ytterby.routes.finding import FIRST, LAST, Search, route_of
from ytterby.routes.shortest import Path
from ytterby.routes.topology import Topology

WIDER = (1.0, 1.25, 1.5)  # first bounds, in weights of the lightest walk; behind them there is none
SAME = 1e-9
LARGEST = float_info.max
INFEASIBLE = 2  # SciPy's mark


@dataclass(frozen=True)
class Layers:
    """The open arcs of a search twice, before and behind a wanted segment.

    Parameters
    ----------
    tails, heads : numbers of states; those of the second layer come behind all of the first
    arcs, weights : number of each arc in the network, and its weight
    states : number of states of one layer
    """

    tails: NDArray[np.int64]
    heads: NDArray[np.int64]
    arcs: NDArray[np.int64]
    weights: NDArray[np.float64]
    states: int

    @staticmethod
    def of(search: Search, wanted: AbstractSet[str]) -> Layers:
        """Before the wanted segments, over one of them, and behind it, where they may be used again."""
        graph, states = search.network.graph, len(search.network.states)
        numbers = [number for number, name in enumerate(search.network.segments) if name in wanted]
        over = np.isin(search.network.segment_of, numbers)
        before, between = np.where(over, inf, search.weights), np.where(over, search.weights, inf)
        kept = [
            np.flatnonzero(np.isfinite(graph.lightest(part))) for part in (before, between, search.weights)
        ]
        arcs, sizes = np.concatenate(kept), [part.size for part in kept]
        tails = graph.tails[arcs] + np.repeat([0, 0, states], sizes)
        heads = graph.heads[arcs] + np.repeat([0, states, states], sizes)
        return Layers(tails, heads, arcs, search.weights[arcs], states)

    def walks(self) -> NDArray[np.float64]:
        """What the lightest walk over each arc weighs; infinite where there is none."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        size = 2 * self.states
        graph = csr_array((self.weights, (self.tails, self.heads)), shape=(size, size))
        come, to_go = dijkstra(graph, indices=FIRST), dijkstra(graph.T, indices=LAST + self.states)
        return np.asarray(come[self.tails] + self.weights + to_go[self.heads])

    def only(self, kept: NDArray[np.bool_]) -> Layers:
        """Some of the arcs."""
        return Layers(self.tails[kept], self.heads[kept], self.arcs[kept], self.weights[kept], self.states)


def best_through(search: Search, wanted: AbstractSet[str]) -> tuple[float, Route] | None:
    """The best route of a search that takes one of the wanted segments, and its weight; None where none does."""
    layers = Layers.of(search, wanted & _no_dead_ends(search))
    walks = layers.walks()
    least = walks.min(initial=inf)
    if least == inf:
        return None
    for bound in (*(least * width * (1 + SAME) for width in WIDER), LARGEST):
        weight, path = _lightest(search.network.graph, layers.only(walks <= bound))
        if weight <= bound:
            return weight, route_of(search.network, search.access, path)
    return None


def _no_dead_ends(search: Search) -> set[str]:
    """Open segments but those that lead to a last place only: who goes there has to come back."""
    ends = {*search.origins, *search.destinations}
    beside: dict[str, set[str]] = {node: set() for node in search.network.nodes}
    for segment in search.open_segments:
        beside[segment.first].add(segment.last)
        beside[segment.last].add(segment.first)
    waiting = [node for node in beside if node not in ends]
    while waiting:
        node = waiting.pop()
        if len(beside[node]) == 1:
            other = beside[node].pop()
            beside[other].discard(node)
            waiting += [other] if other not in ends else []
    return {segment.id for segment in search.open_segments if segment.last in beside[segment.first]}


def _lightest(graph: Topology, layers: Layers) -> tuple[float, Path]:
    """The lightest path from layer to layer that enters no place twice; infinite where there is none."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    columns, goal = np.arange(layers.arcs.size), LAST + layers.states
    ones, both = np.ones(columns.size), (np.r_[layers.tails, layers.heads], np.r_[columns, columns])
    balance = coo_array((np.r_[ones, -ones], both), shape=(2 * layers.states, columns.size))
    surplus = np.zeros(2 * layers.states)
    surplus[[FIRST, goal]] = 1.0, -1.0
    place = np.tile(np.unique(graph.place, return_inverse=True)[1], 2)
    enters = np.flatnonzero(place[layers.tails] != place[layers.heads])
    entered = coo_array(
        (ones[enters], (place[layers.heads[enters]], enters)), shape=(place.max() + 1, columns.size)
    )
    found = milp(
        layers.weights, integrality=ones, bounds=Bounds(0, 1),
        constraints=[LinearConstraint(balance, surplus, surplus), LinearConstraint(entered, ub=1.0)],
        options={"mip_rel_gap": 0.0, "presolve": False},
    )  # fmt: skip
    if found.status == INFEASIBLE:
        return inf, ()
    if found.x is None or found.status != 0:
        raise RouteError("routes", f"a best route that cannot be found ({found.message})", "", "report it")
    taken = np.flatnonzero(found.x > 0.5)
    after = dict(zip(layers.tails[taken].tolist(), taken.tolist(), strict=True))
    way, state = [], FIRST
    while state != goal:
        way.append(after[state])
        state = int(layers.heads[way[-1]])
    return sum(layers.weights[way].tolist()), tuple(layers.arcs[way].tolist())

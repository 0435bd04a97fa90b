# SPDX-License-Identifier: Apache-2.0
"""The best route of every pair of nodes at once, with all its attributes, as arrays.

One Dijkstra run of SciPy's from every node gives a tree; sums and sets along the trees are gathered for all pairs
together by doubling the step towards the root. Closures that bind only some states' trade are applied to the pairs that
they bind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ytterby.routes.definitions import GAUGE_BREAK, UNSURE, Query, Route
from ytterby.routes.finding import check_query, closed_under, criterion, known_nodes, open_arcs, route_of
from ytterby.routes.network import DESTINATION, ORIGIN, Network
from ytterby.routes.policies import Access

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Numbers = NDArray[np.float64]
UNREACHED = -9999  # SciPy's mark


@dataclass(frozen=True)
class RouteMatrix:
    """The best route of every pair; row the origin, column the destination, infinite where there is no route.

    Parameters
    ----------
    nodes : ids in the order of rows and columns
    usd_per_t, days, km : (n, n, 3) low, middle, high
    kg_co2_per_t, share_estimated : (n, n)
    legs, gauge_breaks : (n, n) counts
    states : (n, n, countries) whether the route touches the state's territory
    chokepoints : (n, n, len(chokepoint_ids)) whether it passes there
    """

    network: Network
    query: Query
    nodes: tuple[str, ...]
    usd_per_t: Numbers
    days: Numbers
    km: Numbers
    kg_co2_per_t: Numbers
    share_estimated: Numbers
    legs: Numbers
    gauge_breaks: Numbers
    states: NDArray[np.bool_]
    chokepoints: NDArray[np.bool_]
    chokepoint_ids: tuple[str, ...]
    trees: tuple[_Trees, ...]
    tree_of: NDArray[np.int64]

    def route(self, origin: str, destination: str) -> Route | None:
        """The route of a pair with its legs; None where there is none."""
        row, column = self.nodes.index(origin), self.nodes.index(destination)
        if row == column or not np.isfinite(self.km[row, column, 1]):
            return None
        trees = self.trees[self.tree_of[row, column]]
        goal = self.network.states[destination, "", DESTINATION]
        path: list[int] = []
        while trees.before[row, goal] != goal:
            path.append(int(trees.entered[row, goal]))
            goal = trees.before[row, goal]
        return route_of(self.network, trees.access, path[::-1])


@dataclass(frozen=True)
class _Trees:
    """Shortest-path trees from all nodes: the state before each state (itself at the root), the arc that enters it."""

    access: Access
    before: NDArray[np.int64]
    entered: NDArray[np.int64]
    reached: NDArray[np.bool_]


def all_pairs(network: Network, query: Query, nodes: Sequence[str] | None = None) -> RouteMatrix:
    """The best route of every pair of nodes under a query.

    Parameters
    ----------
    nodes : ids of the nodes that are ends of routes; None for all

    Raises
    ------
    RouteError : an unknown id, state, cargo or criterion
    """
    check_query(network, query)
    nodes = known_nodes(network, "node", tuple(network.nodes) if nodes is None else nodes)
    parties, which = _parties(network, query, nodes)
    sums, words = _attributes(network)
    origins = np.array([network.states[node, "", ORIGIN] for node in nodes])
    goals = np.array([network.states[node, "", DESTINATION] for node in nodes])
    size = len(nodes)
    found = np.full((size, size, sums.shape[1]), inf)
    sets = np.zeros((size, size, words.shape[1]), dtype=np.uint64)
    trees = []
    for number, bound in enumerate(parties):
        tree = _trees(network, replace(query, parties=(*query.parties, *bound)), origins)
        trees.append(tree)
        pairs = (which == number) & tree.reached[:, goals]
        total, union = _gathered(tree, sums, words, goals)
        found[pairs], sets[pairs] = total[pairs], union[pairs]
    found[np.arange(size), np.arange(size)] = 0.0
    return _matrix(network, query, nodes, found, sets, tuple(trees), which)


def _parties(
    network: Network, query: Query, nodes: Sequence[str]
) -> tuple[list[tuple[str, ...]], NDArray[np.int64]]:
    """Sets of states that closures bind, and for each pair the number of the set that its two ends make."""
    bindings = [p.binds for p in network.policies if p.binds and query.cargo in p.cargo]
    countries = [network.nodes[node].country for node in nodes]
    kinds = [frozenset(n for n, b in enumerate(bindings) if country in b) for country in countries]
    country = dict(zip(kinds, countries, strict=True))
    pairs = sorted({tuple(sorted({country[a], country[b]})) for a in set(kinds) for b in set(kinds)})
    number = {pair: place for place, pair in enumerate(pairs)}
    which = [[number[tuple(sorted({country[a], country[b]}))] for b in kinds] for a in kinds]
    return pairs, np.array(which)


def all_weights(network: Network, query: Query, nodes: Sequence[str]) -> Numbers:
    """What the best route of every pair weighs by the query's criterion; infinite where there is no route.

    Parameters
    ----------
    nodes : ids of the nodes that are ends of routes

    Returns
    -------
    (n, n), row the origin, column the destination

    Raises
    ------
    RouteError : an unknown id, state, cargo or criterion
    """
    from scipy.sparse.csgraph import dijkstra

    check_query(network, query)
    nodes = known_nodes(network, "node", nodes)
    parties, which = _parties(network, query, nodes)
    origins, goals = (
        np.array([network.states[node, "", side] for node in nodes]) for side in (ORIGIN, DESTINATION)
    )
    found = np.full((len(nodes), len(nodes)), inf)
    for number, bound in enumerate(parties):
        reach = closed_under(network, query, (*query.parties, *bound))
        graph, _ = _graph(network, query, reach)
        pairs = which == number
        found[pairs] = dijkstra(graph, indices=origins)[:, goals][pairs]
    found[np.arange(len(nodes)), np.arange(len(nodes))] = 0.0
    return found


def _graph(network: Network, query: Query, reach: Access) -> tuple[csr_array, NDArray[np.int64]]:
    """The arcs that are open, as a graph of SciPy's, and their numbers."""
    from scipy.sparse import csr_array

    size = len(network.states)
    weights = np.where(open_arcs(network, query, reach), criterion(network, query.by), inf)
    weights = network.graph.lightest(weights)
    kept = np.flatnonzero(np.isfinite(weights))
    tails, heads = network.graph.tails[kept], network.graph.heads[kept]
    pointers = np.searchsorted(tails, np.arange(size + 1))
    return csr_array((weights[kept], heads, pointers), shape=(size, size)), kept


def _trees(network: Network, query: Query, origins: NDArray[np.int64]) -> _Trees:
    """Shortest paths from all nodes under the closures that bind the query's parties."""
    from scipy.sparse.csgraph import dijkstra

    size = len(network.states)
    reach = closed_under(network, query, query.parties)
    matrix, kept = _graph(network, query, reach)
    distance, before = dijkstra(matrix, indices=origins, return_predecessors=True)
    before = before.astype(np.int64)
    itself = np.broadcast_to(np.arange(size), before.shape)
    places = network.graph.tails[kept] * size + network.graph.heads[kept]
    arcs = kept[np.minimum(np.searchsorted(places, before * size + itself), kept.size - 1)]
    rootless = before == UNREACHED
    return _Trees(
        reach, np.where(rootless, itself, before), np.where(rootless, -1, arcs), np.isfinite(distance)
    )


def _attributes(network: Network) -> tuple[Numbers, NDArray[np.uint64]]:
    """What an arc adds to sums and to sets (states, then chokepoints, as bits); a last row of nothing for the root."""
    unsure = [arc.segment is not None and arc.segment.confidence in UNSURE for arc in network.arcs]
    breaks = [sum(item.name == GAUGE_BREAK for item in arc.items) for arc in network.arcs]
    columns = [
        network.usd, network.days, network.km, network.co2[:, None],
        (network.km[:, 1] * np.array(unsure))[:, None], (network.segment_of >= 0)[:, None], np.array(breaks)[:, None],
    ]  # fmt: skip
    sums = np.hstack(columns).astype(float)
    passes = [[point in arc.passes for point in _chokepoints(network)] for arc in network.arcs]
    bits = np.packbits(np.hstack([network.touches, np.array(passes)]), axis=1)
    words = np.zeros((len(network.arcs), -(-bits.shape[1] // 8) * 8), dtype=np.uint8)
    words[:, : bits.shape[1]] = bits
    nothing = np.zeros((1, words.shape[1]), dtype=np.uint8)
    return np.vstack([sums, np.zeros((1, sums.shape[1]))]), np.vstack([words, nothing]).view(np.uint64)


def _chokepoints(network: Network) -> tuple[str, ...]:
    return tuple(node.id for node in network.nodes.values() if node.passage is not None)


def _gathered(
    trees: _Trees, sums: Numbers, words: NDArray[np.uint64], goals: NDArray[np.int64]
) -> tuple[Numbers, NDArray[np.uint64]]:
    """Sums and unions along the trees from the root to the goals: the step towards the root doubles each time."""
    before = trees.before
    total, union = sums[trees.entered], words[trees.entered]
    rows = np.arange(before.shape[0])[:, None]
    while True:
        further = before[rows, before]
        total = total + total[rows, before]
        union = union | union[rows, before]
        if np.array_equal(further, before):
            return total[:, goals], union[:, goals]
        before = further


def _matrix(
    network: Network,
    query: Query,
    nodes: tuple[str, ...],
    sums: Numbers,
    sets: NDArray[np.uint64],
    trees: tuple[_Trees, ...],
    which: NDArray[np.int64],
) -> RouteMatrix:
    points, states = _chokepoints(network), len(network.countries)
    bits = np.unpackbits(sets.view(np.uint8), axis=2, count=states + len(points)).astype(bool)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(np.isfinite(sums[..., 10]) & (sums[..., 7] > 0), sums[..., 10] / sums[..., 7], 0.0)
    return RouteMatrix(
        network, query, nodes,
        usd_per_t=sums[..., 0:3], days=sums[..., 3:6], km=sums[..., 6:9], kg_co2_per_t=sums[..., 9],
        share_estimated=share, legs=sums[..., 11], gauge_breaks=sums[..., 12],
        states=bits[..., :states], chokepoints=bits[..., states:], chokepoint_ids=points,
        trees=trees, tree_of=which,
    )  # fmt: skip

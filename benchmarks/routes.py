# SPDX-License-Identifier: Apache-2.0
"""Time the routes: five best for a pair, all pairs with all attributes, beside networkx on the same graph.

``python benchmarks/routes.py [PAIRS]`` prints CPU milliseconds on one core. The goals are 5 ms for a pair, 2 s for all
pairs of the 263 nodes of the detailed network, and 50 times the speed of networkx' shortest_simple_paths.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from statistics import median
from time import process_time

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from ytterby.facts import load
from ytterby.routes import CutError, Network, Query, all_pairs, best_routes, network
from ytterby.routes.finding import FIRST, LAST, prepare
from ytterby.routes.shortest import k_shortest
from ytterby.routes.topology import Topology

K = 5
REPEATS = 3
GOAL_PAIR_MS, GOAL_ALL_S, GOAL_TIMES = 5.0, 2.0, 50.0
QUERY = Query(2028)


def timed(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Least CPU time of some runs, in milliseconds."""
    times = []
    for _ in range(repeats):
        start = process_time()
        work()
        times.append(process_time() - start)
    return min(times) * 1e3


def drawn_pairs(net: Network, count: int) -> Iterator[tuple[str, str]]:
    """Pairs of different nodes that a route joins, drawn with a fixed seed."""
    random, names = np.random.default_rng(1), list(net.nodes)
    while count:
        first, last = (names[number] for number in random.integers(0, len(names), 2))
        try:
            best_routes(net, first, last, QUERY, 1)
        except (CutError, ValueError):
            continue
        count -= 1
        yield first, last


def as_networkx(net: Network, weights: list[float]) -> nx.DiGraph[int]:
    """The open arcs of a query as a graph of networkx, the lightest of parallel ones."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    for tail, head, weight in zip(net.graph.tails.tolist(), net.graph.heads.tolist(), weights, strict=True):
        if weight < graph.get_edge_data(tail, head, {"weight": float("inf")})["weight"]:
            graph.add_edge(tail, head, weight=weight)
    return graph


def compare(net: Network, pairs: list[tuple[str, str]]) -> list[tuple[float, float]]:
    """CPU milliseconds of our paths alone and of networkx' on the same arcs and weights.

    Both begin with the topology and the weights at hand: ours with arrays, networkx with its graph, which is made before
    and not timed. Each is timed as often, and the least time counts.

    networkx forbids a path to return to a state, ours to return to a place; for this comparison both solve the former,
    and the weights of the paths must agree.
    """
    plain, found = replace(net.graph, place=tuple(range(len(net.states)))), []
    for first, last in pairs:
        weights = prepare(net, first, last, QUERY).weights
        graph = as_networkx(net, weights.tolist())

        ours, theirs = partial(weights_here, plain, weights), partial(weights_there, graph)
        if not np.allclose(ours(), theirs()):
            raise SystemExit(f"{first} to {last}: {ours()} here, {theirs()} by networkx")
        found.append((timed(ours), timed(theirs)))
    return found


def weights_here(graph: Topology, weights: NDArray[np.float64]) -> list[float]:
    """Weights of the best paths, by our own."""
    return [weight for weight, _ in k_shortest(graph, weights, FIRST, LAST, K)]


def weights_there(graph: nx.DiGraph[int]) -> list[float]:
    """Weights of the best paths, by networkx."""
    paths = islice(nx.shortest_simple_paths(graph, FIRST, LAST, weight="weight"), K)
    return [nx.path_weight(graph, path, "weight") for path in paths]


def main(count: int) -> None:
    """Time and print."""
    base = load()
    print(f"network from the fact base: {timed(partial(network, base), 1):.0f} ms")
    net = network(base)
    print(
        f"{len(net.nodes)} nodes, {len(net.segments)} segments, {len(net.states)} states, {len(net.arcs)} arcs"
    )
    pairs = list(drawn_pairs(net, count))
    whole = [timed(partial(best_routes, net, first, last, QUERY, K)) for first, last in pairs]
    print(
        f"{K} best routes of a pair, closures to legs, {count} pairs: median {median(whole):.2f} ms, ", end=""
    )
    print(f"most {max(whole):.2f} ms (goal {GOAL_PAIR_MS:.0f} ms)")
    both = compare(net, pairs)
    ratios = [theirs / ours for ours, theirs in both]
    total = sum(theirs for _, theirs in both) / sum(ours for ours, _ in both)
    print(
        f"paths alone: median {median(ours for ours, _ in both):.2f} ms, networkx {median(t for _, t in both):.1f} ms;"
    )
    print(
        f"  {median(ratios):.0f} times as fast in the median ({min(ratios):.0f} to {max(ratios):.0f}), ",
        end="",
    )
    print(f"{total:.0f} times in sum (goal {GOAL_TIMES:.0f})")
    inner = [node.id for node in net.nodes.values()][:263]
    for told, names in ((f"the first {len(inner)} nodes", inner), (f"all {len(net.nodes)} nodes", None)):
        seconds = timed(partial(all_pairs, net, QUERY, names), 3) / 1e3
        print(f"best route of all pairs of {told}, all attributes: {seconds:.2f} s (goal {GOAL_ALL_S:.0f} s)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)

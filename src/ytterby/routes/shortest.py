# SPDX-License-Identifier: Apache-2.0
"""The k shortest simple paths of a directed graph held in arrays.

Yen's partition of the paths with Lawler's saving, and lazily: the distances to the target, computed once by SciPy, give
a lower bound for each part, and only a part whose bound comes up is searched (A* on the same distances).

References
----------
Yen (1971), doi:10.1287/mnsc.17.11.712; Lawler (1972), doi:10.1287/mnsc.18.7.401; Hershberger, Maxel and Suri (2007),
doi:10.1145/1290672.1290682, on such bounds.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import combinations, count, islice, pairwise
from math import inf
from sys import float_info
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Path = tuple[int, ...]
LARGEST = float_info.max


@dataclass(frozen=True)
class Topology:
    """A directed graph of states; states of one place count as one when a path must not return.

    Parameters
    ----------
    tails, heads : state numbers of the arcs, sorted by tail then head
    place : place of each state
    ends : heads as plain numbers, which Python reads faster
    leaving : per state its (arc, head) pairs
    reverse : (column pointers, tails, order of arcs) of the arcs sorted by head, as SciPy's compressed rows
    twins : first and second of every pair of arcs that share tail and head
    """

    tails: NDArray[np.int64]
    heads: NDArray[np.int64]
    place: tuple[int, ...]
    ends: tuple[int, ...]
    leaving: tuple[tuple[tuple[int, int], ...], ...]
    reverse: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]
    twins: tuple[NDArray[np.int64], NDArray[np.int64]]

    @staticmethod
    def of(tails: NDArray[np.int64], heads: NDArray[np.int64], place: Sequence[int]) -> Topology:
        """Index the arcs, which are sorted by tail then head."""
        size = len(place)
        leaving: list[list[tuple[int, int]]] = [[] for _ in range(size)]
        for arc, (tail, head) in enumerate(zip(tails.tolist(), heads.tolist(), strict=True)):
            leaving[tail].append((arc, head))
        order = np.lexsort((tails, heads))
        pointers = np.searchsorted(heads[order], np.arange(size + 1)).astype(np.int32)
        ends = np.flatnonzero((np.diff(tails) != 0) | (np.diff(heads) != 0)) + 1
        runs = np.split(np.arange(tails.size), ends)
        twins = [pair for run in runs if run.size > 1 for pair in combinations(run.tolist(), 2)]
        pairs = np.array(twins, dtype=np.int64).reshape(-1, 2)
        return Topology(
            tails, heads, tuple(place), tuple(heads.tolist()), tuple(map(tuple, leaving)),
            (pointers, tails[order].astype(np.int32), order),
            (pairs[:, 0], pairs[:, 1]),
        )  # fmt: skip

    def lightest(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weights in which of twin arcs only the lightest is left."""
        first, second = self.twins
        found = weights.copy()
        found[np.where(weights[first] <= weights[second], second, first)] = inf
        return found

    def distances_to(self, weights: NDArray[np.float64], target: int) -> NDArray[np.float64]:
        """Distance from each state to the target; infinite where there is no way."""
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import dijkstra

        pointers, tails, order = self.reverse
        matrix = csr_array((weights[order], tails, pointers), shape=(len(self.place), len(self.place)))
        return np.asarray(dijkstra(matrix, indices=target))


class Part(NamedTuple):
    """Paths that begin with `root` and do not go on with an arc of `banned`, known to weigh `bound` or more."""

    bound: float
    number: int
    root: Path
    banned: frozenset[int]
    path: Path | None


def k_shortest(
    graph: Topology, weights: NDArray[np.float64], source: int, target: int, k: int
) -> list[tuple[float, Path]]:
    """The k lightest paths from source to target that come to no place twice, lightest first.

    Parameters
    ----------
    weights : non-negative weight of each arc; infinite for a closed one

    Returns
    -------
    (weight, arcs) of each path; fewer than k when there are no more
    """
    return list(islice(Search.of(graph, weights, source, target).paths(k), k))


def paths(
    graph: Topology, weights: NDArray[np.float64], source: int, target: int
) -> Iterator[tuple[float, Path]]:
    """All paths from source to target that come to no place twice, lightest first."""
    return Search.of(graph, weights, source, target).paths()


@dataclass(frozen=True)
class Search:
    """Weights and bounds of one search, as lists, which Python reads faster than arrays."""

    graph: Topology
    weights: list[float]
    to_go: list[float]
    ends: tuple[int, ...]
    source: int
    target: int
    tree: dict[int, int] = field(default_factory=dict)

    @staticmethod
    def of(graph: Topology, weights: NDArray[np.float64], source: int, target: int) -> Search:
        """Make a search ready: of twin arcs the lighter, and the distances to the target."""
        to_go = graph.distances_to(weights, target)
        return Search(graph, graph.lightest(weights).tolist(), to_go.tolist(), graph.ends, source, target)

    def paths(self, k: int | None = None) -> Iterator[tuple[float, Path]]:
        """All simple paths, lightest first; given `k`, only the first k of them are sure to come."""
        number = count()
        known: list[float] = []  # weights of the paths seen, in order
        heap = [Part(self.to_go[self.source], next(number), (), frozenset(), None)]
        while heap:
            part = heappop(heap)
            if part.bound == inf:
                return
            limit = known[k - 1] if k is not None and len(known) >= k else inf
            if part.path is None:
                weight, path = self.best(part.root, part.banned, limit)
                if path:
                    heappush(heap, Part(weight, next(number), part.root, part.banned, path))
                    if self._simple(path):
                        insort(known, weight)
                continue
            if self._simple(part.path):
                yield part.bound, part.path
            for other in self._split(part):
                if other.bound <= limit:
                    heappush(heap, other._replace(number=next(number)))

    def _split(self, part: Part) -> Iterator[Part]:
        """The rest of a part once its best path is taken: paths that leave it at one of its states."""
        path, place = part.path or (), self.graph.place
        state, seen, weight = self.source, {place[self.source]}, 0.0
        for length, arc in enumerate(path):
            if length >= len(part.root) and len(self.graph.leaving[state]) > 1:
                banned = part.banned if length == len(part.root) else frozenset()
                bound = weight + self._bound(state, seen, banned | {arc})
                if bound < inf:
                    yield Part(bound, 0, path[:length], banned | {arc}, None)
            weight += self.weights[arc]
            state = self.ends[arc]
            seen.add(place[state])

    def _bound(self, state: int, seen: set[int], banned: frozenset[int]) -> float:
        """Least that a path can weigh from a state on, when it must neither take a banned arc nor return."""
        return min(self._choices(state, seen, banned), default=(inf, -1))[0]

    def _choices(self, state: int, seen: set[int], banned: frozenset[int]) -> list[tuple[float, int]]:
        """What may be taken from a state, each arc with the least that a path then weighs."""
        place, weights, to_go = self.graph.place, self.weights, self.to_go
        here = place[state]
        return [
            (weights[arc] + to_go[head], arc)
            for arc, head in self.graph.leaving[state]
            if arc not in banned and (place[head] not in seen or place[head] == here)
        ]

    def _straight(self, spur: int, seen: set[int], banned: frozenset[int]) -> list[int]:
        """The way along the shortest-path tree from a state to the target, if it avoids the places seen; else empty."""
        place, ends, tree = self.graph.place, self.ends, self.tree
        least, arc = min(self._choices(spur, seen, banned), default=(inf, -1))
        if least == inf:
            return []
        arcs: list[int] = []
        walked: set[int] = set()  # arcs without weight may lead round in a circle
        while arc >= 0:
            arcs.append(arc)
            state = ends[arc]
            if state == self.target:
                return arcs
            if state in walked:
                return []
            walked.add(state)
            here = place[state]
            arc = tree.get(state, -1)
            if arc < 0:
                _, arc = min(self._choices(state, set(), frozenset()), default=(inf, -1))
                tree[state] = arc
            if place[ends[arc]] in seen and place[ends[arc]] != here:
                return []
        return []

    def best(self, root: Path, banned: frozenset[int], limit: float = inf) -> tuple[float, Path]:
        """Lightest path of a part, if not above the limit: A* from the end of its root, away from the root's places."""
        place, weights, to_go = self.graph.place, self.weights, self.to_go
        spur = self.ends[root[-1]] if root else self.source
        seen = {place[self.source], *(place[self.ends[arc]] for arc in root)}
        reached = {spur: sum(weights[arc] for arc in root)}
        straight = self._straight(spur, seen, banned)
        if straight:
            return sum((weights[arc] for arc in straight), reached[spur]), (*root, *straight)
        came: dict[int, tuple[int, int]] = {}
        done: set[int] = set()
        leaving, target, most = self.graph.leaving, self.target, min(limit, LARGEST)
        heap = [(reached[spur] + to_go[spur], spur)]
        while heap:
            _, state = heappop(heap)
            if state == target:
                return reached[state], root + _back(came, state)
            if state in done:
                continue
            done.add(state)
            so_far, here, stopped = reached[state], place[state], banned if state == spur else ()
            for arc, head in leaving[state]:
                length = so_far + weights[arc]
                least = length + to_go[head]
                if least > most or length >= reached.get(head, inf) or arc in stopped:
                    continue
                if place[head] not in seen or place[head] == here:
                    reached[head] = length
                    came[head] = (state, arc)
                    heappush(heap, (least, head))
        return inf, ()

    def _simple(self, path: Path) -> bool:
        """Whether a path leaves each place for good."""
        return _leaves_for_good(
            [self.graph.place[self.source], *(self.graph.place[self.ends[arc]] for arc in path)]
        )


def _leaves_for_good(places: Sequence[int]) -> bool:
    left = [after for before, after in pairwise(places) if after != before]
    return len(set(left)) == len(left) and places[0] not in left


def _back(came: dict[int, tuple[int, int]], state: int) -> Path:
    arcs: list[int] = []
    while state in came:
        state, arc = came[state]
        arcs.append(arc)
    return tuple(reversed(arcs))

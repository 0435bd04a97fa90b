# SPDX-License-Identifier: Apache-2.0
"""The k shortest simple paths of a directed graph held in arrays.

Yen's partition of the paths with Lawler's saving, and lazily: the tree of lightest ways to the target, computed once by
SciPy, gives a lower bound for each part. The part with the least bound is searched (A* on the same distances) until its
next step weighs more than the bound of another part; there it waits. A step from which the tree leads to the target
without coming to a place of the part's root ends the search.

References
----------
Yen (1971), doi:10.1287/mnsc.17.11.712; Lawler (1972), doi:10.1287/mnsc.18.7.401; Hershberger, Maxel and Suri (2007),
doi:10.1145/1290672.1290682, on such bounds; Feng (2014), doi:10.1002/net.21552, on ways along the tree.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count, islice, pairwise
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ytterby.routes.topology import Topology

Path = tuple[int, ...]


class Part(NamedTuple):
    """Paths that begin with `root` and do not go on with an arc of `banned`, known to weigh `bound` or more.

    `weight` is that of the root; `path` is the lightest of the part once that is known, else empty.
    """

    bound: float
    number: int
    root: Path
    weight: float
    banned: frozenset[int]
    hunt: Hunt | None
    path: Path


class Hunt(NamedTuple):
    """How far the search of a part has come.

    Parameters
    ----------
    seen : places of the root
    reached : least weight of a path over each state reached, minus infinity for those of the root
    came : (state, arc) before each state reached
    blocked : states from which the tree does not lead to the target, as far as known
    heap : (weight of a path, state) to look at next
    """

    seen: set[int]
    reached: dict[int, float]
    came: dict[int, tuple[int, int]]
    blocked: set[int]
    heap: list[tuple[float, int]]


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
    return list(islice(Search.of(graph, weights, source, target).paths(), k))


def paths(
    graph: Topology, weights: NDArray[np.float64], source: int, target: int
) -> Iterator[tuple[float, Path]]:
    """All paths from source to target that come to no place twice, lightest first."""
    return Search.of(graph, weights, source, target).paths()


@dataclass(frozen=True)
class Search:
    """One search. Memory views are quickly made of arrays, and Python reads their numbers faster.

    Parameters
    ----------
    leaving : the open (arc, head) pairs of the source, all of every other state
    to_go, following : distance of each state to the target, and the next state on the way
    ahead : least weight of a path to the target that begins with the arc
    """

    graph: Topology
    source: int
    target: int
    leaving: Sequence[Sequence[tuple[int, int]]]
    weights: Sequence[float]
    to_go: Sequence[float]
    following: Sequence[int]
    ahead: Sequence[float]

    @staticmethod
    def of(graph: Topology, weights: NDArray[np.float64], source: int, target: int) -> Search:
        """Make a search ready: of twin arcs the lighter, and the tree of lightest ways to the target."""
        lightest = graph.lightest(weights)
        to_go, following = graph.tree_to(lightest, source, target)
        ahead = lightest + to_go[graph.heads]
        leaving = list(graph.leaving)
        leaving[source] = tuple(graph.open_from(source, ahead))
        return Search(graph, source, target, leaving, lightest.data, to_go.data, following.data, ahead.data)

    def paths(self) -> Iterator[tuple[float, Path]]:
        """All simple paths, lightest first."""
        number = count(1)
        heap = [Part(self.to_go[self.source], 0, (), 0.0, frozenset(), None, ())]
        while heap and heap[0].bound < inf:
            part = heappop(heap)
            if not part.path:
                heappush(heap, self._searched(part, heap[0].bound if heap else inf))
                continue
            states = self._states(part.path)
            if self._simple(states):
                yield part.bound, part.path
            for other in self._split(part, states, number):
                heappush(heap, other)

    def _split(self, part: Part, states: Sequence[int], number: Iterator[int]) -> Iterator[Part]:
        """The rest of a part once its best path is taken: paths that leave it at one of its states."""
        place, path, weight, banned = self.graph.place, part.path, part.weight, part.banned
        start = len(part.root)
        seen = {place[state] for state in states[: start + 1]}
        for length in range(start, len(path)):
            banned = banned | {path[length]}
            least = self._least(states[length], seen, banned)
            if least < inf:
                yield Part(weight + least, next(number), path[:length], weight, banned, None, ())
            weight += self.weights[path[length]]
            seen.add(place[states[length + 1]])
            banned = frozenset()

    def _least(self, state: int, seen: Container[int], banned: Container[int]) -> float:
        """Least weight from a state on, when a path must neither take a banned arc nor come to a place again."""
        place, ahead, least = self.graph.place, self.ahead, inf
        here = place[state]
        for arc, head in self.leaving[state]:
            if ahead[arc] < least and arc not in banned and (place[head] not in seen or place[head] == here):
                least = ahead[arc]
        return least

    def _begun(self, part: Part) -> Hunt:
        """The search of a part, at the end of its root."""
        place = self.graph.place
        states = self._states(part.root)
        seen = {place[state] for state in states}
        hunt = Hunt(seen, dict.fromkeys(states, -inf), {}, set(states), [])
        self._look_round(hunt, states[-1], part.weight, part.banned)
        return hunt

    def _look_round(self, hunt: Hunt, state: int, weight: float, banned: Container[int]) -> None:
        """Note the states that a way of some weight can go on to from a state."""
        place, ahead, (seen, reached, came, _, heap) = self.graph.place, self.ahead, hunt
        here = place[state]
        for arc, head in self.leaving[state]:
            least = weight + ahead[arc]
            if least >= reached.get(head, inf) or arc in banned:
                continue
            if place[head] not in seen or place[head] == here:
                reached[head] = least
                came[head] = (state, arc)
                heappush(heap, (least, head))

    def _searched(self, part: Part, limit: float) -> Part:
        """A part with its best path, or with the bound from which to search on when that is above the limit."""
        hunt = part.hunt or self._begun(part)
        while hunt.heap:
            least, state = hunt.heap[0]
            if least > limit:
                return Part(least, *part[1:5], hunt, ())
            heappop(hunt.heap)
            if least > hunt.reached[state]:
                continue
            if state not in hunt.blocked:
                way = self._straight(state, hunt)
                if way is not None:
                    return Part(least, *part[1:5], None, (*part.root, *_back(hunt.came, state), *way))
            self._look_round(hunt, state, least - self.to_go[state], ())
        return Part(inf, *part[1:5], None, ())

    def _straight(self, state: int, hunt: Hunt) -> list[int] | None:
        """The way along the tree to the target; None where it comes to a place of the root or to a blocked state."""
        place, arcs, walked = self.graph.place, [], []
        while state != self.target:
            arc, head = self._on_tree(state)
            walked.append(state)
            arcs.append(arc)
            if head in hunt.blocked or (place[head] in hunt.seen and place[head] != place[state]):
                hunt.blocked.update(walked)
                return None
            state = head
        return arcs

    def _on_tree(self, state: int) -> tuple[int, int]:
        """The arc of the tree that leaves a state, and its head."""
        head = self.following[state]
        for step in self.leaving[state]:
            if step[1] == head and self.ahead[step[0]] < inf:
                break
        return step

    def _states(self, path: Path) -> list[int]:
        """The states of a path from the source, in order."""
        ends = self.graph.ends
        return [self.source, *[ends[arc] for arc in path]]

    def _simple(self, states: Sequence[int]) -> bool:
        """Whether a path leaves each place for good: each change of place leads to a new one."""
        place = self.graph.place
        places = [place[state] for state in states]
        moves = sum(before != after for before, after in pairwise(places))
        return len(set(places)) == 1 + moves


def _back(came: dict[int, tuple[int, int]], state: int) -> Path:
    arcs: list[int] = []
    while state in came:
        state, arc = came[state]
        arcs.append(arc)
    return tuple(reversed(arcs))

# SPDX-License-Identifier: Apache-2.0
"""A directed graph held in arrays: one topology for all weights."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import inf
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Topology:
    """A directed graph of states; states of one place count as one when a path must not return.

    Parameters
    ----------
    tails, heads : state numbers of the arcs, sorted by tail then head
    place : place of each state
    ends : heads as plain numbers, which Python reads faster
    leaving : per state its (arc, head) pairs
    doors : states that no arc leads to, and those that only such states lead to
    reverse : (column pointers, tails, order of arcs) of the arcs that leave no door, sorted by head, as SciPy's compressed rows
    twins : first and second of every pair of arcs that share tail and head
    """

    tails: NDArray[np.int64]
    heads: NDArray[np.int64]
    place: tuple[int, ...]
    ends: tuple[int, ...]
    leaving: tuple[tuple[tuple[int, int], ...], ...]
    doors: frozenset[int]
    reverse: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]
    twins: tuple[NDArray[np.int64], NDArray[np.int64]]

    @staticmethod
    def of(tails: NDArray[np.int64], heads: NDArray[np.int64], place: Sequence[int]) -> Topology:
        """Index the arcs, which are sorted by tail then head."""
        size = len(place)
        leaving: list[list[tuple[int, int]]] = [[] for _ in range(size)]
        for arc, (tail, head) in enumerate(zip(tails.tolist(), heads.tolist(), strict=True)):
            leaving[tail].append((arc, head))
        inner = np.isin(tails, heads)
        inner &= np.isin(tails, heads[inner])
        order = np.flatnonzero(inner)[np.lexsort((tails[inner], heads[inner]))]
        pointers = np.searchsorted(heads[order], np.arange(size + 1)).astype(np.int32)
        ends = np.flatnonzero((np.diff(tails) != 0) | (np.diff(heads) != 0)) + 1
        runs = np.split(np.arange(tails.size), ends)
        twins = [pair for run in runs if run.size > 1 for pair in combinations(run.tolist(), 2)]
        pairs = np.array(twins, dtype=np.int64).reshape(-1, 2)
        return Topology(
            tails, heads, tuple(place), tuple(heads.tolist()), tuple(map(tuple, leaving)),
            frozenset(tails[~inner].tolist()), (pointers, tails[order].astype(np.int32), order),
            (pairs[:, 0], pairs[:, 1]),
        )  # fmt: skip

    def lightest(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weights in which of twin arcs only the lightest is left."""
        first, second = self.twins
        found = weights.copy()
        found[np.where(weights[first] <= weights[second], second, first)] = inf
        return found

    @cached_property
    def _backwards(self) -> csr_array:
        """The arcs from head to tail, without weights yet."""
        from scipy.sparse import csr_array

        pointers, tails, order = self.reverse
        return csr_array((np.empty(order.size), tails, pointers), shape=(len(self.place), len(self.place)))

    def tree_to(
        self, weights: NDArray[np.float64], source: int, target: int
    ) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Distance to the target and next state on the way of each state on a way from the source.

        SciPy leaves doors out; the distance of those that the source leads to is that of their best step.
        """
        from scipy.sparse.csgraph import dijkstra

        matrix = copy(self._backwards)
        matrix.data = weights[self.reverse[2]]
        distances, following = dijkstra(matrix, indices=target, return_predecessors=True)
        behind = [head for _, head in self.open_from(source, weights)] if source in self.doors else []
        for state in (*behind, source):
            if state in self.doors and state != target:
                ways = [
                    (weights[arc] + distances[head], head) for arc, head in self.open_from(state, weights)
                ]
                distances[state], following[state] = min(ways, default=(inf, state))
        return distances, following

    def open_from(self, state: int, weights: NDArray[np.float64]) -> list[tuple[int, int]]:
        """The (arc, head) pairs that leave a state and have a finite weight."""
        steps = self.leaving[state]
        if not steps:
            return []
        finite = weights[steps[0][0] : steps[-1][0] + 1] < inf
        return [steps[number] for number in np.flatnonzero(finite).tolist()]

    def distances_to(self, weights: NDArray[np.float64], source: int, target: int) -> NDArray[np.float64]:
        """Distance to the target of each state on a way from the source; infinite where there is no way."""
        return self.tree_to(weights, source, target)[0]

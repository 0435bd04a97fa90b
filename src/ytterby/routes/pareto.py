# SPDX-License-Identifier: Apache-2.0
"""Routes of which none is better in cost, days and number of states touched at once.

Martins' labels on the network's states: a label is a cost, a time and the set of states touched; it is dropped when
another at the same place is no worse in all three, or when even the least that is still to come is no better than a
route found.

References
----------
Martins (1984), On a multicriteria shortest path problem, doi:10.1016/0377-2217(84)90077-8
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from math import inf

import numpy as np
from numpy.typing import NDArray

from ytterby.routes.definitions import Query, Route
from ytterby.routes.finding import FIRST, LAST, Search, no_route, prepare, route_of, touched_bits
from ytterby.routes.network import Network


@dataclass(frozen=True, slots=True)
class Label:
    """A way to a state: USD per tonne, days, states touched as bits, the label before and the arc between."""

    usd: float
    days: float
    touched: int
    before: Label | None
    arc: int


def pareto_routes(
    network: Network, origin: str | Sequence[str], destination: str | Sequence[str], query: Query
) -> tuple[Route, ...]:
    """All routes that no other beats or equals in cost, days and number of states at once, cheapest first.

    Of routes that agree in whole dollars and tenths of days one is given.

    Raises
    ------
    RouteError : an unknown id, state, cargo or criterion
    CutError : no way leads there
    """
    search = prepare(network, origin, destination, query)
    labels = _efficient(search)
    if not labels:
        raise no_route(search)
    return tuple(route_of(network, search.access, _arcs(label)) for label in _told_apart(labels))


def _told_apart(labels: Sequence[Label]) -> list[Label]:
    """Labels of which none is beaten or equalled as far as whole dollars and tenths of days show."""
    seen = [(round(label.usd), round(label.days, 1), label.touched.bit_count()) for label in labels]
    best = dict(reversed(list(zip(seen, labels, strict=True))))
    beaten = {
        key for key in best for other in best
        if other != key and all(one <= two for one, two in zip(other, key, strict=True))
    }  # fmt: skip
    return [label for key, label in sorted(best.items(), key=lambda pair: pair[1].usd) if key not in beaten]


def _efficient(search: Search) -> list[Label]:
    network, graph = search.network, search.network.graph
    usd, days = (_open(search, numbers) for numbers in (network.usd[:, 1], network.days[:, 1]))
    left_usd, left_days = (
        graph.distances_to(np.array(numbers), FIRST, LAST).tolist() for numbers in (usd, days)
    )
    bits = touched_bits(network)
    kept: list[list[Label]] = [[] for _ in graph.place]
    found: list[Label] = []
    number = count()
    heap = [(left_usd[FIRST], left_days[FIRST], next(number), FIRST, Label(0.0, 0.0, 0, None, -1))]
    while heap:
        *_, state, label = heappop(heap)
        if _beaten(label, kept[state]) or _hopeless(label, left_usd[state], left_days[state], found):
            continue
        kept[state].append(label)
        if state == LAST:
            found.append(label)
            continue
        for arc, head in graph.leaving[state]:
            ahead = Label(label.usd + usd[arc], label.days + days[arc], label.touched | bits[arc], label, arc)
            if ahead.usd + left_usd[head] < inf and not _beaten(ahead, kept[head]):
                heappush(
                    heap,
                    (ahead.usd + left_usd[head], ahead.days + left_days[head], next(number), head, ahead),
                )
    return found


def _open(search: Search, numbers: NDArray[np.float64]) -> list[float]:
    weights: list[float] = np.where(search.open_arcs, numbers, inf).tolist()
    return weights


def _beaten(label: Label, others: Sequence[Label]) -> bool:
    """Whether another label at the same state is no worse in cost, days and states, whatever follows."""
    return any(
        other.usd <= label.usd and other.days <= label.days and not other.touched & ~label.touched
        for other in others
    )


def _hopeless(label: Label, usd: float, days: float, found: Sequence[Label]) -> bool:
    """Whether a route found is no worse than the best that the label can still become."""
    states = label.touched.bit_count()
    return any(
        done.usd <= label.usd + usd and done.days <= label.days + days and done.touched.bit_count() <= states
        for done in found
    )


def _arcs(label: Label) -> list[int]:
    arcs: list[int] = []
    while label.before is not None:
        arcs.append(label.arc)
        label = label.before
    return arcs[::-1]

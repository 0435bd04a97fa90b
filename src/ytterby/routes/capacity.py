# SPDX-License-Identifier: Apache-2.0
"""How much can pass between two sets of nodes in a year, and what binds: a maximum flow with shared capacities.

    maximise sum of flows out of the origins, flows balanced at all other nodes,
    flow there + flow back <= capacity of a segment, and sums over segments <= capacity that they share

A linear programme of HiGHS. The limits with a price are a minimum cut: any more needs one of them to grow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from ytterby.errors import RouteError
from ytterby.routes.definitions import CARGOES, SURFACE, Query, SharedLimit
from ytterby.routes.finding import Search, prepare
from ytterby.routes.network import Network

PRICED = 1e-9


@dataclass(frozen=True, slots=True)
class Limit:
    """A capacity, the segments and classes of cargo that it holds for, and what others last carried there, t per year."""

    segments: tuple[str, ...]
    t_per_year: float
    basis: tuple[str, ...]
    cargo: frozenset[str] = frozenset(CARGOES)
    others: float = 0.0

    @property
    def name(self) -> str:
        """What it limits, in words."""
        some = "" if len(self.cargo) == len(CARGOES) else f", {' and '.join(sorted(self.cargo))} cargo"
        return f"capacity of {' and '.join(self.segments)}{some}"

    @property
    def room(self) -> float:
        """What others leave, t per year."""
        return max(self.t_per_year - self.others, 0.0)


@dataclass(frozen=True, slots=True)
class Capacity:
    """What can pass in a year.

    Parameters
    ----------
    t_per_year : most that can pass; infinite where a way has no stated capacity on it, 0 where there is no way
    binding : the limits that hold it there
    flows : segment ids with the tonnes that pass in one such plan
    stated, unstated : number of segments open in the year with and without a stated capacity
    basis : rows of the binding limits
    """

    t_per_year: float
    binding: tuple[Limit, ...]
    flows: tuple[tuple[str, float], ...]
    stated: int
    unstated: int

    @property
    def basis(self) -> tuple[str, ...]:
        """Rows of the binding limits."""
        return tuple(row for limit in self.binding for row in limit.basis)


def capacity(
    network: Network, origins: str | Sequence[str], destinations: str | Sequence[str], query: Query
) -> Capacity:
    """The most that can pass from the origins to the destinations in a year.

    Segments without a stated capacity are taken as unlimited and counted. Without a choice of modes in the query, air is
    left out.

    Raises
    ------
    RouteError : an unknown id, state, cargo or criterion, or the ends have a node in common
    """
    search = prepare(network, origins, destinations, query if query.modes else replace(query, modes=SURFACE))
    used = [segment.id for segment in search.lines]
    limits = _limits(network, used, query)
    bounded = {name for limit in limits for name in limit.segments}
    counts = (len(bounded), len(used) - len(bounded))
    if _joined(search, [name for name in used if name not in bounded]):
        return Capacity(inf, (), (), *counts)
    return _solved(search, used, limits, counts)


def limits_of(network: Network, year: int) -> tuple[Limit, ...]:
    """All stated capacities in force in a year, each with what others were last stated to carry on the same segments.

    A figure of what others carry counts from its year on where it stands for all of the capacity's segments and for the
    same classes of cargo; where there is none, `others` is 0 and no row says more.
    """
    own = [
        Limit((name,), segment.capacity_t, (name,))
        for name, segment in network.segments.items()
        if segment.capacity_t is not None
    ]
    shared = [Limit(s.segments, s.t_per_year, s.basis, s.cargo) for s in _latest(network.limits, year)]
    loads = _latest(network.loads, year)
    return tuple(_beside(limit, loads) for limit in (*own, *shared))


def _beside(limit: Limit, loads: Sequence[SharedLimit]) -> Limit:
    """A limit with what others carry there: of the loads on all of its segments, the newest."""
    found = [
        load for load in loads if set(limit.segments) <= set(load.segments) and load.cargo == limit.cargo
    ]
    if not found:
        return limit
    load = max(found, key=lambda load: load.year)
    return replace(limit, others=load.t_per_year, basis=(*limit.basis, *load.basis))


def _latest(limits: Sequence[SharedLimit], year: int) -> tuple[SharedLimit, ...]:
    """Of each corridor, its segments and cargo, the latest figure up to a year."""
    found: dict[object, SharedLimit] = {}
    for limit in sorted(limits, key=lambda limit: limit.year):
        if limit.year <= year:
            found[limit.corridor, limit.segments, limit.cargo] = limit
    return tuple(found.values())


def _limits(network: Network, used: Sequence[str], query: Query) -> list[Limit]:
    """The capacities that bear on the query's cargo, over those of their segments that are used."""
    found = []
    for limit in limits_of(network, query.year):
        names = tuple(name for name in limit.segments if name in set(used))
        if names and query.cargo in limit.cargo:
            found.append(replace(limit, segments=names))
    return found


def _joined(search: Search, names: Sequence[str]) -> bool:
    """Whether these segments alone lead from an origin to a destination."""
    reached, waiting = set(search.origins), list(search.origins)
    ways: dict[str, list[str]] = {}
    for name in names:
        segment = search.network.segments[name]
        ways.setdefault(segment.first, []).append(segment.last)
        ways.setdefault(segment.last, []).append(segment.first)
    while waiting:
        new = set(ways.get(waiting.pop(), ())) - reached
        reached |= new
        waiting += new
    return bool(reached & set(search.destinations))


def _solved(
    search: Search, used: Sequence[str], limits: Sequence[Limit], counts: tuple[int, int]
) -> Capacity:
    from scipy.optimize import linprog

    balance, gain = _balances(search, used)
    column = {name: number for number, name in enumerate(used)}
    rows = np.zeros((len(limits), 2 * len(used)))
    for row, limit in enumerate(limits):
        for name in limit.segments:
            rows[row, [column[name], column[name] + len(used)]] = 1.0
    bound = np.array([limit.t_per_year for limit in limits])
    scale = float(bound.max(initial=1.0))
    found = linprog(
        -gain, A_ub=rows, b_ub=bound / scale, A_eq=balance, b_eq=np.zeros(balance.shape[0]), method="highs"
    )
    if found.status != 0:
        raise RouteError("routes", f"a capacity that cannot be found ({found.message})", "", "report it")
    prices = -np.asarray(found.ineqlin.marginals)
    flow = np.abs(found.x[: len(used)] - found.x[len(used) :]) * scale
    passing = tuple(
        (name, float(tonnes)) for name, tonnes in zip(used, flow, strict=True) if tonnes > PRICED * scale
    )
    binding = tuple(limit for limit, price in zip(limits, prices, strict=True) if price > PRICED)
    return Capacity(float(-found.fun * scale), binding, passing, *counts)


def _balances(search: Search, used: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Balances of the nodes between the ends, and what a flow on a segment brings to the destinations."""
    between = [name for name in search.network.nodes if name not in {*search.origins, *search.destinations}]
    row = {name: number for number, name in enumerate(between)}
    balance, gain = np.zeros((len(between), 2 * len(used))), np.zeros(2 * len(used))
    for column, name in enumerate(used):
        segment = search.network.segments[name]
        for offset, tail, head in (
            (0, segment.first, segment.last),
            (len(used), segment.last, segment.first),
        ):
            for node, sign in ((tail, -1.0), (head, 1.0)):
                if node in row:
                    balance[row[node], column + offset] += sign
                elif node in search.destinations:
                    gain[column + offset] += sign
    return balance, gain

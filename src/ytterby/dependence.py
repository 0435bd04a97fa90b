# SPDX-License-Identifier: Apache-2.0
"""Who depends on whom: direct import shares, origin traced through all stages, irreplaceability, bottlenecks.

Origin tracing mixes proportionally: what leaves a balance is made up like what arrived there, and a process passes on
its inputs weighted by their mass of rare earths (or of the commodity). Each share is the solution of one sparse
linear system, so loops (scrap) need no special care. Pure functions on solved years.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from ytterby.chain import DEMAND, MINE, PROCESS, TRADE, Activity, Balance, Result, Vector, YearResult

Stamp = Callable[[Activity], bool]


@dataclass(frozen=True)
class Mixing:
    """How each balance is made up: `passes` (balances, balances) from inputs, `made` (balances, activities) stamped."""

    balances: tuple[Balance, ...]
    index: Mapping[Balance, int]
    arrived: Vector
    source: sparse.csr_matrix
    inputs: sparse.csr_matrix
    activities: tuple[Activity, ...]


def mixing(result: Result, solved: YearResult, weight: Callable[[str], float]) -> Mixing:
    """The mixing of a solved year.

    Parameters
    ----------
    result, solved : a scenario and one of its years
    weight : form -> t of rare earths (or of the commodity) per t of the form, to weight a process's inputs
    """
    index = {balance: row for row, balance in enumerate(result.balances)}
    into: list[tuple[int, int, float]] = []
    take: list[tuple[int, int, float]] = []
    for column, activity in enumerate(result.activities):
        flow = max(float(solved.flows[column]), 0.0)
        inputs = [(index[p, f], -c * weight(f)) for p, f, c in activity.terms if c < 0]
        total = sum(mass for _, mass in inputs)
        take += [(column, row, mass / total) for row, mass in inputs if total > 0]
        into += [(index[p, f], column, c * flow) for p, f, c in activity.terms if c > 0 and flow > 0]
    shape = (len(result.balances), len(result.activities))
    arriving = _sparse(into, shape)
    arrived = np.asarray(arriving.sum(axis=1)).ravel()
    source = sparse.diags(1.0 / np.where(arrived > 0, arrived, 1.0)) @ arriving
    return Mixing(
        result.balances,
        index,
        arrived,
        source.tocsr(),
        _sparse(take, (shape[1], shape[0])),
        result.activities,
    )


def _sparse(triples: Sequence[tuple[int, int, float]], shape: tuple[int, int]) -> sparse.csr_matrix:
    if not triples:
        return sparse.csr_matrix(shape)
    rows, columns, values = zip(*triples, strict=True)
    return sparse.csr_matrix((values, (rows, columns)), shape=shape)


def origin(mix: Mixing, stamp: Stamp) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Shares of each balance by the place of its last stamped activity.

    Parameters
    ----------
    mix : the mixing of a solved year
    stamp : which activities stamp their place on what they make: all mines, all separation plants, ...

    Returns
    -------
    places and shares (balances, places); a row sums to 1 where everything was stamped, to less where not
    """
    stamps = np.array([stamp(activity) for activity in mix.activities])
    places = tuple(sorted({a.place for a, stamped in zip(mix.activities, stamps, strict=True) if stamped}))
    column = {place: number for number, place in enumerate(places)}
    mark = _sparse(
        [(row, column[a.place], 1.0) for row, a in enumerate(mix.activities) if stamps[row]],
        (stamps.size, len(places)),
    )
    passing = mix.source @ sparse.diags((~stamps).astype(float)) @ mix.inputs
    system = (sparse.identity(len(mix.balances)) - passing).tocsc()
    return places, np.asarray(splu(system).solve((mix.source @ mark).toarray()))


def touched(mix: Mixing, place: str) -> Vector:
    """Share of each balance that was mined or processed in `place` at any stage so far, by mass of rare earths."""
    there = np.array([a.place == place and a.kind in {MINE, PROCESS} for a in mix.activities])
    passing = mix.source @ sparse.diags((~there).astype(float)) @ mix.inputs
    system = (sparse.identity(len(mix.balances)) - passing).tocsc()
    return np.asarray(splu(system).solve(mix.source @ there.astype(float)))


def stamp_mined(activity: Activity) -> bool:
    """Mines stamp."""
    return activity.kind == MINE


def stamp_process(prefix: str) -> Stamp:
    """Processes whose name starts with `prefix` stamp."""
    return lambda activity: activity.kind == PROCESS and activity.name.startswith(prefix)


@dataclass(frozen=True)
class Supply:
    """How a (place, form) is supplied in a year, in t and by exporter."""

    made: float
    imports: Mapping[str, float]
    exports: float

    @property
    def imported(self) -> float:
        """Imports from all, t."""
        return sum(self.imports.values())

    @property
    def used(self) -> float:
        """What stays: made + imports - exports, t."""
        return self.made + self.imported - self.exports

    def import_share(self, supplier: str) -> float | None:
        """The supplier's share of imports; None where nothing is imported."""
        return self.imports.get(supplier, 0.0) / self.imported if self.imported > 0 else None


def supply_of(result: Result, solved: YearResult, place: str, form: str) -> Supply:
    """Production, imports by exporter and exports of one form in one place, t per year."""
    made, exports = 0.0, 0.0
    imports: dict[str, float] = {}
    for activity, flow in zip(result.activities, solved.flows, strict=True):
        for where, what, coefficient in activity.terms:
            if (where, what) != (place, form):
                continue
            if activity.kind != TRADE:
                made += max(coefficient, 0.0) * float(flow)
            elif coefficient > 0:
                imports[activity.place] = imports.get(activity.place, 0.0) + coefficient * float(flow)
            else:
                exports -= coefficient * float(flow)
    return Supply(made, imports, exports)


def demand_served(result: Result, solved: YearResult, place: str, form: str) -> float:
    """Final demand of a form in a place that is met, t per year."""
    return float(
        sum(
            flow
            for activity, flow in zip(result.activities, solved.flows, strict=True)
            if activity.kind == DEMAND and activity.place == place and activity.form == form
        )
    )


def price_of(result: Result, solved: YearResult, place: str, form: str) -> float | None:
    """Price in a place, USD/t; None where the scenario has no such balance."""
    balance = (place, form)
    return float(solved.prices[result.balances.index(balance)]) if balance in result.balances else None


def output_of(result: Result, solved: YearResult, places: Sequence[str], form: str) -> float:
    """What mines and processes in `places` make of a form, t per year."""
    wanted = set(places)
    return float(
        sum(
            coefficient * flow
            for activity, flow in zip(result.activities, solved.flows, strict=True)
            if activity.kind in {MINE, PROCESS} and activity.place in wanted
            for _, what, coefficient in activity.terms
            if what == form and coefficient > 0
        )
    )


def rents_by_stage(
    result: Result, solved: YearResult, stage: Callable[[Activity], str | None]
) -> dict[str, float]:
    """Scarcity rents of capacities by stage, USD per year: rent per t times capacity, summed over the stage."""
    total: dict[str, float] = {}
    for activity, rent, capacity in zip(result.activities, solved.rents, solved.capacity, strict=True):
        name = stage(activity)
        if name is not None and rent > 0 and np.isfinite(capacity):
            total[name] = total.get(name, 0.0) + float(rent * capacity)
    return total

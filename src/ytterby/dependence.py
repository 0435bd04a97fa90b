# SPDX-License-Identifier: Apache-2.0
"""Who depends on whom: direct import shares, origin traced through all stages, irreplaceability, bottlenecks.

Origin tracing mixes proportionally: what leaves a balance is made up like what arrived there, and a process passes on
its inputs weighted by their mass of rare earths (or of the commodity). Each share is the solution of one sparse
linear system, so loops (scrap) need no special care. Pure functions on solved years.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from ytterby.chain import DEMAND, MINE, PROCESS, RELEASE, TRADE, Activity, Result, Vector, YearResult

Stamp = Callable[[Activity], bool]
LEAK = 1e-12


@dataclass(frozen=True)
class Mixing:
    """How each balance is made up.

    `source` (balances, activities): share of each activity in what arrives; `inputs` (activities, balances): share of
    each balance in what an activity takes, by mass of rare earths.
    """

    activities: tuple[Activity, ...]
    source: sparse.csr_matrix
    inputs: sparse.csr_matrix


def mixing(result: Result, solved: YearResult, weight: Callable[[str], float]) -> Mixing:
    """The mixing of a solved year; what comes out of stocks is left out, since nobody knows what they were filled with.

    Parameters
    ----------
    result, solved : a scenario and one of its years
    weight : form -> t of rare earths (or of the commodity) per t of the form, to weight a process's inputs
    """
    fresh = np.array([activity.kind != RELEASE for activity in result.activities])
    arriving = result.matrix.maximum(0) @ sparse.diags(np.where(fresh, np.maximum(solved.flows, 0.0), 0.0))
    mass = sparse.diags([weight(form) for _, form in result.balances]) @ (-result.matrix).maximum(0)
    return Mixing(result.activities, _shares(arriving.tocsr()), _shares(mass.T.tocsr()))


def _shares(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows scaled to sum to one; empty rows stay empty."""
    total = np.asarray(matrix.sum(axis=1)).ravel()
    return (sparse.diags(1.0 / np.where(total > 0, total, 1.0)) @ matrix).tocsr()


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
    stamped = np.flatnonzero(stamps)
    to = [column[mix.activities[row].place] for row in stamped]
    mark = sparse.csr_matrix((np.ones(stamped.size), (stamped, to)), shape=(stamps.size, len(places)))
    return places, _traced(mix, stamps, (mix.source @ mark).toarray())


def touched(mix: Mixing, place: str) -> Vector:
    """Share of each balance that was mined or processed in `place` at any stage so far, by mass of rare earths."""
    there = np.array([a.place == place and a.kind in {MINE, PROCESS} for a in mix.activities])
    return _traced(mix, there, mix.source @ there.astype(float))


def _traced(mix: Mixing, stamps: NDArray[np.bool_], marked: Vector) -> Vector:
    """Shares of the stamps when all else passes on what it got; 0 for what goes round without any source."""
    passing = mix.source @ sparse.diags((~stamps).astype(float)) @ mix.inputs
    system = ((1 + LEAK) * sparse.identity(mix.source.shape[0]) - passing).tocsc()
    return np.asarray(splu(system).solve(marked))


def stamp_mined(activity: Activity) -> bool:
    """Mines stamp."""
    return activity.kind == MINE


def stamp_process(*names: str) -> Stamp:
    """Processes of these names stamp ("separate" stands for every class of ore)."""
    return lambda activity: activity.kind == PROCESS and activity.form.partition(":")[0] in names


@dataclass(frozen=True)
class Supply:
    """How a (place, form) is supplied in a year, in t: from home, by exporter, and what is passed on."""

    home: float
    imports: Mapping[str, float]
    passed_on: float

    @property
    def imported(self) -> float:
        """Imports from all, t."""
        return sum(self.imports.values())

    @property
    def used(self) -> float:
        """What is used there: from home, plus imports, less what is passed on, t."""
        return self.home + self.imported - self.passed_on

    def import_share(self, supplier: str) -> float | None:
        """The supplier's share of imports; None where nothing is imported."""
        return self.imports.get(supplier, 0.0) / self.imported if self.imported > 0 else None


def supply_of(result: Result, solved: YearResult, place: str, form: str) -> Supply:
    """Supply of one form in one place: from home, imports by exporter, re-exports, t per year; zeros where it has none."""
    at_home, passed_on = 0.0, 0.0
    imports: dict[str, float] = {}
    for activity, tonnes in _at(result, solved, place, form):
        if activity.kind == TRADE and tonnes < 0:
            passed_on -= tonnes
        elif activity.kind == TRADE and activity.place != place:
            imports[activity.place] = imports.get(activity.place, 0.0) + tonnes
        else:
            at_home += max(tonnes, 0.0)
    return Supply(at_home, imports, passed_on)


def _at(result: Result, solved: YearResult, place: str, form: str) -> list[tuple[Activity, float]]:
    """What each activity puts into (positive) or takes from one balance, t per year."""
    row = result.index.get((place, form))
    if row is None:
        return []
    start, end = result.matrix.indptr[row], result.matrix.indptr[row + 1]
    columns, values = result.matrix.indices[start:end], result.matrix.data[start:end]
    return [(result.activities[c], float(v * solved.flows[c])) for c, v in zip(columns, values, strict=True)]


def demand_served(result: Result, solved: YearResult, place: str, form: str) -> float:
    """Final demand of a form in a place that is met, t per year."""
    return -sum(tonnes for activity, tonnes in _at(result, solved, place, form) if activity.kind == DEMAND)


def released(result: Result, solved: YearResult, place: str, form: str) -> float:
    """What leaves the stocks of a form in a place, t per year."""
    return sum(tonnes for activity, tonnes in _at(result, solved, place, form) if activity.kind == RELEASE)


def price_of(result: Result, solved: YearResult, place: str, form: str) -> float | None:
    """Price in a place, USD/t; None where nothing flows."""
    row = result.index.get((place, form))
    return None if row is None or np.isnan(solved.prices[row]) else float(solved.prices[row])


def output_of(result: Result, solved: YearResult, places: Sequence[str], form: str) -> float:
    """What mines and processes in `places` make of a form, t per year."""
    return sum(
        tonnes
        for place in places
        for balance in (form, f"{form}@made")
        for activity, tonnes in _at(result, solved, place, balance)
        if activity.kind in {MINE, PROCESS} and tonnes > 0
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

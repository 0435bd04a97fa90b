# SPDX-License-Identifier: Apache-2.0
"""Who depends on whom: direct import shares, origin traced through all stages, irreplaceability, bottlenecks.

Origin tracing mixes proportionally: what leaves a balance is made up like what arrived there, and a process passes on
its inputs weighted by their mass of rare earths (or of the commodity). Each share is the solution of one sparse
linear system, so loops (scrap) need no special care; what comes out of a stock is made up as it was when it went in. Pure
functions on solved years.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from ytterby.chain import (
    DEMAND,
    MINE,
    PROCESS,
    REFILL,
    RELEASE,
    SAVING,
    TRADE,
    Activity,
    Result,
    Vector,
    YearResult,
)

Stamp = Callable[[Activity], bool]
LEAK = 1e-12
GRAM = 1e-6  # t
MATTERS = 0.01  # of what arrives; less out of stocks of one year is not traced


@dataclass(frozen=True)
class Mixing:
    """How each balance is made up in a year.

    `source` (balances, activities): share of each activity in what arrives; `inputs` (activities, balances): share of
    each balance in what an activity takes, by mass of rare earths; `stored`: by an earlier year, (balances,) the share of
    what arrives that comes out of stocks filled in that year; `earlier`: the mixing of those years, oldest first.
    """

    year: int
    result: Result
    source: sparse.csr_matrix
    inputs: sparse.csr_matrix
    stored: Mapping[int, Vector]
    earlier: tuple[Mixing, ...] = ()


def mixing(result: Result, solved: YearResult, weight: Callable[[str], float]) -> Mixing:
    """The mixing of a solved year.

    What comes out of a stock is made up like what went into it; what a stock held from the start like the supply of the
    first solved year. Where less than a hundredth of what arrives comes out of stocks of one year, and for what is
    released in the first year itself, the year's own supply stands for it. What is saved is no tonne: it comes from
    nowhere, and plants take that much less.

    Parameters
    ----------
    result, solved : a scenario and one of its years
    weight : form -> t of rare earths (or of the commodity) per t of the form, to weight a process's inputs
    """
    takes = (result.taken.T @ sparse.diags([weight(form) for _, form in result.balances])).tocsr()
    found: dict[int, Mixing] = {}
    wanted = [solved.year]
    while wanted:
        year = wanted.pop()
        found[year] = _one_year(result, solved if year == solved.year else result.year(year), takes)
        wanted += [earlier for earlier in found[year].stored if earlier not in found]
    return replace(found.pop(solved.year), earlier=tuple(found[year] for year in sorted(found)))


def _one_year(result: Result, solved: YearResult, takes: sparse.csr_matrix) -> Mixing:
    flows, saving = np.maximum(solved.flows, 0.0), _columns(result, SAVING)
    saved = result.into[:, saving] @ flows[saving]
    flows[saving] = flows[_columns(result, RELEASE)] = 0.0
    fresh = (result.into @ sparse.diags(flows)).tocsr()
    stored = _out_of_stocks(result, solved)
    total = np.asarray(fresh.sum(axis=1)).ravel() + sum(stored.values(), np.zeros(saved.size))
    per_tonne = _over(1.0, total)
    shares = {year: tonnes * per_tonne for year, tonnes in stored.items()}
    inputs = _shares(takes @ sparse.diags(_over(total, total + saved)))
    source = (sparse.diags(per_tonne) @ fresh).tocsr()
    return Mixing(solved.year, result, source, inputs, shares)


def _over(top: Vector | float, bottom: Vector) -> Vector:
    """The ratio, 0 where the bottom is."""
    return np.asarray(np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1.0), 0.0))


def _out_of_stocks(result: Result, solved: YearResult) -> dict[int, Vector]:
    """(balances,): t that come out of stocks, by the year in which these were filled."""
    release = _columns(result, RELEASE)
    layers = _filled(result, solved.year)
    share = _over(solved.flows[release], sum(layers.values(), np.zeros(release.size)))
    rows = [result.index[place, form] for _, place, form in result.stocks]
    arriving = result.into[rows] @ np.maximum(solved.flows, 0.0) if rows else np.zeros(0)
    found: dict[int, Vector] = {}
    for year, held in layers.items():
        matters = share * held >= np.maximum(MATTERS * arriving, GRAM)
        if matters.any():
            found[year] = np.zeros(len(result.balances))
            np.add.at(found[year], rows, np.where(matters, share * held, 0.0))
    return found


def _filled(result: Result, until: int) -> dict[int, Vector]:
    """(stocks,): t that each stock holds at the start of a year, by the year in which they were filled."""
    release, refill = _columns(result, RELEASE), _columns(result, REFILL)
    layers: dict[int, Vector] = {}
    for solved in result.years if release.size else ():
        if solved.year >= until:
            break
        out, filled = solved.flows[release], solved.flows[refill]
        before = solved.held + out - filled
        layers = layers or {solved.year: before}
        kept = 1.0 - _over(out, before)
        layers = {year: held * kept for year, held in layers.items()}
        layers[solved.year] = layers.get(solved.year, 0.0) + filled
    return layers


def _columns(result: Result, kind: str) -> NDArray[np.int64]:
    return result.columns.get(kind, np.zeros(0, np.int64))


def _shares(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Rows scaled to sum to one; empty rows stay empty."""
    total = np.asarray(matrix.sum(axis=1)).ravel()
    return (sparse.diags(1.0 / np.where(total > 0, total, 1.0)) @ matrix).tocsr()


def origin(mix: Mixing, stamp: Stamp) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    """Shares of each balance by the place of its last stamped activity.

    Parameters
    ----------
    mix : the mixing of a solved year
    stamp : which mines and processes stamp their place on what they make: all mines, all separation plants, ...

    Returns
    -------
    places and shares (balances, places); a row sums to 1 where everything was stamped, to less where not
    """
    activities = mix.result.activities
    stamped = [column for column in mix.result.makers if stamp(activities[column])]
    places = tuple(sorted({activities[column].place for column in stamped}))
    number = {place: number for number, place in enumerate(places)}
    stamps, mark = np.zeros(len(activities), bool), np.zeros((len(activities), len(places)))
    stamps[stamped] = True
    mark[stamped, [number[activities[column].place] for column in stamped]] = 1.0
    return places, _traced(mix, stamps, mark)


def touched(mix: Mixing, place: str) -> Vector:
    """Share of each balance that was mined or processed in `place` at any stage so far, by mass of rare earths."""
    activities = mix.result.activities
    there = np.zeros(len(activities), bool)
    there[[column for column in mix.result.makers if activities[column].place == place]] = True
    return _traced(mix, there, there.astype(float))


def _traced(mix: Mixing, stamps: NDArray[np.bool_], mark: Vector) -> Vector:
    """Shares of the stamps when all else passes on what it got; 0 for what goes round without any source.

    Parameters
    ----------
    mix : the mixing of a year
    stamps : (activities,), which stamp what they make
    mark : (activities,) or (activities, marks), what they stamp it with
    """
    found: dict[int, Vector] = {}
    for one in (*mix.earlier, mix):
        marked = one.source @ mark
        for year, share in one.stored.items():
            marked += (share * found[year].T).T
        passing = one.source @ sparse.diags((~stamps).astype(float)) @ one.inputs
        system = ((1 + LEAK) * sparse.identity(one.source.shape[0]) - passing).tocsc()
        found[one.year] = np.asarray(splu(system).solve(marked))
    return found[mix.year]


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
    made = result.made @ np.maximum(solved.flows[result.makers], 0.0)
    rows = [result.index.get((place, what)) for place in places for what in (form, f"{form}@made")]
    return float(sum(made[row] for row in rows if row is not None))


def rents_by_stage(
    result: Result, solved: YearResult, stage: Callable[[Activity], str | None]
) -> dict[str, float]:
    """Scarcity rents of capacities by stage, USD per year: rent per t times capacity, summed over the stage."""
    total: dict[str, float] = {}
    for column in np.flatnonzero((solved.rents > 0) & np.isfinite(solved.capacity)):
        name = stage(result.activities[column])
        if name is not None:
            total[name] = total.get(name, 0.0) + float(solved.rents[column] * solved.capacity[column])
    return total

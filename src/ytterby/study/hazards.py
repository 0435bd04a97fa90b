# SPDX-License-Identifier: Apache-2.0
"""Stops of exports drawn from the hazard of restrictions: a scenario by its seed, and what many draws leave unserved.

A restriction that starts is taken as a full stop of the flows that the scenario names: towards everyone where it was drawn
for everyone, else towards the importer. That is the most that a restriction can do; a licence or a tax cuts less. It lasts for
good, a stated number of years, or as long as is drawn from the record of bans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ytterby.dependence import demand_served
from ytterby.errors import ScenarioError, quoted
from ytterby.facts import FactBase
from ytterby.influence import Asked, Hazard, Starts, draws, hazard, lengths
from ytterby.scenario import ANY, DRAWN, Ban, Case, HazardDraw, Scenario, as_known, check_case
from ytterby.study.run import Prepared, prepare, solve_scenario

FORM = "magnet"
REFERENCE = "reference"
FOR_GOOD = 0
Pair = tuple[int, int]
Lengths = NDArray[np.int64]


@dataclass(frozen=True)
class Loss:
    """Share of the importer's use of a form that goes unserved in a year, over the draws; `if_cut` is None without a cut.

    `value` is the mean over all draws, `low` and `high` hold nine tenths of them.
    """

    form: str
    year: int
    value: float
    low: float
    high: float
    if_cut: float | None


def with_draws(case: Case, base: FactBase) -> Case:
    """The case with every [[hazard]] of its scenarios drawn by its seed; without any, the case as it is.

    Raises
    ------
    ScenarioError : a hazard between everyone
    FactError : the exporter does not supply the case's commodity
    """
    if not any(scenario.hazards for scenario in case.scenarios):
        return case
    of = hazard(base)
    return replace(case, scenarios=tuple(drawn(case, scenario, of) for scenario in case.scenarios))


def drawn(case: Case, scenario: Scenario, of: Hazard, seed: int | None = None) -> Scenario:
    """One scenario of a case with its hazards drawn: stops where one starts, and words for what was drawn.

    Parameters
    ----------
    case : with countries in the place of the words supplier and importer
    scenario : may have hazards
    of : the hazard
    seed : in the place of the seeds that the scenario states; an ensemble gives each run its own
    """
    bans, told = [], []
    for change in scenario.hazards:
        fresh = change if seed is None else replace(change, seed=seed)
        _check(scenario, fresh)
        last = case.last_year if fresh.last is None else fresh.last
        asked = [(fresh.exporter, fresh.importer, case.commodity)]
        starts = draws(fresh.seed, 1, of, asked, range(fresh.first, last + 1))
        lasting = lasts(fresh.seed, 1, of, asked[0], fresh.lasts)
        stops = _bans(fresh, (int(starts.everyone[0, 0]), int(starts.aimed[0, 0])), _pair(lasting[0]))
        told.append(replace(fresh, outcome=_outcome(stops)))
        bans += stops
    return replace(scenario, bans=(*scenario.bans, *bans), hazards=tuple(told))


def lasts(seed: int, n: int, of: Hazard, asked: Asked, years: int | str | None) -> Lengths:
    """Years that stops last, those towards everyone and those aimed: drawn, as stated, or for good (0), of shape (n, 2)."""
    if years == DRAWN:
        return lengths(seed, n, of, asked)
    return np.full((n, 2), FOR_GOOD if years is None else years, dtype=np.int64)


def _pair(of: NDArray[np.int64]) -> Pair:
    return int(of[0]), int(of[1])


def _check(scenario: Scenario, change: HazardDraw) -> None:
    if ANY in (change.exporter, change.importer):
        raise ScenarioError(
            f"scenario {scenario.name}", f"a hazard of {change.flows}", "one exporter and one importer",
            "write a [[hazard]] for each pair",
        )  # fmt: skip


def _bans(change: HazardDraw, stop: Pair, lasting: Pair) -> list[Ban]:
    """The stops of a draw; one aimed at the importer counts only where it does not come in the years of one towards everyone."""
    (everyone, aimed), (years, own) = stop, lasting
    found = []
    if everyone:
        found.append(_ban(change, everyone, ANY, years))
    if aimed and not (everyone and everyone <= aimed and (not years or aimed < everyone + years)):
        found.append(_ban(change, aimed, change.importer, own))
    return found


def _ban(change: HazardDraw, first: int, importer: str, years: int) -> Ban:
    last = first + years - 1 if years else None
    whom = "everyone" if importer == ANY else importer
    reason = (
        f"Drawn with seed {change.seed}: {change.exporter} stops towards {whom} in {first}. {change.reason}"
    )
    return Ban(change.exporter, importer, change.form, first, last, reason, change.basis)


def _outcome(stops: Sequence[Ban]) -> str:
    if not stops:
        return "none starts"
    return " and ".join(f"towards {'everyone' if s.importer == ANY else s.importer}, {s.span}" for s in stops)


def losses(
    case: Case, base: FactBase, starts: Starts, form: str = FORM, lasting: Lengths | None = None
) -> list[Loss]:
    """What goes unserved of the importer's use by year when draws go through the market, at the middle of all ranges.

    Draws with the same stops are solved once, so the number of draws hardly matters.

    Parameters
    ----------
    case : as read
    starts : draws of one question, (exporter, the case's importer, its commodity)
    form : whose use
    lasting : years that the stops of each draw last, as `lasts` gives them; without it all are for good

    Raises
    ------
    ScenarioError : the case does not fit the facts, or the importer uses none of the form
    """
    check_case(case, base)
    case, _ = as_known(case.with_actors(), base)
    prepared = prepare(case, base)
    pairs = np.stack([starts.everyone[:, 0], starts.aimed[:, 0]], axis=1)
    years = np.zeros_like(pairs) if lasting is None else lasting
    years = np.where(pairs + years > case.last_year, FOR_GOOD, years)
    asked = HazardDraw(
        starts.asked[0][0], case.importer, ANY, case.base_year + 1, None, "A draw.", starts.asked[0][0], 0
    )
    reference = case.scenario(REFERENCE)
    need = _served(case, base, reference, prepared, form)
    if not (need > 0).all():
        raise ScenarioError(
            f"case {case.name} importer", quoted(case.importer), f"one that uses {form} in every year",
            "name another importer",
        )  # fmt: skip
    by_stop: dict[tuple[Ban, ...], NDArray[np.float64]] = {(): np.zeros(need.size)}
    rows = np.empty((len(pairs), need.size))
    for number, (pair, length) in enumerate(zip(pairs, years, strict=True)):
        stops = tuple(_bans(asked, _pair(pair), _pair(length)))
        if stops not in by_stop:
            stopped = replace(reference, bans=(*reference.bans, *stops))
            by_stop[stops] = 1 - _served(case, base, stopped, prepared, form) / need
        rows[number] = by_stop[stops]
    cut = (starts.first[:, :1] > 0) & (starts.first[:, :1] <= np.array(case.years))
    return [_loss(form, year, rows[:, at], cut[:, at]) for at, year in enumerate(case.years)]


def _served(
    case: Case, base: FactBase, scenario: Scenario, prepared: Prepared, form: str
) -> NDArray[np.float64]:
    result = solve_scenario(case, base, scenario, prepared).result
    return np.array([demand_served(result, result.year(year), case.importer, form) for year in case.years])


def _loss(form: str, year: int, shares: NDArray[np.float64], cut: NDArray[np.bool_]) -> Loss:
    low, high = np.quantile(shares, (0.05, 0.95))
    if_cut = float(shares[cut].mean()) if cut.any() else None
    return Loss(form, year, float(shares.mean()), float(low), float(high), if_cut)

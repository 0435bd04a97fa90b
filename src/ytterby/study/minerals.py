# SPDX-License-Identifier: Apache-2.0
"""One-stage minerals: base year, years to come, and what happens when a supplier stops selling to an importer.

The same reconciliation, calibration, solver, tracing and measures as for the rare earths. There are no projects: what
mines there are grow at a stated rate and answer to prices; trade can open new links between makers and users.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ytterby.chain import TRADE, BaseYear, Result
from ytterby.dependence import demand_served, mixing, origin, price_of, stamp_mined, supply_of
from ytterby.facts import FactBase
from ytterby.reconcile import reconcile
from ytterby.scenario import ANY, Ban, Scenario, check_actors, check_instruments, shut
from ytterby.study.basis import PARAMETERS, basis_of
from ytterby.study.measures import Measure, against
from ytterby.study.run import CENTRAL, VARIANTS, Variant, elasticities
from ytterby.supply.made import keep_apart
from ytterby.supply.market import Market, calibrate
from ytterby.supply.one_stage import OneStage, gather_one_stage, steady_growth
from ytterby.supply.parameters import Parameters
from ytterby.supply.projects import link_entries
from ytterby.supply.solving import closing, solve_years

REFERENCE, STOP = "reference", "stop"
MOVING = ("elasticity.demand.*", "elasticity.mine.*", "elasticity.trade.*")


@dataclass(frozen=True)
class PreparedMineral:
    """A reconciled base year of one mineral: `base_year` as the evidence has it, `apart` with made and passed on apart."""

    gathered: OneStage = field(repr=False)
    base_year: BaseYear
    apart: BaseYear = field(repr=False)


@dataclass(frozen=True)
class MineralStop:
    """A mineral solved without and with a stop of the supplier, and what is measured in both.

    `notes` says how far the codes reach, and when there was nothing to stop.
    """

    prepared: PreparedMineral = field(repr=False)
    results: Mapping[str, Result] = field(repr=False)
    measures: tuple[Measure, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class MineralFigure:
    """A measure of a mineral with its interval over the variants, and the rows that it rests on."""

    measure: Measure
    low: float
    high: float
    basis: tuple[str, ...] = field(repr=False)


def mineral_figures(
    base: FactBase,
    commodity: str,
    importer: str,
    supplier: str,
    years: Sequence[int],
    *,
    everyone: bool = False,
    progress: Callable[[str], None] | None = None,
) -> tuple[tuple[MineralFigure, ...], tuple[str, ...]]:
    """The measures of `mineral_stop` with intervals over elasticities and conflicting facts, and its notes.

    Raises
    ------
    ScenarioError : an unknown country, or one for both
    ModelError, SolverError : the mineral is not available, or a year can't be solved
    """
    check_actors(f"mineral {commodity}", importer, supplier, base)
    say = progress or (lambda _: None)
    runs: dict[str, MineralStop] = {}
    for variant in (CENTRAL, *(one for one in VARIANTS if one.rule != CENTRAL.rule or {*one.at} & {*MOVING})):
        say(f"{commodity}: {variant.name}")
        runs[variant.name] = mineral_stop(
            base, commodity, importer, supplier, years, everyone=everyone, variant=variant
        )
    middle = runs[CENTRAL.name]
    extremes: dict[object, list[float]] = {}
    for run in runs.values():
        for m in run.measures:
            extremes.setdefault(m.key, []).append(m.value)
    found = tuple(
        MineralFigure(m, min(extremes[m.key]), max(extremes[m.key]), _basis(middle, m, importer))
        for m in middle.measures
    )
    return found, middle.notes


def _basis(run: MineralStop, m: Measure, importer: str) -> tuple[str, ...]:
    """Rows behind a measure: those of the flows that matter, the price, the elasticities."""
    result = run.results[m.scenario]
    gathered = run.prepared.gathered
    return tuple(
        dict.fromkeys(
            (
                *basis_of(result, result.year(m.year), importer, m.form),
                *gathered.prices[m.form].basis,
                *gathered.evidence.parameters.basis(*PARAMETERS),
            )
        )
    )


def prepare_mineral(
    base: FactBase, commodity: str, year: int, always: Sequence[str], variant: Variant = CENTRAL
) -> PreparedMineral:
    """Gather and reconcile the base year of one mineral.

    Parameters
    ----------
    base, commodity, year : facts, id of the mineral, base year
    always : countries that stand alone whatever their size: importer, supplier
    variant : where the parameters stand, and the rule among conflicting rows

    Raises
    ------
    ModelError, SolverError : the mineral is not available, or its evidence can't be balanced
    """
    parameters = Parameters.of(base, variant.at)
    gathered = gather_one_stage(base, parameters, commodity, year, always, variant.rule)
    balanced = reconcile(gathered.activities, year, gathered.price_values)
    return PreparedMineral(gathered, balanced, keep_apart(balanced))


def market_of(prepared: PreparedMineral, parameters: Parameters, *, new_links: bool = True) -> Market:
    """The calibrated market of a mineral, with new trade links from every maker to every user unless told otherwise."""
    gathered = prepared.gathered.at(parameters)
    links = link_entries(prepared.apart, (), gathered, (gathered.commodity,)) if new_links else []
    return calibrate(prepared.apart, elasticities(parameters), links, gathered.price_values)


def stop_scenario(commodity: str, supplier: str, importer: str, first: int, basis: str) -> Scenario:
    """The supplier sells nothing to the importer ("*" for everyone) from a year on."""
    to = "anyone" if importer == ANY else importer
    title = f"{supplier} sells no {commodity} to {to} from {first}"
    return Scenario(STOP, title, title, (Ban(supplier, importer, commodity, first, None, title, basis),))


def solve_mineral(
    prepared: PreparedMineral, scenario: Scenario, years: Sequence[int], variant: Variant = CENTRAL
) -> Result:
    """Solve one scenario of a mineral over years, the base year first.

    Raises
    ------
    ScenarioError : a ban hits nothing
    SolverError : a year has no solution
    """
    parameters = Parameters.of(prepared.gathered.evidence.base, variant.at)
    market = market_of(prepared, parameters)
    check_instruments(scenario, market.activities)
    growth = steady_growth(parameters, prepared.base_year.year)
    closed = closing(shut(scenario, market.activities))
    return solve_years(market, years, growth, scenario=scenario.name, changes=closed)


def mineral_stop(
    base: FactBase,
    commodity: str,
    importer: str,
    supplier: str,
    years: Sequence[int],
    *,
    everyone: bool = False,
    variant: Variant = CENTRAL,
) -> MineralStop:
    """Solve a mineral without and with a stop of the supplier towards the importer from the second year on.

    Parameters
    ----------
    base, commodity : facts and id of the mineral
    importer, supplier : country ids
    years : in rising order, the base year first; measures are given for each
    everyone : the supplier sells to nobody abroad, not only not to the importer
    variant : where the parameters stand

    Returns
    -------
    measures of both scenarios: use, imports, demand (t), price (USD/t), import_share and mined_in_share of the supplier,
    and unknown_origin_share, which traces back to no mine (scrap, stocks, forms under other codes); for the stop also
    unserved_share and price_ratio against the reference. Where the supplier has no way to sell to the importer there
    is the reference alone; `notes` says so too when it sold nothing in the base year.
    """
    prepared = prepare_mineral(base, commodity, years[0], (importer, supplier), variant)
    reference = Scenario(REFERENCE, "Nothing is stopped", "Nothing is stopped")
    results = {REFERENCE: solve_mineral(prepared, reference, years, variant)}
    stop = stop_scenario(
        commodity,
        supplier,
        ANY if everyone else importer,
        years[1],
        prepared.gathered.prices[commodity].basis[0],
    )
    stops = any(stop.bans[0].hits(activity) for activity in results[REFERENCE].activities)
    if stops:
        results[STOP] = solve_mineral(prepared, stop, years, variant)
    measured = {
        name: [m for year in years for m in measure_mineral(result, year, importer, supplier)]
        for name, result in results.items()
    }
    compared = against(measured[REFERENCE], measured[STOP]) if stops else []
    sold = sum(_sold(prepared.base_year, supplier, None if everyone else importer))
    none = (f"{supplier} sold none of it there in {years[0]}",) if sold == 0 else ()
    both = (*(m for some in measured.values() for m in some), *compared)
    return MineralStop(prepared, results, both, (*prepared.gathered.notes, *none))


def _sold(base_year: BaseYear, supplier: str, importer: str | None) -> list[float]:
    return [
        float(flow)
        for activity, flow in zip(base_year.activities, base_year.flows, strict=True)
        if activity.kind == TRADE and activity.place == supplier and importer in {None, activity.partner}
    ]


def measure_mineral(result: Result, year: int, importer: str, supplier: str) -> list[Measure]:
    """What is measured of a solved mineral in a year, see `mineral_stop`."""
    solved = result.year(year)
    (form,) = {activity.form for activity in result.activities}
    supply = supply_of(result, solved, importer, form)
    rows: list[tuple[str, float | None, str]] = [
        ("use", supply.used, "t"), ("imports", supply.imported, "t"),
        ("demand", demand_served(result, solved, importer, form), "t"),
        ("price", price_of(result, solved, importer, form), "USD_per_t"),
        ("import_share", supply.import_share(supplier), "fraction"),
    ]  # fmt: skip
    row = result.index.get((importer, form))
    if row is not None and supply.used > 0:
        places, shares = origin(mixing(result, solved, lambda _: 1.0), stamp_mined)
        mined = dict(zip(places, shares[row], strict=True))
        rows.append(("mined_in_share", mined.get(supplier, 0.0), "fraction"))
        rows.append(("unknown_origin_share", 1 - sum(mined.values()), "fraction"))
    return [
        Measure(what, form, year, result.scenario, float(value), unit)
        for what, value, unit in rows
        if value is not None and np.isfinite(value)
    ]

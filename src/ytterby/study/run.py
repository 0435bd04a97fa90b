# SPDX-License-Identifier: Apache-2.0
"""Running a case: a base year, its scenarios solved year by year, once at the middle and once per variant.

A variant moves one thing at a time to the end of its stated range: a family of elasticities, the choice among
conflicting facts, what becomes of projects, the demand path, freight. The answers' intervals are the extremes over variants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ytterby.chain import BaseYear, Result
from ytterby.facts import FactBase
from ytterby.facts.choice import DEFAULT_RULE
from ytterby.reconcile import reconcile
from ytterby.scenario import Case, Scenario, changed_plants, check_instruments
from ytterby.study.freight import HIGH, LOW, MIDDLE, Atlas, read
from ytterby.study.holdings import holdings, stock_rule
from ytterby.study.policies import floor_entries, policies
from ytterby.supply.base_year import Gathered, gather
from ytterby.supply.carriage import CARRIAGE, Carried, full, with_freight, without_freight
from ytterby.supply.deposits import Carried as CarriedDeposit
from ytterby.supply.deposits import carry
from ytterby.supply.evidence import REST
from ytterby.supply.growth import reference_growth
from ytterby.supply.made import keep_apart
from ytterby.supply.market import Elasticities, Entry, calibrate
from ytterby.supply.ores import classes_of, reo_per_content
from ytterby.supply.parameters import Parameters
from ytterby.supply.projects import (
    Project,
    Unread,
    idle_plants,
    link_entries,
    mine_activity,
    project_entries,
    read_plants,
    surplus_entries,
    thrift_entries,
)  # fmt: skip
from ytterby.supply.rare_earths import activities
from ytterby.supply.solving import solve_years, together
from ytterby.supply.ways import Charges, gross_content

KINDS = ("mine", "process", "trade", "demand", "surplus", "saving", "purchase", CARRIAGE)
FOLLOWING = ("mine", "process", "demand")
ELASTIC_AS = {"saving": "demand", "purchase": "demand", CARRIAGE: "trade"}
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Variant:
    """One way to run a case: parameters off their middle, a rule among conflicting facts, a demand path, a freight."""

    name: str
    at: Mapping[str, str] = field(default_factory=dict)
    rule: str = DEFAULT_RULE
    demand_path: str = ""
    reading: str = "reading"
    freight: str = MIDDLE


CENTRAL = Variant("central")
VARIANTS: tuple[Variant, ...] = (
    Variant("demand elasticities low", {"elasticity.demand.*": "low"}),
    Variant("demand elasticities high", {"elasticity.demand.*": "high"}),
    Variant("supply elasticities low", {"elasticity.mine.*": "low", "elasticity.process.*": "low"}),
    Variant("supply elasticities high", {"elasticity.mine.*": "high", "elasticity.process.*": "high"}),
    Variant("trade elasticities low", {"elasticity.trade.*": "low"}),
    Variant("trade elasticities high", {"elasticity.trade.*": "high"}),
    Variant(
        "projects low and late",
        {
            "project.construction": "low",
            "project.planned": "low",
            "spare.*": "low",
            "project.delay.*": "high",
            "project.ramp": "high",
        },
    ),
    Variant(
        "projects high and early",
        {
            "project.construction": "high",
            "project.planned": "high",
            "spare.*": "high",
            "project.delay.*": "low",
            "project.ramp": "low",
        },
    ),
    Variant(
        "stocks small", {"stocks.cover.*": "low", "stocks.share": "low", "stocks.release_markup": "high"}
    ),
    Variant(
        "stocks large", {"stocks.cover.*": "high", "stocks.share": "high", "stocks.release_markup": "low"}
    ),
    Variant("lowest among conflicting facts", rule="lowest", reading="low"),
    Variant("highest among conflicting facts", rule="highest", reading="high"),
    Variant("demand on the path of announced pledges", demand_path="APS"),
    Variant("freight low and all room free", {"freight.insurance": "low"}, freight=LOW),
    Variant("freight high", {"freight.insurance": "high"}, freight=HIGH),
)


@dataclass(frozen=True)
class Solved:
    """A scenario solved for one variant, with what came of its plants and deposits."""

    variant: Variant
    scenario: Scenario
    gathered: Gathered = field(repr=False)
    base_year: BaseYear = field(repr=False)
    result: Result = field(repr=False)
    projects: tuple[Project, ...] = field(repr=False)
    unread: tuple[Unread, ...] = field(repr=False)
    carried: tuple[CarriedDeposit, ...]
    demand_path: str
    supplier: str
    freight: Carried = field(repr=False)


@dataclass(frozen=True)
class Prepared:
    """A base year of a case, ready for any scenario: what variants that share it need not do again."""

    gathered: Gathered
    base_year: BaseYear
    atlas: Atlas


def prepare(case: Case, base: FactBase, variant: Variant = CENTRAL, atlas: Atlas | None = None) -> Prepared:
    """Gather and reconcile the base year of a case, and find its routes unless another variant has them.

    Raises
    ------
    ModelError, SolverError : the evidence can't be balanced
    """
    parameters = Parameters.of(base, variant.at)
    always = (case.importer, case.supplier, *case.region)
    gathered = gather(base, parameters, case.base_year, always, variant.rule)
    balanced = reconcile(activities(gathered.evidence), case.base_year, gathered.price_values)
    return Prepared(gathered, keep_apart(balanced), atlas or Atlas.of(case, base))


def solve_scenario(
    case: Case,
    base: FactBase,
    scenario: Scenario,
    prepared: Prepared,
    variant: Variant = CENTRAL,
    years: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> Solved:
    """Solve one scenario of a case year by year.

    Parameters
    ----------
    case, base : the case and the facts
    scenario : the overlay
    prepared : the base year of a variant with the same facts and yields
    variant : where the parameters stand
    years : the years to solve, the base year first; None for all of the case

    Raises
    ------
    ScenarioError : a change of the scenario hits nothing
    SolverError : a year has no solution
    """
    parameters = Parameters.of(base, variant.at)
    gathered = prepared.gathered.at(parameters)
    solved_years = list(years) if years is not None else [case.base_year, *case.years]
    elastic = elasticities(parameters)
    rows = changed_plants(scenario, base)
    projects, unread = read_plants(rows, gathered, case.base_year)
    carried, mines = _deposits(scenario, base, gathered, variant)
    projects = (*projects, *idle_plants(prepared.base_year, rows, gathered), *mines)
    entries = _entries(scenario, prepared.base_year, projects, gathered, solved_years)
    traded = (*prepared.base_year.activities, *(entry.activity for entry in entries))
    atlas = prepared.atlas
    ways = atlas.ways(scenario.name, traded, variant.freight)
    charges = charges_of(atlas, parameters, gathered.price_values, variant.freight)
    freight = with_freight(prepared.base_year, entries, ways, charges, parameters["freight.spread"])
    held = holdings(scenario, prepared.base_year, parameters, base)
    prices = {**gathered.price_values, CARRIAGE: 0.0}
    market = calibrate(freight.base_year, elastic, freight.entries, prices, held, stock_rule(parameters))
    path = variant.demand_path or case.demand_path
    growth = reference_growth(base, parameters, case.base_year, path, case.supplier)
    instruments = policies(scenario, market, gathered.price_values)
    rooms = atlas.rooms(variant.freight)
    narrow = full(rooms, freight.shipments, market.activities, case.base_year)
    result = solve_years(
        market,
        solved_years,
        growth,
        scenario=scenario.name,
        changes=together([instruments, narrow]),
        progress=progress,
    )
    result, moved = without_freight(result, freight.shipments, rooms)
    return Solved(
        variant, scenario, gathered, freight.delivered, result, projects, unread, carried, path, case.supplier, moved
    )  # fmt: skip


def charges_of(atlas: Atlas, parameters: Parameters, value: Mapping[str, float], reading: str) -> Charges:
    """What a form pays on a way, at a reading of the cost of time."""
    per_day = read(atlas.network.rates.at("all", "time_value").interval, reading)
    return Charges(gross_content(parameters), value, parameters["freight.insurance"], per_day)


def _entries(
    scenario: Scenario,
    base_year: BaseYear,
    projects: Sequence[Project],
    gathered: Gathered,
    years: Sequence[int],
) -> list[Entry]:
    """The market's columns without base flow.

    Raises
    ------
    ScenarioError : an instrument of the scenario hits neither one of them nor one with base flow
    """
    entries = [
        *project_entries(projects, gathered, years),
        *link_entries(base_year, projects, gathered),
        *surplus_entries(base_year, projects, gathered),
        *thrift_entries(base_year, projects, gathered),
    ]
    check_instruments(scenario, (*base_year.activities, *(entry.activity for entry in entries)))
    slope = gathered.evidence.parameters["floor.slope"]
    return entries + floor_entries(scenario, base_year, gathered.price_values, years, slope)


def elasticities(parameters: Parameters) -> Elasticities:
    """The market's elasticities from the stated parameters."""
    return Elasticities(
        {kind: parameters[f"elasticity.{ELASTIC_AS.get(kind, kind)}.short"] for kind in KINDS},
        {kind: parameters[f"elasticity.{kind}.long"] for kind in FOLLOWING},
        parameters["adjustment.rate"],
        {"mine": parameters["spare.mine"], "process": parameters["spare.process"]},
        parameters["slope.process_value_share"],
        parameters["adjustment.mothball"],
    )


def _deposits(
    scenario: Scenario, base: FactBase, gathered: Gathered, variant: Variant
) -> tuple[tuple[CarriedDeposit, ...], tuple[Project, ...]]:
    carried, projects = [], []
    for taken in scenario.deposits:
        row = base.row(getattr(taken, variant.reading))
        reo, conversions = reo_per_content(base, row)
        what = carry(row, gathered.evidence.parameters, reo)
        classes = classes_of(base)
        ore_class = classes.get(row["country"], classes[REST])[0][0]
        mine = mine_activity(row["country"], ore_class, (*what.basis, *conversions))
        carried.append(what)
        projects.append(
            Project(row["id"], mine.place, mine, what.output, float(taken.start), 1.0, committed=True)
        )
    return tuple(carried), tuple(projects)


def shared_key(variant: Variant) -> tuple[object, ...]:
    """What of a variant its base year depends on: variants with the same key share one."""
    moved = tuple(
        sorted(
            (k, v)
            for k, v in variant.at.items()
            if not k.startswith(("elasticity.", "project.", "spare.", "stocks.", "freight."))
        )
    )
    return (variant.rule, moved)

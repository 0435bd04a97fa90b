# SPDX-License-Identifier: Apache-2.0
"""What is measured in a solved scenario: dependence, prices, what a region delivers, who holds which stage.

A measure is one number with its key (measure, form, year, scenario). Intervals are the extremes of the same key over
the variants of a case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ytterby.chain import MINE, PROCESS, Activity, Result, YearResult
from ytterby.dependence import (
    Supply,
    demand_served,
    mixing,
    origin,
    output_of,
    price_of,
    rents_by_stage,
    stamp_mined,
    stamp_process,
    supply_of,
    touched,
)  # fmt: skip
from ytterby.scenario import Case
from ytterby.study.run import Solved
from ytterby.supply.base_year import Gathered
from ytterby.supply.evidence import METALS
from ytterby.supply.magnets import recipe
from ytterby.supply.mine_and_separate import recovery
from ytterby.supply.ores import GROUPS
from ytterby.supply.ways import gross_content

OXIDES = tuple(f"oxide:{group}" for group in GROUPS)
STAGES = {
    "mine": "mining",
    "separate": "separation",
    "metal": "metal making",
    "sinter": "magnet making",
    "recycle": "recycling",
}
ALL_GOODS = "all goods"
CONCENTRATE = "concentrate:"
Key = tuple[str, str, int, str]


@dataclass(frozen=True)
class Measure:
    """One number: what is measured, of which form, in which year and scenario, and its unit."""

    measure: str
    form: str
    year: int
    scenario: str
    value: float
    unit: str

    @property
    def key(self) -> Key:
        """What tells this measure from all others."""
        return (self.measure, self.form, self.year, self.scenario)


def measure(case: Case, solved: Solved, years: Iterable[int]) -> list[Measure]:
    """All measures of a solved scenario in the given years."""
    run = _Run(case, solved)
    return [found for year in years for found in _Year(run, solved.result.year(year)).all()]


def against(reference: Iterable[Measure], other: Iterable[Measure]) -> list[Measure]:
    """Measures of a scenario against the reference: demand that goes unserved and price ratios."""
    before = {(m.measure, m.form, m.year): m.value for m in reference}
    found = []
    for m in other:
        base = before.get((m.measure, m.form, m.year), 0.0)
        if m.measure == "demand" and base > 0:
            found.append(
                Measure("unserved_share", m.form, m.year, m.scenario, 1 - m.value / base, "fraction")
            )
        if m.measure == "price" and base > 0:
            found.append(Measure("price_ratio", m.form, m.year, m.scenario, m.value / base, "fraction"))
    return found


def oxide_content(gathered: Gathered) -> dict[str, dict[str, float]]:
    """T of oxide of each group per t of form, for magnets, metals and oxides."""
    parameters = gathered.evidence.parameters
    inputs, _ = recipe(gathered.evidence)
    per_metal = {g: 1 / parameters[f"metal_per_oxide.{g}"] for g in METALS}
    content = {"magnet": {g: t * per_metal.get(g, 1.0) for g, t in inputs.items()}}
    content["scrap"] = content["magnet"]
    content |= {f"metal:{g}": {g: ratio} for g, ratio in per_metal.items()}
    content |= {f"oxide:{g}": {g: 1.0} for g in GROUPS}
    return content


@dataclass(frozen=True)
class _Run:
    """What all years of a solved scenario have in common."""

    case: Case
    solved: Solved

    @cached_property
    def content(self) -> dict[str, dict[str, float]]:
        return oxide_content(self.solved.gathered)

    @cached_property
    def places(self) -> list[str]:
        return sorted({place for place, _ in self.solved.result.balances})

    @cached_property
    def concentrates(self) -> list[str]:
        forms = {form.partition("@")[0] for _, form in self.solved.result.balances}
        return sorted(form for form in forms if form.startswith(CONCENTRATE))

    @cached_property
    def sent(self) -> list[int]:
        """Columns that send the region's concentrate somewhere, home included."""
        return [
            column
            for column, activity in enumerate(self.solved.result.activities)
            if activity.partner
            and activity.place in self.case.region
            and activity.form.startswith(CONCENTRATE)
        ]


class _Year:
    """One solved year of a case, measured."""

    def __init__(self, run: _Run, year: YearResult) -> None:
        self.run, self.year = run, year
        self.case, self.solved, self.result, self.content = (
            run.case,
            run.solved,
            run.solved.result,
            run.content,
        )
        self.mix = mixing(self.result, year, self.mass)

    def mass(self, form: str) -> float:
        """T REO per t of a form; a concentrate is counted in REO already."""
        return sum(self.content.get(form.partition("@")[0], {"": 1.0}).values())

    def all(self) -> list[Measure]:
        """Every measure of the year."""
        rows = [*self._importer(), *self._stages(), *self._region(), *self._rooms()]
        return [
            Measure(what, form, self.year.year, self.solved.scenario.name, float(value), unit)
            for what, form, value, unit in rows
            if value is not None and np.isfinite(value)
        ]

    def _importer(self) -> list[tuple[str, str, float | None, str]]:
        importer, supplier, region = self.case.importer, self.case.supplier, self.case.region
        mined = _Origin(self.result, *origin(self.mix, stamp_mined))
        made = _Origin(self.result, *origin(self.mix, stamp_process("separate", "recycle")))
        touch = touched(self.mix, supplier)
        rows: list[tuple[str, str, float | None, str]] = []
        for form in self.case.forms:
            supply = supply_of(self.result, self.year, importer, form)
            row = self.result.index.get((importer, form))
            rows += [
                ("use", form, supply.used, "t"), ("imports", form, supply.imported, "t"),
                ("import_share", form, supply.import_share(supplier), "fraction"),
                ("price", form, price_of(self.result, self.year, importer, form), "USD_per_t"),
            ]  # fmt: skip
            if row is not None and supply.used > 0:
                rows += [
                    ("mined_in_share", form, mined.share((importer, form), [supplier]), "fraction"),
                    ("separated_in_share", form, made.share((importer, form), [supplier]), "fraction"),
                    ("touched_share", form, float(touch[row]), "fraction"),
                    ("region_mined_share", form, mined.share((importer, form), region), "fraction"),
                ]
        rows.append(("import_share", "oxides", self._oxide_import_share(supplier), "fraction"))
        rows.append(("demand", "magnet", demand_served(self.result, self.year, importer, "magnet"), "t"))
        return rows

    def _oxide_import_share(self, supplier: str) -> float | None:
        supplies: list[Supply] = [
            supply_of(self.result, self.year, self.case.importer, form) for form in OXIDES
        ]
        total = sum(supply.imported for supply in supplies)
        return sum(supply.imports.get(supplier, 0.0) for supply in supplies) / total if total > 0 else None

    def _stages(self) -> list[tuple[str, str, float | None, str]]:
        """World output per stage and the supplier's share; rents by stage outside the supplier."""
        rows: list[tuple[str, str, float | None, str]] = []
        for name, forms in (
            ("concentrate", self.run.concentrates), ("oxide:ndpr", ("oxide:ndpr",)), ("oxide:dy", ("oxide:dy",)),
            ("metal:ndpr", ("metal:ndpr",)), ("magnet", ("magnet",)),
        ):  # fmt: skip
            world = sum(output_of(self.result, self.year, self.run.places, form) for form in forms)
            there = sum(output_of(self.result, self.year, [self.case.supplier], form) for form in forms)
            rows += [("world_output", name, world, "t"), ("supplier_output", name, there, "t")]
            rows.append(("supplier_share", name, there / world if world > 0 else None, "fraction"))
        return [*rows, *self._rents()]

    def _rents(self) -> list[tuple[str, str, float | None, str]]:
        """What full capacities outside the supplier earn beyond their cost, by stage and in all; each stage's share."""
        earned = rents_by_stage(self.result, self.year, self._stage_outside)
        rents = {stage: earned.get(stage, 0.0) for stage in STAGES.values()}
        total = sum(rents.values())
        return [
            ("chain_rent", "", total, "USD"),
            *(("scarcity_rent", stage, rent, "USD") for stage, rent in rents.items()),
            *(("rent_share", stage, rent / total if total > 0 else None, "fraction") for stage, rent in rents.items()),
        ]  # fmt: skip

    def _stage_outside(self, activity: Activity) -> str | None:
        if activity.place == self.case.supplier or activity.kind not in {MINE, PROCESS}:
            return None
        return STAGES.get(activity.form.partition(":")[0] if activity.kind == PROCESS else "mine")

    def _region(self) -> list[tuple[str, str, float | None, str]]:
        """What the region mines, contains and makes, beside what the importer needs, in t of oxide."""
        region = self.case.region
        ores, parameters = self.solved.gathered.ores, self.solved.gathered.evidence.parameters
        mined = {form: output_of(self.result, self.year, region, form) for form in self.run.concentrates}
        rows: list[tuple[str, str, float | None, str]] = [
            ("region_output", "concentrate", sum(mined.values()), "t"),
            (
                "region_gross",
                "concentrate",
                sum(t * gross_content(parameters)(f) for f, t in mined.items()),
                "t",
            ),
        ]
        for group in GROUPS:
            form = f"oxide:{group}"
            held = sum(t * ores[f.partition(":")[2]].shares[group] for f, t in mined.items()) * recovery(
                parameters
            )
            need = self._need(group)
            rows += [
                ("region_output", form, output_of(self.result, self.year, region, form), "t"),
                ("region_potential", form, held, "t"), ("need", form, need, "t"),
                ("region_potential_share", form, held / need if need > 0 else None, "fraction"),
            ]  # fmt: skip
        rows.append(
            ("region_separated_in_supplier", "concentrate", self._separated_in_supplier(), "fraction")
        )
        return rows

    def _rooms(self) -> list[tuple[str, str, float | None, str]]:
        """Of the fullest stated capacity the share in use, and the highest rent of one, USD per gross tonne."""
        names = {room.name for room in self.solved.freight.rooms}
        limits = [limit for limit in self.year.limits if limit.name in names]
        used = [limit.used / limit.limit for limit in limits if limit.limit > 0]
        return [
            ("room_used", ALL_GOODS, max(used, default=None), "fraction"),
            ("room_rent", ALL_GOODS, max((limit.rent for limit in limits), default=None), "USD_per_t"),
        ]

    def _need(self, group: str) -> float:
        """What the importer's final demand takes of an oxide group, in t of oxide, magnets included."""
        magnets = demand_served(self.result, self.year, self.case.importer, "magnet")
        plain = demand_served(self.result, self.year, self.case.importer, f"oxide:{group}")
        return magnets * self.content["magnet"].get(group, 0.0) + plain

    def _separated_in_supplier(self) -> float | None:
        """Share of the region's concentrate that goes to the supplier's plants directly."""
        sent, there = 0.0, 0.0
        for column in self.run.sent:
            flow = float(self.year.flows[column])
            sent += flow
            there += flow if self.result.activities[column].partner == self.case.supplier else 0.0
        return there / sent if sent > 1.0 else None


class _Origin:
    """Shares of origin of balances, by place."""

    def __init__(self, result: Result, places: Sequence[str], shares: np.ndarray) -> None:
        self.index = result.index
        self.column: Mapping[str, int] = {place: number for number, place in enumerate(places)}
        self.shares = shares

    def share(self, balance: tuple[str, str], places: Sequence[str]) -> float:
        """Share of a balance that comes from the places together."""
        row = self.shares[self.index[balance]]
        return float(sum(row[self.column[place]] for place in places if place in self.column))

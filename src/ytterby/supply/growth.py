# SPDX-License-Identifier: Apache-2.0
"""How reference quantities move over the years before prices answer: demand paths and the capacity of what exists.

Straight lines between published years; outside them the nearest published year holds.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ytterby.chain import DEMAND, MINE, PROCESS, Activity
from ytterby.errors import ModelError
from ytterby.facts import FactBase
from ytterby.supply.parameters import Parameters

Path = tuple[tuple[int, float], ...]
MAGNET_REE = "magnet_ree"
END_USES = ("electric vehicles", "wind", "other uses")


def at(path: Path, year: int) -> float:
    """A path's value in a year: straight between its points, constant outside them."""
    if year <= path[0][0]:
        return path[0][1]
    for (left, low), (right, high) in itertools.pairwise(path):
        if left <= year <= right:
            return low + (high - low) * (year - left) / (right - left)
    return path[-1][1]


def demand_path(base: FactBase, end_use: str, scenario: str) -> tuple[Path, tuple[str, ...]]:
    """World neodymium demand of an end use by year in t on a published path, and its rows.

    Raises
    ------
    ModelError : the path has fewer than two years
    """
    rows = [
        row
        for row in base.rows("demand", commodity="nd", country="WLD", end_use=end_use, measure="quantity")
        if row["scenario"] in {"base year", scenario} and row["value"] is not None
    ]
    path = tuple(sorted((int(row["year"]), float(row["value"])) for row in rows))
    if len(path) < 2:
        known = sorted({row["scenario"] for row in base.rows("demand", commodity="nd", end_use=end_use)})
        raise ModelError(
            f"demand.csv nd {end_use}", f'path "{scenario}"', ", ".join(known), "use a published path"
        )
    return path, tuple(row["id"] for row in rows)


def supplier_path(base: FactBase, country: str, stage: str, base_year: int) -> tuple[Path, tuple[str, ...]]:
    """A country's capacity at a stage over the base year's: its projected share times the projected world supply.

    Shares and supply count the magnet rare earths alike, as published; of several rows of a year the newest counts.
    """
    shares = [
        row
        for row in base.rows(
            "stage_shares", measure="stage_share", stage=stage, country=country, commodity=MAGNET_REE
        )
        if row["value"] is not None
        and row["confidence"] != "unconfirmed"
        and (row["projection"] or row["year"] <= base_year)
    ]
    supply = [
        row
        for row in base.rows("demand", commodity=MAGNET_REE, country="WLD", measure="supply")
        if row["scenario"] == "STEPS" and row["value"] is not None
    ]
    share_path = _newest_by_year(shares)
    supply_path = tuple(sorted((int(row["year"]), float(row["value"])) for row in supply))
    if not share_path or not supply_path:
        return ((base_year, 1.0),), ()
    years = sorted({year for year, _ in (*share_path, *supply_path) if year >= base_year} | {base_year})
    level = {year: at(share_path, year) * at(supply_path, year) for year in years}
    path = tuple((year, level[year] / level[base_year]) for year in years)
    return path, tuple(row["id"] for row in (*shares, *supply))


def _newest_by_year(rows: Sequence[Mapping[str, object]]) -> Path:
    newest: dict[int, tuple[str, float]] = {}
    for row in rows:
        year, known, value = int(str(row["year"])), str(row["as_of"] or ""), float(str(row["value"]))
        if year not in newest or known >= newest[year][0]:
            newest[year] = (known, value)
    return tuple((year, value) for year, (_, value) in sorted(newest.items()))


@dataclass(frozen=True)
class ReferenceGrowth:
    """Reference quantity of an activity in a year over the base year's. Called by the market for every column."""

    base_year: int
    demand: Mapping[str, Path]
    other_demand: float
    suppliers: Mapping[tuple[str, str], Path]
    others: float

    def __call__(self, activity: Activity, year: int) -> float:
        """Growth factor of the activity's reference quantity."""
        years = year - self.base_year
        if activity.kind == DEMAND:
            if activity.name in self.demand:
                return at(self.demand[activity.name], year) / at(self.demand[activity.name], self.base_year)
            return float((1 + self.other_demand) ** years)
        if activity.kind in {MINE, PROCESS}:
            stage = activity.name.partition(":")[0]
            path = self.suppliers.get((activity.place, stage))
            return at(path, year) if path is not None else float((1 + self.others) ** years)
        return 1.0


def reference_growth(
    base: FactBase, parameters: Parameters, base_year: int, demand_scenario: str, supplier: str
) -> ReferenceGrowth:
    """Growth of the chain: demand on a published path, the dominant supplier on its projected one, others by parameter.

    Metal and magnet making, for which no projection is published, keep pace with magnet demand where the supplier is.
    """
    demand = {use: demand_path(base, use, demand_scenario)[0] for use in END_USES}
    years = sorted({base_year, *(year for path in demand.values() for year, _ in path if year > base_year)})
    total = {year: sum(at(path, year) for path in demand.values()) for year in years}
    magnets: Path = tuple((year, value / total[base_year]) for year, value in total.items())
    suppliers = {
        (supplier, MINE): supplier_path(base, supplier, "mine", base_year)[0],
        (supplier, "separate"): supplier_path(base, supplier, "separation", base_year)[0],
        (supplier, "metal"): magnets, (supplier, "sinter"): magnets, (supplier, "recycle"): magnets,
    }  # fmt: skip
    return ReferenceGrowth(
        base_year, demand, parameters["growth.other_uses"], suppliers, parameters["growth.other_capacity"]
    )


def growth_basis(base: FactBase, base_year: int, demand_scenario: str, supplier: str) -> tuple[str, ...]:
    """Rows that the growth paths rest on."""
    rows = [i for use in END_USES for i in demand_path(base, use, demand_scenario)[1]]
    for stage in ("mine", "separation"):
        rows += supplier_path(base, supplier, stage, base_year)[1]
    return tuple(dict.fromkeys(rows))

# SPDX-License-Identifier: Apache-2.0
"""What the trade statistics show of a region: its exports of rare-earth compounds and metals, in t gross."""

from __future__ import annotations

from dataclasses import dataclass

from ytterby.facts import FactBase
from ytterby.scenario import Case
from ytterby.supply.base_year import CODES

YEARS = 2


@dataclass(frozen=True)
class Export:
    """One row of the trade statistics: t gross, USD."""

    id: str
    year: int
    exporter: str
    importer: str
    quantity: float
    value: float


def region_exports(base: FactBase, case: Case) -> tuple[Export, ...]:
    """Exports of the region in the base year and the year before, rows with a quantity only."""
    years = range(case.base_year - YEARS + 1, case.base_year + 1)
    return tuple(
        Export(
            row["id"],
            row["year"],
            row["exporter"],
            row["importer"],
            row["quantity_t"],
            1000 * row["value_kusd"],
        )
        for row in base.trade(CODES, list(years))
        if row["exporter"] in case.region and row["quantity_t"] is not None
    )

# SPDX-License-Identifier: Apache-2.0
"""A solved scenario as tables: flows, activities, prices and rents by year, each row with what it rests on.

Vectors become rows; nothing is computed. Flows below a gram a year and rents below a millionth of a dollar a tonne
are the solver's rounding and left out; a balance that nothing passes has no price (None).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ytterby.chain import TRADE, Activity, YearResult
from ytterby.errors import ScenarioError
from ytterby.study.run import Solved

ROUNDING = 1e-6
Row = Mapping[str, Any]
Tables = dict[str, list[Row]]


def tables_of(solved: Solved, years: Sequence[int] | None = None) -> Tables:
    """Tables by name of a solved scenario.

    Parameters
    ----------
    solved : the scenario
    years : only these years; None for all that were solved

    Returns
    -------
    flows (year, name, form, exporter, importer, quantity_t, basis),
    activities (year, kind, name, form, place, quantity_t, capacity_t or None, basis),
    prices (year, form, place, price_usd_per_t or None),
    rents (year, kind, name, form, place, partner, capacity_t, rent_usd_per_t),
    stocks (year, name, form, place, held_t at the end of the year),
    limits (year, name, limit_t, used_t, rent_usd_per_t, basis): on several activities together,
    freight (year, exporter, importer, form, cargo, way, quantity_t gross, days, haul_usd_per_t, cost_usd_per_t with
    insurance and interest, rate_usd_per_t of the haul, basis), all per gross tonne,
    years (year, method, residual [1])

    Raises
    ------
    ScenarioError : a year that was not solved
    """
    chosen = _chosen(solved, years)
    return {
        **{name: [row for year in chosen for row in rows(solved, year)] for name, rows in _BY_YEAR.items()},
        "freight": _freight(solved, {year.year for year in chosen}),
        "years": [{"year": y.year, "method": y.method, "residual": float(y.residual)} for y in chosen],
    }


def _chosen(solved: Solved, years: Sequence[int] | None) -> list[YearResult]:
    known = [year.year for year in solved.result.years]
    for year in years or ():
        if year not in known:
            where = f"scenario {solved.scenario.name}"
            raise ScenarioError(
                where, f"year {year}", f"{known[0]} to {known[-1]}", "ask for a year that is solved"
            )
    return [year for year in solved.result.years if years is None or year.year in years]


def _moving(solved: Solved, year: YearResult) -> Iterator[tuple[int, Activity]]:
    """Columns with a flow of at least a gram, and their activities."""
    for column, activity in enumerate(solved.result.activities):
        if year.flows[column] >= ROUNDING:
            yield column, activity


def _flows(solved: Solved, year: YearResult) -> Iterator[Row]:
    for column, activity in _moving(solved, year):
        if activity.kind == TRADE:
            yield {
                "year": year.year,
                "name": activity.name,
                "form": activity.form,
                "exporter": activity.place,
                "importer": activity.partner,
                "quantity_t": float(year.flows[column]),
                "basis": activity.basis,
            }


def _activities(solved: Solved, year: YearResult) -> Iterator[Row]:
    for column, activity in _moving(solved, year):
        if activity.kind != TRADE:
            yield {
                "year": year.year,
                "kind": activity.kind,
                "name": activity.name,
                "form": activity.form,
                "place": activity.place,
                "quantity_t": float(year.flows[column]),
                "capacity_t": _limit(year, column),
                "basis": activity.basis,
            }


def _prices(solved: Solved, year: YearResult) -> Iterator[Row]:
    for (place, form), price in zip(solved.result.balances, year.prices, strict=True):
        known = float(price) if np.isfinite(price) else None
        yield {"year": year.year, "form": form, "place": place, "price_usd_per_t": known}


def _rents(solved: Solved, year: YearResult) -> Iterator[Row]:
    for column, activity in enumerate(solved.result.activities):
        if year.rents[column] >= ROUNDING:
            yield {
                "year": year.year,
                "kind": activity.kind,
                "name": activity.name,
                "form": activity.form,
                "place": activity.place,
                "partner": activity.partner,
                "capacity_t": _limit(year, column),
                "rent_usd_per_t": float(year.rents[column]),
            }


def _stocks(solved: Solved, year: YearResult) -> Iterator[Row]:
    for (name, place, form), held in zip(solved.result.stocks, year.held, strict=True):
        if held >= ROUNDING:
            yield {"year": year.year, "name": name, "form": form, "place": place, "held_t": float(held)}


def _limits(_: Solved, year: YearResult) -> Iterator[Row]:
    for one in year.limits:
        yield {
            "year": year.year,
            "name": one.name,
            "limit_t": one.limit,
            "used_t": one.used,
            "rent_usd_per_t": one.rent,
            "basis": one.basis,
        }


def _freight(solved: Solved, years: set[int]) -> list[Row]:
    """What goes which way: hauls whose ways are columns of the market."""
    moved = solved.freight
    return [
        {
            "year": year,
            "exporter": shipment.way.exporter,
            "importer": shipment.way.importer,
            "form": shipment.form,
            "cargo": shipment.way.cargo,
            "way": shipment.way.name,
            "quantity_t": float(moved.flows[row, column]),
            "days": shipment.way.days,
            "haul_usd_per_t": shipment.way.usd_per_t,
            "cost_usd_per_t": shipment.usd_per_t,
            "rate_usd_per_t": float(moved.rates[row, column]),
            "basis": shipment.way.basis,
        }
        for row, year in enumerate(moved.years)
        if year in years
        for column, shipment in enumerate(moved.shipments)
        if moved.flows[row, column] >= ROUNDING
    ]


def _limit(year: YearResult, column: int) -> float | None:
    """Capacity in t, or None where there is no limit."""
    return float(year.capacity[column]) if np.isfinite(year.capacity[column]) else None


_BY_YEAR: Mapping[str, Callable[[Solved, YearResult], Iterator[Row]]] = {
    "flows": _flows, "activities": _activities, "prices": _prices, "rents": _rents, "stocks": _stocks, "limits": _limits,
}  # fmt: skip
TABLES = (*_BY_YEAR, "freight", "years")

# SPDX-License-Identifier: Apache-2.0
"""Routes, losses, comparisons and capacities as plain rows for tables and JSON. Money in USD per tonne, time in days."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from ytterby.routes.capacity import Capacity
from ytterby.routes.comparison import Comparison
from ytterby.routes.definitions import Item, Leg, Route
from ytterby.routes.exposure import Stress
from ytterby.routes.intervals import Interval

DIGITS = 3
SIDES = ("with", "without", "through")


def route_row(route: Route, rank: int) -> dict[str, Any]:
    """A route as a row."""
    return {
        "rank": rank,
        "km": _round(route.km.mid),
        "days": _round(route.days.mid),
        **_usd(route.usd_per_t),
        "kg_co2_per_t": _round(route.kg_co2_per_t),
        "legs": [leg_row(leg) for leg in route.legs],
        "states": list(route.states),
        "chokepoints": list(route.chokepoints),
        "corridors": list(route.corridors),
        "share_estimated": _round(route.share_estimated),
        "basis": list(route.basis),
    }


def leg_row(leg: Leg) -> dict[str, Any]:
    """A leg as a row, with its items."""
    segment = leg.segment
    return {
        "from": leg.origin,
        "to": leg.destination,
        "mode": segment.mode,
        "segment": segment.id,
        "km_low": _round(segment.km.low),
        "km": _round(segment.km.mid),
        "km_high": _round(segment.km.high),
        **_days(leg.days),
        **_usd(leg.usd_per_t),
        "kg_co2_per_t": _round(leg.kg_co2_per_t),
        "corridor": segment.corridor,
        "status": segment.status,
        "open_year": segment.open_year,
        "confidence": segment.confidence,
        "restrictions": list(leg.restrictions),
        "items": [item_row(item) for item in leg.items],
        "basis": list(leg.basis),
    }


def item_row(item: Item) -> dict[str, Any]:
    """A part of a leg as a row."""
    row = {"item": item.name, "at": item.at, **_days(item.days), **_usd(item.usd_per_t)}
    return row | {"basis": list(item.basis)}


def stress_record(stress: Stress) -> dict[str, Any]:
    """Exposure of a pair: what each closure costs more, None where no route is left, and the fewest that cut it."""
    losses = [
        {
            "kind": loss.kind,
            "name": loss.name,
            "needed": loss.route is None,
            "usd_per_t_more": None if loss.usd_per_t is None else _round(loss.usd_per_t),
            "days_more": None if loss.days is None else _round(loss.days),
            "states_then": [] if loss.route is None else list(loss.route.states),
        }
        for loss in stress.losses
    ]
    fewest = {
        "states": stress.fewest_states, "chokepoints": stress.fewest_chokepoints, "segments": stress.fewest_segments,
    }  # fmt: skip
    return {
        "route": list(stress.route.segments),
        "losses": losses,
        "fewest": {kind: None if names is None else list(names) for kind, names in fewest.items()},
    }


def comparison_row(found: Comparison, sides: Sequence[str] = SIDES) -> dict[str, Any]:
    """A pair in a year with, without and through a corridor, as a row; empty cells where there is no route."""
    row: dict[str, Any] = {"from": found.origin, "to": found.destination, "year": found.year}
    routes = dict(zip(SIDES, (found.with_it, found.without, found.through), strict=True))
    for name in sides:
        route = routes[name]
        row |= {
            f"usd_per_t_{name}": route and _round(route.usd_per_t.mid),
            f"days_{name}": route and _round(route.days.mid),
            f"states_{name}": [] if route is None else list(route.states),
        }
    return row | ({"rank_through": found.rank} if "through" in sides else {})


def capacity_row(found: Capacity) -> dict[str, Any]:
    """A capacity as a row, t per year; None where it has no stated limit."""
    return {
        "t_per_year": _round(found.t_per_year) if isfinite(found.t_per_year) else None,
        "unlimited": not isfinite(found.t_per_year),
        "binding": [
            {
                "segments": list(limit.segments),
                "t_per_year": limit.t_per_year,
                "others_t_per_year": limit.others,
                "basis": list(limit.basis),
            }
            for limit in found.binding
        ],
        "segments_with_capacity": found.stated,
        "segments_without_capacity": found.unstated,
        "basis": list(found.basis),
    }


def _usd(interval: Interval) -> dict[str, float]:
    low, mid, high = (_round(number) for number in (interval.low, interval.mid, interval.high))
    return {"usd_per_t_low": low, "usd_per_t": mid, "usd_per_t_high": high}


def _days(interval: Interval) -> dict[str, float]:
    low, mid, high = (_round(number) for number in (interval.low, interval.mid, interval.high))
    return {"days_low": low, "days": mid, "days_high": high}


def _round(number: float) -> float:
    return round(float(number), DIGITS)

# SPDX-License-Identifier: Apache-2.0
"""How the command `routes` shows what it found on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from ytterby.cli.output import emit, say, show_table

if TYPE_CHECKING:
    from ytterby.routes import Capacity, Interval, Leg, Network, Place, Query, Route, Stress

ORDER = {
    "cost": "cheapest", "days": "fastest", "km": "shortest", "co2": "least CO2", "generalised": "least generalised cost",
}  # fmt: skip


def show_routes(net: Network, ends: tuple[Place, Place], query: Query, found: Sequence[Route]) -> None:
    """Routes as a table, the legs of the first, and the acts that restrict it."""
    cargo = query.cargo.replace("_", "-")
    emit([
        f"{_place(ends[0])} to {_place(ends[1])}, end of {query.year}, {cargo} cargo, {ORDER[query.by]} first\n\n"
    ])  # fmt: skip
    rows = [_route(rank, route) for rank, route in enumerate(found, 1)]
    show_table(list(rows[0]), rows)
    emit(["\nroute 1\n\n"])
    legs = [_leg(leg) for leg in found[0].legs]
    show_table(list(legs[0]), legs)
    acts = {policy.id: policy.measure for policy in net.policies}
    restrictions = [f"restricted by {name}: {acts[name]}\n" for name in found[0].restrictions]
    emit(["\n", *restrictions])
    say(
        "USD and days: middle reading and range; --json gives items and rows; ytterby trace ROW shows a row's source"
    )


def _place(place: Place) -> str:
    nodes = " or ".join(place.nodes)
    if place.km is not None:
        return f"{place.name} ({place.kind}, {place.km:.0f} km from {nodes}, not counted)"
    return place.name if place.kind == "node" else f"{place.name} ({nodes})"


def _range(interval: Interval, digits: int = 0) -> str:
    return f"{interval.mid:.{digits}f} ({interval.low:.{digits}f} to {interval.high:.{digits}f})"


def _route(rank: int, route: Route) -> dict[str, Any]:
    return {
        "rank": rank,
        "USD/t": _range(route.usd_per_t),
        "days": _range(route.days),
        "km": round(route.km.mid),
        "kg CO2/t": round(route.kg_co2_per_t),
        "states": "-".join(route.states),
        "chokepoints": ", ".join(route.chokepoints),
        "gauge breaks": len(route.gauge_breaks),
        "estimated": f"{route.share_estimated:.0%}",
        "corridors": ", ".join(route.corridors),
    }


def _leg(leg: Leg) -> dict[str, Any]:
    parts = [f"{item.name} {item.usd_per_t.mid:.0f} USD {item.days.mid:.1f} d" for item in leg.items]
    opening = f", opens {leg.segment.open_year}" if leg.segment.status in {"construction", "planned"} else ""
    return {
        "from": leg.origin,
        "to": leg.destination,
        "by": leg.segment.mode,
        "km": round(leg.segment.km.mid),
        "USD/t": _range(leg.usd_per_t),
        "days": f"{leg.days.mid:.1f}",
        "corridor": leg.segment.corridor + opening,
        "made of": "; ".join(parts),
    }


def _more(number: float, digits: int) -> str:
    return f"{round(number, digits) + 0.0:+.{digits}f}"


def show_stress(found: Stress) -> None:
    """What each closure costs, and the fewest that leave no route."""
    emit(["\nif it closes (by rail, road, sea and ferry, unless modes were named)\n\n"])
    rows = [
        {
            "closes": loss.kind,
            "name": loss.name,
            "USD/t more": "no route left" if loss.usd_per_t is None else _more(loss.usd_per_t, 0),
            "days more": "" if loss.days is None else _more(loss.days, 1),
            "states then": "" if loss.route is None else "-".join(loss.route.states),
        }
        for loss in found.losses
    ]
    show_table(list(rows[0]), rows)
    fewest = (
        ("states", found.fewest_states), ("chokepoints", found.fewest_chokepoints), ("segments", found.fewest_segments),
    )  # fmt: skip
    needed = (
        ", ".join(f"{loss.kind} {loss.name}" for loss in found.needed)
        or "no state, chokepoint or segment alone"
    )
    emit([f"\nevery route needs: {needed}\n"])
    for kind, names in fewest:
        told = f"no {kind} that cut all routes" if names is None else ", ".join(names)
        emit([f"fewest {kind} whose joint closure leaves no route: {told}\n"])


def show_capacity(found: Capacity) -> None:
    """How much can pass, what binds, and how much of the network states no capacity."""
    if isfinite(found.t_per_year):
        limits = "; ".join(
            f"{', '.join(limit.segments)} {limit.t_per_year / 1e6:g} Mt"
            + (f" (others last carried {limit.others / 1e6:g} Mt)" if limit.others else "")
            for limit in found.binding
        )
        told = f"at most {found.t_per_year / 1e6:g} Mt a year can pass, held by {limits or 'the lack of any route'}"
    else:
        told = "no stated capacity holds all routes"
    emit([f"\n{told}\n"])
    every = found.stated + found.unstated
    emit([f"{found.unstated} of {every} open segments state no capacity and count as unlimited\n"])


def show_comparisons(rows: Sequence[Mapping[str, Any]], corridor: str, sides: Sequence[str]) -> None:
    """Pairs and years with, without and through a corridor; years in a row that agree are told once."""
    shown: list[dict[str, Any]] = []
    last: Mapping[str, Any] = {}
    for row in rows:
        if last and {**row, "year": 0} == {**last, "year": 0} and row["year"] == last["year"] + 1:
            shown[-1]["years"] = f"{shown[-1]['years'][:4]}-{row['year']}"
        else:
            shown.append(_comparison(row, sides))
        last = row
    show_table(list(shown[0]), shown)
    meaning = {
        "with": f"{corridor} as the facts open it",
        "without": "as if it never opened",
        "through": "the best route that uses it",
    }
    say("; ".join(f"{side}: {meaning[side]}" for side in sides))


def _comparison(row: Mapping[str, Any], sides: Sequence[str]) -> dict[str, Any]:
    from ytterby.routes.comparison import LOOKED_THROUGH

    told: dict[str, Any] = {"from": row["from"], "to": row["to"], "years": str(row["year"])}
    for name in sides:
        usd, days = row[f"usd_per_t_{name}"], row[f"days_{name}"]
        found = usd is not None
        told[f"USD/t {name}"] = f"{usd:.0f}" if found else "no route" if name != "through" else ""
        told[f"days {name}"] = f"{days:.1f}" if found else ""
        told[f"transit {name}"] = "-".join(row[f"states_{name}"])
    if "through" not in sides:
        return told
    beyond = f"beyond {LOOKED_THROUGH}" if row["usd_per_t_through"] is not None else ""
    told["rank through"] = row["rank_through"] or beyond
    return told

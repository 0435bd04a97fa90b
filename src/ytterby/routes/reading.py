# SPDX-License-Identifier: Apache-2.0
"""From the fact base to nodes, segments and customs unions. Figures become intervals, nothing is filled in.

One rule fills a gap: a planned segment without a year opens with its corridor, where the facts state when that is
expected (rule corridor-opening); the statement's row joins the basis of the segment.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from ytterby.errors import RouteError
from ytterby.facts import FactBase, Row
from ytterby.routes.definitions import CARGOES, Node, Segment, SharedLimit
from ytterby.routes.rates import Rates

OPENING = "expected_opening"
VOLUME = "volume"
TO_COME = ("construction", "planned")
TONNES_PER_MEGATONNE = 1e6


def read_nodes(base: FactBase) -> dict[str, Node]:
    """Nodes by id."""
    return {
        row["id"]: Node(
            row["id"], row["name"], row["country"], row["lat"], row["lon"], row["kind"], row["passage"],
            bool(row["main"]),
        )
        for row in base.rows("nodes")
    }  # fmt: skip


def read_segments(base: FactBase, nodes: Mapping[str, Node], rates: Rates) -> tuple[Segment, ...]:
    """All segments.

    Raises
    ------
    RouteError : a railway without gauge, or a segment of no length or with both ends at one node
    """
    openings = _openings(base)
    return tuple(_segment(row, nodes, rates, openings.get(row["corridor"])) for row in base.rows("segments"))


def _openings(base: FactBase) -> dict[str, Row]:
    """Per corridor the newest statement on when it will open."""
    found: dict[str, Row] = {}
    for row in sorted(base.rows("corridor_stats", measure=OPENING), key=lambda row: row["known"]):
        if row["value"] is not None:
            found[row["corridor"]] = row
    return found


def _segment(row: Row, nodes: Mapping[str, Node], rates: Rates, opening: Row | None) -> Segment:
    where = f"segments.csv {row['id']}"
    gauges = row["gauge_mm"] or ()
    if row["mode"] == "rail" and not gauges:
        raise RouteError(where, "a railway without gauge", "1520, 1435 or another", "state gauge_mm")
    if row["from"] == row["to"]:
        raise RouteError(where, f"both ends at {row['to']}", "two different nodes", "name where it leads")
    if not row["distance_km"] > 0:
        raise RouteError(where, f"{row['distance_km']} km", "more than 0", "state the distance")
    km = rates.spread(row["distance_km"], row["confidence"])
    by_corridor = opening is not None and row["open_year"] is None and row["status"] in TO_COME
    year = int(opening["value"]) if opening is not None and by_corridor else row["open_year"]
    ends = nodes[row["from"]].country, nodes[row["to"]].country
    capacity = row["capacity_mt_per_year"]
    return Segment(
        id=row["id"],
        first=row["from"],
        last=row["to"],
        mode=row["mode"],
        km=km.interval,
        gauges=(gauges[0], gauges[-1]) if gauges else None,
        capacity_t=None if capacity is None else capacity * TONNES_PER_MEGATONNE,
        days=row["transit_days"],
        usd_per_t=row["cost_usd_per_t"],
        usd_per_feu=row["cost_usd_per_feu"],
        status=row["status"],
        open_year=year,
        corridor=row["corridor"],
        passes=tuple(row["passes"] or ()),
        crosses=_without_repeats(ends[0], *(row["through"] or ()), ends[1]),
        confidence=row["confidence"],
        basis=(row["id"], *km.basis, *((opening["id"],) if opening is not None and by_corridor else ())),
    )


def _without_repeats(*names: str) -> tuple[str, ...]:
    return (names[0], *(after for before, after in pairwise(names) if after != before))


def customs_unions(base: FactBase) -> tuple[frozenset[str], ...]:
    """Groups of states without a customs border between them."""
    return tuple(
        frozenset(row["members"]) for row in base.rows("countries", customs_union=True) if row["members"]
    )


def groups(base: FactBase) -> dict[str, frozenset[str]]:
    """Members of each country id: those of a group, else the country itself."""
    return {row["id"]: frozenset(row["members"] or (row["id"],)) for row in base.rows("countries")}


def read_limits(base: FactBase) -> tuple[SharedLimit, ...]:
    """Capacities of corridors that name the segments which share them, targets from their year on included."""
    return tuple(_shared(row) for row in _on_segments(base) if row["measure"] != VOLUME)


def read_loads(base: FactBase) -> tuple[SharedLimit, ...]:
    """What passed in a year on segments that a row names, t."""
    return tuple(_shared(row) for row in _on_segments(base) if row["measure"] == VOLUME)


def _on_segments(base: FactBase) -> list[Row]:
    return [row for row in base.rows("corridor_stats") if row["segments"] and row["value"] is not None]


def _shared(row: Row) -> SharedLimit:
    cargo = frozenset(row["cargo"] or CARGOES)
    return SharedLimit(row["corridor"], row["segments"], row["year"], row["value"], cargo, (row["id"],))

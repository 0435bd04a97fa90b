# SPDX-License-Identifier: Apache-2.0
"""Where a route begins and ends: nodes, deposits, plants, countries or coordinates, as nodes of the network.

A deposit, a plant or a coordinate stands for the nearest node on land, of its own state where the state has one; the way
there is said and not part of the route.

References
----------
Karney (2013), Algorithms for geodesics, doi:10.1007/s00190-012-0578-z
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ytterby.errors import RouteError, allowed_names, quoted
from ytterby.facts import FactBase
from ytterby.routes.definitions import Node, unique
from ytterby.routes.network import Network

COORDINATES = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*")
NOT_ON_LAND = ("chokepoint", "airport")
SITES = ("deposits", "plants")
METRES_PER_KILOMETRE = 1000.0


@dataclass(frozen=True, slots=True)
class Place:
    """An end of a route: the name that was given, the nodes it stands for, and how far the nearest is (km, or None)."""

    name: str
    kind: str
    nodes: tuple[str, ...]
    km: float | None = None


def distance_km(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Shortest distance between two (latitude, longitude) on the WGS84 ellipsoid, km."""
    from geographiclib.geodesic import Geodesic

    return float(Geodesic.WGS84.Inverse(*first, *second)["s12"]) / METRES_PER_KILOMETRE


def find_place(base: FactBase, network: Network, name: str) -> Place:
    """The place called `name`: a node, a deposit, a plant, a country, `lat,lon`, or several joined by "+".

    Raises
    ------
    RouteError : nothing has that name (the nearest names are given), or it has no place on the map
    """
    if "+" in name:
        parts = [find_place(base, network, part.strip()) for part in name.split("+")]
        return Place(name, "several places", unique(node for part in parts for node in part.nodes))
    pair = COORDINATES.fullmatch(name)
    if pair:
        return _nearest(network, name, "coordinates", _on_earth(name, float(pair[1]), float(pair[2])), None)
    if name in network.nodes:
        return Place(name, "node", (name,))
    site = _site(base, name)
    if site is not None:
        return _nearest(network, name, site[0], site[1], site[2])
    if name in network.members:
        return _country(network, name)
    known = [
        *network.nodes,
        *unique(
            row[key]
            for relation in SITES
            for row in base.rows(relation)
            for key in ("id", "place")
            if row.get(key)
        ),
        *network.countries,
    ]
    remedy = f"name a node, deposit, plant, country or lat,lon{base.id_hint(name)}"
    raise RouteError("place", quoted(name), allowed_names(name, known), remedy)


def _on_earth(name: str, lat: float, lon: float) -> tuple[float, float]:
    if abs(lat) > 90 or abs(lon) > 180:
        raise RouteError(
            "place", quoted(name), "latitude to 90, longitude to 180 degrees", "latitude comes first"
        )
    return lat, lon


def _site(base: FactBase, name: str) -> tuple[str, tuple[float, float], str] | None:
    """Kind, coordinates and state of a deposit or plant; several rows of one deposit share its place."""
    for relation in SITES:
        named = [row for row in base.rows(relation) if name in (row["id"], row.get("place"))]
        placed = [row for row in named if row["lat"] is not None and row["lon"] is not None]
        if placed:
            return relation.removesuffix("s"), (placed[0]["lat"], placed[0]["lon"]), placed[0]["country"]
        if named:
            remedy = f"name the node nearest to it, or its country {named[0]['country']}"
            raise RouteError(f"{relation}.csv {name}", "no coordinates", "", remedy)
    return None


def _nearest(
    network: Network, name: str, kind: str, point: tuple[float, float], country: str | None
) -> Place:
    land = [node for node in network.nodes.values() if node.kind not in NOT_ON_LAND]
    own = [node for node in land if node.country == country]
    far, node = _closest(own or land, point)
    return Place(name, kind, (node.id,), far)


def _closest(nodes: Iterable[Node], point: tuple[float, float]) -> tuple[float, Node]:
    measured = [(distance_km(point, (node.lat, node.lon)), node.id, node) for node in nodes]
    far, _, node = min(measured)
    return far, node


def _country(network: Network, name: str) -> Place:
    states = network.members[name]
    main = tuple(node.id for node in network.nodes.values() if node.country in states and node.main)
    if not main:
        states_with = sorted({node.country for node in network.nodes.values() if node.main})
        allowed = allowed_names(name, states_with)
        raise RouteError(f"country {name}", "no node of the network", allowed, "name a node of a neighbour")
    return Place(name, "country", main)

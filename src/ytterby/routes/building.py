# SPDX-License-Identifier: Apache-2.0
"""From nodes, segments and rates to the network's arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ytterby.facts import FactBase
from ytterby.routes.costing import FERRY, RAIL, SEA, SHIPS, Costing
from ytterby.routes.definitions import Node, Segment, unique
from ytterby.routes.intervals import NOTHING, Interval, total
from ytterby.routes.network import DESTINATION, END, IN, ORIGIN, START, Arc, Network, State
from ytterby.routes.policies import read_policies
from ytterby.routes.rates import Rates
from ytterby.routes.reading import customs_unions, groups, read_limits, read_loads, read_nodes, read_segments
from ytterby.routes.topology import Topology

FIRST, LAST = (START, "", START), (END, "", END)


def network(base: FactBase) -> Network:
    """The transport network of a fact base: all segments, whatever their year and status.

    Raises
    ------
    RouteError : a rate is missing, or a segment has no length or gauge
    """
    rates = Rates.of(base)
    nodes = read_nodes(base)
    segments = {segment.id: segment for segment in read_segments(base, nodes, rates)}
    costing = Costing(rates, customs_unions(base))
    arcs = tuple(_arcs(segments, nodes, costing))
    return _arrays(base, nodes, segments, rates, arcs)


def _carriers(segment: Segment) -> tuple[str, str]:
    """Carrier at the first and at the last node: the mode, on rails with the gauge."""
    if segment.gauges is None:
        return segment.mode, segment.mode
    return RAIL + segment.gauges[0], RAIL + segment.gauges[1]


def canal_sides(segments: Mapping[str, Segment], nodes: Mapping[str, Node]) -> dict[tuple[str, str], int]:
    """Side of a canal on which each neighbour lies: neighbours that sea legs join without it lie on one side.

    Who turns round at a canal's mouth has not passed it.
    """
    sea = [segment for segment in segments.values() if segment.mode in SHIPS]
    found: dict[tuple[str, str], int] = {}
    for canal in (node.id for node in nodes.values() if node.passage == "canal"):
        sides = {other: number for number, other in enumerate(_neighbours(sea, canal))}
        for segment in sea:
            if canal not in segment.passes and segment.first in sides and segment.last in sides:
                joined, kept = sides[segment.last], sides[segment.first]
                sides = {other: kept if side == joined else side for other, side in sides.items()}
        found |= {(canal, other): side for other, side in sides.items()}
    return found


def _neighbours(segments: Sequence[Segment], node: str) -> tuple[str, ...]:
    ends = ((segment.first, segment.last) for segment in segments)
    return unique(
        other for first, last in ends for other in (first, last) if node in (first, last) and other != node
    )


def _arcs(segments: Mapping[str, Segment], nodes: Mapping[str, Node], costing: Costing) -> Iterator[Arc]:
    """Every segment in both directions, from the start of a route and behind each carrier that comes to its tail."""
    sides = canal_sides(segments, nodes)
    arriving: dict[str, tuple[Arrival, ...]] = dict.fromkeys(nodes, ())
    for segment in segments.values():
        for arrival in _arrivals(segment, sides):
            arriving[arrival.node] = unique([*arriving[arrival.node], arrival])
    for name, arrivals in arriving.items():
        node = nodes[name]
        yield Arc(FIRST, (name, "", ORIGIN), None, (), 0.0, (), (), ())
        yield Arc((name, "", DESTINATION), LAST, None, (), 0.0, (), (), ())
        for arrival in arrivals:
            passes = () if node.passage is None else (name,)
            yield Arc(
                arrival.state, (name, "", DESTINATION), None, (), 0.0, _ashore(node, passes), passes, ()
            )
    for segment in segments.values():
        for forward in (True, False):
            yield from _moves(segment, _arrivals(segment, sides), arriving, nodes, costing, forward=forward)


class Arrival(NamedTuple):
    """How a cargo stands at a node: by which carrier it has come, and at a canal from which side."""

    node: str
    carrier: str
    side: int = 0

    @property
    def state(self) -> State:
        """The state of the network."""
        return self.node, f"{self.carrier}:{self.side}" if self.side else self.carrier, IN


def _arrivals(segment: Segment, sides: Mapping[tuple[str, str], int]) -> tuple[Arrival, Arrival]:
    """How a segment arrives at its first and at its last node."""
    at_first, at_last = _carriers(segment)
    first, last = segment.first, segment.last
    return (
        Arrival(first, at_first, sides.get((first, last), 0)),
        Arrival(last, at_last, sides.get((last, first), 0)),
    )


def _moves(
    segment: Segment,
    ends: tuple[Arrival, Arrival],
    arriving: Mapping[str, Sequence[Arrival]],
    nodes: Mapping[str, Node],
    costing: Costing,
    *,
    forward: bool,
) -> Iterator[Arc]:
    """One direction of a segment; at a chokepoint a ship only passes, at a canal's mouth it may also turn round."""
    here, there = ends if forward else ends[::-1]
    tail = nodes[here.node]
    haul, co2 = costing.haul(segment, forward=forward), costing.co2(segment)
    on_board = costing.boarding(here.node, here.carrier, handled=here.carrier == FERRY)
    point = () if tail.passage is None else (tail.id,)
    ways = [((here.node, "", ORIGIN), on_board, _ashore(tail, point), point)]
    for before in arriving[here.node]:
        change = costing.transfer(here.node, before.carrier, here.carrier) if not point else ()
        passed = point if tail.passage != "canal" or before.side != here.side else ()
        stays = not change and here.carrier == SEA and not point
        if not point or before.carrier == here.carrier:
            ways.append((before.state, change, () if stays else _ashore(tail, passed), passed))
    crossed, points = _crossed(segment, nodes, forward=forward)
    for state, change, ashore, passed in ways:
        items = (*change, *haul)
        basis = unique([*(row for item in items for row in item.basis), *co2.basis])
        touches = unique([*ashore, *crossed])
        yield Arc(state, there.state, segment, items, co2.interval.mid, touches, (*passed, *points), basis)


def _ashore(node: Node, passed: Sequence[str]) -> tuple[str, ...]:
    """State that a cargo touches which begins, ends or changes carrier at a node, or passes its canal."""
    on_land = node.passage is None or (node.passage == "canal" and node.id in passed)
    return (node.country,) if on_land else ()


def _crossed(
    segment: Segment, nodes: Mapping[str, Node], *, forward: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """States whose territory a segment lies in, at sea only those of canals, and chokepoints on its way, in order."""
    canals = (nodes[name] for name in segment.passes if nodes[name].passage == "canal")
    states = unique(node.country for node in canals) if segment.mode in SHIPS else segment.crosses
    return (states, segment.passes) if forward else (states[::-1], segment.passes[::-1])


def _arrays(
    base: FactBase,
    nodes: Mapping[str, Node],
    segments: Mapping[str, Segment],
    rates: Rates,
    arcs: tuple[Arc, ...],
) -> Network:
    names = unique([FIRST, LAST, *(state for arc in arcs for state in (arc.tail, arc.head))])
    states = {state: number for number, state in enumerate(names)}
    ordered = tuple(sorted(arcs, key=lambda arc: (states[arc.tail], states[arc.head])))
    numbers = {name: number for number, name in enumerate(nodes)} | {START: -1, END: -1}
    of_segment = {name: number for number, name in enumerate(segments)}
    countries = unique(country for arc in ordered for country in arc.touches)
    return Network(
        nodes=nodes,
        segments=segments,
        policies=read_policies(base, nodes, segments),
        limits=read_limits(base),
        loads=read_loads(base),
        rates=rates,
        countries=countries,
        members=groups(base),
        states=states,
        arcs=ordered,
        graph=Topology.of(
            np.array([states[arc.tail] for arc in ordered]),
            np.array([states[arc.head] for arc in ordered]),
            [numbers[node] if node in nodes else -1 - number for number, (node, _, _) in enumerate(names)],
        ),
        usd=_readings(total([item.usd_per_t for item in arc.items]) for arc in ordered),
        days=_readings(total([item.days for item in arc.items]) for arc in ordered),
        km=_readings(arc.segment.km if arc.segment else NOTHING for arc in ordered),
        co2=np.array([arc.kg_co2_per_t for arc in ordered]),
        touches=np.array([[country in arc.touches for country in countries] for arc in ordered]),
        segment_of=np.array([of_segment[arc.segment.id] if arc.segment else -1 for arc in ordered]),
        node_of=np.array([[numbers[arc.tail[0]], numbers[arc.head[0]]] for arc in ordered]),
        elements=_elements(nodes, segments),
    )


def _readings(intervals: Iterator[Interval]) -> NDArray[np.float64]:
    return np.array([[part.low, part.mid, part.high] for part in intervals])


def _elements(nodes: Mapping[str, Node], segments: Mapping[str, Segment]) -> dict[str, tuple[str, ...]]:
    """What a name given by the user stands for: a corridor's name for all its segments."""
    corridors: dict[str, tuple[str, ...]] = {}
    for segment in segments.values():
        corridors[segment.corridor] = (*corridors.get(segment.corridor, ()), segment.id)
    return corridors | {name: (name,) for name in (*nodes, *segments)}

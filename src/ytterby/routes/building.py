# SPDX-License-Identifier: Apache-2.0
"""From nodes, segments and rates to the network's arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ytterby.facts import FactBase
from ytterby.routes.costing import FERRY, RAIL, SEA, Costing
from ytterby.routes.definitions import Node, Segment, unique
from ytterby.routes.intervals import NOTHING, Interval, total
from ytterby.routes.network import DESTINATION, END, IN, ORIGIN, START, Arc, Network
from ytterby.routes.policies import read_policies
from ytterby.routes.rates import Rates
from ytterby.routes.reading import customs_unions, groups, read_limits, read_nodes, read_segments
from ytterby.routes.shortest import Topology

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


def _arcs(segments: Mapping[str, Segment], nodes: Mapping[str, Node], costing: Costing) -> Iterator[Arc]:
    """Every segment in both directions, from the start of a route and behind each carrier that comes to its tail."""
    arriving: dict[str, tuple[str, ...]] = dict.fromkeys(nodes, ())
    for segment in segments.values():
        for node, carrier in zip((segment.first, segment.last), _carriers(segment), strict=True):
            arriving[node] = unique([*arriving[node], carrier])
    for node, carriers in arriving.items():
        yield Arc(FIRST, (node, "", ORIGIN), None, (), 0.0, (), ())
        yield Arc((node, "", DESTINATION), LAST, None, (), 0.0, (), ())
        for carrier in carriers:
            yield Arc((node, carrier, IN), (node, "", DESTINATION), None, (), 0.0, _ashore(nodes[node]), ())
    for segment in segments.values():
        for forward in (True, False):
            yield from _moves(segment, arriving, nodes, costing, forward=forward)


def _moves(
    segment: Segment,
    arriving: Mapping[str, Sequence[str]],
    nodes: Mapping[str, Node],
    costing: Costing,
    *,
    forward: bool,
) -> Iterator[Arc]:
    """One direction of a segment; at a chokepoint a ship only passes."""
    ends = tuple(zip((segment.first, segment.last), _carriers(segment), strict=True))
    (node, carrier), (head, arrived) = ends if forward else ends[::-1]
    haul, co2, tail = costing.haul(segment, forward=forward), costing.co2(segment), nodes[node]
    on_board = costing.boarding(node, carrier, handled=carrier == FERRY)
    ways = [((node, "", ORIGIN), on_board, _ashore(tail))]
    for before in arriving[node] if tail.passage is None else (carrier,):
        change = costing.transfer(node, before, carrier)
        ways.append(((node, before, IN), change, () if not change and carrier == SEA else _ashore(tail)))
    for state, change, ashore in ways:
        items = (*change, *haul)
        basis = unique([*(row for item in items for row in item.basis), *co2.basis])
        touches = unique([*ashore, *_touched(segment, nodes, forward=forward)])
        yield Arc(state, (head, arrived, IN), segment, items, co2.interval.mid, touches, basis)


def _ashore(node: Node) -> tuple[str, ...]:
    """State that a cargo touches which begins, ends or changes carrier at a node."""
    return (node.country,) if node.passage is None else ()


def _touched(segment: Segment, nodes: Mapping[str, Node], *, forward: bool) -> tuple[str, ...]:
    """States whose territory a segment lies in, in order: at sea only that of a canal."""
    states = segment.crosses
    if segment.mode in (SEA, FERRY):
        passed = (nodes[name] for name in (segment.first, *segment.passes, segment.last))
        states = unique(node.country for node in passed if node.passage == "canal")
    return states if forward else states[::-1]


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

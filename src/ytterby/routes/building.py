# SPDX-License-Identifier: Apache-2.0
"""From nodes, segments and rates to the network's arrays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ytterby.facts import FactBase
from ytterby.routes.costing import FERRY, RAIL, SEA, Costing
from ytterby.routes.definitions import LAND, Item, Node, Segment, unique
from ytterby.routes.intervals import NOTHING, Interval, total
from ytterby.routes.network import DESTINATION, END, IN, ORIGIN, OUT, START, Arc, Network, State
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
    arcs = [*_moves(segments.values(), nodes, costing)]
    arcs += _stays(arcs, nodes, costing)
    return _arrays(base, nodes, segments, rates, arcs)


def _carriers(segment: Segment) -> tuple[str, str]:
    """Carrier at the first and at the last node: the mode, on rails with the gauge."""
    if segment.gauges is None:
        return segment.mode, segment.mode
    return RAIL + segment.gauges[0], RAIL + segment.gauges[1]


def _moves(segments: Iterable[Segment], nodes: Mapping[str, Node], costing: Costing) -> Iterator[Arc]:
    """Each segment in both directions."""
    for segment in segments:
        at_first, at_last = _carriers(segment)
        ends = ((segment.first, at_first), (segment.last, at_last))
        for forward in (True, False):
            (tail, leaving), (head, arriving) = ends if forward else ends[::-1]
            items = costing.haul(segment, forward=forward)
            co2 = costing.co2(segment)
            basis = unique([*(row for item in items for row in item.basis), *co2.basis])
            touches = _touched(segment, nodes)
            yield Arc(
                (tail, leaving, OUT), (head, arriving, IN), segment, items, co2.interval.mid, touches, basis
            )


def _touched(segment: Segment, nodes: Mapping[str, Node]) -> tuple[str, ...]:
    """States whose territory a segment lies in: at sea only that of a canal."""
    if segment.mode in LAND or segment.mode not in (SEA, FERRY):
        return unique(segment.crosses)
    passed = (nodes[name] for name in (segment.first, *segment.passes, segment.last))
    return unique(node.country for node in passed if node.passage == "canal")


def _stays(moves: Sequence[Arc], nodes: Mapping[str, Node], costing: Costing) -> Iterator[Arc]:
    """What happens at nodes: beginning, ending and changing carrier; at a chokepoint a ship only passes."""
    arriving: dict[str, list[str]] = {name: [] for name in nodes}
    for arc in moves:
        node, carrier, _ = arc.head
        if carrier not in arriving[node]:
            arriving[node].append(carrier)
    for node, carriers in arriving.items():
        lands = nodes[node].passage is None
        touches = (nodes[node].country,) if lands else ()
        yield _arc(FIRST, (node, "", ORIGIN), (), ())
        yield _arc((node, "", DESTINATION), LAST, (), ())
        for carrier in carriers:
            on_board = costing.boarding(node, carrier, handled=carrier == FERRY)
            yield _arc((node, "", ORIGIN), (node, carrier, OUT), on_board, touches)
            yield _arc((node, carrier, IN), (node, "", DESTINATION), (), touches)
            for after in carriers if lands else [carrier]:
                items = costing.transfer(node, carrier, after)
                passing = not items and carrier == SEA
                yield _arc((node, carrier, IN), (node, after, OUT), items, () if passing else touches)


def _arc(tail: State, head: State, items: tuple[Item, ...], touches: tuple[str, ...]) -> Arc:
    basis = unique(row for item in items for row in item.basis)
    return Arc(tail, head, None, items, 0.0, touches, basis)


def _arrays(
    base: FactBase,
    nodes: Mapping[str, Node],
    segments: Mapping[str, Segment],
    rates: Rates,
    arcs: Sequence[Arc],
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

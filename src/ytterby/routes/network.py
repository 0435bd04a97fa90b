# SPDX-License-Identifier: Apache-2.0
"""The transport network as arrays: one topology, many queries. Closing something makes its arcs infinitely long.

A state is a node with the carrier by which the cargo has come (rail by gauge, road, sea, ferry, air), at a canal also with
the side it came from. An arc is a segment
in one direction with all that happens before it at its tail: handling, dwell, gauge break, loading on a ship, or nothing
when the carrier stays. So shortest paths see every node cost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ytterby.errors import RouteError, allowed_names, quoted
from ytterby.routes.definitions import Item, Node, Segment, SharedLimit
from ytterby.routes.policies import Access, Policy
from ytterby.routes.rates import Rates
from ytterby.routes.services import Course, course, services
from ytterby.routes.topology import Topology

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

START, END = "start", "end"  # pseudo-nodes before all origins and behind all destinations
ORIGIN, IN, DESTINATION = "origin", "in", "destination"
State = tuple[str, str, str]  # node, carrier, side


@dataclass(frozen=True, slots=True)
class Arc:
    """A step between two states: a segment in one direction with what comes before it, or a beginning or end."""

    tail: State
    head: State
    segment: Segment | None
    items: tuple[Item, ...]
    kg_co2_per_t: float
    touches: tuple[str, ...]
    passes: tuple[str, ...]
    basis: tuple[str, ...]


@dataclass(frozen=True)
class Network:
    """The network of a fact base, of all years and for all cargoes.

    Parameters
    ----------
    nodes, segments : by id
    policies : what closes, reopens or restricts, by date
    limits : capacities that segments share
    loads : what passed on segments in a year
    countries : states whose territory the network touches, in the order of the columns of `touches`
    members : states of each country id, those of a group or itself
    states : number of each state; `START` is 0, `END` is 1
    arcs : all arcs, sorted by tail then head
    graph : the arcs as a graph; the places of its states are the nodes
    usd, days, km : (arcs, 3) low, middle, high
    co2 : kg per tonne
    touches : (arcs, countries) whether an arc's cargo touches the state's territory
    segment_of : number of the arc's segment, or -1
    node_of : (arcs, 2) number of the node at tail and head, -1 for START and END
    """

    nodes: Mapping[str, Node]
    segments: Mapping[str, Segment]
    policies: tuple[Policy, ...]
    limits: tuple[SharedLimit, ...]
    loads: tuple[SharedLimit, ...]
    rates: Rates
    countries: tuple[str, ...]
    members: Mapping[str, frozenset[str]]
    states: Mapping[State, int]
    arcs: tuple[Arc, ...]
    graph: Topology
    usd: NDArray[np.float64]
    days: NDArray[np.float64]
    km: NDArray[np.float64]
    co2: NDArray[np.float64]
    touches: NDArray[np.bool_]
    segment_of: NDArray[np.int64]
    node_of: NDArray[np.int64]
    elements: Mapping[str, tuple[str, ...]] = field(repr=False)

    @cached_property
    def bound(self) -> frozenset[str]:
        """States whose trade some policy binds."""
        return frozenset(state for policy in self.policies for state in policy.binds)

    @cached_property
    def known(self) -> dict[object, Access]:
        """What was once found closed and restricted: for `closed_under`."""
        return {}

    @cached_property
    def courses(self) -> Mapping[str, Course]:
        """Where each service runs when nothing is closed; a service that has no lines of its length under it is left out."""
        found = ((one.id, course(self.segments, one)) for one in services(self.segments))
        return {id_: way for id_, way in found if way is not None}

    def with_lines(self, segments: Collection[str]) -> tuple[str, ...]:
        """Ids of segments and of the lines on which services among them run."""
        below = (self.courses[name].lines for name in segments if name in self.courses)
        return (*segments, *(name for lines in below for name in lines))

    @cached_property
    def numbers(self) -> Mapping[str, tuple[int, ...]]:
        """Numbers of the segments that close with an element: the segment itself, or those that pass a chokepoint."""
        found: dict[str, tuple[int, ...]] = {}
        for number, (name, segment) in enumerate(self.segments.items()):
            for element in (name, *segment.passes):
                found[element] = (*found.get(element, ()), number)
        return found

    @cached_property
    def node_numbers(self) -> Mapping[str, int]:
        """Number of each node."""
        return {name: number for number, name in enumerate(self.nodes)}

    @property
    def newest_year(self) -> int:
        """Year of the newest act on traffic that the fact base knows."""
        return max(policy.year for policy in self.policies)

    @cached_property
    def changes(self) -> frozenset[int]:
        """Years for which the fact base states an opening or an act's beginning or end: in others nothing changes."""
        opening = (segment.open_year for segment in self.segments.values())
        acts = (year for policy in self.policies for year in (policy.year, policy.last_year))
        return frozenset(year for year in (*opening, *acts) if year is not None)

    @property
    def last_change(self) -> int:
        """The last of these years."""
        return max(self.changes)

    def element_ids(self, name: str) -> tuple[str, ...]:
        """Ids that a node, a segment or a corridor's name stands for.

        Raises
        ------
        RouteError : nothing has that name; names the nearest
        """
        if name not in self.elements:
            allowed = allowed_names(name, self.elements)
            state = "; a state is avoided, not closed" if name in self.members else ""
            raise RouteError("routes", quoted(name), allowed, f"name a node, a segment or a corridor{state}")
        return self.elements[name]

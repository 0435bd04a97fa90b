# SPDX-License-Identifier: Apache-2.0
"""What the routes speak of: nodes, segments, queries, items, legs, routes. Frozen, no logic beyond sums."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from ytterby.routes.intervals import Interval, total

CARGOES = ("general", "radioactive", "dual_use")
CRITERIA = ("cost", "days", "km", "co2", "generalised")
LAND = ("rail", "road")
SURFACE = (*LAND, "sea", "ferry")
MODES = (*SURFACE, "air")
UNSURE = ("estimated", "unconfirmed")


@dataclass(frozen=True, slots=True)
class Node:
    """A place of the network; `passage` is set for chokepoints."""

    id: str
    name: str
    country: str
    lat: float
    lon: float
    kind: str
    passage: str | None
    main: bool


@dataclass(frozen=True, slots=True)
class Segment:
    """A link between two nodes, usable in both directions; mass in t, distance in km, money in USD.

    `gauges` are those at the first and at the last node (equal, or None off the rails); `crosses` the states from
    first to last, without repetition of neighbours; `passes` the chokepoints between the ends of a sea leg.
    """

    id: str
    first: str
    last: str
    mode: str
    km: Interval
    gauges: tuple[str, str] | None
    capacity_t: float | None
    days: float | None
    usd_per_t: float | None
    usd_per_feu: float | None
    status: str
    open_year: int | None
    corridor: str
    crosses: tuple[str, ...]
    passes: tuple[str, ...]
    confidence: str
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedLimit:
    """A stated capacity or load of several segments together, from a year on, for some classes of cargo, t per year."""

    corridor: str
    segments: tuple[str, ...]
    year: int
    t_per_year: float
    cargo: frozenset[str]
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked of the network.

    Parameters
    ----------
    year : state of the network at the end of that year
    cargo : general, radioactive or dual_use
    avoid : states whose territory the cargo must not touch
    closed, opened : ids of nodes, segments or corridors that are closed or open whatever the facts say
    by : what is least on the best route: cost, days, km, co2 or generalised
    parties : states whose closures bind the cargo besides those of its two ends
    modes : modes that may be used; all when empty
    """

    year: int
    cargo: str = "general"
    avoid: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    by: str = "cost"
    parties: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A visible part of a leg's cost and time: haul, border, gauge break, handling, dwell, loading on a ship."""

    name: str
    at: str
    usd_per_t: Interval
    days: Interval
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leg:
    """One segment of a route with what happens before and on it."""

    segment: Segment
    origin: str
    destination: str
    items: tuple[Item, ...]
    kg_co2_per_t: float
    restrictions: tuple[str, ...]
    basis: tuple[str, ...]

    @property
    def usd_per_t(self) -> Interval:
        """Sum of the items' cost, USD per tonne."""
        return total([item.usd_per_t for item in self.items])

    @property
    def days(self) -> Interval:
        """Sum of the items' time, days."""
        return total([item.days for item in self.items])


@dataclass(frozen=True)
class Route:
    """A way from a node to another.

    Parameters
    ----------
    legs : its segments in order
    states : states whose territory the cargo touches, in order; straits and ports passed at sea are none
    chokepoints : ids of the chokepoints passed, in order
    """

    legs: tuple[Leg, ...]
    states: tuple[str, ...]
    chokepoints: tuple[str, ...]

    @property
    def nodes(self) -> tuple[str, ...]:
        """Ids of all nodes, in order."""
        return (self.legs[0].origin, *(leg.destination for leg in self.legs))

    @property
    def segments(self) -> tuple[str, ...]:
        """Ids of all segments, in order."""
        return tuple(leg.segment.id for leg in self.legs)

    @cached_property
    def km(self) -> Interval:
        """Length."""
        return total([leg.segment.km for leg in self.legs])

    @cached_property
    def days(self) -> Interval:
        """Time."""
        return total([leg.days for leg in self.legs])

    @cached_property
    def usd_per_t(self) -> Interval:
        """Cost, USD per tonne."""
        return total([leg.usd_per_t for leg in self.legs])

    @cached_property
    def kg_co2_per_t(self) -> float:
        """Emissions, kg CO2 (by air and sea CO2 equivalent) per tonne."""
        return sum(leg.kg_co2_per_t for leg in self.legs)

    @property
    def gauge_breaks(self) -> tuple[str, ...]:
        """Ids of the places where the gauge changes: a node, or the segment on which it does."""
        return tuple(item.at for leg in self.legs for item in leg.items if item.name == GAUGE_BREAK)

    @property
    def corridors(self) -> tuple[str, ...]:
        """Corridors used, in order."""
        return unique(leg.segment.corridor for leg in self.legs)

    @property
    def restrictions(self) -> tuple[str, ...]:
        """Ids of the policies that restrict the cargo on the way without closing it."""
        return unique(policy for leg in self.legs for policy in leg.restrictions)

    @property
    def share_estimated(self) -> float:
        """Share of the length on segments whose row is estimated or unconfirmed."""
        unsure = sum(leg.segment.km.mid for leg in self.legs if leg.segment.confidence in UNSURE)
        return unsure / self.km.mid

    @property
    def basis(self) -> tuple[str, ...]:
        """Row ids that the route rests on."""
        return unique(row for leg in self.legs for row in leg.basis)


GAUGE_BREAK = "gauge break"


Name = TypeVar("Name", bound=Hashable)


def unique(names: Iterable[Name]) -> tuple[Name, ...]:
    """Names without repetition, in order."""
    return tuple(dict.fromkeys(names))

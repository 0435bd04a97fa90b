# SPDX-License-Identifier: Apache-2.0
"""What a step of a route costs and takes: published figures where a segment has them, else composed from rates.

Every part is an item with its rows. Published figures of a segment stand for all that happens on it, borders included.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from ytterby.routes.definitions import GAUGE_BREAK, LAND, Item, Segment
from ytterby.routes.intervals import NOTHING, Interval
from ytterby.routes.rates import Rate, Rates

HOURS_PER_DAY = 24.0
GRAMS_PER_KILOGRAM = 1000.0
SEA, FERRY, RAIL = "sea", "ferry", "rail"
SHIPS = (SEA, FERRY)


@dataclass(frozen=True)
class Costing:
    """Rates and customs unions, asked for what a segment or a change of carrier costs."""

    rates: Rates
    unions: tuple[frozenset[str], ...]

    def haul(self, segment: Segment, *, forward: bool) -> tuple[Item, ...]:
        """Items of a segment in one direction: haul, borders, gauge break."""
        crosses = segment.crosses if forward else segment.crosses[::-1]
        borders = [pair for pair in pairwise(crosses) if self._border(segment.mode, *pair)]
        usd, paid = self._fare(segment)
        days, timed = self._passage(segment)
        items = [Item("haul", segment.id, usd, days, (*segment.basis, *paid, *timed))]
        items += [self._crossing(segment, leaves, enters) for leaves, enters in borders]
        if segment.gauges and segment.gauges[0] != segment.gauges[1]:
            items.append(self.gauge_break(segment.id, timed=not borders))
        return tuple(items)

    def transfer(self, node: str, before: str, after: str) -> tuple[Item, ...]:
        """Items of a change from one carrier to another at a node; none when the cargo stays on its wheels or keel."""
        if before == after and before != FERRY:
            return ()
        if before.startswith(RAIL) and after.startswith(RAIL):
            return (self.gauge_break(node, timed=True),)
        port = before in SHIPS or after in SHIPS
        dwell = self.rates.at("port", "dwell") if port else self.rates.parameter("routes.terminal_dwell")
        wait = Item("dwell", node, NOTHING, dwell.interval, dwell.basis)
        return (wait, *self.boarding(node, after, handled=before != SEA))

    def boarding(self, node: str, carrier: str, *, handled: bool = False) -> tuple[Item, ...]:
        """What it costs to come aboard: a ship's terminals at both ends are part of its rate."""
        if carrier == SEA:
            voyage = self.rates.parameter("routes.sea_voyage")
            return (Item("loading on a ship", node, voyage.interval, NOTHING, voyage.basis),)
        return (self._per_unit("handling", node, self.rates.at("port", "handling")),) if handled else ()

    def gauge_break(self, at: str, *, timed: bool) -> Item:
        """A change of gauge; at a border its time is part of what crossing takes."""
        item = self._per_unit(GAUGE_BREAK, at, self.rates.at(RAIL, "gauge_cost"))
        if not timed:
            return item
        time = self.rates.at(RAIL, "gauge_time")
        return Item(item.name, at, item.usd_per_t, time.interval, (*item.basis, *time.basis))

    def co2(self, segment: Segment) -> Rate:
        """Emissions of a segment, kg per tonne."""
        rate = self.rates.at(segment.mode, "co2")
        return Rate((rate.interval * segment.km).times(1 / GRAMS_PER_KILOGRAM), rate.basis)

    def _border(self, mode: str, leaves: str, enters: str) -> bool:
        """Whether cargo stops for customs between two states; at ports that is part of the dwell."""
        return mode in LAND and not any({leaves, enters} <= union for union in self.unions)

    def _crossing(self, segment: Segment, leaves: str, enters: str) -> Item:
        usd, days = NOTHING, NOTHING
        basis: list[str] = []
        if segment.usd_per_feu is None and segment.usd_per_t is None:
            for rate in self.rates.at_border(segment.mode, "border_cost", leaves, enters):
                per_t, rows = self._by_payload(rate)
                usd += per_t
                basis += rows
        if segment.days is None:
            for rate in self.rates.at_border(segment.mode, "border_time", leaves, enters):
                days += rate.interval
                basis += rate.basis
        return Item(f"border {leaves}-{enters}", segment.id, usd, days, tuple(basis))

    def _fare(self, segment: Segment) -> tuple[Interval, tuple[str, ...]]:
        """Cost of the haul, USD per tonne."""
        if segment.usd_per_t is not None:
            stated = self.rates.spread(segment.usd_per_t, segment.confidence)
            return stated.interval, stated.basis
        if segment.usd_per_feu is not None:
            return self._by_payload(self.rates.spread(segment.usd_per_feu, segment.confidence))
        sea = segment.mode == SEA
        rate = self.rates.parameter("routes.sea_haul") if sea else self.rates.at(segment.mode, "haul")
        return rate.interval * segment.km, rate.basis

    def _passage(self, segment: Segment) -> tuple[Interval, tuple[str, ...]]:
        """Time of the haul, days."""
        if segment.days is not None:
            stated = self.rates.spread(segment.days, segment.confidence)
            return stated.interval, stated.basis
        speed, basis = self._speed(segment.mode)
        return segment.km.per(speed.times(HOURS_PER_DAY)), basis

    def _speed(self, mode: str) -> tuple[Interval, tuple[str, ...]]:
        """Speed from slow to fast, km per hour, stops included."""
        usual, fast = self.rates.at(mode, "speed"), self.rates.at(mode, "speed_fast")
        slow = self.rates.found.get((mode, "speed_slow", None, None))
        low = usual.interval.low if slow is None else slow.interval.mid
        rows = (*usual.basis, *fast.basis, *(slow.basis if slow else ()))
        return Interval(low, usual.interval.mid, fast.interval.mid), rows

    def _per_unit(self, name: str, at: str, rate: Rate) -> Item:
        usd, basis = self._by_payload(rate)
        return Item(name, at, usd, NOTHING, basis)

    def _by_payload(self, rate: Rate) -> tuple[Interval, tuple[str, ...]]:
        """USD per container, truck or crossing as USD per tonne."""
        payload = self.rates.parameter("routes.payload")
        return rate.interval.per(payload.interval), (*rate.basis, *payload.basis)

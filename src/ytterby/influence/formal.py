# SPDX-License-Identifier: Apache-2.0
"""Formal ties of a pair of states: embassies, trade agreements, treaties of defence, deliveries of arms.

    arms stock S(t) = sum_{a=0..9} (1 - a / 10) d(t - a)      d: trend-indicator value of a year, rounded

Arms count for ten years in a straight line, which gives back published stocks to the digit (Turkmenistan 2006: 29.4,
2008: 28.6). An accord that sources name counts; a kind that a source excludes does not; any other kind is open, from
nothing to its points. Known kinds of a pair are added for the value, while the least is the weightiest of them alone: the
published data may count an agreement under one head only. Groups of states have no formal ties here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ytterby.facts import FactBase
from ytterby.influence.figures import BOUND, DERIVED, NUMBER, Figure, Key
from ytterby.influence.intervals import Interval, total

Row = Mapping[str, Any]
REPRESENTATION, AGREEMENTS, ALLIANCE, SHARED = (
    "representation",
    "agreements",
    "alliance",
    "shared_organisations",
)
STOCK, STOCK_SHARE, TO_STOCK = "arms_stock", "arms_stock_share", "arms_to_stock"
UNITS: Mapping[str, str] = {
    REPRESENTATION: "score", SHARED: "score", AGREEMENTS: "score", ALLIANCE: "score", STOCK: "SIPRI_MTIV",
    STOCK_SHARE: "fraction", TO_STOCK: "fraction",
}  # fmt: skip
IN_FORCE = "in_force"
SERVICE_YEARS = 10
IMPORTS_TO_STOCK, SHARED_RANGE = "influence.imports_to_stock", "influence.shared_organisations"


@dataclass(frozen=True)
class Formal:
    """The formal ties that a fact base knows; without rows everything is missing."""

    missions: tuple[Row, ...] = ()
    accords: tuple[Row, ...] = ()
    kinds: tuple[Row, ...] = ()
    arms: tuple[Row, ...] = ()
    imports_to_stock: Row | None = None
    shared: Row | None = None
    groups: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()

    @staticmethod
    def of(base: FactBase) -> Formal:
        """The formal ties of a fact base."""
        missions, accords, kinds, arms = (
            tuple(base.rows(name)) for name in ("missions", "accords", "accord_kinds", "arms")
        )
        ratio, shared = (base.rows("parameters", name=name)[0] for name in (IMPORTS_TO_STOCK, SHARED_RANGE))
        states = frozenset(row["id"] for row in base.rows("countries") if row["kind"] == "state")
        groups = frozenset(row["id"] for row in base.rows("countries")) - states
        return Formal(missions, accords, kinds, arms, ratio, shared, groups, states)

    def figure(self, country: str, power: str, year: int, indicator: str) -> Figure:
        """One formal tie of a pair in a year."""
        key = Key(country, power, year, indicator, UNITS[indicator])
        if power in self.groups:
            return key.missing("a group of states")
        if indicator == REPRESENTATION:
            return self._representation(key)
        if indicator == SHARED:
            return self._shared(key)
        if indicator in (AGREEMENTS, ALLIANCE):
            return self._accords(key)
        return self._arms(key)

    def _representation(self, key: Key) -> Figure:
        """Mean level of the two embassies; one that no row names may exist or not."""
        ways = ((key.power, key.country), (key.country, key.power))
        seen = [
            [r for r in self.missions if (r["sender"], r["host"]) == way and _open(r, key.year)]
            for way in ways
        ]
        ids = [row["id"] for rows in seen for row in rows]
        if not ids:
            return key.missing("no row about an embassy")
        levels = [
            Interval.exact(max(r["level"] for r in rows)) if rows else Interval(0, 0, 1) for rows in seen
        ]
        found = total(levels).times(1 / 2)
        return _bounded(
            key, found, ids, NUMBER, "" if all(seen) else "of one of the two embassies nothing is known"
        )

    def _shared(self, key: Key) -> Figure:
        """Weighted number of shared organisations: the weights are not published, so the range that other pairs have."""
        if self.shared is None:
            return key.missing("no range of other pairs")
        found = Interval(self.shared["low"], self.shared["value"], self.shared["high"])
        return _bounded(key, found, [self.shared["id"]], BOUND, "the range of other pairs of states")

    def _accords(self, key: Key) -> Figure:
        """Points of the kinds in force between the two, and of those that nothing excludes."""
        points = {row["id"]: row["points"] for row in self.kinds if row["term"] == key.indicator}
        rows = [
            row
            for row in self._about(key.country, key.power)
            if _open(row, key.year) and points.keys() & set(row["kinds"])
        ]
        if not rows:
            return key.missing("no row about an accord of the two")
        valid = [row for row in rows if row["force"] == IN_FORCE]
        known = {kind for row in valid for kind in row["kinds"]} & points.keys()
        ruled_out = {kind for row in rows if row not in valid for kind in row["kinds"]} - known
        weights = [points[kind] for kind in sorted(known)]
        high = sum(points.values()) - sum(points[kind] for kind in ruled_out & points.keys())
        found = Interval(max(weights, default=0.0), sum(weights), high)
        note = ", ".join(row["name"] for row in valid)
        return _bounded(key, found, [row["id"] for row in rows], DERIVED, note)

    def _arms(self, key: Key) -> Figure:
        year = int(key.year or 0)
        own = self._in_service(key.country, year)
        if own is None:
            return key.missing("the register of deliveries does not cover the country and the ten years")
        from_power = [row for row in own if row["power"] == key.power]
        stock, whole = stock_of(from_power, year), stock_of(own, year)
        ids = [row["id"] for row in own]
        if key.indicator == STOCK:
            return key.figure(Interval.exact(stock), DERIVED, [row["id"] for row in from_power] or ids)
        if whole <= 0:
            return key.missing("no imported arms in service")
        if key.indicator == STOCK_SHARE:
            return key.figure(Interval.exact(stock / whole), DERIVED, ids)
        most = self.imports_to_stock or {"value": 1.0, "id": ""}
        found = Interval(0.0, 0.0, stock / whole * most["value"])
        note = "the weapons stock is not known: at most as if all of it were imported"
        basis = [*ids, *filter(None, [most["id"]])]
        return replace(key.figure(found, BOUND, basis, note), value=None)

    def _in_service(self, country: str, year: int) -> list[Row] | None:
        """Deliveries to a country that still count in a year; None where the register doesn't cover them."""
        (first, last), own = self._covered, self._by_recipient.get(country)
        if not own or not first + SERVICE_YEARS - 1 <= year <= last:
            return None
        return [row for row in own if 0 <= year - row["year"] < SERVICE_YEARS]

    @cached_property
    def _covered(self) -> tuple[int, int]:
        """First and last year of the register."""
        years = [row["year"] for row in self.arms]
        return (min(years), max(years)) if years else (0, -1)

    @cached_property
    def _by_recipient(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.arms:
            found.setdefault(row["country"], []).append(row)
        return found

    def _about(self, country: str, power: str) -> list[Row]:
        """Rows about a pair: both are parties, or one alone excludes."""
        pair = {country, power}
        if (country, power) not in self._pairs:
            self._pairs[country, power] = [
                row
                for row in self.accords
                if pair <= set(row["parties"])
                or (row["force"] != IN_FORCE and len(row["parties"]) == 1 and row["parties"][0] in pair)
            ]
        return self._pairs[country, power]

    @cached_property
    def _pairs(self) -> dict[tuple[str, str], list[Row]]:
        """Rows about pairs that were asked for before."""
        return {}


def stock_of(deliveries: Iterable[Row], year: int) -> float:
    """What is left in a year of arms delivered up to ten years before, in trend-indicator values."""
    ages = ((year - row["year"], row["value"]) for row in deliveries)
    return float(
        sum(round(value) * (1 - age / SERVICE_YEARS) for age, value in ages if 0 <= age < SERVICE_YEARS)
    )


def _open(row: Row, year: int | None) -> bool:
    """Whether it is open at any time of the year."""
    first, last = str(row["opened"])[:4], str(row["closed"] or "9999")[:4]
    return first <= str(year) <= last


def _bounded(key: Key, found: Interval, basis: Sequence[str], state: str, note: str) -> Figure:
    """A figure; without a value where its ends differ and nothing is known for certain above the least."""
    if found.is_exact:
        return key.figure(found, state, basis, note)
    figure = key.figure(found, BOUND, basis, note)
    return figure if found.value > 0 and found.value > found.low else replace(figure, value=None)

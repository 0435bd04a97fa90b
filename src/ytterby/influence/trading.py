# SPDX-License-Identifier: Apache-2.0
"""Goods trade of a country with a power: turnover, share of all trade, shares of exports and of imports.

Turnover is what a row reports, else exports and imports together. A share is what a row states; else turnover over all
trade, which a row states or other powers' turnover and share imply (of one source where there is such a pair, for
reporters differ); else it lies between the shares of exports and of imports, and has a value only where both have one.
For the index alone turnover has bounds: those of its share times all trade (`trade_listed`), or at most what the other
powers leave (`trade_left`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from ytterby.influence.book import Book
from ytterby.influence.figures import BOUND, DERIVED, MISSING, Figure, Key, reported
from ytterby.influence.intervals import Interval, hull, total
from ytterby.influence.partners import bounds_by_list
from ytterby.influence.wholes import WORLD, implied_whole

TURNOVER, SHARE_OF_TRADE = "goods trade turnover", "share of total trade"
WAYS = ("exports", "imports")
LISTS = {"exports_share": "exports partner share", "imports_share": "imports partner share"}
NOTHING = "no share of all trade, and no partners of exports and imports of the year"


@dataclass(frozen=True)
class Trade:
    """Trade as the rows of ties tell it; `members` of groups of states."""

    book: Book
    members: Mapping[str, tuple[str, ...]]

    def turnover(self, country: str, power: str, year: int) -> Figure:
        """Turnover as reported, or as exports and imports."""
        return self._counted(Key(country, power, year, "trade", "USD"))

    def turnover_listed(self, country: str, power: str, year: int) -> Figure:
        """Turnover within the bounds that the lists of largest partners set."""
        key = Key(country, power, year, "trade_listed", "USD")
        return self._times_all(key, self._between(replace(key, indicator="trade_share", unit="fraction")))

    def turnover_left(self, country: str, power: str, year: int) -> Figure:
        """Turnover at most, by what the other powers leave."""
        key = Key(country, power, year, "trade_left", "USD")
        return self._times_all(key, self.share_left(country, power, year))

    def share(self, country: str, power: str, year: int) -> Figure:
        """Share of all trade."""
        key = Key(country, power, year, "trade_share", "fraction")
        return self._by_turnover(key) or self._between(key)

    def share_left(self, country: str, power: str, year: int) -> Figure:
        """At most what the known shares of the other powers leave of all trade."""
        key = Key(country, power, year, "trade_share_left", "fraction")
        group = {key.power, WORLD, *self.members.get(key.power, ())}
        taken, basis = 0.0, list[str]()
        for other in self.book.powers_of(country, year):
            if other in group or self.members.get(other):
                continue
            part = self._by_turnover(replace(key, power=other))
            if part is not None and part.interval is not None:
                taken, basis = taken + part.interval.low, [*basis, *part.basis]
        if not basis:
            return key.missing(NOTHING)
        found = Interval(0.0, 0.0, max(0.0, 1 - taken))
        return replace(key.figure(found, BOUND, basis, "at most what other powers leave"), value=None)

    def all_trade(self, country: str, year: int) -> Figure:
        """All goods trade of a country, USD, as reported, else as the turnover and the share of each power with both imply it.

        A pair of turnover and share of one source comes before pairs of several: a share in one reporter's trade says nothing
        about another's.
        """
        at = (country, year)
        if at not in self._wholes:
            self._wholes[at] = self._all_trade(Key(country, WORLD, year, "trade", "USD"))
        return self._wholes[at]

    @cached_property
    def _wholes(self) -> dict[tuple[str, int], Figure]:
        """All trade that was asked for before."""
        return {}

    def _all_trade(self, key: Key) -> Figure:
        country, year = key.country, int(key.year or 0)
        stated = self.book.level(key, (TURNOVER,))
        if stated.interval is not None:
            return stated
        implied = [
            found
            for power in self.book.powers_of(country, year)
            for found in implied_whole(
                replace(key, power=power),
                self.book.of(country, power, year, SHARE_OF_TRADE),
                self.book.of(country, power, year, TURNOVER, "USD"),
            )
        ]
        best = [whole for own, whole in implied if own] or [whole for _, whole in implied]
        if not best:
            return key.missing("no power with both turnover and share")
        ends = [whole.interval for whole in best if whole.interval is not None]
        return key.figure(hull(ends), DERIVED, [id_ for whole in best for id_ in whole.basis])

    def _counted(self, key: Key) -> Figure:
        """Turnover as rows report it, or the sum of exports and imports of the whole year."""
        level = self.book.level(key, (TURNOVER,))
        if level.state != MISSING:
            return level
        at = (key.country, key.power, int(key.year or 0))
        ways = [[row for row in self.book.of(*at, way, "USD") if not row["period"]] for way in WAYS]
        found = [reported(key, rows) for rows in ways if rows]
        ends = [figure.interval for figure in found if figure.interval is not None]
        if len(ends) < len(WAYS):
            return key.missing()
        basis = [id_ for figure in found for id_ in figure.basis]
        return key.figure(total(ends), DERIVED, basis, "exports and imports")

    def _by_turnover(self, key: Key) -> Figure | None:
        """The share that rows state, or turnover over all trade."""
        at = (key.country, key.power, int(key.year or 0))
        rows = self.book.of(*at, SHARE_OF_TRADE)
        if rows:
            return reported(key, rows)
        level = self._counted(replace(key, indicator="trade", unit="USD"))
        whole = self.all_trade(key.country, int(key.year or 0))
        if level.interval is None or whole.interval is None:
            return None
        (low, value, high), of = level.interval, whole.interval
        found = Interval(low / of.high, value / of.value, min(1.0, high / of.low))
        return key.figure(found, DERIVED, (*level.basis, *whole.basis), "turnover over all trade")

    def _times_all(self, key: Key, part: Figure) -> Figure:
        """Turnover that no row gives: bounds of the share times all trade."""
        whole = self.all_trade(key.country, int(key.year or 0))
        if part.interval is None or whole.interval is None:
            return key.missing()
        ends = (part.interval.low * whole.interval.low, part.interval.high * whole.interval.high)
        note = f"{part.note}, times all trade"
        found = key.figure(Interval(ends[0], ends[0], ends[1]), BOUND, (*part.basis, *whole.basis), note)
        return replace(found, value=None)

    def _between(self, key: Key) -> Figure:
        """Between the shares of exports and of imports, whatever the weights."""
        parts = [self.listed(key.country, key.power, int(key.year or 0), name) for name in LISTS]
        ends = [part.interval for part in parts if part.interval is not None]
        if len(ends) < len(parts):
            return key.missing(NOTHING)
        note = "between the shares of exports and of imports"
        found = key.figure(hull(ends), BOUND, [id_ for part in parts for id_ in part.basis], note)
        return found if all(part.value is not None for part in parts) else replace(found, value=None)

    def listed(self, country: str, power: str, year: int, indicator: str) -> Figure:
        """A share of exports or imports: as listed, or bounds without a value by what is listed."""
        key, measure = Key(country, power, year, indicator, "fraction"), LISTS[indicator]
        own = self.book.of(country, power, year, measure)
        if any(row["value"] is not None for row in own):
            return reported(key, own)
        return bounds_by_list(
            key, measure, self.book.of_year(country, year), own, self.members.get(power, ())
        )

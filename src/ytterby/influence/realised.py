# SPDX-License-Identifier: Apache-2.0
"""What each power would weigh if pledges came: share of trade, index and share of the index at nothing, the expected part, all.

    t' = t + a        s' = (s T + a) / (T + A)        g' = g + b

t trade with the power, s its share of all trade T, g aid from it; a and b what its pledges add to trade and aid a year, A
what those of all powers add to trade. The additions stand in each of the three years of a mean, as if the pledges had been
running; output stays. Not counted in the index: investment and debt, which the base version doesn't know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import product

from ytterby.facts import FactBase
from ytterby.influence.capacity import version
from ytterby.influence.figures import Figure, Key
from ytterby.influence.forecast import READINGS, Forecast, forecasts, weight
from ytterby.influence.intervals import Interval, total
from ytterby.influence.own import OwnCapacity, index_shares, own_capacity
from ytterby.influence.pledged import AID, TRADE, Effect, Promise, pledge_effects
from ytterby.influence.shares import ties_of
from ytterby.influence.ties import AID_TOTAL, Ties
from ytterby.influence.wholes import WORLD

NOTHING, EXPECTED, ALL = LEVELS = "nothing", "expected", "all"
BY_TRADE, BY_INDEX = READINGS
INDEX_SHARE = "index_share"
UNITS = {BY_TRADE: "fraction", BY_INDEX: "score", INDEX_SHARE: "fraction"}
GROWING = {"trade": TRADE, "trade_listed": TRADE, "trade_left": TRADE, "aid": AID}
TRADE_SHARES = ("trade_share", "trade_share_left")
NONE = Interval.exact(0.0)
RUNNING = 2
At = tuple[str, str, str]


@dataclass(frozen=True)
class Changed:
    """One weight of a power in a country and year by how much of the pledges comes; None where it is not known."""

    country: str
    power: str
    year: int
    indicator: str
    unit: str
    by_level: Mapping[str, Figure | None]

    @property
    def moves(self) -> bool:
        """Whether pledges change it."""
        ends = {figure and (figure.low, figure.value, figure.high) for figure in self.by_level.values()}
        return len(ends) > 1


@dataclass(frozen=True)
class Realised(Ties):
    """Ties with what pledges add to them: (country, power, indicator) -> USD a year."""

    added: Mapping[At, Interval] = field(default_factory=dict)

    def _figure(self, country: str, power: str, year: int, indicator: str) -> Figure:
        found = super()._figure(country, power, year, indicator)
        if found.interval is None:
            return found
        if indicator in GROWING:
            return _plus(found, self._of(country, power, GROWING[indicator]))
        if indicator in TRADE_SHARES:
            return self._share_of_trade(found)
        if indicator == "aid_to_output":
            return self._bounded_aid(found)
        return self._share_of_aid(found) if indicator == "aid_share" else found

    def _of(self, country: str, power: str, kind: str) -> Interval:
        return self.added.get((country, power, kind), NONE)

    def _others(self, country: str, power: str, kind: str) -> Interval:
        """What the pledges of all other powers add."""
        return total(
            one
            for (place, name, what), one in self.added.items()
            if (place, what) == (country, kind) and name != power
        )

    def _share_of_trade(self, found: Figure) -> Figure:
        """The share with more of its own, of a whole with more of everyone's; each end where the whole makes it widest."""
        own, rest = (of(found.country, found.power, TRADE) for of in (self._of, self._others))
        if own == rest == NONE or found.interval is None:
            return found
        whole = self._all_trade(found.country, int(found.year or 0))
        if whole is None:
            return Key(found.country, found.power, found.year, found.indicator, found.unit).missing(
                "all trade is not known"
            )

        def of(part: float, of_all: float, more: float, others: float) -> float:
            return (part * of_all + more) / (of_all + more + others)

        ends = (whole.low, whole.high)
        low = min(of(found.interval.low, end, own.low, rest.high) for end in ends)
        high = max(of(found.interval.high, end, own.high, rest.low) for end in ends)
        value = None if found.value is None else of(found.value, whole.value, own.value, rest.value)
        return replace(found, low=low, value=value, high=high)

    def _all_trade(self, country: str, year: int) -> Interval | None:
        """All trade of the year, or of the nearest that knows it."""
        years = sorted(self.years([country]), key=lambda one: abs(one - year))
        known = (self.trade.all_trade(country, one).interval for one in years)
        return next((one for one in known if one is not None), None)

    def _bounded_aid(self, found: Figure) -> Figure:
        """Aid over output where only all aid bounds it; where aid itself is known it has grown already."""
        output = self._output(found.country, int(found.year or 0))
        known = super()._figure(found.country, found.power, int(found.year or 0), "aid").interval is not None
        if known or output is None:
            return found
        return _plus(found, self._of(found.country, found.power, AID).times(1 / output.usd))

    def _share_of_aid(self, found: Figure) -> Figure:
        """The share, whose part has grown already, of a whole that grows too."""
        year = int(found.year or 0)
        whole, output = (
            self._book.of(found.country, WORLD, year, AID_TOTAL),
            self._output(found.country, year),
        )
        if not whole or output is None:
            return found
        more = total(
            [self._of(found.country, found.power, AID), self._others(found.country, found.power, AID)]
        )
        ends = [whole[0]["value"] / (whole[0]["value"] + end / output.usd) for end in more]
        low, value, high = found.interval or NONE
        return replace(
            found,
            low=low * ends[2],
            value=None if found.value is None else value * ends[1],
            high=high * ends[0],
        )


def _plus(found: Figure, more: Interval) -> Figure:
    low, value, high = found.interval or NONE
    middle = None if found.value is None else value + more.value
    return replace(found, low=low + more.low, value=middle, high=high + more.high)


def realised(ties: Ties, effects: Sequence[Effect], level: str) -> Realised:
    """The ties if so much of the pledges comes: one of LEVELS."""
    shares: Mapping[str, Callable[[Effect], Interval]] = {
        NOTHING: lambda _: NONE, EXPECTED: lambda one: one.added, ALL: lambda one: Interval.exact(one.full),
    }  # fmt: skip
    added = {(one.country, one.power, one.indicator): shares[level](one) for one in effects}
    return Realised(**{own.name: getattr(ties, own.name) for own in fields(ties)}, added=added)


def changes(
    base: FactBase, effects: Sequence[Effect], countries: Sequence[str], powers: Sequence[str]
) -> list[Changed]:
    """What each power weighs in each country, in the newest year with ties, at each level of realisation.

    Parameters
    ----------
    base : the facts
    effects : what the pledges add, as `pledge_effects` gives it
    countries, powers : whom, and who; shares of the index are among these powers
    """
    ties, found = ties_of(base), list[Changed]()
    by_level = {level: realised(ties, effects, level) for level in LEVELS}
    for country in countries:
        year, others = ties.years([country])[-1], [power for power in powers if power != country]
        own = {level: _weights(base, of, country, others, year) for level, of in by_level.items()}
        found += [
            Changed(
                country,
                power,
                year,
                name,
                UNITS[name],
                {level: own[level].get((power, name)) for level in LEVELS},
            )
            for power, name in product(others, UNITS)
        ]
    return [one for one in found if any(one.by_level.values())]


def _weights(
    base: FactBase, ties: Ties, country: str, powers: Sequence[str], year: int
) -> dict[tuple[str, str], Figure]:
    """The weights of each power by power and indicator."""
    all_of_them = {power: own_capacity(ties, version(base), country, power, year) for power in powers}
    states = {power: own for power, own in all_of_them.items() if not own.group}
    found = {(power, BY_INDEX): own.figure for power, own in states.items()}
    found |= {(figure.power, INDEX_SHARE): figure for figure in index_shares(states)}
    traded = {(power, BY_TRADE): _traded(own) for power, own in all_of_them.items()}
    return found | {at: figure for at, figure in traded.items() if figure is not None}


def _traded(own: OwnCapacity) -> Figure | None:
    """The share of trade, mean of three years."""
    ends, inputs = weight(BY_TRADE, own), own.inputs.get("trade_share", ())
    if ends is None:
        return None
    key = Key(own.country, own.power, own.year, BY_TRADE, UNITS[BY_TRADE])
    figure = key.figure(ends, inputs[-1].state, [id_ for one in inputs for id_ in one.basis])
    return figure if all(one.value is not None for one in inputs) else replace(figure, value=None)


def forecasts_by_level(base: FactBase, promises: Sequence[Promise]) -> dict[str, list[Forecast]]:
    """The forecasts of the newest two years at each level of realisation: two years above a rival refute.

    Parameters
    ----------
    base : the facts
    promises : pledges that do not overlap; those that touch the forecasts' countries count
    """
    ties = ties_of(base)
    countries = dict.fromkeys(place for row in base.rows("forecasts") for place in row["countries"])
    effects, _ = pledge_effects(base, promises, tuple(countries))
    return {level: forecasts(base, realised(ties, effects, level), RUNNING) for level in LEVELS}

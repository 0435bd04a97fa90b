# SPDX-License-Identifier: Apache-2.0
"""The influence index from the project's own ties: which inputs there are, which are missing, what interval they leave.

Never mixed with the published index: trade and output are in current USD, arms are five-year shares of imports, and years
without figures are left out of the three-year mean. Everything that no tie gives is missing, and taken from nothing to its
highest value. The value is what the known inputs alone give; it lies within the interval.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ytterby.influence.capacity import Capacity, Version, capacity, working_columns
from ytterby.influence.figures import BOUND, Figure, Key
from ytterby.influence.intervals import Interval, share, total
from ytterby.influence.ties import Ties

WINDOW = 3
MILLION = 1e6
PER_CENT = 100.0


@dataclass(frozen=True)
class OwnCapacity:
    """The index of one power in one country and year, from own ties.

    `inputs` are the figures that fed a term; the terms of `capacity.missing` had none.
    """

    country: str
    power: str
    year: int
    version: Version
    capacity: Capacity
    inputs: Mapping[str, tuple[Figure, ...]]

    @property
    def index(self) -> Interval:
        """The index with the interval that the missing inputs leave; no pair of the published data is above 1."""
        low, value, high = self.capacity.figures[f"fbic{self.version.suffix}"]
        return Interval(low, value, min(high, max(1.0, value)))

    @property
    def figure(self) -> Figure:
        """The index as a figure; without any input there is no value, only the bounds."""
        end, missing = self.version.suffix, ", ".join(self.capacity.missing)
        key = Key(self.country, self.power, self.year, f"index{end}", "score")
        found = key.figure(self.index, BOUND, self.basis, f"missing: {missing}")
        return found if self.index.value > 0 else replace(found, value=None)

    @property
    def basis(self) -> tuple[str, ...]:
        """Rows behind it."""
        rows = [id_ for figures in self.inputs.values() for figure in figures for id_ in figure.basis]
        return tuple(dict.fromkeys([*rows, *self.version.basis]))


Reading = Callable[[Interval], Interval]


def _percent(found: Interval) -> Interval:
    return found.times(PER_CENT)


def _logarithm(found: Interval) -> Interval:
    """ln(1 + million USD), end by end."""
    return Interval(*(math.log1p(end / MILLION) for end in found))


def _one_way(found: Interval) -> Interval:
    """The same of one direction only: a lower bound, so the upper end stays open."""
    return Interval(_logarithm(found).low, _logarithm(found).value, math.inf)


FEEDS: Mapping[str, tuple[str, Reading]] = {
    "trade": ("trade", _logarithm),
    "trade_share": ("trade_share", _percent),
    "trade_to_output": ("trade_to_output", _percent),
    "aid_to_output": ("aid_to_output", _percent),
    "arms_share": ("arms_share", _percent),
    "investment": ("investment_stock", _one_way),
}


def own_capacity(ties: Ties, of: Version, country: str, power: str, year: int) -> OwnCapacity:
    """The index of a power in a country, mean of the years year-2 to year that have a figure."""
    window = range(year - WINDOW + 1, year + 1)
    raw: list[dict[str, Interval]] = [{} for _ in window]
    inputs: dict[str, tuple[Figure, ...]] = {}
    for term in of.terms:
        if term.name not in FEEDS:
            continue
        indicator, read = FEEDS[term.name]
        found = [ties.figure(country, power, then, indicator) for then in window]
        for cells, figure in zip(raw, found, strict=True):
            if figure.interval is not None:
                low, value, high = read(figure.interval)
                cells[term.raw] = Interval(low, value, max(value, min(high, term.highest / term.scale)))
        used = tuple(figure for figure in found if figure.interval is not None)
        if used:
            inputs[term.name] = used
    return OwnCapacity(country, power, year, of, capacity(of, working_columns(of, raw)), inputs)


def index_shares(of_powers: Mapping[str, OwnCapacity]) -> list[Figure]:
    """Each power's share of the sum of all powers' indices in one country and year.

    The lowest share is one's lowest index among the others' highest. There is a value only where all powers have the same
    inputs: it is the share that these alone give. One power has no share in itself.
    """
    if len(of_powers) == 1:
        return []
    alike = len({own.capacity.missing for own in of_powers.values()}) == 1
    found = []
    for power, own in of_powers.items():
        key = Key(own.country, power, own.year, f"index_share{own.version.suffix}", "fraction")
        others = total(other.index for name, other in of_powers.items() if name != power)
        part = share(own.index, others) or Interval(0.0, 0.0, 1.0)
        note = "missing: " + ", ".join(own.capacity.missing)
        figure = key.figure(part, BOUND, own.basis, note)
        found.append(figure if alike and own.inputs else replace(figure, value=None))
    return found

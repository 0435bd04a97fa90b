# SPDX-License-Identifier: Apache-2.0
"""The influence index from the project's own ties: which inputs there are, which are missing, what interval they leave.

Never mixed with the published index: trade and output are in current USD, arms are imports alone, and years without
figures are left out of the three-year mean. Everything that no tie gives is missing, and taken from nothing to its highest
value; what ties only bound is taken from bound to bound where no year of the three has a value. The value is what the
known inputs alone give; it lies within the interval. The index is one of two states: a group of states has none.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
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

    `inputs` are the figures that fed a term; the terms of `capacity.missing` had none. A `group` of states has no
    index.
    """

    country: str
    power: str
    year: int
    version: Version
    capacity: Capacity
    inputs: Mapping[str, tuple[Figure, ...]]
    group: bool

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
        found = replace(found, missing=self.capacity.missing)
        return found if self.is_known else replace(found, value=None)

    @property
    def is_known(self) -> bool:
        """Whether the known inputs alone give an index."""
        return self.index.value > 0

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


def _stock(found: Interval) -> Interval:
    """ln(1 + million trend-indicator values), end by end."""
    return Interval(*(math.log1p(end) for end in found))


def _as_it_is(found: Interval) -> Interval:
    return found


FEEDS: Mapping[str, tuple[tuple[str, ...], Reading]] = {
    "representation": (("representation",), _as_it_is),
    "organisations": (("shared_organisations",), _as_it_is),
    "agreements": (("agreements",), _as_it_is),
    "alliance": (("alliance",), _as_it_is),
    "arms": (("arms_stock",), _stock),
    "trade": (("trade", "trade_listed", "trade_left"), _logarithm),
    "trade_share": (("trade_share", "trade_share_left"), _percent),
    "trade_to_output": (("trade_to_output", "trade_listed_to_output", "trade_left_to_output"), _percent),
    "aid_to_output": (("aid_to_output",), _percent),
    "aid_share": (("aid_share",), _percent),
    "arms_share": (("arms_stock_share", "arms_share"), _percent),
    "arms_to_stock": (("arms_to_stock",), _percent),
    "investment": (("investment_stock",), _one_way),
}


def own_capacity(ties: Ties, of: Version, country: str, power: str, year: int) -> OwnCapacity:
    """The index of a power in a country, mean of the years year-2 to year that have a figure."""
    window = range(year - WINDOW + 1, year + 1)
    raw: list[dict[str, Interval]] = [{} for _ in window]
    inputs: dict[str, tuple[Figure, ...]] = {}
    for term in of.terms:
        if term.name not in FEEDS:
            continue
        indicators, read = FEEDS[term.name]
        found = _best([ties.figure(country, power, then, name) for then in window] for name in indicators)
        for cells, figure in zip(raw, found, strict=True):
            if figure is not None and figure.interval is not None:
                low, value, high = read(figure.interval)
                cells[term.raw] = Interval(low, value, max(value, min(high, term.highest / term.scale)))
        used = tuple(figure for figure in found if figure is not None)
        if used:
            inputs[term.name] = used
    return OwnCapacity(
        country, power, year, of, capacity(of, working_columns(of, raw)), inputs, power in ties.formal.groups
    )


def _best(found: Iterable[Sequence[Figure]]) -> list[Figure | None]:
    """The years that count, of the first indicator that has any: those with a value, else those with both bounds."""
    for figures in found:
        bounded = [figure if figure.interval is not None else None for figure in figures]
        valued = [figure if figure is not None and figure.value is not None else None for figure in bounded]
        if any(bounded):
            return valued if any(valued) else bounded
    return [None] * WINDOW


@dataclass(frozen=True)
class Lead:
    """Who is first in a country and year by one version of the index: surely one, or one of several that can't be told apart."""

    country: str
    year: int
    indicator: str
    first: str | None
    candidates: tuple[str, ...]
    basis: tuple[str, ...]


def lead(of_powers: Mapping[str, OwnCapacity]) -> Lead | None:
    """Who can be first: every power whose highest index is not under another's lowest; None where nothing is compared."""
    if len(of_powers) < 2:
        return None
    own = next(iter(of_powers.values()))
    bar = max(one.index.low for one in of_powers.values())
    possible = tuple(power for power, one in of_powers.items() if one.index.high >= bar)
    first = possible[0] if len(possible) == 1 else None
    basis = tuple(dict.fromkeys(id_ for one in of_powers.values() for id_ in one.basis))
    return Lead(own.country, own.year, f"index{own.version.suffix}", first, possible, basis)


def index_shares(of_powers: Mapping[str, OwnCapacity]) -> list[Figure]:
    """Each power's share of the sum of all powers' indices in one country and year.

    The lowest share is one's lowest index among the others' highest. There is a value only where all powers have the same
    inputs: it is the share that these alone give. One power has no share in itself.
    """
    if len(of_powers) < 2:
        return []
    alike = len({own.capacity.missing for own in of_powers.values()}) == 1
    found = []
    for power, own in of_powers.items():
        key = Key(own.country, power, own.year, f"index_share{own.version.suffix}", "fraction")
        others = total(other.index for name, other in of_powers.items() if name != power)
        part = share(own.index, others) or Interval(0.0, 0.0, 1.0)
        note = "missing: " + ", ".join(own.capacity.missing)
        figure = key.figure(part, BOUND, own.basis, note)
        found.append(
            figure
            if alike and all(one.is_known for one in of_powers.values())
            else replace(figure, value=None)
        )
    return found

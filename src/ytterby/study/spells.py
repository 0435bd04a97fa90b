# SPDX-License-Identifier: Apache-2.0
"""Spells: years in which a scenario finds the same transport network, and what is asked of it then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ytterby.routes import SURFACE, Network, Query
from ytterby.scenario import Case, Closure, Scenario


@dataclass(frozen=True)
class Spell:
    """Years in which a scenario finds the same network, and what is asked of it."""

    years: tuple[int, ...]
    query: Query


def spells_of(case: Case, scenario: Scenario, net: Network, countries: frozenset[str]) -> Iterator[Spell]:
    """The spells of a scenario in order: a new one begins when a segment opens, a policy turns, or a closure begins or ends."""
    years = [case.base_year, *case.years]
    turns = net.changes | {
        year for closure in scenario.closures for year in (closure.first, (closure.last or closure.first) + 1)
    }
    starts = [year for year in years if year == years[0] or year in turns]
    for start, following in zip(starts, [*starts[1:], years[-1] + 1], strict=True):
        yield Spell(tuple(range(start, following)), query_of(scenario.closures, start, countries))


def query_of(closures: Sequence[Closure], year: int, countries: frozenset[str]) -> Query:
    """What is asked of the network in a year: countries are avoided, all else is closed."""
    shut = [closure.closed for closure in closures if closure.holds(year)]
    avoid = tuple(sorted(name for name in shut if name in countries))
    return Query(year, avoid=avoid, closed=tuple(sorted(set(shut) - countries)), modes=SURFACE)

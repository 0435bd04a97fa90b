# SPDX-License-Identifier: Apache-2.0
"""Corridors that a state and a power share: named ways overland on which both have an open stretch in the year.

A corridor is one that relation `corridor_stats` tells something of and that has links by rail, road or ferry; other names of
links (sea, air, gateways, a state's own lines) are no corridors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ytterby.facts import FactBase
from ytterby.influence.figures import DERIVED, Figure, Key
from ytterby.influence.intervals import Interval
from ytterby.routes import OPEN, Network, Query, Segment, standings

SHARED = "corridors"
OVERLAND = ("rail", "road", "ferry")


def corridors(
    base: FactBase, countries: Sequence[str], powers: Sequence[str], year: int, net: Network
) -> list[Figure]:
    """The number of corridors of each pair, with their names in the note; a group shares those of its members."""
    open_ways = _open_ways(base, year, net)
    found = []
    for country in countries:
        for power in powers:
            territory = {power, *(base.row(power)["members"] or ())}
            shared = {
                name: [*_on(ways, {country}), *_on(ways, territory)]
                for name, ways in open_ways.items()
                if _on(ways, {country}) and _on(ways, territory)
            }
            basis = dict.fromkeys(id_ for ways in shared.values() for way in ways for id_ in way.basis)
            key = Key(country, power, year, SHARED, "number")
            note = ", ".join(shared) or "none in the network"
            found.append(key.figure(Interval.exact(float(len(shared))), DERIVED, tuple(basis), note))
    return found


def _open_ways(base: FactBase, year: int, net: Network) -> Mapping[str, Sequence[Segment]]:
    """The open links of each corridor, by its name."""
    told = sorted({row["corridor"] for row in base.rows("corridor_stats")})
    ways: dict[str, list[Segment]] = {name: [] for name in told}
    for standing in standings(net, Query(year), ()):
        link = standing.segment
        if standing.state == OPEN and link.mode in OVERLAND and link.corridor in ways:
            ways[link.corridor].append(link)
    return ways


def _on(ways: Iterable[Segment], territory: set[str]) -> list[Segment]:
    return [way for way in ways if territory & set(way.crosses)]

# SPDX-License-Identifier: Apache-2.0
"""Whether there is room: the region's goods against what can pass, and which stated capacity the market fills.

Tonnes are gross, as goods travel. Capacities are of all goods together; where it is stated what others carry, that is
taken off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from ytterby.chain import Limited
from ytterby.errors import RouteError
from ytterby.routes import Capacity, Network, capacity
from ytterby.study.context import Answer, Context
from ytterby.study.measures import ALL_GOODS
from ytterby.study.words import listed, number, percent, place_name, tonnes
from ytterby.supply.ways import Room

GREATEST_FLOW = "maximum flow over the open segments, gross tonnes"
SHARED = "stated capacities as limits that the market's ways share; rents are their duals"
SHOWN = 3


def room(c: Context) -> list[Answer]:
    """The region's largest volume against what can pass, and the capacities in the market."""
    return [_passing(c), *_filled(c)]


def _passing(c: Context) -> Answer:
    year = c.case.last_year
    mined = {
        name: c.table("region_gross", "concentrate", year, name)
        for name in c.solved if c.table.knows("region_gross", "concentrate", year, name)
    }  # fmt: skip
    scenario = max(mined, key=lambda name: mined[name][1], default="")
    gross = mined.get(scenario, (0.0, 0.0, 0.0))
    oxides = c.table("region_output", "concentrate", year, scenario)[1] if scenario else 0.0
    found = _most(c, ())
    told = (
        f"meets no stated capacity that all its ways share: {found.unstated} of {found.stated + found.unstated} open segments "
        "state none."
        if found.t_per_year == inf
        else f"is {_part(c, gross, found)}."
    )
    sentence = (
        f"The most that the region mines in a scenario, {tonnes(oxides)} REO or {tonnes(gross)} of concentrate in {year}, "
        f"{told} {_without(c, gross)}"
    ).strip()
    question = "Is there room for the region's goods on the ways?"
    basis = [*found.basis, *(row for route in c.ways.now.values() for row in route.basis)]
    return c.answer(
        "ways-room", question, "region_gross", gross, "t", sentence, GREATEST_FLOW, basis,
        form="concentrate", year=year, scenario=scenario,
    )  # fmt: skip


def _most(c: Context, avoid: tuple[str, ...]) -> Capacity:
    """What can pass from the region to the importer in the last year when states are avoided."""
    origins = [node for place in c.ways.now for node in c.ways.gates[place]]
    return capacity(c.network, origins, c.ways.gates[c.case.importer], c.ways.query(c.case.last_year, avoid))


def _part(c: Context, gross: tuple[float, float, float], found: Capacity) -> str:
    """The share of what can pass, and what others carry at the narrow places, in words."""
    low, middle, high = (amount / found.t_per_year for amount in gross)
    others = sum(limit.others for limit in found.binding)
    beside = f", of which others last took {tonnes(others)}" if others else ""
    narrow = listed(place_of(c.network, limit.segments) for limit in found.binding)
    return f"{percent((low, middle, high))} of the {tonnes(found.t_per_year)} of all goods that can pass{beside}, at {narrow}"


def _without(c: Context, gross: tuple[float, float, float]) -> str:
    """The same where the case avoids states, and its supplier is avoided too."""
    avoided = (*c.case.avoid, c.case.supplier)
    try:
        found = _most(c, avoided)
    except RouteError:
        return ""
    if not 0 < found.t_per_year < inf:
        return ""
    names = listed(place_name(c.base, state) for state in avoided)
    return f"Without {names} it is {_part(c, gross, found)}."


@dataclass(frozen=True)
class _Use:
    """A stated capacity in a solved year."""

    scenario: str
    year: int
    limit: Limited

    @property
    def share(self) -> float:
        return self.limit.used / self.limit.limit if self.limit.limit > 0 else 0.0


def _filled(c: Context) -> list[Answer]:
    """Which of the capacities in the market are full, or the fullest one; none where no way of the market passes one."""
    rooms = {room.name: room for solved in c.solved.values() for room in solved.freight.rooms}
    uses = [
        _Use(name, year.year, limit)
        for name, solved in c.solved.items()
        for year in solved.result.years
        for limit in year.limits
        if limit.name in rooms and year.year in c.case.report_years
    ]
    if not uses:
        return []
    passed = {use.limit.name for use in uses}
    beside = sum(len(room.basis) > 1 for room in rooms.values())
    most = max(uses, key=lambda use: (use.limit.rent, use.share))
    share = c.table("room_used", ALL_GOODS, most.year, most.scenario)
    full = sorted((use for use in uses if use.limit.rent > 0), key=lambda use: -use.limit.rent)
    sentence = (
        f"{len(rooms)} stated capacities are limits in the market, {beside} of them less what others carry there; "
        f"{len(passed)} lie on ways that it may take. {_bound(c, rooms, full) if full else _unbound(c, rooms, most, share)}"
    )
    basis = dict.fromkeys(row for use in uses for row in use.limit.basis)
    return [
        c.answer(
            "ways-full", "Which stated capacity binds?", "room_used", share, "fraction", sentence, SHARED, list(basis),
            form=ALL_GOODS, year=most.year, scenario=most.scenario,
        )
    ]  # fmt: skip


def _bound(c: Context, rooms: dict[str, Room], full: list[_Use]) -> str:
    """The full ones, the dearest first, each once."""
    dearest: dict[str, _Use] = {}
    for use in full:
        dearest.setdefault(use.limit.name, use)
    told = [
        f"{place_of(c.network, rooms[name].segments)} in {use.year} of {use.scenario}, where a gross tonne more would be worth "
        f"{number(use.limit.rent)} USD"
        for name, use in list(dearest.items())[:SHOWN]
    ]
    return f"{len(dearest)} of these {'is' if len(dearest) == 1 else 'are'} full: {listed(told)}."


def _unbound(c: Context, rooms: dict[str, Room], most: _Use, share: tuple[float, float, float]) -> str:
    place = place_of(c.network, rooms[most.limit.name].segments)
    return (
        f"No capacity is full in any scenario. Fullest is {place} in {most.year} of {most.scenario}: "
        f"{tonnes(most.limit.used)} of {tonnes(most.limit.limit)}, {percent(share)}."
    )


def place_of(network: Network, names: Iterable[str]) -> str:
    """Segments in words."""
    segments = [network.segments[name] for name in sorted(names)]
    return listed(
        f"{network.nodes[one.first].name} to {network.nodes[one.last].name} by {one.mode}" for one in segments
    )

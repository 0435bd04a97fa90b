# SPDX-License-Identifier: Apache-2.0
"""One map of the ways as SVG: the network by mode and by how it stands, the ways on it, places, countries, a legend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import pairwise

from ytterby.facts import FactBase
from ytterby.report.drawings.canvas import INK, MUTED, RULE, SERIES, VARIABLES, WIDTH
from ytterby.report.drawings.mapping import Labels, Line, Point, Window, along, around, beside, middle, path
from ytterby.routes import CLOSED, COMING, OPEN, Node, Standing, stretch
from ytterby.study.ways import AVOIDING, CHEAPEST, OVER, MapYear, WayMap
from ytterby.study.words import place_name

PLACE, COUNTRY, KEY = 9.5, 9.0, 10.0
ROW, FOOT = 15.0, 8.0
MARK, CHOKE, GAP, CLEAR = 2.2, 3.6, 4.5, 3.0
NEAR, RING, RINGS = 4.0, 7.0, 4
LAND, ROAD, WATER = "railway", "road", "ship or ferry"
NETWORK: Mapping[str, tuple[str, str, float, str]] = {
    "rail": (LAND, MUTED, 0.9, ""), "road": (ROAD, MUTED, 0.9, "1 1.6"), "sea": (WATER, MUTED, 0.5, "5 2"),
    "ferry": (WATER, MUTED, 0.5, "5 2"),
}  # fmt: skip
WAYS: Mapping[str, tuple[str, float, str]] = {
    CHEAPEST: (SERIES[0], 5.0, ""), AVOIDING: (SERIES[1], 2.8, ""), OVER: (SERIES[2], 1.4, "3.5 1.5"),
}  # fmt: skip
TO_COME: tuple[str, float, str] = (SERIES[3], 1.4, "3 2")
SHUT: tuple[str, float, str] = (SERIES[5], 1.1, "1.2 2.2")
TO_COME_WORDS, SHUT_WORDS, CHOKE_WORDS = "to come, and when", "closed to this trade", "chokepoint"


@dataclass(frozen=True)
class Map:
    """A map of one spell of years; `words` say what each kind of way is called."""

    base: FactBase
    shown: WayMap
    spell: MapYear
    window: Window
    words: Mapping[str, str]

    def svg(self, name: str, title: str) -> str:
        """The map with its legend."""
        key = list(self._key())
        total = self.window.height + FOOT + ROW * len(key)
        box = f'x="0" y="0" width="{WIDTH:g}" height="{self.window.height:.1f}"'
        parts = [
            f'<svg viewBox="0 0 {WIDTH:g} {total:.1f}" role="img" aria-labelledby="{name}-title {name}-desc">',
            f'<title id="{name}-title">{escape(title)}, {span(self.spell.first, self.spell.last)}</title>',
            f'<desc id="{name}-desc">{escape(self._told())}</desc>',
            f'<clipPath id="{name}-clip"><rect {box}/></clipPath>',
            f'<g clip-path="url(#{name}-clip)">', *self._network(), *self._ways(), "</g>",
            f'<rect {box} style="fill: none; {_stroke(RULE, 0.8)}"/>', *self._places(), *key, "</svg>",
        ]  # fmt: skip
        return "\n".join(parts)

    def _told(self) -> str:
        """The ways in words, for who does not see the map."""
        names = self.shown.nodes
        told = [
            f"{place_name(self.base, way.place)}, {self.words[way.kind]}: "
            f"{', '.join(_short(names[node]) for node in way.route.nodes)}"
            for way in self.spell.ways
        ]
        return f"Map of the transport network. {'; '.join(told)}."

    @cached_property
    def _drawn(self) -> list[tuple[Standing, Line]]:
        """Segments that meet the window, with their lines; what runs over others has none of its own."""
        nodes = self.shown.nodes
        lines = (
            (one, self.window.line(nodes[one.segment.first], nodes[one.segment.last]))
            for one in self.spell.standings
            if one.segment.mode in NETWORK and one.segment.id not in self.shown.courses
        )  # fmt: skip
        return [(one, line) for one, line in lines if self.window.meets(line)]

    def _network(self) -> Iterator[str]:
        for mode, (_, colour, width, dash) in reversed(tuple(NETWORK.items())):
            lines = [line for one, line in self._drawn if one.state == OPEN and one.segment.mode == mode]
            yield f'<path d="{path(lines)}" style="fill: none; {_stroke(colour, width, dash)}"/>'
        closed: dict[str, list[Line]] = {}
        for one, line in self._drawn:
            if one.state == CLOSED and one.closure is not None:
                closed.setdefault(one.closure.reason, []).append(line)
        for reason, lines in closed.items():
            yield _lines(lines, SHUT, reason)
        for one, line in self._drawn:
            if one.state == COMING and one.closure is not None:
                yield _lines([line], TO_COME, f"{self._ends(one)}, {one.segment.mode}: {one.closure.reason}")

    def _ends(self, one: Standing) -> str:
        return " - ".join(_short(self.shown.nodes[node]) for node in (one.segment.first, one.segment.last))

    def _ways(self) -> Iterator[str]:
        for kind, look in WAYS.items():
            shared: dict[tuple[str, ...], list[Line]] = {}
            for (first, last), places in self._used(kind).items():
                line = self.window.line(self.shown.nodes[first], self.shown.nodes[last])
                if self.window.meets(line):
                    shared.setdefault(tuple(places), []).append(line)
            for users, lines in shared.items():
                yield _lines(lines, look, f"{self.words[kind]}: {', '.join(users)}")

    def _used(self, kind: str) -> dict[tuple[str, str], list[str]]:
        """Stretches on ways of a kind, and the countries that use them."""
        used: dict[tuple[str, str], list[str]] = {}
        for way in self.spell.ways:
            for leg in way.route.legs if way.kind == kind else ():
                for ends in pairwise(stretch(self.shown.courses, leg)):
                    used.setdefault(ends, []).append(place_name(self.base, way.place))
        return used

    @cached_property
    def _changes(self) -> list[str]:
        """Chokepoints that the region's goods pass, then places where they begin or change the carrier."""
        found = dict.fromkeys((*self._chokes, *self.shown.ends))
        for way in self.spell.ways:
            legs = way.route.legs
            found |= {
                before.destination: None
                for before, after in pairwise(legs)
                if before.segment.mode != after.segment.mode
            }
        return [name for name in found if self.window.holds(self.shown.nodes[name])]

    @cached_property
    def _chokes(self) -> list[str]:
        passed = dict.fromkeys(point for way in self.spell.ways for point in way.route.chokepoints)
        return [name for name in passed if self.window.holds(self.shown.nodes[name])]

    def _places(self) -> Iterator[str]:
        labels = Labels(WIDTH, self.window.height)
        points = {name: self._at(self.shown.nodes[name]) for name in self._changes}
        for point in points.values():
            labels.keep(point, CHOKE)
        for point in self._trodden():
            labels.spare(point, CLEAR)
        for name, point in points.items():
            yield _diamond(point) if name in self._chokes else _dot(point)
        for name, point in points.items():
            yield from _beside(labels, _short(self.shown.nodes[name]), INK, point, GAP)
        for text, point in self._exits():
            yield from _beside(labels, text, INK, point, GAP)
        for year, point in self._openings():
            yield from _label(labels, str(year), PLACE, TO_COME[0], around(point, NEAR, RINGS))
        for state, point in self._countries():
            yield from _label(labels, state, COUNTRY, MUTED, around(point, RING, RINGS), spaced=True)

    def _at(self, node: Node) -> Point:
        return self.window.place(node.lat, node.lon)

    def _way_lines(self) -> Iterator[tuple[Line, str]]:
        """Every stretch of a way once, with the place where that way ends."""
        seen = set()
        for way in self.spell.ways:
            for leg in way.route.legs:
                if (ends := (leg.origin, leg.destination)) not in seen:
                    seen.add(ends)
                    yield self.window.line(*(self.shown.nodes[node] for node in ends)), way.route.nodes[-1]

    def _exits(self) -> Iterator[tuple[str, Point]]:
        """Where a way leaves the map, and whither."""
        for line, end in self._way_lines():
            found = self.window.exit(line)
            if found is not None:
                yield f"to {_short(self.shown.nodes[end])}", found

    def _trodden(self) -> Iterator[Point]:
        """Points along the ways."""
        for line, _ in self._way_lines():
            if self.window.meets(line):
                yield from along(line, 2 * CLEAR)

    def _openings(self) -> Iterator[tuple[int, Point]]:
        """Each year and corridor of lines to come once, at the middle of one of them."""
        seen = set()
        for one, line in self._drawn:
            key = (one.segment.open_year, one.segment.corridor)
            if one.state == COMING and one.segment.open_year is not None and key not in seen:
                seen.add(key)
                yield one.segment.open_year, middle(line)

    def _countries(self) -> Iterator[tuple[str, Point]]:
        """States that a way of some year touches, at the middle of their places on land."""
        touched = dict.fromkeys(
            state for spell in self.shown.spells for way in spell.ways for state in way.route.states
        )
        for state in touched:
            inside = [
                self._at(node) for node in self.shown.nodes.values()
                if node.country == state and node.kind not in {"chokepoint", "airport"} and self.window.holds(node)
            ]  # fmt: skip
            if inside:
                yield state, middle(inside)

    def _key(self) -> Iterator[str]:
        """The legend: what stands on this map, two in a row."""
        entries = [
            (_sample(*WAYS[kind]), self.words[kind])
            for kind in WAYS if any(way.kind == kind for way in self.spell.ways)
        ]  # fmt: skip
        states = {one.state for one, _ in self._drawn}
        modes = {one.segment.mode for one, _ in self._drawn if one.state == OPEN}
        small = {
            words: _sample(hue, width, dash)
            for mode, (words, hue, width, dash) in NETWORK.items()
            if mode in modes
        }
        small |= {TO_COME_WORDS: _sample(*TO_COME)} if COMING in states else {}
        small |= {SHUT_WORDS: _sample(*SHUT)} if CLOSED in states else {}
        small |= {CHOKE_WORDS: _diamond((12.0, 0.0))} if self._chokes else {}
        rows = [[entry] for entry in entries]
        pairs = [(mark, words) for words, mark in small.items()]
        rows += [pairs[start : start + 2] for start in range(0, len(pairs), 2)]
        for number, row in enumerate(rows):
            y = self.window.height + FOOT + ROW * (number + 0.5)
            yield "".join(
                f'<g transform="translate({column * WIDTH / 2:g} {y:.1f})">{mark}'
                f'<text x="30" y="3.5" style="font-size: {KEY:g}px; {_fill(INK)}">{escape(words)}</text></g>'
                for column, (mark, words) in enumerate(row)
            )


def span(first: int, last: int) -> str:
    """Years in words."""
    return str(first) if first == last else f"{first} to {last}"


def _short(node: Node) -> str:
    """A place's name without what explains it, and the first of two."""
    return re.split(r" \(| / | and ", node.name)[0]


def _colour(hue: str) -> str:
    return f"var({VARIABLES[hue]}, {hue})"


def _stroke(hue: str, width: float, dash: str = "") -> str:
    return f"stroke: {_colour(hue)}; stroke-width: {width:g}" + (
        f"; stroke-dasharray: {dash}" if dash else ""
    )


def _fill(hue: str) -> str:
    return f"fill: {_colour(hue)}"


def _lines(lines: Iterable[Line], look: tuple[str, float, str], told: str) -> str:
    """Lines of one look that tell what they are when pointed at."""
    ends = "" if look[2] else "; stroke-linecap: round"
    return f'<path d="{path(lines)}" style="fill: none; {_stroke(*look)}{ends}"><title>{escape(told)}</title></path>'


def _sample(hue: str, width: float, dash: str) -> str:
    return f'<path d="M2 0L24 0" style="fill: none; {_stroke(hue, width, dash)}"/>'


def _dot(point: Point) -> str:
    return f'<circle cx="{point[0]:.1f}" cy="{point[1]:.1f}" r="{MARK:g}" style="{_fill(INK)}"/>'


def _diamond(point: Point) -> str:
    x, y = point
    return (
        f'<path d="M{x - CHOKE:.1f} {y:.1f}L{x:.1f} {y - CHOKE:.1f}L{x + CHOKE:.1f} {y:.1f}L{x:.1f} {y + CHOKE:.1f}Z" '
        f'style="fill: var(--paper, #ffffff); {_stroke(INK, 1.2)}"/>'
    )


def _beside(labels: Labels, text: str, hue: str, point: Point, gap: float) -> Iterator[str]:
    """A label beside a mark, or near it where there is no room."""
    return _label(labels, text, PLACE, hue, beside(point, text, PLACE, gap), around(point, RING, RINGS))


def _label(
    labels: Labels, text: str, size: float, hue: str, *spots: Iterable[Point], spaced: bool = False
) -> Iterator[str]:
    """A label with a halo, in a free spot of the first set that has one, if any does."""
    wide = size * (1.15 if spaced else 1.0)
    found = next((spot for some in spots if (spot := labels.put(text, wide, some)) is not None), None)
    if found is not None:
        wider = "; letter-spacing: 0.06em" if spaced else ""
        yield (
            f'<text x="{found[0]:.1f}" y="{found[1] + 0.35 * size:.1f}" text-anchor="middle" style="font-size: {size:g}px; '
            f'{_fill(hue)}; paint-order: stroke; stroke: var(--paper, #ffffff); stroke-width: 2.5{wider}">{escape(text)}</text>'
        )

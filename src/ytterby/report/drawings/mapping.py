# SPDX-License-Identifier: Apache-2.0
"""What a map needs: a window with its projection, lines, and labels that keep clear of each other.

The projection is equirectangular, true to scale along the middle parallel of the window. Lines between places are straight.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from math import ceil, cos, hypot, radians

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from ytterby.report.drawings.canvas import WIDTH
from ytterby.routes import Node

MARGIN = 0.07
LEAST, FLATTEST = 4.0, 0.4  # degrees of latitude; height by width
HALF_TURN, TURN = 180.0, 360.0
LINE, ROUNDED = 1.2, 1.03  # browsers set letters on whole pixels
MOST = 200
Point = tuple[float, float]
Line = tuple[Point, Point]
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Window:
    """A part of the earth on a drawing `WIDTH` units wide."""

    west: float
    east: float
    south: float
    north: float

    @staticmethod
    def around(nodes: Iterable[Node]) -> Window:
        """The window that holds some places, with a margin, neither higher than wide nor very flat or small."""
        some = list(nodes)
        south, north = _wider(min(node.lat for node in some), max(node.lat for node in some), LEAST)
        shrunk = cos(radians((south + north) / 2))
        west, east = _wider(min(n.lon for n in some), max(n.lon for n in some), (north - south) / shrunk)
        south, north = _wider(south, north, FLATTEST * (east - west) * shrunk, margin=0.0)
        return Window(west, east, south, north)

    @property
    def scale(self) -> float:
        """Units a degree of longitude."""
        return WIDTH / (self.east - self.west)

    @property
    def stretch(self) -> float:
        """Units a degree of latitude."""
        return self.scale / cos(radians((self.south + self.north) / 2))

    @property
    def height(self) -> float:
        """Units from the north to the south."""
        return (self.north - self.south) * self.stretch

    def place(self, lat: float, lon: float) -> Point:
        """Where a place lies on the drawing."""
        return ((lon - self.west) * self.scale, (self.north - lat) * self.stretch)

    def line(self, first: Node, last: Node) -> Line:
        """A line between two places, the short way round the earth."""
        away = last.lon - first.lon
        turn = -TURN if away > HALF_TURN else TURN if away < -HALF_TURN else 0.0
        return self.place(first.lat, first.lon), self.place(last.lat, last.lon + turn)

    def holds(self, node: Node) -> bool:
        """Whether a place lies in the window."""
        return self.west <= node.lon <= self.east and self.south <= node.lat <= self.north

    def meets(self, line: Line) -> bool:
        """Whether the box around a line meets the window."""
        (x, y), (u, v) = line
        return min(x, u) < WIDTH and max(x, u) > 0 and min(y, v) < self.height and max(y, v) > 0

    def exit(self, line: Line) -> Point | None:
        """Where a line that begins in the window leaves it; None where it does not."""
        (x, y), (u, v) = line
        if not (0 <= x <= WIDTH and 0 <= y <= self.height) or (0 <= u <= WIDTH and 0 <= v <= self.height):
            return None
        steps = [
            (edge - start) / (end - start)
            for start, end, size in ((x, u, WIDTH), (y, v, self.height)) for edge in (0.0, size)
            if (end - start) * (edge - start) > 0
        ]  # fmt: skip
        step = min(steps)
        return x + step * (u - x), y + step * (v - y)


def _wider(low: float, high: float, least: float, margin: float = MARGIN) -> tuple[float, float]:
    """Bounds with a margin, moved apart until they are as far from each other as they must be."""
    half = max((0.5 + margin) * (high - low), least / 2)
    return (low + high) / 2 - half, (low + high) / 2 + half


def path(lines: Iterable[Line]) -> str:
    """Lines as the data of one SVG path."""
    return "".join(f"M{x:.1f} {y:.1f}L{u:.1f} {v:.1f}" for (x, y), (u, v) in lines)


@dataclass
class Labels:
    """Labels of a map as they are placed, each in the first free spot of those offered; left out where all are taken."""

    width: float
    height: float
    taken: list[Box] = field(default_factory=list)
    spared: list[Box] = field(default_factory=list)

    def keep(self, point: Point, radius: float) -> None:
        """Leave a mark's place free of labels."""
        self.taken.append(_square(point, radius))

    def spare(self, point: Point, radius: float) -> None:
        """Leave a place free of labels where there is another spot."""
        self.spared.append(_square(point, radius))

    def put(self, text: str, size: float, spots: Iterable[Point]) -> Point | None:
        """The middle of a label, or None if no spot is free."""
        wide, high = text_width(text, size) / 2, LINE * size / 2
        inside = [(_within(x, wide, self.width), _within(y, high, self.height)) for x, y in spots]
        boxes = [(x - wide, y - high, x + wide, y + high) for x, y in inside]
        free = [box for box in boxes if not _hit(box, self.taken)]
        if not free:
            return None
        box = next((box for box in free if not _hit(box, self.spared)), free[0])
        self.taken.append(box)
        return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


@cache
def text_width(text: str, size: float) -> float:
    """How wide a text of that size is in DejaVu Sans, the widest of the fonts that readers are likely to have."""
    wide, _, _ = text_to_path.get_text_width_height_descent(
        text, FontProperties(family="DejaVu Sans", size=size), ismath=False
    )
    return ROUNDED * float(wide)


def _within(centre: float, half: float, size: float) -> float:
    """A middle pushed inside, so that what is twice `half` long lies between 0 and the size."""
    return min(max(centre, half), size - half)


def _square(point: Point, radius: float) -> Box:
    x, y = point
    return x - radius, y - radius, x + radius, y + radius


def _hit(box: Box, others: Iterable[Box]) -> bool:
    left, top, right, bottom = box
    return any(left < e and w < right and top < s and n < bottom for w, n, e, s in others)


def beside(point: Point, text: str, size: float, gap: float) -> Iterator[Point]:
    """Middles of a label around a mark: right, left, above, below, and aslant."""
    x, y = point
    wide, high = text_width(text, size) / 2 + gap, LINE * size / 2 + gap
    for across, up in ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1)):
        yield x + across * wide, y + up * high


def around(point: Point, step: float, rings: int) -> Iterator[Point]:
    """Spots in growing squares around a point, itself first."""
    x, y = point
    offsets = [(i, j) for i in range(-rings, rings + 1) for j in range(-rings, rings + 1)]
    for i, j in sorted(offsets, key=lambda spot: (max(map(abs, spot)), spot)):
        yield x + i * step, y + j * step


def along(line: Line, step: float) -> Iterator[Point]:
    """Points on a line, no further apart than a step unless that makes too many of them."""
    (x, y), (u, v) = line
    count = min(ceil(hypot(u - x, v - y) / step), MOST)
    for number in range(count + 1):
        yield x + number / count * (u - x), y + number / count * (v - y)


def middle(points: Sequence[Point]) -> Point:
    """The mean of some points."""
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)

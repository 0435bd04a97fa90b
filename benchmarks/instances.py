# SPDX-License-Identifier: Apache-2.0
"""Programmes for the kernel's benchmark: chains with joint products and free disposal, drawn with a seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ytterby.programme import Programme

FORMS = ("ore", "light oxide", "heavy oxide", "metal", "magnet")
SHARES = (0.7, 0.1, 0.2)  # of an ore: light oxide, heavy oxide, what nobody wants
DISPOSAL = 1e-3


@dataclass(frozen=True)
class Columns:
    """Columns under construction: rows, coefficients, cost, slope and bound of each."""

    entries: list[tuple[int, int, float]]
    costs: list[tuple[float, float, float]]

    def add(self, terms: dict[int, float], c: float, q: float, upper: float = np.inf) -> None:
        """Add a column."""
        self.entries.extend((row, len(self.costs), value) for row, value in terms.items())
        self.costs.append((c, q, upper))


def chain(places: int, columns: int, seed: int = 0) -> Programme:
    """A chain of five forms in many places; what is left of `columns` after mines, plants and uses is trade.

    Mines and uses have rising cost and falling value over quantities that span three powers of ten; a plant turns ore
    into light and heavy oxide in fixed shares, oxides beyond use may be disposed of for nothing, plants have capacities,
    trade has a cost that rises slightly.
    """
    random = np.random.default_rng(seed)
    built = Columns([], [])
    size = 10 ** random.uniform(0, 3, places)
    node = np.arange(places * len(FORMS)).reshape(len(FORMS), places)
    for place in range(places):
        _local(built, node[:, place], float(size[place]), random)
    while len(built.costs) < columns:
        form = int(random.integers(len(FORMS)))
        start, end = (int(i) for i in random.choice(places, 2, replace=False))
        usual = float(np.sqrt(size[start] * size[end]))
        cost = random.uniform(0.5, 8)
        upper = usual * random.uniform(0.05, 0.5) if random.random() < 0.2 else np.inf
        built.add({node[form, start]: -1.0, node[form, end]: 1.0}, cost, 2.0 / usual, upper)
    rows, owners, values = zip(*built.entries, strict=True)
    A = sparse.csc_matrix((values, (rows, owners)), shape=(node.size, len(built.costs)))
    figures = np.array(built.costs)
    return Programme(A, np.zeros(node.size), figures[:, 0], figures[:, 1], figures[:, 2])


def _local(built: Columns, node: NDArray[np.int64], size: float, random: np.random.Generator) -> None:
    """Mine, plants, uses and disposal of one place."""
    ore, light, heavy, metal, magnet = (int(i) for i in node)
    mine, plant, use = (size * 10 ** random.uniform(-1, 1) for _ in range(3))
    built.add({ore: 1.0}, random.uniform(5, 20), 10.0 / mine, 3 * mine)
    left, right, _ = SHARES
    built.add({ore: -1.0, light: left, heavy: right}, random.uniform(2, 6), 1.0 / plant, 2 * plant)
    built.add({light: -0.9, heavy: -0.1, metal: 0.85}, random.uniform(3, 9), 1.0 / plant, 2 * plant)
    built.add({metal: -0.35, light: -0.02, magnet: 1.0}, random.uniform(5, 15), 2.0 / plant, 2 * plant)
    for row, value in ((light, 40.0), (heavy, 120.0), (metal, 70.0), (magnet, 150.0)):
        built.add({row: -1.0}, -value * random.uniform(0.7, 1.3), value / (0.5 * use))
    for row in (light, heavy):
        built.add({row: -1.0}, 0.0, DISPOSAL / size)


def neighbours(programme: Programme, count: int, seed: int = 1) -> Iterator[Programme]:
    """Programmes near a given one: costs and slopes off by some 3 %, bounds by 5 %."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        yield replace(
            programme,
            c=programme.c * random.lognormal(0, 0.03, programme.c.size),
            q=programme.q * random.lognormal(0, 0.03, programme.q.size),
            upper=programme.upper * random.lognormal(0, 0.05, programme.upper.size),
        )

# SPDX-License-Identifier: Apache-2.0
"""The hazard of one exporter and importer, mineral by mineral, as figures: rates, chances, classes, rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ytterby.errors import FactError, allowed_names, quoted
from ytterby.facts import FactBase
from ytterby.influence.hazard import Hazard
from ytterby.influence.intervals import Interval
from ytterby.influence.rates import ENDS
from ytterby.influence.restrictions import WORLD

MANY = 20000
SEED = 20251106


@dataclass(frozen=True)
class Outlook:
    """Chance that an exporter starts to restrict a mineral towards an importer, within one year and within several.

    `of_everyone` is the share of the rate that comes from restrictions towards everyone.
    """

    exporter: str
    importer: str
    mineral: str
    production_share: float
    dominance: str
    before: str
    distance: str
    measured_by: str
    year: Interval
    years: int
    within: Interval
    of_everyone: float
    basis: tuple[str, ...]


def outlook(
    base: FactBase, of: Hazard, exporter: str | None, importer: str, mineral: str | None, years: int
) -> list[Outlook]:
    """The outlook of an exporter (or all) for a mineral (or all that it supplies), the likeliest first.

    Parameters
    ----------
    base : the facts, for the names of states
    of : the hazard
    exporter, mineral : whose, or None for all
    importer : towards whom
    years : length of the longer span

    Raises
    ------
    FactError : no such state, exporter or mineral; names the nearest. Or the exporter is the importer
    """
    places = [row["id"] for row in base.rows("countries") if row["kind"] != "residual" and row["id"] != WORLD]
    _known("importer", importer, places, base.id_hint(importer))
    if exporter is not None:
        _known("exporter", exporter, sorted({place for place, _ in of.suppliers}), base.id_hint(exporter))
    if exporter == importer:
        raise FactError("hazard importer", quoted(importer), "another state than the exporter", "name two")
    if mineral is not None:
        _known("mineral", mineral, sorted({name for _, name in of.suppliers}))
    if exporter is not None and mineral is not None:
        of.supplier(exporter, mineral)
    pairs = [
        pair
        for pair in of.suppliers
        if (exporter is None or pair[0] == exporter)
        and (mineral is None or pair[1] == mineral)
        and pair[0] != importer
    ]
    chances = _chances(of, importer, pairs, years)
    found = [_one(of, importer, pair, years, chance) for pair, chance in zip(pairs, chances, strict=True)]
    return sorted(found, key=lambda one: (-one.year.value, -one.production_share, one.exporter, one.mineral))


def _known(what: str, name: str, names: Sequence[str], hint: str = "") -> None:
    if name not in names:
        raise FactError(
            f"hazard {what}", quoted(name), allowed_names(name, names), f"use one of these as {what}{hint}"
        )


def _chances(
    of: Hazard, importer: str, pairs: Sequence[tuple[str, str]], years: int
) -> list[tuple[Interval, Interval, float]]:
    """Chance within one year and within several, from the same drawn rates, and the share of the rate towards everyone."""
    import numpy as np

    known: dict[object, tuple[Interval, Interval, float]] = {}
    found = []
    for exporter, mineral in pairs:
        everyone, aimed = of.parts(exporter, importer, mineral)
        at = (everyone.name, aimed.name)
        if at not in known:
            rng = np.random.default_rng(SEED)
            rates = sum(rng.gamma(rate.shape, 1 / rate.inverse_scale, MANY) for rate in (everyone, aimed))
            mean = everyone.value + aimed.value
            ends = np.quantile(rates, ENDS)
            spans = [Interval(*(-math.expm1(-r * n) for r in (ends[0], mean, ends[1]))) for n in (1, years)]
            known[at] = (spans[0], spans[1], everyone.value / mean)
        found.append(known[at])
    return found


def _one(
    of: Hazard, importer: str, pair: tuple[str, str], years: int, chance: tuple[Interval, Interval, float]
) -> Outlook:
    exporter, mineral = pair
    own = of.supplier(exporter, mineral)
    distance, measured_by = of.distances.between(exporter, importer)
    rows = [r.id for r in of.restrictions if (r.exporter, r.mineral) == pair]
    return Outlook(
        exporter, importer, mineral, own.share, own.dominance, of.before(exporter, mineral), distance, measured_by,
        chance[0], years, chance[1], chance[2], tuple(dict.fromkeys([*rows, *of.basis])),
    )  # fmt: skip

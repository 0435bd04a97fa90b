# SPDX-License-Identifier: Apache-2.0
"""Ways of carriage, what a form pays on them, and what room they have.

A form pays the freight of its gross tonnes, insurance on its value, and the interest on its value for the days under way.
So what is dear chooses quick ways, and what is cheap the cheap ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from ytterby.supply.parameters import Parameters

GENERAL = "general"
GROSS = {
    "concentrate:ionic": "content.ionic_product",
    "concentrate": "content.concentrate",
    "oxide": "content.oxide",
}
Haul = tuple[str, str, str]  # exporter, importer, form


@dataclass(frozen=True)
class Way:
    """A way from exporter to importer: USD per gross tonne, days, the years in which it is open, what it passes.

    `passes` are the ids of the segments used; `cargo` the class that it was sought for; `basis` the rows behind the cost.
    """

    exporter: str
    importer: str
    name: str
    usd_per_t: float
    days: float
    years: frozenset[int]
    passes: tuple[str, ...] = ()
    cargo: str = GENERAL
    basis: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Ways:
    """Ways of all hauls, and the hauls whose ways are columns of the market."""

    by_haul: Mapping[Haul, tuple[Way, ...]]
    chosen: frozenset[Haul]


@dataclass(frozen=True)
class Charges:
    """What a tonne of a form pays on a way.

    Parameters
    ----------
    gross : form -> gross t per t of the form
    value : form -> USD per t of the form
    insurance : share of the value that a consignment pays [1]
    per_day : share of the value that a day under way costs [1/d]
    """

    gross: Callable[[str], float]
    value: Mapping[str, float]
    insurance: float
    per_day: float

    def on(self, way: Way, form: str) -> float:
        """Freight, insurance and interest, USD per gross tonne."""
        value = self.value[form] / self.gross(form)
        return way.usd_per_t + value * (self.insurance + way.days * self.per_day)


@dataclass(frozen=True)
class Shipment:
    """A form on a way, and all that a gross tonne of it pays there, USD."""

    way: Way
    form: str
    usd_per_t: float

    @property
    def haul(self) -> Haul:
        """Exporter, importer and form."""
        return (self.way.exporter, self.way.importer, self.form)


@dataclass(frozen=True)
class Room:
    """What a stated capacity leaves to the market: gross t by year over the segments that share it, for some cargoes."""

    name: str
    segments: frozenset[str]
    cargoes: frozenset[str]
    t_per_year: Mapping[int, float]
    basis: tuple[str, ...] = field(default=(), repr=False)

    def holds(self, way: Way) -> bool:
        """Whether a way takes of this room."""
        return way.cargo in self.cargoes and not self.segments.isdisjoint(way.passes)


def gross_content(parameters: Parameters) -> Callable[[str], float]:
    """Form -> gross t per t of the form: concentrates and oxides are counted in REO but travel as they are."""

    @cache
    def gross(form: str) -> float:
        name = GROSS.get(form) or GROSS.get(form.partition(":")[0])
        return 1.0 if name is None else 1.0 / parameters[name]

    return gross

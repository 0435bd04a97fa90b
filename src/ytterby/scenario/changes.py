# SPDX-License-Identifier: Apache-2.0
"""What a scenario can change, each with its reason, the row that it rests on, and its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ytterby.chain import Activity

ANY = "*"
DRAWN = "drawn"


class Change(Protocol):
    """Anything that a scenario changes."""

    @property
    def reason(self) -> str:
        """Why."""

    @property
    def basis(self) -> str:
        """The row that it rests on."""

    @property
    def words(self) -> str:
        """What it does."""


class Lasting:
    """What holds from a year on, or to a last year."""

    first: int
    last: int | None

    def holds(self, year: int) -> bool:
        """Whether it is in force in a year."""
        return self.first <= year and (self.last is None or year <= self.last)

    @property
    def span(self) -> str:
        """Its years in words."""
        return f"{self.first} on" if self.last is None else f"{self.first} to {self.last}"


def said(form: str) -> str:
    """A form in words; it may be a pattern."""
    return "any form" if form == ANY else form.replace(":" + ANY, "").replace(":", " ")


@dataclass(frozen=True)
class FlowChange(Lasting):
    """What happens to flows of `form` from exporter to importer from a year on (to a year, if given).

    Exporter and importer are country ids, "*" for all, or the words "supplier" and "importer" for the case's own.
    """

    exporter: str
    importer: str
    form: str
    first: int
    last: int | None
    reason: str
    basis: str

    def hits(self, activity: Activity) -> bool:
        """Whether the change is about this activity, whatever the year."""
        if activity.kind != "trade" or activity.partner == activity.place:
            return False
        whom = self.exporter in {ANY, activity.place} and self.importer in {ANY, activity.partner}
        what = self.form in (ANY, activity.form)
        return whom and (what or (self.form.endswith(ANY) and activity.form.startswith(self.form[:-1])))

    @property
    def flows(self) -> str:
        """The flows by their names."""
        return f"{self.form} from {self.exporter} to {self.importer}"

    @property
    def said(self) -> str:
        """The flows in words."""
        exporter, importer = ("anyone" if end == ANY else end for end in (self.exporter, self.importer))
        return f"{said(self.form)} from {exporter} to {importer}"


@dataclass(frozen=True)
class Ban(FlowChange):
    """The flows are shut."""

    @property
    def words(self) -> str:
        """What it does."""
        return f"no export of {self.said}, {self.span}"


@dataclass(frozen=True)
class Quota(FlowChange):
    """The flows together are at most `tonnes` a year."""

    tonnes: float

    @property
    def words(self) -> str:
        """What it does."""
        return f"at most {self.tonnes:g} t of {self.said}, {self.span}"


@dataclass(frozen=True)
class Tariff(FlowChange):
    """A duty on the flows: a share of the form's base price, or USD/t."""

    share: float | None = None
    usd_per_t: float | None = None

    @property
    def words(self) -> str:
        """What it does."""
        of_price = self.usd_per_t is None
        rate = f"{self.share:.4g} of the base price" if of_price else f"{self.usd_per_t:g} USD/t"
        return f"a tariff of {rate} on {self.said}, {self.span}"


@dataclass(frozen=True)
class Conduct(FlowChange):
    """The exporter's conduct in selling: 0 takes prices as given, 1 is Cournot; `base` is its conduct in the base year."""

    theta: float
    base: float = 0.0

    @property
    def words(self) -> str:
        """What it does."""
        who = "anyone" if self.exporter == ANY else self.exporter
        sold = f"conduct {self.theta:g} of {who} in selling {said(self.form)}"
        return f"{sold} (base year {self.base:g}), {self.span}"


@dataclass(frozen=True)
class HazardDraw(FlowChange):
    """The exporter may stop the flows in a year of the span: whether, when and towards whom is drawn from the hazard.

    `lasts` is the number of years that a stop lasts, DRAWN to draw it from the record of bans, None for good; `outcome` says
    what was drawn, nothing before that.
    """

    seed: int
    lasts: int | str | None = None
    outcome: str = ""

    @property
    def words(self) -> str:
        """What it does."""
        drawn = f"drawn with seed {self.seed}: {self.outcome or 'not drawn yet'}"
        return f"a stop of {self.said} by chance, {self.span}, {drawn}"


@dataclass(frozen=True)
class Closure(Lasting):
    """A place or way that is closed from a year on (to a year, if given): a node, a segment, a corridor or a country."""

    closed: str
    first: int
    last: int | None
    reason: str
    basis: str

    @property
    def words(self) -> str:
        """What it does."""
        return f"no way through {self.closed}, {self.span}"


@dataclass(frozen=True)
class Floor(Lasting):
    """A buyer of last resort in a place, who takes at a price what its makers of a form offer."""

    place: str
    form: str
    usd_per_t: float
    first: int
    last: int | None
    reason: str
    basis: str

    @property
    def words(self) -> str:
        """What it does."""
        return f"{said(self.form)} bought in {self.place} at {self.usd_per_t:g} USD/t, {self.span}"


@dataclass(frozen=True)
class Reserve:
    """A strategic reserve that a place fills with a form from a year on and releases when prices jump.

    `tonnes` are wanted in store; what is missing is bought within `years`; at most `share` of it leaves in a year (None
    for the share of trade inventories).
    """

    place: str
    form: str
    tonnes: float
    first: int
    years: float
    share: float | None
    reason: str
    basis: str

    @property
    def words(self) -> str:
        """What it does."""
        what = f"a reserve of {self.tonnes:g} t of {said(self.form)} in {self.place}"
        return f"{what}, bought within {self.years:g} years from {self.first}"


@dataclass(frozen=True)
class PlantChange:
    """Columns of a plant that the scenario sets; `add` for a plant that the fact base does not have."""

    plant: str
    add: bool
    values: Mapping[str, Any]
    reason: str
    basis: str

    @property
    def words(self) -> str:
        """What it does."""
        values = ", ".join(
            f"{column} {value:g}" if isinstance(value, float) else f"{column} {value}"
            for column, value in self.values.items()
        ).replace("_", " ")
        return f"{'new plant' if self.add else 'plant'} {self.plant}: {values}"


@dataclass(frozen=True)
class DepositTaken:
    """A deposit mined as large as its tonnage and grade can carry, from a year on.

    `reading` is the row taken for the middle, `low` and `high` the readings at the ends.
    """

    place: str
    reading: str
    low: str
    high: str
    start: int
    reason: str
    basis: str

    @property
    def words(self) -> str:
        """What it does."""
        return f"deposit {self.place} mined as {self.reading} from {self.start} ({self.low} to {self.high})"

# SPDX-License-Identifier: Apache-2.0
"""Evidence of a base year, and the small activities that all parts of the chain are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ytterby.chain import CORRECTION, SURPLUS, TRADE, Activity
from ytterby.facts import Choice, FactBase, choose
from ytterby.facts.choice import DEFAULT_RULE
from ytterby.supply.parameters import Parameters
from ytterby.supply.trade_rows import Excluded, Reading

Row = Mapping[str, Any]
REST = "ROW"
METALS = ("ndpr", "dy", "tb")
MAGNET, SCRAP, LOSS, COUNT = "magnet", "scrap", "loss", "count"
SMALLEST = 1.0


@dataclass(frozen=True)
class Evidence:
    """Everything the chain of a base year is made from.

    `readings` are the trade rows read as forms, `excluded` those kept out; `places` the countries that stand alone,
    all others are the rest of the world ("ROW"); `rule` chooses among conflicting rows.
    """

    base: FactBase
    parameters: Parameters
    year: int
    places: frozenset[str]
    readings: tuple[Reading, ...] = field(repr=False)
    excluded: tuple[Excluded, ...] = field(repr=False)
    rule: str = DEFAULT_RULE

    def place(self, country: str) -> str:
        """The country itself, or the rest of the world."""
        return country if country in self.places else REST

    def error(self, choice: Choice) -> float:
        """Standard error of a choice: its confidence's share of the value, or half the spread of all readings."""
        rows = [self.base.row(choice.basis[0])]
        share = self.parameters[f"error.{rows[0]['confidence']}"]
        spread = (choice.high - choice.low) / 2
        return max(share * abs(choice.value), spread, SMALLEST * share)

    def observed(self, kind: str, form: str) -> dict[tuple[str, str], Choice]:
        """Observations of a kind and form in the base year: (place, partner) -> choice."""
        found: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self.base.rows("observations", kind=kind, form=form, year=self.year):
            found[row["place"], row["partner"] or ""].append(row)
        return {key: choose(rows, rule=self.rule) for key, rows in found.items()}


def read_flows(
    evidence: Evidence, least: Callable[[str], float]
) -> dict[tuple[str, str, str], tuple[float, float, tuple[str, ...]]]:
    """What the readings of the trade statistics add up to: (exporter, importer, form) -> t, standard error, rows.

    `least` gives the t of a form below which a flow is left out; what a place trades with itself is left out too.
    """
    total: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    basis: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for reading in evidence.readings:
        key = (evidence.place(reading.exporter), evidence.place(reading.importer), reading.form)
        if key[0] == key[1]:
            continue
        rule = evidence.parameters[f"error.rule.{reading.rule}"]
        error = max(rule * reading.tonnes, (reading.high - reading.low) / 2)
        total[key][0] += reading.tonnes
        total[key][1] += error**2
        basis[key].append(reading.row)
    return {
        key: (prior, variance**0.5, tuple(basis[key]))
        for key, (prior, variance) in total.items()
        if prior >= least(key[2])
    }


def trade(
    exporter: str,
    importer: str,
    form: str,
    prior: float = 0.0,
    error: float = 0.0,
    basis: tuple[str, ...] = (),
) -> Activity:
    """One trade activity."""
    terms = ((exporter, form, -1.0), (importer, form, 1.0))
    return Activity(TRADE, TRADE, exporter, form, terms, importer, prior, error, basis)


def correction(
    name: str, place: str, form: str, against: str | None, slack: float, basis: tuple[str, ...]
) -> list[Activity]:
    """Two columns that move one coefficient of a process up and down, taken from or given to `against`."""
    found = []
    for sign in (1.0, -1.0):
        terms = ((place, form, sign),) + (((place, against, -sign),) if against else ())
        found.append(
            Activity(CORRECTION, name, place, form, terms, "up" if sign > 0 else "down", 0.0, slack, basis)
        )
    return found


def count(place: str, form: str, where: str, choice: Choice, error: float) -> Activity:
    """What is counted of an output: a figure for the flow from `form@where` into the balance of the form."""
    terms = ((place, f"{form}@{where}", -1.0), (place, form, 1.0))
    return Activity(COUNT, COUNT, place, form, terms, "", choice.value, error, choice.basis)


def sink(place: str, form: str, name: str, prior: float, error: float) -> Activity:
    """What leaves the chain unused: tailings, lost scrap."""
    return Activity(SURPLUS, name, place, form, ((place, form, -1.0),), "", prior, error, ())

# SPDX-License-Identifier: Apache-2.0
"""What is exposed to the question whether an exporter restricts a mineral: suppliers, their weight, distance of pairs.

A supplier of a mineral is a country with at least a stated share of its world production, the mean of the years that are
known; the same share stands for earlier years. Distance is political: ideal points in the General Assembly, or where
they are missing the difference of governance estimates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ytterby.facts import FactBase
from ytterby.influence.nearness import IDEAL_POINT

DOMINANT, MAJOR, MINOR = DOMINANCES = "dominant", "major", "minor"
NEAR, FAR, UNKNOWN = DISTANCES = "near", "far", "distance unknown"
ENERGY = ("energy", "gas")
Rules = Mapping[str, float]


@dataclass(frozen=True)
class Supplier:
    """A country that supplies a mineral: share of world production and class."""

    exporter: str
    mineral: str
    share: float
    dominance: str


def suppliers(base: FactBase, rules: Rules) -> list[Supplier]:
    """Every supplier of every mineral; shares are means over the known years.

    Energy carriers that no collected policy names are not exposed: nobody looked for restrictions on them.
    """
    named = {commodity for row in base.rows("policies") for commodity in row["commodities"]}
    energy = {r["id"] for r in base.rows("commodities") if r["kind"] in ENERGY and r["id"] not in named}
    totals: dict[tuple[str, int], float] = {}
    made: dict[tuple[str, str], dict[int, float]] = {}
    for row in base.rows("world_mining"):
        if row["value"] and row["commodity"] not in energy:
            at = (row["commodity"], row["year"])
            totals[at] = totals.get(at, 0.0) + row["value"]
            years = made.setdefault((row["country"], row["commodity"]), {})
            years[row["year"]] = years.get(row["year"], 0.0) + row["value"]
    span: dict[str, int] = {}
    for mineral, _ in totals:
        span[mineral] = span.get(mineral, 0) + 1
    found = []
    for (exporter, mineral), years in sorted(made.items()):
        share = sum(value / totals[mineral, year] for year, value in years.items()) / span[mineral]
        if share >= rules["minimum_share"]:
            found.append(Supplier(exporter, mineral, share, dominance(share, rules)))
    return found


def dominance(share: float, rules: Rules) -> str:
    """The class of a share of world production."""
    return DOMINANT if share >= rules["dominant_share"] else MAJOR if share >= rules["major_share"] else MINOR


def importers(base: FactBase, rules: Rules) -> tuple[str, ...]:
    """States at which restrictions are aimed: those with at least the stated output."""
    states = {row["id"] for row in base.rows("countries") if row["kind"] == "state"}
    return tuple(
        row["country"]
        for row in base.rows("country_profile")
        if row["country"] in states and (row["gdp_usd"] or 0) >= rules["importer_output"]
    )


@dataclass(frozen=True)
class Distances:
    """Political distance of pairs: means of ideal points and of governance estimates by state."""

    votes: Mapping[str, float]
    governance: Mapping[str, float]
    rules: Rules

    @staticmethod
    def of(base: FactBase, rules: Rules) -> Distances:
        """Means over all years that are known, from the first year of the hazard on."""
        first = rules["first_year"]
        votes: dict[str, list[float]] = {}
        for row in base.rows("influence", measure=IDEAL_POINT):
            if row["year"] >= first:
                votes.setdefault(row["influenced"], []).append(row["value"])
        governance: dict[str, list[float]] = {}
        for row in base.rows("governance"):
            if row["estimate"] is not None and row["year"] >= first:
                governance.setdefault(row["country"], []).append(row["estimate"])
        return Distances(_means(votes), _means(governance), rules)

    def between(self, one: str, other: str) -> tuple[str, str]:
        """Class of the distance of two states, and what it was measured by."""
        measures = (
            ("votes", self.votes, "far_votes"),
            ("governance", self.governance, "far_governance"),
        )
        for name, of, limit in measures:
            if one in of and other in of:
                return (FAR if abs(of[one] - of[other]) >= self.rules[limit] else NEAR), name
        return UNKNOWN, "nothing"


def _means(values: Mapping[str, list[float]]) -> dict[str, float]:
    return {name: sum(found) / len(found) for name, found in values.items()}

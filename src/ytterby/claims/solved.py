# SPDX-License-Identifier: Apache-2.0
"""What the rules see of a solved case and of the weights of powers: plain figures by key, no model.

Whoever runs the case fills it; a test fills it by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Key = tuple[str, str, int, str]
MEASURES = (
    "unserved_share", "price_ratio", "import_share", "region_potential", "need", "region_mined_share",
)  # fmt: skip
"""The measures that rules read."""
READINGS = {"trade_share": "shares in trade", "index": "the index of influence, its missing inputs open"}
"""Readings of a power's weight and what they rest on; the first decides a verdict."""


@dataclass(frozen=True)
class Figure:
    """A figure with its interval and its unit."""

    value: float
    low: float
    high: float
    unit: str


@dataclass(frozen=True)
class Weight:
    """What a power weighs in a state and year by one reading, with its interval, and the rows behind it."""

    reading: str
    year: int
    low: float
    high: float
    basis: tuple[str, ...] = ()


@dataclass(frozen=True)
class SolvedCase:
    """A solved case for the rules.

    Parameters
    ----------
    commodity, importer, supplier, region : of the case
    base_year : year of the reconciled statistics
    roles : part that a scenario plays -> name of the scenario (stops_one, stops_all, announced, claimed)
    since : part that a scenario plays -> first year in which the supplier stops
    figures : (measure, form, year, scenario) -> figure; measures of MEASURES
    rows : gives the rows of the fact base behind a figure, by its key
    weights : gives what a power weighs in a state in every year, by each of READINGS
    """

    commodity: str
    importer: str
    supplier: str
    region: tuple[str, ...]
    base_year: int
    roles: Mapping[str, str]
    figures: Mapping[Key, Figure] = field(repr=False)
    since: Mapping[str, int] = field(default_factory=dict)
    rows: Callable[[Key], tuple[str, ...]] = field(default=lambda _: (), repr=False)
    weights: Callable[[str, str], tuple[Weight, ...]] = field(default=lambda _, __: (), repr=False)

    def series(self, measure: str, form: str, role: str) -> dict[int, Figure]:
        """Figures of a measure by year in the scenario that plays a role; empty where there is none."""
        scenario = self.roles.get(role, role)
        keys = [key for key in self.figures if key[:2] == (measure, form) and key[3] == scenario]
        return {key[2]: self.figures[key] for key in sorted(keys, key=lambda key: key[2])}

    def basis(self, measure: str, form: str, year: int, role: str) -> tuple[str, ...]:
        """Rows behind a figure in the scenario that plays a role."""
        return self.rows((measure, form, year, self.roles.get(role, role)))

    def forms(self, measure: str, role: str) -> tuple[str, ...]:
        """Forms of which a measure is known in the scenario that plays a role."""
        scenario = self.roles.get(role, role)
        return tuple(
            dict.fromkeys(key[1] for key in self.figures if key[0] == measure and key[3] == scenario)
        )

# SPDX-License-Identifier: Apache-2.0
"""What the rules see of a solved case: plain figures by key, no model.

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


@dataclass(frozen=True)
class Figure:
    """A figure with its interval and its unit."""

    value: float
    low: float
    high: float
    unit: str


@dataclass(frozen=True)
class PowerShare:
    """Share of a power in the influence of all powers over a state in a year, 0 to 1."""

    power: str
    state: str
    year: int
    value: float
    low: float
    high: float
    basis: tuple[str, ...] = ()


@dataclass(frozen=True)
class SolvedCase:
    """A solved case for the rules.

    Parameters
    ----------
    importer, supplier, region : of the case
    base_year : year of the reconciled statistics
    roles : part that a scenario plays -> name of the scenario (stops_one, stops_all, announced, claimed)
    since : part that a scenario plays -> first year in which the supplier stops
    figures : (measure, form, year, scenario) -> figure; measures of MEASURES
    rows : gives the rows of the fact base behind a figure, by its key
    influence : shares of powers over states, where they are known
    """

    importer: str
    supplier: str
    region: tuple[str, ...]
    base_year: int
    roles: Mapping[str, str]
    figures: Mapping[Key, Figure] = field(repr=False)
    since: Mapping[str, int] = field(default_factory=dict)
    rows: Callable[[Key], tuple[str, ...]] = field(default=lambda _: (), repr=False)
    influence: tuple[PowerShare, ...] = field(default=(), repr=False)

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

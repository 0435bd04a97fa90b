# SPDX-License-Identifier: Apache-2.0
"""What mine output a deposit of a given tonnage and grade could carry.

Taylor's rule: a mine's life grows with a root of its ore,  life = c (ore / 1 Mt)^e  years, so its yearly ore is
ore / life (Taylor 1977, 1986; re-estimated by Long 2009, doi:10.1007/s11053-009-9088-y). More ore a year than the
largest hard-rock mine of the world moves is not taken; both figures are given. A resource is not a reserve: the rule
says what a deposit could carry, not that it can be mined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ytterby.errors import ModelError
from ytterby.supply.parameters import Parameters

Row = Mapping[str, Any]
PARAMETERS = ("taylor.life_coefficient", "taylor.life_exponent", "mine.largest_ore", "mine.recovery")


@dataclass(frozen=True)
class Carried:
    """What a reading of a deposit carries: contained and yearly output in t REO, ore in t, life in years.

    Yearly ore is given by the rule and as taken.
    """

    reading: str
    contained_t: float
    ore_t: float
    life: float
    ore_per_year_rule: float
    ore_per_year: float
    output: float
    basis: tuple[str, ...]


def carry(row: Row, parameters: Parameters, reo: float = 1.0) -> Carried:
    """Apply Taylor's rule to a row of relation deposits.

    Parameters
    ----------
    row : gives a grade, and ore in t or contained tonnes
    parameters : the rule's, the largest mine, the recovery
    reo : t REO per t of what the row counts, see `ores.reo_per_content`

    Raises
    ------
    ModelError : the row has neither ore tonnage nor contained tonnage with a grade, or no grade
    """
    grade = row["grade"]
    if grade is None or not grade > 0 or (row["ore_t"] is None and row["contained_t"] is None):
        found = f"ore {row['ore_t']}, grade {grade}, contained {row['contained_t']}"
        raise ModelError(f"deposits.csv {row['id']}", found, "a grade and a tonnage", "take another reading")
    ore = float(row["ore_t"]) if row["ore_t"] is not None else float(row["contained_t"]) / float(grade)
    life = parameters["taylor.life_coefficient"] * (ore / 1e6) ** parameters["taylor.life_exponent"]
    by_rule = ore / life
    taken = min(by_rule, parameters["mine.largest_ore"])
    output = taken * float(grade) * reo * parameters["mine.recovery"]
    return Carried(
        row["id"],
        ore * float(grade) * reo,
        ore,
        life,
        by_rule,
        taken,
        output,
        (row["id"], *parameters.basis(*PARAMETERS)),
    )

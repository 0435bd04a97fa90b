# SPDX-License-Identifier: Apache-2.0
"""The answer about the bottleneck: which stage outside the supplier earns most where it stops all exports."""

from __future__ import annotations

from collections.abc import Mapping

from ytterby.study.context import Answer, Context
from ytterby.study.words import number, percent, place_name

MOST = 0.5  # of the rents of a run: whoever earns more earns the most
BILLION = 1e9
RENTS = "duals of the capacities; stages in series share one scarcity, which the stage earns that binds"
Figure = tuple[float, float, float]


def bottleneck(c: Context) -> list[Answer]:
    """The stage with the largest scarcity rent in the middle run, its share, and who takes its place in variants."""
    scenario = c.role("stops_all") or "reference"
    year = c.case.report_years[-2]
    stages = [key[1] for key in c.table.middle if key[0] == "rent_share" and key[2:] == (year, scenario)]
    if not stages:
        return []
    rents = {stage: c.table("scarcity_rent", stage, year, scenario) for stage in stages}
    shares = {stage: c.table("rent_share", stage, year, scenario) for stage in stages}
    stage = max(rents, key=lambda one: rents[one][1])
    supplier, total = place_name(c.base, c.case.supplier), c.table("chain_rent", "", year, scenario)
    sentence = (
        f"{stage.capitalize()}: outside {supplier} its capacity would earn {_billions(rents[stage])} USD of scarcity rent "
        f"in {year}, {percent(shares.pop(stage))} of the chain's {_billions(total)}{_others(shares)}."
    )
    return [
        c.answer(
            "bottleneck", "Which stage is the bottleneck?", "scarcity_rent", rents[stage], "USD", sentence, RENTS,
            c.basis(scenario, year, "magnet"), form=stage, year=year, scenario=scenario,
        )
    ]  # fmt: skip


def _billions(figure: Figure) -> str:
    low, middle, high = (number(value / BILLION) for value in figure)
    return f"{middle} billion ({low} to {high})"


def _others(shares: Mapping[str, Figure]) -> str:
    """The other stages that earn most of the rents in some variant."""
    found = [
        f"{stage} (up to {percent((share[2],) * 3)})" for stage, share in shares.items() if share[2] > MOST
    ]
    return f"; in some variants most of it goes to {' or '.join(found)}" if found else ""

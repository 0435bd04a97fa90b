# SPDX-License-Identifier: Apache-2.0
"""The rare-earth chain of a base year as activities with evidence.

    concentrate (t REO, by ore class) -> seven oxide groups -> NdPr, Dy, Tb metal -> NdFeB magnets -> demand
                                              ^------------- scrap <------------------'

Every prior carries the rows it rests on and a standard error that follows from their confidence and disagreement.
Nothing is balanced here: that is the reconciliation's work.
"""

from __future__ import annotations

from ytterby.chain import Activity
from ytterby.supply.evidence import Evidence
from ytterby.supply.magnets import magnet_trade, magnets, metal, metal_trade, recycling
from ytterby.supply.mine_and_separate import mines, separation, traded, unrecorded
from ytterby.supply.ores import composition, names
from ytterby.supply.use import demand


def activities(evidence: Evidence) -> tuple[Activity, ...]:
    """All activities of the base year, with priors, standard errors and bases."""
    ores = {name: composition(evidence.base, name) for name in names(evidence.base)}
    mined, shipped = mines(evidence), traded(evidence)
    shipped += unrecorded(evidence, mined, shipped)
    separated = separation(evidence, ores, mined, shipped)
    sintered = magnets(evidence)
    smelted = metal(evidence, sintered, shipped)
    recycled = recycling(evidence, sintered)
    trade = [*shipped, *magnet_trade(evidence, sintered), *metal_trade(evidence, sintered, smelted, shipped)]
    made = [*mined, *separated, *sintered, *smelted, *recycled]
    return (*made, *trade, *demand(evidence, [*made, *trade]))

# SPDX-License-Identifier: Apache-2.0
"""Cases and scenarios: TOML files read into frozen definitions, and what they change in the world.

A case names importer, supplier, region, years and scenarios. A scenario is an overlay: bans of flows, plants that are
changed or added, deposits taken at their word, quotas, tariffs, price floors, conduct of sellers, reserves, places
and ways closed, stops drawn from a hazard. Each change carries its reason and the row that it rests on; a change that hits
nothing is an error, but for a closed way that nobody takes. Nothing is computed here.
"""

from ytterby.scenario.changes import (
    ANY,
    DRAWN,
    Ban,
    Change,
    Closure,
    Conduct,
    DepositTaken,
    Floor,
    FlowChange,
    HazardDraw,
    PlantChange,
    Quota,
    Reserve,
    Tariff,
)
from ytterby.scenario.checking import (
    as_known,
    check_actors,
    check_case,
    check_instruments,
    check_reserves,
    transport_names,
)
from ytterby.scenario.definitions import Case, Scenario
from ytterby.scenario.overlay import changed_plants, shut
from ytterby.scenario.reading import case_names, cases_folder, load_case

__all__ = [
    "ANY", "DRAWN", "Ban", "Case", "Change", "Closure", "Conduct", "DepositTaken", "Floor", "FlowChange", "HazardDraw",
    "PlantChange", "Quota", "Reserve", "Scenario", "Tariff", "as_known", "case_names", "cases_folder", "changed_plants",
    "check_actors", "check_case", "check_instruments", "check_reserves", "load_case", "shut", "transport_names",
]  # fmt: skip

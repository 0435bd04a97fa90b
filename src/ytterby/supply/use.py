# SPDX-License-Identifier: Apache-2.0
"""Final demand of the base year: magnets by end use, oxides that go into other uses than magnets.

What a place uses is not counted anywhere; the prior is what its production and trade leave there (apparent use), with
a wide standard error, unless the fact base has an observation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ytterby.chain import CORRECTION, DEMAND, Activity
from ytterby.supply.evidence import COUNT, MAGNET, SMALLEST, Evidence
from ytterby.supply.growth import END_USES, at, demand_path
from ytterby.supply.ores import GROUPS

APPARENT = ("error.apparent_use", "error.apparent_use_floor")


def end_use_shares(evidence: Evidence) -> tuple[dict[str, float], tuple[str, ...]]:
    """Shares of the end uses of magnets in the base year, from the neodymium demand of the IEA's path, and its rows.

    The base year lies between two published years and is interpolated on a straight line.
    """
    shares: dict[str, float] = {}
    basis: list[str] = []
    for use in END_USES:
        path, rows = demand_path(evidence.base, use, "STEPS")
        shares[use] = at(path, evidence.year)
        basis += rows
    total = sum(shares.values())
    return {use: level / total for use, level in shares.items()}, tuple(dict.fromkeys(basis))


def apparent_error(evidence: Evidence, tonnes: float, size: float) -> float:
    """Standard error in t of a use that is what is left of flows of `size` t: a remainder is no surer than they are."""
    share, floor = (evidence.parameters[name] for name in APPARENT)
    return share * max(tonnes, floor * size)


def demand(evidence: Evidence, others: Iterable[Activity]) -> list[Activity]:
    """Demand activities for what the other activities' priors leave in each place."""
    left: dict[tuple[str, str], float] = defaultdict(float)
    size: dict[tuple[str, str], float] = defaultdict(float)
    for activity in others:
        if activity.kind == CORRECTION:
            continue
        for place, form, coefficient in activity.terms:
            if activity.kind == COUNT:
                continue
            real = form.partition("@")[0]
            left[place, real] += coefficient * activity.prior
            size[place, real] += abs(coefficient) * activity.prior
    found = []
    for (place, form), tonnes in left.items():
        if form == MAGNET:
            found += _magnet_demand(evidence, place, tonnes, size[place, form])
        elif form.startswith("oxide:") and form.partition(":")[2] in GROUPS:
            prior, error = max(tonnes, 0.0), apparent_error(evidence, tonnes, size[place, form]) + SMALLEST
            terms = ((place, form, -1.0),)
            basis = evidence.parameters.basis(*APPARENT)
            stocks = evidence.observed("demand", form).get((place, ""))
            if stocks:
                known = (stocks.value, evidence.error(stocks), stocks.basis)
                found.append(Activity(DEMAND, "stock building", place, form, terms, "", *known))
                prior = max(prior - stocks.value, 0.0)
            found.append(Activity(DEMAND, "other uses", place, form, terms, "", prior, error, basis))
    return found


def _magnet_demand(evidence: Evidence, place: str, tonnes: float, size: float) -> list[Activity]:
    shares, rows = end_use_shares(evidence)
    observed = {evidence.place(p): c for (p, _), c in evidence.observed("demand", MAGNET).items()}
    choice = observed.get(place)
    prior = choice.value if choice else max(tonnes, 0.0)
    error = evidence.error(choice) if choice else apparent_error(evidence, prior, size) + SMALLEST
    basis = (*rows, *(choice.basis if choice else evidence.parameters.basis(*APPARENT)))
    return [
        Activity(
            DEMAND, use, place, MAGNET, ((place, MAGNET, -1.0),), "", share * prior, error * share**0.5, basis
        )
        for use, share in shares.items()
    ]

# SPDX-License-Identifier: Apache-2.0
"""New links: what a new plant makes may serve home, however little its country made there in the base year."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from ytterby.chain import DEMAND, PROCESS, TRADE, Activity, BaseYear, balances_of
from ytterby.supply.made import HOME, MADE, keep_apart
from ytterby.supply.market import Elasticities, Entry, calibrate
from ytterby.supply.projects import Project, link_entries
from ytterby.supply.solving import solve_years

PRICE = 10.0
PARAMETERS = {"entry.cost_share": 0.05, "entry.scale_share": 0.05, "entry.home_slope": 0.01}
ELASTIC = Elasticities({"process": 0.5, "trade": 3.8, "demand": 0.25}, {}, 0.0, {"process": 0.0}, 0.1, 0.5)


class Stated(dict[str, float]):
    """Parameters by hand."""

    def basis(self, name):
        return (f"param-{name}",)


def plant(place, name="sinter"):
    return Activity(PROCESS, name, place, name, ((place, "magnet", 1.0),))


def use(place):
    return Activity(DEMAND, "use", place, "magnet", ((place, "magnet", -1.0),))


SALE = Activity(TRADE, TRADE, "B", "magnet", (("B", "magnet", -1.0), ("A", "magnet", 1.0)), "A")
ACTIVITIES = (plant("A"), plant("B"), use("A"), use("B"), SALE)
FLOWS = np.array([1.0, 199.0, 100.0, 100.0, 99.0])
BASE = keep_apart(BaseYear(2024, ACTIVITIES, FLOWS, balances_of(ACTIVITIES), np.full(2, PRICE), (), 0.0))
GATHERED = SimpleNamespace(
    evidence=SimpleNamespace(parameters=Stated(PARAMETERS)), price_values={"magnet": PRICE}
)


def coming(place, tonnes):
    return Project("NEW", place, plant(place, "sinter NEW"), tonnes, 2025, 1.0, committed=True)


def at_home(entries, place):
    return [e for e in entries if e.activity.name == HOME and e.activity.place == place]


def test_what_projects_add_finds_a_link_of_its_own_to_home():
    assert at_home(link_entries(BASE, (), GATHERED, ("magnet",)), "A") == []
    (link,) = at_home(link_entries(BASE, (coming("A", 50.0),), GATHERED, ("magnet",)), "A")
    assert (link.margin, link.scale, link.rise) == (0.0, 50.0, pytest.approx(0.1))


def test_a_new_plant_serves_home_first_where_little_was_made_before():
    """50 t more in A, at the cost of the base year, take the place of what came from B; abroad costs 5 % more."""
    project = coming("A", 50.0)
    new = Entry(
        Activity(PROCESS, "sinter NEW", "A", "sinter NEW", (("A", "magnet" + MADE, 1.0),)),
        -5.0,
        50.0,
        5.0,
        {2025: 50.0},
    )
    market = calibrate(
        BASE, ELASTIC, (new, *link_entries(BASE, (project,), GATHERED, ("magnet",))), {"magnet": PRICE}
    )
    result = solve_years(market, (2024, 2025), lambda *_: 1.0, scenario="by hand")
    made = sum(
        flow
        for a, flow in zip(market.activities, result.years[1].flows, strict=True)
        if a.kind == PROCESS and a.place == "A"
    )
    stays = sum(
        flow
        for a, flow in zip(market.activities, result.years[1].flows, strict=True)
        if a.name == HOME and a.place == "A"
    )
    assert made > 25
    assert stays > 0.9 * made

"""Transit dependence: the network's routes, and other routes where the network is another."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ytterby.influence import shares
from ytterby.influence.corridors import corridors
from ytterby.influence.transit import transit
from ytterby.routes import network

MARKETS = ("USA", "CHN", "RUS", "TUR", "EUU")


def by_power(figures):
    return {(figure.power, figure.indicator): figure for figure in figures}


def test_a_neighbour_on_the_way_counts_and_a_far_power_does_not(base):
    found = by_power(transit(base, ["KAZ"], ["RUS", "USA"], MARKETS, 2025))
    assert found["RUS", "transit"].value > found["USA", "transit"].value == 0
    assert found["RUS", "transit_detour"].value > 0
    assert found["USA", "transit_detour"].state == "missing"
    assert all(base.row(id_) for id_ in found["RUS", "transit"].basis)


def test_a_group_is_the_territory_of_its_members(base):
    """The ways of a state that lead through a member lead through the group, and go round all of it."""
    through = by_power(transit(base, ["TKM"], ["IRN"], MARKETS, 2025))["IRN", "transit"].value
    members = tuple(
        {**row, "members": ("IRN",)} if row["id"] == "EUU" else row for row in base.tables["countries"]
    )
    grouped = replace(base, tables={**base.tables, "countries": members})
    found = by_power(transit(grouped, ["TKM"], ["EUU"], ("USA", "CHN", "RUS", "TUR"), 2025))
    assert found["EUU", "transit"].value == pytest.approx(through * len(MARKETS) / 4)
    assert found["EUU", "transit"].value > 0


def test_without_the_links_through_a_power_nothing_depends_on_it(base, altered):
    """Segments of the network that touch Russia are closed by their status: the dependence is gone."""
    net = network(base)
    touching = [s.id for s in net.segments.values() if "RUS" in s.crosses]
    known = {row["id"] for row in base.rows("segments")}
    changed = altered(
        segments=[{"id": id_, "status": "planned", "open_year": 2090} for id_ in touching if id_ in known]
    )
    found = by_power(transit(changed, ["KAZ"], ["RUS"], ("USA", "TUR"), 2025))
    assert found["RUS", "transit"].value == pytest.approx(0)


def test_a_state_without_nodes_has_no_dependence(base):
    found = transit(base, ["ARM"], ["RUS"], (), 2025)
    assert {figure.state for figure in found} == {"missing"}


def test_where_no_network_is_known_the_dependence_is_missing_and_the_ties_are_not(base):
    """A date on which the network has no rates: the rest of the table stands, and says what is missing."""
    rates = tuple(row for row in base.tables["unit_costs"] if row["mode"] != "rail")
    found = shares(
        replace(base, tables={**base.tables, "unit_costs": rates}), ["KAZ"], ["RUS"], 2024, ["USA"]
    )
    transits = [figure for figure in found if figure.indicator.startswith("transit")]
    assert [(figure.state, "rail" in figure.note) for figure in transits] == [("missing", True)] * 2
    assert next(figure for figure in found if figure.indicator == "trade").value == 28e9


def test_a_corridor_is_shared_where_both_have_an_open_stretch(base, altered):
    """The Northern corridor runs through Kazakhstan and Russia; closed in Russia it is not shared."""
    net = network(base)
    (found,) = corridors(base, ["KAZ"], ["RUS"], 2025, net)
    assert "Northern" in found.note
    known = {row["id"] for row in base.rows("segments")}
    there = [s.id for s in net.segments.values() if s.corridor == "Northern" and "RUS" in s.crosses]
    changed = altered(
        segments=[{"id": id_, "status": "planned", "open_year": 2090} for id_ in there if id_ in known]
    )
    (after,) = corridors(changed, ["KAZ"], ["RUS"], 2025, network(changed))
    left = [name for name in found.note.split(", ") if name != "Northern"]
    assert after.note == ", ".join(left)
    assert after.value == len(left)

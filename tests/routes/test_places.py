"""Where a route begins and ends, and how far the nearest node is."""

from __future__ import annotations

import pytest

from ytterby.errors import RouteError
from ytterby.routes import distance_km, find_place


def test_wellington_salamanca_of_geographiclib():
    assert distance_km((-41.32, 174.81), (40.96, -5.50)) * 1000 == pytest.approx(19959679.267, abs=0.001)


def test_a_node_is_itself(base, net):
    assert find_place(base, net, "poti").nodes == ("poti",)
    assert find_place(base, net, "poti").km is None


def test_who_writes_a_name_is_told_the_id(base, net):
    with pytest.raises(RouteError, match="KAZ for Kazakhstan"):
        find_place(base, net, "Kazakhstan")


def test_a_country_is_its_main_nodes(base, net):
    found = find_place(base, net, "KAZ")
    assert {net.nodes[node].country for node in found.nodes} == {"KAZ"}
    assert all(net.nodes[node].main for node in found.nodes)
    assert {net.nodes[node].country for node in find_place(base, net, "CA5").nodes} == {
        "KAZ",
        "KGZ",
        "TJK",
        "TKM",
        "UZB",
    }


def test_every_state_with_a_node_on_land_has_a_main_node(net):
    with_land = {node.country for node in net.nodes.values() if node.passage is None}
    assert with_land == {node.country for node in net.nodes.values() if node.main}


def test_coordinates_are_the_nearest_node_on_land(base, net):
    found = find_place(base, net, "49.9, 73.0")
    assert found.nodes == ("karaganda",)
    assert found.km == pytest.approx(distance_km((49.9, 73.0), (49.8, 73.1)))
    least = min(
        (distance_km((49.9, 73.0), (node.lat, node.lon)), node.id)
        for node in net.nodes.values() if node.kind not in {"airport", "chokepoint"}
    )  # fmt: skip
    assert least == (found.km, "karaganda")


@pytest.mark.parametrize("relation", ["deposits", "plants"])
def test_a_site_is_the_nearest_node_of_its_own_state(base, net, relation):
    placed = [
        row for row in base.rows(relation) if row["lat"] is not None and row["country"] in net.countries
    ]
    row = next(row for row in placed if row["country"] == "KAZ") if relation == "deposits" else placed[0]
    found = find_place(base, net, row["id"])
    assert net.nodes[found.nodes[0]].country == row["country"]
    assert found.km is not None
    assert found.km > 0


def test_several_places_are_one_end(base, net):
    assert find_place(base, net, "norfolk+new_york").nodes == ("norfolk", "new_york")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("shangai", "shanghai"),
        ("95,10", "latitude"),
        ("TUV", "no node of the network"),
        ("KAZ-ZHANA-KAZ", "KAZ-ZHANA-KZ,"),
        ("US-MP-10X", "no coordinates.*its country USA"),
    ],
)
def test_what_is_no_place_is_refused(base, net, name, said):
    with pytest.raises(RouteError, match=said):
        find_place(base, net, name)

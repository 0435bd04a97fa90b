"""Countries outside the detailed network: everyone has a main node, and no sea leg gets past a closed chokepoint."""

from __future__ import annotations

import sys
from collections import defaultdict
from math import acos, cos, radians, sin
from types import ModuleType, SimpleNamespace

import networkx as nx
import pytest
from tools.build_gateways import extra_legs, gateways
from tools.sea_legs import GATES, SeaNode, crosses, leg_km, passed, sparse_legs

from ytterby.routes import CutError, Query, best_routes

OCEANS = {"suez", "panama", "cape_good_hope"}
NEW = frozenset(place.id for place in gateways())


@pytest.fixture(scope="module")
def sea(base):
    """The sea segments as a graph without some chokepoints."""

    def without(closed):
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(row["id"] for row in base.rows("nodes"))
        for row in base.rows("segments", mode="sea"):
            if not closed & {row["from"], row["to"], *(row["passes"] or ())}:
                graph.add_edge(row["from"], row["to"], km=row["distance_km"])
        return graph

    return without


def test_every_country_that_a_chain_can_name_has_a_main_node(base):
    """Places of any rare-earth base year: mines, plants, deposits, and who trades more than the least threshold."""
    covered = {row["country"] for row in base.rows("nodes") if row["main"]}
    members = {row["id"]: set(row["members"] or ()) for row in base.rows("countries")}
    traded: defaultdict[tuple[str, int], float] = defaultdict(float)
    for row in base.trade(("280530", "284610", "284690")):
        for end in ("exporter", "importer"):
            traded[row[end], row["year"]] += row["quantity_t"] or 0.0
    (threshold,) = base.rows("parameters", name="places.threshold")
    named = {place for (place, _), tonnes in traded.items() if tonnes >= threshold["low"]}
    for relation in ("plants", "deposits"):
        named |= {row["country"] for row in base.rows(relation)}
    assert len(named) > 50
    alone = named - {row["id"] for row in base.rows("countries") if row["kind"] == "group"}
    assert not {place for place in alone if not ({place} | members[place]) & covered}


@pytest.mark.parametrize(
    ("origin", "destination", "miles"),
    [
        ("laem_chabang", "singapore", 791),  # keytong.com
        ("new_york", "colombo", 8604),  # NGA Pub. 151, by Gibraltar
    ],
)
def test_published_distances_of_new_ports(net, origin, destination, miles):
    (route,) = best_routes(net, origin, destination, Query(2026, modes=("sea",)), 1)
    assert route.km.mid == pytest.approx(miles * 1.852, rel=0.02)


def test_neighbouring_ports_are_joined(net):
    """Gwadar lies 290 statute miles from Karachi, in a straight line: globalsecurity.org, PNS Gwadar."""
    (route,) = best_routes(net, "gwadar", "karachi", Query(2026, modes=("sea",)), 1)
    assert 1 <= route.km.mid / (290 * 1.609) < 1.15


def test_a_published_distance_goes_before_the_lane(net):
    """Chabahar lies about 170 km west of Gwadar; searoute's lane takes 816."""
    assert best_routes(net, "chabahar", "gwadar", Query(2026, modes=("sea",)), 1)[0].km.mid == 172


def test_istanbul_ships_south_of_the_bosporus(net):
    """Its port lies on the Sea of Marmara: the strait closes the Black Sea to it and nothing else."""
    asked = Query(2026, modes=("road", "sea"), closed=("bosporus",))
    (route,) = best_routes(net, "istanbul", "rotterdam", asked, 1)
    assert route.nodes[1] == "ambarli"
    assert route.states == ("TUR", "NLD")
    with pytest.raises(CutError, match="bosporus"):
        best_routes(net, "ambarli", "constanta", Query(2026, modes=("sea",), closed=("bosporus",)), 1)


@pytest.mark.parametrize(
    ("closed", "one_side", "other_side"),
    [
        (OCEANS, ("rotterdam", "norfolk", "felixstowe", "lagos", "veracruz"), ("shanghai", "colombo", "manila")),
        ({"hormuz"}, ("dammam", "mina_salman", "jebel_ali"), ("colombo", "mumbai")),
        ({"suez", "bab_el_mandeb"}, ("jeddah",), ("colombo", "rotterdam")),
        ({"gibraltar", "suez", "bosporus"}, ("koper", "trieste"), ("rotterdam", "jeddah")),
        ({"danish_straits"}, ("gdansk", "riga"), ("gothenburg", "oslo", "felixstowe")),
    ],
)  # fmt: skip
def test_no_leg_leaks_past_closed_chokepoints(sea, closed, one_side, other_side):
    graph, whole = sea(closed), sea(set())
    assert NEW & set(whole)
    for a in one_side:
        for b in other_side:
            assert nx.has_path(whole, a, b)
            assert not nx.has_path(graph, a, b)


def test_a_leg_is_no_shorter_than_the_globe_allows(base):
    nodes = {row["id"]: row for row in base.rows("nodes")}

    def globe(a, b):
        (y, x), (v, u) = ((radians(nodes[n]["lat"]), radians(nodes[n]["lon"])) for n in (a, b))
        return 6371 * acos(min(1.0, sin(y) * sin(v) + cos(y) * cos(v) * cos(x - u)))

    legs = [row for row in base.rows("segments") if NEW & {row["from"], row["to"]}]
    assert len(legs) > 100
    for row in legs:
        assert row["distance_km"] >= 0.99 * globe(row["from"], row["to"]) > 0


def test_a_strait_within_a_leg_closes_it(net):
    """Singapore to Shanghai is collected as one leg; it passes between Taiwan and the mainland."""
    asked = Query(2026, modes=("sea",))
    (direct,) = best_routes(net, "singapore", "shanghai", asked, 1)
    assert direct.chokepoints == ("taiwan_strait",)
    (around,) = best_routes(
        net, "singapore", "shanghai", Query(2026, modes=("sea",), closed=("taiwan_strait",)), 1
    )
    assert "taiwan_strait" not in around.chokepoints
    assert around.km.mid > direct.km.mid
    (back,) = best_routes(net, "norfolk", "rotterdam", asked, 1)
    assert back.chokepoints == ("dover",)


def test_the_landlocked_go_by_a_neighbour(net):
    (route,) = best_routes(net, "lilongwe", "shanghai", Query(2026), 1)
    assert route.legs[0].segment.mode == "rail"
    assert route.states[:2] == ("MWI", "MOZ")
    with pytest.raises(CutError):
        best_routes(net, "lilongwe", "shanghai", Query(2026, avoid=("MOZ",)), 1)


def test_gates_are_crossed_in_either_direction_and_around_the_earth():
    cape = next((p, q) for node, p, q in GATES if node == "cape_good_hope")
    assert crosses([(10.0, -36.0), (25.0, -36.0)], cape)
    assert crosses([(25.0, -36.0), (10.0, -36.0)], cape)
    assert crosses([(370.0, -36.0), (385.0, -36.0)], cape)
    assert not crosses([(10.0, -30.0), (17.0, -36.0)], cape)


def test_few_legs_keep_every_distance():
    """Along a line the neighbours are enough; where the way over them is long, a leg of its own is kept."""
    at = {"a": 0.0, "b": 10.0, "c": 20.0, "d": 30.0}
    nodes = {name: SeaNode(name, (x, 0.0)) for name, x in at.items()}

    def km(one, other):
        return abs(one.point[0] - other.point[0])

    line = [("a", "b", 10.0), ("b", "c", 10.0)]
    known = {name: nodes[name] for name in "abc"}
    assert sparse_legs([nodes["d"]], known, line, 0.02, km) == [("d", "c", 10.0)]
    bent = [("a", "b", 10.0), ("b", "c", 15.0)]
    assert [leg[:2] for leg in sparse_legs([nodes["d"]], known, bent, 0.02, km)] == [("d", "c"), ("d", "b")]


@pytest.fixture
def drawn(monkeypatch):
    """A searoute that draws a given line, whatever it is asked."""

    def draw(line, km, through=()):
        found = SimpleNamespace(
            geometry=SimpleNamespace(coordinates=line),
            properties={"length": km, "traversed_passages": list(through)},
        )
        module = ModuleType("searoute")
        module.searoute = lambda *_, **__: found  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "searoute", module)

    return draw


def test_traps_of_searoute_give_no_leg(drawn):
    """A blocked pair comes back as a line of its two ends; a banned passage can be used all the same; a strait may leak."""
    near, far = SeaNode("near", (10.0, -36.0)), SeaNode("far", (25.0, -36.0))
    drawn([near.point, far.point], 0.0)
    assert leg_km(near, far) is None
    drawn([near.point, (17.0, -36.0), far.point], 1400.0)
    assert leg_km(near, far) is None
    assert passed(near, far) == ["cape_good_hope"]
    drawn([near.point, (12.0, -36.0), (15.0, -36.0)], 450.0, through=["south_africa"])
    assert leg_km(near, SeaNode("west", (15.0, -36.0))) is None
    drawn([near.point, (12.0, -36.0), (15.0, -36.0)], 450.0)
    assert leg_km(near, SeaNode("west", (15.0, -36.0))) == 450.0


def test_shipped_legs_are_those_of_the_package(base):
    """Where the build-time package is installed: a few of the legs, computed anew."""
    pytest.importorskip("searoute")
    nodes = {row["id"]: SeaNode(row["id"], (row["lon"], row["lat"])) for row in base.rows("nodes")}
    rows = base.rows("segments", mode="sea")
    legs = [row for row in rows if NEW & {row["from"], row["to"]}][::20]
    direct = {(leg["from"], leg["to"]) for leg in extra_legs() if leg["mode"] == "sea" and not leg["km"]}
    added = [row for row in rows if (row["from"], row["to"]) in direct]
    assert len(added) == len(direct)
    for row in legs + added[::20]:
        assert leg_km(nodes[row["from"]], nodes[row["to"]]) == pytest.approx(row["distance_km"], abs=0.51)

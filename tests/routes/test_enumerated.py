"""Small corners of the shipped network whose every route can be listed: the best ones, the Pareto set and the fewest cuts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations, groupby
from typing import cast

import networkx as nx
import pytest

from ytterby.routes import Query, best_routes, pareto_routes, stress
from ytterby.routes.definitions import SURFACE
from ytterby.routes.finding import FIRST, LAST, prepare, route_of

CORNERS = [  # first and last are the ends; all nodes outside are closed
    "alat baku ganja boyuk_kesik gardabani tbilisi akhalkalaki kartsakhi kars sivas poti batumi samsun",
    "kashgar torugart makmal jalal_abad irkeshtam osh andijan tashkent",
    "aktau kuryk beyneu mangyshlak baku alat turkmenbashi bereket gyzyletrek incheh_borun gorgan",
]
WEIGHTS = {
    "cost": lambda route: route.usd_per_t.mid, "days": lambda route: route.days.mid, "km": lambda route: route.km.mid,
    "co2": lambda route: route.kg_co2_per_t,
}  # fmt: skip


@pytest.fixture(scope="module", params=CORNERS, ids=lambda corner: corner.split()[0])
def corner(net, request):
    inside = request.param.split()
    query = Query(2031, closed=tuple(name for name in net.nodes if name not in inside), modes=SURFACE)
    routes = every_route(net, inside[0], inside[-1], query)
    assert len({route.nodes for route in routes}) > 1
    return inside[0], inside[-1], query, routes


def every_route(net, origin, destination, query):
    """All routes, by networkx and without weights: paths of states that leave each node for good."""
    search = prepare(net, origin, destination, query)
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    for number in search.open_arcs.nonzero()[0].tolist():
        graph.add_edge(int(net.graph.tails[number]), int(net.graph.heads[number]), key=number)
    found, ways = (
        [],
        cast("Iterable[list[tuple[int, int, int]]]", nx.all_simple_edge_paths(graph, FIRST, LAST)),
    )
    for edges in ways:
        nodes = [node for node, _ in groupby(net.graph.place[tail] for tail, _, _ in edges)]
        if len(set(nodes)) == len(nodes):
            found.append(route_of(net, search.access, [key for _, _, key in edges]))
    return found


@pytest.mark.parametrize("by", ["cost", "days", "km", "co2", "generalised"])
def test_the_best_are_the_best_of_all(net, corner, by):
    origin, destination, query, routes = corner
    day = (
        net.rates.parameter("routes.cargo_value").interval.mid
        * net.rates.at("all", "time_value").interval.mid
    )
    weigh = WEIGHTS.get(by, lambda route: route.usd_per_t.mid + day * route.days.mid)
    of_places: dict[tuple[object, ...], float] = {}  # of parallel lines of one mode the better one is taken
    for route in routes:
        way = (route.nodes, tuple(leg.segment.mode for leg in route.legs))
        of_places[way] = min(weigh(route), of_places.get(way, weigh(route)))
    found = best_routes(net, origin, destination, replace(query, by=by), 12)
    assert [weigh(route) for route in found] == pytest.approx(sorted(of_places.values())[:12])


def marks(route):
    return round(route.usd_per_t.mid), round(route.days.mid, 1), len(route.states)


def test_the_pareto_set_is_whole_and_has_none_that_is_beaten(net, corner):
    origin, destination, query, routes = corner
    told = {marks(route) for route in routes}
    expected = {
        one for one in told
        if not any(other != one and all(x <= y for x, y in zip(other, one, strict=True)) for other in told)
    }  # fmt: skip
    assert {marks(route) for route in pareto_routes(net, origin, destination, query)} == expected


def test_no_fewer_cut_all_routes(net, corner):
    origin, destination, query, routes = corner
    found = stress(net, origin, destination, query)
    own = {net.nodes[end].country for end in (origin, destination)}
    for fewest, on in (
        (found.fewest_states, [set(route.states) - own for route in routes]),
        (found.fewest_chokepoints, [set(route.chokepoints) for route in routes]),
        (found.fewest_segments, [set(route.segments) for route in routes]),
    ):
        if fewest is None:
            assert not all(on)
            continue
        assert all(names & set(fewest) for names in on)
        for fewer in combinations(sorted(set().union(*on)), len(fewest) - 1):
            assert not all(names & set(fewer) for names in on)
    assert {loss.name for loss in found.needed if loss.kind == "segment"} == set.intersection(
        *(set(route.segments) for route in routes)
    )

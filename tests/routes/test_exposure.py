"""What a pair depends on: every claim is verified by closing what it names."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import pytest

from ytterby.routes import CutError, Query, best_routes, capacity, compare, find_place, pareto_routes, stress
from ytterby.routes.definitions import SURFACE

PAIRS = [
    ("karaganda", "norfolk", Query(2028, avoid=("RUS",))),
    ("tashkent", "mersin", Query(2030, avoid=("RUS", "IRN"))),
    ("dushanbe", "rotterdam", Query(2026)),
    ("mountain_pass", "yokohama", Query(2026)),
]


@pytest.fixture(scope="module", params=PAIRS, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def exposed(net, request):
    origin, destination, query = request.param
    return origin, destination, replace(query, modes=SURFACE), stress(net, origin, destination, query)


def test_what_is_needed_cuts_the_pair_and_nothing_else_does(net, exposed):
    origin, destination, query, found = exposed
    for loss in found.losses:
        shut = {"avoid": (*query.avoid, loss.name)} if loss.kind == "state" else {"closed": (loss.name,)}
        asked = replace(query, **shut)
        if loss.route is None:
            with pytest.raises(CutError):
                best_routes(net, origin, destination, asked, 1)
        else:
            assert loss.usd_per_t >= -1e-9
            assert loss.name not in {*loss.route.segments, *loss.route.nodes, *loss.route.states}
    assert {loss.name for loss in found.losses if loss.kind == "segment"} == set(found.route.segments)


def test_the_fewest_cut_and_no_fewer_do(net, exposed):
    origin, destination, query, found = exposed
    for kind, names in (
        ("avoid", found.fewest_states),
        ("closed", found.fewest_segments),
        ("closed", found.fewest_chokepoints),
    ):
        if names is None:
            continue
        assert names
        before = getattr(query, kind)
        with pytest.raises(CutError):
            best_routes(net, origin, destination, replace(query, **{kind: (*before, *names)}), 1)
        for spared in names:
            rest = tuple(name for name in names if name != spared)
            assert best_routes(net, origin, destination, replace(query, **{kind: (*before, *rest)}), 1)


def test_the_fewest_segments_are_as_many_as_networkx_cuts(net):
    query = Query(2026, modes=("rail",), avoid=("RUS", "CHN"))
    graph: nx.Graph[str] = nx.Graph()
    for route in best_routes(net, "almaty", "tehran", query, 400):  # all of them: the land between is small
        nx.add_path(graph, route.nodes)
    assert len(stress(net, "almaty", "tehran", query).fewest_segments or ()) == nx.edge_connectivity(
        graph, "almaty", "tehran"
    )


def test_a_state_without_which_nothing_leaves(net):
    """From Tajikistan every way by land leads through a neighbour; a mine has one road."""
    found = stress(net, "kuirektykol", "norfolk", Query(2028))
    assert "kuirektykol__karaganda__road" in {loss.name for loss in found.needed}
    assert found.fewest_segments == ("kuirektykol__karaganda__road",)


def test_where_a_way_crosses_no_third_state_none_can_cut(net):
    (route,) = best_routes(net, "poti", "norfolk", Query(2026), 1)
    assert route.states == ("GEO", "USA")
    assert stress(net, "poti", "norfolk", Query(2026)).fewest_states is None


@pytest.mark.parametrize(("origin", "destination", "query"), PAIRS[:2])
def test_no_route_beats_a_pareto_route(net, origin, destination, query):
    found = pareto_routes(net, origin, destination, query)

    def marks(route):
        return round(route.usd_per_t.mid), round(route.days.mid, 1), len(route.states)

    kept = [marks(route) for route in found]
    for route in best_routes(net, origin, destination, query, 60):
        others = [key for key in kept if all(one <= two for one, two in zip(key, marks(route), strict=True))]
        assert others, f"{marks(route)} is beaten by none of {kept}"
    assert len(set(kept)) == len(kept)
    for key in kept:
        assert not [o for o in kept if o != key and all(one <= two for one, two in zip(o, key, strict=True))]
    for by, place in (("cost", 0), ("days", 1)):
        best = best_routes(net, origin, destination, replace(query, by=by), 1)[0]
        assert marks(best)[place] == min(key[place] for key in kept)


def test_a_corridor_changes_nothing_before_it_opens_and_never_makes_dearer(net, base):
    ends = [find_place(base, net, name) for name in ("UZB", "mersin")]
    query = Query(2026, avoid=("RUS", "IRN", "GEO"))
    found = {row.year: row for row in compare(net, ends[:1], ends[1:], query, "TRIPP", range(2026, 2032))}
    opening = min(year for year, row in found.items() if row.rank)
    assert 2028 <= opening <= 2030
    for year, row in found.items():
        if year < opening:
            assert row.through is None
            assert row.with_it == row.without
        elif row.without is not None:
            assert row.with_it is not None
            assert row.with_it.usd_per_t.mid <= row.without.usd_per_t.mid
    last = found[2031]
    assert last.rank == 1
    assert last.with_it is not None
    assert "ARM" in last.with_it.states
    assert last.without is None or "ARM" not in last.without.states


def test_a_chokepoint_is_compared_like_a_corridor(net, base):
    ends = [find_place(base, net, name) for name in ("poti", "norfolk")]
    (row,) = compare(net, ends[:1], ends[1:], Query(2026), "bosporus", [2026])
    assert row.through == row.with_it != row.without
    assert row.rank == 1
    assert row.without is not None
    assert "bosporus" not in row.without.chokepoints


def test_a_corridor_of_which_a_part_is_opened_is_closed_whole_for_the_comparison(net, base):
    ends = [find_place(base, net, name) for name in ("UZB", "mersin")]
    part = net.element_ids("TRIPP")
    query = Query(2026, avoid=("RUS", "IRN", "GEO"), opened=part)
    (row,) = compare(net, ends[:1], ends[1:], query, "TRIPP", [2026])
    assert row.through == row.with_it != row.without


def test_capacity_falls_when_a_binding_limit_closes(net):
    query = Query(2028, avoid=("RUS", "CHN", "IRN"))
    found = capacity(net, "karaganda", "norfolk", query)
    closed = replace(query, closed=found.binding[0].segments)
    assert capacity(net, "karaganda", "norfolk", closed).t_per_year < found.t_per_year

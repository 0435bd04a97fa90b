"""The best route over some segments: against all routes where the land is small, beyond any list where it is not."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from ytterby.routes import Query, best_routes
from ytterby.routes.definitions import SURFACE
from ytterby.routes.finding import prepare
from ytterby.routes.through import best_through

MANY = 800
SMALL = Query(2030, modes=("rail",), avoid=("RUS", "CHN"))
LARGE = Query(2030, modes=SURFACE, avoid=("RUS", "IRN"))


@pytest.mark.parametrize("by", ["cost", "days"])
def test_of_each_segment_it_is_the_first_of_all_routes(net, by):
    query = replace(SMALL, by=by)
    search, routes = (
        prepare(net, "almaty", "tehran", query),
        best_routes(net, "almaty", "tehran", query, MANY),
    )
    assert len(routes) < MANY  # so these are all
    lines = Counter(frozenset((segment.first, segment.last)) for segment in search.open_segments)
    # of parallel lines only the better one is in the list of all
    alone = [s.id for s in search.open_segments if lines[frozenset((s.first, s.last))] == 1]
    reached = alone[::7]
    used = 0
    for name in reached:
        expected = next((route for route in routes if name in route.segments), None)
        found = best_through(search, {name})
        assert (found is None) == (expected is None)
        if found is not None and expected is not None:
            weight, route = found
            used += 1
            assert name in route.segments
            assert len(set(route.nodes)) == len(route.nodes)
            assert weight == pytest.approx((expected.days if by == "days" else expected.usd_per_t).mid)
    assert 0 < used < len(reached)


def test_it_is_found_beyond_the_first_routes(net):
    """Every one of the best is cheaper; the way through Syunik does not turn round in it."""
    wanted = set(net.element_ids("TRIPP"))
    found = best_through(prepare(net, "ashgabat", "norfolk", LARGE), wanted)
    assert found is not None
    weight, route = found
    routes = best_routes(net, "ashgabat", "norfolk", LARGE, MANY)
    assert all(wanted.isdisjoint(other.segments) for other in routes)
    assert weight == pytest.approx(route.usd_per_t.mid)
    assert weight >= routes[-1].usd_per_t.mid
    assert len(set(route.nodes)) == len(route.nodes)
    assert {"AZE", "ARM", "TUR"} <= set(route.states)
    closed = replace(LARGE, closed=("turkmenbashi__alat__ferry",))
    around = best_through(prepare(net, "ashgabat", "norfolk", closed), wanted)
    assert around is None or around[0] >= weight


def test_what_is_not_on_the_way_has_none(net):
    search = prepare(net, "ashgabat", "norfolk", replace(LARGE, year=2027))
    assert "alat__horadiz__rail" in {segment.id for segment in search.open_segments}
    assert best_through(search, {"alat__horadiz__rail"}) is None  # open, and a dead end
    assert best_through(search, {"meghri__ordubad__rail"}) is None  # not open

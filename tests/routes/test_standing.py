"""How segments stand at the end of a year: open, to come, closed to whom."""

from __future__ import annotations

import pytest

from ytterby.routes import CLOSED, COMING, OPEN, Query, best_routes, standings
from ytterby.routes.network import Network


def states(net: Network, year: int, *parties: str) -> dict[str, str]:
    return {one.segment.id: one.state for one in standings(net, Query(year), parties)}


def test_a_line_is_to_come_until_its_year(net):
    dated = [s for s in net.segments.values() if s.open_year and 2027 <= s.open_year <= 2030]
    assert len(dated) > 5
    for segment in dated:
        before, after = (states(net, segment.open_year - late)[segment.id] for late in (1, 0))
        assert before == COMING
        assert after in {OPEN, CLOSED}


def test_a_line_without_a_year_stays_to_come(net):
    undated = [s.id for s in net.segments.values() if s.open_year is None and s.status == "planned"]
    assert undated
    assert {states(net, 2040)[name] for name in undated} == {COMING}


def test_iran_is_closed_to_goods_for_the_united_states_alone(net):
    inside = [
        s.id
        for s in net.segments.values()
        if s.mode == "rail" and s.status == "operating" and "IRN" in s.crosses
    ]
    assert len(inside) > 10
    assert {states(net, 2026, "KAZ", "USA")[name] for name in inside} == {CLOSED}
    assert {states(net, 2026, "KAZ", "TUR")[name] for name in inside} == {OPEN}


@pytest.mark.parametrize("year", [2026, 2030])
def test_routes_use_open_segments_alone(net, year):
    stand = states(net, year, "UZB", "USA")
    for route in best_routes(net, "tashkent", "norfolk", Query(year), 20):
        assert {stand[name] for name in route.segments} == {OPEN}


def test_what_is_not_open_says_why(net):
    for one in standings(net, Query(2026), ("KAZ", "USA")):
        assert (one.closure is None) == (one.state == OPEN)
        if one.closure is not None and one.state == COMING:
            assert one.closure.basis

"""Services, whose fare is published for the whole way, run over the lines of the network and fall with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ytterby.routes import CutError, Query, best_routes, capacity, stress, stretch
from ytterby.routes.services import course

TRAIN = "dostyk__brest__rail"
TO_BREST = "moscow__brest__rail"
NORTHERN = Query(2026, modes=("rail",), avoid=("AZE", "IRN"))


def best(net, query, origin="dostyk", destination="brest"):
    return best_routes(net, origin, destination, query, 1)[0]


def test_a_service_runs_over_lines_that_are_as_long_as_it_says(net):
    assert set(net.courses) == {TRAIN}
    way, row = net.courses[TRAIN], net.segments[TRAIN]
    assert (way.nodes[0], way.nodes[-1]) == (row.first, row.last)
    assert {"karaganda", "moscow"} < set(way.nodes)
    lines = [net.segments[name] for name in way.lines]
    assert all(
        {one.first, one.last} == set(way.nodes[number : number + 2]) for number, one in enumerate(lines)
    )
    assert sum(one.km.low for one in lines) <= row.km.high
    assert sum(one.km.high for one in lines) >= row.km.low


def test_one_that_is_much_shorter_than_any_way_over_lines_stands_alone(net):
    row = net.segments[TRAIN]
    assert course(net.segments, replace(row, km=row.km.times(0.5))) is None


def test_it_falls_with_the_only_line_to_its_end(net):
    assert best(net, NORTHERN).segments == (TRAIN,)
    with pytest.raises(CutError, match=TO_BREST) as cut:
        best(net, replace(NORTHERN, closed=(TO_BREST,)))
    assert [closure.element for closure in cut.value.closures] == [TO_BREST]
    assert best(net, replace(NORTHERN, closed=(TO_BREST,), opened=(TRAIN,))).segments == (TRAIN,)


def test_it_goes_on_where_another_way_of_its_length_is_open(net):
    assert best(net, replace(NORTHERN, closed=("petropavl__yekaterinburg__rail",))).segments == (TRAIN,)
    assert best(net, replace(NORTHERN, closed=("karaganda",))).segments == (TRAIN,)
    with pytest.raises(CutError):
        best(net, replace(NORTHERN, closed=("moscow",)))


def test_a_cut_needs_no_closure_of_the_service_itself(net):
    found = stress(net, "dostyk", "brest", NORTHERN)
    assert found.fewest_segments is not None
    assert len(found.fewest_segments) == 1
    with pytest.raises(CutError):
        best(net, replace(NORTHERN, closed=found.fewest_segments))


def test_what_it_carries_takes_of_the_room_below(net):
    narrow = replace(net.segments[TO_BREST], capacity_t=1e6)
    limited = replace(net, segments={**net.segments, TO_BREST: narrow})
    assert capacity(limited, "dostyk", "brest", NORTHERN).t_per_year == 1e6
    assert TO_BREST in net.with_lines((TRAIN,))
    assert net.with_lines((TO_BREST,)) == (TO_BREST,)


def test_its_stretch_is_that_of_its_lines_in_either_direction(net):
    (there,), (back,) = best(net, NORTHERN).legs, best(net, NORTHERN, "brest", "dostyk").legs
    assert stretch(net.courses, there) == net.courses[TRAIN].nodes == stretch(net.courses, back)[::-1]
    (leg,) = best(net, NORTHERN, "moscow", "brest").legs
    assert stretch(net.courses, leg) == ("moscow", "brest")

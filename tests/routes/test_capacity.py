"""Capacity between two places: against the maximum flow of networkx, and with capacities that segments share."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import networkx as nx
import pytest

from ytterby.errors import RouteError
from ytterby.routes import Query, capacity, limits_of
from ytterby.routes.finding import closed_under

WEST = ("RUS", "CHN", "IRN")


def plain_maximum(net, origin, destination, query):
    """Maximum flow of networkx over the open segments with a stated capacity; None where it is unbounded."""
    reach = closed_under(net, query, ("AZE", "TUR", "KAZ"))
    graph: nx.DiGraph[str] = nx.DiGraph()
    for segment in net.segments.values():
        closed = {segment.id, segment.first, segment.last} & set(reach.closures)
        if closed or segment.mode not in query.modes or set(segment.crosses) & set(query.avoid):
            continue
        for tail, head in ((segment.first, segment.last), (segment.last, segment.first)):
            before = graph.get_edge_data(tail, head, {"capacity": 0.0})["capacity"]
            graph.add_edge(
                tail, head, capacity=before + (inf if segment.capacity_t is None else segment.capacity_t)
            )
    try:
        return nx.maximum_flow_value(graph, origin, destination)
    except nx.NetworkXUnbounded:
        return inf


@pytest.mark.parametrize("year", [2026, 2028, 2030])
@pytest.mark.parametrize(
    "ends", [("baku", "istanbul"), ("alat", "poti"), ("bishkek", "tashkent"), ("baku", "kars")]
)
def test_maximum_flow_is_that_of_networkx(net, ends, year):
    unshared = replace(net, limits=())
    query = Query(year, avoid=WEST, modes=("rail",))
    assert capacity(unshared, ends[0], ends[1], query).t_per_year == pytest.approx(
        plain_maximum(unshared, ends[0], ends[1], query)
    )


def test_the_limits_that_bind_are_a_cut(net):
    query = Query(2030, avoid=WEST, modes=("rail",))
    found = capacity(net, "baku", "istanbul", query)
    assert sum(limit.t_per_year for limit in found.binding) == pytest.approx(found.t_per_year)
    cut = tuple(segment for limit in found.binding for segment in limit.segments)
    assert capacity(net, "baku", "istanbul", replace(query, closed=cut)).t_per_year == 0
    assert found.unstated > found.stated > 0


def test_segments_that_share_a_capacity_fill_it_together(net, base):
    query = Query(2026, avoid=WEST)
    found = capacity(net, ("aktau", "kuryk"), "poti", replace(query, closed=("turkmenbashi",)))
    (row,) = base.rows("corridor_stats", corridor="TITR", measure="capacity")
    assert found.t_per_year == pytest.approx(row["value"])
    assert found.binding[0].basis[0] == row["id"]
    assert len(found.binding[0].segments) == 2


def test_of_a_corridor_the_latest_capacity_holds(net):
    before, after = (limits_of(net, year) for year in (2026, 2027))
    assert len(before) == len(after)
    assert sum(limit.t_per_year for limit in after) > sum(limit.t_per_year for limit in before)


def test_a_way_without_stated_capacity_is_unlimited_and_said_so(net):
    found = capacity(net, "poti", "norfolk", Query(2026))
    assert found.t_per_year == inf
    assert found.unstated > 300


def test_ends_must_not_meet(net):
    with pytest.raises(RouteError, match="at both ends"):
        capacity(net, ("poti", "batumi"), ("batumi", "norfolk"), Query(2026))


def test_trains_become_tonnes_by_what_trains_carry_nearby(base):
    """Of 38 pairs a day between Kazakhstan and Uzbekistan 36 pass Saryagash and two Oasis."""
    figures = {row["id"]: row["value"] for row in base.rows("corridor_stats")}
    per_pair = figures["cstat-0174"] / (figures["cstat-0175"] + 2)
    assert figures["cstat-0176"] == pytest.approx(figures["cstat-0068"] * per_pair, rel=0.01)


def test_a_quota_holds_for_its_cargo_alone(net, base):
    (quota,) = base.rows("corridor_stats", measure="uranium_quota")
    query = Query(2028, avoid=(*WEST, "TKM"))
    general, radioactive = (
        capacity(net, "aktau", "poti", replace(query, cargo=c)) for c in ("general", "radioactive")
    )
    assert radioactive.t_per_year == pytest.approx(quota["value"])
    (uranium,) = base.rows("corridor_stats", measure="volume", cargo=("radioactive",))
    assert radioactive.basis == (quota["id"], uranium["id"])
    assert general.t_per_year > 1000 * quota["value"]


def test_what_others_carry_is_taken_off_where_it_is_stated_for_the_same_cargo(net, base):
    """4.5 Mt crossed from Aktau and Kuryk in 2024; the quota of class 7 is not touched by them, but by uranium."""
    (volume,) = (row for row in base.rows("corridor_stats", corridor="TITR", measure="volume", year=2024) if
                 row["segments"] == ("aktau__alat__ferry", "kuryk__alat__ferry"))  # fmt: skip
    (crossing,) = (one for one in limits_of(net, 2026) if one.basis[-1] == volume["id"])
    assert crossing.room == pytest.approx(crossing.t_per_year - volume["value"]) == pytest.approx(1.5e6)
    assert {one.basis for one in limits_of(net, 2023)}.isdisjoint({crossing.basis})
    (quota,) = (one for one in limits_of(net, 2026) if one.cargo == {"radioactive"})
    (uranium,) = base.rows("corridor_stats", measure="volume", cargo=("radioactive",))
    assert quota.others == uranium["value"] == pytest.approx(2300)
    assert quota.room == pytest.approx(1200)
    assert quota.name.endswith("radioactive cargo")


def test_a_volume_over_the_capacity_leaves_no_room(net):
    (load,) = (load for load in net.loads if load.segments == ("dostyk__alashankou__rail",))
    busier = replace(net, loads=(replace(load, t_per_year=1e9),))
    (border,) = (one for one in limits_of(busier, 2026) if one.segments == load.segments)
    assert border.room == 0

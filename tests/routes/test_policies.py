"""What is closed in a year, for whom: acts in the order of their dates, the user's word above them."""

from __future__ import annotations

import pytest

from ytterby.errors import RouteError
from ytterby.routes import Query, best_routes
from ytterby.routes.finding import prepare
from ytterby.routes.policies import Policy, access

EVERYBODY: frozenset[str] = frozenset()
ALL = frozenset({"general", "radioactive", "dual_use"})
ROAD = "torugart__kashgar__road"


def act(year, effect, *, until=None, cargo=ALL, binds=EVERYBODY, elements=(ROAD,)):
    return Policy(f"{effect}-{year}", year, until, effect, cargo, binds, elements, f"{effect} in {year}")


def closed(net, policies, query, parties=("KGZ", "CHN"), **elements):
    return ROAD in access(policies, net.segments, query, parties, elements).closures


@pytest.mark.parametrize(
    ("policies", "years"),
    [
        ([act(2020, "closes")], [2020, 2021, 2022, 2023, 2024]),
        ([act(2020, "closes"), act(2022, "reopens")], [2020, 2021]),
        ([act(2020, "closes"), act(2021, "reopens"), act(2023, "closes")], [2020, 2023, 2024]),
        ([act(2020, "closes", until=2022)], [2020, 2021]),
        ([act(2020, "closes", until=2020)], []),
        ([act(2020, "restricts")], []),
    ],
)
def test_acts_follow_each_other(net, policies, years):
    assert [year for year in range(2019, 2025) if closed(net, policies, Query(year))] == years


def test_an_act_binds_the_cargo_and_the_states_that_it_names(net):
    policies = [act(2020, "closes", cargo=frozenset({"radioactive"}), binds=frozenset({"USA"}))]
    assert closed(net, policies, Query(2024, cargo="radioactive"), ("KAZ", "USA"))
    assert not closed(net, policies, Query(2024, cargo="radioactive"), ("KAZ", "DEU"))
    assert not closed(net, policies, Query(2024), ("KAZ", "USA"))


def test_the_word_of_the_user_stands_above_the_facts(net):
    names = {ROAD: (ROAD,)}
    policies = [act(2020, "closes")]
    assert not closed(net, policies, Query(2024, opened=(ROAD,)), **names)
    assert closed(net, [], Query(2024, closed=(ROAD,)), **names)


def test_a_reopening_does_not_build_a_line(net):
    line = "torugart__makmal__rail"
    reach = access([act(2024, "reopens", elements=(line,))], net.segments, Query(2026), (), {})
    assert "opens in 2030" in reach.closures[line].reason


def test_opened_and_closed_at_once_is_refused(net):
    with pytest.raises(RouteError, match="opened and closed"):
        best_routes(net, "poti", "norfolk", Query(2026, closed=("suez",), opened=("suez",)))


def test_closing_a_corridor_closes_all_of_it(net):
    search = prepare(net, "almaty", "istanbul", Query(2030, closed=("TITR",)))
    (route,) = best_routes(net, "almaty", "istanbul", Query(2030, closed=("TITR",)), 1)
    assert "TITR" not in route.corridors
    assert {name for name, s in net.segments.items() if s.corridor == "TITR"} <= set(search.access.closures)

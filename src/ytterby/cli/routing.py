# SPDX-License-Identifier: Apache-2.0
"""The command `routes`: the best ways between two places, what they depend on, what a corridor changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ytterby.cli.casework import year_list
from ytterby.cli.factbase import say_overrides
from ytterby.cli.options import AsOf, Data, Json, whole
from ytterby.cli.output import emit_json, say
from ytterby.cli.ways import show_capacity, show_comparisons, show_routes, show_stress
from ytterby.errors import RouteError, quoted

if TYPE_CHECKING:
    from ytterby.facts import FactBase
    from ytterby.routes import CutError, Network, Place, Query, Route

MOST = 1000
SHOWN = 5
EXCLUDED = {
    "--compare": ("--stress", "--capacity", "--pareto", "--distinct", "-k"),
    "--pareto": ("--distinct", "-k"),
    "--years": ("--year",),
}

From = Annotated[
    str,
    Parameter(
        name="FROM",
        allow_leading_hyphen=True,
        help="Node, deposit, plant, country (its main nodes) or lat,lon; A+B is the better of both.",
    ),
]
To = Annotated[str, Parameter(name="TO", allow_leading_hyphen=True, help="The same.")]
Corridor = Annotated[
    str | None, Parameter(name="CORRIDOR", help="The segment, corridor or node of --compare with,without.")
]

Year = Annotated[
    int | None,
    Parameter(
        converter=whole,
        help="State of the network at the end of this year; without it that of the newest act.",
    ),
]
Cargo = Annotated[str, Parameter(help="general, radioactive or dual-use.")]
Avoid = Annotated[
    tuple[str, ...], Parameter(help="States whose territory the cargo must not touch, such as IRN,RUS.")
]
Close = Annotated[tuple[str, ...], Parameter(help="Nodes, segments or corridors that are closed.")]
Reopen = Annotated[
    tuple[str, ...],
    Parameter(name="--open", help="Nodes, segments or corridors that are open whatever the facts say."),
]
Binding = Annotated[
    tuple[str, ...],
    Parameter(name="--for", help="States whose closures bind the cargo besides those of its two ends."),
]
Modes = Annotated[tuple[str, ...], Parameter(help="Only these modes, such as rail,road,sea,ferry.")]
Count = Annotated[
    int | None, Parameter(name="-k", converter=whole, help=f"Number of routes, {SHOWN} if not said.")
]
By = Annotated[str, Parameter(help="What is least on the best route: cost, days, km, co2 or generalised.")]
Distinct = Annotated[bool, Parameter(help="Of routes that touch the same states only the best.")]
Pareto = Annotated[
    bool, Parameter(help="All routes that no other beats in cost, days and number of states at once.")
]
Stressed = Annotated[bool, Parameter(help="What the pair depends on, and what each closure costs.")]
Filled = Annotated[bool, Parameter(help="Tonnes that can pass in a year, and what binds.")]
Compared = Annotated[
    str | None,
    Parameter(
        help="Best routes with and without this segment, corridor or node; FROM and TO may be lists A,B,C. "
        "With with,without (or through) in its place only these columns of CORRIDOR are shown."
    ),
]
Years = Annotated[str | None, Parameter(help="Years of --compare, such as 2026-2040.")]


def routes(
    origin: From,
    destination: To,
    corridor: Corridor = None,
    /,
    *,
    year: Year = None,
    cargo: Cargo = "general",
    avoid: Avoid = (),
    close: Close = (),
    reopen: Reopen = (),
    binding: Binding = (),
    modes: Modes = (),
    k: Count = None,
    by: By = "cost",
    distinct: Distinct = False,
    pareto: Pareto = False,
    stress: Stressed = False,
    capacity: Filled = False,
    compare: Compared = None,
    years: Years = None,
    json: Json = False,
    as_of: AsOf = None,
    data: Data = (),
) -> None:
    """The best routes from FROM to TO: cost, days, emissions, states and chokepoints on the way, and what they rest on.

    Costs and times are intervals. Where no route is open, the closures that cut it are named and the exit code is 3.
    """
    from ytterby.facts import load
    from ytterby.routes import CutError, Query, network

    _check({
        "-k": k, "--year": year, "--years": years, "--compare": compare,
        "--stress": stress or None, "--capacity": capacity or None, "--pareto": pareto or None,
        "--distinct": distinct or None,
    })  # fmt: skip
    sides, name = _sides(compare, corridor)
    base = load(data, as_of=as_of)
    say_overrides(base)
    net = network(base)
    query = Query(
        net.newest_year if year is None else year, cargo.replace("-", "_"),
        avoid=_split(avoid), closed=_split(close), opened=_split(reopen), by=by, parties=_split(binding), modes=_split(modes),
    )  # fmt: skip
    if query.year > net.last_change:
        say(f"the facts state no change of the network after {net.last_change}")
    if name is not None:
        _compare(base, net, (origin, destination), query, (name, sides), year_list(years), json=json)
        return
    ends = _end(base, net, origin), _end(base, net, destination)
    try:
        found = _found(net, ends, query, SHOWN if k is None else k, pareto=pareto, distinct=distinct)
    except CutError as cut:
        if json:
            emit_json(_head(ends, query) | {"routes": [], "cut_by": _cuts(cut)})
        raise
    _tell(net, ends, query, found, stressed=stress, filled=capacity, json=json)


def _check(asked: Mapping[str, int | str | None]) -> None:
    """Refuse options that make no sense together, and a number of routes out of bounds.

    Raises
    ------
    RouteError : an option that another one would leave without effect
    """
    k = asked["-k"]
    if isinstance(k, int) and not 1 <= k <= MOST:
        raise RouteError("-k", str(k), f"1 to {MOST}", "ask for a number of routes within these")
    given = {name for name, value in asked.items() if value is not None}
    if "--years" in given and "--compare" not in given:
        raise RouteError("--years", "years without --compare", "", "use --year for one state of the network")
    for name, others in EXCLUDED.items():
        both = [other for other in others if name in given and other in given]
        if both:
            raise RouteError(name, f"also {', '.join(both)}", "", "ask for one of them at a time")


def _sides(compare: str | None, corridor: str | None) -> tuple[tuple[str, ...], str | None]:
    """Which columns to show, and the corridor that is compared, if any.

    Raises
    ------
    RouteError : columns without a corridor, or a corridor without --compare or named twice
    """
    from ytterby.routes.rows import SIDES

    sides = _split([compare or ""])
    if sides and set(sides) <= set(SIDES):
        if corridor is None:
            raise RouteError(
                "--compare", f"{compare} of nothing", "", "name the segment or corridor after it"
            )
        return sides, corridor
    if corridor is not None:
        found = "without --compare" if compare is None else f"beside --compare {compare}"
        remedy = "FROM and TO are two places; --compare with,without takes a third name"
        raise RouteError("CORRIDOR", f"{quoted(corridor)} {found}", "", remedy)
    return SIDES, compare


def _split(names: Sequence[str]) -> tuple[str, ...]:
    """Names given one by one or separated by commas."""
    return tuple(part.strip() for name in names for part in name.split(",") if part.strip())


def _ends(base: FactBase, net: Network, names: str) -> list[Place]:
    """The places of a list A,B,C.

    Raises
    ------
    RouteError : the list is empty, or nothing has one of its names
    """
    return [_end(base, net, name) for name in _split([names]) or [names]]


def _end(base: FactBase, net: Network, name: str) -> Place:
    from ytterby.routes import find_place

    return find_place(base, net, name)


def _found(
    net: Network, ends: tuple[Place, Place], query: Query, k: int, *, pareto: bool, distinct: bool
) -> tuple[Route, ...]:
    from ytterby.routes import best_routes, distinct_routes, pareto_routes

    origin, destination = ends[0].nodes, ends[1].nodes
    if pareto:
        return pareto_routes(net, origin, destination, query)
    find = distinct_routes if distinct else best_routes
    return find(net, origin, destination, query, k)


def _tell(
    net: Network,
    ends: tuple[Place, Place],
    query: Query,
    found: Sequence[Route],
    *,
    stressed: bool,
    filled: bool,
    json: bool,
) -> None:
    """Print the routes and what else was asked."""
    from ytterby.routes import capacity, stress
    from ytterby.routes.rows import capacity_row, route_row, stress_record

    origin, destination = ends[0].nodes, ends[1].nodes
    exposure = stress(net, origin, destination, query) if stressed else None
    room = capacity(net, origin, destination, query) if filled else None
    if json:
        document = _head(ends, query) | {
            "routes": [route_row(route, rank) for rank, route in enumerate(found, 1)]
        }
        document |= {"stress": stress_record(exposure)} if exposure else {}
        document |= {"capacity": capacity_row(room)} if room else {}
        emit_json(document)
        return
    show_routes(net, ends, query, found)
    if exposure:
        show_stress(exposure)
    if room:
        show_capacity(room)


def _compare(
    base: FactBase,
    net: Network,
    names: tuple[str, str],
    query: Query,
    compared: tuple[str, tuple[str, ...]],
    years: Sequence[int] | None,
    *,
    json: bool,
) -> None:
    from ytterby.routes import compare
    from ytterby.routes.rows import comparison_row

    corridor, sides = compared
    origins, destinations = (_ends(base, net, text) for text in names)
    rows = [
        comparison_row(found, sides)
        for found in compare(net, origins, destinations, query, corridor, years or [query.year])
    ]
    if json:
        emit_json({"corridor": corridor, "query": _asked(query), "compare": rows})
    else:
        show_comparisons(rows, corridor, sides)


def _head(ends: tuple[Place, Place], query: Query) -> dict[str, Any]:
    places = [
        {"name": end.name, "kind": end.kind, "nodes": list(end.nodes), "km_to_node": end.km} for end in ends
    ]
    return {"from": places[0], "to": places[1], "query": _asked(query)}


def _asked(query: Query) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(query)


def _cuts(cut: CutError) -> list[dict[str, Any]]:
    return [
        {"element": closure.element, "reason": closure.reason, "basis": list(closure.basis)}
        for closure in cut.closures
    ]

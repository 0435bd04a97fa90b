# SPDX-License-Identifier: Apache-2.0
"""Transit dependence: how much of a state's way to the world leads through a power, and what going round it costs.

For each market the cheapest route from the state's main nodes is taken, and once more without the power's territory. The
dependence is the share of markets whose cheapest route touches the power; the detour is the mean extra cost of going
round, as a share of the cheapest cost, over the markets that can be reached both ways. Markets count alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ytterby.errors import NoRouteError
from ytterby.facts import FactBase
from ytterby.influence.figures import DERIVED, Figure, Key
from ytterby.influence.intervals import Interval
from ytterby.routes import Network, Query, Route, best_routes, network

DEPENDENCE, DETOUR = "transit", "transit_detour"


def transit(
    base: FactBase, countries: Sequence[str], powers: Sequence[str], markets: Sequence[str], year: int,
    net: Network | None = None,
) -> list[Figure]:  # fmt: skip
    """Transit dependence and detour of each state on each power, on its way to the markets other than that power.

    Parameters
    ----------
    base : the facts
    countries, powers : whose ways, through whom: a state, or a group of states by the territory of its members
    markets : where to: states or groups of states, each at its main nodes
    year : state of the network
    net : the network of the facts where it is at hand
    """
    net = net or network(base)
    main: dict[str, list[str]] = {}
    for name, node in net.nodes.items():
        if node.main:
            main.setdefault(node.country, []).append(name)
    goals = {
        market: [
            name for place in (market, *(base.row(market)["members"] or ())) for name in main.get(place, ())
        ]
        for market in markets
    }
    found: list[Figure] = []
    for country in countries:
        routes = {
            market: _cheapest(net, main.get(country, ()), nodes, Query(year))
            for market, nodes in goals.items()
        }
        for power in powers:
            territory = (power, *(base.row(power)["members"] or ()))
            key = Key(country, power, year, DEPENDENCE, "fraction")
            found += _of_pair(net, main.get(country, ()), goals, routes, territory, key)
    return found


def unknown_transit(country: str, powers: Sequence[str], year: int, reason: str) -> list[Figure]:
    """Dependence and detour where no network is known."""
    pairs = [(power, name) for power in powers for name in (DEPENDENCE, DETOUR)]
    return [Key(country, power, year, name, "fraction").missing(reason) for power, name in pairs]


def _cheapest(net: Network, origins: Sequence[str], goals: Sequence[str], query: Query) -> Route | None:
    if not origins or not goals:
        return None
    try:
        return best_routes(net, list(origins), list(goals), query, k=1)[0]
    except NoRouteError:
        return None


def _of_pair(
    net: Network, origins: Sequence[str], markets: Mapping[str, Sequence[str]], routes: Mapping[str, Route | None],
    territory: Sequence[str], key: Key,
) -> list[Figure]:  # fmt: skip
    """Dependence and detour of one state on one power."""
    detour = Key(key.country, key.power, key.year, DETOUR, "fraction")
    reached = {market: route for market, route in routes.items() if route is not None and market != key.power}
    if not reached:
        return [key.missing("no route to any market"), detour.missing("no route to any market")]
    through = {market: route for market, route in reached.items() if set(territory) & set(route.states)}
    extra, cut = [], []
    for market, route in through.items():
        other = _cheapest(net, origins, markets[market], Query(int(key.year or 0), avoid=tuple(territory)))
        if other is None:
            cut.append(market)
        else:
            extra.append(other.usd_per_t.mid / route.usd_per_t.mid - 1)
    basis = [id_ for route in reached.values() for leg in route.legs for id_ in leg.basis]
    note = f"through it to {', '.join(through) or 'none'} of {', '.join(reached)}"
    share = key.figure(Interval.exact(len(through) / len(reached)), DERIVED, basis, note)
    if not extra:
        return [
            share,
            detour.missing(
                "no market is reached through it" if not through else f"no way round to {', '.join(cut)}"
            ),
        ]
    around = detour.figure(
        Interval(min(extra), sum(extra) / len(extra), max(extra)), DERIVED, basis,
        f"no way round to {', '.join(cut)}" if cut else "",
    )  # fmt: skip
    return [share, around]

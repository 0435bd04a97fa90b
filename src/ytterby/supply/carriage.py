# SPDX-License-Identifier: Apache-2.0
"""Freight in the market: what a tonne costs to carry, which ways carry it, and what happens when one closes or is full.

Every trade activity needs carriage from its exporter to its importer. For a haul whose ways matter (see `Ways.chosen`)
carriage is a balance of its own: the ways are columns that put into it, at their cost, and its dual is the freight rate.
For all others the charges on the best way are a constant. Users are not quite alike, so the marginal cost of a way that
carries y, of a volume Y that the haul has or may come to have, is

    t + s t_best y / Y        with a small stated spread s,

which keeps the programme strictly convex and separable, lets ways of nearly the same cost share a flow, and gives the base
shares in closed form. The base year stays exact: trade activities are calibrated on the freight rate of these shares. Ways
that pass the same narrow place share its room: a row of the programme, whose dual is the rent of the place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ytterby.chain import TRADE, Activity, Balance, BaseYear, Result, Vector, YearResult
from ytterby.supply.made import plain
from ytterby.supply.market import Entry
from ytterby.supply.solving import Change, Changes, Shared
from ytterby.supply.ways import Charges, Haul, Room, Shipment, Way, Ways

CARRIAGE = "carriage"


@dataclass(frozen=True)
class Freight:
    """What carriage adds to a market: the base year with its balances, and the entries.

    `delivered` is the chain's base year alone, with what a place pays for what arrives in its prices; `shipments` are the
    columns of carriage in their order.
    """

    base_year: BaseYear
    delivered: BaseYear
    entries: tuple[Entry, ...]
    shipments: tuple[Shipment, ...]


@dataclass(frozen=True)
class Carried:
    """Carriage of a solved scenario: `flows` (years, shipments) in gross t, `rates` the haul's freight rate, USD/t.

    `rooms` are what stated capacities left to the market; those that a way takes of are among each year's `limits`.
    """

    shipments: tuple[Shipment, ...]
    rooms: tuple[Room, ...]
    years: tuple[int, ...]
    flows: NDArray[np.float64] = field(repr=False)
    rates: NDArray[np.float64] = field(repr=False)


def with_freight(
    base: BaseYear, entries: Sequence[Entry], ways: Ways, charges: Charges, spread: float
) -> Freight:
    """Add freight to a base year and to the entries of its market.

    Parameters
    ----------
    base : a balanced base year
    entries : the market's columns without base flow
    ways : of every haul that is or may be; a haul without any is carried for nothing
    charges : what a form pays on a way
    spread : share of the best way's cost by which costs differ among its users [1]
    """
    loads, to_come = _base_load(base, charges), _may_add(entries, charges)
    bundles = {
        haul: _bundle(
            _costs(ways.by_haul[haul], haul[2], charges, base.year), loads.get(haul, 0.0),
            to_come.get((haul[0], haul[2]), 0.0), spread,
        )
        for haul in sorted(ways.chosen)
    }  # fmt: skip
    rates = {haul: bundle.rate for haul, bundle in bundles.items()}
    freight = {
        haul: rates[haul] if haul in rates else min(_costs(found, haul[2], charges, base.year))
        for haul, found in ways.by_haul.items()
    }
    delivered = _delivered(base, freight, charges)
    carried = tuple(_needing(activity, rates, charges) for activity in base.activities)
    balances = (*base.balances, *(_balance(haul) for haul in rates))
    prices = np.concatenate([delivered, list(rates.values())])
    fresh = replace(base, activities=carried, balances=balances, prices=prices)
    added = dict(zip(base.balances, delivered - base.prices, strict=True))
    columns = [_carried_entry(entry, added, freight, rates, charges) for entry in entries]
    used = tuple(
        Shipment(way, haul[2], charges.on(way, haul[2])) for haul in rates for way in ways.by_haul[haul]
    )
    columns += [_way_entry(shipment, bundles[shipment.haul]) for shipment in used]
    return Freight(fresh, replace(base, prices=delivered), tuple(columns), used)


def full(
    rooms: Sequence[Room], shipments: Sequence[Shipment], activities: Sequence[Activity], base_year: int
) -> Changes:
    """Rooms as limits on the columns that pass them; a room that no way takes of is left out.

    Parameters
    ----------
    rooms : what stated capacities leave; one without a figure for a year does not hold in it
    shipments : the columns of carriage in their order
    activities : all columns of the market
    base_year : the year whose flows are known; its room was enough
    """
    columns = np.flatnonzero([activity.kind == CARRIAGE for activity in activities])
    found: list[tuple[Room, Vector]] = []
    for room in rooms:
        weights = np.zeros(len(activities))
        weights[columns] = [room.holds(shipment.way) for shipment in shipments]
        found += [(room, weights)] if weights.any() else []
    return lambda year: Change(
        shared=tuple(
            Shared(room.name, weights, room.t_per_year[year], room.basis)
            for room, weights in found
            if year > base_year and year in room.t_per_year
        )
    )


def _costs(ways: Sequence[Way], form: str, charges: Charges, year: int) -> list[float]:
    """What a form pays on each way that is open in a year; where none is, on the best of those to come."""
    found = [charges.on(way, form) for way in ways if year in way.years]
    return found or [min(charges.on(way, form) for way in ways)]


@dataclass(frozen=True)
class _Bundle:
    """The ways of a haul together: their freight rate in the base year, USD/t; the rise of each over `volume` gross t."""

    rate: float
    rise: float
    volume: float


def _bundle(costs: Sequence[float], load: float, to_come: float, spread: float) -> _Bundle:
    volume = max(load, to_come) or 1.0
    rise = spread * min(costs)
    return _Bundle(freight_rate(costs, rise * load / volume), rise, volume)


def freight_rate(costs: Sequence[float], rise: float) -> float:
    """Marginal cost at which ways together carry a volume over which one way alone would rise by `rise`, USD/t."""
    ranked = sorted(costs)
    for count in range(len(ranked), 0, -1):
        rate = (rise + sum(ranked[:count])) / count
        if count == 1 or rate > ranked[count - 1]:
            return rate
    raise ValueError("no way")


def _balance(haul: Haul) -> Balance:
    return (">".join(haul), CARRIAGE)


def _haul(activity: Activity) -> Haul:
    return (activity.place, activity.partner, activity.form)


def _base_load(base: BaseYear, charges: Charges) -> dict[Haul, float]:
    """Gross t of each haul in the base year."""
    load: dict[Haul, float] = defaultdict(float)
    for activity, flow in zip(base.activities, base.flows, strict=True):
        if activity.kind == TRADE:
            load[_haul(activity)] += charges.gross(activity.form) * float(flow)
    return load


def _may_add(entries: Iterable[Entry], charges: Charges) -> dict[tuple[str, str], float]:
    """The largest gross t that a new trade link of an exporter and form is scaled to: what its projects may come to send."""
    found: dict[tuple[str, str], float] = {}
    for entry in entries:
        activity, key = entry.activity, (entry.activity.place, entry.activity.form)
        if activity.kind == TRADE:
            found[key] = max(found.get(key, 0.0), charges.gross(activity.form) * entry.scale)
    return found


def _delivered(base: BaseYear, freight: Mapping[Haul, float], charges: Charges) -> Vector:
    """Prices with the mean freight of what a place gets of a form; what is made at home arrives for nothing."""
    cost: dict[Balance, float] = defaultdict(float)
    arrived: dict[Balance, float] = defaultdict(float)
    for activity, flow in zip(base.activities, base.flows, strict=True):
        for place, form, coefficient in activity.terms:
            if coefficient > 0:
                arrived[place, form] += coefficient * float(flow)
                if activity.kind == TRADE:
                    rate = freight.get(_haul(activity), 0.0)
                    cost[place, form] += rate * charges.gross(plain(form)) * coefficient * float(flow)
    added = [cost[b] / arrived[b] if arrived[b] > 0 else 0.0 for b in base.balances]
    return np.asarray(base.prices + np.array(added))


def _needing(activity: Activity, rates: Mapping[Haul, float], charges: Charges) -> Activity:
    """A trade activity of a haul with ways takes its gross tonnes from the haul's carriage."""
    haul = _haul(activity)
    if activity.kind != TRADE or haul not in rates:
        return activity
    return replace(activity, terms=(*activity.terms, (*_balance(haul), -charges.gross(activity.form))))


def _carried_entry(
    entry: Entry,
    added: Mapping[Balance, float],
    freight: Mapping[Haul, float],
    rates: Mapping[Haul, float],
    charges: Charges,
) -> Entry:
    """An entry that pays its own freight: base prices hold the mean one of the place."""
    activity = entry.activity
    if activity.kind != TRADE:
        return entry
    mean = sum(c * added.get((place, form), 0.0) for place, form, c in activity.terms)
    own = charges.gross(activity.form) * freight.get(_haul(activity), 0.0)
    # What was not bought in the base year had its reasons: a nearer maker gives no discount on them.
    return replace(
        entry, activity=_needing(activity, rates, charges), margin=entry.margin + max(own - mean, 0.0)
    )


def _way_entry(shipment: Shipment, bundle: _Bundle) -> Entry:
    """The column of a form on a way, open in the way's years."""
    way = shipment.way
    activity = Activity(
        CARRIAGE,
        way.name,
        way.exporter,
        CARRIAGE,
        ((*_balance(shipment.haul), 1.0),),
        way.importer,
        basis=way.basis,
    )
    always = dict.fromkeys(way.years, np.inf)
    return Entry(activity, shipment.usd_per_t - bundle.rate, bundle.volume, bundle.rise, always)


def without_freight(
    result: Result, shipments: Sequence[Shipment], rooms: Sequence[Room] = ()
) -> tuple[Result, Carried]:
    """The chain's part of a solved market, and what went which way."""
    chain = np.array([activity.kind != CARRIAGE for activity in result.activities])
    rows = np.array([form != CARRIAGE for _, form in result.balances])
    index = result.index
    of_haul = [index[_balance(shipment.haul)] for shipment in shipments]
    flows = np.array([year.flows[~chain] for year in result.years])
    rates = np.array([year.prices[of_haul] for year in result.years]) if of_haul else flows
    bare = Result(
        result.scenario,
        tuple(_bare(a) for a, kept in zip(result.activities, chain, strict=True) if kept),
        tuple(b for b, kept in zip(result.balances, rows, strict=True) if kept),
        tuple(_part(year, chain, rows) for year in result.years),
        result.base_prices[rows],
        result.matrix[rows][:, chain],
        result.stocks,
    )
    return bare, Carried(
        tuple(shipments), tuple(rooms), tuple(year.year for year in result.years), flows, rates
    )


def _bare(activity: Activity) -> Activity:
    """The activity without the carriage that `_needing` put behind its own terms."""
    *own, last = activity.terms
    return replace(activity, terms=tuple(own)) if last[1] == CARRIAGE else activity


def _part(year: YearResult, columns: NDArray[np.bool_], rows: NDArray[np.bool_]) -> YearResult:
    return replace(
        year,
        flows=year.flows[columns], prices=year.prices[rows], rents=year.rents[columns], capacity=year.capacity[columns],
    )  # fmt: skip

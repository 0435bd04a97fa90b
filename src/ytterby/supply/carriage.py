# SPDX-License-Identifier: Apache-2.0
"""Freight in the market: what a tonne costs to carry, which ways carry it, and what happens when one closes.

Every trade activity needs carriage from its exporter to its importer. For a pair whose ways matter (see `Ways.chosen`)
carriage is a balance of its own: the ways are columns that put into it, at their cost, and its dual is the freight rate.
For all others the freight of the best way is a constant. Users are not quite alike, so the marginal cost of a way that
carries y, of a volume Y that the pair has or may come to have, is

    t + s t_best y / Y        with a small stated spread s,

which keeps the programme strictly convex and separable, lets ways of nearly the same cost share a flow, and gives the base
shares in closed form. The base year stays exact: trade activities are calibrated on the freight rate of these shares.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ytterby.chain import TRADE, Activity, Balance, BaseYear, Result, Vector, YearResult
from ytterby.supply.made import plain
from ytterby.supply.market import Entry
from ytterby.supply.parameters import Parameters

CARRIAGE = "carriage"
GROSS = {
    "concentrate:ionic": "content.ionic_product",
    "concentrate": "content.concentrate",
    "oxide": "content.oxide",
}
Pair = tuple[str, str]


@dataclass(frozen=True)
class Way:
    """A way from exporter to importer: USD per gross tonne, the years in which it is open, what it passes.

    `passes` are the ids of the segments used; `basis` the rows behind the cost.
    """

    exporter: str
    importer: str
    name: str
    usd_per_t: float
    years: frozenset[int]
    passes: tuple[str, ...] = ()
    basis: tuple[str, ...] = field(default=(), repr=False)

    @property
    def pair(self) -> Pair:
        """Exporter and importer."""
        return (self.exporter, self.importer)


@dataclass(frozen=True)
class Ways:
    """Ways of all pairs, the cheapest first, and the pairs whose ways are columns of the market."""

    by_pair: Mapping[Pair, tuple[Way, ...]]
    chosen: frozenset[Pair]

    def best(self, pair: Pair, year: int) -> Way | None:
        """The cheapest way that is open in a year."""
        return next((way for way in self.by_pair.get(pair, ()) if year in way.years), None)


@dataclass(frozen=True)
class Freight:
    """What carriage adds to a market: the base year with its balances, and the entries.

    `delivered` is the chain's base year alone, with what a place pays for what arrives in its prices.
    """

    base_year: BaseYear
    delivered: BaseYear
    entries: tuple[Entry, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Carried:
    """Ways of a solved scenario: `flows` (years, ways) in gross t, `rates` (years, ways) the pair's freight, USD/t."""

    ways: tuple[Way, ...]
    years: tuple[int, ...]
    flows: NDArray[np.float64] = field(repr=False)
    rates: NDArray[np.float64] = field(repr=False)


def gross_content(parameters: Parameters) -> Callable[[str], float]:
    """Form -> gross t per t of the form: concentrates and oxides are counted in REO but travel as they are."""

    @cache
    def gross(form: str) -> float:
        name = GROSS.get(form) or GROSS.get(form.partition(":")[0])
        return 1.0 if name is None else 1.0 / parameters[name]

    return gross


def with_freight(
    base: BaseYear, entries: Sequence[Entry], ways: Ways, gross: Callable[[str], float], spread: float
) -> Freight:
    """Add freight to a base year and to the entries of its market.

    Parameters
    ----------
    base : a balanced base year
    entries : the market's columns without base flow
    ways : of every pair that trades or may trade; a pair without any is carried for nothing
    gross : form -> gross t per t
    spread : share of the best way's cost by which costs differ among its users [1]
    """
    loads, to_come = _base_load(base, gross), _may_add(entries, gross)
    bundles = {
        pair: _bundle(ways.by_pair[pair], base.year, loads.get(pair, 0.0), to_come.get(pair[0], 0.0), spread)
        for pair in sorted(ways.chosen)
    }
    rates = {pair: bundle.rate for pair, bundle in bundles.items()}
    constant = {
        pair: way.usd_per_t
        for pair in ways.by_pair
        if pair not in rates and (way := ways.best(pair, base.year))
    }
    freight = {**constant, **rates}
    delivered = _delivered(base, freight, gross)
    carried = tuple(_needing(activity, rates, gross) for activity in base.activities)
    balances = (*base.balances, *(_balance(pair) for pair in rates))
    prices = np.concatenate([delivered, list(rates.values())])
    fresh = replace(base, activities=carried, balances=balances, prices=prices)
    index = dict(zip(base.balances, delivered - base.prices, strict=True))
    columns = [_carried_entry(entry, index, freight, rates, gross) for entry in entries]
    used = tuple(way for pair in rates for way in ways.by_pair[pair])
    columns += [_way_entry(way, bundles[way.pair]) for way in used]
    return Freight(fresh, replace(base, prices=delivered), tuple(columns), used)


@dataclass(frozen=True)
class _Bundle:
    """The ways of a pair together: their freight rate in the base year, USD/t; the rise of each over `volume` gross t."""

    rate: float
    rise: float
    volume: float


def _bundle(ways: Sequence[Way], year: int, load: float, to_come: float, spread: float) -> _Bundle:
    costs = [way.usd_per_t for way in ways if year in way.years]
    volume = max(load, to_come) or 1.0
    # Where nothing is open in the base year the cheapest way to come sets the level.
    costs = costs or [ways[0].usd_per_t]
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


def _balance(pair: Pair) -> Balance:
    return (">".join(pair), CARRIAGE)


def _base_load(base: BaseYear, gross: Callable[[str], float]) -> dict[Pair, float]:
    """Gross t that each pair trades in the base year."""
    load: dict[Pair, float] = defaultdict(float)
    for activity, flow in zip(base.activities, base.flows, strict=True):
        if activity.kind == TRADE:
            load[activity.place, activity.partner] += gross(activity.form) * float(flow)
    return load


def _may_add(entries: Iterable[Entry], gross: Callable[[str], float]) -> dict[str, float]:
    """The largest gross t that a new trade link of each exporter is scaled to: what its projects may come to send."""
    found: dict[str, float] = {}
    for entry in entries:
        activity = entry.activity
        if activity.kind == TRADE:
            found[activity.place] = max(found.get(activity.place, 0.0), gross(activity.form) * entry.scale)
    return found


def _delivered(base: BaseYear, freight: Mapping[Pair, float], gross: Callable[[str], float]) -> Vector:
    """Prices with the mean freight of what a place gets of a form; what is made at home arrives for nothing."""
    cost: dict[Balance, float] = defaultdict(float)
    arrived: dict[Balance, float] = defaultdict(float)
    for activity, flow in zip(base.activities, base.flows, strict=True):
        for place, form, coefficient in activity.terms:
            if coefficient > 0:
                arrived[place, form] += coefficient * float(flow)
                if activity.kind == TRADE:
                    rate = freight.get((activity.place, activity.partner), 0.0)
                    cost[place, form] += rate * gross(plain(form)) * coefficient * float(flow)
    added = [cost[b] / arrived[b] if arrived[b] > 0 else 0.0 for b in base.balances]
    return np.asarray(base.prices + np.array(added))


def _needing(activity: Activity, rates: Mapping[Pair, float], gross: Callable[[str], float]) -> Activity:
    """A trade activity of a pair with ways takes its gross tonnes from the pair's carriage."""
    pair = (activity.place, activity.partner)
    if activity.kind != TRADE or pair not in rates:
        return activity
    return replace(activity, terms=(*activity.terms, (*_balance(pair), -gross(activity.form))))


def _carried_entry(
    entry: Entry,
    added: Mapping[Balance, float],
    freight: Mapping[Pair, float],
    rates: Mapping[Pair, float],
    gross: Callable[[str], float],
) -> Entry:
    """An entry that pays its own freight: base prices hold the mean one of the place."""
    activity = entry.activity
    if activity.kind != TRADE:
        return entry
    pair = (activity.place, activity.partner)
    mean = sum(c * added.get((place, form), 0.0) for place, form, c in activity.terms)
    own = gross(activity.form) * freight.get(pair, 0.0)
    # What was not bought in the base year had its reasons: a nearer maker gives no discount on them.
    return replace(
        entry, activity=_needing(activity, rates, gross), margin=entry.margin + max(own - mean, 0.0)
    )


def _way_entry(way: Way, bundle: _Bundle) -> Entry:
    """The column of a way, open in its years."""
    activity = Activity(
        CARRIAGE,
        way.name,
        way.exporter,
        CARRIAGE,
        ((*_balance(way.pair), 1.0),),
        way.importer,
        basis=way.basis,
    )
    always = dict.fromkeys(way.years, np.inf)
    return Entry(activity, way.usd_per_t - bundle.rate, bundle.volume, bundle.rise, always)


def without_freight(result: Result, ways: Sequence[Way]) -> tuple[Result, Carried]:
    """The chain's part of a solved market, and what went which way."""
    chain = np.array([activity.kind != CARRIAGE for activity in result.activities])
    rows = np.array([form != CARRIAGE for _, form in result.balances])
    index = result.index
    of_pair = [index[_balance(way.pair)] for way in ways]
    flows = np.array([year.flows[~chain] for year in result.years])
    rates = np.array([year.prices[of_pair] for year in result.years]) if of_pair else flows
    bare = Result(
        result.scenario,
        tuple(_bare(a) for a, kept in zip(result.activities, chain, strict=True) if kept),
        tuple(b for b, kept in zip(result.balances, rows, strict=True) if kept),
        tuple(_part(year, chain, rows) for year in result.years),
        result.base_prices[rows],
        result.matrix[rows][:, chain],
        result.stocks,
    )
    return bare, Carried(tuple(ways), tuple(year.year for year in result.years), flows, rates)


def _bare(activity: Activity) -> Activity:
    """The activity without the carriage that `_needing` put behind its own terms."""
    *own, last = activity.terms
    return replace(activity, terms=tuple(own)) if last[1] == CARRIAGE else activity


def _part(year: YearResult, columns: NDArray[np.bool_], rows: NDArray[np.bool_]) -> YearResult:
    return replace(
        year,
        flows=year.flows[columns], prices=year.prices[rows], rents=year.rents[columns], capacity=year.capacity[columns],
    )  # fmt: skip

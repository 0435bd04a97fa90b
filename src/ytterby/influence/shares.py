# SPDX-License-Identifier: Apache-2.0
"""The table of a power's weight in a state and year: every indicator with its bounds, its state and its rows.

The index from own ties, the ties themselves and nearness stand side by side; nothing is added up across them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ytterby.errors import FactError, RouteError, allowed_names, quoted
from ytterby.facts import FactBase
from ytterby.influence.capacity import Version, version
from ytterby.influence.figures import MISSING, Figure
from ytterby.influence.nearness import nearness
from ytterby.influence.own import index_shares, own_capacity
from ytterby.influence.ties import INDICATORS, Ties
from ytterby.influence.transit import transit, unknown_transit
from ytterby.routes import Network, network

OUTPUT_YEARS = "influence.output_years"
VERSIONS = ("base", "plus")


def ties_of(base: FactBase) -> Ties:
    """The ties of a fact base, with the stated reach of output in years."""
    return Ties.of(base, base.rows("parameters", name=OUTPUT_YEARS)[0]["value"])


def check_places(ties: Ties, countries: Iterable[str], powers: Iterable[str]) -> None:
    """Refuse countries and powers that no tie names.

    Raises
    ------
    FactError : names the nearest
    """
    for what, asked, known in (("country", countries, ties.countries), ("power", powers, ties.powers)):
        for name in asked:
            if name not in known:
                raise FactError(
                    f"influence {what}", quoted(name), allowed_names(name, known), f"use a {what} with ties"
                )


NEAREST = 3


def checked_years(ties: Ties, countries: Sequence[str], year: int | None) -> tuple[int, ...]:
    """The years to show: the one asked for, or all with ties of these countries.

    Raises
    ------
    FactError : no tie in that year; names the nearest
    """
    known = ties.years(countries)
    if year is None:
        return known
    if year not in known:
        close = ", ".join(str(one) for one in sorted(known, key=lambda one: abs(one - year))[:NEAREST])
        allowed = f"{close} ... {len(known)} years from {known[0]} to {known[-1]}"
        raise FactError(
            "influence year",
            str(year),
            allowed if len(known) > NEAREST else close or "none",
            "use a year with ties",
        )
    return (year,)


def shares(
    base: FactBase, countries: Sequence[str], powers: Sequence[str], year: int | None = None,
    markets: Sequence[str] = (),
) -> list[Figure]:  # fmt: skip
    """The table of weights.

    Parameters
    ----------
    base : the facts
    countries, powers : whom, and who weighs; the powers' shares of the index add over these powers
    year : one year, or None for every year with ties; without a year, missing figures are left out
    markets : the markets of the transit dependence, in the year or the newest one; without any it is left out

    Raises
    ------
    FactError : a country, power or year without ties; names the nearest
    """
    ties = ties_of(base)
    check_places(ties, countries, powers)
    versions = [version(base, name) for name in VERSIONS]
    net = _network(base) if markets else None
    found: list[Figure] = []
    for country in countries:
        years = checked_years(ties, [country], year)
        for then in years:
            found += _weights(base, ties, versions, country, powers, then)
        if isinstance(net, RouteError):
            found += unknown_transit(country, powers, years[-1], str(net))
        elif net is not None:
            found += transit(base, [country], powers, markets, years[-1], net)
    return found if year is not None else [figure for figure in found if figure.state != MISSING]


def _network(base: FactBase) -> Network | RouteError:
    """The transport network, or why there is none on the date of the facts."""
    try:
        return network(base)
    except RouteError as error:
        return error


def _weights(
    base: FactBase, ties: Ties, versions: Sequence[Version], country: str, powers: Sequence[str], year: int
) -> list[Figure]:
    """All figures of one country and year."""
    found = []
    for of in versions:
        own = {power: own_capacity(ties, of, country, power, year) for power in powers}
        found += [one.figure for one in own.values()] + index_shares(own)
    for power in powers:
        found += [ties.figure(country, power, year, indicator) for indicator in INDICATORS]
        found += nearness(base, country, power, year)
    return found


def latest(figures: Iterable[Figure]) -> list[Figure]:
    """Of each country, power and indicator the newest figure that is not missing."""
    newest: dict[tuple[str, str, str], Figure] = {}
    for figure in figures:
        if figure.state == MISSING:
            continue
        at = (figure.country, figure.power, figure.indicator)
        if at not in newest or (figure.year or 0) >= (newest[at].year or 0):
            newest[at] = figure
    return list(newest.values())

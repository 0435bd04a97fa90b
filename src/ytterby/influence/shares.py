# SPDX-License-Identifier: Apache-2.0
"""The table of a power's weight in a state and year: every indicator with its bounds, its state and its rows.

The index from own ties, the ties themselves and nearness stand side by side; nothing is added up across them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ytterby.errors import FactError, RouteError, allowed_names, quoted
from ytterby.facts import FactBase
from ytterby.influence.capacity import Version, version
from ytterby.influence.corridors import SHARED, corridors
from ytterby.influence.figures import MISSING, Figure, Key
from ytterby.influence.nearness import nearness
from ytterby.influence.own import Lead, OwnCapacity, index_shares, lead, own_capacity
from ytterby.influence.ties import INDICATORS, Ties
from ytterby.influence.transit import transit, unknown_transit
from ytterby.routes import Network, network

OUTPUT_YEARS = "influence.output_years"
VERSIONS = ("base", "plus")


def ties_of(base: FactBase) -> Ties:
    """The ties of a fact base, with the stated reach of output in years."""
    return Ties.of(base, base.rows("parameters", name=OUTPUT_YEARS)[0]["value"])


def check_places(ties: Ties, countries: Iterable[str], powers: Iterable[str]) -> None:
    """Refuse countries without ties, powers that are neither a state nor a group of states, and a state as its own power.

    Raises
    ------
    FactError : names the nearest
    """
    countries, powers = list(countries), list(powers)
    for name in countries:
        _check_known("country", name, ties.countries, "use a country with ties")
    for name in powers:
        _check_known("power", name, ties.places, "use the code of a state or group")
        if countries == [name]:
            raise FactError(
                "influence power",
                quoted(name),
                "a power other than the country",
                "leave it out or name another",
            )


def _check_known(what: str, name: str, known: Sequence[str], remedy: str) -> None:
    if name not in known:
        raise FactError(f"influence {what}", quoted(name), allowed_names(name, known), remedy)


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
    markets : the markets of the transit dependence, in the year or the newest one; without any it is left out, and so are
        the shared corridors

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
        others = [power for power in powers if power != country]
        for then in years:
            found += _weights(base, ties, versions, country, others, then)
        if isinstance(net, RouteError):
            found += unknown_transit(country, others, years[-1], str(net))
            found += [Key(country, power, years[-1], SHARED, "number").missing(str(net)) for power in others]
        elif net is not None:
            found += transit(base, [country], others, markets, years[-1], net)
            found += corridors(base, [country], others, years[-1], net)
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
        own = _own(ties, of, country, powers, year)
        found += [one.figure for one in own.values()] + index_shares(own)
        found += [
            Key(country, power, year, f"index{of.suffix}", "score").missing("a group of states")
            for power in powers
            if power not in own
        ]
    for power in powers:
        found += [ties.figure(country, power, year, indicator) for indicator in INDICATORS]
        found += nearness(base, country, power, year)
    return found


def _own(ties: Ties, of: Version, country: str, powers: Sequence[str], year: int) -> dict[str, OwnCapacity]:
    """The index of each power that is a state."""
    return {
        power: own_capacity(ties, of, country, power, year)
        for power in powers
        if power not in ties.formal.groups and power != country
    }


def leads(
    base: FactBase, countries: Sequence[str], powers: Sequence[str], year: int | None = None
) -> list[Lead]:
    """Who is first by the index from own ties, in each country, by each version, in the year or in every year with ties.

    Raises
    ------
    FactError : a country, power or year without ties; names the nearest
    """
    ties = ties_of(base)
    check_places(ties, countries, powers)
    found = [
        lead(_own(ties, version(base, name), country, powers, then))
        for country in countries
        for then in checked_years(ties, [country], year)
        for name in VERSIONS
    ]
    return [one for one in found if one is not None]


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

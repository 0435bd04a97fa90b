# SPDX-License-Identifier: Apache-2.0
"""An expert's forecast as a question that can be scored: is a power's weight below every rival's, where, and since when.

Two readings stand side by side. `index` is the index from own ties with every missing input open; `trade_share` is the
term that the ties know best, the three-year mean of the share of trade. A power is below a rival where its highest is
under the rival's lowest, above where its lowest is over the rival's highest, and open in between: what the figures can't
decide stays open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ytterby.facts import FactBase, Row
from ytterby.influence.capacity import version
from ytterby.influence.intervals import Interval, mean
from ytterby.influence.own import OwnCapacity, own_capacity
from ytterby.influence.shares import ties_of
from ytterby.influence.ties import Ties

BELOW, ABOVE, OPEN = "below", "above", "open"
HOLDS, REFUTED, FAILS, UNDECIDED = "holds", "refuted", "fails", "open"
READINGS = ("trade_share", "index")


@dataclass(frozen=True)
class Standing:
    """Where the power stands against one rival in a country and year, by one reading; None where there is no figure."""

    reading: str
    country: str
    year: int
    power: str
    rival: str
    own: Interval | None
    other: Interval | None
    relation: str
    basis: tuple[str, ...]


@dataclass(frozen=True)
class YearState:
    """The forecast in one year by one reading: the countries where it is below all rivals, above one, or open."""

    reading: str
    year: int
    below: tuple[str, ...]
    above: tuple[str, ...]
    open: tuple[str, ...]
    state: str


@dataclass(frozen=True)
class Forecast:
    """A forecast with its states by year and the standings behind them, newest year last."""

    id: str
    judgement: str
    power: str
    rivals: tuple[str, ...]
    countries: tuple[str, ...]
    sure: int
    states: tuple[YearState, ...]
    standings: tuple[Standing, ...]
    basis: tuple[str, ...]

    def today(self, reading: str) -> YearState:
        """The state of the newest year."""
        return [state for state in self.states if state.reading == reading][-1]


def forecasts(base: FactBase, ties: Ties | None = None, newest: int | None = None) -> list[Forecast]:
    """Every forecast of relation `forecasts` whose judgement is known, with state and history.

    Parameters
    ----------
    base : the facts
    ties : other ties than those of the facts
    newest : so many of the newest years alone
    """
    known = {row["id"] for row in base.rows("judgements")}
    ties = ties_of(base) if ties is None else ties
    return [
        _forecast(base, row["id"], ties, newest)
        for row in base.rows("forecasts")
        if row["judgement"] in known
    ]


def relation(own: Interval | None, other: Interval | None) -> str:
    """Below, above, or open where the intervals meet or one is missing."""
    if own is None or other is None:
        return OPEN
    return BELOW if own.high < other.low else ABOVE if own.low > other.high else OPEN


def _forecast(base: FactBase, name: str, ties: Ties, newest: int | None) -> Forecast:
    row, of = base.row(name), version(base)
    power, rivals, countries = row["power"], row["rivals"], row["countries"]
    standings: list[Standing] = []
    for year in ties.years(countries)[-(newest or 0) :]:
        for country in countries:
            own = {place: own_capacity(ties, of, country, place, year) for place in (power, *rivals)}
            standings += [_standing(reading, own, power, rival) for reading in READINGS for rival in rivals]
    states = _states(standings, row)
    basis = tuple(dict.fromkeys([name, row["judgement"], *(id_ for one in standings for id_ in one.basis)]))
    return Forecast(
        name, row["judgement"], power, rivals, countries, row["sure"], states, tuple(standings), basis
    )


def _standing(reading: str, of: dict[str, OwnCapacity], power: str, rival: str) -> Standing:
    own, other = (weight(reading, of[place]) for place in (power, rival))
    basis = [
        id_
        for place in (power, rival)
        for fig in of[place].inputs.get("trade_share", ())
        for id_ in fig.basis
    ]
    one = of[power]
    return Standing(
        reading,
        one.country,
        one.year,
        power,
        rival,
        own,
        other,
        relation(own, other),
        tuple(dict.fromkeys(basis)),
    )


def weight(reading: str, of: OwnCapacity) -> Interval | None:
    """What a power weighs by one of READINGS; None where there is no figure."""
    if reading == "index":
        return None if of.group else of.index
    found = [fig.interval for fig in of.inputs.get("trade_share", ()) if fig.interval is not None]
    return mean(found) if found else None


def _states(standings: Sequence[Standing], row: Row) -> tuple[YearState, ...]:
    """The state of each year by each reading; refuted stays refuted."""
    found: list[YearState] = []
    for reading in READINGS:
        before: tuple[str, ...] = ()
        refuted = False
        for year in sorted({one.year for one in standings}):
            below, above, unsure = _sorted(standings, reading, year)
            refuted = refuted or bool(set(above) & set(before) & set(row["decisive"]))
            state = _state(len(below), len(below) + len(unsure), row["sure"], refuted=refuted)
            found.append(YearState(reading, year, below, above, unsure, state))
            before = above
    return tuple(found)


def _sorted(standings: Sequence[Standing], reading: str, year: int) -> tuple[tuple[str, ...], ...]:
    """Countries where the power is below all rivals, above one of them, and open."""
    relations: dict[str, list[str]] = {}
    for one in standings:
        if (one.reading, one.year) == (reading, year):
            relations.setdefault(one.country, []).append(one.relation)
    below = tuple(country for country, found in relations.items() if set(found) == {BELOW})
    above = tuple(country for country, found in relations.items() if ABOVE in found)
    return below, above, tuple(country for country in relations if country not in {*below, *above})


def _state(sure: int, possible: int, needed: int, *, refuted: bool) -> str:
    if refuted:
        return REFUTED
    return HOLDS if sure >= needed else FAILS if possible < needed else UNDECIDED

# SPDX-License-Identifier: Apache-2.0
"""Answers about influence: what the powers weigh in the region's trade, and how the expert's forecast stands today."""

from __future__ import annotations

from ytterby.facts import FactBase
from ytterby.influence import (
    READINGS,
    Figure,
    Forecast,
    Standing,
    Ties,
    YearState,
    forecasts,
    forecasts_by_level,
    pledge_effects,
    shares,
    ties_of,
)
from ytterby.influence.intervals import Interval, hull, mean
from ytterby.scenario import Case
from ytterby.study.context import Answer, Context
from ytterby.study.promised import open_promises
from ytterby.study.words import percent, place_name

BY_TRADE, BY_INDEX = READINGS
METHOD = "shares of goods trade from the ties, with the range of reporters; mean over the states that have a figure"
SCORED = "three-year means of the share of trade; open where intervals meet or a figure is missing"


def standing(c: Context) -> list[Answer]:
    """What importer, supplier and the forecasts' rivals weigh in the region, and the state of each forecast."""
    region, powers = _weighed(c.case, c.base)
    ties, told = ties_of(c.base), forecasts(c.base)
    found = [answer for power in powers for answer in _weight(c, ties, region, power)]
    return [*found, *(answer for one in told if one.power == c.case.importer for answer in _forecast(c, one))]


def region_weights(case: Case, base: FactBase) -> list[Figure]:
    """Every figure about the region's states and the importer, the supplier and the rivals of a forecast, in all years."""
    region, powers = _weighed(case, base)
    return shares(base, region, powers) if region and powers else []


def _weighed(case: Case, base: FactBase) -> tuple[list[str], list[str]]:
    """The region's states with ties, and importer, supplier and the rivals of a known forecast, where a tie names them."""
    known = {row["id"] for row in base.rows("judgements")}
    rivals = [name for row in base.rows("forecasts") if row["judgement"] in known for name in row["rivals"]]
    countries = {row["country"] for row in base.rows("ties")}
    partners = {row["power"] for row in base.rows("ties")}
    powers = [p for p in dict.fromkeys([case.importer, case.supplier, *rivals]) if p in partners]
    return [place for place in case.region if place in countries], powers


def _weight(c: Context, ties: Ties, region: list[str], power: str) -> list[Answer]:
    """The newest share of trade of one power, the mean over the region's states that have more than bounds."""
    figures = [ties.newest(place, power, BY_TRADE) for place in region]
    newest = [(figure, figure.interval) for figure in figures]
    own = [(figure, ends) for figure, ends in newest if ends is not None and figure.value is not None]
    if not own:
        return []
    years = sorted({figure.year or 0 for figure, _ in own})
    found = mean(ends for _, ends in own)
    span = str(years[0]) if len(years) == 1 else f"{years[0]} to {years[-1]}"
    states = "state" if len(own) == 1 else "states"
    name = place_name(c.base, power)
    sentence = (
        f"In the goods trade of {len(own)} {states} of the region {name} has {percent(_ends(found))}, "
        f"the mean of the newest figures ({span}){_bounded(newest)}."
    )
    basis = [id_ for figure, _ in own for id_ in figure.basis]
    return [
        c.answer(
            f"influence-{power}", f"How much does {name} weigh in the region's trade?", "trade_share_of_power",
            _ends(found), "fraction", sentence, METHOD, basis, year=years[-1],
        )
    ]  # fmt: skip


def _bounded(newest: list[tuple[Figure, Interval | None]]) -> str:
    """What is left out of the mean: states of which only bounds are known."""
    ends = [ends for figure, ends in newest if ends is not None and figure.value is None]
    return f"; of {len(ends)} more only bounds are known, {_between(hull(ends))}" if ends else ""


def _between(found: Interval) -> str:
    return f"{percent((found.low,) * 3)} to {percent((found.high,) * 3)}"


def _forecast(c: Context, one: Forecast) -> list[Answer]:
    """In how many states the power is below every rival today: surely, and at most."""
    if not one.states:
        return []
    now = one.today(BY_TRADE)
    sure, possible = len(now.below), len(now.below) + len(now.open)
    rivals = " and ".join(place_name(c.base, rival) for rival in one.rivals)
    name, judged = place_name(c.base, one.power), c.base.row(one.judgement)
    since, (pledged, behind) = _since(one, now), _with_pledges(c.base, one)
    sentence = (
        f"The forecast of {judged['who']} {_words(now)} in {now.year}: by share of trade {name} is below {rivals} in "
        f"{sure} of {len(one.countries)} states, above one of them in {len(now.above)}, open in {len(now.open)}{since}. "
        f"By the whole index, its missing inputs open, it {_words(one.today(BY_INDEX))}.{pledged}"
    )
    figure = (float(sure), float(sure), float(possible))
    return [
        c.answer(
            f"forecast-{one.judgement}", f"How does the forecast about {name} stand?", "states_below_rivals", figure,
            "number", sentence, SCORED, [*_basis(one, now), *behind], year=now.year,
        )
    ]  # fmt: skip


def _with_pledges(base: FactBase, one: Forecast) -> tuple[str, list[str]]:
    """How it would stand by share of trade if the expected part of the pledges came, and if all did, and the rows behind it."""
    promises, _ = open_promises(base)
    effects, _ = pledge_effects(base, promises, one.countries)
    if not effects:
        return "", []
    told = {
        level: next(other for other in found if other.id == one.id).today(BY_TRADE)
        for level, found in forecasts_by_level(base, promises).items()
    }
    expected, everything = (_words(told[level]) for level in ("expected", "all"))
    text = f" With the expected part of the pledges it {expected}, with all of them it {everything}."
    return text, [id_ for effect in effects for id_ in effect.basis]


def _words(now: YearState) -> str:
    return {"holds": "holds", "refuted": "is refuted", "fails": "does not hold"}.get(now.state, "is open")


def _since(one: Forecast, now: YearState) -> str:
    """Since when without a break the state is what it is."""
    first = now.year
    for state in reversed([state for state in one.states if state.reading == BY_TRADE]):
        if state.state != now.state:
            break
        first = state.year
    return f", as it has stood since {first}" if first < now.year else ""


def _basis(one: Forecast, now: YearState) -> list[str]:
    rows = [id_ for s in one.standings if _is_now(s, now) for id_ in s.basis]
    return [one.id, one.judgement, *rows]


def _is_now(one: Standing, now: YearState) -> bool:
    return (one.reading, one.year) == (now.reading, now.year)


def _ends(found: Interval) -> tuple[float, float, float]:
    return (found.low, found.value, found.high)

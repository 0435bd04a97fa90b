# SPDX-License-Identifier: Apache-2.0
"""What pledges would change in the ties if nothing, the expected part, or all of them came about.

A pledge touches one indicator of a country and a power, by its kind and direction:

    purchase, offtake (either way)   trade: goods bought, spread over the pledge's years
    investment by the power          investment inflow, spread over the pledge's years
    grant by the power               aid, spread over the pledge's years
    loan by the power                debt, all of it when paid out
    memorandum, accession, investment by the country in the power   none

The share of trade after it is (trade + added) / (all trade + added). A pledge to several countries together is given to
none of them, and said so. Which pledges are parts of others is the caller's to know: parts and wholes must not both come.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ytterby.facts import FactBase
from ytterby.influence.figures import Figure
from ytterby.influence.intervals import Interval, total
from ytterby.influence.shares import ties_of
from ytterby.influence.ties import Ties

PLEDGE_YEARS = "influence.pledge_years"
TRADE, INFLOW, AID, DEBT = "trade", "investment_inflow", "aid", "debt"
EITHER_WAY = {"purchase": TRADE, "offtake": TRADE}
BY_THE_POWER = {"investment": INFLOW, "grant": AID, "loan": DEBT}
AT_ONCE = (DEBT,)


@dataclass(frozen=True)
class Promise:
    """A pledge in USD: all of it, and what is expected of it, with bounds, and the rows behind that."""

    id: str
    year: int
    givers: tuple[str, ...]
    receivers: tuple[str, ...]
    kind: str
    announced: float
    expected: Interval
    horizon: int | None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True)
class Effect:
    """What the pledges between a country and a power do to one indicator, USD; a year, or in all for debt.

    `before` is the newest figure and stays at no realisation; `added` is what the expected part adds, `full` what all of it
    adds; the shares are of all trade, None where that is not known or the indicator is another.
    """

    country: str
    power: str
    indicator: str
    before: Figure
    added: Interval
    full: float
    share_before: Interval | None
    share_expected: Interval | None
    share_full: Interval | None
    pledges: tuple[str, ...]
    basis: tuple[str, ...]


@dataclass(frozen=True)
class Untouched:
    """A pledge that changes no indicator, and why."""

    id: str
    reason: str


def pledge_effects(
    base: FactBase, promises: Iterable[Promise], countries: Sequence[str]
) -> tuple[list[Effect], list[Untouched]]:
    """Effects by country, power and indicator, and the pledges that have none.

    Parameters
    ----------
    base : the facts
    promises : pledges that do not overlap
    countries : the states that are influenced
    """
    ties, years = ties_of(base), base.rows("parameters", name=PLEDGE_YEARS)[0]
    touched: dict[tuple[str, str, str], list[Promise]] = {}
    left: list[Untouched] = []
    for promise in promises:
        at, reason = _touches(promise, countries)
        if at is None:
            left.append(Untouched(promise.id, reason))
        else:
            touched.setdefault(at, []).append(promise)
    return [_effect(ties, at, own, years["value"], years["id"]) for at, own in touched.items()], left


def _touches(promise: Promise, countries: Sequence[str]) -> tuple[tuple[str, str, str] | None, str]:
    """Country, power and indicator that a pledge touches, or why it touches none."""
    if len(promise.givers) != 1 or len(promise.receivers) != 1:
        return None, "several states together: the amount of each is not known"
    giver, receiver = promise.givers[0], promise.receivers[0]
    inside = [place for place in (giver, receiver) if place in countries]
    if len(inside) != 1:
        return None, "not between one of the countries and a power"
    country, power = inside[0], receiver if inside[0] == giver else giver
    indicator = EITHER_WAY.get(promise.kind)
    if indicator is None and power == giver:
        indicator = BY_THE_POWER.get(promise.kind)
    if indicator is None:
        return None, f"a pledge of kind {promise.kind} by {giver} touches no indicator"
    return (country, power, indicator), ""


def _effect(
    ties: Ties, at: tuple[str, str, str], promises: Sequence[Promise], years: float, stated: str
) -> Effect:
    country, power, indicator = at
    spans = [_years(promise, indicator, years) for promise in promises]
    added = total(one.expected.times(1 / span) for one, span in zip(promises, spans, strict=True))
    full = sum(one.announced / span for one, span in zip(promises, spans, strict=True))
    before = ties.newest(country, power, indicator)
    part, whole, rows = _of_all_trade(ties, before)
    nothing, expected, all_of_it = (
        _grown(part, whole, extra) for extra in (Interval.exact(0.0), added, Interval.exact(full))
    )
    ids = tuple(promise.id for promise in promises)
    behind = [id_ for promise in promises for id_ in promise.basis]
    basis = tuple(dict.fromkeys([*ids, *behind, *before.basis, *rows, stated]))
    return Effect(country, power, indicator, before, added, full, nothing, expected, all_of_it, ids, basis)


def _years(promise: Promise, indicator: str, otherwise: float) -> float:
    """Years over which a pledge is spread: to its horizon, or the stated number; a loan is paid out at once."""
    if indicator in AT_ONCE:
        return 1.0
    return otherwise if promise.horizon is None else float(max(1, promise.horizon - promise.year))


def _of_all_trade(ties: Ties, before: Figure) -> tuple[Interval | None, Interval | None, tuple[str, ...]]:
    """Trade with the power, all trade, and rows, of the year nearest to the newest figure that knows both."""
    if before.indicator != TRADE or before.interval is None or before.year is None:
        return None, None, ()
    newest = before.year
    for year in sorted(ties.years([before.country]), key=lambda one: abs(one - newest)):
        part, whole = (
            ties.figure(before.country, before.power, year, TRADE),
            ties.trade.all_trade(before.country, year),
        )
        if part.interval is not None and whole.interval is not None:
            return part.interval, whole.interval, (*part.basis, *whole.basis)
    return None, None, ()


def _grown(part: Interval | None, whole: Interval | None, added: Interval) -> Interval | None:
    """The share with more of it; None where it is not known."""
    if part is None or whole is None:
        return None
    return Interval(
        (part.low + added.low) / (whole.high + added.low),
        (part.value + added.value) / (whole.value + added.value),
        min(1.0, (part.high + added.high) / (whole.low + added.high)),
    )

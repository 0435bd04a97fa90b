# SPDX-License-Identifier: Apache-2.0
"""What pledges would change in the ties, as rows of a table: `ytterby influence --pledges`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ytterby.cli.output import emit, emit_json, flat, say, show_table

if TYPE_CHECKING:
    from ytterby.facts import FactBase
    from ytterby.influence import Changed, Effect, Figure, Forecast

AMOUNTS = ("before", "added_expected", "added_low", "added_high", "added_full")
SHARES = ("share_before", "share_expected", "share_full")
EFFECT = (
    "country", "power", "indicator", "unit", "year", *AMOUNTS, *SHARES, "share_low", "share_high", "pledges", "basis",
)  # fmt: skip
FORECAST = ("forecast", "reading", "realised", "year", "state", "needed", "below", "above", "open")


def show_effects(
    base: FactBase, countries: Sequence[str], powers: Sequence[str], others: Sequence[str],
    *, json: bool, csv: bool,
) -> None:  # fmt: skip
    """Print what pledges would change: JSON with the reasons why others change nothing, CSV, or tables.

    Parameters
    ----------
    countries : whom
    powers : whose pledges and weights alone; empty for everyone's pledges
    others : whose weights where no power is named

    Raises
    ------
    FactError : a country or power without ties; names the nearest
    """
    from ytterby.facts.tables import csv_lines
    from ytterby.influence import changes, check_places, forecasts_by_level, pledge_effects, ties_of
    from ytterby.study.promised import open_promises

    check_places(ties_of(base), countries, powers)
    promises, left = open_promises(base)
    effects, untouched = pledge_effects(base, promises, countries)
    rows = [_row(effect) for effect in effects if not powers or effect.power in powers]
    left += untouched
    if csv:
        emit(csv_lines(rows, EFFECT))
        return
    changed = changes(base, effects, countries, powers or others)
    told = _told(forecasts_by_level(base, promises))
    if json:
        run = {"facts": base.digest, "as_of": base.as_of}
        weights = [_weight(one) for one in changed]
        left_out = [asdict(one) for one in left]
        emit_json({"run": run, "effects": rows, "weights": weights, "forecasts": told, "untouched": left_out})
    else:
        _show(rows)
        giving = {(effect.country, effect.power) for effect in effects}
        _show_weights([one for one in changed if one.moves and (one.country, one.power) in giving])
        show_table(FORECAST, [{name: flat(row[name]) for name in FORECAST} for row in told])
        say(
            "USD. before: the newest figure, as it stays if nothing comes; added: a year, or in all for debt; shares are of"
            f" all trade; an empty cell is missing; {len(left)} pledges change no indicator, --json gives the reasons. Under it"
            " what these powers weigh, means of three years, and the forecasts, if nothing, the expected part or all of them"
            " comes; --json has all powers"
        )


def _row(effect: Effect) -> dict[str, Any]:
    before, expected = effect.before, effect.share_expected
    shares = (effect.share_before, expected, effect.share_full)
    return {
        "country": effect.country, "power": effect.power, "indicator": effect.indicator, "unit": before.unit,
        "year": None if before.value is None else before.year, "before": before.value,
        "added_expected": effect.added.value, "added_low": effect.added.low, "added_high": effect.added.high,
        "added_full": effect.full,
        **{name: None if share is None else share.value for name, share in zip(SHARES, shares, strict=True)},
        "share_low": None if expected is None else expected.low,
        "share_high": None if expected is None else expected.high,
        "pledges": effect.pledges, "basis": effect.basis,
    }  # fmt: skip


def _weight(one: Changed) -> dict[str, Any]:
    row: dict[str, Any] = {
        "country": one.country, "power": one.power, "year": one.year, "indicator": one.indicator, "unit": one.unit,
    }  # fmt: skip
    for level, figure in one.by_level.items():
        ends = (None, None, None) if figure is None else (figure.value, figure.low, figure.high)
        row |= {level: dict(zip(("value", "low", "high"), ends, strict=True))}
    basis = [id_ for figure in one.by_level.values() if figure for id_ in figure.basis]
    return row | {"basis": list(dict.fromkeys(basis))}


def _told(by_level: Mapping[str, Sequence[Forecast]]) -> list[dict[str, Any]]:
    """The newest state of each forecast by reading and level."""
    return [
        {
            "forecast": one.id,
            "judgement": one.judgement,
            "needed": one.sure,
            "realised": level,
            **asdict(one.today(reading)),
        }
        for level, found in by_level.items()
        for one in found
        for reading in dict.fromkeys(state.reading for state in one.states)
    ]


def _show_weights(changed: Sequence[Changed]) -> None:
    rows = [
        {
            "country": one.country, "power": one.power, "weight": one.indicator,
            **{level: _cell(figure) for level, figure in one.by_level.items()},
        }
        for one in changed
    ]  # fmt: skip
    if rows:
        show_table(list(rows[0]), rows)


def _cell(figure: Figure | None) -> str:
    from ytterby.study.words import number

    if figure is None or figure.low is None or figure.high is None:
        return ""
    if figure.low == figure.high:
        return number(figure.low)
    value = "" if figure.value is None else number(figure.value)
    return f"{value} ({number(figure.low)} to {number(figure.high)})".strip()


def _show(rows: Sequence[dict[str, Any]]) -> None:
    from ytterby.claims.worth import amount
    from ytterby.study.words import percent

    columns = ("country", "power", "indicator", "year", *AMOUNTS, *SHARES)
    shown = [{name: row[name] for name in columns} for row in rows]
    for row in shown:
        known = {name for name in columns if row[name] is not None}
        row |= {name: amount(row[name]) for name in AMOUNTS if name in known}
        row |= {name: percent((row[name], row[name], row[name])) for name in SHARES if name in known}
    if shown:
        show_table(columns, shown)

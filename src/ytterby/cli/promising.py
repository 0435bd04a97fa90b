# SPDX-License-Identifier: Apache-2.0
"""What pledges would change in the ties, as rows of a table: `ytterby influence --pledges`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ytterby.cli.output import emit, emit_json, say, show_table

if TYPE_CHECKING:
    from ytterby.claims.pledges import Line, Total
    from ytterby.facts import FactBase
    from ytterby.influence import Effect, Promise, Untouched

AMOUNTS = ("before", "added_expected", "added_low", "added_high", "added_full")
SHARES = ("share_before", "share_expected", "share_full")
EFFECT = (
    "country", "power", "indicator", "unit", "year", *AMOUNTS, *SHARES, "share_low", "share_high", "pledges", "basis",
)  # fmt: skip
OVER = {"delivered": "delivered already", "lapsed": "lapsed"}


def show_effects(
    base: FactBase, countries: Sequence[str], powers: Sequence[str], *, json: bool, csv: bool
) -> None:
    """Print what pledges would change: JSON with the reasons why others change nothing, CSV, or a table.

    Raises
    ------
    FactError : a country or power without ties; names the nearest
    """
    from ytterby.facts.tables import csv_lines
    from ytterby.influence import check_places, pledge_effects, ties_of

    check_places(ties_of(base), countries, powers)
    promises, left = _promises(base)
    effects, untouched = pledge_effects(base, promises, countries)
    rows = [_row(effect) for effect in effects if not powers or effect.power in powers]
    left += untouched
    if json:
        run = {"facts": base.digest, "as_of": base.as_of}
        emit_json({"run": run, "effects": rows, "untouched": [asdict(one) for one in left]})
    elif csv:
        emit(csv_lines(rows, EFFECT))
    else:
        _show(rows)
        say(
            "USD. before: the newest figure, as it stays if nothing comes; added: a year, or in all for debt; shares are of"
            f" all trade; an empty cell is missing; {len(left)} pledges change no indicator, --json gives the reasons"
        )


def _promises(base: FactBase) -> tuple[list[Promise], list[Untouched]]:
    """What is still open of the pledges in USD, parts without their wholes; and those that can't be added, with the reason."""
    from ytterby.claims.pledges import Book
    from ytterby.influence import Untouched

    book = Book(base)
    found: list[Promise] = []
    left: list[Untouched] = []
    for line in book.lines():
        promise = _promise(line, book.total(line.id, [line]))
        if isinstance(promise, str):
            left.append(Untouched(line.pledge.id, promise))
        else:
            found.append(promise)
    return found, left


def _promise(line: Line, total: Total) -> Promise | str:
    """The open rest of a line with what is expected of it, or why it can't be said."""
    from ytterby.influence import Interval, Promise

    pledge, done = line.pledge, line.realised or 0.0
    if pledge.unit != "USD":
        return f"counted in {pledge.unit} and not in USD"
    if pledge.status in OVER:
        return OVER[pledge.status]
    if total.expected is None or total.low is None or total.high is None:
        return "what can be expected is not known"
    expected = Interval(total.low - done, total.expected - done, total.high - done)
    return Promise(
        pledge.id, int(pledge.date[:4]), pledge.givers, pledge.receivers, pledge.kind, line.announced - done, expected,
        pledge.horizon_year, total.basis,
    )  # fmt: skip


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

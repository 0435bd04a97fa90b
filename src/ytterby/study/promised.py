# SPDX-License-Identifier: Apache-2.0
"""Pledges as influence takes them: what is still open of each, and what is expected of it."""

from __future__ import annotations

from ytterby.claims.pledges import Book, Line, Total
from ytterby.facts import FactBase
from ytterby.influence import Interval, Promise, Untouched

OVER = {"delivered": "delivered already", "lapsed": "lapsed"}


def open_promises(base: FactBase) -> tuple[list[Promise], list[Untouched]]:
    """What is still open of the pledges in USD, parts without their wholes; and those that can't be added, with the reason."""
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
    pledge, done = line.pledge, line.realised or 0.0
    if pledge.unit != "USD":
        return f"counted in {pledge.unit} and not in USD"
    if pledge.status in OVER:
        return OVER[pledge.status]
    expected = Interval(total.low - done, total.expected - done, total.high - done)
    return Promise(
        pledge.id, int(pledge.date[:4]), pledge.givers, pledge.receivers, pledge.kind, line.open, expected,
        pledge.horizon_year, total.basis,
    )  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""Figures about a pair: from rows that report the same thing, with the reporters' disagreement as the range.

A figure says what it is: a number, a range of reporters, a bound, a part of a year carried to the whole, or missing.
Nothing is missing silently and nothing missing is a zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ytterby.facts import choose
from ytterby.influence.intervals import Interval

Row = Mapping[str, Any]
NUMBER, RANGE, BOUND, PART_YEAR, DERIVED, MISSING = (
    "number", "range of reporters", "bound", "part of a year", "derived", "missing",
)  # fmt: skip
MONTHS = 12


@dataclass(frozen=True)
class Figure:
    """One figure about a country and a power: value with bounds (None where open or missing), unit, state, rows.

    `missing` names the terms of an index that had no input.
    """

    country: str
    power: str
    year: int | None
    indicator: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    state: str
    basis: tuple[str, ...] = ()
    note: str = ""
    missing: tuple[str, ...] = ()

    @property
    def interval(self) -> Interval | None:
        """The figure with both bounds; None where it is missing or open to one side."""
        if self.low is None or self.high is None:
            return None
        return Interval(self.low, self.low if self.value is None else self.value, self.high)


@dataclass(frozen=True)
class Key:
    """What a figure is about."""

    country: str
    power: str
    year: int | None
    indicator: str
    unit: str

    def missing(self, note: str = "no row") -> Figure:
        """The figure that nobody gives."""
        return Figure(
            self.country,
            self.power,
            self.year,
            self.indicator,
            None,
            None,
            None,
            self.unit,
            MISSING,
            (),
            note,
        )

    def figure(self, found: Interval, state: str, basis: Iterable[str], note: str = "") -> Figure:
        """A figure with its bounds."""
        return Figure(
            self.country, self.power, self.year, self.indicator, found.value, found.low, found.high, self.unit,
            state, tuple(dict.fromkeys(basis)), note,
        )  # fmt: skip


def reported(key: Key, rows: Sequence[Row]) -> Figure:
    """The figure that rows of one country, power, year and unit report, whoever the reporter is.

    Rows of a whole year come before rows of a part of it. Of several the best founded and newest is the value and the
    others its range. A flow of some months is a lower bound, and its value is carried to twelve of them.
    """
    whole = [row for row in rows if not row["period"]]
    chosen = whole or list(rows)
    numbered = [row for row in chosen if row["value"] is not None]
    if not numbered:
        return _bounded(key, chosen)
    if not whole and key.unit != "fraction":
        return _carried(key, numbered)
    choice = choose([{**row, "measure": key.indicator} for row in chosen])
    state = NUMBER if choice.low == choice.high else RANGE
    if not whole:
        state = PART_YEAR
    return key.figure(Interval(choice.low, choice.value, choice.high), state, choice.basis, _notes(numbered))


def _bounded(key: Key, rows: Sequence[Row]) -> Figure:
    """Rows that give a bound only: more than, less than."""
    lows = [row["low"] for row in rows if row["low"] is not None]
    highs = [row["high"] for row in rows if row["high"] is not None]
    if not lows and not highs:
        return key.missing()
    low, high = max(lows, default=0.0), min(highs, default=None)
    ids, note = tuple(row["id"] for row in rows), _notes(rows)
    return Figure(
        key.country, key.power, key.year, key.indicator, None, low, high, key.unit, BOUND, ids, note
    )


def _carried(key: Key, rows: Sequence[Row]) -> Figure:
    """A flow of part of the year: what is counted is the least, the pace of those months the value and the most."""
    counted = [(row["value"], MONTHS / _months(row["period"])) for row in rows]
    least, value = max(value for value, _ in counted), max(value * pace for value, pace in counted)
    note = f"{_notes(rows)}; carried to twelve months"
    return key.figure(Interval(least, value, value), PART_YEAR, [row["id"] for row in rows], note)


def _months(period: str) -> int:
    first, last = (int(month) for month in re.findall(r"\d{2}", period))
    return last - first + 1


def _notes(rows: Iterable[Row]) -> str:
    """What reporters and notes say, each once."""
    texts = [_reporter(row["measure"]) for row in rows] + [row["note"] or "" for row in rows]
    return "; ".join(dict.fromkeys(text for text in texts if text))


def _reporter(measure: str) -> str:
    found = re.search(r"\((.+)\)$", measure)
    return found[1] if found else ""

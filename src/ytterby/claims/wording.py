# SPDX-License-Identifier: Apache-2.0
"""Figures and names in a rule's sentence: every number is rendered from the figure that the verdict carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ytterby.claims.verdict import Row
from ytterby.facts import FactBase

SHORT_NAMES = {"USA": "the United States"}
MONEY = {"USD": "USD", "EUR_money": "EUR", "CNY": "CNY", "JPY_money": "JPY"}
LARGE = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
SCALES: Mapping[str, Sequence[tuple[float, float, str]]] = {
    "t": ((1e6, 1e6, "Mt"), (1e4, 1e3, "kt")),
    **{unit: [(scale, scale, f"{word} {name}") for scale, word in LARGE] for unit, name in MONEY.items()},
}
"""By unit: from which value on, what it is divided by, and how that is written."""
WRITTEN = {"t_per_year": "t a year", "ratio": "times", **MONEY}
FINE, EXACT = 3, 6
"""Significant digits of a figure that is computed or found, and of one that somebody said."""
BOUNDS = {"at_least": "at least ", "at_most": "at most ", "more": "more than ", "less": "less than "}


def show(value: float, unit: str, digits: int = FINE) -> str:
    """A number with its unit: shares as per cent, tonnes and dollars at a readable scale."""
    if unit == "fraction":
        return f"{_digits(100 * value, digits)} %"
    if unit in {"rank", "calendar_year", "number", "none", ""}:
        return f"{value:.0f}" if unit == "calendar_year" else _digits(value, digits)
    for least, scale, written in SCALES.get(unit, ()):
        if abs(value) >= least:
            return f"{_digits(value / scale, digits)} {written}"
    return f"{_digits(value, digits)} {WRITTEN.get(unit, unit.replace('_', ' '))}"


def claimed(statement: Row, unit: str = "") -> str:
    """The figure that a statement claims, not rounded as those found are; in its own unit or another."""
    figure = show(statement["value"], unit or statement["unit"], EXACT)
    return f"{BOUNDS.get(statement['comparator'] or '', '')}{figure} is claimed"


def span(value: float, low: float, high: float, unit: str) -> str:
    """A number with its range, where that differs when written."""
    ends = [show(end, unit) for end in (low, high)]
    return show(value, unit) if ends[0] == ends[1] else f"{show(value, unit)} ({ends[0]} to {ends[1]})"


def name(base: FactBase, code: str) -> str:
    """A country for people; a group without what its name says of its members."""
    row = base.row(code)
    full = str(row["name"])
    return SHORT_NAMES.get(code) or (full.partition(" (")[0] if row["kind"] == "group" else full)


def goods_name(base: FactBase, code: str) -> str:
    """A commodity for people, without what its name says of its members."""
    return str(base.row(code)["name"]).partition(" (")[0].partition(",")[0].lower()


def names(base: FactBase, codes: Iterable[str]) -> str:
    """Countries for people, as a list."""
    return listed([name(base, code) for code in codes])


def listed(words: Iterable[str]) -> str:
    """Words as a list with "and"."""
    *most, last = list(words) or ["none"]
    return f"{', '.join(most)} and {last}" if most else last


def counted(number: int, noun: str) -> str:
    """A count with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def upper(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def _digits(value: float, digits: int) -> str:
    """Significant digits, thousands apart."""
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:,.15g}".replace(",", " ") if abs(rounded) >= 1000 else f"{rounded:g}"

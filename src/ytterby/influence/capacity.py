# SPDX-License-Identifier: Apache-2.0
"""Formal Bilateral Influence Capacity of one state in another, base and extended version, from its working columns.

    bandwidth B  = sum_i w_i x_i / B_max            x_i: terms scaled to one sum, mean of three years
    dependence D = sum_j w_j ln(1 + p_j) / D_max    p_j: per cent of the influenced state's own, mean of three years
    index        = B D / P_max

Bandwidth is the same both ways, dependence is directed. A missing term is a state and not a zero: it is taken from
nothing to its highest value, and the interval that it leaves is the result. Weights, sums and maxima are rows of
relation `index_terms`. Not done here: reading ties, averaging years.

References
----------
Moyer, Meisel, Matthews, Bohl, Burrows (2021), China-US competition: measuring global influence, Atlantic Council.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ytterby.errors import FactError, allowed_names, quoted
from ytterby.facts import FactBase
from ytterby.influence.intervals import Interval, total

BANDWIDTH, DEPENDENCE, MAXIMUM = "bandwidth", "dependence", "maximum"
GROUPS = (
    ("political", BANDWIDTH), ("economic", BANDWIDTH), ("security", BANDWIDTH),
    ("economic", DEPENDENCE), ("security", DEPENDENCE),
)  # fmt: skip
PLUS = "plus"
MISSING_WORDS = ("", "none", "na", "<na>", "n/a", "nan", "null", ".")


@dataclass(frozen=True)
class Term:
    """One term of the index: where it stands, its weight, its scale and the highest value it can be credited with.

    `scale` brings a raw bandwidth term to the sum of the first term; `highest` is in units of the working column.
    """

    id: str
    part: str
    group: str
    name: str
    column: str
    raw: str
    weight: float
    scale: float
    highest: float

    def weighted(self, value: float) -> float:
        """The term's contribution: weight times the scaled term, or times ln(1 + per cent)."""
        return self.weight * (value if self.part == BANDWIDTH else math.log1p(value))


@dataclass(frozen=True)
class Version:
    """A version of the index: its terms, its historical maxima by name, and the rows that state them."""

    name: str
    terms: tuple[Term, ...]
    maxima: Mapping[str, float]
    basis: tuple[str, ...]

    @property
    def suffix(self) -> str:
        """What the published columns of this version end on."""
        return "_plus" if self.name == PLUS else ""


@dataclass(frozen=True)
class Capacity:
    """The index of one pair with its parts, by published column name, each an interval.

    `missing` names the terms that had no value; `open` the figures that rest on one of them.
    """

    figures: Mapping[str, Interval]
    contributions: Mapping[str, Interval]
    missing: tuple[str, ...]
    open: frozenset[str]


def version(base: FactBase, name: str = "base") -> Version:
    """The version `name` of the index as the fact base states it.

    Raises
    ------
    FactError : no such version
    """
    rows = base.rows("index_terms")
    known = dict.fromkeys(row["version"] for row in rows)
    if name not in known:
        raise FactError(
            "influence index", f"version {quoted(name)}", allowed_names(name, known), "use one of these"
        )
    own = [row for row in rows if row["version"] == name]
    first = next(row["total"] for row in own if row["part"] == BANDWIDTH)
    terms = []
    for row in own:
        if row["part"] == MAXIMUM:
            continue
        scale = first / row["total"] if row["total"] else 1.0
        words = (row["id"], row["part"], row["group"], row["term"], row["column"], row["raw"] or "")
        terms.append(Term(*words, row["value"], scale, row["highest"] * scale))
    maxima = {row["term"]: row["value"] for row in own if row["part"] == MAXIMUM}
    return Version(name, tuple(terms), maxima, tuple(row["id"] for row in own))


def capacity(of: Version, columns: Mapping[str, Any]) -> Capacity:
    """The index and its parts from working columns.

    Parameters
    ----------
    of : the version
    columns : working column -> number, text of a number, interval, or nothing (None, NaN, "", "NA") where it is missing;
        bandwidth in scaled terms, dependence in per cent, both as means of three years; others are not read

    Raises
    ------
    FactError : a cell is no number, or is negative
    """
    cells = {term.name: _cell(term, columns.get(term.column)) for term in of.terms}
    parts = {
        term.name: Interval(*(term.weighted(end) for end in cells[term.name] or (0.0, 0.0, term.highest)))
        for term in of.terms
    }
    missing = tuple(name for name, cell in cells.items() if cell is None)
    figures = _figures(of, parts)
    return Capacity(figures, parts, missing, _open(of, missing))


def _cell(term: Term, cell: Any) -> Interval | None:
    if str(cell).strip().lower() in MISSING_WORDS:
        return None
    try:
        found = cell if isinstance(cell, Interval) else Interval.exact(float(cell))
    except (TypeError, ValueError):
        found = Interval.exact(math.nan)
    if not (0 <= found.low <= found.value <= found.high < math.inf):
        allowed = "a number that is not negative, or nothing"
        raise FactError(
            f"column {term.column}", quoted(cell), allowed, "write the working column as published"
        )
    return found


def _figures(of: Version, parts: Mapping[str, Interval]) -> dict[str, Interval]:
    """Every published figure of the version."""
    end, found = of.suffix, {}
    for group, part in GROUPS:
        names = [term.name for term in of.terms if (term.group, term.part) == (group, part)]
        found[f"{group}{part}{end}"] = total(parts[name] for name in names)
    for part in (BANDWIDTH, DEPENDENCE):
        raw = total(parts[term.name] for term in of.terms if term.part == part)
        found[f"{part}_nonnorm{end}"] = raw
        found[f"{part}{end}"] = raw.times(1 / of.maxima[part])
    wide, deep = found[f"{BANDWIDTH}{end}"], found[f"{DEPENDENCE}{end}"]
    product = Interval(*(b * d for b, d in zip(wide, deep, strict=True)))
    found[f"fbic_nonnorm{end}"] = product
    found[f"fbic{end}"] = product.times(1 / of.maxima["product"])
    return found


def _open(of: Version, missing: Iterable[str]) -> frozenset[str]:
    """Figures that rest on a missing term."""
    end, lost, found = of.suffix, set(missing), set()
    for term in of.terms:
        if term.name in lost:
            found |= {f"{term.group}{term.part}{end}", f"{term.part}{end}", f"{term.part}_nonnorm{end}"}
            found |= {f"fbic{end}", f"fbic_nonnorm{end}"}
    return frozenset(found)


def working_columns(of: Version, raw: Iterable[Mapping[str, Any]]) -> dict[str, Interval | None]:
    """Working columns from the raw terms of up to three years: scaled, then averaged over the years that have the term.

    Parameters
    ----------
    raw : one mapping a year of raw column -> cell, as published before scaling

    Returns
    -------
    working column -> mean, or None where no year has the term
    """
    years = list(raw)
    found: dict[str, Interval | None] = {}
    for term in of.terms:
        cells = [cell for year in years if (cell := _cell(term, year.get(term.raw))) is not None]
        found[term.column] = total(cells).times(term.scale / len(cells)) if cells else None
    return found

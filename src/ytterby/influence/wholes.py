# SPDX-License-Identifier: Apache-2.0
"""What all powers together have with a country: output, all trade that a turnover and a share imply, all aid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ytterby.influence.figures import BOUND, DERIVED, Figure, Key, reported
from ytterby.influence.intervals import Interval

Row = Mapping[str, Any]
WORLD = "WLD"


@dataclass(frozen=True)
class Output:
    """Gross domestic product of a country: USD, year, and the row."""

    usd: float
    year: int
    id: str


@dataclass(frozen=True)
class Reach:
    """By how many years all aid may differ from aid, by how many times it may have grown, and the rows that say so."""

    years: float
    margin: float
    basis: tuple[str, ...] = ()


def at_most_all(key: Key, wholes: Sequence[Row], reach: Reach) -> Figure:
    """At most the whole of the year, or of the nearest within reach times what it may have grown by; else missing."""
    year = int(key.year or 0)
    near = [row for row in wholes if abs(row["year"] - year) <= reach.years]
    if not near:
        return key.missing("no figure of the pair, and none of all powers near the year")
    row = min(near, key=lambda one: abs(one["year"] - year))
    same = row["year"] == year
    most = row["value"] if same else row["value"] * reach.margin
    basis = (row["id"], *(() if same else reach.basis))
    found = key.figure(
        Interval(0.0, 0.0, most), BOUND, basis, f"at most that of all powers, of {row['year']}"
    )
    return replace(found, value=None)


def share_of_all(key: Key, part: Figure, whole: Row, reach: Reach) -> Figure:
    """A part over the whole; where the whole is of another year only its bounds, by as much as it may have changed."""
    ends, same = part.interval, whole["year"] == key.year
    if ends is None:
        return key.missing()
    change = 1.0 if same else reach.margin
    low, value, high = ends.low / change, ends.value, ends.high * change
    found = Interval(*(min(1.0, end / whole["value"]) for end in (low, value, high)))
    basis = (*part.basis, whole["id"], *(() if same else reach.basis))
    if same:
        return key.figure(found, DERIVED, basis, part.note)
    note = f"{part.note}; over all aid of {whole['year']}".lstrip("; ")
    return replace(key.figure(found, BOUND, basis, note), value=None)


def implied_whole(key: Key, parts: Sequence[Row], levels: Sequence[Row]) -> list[tuple[bool, Figure]]:
    """The whole that a power's level and share imply, and whether one source gives both; nothing where one is not known.

    Where a source gives both of them only its level counts.
    """
    sources = {row["source"] for row in parts}
    same = [row for row in levels if row["source"] in sources]
    if not parts or not levels:
        return []
    level = reported(key, same or levels)
    part = reported(replace(key, indicator="share", unit="fraction"), parts)
    if not level.interval or not part.interval or part.interval.low <= 0:
        return []
    (low, value, high), of = level.interval, part.interval
    found = Interval(low / of.high, value / of.value, high / of.low)
    return [(bool(same), replace(key, power=WORLD).figure(found, DERIVED, (*level.basis, *part.basis)))]

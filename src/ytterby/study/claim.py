# SPDX-License-Identifier: Apache-2.0
"""The readings of a deposit side by side, and the reserves to set them against. Nothing is summed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ytterby.facts import Choice, FactBase, choose
from ytterby.supply.ores import reo_per_content

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Reading:
    """One reading of a deposit: contained rare earths in t as published and in t REO, grade as a fraction, class, code.

    `basis` holds the row and, where elements were converted to oxides, the conversions.
    """

    id: str
    name: str
    contained_t: float
    content: str
    reo_t: float
    grade: float | None
    resource_class: str
    code: str
    as_of: str | None
    confidence: str
    derived: bool
    basis: tuple[str, ...]


def readings(base: FactBase, place: str) -> tuple[Reading, ...]:
    """All readings of a deposit that give a contained tonnage, largest in REO first; unconfirmed rows are left out."""
    rows = [
        row
        for row in base.rows("deposits", place=place)
        if row["contained_t"] is not None and row["confidence"] != "unconfirmed"
    ]
    found = []
    for row in rows:
        reo, conversions = reo_per_content(base, row)
        tonnes = float(row["contained_t"])
        found.append(Reading(
            row["id"], row["name"], tonnes, row["content"] or "not stated", tonnes * reo, row["grade"],
            row["resource_class"], row["code"] or "none",
            str(row["as_of"]) if row["as_of"] else None, row["confidence"], bool(row["derived"]),
            (row["id"], *conversions),
        ))  # fmt: skip
    return tuple(sorted(found, key=lambda reading: -reading.reo_t))


def reserves(base: FactBase, country: str, commodity: str) -> Choice | None:
    """Reserves of a country in t, the newest of the best confidence; other editions are the range. None without any."""
    rows = [
        row
        for row in base.rows("reserves", country=country, commodity=commodity, resource_class="reserve")
        if row["value"] is not None and row["content"] == "REO"
    ]
    return choose(rows) if rows else None

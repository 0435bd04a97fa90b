# SPDX-License-Identifier: Apache-2.0
"""The rows of ties, found by country, power, year and measure, and what they report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ytterby.errors import FactError, Problem
from ytterby.influence.figures import Figure, Key, reported
from ytterby.influence.partners import OF_MEMBERS
from ytterby.influence.wholes import WORLD

Row = Mapping[str, Any]
FLOWS = ("FDI inflow", "FDI flow")


@dataclass(frozen=True)
class Book:
    """Rows of ties."""

    rows: tuple[Row, ...]

    def of(self, country: str, power: str, year: int, measure: str, unit: str | None = None) -> list[Row]:
        """Rows of a measure, whoever reports it."""
        return [
            row
            for row in self.of_year(country, year)
            if row["power"] == power
            and (row["measure"] == measure or row["measure"].startswith(f"{measure} ("))
            and not row["measure"].endswith(OF_MEMBERS)
            and (unit is None or row["unit"] == unit)
        ]

    def of_year(self, country: str, year: int) -> Sequence[Row]:
        """All rows of a country and year."""
        return self._index.get((country, year), ())

    def powers_of(self, country: str, year: int) -> list[str]:
        """Partners of a country in a year, each once."""
        return list(dict.fromkeys(row["power"] for row in self.of_year(country, year)))

    def wholes(self, country: str, measure: str) -> list[Row]:
        """Rows of all powers together, of every year."""
        return [row for row in self._of_the_world.get(country, ()) if row["measure"] == measure]

    def level(self, key: Key, names: Sequence[str]) -> Figure:
        """What rows of these measures and the key's unit report."""
        at = (key.country, key.power, int(key.year or 0))
        rows = [row for name in names for row in self.of(*at, name, key.unit)]
        return reported(key, rows) if rows else key.missing()

    @cached_property
    def _index(self) -> dict[tuple[str, int], list[Row]]:
        found: dict[tuple[str, int], list[Row]] = {}
        for row in self.rows:
            found.setdefault((row["country"], row["year"]), []).append(row)
        return found

    @cached_property
    def _of_the_world(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            if row["power"] == WORLD:
                found.setdefault(row["country"], []).append(row)
        return found


def checked(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows, each a figure that its measure can have: a share from 0 to 1, no stock or trade below nothing.

    Raises
    ------
    FactError : all rows that are not, by id and column
    """
    problems = [
        Problem("ties.csv", row["id"], column, f"{row[column]:g}", allowed, "correct the number or its unit")
        for row in rows
        for column in ("value", "low", "high")
        if (allowed := _allowed(row, row[column]))
    ]
    if problems:
        raise FactError.collected(problems)
    return tuple(rows)


def _allowed(row: Row, value: float | None) -> str:
    """What is allowed in place of a figure; empty where it is right. Investment can flow back."""
    if value is None or row["measure"].startswith(FLOWS):
        return ""
    if row["unit"] == "fraction":
        return "" if 0 <= value <= 1 else "0 to 1"
    return "" if value >= 0 else "0 or more"

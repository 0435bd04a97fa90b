# SPDX-License-Identifier: Apache-2.0
"""Relations and columns as the schema describes them, and the names of the columns that loading adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ytterby.errors import FactError, allowed_names, quoted

ANY_QUANTITY = "any"
PUBLISHED = "_published"
KNOWN = "known"
TRADE = "trade"
TRADE_FILE = "trade.parquet"
TRADE_COLUMNS = ("id", "year", "exporter", "importer", "code", "value_kusd", "quantity_t")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what its cells hold.

    Parameters
    ----------
    name, kind, description : name; type (id, text, number, ...); meaning
    optional : the cell may be empty
    allowed : words of an enum (or of a list)
    to : relations whose ids a reference (or a list) names; empty for none
    minimum, maximum : bounds of a number, in canonical units
    quantity : the number's unit stands in the row's unit column and measures this quantity
    unit : fixed unit, for the reader
    """

    name: str
    kind: str
    description: str = ""
    optional: bool = False
    allowed: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    quantity: str = ""
    unit: str = ""

    @property
    def bounds(self) -> str:
        """The bounds of its numbers in words; nothing where it has none."""
        if self.minimum is None or self.maximum is None:
            ends = [(self.minimum, "or more"), (self.maximum, "or less")]
            return "".join(f"{end:g} {words}" for end, words in ends if end is not None)
        return f"{self.minimum:g} to {self.maximum:g}"


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation: a table, its meaning and its columns by name.

    A timeless relation defines words (countries, units); it is the same at every date. A relation kept in
    another format than CSV has a reader of its own.
    """

    name: str
    title: str
    description: str
    columns: Mapping[str, Column]
    timeless: bool = False
    file: str = ""
    source: str = ""

    @property
    def unit_column(self) -> str:
        """Name of the column that holds the row's unit, or ""."""
        units = [column.name for column in self.columns.values() if column.kind == "unit"]
        return "unit" if "unit" in units else units[0] if units else ""

    @property
    def measured(self) -> tuple[Column, ...]:
        """Number columns that convert by the row's unit."""
        return tuple(
            column for column in self.columns.values() if column.quantity and column.kind == "number"
        )

    @property
    def derived(self) -> Mapping[str, Column]:
        """Columns that loading adds: published numbers and unit, and the day on which the row was known."""
        published = [
            replace(self.columns[name], name=name + PUBLISHED)
            for name in (*(column.name for column in self.measured), self.unit_column)
            if self.measured
        ]
        return {column.name: column for column in (*published, Column(KNOWN, "date", optional=True))}

    def column(self, name: str) -> Column:
        """The column called `name`, derived ones included; FactError when there is none."""
        if name in self.columns:
            return self.columns[name]
        columns = {**self.columns, **self.derived}
        if name not in columns:
            where = f"relation {self.name}"
            allowed = allowed_names(name, columns, limit=40)
            raise FactError(where, f"column {quoted(name)}", allowed, "use one of its columns")
        return columns[name]

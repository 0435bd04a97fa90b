# SPDX-License-Identifier: Apache-2.0
"""A column of a relation as the schema describes it, and the names of the columns that loading adds."""

from __future__ import annotations

from dataclasses import dataclass

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

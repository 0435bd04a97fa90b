# SPDX-License-Identifier: Apache-2.0
"""The fact base in memory: typed rows by relation, read-only, with look-ups by id and by column.

Loading and checking are done elsewhere; trade rows are read from their file when asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ytterby.errors import FactError, allowed_names, nearest, quoted
from ytterby.facts.columns import TRADE, TRADE_FILE
from ytterby.facts.conversion import unit_table
from ytterby.facts.rows import Row
from ytterby.facts.schema import Schema
from ytterby.units import Unit


@dataclass(frozen=True, slots=True)
class Override:
    """A row of a user's folder that took another's place; per change the column, old and new value."""

    id: str
    relation: str
    changes: tuple[tuple[str, Any, Any], ...]
    folder: str


def country_codes(countries: Iterable[Row]) -> dict[int, str]:
    """Country id of each numeric code of the trade file."""
    return {int(code): row["id"] for row in countries for code in row["baci_codes"] or ()}


@dataclass(frozen=True)
class FactBase:
    """The facts, as of a date.

    Parameters
    ----------
    schema : relations and columns
    tables : typed rows by relation, measured numbers in canonical units
    as_of : only what was known on that date, or None for all
    folders : the shipped folder first, then the users' folders
    overrides : rows that users' folders replaced, in the order of reading
    digest : SHA-256 of all input files
    """

    schema: Schema
    tables: Mapping[str, tuple[Row, ...]]
    as_of: str | None
    folders: tuple[Path, ...]
    overrides: tuple[Override, ...]
    digest: str

    @property
    def sources(self) -> tuple[Row, ...]:
        """Rows of the relation `sources`."""
        return self.tables["sources"]

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """Units by id."""
        return unit_table(self.tables["units"])

    @cached_property
    def relation_of(self) -> Mapping[str, str]:
        """Relation of each row id."""
        return {row["id"]: name for name, rows in self.tables.items() for row in rows}

    @cached_property
    def _by_id(self) -> Mapping[str, Row]:
        return {row["id"]: row for rows in self.tables.values() for row in rows}

    @cached_property
    def _indexes(self) -> dict[tuple[str, str], dict[Any, list[Row]]]:
        return {}

    def rows(self, relation: str, **equals: object) -> list[Row]:
        """Rows of `relation` whose columns equal the given values; None asks for empty cells.

        Raises
        ------
        FactError : no such relation or column, a word that the column does not allow, a number given as text
        """
        definition = self.schema.relation(relation)
        table = self.tables.get(relation)
        if table is None:
            remedy = "ask FactBase.trade for trade rows"
            raise FactError(
                f"relation {relation}", f"a relation kept in {definition.file}", "a CSV relation", remedy
            )
        for name, value in equals.items():
            self._check_value(relation, name, value)
        if not equals:
            return list(table)
        (first, wanted), *others = equals.items()
        found = self._index(relation, first).get(wanted, [])
        return [row for row in found if all(row[name] == value for name, value in others)]

    def _index(self, relation: str, column: str) -> dict[Any, list[Row]]:
        index = self._indexes.get((relation, column))
        if index is None:
            index = {}
            for row in self.tables[relation]:
                index.setdefault(row[column], []).append(row)
            self._indexes[relation, column] = index
        return index

    def _check_value(self, relation: str, name: str, value: object) -> None:
        column = self.schema.relation(relation).column(name)
        if value is None:
            return
        where = f"relation {relation} column {name}"
        if column.kind == "enum" and value not in column.allowed:
            raise FactError(where, quoted(value), ", ".join(column.allowed), "use one of the allowed words")
        if column.kind in {"number", "integer", "year"} and not isinstance(value, int | float):
            raise FactError(where, f"{value!r}", f"a value of type {column.kind}", "give a number, not text")
        timeless = [
            target for target in column.to if self.as_of is None or self.schema.relation(target).timeless
        ]
        if column.kind == "reference" and timeless == list(column.to) and value not in self._by_id:
            known = [row["id"] for target in column.to for row in self.tables[target]]
            raise FactError(
                where, quoted(value), allowed_names(str(value), known), f"use an id of {', '.join(column.to)}"
            )

    def row(self, id: str) -> Row:  # noqa: A002 - the column's own name
        """The row called `id`, of any relation or of trade (baci-<code>-<year>-<exporter>-<importer>).

        Raises
        ------
        FactError : no such row; names the nearest ids
        """
        found = self._by_id.get(id)
        if found is not None:
            return found
        if id.startswith("baci-"):
            from ytterby.facts.trade import read_trade_row

            return read_trade_row(self.trade_file, self.trade_places, id, self.last_trade_year)
        close = ", ".join(nearest(id, self._by_id)) or "none near it"
        known = f" known on {self.as_of}" if self.as_of else ""
        raise FactError("fact base", f"no row {quoted(id)}{known}", close, "use the id of a row")

    @property
    def trade_file(self) -> Path:
        """The file of bilateral trade."""
        return self.folders[0] / TRADE_FILE

    def id_hint(self, name: str) -> str:
        """A hint for who wrote a country's name where its id is wanted, empty where no country is called so."""
        wanted = name.strip().casefold()
        ids = [row["id"] for row in self.rows("countries") if row["name"].casefold() == wanted]
        return f", {ids[0]} for {name.strip()}" if ids else ""

    @cached_property
    def trade_places(self) -> Mapping[int, str]:
        """Country id of each numeric code of the trade file."""
        return {
            int(code): row["id"] for row in self.tables["countries"] for code in row.get("baci_codes") or ()
        }

    @property
    def trade_source(self) -> str | None:
        """Id of the source of all trade rows, as the schema names it."""
        trade = self.schema.relations.get(TRADE)
        return trade.source or None if trade else None

    @property
    def last_trade_year(self) -> int | None:
        """Last year of trade known at `as_of`: year Y is published at the end of January of Y + 2."""
        from ytterby.facts.trade import last_known_year

        return None if self.as_of is None else last_known_year(self.as_of)

    def trade(self, codes: Sequence[str] | None = None, years: Sequence[int] | None = None) -> list[Row]:
        """Bilateral trade: id, year, exporter, importer, code, value_kusd [1000 USD], quantity_t [t] or None.

        Parameters
        ----------
        codes, years : only these six-digit codes and years; None for all (1.3 million rows: take a selection)

        Raises
        ------
        FactError : the file is missing or a place has no country; names the codes
        """
        from ytterby.facts.trade import read_trade

        return read_trade(self.trade_file, self.trade_places, codes, years, self.last_trade_year)

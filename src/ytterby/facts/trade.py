# SPDX-License-Identifier: Apache-2.0
"""Bilateral trade from `trade.parquet`: numeric places become country ids, missing quantities stay missing.

One connection per question, without extensions. Whether a row is plausible is judged elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ytterby.errors import FactError, Problem, quoted
from ytterby.facts.columns import TRADE_COLUMNS
from ytterby.facts.dates import last_day
from ytterby.facts.rows import FrozenDict, Row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

STORED = ("year", "exporter", "importer", "code", "value", "quantity")
_ID = re.compile(r"baci-(\d{6})-(\d{4})-([^-\s]+)-([^-\s]+)", re.ASCII)
_RELEASE = "01-31"

_FLOWS = """
    CREATE VIEW flows AS SELECT year::INTEGER AS year, exporter::INTEGER AS exporter,
        importer::INTEGER AS importer, lpad(code::VARCHAR, 6, '0') AS code,
        value::DOUBLE AS value_kusd, quantity::DOUBLE AS quantity_t
    FROM read_parquet('{file}') WHERE year <= {last}
"""
_TRADE = """
    CREATE VIEW trade AS
    SELECT concat_ws('-', 'baci', f.code, f.year, e.id, i.id) AS id, f.year, e.id AS exporter,
        i.id AS importer, f.code, f.value_kusd, f.quantity_t
    FROM flows f LEFT JOIN places e ON e.code = f.exporter LEFT JOIN places i ON i.code = f.importer
"""
_UNMAPPED = """
    SELECT DISTINCT place FROM (SELECT exporter AS place FROM flows UNION SELECT importer FROM flows)
    WHERE place NOT IN (SELECT code FROM places) ORDER BY place
"""
_ROWS = """
    SELECT * FROM trade WHERE ($codes IS NULL OR list_contains($codes::VARCHAR[], code))
        AND ($years IS NULL OR list_contains($years::INTEGER[], year)) ORDER BY id
"""
_EVER = 9999


def connect() -> DuckDBPyConnection:
    """A database in memory that fetches nothing."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    return duckdb.connect(":memory:", config=config)


def last_known_year(as_of: str) -> int:
    """Last year of trade that was published by `as_of`: year Y comes out at the end of January of Y + 2."""
    day = last_day(as_of)
    return int(day[:4]) - (2 if day[5:] >= _RELEASE else 3)


def trade_connection(
    file: Path, places: Mapping[int, str], last_year: int | None = None
) -> DuckDBPyConnection:
    """A connection with the table `places` (code, id), the views `flows` (numeric places) and `trade` (ids).

    Raises
    ------
    FactError : the file is missing, is no Parquet, or has other columns
    """
    import duckdb

    if not file.is_file():
        raise FactError(file.name, "no such file", "a Parquet file", "restore it or rebuild it")
    connection = connect()
    last = _EVER if last_year is None else last_year
    try:
        described = connection.execute("DESCRIBE SELECT * FROM read_parquet($1)", [str(file)]).fetchall()
        missing = [name for name in STORED if name not in {row[0] for row in described}]
        if missing:
            raise FactError(file.name, f"no column {', '.join(missing)}", ", ".join(STORED), "rebuild it")
        connection.execute(_FLOWS.format(file=str(file).replace("'", "''"), last=int(last)))
    except duckdb.Error as error:
        found = f"a file that cannot be read as Parquet ({str(error).splitlines()[0][:120]})"
        raise FactError(file.name, found, "a Parquet file", "restore it or rebuild it") from error
    columns = [list(places), list(places.values())]
    connection.execute(
        "CREATE TABLE places AS SELECT unnest($1::INTEGER[]) AS code, unnest($2::VARCHAR[]) AS id", columns
    )
    connection.execute(_TRADE)
    return connection


def trade_relation(file: Path, places: Mapping[int, str], last_year: int | None = None) -> DuckDBPyRelation:
    """All trade rows as a DuckDB relation.

    Raises
    ------
    FactError : no such file, or a place without country
    """
    connection = trade_connection(file, places, last_year)
    _refuse_unmapped(connection, file)
    return connection.view("trade")


def read_trade(
    file: Path,
    places: Mapping[int, str],
    codes: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
    last_year: int | None = None,
) -> list[Row]:
    """Trade rows of the given codes and years (None for all), in the order of their ids.

    Raises
    ------
    FactError : no such file, a code that is not six digits, or a place without country
    """
    connection = trade_connection(file, places, last_year)
    asked = {
        "codes": None if codes is None else [_checked_code(code) for code in codes],
        "years": None if years is None else [int(year) for year in years],
    }
    found = connection.execute(_ROWS, asked).fetchall()
    if any(row[2] is None or row[3] is None for row in found):
        _refuse_unmapped(connection, file)
    return [FrozenDict(zip(TRADE_COLUMNS, row, strict=True)) for row in found]


def _checked_code(code: str) -> str:
    if not re.fullmatch(r"\d{6}", str(code), re.ASCII):
        raise FactError(
            "trade column code", quoted(code), "six digits, as text", "give the HS code with six digits"
        )
    return str(code)


def unmapped(connection: DuckDBPyConnection) -> list[int]:
    """Numeric places of the flows that no country owns."""
    return [place for (place,) in connection.execute(_UNMAPPED).fetchall()]


def _refuse_unmapped(connection: DuckDBPyConnection, file: Path) -> None:
    codes = unmapped(connection)
    if codes:
        raise FactError(*_unmapped_parts(file, codes))


def _unmapped_parts(file: Path, codes: Sequence[int]) -> tuple[str, str, str, str]:
    found = f"places without a country: {', '.join(map(str, codes))}"
    where = f"{file.name} columns exporter, importer"
    return (
        where,
        found,
        "the codes in baci_codes of countries.csv",
        "add the codes to baci_codes in countries.csv",
    )


def check_trade(file: Path, places: Mapping[int, str]) -> list[Problem]:
    """Problems of the trade file: missing, unreadable, places without country."""
    try:
        connection = trade_connection(file, places)
    except FactError as error:
        return [Problem(error.where, "", "", error.found, error.allowed, error.remedy)]
    codes = unmapped(connection)
    return [Problem(file.name, "", "exporter, importer", *_unmapped_parts(file, codes)[1:])] if codes else []


def read_trade_row(file: Path, places: Mapping[int, str], name: str, last_year: int | None) -> Row:
    """The trade row called `name`.

    Raises
    ------
    FactError : the name has another form, or there is no such flow
    """
    match = _ID.fullmatch(name)
    if match is None:
        allowed = "baci-<six digits>-<year>-<exporter>-<importer>"
        raise FactError("trade", f"id {quoted(name)}", allowed, "write the id of a trade row in this form")
    code, year = match.group(1), int(match.group(2))
    for row in read_trade(file, places, [code], [year], last_year):
        if row["id"] == name:
            return row
    allowed = f"flows of code {code} in {year}"
    raise FactError("trade", f"no row {quoted(name)}", allowed, "check code, year, exporter and importer")

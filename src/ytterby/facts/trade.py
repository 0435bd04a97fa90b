# SPDX-License-Identifier: Apache-2.0
"""Bilateral trade from `trade.parquet`: numeric places become country ids, missing quantities stay missing.

One connection per question, without extensions. Whether a row is plausible is judged elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.errors import FactError, Problem, quoted
from ytterby.facts.columns import TRADE_COLUMNS, TRADE_FILE
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
    WHERE place IS NULL OR place NOT IN (SELECT code FROM places) ORDER BY place
"""
_FAULTS: Mapping[str, str] = {
    "a missing year, code or value": "year IS NULL OR code IS NULL OR value_kusd IS NULL",
    "a value or quantity below 0": "value_kusd < 0 OR quantity_t < 0",
    "a code that is not six digits": "NOT regexp_full_match(code, '[0-9]{6}')",
}
_FAULTY = "SELECT year, exporter, importer, code FROM flows WHERE {} ORDER BY ALL LIMIT 1"
_TWICE = """
    SELECT f.code, f.year, e.id, i.id FROM flows f JOIN places e ON e.code = f.exporter
    JOIN places i ON i.code = f.importer GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1
"""
_ROWS = """
    SELECT * FROM trade WHERE ($codes IS NULL OR list_contains($codes::VARCHAR[], code))
        AND ($years IS NULL OR list_contains($years::INTEGER[], year)) ORDER BY id
"""
_PLACES = "CREATE TABLE places AS SELECT unnest($1::INTEGER[]) AS code, unnest($2::VARCHAR[]) AS id"
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
    if not file.is_file():
        raise FactError(file.name, "no such file", "a Parquet file", "restore it or rebuild it")
    connection = connect()
    described = ask(connection, "DESCRIBE SELECT * FROM read_parquet($1)", [str(file)])
    missing = [name for name in STORED if name not in {row[0] for row in described}]
    if missing:
        raise FactError(file.name, f"no column {', '.join(missing)}", ", ".join(STORED), "rebuild it")
    last = _EVER if last_year is None else last_year
    ask(connection, _FLOWS.format(file=str(file).replace("'", "''"), last=int(last)))
    ask(connection, _PLACES, [list(places), list(places.values())])
    ask(connection, _TRADE)
    return connection


def ask(connection: DuckDBPyConnection, query: str, values: object = None) -> list[tuple[Any, ...]]:
    """Rows that answer `query`; FactError when the trade file cannot be read so far."""
    import duckdb

    try:
        return connection.execute(query, values).fetchall()
    except duckdb.Error as error:
        found = f"a file that cannot be read as trade ({str(error).splitlines()[0][:120]})"
        raise FactError(
            TRADE_FILE, found, "a Parquet file of trade rows", "restore it or rebuild it"
        ) from error


def trade_relation(file: Path, places: Mapping[int, str], last_year: int | None = None) -> DuckDBPyRelation:
    """All trade rows as a DuckDB relation.

    Raises
    ------
    FactError : no such file, or a place without country
    """
    connection = trade_connection(file, places, last_year)
    _refuse_unmapped(connection)
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
    found = ask(connection, _ROWS, asked)
    if any(row[2] is None or row[3] is None for row in found):
        _refuse_unmapped(connection)
    return [FrozenDict(zip(TRADE_COLUMNS, row, strict=True)) for row in found]


def _checked_code(code: str) -> str:
    if not re.fullmatch(r"\d{6}", str(code), re.ASCII):
        raise FactError(
            "trade column code", quoted(code), "six digits, as text", "give the HS code with six digits"
        )
    return str(code)


def _refuse_unmapped(connection: DuckDBPyConnection) -> None:
    problems = _unmapped(connection)
    if problems:
        raise FactError.collected(problems)


def _unmapped(connection: DuckDBPyConnection) -> list[Problem]:
    """One problem that names all places of the flows that no country owns, or none."""
    places = [str(place) for (place,) in ask(connection, _UNMAPPED)]
    if not places:
        return []
    found = f"places without a country: {', '.join(places)}"
    allowed, remedy = (
        "the codes in baci_codes of countries.csv",
        "add the codes to baci_codes in countries.csv",
    )
    return [Problem(TRADE_FILE, "", "exporter, importer", found, allowed, remedy)]


def check_trade(file: Path, places: Mapping[int, str]) -> list[Problem]:
    """Problems of the trade file: missing, unreadable, impossible rows, places without country."""
    try:
        connection = trade_connection(file, places)
        return [*_faults(connection), *_unmapped(connection)]
    except FactError as error:
        return [Problem(error.where, "", "", error.found, error.allowed, error.remedy)]


def _faults(connection: DuckDBPyConnection) -> Iterator[Problem]:
    """The first row of each kind of fault."""
    for found, condition in _FAULTS.items():
        for row in ask(connection, _FAULTY.format(condition)):
            name = "-".join(map(str, row))
            yield Problem(TRADE_FILE, name, "", found, "year, code and value of each flow", "rebuild it")
    for row in ask(connection, _TWICE):
        name = "-".join(map(str, ("baci", *row)))
        yield Problem(TRADE_FILE, name, "", "a flow given twice", "each flow once", "rebuild it")


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

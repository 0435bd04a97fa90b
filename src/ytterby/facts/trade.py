# SPDX-License-Identifier: Apache-2.0
"""Bilateral trade from `trade.parquet`: numeric places become country ids, missing quantities stay missing.

One connection per question, without extensions. Whether a row is plausible is judged elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ytterby.errors import FactError, quoted
from ytterby.facts.dates import last_day
from ytterby.facts.rows import FrozenDict, Row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

COLUMNS = ("id", "year", "exporter", "importer", "code", "value_kusd", "quantity_t")
_ID = re.compile(r"baci-(\d{6})-(\d{4})-([^-\s]+)-([^-\s]+)")
_RELEASE = "01-31"

_QUERY = """
    SELECT 'baci-' || t.code || '-' || t.year || '-' || e.id || '-' || i.id AS id, t.year::INTEGER AS year,
        e.id AS exporter, i.id AS importer, t.code,
        t.value::DOUBLE AS value_kusd, t.quantity::DOUBLE AS quantity_t
    FROM read_parquet($file) t
    LEFT JOIN places e ON e.code = t.exporter
    LEFT JOIN places i ON i.code = t.importer
    WHERE ($codes IS NULL OR list_contains($codes, t.code))
        AND ($years IS NULL OR list_contains($years, t.year))
        AND ($last IS NULL OR t.year <= $last)
"""


def connect() -> DuckDBPyConnection:
    """A database in memory that fetches nothing."""
    import duckdb

    offline = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    return duckdb.connect(":memory:", config={key: str(value).lower() for key, value in offline.items()})


def last_known_year(as_of: str) -> int:
    """Last year of trade that was published by `as_of`: year Y comes out at the end of January of Y + 2."""
    day = last_day(as_of)
    return int(day[:4]) - (2 if day[5:] >= _RELEASE else 3)


def trade_connection(file: Path, places: Mapping[int, str]) -> DuckDBPyConnection:
    """A connection with the table `places` (code, id); FactError when the file is missing or no Parquet."""
    import duckdb

    if not file.is_file():
        raise FactError(file.name, "no such file", "a Parquet file", "restore it or rebuild it")
    connection = connect()
    try:
        described = connection.execute("DESCRIBE SELECT * FROM read_parquet($1)", [str(file)]).fetchall()
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise FactError(
            file.name, f"a file that is no Parquet ({first[:120]})", "a Parquet file", "rebuild it"
        ) from error
    missing = [
        name
        for name in ("year", "exporter", "importer", "code", "value", "quantity")
        if name not in {row[0] for row in described}
    ]
    if missing:
        allowed = "year, exporter, importer, code, value, quantity"
        raise FactError(file.name, f"no column {', '.join(missing)}", allowed, "rebuild it")
    codes, ids = list(places), list(places.values())
    connection.execute(
        "CREATE TABLE places AS SELECT unnest($1::INTEGER[]) AS code, unnest($2::VARCHAR[]) AS id",
        [codes, ids],
    )
    return connection


def read_trade(
    file: Path,
    places: Mapping[int, str],
    codes: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
    last_year: int | None = None,
) -> list[Row]:
    """Trade rows of the given codes and years, in the order of their ids.

    Raises
    ------
    FactError : no such file, a code the file does not have, or a place without country
    """
    connection = trade_connection(file, places)
    asked: dict[str, Any] = {
        "file": str(file),
        "codes": None if codes is None else [_checked_code(code) for code in codes],
        "years": None if years is None else [int(year) for year in years],
        "last": last_year,
    }
    found = connection.execute(_QUERY, asked).fetchall()
    if any(row[0] is None for row in found):
        _refuse_unmapped(connection, file)
    return [FrozenDict(zip(COLUMNS, row, strict=True)) for row in sorted(found)]


def _checked_code(code: str) -> str:
    if not re.fullmatch(r"\d{6}", str(code), re.ASCII):
        raise FactError(
            "trade column code", quoted(code), "six digits, as text", "give the HS code with six digits"
        )
    return code


def _refuse_unmapped(connection: DuckDBPyConnection, file: Path) -> None:
    unknown = connection.execute(
        "SELECT DISTINCT code FROM (SELECT exporter AS code FROM read_parquet($1) UNION SELECT importer FROM "
        "read_parquet($1)) WHERE code NOT IN (SELECT code FROM places) ORDER BY code",
        [str(file)],
    ).fetchall()
    codes = ", ".join(str(code) for (code,) in unknown)
    remedy = "add the codes to baci_codes in countries.csv"
    raise FactError(
        f"{file.name} columns exporter, importer",
        f"places without country: {codes}",
        "codes of countries",
        remedy,
    )


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

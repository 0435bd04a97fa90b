# SPDX-License-Identifier: Apache-2.0
"""Rows leave the house: as DuckDB relations (`.df()`, `.pl()`, `.arrow()`), or as CSV, JSON or Parquet files.

A file is written whole or not at all.
"""

from __future__ import annotations

import csv
import errno
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from ytterby.errors import YtterbyError, quoted
from ytterby.facts.base import FactBase
from ytterby.facts.rows import Row
from ytterby.facts.trade import connect, trade_relation

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

FORMATS = (".csv", ".json", ".parquet")
_SQL_TYPES = {
    "number": "DOUBLE",
    "integer": "BIGINT",
    "year": "INTEGER",
    "boolean": "BOOLEAN",
    "list": "VARCHAR[]",
}


def relation(base: FactBase, name: str) -> DuckDBPyRelation:
    """The relation called `name` (or "trade") as a DuckDB relation, measured numbers in canonical units.

    Raises
    ------
    FactError : no such relation
    """
    if name == "trade":
        return trade_relation(base.trade_file, base.trade_places, base.last_trade_year)
    definition = base.schema.relation(name)
    columns = {**definition.columns, **definition.derived}
    types = {key: _SQL_TYPES.get(column.kind, "VARCHAR") for key, column in columns.items()}
    return _table(connect(), base.rows(name), types).table("rows")


def _table(
    connection: DuckDBPyConnection, rows: Sequence[Row], types: Mapping[str, str]
) -> DuckDBPyConnection:
    """Put rows into the table `rows`, a list per column."""
    lists = [[_plain(row[name], kind) for row in rows] for name, kind in types.items()]
    parts = [
        f'unnest(${place}::{kind}[]) AS "{name.replace(chr(34), chr(34) * 2)}"'
        for place, (name, kind) in enumerate(types.items(), start=1)
    ]
    connection.execute(f"CREATE TABLE rows AS SELECT {', '.join(parts)}", lists)
    return connection


def _plain(value: Any, kind: str) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) and kind == "VARCHAR" else value


def write_table(rows: Sequence[Row], path: Path, columns: Sequence[str] | None = None) -> None:
    """Write rows as CSV, JSON or Parquet, by the ending of `path`; whole or not at all.

    Parameters
    ----------
    rows : rows with the same columns
    path : a file in an existing folder; an older file of that name is replaced
    columns : columns to write, in this order; those of the first row when not given

    Raises
    ------
    YtterbyError : another ending, no columns, or the file cannot be written
    """
    path = Path(path)
    writers = {".csv": _write_csv, ".json": _write_json, ".parquet": _write_parquet}
    if path.suffix not in writers:
        raise YtterbyError(str(path), f"ending {quoted(path.suffix)}", ", ".join(FORMATS), "use one of these")
    names = list(columns) if columns is not None else list(rows[0]) if rows else []
    if not names:
        raise YtterbyError(str(path), "a table without columns", "at least one column", "name the columns")
    write_whole(path, lambda target: writers[path.suffix](rows, target, names))


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file beside `path`, then put it in place; a failure leaves nothing.

    Raises
    ------
    YtterbyError : the folder is missing or refuses the file
    """
    half = path.with_name(f".{path.stem}.{token_hex(4)}{path.suffix}")
    try:
        try:
            write(half)
            half.replace(path)
        finally:
            half.unlink(missing_ok=True)
    except OSError as error:
        remedy = "give a folder that exists and can be written"
        raise YtterbyError(
            str(path), f"a file that cannot be written ({error.strerror})", "", remedy
        ) from error


def cell_text(value: object) -> str:
    """A value as a CSV cell: lists by ";", yes and no, numbers as short as exact, "" for missing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def csv_lines(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> Iterator[str]:
    """Header and rows as lines of CSV that end in LF; a cell with a line break of any kind is quoted."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for cells in chain([names], ([cell_text(row[name]) for name in names] for row in rows)):
        writer.writerow(cells)
        yield buffer.getvalue().removesuffix("\r\n") + "\n"
        buffer.seek(0)
        buffer.truncate()


def _write_csv(rows: Sequence[Row], path: Path, names: Sequence[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(csv_lines(rows, names))


def _write_json(rows: Sequence[Row], path: Path, names: Sequence[str]) -> None:
    document = [{name: row[name] for name in names} for row in rows]
    path.write_text(
        json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n", encoding="utf-8"
    )


def _write_parquet(rows: Sequence[Row], path: Path, names: Sequence[str]) -> None:
    import duckdb

    connection = _table(connect(), rows, {name: _sql_type([row[name] for row in rows]) for name in names})
    target = str(path).replace("'", "''")
    try:
        connection.execute(f"COPY rows TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
    except duckdb.IOException as error:
        raise OSError(errno.EIO, str(error).splitlines()[0]) from error


def _sql_type(values: Sequence[object]) -> str:
    """The narrowest type that holds all values of a column."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return "BOOLEAN"
    if kinds == {int}:
        return "BIGINT"
    if kinds and kinds <= {int, float}:
        return "DOUBLE"
    return "VARCHAR[]" if kinds and kinds <= {list, tuple} else "VARCHAR"

"""Rows leave as DuckDB relations and as files, whole or not at all."""

from __future__ import annotations

import csv
import json
from typing import Any

import duckdb
import pytest

from ytterby.errors import FactError, YtterbyError
from ytterby.facts import relation, write_table
from ytterby.facts.tables import write_whole


def test_relation_has_types_and_rows(base):
    table = relation(base, "production")
    types = dict(zip(table.columns, map(str, table.types), strict=True))
    assert (types["value"], types["year"], types["confirmed"]) == ("DOUBLE", "INTEGER", "BOOLEAN")
    assert table.aggregate("country, sum(value) AS total", "country").order("country").fetchall() == [
        ("CHN", 525270.0),
        ("KAZ", 0.0),
        ("USA", None),
    ]
    assert relation(base, "countries").filter("list_contains(members, 'KAZ')").fetchall()[0][0] == "CA5"


def test_relation_of_trade(base):
    assert relation(base, "trade").filter("exporter = 'KAZ'").fetchall() == [
        ("baci-280530-2024-KAZ-CHN", 2024, "KAZ", "CHN", "280530", 7.5, 2.0)
    ]


def test_unknown_relation(base):
    with pytest.raises(FactError, match='relation "prod"'):
        relation(base, "prod")


def test_csv_reads_back(base, tmp_path):
    path = tmp_path / "rows.csv"
    write_table(base.rows("countries"), path)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["id"] for row in rows] == ["KAZ", "CHN", "USA", "S19", "CA5"]
    assert rows[2]["baci_codes"] == "842;841"
    write_table(base.rows("production"), path, ["id", "value", "confirmed", "note"])
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[:3] == [
        "id,value,confirmed,note",
        "prod-1,270000,yes,",
        'prod-2,270,,"a note, with a comma"',
    ]


def test_json_and_parquet_hold_the_same(base, tmp_path):
    rows = base.rows("production")
    write_table(rows, tmp_path / "rows.json")
    write_table(rows, tmp_path / "rows.parquet")
    assert json.loads((tmp_path / "rows.json").read_text(encoding="utf-8")) == rows
    read = duckdb.connect(":memory:").read_parquet(str(tmp_path / "rows.parquet"))
    assert [dict(zip(read.columns, row, strict=True)) for row in read.fetchall()] == rows


def test_types_of_free_rows(tmp_path):
    rows: list[dict[str, Any]] = [
        {"i": 1, "f": 1, "s": "x", "b": True, "l": ("a", "b"), "d": {"k": 1}, "n": None},
        {"i": None, "f": 0.5, "s": None, "b": None, "l": None, "d": None, "n": None},
    ]
    write_table(rows, tmp_path / "rows.parquet")
    read = duckdb.connect(":memory:").read_parquet(str(tmp_path / "rows.parquet"))
    types = list(map(str, read.types))
    assert types == ["BIGINT", "DOUBLE", "VARCHAR", "BOOLEAN", "VARCHAR[]", "VARCHAR", "VARCHAR"]
    assert read.fetchall()[0] == (1, 1.0, "x", True, ["a", "b"], '{"k": 1}', None)
    write_table(rows, tmp_path / "rows.csv")
    assert (tmp_path / "rows.csv").read_text(encoding="utf-8").splitlines()[
        1
    ] == '1,1,x,yes,a;b,"{""k"": 1}",'


def test_an_empty_table_needs_column_names(tmp_path):
    for ending in ("csv", "json", "parquet"):
        write_table([], tmp_path / f"rows.{ending}", ["id", "value"])
        with pytest.raises(YtterbyError, match="a table without columns"):
            write_table([], tmp_path / f"none.{ending}")
    assert (tmp_path / "rows.csv").read_text(encoding="utf-8") == "id,value\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.csv", "rows.json", "rows.parquet"]


def test_other_endings(base, tmp_path):
    with pytest.raises(YtterbyError, match=r'ending ".xlsx" \(allowed: .csv, .json, .parquet\)'):
        write_table(base.rows("units"), tmp_path / "rows.xlsx")


@pytest.mark.parametrize("ending", ["csv", "json", "parquet"])
def test_no_folder(base, tmp_path, ending):
    with pytest.raises(YtterbyError, match="a file that cannot be written"):
        write_table(base.rows("units"), tmp_path / "none" / f"rows.{ending}")


def test_a_failure_leaves_the_older_file(tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("older", encoding="utf-8")

    def fail(target):
        target.write_text("half", encoding="utf-8")
        raise KeyError(target.name)

    with pytest.raises(KeyError):
        write_whole(path, fail)
    assert path.read_text(encoding="utf-8") == "older"
    assert [entry.name for entry in tmp_path.iterdir()] == ["rows.csv"]


def test_quotes_in_names(tmp_path):
    path = tmp_path / "it's.parquet"
    write_table([{'a"b': 1}], path)
    assert duckdb.connect(":memory:").read_parquet(str(path)).columns == ['a"b']

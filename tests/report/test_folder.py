"""The output folder: what is in it, and that it is written whole or left as it was."""

from __future__ import annotations

import csv
import json

import duckdb
import pytest

from ytterby import report
from ytterby.errors import YtterbyError
from ytterby.report import writing
from ytterby.report.tables import all_tables

FILES = {"answers.json", "answers.csv", "report.html", "report.md", "tables"}
TABLES = {
    "measures", "flows", "prices", "base_year", "corrections", "trade_rules", "trade_reading", "projects",
    "claim_readings", "claims", "influence", "pledges", "ways", "network",
}  # fmt: skip


def names(folder):
    return {path.name for path in folder.iterdir()}


def test_the_folder_holds_answers_report_and_tables(written, small_answers):
    assert names(written) == FILES
    endings = {f"{name}{ending}" for name in TABLES for ending in (".csv", ".parquet")}
    assert names(written / "tables") == endings | {"README.md"}
    assert json.loads((written / "answers.json").read_text("utf-8")) == report.document(small_answers)


def test_answers_as_csv_have_a_row_each(written, small_answers):
    with (written / "answers.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["id"] for row in rows] == [answer.id for answer in small_answers.answers]
    assert [float(row["value"]) for row in rows] == [answer.value for answer in small_answers.answers]
    assert [row["basis"].split(";") for row in rows] == [list(a.basis) for a in small_answers.answers]


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_is_the_same_as_csv_and_as_parquet(written, small_answers, name):
    table = next(table for table in all_tables(small_answers) if table.name == name)
    with (written / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        head, *rows = list(csv.reader(stream))
    found = duckdb.read_parquet(str(written / "tables" / f"{name}.parquet"))
    assert head == list(table.columns) == found.columns
    assert len(rows) == table.count == len(found) > 0
    described = (written / "tables" / "README.md").read_text("utf-8")
    assert f"## {name}\n" in described
    assert all(f"- `{column}`: " in described for column in head)


def test_flows_and_prices_are_those_of_the_run(written, small_answers):
    flows = duckdb.read_parquet(str(written / "tables" / "flows.parquet"))
    told = {(row[0], row[1]): row[2] for row in flows.aggregate("scenario, year, sum(tonnes)").fetchall()}
    for scenario, solved in small_answers.solved.items():
        for year in solved.result.years:
            assert told[scenario, year.year] == pytest.approx(float(year.flows.sum()), rel=1e-9)
    prices = duckdb.read_parquet(str(written / "tables" / "prices.parquet"))
    rows, known = prices.aggregate("count(*), count(usd_per_t)").fetchall()[0]
    assert rows == known > 0


def test_an_earlier_run_is_replaced(small_answers, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "_write_pages", lambda *_: None)
    folder = tmp_path / "out"
    report.write(small_answers, folder)
    (folder / "answers.csv").write_text("old", encoding="utf-8")
    told: list[str] = []
    files = report.write(small_answers, folder, progress=told.append)
    assert (folder / "answers.csv").read_text("utf-8") != "old"
    assert names(tmp_path) == {"out"}
    assert files == sorted(path for path in folder.rglob("*") if path.is_file())
    assert told


def fail(*_):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["write_tables", "_write_pages"])
def test_a_failure_leaves_what_was_there(small_answers, tmp_path, monkeypatch, step):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "answers.json").write_text("{}", encoding="utf-8")
    monkeypatch.setattr(writing, step, fail)
    with pytest.raises(YtterbyError, match="No space left"):
        report.write(small_answers, folder)
    assert names(tmp_path) == {"out"}
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == {"answers.json": "{}"}


def test_a_failure_makes_no_new_folder(small_answers, tmp_path, monkeypatch):
    monkeypatch.setattr(writing, "_write_pages", fail)
    with pytest.raises(YtterbyError):
        report.write(small_answers, tmp_path / "out")
    assert names(tmp_path) == set()


def test_a_folder_of_somebody_else_is_refused(small_answers, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(YtterbyError, match="name a new folder"):
        report.write(small_answers, tmp_path)
    assert names(tmp_path) == {"thesis.txt"}

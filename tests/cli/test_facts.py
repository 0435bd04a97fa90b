"""The command `facts`: every table can be listed, filtered, exported; a user's folder adds and overrides."""

from __future__ import annotations

import csv
import io
import json
import os

import pytest

from ytterby.facts import data_folder, load


def shipped(relation):
    """Rows of a shipped table as they stand in the file."""
    with (data_folder() / f"{relation}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def own(tmp_path):
    """A function that writes a table of the user's own and returns its folder."""

    def write(relation, rows):
        folder = tmp_path / "own"
        folder.mkdir(exist_ok=True)
        with (folder / f"{relation}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return folder

    return write


def test_the_list_names_every_relation(run_command, base):
    done = run_command("facts", "--json")
    listed = {row["relation"]: row["rows"] for row in json.loads(done.stdout)["rows"]}
    assert done.returncode == 0
    assert set(listed) == set(base.schema.relations)
    assert {name: listed[name] for name in base.tables} == {
        name: len(rows) for name, rows in base.tables.items()
    }


def test_csv_holds_the_ids_of_the_file_in_its_order(run_command):
    done = run_command("facts", "production", "--csv")
    printed = [row["id"] for row in csv.DictReader(io.StringIO(done.stdout))]
    assert printed == [row["id"] for row in shipped("production")]


def test_where_keeps_the_rows_that_meet_all_conditions(run_command, base):
    done = run_command(
        "facts", "reserves", "--where", "country=CHN", "--where", "commodity=rare_earths", "--json"
    )
    document = json.loads(done.stdout)
    expected = [
        r["id"] for r in shipped("reserves") if (r["country"], r["commodity"]) == ("CHN", "rare_earths")
    ]
    assert expected
    assert [row["id"] for row in document["rows"]] == expected
    assert document["digest"] == base.digest


def test_columns_are_printed_in_the_order_asked_for(run_command):
    done = run_command("facts", "countries", "--columns", "name,id", "--where", "id=KAZ", "--csv")
    assert done.stdout == "name,id\nKazakhstan,KAZ\n"


def test_the_screen_says_what_it_leaves_out(run_command):
    done = run_command("facts", "countries", "--limit", "3")
    assert len(done.stdout.splitlines()) == 4
    assert f"3 of {len(shipped('countries'))} rows" in done.stderr


def test_trade_rows_are_a_table_too(run_command):
    words = [
        "--where",
        "code=280530",
        "--where",
        "year=2024",
        "--where",
        "exporter=CHN",
        "--where",
        "importer=JPN",
    ]
    done = run_command("facts", "trade", *words, "--json")
    (row,) = json.loads(done.stdout)["rows"]
    assert row["id"] == "baci-280530-2024-CHN-JPN"
    assert row["value_kusd"] > 0


def test_as_of_leaves_out_what_was_not_known(run_command):
    known = run_command("facts", "production", "--as-of", "2025-11-08", "--json")
    ids = {row["id"] for row in json.loads(known.stdout)["rows"]}
    everything = {row["id"] for row in shipped("production")}
    assert ids < everything
    assert ids == {row["id"] for row in load(as_of="2025-11-08").rows("production")}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["prodction"], "production"),
        (["production", "--where", "cuntry=KAZ"], "country"),
        (["production", "--where", "country"], "country=KAZ"),
        (["production", "--where", "country=KZA"], "KAZ"),
        (["production", "--columns", "yer"], "year"),
        (["--as-of", "yesterday"], "YYYY-MM-DD"),
        (["--data", "no-such-folder"], "no-such-folder"),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_ones(run_command, words, said):
    done = run_command("facts", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_own_row_adds_and_an_override_is_reported(run_command, own):
    first, *_ = shipped("countries")
    folder = own(
        "countries", [first | {"name": "Elsewhere"}, first | {"id": "XXA", "name": "New", "baci_codes": ""}]
    )
    done = run_command("facts", "countries", "--data", folder, "--json")
    names = {row["id"]: row["name"] for row in json.loads(done.stdout)["rows"]}
    assert (names[first["id"]], names["XXA"]) == ("Elsewhere", "New")
    assert f"override: countries {first['id']}" in done.stderr
    assert first["name"] in done.stderr


def test_the_environment_names_folders_too(run_command, own):
    first, *_ = shipped("countries")
    folder = own("countries", [first | {"id": "XXA", "name": "New", "baci_codes": ""}])
    done = run_command(
        "facts", "countries", "--where", "id=XXA", "--columns", "name", "--csv", YTTERBY_DATA=str(folder)
    )
    assert done.stdout == "name\nNew\n"


@pytest.mark.parametrize("named", ["", os.pathsep])
def test_an_empty_environment_names_no_folder(run_command, tmp_path, named):
    (tmp_path / "strange.csv").write_text("a\n", encoding="utf-8")
    done = run_command("facts", "countries", "--limit", "1", folder=tmp_path, YTTERBY_DATA=named)
    assert (done.returncode, "strange.csv" in done.stderr) == (0, False)


def test_the_shipped_facts_have_no_problem(run_command):
    done = run_command("facts", "--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "no problems\n", "")


def test_check_lists_every_problem_at_once(run_command, own):
    first, *_ = shipped("production")
    wrong = [
        first | {"id": "own-1", "country": "KZA"},
        first | {"id": "own-2", "unit": "stone"},
        first | {"id": "own-3", "source": "nobody"},
        first | {"id": "own-4", "year": "next"},
    ]
    done = run_command("facts", "--check", "--data", own("production", wrong), "--json")
    problems = json.loads(done.stdout)["problems"]
    assert done.returncode == 2
    assert {(p["row"], p["column"]) for p in problems} >= {
        ("own-1", "country"),
        ("own-2", "unit"),
        ("own-3", "source"),
        ("own-4", "year"),
    }
    assert all(problem["found"] and problem["remedy"] for problem in problems)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        "id;name\n1;Zürich\n".encode("latin-1"),
        b'id,name\n"1,open\n',
        b"id,id\n1,2\n",
    ],
    ids=["empty", "blank", "binary", "not UTF-8", "open quote", "column twice"],
)
def test_a_broken_file_is_named_and_causes_no_traceback(run_command, tmp_path, content):
    (tmp_path / "production.csv").write_bytes(content)
    done = run_command("facts", "production", "--data", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "production.csv" in done.stderr
    assert "Traceback" not in done.stderr

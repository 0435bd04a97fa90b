"""The commands `cases` and `solve`: one scenario, year by year, as document and as folder."""

from __future__ import annotations

import csv
import json

import pytest

from ytterby.study import case_names, load_case


@pytest.fixture(scope="module")
def document(run_command):
    """What `solve --json` prints for two years of the reference."""
    done = run_command("solve", "--scenario", "reference", "--years", "2024,2030-2030", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_cases_lists_every_case_with_its_scenarios(run_command):
    listed = {case["name"]: case for case in json.loads(run_command("cases", "--json").stdout)["cases"]}
    assert set(listed) == set(case_names())
    for name, case in listed.items():
        names = [scenario["name"] for scenario in case["scenarios"]]
        assert names == [scenario.name for scenario in load_case(name).scenarios]
    shown = run_command("cases").stdout
    assert all(name in shown and case["question"] in shown for name, case in listed.items())


def test_the_document_has_the_years_asked_for(document, base):
    assert [year["year"] for year in document["years"]] == [2024, 2030]
    assert {row["year"] for row in document["flows"]} == {2024, 2030}
    assert document["run"]["facts"] == base.digest
    assert document["scenario"]["name"] == "reference"


@pytest.mark.parametrize("year", [2024, 2030])
def test_what_arrives_is_used(document, year):
    arriving = [
        r for r in document["flows"] if (r["year"], r["form"], r["importer"]) == (year, "magnet", "USA")
    ]
    used = [
        r for r in document["activities"] if (r["year"], r["form"], r["place"]) == (year, "magnet", "USA")
    ]
    kinds = {row["kind"] for row in used}
    assert kinds in ({"demand"}, {"demand", "refill"})
    tonnes = sum(row["quantity_t"] for row in used)
    assert tonnes > 1000
    assert sum(row["quantity_t"] for row in arriving) == pytest.approx(tonnes, rel=1e-6)


def test_every_row_of_a_mine_names_what_it_rests_on(document, base):
    mines = [row for row in document["activities"] if row["kind"] == "mine"]
    assert mines
    assert [row["place"] for row in mines if not row["basis"]] == []
    assert [name for row in mines for name in row["basis"] if name not in base.relation_of] == []


def test_out_writes_document_and_tables_whole(run_command, tmp_path):
    words = ["solve", "central-asia", "--scenario", "reference", "--years", "2026", "--out", "made"]
    done = run_command(*words, folder=tmp_path)
    made = tmp_path / "made"
    assert (done.returncode, done.stdout) == (0, "")
    assert [path.name for path in tmp_path.iterdir()] == ["made"]
    assert json.loads((made / "solution.json").read_text(encoding="utf-8"))["scenario"]["name"] == "reference"
    with (made / "flows.csv").open(encoding="utf-8", newline="") as stream:
        assert {row["year"] for row in csv.DictReader(stream)} == {"2026"}
    assert (made / "prices.parquet").read_bytes()[:4] == b"PAR1"


def test_the_screen_shows_the_importers_prices(run_command):
    done = run_command("solve", "--scenario", "reference", "--years", "2024")
    head, row = done.stdout.splitlines()
    assert head.split()[:2] == ["year", "magnet"]
    assert row.split()[0] == "2024"
    assert float(row.split()[1]) > 1000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["central-aisa", "--scenario", "reference"], "central-asia"),
        (["--scenario", "refrence"], "reference"),
        (["--scenario", "reference", "--years", "soon"], "2030-2035"),
        (["--scenario", "reference", "--years", "2031-2030"], "2030-2035"),
        (["--scenario", "reference", "--years", "1999"], "2024 to 2040"),
        (["--scenario", "reference", "--out", "."], "a folder of its own"),
        ([], "--scenario"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_ones(run_command, words, said):
    done = run_command("solve", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_case_names_file_and_entry(run_command, tmp_path):
    (tmp_path / "case.toml").write_text('title = "Only a title"\nyears = 3\n', encoding="utf-8")
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "reference.toml").write_text(
        'title = "R"\ndescription = "D"\n', encoding="utf-8"
    )
    done = run_command("solve", tmp_path, "--scenario", "reference")
    assert (done.returncode, done.stdout) == (2, "")
    assert "case.toml" in done.stderr
    assert "years" in done.stderr
    assert "Traceback" not in done.stderr

"""The command `answer`: the main job from the facts to answers that trace back to sources."""

from __future__ import annotations

import csv
import json
import re

import pytest

KEYS = {
    "id", "question", "measure", "importer", "supplier", "region", "form", "year", "scenario",
    "value", "low", "high", "unit", "method", "sentence", "basis",
}  # fmt: skip


def test_the_document_has_case_run_and_answers(answered, base):
    document = answered.document
    assert document["case"]["name"] == "central-asia"
    assert document["run"]["facts"] == base.digest
    assert re.fullmatch(r"\d+\.\d+\.\d+", document["run"]["version"])
    assert len(document["answers"]) >= 5
    assert [answer["id"] for answer in document["answers"] if not answer.keys() >= KEYS] == []


def test_every_figure_lies_in_its_interval_and_rests_on_rows(answered):
    for answer in answered.document["answers"]:
        assert answer["low"] <= answer["value"] <= answer["high"], answer["id"]
        assert answer["sentence"].strip(), answer["id"]
        assert answer["basis"], answer["id"]


def test_every_row_named_exists_and_has_its_source_in_the_document(answered, base):
    sources = answered.document["sources"]
    named = {name for answer in answered.document["answers"] for name in answer["basis"]}
    assert named - set(sources) == set()
    assert [name for name, source in sources.items() if not source["publisher"]] == []
    kept = {"trade", "scenario"}
    rows = {name for name, source in sources.items() if source["relation"] not in kept}
    assert rows - set(base.relation_of) == set()


def test_the_screen_says_the_first_answers_and_how_many_are_left(answered):
    said = " ".join(answered.screen.split())
    ids = [answer["id"] for answer in answered.document["answers"]]
    left = [a["id"] for a in answered.document["answers"] if " ".join(a["sentence"].split()) not in said]
    told = re.search(r"There: (\d+) more answers", said)
    assert told
    assert left == ids[len(ids) - len(left) :]
    assert int(told[1]) <= len(left)
    assert re.search(r"\b10 (What|Which|How|By|If)", said)
    assert "report.html" in said


def test_the_folder_holds_report_answers_and_tables(answered):
    names = {path.name for path in answered.made.iterdir()}
    assert {"answers.json", "answers.csv", "report.html", "report.md"} <= names
    assert list(answered.made.rglob("*.parquet"))
    with (answered.made / "answers.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["id"] for row in rows] == [answer["id"] for answer in answered.document["answers"]]


@pytest.mark.parametrize("words", [[], ["--run", "ytterby-out/central-asia"]], ids=["found", "named"])
def test_an_answer_is_traced_from_the_folder_to_its_sources(answered, run_command, words):
    answer = answered.document["answers"][0]
    done = run_command("trace", answer["id"], *words, folder=answered.folder)
    assert done.returncode == 0
    assert answer["sentence"] in done.stdout
    lines = [line for line in done.stdout.splitlines() if line.startswith("  ")]
    assert [line.split()[0] for line in lines] == answer["basis"]
    assert answered.document["sources"][answer["basis"][0]]["publisher"] in lines[0]


def test_a_row_that_a_scenario_adds_is_traced_to_what_it_rests_on(answered, run_command):
    added = [name for name, row in answered.document["sources"].items() if row["relation"] == "scenario"]
    done = run_command("trace", added[0], "--json", folder=answered.folder)
    (row,) = json.loads(done.stdout)["basis"].values()
    assert row == answered.document["sources"][added[0]]
    assert "added by scenario" in row["note"]


def test_a_folder_that_is_no_run_is_the_users_fault(run_command, tmp_path):
    (tmp_path / "answers.json").write_text("[]", encoding="utf-8")
    done = run_command("trace", "bottleneck", "--run", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "answers.json" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["central-aisa"], "central-asia"),
        (["--importer", "USE"], "USA"),
        (["--region", "KAZ,UZE"], "UZB"),
        (["--scenario", "announce"], "announced"),
        (["--out", "."], "a folder of its own"),
    ],
)
def test_a_wrong_name_is_answered_with_the_right_ones(run_command, words, said):
    done = run_command("answer", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_other_actors_and_fewer_scenarios(printed):
    document = json.loads(printed("ytterby answer --importer JPN --scenario china-stops-usa --json"))
    assert {answer["importer"] for answer in document["answers"]} == {"JPN"}
    assert {answer["scenario"] for answer in document["answers"]} <= {"", "reference", "china-stops-usa"}

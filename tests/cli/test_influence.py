"""The commands `influence` and `hazard`: documents, tables, refusals."""

from __future__ import annotations

import csv
import io
import json

import pytest


def test_influence_prints_one_document(run_command, base):
    done = run_command("influence", "KGZ", "--power", "CHN", "--power", "USA", "--year", "2024", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    trade = [f for f in document["figures"] if (f["power"], f["indicator"]) == ("CHN", "trade")]
    assert [(f["low"], f["high"]) for f in trade] == [(5.3e9, 22.71e9)]
    assert {f["state"] for f in document["figures"]} >= {"missing", "bound", "derived", "number"}
    assert all(base.row(id_) for f in document["figures"] for id_ in f["basis"])
    assert document["forecasts"]


def test_influence_shows_a_table_and_csv(run_command):
    shown = run_command("influence", "KAZ", "--power", "RUS")
    assert "0.88 '24" in shown.stdout
    rows = list(csv.DictReader(io.StringIO(run_command("influence", "KAZ", "--csv").stdout)))
    assert {row["power"] for row in rows} == {"USA", "CHN", "RUS", "TUR", "EUU", "IRN"}


def test_a_file_of_working_columns_gives_the_index(run_command, tmp_path):
    file = tmp_path / "rows.csv"
    columns = {
        "norm_lor_avg_ma": 1, "norm_igos_ma": 0.4090682, "norm_tradeagreement_ma": 0.5844139,
        "norm_lntotaltrade_ma": 1.0730163, "norm_allianceindex_ma": 2.9699261, "norm_armstotalstock_ma": 1.7445733,
        "aidabgdpb_ma": 0.0000699738, "aidaballaidb_ma": 0.0094657, "totaltradeabgdpb_ma": 4.6468131,
        "totaltradeaballtradeb_ma": 19.6359495, "armimportstockabmilstockb_ma": 6.8398196,
        "armsimportsstockaballimstockb_ma": 9.5923258,
    }  # fmt: skip
    file.write_text(f"{','.join(columns)}\n{','.join(map(str, columns.values()))}\n", encoding="utf-8")
    rows = json.loads(run_command("influence", "--file", file, "--json").stdout)["rows"]
    found = {row["figure"]: row for row in rows}
    assert found["fbic"]["value"] == pytest.approx(0.22730951, abs=1e-6)
    assert found["fbic_plus"]["value"] is None
    assert "investment" in found["fbic_plus"]["missing"]
    assert found["fbic_plus"]["low"] < found["fbic_plus"]["high"]


def test_the_forecast_has_a_history(run_command):
    states = json.loads(run_command("influence", "--forecast", "--json").stdout)["states"]
    assert {state["reading"] for state in states} == {"trade_share", "index"}
    assert len({state["year"] for state in states}) > 8


def test_hazard_prints_documents(run_command, base):
    rows = json.loads(run_command("hazard", "CHN", "--importer", "JPN", "--json").stdout)["outlook"]
    assert rows == sorted(rows, key=lambda row: -row["chance"])
    assert all(0 <= row["low"] <= row["chance"] <= row["high"] <= row["high_within"] <= 1 for row in rows)
    assert all(base.row(id_) for id_ in rows[0]["basis"])
    classes = json.loads(run_command("hazard", "--classes", "--json").stdout)
    assert classes["left_out"]
    assert sum(row["restrictions"] for row in classes["classes"]) <= len(classes["restrictions"])


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["influence", "KAS"], "KAZ"),
        (["influence", "--file", "none.csv"], "No such file"),
        (["hazard", "CHM"], "CHN"),
    ],
)
def test_what_cannot_be_asked_is_refused(run_command, words, remedy):
    done = run_command(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert remedy in done.stderr
    assert "Traceback" not in done.stderr

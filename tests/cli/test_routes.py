"""The command `routes`: what it prints, and how it ends."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

KEYS = [
    "rank", "km", "days", "usd_per_t_low", "usd_per_t", "usd_per_t_high", "kg_co2_per_t", "legs", "states",
    "chokepoints", "corridors", "share_estimated", "basis",
]  # fmt: skip


@pytest.fixture(scope="module")
def asked(run_command):
    done = run_command(
        "routes",
        "KAZ",
        "norfolk",
        "--year",
        2028,
        "--avoid",
        "RUS,IRN",
        "-k",
        3,
        "--stress",
        "--capacity",
        "--json",
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_json_rows_are_as_documented(asked):
    assert [list(row) for row in asked["routes"]] == [KEYS] * 3
    for row in asked["routes"]:
        assert row["usd_per_t_low"] <= row["usd_per_t"] <= row["usd_per_t_high"]
        assert sum(leg["km"] for leg in row["legs"]) == pytest.approx(row["km"], abs=0.1)
        assert not {"RUS", "IRN"} & set(row["states"])
    costs = [row["usd_per_t"] for row in asked["routes"]]
    assert costs == sorted(costs)
    assert asked["from"]["nodes"]
    assert asked["query"]["year"] == 2028


def test_json_tells_stress_and_capacity_when_asked(asked):
    assert {loss["kind"] for loss in asked["stress"]["losses"]} == {"state", "chokepoint", "segment"}
    assert asked["capacity"]["segments_without_capacity"] > asked["capacity"]["segments_with_capacity"]


def test_no_route_names_the_closures_and_ends_with_3(run_command):
    done = run_command("routes", "kabul", "peshawar", "--year", 2027, "--avoid", "IRN,TKM,UZB", "--json")
    assert done.returncode == 3
    document = json.loads(done.stdout)
    assert document["routes"] == []
    assert {cut["element"] for cut in document["cut_by"]} == {
        "kabul__kharlachi__rail",
        "kharlachi__peshawar__rail",
    }
    assert "no route from kabul to peshawar in 2027" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["shangai", "rotterdam"], "shanghai"),
        (["poti", "norfolk", "--close", "bosphorus"], "bosporus"),
        (["poti", "norfolk", "--years", "2026-2030"], "--compare"),
        (["poti", "norfolk", "--year", 1800], "or later"),
        ([",", "norfolk", "--compare", "TRIPP"], "place"),
        (["poti", "norfolk", "--compare", "TRIPP", "--stress"], "one of them at a time"),
        (["poti", "norfolk", "--pareto", "--distinct"], "one of them at a time"),
        (["poti", "norfolk", "--pareto", "-k", 2], "--pareto: found also -k"),
        (["poti", "norfolk", "--compare", "TRIPP", "-k", 2], "--compare: found also -k"),
        (["poti", "norfolk", "--compare", "TRIPP", "--year", 2028, "--years", "2028"], "found also --year"),
        (["poti", "norfolk", "--compare", "with,without"], "name the segment or corridor"),
        (["poti", "norfolk", "TRIPP"], "without --compare"),
        (["poti", "norfolk", "-k", "2.5"], "not a whole number"),
        (["poti", "norfolk", "-k", 0], "1 to 1000"),
        (["poti", "norfolk", "--year", "2028.6"], "not a whole number"),
        (["poti", "norfolk", "--cargo", "gold"], "radioactive"),
        (["91,0", "norfolk"], "latitude to 90"),
        (["poti", "norfolk", "--year", 20280], "or later"),
        (["poti", "norfolk", "--close", "TUR"], "a state is avoided"),
        (["GEO", "poti"], "at both ends"),
        (["poti", "norfolk", "--close", "poti__bosporus__sea", "--open", "sea"], "opened and closed"),
    ],
)
def test_a_wrong_question_ends_with_2_and_what_is_allowed(said, words, told):
    done = said("routes", *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stdout == ""


def test_screen_shows_routes_legs_and_restrictions(run_command):
    done = run_command(
        "routes", "KAZ", "mersin", "--year", 2028, "--avoid", "RUS,IRN", "--pareto", "--cargo", "radioactive"
    )
    assert done.returncode == 0, done.stderr
    assert "radioactive cargo, cheapest first" in done.stdout
    assert "restricted by pol009" in done.stdout
    assert "border AZE-GEO" in done.stdout


def test_compare_tells_years_that_agree_once(run_command):
    done = run_command(
        "routes", "UZB,TKM", "mersin", "--compare", "TRIPP", "--years", "2026-2040", "--avoid", "RUS,IRN,GEO"
    )
    assert done.returncode == 0, done.stderr
    header, *rows = done.stdout.splitlines()
    assert header.split()[:3] == ["from", "to", "years"]
    spans = [row.split()[2] for row in rows if row.startswith("UZB")]
    years = [[int(year) for year in (span[:4], span[-4:])] for span in spans]
    assert years[0][0] == 2026
    assert years[-1][1] == 2040
    assert all(before[1] + 1 == after[0] for before, after in pairwise(years))
    assert "UZB-TKM-AZE-ARM-TUR" not in rows[0]
    assert "UZB-TKM-AZE-ARM-TUR" in rows[len(spans) - 1]


def test_compare_joins_years_in_a_row_alone(said):
    done = said("routes", "KAZ", "mersin", "--compare", "with,without", "TRIPP", "--years", "2026,2030,2031")
    assert [row.split()[2] for row in done.stdout.splitlines()[1:]] == ["2026", "2030-2031"]


def test_a_way_over_a_corridor_behind_many_better_ones_is_told_with_its_price(run_command):
    asked = ("routes", "KAZ", "norfolk", "--compare", "TRIPP", "--years", "2027,2030", "--avoid", "RUS,IRN")
    before, after = json.loads(run_command(*asked, "--json").stdout)["compare"]
    assert before["usd_per_t_through"] is before["rank_through"] is after["rank_through"] is None
    assert after["usd_per_t_through"] > after["usd_per_t_with"] + 10
    assert "beyond 100" in run_command(*asked).stdout.splitlines()[2]


def test_compare_shows_the_asked_columns_alone(said):
    asked = ("KAZ", "mersin", "--avoid", "RUS,IRN", "--years", "2030", "--json")
    every = json.loads(said("routes", *asked, "--compare", "TRIPP").stdout)["compare"][0]
    some = json.loads(
        said("routes", "KAZ", "mersin", "TRIPP", *asked[2:], "--compare", "with,without").stdout
    )["compare"][0]
    assert some == {name: value for name, value in every.items() if "through" not in name}
    assert len(some) == len(every) - 4


def test_a_year_after_all_changes_is_told(said):
    done = said("routes", "poti", "norfolk", "--year", 2400, "-k", 1)
    assert done.returncode == 0
    assert "the facts state no change of the network after" in done.stderr
    soon = said("routes", "poti", "norfolk", "--year", 2027, "-k", 1)
    assert "no change" not in soon.stderr


def test_coordinates_south_of_the_equator_are_no_option(run_command):
    done = run_command("routes", "-12.4,13.5", "rotterdam", "-k", 1)
    assert done.returncode == 0, done.stderr
    assert "km from lobito" in done.stdout

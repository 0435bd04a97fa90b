"""A case against the facts: names that do not exist, plants that do not fit the schema, bans that hit nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ytterby.chain import MINE, TRADE, Activity
from ytterby.errors import ScenarioError
from ytterby.facts import load
from ytterby.scenario import (
    Ban,
    PlantChange,
    Scenario,
    as_known,
    changed_plants,
    check_case,
    check_instruments,
    load_case,
    shut,
)
from ytterby.supply.evidence import trade


@pytest.fixture
def toy(write):
    return load_case(write())


def fault(case, base):
    with pytest.raises(ScenarioError) as raised:
        check_case(case, base)
    assert raised.value.remedy
    return raised.value


def complaint(function, *arguments):
    """What a check complains about, or nothing."""
    try:
        function(*arguments)
    except ScenarioError as error:
        return str(error)
    return ""


def test_the_cases_fit_the_facts(base, toy):
    assert complaint(check_case, toy, base) == ""
    assert complaint(check_case, load_case("central-asia"), base) == ""
    assert "importer" in complaint(check_case, replace(toy, importer="XYZ"), base)


@pytest.mark.parametrize(
    ("entry", "value", "where", "nearest"),
    [
        ("importer", "DEX", "importer", "DEU"),
        ("importer", "deu", "importer", "DEU"),
        ("importer", "Germany", "importer", "in all"),
        ("importer", "WLD", "importer", "in all"),
        ("supplier", "CHNA", "supplier", "CHN"),
        ("region", ("AUS", "AUX"), "region", "AUS"),
        ("commodity", "rare_earth", "commodity", "rare_earths"),
        ("claim", "AUS-MT-WELT", "claim", "AUS-MT-WELD"),
        ("demand_path", "STEP", "demand_path", "STEPS"),
        ("statements", ("S001", "S999"), "statements", "in all"),
    ],
)
def test_a_name_that_the_facts_do_not_have_is_refused_with_the_nearest(
    base, toy, entry, value, where, nearest
):
    error = fault(replace(toy, **{entry: value}), base)
    assert error.where == f"case toy {where}"
    assert nearest in error.allowed


@pytest.mark.parametrize(
    ("name", "hint"), [("germany", "use a country id, DEU for germany"), ("DEX", "use a country id")]
)
def test_who_writes_a_countrys_name_is_told_its_id(base, toy, name, hint):
    assert fault(replace(toy, importer=name), base).remedy == hint


def test_an_importer_that_is_the_supplier_is_refused(base, toy):
    error = fault(replace(toy, importer=toy.supplier), base)
    assert (error.where, error.allowed) == ("case toy supplier", "another country than the importer")


@pytest.mark.parametrize("row", ["ban", "plant", "deposit"])
def test_a_change_that_rests_on_no_row_is_refused(base, write, texts, row):
    text = getattr(texts, row)
    basis = "AUS-MT-WELD-RES" if row == "deposit" else "CHN-2025-REE-GTA"
    text = text.replace(f'basis = "{basis}"', 'basis = "CHN-2025-REE-GTX"')
    error = fault(load_case(write(stop=texts.reference + text)), base)
    assert error.where == "scenario stop"
    assert error.found == 'basis "CHN-2025-REE-GTX"'
    assert "CHN-2025-REE-GTA" in error.allowed


@pytest.mark.parametrize(
    ("old", "new", "role"), [('"CHN"', '"CHI"', "exporter"), ('"DEU"', '"suplier"', "importer")]
)
def test_a_ban_of_no_country_is_refused(base, write, texts, old, new, role):
    error = fault(load_case(write(stop=texts.reference + texts.ban.replace(old, new, 1))), base)
    assert error.where == f"scenario stop ban 1 {role}"


@pytest.mark.parametrize("entry", ["place", "reading", "low", "high"])
def test_a_reading_of_another_deposit_is_refused(base, write, texts, entry):
    lines = [
        f'{entry} = "KAZ-ZHANA-KZ-1"' if line.startswith(f"{entry} =") else line
        for line in texts.deposit.splitlines()
    ]
    error = fault(load_case(write(stop=texts.reference + "\n".join(lines))), base)
    assert error.where.startswith("scenario stop deposit ")


# -------------------------------------------------------------------------------------------------------- plants


def scenario(plant, add=False, **values):
    return Scenario("test", "", "", plants=(PlantChange(plant, add, values, "A test.", "CHN-2025-REE-GTA"),))


def refused(base, plant, add=False, **values):
    with pytest.raises(ScenarioError) as raised:
        changed_plants(scenario(plant, add, **values), base)
    assert plant in raised.value.where
    return raised.value


def test_a_change_sets_what_it_names_and_leaves_the_rest(base):
    before = base.row("US-MP-MINE")
    rows = {row["id"]: row for row in changed_plants(scenario("US-MP-MINE", status="suspended"), base)}
    assert rows["US-MP-MINE"] == {**before, "status": "suspended"}
    assert base.row("US-MP-MINE") == before
    assert len(rows) == len(base.rows("plants"))


def test_a_capacity_is_converted_to_tonnes(base):
    rows = {row["id"]: row for row in changed_plants(scenario("US-MP-MINE", capacity=1.5, unit="kt"), base)}
    assert (rows["US-MP-MINE"]["capacity"], rows["US-MP-MINE"]["unit"]) == (1500.0, "t")


def test_a_plant_can_be_added(base):
    new = {
        "name": "Hill",
        "country": "AUS",
        "stage": "magnet",
        "commodity": "ndfeb",
        "product": "magnets",
        "status": "planned",
    }
    rows = changed_plants(scenario("HILL", add=True, **new, capacity=10, unit="t", start_year=2028), base)
    assert rows[-1]["id"] == "HILL"
    assert (rows[-1]["capacity"], rows[-1]["start_year"], rows[-1]["owner"]) == (10, 2028, None)


@pytest.mark.parametrize("missing", ["country", "stage", "commodity", "product", "status"])
def test_a_plant_that_is_added_needs_what_the_chain_reads(base, missing):
    new = {
        "country": "AUS",
        "stage": "magnet",
        "commodity": "ndfeb",
        "product": "magnets",
        "status": "planned",
    }
    del new[missing]
    assert refused(base, "HILL", add=True, **new).found == f"no {missing}"


def test_a_plant_that_does_not_exist_is_refused_with_the_nearest(base):
    error = refused(base, "US-MP-MINES", status="suspended")
    assert "hits nothing" in error.found
    assert "US-MP-MINE" in error.allowed


def test_a_plant_that_exists_can_not_be_added(base):
    assert refused(base, "US-MP-MINE", add=True, status="planned").found == "a plant that exists"


@pytest.mark.parametrize(
    ("values", "column", "allowed"),
    [
        ({"capasity": 3.0}, "", "capacity"),
        ({"id": "OTHER"}, "", "in all"),
        ({"status": "closed"}, "status", "suspended"),
        ({"stage": 3}, "stage", "a text"),
        ({"status": True}, "status", "a text"),
        ({"status": ["operating"]}, "status", "a text"),
        ({"capacity": "1500", "unit": "t"}, "capacity", "a number"),
        ({"capacity": True, "unit": "t"}, "capacity", "a number"),
        ({"capacity": -1.0, "unit": "t"}, "capacity", "0 or more"),
        ({"capacity": float("nan"), "unit": "t"}, "capacity", "a number"),
        ({"capacity": float("inf"), "unit": "t"}, "capacity", "a number"),
        ({"capacity": 1.0}, "", "kt"),
        ({"capacity": 1.0, "unit": "km"}, "", "kt"),
        ({"capacity": 1.0, "unit": "tons"}, "", "kt"),
        ({"unit": "kt"}, "", "beside a number"),
        ({"start_year": 2028.5}, "start_year", "a year"),
        ({"start_year": 28}, "start_year", "a year"),
        ({"lat": 91}, "lat", "-90 to 90"),
        ({"country": "AUX"}, "country", "AUS"),
        ({"country": "US-MP-MINE"}, "country", "in all"),
        ({"commodity": "ndfeb2"}, "commodity", "ndfeb"),
        ({"ore_class": "granite"}, "ore_class", "bastnaesite"),
        ({"as_of": "soon"}, "as_of", "YYYY"),
        ({"owner": " "}, "owner", "a text"),
        ({"name": {"a": 1}}, "name", "a text"),
    ],
)
def test_a_value_that_the_schema_does_not_allow_is_refused(base, values, column, allowed):
    error = refused(base, "US-MP-MINE", **values)
    assert error.where.endswith(f"column {column}" if column else "US-MP-MINE")
    assert allowed in error.allowed


def test_a_broken_plant_is_found_before_anything_is_solved(base, write, texts):
    case = load_case(write(stop=texts.reference + texts.plant.replace('"planned"', '"perhaps"')))
    error = fault(case, base)
    assert error.where == "scenario stop, plant HILL column status"


# ---------------------------------------------------------------------------------------------------------- bans


def ban(exporter="*", importer="*", form="*", first=2025, last=None):
    return Ban(exporter, importer, form, first, last, "A test.", "row")


ACTIVITIES = (
    trade("CHN", "DEU", "magnet"),
    trade("CHN", "USA", "oxide:dy"),
    trade("JPN", "DEU", "oxide:tb"),
    Activity(TRADE, "home", "CHN", "magnet", (("CHN", "magnet@made", -1.0), ("CHN", "magnet", 1.0)), "CHN"),
    Activity(MINE, MINE, "CHN", "magnet", (("CHN", "magnet", 1.0),)),
)


@pytest.mark.parametrize(
    ("words", "hit"),
    [
        ({}, [True, True, True]),
        ({"exporter": "CHN"}, [True, True, False]),
        ({"importer": "DEU"}, [True, False, True]),
        ({"form": "magnet"}, [True, False, False]),
        ({"form": "oxide:*"}, [False, True, True]),
        ({"form": "oxide:d*"}, [False, True, False]),
        ({"exporter": "CHN", "importer": "DEU", "form": "oxide:*"}, [False, False, False]),
        ({"form": "oxide"}, [False, False, False]),
    ],
)
def test_a_ban_hits_trade_and_never_what_stays_at_home(words, hit):
    mask = shut(Scenario("test", "", "", bans=(ban(**words),)), ACTIVITIES)
    assert mask(2025).tolist() == [*hit, False, False]


def test_a_ban_holds_from_its_first_to_its_last_year():
    mask = shut(Scenario("test", "", "", bans=(ban(first=2026, last=2027),)), ACTIVITIES)
    assert [bool(mask(year).any()) for year in (2025, 2026, 2027, 2028)] == [False, True, True, False]
    for_ever = shut(Scenario("test", "", "", bans=(ban(first=2026),)), ACTIVITIES)
    assert for_ever(2100).any()


def test_bans_add_up():
    both = (ban(exporter="JPN", last=2025), ban(form="magnet", first=2025))
    mask = shut(Scenario("test", "", "", bans=both), ACTIVITIES)
    assert mask(2025).tolist() == [True, False, True, False, False]
    assert mask(2026).tolist() == [True, False, False, False, False]
    assert not np.any(shut(Scenario("test", "", ""), ACTIVITIES)(2025))


@pytest.mark.parametrize(
    "words", [{"exporter": "DEU"}, {"form": "oxide"}, {"form": "oxide:nd"}, {"importer": "FRA"}]
)
def test_a_ban_that_hits_nothing_is_refused(words):
    with pytest.raises(ScenarioError) as raised:
        check_instruments(Scenario("test", "", "", bans=(ban(**words),)), ACTIVITIES)
    assert "hits nothing" in raised.value.found
    assert raised.value.where == "scenario test"


def test_a_ban_that_hits_something_passes_and_closes_what_it_hits():
    scenario = Scenario("test", "", "", bans=(ban(form="oxide:*"),))
    assert complaint(check_instruments, scenario, ACTIVITIES) == ""
    closed = shut(scenario, ACTIVITIES)(scenario.bans[0].first)
    hit = [scenario.bans[0].hits(activity) for activity in ACTIVITIES]
    assert closed.tolist() == hit
    assert 0 < sum(hit) < len(hit)


# ----------------------------------------------------------------------------------------------- as of a date


def test_what_was_not_known_is_left_out_and_named(write, texts):
    early = load(as_of="2025-03-01")
    case = load_case(write(stop=texts.stop + texts.plant + texts.deposit))
    assert complaint(check_case, case, early) == ""
    known, left = as_known(case, early)
    stop = known.scenario("stop")
    assert (stop.bans, stop.plants) == ((), ())
    assert len(stop.deposits) == 1
    assert left == ("stop: what rests on CHN-2025-REE-GTA",)


def test_what_was_known_stays(base, toy):
    assert as_known(toy, base) == (toy, ())

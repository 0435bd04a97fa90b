"""Cases and scenarios as files: what is read, and how every fault is named in four parts."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ytterby.errors import ScenarioError
from ytterby.scenario import case_names, cases_folder, load_case


def fault(name):
    """The error of loading a case; all four parts are there."""
    with pytest.raises(ScenarioError) as raised:
        load_case(name)
    error = raised.value
    assert error.where
    assert error.found
    assert error.remedy
    assert str(error).startswith(f"{error.where}: found {error.found}")
    return error


# ------------------------------------------------------------------------------------------------- what is read


def test_every_shipped_case_is_read():
    assert "central-asia" in case_names()
    for name in case_names():
        case = load_case(name)
        assert case.name == name
        assert case.scenarios[0].name == "reference"
        assert set(case.roles.values()) <= {scenario.name for scenario in case.scenarios}
        reasons = [ban.reason for scenario in case.scenarios for ban in scenario.bans]
        assert all(reason.strip() for reason in reasons)


def test_a_case_is_read_by_name_by_path_and_from_inside(write, monkeypatch):
    folder = write()
    assert load_case(folder).name == "toy"
    assert load_case(folder + "/").name == "toy"
    monkeypatch.chdir(folder)
    assert load_case(".").name == "toy"
    assert load_case("central-asia").importer == "USA"


def test_a_case_is_what_its_file_says(write):
    case = load_case(write())
    assert (case.importer, case.supplier, case.region) == ("DEU", "CHN", ("AUS",))
    assert case.years == (2025, 2026)
    assert case.report_years == (2024, 2025, 2026)
    assert case.statements == ()
    assert [scenario.name for scenario in case.scenarios] == ["reference", "stop"]
    (ban,) = case.scenario("stop").bans
    assert (ban.exporter, ban.importer, ban.last) == ("supplier", "importer", None)
    (named,) = case.with_actors().scenario("stop").bans
    assert (named.exporter, named.importer, named.first) == ("CHN", "DEU", 2025)


def test_a_scenario_adds_to_what_it_extends(write, texts):
    case = load_case(
        write(
            reference=texts.reference + texts.ban,
            stop=texts.stop + texts.plant,
            more=texts.reference + 'extends = "stop"\n' + texts.deposit,
        )
    )
    more = case.scenario("more")
    assert [ban.form for ban in more.bans] == ["magnet", "*"]
    assert [change.plant for change in more.plants] == ["HILL"]
    assert [taken.start for taken in more.deposits] == [2025]
    assert len(case.scenario("reference").bans) == 1


@pytest.mark.parametrize("what", ["stop", "deposit"])
def test_a_change_that_starts_after_the_case_is_refused(write, texts, what):
    late = getattr(texts, what).replace(" = 2025", " = 2027")
    error = fault(write(stop=late if what == "stop" else texts.stop + late))
    assert "2027" in str(error)
    assert "up to 2026" in str(error)


# --------------------------------------------------------------------------------------------- no case, no file


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "central_asia",
        "Central-Asia",
        "x\0y",
        "a" * 5000,
        "/",
        "..",
        "\ud800",
        "central-asia/case.toml",
    ],
)
def test_a_case_that_does_not_exist_is_refused_and_the_known_ones_named(name):
    error = fault(name)
    assert error.where == "cases"
    assert "central-asia" in error.allowed


def test_a_scenario_that_does_not_exist_is_refused_and_the_nearest_named():
    with pytest.raises(ScenarioError) as raised:
        load_case("central-asia").scenario("refrence")
    assert '"refrence"' in raised.value.found
    assert "reference" in raised.value.allowed


def test_a_case_without_reference_is_refused(write):
    error = fault(write(reference=None))
    assert error.found == "no reference.toml"


def test_a_case_without_scenarios_folder_is_refused(tmp_path, texts):
    (tmp_path / "case.toml").write_text(texts.case)
    assert fault(str(tmp_path)).found == "no reference.toml"


def test_a_folder_in_the_place_of_a_scenario_is_refused(write):
    folder = Path(write())
    (folder / "scenarios" / "dir.toml").mkdir()
    assert "dir.toml" in fault(str(folder)).where


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_that_cannot_be_read_is_refused(write):
    folder = Path(write())
    (folder / "case.toml").chmod(0)
    assert fault(str(folder)).allowed == "a readable file"


# ------------------------------------------------------------------------------------------------- broken files


@pytest.mark.parametrize("file", ["case", "reference", "stop"])
@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "problems"),
        (b"\n# nothing\n", "problems"),
        (b"\xff\xfet\0", "byte 0 that is not UTF-8"),
        (b'title = "\xe9"', "byte 9 that is not UTF-8"),
        (b"\0" * 100, "no valid TOML"),
        (b"\x7fELF\x02\x01", "no valid TOML"),
        (b'title = "a"\ntitle = "b"\n', "no valid TOML"),
        (b"title = ", "no valid TOML"),
        (b"{}", "no valid TOML"),
        (b"title,description\na,b\n", "no valid TOML"),
        (b"a = " + b"[" * 5000, "brackets within brackets"),
        (b"a = " + b"9" * 5000, "no valid TOML"),
        ('title = "\ud83d"'.encode("utf-8", "surrogatepass"), "not UTF-8"),
    ],
)
def test_a_broken_file_is_refused_by_name(write, file, content, found):
    error = fault(write(**{file: content}))
    assert f"{file}.toml" in error.where
    assert found in error.found


@given(file=st.sampled_from(["case", "reference", "stop"]), content=st.binary(max_size=400))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_bytes_never_get_past_the_door(write, file, content):
    error = fault(write(**{file: content}))
    assert error.where.endswith(".toml") or ".toml" in error.where


@given(
    entry=st.sampled_from(
        [
            "title",
            "question",
            "importer",
            "region",
            "base_year",
            "last_year",
            "report_years",
            "forms",
            "claim",
            "roles",
        ]
    ),
    value=st.sampled_from(
        [
            "1",
            "-1",
            "true",
            "1.5",
            '""',
            '" "',
            "[]",
            "[[]]",
            "{}",
            "{a = 1}",
            "1979-05-27",
            "nan",
            "[1, 'a']",
            "9999999",
        ]
    ),
)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_entry_of_a_wrong_type_is_refused_by_name(write, texts, entry, value):
    lines = [
        line
        for line in texts.case.splitlines()
        if not line.startswith((f"{entry} =", "[roles]", "stops_one"))
    ]
    error = fault(write(case="\n".join([*lines, f"{entry} = {value}"])))
    assert entry in str(error)


@pytest.mark.parametrize(
    "entry",
    re.findall(
        r"^(\w+) =",
        """
title =
question =
commodity =
importer =
supplier =
region =
base_year =
last_year =
report_years =
forms =
demand_path =
claim =
""",
        re.MULTILINE,
    ),
)
def test_a_missing_entry_is_named(write, texts, entry):
    case = re.sub(rf"(?m)^{entry} = .*\n", "", texts.case)
    error = fault(write(case=case))
    assert error.where.endswith(f"column {entry}")
    assert error.found == "no entry"


def test_all_problems_of_a_file_are_told_at_once(write, texts):
    case = texts.case.replace("title", "titel").replace('importer = "DEU"', "importer = 3")
    error = fault(write(case=case))
    assert error.found.startswith("3 problems: ")
    for part in ("titel", "title", "importer"):
        assert part in error.found


def test_an_unknown_entry_is_named_with_the_nearest(write, texts):
    error = fault(write(case=texts.case.replace("[roles]", "[rolls]")))
    assert "rolls" in str(error)
    assert "roles" in error.allowed


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("ban", 'exporter = "CHN"\n'),
        ("ban", "first = 2025\n"),
        ("ban", 'reason = "A test."\n'),
        ("plant", 'basis = "CHN-2025-REE-GTA"\n'),
        ("plant", 'plant = "HILL"\n'),
        ("deposit", "start = 2025\n"),
        ("deposit", 'low = "AUS-MT-WELD-ORE"\n'),
    ],
)
def test_a_change_that_lacks_an_entry_is_named_by_number(write, texts, text, part):
    row = getattr(texts, text)
    error = fault(write(stop=texts.stop + texts.ban + row.replace(part, "")))
    number = 3 if text == "ban" else 1
    assert f"row {text} {number} column {part.partition(' ')[0]}" in error.where
    assert error.found == "no entry"


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("first = 2025", "first = 2025.5", '"2025.5"'),
        ("first = 2025", 'first = "2025"', '"2025"'),
        ("first = 2025", "first = 20", '"20"'),
        ('form = "magnet"', "form = 3", '"3"'),
        ('form = "magnet"', 'form = ""', '""'),
        ("first = 2025", "first = 2025\nlast = 2024", "2024"),
        ('form = "magnet"', 'form = "magnet"\nuntil = 2030', "an unknown entry"),
    ],
)
def test_a_ban_with_a_wrong_entry_is_refused(write, texts, old, new, found):
    assert fault(write(stop=texts.reference + texts.ban.replace(old, new))).found == found


@pytest.mark.parametrize("row", ['ban = "all"', "ban = 3", "[ban]\nexporter = 'CHN'", "ban = [1]", "[[ban]]"])
def test_bans_have_to_be_an_array_of_tables(write, texts, row):
    assert "ban" in str(fault(write(stop=texts.reference + row)))


@pytest.mark.parametrize(
    ("old", "new"), [("add = true", 'add = "yes"'), ("add = true", "add = 1"), ("set = {", "set = 3 #")]
)
def test_a_plant_with_a_wrong_entry_is_refused(write, texts, old, new):
    assert "plant 1" in fault(write(stop=texts.reference + texts.plant.replace(old, new))).where


# --------------------------------------------------------------------------------------- what does not fit together


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("last_year = 2026", "last_year = 2024", "last_year"),
        ("last_year = 2026", "last_year = 2025", "report_years"),
        ("[2024, 2025, 2026]", "[2024]", "report_years"),
        ("[2024, 2025, 2026]", "[2026, 2025]", "report_years"),
        ("[2024, 2025, 2026]", "[2024, 2024]", "report_years"),
        ("[2024, 2025, 2026]", "[2023, 2024]", "report_years"),
        ('["AUS"]', '["AUS", "AUS"]', "region"),
        ('importer = "DEU"', 'importer = "CHN"', "supplier"),
        ('stops_one = "stop"', 'stops_one = "stopp"', "stops_one"),
        ('stops_one = "stop"', "stops_one = 3", "stops_one"),
        ('stops_one = "stop"', 'stop_one = "stop"', "stop_one"),
    ],
)
def test_what_does_not_fit_together_is_refused(write, texts, old, new, column):
    assert old in texts.case
    error = fault(write(case=texts.case.replace(old, new)))
    assert column in error.where
    assert error.allowed


@pytest.mark.parametrize(
    ("reference", "stop", "found"),
    [
        ("", 'extends = "stop"\n', "leads back to itself"),
        ('extends = "stop"\n', 'extends = "reference"\n', "leads back to itself"),
        ("", 'extends = "refrence"\n', '"refrence"'),
        ('extends = "nothing"\n', "", '"nothing"'),
    ],
)
def test_extends_has_to_lead_to_an_end(write, texts, reference, stop, found):
    error = fault(write(reference=texts.reference + reference, stop=texts.reference + stop))
    assert found in error.found
    assert error.allowed


def test_a_long_ring_of_extends_is_found(write, texts):
    ring = {f"s{i}": texts.reference + f'extends = "s{(i + 1) % 30}"\n' for i in range(30)}
    assert "leads back to itself" in fault(write(**ring)).found


def test_the_shipped_cases_lie_where_the_package_looks():
    assert (cases_folder() / "central-asia" / "case.toml").is_file()

"""Runs of cases: the shipped one in full, a quick one of two years, and one about other countries."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

from ytterby.facts import data_folder
from ytterby.study import answer, load_case

CASE = """\
title = "Australia for Germany"
question = "What can Australia's rare earths do for Germany?"
commodity = "rare_earths"
importer = "DEU"
supplier = "CHN"
region = ["AUS"]
base_year = 2024
last_year = 2027
report_years = [2024, 2026, 2027]
forms = ["magnet", "oxide:ndpr"]
demand_path = "APS"
claim = "AUS-MT-WELD"
[roles]
stops_one = "siege"
announced = "boom"
claimed = "hill"
"""
SCENARIOS = {
    "reference": """\
title = "Reference"
description = "As things stand."
""",
    "siege": """\
title = "Siege"
description = "No Chinese magnet reaches Germany from 2025."
extends = "reference"
[[ban]]
exporter = "supplier"
importer = "importer"
form = "magnet"
first = 2025
reason = "A test."
basis = "CHN-2025-REE-GTA"
""",
    "boom": """\
title = "Boom"
description = "Nolans mines and separates on its date."
extends = "reference"
[[plant]]
plant = "AU-ARU-NOLANS"
set = { status = "operating", start_year = 2025 }
reason = "A test."
basis = "AU-ARU-NOLANS"
""",
    "hill": """\
title = "Hill"
description = "Mount Weld as large as its resource carries."
extends = "reference"
[[deposit]]
place = "AUS-MT-WELD"
reading = "AUS-MT-WELD-RES"
low = "AUS-MT-WELD-ORE"
high = "AUS-MT-WELD-RES"
start = 2025
reason = "A test."
basis = "AUS-MT-WELD-RES"
""",
}


@pytest.fixture(scope="session")
def full(base):
    """The shipped case with all years, scenarios and variants."""
    return answer(load_case("central-asia"), base)


@pytest.fixture(scope="session")
def quick_case():
    """The shipped case up to 2026."""
    return replace(load_case("central-asia"), last_year=2026, report_years=(2024, 2025, 2026))


@pytest.fixture(scope="session")
def quick(base, quick_case):
    """The answers of the quick case, without variants."""
    return answer(quick_case, base, variants=())


@pytest.fixture(scope="session")
def other_case(tmp_path_factory):
    """A case about Germany, China and Australia, with scenarios of other names."""
    folder = tmp_path_factory.mktemp("cases") / "weld"
    (folder / "scenarios").mkdir(parents=True)
    (folder / "case.toml").write_text(CASE, encoding="utf-8")
    for name, text in SCENARIOS.items():
        (folder / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8")
    return load_case(str(folder))


@pytest.fixture(scope="session")
def other(base, other_case):
    """The answers of the case about Germany."""
    return answer(other_case, base, variants=())


@pytest.fixture
def user_folder(tmp_path):
    """Write a user's folder with changed rows of shipped relations: relation -> {id: {column: text}}."""

    def write(**changes):
        for relation, rows in changes.items():
            with (data_folder() / f"{relation}.csv").open(encoding="utf-8", newline="") as stream:
                reader = csv.DictReader(stream)
                found = [{**row, **rows[row["id"]]} for row in reader if row["id"] in rows]
                header = reader.fieldnames
            assert len(found) == len(rows)
            assert header
            with (tmp_path / f"{relation}.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, header, lineterminator="\n")
                writer.writeheader()
                writer.writerows(found)
        return tmp_path

    return write

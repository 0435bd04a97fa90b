"""A case in a folder of its own, whose files a test can break."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

CASE = """\
title = "Australia for Germany"
question = "What can Australia's rare earths do for Germany?"
commodity = "rare_earths"
importer = "DEU"
supplier = "CHN"
region = ["AUS"]
base_year = 2024
last_year = 2026
report_years = [2024, 2025, 2026]
forms = ["magnet", "oxide:ndpr"]
demand_path = "STEPS"
claim = "AUS-MT-WELD"
[roles]
stops_one = "stop"
"""
REFERENCE = """\
title = "Reference"
description = "As things stand."
"""
STOP = """\
title = "Stop"
description = "The supplier sells no more to the importer."
extends = "reference"
[[ban]]
exporter = "supplier"
importer = "importer"
form = "*"
first = 2025
reason = "A test."
basis = "CHN-2025-REE-GTA"
"""
BAN = """
[[ban]]
exporter = "CHN"
importer = "DEU"
form = "magnet"
first = 2025
reason = "A test."
basis = "CHN-2025-REE-GTA"
"""
PLANT = """
[[plant]]
plant = "HILL"
add = true
set = { name = "Hill", country = "AUS", stage = "magnet", commodity = "ndfeb", product = "magnets", status = "planned" }
reason = "A test."
basis = "CHN-2025-REE-GTA"
"""
DEPOSIT = """
[[deposit]]
place = "AUS-MT-WELD"
reading = "AUS-MT-WELD-RES"
low = "AUS-MT-WELD-ORE"
high = "AUS-MT-WELD-RES"
start = 2025
reason = "A test."
basis = "AUS-MT-WELD-RES"
"""


@pytest.fixture(scope="session")
def texts():
    """The files of the case, and rows to add to a scenario."""
    return SimpleNamespace(case=CASE, reference=REFERENCE, stop=STOP, ban=BAN, plant=PLANT, deposit=DEPOSIT)


@pytest.fixture
def write(tmp_path):
    """Write the case with some of its files changed (None leaves a file out) and return the folder's name."""

    def write(**files):
        folder = tmp_path / "toy"
        (folder / "scenarios").mkdir(parents=True, exist_ok=True)
        for name, text in ({"case": CASE, "reference": REFERENCE, "stop": STOP} | files).items():
            path = folder / "case.toml" if name == "case" else folder / "scenarios" / f"{name}.toml"
            if text is not None:
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
            elif path.exists():
                path.unlink()
        return str(folder)

    return write

# SPDX-License-Identifier: Apache-2.0
"""Quotas, tariffs, floors and conduct in a scenario's file: read, checked, inherited, said in words."""

from __future__ import annotations

import pytest

from ytterby.errors import ScenarioError
from ytterby.report.record import scenario_record
from ytterby.scenario import check_case, load_case

WHY = 'first = 2025\nreason = "A test."\nbasis = "CHN-2025-REE-GTA"\n'
FLOWS = 'exporter = "supplier"\nimporter = "importer"\nform = "magnet"\n'
QUOTA = f"[[quota]]\n{FLOWS}tonnes = 500\n{WHY}"
TARIFF = f"[[tariff]]\n{FLOWS}share = 0.25\n{WHY}"
HAZARD = f"[[hazard]]\n{FLOWS}seed = 7\nlasts = 2\n{WHY}"
FLOOR = f'[[floor]]\nplace = "importer"\nform = "magnet"\nusd_per_t = 60000\n{WHY}'
CONDUCT = f'[[conduct]]\nsupplier = "supplier"\nform = "magnet"\ntheta = 0.5\n{WHY}'


@pytest.mark.parametrize(("said", "lasts"), [("2", 2), ('"drawn"', "drawn")])
def test_a_drawn_stop_lasts_a_number_of_years_or_as_drawn(write, texts, said, lasts):
    case = load_case(write(stop=texts.stop + HAZARD.replace("lasts = 2", f"lasts = {said}")))
    (hazard,) = case.with_actors().scenario("stop").hazards
    assert hazard.lasts == lasts


def test_instruments_are_read_and_said(write, texts, base):
    case = load_case(write(stop=texts.stop + QUOTA + TARIFF + FLOOR + CONDUCT))
    check_case(case, base)
    stop = case.with_actors().scenario("stop")
    assert [change["what"] for change in scenario_record(stop)["changes"]][1:] == [
        "at most 500 t of magnet from CHN to DEU, 2025 on",
        "a tariff of 0.25 of the base price on magnet from CHN to DEU, 2025 on",
        "conduct 0.5 of CHN in selling magnet (base year 0), 2025 on",
        "magnet bought in DEU at 60000 USD/t, 2025 on",
    ]


@pytest.mark.parametrize(
    ("row", "old", "new", "found"),
    [
        (QUOTA, "tonnes = 500", "tonnes = -1", "quota 1 column tonnes"),
        (QUOTA, "tonnes = 500", "", "quota 1 column tonnes: found no entry"),
        (TARIFF, "share = 0.25", "", "tariff 1: found no rate"),
        (TARIFF, "share = 0.25", "share = 0.25\nusd_per_t = 3", "both share and usd_per_t"),
        (CONDUCT, "theta = 0.5", "theta = 1.5", "a number from 0 to 1"),
        (CONDUCT, "theta", "teta", "conduct 1 column teta"),
        (FLOOR, "usd_per_t = 60000", 'usd_per_t = "60000"', "floor 1 column usd_per_t"),
        (FLOOR, "first = 2025", "first = 2025\nlast = 2024", "floor 1 column last"),
        (QUOTA, "first = 2025", "first = 2099", "2099"),
        (HAZARD, "seed = 7", "", "hazard 1 column seed: found no entry"),
        (HAZARD, "seed = 7", "seed = -1", "hazard 1 column seed"),
        (HAZARD, "lasts = 2", 'lasts = "often"', '1 or more, or "drawn"'),
        (HAZARD, "lasts = 2", "lasts = 0", '1 or more, or "drawn"'),
        (HAZARD, "lasts = 2", "lasts = 0", "a whole number, 1 or more"),
    ],
)
def test_a_row_at_fault_is_named(write, texts, row, old, new, found):
    with pytest.raises(ScenarioError) as raised:
        load_case(write(stop=texts.stop + row.replace(old, new)))
    assert found in str(raised.value)


@pytest.mark.parametrize(
    ("row", "old", "new", "where"),
    [
        (QUOTA, '"supplier"', '"CHX"', "quota 1 exporter"),
        (TARIFF, '"importer"', '"DEX"', "tariff 1 importer"),
        (CONDUCT, '= "supplier"', '= "CHX"', "conduct 1 exporter"),
        (HAZARD, '= "supplier"', '= "CHX"', "hazard 1 exporter"),
        (FLOOR, '"importer"', '"*"', "floor 1 place"),
        (FLOOR, "CHN-2025-REE-GTA", "CHN-2025-REE", "scenario stop"),
    ],
)
def test_names_that_do_not_exist_are_refused(write, texts, base, row, old, new, where):
    case = load_case(write(stop=texts.stop + row.replace(old, new)))
    with pytest.raises(ScenarioError) as raised:
        check_case(case, base)
    assert where in raised.value.where

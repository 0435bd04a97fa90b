"""Words, tables and small parts of a run, by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.errors import ModelError, ScenarioError
from ytterby.study.answers import _whither
from ytterby.study.claim import readings, reserves
from ytterby.study.context import Table
from ytterby.study.measures import Measure, against
from ytterby.study.run import CENTRAL, VARIANTS, shared_key
from ytterby.study.tables import tables_of
from ytterby.study.trade_record import region_exports
from ytterby.study.words import form_name, number, percent, place_name, times, tonnes, whose

# --------------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ((0.79, 0.79, 0.79), "79 %"), ((0.781, 0.79, 0.8), "79 % (78 to 80)"), ((0, 0, 0), "0 %"), ((1, 1, 1), "100 %"),
        ((0.0005, 0.0005, 0.0005), "under 0.1 %"), ((0.042, 0.046, 0.05), "4.6 % (4.2 to 5)"),
    ],
)  # fmt: skip
def test_shares_in_words(figure, text):
    assert percent(figure) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1234, "1 230"), (12345678, "12 300 000"), (999.9, "1000"), (0.456, "0.456"), (-3.333, "-3.33"), (12.7, "12.7")],
)  # fmt: skip
def test_numbers_in_words(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        (20e6, "20 Mt"), (54800.0, "54.8 kt"), (1100.0, "1 100 t"), (0.548, "0.548 t"), (0.0, "0 t"),
        ((2670, 2790, 3050), "2 790 t (2 670 to 3 050)"),
        ((0.0, 54800, 59500), "54.8 kt (0 to 59.5)"), ((5.0, 5.0, 5.0), "5 t"),
    ],
)  # fmt: skip
def test_tonnes_in_words(figure, text):
    assert tonnes(figure) == text


def test_other_words(base):
    assert times((1.8, 2.0, 2.3)) == "2.0 times (1.8 to 2.3)"
    assert times((2.0, 2.0, 2.0)) == "2.0 times"
    assert (whose("the United States"), whose("Germany")) == ("the United States'", "Germany's")
    assert (place_name(base, "USA"), place_name(base, "DEU")) == ("the United States", "Germany")
    assert (form_name("oxide:dy"), form_name("concentrate:ionic")) == (
        "dysprosium oxide",
        "concentrate ionic",
    )


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_share_in_words_is_a_share_of_a_hundred(one, two, three):
    low, middle, high = sorted((one, two, three))
    text = percent((low, middle, high))
    assert " %" in text
    assert "nan" not in text


# --------------------------------------------------------------------------------------------------------- tables


def measure(value, name="use", year=2024, scenario="reference", form="magnet"):
    return Measure(name, form, year, scenario, value, "t")


def test_a_table_holds_the_middle_and_the_extremes():
    table = Table.of([measure(5.0)], [measure(3.0), measure(9.0), measure(1.0, year=2030)])
    assert table("use", "magnet", 2024, "reference") == (3, 5, 9)
    assert table.knows("use", "magnet", 2024, "reference")
    assert not table.knows("use", "magnet", 2030, "reference")
    with pytest.raises(ModelError) as raised:
        table("use", "magnet", 2030, "reference")
    assert "no use of magnet in 2030" in raised.value.found


def test_a_scenario_against_the_reference():
    before = [measure(100.0, "demand"), measure(10.0, "price"), measure(0.0, "demand", form="oxide:y")]
    after = [
        measure(80.0, "demand", scenario="stop"), measure(25.0, "price", scenario="stop"), measure(1.0, "use", scenario="stop"),
        measure(1.0, "demand", scenario="stop", form="oxide:y"),
    ]  # fmt: skip
    found = against(before, after)
    assert {m.scenario for m in found} == {"stop"}
    assert {m.measure: m.value for m in found} == pytest.approx({"unserved_share": 0.2, "price_ratio": 2.5})


def test_variants_that_move_no_evidence_share_a_base_year():
    shared = [variant.name for variant in VARIANTS if shared_key(variant) == shared_key(CENTRAL)]
    assert "demand elasticities low" in shared
    assert "demand on the path of announced pledges" in shared
    assert "lowest among conflicting facts" not in shared


def test_a_solved_scenario_as_tables(quick):
    solved = quick.solved["china-stops-usa"]
    tables = tables_of(solved, [2026])
    assert set(tables) == {"flows", "activities", "prices", "rents", "stocks", "limits", "freight", "years"}
    assert {row["year"] for rows in tables.values() for row in rows} == {2026}
    assert not [row for row in tables["flows"] if (row["exporter"], row["importer"]) == ("CHN", "USA")]
    assert all(row["quantity_t"] > 0 for row in (*tables["flows"], *tables["activities"]))
    assert all(
        row["capacity_t"] is None or row["quantity_t"] <= row["capacity_t"] * (1 + 1e-9)
        for row in tables["activities"]
    )
    assert len(tables_of(solved)["years"]) == 3


def test_flows_and_output_as_tables_close_the_importer_s_balance(quick):
    """What arrives in the United States of magnets is used there or passed on."""
    tables = tables_of(quick.solved["reference"], [2024])
    arriving = sum(
        r["quantity_t"] for r in tables["flows"] if r["importer"] == "USA" and r["form"] == "magnet"
    )
    passed = sum(
        r["quantity_t"] for r in tables["flows"]
        if r["exporter"] == "USA" and r["form"] == "magnet" and r["name"] == "re-export"
    )  # fmt: skip
    used = sum(
        r["quantity_t"]
        for r in tables["activities"]
        if (r["kind"], r["place"], r["form"]) == ("demand", "USA", "magnet")
    )
    assert arriving == pytest.approx(used + passed, rel=1e-6)


def test_a_year_that_was_not_solved_is_refused(quick):
    with pytest.raises(ScenarioError) as raised:
        tables_of(quick.solved["reference"], [2030])
    assert (raised.value.found, raised.value.allowed) == ("year 2030", "2024 to 2026")


# ---------------------------------------------------------------------------------------- claims and trade records


def test_readings_stand_side_by_side_and_unconfirmed_ones_stay_out(base):
    found = readings(base, "KAZ-ZHANA-KZ")
    assert [r.reo_t for r in found] == sorted((r.reo_t for r in found), reverse=True)
    assert found[0].contained_t == 20e6
    for reading in found:
        # light ore is about 84 % metal by weight: La2O3 85.3 %, CeO2 81.4 %, Nd2O3 85.7 %
        ratio = reading.contained_t / reading.reo_t
        assert (0.81 < ratio < 0.86) if reading.content == "element" else ratio == 1
        assert (len(reading.basis) > 1) == (reading.content == "element")
    assert {r.confidence for r in found} <= {"official", "reported", "estimated"}
    assert readings(base, "NO-SUCH-HILL") == ()


def test_reserves_are_in_oxide_and_none_where_none_is_published(base):
    china = reserves(base, "CHN", "rare_earths")
    assert china is not None
    assert china.value == pytest.approx(44e6)
    assert reserves(base, "EST", "rare_earths") is None


def test_exports_of_a_region_are_rows_with_a_quantity(base, quick_case):
    record = region_exports(base, quick_case)
    assert record
    assert {r.exporter for r in record} <= set(quick_case.region)
    assert {r.year for r in record} <= {2023, 2024}
    for export in record:
        row = base.row(export.id)
        assert export.quantity == row["quantity_t"]
        assert export.value == pytest.approx(1000 * row["value_kusd"])


class _Held:
    """A table of what the region holds and separates."""

    def __init__(self, held, made):
        self.figures = {"region_potential": held, "region_output": made}

    def __call__(self, measure, *_):
        return (self.figures[measure],) * 3

    def knows(self, *_):
        return False


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (25.0, "25 % of its NdPr is separated there"),
        (100.0 + 1e-9, "100 % of its NdPr is separated there"),
        (130.0, "plants there separate 130 t of NdPr, 30 t of it from elsewhere"),
    ],
)
def test_more_separated_than_mined_is_said(base, made, said):
    context: Any = SimpleNamespace(
        base=base, case=SimpleNamespace(importer="USA", supplier="CHN"), table=_Held(100.0, made)
    )
    assert _whither(context, 2035, "any") == [said]

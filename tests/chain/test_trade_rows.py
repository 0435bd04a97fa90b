"""How trade rows are read: each rule on rows made for it and on their neighbours, then the rows of 2024 themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ytterby.supply.trade_rows import OXIDES, Evidence, Excluded, read_row, split_at

PRICES = {
    "ndpr": 55.0, "dy": 257.0, "tb": 812.0, "smeugd": 15.0, "lace": 1.1, "y": 6.0, "other": 77.0,
    "ndpr_metal": 68.0, "mischmetal": 5.4,
}  # fmt: skip
MIX = {"ndpr": 0.24, "dy": 0.006, "tb": 0.002, "smeugd": 0.034, "lace": 0.68, "y": 0.032, "other": 0.006}
CONTENT = {
    "concentrate": (0.35, 0.4, 0.6), "ionic": (0.6, 0.85, 0.92), "compounds": (0.45, 0.6, 1.0), "oxide": (0.92, 0.98, 1.0),
    "metal": (1.15, 1.2, 1.25),
}  # fmt: skip
EVIDENCE = Evidence(
    {"AUS": ("monazite",), "MMR": ("ionic",), "CHN": ("mixed", "ionic"), "RUS": ("loparite", "ionic")},
    frozenset({"CHN", "MYS"}), PRICES, MIX, CONTENT,
)  # fmt: skip
BASKET = sum(MIX[group] * PRICES[group] for group in OXIDES)


def row(code, exporter, importer, quantity, unit_value):
    """A trade row of a unit value in USD/kg."""
    value = 5.0 if quantity is None else quantity * unit_value
    return {
        "id": f"baci-{code}-2024-{exporter}-{importer}", "code": code, "exporter": exporter, "importer": importer,
        "quantity_t": quantity, "value_kusd": value,
    }  # fmt: skip


def read(code, exporter, importer, quantity, unit_value):
    """The row read: form -> tonnes and the rule, or the exclusion."""
    found = read_row(row(code, exporter, importer, quantity, unit_value), EVIDENCE)
    if isinstance(found, Excluded):
        return found
    (rule,) = {reading.rule for reading in found}
    assert all(reading.low <= reading.tonnes <= reading.high for reading in found)
    return {reading.form: reading.tonnes for reading in found}, rule


@pytest.mark.parametrize("quantity", [None, 0.0, -1.0])
@pytest.mark.parametrize("code", ["280530", "284610", "284690"])
def test_a_row_without_quantity_is_kept_out(code, quantity):
    found = read(code, "MMR", "CHN", quantity, 10.0)
    assert (found.rule, found.quantity_t) == ("no-quantity", quantity)


@pytest.mark.parametrize("code", ["280530", "284610", "284690"])
def test_a_row_cheaper_than_a_tenth_of_the_cheapest_oxide_is_kept_out(code):
    found = read(code, "TUR", "BEN", 40700.0, 0.053)
    assert found.rule == "implausible-unit-value"
    assert "0.053 USD/kg" in found.reason
    assert "0.11 USD/kg" in found.reason
    assert not isinstance(read(code, "TUR", "BEN", 40700.0, 0.111), Excluded)


def test_cheap_metal_of_a_miner_to_a_separator_is_concentrate():
    forms, rule = read("280530", "AUS", "MYS", 31000.0, 4.0)
    assert rule == "concentrate-as-metal"
    assert forms == {"concentrate:monazite": pytest.approx(31000 * 0.4)}


@pytest.mark.parametrize(
    ("exporter", "importer", "unit_value"),
    [("MYS", "AUS", 4.0), ("AUS", "JPN", 4.0), ("CHN", "MYS", 4.0), ("DEU", "MYS", 4.0), ("AUS", "MYS", 5.5)],
)
def test_other_metal_is_metal(exporter, importer, unit_value):
    """Back, to a place without plant, from a separator, from a place without mine, or dearer than mischmetal."""
    _, rule = read("280530", exporter, importer, 100.0, unit_value)
    assert rule == "metal-split"


@pytest.mark.parametrize(
    ("unit_value", "ndpr", "lace"), [(2.0, 0, 120), (5.4, 0, 120), ((5.4 + 68) / 2, 50, 60), (68.0, 100, 0), (900.0, 100, 0)]
)  # fmt: skip
def test_metal_lies_between_mischmetal_and_ndpr(unit_value, ndpr, lace):
    forms, rule = read("280530", "CHN", "JPN", 100.0, unit_value)
    wanted = {form: t for form, t in (("metal:ndpr", ndpr), ("oxide:lace", lace)) if t}
    assert (forms, rule) == (pytest.approx(wanted), "metal-split")


@pytest.mark.parametrize("code", ["284610", "284690"])
def test_compounds_of_an_ionic_miner_to_a_separator_are_feed(code):
    assert read(code, "MMR", "CHN", 100.0, 20.0) == (
        {"concentrate:ionic": pytest.approx(85.0)},
        "ionic-product",
    )


@pytest.mark.parametrize("code", ["284610", "284690"])
def test_compounds_of_a_hard_rock_miner_to_a_separator_are_feed(code):
    assert read(code, "RUS", "CHN", 100.0, 5.0) == (
        {"concentrate:loparite": pytest.approx(60.0)},
        "mixed-compounds",
    )


@pytest.mark.parametrize(
    ("exporter", "importer", "unit_value"),
    [("CHN", "MMR", 20.0), ("MMR", "JPN", 20.0), ("CHN", "MYS", 20.0), ("JPN", "CHN", 20.0),
     ("MMR", "CHN", 0.85 * 3 * BASKET + 0.1), ("RUS", "CHN", 0.6 * 3 * BASKET + 0.1)],
)  # fmt: skip
def test_other_compounds_are_no_feed(exporter, importer, unit_value):
    """Back, to a place without plant, from a separator, from a place without mine, or too dear for feed."""
    _, rule = read("284690", exporter, importer, 100.0, unit_value)
    assert rule == "unit-value-split"


def test_feed_may_cost_three_baskets():
    assert read("284690", "MMR", "CHN", 100.0, 0.85 * 3 * BASKET - 0.1)[1] == "ionic-product"


@pytest.mark.parametrize("unit_value", [1.0, 8.0, 500.0])
def test_cerium_compounds_are_cheap_oxides_however_dear(unit_value):
    assert read("284610", "CHN", "JPN", 100.0, unit_value) == (
        {"oxide:lace": pytest.approx(60)},
        "cerium-compounds",
    )


def test_compounds_dearer_than_terbium_are_specialties():
    assert read("284690", "NOR", "IRL", 1.0, 812 * 0.98 + 1) == (
        {"oxide:other": pytest.approx(0.98)},
        "specialty",
    )
    assert read("284690", "NOR", "IRL", 1.0, 812 * 0.98 - 1)[1] == "unit-value-split"


@given(st.floats(0.12, 700))
def test_a_split_row_is_worth_what_was_paid_for_it(unit_value):
    """From the cheap oxides up to Dy and Tb, the groups' prices add up to the unit value."""
    forms, rule = read("284690", "CHN", "JPN", 10.0, unit_value)
    content = 0.98 if unit_value > BASKET else 0.6
    assert rule == "unit-value-split"
    assert sum(forms.values()) == pytest.approx(10 * content)
    value = sum(tonnes * PRICES[form.removeprefix("oxide:")] for form, tonnes in forms.items())
    heavy = (0.006 * 257 + 0.002 * 812) / 0.008
    assume(PRICES["lace"] <= unit_value / content <= heavy)
    assert value == pytest.approx(10 * unit_value, rel=1e-9)


@given(
    st.floats(0.01, 1e4),
    st.lists(st.floats(0.01, 1), min_size=7, max_size=7),
    st.tuples(st.floats(0.5, 2), st.floats(3, 20), st.floats(40, 100), st.floats(150, 400), st.floats(500, 2000)),
)  # fmt: skip
def test_a_split_is_a_distribution_and_hits_the_unit_value(unit_value, weights, levels):
    weights = [w * {"lace": 1, "ndpr": 0.5}.get(g, 0.02) for g, w in zip(OXIDES, weights, strict=True)]
    mix = dict(zip(OXIDES, (weight / sum(weights) for weight in weights), strict=True))
    lace, middle, ndpr, dy, tb = levels
    prices = {
        "lace": lace, "y": middle, "smeugd": middle, "other": middle, "ndpr": ndpr, "dy": dy, "tb": tb,
    }  # fmt: skip
    heavy = (mix["dy"] * dy + mix["tb"] * tb) / (mix["dy"] + mix["tb"])
    shares = split_at(unit_value, mix, prices)
    assert min(shares.values()) >= 0
    assert sum(shares.values()) == pytest.approx(1)
    mean = sum(share * prices[group] for group, share in shares.items())
    assert mean == pytest.approx(min(max(unit_value, lace), heavy), rel=1e-9)


def test_a_split_moves_up_with_the_price():
    """Dearer rows hold no less of the dear groups."""
    before = 0.0
    for unit_value in (0.5, 2, 10, 16, 30, 55, 100, 400, 900):
        shares = split_at(unit_value, MIX, PRICES)
        dear = sum(shares.get(group, 0.0) for group in ("ndpr", "dy", "tb"))
        assert dear >= before - 1e-12
        before = dear


def test_rules_look_at_plants_and_not_at_names():
    """The same row read with the plants of two other countries."""
    moved = replace(EVIDENCE, ore_classes={"CAN": ("monazite",)}, separators=frozenset({"NOR"}))
    for exporter, importer, rule in (("CAN", "NOR", "concentrate-as-metal"), ("AUS", "MYS", "metal-split")):
        found = read_row(row("280530", exporter, importer, 10.0, 4.0), moved)
        assert not isinstance(found, Excluded)
        assert [reading.rule for reading in found] == [rule]


# ---------------------------------------------------------------------------------------------- the rows of 2024


@pytest.fixture(scope="module")
def rows_of_2024(prepared):
    evidence = prepared.gathered.evidence
    found: dict[str, list[Any]] = {}
    for reading in (*evidence.readings, *evidence.excluded):
        found.setdefault(reading.row, []).append(reading)
    return found


@pytest.mark.parametrize(
    ("row", "form", "rule"),
    [
        ("baci-280530-2024-AUS-MYS", "concentrate:monazite", "concentrate-as-metal"),
        ("baci-284690-2024-MMR-CHN", "concentrate:ionic", "ionic-product"),
        ("baci-284690-2024-LAO-CHN", "concentrate:ionic", "ionic-product"),
        ("baci-284610-2024-RUS-EST", "concentrate:loparite", "mixed-compounds"),
        ("baci-284690-2024-NOR-IRL", "oxide:other", "specialty"),
    ],
)
def test_a_row_of_2024_is_read(rows_of_2024, row, form, rule):
    (reading,) = rows_of_2024[row]
    assert (reading.form, reading.rule) == (form, rule)


def test_the_largest_row_of_2024_that_is_no_rare_earth_is_kept_out(rows_of_2024):
    (out,) = rows_of_2024["baci-284690-2024-TUR-BEN"]
    assert (out.rule, round(out.quantity_t)) == ("implausible-unit-value", 40700)


def test_every_row_of_2024_is_either_read_or_kept_out_with_a_reason(base, prepared, rows_of_2024):
    rows = {row["id"]: row for row in base.trade(["280530", "284610", "284690"], [2024])}
    assert rows_of_2024.keys() == rows.keys()
    assert all(len({type(reading) for reading in found}) == 1 for found in rows_of_2024.values())
    assert all(out.reason for out in prepared.gathered.evidence.excluded)
    unread = sum(rows[out.row]["value_kusd"] for out in prepared.gathered.evidence.excluded)
    assert unread < 0.01 * sum(row["value_kusd"] for row in rows.values())


def test_tonnes_of_2024_stay_within_what_was_shipped(base, rows_of_2024):
    """Metals count up to 1.25 t of oxide a tonne; nothing else counts more than its gross weight."""
    rows = {row["id"]: row for row in base.trade(["280530", "284610", "284690"], [2024])}
    for name, found in rows_of_2024.items():
        read = [reading for reading in found if not isinstance(reading, Excluded)]
        most = 1.25 if rows[name]["code"] == "280530" else 1.0
        if read:
            assert sum(reading.tonnes for reading in read) <= most * rows[name]["quantity_t"] * (1 + 1e-9)
            assert all(0 <= reading.low <= reading.tonnes <= reading.high for reading in read)

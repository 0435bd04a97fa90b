"""Units: exact decimal factors, errors by name."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.errors import UnitError
from ytterby.units import Unit, convert, find_unit

UNITS = {
    "t": Unit("t", "mass", "t", Decimal(1)),
    "kt": Unit("kt", "mass", "t", Decimal(1000)),
    "lb": Unit("lb", "mass", "t", Decimal("0.00045359237")),
    "USD": Unit("USD", "money", "USD", Decimal(1)),
}


def test_factors_multiply_in_decimals():
    assert convert(0.07, "kt", "t", UNITS) == 70
    assert convert(2000, "lb", "t", UNITS) == 0.90718474
    assert convert(5, "kt", "kt", UNITS) == 5
    assert UNITS["kt"].to_canonical(0.27) == 270


@given(st.floats(1e-6, 1e9), st.sampled_from(["t", "kt", "lb"]), st.sampled_from(["t", "kt", "lb"]))
def test_there_and_back(value, unit, to):
    assert convert(convert(value, unit, to, UNITS), to, unit, UNITS) == pytest.approx(value, rel=1e-12)


def test_unknown_unit_is_an_error_with_the_nearest():
    with pytest.raises(UnitError, match=r'unit: found "KT" \(allowed: t, kt, lb, USD\)'):
        find_unit("KT", UNITS)


def test_quantities_do_not_mix():
    with pytest.raises(UnitError, match=r'"kt", a unit of mass, for a money in "USD" \(allowed: USD\)'):
        convert(1, "kt", "USD", UNITS)

# SPDX-License-Identifier: Apache-2.0
"""Canonical units: each unit knows its quantity, its canonical unit and the factor between them.

The table of units comes from the fact base (`units.csv`); this module holds no factor of its own.
Factors multiply in decimal arithmetic, so that 0.07 kt is 70 t and not 70.00000000000001 t.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ytterby.errors import UnitError, allowed_names, quoted


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: one `id` is `factor` of its `canonical` unit."""

    id: str
    quantity: str
    canonical: str
    factor: Decimal

    def to_canonical(self, value: float) -> float:
        """`value` of this unit in the canonical unit of its quantity."""
        return value if self.factor == 1 else float(Decimal(repr(float(value))) * self.factor)


def find_unit(name: str, units: Mapping[str, Unit]) -> Unit:
    """The unit called `name`.

    Raises
    ------
    UnitError : no unit has that name
    """
    unit = units.get(name)
    if unit is None:
        raise UnitError(
            "unit", quoted(name), allowed_names(name, units), "use a unit of units.csv or add a row there"
        )
    return unit


def convert(value: float, unit: str, to: str, units: Mapping[str, Unit]) -> float:
    """Convert `value` from `unit` to `to`.

    Raises
    ------
    UnitError : a unit is unknown, or the two measure different quantities
    """
    given, wanted = find_unit(unit, units), find_unit(to, units)
    if given.quantity != wanted.quantity:
        same = [known.id for known in units.values() if known.quantity == wanted.quantity]
        found = f"{quoted(unit)}, a unit of {given.quantity}, for a {wanted.quantity} in {quoted(to)}"
        raise UnitError("unit", found, allowed_names(unit, same), "give a unit of the same quantity")
    if given is wanted:
        return value
    return float(Decimal(repr(float(value))) * given.factor / wanted.factor)

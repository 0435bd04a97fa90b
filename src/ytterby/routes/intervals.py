# SPDX-License-Identifier: Apache-2.0
"""Intervals: a low, a middle and a high reading of one non-negative figure.

Sums and products take low with low and high with high, so that an interval of a sum is the widest the parts allow.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """Low, middle and high reading of a figure; 0 <= low <= mid <= high."""

    low: float
    mid: float
    high: float

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.mid + other.mid, self.high + other.high)

    def __mul__(self, other: Interval) -> Interval:
        return Interval(self.low * other.low, self.mid * other.mid, self.high * other.high)

    def per(self, other: Interval) -> Interval:
        """Quotient: low over high, middle over middle, high over low."""
        return Interval(self.low / other.high, self.mid / other.mid, self.high / other.low)

    def times(self, factor: float) -> Interval:
        """Every reading times a non-negative factor."""
        return Interval(self.low * factor, self.mid * factor, self.high * factor)


NOTHING = Interval(0.0, 0.0, 0.0)


def total(parts: list[Interval]) -> Interval:
    """Sum of intervals."""
    found = NOTHING
    for part in parts:
        found += part
    return found

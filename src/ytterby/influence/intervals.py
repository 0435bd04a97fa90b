# SPDX-License-Identifier: Apache-2.0
"""A figure between its bounds: what is known, and how far it can lie from that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Interval(NamedTuple):
    """A figure with its lowest and highest feasible value; all three agree where nothing is open."""

    low: float
    value: float
    high: float

    @staticmethod
    def exact(value: float) -> Interval:
        """A figure without doubt."""
        return Interval(value, value, value)

    @property
    def is_exact(self) -> bool:
        """Whether nothing is open."""
        return self.low == self.high

    def times(self, factor: float) -> Interval:
        """The interval times a factor that is not negative."""
        return Interval(self.low * factor, self.value * factor, self.high * factor)


def total(intervals: Iterable[Interval]) -> Interval:
    """Sum of intervals, end by end."""
    ends = list(intervals)
    return Interval(*(sum(column) for column in zip(*ends, strict=True))) if ends else Interval.exact(0.0)


def mean(intervals: Iterable[Interval]) -> Interval:
    """Mean of intervals, end by end; at least one."""
    ends = list(intervals)
    return total(ends).times(1 / len(ends))


def hull(intervals: Sequence[Interval]) -> Interval:
    """From the lowest to the highest of several, at least one; the value is the mean of their values."""
    return Interval(
        min(one.low for one in intervals), mean(intervals).value, max(one.high for one in intervals)
    )


def share(part: Interval, others: Interval) -> Interval | None:
    """Share of a part in part and others: lowest with the least part and the most of others; None when all is 0.

    An end whose whole is nothing is left where it says least: 0 below, 1 above.
    """
    if part.high + others.high <= 0:
        return None
    ends = ((part.low, others.high, 0.0), (part.high, others.low, 1.0))
    low, high = (one / (one + rest) if one + rest > 0 else least for one, rest, least in ends)
    middle = part.value + others.value
    return Interval(low, part.value / middle if middle > 0 else low, high)

"""Dates of three lengths, and the days they can mean."""

from __future__ import annotations

import pytest

from ytterby.facts.dates import first_day, last_day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2025-11-08", "2025-11-08", "2025-11-08"),
        ("9999-12", "9999-12-01", "9999-12-31"),
    ],
)
def test_days_of_a_date(text, first, last):
    assert (first_day(text), last_day(text)) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "24", "2024-13", "2024-02-30", "2024-1", "0000", "20240101", "2024-01-01T00"]
)
def test_what_is_no_date(text):
    with pytest.raises(ValueError, match=r"date|month|year|day"):
        last_day(text)
    with pytest.raises(ValueError, match=r"date|month|year|day"):
        first_day(text)

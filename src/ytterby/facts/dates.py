# SPDX-License-Identifier: Apache-2.0
"""Dates as the sources give them: a year, a month or a day, written YYYY, YYYY-MM or YYYY-MM-DD."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def _numbers(text: str) -> tuple[int, int | None, int | None]:
    match = _DATE.fullmatch(text)
    if match is None:
        message = f"not a date: {text!r}"
        raise ValueError(message)
    year, month, day = (int(part) if part else None for part in match.groups())
    return year or 0, month, day


def first_day(text: str) -> str:
    """The first day that `text` can mean, as YYYY-MM-DD.

    Raises
    ------
    ValueError : not a date
    """
    year, month, day = _numbers(text)
    return date(year, month or 1, day or 1).isoformat()


def last_day(text: str) -> str:
    """The last day that `text` can mean, as YYYY-MM-DD: what is known "in 2024" is known at the end of it.

    Raises
    ------
    ValueError : not a date
    """
    year, month, day = _numbers(text)
    first = date(year, month or 12, day or 1)
    return first.replace(day=day or monthrange(first.year, first.month)[1]).isoformat()

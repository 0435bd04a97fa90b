# SPDX-License-Identifier: Apache-2.0
"""One cell of a CSV table: from text to a typed value, or the reason why not.

A parser per column type. Whether a reference exists is asked later, when all tables are read.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from ytterby.errors import allowed_names
from ytterby.facts.columns import Column
from ytterby.facts.dates import last_day

Parser = Callable[[str, Column], Any]

_ID = re.compile(r"[^\s;,\"]+")
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"-?(\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_THOUSANDS = re.compile(r"-?\d{1,3}([,' \u00a0\u202f]\d{3})+(\.\d+)?", re.ASCII)
_YEAR = re.compile(r"[12]\d{3}", re.ASCII)
_URL = re.compile(r"https?://[^\s]+")


class BadCellError(ValueError):
    """A cell does not fit its column: what is allowed, and what to do."""

    def __init__(self, allowed: str, remedy: str) -> None:
        super().__init__(allowed, remedy)
        self.allowed = allowed
        self.remedy = remedy


def _id(text: str, _: Column) -> str:
    if not _ID.fullmatch(text):
        raise BadCellError("an id without blanks, commas, semicolons and quotes", "rename the id")
    return text


def _text(text: str, _: Column) -> str:
    return text


def _number(text: str, _: Column) -> float:
    match = _NUMBER.fullmatch(text)
    if match is None:
        plain = re.sub(r"[,' \u00a0\u202f]", "", text)
        hint = f"write {plain} without thousands separators" if _THOUSANDS.fullmatch(text) else _NUMBER_REMEDY
        raise BadCellError("a number such as 1250 or 0.35", hint)
    value = float(text)
    if not math.isfinite(value) or (value == 0 and match.group(1).strip("0.")):
        raise BadCellError("a number between 1e-300 and 1e300", "check the digits and the exponent")
    return value


_NUMBER_REMEDY = (
    "write the number with a point and without unit, or leave the cell empty where the column is optional"
)


def _integer(text: str, _: Column) -> int:
    if not _INTEGER.fullmatch(text):
        raise BadCellError("a whole number", "write digits only")
    return int(text)


def _year(text: str, _: Column) -> int:
    if not _YEAR.fullmatch(text):
        raise BadCellError("a year of four digits", "write the year as YYYY")
    return int(text)


def _date(text: str, _: Column) -> str:
    try:
        last_day(text)
    except ValueError:
        raise BadCellError("YYYY, YYYY-MM or YYYY-MM-DD", "write the date in one of these forms") from None
    return text


def _boolean(text: str, _: Column) -> bool:
    if text not in {"yes", "no"}:
        raise BadCellError("yes, no", "write yes or no")
    return text == "yes"


def _enum(text: str, column: Column) -> str:
    if text not in column.allowed:
        raise BadCellError(allowed_names(text, column.allowed, limit=30), "use one of the allowed words")
    return text


def _list(text: str, column: Column) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in text.split(";"))
    if not all(parts):
        raise BadCellError('values separated by ";"', "remove the empty value")
    for part in parts if column.allowed else ():
        _enum(part, column)
    return parts


def _url(text: str, _: Column) -> str:
    if not _URL.fullmatch(text):
        raise BadCellError("an address beginning with http:// or https://", "give the full address")
    return text


PARSERS: Mapping[str, Parser] = {
    "id": _id,
    "text": _text,
    "number": _number,
    "integer": _integer,
    "year": _year,
    "date": _date,
    "boolean": _boolean,
    "enum": _enum,
    "list": _list,
    "reference": _text,
    "unit": _text,
    "url": _url,
}

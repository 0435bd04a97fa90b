# SPDX-License-Identifier: Apache-2.0
"""Files of working columns, as the publisher of the index writes them: one directed pair and year a row."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ytterby.errors import FactError, quoted
from ytterby.facts import FactBase
from ytterby.influence.capacity import Version, capacity, version
from ytterby.influence.intervals import Interval

VERSIONS = ("base", "plus")
SHOWN = 6


@dataclass(frozen=True)
class Indexed:
    """One figure of one row of a file: its bounds, and a value where no term behind it is missing."""

    row: int
    influencer: str
    influenced: str
    year: str
    figure: str
    value: float | None
    low: float
    high: float
    missing: tuple[str, ...]


def indexed(base: FactBase, file: Path) -> list[Indexed]:
    """The index with its parts of every row of a file, base and extended.

    Parameters
    ----------
    base : the facts, for weights and scales
    file : CSV with the published names of working columns; a column that is left out is missing in every row

    Raises
    ------
    FactError : no CSV in UTF-8 with at least one working column, a row of another length than the header, or a cell that is
        no number or negative; names the row
    """
    versions = [version(base, name) for name in VERSIONS]
    rows = _read(file, [term.column for of in versions for term in of.terms])
    return [
        one for number, row in enumerate(rows, 1) for of in versions for one in _of_row(of, file, number, row)
    ]


def _of_row(of: Version, file: Path, number: int, row: Mapping[str, str]) -> list[Indexed]:
    try:
        index = capacity(of, row)
    except FactError as error:
        where = f"{file} row {number} {error.where}"
        raise FactError(where, error.found, error.allowed, error.remedy) from error
    names = (row.get("iso3a", ""), row.get("iso3b", ""), row.get("year", ""))

    def figure(name: str, found: Interval) -> Indexed:
        rests = name in index.open
        value, missing = (None, index.missing) if rests else (found.value, ())
        return Indexed(number, *names, name, value, found.low, found.high, missing)

    return [figure(name, found) for name, found in index.figures.items()]


def _read(file: Path, wanted: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a file with at least one of the wanted columns."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            header, *lines = list(csv.reader(stream, strict=True)) or [[]]
    except (UnicodeDecodeError, csv.Error) as error:
        raise FactError(str(file), "no text in rows", "CSV in UTF-8", "write it as CSV in UTF-8") from error
    if not set(header) & set(wanted):
        found = f"columns {quoted(', '.join(header[:SHOWN]))}"
        allowed = f"working columns such as {', '.join(wanted[:3])}"
        raise FactError(str(file), found, allowed, "use the published names, separated by commas")
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise FactError(str(file), f"column {quoted(twice[0])} twice", "each column once", "leave one out")
    lines = [line for line in lines if line]
    for number, line in enumerate(lines, 1):
        if len(line) != len(header):
            found, allowed = f"{len(line)} cells", f"{len(header)}, as in the header"
            raise FactError(f"{file} row {number}", found, allowed, "write a cell for every column")
    return [dict(zip(header, line, strict=True)) for line in lines]

# SPDX-License-Identifier: Apache-2.0
"""What the builders of the fact base share: reading the code map, plain numbers, writing a table.

Tables are UTF-8 with LF line ends and quotes only where needed: a rebuild is the same byte for byte.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
TABLES_END = ("source", "as_of", "confidence", "note")


@dataclass(frozen=True)
class Name:
    """A publisher's name and what it is in the fact base."""

    country: str
    commodity: str
    content: str
    formula: str
    confidence: str
    note: str


def read_names(scheme: str, data: Path = DATA) -> dict[str, Name]:
    """Names of one publisher, by the name as published."""
    with (data / "names.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["name"]: Name(*(row[field.name] for field in fields(Name)))
            for row in csv.DictReader(stream)
            if row["scheme"] == scheme
        }


def known(names: Mapping[str, Name], name: str, where: str) -> Name:
    """The entry of `name`; stops the program when the code map lacks it."""
    if name not in names:
        raise SystemExit(
            f"{where}: found name {name!r} (allowed: names of data/names.csv); add a row to names.csv"
        )
    return names[name]


def plain(value: object, digits: int = 6) -> str:
    """A number as the shortest plain text, empty for None; later digits are noise of binary fractions."""
    if value is None:
        return ""
    number = round(Decimal(str(value)), digits).normalize()
    return format(number, "f")


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> int:
    """Write rows as CSV and return how many there were."""
    count = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n", restval="")
        writer.writeheader()
        for count, row in enumerate(rows, start=1):  # noqa: B007 the last number is the answer
            writer.writerow(row)
    print(f"{path.name}: {count} rows, {path.stat().st_size} bytes")
    return count

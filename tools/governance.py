# SPDX-License-Identifier: Apache-2.0
"""Table `governance` from the Worldwide Governance Indicators that the package carries.

One row a country and year. A missing estimate stays missing, also where the carried table has 0 as its
normalised value.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from tools.tables import TABLES_END, Name, known, plain, read_names, write_table

COLUMNS = (
    "id",
    "country",
    "year",
    "estimate",
    "standard_error",
    "inputs",
    "normalised",
    "state",
    *TABLES_END,
)
MEASURES = {
    "estimate": "SELECT * FROM Estimate",
    "standard_error": "SELECT * FROM StdErr",
    "inputs": "SELECT * FROM NumSrc",
    "normalised": "SELECT * FROM Normalized",
}
MISSING = {"nan", "None", "", None}
NEW_METHOD = 2023
REPEATED = "The carried table repeats another country's estimate here; the true one is not known."
CUT = "The estimate lies below -2.5: the carried table cuts the normalised value at 1."

Cells = dict[str, dict[str, str]]


def read_measures(database: Path) -> dict[str, list[tuple[str, dict[str, str]]]]:
    """By measure: carried country name and values by year, in the order of the table."""
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        return {
            measure: [
                (row["Country/Territory"], {key: row[key] for key in row.keys() if key.isdigit()})  # noqa: SIM118
                for row in connection.execute(query)
            ]
            for measure, query in MEASURES.items()
        }


def by_country(measures: Mapping[str, list[tuple[str, dict[str, str]]]]) -> Iterator[tuple[str, Cells]]:
    """Carried name (with #1, #2 where it stands twice) and its values by measure and year."""
    order = [name for name, _ in measures["estimate"]]
    if any([name for name, _ in rows] != order for rows in measures.values()):
        raise SystemExit(
            "wgi.db: tables list countries in different orders (allowed: one order); compare the tables"
        )
    total, seen = Counter(order), Counter[str]()
    for index, name in enumerate(order):
        seen[name] += 1
        label = f"{name}#{seen[name]}" if total[name] > 1 else name
        yield label, {measure: rows[index][1] for measure, rows in measures.items()}


def _number(text: str | None) -> str:
    """Text of a number with up to nine decimals; empty where there is none."""
    return "" if text in MISSING or text is None else plain(text, digits=9)


def _note(name: Name, estimate: str, repeated: bool) -> str:
    cut = CUT if estimate and float(estimate) < -2.5 else ""
    return " ".join(part for part in (REPEATED if repeated else cut, name.note) if part)


def _row(name: Name, year: str, cells: Cells, repeated: bool) -> dict[str, str]:
    values = {measure: _number(cells[measure][year]) for measure in MEASURES}
    note = _note(name, values["estimate"], repeated)
    if repeated or not values["estimate"]:
        values = dict.fromkeys(values, "")
    return {
        "id": f"wgi-{name.country}-{year}",
        "country": name.country,
        "year": year,
        **values,
        "state": "number" if values["estimate"] else "not_available",
        "source": "wgi-2025" if int(year) >= NEW_METHOD else "wgi-2023",
        "as_of": year,
        "confidence": "official" if name.confidence == "reported" else name.confidence,
        "note": note,
    }


def governance_rows(database: Path, names: Mapping[str, Name]) -> Iterator[dict[str, str]]:
    """Rows of the table; of two rows with one name and equal estimates the second has none."""
    former: dict[str, Cells] = {}
    for label, cells in by_country(read_measures(database)):
        first = former.setdefault(label.partition("#")[0], cells)
        for year, estimate in cells["estimate"].items():
            repeated = first is not cells and estimate == first["estimate"][year]
            yield _row(known(names, label, "Worldwide Governance Indicators"), year, cells, repeated)


def write_governance(database: Path, file: Path) -> None:
    """Write the table, sorted by country and year."""
    rows = sorted(governance_rows(database, read_names("wgi")), key=lambda row: row["id"])
    write_table(file, COLUMNS, rows)

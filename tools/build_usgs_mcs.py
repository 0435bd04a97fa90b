# SPDX-License-Identifier: Apache-2.0
"""Build figures.csv: the complete data release of the USGS Mineral Commodity Summaries 2026.

``python -m tools.build_usgs_mcs mcs2026_commodities_data.csv``. One row a published row, in file order; none
is left out, merged or computed. What a cell holds instead of a number becomes its state.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.tables import DATA, TABLES_END, Name, known, read_names, write_table
from tools.usgs_cells import read_cell, unit_of, weight_of

ENCODING = "cp1252"
PUBLISHED = (
    *(
        "MCS chapter",
        "Section",
        "Commodity",
        "Country",
        "Statistics",
        "Statistics_detail",
        "Unit",
        "Year",
        "Value",
    ),
    *("Notes", "Is critical mineral 2025", "Other notes"),
)
COLUMNS = (
    *("id", "chapter", "section", "commodity", "commodity_published", "country", "statistic", "detail"),
    *("unit", "unit_text", "content", "year", "year_first", "value", "low", "high", "state", "text"),
    *("critical_2025", *TABLES_END, "note_chapter"),
)


def read_release(file: Path) -> list[dict[str, str]]:
    """Rows as published, with plain blanks; the row whose last cells stand one column off is put right."""
    with file.open(encoding=ENCODING, newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != PUBLISHED:
            raise SystemExit(
                f"{file.name}: found columns {reader.fieldnames} (allowed: {PUBLISHED}); check the file"
            )
        rows = [{column: cell.replace("\xa0", " ").strip() for column, cell in row.items()} for row in reader]
    for row in rows:
        if row["Is critical mineral 2025"] == row["Commodity"]:
            row["Is critical mineral 2025"], row["Notes"] = row["Notes"], ""
    return rows


def _years(text: str) -> tuple[str, str]:
    """Last and first year of a year or a period such as 2021-24."""
    first, _, last = text.partition("–")
    return (first[: 4 - len(last)] + last, first) if last else (first, "")


def figure_row(number: int, row: Mapping[str, str], names: Mapping[str, Name]) -> dict[str, str]:
    """One row of the table."""
    where = f"USGS row {number}"
    cell = read_cell(row["Value"], row["Unit"], row["Notes"], where)
    year, year_first = _years(row["Year"])
    return {
        "id": f"mcs26-{number:05d}",
        "chapter": row["MCS chapter"],
        "section": row["Section"],
        "commodity": known(names, row["Commodity"], where).commodity,
        "commodity_published": row["Commodity"],
        "country": known(names, row["Country"], where).country,
        "statistic": row["Statistics"],
        "detail": row["Statistics_detail"],
        "unit": unit_of(row["Unit"], where),
        "unit_text": row["Unit"],
        "content": weight_of(row["Statistics_detail"], row["Unit"], row["Other notes"]),
        "year": year,
        "year_first": year_first,
        "value": cell.value,
        "low": cell.low,
        "high": cell.high,
        "state": cell.state,
        "text": cell.text,
        "critical_2025": row["Is critical mineral 2025"].lower(),
        "source": "usgs-mcs-2026-release",
        "as_of": year,
        "confidence": "estimated" if "Estimated" in row["Notes"] else "official",
        "note": row["Notes"],
        "note_chapter": row["Other notes"],
    }


def figure_rows(file: Path) -> Iterator[dict[str, str]]:
    """Rows of the table in file order."""
    names = read_names("usgs")
    for number, row in enumerate(read_release(file), start=1):
        yield figure_row(number, row, names)


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description="Build the table of USGS figures.")
    parser.add_argument(
        "release", type=Path, help="mcs2026_commodities_data.csv, the first version of 2026-02-06"
    )
    parser.add_argument("--out", type=Path, default=DATA, help="folder to write to")
    arguments = parser.parse_args()
    write_table(arguments.out / "figures.csv", COLUMNS, figure_rows(arguments.release))


if __name__ == "__main__":
    main()

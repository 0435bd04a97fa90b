# SPDX-License-Identifier: Apache-2.0
"""Build us_trade.csv from workbooks of the USITC DataWeb: US trade by heading, partner and year.

``python -m tools.build_us_trade FOLDER``. Quantities in the first and in the second unit become rows; a value
stands with the first unit alone. Rows that are zero throughout and the part year at the end are left out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tools.tables import DATA, TABLES_END, Name, known, plain, read_names, write_table

WORKBOOKS = {
    "import": ("us_imports_for_consumption_1993-2026.xlsx", "Customs Value"),
    "export": ("us_domestic_exports_1993-2026.xlsx", "FAS Value"),
}
SHEETS = {"first": "First Unit of Quantity", "second": "Second Unit of Quantity"}
YEARS = range(2005, 2026)
COLUMNS = (
    *("id", "flow", "heading", "country", "year", "basis", "value", "quantity", "unit", "content", "state"),
    *TABLES_END,
)
UNITS = {  # as published: unit, what is weighed, mark in the id
    "kilograms": ("kg", "gross", "kg"),
    "metric tons": ("t", "gross", "t"),
    "grams": ("g", "gross", "g"),
    "number": ("number", "", "number"),
    "no units collected": ("none", "", "none"),
    "component kilograms": ("kg", "contained", "kg-content"),
    "component grams": ("g", "contained", "g-content"),
    "component tons": ("t", "contained", "t-content"),
    "gold content grams": ("g", "contained_gold", "g-gold"),
}

Key = tuple[str, str, str]
Cells = Mapping[str, Any]


def read_sheet(workbook: Any, sheet: str) -> dict[Key, Cells]:
    """Data rows of a sheet by partner, heading and name of the unit; cells by the column's head."""
    rows = list(workbook[sheet].iter_rows(values_only=True))
    start = next(index for index, row in enumerate(rows) if row[0] == "Data Type")
    head = [str(cell) for cell in rows[start]]
    found: dict[Key, Cells] = {}
    for row in rows[start + 1 :]:
        if row[1]:
            cells = dict(zip(head, row, strict=True))
            unit = str(cells["Quantity Description"]).removeprefix("Value for: ")
            found[str(cells["Country"]), str(cells["HTS Number"]), unit] = cells
    return found


def _state(quantity: float, suppressed: float, unit: str) -> str:
    if unit == "none":
        return "not_available"
    if suppressed:
        return "partly_withheld" if quantity else "withheld"
    return "number" if quantity else "zero"


def _row(
    flow: str, basis: str, key: Key, year: int, cells: Cells, value: float | None, country: str
) -> dict[str, str]:
    unit, content, mark = UNITS[key[2]]
    quantity, suppressed = cells[str(year)], cells[f"{year}_Suppressed"]
    state = _state(quantity, suppressed, unit)
    lines = int(suppressed)
    return {
        "id": f"usitc-{flow}-{key[1]}-{country}-{year}-{mark}" + "-second" * (basis == "second"),
        "flow": flow,
        "heading": key[1],
        "country": country,
        "year": str(year),
        "basis": basis,
        "value": plain(value),
        "quantity": "" if state in {"withheld", "not_available"} else plain(quantity),
        "unit": unit,
        "content": content,
        "state": state,
        "source": "usitc-dataweb-2026-07",
        "as_of": f"{year + 1}-02",
        "confidence": "official",
        "note": f"Quantity of {lines} record{'s' * (lines > 1)} suppressed." if lines else "",
    }


def trade_rows(flow: str, workbook: Any, names: Mapping[str, Name]) -> Iterator[dict[str, str]]:
    """Rows of one flow that are not zero throughout."""
    values = read_sheet(workbook, WORKBOOKS[flow][1])
    for basis, sheet in SHEETS.items():
        quantities = read_sheet(workbook, sheet)
        if basis == "first" and quantities.keys() != values.keys():
            raise SystemExit(
                f"{WORKBOOKS[flow][0]}: values and quantities are of different rows; compare them"
            )
        for key, cells in quantities.items():
            country = known(names, key[0], f"USITC heading {key[1]}").country
            for year in YEARS:
                value = values[key][str(year)] if basis == "first" else None
                if value or cells[str(year)] or cells[f"{year}_Suppressed"]:
                    yield _row(flow, basis, key, year, cells, value, country)


def us_trade_rows(folder: Path) -> Iterator[dict[str, str]]:
    """Rows of both flows, in the order of their ids."""
    import openpyxl

    names, rows = read_names("usitc"), []
    for flow, (file, _) in WORKBOOKS.items():
        workbook = openpyxl.load_workbook(folder / file)
        rows += list(trade_rows(flow, workbook, names))
    yield from sorted(rows, key=lambda row: row["id"])


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description="Build the table of US trade by heading and partner.")
    parser.add_argument("folder", type=Path, help="folder with the two workbooks of the USITC DataWeb")
    parser.add_argument("--out", type=Path, default=DATA, help="folder to write to")
    arguments = parser.parse_args()
    write_table(arguments.out / "us_trade.csv", COLUMNS, us_trade_rows(arguments.folder))


if __name__ == "__main__":
    main()

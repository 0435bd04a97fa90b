# SPDX-License-Identifier: Apache-2.0
"""Wall time and peak memory of `ytterby answer`, from a process of its own to its exit."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = str(Path(sys.executable).with_name("ytterby"))
KILOBYTE = 1 if sys.platform == "darwin" else 1024


def main() -> None:
    """Print one line."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        subprocess.run([COMMAND, "answer", "--out", "out"], check=True, cwd=folder, capture_output=True)
        seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * KILOBYTE
    print(f"answer: {seconds:.1f} s, peak {peak / 1e6:.0f} MB (aims: under 20 s, under 1500 MB on two cores)")


if __name__ == "__main__":
    main()

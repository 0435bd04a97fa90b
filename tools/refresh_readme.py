# SPDX-License-Identifier: Apache-2.0
"""Fill the excerpts of real output in README.md: run each shown command and write down what it printed.

An excerpt stands between ``<!-- excerpt of N lines: COMMAND -->`` and ``<!-- end of excerpt -->``.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
EXCERPT = re.compile(
    r"(?P<head><!-- excerpt of (?P<lines>\d+) lines: (?P<command>ytterby .+?) -->\n)"
    r".*?(?P<end><!-- end of excerpt -->)",
    re.DOTALL,
)


def printed(command: str) -> list[str]:
    """Lines that a command prints, run in an empty folder, 100 characters wide."""
    program, *words = shlex.split(command)
    path = Path(sys.executable).with_name(program)
    with tempfile.TemporaryDirectory() as folder:
        wide = os.environ | {"COLUMNS": "100"}
        done = subprocess.run(
            [path, *words], check=True, cwd=folder, env=wide, stdout=subprocess.PIPE, text=True
        )
    return [line.rstrip() for line in done.stdout.splitlines()]


def filled(excerpt: re.Match[str]) -> str:
    """The excerpt with what the command prints now."""
    lines = printed(excerpt["command"])
    shown = lines[: int(excerpt["lines"])]
    more = ["..."] if len(lines) > len(shown) else []
    block = "\n".join(["```console", f"$ {excerpt['command']}", *shown, *more, "```"])
    return f"{excerpt['head']}{block}\n{excerpt['end']}"


def main() -> None:
    """Rewrite the README."""
    text, count = EXCERPT.subn(filled, README.read_text(encoding="utf-8"))
    README.write_text(text, encoding="utf-8")
    print(f"README.md: {count} excerpts written")


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Fill the excerpts of real output in README.md and in docs/: run each shown command, write down what it printed.

An excerpt stands between ``<!-- excerpt of N lines: COMMAND -->`` and ``<!-- end of excerpt -->``. The commands of a page
run in their order in one folder that holds nothing but docs/examples.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = Path("docs") / "examples"
EXCERPT = re.compile(
    r"(?P<head><!-- excerpt of (?P<lines>\d+) lines: (?P<command>ytterby .+?) -->\n)"
    r".*?(?P<end><!-- end of excerpt -->)",
    re.DOTALL,
)


def printed(command: str, folder: Path) -> list[str]:
    """Lines that a command prints, run in `folder`, 100 characters wide."""
    program, *words = shlex.split(command)
    path = Path(sys.executable).with_name(program)
    wide = os.environ | {"COLUMNS": "100"}
    done = subprocess.run([path, *words], check=True, cwd=folder, env=wide, stdout=subprocess.PIPE, text=True)
    return [line.rstrip() for line in done.stdout.splitlines()]


def filled(excerpt: re.Match[str], folder: Path) -> str:
    """The excerpt with what the command prints now."""
    lines = printed(excerpt["command"], folder)
    shown = lines[: int(excerpt["lines"])]
    more = ["..."] if len(lines) > len(shown) else []
    block = "\n".join(["```console", f"$ {excerpt['command']}", *shown, *more, "```"])
    return f"{excerpt['head']}{block}\n{excerpt['end']}"


def main() -> None:
    """Rewrite the pages, or those that are named."""
    pages = [Path(name).resolve() for name in sys.argv[1:]]
    for page in pages or [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        if not EXCERPT.search(text):
            continue
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            shutil.copytree(ROOT / EXAMPLES, folder / EXAMPLES)
            text, count = EXCERPT.subn(partial(filled, folder=folder), text)
        page.write_text(text, encoding="utf-8")
        print(f"{page.relative_to(ROOT)}: {count} excerpts written")


if __name__ == "__main__":
    main()

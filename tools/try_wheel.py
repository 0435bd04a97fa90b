# SPDX-License-Identifier: Apache-2.0
"""Use an installed ytterby in an empty folder, with the sources out of reach, and check what it does.

``python try_wheel.py VENV SOURCES``: VENV holds the installed wheel, SOURCES is the folder it must not touch.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

WHERE = "import ytterby, ytterby.facts as f; print(ytterby.__file__); print(f.data_folder())"
FILES = ("answers.json", "answers.csv", "report.html", "report.md")


def run(command: list[str], folder: Path) -> str:
    """Run a command with a bare environment and return what it printed; stop when it fails."""
    bare = {"PATH": os.defpath, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, check=False, cwd=folder, env=bare, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def check(condition: bool, text: str) -> None:
    """Print what was checked, or stop."""
    if not condition:
        sys.exit(f"installed wheel: not so: {text}")
    print(f"ok: {text}")


def main() -> None:
    """Run the checks."""
    environment, sources = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    command = str(environment / "bin" / "ytterby")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        places = run([str(environment / "bin" / "python"), "-I", "-c", WHERE], folder).split()
        inside = [Path(place).is_relative_to(environment) for place in places]
        outside = [Path(place).is_relative_to(sources) for place in places]
        check(all(inside) and not any(outside), "code and facts come from the wheel, not from the sources")
        version = run([command, "--version"], folder).strip()
        check(version.count(".") == 2, f"--version printed {version}")
        print(run([command, "answer", "--out", "out"], folder))
        sizes = [(folder / "out" / file).stat().st_size for file in FILES]
        check(all(sizes), f"answer wrote {', '.join(FILES)}")
        document = json.loads(run([command, "answer", "--json"], folder))
        check(bool(document["answers"]), "answer --json printed one document with answers")


if __name__ == "__main__":
    main()

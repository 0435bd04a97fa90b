# SPDX-License-Identifier: Apache-2.0
"""Write constraints.txt anew: the newest release of every package that the program and its checks need.

Run it on the oldest supported Python, so that each pin installs there and on newer ones:
``make constraints PYTHON=python3.11``. It installs into a throw-away environment and lists what came.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = """\
# Pins of every package that running, testing and building ytterby installs.
# Written by tools/refresh_constraints.py (make constraints); not a list of requirements: see pyproject.toml.
"""


def installed(python: Path) -> dict[str, str]:
    """Return name and version of each package in the environment of `python`, ytterby left out."""
    done = subprocess.run(
        [python, "-m", "pip", "list", "--format=json"], check=True, capture_output=True, text=True
    )
    rows = {row["name"].lower().replace("_", "-"): row["version"] for row in json.loads(done.stdout)}
    return {name: rows[name] for name in sorted(rows) if name != "ytterby"}


def newest() -> dict[str, str]:
    """Install everything into a fresh environment and return what it then holds."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin" / "python"
        pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, "--upgrade", "pip"], check=True)
        subprocess.run([*pip, "--group", "dev", "--editable", ".[df]", *build], check=True, cwd=ROOT)
        return installed(python)


def main() -> None:
    """Write the file, or say why it must not be written here."""
    if sys.version_info[:2] != (3, 11):
        sys.exit("refresh_constraints: run it on Python 3.11, the oldest supported")
    lines = [f"{name}=={version}\n" for name, version in newest().items() if name != "setuptools"]
    (ROOT / "constraints.txt").write_text(HEAD + "".join(lines), encoding="utf-8")
    print(f"constraints.txt: {len(lines)} packages")


if __name__ == "__main__":
    main()

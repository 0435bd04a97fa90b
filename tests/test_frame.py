"""The frame: what is pinned, what is installed under which licence, what the package's door lets in."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import ytterby

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"([a-z0-9-]+)==([0-9][0-9a-z.]*)")
GPL = re.compile(r"\b[AL]?GPL|General Public")
HEAVY = ("clarabel", "duckdb", "jinja2", "matplotlib", "numpy", "pandas", "polars", "pyarrow", "scipy")


def pins():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [PIN.fullmatch(line) for line in lines if not line.startswith("#")]
    assert None not in found
    return {match[1]: match[2] for match in found if match}


def required(name):
    """Names of all packages that `name` needs at run time, itself left out."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for text in metadata.requires(waiting.pop()) or ():
            requirement = Requirement(text)
            key = canonicalize_name(requirement.name)
            wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            if wanted and key not in found:
                found.add(key)
                waiting.append(key)
    return found


def licences(name):
    about = metadata.metadata(name)
    classifiers = [text for text in about.get_all("Classifier", []) if text.startswith("License ::")]
    written = [*about.get_all("License-Expression", []), *about.get_all("License", [])]
    return [text.partition("\n")[0] for text in [*written, *classifiers]]


def test_every_run_time_package_is_pinned_and_installed_as_pinned():
    known = pins()
    needed = required("ytterby")
    assert {"duckdb", "numpy", "cyclopts"} <= needed
    assert {name: known.get(name) for name in needed} == {name: metadata.version(name) for name in needed}


def test_every_named_development_package_is_pinned():
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    named = {canonicalize_name(Requirement(text).name) for text in groups["dev"]}
    assert named - pins().keys() == set()


def test_no_run_time_package_is_under_the_gpl():
    stated = {name: " / ".join(licences(name)) for name in required("ytterby")}
    assert [name for name, text in stated.items() if not text] == []
    assert {
        name: text for name, text in stated.items() if re.search(r"\b[AL]?GPL|General Public", text)
    } == {}


def test_the_door_is_small_and_knows_its_version():
    assert len(ytterby.__all__) <= 15
    assert ytterby.__version__ == metadata.version("ytterby")


def test_help_and_version_import_nothing_heavy():
    script = (
        "import sys; from ytterby.cli import run; "
        "run(['--version']); run(['--help']); run(['facts', '--help']); "
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.startswith(ytterby.__version__)
    assert done.stdout.splitlines()[-1] == "[]"

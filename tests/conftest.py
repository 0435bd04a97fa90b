"""The command as users run it: a subprocess in an empty folder, with nothing of ours in the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = str(Path(sys.executable).with_name("ytterby"))
KEPT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "SYSTEMROOT",
    "COVERAGE_PROCESS_START",
    "COVERAGE_PROCESS_CONFIG",
)


@pytest.fixture(scope="session")
def base():
    """The shipped fact base."""
    from ytterby.facts import load

    return load()


@pytest.fixture(scope="session")
def run_command(tmp_path_factory):
    """Run ``ytterby WORDS...`` (or another program) and return the completed process."""

    def run(*words, program=(COMMAND,), folder=None, **variables):
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        return subprocess.run(
            [*program, *map(str, words)],
            check=False,
            cwd=folder or tmp_path_factory.mktemp("empty"),
            env=kept | {"COLUMNS": "100"} | variables,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )

    return run

"""The command as users run it: a subprocess in an empty folder, with nothing of ours in the way."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from hypothesis import HealthCheck, settings

import ytterby

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


# How fast the machine is says nothing about the code; hypothesis' own profile "ci" holds the same.
settings.register_profile(
    "default",
    settings.get_profile("default"),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)


def pytest_sessionstart():
    """Where hypothesis draws the same examples each time, load all modules: it draws their constants too.

    Otherwise the examples would depend on which tests the process has run before.
    """
    if settings().derandomize:
        for module in walk_packages(ytterby.__path__, "ytterby."):
            import_module(module.name)


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
            timeout=900,
        )

    return run


@pytest.fixture(scope="session")
def small_case(tmp_path_factory):
    """The Central Asian case with few years, read from a folder of its own."""
    from ytterby.scenario import cases_folder
    from ytterby.study import load_case

    folder = tmp_path_factory.mktemp("cases") / "small"
    shutil.copytree(cases_folder() / "central-asia", folder)
    text = (folder / "case.toml").read_text(encoding="utf-8")
    text = re.sub(r"last_year = \d+", "last_year = 2030", text)
    text = re.sub(r"report_years = \[.*\]", "report_years = [2024, 2029, 2030]", text)
    (folder / "case.toml").write_text(text, encoding="utf-8")
    claimed = folder / "scenarios" / "twenty-million.toml"
    text = claimed.read_text(encoding="utf-8").replace("start = 2033", "start = 2027")
    claimed.write_text(text, encoding="utf-8")
    return load_case(str(folder))


@pytest.fixture(scope="session")
def small_answers(base, small_case):
    """The answers of the small case, with one variant."""
    from ytterby import study
    from ytterby.study.run import VARIANTS

    return study.answer(small_case, base, variants=VARIANTS[:1])


@pytest.fixture(scope="session")
def certain():
    """A hazard with all rates known: a Gamma of so great a shape that it has no width, or of shape 0."""

    def of(hazard, everyone, aimed):
        def known(rates, value):
            shape, inverse = (1e12, 1e12 / value) if value else (0.0, 1.0)
            return {n: replace(r, shape=shape, inverse_scale=inverse, value=value) for n, r in rates.items()}

        return replace(hazard, everyone=known(hazard.everyone, everyone), aimed=known(hazard.aimed, aimed))

    return of


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """A path that `make` fills, once among all workers of a run of the tests."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder

    def of(name, make):
        with (folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / name).exists():
                make(folder / name)
        return folder / name

    return of


@pytest.fixture(scope="session")
def printed(run_command, once):
    """Standard output of a command line; each is run once, for it may take its time."""

    def of(line, folder=None):
        program, *words = shlex.split(line)
        assert program == "ytterby", f"{line}: a test does not know how to run it"

        def run(file):
            done = run_command(*words, folder=folder)
            assert done.returncode == 0, f"{line}: {done.stderr}"
            file.write_text(done.stdout, encoding="utf-8")

        return once(hashlib.sha256(line.encode()).hexdigest(), run).read_text(encoding="utf-8")

    return of

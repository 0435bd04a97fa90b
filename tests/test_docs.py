"""What the documentation says is true: generated parts are fresh, links lead on, examples run, figures are the data's."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(?P<language>console|python)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = ("pip install", "git clone", "cd ", "make ")
EXAMPLES = Path("docs") / "examples"
NUMBER = r"-?\d+(?:[ .]\d+)*"
FIGURE = re.compile(
    rf"`(?P<name>[\w.-]+)`\s=\s(?P<value>{NUMBER})(?:\s\((?P<low>{NUMBER})\sto\s(?P<high>{NUMBER})\))?"
)
NAMED = re.compile(r"--(?:out|run)\b")
DIGEST = re.compile(r"digest [0-9a-f]+")  # changes with every fact


@dataclass(frozen=True)
class Example:
    """A shown command and the lines of output shown under it."""

    page: str
    command: str
    shown: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: {self.command}"


def blocks(language):
    for page in PAGES:
        for match in BLOCK.finditer(page.read_text(encoding="utf-8")):
            if match["language"] == language:
                yield page.relative_to(ROOT).as_posix(), match["body"]


def examples():
    for page, body in blocks("console"):
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, *shown = part.rstrip("\n").split("\n")
            yield Example(page, command, tuple(shown))


def commands():
    return [example for example in examples() if not example.command.startswith(NOT_RUN)]


def earlier(example):
    """Commands of the page whose output the example reads: `trace` looks into the folder of a run."""
    if not example.command.startswith("ytterby trace") or "--run" not in example.command:
        return []
    page = [other.command for other in examples() if other.page == example.page]
    before = page[: page.index(example.command)]
    return [command for command in before if command.startswith("ytterby answer")]


def figures():
    for page in PAGES:
        for match in FIGURE.finditer(page.read_text(encoding="utf-8")):
            yield page.name, match


@pytest.fixture(scope="session")
def workplace(tmp_path_factory, once):
    """Where a command is run: folders that hold the examples, where they lie in a checkout, and what a command wrote.

    Folders that a command names are in the one that all workers see, for another command reads them.
    """

    def ready(folder):
        shutil.copytree(ROOT / EXAMPLES, folder / EXAMPLES)

    own, shared = tmp_path_factory.mktemp("docs"), once("examples", ready)
    ready(own)
    return lambda command: shared if NAMED.search(command) else own


@pytest.mark.parametrize("tool", ["build_docs.py", "build_model_tables.py", "build_claims_tables.py"])
def test_generated_parts_are_fresh(tool, run_command):
    done = run_command(ROOT / "tools" / tool, "--check", program=(sys.executable,))
    assert done.returncode == 0, done.stderr


def test_every_deviation_from_a_published_value_is_explained_on_a_fresh_page(run_command):
    done = run_command(ROOT / "tools" / "build_plausibility.py", "--check", program=(sys.executable,))
    assert done.returncode == 0, done.stderr


def test_readme_begins_with_the_two_commands():
    first = [example.command for example in examples()][:2]
    assert first == ["make answer", "make test"]


@pytest.mark.parametrize("example", commands(), ids=str)
def test_shown_commands_run_and_print_what_is_shown(example, printed, workplace):
    for command in earlier(example):
        printed(command, workplace(command))
    found = {
        DIGEST.sub("", line).rstrip()
        for line in printed(example.command, workplace(example.command)).splitlines()
    }
    shown = [DIGEST.sub("", line).rstrip() for line in example.shown]
    assert [line for line in shown if line not in {"", "..."} | found] == []


def test_shown_output_folders_are_free_in_a_checkout():
    named = [match[1] for example in commands() if (match := re.search(r"--out (\S+)", example.command))]
    marks = ("answers.json", "solution.json")  # an earlier run may be replaced
    taken = [
        name
        for name in named
        if (ROOT / name).exists() and not any((ROOT / name / m).exists() for m in marks)
    ]
    assert (taken, len(named) > 3) == ([], True)


@pytest.mark.parametrize("file", sorted(p.relative_to(ROOT) for p in (ROOT / EXAMPLES).rglob("*.*")), ids=str)
def test_examples_are_shown_as_they_are(file):
    pages = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    text = (ROOT / file).read_text(encoding="utf-8")
    assert f"\n{text}```" in pages or file.name == "reference.toml"


def test_figures_on_the_pages_are_those_of_the_data(base):
    parameters = {row["name"]: row for row in base.rows("parameters")}
    wrong, count = [], 0
    for page, match in figures():
        row = parameters.get(match["name"]) or base.row(match["name"])
        for end in ("value", "low", "high"):
            if match[end] is not None:
                count += 1
                told = float(re.sub(r"\s", "", match[end]))
                wrong += [] if told == row[f"{end}_published"] else [f"{page}: {match[0]}: {row[end]}"]
    assert wrong == []
    assert count > 100


@pytest.mark.parametrize(
    "target", sorted({e.command.split()[1] for e in examples() if e.command.startswith("make ")})
)
def test_shown_make_targets_exist(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("page", "body"), list(blocks("python")))
def test_shown_python_runs(page, body, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", body], check=False, cwd=tmp_path, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, f"{page}: {done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    local = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in local if link and not (page.parent / link).exists()] == []

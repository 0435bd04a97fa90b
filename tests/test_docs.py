"""What the documentation says is true: generated pages are fresh, links lead on, examples run as shown."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(?P<language>console|python)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = ("pip install", "git clone", "cd ", "make ")


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


def test_generated_pages_are_fresh(run_command):
    done = run_command(ROOT / "tools" / "build_docs.py", "--check", program=(sys.executable,))
    assert done.returncode == 0, done.stderr


def test_every_deviation_from_a_published_value_is_explained_on_a_fresh_page(run_command):
    done = run_command(ROOT / "tools" / "build_plausibility.py", "--check", program=(sys.executable,))
    assert done.returncode == 0, done.stderr


def test_readme_begins_with_the_two_commands():
    first = [example.command for example in examples()][:2]
    assert first == ["make answer", "make test"]


@pytest.mark.parametrize("example", commands(), ids=str)
def test_shown_commands_run_and_print_what_is_shown(example, printed):
    found = {line.rstrip() for line in printed(example.command).splitlines()}
    missing = [
        line for line in example.shown if line.strip() not in {"", "..."} and line.rstrip() not in found
    ]
    assert missing == []


@pytest.mark.parametrize(
    "target", sorted({e.command.split()[1] for e in examples() if e.command.startswith("make ")})
)
def test_shown_make_targets_exist(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("page", "body"), list(blocks("python")))
def test_shown_python_runs(page, body, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", body], check=False, cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{page}: {done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    local = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in local if link and not (page.parent / link).exists()] == []

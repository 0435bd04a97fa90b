"""Commands in this process, and one run of the main job for all tests that look at it."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from ytterby.cli import run


@pytest.fixture
def said(base, monkeypatch, capsys):
    """What a command line prints in this process, on the fact base that is loaded already."""
    monkeypatch.setattr("ytterby.facts.load", lambda *_, **_as_of: base)
    monkeypatch.setenv("COLUMNS", "100")

    def of(*words):
        code = run([str(word) for word in words])
        printed = capsys.readouterr()
        return SimpleNamespace(returncode=code, stdout=printed.out, stderr=printed.err)

    return of


@pytest.fixture(scope="session")
def answered(printed, tmp_path_factory):
    """The folder in which ``ytterby answer`` ran, what it wrote, and what it printed."""
    folder = tmp_path_factory.mktemp("answered")
    screen = printed("ytterby answer", folder)
    made = folder / "ytterby-out" / "central-asia"
    document = json.loads((made / "answers.json").read_text(encoding="utf-8"))
    return SimpleNamespace(folder=folder, made=made, screen=screen, document=document)

"""One run of the main job for all tests that look at it."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest


@pytest.fixture(scope="session")
def answered(printed, tmp_path_factory):
    """The folder in which ``ytterby answer`` ran, what it wrote, and what it printed."""
    folder = tmp_path_factory.mktemp("answered")
    screen = printed("ytterby answer", folder)
    made = folder / "ytterby-out" / "central-asia"
    document = json.loads((made / "answers.json").read_text(encoding="utf-8"))
    return SimpleNamespace(folder=folder, made=made, screen=screen, document=document)

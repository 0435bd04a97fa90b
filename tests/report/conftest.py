"""A written report of the small run, made once."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def written(small_answers, tmp_path_factory):
    """The folder that `report.write` made of the small run."""
    from ytterby import report

    folder = tmp_path_factory.mktemp("report") / "out"
    report.write(small_answers, folder)
    return folder

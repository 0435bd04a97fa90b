"""An earlier run read back: the figures of its folder are those of the run."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ytterby.claims import check_all
from ytterby.errors import YtterbyError
from ytterby.report.earlier import solved_before


def test_the_folder_gives_the_verdicts_of_the_run(written, small_answers, small_case, base):
    run = solved_before(written, small_case, base)
    chosen = [base.row(verdict.id) for verdict in small_answers.verdicts]
    again = {verdict.id: verdict for verdict in check_all(chosen, base, run)}
    assert again.keys() == {verdict.id for verdict in small_answers.verdicts}
    for verdict in small_answers.verdicts:
        found = again[verdict.id]
        assert (found.verdict, found.sentence) == (verdict.verdict, verdict.sentence)
        figures = [
            [float("nan") if figure is None else figure for figure in (one.low, one.value, one.high)]
            for one in (found, verdict)
        ]
        assert figures[0] == pytest.approx(figures[1], rel=1e-9, nan_ok=True), verdict.id


def test_a_run_of_another_case_or_of_other_facts_is_refused(written, small_case, base):
    with pytest.raises(YtterbyError, match="a run of importer"):
        solved_before(written, replace(small_case, importer="JPN"), base)
    with pytest.raises(YtterbyError, match="made from other facts"):
        solved_before(written, small_case, replace(base, as_of="2025-11-08"))

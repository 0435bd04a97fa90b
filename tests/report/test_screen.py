"""The screen: short enough for a terminal, readable without colour and at 80 columns."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from ytterby import report
from ytterby.report.reading import paragraphs
from ytterby.report.terminal import ANSWERS, CAVEATS
from ytterby.study import Caveat

FOLDER = Path("ytterby-out") / "central-asia"


def printed(answers, width, folder=FOLDER):
    stream = io.StringIO()
    console = Console(file=stream, width=width, highlight=False, markup=False, emoji=False)
    report.screen(answers, console, folder)
    return stream.getvalue()


def flat(text):
    return re.sub(r"\s+", " ", text)


def test_it_fits_one_screen(small_answers):
    assert len(printed(small_answers, 100).splitlines()) < 60


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_no_line_is_wider_than_the_terminal(small_answers, width):
    assert max(map(len, printed(small_answers, width).splitlines())) <= width


def test_without_a_terminal_it_is_plain_text(small_answers):
    assert "\x1b" not in printed(small_answers, 80)


def test_it_says_everything_that_stands_in_the_answers(small_answers):
    text = flat(printed(small_answers, 100))
    told = [some for _, some in paragraphs(small_answers) if small_answers.bottleneck not in some]
    for answer in (*(answer for some in told[:ANSWERS] for answer in some), small_answers.bottleneck):
        assert flat(answer.sentence) in text
    left = len(told) - ANSWERS
    assert left > 0
    assert f"There: {left} more answers." in text
    for caveat in small_answers.caveats[:CAVEATS]:
        assert flat(caveat.text) in text
    assert small_answers.case.question in text
    assert str(FOLDER / "report.html") in text
    assert text.rstrip().endswith(f"ytterby trace {small_answers.answers[0].id} --run {FOLDER}")
    assert "--run 'my runs/one'" in flat(printed(small_answers, 100, Path("my runs") / "one"))


def test_numbers_do_not_break(small_answers):
    assert not re.search(r"\d\n\s+(?:\d{3}\b|%|t\b|kt\b|Mt\b)", printed(small_answers, 80))


def test_what_is_left_out_is_counted(small_answers):
    more = replace(small_answers, caveats=(Caveat("one", ()),) * (CAVEATS + 4))
    told = [some for _, some in paragraphs(more) if more.bottleneck not in some]
    left = f"{len(told) - ANSWERS} more answers and 4 more caveats."
    assert f"There: {left}" in flat(printed(more, 100))
    assert f"Not shown: {left}" in flat(printed(more, 100, None))


def test_colour_says_nothing_that_words_do_not(small_answers):
    stream = io.StringIO()
    console = Console(file=stream, width=100, force_terminal=True, color_system="truecolor", highlight=False)
    report.screen(small_answers, console, FOLDER)
    assert re.sub(r"\x1b\[[\d;]*m", "", stream.getvalue()) == printed(small_answers, 100)

# SPDX-License-Identifier: Apache-2.0
"""The answers on one terminal screen: question, answers with intervals, bottleneck, caveats, where the files are.

It prints what stands in the answers and computes nothing. Without colour and at 80 columns it says the same.
"""

from __future__ import annotations

import re
from pathlib import Path
from shlex import quote
from textwrap import wrap
from typing import TYPE_CHECKING

from ytterby.report.reading import paragraphs, unbroken
from ytterby.report.record import run_record
from ytterby.study import Answer, AnswerSet
from ytterby.study.words import place_name

if TYPE_CHECKING:
    from rich.console import Console

ANSWERS, CAVEATS = 10, 7
INDENT = 3


def screen(answers: AnswerSet, console: Console, folder: Path | None = None) -> None:
    """Print the answers.

    Parameters
    ----------
    answers : the answers of a run
    console : where to print
    folder : where report and tables were written, if they were
    """
    case = answers.case
    _line(console, case.title, "bold")
    _line(console, case.question)
    _line(console, _run(answers), "dim")
    narrow = answers.bottleneck
    told = [(question, some) for question, some in paragraphs(answers) if narrow not in some]
    for number, (question, some) in enumerate(told[:ANSWERS], 1):
        _print(console, f"{number:2}", question, _sentences(some))
    if narrow is not None:
        _print(console, "!", narrow.question, narrow.sentence)
    _line(console, "Caveats", "bold")
    for caveat in answers.caveats[:CAVEATS]:
        _print(console, "-", "", caveat.text)
    _line(console, _more(answers, len(told), folder), "dim")


def _line(console: Console, text: str, style: str = "") -> None:
    """A paragraph without mark, in one style."""
    from rich.text import Text

    for line in _wrapped(text, console.width):
        console.print(Text(line, style=style))


def _print(console: Console, mark: str, head: str, text: str) -> None:
    """A paragraph with a hanging mark, its head in bold."""
    from rich.text import Text

    left = len(head)
    for number, line in enumerate(_wrapped(f"{head} {text}".strip(), console.width - INDENT)):
        bold, plain = line[: max(left, 0)], line[max(left, 0) :]
        console.print(Text.assemble((mark if number == 0 else "").ljust(INDENT), (bold, "bold"), plain))
        left -= len(line) + 1


def _wrapped(text: str, width: int) -> list[str]:
    """Lines of a text; none breaks inside a number or before its unit."""
    return [
        re.sub("[\u00a0\u202f]", " ", line) for line in wrap(unbroken(text), width, break_on_hyphens=False)
    ]


def _sentences(some: tuple[Answer, ...]) -> str:
    return " ".join(answer.sentence for answer in some)


def _run(answers: AnswerSet) -> str:
    """The run in one line."""
    case, run = answers.case, run_record(answers)
    known = f"as known on {answers.base.as_of}, " if answers.base.as_of else ""
    intervals = f"intervals over {len(run['variants'])} variants" if run["variants"] else "no intervals"
    places = f"{place_name(answers.base, case.importer)}, {place_name(answers.base, case.supplier)}"
    return f"{places}, {case.base_year} to {case.last_year}; {known}{intervals}; digest {run['digest'][:12]}"


def _more(answers: AnswerSet, told: int, folder: Path | None) -> str:
    """What is left out here, and where it stands."""
    left = [f"{told - ANSWERS} more answers"] if told > ANSWERS else []
    left += [f"{len(answers.caveats) - CAVEATS} more caveats"] if len(answers.caveats) > CAVEATS else []
    if folder is None:
        return f"Not shown: {' and '.join(left)}." if left else ""
    files = f"Report, answers and tables: {folder / 'report.html'}, answers.json, tables."
    rest = f" There: {' and '.join(left)}." if left else ""
    run = quote(str(folder))
    return f"{files}{rest} The rows behind a figure: ytterby trace {answers.answers[0].id} --run {run}"

# SPDX-License-Identifier: Apache-2.0
"""Answers in the order and shape in which they are read: in paragraphs, their figures as text."""

import re
from collections.abc import Sequence

from ytterby.study import Answer, AnswerSet
from ytterby.study.words import number, percent, tonnes

LARGE = ((1e9, "billion"), (1e6, "million"))
COUNTS, TIMES = ("count", "number"), ("year", "month")
_ASIDE = re.compile(r"\s*\([^()]*\)(?=\?$)")


def paragraphs(answers: AnswerSet) -> list[tuple[str, tuple[Answer, ...]]]:
    """Answers side by side to one question, or that measure the same in one scenario, make one paragraph."""
    found: list[list[Answer]] = []
    for answer in answers.answers:
        if found and _belong(found[-1][-1], answer):
            found[-1].append(answer)
        else:
            found.append([answer])
    return [
        (_ASIDE.sub("", some[0].question) if len(some) > 1 else some[0].question, tuple(some))
        for some in found
    ]


def _belong(one: Answer, other: Answer) -> bool:
    asked = [_ASIDE.sub("", answer.question) for answer in (one, other)]
    return asked[0] == asked[1] or (one.measure, one.scenario) == (other.measure, other.scenario)


def figure(value: float, unit: str) -> str:
    """A figure with its unit, as words write it."""
    if unit == "fraction":
        return percent((value,) * 3)
    if unit == "t":
        return tonnes(value)
    if unit == "calendar_year":
        return f"{value:.0f}"
    for scale, word in LARGE:
        if unit == "USD" and abs(value) >= scale:
            return f"{number(value / scale)} {word} USD"
    text = number(value)
    if unit in TIMES:
        return f"{text} {unit}" if text == "1" else f"{text} {unit}s"
    return text if unit in COUNTS else f"{text} {unit.replace('_per_', '/')}".strip()


def unbroken(text: str) -> str:
    """A text in which no line breaks inside a number or between a number and its unit."""
    text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "\u202f", text)
    return re.sub(r"(?<=\d) (?=(?:%|t|kt|Mt|USD|times|billion|million|years?|months?)(?!\w))", "\u00a0", text)


def changed_first(answers: AnswerSet, answer: Answer) -> tuple[str, ...]:
    """Rows that the answer's scenario changes and the reference does not: what an answer rests on above all."""
    changed = _changed(answers, answer.scenario)
    return tuple(id_ for id_ in changed if id_ not in _changed(answers, "reference"))


def _changed(answers: AnswerSet, scenario: str) -> Sequence[str]:
    if scenario not in answers.solved:
        return ()
    found = answers.case.scenario(scenario)
    ids = [change.basis for change in found.policies]
    ids += [closure.basis for closure in found.closures]
    ids += [id_ for plant in found.plants for id_ in (plant.basis, plant.plant)]
    return [*ids, *(id_ for deposit in found.deposits for id_ in (deposit.reading, deposit.basis))]

"""Sentences are made from computed figures: every number in them is a figure of the run, rounded."""

from __future__ import annotations

import math
import re

import pytest

from ytterby.study.claim import readings, reserves
from ytterby.study.trade_record import region_exports

NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?: \d{3})+(?![\d.])|(?<![\w])\d+(?:\.\d+)?")
SCALES = (1.0, 100.0, 1e-3, 1e-6, 1e-9)
IDS = (
    "bought-magnets", "bought-oxides", "touched-magnets", "stops-importer-short", "stops-importer-long",
    "stops-all-short", "stops-all-long", "bites-importer", "recovers-importer", "reserve-importer", "bites-all",
    "recovers-all", "reserve-all", "region-today", "region-announced", "claim-readings", "claim-carried",
    "bottleneck", "when",
)  # fmt: skip


def figures(answers, answer):
    """Every figure that a sentence of this answer may hold."""
    case, base, table = answers.case, answers.base, answers.table
    found = [answer.value, answer.low, answer.high, float(case.base_year), case.base_year - 1.0, 0.1]
    found += [float(year) for year in case.years]
    for key in table.middle:
        if key[2:] == (answer.year, answer.scenario):
            found += table(*key)
    found += _rents(table, answer) + _claim(answers) + _exports(answers)
    parameters = ("shock.bites", "shock.recovered", "shock.reserve_years")
    found += [base.rows("parameters", name=name)[0]["value"] for name in parameters]
    if answer.scenario:
        result = answers.solved[answer.scenario].result
        found += [result.held(y.year, case.importer, answer.form) for y in result.years]
    lead = base.row("param-mine-lead-time")
    found += [lead["value"], lead["low"], lead["high"]]
    found += [float(str(row.as_of)[:4]) for row in readings(base, case.claim) if row.as_of]
    for solved in answers.solved.values():
        found += range(len(solved.unread) + 1)
        for what in solved.carried:
            found += [what.output, what.ore_per_year, what.ore_per_year_rule / what.ore_per_year]
    return found


def _rents(table, answer):
    keys = [k for k in table.middle if k[2:] == (answer.year, answer.scenario)]
    totals = [value / 1e9 for k in keys if k[0] == "chain_rent" for value in table(*k)]
    return [*totals, *(value for k in keys if k[0] == "rent_share" for value in table(*k))]


def _claim(answers):
    found = readings(answers.base, answers.case.claim)
    own = reserves(answers.base, answers.case.supplier, answers.case.commodity)
    assert own is not None
    reserve = own.value
    return [
        float(len(found)),
        reserve,
        *(r.contained_t for r in found),
        *(r.reo_t for r in found),
        *(r.reo_t / reserve for r in found),
    ]


def _exports(answers):
    record = region_exports(answers.base, answers.case)
    return [
        sum(r.quantity for r in record if r.importer == who)
        for who in (answers.case.supplier, answers.case.importer)
    ]


def rounds_to(figure, text):
    """Whether a figure, in one of the units of sentences, is written as this text."""
    told = float(text.replace(" ", ""))
    decimals = len(text.partition(".")[2])
    for scale in SCALES:
        value = figure * scale
        steps = [10.0**-decimals]
        if value and abs(value) >= 100:
            steps.append(10.0 ** (math.floor(math.log10(abs(value))) - 2))
        if any(abs(told - value) <= 0.5001 * step for step in steps):
            return True
    return False


@pytest.mark.parametrize("id_", IDS)
def test_every_number_of_a_sentence_is_a_figure_of_the_run(small_answers, id_):
    answer = next(answer for answer in small_answers.answers if answer.id == id_)
    known = figures(small_answers, answer)
    numbers = NUMBER.findall(answer.sentence)
    assert numbers
    assert [n for n in numbers if not any(rounds_to(figure, n) for figure in known)] == []


def test_a_number_that_nobody_computed_is_noticed(small_answers):
    known = figures(small_answers, small_answers.answers[0])
    assert not any(rounds_to(figure, "77.777") for figure in known)

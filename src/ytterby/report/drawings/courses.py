# SPDX-License-Identifier: Apache-2.0
"""Courses of a measure over the years, by scenario: a line with its band, labelled at its end.

Intervals stand where the variants were measured: as bars there, or as a band whose width is interpolated between.
Years and scenarios without the measure are left out. Nothing else is worked out here.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from ytterby.chain import Vector
from ytterby.report.drawings.canvas import BAND, BAR, DASHES, INK, SERIES
from ytterby.study import AnswerSet
from ytterby.study.words import Figure, form_name

REFERENCE = "reference"
APART = 0.13


@dataclass(frozen=True)
class Course:
    """A measure of one scenario over the years, its ends at the years in `sure`."""

    years: Vector
    middle: Vector
    low: Vector
    high: Vector
    sure: Vector


def interval_years(answers: AnswerSet) -> tuple[int, ...]:
    """Years in which the variants were measured."""
    return tuple(sorted({m.year for variant, m in answers.measures if variant != "central"}))


def course(answers: AnswerSet, measure: str, form: str, scenario: str, scale: float = 1.0) -> Course | None:
    """The course of a measure, divided by `scale`; None where the scenario has nothing to measure."""
    years = [
        year
        for year in (answers.case.base_year, *answers.case.years)
        if answers.table.knows(measure, form, year, scenario)
    ]
    if not years:
        return None
    figures = np.array([answers.table(measure, form, year, scenario) for year in years]) / scale
    sure = [year for year in interval_years(answers) if year in years]
    return Course(np.array(years, float), figures[:, 1], figures[:, 0], figures[:, 2], np.array(sure, float))


def scenarios(answers: AnswerSet, *roles: str) -> list[str]:
    """The reference, then the scenarios that play these parts; all of the case when no part is named."""
    wanted = [answers.case.roles.get(role, "") for role in roles] if roles else list(answers.solved)
    return [name for name in dict.fromkeys((REFERENCE, *wanted)) if name in answers.solved]


def hue(answers: AnswerSet, scenario: str) -> str:
    """The colour of a scenario, the same in all drawings: ink for the reference."""
    others = [name for name in answers.solved if name != REFERENCE]
    return INK if scenario == REFERENCE else SERIES[others.index(scenario) % len(SERIES)]


def draw(axes: Axes, answers: AnswerSet, scenario: str, found: Course, *, bars: bool = False) -> None:
    """Draw a course with a band, or with `bars` with bars at the years that are sure, a little apart per scenario."""
    order = list(answers.solved).index(scenario)
    colour, dash = hue(answers, scenario), DASHES[order % len(DASHES)]
    axes.plot(found.years, found.middle, color=colour, linestyle=dash, zorder=3 - 0.1 * order)
    at = np.isin(found.years, found.sure)
    if not at.any():
        return
    if bars:
        x = found.years[at] + APART * (order - (len(answers.solved) - 1) / 2)
        axes.vlines(x, found.low[at], found.high[at], color=colour, linewidth=3, alpha=BAR, clip_on=False)
    else:
        axes.fill_between(found.years, *_band(found, at), color=colour, alpha=BAND, linewidth=0)
    axes.plot(found.years[at], found.middle[at], "o", color=colour, markersize=2.6, zorder=4, clip_on=False)


def _band(found: Course, at: NDArray[np.bool_]) -> tuple[Vector, Vector]:
    """Low and high in every year: exact in the years that are sure, of interpolated width between them."""
    low, high = (
        found.middle + np.interp(found.years, found.years[at], (end - found.middle)[at])
        for end in (found.low, found.high)
    )
    return low, high


def cell(
    answers: AnswerSet, say: Callable[[Figure], str], measure: str, form: str, year: int, scenario: str
) -> str:
    """A measure as text for a table; empty where there is nothing to measure."""
    key = (measure, form, year, scenario)
    return say(answers.table(*key)) if answers.table.knows(*key) else ""


def end_labels(answers: AnswerSet, found: Iterable[tuple[str, Course]]) -> list[tuple[float, str, str]]:
    """A label per course, at its last value."""
    return [(float(c.middle[-1]), answers.case.scenario(name).title, hue(answers, name)) for name, c in found]


def heading(form: str) -> str:
    """The name of a form as a title begins."""
    text = form_name(form)
    return text[0].upper() + text[1:]


def spread(answers: AnswerSet, drawn: str) -> str:
    """What the marks `drawn` for the variants show, as a caption ends; nothing where there are none."""
    years = ", ".join(map(str, interval_years(answers)))
    return f" {drawn}: extremes over the variants, measured in {years}." if years else ""


def report_years(answers: AnswerSet) -> Sequence[int]:
    """The years that tables show."""
    return answers.case.report_years

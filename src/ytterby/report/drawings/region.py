# SPDX-License-Identifier: Apache-2.0
"""Drawing: what the region's concentrate holds and what the region separates, against the importer's need."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from ytterby.report.drawings.canvas import (
    INK,
    MUTED,
    Drawing,
    canvas,
    label_ends,
    panel,
    plain_numbers,
    to_svg,
    years_axis,
)  # fmt: skip
from ytterby.report.drawings.courses import (
    REFERENCE,
    Course,
    cell,
    course,
    draw,
    heading,
    hue,
    report_years,
    scenarios,
    spread,
)  # fmt: skip
from ytterby.study import AnswerSet
from ytterby.study.words import form_name, place_name, tonnes

FORMS = ("oxide:ndpr", "oxide:dy")
PANEL, GAP, TOP = 140.0, 46.0, 24.0
ROOM = 1.12


def region(answers: AnswerSet) -> Drawing:
    """Deliveries of the region against the need of the importer, by form."""
    case, name = answers.case, "region"
    importer = place_name(answers.base, case.importer)
    title = f"What the region could deliver, against the need of {importer}"
    shown = scenarios(answers, "announced", "claimed")
    with canvas(name, len(FORMS) * (PANEL + GAP) + 6) as figure:
        for position, form in enumerate(FORMS):
            axes = panel(figure, TOP + position * (PANEL + GAP), PANEL)
            years_axis(axes, case.base_year, case.last_year)
            axes.yaxis.set_major_formatter(FuncFormatter(plain_numbers))
            axes.set_title(f"{heading(form)}, t a year", x=-0.16)
            _need_and_deliveries(axes, answers, form, shown)
        svg = to_svg(figure, name, title, "One panel a form: need and deliveries by scenario over the years.")
    caption = (
        f"Lines: oxide that the region's mined concentrate holds after recovery; rings: what is separated in the "
        f"region itself; ink: what the final use of {importer} takes in the reference, magnets included."
    )
    return Drawing(
        name, title, svg, caption + spread(answers, "Bars"),
        ("form", "scenario", "year", "held in concentrate", "separated there", "need"),
        tuple(_rows(answers, shown)), answer="region-announced",
    )  # fmt: skip


def _need_and_deliveries(axes: Axes, answers: AnswerSet, form: str, shown: Sequence[str]) -> None:
    """The importer's need of a form and what the region delivers in each scenario, labelled at their ends."""
    labels, top = [], 0.0
    need = course(answers, "need", form, REFERENCE)
    if need is not None:
        draw(axes, answers, REFERENCE, need, bars=True)
        importer = place_name(answers.base, answers.case.importer)
        labels.append((float(need.middle[-1]), f"need of {importer}", INK))
        top = float(need.high.max())
    for scenario in shown:
        held = course(answers, "region_potential", form, scenario)
        made = course(answers, "region_output", form, scenario)
        if held is None or made is None:
            continue
        top = max(top, float(held.high.max()))
        labels.append((float(held.middle[-1]), _label(answers, scenario, held), _hue(answers, scenario)))
        if held.high.any():
            draw(axes, answers, scenario, held, bars=True)
            _rings(axes, answers, scenario, made, held)
    axes.set_ylim(0, ROOM * top or 1)
    label_ends(axes, labels)


def _rings(axes: Axes, answers: AnswerSet, scenario: str, made: Course, held: Course) -> None:
    """Rings at the report years in which the region mines, for what it separates."""
    at = np.isin(made.years, report_years(answers)) & (held.middle > 0)
    axes.plot(
        made.years[at], made.middle[at], "o", color=hue(answers, scenario), markerfacecolor="none", markersize=7,
        clip_on=False,
    )  # fmt: skip


def _hue(answers: AnswerSet, scenario: str) -> str:
    return MUTED if scenario == REFERENCE else hue(answers, scenario)


def _label(answers: AnswerSet, scenario: str, held: Course) -> str:
    title = answers.case.scenario(scenario).title
    return title if held.high.any() else f"{title}: nothing"


def _rows(answers: AnswerSet, shown: list[str]) -> list[tuple[str, ...]]:
    return [
        (
            form_name(form),
            answers.case.scenario(scenario).title,
            str(year),
            *(
                cell(answers, tonnes, measure, form, year, scenario)
                for measure in ("region_potential", "region_output", "need")
            ),
        )
        for form in FORMS
        for scenario in shown
        for year in report_years(answers)
    ]

# SPDX-License-Identifier: Apache-2.0
"""Drawing: prices at the importer by scenario, over the years."""

import numpy as np
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from ytterby.report.drawings.canvas import (
    Drawing,
    canvas,
    label_ends,
    panel,
    plain_numbers,
    to_svg,
    years_axis,
)  # fmt: skip
from ytterby.report.drawings.courses import (
    Course,
    cell,
    course,
    draw,
    end_labels,
    heading,
    report_years,
    scenarios,
    spread,
)  # fmt: skip
from ytterby.study import AnswerSet
from ytterby.study.words import Figure, number, place_name

FORMS = ("magnet", "oxide:ndpr", "oxide:dy")
KG_PER_T = 1000.0
WIDE = 5.0
PANEL, GAP, TOP = 132.0, 46.0, 24.0


def prices(answers: AnswerSet) -> Drawing | None:
    """Prices of magnets and of the oxides behind them; None where no form has a price."""
    case, name = answers.case, "prices"
    importer = place_name(answers.base, case.importer)
    title = f"Prices in {importer} by scenario"
    shown = scenarios(answers)
    forms = [form for form in FORMS if any(course(answers, "price", form, s) for s in shown)]
    if not forms:
        return None
    with canvas(name, len(forms) * (PANEL + GAP) + 6) as figure:
        for position, form in enumerate(forms):
            axes = panel(figure, TOP + position * (PANEL + GAP), PANEL)
            years_axis(axes, case.base_year, case.last_year)
            found = [(s, c) for s in shown if (c := course(answers, "price", form, s, KG_PER_T)) is not None]
            wide = _wide(found)
            if wide:
                axes.set_yscale("log")
                axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
                axes.yaxis.set_minor_formatter(NullFormatter())
            else:
                axes.set_ylim(0, 1.12 * max(float(c.high.max()) for _, c in found))
            axes.yaxis.set_major_formatter(FuncFormatter(plain_numbers))
            axes.set_title(f"{heading(form)}, USD/kg{', log scale' if wide else ''}", x=-0.16)
            for scenario, line in found:
                draw(axes, answers, scenario, line, bars=True)
            label_ends(axes, end_labels(answers, found))
        svg = to_svg(figure, name, title, "One panel a form, one line a scenario.")
    caption = "Prices of the solved markets at the importer, USD of the base year."
    return Drawing(
        name, title, svg, caption + spread(answers, "Bars"),
        ("form", "scenario", *(f"{year}" for year in report_years(answers))),
        tuple(_rows(answers, forms, shown)), answer="stops-all-short",
    )  # fmt: skip


def _wide(found: list[tuple[str, Course]]) -> bool:
    """Whether prices span so much that a linear axis would hide the low ones."""
    values = np.concatenate([np.concatenate([c.low, c.high]) for _, c in found])
    return bool(values.min() > 0 and values.max() / values.min() > WIDE)


def _rows(answers: AnswerSet, forms: list[str], shown: list[str]) -> list[tuple[str, ...]]:
    return [
        (
            f"{heading(form)}, USD/kg",
            answers.case.scenario(scenario).title,
            *(cell(answers, _price, "price", form, year, scenario) for year in report_years(answers)),
        )
        for form in forms
        for scenario in shown
    ]


def _price(figure: Figure) -> str:
    low, middle, high = (number(value / KG_PER_T) for value in figure)
    return middle if low == high else f"{middle} ({low} to {high})"

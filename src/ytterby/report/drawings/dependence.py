# SPDX-License-Identifier: Apache-2.0
"""Drawing: how much of what the importer uses was mined, separated or touched in the supplier, over the years."""

from collections.abc import Callable, Mapping

from ytterby.report.drawings.canvas import Drawing, canvas, label_ends, panel, to_svg, years_axis
from ytterby.report.drawings.courses import (
    cell,
    course,
    draw,
    end_labels,
    report_years,
    scenarios,
    spread,
)
from ytterby.study import AnswerSet
from ytterby.study.words import form_name, percent, place_name

FORM = "magnet"
MEASURES: Mapping[str, Callable[[str], str]] = {
    "touched_share": lambda supplier: f"Passed through {supplier} at any stage",
    "mined_in_share": lambda supplier: f"Mined in {supplier}",
    "separated_in_share": lambda supplier: f"Separated in {supplier}",
}
PANEL, GAP, TOP = 104.0, 45.0, 24.0


def dependence(answers: AnswerSet) -> Drawing:
    """Shares of the importer's magnets by origin, in the reference and when the supplier stops selling."""
    case, name = answers.case, "dependence"
    importer, supplier = place_name(answers.base, case.importer), place_name(answers.base, case.supplier)
    shown = scenarios(answers, "stops_one", "stops_all")
    title = f"Dependence of {importer} on {supplier}: {form_name(FORM)}"
    with canvas(name, len(MEASURES) * (PANEL + GAP) + 6) as figure:
        for number, (measure, words) in enumerate(MEASURES.items()):
            axes = panel(figure, TOP + number * (PANEL + GAP), PANEL)
            years_axis(axes, case.base_year, case.last_year)
            axes.set_ylim(0, 100)
            axes.set_yticks((0, 25, 50, 75, 100))
            axes.set_title(f"{words(supplier)}, % of rare earths", x=-0.16)
            found = [
                (s, c) for s in shown if (c := course(answers, measure, FORM, s, scale=0.01)) is not None
            ]
            for scenario, line in found:
                draw(axes, answers, scenario, line)
            label_ends(axes, end_labels(answers, found))
        svg = to_svg(figure, name, title, _description(answers))
    return Drawing(
        name, title, svg, _caption(answers, importer), ("scenario", "year", "any stage", "mined", "separated"),
        tuple(_rows(answers, shown)), answer="touched-magnets",
    )  # fmt: skip


def _rows(answers: AnswerSet, shown: list[str]) -> list[tuple[str, ...]]:
    return [
        (
            answers.case.scenario(scenario).title,
            str(year),
            *(cell(answers, percent, measure, FORM, year, scenario) for measure in MEASURES),
        )
        for scenario in shown
        for year in report_years(answers)
    ]


def _caption(answers: AnswerSet, importer: str) -> str:
    return (
        f"Shares of the rare earths in the {form_name(FORM)} that {importer} uses, by mass of rare earths, "
        f"traced through all stages.{spread(answers, 'Bands')}"
    )


def _description(answers: AnswerSet) -> str:
    return "Three panels, one line a scenario: " + ", ".join(
        answers.case.scenario(name).title for name in scenarios(answers, "stops_one", "stops_all")
    )

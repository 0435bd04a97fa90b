# SPDX-License-Identifier: Apache-2.0
"""Drawing: the supplier's share of every stage in the base year, beside published shares."""

from collections.abc import Mapping
from typing import Any

from ytterby.report.drawings import tracks
from ytterby.report.drawings.canvas import INK, SERIES, Drawing, canvas, panel, to_svg
from ytterby.study import AnswerSet
from ytterby.study.words import percent, place_name

Row = Mapping[str, Any]
STAGES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "concentrate": ("Mining", "mine", ("rare_earths", "magnet_ree")),
    "oxide:ndpr": ("NdPr separation", "separation", ("rare_earths", "magnet_ree")),
    "oxide:dy": ("Dysprosium separation", "separation", ("dytb", "dy")),
    "metal:ndpr": ("NdPr metal", "metal", ("rare_earths", "ndpr", "magnet_ree")),
    "magnet": ("NdFeB magnets", "magnet", ("ndfeb",)),
}
NEAR = 1
UNCONFIRMED = "unconfirmed"


def stages(answers: AnswerSet) -> Drawing:
    """Shares by stage with intervals; published shares of the base year and its neighbours as diamonds."""
    case, name = answers.case, "stages"
    supplier = place_name(answers.base, case.supplier)
    title = f"Share of {supplier} by stage in {case.base_year}"
    figures = {form: answers.table("supplier_share", form, case.base_year, "reference") for form in STAGES}
    beside = {form: _published(answers, stage, what) for form, (_, stage, what) in STAGES.items()}
    with canvas(name, tracks.height(len(STAGES))) as figure:
        axes = panel(figure, tracks.HEAD, len(STAGES) * tracks.STEP, left=8, right=12)
        tracks.lay(axes, [(words[0], percent(figures[form])) for form, words in STAGES.items()])
        axes.set_xlim(0, 100)
        axes.set_xlabel(f"share of {supplier}, % of world output")
        for row, form in enumerate(STAGES):
            low, middle, high = (100 * value for value in figures[form])
            axes.plot(
                (low, high),
                (tracks.at(row),) * 2,
                color=SERIES[0],
                linewidth=4,
                alpha=0.45,
                solid_capstyle="butt",
            )
            axes.plot(middle, tracks.at(row), "o", color=SERIES[0], markersize=5.5)
            for share in _drawn(beside[form]):
                axes.plot(100 * share, tracks.at(row), "D", color=INK, markerfacecolor="none", markersize=4.5)
        tracks.key(axes, (("o", SERIES[0], "this run, bar: interval"), ("D", "none", "published")))
        svg = to_svg(figure, name, title, "One row a stage: the run's share and published shares.")
    rows, basis = _rows(answers, figures, beside)
    caption = (
        f"World output of each stage that is made in {supplier}. Published shares count what their publishers count "
        f"(all rare earths or magnet rare earths) in {case.base_year - NEAR} to {case.base_year + NEAR}; unconfirmed "
        f"ones stand in the table only."
    )
    return Drawing(
        name, title, svg, caption, ("stage", "share", "year", "given by"), rows, basis, "touched-magnets"
    )


def _published(answers: AnswerSet, stage: str, commodities: tuple[str, ...]) -> list[Row]:
    """Published shares of the supplier in a stage, near the base year, no projections."""
    case = answers.case
    return [
        row
        for row in answers.base.rows("stage_shares", stage=stage, country=case.supplier)
        if row["measure"] == "stage_share" and row["commodity"] in commodities and row["importer"] is None
        and not row["projection"] and row["year"] is not None and abs(row["year"] - case.base_year) <= NEAR
    ]  # fmt: skip


def _drawn(rows: list[Row]) -> list[float]:
    return [row["value"] for row in rows if row["value"] is not None and row["confidence"] != UNCONFIRMED]


def _rows(
    answers: AnswerSet, figures: Mapping[str, tuple[float, float, float]], beside: Mapping[str, list[Row]]
) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    """Table rows with their bases: the run's share, then the published ones, stage by stage."""
    rows: list[tuple[str, ...]] = []
    basis: list[tuple[str, ...]] = []
    for form, (words, _, _) in STAGES.items():
        rows.append((words, percent(figures[form]), str(answers.case.base_year), "this run"))
        basis.append(())
        for row in beside[form]:
            publisher = answers.base.row(row["source"])["publisher"]
            what = str(row["commodity"]).replace("_", " ")
            mark = ", unconfirmed" if row["confidence"] == UNCONFIRMED else ""
            rows.append((words, _share(row), str(row["year"]), f"{publisher} ({what}{mark})"))
            basis.append((row["id"],))
    return tuple(rows), tuple(basis)


def _share(row: Row) -> str:
    if row["value"] is not None:
        ends = (row["low"], row["value"], row["high"])
        return percent(ends) if None not in ends else percent((row["value"],) * 3)
    bound = row["low"] if row["low"] is not None else row["high"]
    return f"{'over' if row['low'] is not None else 'under'} {percent((bound,) * 3)}"

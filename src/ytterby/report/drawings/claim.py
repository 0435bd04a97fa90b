# SPDX-License-Identifier: Apache-2.0
"""Drawing: the readings of the claimed deposit side by side on one logarithmic scale, reserves as lines.

Tonnages of unlike classes stand beside each other; none is summed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullFormatter

from ytterby.report.drawings import tracks
from ytterby.report.drawings.canvas import INK, MUTED, SERIES, SMALL, Drawing, canvas, panel, to_svg
from ytterby.study import AnswerSet
from ytterby.study.claim import Reading, readings, reserves
from ytterby.study.words import number, place_name, tonnes

Row = Mapping[str, Any]
WORLD = "WLD"
HEAD = 62.0


def claim(answers: AnswerSet) -> Drawing | None:
    """The readings of the case's claim; None where the deposit has none with a tonnage."""
    case, base, name = answers.case, answers.base, "claim"
    found = readings(base, case.claim)
    if not found:
        return None
    supplier = place_name(base, case.supplier)
    own = reserves(base, case.supplier, case.commodity)
    lines = [(f"{supplier}, reserves", own.value, own.basis, "")] if own else []
    lines += _world(answers)
    title = f"{len(found)} readings of the claimed deposit, beside reserves"
    with canvas(name, tracks.height(len(found), HEAD)) as figure:
        axes = panel(figure, HEAD, len(found) * tracks.STEP, left=16, right=20)
        axes.set_xscale("log")
        sizes = [r.reo_t for r in found] + [value for _, value, _, _ in lines]
        axes.set_xlim(10 ** _floor(min(sizes)), 2.2 * max(sizes))
        tracks.lay(axes, [(f"{tonnes(r.reo_t)}: {_label(answers, r)}", "") for r in found])
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: tonnes(x)))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.set_xlabel("t REO contained, logarithmic scale")
        for row, reading in enumerate(found):
            axes.plot(reading.reo_t, tracks.at(row), "o", color=SERIES[1], markersize=6)
        _mark(axes, lines)
        axes.annotate(
            _classes(found), (0, 1), (0, 36), xycoords="axes fraction", textcoords="offset points", fontsize=SMALL,
            color=SERIES[1], annotation_clip=False,
        )  # fmt: skip
        svg = to_svg(figure, name, title, "One row a reading, with its tonnage; lines mark reserves.")
    rows, basis = _rows(answers, found, lines)
    caption = (
        f"Dots: every reading of the deposit that gives a tonnage, elements converted to oxides; {_classes(found)[2:]}. "
        f"Lines: reserves. A class says how sure a tonnage is; classes are not summed."
    )
    head = ("reading", "as published", "REO", "grade", "class", "code", "as of", "given by")
    return Drawing(name, title, svg, caption, head, rows, basis, "claim-readings")


def _mark(axes: Axes, lines: Sequence[tuple[str, float, tuple[str, ...], str]]) -> None:
    """Upright lines with what they stand for above them; a line that is only a bound is broken."""
    for order, (text, value, _, sign) in enumerate(lines):
        axes.axvline(value, color=MUTED, linewidth=1, linestyle=(0, (3, 2)) if sign else "solid")
        axes.annotate(
            f"{text} {sign}{tonnes(value)}", (value, 1), (3, 8 + 12 * order), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="right", fontsize=SMALL, color=INK, annotation_clip=False,
        )  # fmt: skip


def _floor(value: float) -> int:
    """The power of ten at or below a value, as text knows it."""
    return int(f"{value:e}".partition("e")[2])


def _world(answers: AnswerSet) -> list[tuple[str, float, tuple[str, ...], str]]:
    """The world's reserves, the newest edition; a bound where only that is published."""
    rows = [
        row
        for row in answers.base.rows(
            "reserves", country=WORLD, commodity=answers.case.commodity, resource_class="reserve"
        )
        if row["value"] is not None or row["low"] is not None
    ]
    newest = max(rows, key=lambda row: (row["year"], _published(answers, row), row["id"]), default=None)
    if newest is None:
        return []
    exact = newest["value"] is not None
    return [
        ("world, reserves", newest["value" if exact else "low"], (newest["id"],), "" if exact else "over ")
    ]


def _published(answers: AnswerSet, row: Row) -> str:
    return str(answers.base.row(row["source"])["published"] or "")


def _publisher(answers: AnswerSet, reading: Reading) -> str:
    return str(answers.base.row(answers.base.row(reading.id)["source"])["publisher"])


def _label(answers: AnswerSet, reading: Reading) -> str:
    publisher = _publisher(answers, reading).partition(" via ")[0]
    return f"{publisher[:34]}, {reading.as_of}" if reading.as_of else publisher[:40]


def _classes(found: Sequence[Reading]) -> str:
    """Classes of the readings, in words."""
    classes = sorted({reading.resource_class for reading in found})
    return (
        f"● class of all readings: {classes[0]}" if len(classes) == 1 else f"● classes: {', '.join(classes)}"
    )


def _rows(
    answers: AnswerSet, found: Sequence[Reading], lines: Sequence[tuple[str, float, tuple[str, ...], str]]
) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    rows = [
        (
            r.name,
            f"{tonnes(r.contained_t)} ({r.content}){' (own arithmetic)' if r.derived else ''}",
            tonnes(r.reo_t),
            "" if r.grade is None else f"{number(100 * r.grade)} %",
            r.resource_class, r.code, r.as_of or "", _publisher(answers, r),
        )
        for r in found
    ]  # fmt: skip
    rows += [
        (text, "", f"{sign}{tonnes(value)}", "", "reserve", "", "", "") for text, value, _, sign in lines
    ]
    return tuple(rows), (*(r.basis for r in found), *(basis for _, _, basis, _ in lines))

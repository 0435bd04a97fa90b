# SPDX-License-Identifier: Apache-2.0
"""What all drawings share: style, palette, text sizes, labels at line ends, and the way from a figure to inline SVG.

A drawing is 360 units wide, so that its text reads on a phone. Colours become CSS variables with the light palette
as fallback; ids carry the drawing's name, so that several drawings live on one page. Nothing touches pyplot.
"""

import io
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import wrap
from typing import Any
from xml.etree import ElementTree as ET

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

WIDTH = 360.0
POINTS_PER_INCH = 72.0
TEXT, SMALL = 11.0, 10.5
INK, MUTED, RULE = "#1c1f23", "#5b636c", "#d5d9de"
SERIES = ("#0072b2", "#c44e00", "#00795a", "#8a4f9e", "#9a6a00", "#c2387e")
VARIABLES: Mapping[str, str] = {
    INK: "--ink", MUTED: "--muted", RULE: "--rule", **{hue: f"--s{n}" for n, hue in enumerate(SERIES, 1)},
}  # fmt: skip
DASHES = ("solid", (0, (6, 1.5)), (0, (2.5, 1)), (0, (6, 1.5, 1.5, 1.5)), (0, (1.2, 1)))
BAND, BAR = 0.15, 0.4
LABEL_WIDTH = 17
_STYLE: Mapping[Any, Any] = {
    "svg.fonttype": "none", "text.parse_math": False, "font.size": TEXT, "axes.edgecolor": MUTED,
    "axes.labelcolor": INK, "axes.linewidth": 0.8, "text.color": INK, "xtick.color": MUTED, "ytick.color": MUTED,
    "xtick.labelcolor": INK, "ytick.labelcolor": INK, "xtick.labelsize": SMALL, "ytick.labelsize": SMALL,
    "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": TEXT, "axes.titlelocation": "left",
    "axes.titlepad": 9, "grid.color": RULE, "grid.linewidth": 0.7, "lines.linewidth": 1.6, "figure.dpi": 72,
}  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """A further table of a drawing; `basis` as there."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    basis: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Drawing:
    """A drawing for a page: SVG (or several to choose from), caption, and the figures it shows as a table.

    `basis` gives, per row of the table, the rows of the fact base that it rests on; `answer` names the answer whose
    basis the whole drawing shares, where there is one; `also` are further tables.
    """

    name: str
    title: str
    svg: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    basis: tuple[tuple[str, ...], ...] = ()
    answer: str = ""
    also: tuple[Figures, ...] = ()


@contextmanager
def canvas(name: str, height: float) -> Iterator[Figure]:
    """A figure in the house style; all of it is drawn and turned into SVG inside the `with`."""
    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")  # text stays text: the reader's own font has the letter
        figure = Figure(figsize=(WIDTH / POINTS_PER_INCH, height / POINTS_PER_INCH))
        FigureCanvasSVG(figure)
        yield figure


def panel(figure: Figure, top: float, height: float, left: float = 44.0, right: float = 120.0) -> Axes:
    """Axes placed in units of the drawing, from its top."""
    total = figure.get_figheight() * POINTS_PER_INCH
    return figure.add_axes(
        (left / WIDTH, 1 - (top + height) / total, (WIDTH - left - right) / WIDTH, height / total)
    )


def years_axis(axes: Axes, first: int, last: int) -> None:
    """Whole years below, thin lines behind."""
    axes.set_xlim(first, last)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:.0f}"))
    axes.grid(visible=True, axis="y")
    axes.set_axisbelow(True)


def plain_numbers(value: float, _: object = None) -> str:
    """A tick label without powers of ten: 0.5, 20, 1 500."""
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 1000 else f"{value:g}"


def label_ends(axes: Axes, labels: Sequence[tuple[float, str, str]]) -> None:
    """Write labels (height, text, colour) to the right of the axes, moved apart, with a thin line to their height."""
    found = sorted(
        (float(axes.transData.transform((axes.get_xlim()[1], y))[1]), wrap(text, LABEL_WIDTH), hue)
        for y, text, hue in labels
    )
    box = axes.get_window_extent()
    line = SMALL * 1.12
    heights = [len(lines) * line for _, lines, _ in found]
    centres = _apart([y for y, _, _ in found], [h + 2.5 for h in heights], box.y0 - 4, box.y1 + 14)
    for (y, lines, hue), centre in zip(found, centres, strict=True):
        text = "\n".join(lines)
        axes.annotate(
            text, (box.x1, y), (box.x1 + 12, centre), xycoords="figure pixels", textcoords="figure pixels",
            va="center", ha="left", fontsize=SMALL, color=hue, linespacing=1.12, annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": hue, "linewidth": 0.6, "shrinkA": 1, "shrinkB": 1, "relpos": (0, 0.5)},
        )  # fmt: skip


def _apart(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Centres near the wanted heights, in rising order, that keep the sizes apart within the bounds where they fit."""
    centres: list[float] = []
    edge = low
    for y, size in zip(wanted, sizes, strict=True):
        centres.append(max(y, edge + size / 2))
        edge = centres[-1] + size / 2
    edge = high
    for index in range(len(centres) - 1, -1, -1):
        centres[index] = min(centres[index], edge - sizes[index] / 2)
        edge = centres[index] - sizes[index] / 2
    return centres


def to_svg(figure: Figure, name: str, title: str, description: str) -> str:
    """The figure as SVG for a page: sized by its viewBox, themed by CSS variables, named for screen readers."""
    text = io.StringIO()
    figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    root = ET.fromstring(text.getvalue())  # noqa: S314 - our own drawing
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        for key in list(element.attrib):
            element.attrib[key.rpartition("}")[2]] = _themed(element.attrib.pop(key))
    for parent in list(root.iter()):
        for child in [c for c in parent if c.tag in {"metadata", "style"}]:
            parent.remove(child)
    _rename(root, name)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.attrib |= {"role": "img", "aria-labelledby": f"{name}-title {name}-desc"}
    for position, (tag, content) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(tag, {"id": f"{name}-{tag}"})
        element.text, element.tail = content, "\n"
        root.insert(position, element)
    return ET.tostring(root, encoding="unicode")


def _themed(value: str) -> str:
    """Colours as variables of the page, and its font."""
    for hue, variable in VARIABLES.items():
        value = value.replace(hue, f"var({variable}, {hue})")
    value = re.sub(r"font: ([\d.]+px)[^;]*", r"font-size: \1", value)
    return re.sub(r"font-family: [^;]*;?", "", value)


def _rename(root: ET.Element, name: str) -> None:
    """Keep the ids that are referred to, under the drawing's name; drop all others."""
    used = {
        match for element in root.iter() for value in element.attrib.values()
        for match in re.findall(r"(?:^|url\()#([^)]+)", value)
    }  # fmt: skip
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key == "id" and value not in used:
                del element.attrib[key]
            elif key == "id":
                element.attrib[key] = f"{name}-{value}"
            else:
                element.attrib[key] = re.sub(r"(^|url\()#", rf"\g<1>#{name}-", value)

# SPDX-License-Identifier: Apache-2.0
"""Tracks: one horizontal line a row, its text above it, so that long labels need no margin on a phone."""

from collections.abc import Sequence

from matplotlib.axes import Axes

from ytterby.report.drawings.canvas import INK, MUTED, RULE, SMALL

STEP = 31.0
HEAD, FOOT = 30.0, 40.0


def height(rows: int, head: float = HEAD) -> float:
    """Height of a drawing with that many tracks."""
    return head + rows * STEP + FOOT


def lay(axes: Axes, texts: Sequence[tuple[str, str]]) -> None:
    """Lay tracks into axes, first on top: text on the left above the track, figure on the right."""
    axes.set_ylim(len(texts), 0)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=True, axis="x")
    axes.set_axisbelow(True)
    for row, (left, right) in enumerate(texts):
        axes.axhline(row + 0.72, color=RULE, linewidth=0.7, zorder=0)
        for at, text, side in ((0.0, left, "left"), (1.0, right, "right")):
            axes.text(
                at, row + 0.46, text, transform=axes.get_yaxis_transform(), ha=side, va="bottom", fontsize=SMALL,
                color=INK, fontweight="bold" if side == "right" else "normal",
            )  # fmt: skip


def at(row: int) -> float:
    """Height of a row's track."""
    return row + 0.72


def key(axes: Axes, marks: Sequence[tuple[str, str, str]]) -> None:
    """A key above the tracks: (marker, face colour, text), in one line."""
    x = 6.0
    box = axes.get_window_extent()
    for marker, face, text in marks:
        place = (box.x0 + x, box.y1 + 12)
        axes.plot(
            *axes.transAxes.inverted().transform(place), marker, color=face if face != "none" else MUTED,
            markerfacecolor=face, markersize=5.5, transform=axes.transAxes, clip_on=False,
        )  # fmt: skip
        axes.annotate(
            text,
            (place[0] + 7, place[1]),
            xycoords="figure pixels",
            va="center",
            fontsize=SMALL,
            annotation_clip=False,
        )
        x += 24 + 5 * len(text)

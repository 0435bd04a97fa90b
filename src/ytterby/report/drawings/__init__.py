# SPDX-License-Identifier: Apache-2.0
"""The drawings of a report, each a figure of the answers as inline SVG with its caption and its table.

Import this only where a page is made: it loads matplotlib.
"""

from ytterby.report.drawings.canvas import Drawing, Figures
from ytterby.report.drawings.claim import claim
from ytterby.report.drawings.dependence import dependence
from ytterby.report.drawings.prices import prices
from ytterby.report.drawings.region import region
from ytterby.report.drawings.stages import stages
from ytterby.report.drawings.ways import ways
from ytterby.study import AnswerSet

__all__ = ["Drawing", "Figures", "draw_all"]


def draw_all(answers: AnswerSet) -> list[Drawing]:
    """Every drawing that the answers give reason for, in the order in which they are read."""
    found = (draw(answers) for draw in (stages, dependence, region, claim, prices, ways))
    return [drawing for drawing in found if drawing is not None]

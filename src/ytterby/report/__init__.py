# SPDX-License-Identifier: Apache-2.0
"""What a run says, for people and for programs: a screen, a JSON document, a folder with report and tables.

It computes nothing: every figure stands in the answers, the measures or the solved scenarios already. Drawings and
templates are loaded only when a folder is written.
"""

from ytterby.report.record import document
from ytterby.report.solution import SOLUTION_FILES, solve_document, write_solved
from ytterby.report.terminal import screen
from ytterby.report.writing import ANSWER_FILES, write

__all__ = ["ANSWER_FILES", "SOLUTION_FILES", "document", "screen", "solve_document", "write", "write_solved"]

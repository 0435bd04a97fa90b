# SPDX-License-Identifier: Apache-2.0
"""Claims: statements meet the facts and a solved case, and a named rule computes the verdict.

`check` is the door: a row of relation statements, the fact base, a solved case as plain figures -> a verdict. Verdicts
are computed from rows; change the rows, and they change.
"""

from __future__ import annotations

from ytterby.claims.own import own_file, own_statements, own_table
from ytterby.claims.registry import RULES, Rule, check, check_all, needs_case, rule_of
from ytterby.claims.solved import MEASURES, Figure, SolvedCase, Weight
from ytterby.claims.verdict import COLUMNS, SUPPORT, Finding, Outcome, Verdict

__all__ = [
    "COLUMNS", "MEASURES", "RULES", "SUPPORT", "Figure", "Finding", "Outcome", "Rule", "SolvedCase",
    "Verdict", "Weight", "check", "check_all", "needs_case", "own_file", "own_statements", "own_table", "rule_of",
]  # fmt: skip

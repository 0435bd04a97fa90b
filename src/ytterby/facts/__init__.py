# SPDX-License-Identifier: Apache-2.0
"""The fact base: sourced rows, typed, in canonical units, as known on a date.

`load` reads and checks it, `FactBase` answers, `choose` picks among conflicting rows, `trace` walks back to
sources. Nothing is filled in, clipped or guessed here.
"""

from __future__ import annotations

from ytterby.errors import Problem
from ytterby.facts.base import FactBase, Override
from ytterby.facts.choice import Choice, choose
from ytterby.facts.loading import check, data_folder, load
from ytterby.facts.rows import Row
from ytterby.facts.schema import Column, Relation, Schema

__all__ = [
    "Choice",
    "Column",
    "FactBase",
    "Override",
    "Problem",
    "Relation",
    "Row",
    "Schema",
    "check",
    "choose",
    "data_folder",
    "load",
]

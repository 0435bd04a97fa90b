# SPDX-License-Identifier: Apache-2.0
"""The fact base: sourced rows, typed, in canonical units, as known on a date.

`load` reads and checks it, `FactBase` answers, `choose` picks among conflicting rows, `trace` walks back to
sources. Nothing is filled in, clipped or guessed here.
"""

from __future__ import annotations

from ytterby.errors import Problem
from ytterby.facts.base import FactBase, Override
from ytterby.facts.choice import Choice, choose
from ytterby.facts.closure import TradeClosure, trade_closure
from ytterby.facts.columns import Column, Relation
from ytterby.facts.filters import Condition, parse_where, select
from ytterby.facts.loading import check, data_folder, load
from ytterby.facts.package import datapackage
from ytterby.facts.rows import Row
from ytterby.facts.schema import Schema
from ytterby.facts.tables import relation, write_table
from ytterby.facts.tracing import Trace, trace

__all__ = [
    "Choice",
    "Column",
    "Condition",
    "FactBase",
    "Override",
    "Problem",
    "Relation",
    "Row",
    "Schema",
    "Trace",
    "TradeClosure",
    "check",
    "choose",
    "data_folder",
    "datapackage",
    "load",
    "parse_where",
    "relation",
    "select",
    "trace",
    "trade_closure",
    "write_table",
]

"""Small fact bases for the rules: the shipped words and schema, and only the rows that a test gives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ytterby.claims import Figure, SolvedCase, check_all

KEPT = (
    "countries",
    "commodities",
    "units",
    "sources",
    "parameters",
    "ore_classes",
    "composition",
    "conversions",
    "pledge_classes",
    "realisation",
    "realisation_uses",
)
COMMON = {"source": "general-knowledge", "as_of": "2024", "confidence": "reported", "known": "2024-12-31"}
DEFAULTS: dict[str, dict[str, object]] = {
    "statements": {
        "id": "X001", "date": "2025-11-08", "speaker": "somebody", "statement": "what is said", "kind": "claim",
        "subjects": ("USA",), "state": "number", "unit": "none", "hedge": "none", "language": "en",
    },
    "events": {"date": "2015-01-01", "actors": ("USA",), "kind": "summit", "effect": "meets"},
    "pledges": {
        "date": "2025-11-06", "givers": ("UZB",), "receivers": ("USA",), "kind": "investment", "sector": "mixed",
        "state": "number", "unit": "USD", "status": "announced", "class": "headline-sum",
    },
    "deposits": {
        "place": "here", "country": "KAZ", "commodity": "rare_earths", "resource_class": "announced",
    },
    "reserves": {
        "country": "CHN", "commodity": "rare_earths", "year": 2025, "unit": "t", "content": "REO",
        "resource_class": "reserve",
    },
    "ties": {"country": "KAZ", "power": "RUS", "unit": "fraction", "measure": "imports partner share", "year": 2020},
}  # fmt: skip


@pytest.fixture(scope="session")
def row(base):
    """A row of a relation, with what the test says and nothing else."""

    def of(relation, **cells):
        columns = base.schema.relation(relation).columns
        unknown = cells.keys() - {*columns, "known"}
        assert not unknown, unknown
        empty = dict.fromkeys(columns)
        return {**empty, **COMMON, **DEFAULTS.get(relation, {}), **cells}

    return of


@pytest.fixture(scope="session")
def facts(base, row):
    """A fact base with only the given rows beside the words of the shipped one; rows are numbered."""

    def of(**relations):
        tables = {name: rows if name in KEPT else () for name, rows in base.tables.items()}
        for name, rows in relations.items():
            tables[name] = tuple(
                row(name, **{"id": f"{name}-{number}", **cells}) for number, cells in enumerate(rows, 1)
            )
        return replace(base, tables=tables)

    return of


@pytest.fixture(scope="session")
def solved():
    """A solved case by hand: what goes unserved, and what the region holds of the need."""

    def of(alone=0.1, everyone=0.9, held=10.0, need=100.0):
        figures = {
            ("unserved_share", "magnet", 2026, "one"): Figure(alone, alone, alone, "fraction"),
            ("unserved_share", "magnet", 2026, "all"): Figure(everyone, everyone, everyone, "fraction"),
            ("region_potential", "oxide:ndpr", 2030, "more"): Figure(held, held, held, "t"),
            ("need", "oxide:ndpr", 2030, "more"): Figure(need, need, need, "t"),
        }
        roles = {"stops_one": "one", "stops_all": "all", "announced": "more"}
        since = {"stops_one": 2026, "stops_all": 2026}
        return SolvedCase("USA", "CHN", ("KAZ", "UZB"), 2024, roles, figures, since)

    return of


@pytest.fixture(scope="session")
def verdicts(base, solved):
    """The verdicts on all shipped statements."""
    return check_all(base.rows("statements"), base, solved())

"""Small fact bases for the rules: the shipped words and schema, and only the rows that a test gives."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from ytterby.claims import Figure, SolvedCase, Weight, check_all
from ytterby.claims.wording import EXACT, show
from ytterby.study.ledger import weights as weights_of

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
    "unit_costs",
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
    "stage_shares": {
        "measure": "stage_share", "stage": "mine", "commodity": "rare_earths", "country": "CHN", "year": 2024,
        "projection": False,
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
    """A solved case by hand: what goes unserved, what the region holds of the need, what powers weigh in trade."""

    def of(alone=0.1, everyone=0.9, held=10.0, need=100.0, **weights):
        def weigh(_, power):
            return (Weight("trade_share", 2024, *weights[power]),) if power in weights else ()

        figures = {
            ("unserved_share", "magnet", 2026, "one"): Figure(alone, alone, alone, "fraction"),
            ("unserved_share", "magnet", 2026, "all"): Figure(everyone, everyone, everyone, "fraction"),
            ("region_potential", "oxide:ndpr", 2030, "more"): Figure(held, held, held, "t"),
            ("need", "oxide:ndpr", 2030, "more"): Figure(need, need, need, "t"),
        }
        roles = {"stops_one": "one", "stops_all": "all", "announced": "more"}
        since = {"stops_one": 2026, "stops_all": 2026}
        return SolvedCase(
            "rare_earths", "USA", "CHN", ("KAZ", "UZB"), 2024, roles, figures, since, weights=weigh
        )

    return of


NUMBER = re.compile(r"(?<![\w.])\d+(?: \d{3})*(?:\.\d+)?")
ROWS = re.compile(r"\d{4}(?:-\d{2}){0,2}|\b[A-Z]\d{3}\b|[BC]5\+1|\b[a-z]+-\d+\b")
UNITS = ("fraction", "number", "ratio", "rank", "calendar_year", "km", "USD")


@pytest.fixture(scope="session")
def unwritten():
    """Numbers of a verdict's sentence that are none of its figures and stand in no row (years, dates, ids)."""

    def of(verdict):
        figures = [verdict.value, verdict.low, verdict.high, *verdict.figures.values()]
        written = {
            number
            for value in figures
            if value is not None
            for unit in {verdict.unit, *UNITS}
            for number in NUMBER.findall(show(value, unit))
        }
        said = verdict.figures.get("claimed")
        if said is not None:
            written |= {
                number
                for unit in {verdict.unit, *UNITS}
                for number in NUMBER.findall(show(said, unit, EXACT))
            }
        return [number for number in NUMBER.findall(ROWS.sub("", verdict.sentence)) if number not in written]

    return of


@pytest.fixture(scope="session")
def verdicts(base, solved):
    """The verdicts on all shipped statements."""
    return check_all(base.rows("statements"), base, replace(solved(), weights=weights_of(base)))

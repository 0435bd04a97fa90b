"""Fact bases with changed rows."""

from __future__ import annotations

from dataclasses import replace

import pytest


@pytest.fixture(scope="session")
def altered(base):
    """A fact base with rows of a relation replaced (by id) or added."""

    def change(**relations):
        tables = dict(base.tables)
        for relation, rows in relations.items():
            by_id = {row["id"]: row for row in tables[relation]}
            for row in rows:
                by_id[row["id"]] = {**by_id.get(row["id"], {}), **row}
            tables[relation] = tuple(by_id.values())
        return replace(base, tables=tables)

    return change


@pytest.fixture(scope="session")
def tie(base):
    """A tie row like the shipped ones."""
    empty = dict.fromkeys(base.schema.relation("ties").columns)

    def make(id_, country, power, measure, year, value, unit="fraction", **more):
        row = {
            "id": id_,
            "country": country,
            "power": power,
            "measure": measure,
            "year": year,
            "value": value,
        }
        return {
            **empty, **row, "unit": unit, "state": "number", "source": "s", "confidence": "official", "known": "2025-01-01",
            **more,
        }  # fmt: skip

    return make

"""The schema: what it says is checked once, with names."""

from __future__ import annotations

import pytest

from ytterby.errors import FactError
from ytterby.facts.schema import read_schema


def test_columns_know_what_they_hold(base):
    value = base.schema.relation("production").column("value")
    assert (value.kind, value.optional, value.minimum, value.quantity) == ("number", True, 0, "mass")
    country = base.schema.relation("production").column("country")
    assert (country.kind, country.to) == ("reference", ("countries",))
    assert base.schema.relation("countries").timeless
    assert base.schema.relation("production").unit_column == "unit"
    assert base.schema.relation("sources").unit_column == ""
    assert [relation.name for relation in base.schema.tables] == [
        "sources",
        "units",
        "countries",
        "production",
    ]


def test_derived_columns(base):
    derived = base.schema.relation("production").derived
    assert list(derived) == ["value_published", "low_published", "high_published", "unit_published", "known"]
    assert list(base.schema.relation("countries").derived) == ["known"]
    assert set(base.row("prod-1")) == {*base.schema.relation("production").columns, *derived}


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ('type = "year"', 'type = "yaer"', 'schema.toml row production column year: found type "yaer"'),
        ('to = "countries" }\nstage', 'to = "contries" }\nstage', 'found reference to "contries"'),
        ('type = "reference", to = "countries" }\nstage', 'type = "reference" }\nstage', "without `to`"),
        (', allowed = ["mine", "refinery"]', "", "an enum without `allowed`"),
        ("optional = true }\nhigh", "optinal = true }\nhigh", 'found unknown key "optinal"'),
        ("minimum = 0", 'minimum = "0"', 'minimum = "0"'),
        ('title = "Production"', "title = 3", 'title = "3"'),
        (
            'unit = { type = "unit", quantity = "mass", optional = true }\n',
            "",
            "quantity without a unit column",
        ),
        (
            'high = { type = "number", minimum = 0, quantity = "mass"',
            'high = { type = "number", quantity = "money"',
            "several quantities with one unit column",
        ),
        ("[production.columns]\nid", "[production.columns]\nname", "no columns, or none called id"),
        ('title = "Units"', 'title = "Units"\nfile = "u.parquet"', 'file "u.parquet" (allowed: units.csv)'),
        ('factor = { type = "number" }', 'factor = { type = "text" }', 'column factor: found type "text"'),
        ('published = { type = "date", optional = true }\n', "", "column published: found no such column"),
        (
            'as_of = { type = "date"',
            'as_of = { type = "text"',
            'column as_of: found type "text" (allowed: date)',
        ),
        ('"estimated", "unconfirmed"', '"guessed", "unconfirmed"', "column confidence: found guessed"),
        ('to = "countries" }\nstage', 'to = "trade" }\nstage', 'found reference to "trade"'),
        ("value_kusd", "value", "row trade: found file trade.parquet with columns id, year, exporter"),
        ('id = { type = "id" }\ncountry', 'id = "id"\ncountry', 'column id: found type "None"'),
    ],
)
def test_misfits_are_named(texts, old, new, text):
    schema = texts["schema"]
    assert old in schema
    with pytest.raises(FactError) as caught:
        read_schema(schema.replace(old, new).encode())
    assert text in str(caught.value)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "no relation"),
        (b"[a\n", "bad TOML"),
        (b"a = 1\n\xff", "schema.toml line 2: found bytes that are not UTF-8"),
        (b"a = " + b"[" * 5000, "nested too deeply"),
        (b"a = 1", "no columns"),
    ],
)
def test_what_is_no_schema(content, text):
    with pytest.raises(FactError) as caught:
        read_schema(content)
    assert text in str(caught.value)


def test_needed_relations():
    with pytest.raises(FactError) as caught:
        read_schema(b'[a]\n[a.columns]\nid = { type = "id" }\n')
    assert [problem.row for problem in caught.value.problems] == ["sources", "units", "countries"]

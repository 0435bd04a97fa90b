"""Conditions as typed on the command line."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.errors import FactError
from ytterby.facts import Condition, load, parse_where, select


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("country=KAZ", ("country", "=", "KAZ")),
        (" year >= 2020 ", ("year", ">=", "2020")),
        ("note~a=b", ("note", "~", "a=b")),
        ("unit=", ("unit", "=", "")),
        ("unit!=", ("unit", "!=", "")),
        ("value<1e3", ("value", "<", "1e3")),
    ],
)
def test_parts_of_a_condition(text, parts):
    assert parse_where(text) == Condition(*parts)


@pytest.mark.parametrize("text", ["", "country", "=KAZ", "country KAZ"])
def test_what_is_no_condition(text):
    with pytest.raises(FactError, match="COLUMN followed by"):
        parse_where(text)


@given(st.text(max_size=20))
def test_any_text_is_a_condition_or_an_error(text):
    with suppress(FactError):
        condition = parse_where(text)
        assert parse_where(str(condition)) == condition


@pytest.mark.parametrize(
    ("condition", "ids"),
    [
        ("country=KAZ", "45"),
        ("country!=KAZ", "1236"),
        ("year>2023", "123456"),
        ("year<2024", ""),
        ("value>=255000", "13"),
        ("value<1", "4"),
        ("value=270", "2"),
        ("value=", "56"),
        ("value!=", "1234"),
        ("value_published=0.27", "2"),
        ("note~COMMA", "2"),
        ("note~", "2"),
        ("confirmed~y", "1"),
        ("confirmed=yes", "1"),
        ("confirmed!=yes", "23456"),
        ("as_of<=2025", "1346"),
        ("as_of<2025-06-30", "136"),
        ("as_of>=2025-06", "234"),
        ("as_of>2025-06-30", "2"),
        ("as_of=2025", "1346"),
        ("as_of=2025-06", "34"),
        ("known<=2025-01-31", "16"),
        ("stage=refinery", "56"),
        ("unit_published=kt", "12"),
        ("source~SURVEY", "126"),
    ],
)
def test_selected_rows(base, condition, ids):
    assert "".join(row["id"][-1] for row in select(base, "production", [condition])) == ids


def test_conditions_add_up_and_lists_hold(base):
    chosen = select(base, "production", ["country=CHN", Condition("confidence", "=", "official")])
    assert [row["id"] for row in chosen] == ["prod-1", "prod-2"]
    assert [row["id"] for row in select(base, "countries", ["members=KAZ"])] == ["CA5"]
    assert [row["id"] for row in select(base, "countries", ["baci_codes=841"])] == ["USA"]
    assert [row["id"] for row in select(base, "countries", ["baci_codes~2;8"])] == ["USA"]


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ("contry=KAZ", 'found column "contry" (allowed: id, country'),
        ("country=Kazakhstan", 'found "Kazakhstan" (allowed: KAZ'),
        ("stage=mining", "(allowed: mine, refinery)"),
        ("stage>mine", "compare only numbers, years and dates by order"),
        ("year>=recent", "(allowed: a year of four digits)"),
        ("year>", "(allowed: a year of four digits)"),
        ("value=many", "(allowed: a number"),
        ("as_of<=summer", "(allowed: YYYY, YYYY-MM or YYYY-MM-DD)"),
        ("confirmed=maybe", "(allowed: yes, no)"),
    ],
)
def test_what_cannot_occur(base, condition, text):
    with pytest.raises(FactError) as caught:
        select(base, "production", [condition])
    assert text in str(caught.value)


def test_unknown_relation_and_member(base):
    with pytest.raises(FactError, match='relation "prodution"'):
        select(base, "prodution", [])
    with pytest.raises(FactError, match='found "XYZ"'):
        select(base, "countries", ["members=XYZ"])


def test_trade_needs_a_code_or_a_year(base):
    chosen = select(base, "trade", ["code=280530", "year=2024", "importer=USA"])
    assert [row["id"] for row in chosen] == ["baci-280530-2024-CHN-USA"]
    assert len(select(base, "trade", ["year=2024", "value_kusd>10"])) == 2
    assert select(base, "trade", ["code=280530", "code=284690"]) == []
    with pytest.raises(FactError, match="no code and no year"):
        select(base, "trade", ["importer=USA"])
    with pytest.raises(FactError, match='found column "vale"'):
        select(base, "trade", ["vale=1", "code=280530"])


def test_ids_unknown_at_a_date_select_nothing(make_base):
    early = load(shipped=make_base(), as_of="2025-01-31")
    assert select(early, "production", ["source=press"]) == []

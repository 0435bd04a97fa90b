"""A user's own statements: the schema's checks, with the user's file in every error."""

from __future__ import annotations

import pytest

from ytterby.claims import check, own_file, own_statements, own_table
from ytterby.errors import FactError
from ytterby.facts import load

HEAD = (
    "id,date,speaker,statement,kind,subjects,asserts,measure,place,comparator,value,state,unit,hedge,language,source,"
    "confidence"
)
GOOD = (
    "mine,2025-11-08,Me,It holds 5 Mt,claim,KAZ,quantity,deposit,KAZ-ZHANA-KZ,equals,5,number,Mt,none,en,user-statement,"
    "unconfirmed"
)


def test_a_file_needs_no_columns_that_may_be_empty(base):
    (statement,) = own_statements(f"{HEAD}\n{GOOD}\n".encode(), "my.csv", base)
    assert statement["value"] == 5e6
    assert check(statement, base).verdict == "contested"


def test_statements_are_known_at_any_date():
    then = load(as_of="2024-01-01")
    (statement,) = own_statements(f"{HEAD}\n{GOOD}\n".encode(), "my.csv", then)
    assert statement["id"] == "mine"
    assert check(statement, then).verdict == "not_checkable"


FAULTS = {
    "subjects": ("KAZ,", "KAX,"),
    "asserts": ("quantity,", "quantities,"),
    "unit": (",Mt,", ",lump,"),
    "date": ("2025-11-08", "8.11.2025"),
    "value": (",5,number", ",five,number"),
    "value-2": (",5,number", ",-5,number"),
}


def test_errors_name_file_row_and_column(base):
    """Each fault in a row of its own: all are told at once."""
    rows = [GOOD.replace("mine", column, 1).replace(old, new, 1) for column, (old, new) in FAULTS.items()]
    with pytest.raises(FactError) as caught:
        own_statements("\n".join([HEAD, *rows, ""]).encode(), "my.csv", base)
    for column, (_, new) in FAULTS.items():
        found = [problem for problem in caught.value.problems if problem.row == column]
        assert [problem.column for problem in found] == [column.partition("-")[0]]
        assert found[0].table.endswith("my.csv")
        assert new.strip(",").split(",")[0] in found[0].found


def test_an_id_of_the_facts_is_refused(base):
    with pytest.raises(FactError, match=r"my\.csv row S012"):
        own_statements(f"{HEAD}\n{GOOD.replace('mine', 'S012', 1)}\n".encode(), "my.csv", base)


def test_a_pledge_without_a_currency_is_refused(base):
    rows = [
        GOOD.replace("quantity", "pledge").replace(",Mt,", f",{unit},").replace("mine", f"in-{unit}", 1)
        for unit in ("none", "CNY")
    ]
    with pytest.raises(
        FactError, match=r"my\.csv row in-none column unit: found a pledge without a currency"
    ):
        own_statements("\n".join([HEAD, *rows, ""]).encode(), "my.csv", base)
    assert own_statements("\n".join([HEAD, rows[1], ""]).encode(), "my.csv", base)


@pytest.mark.parametrize(("sign", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_separator_is_named(sign, word):
    with pytest.raises(FactError, match=rf"my\.csv line 1: found cells separated by {word}"):
        own_file(f"\ufeff{HEAD}\n{GOOD}\n".replace(",", sign).encode(), "my.csv")


def test_what_is_taken_for_columns_left_out_is_said(base):
    content, taken = own_file(
        b"id,date,speaker,statement,kind,subjects,value,unit\na,2025,Me,so,claim,KAZ,5,t\nb,2025,Me,so,claim,KAZ,,t\n",
        "my.csv",
    )
    assert set(taken) == {"hedge", "language", "source", "confidence", "state"}
    rows = own_statements(content, "my.csv", base)
    assert [(row["state"], row["hedge"]) for row in rows] == [("number", "none"), ("not_available", "none")]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"id,date\n", b"id,date\n1\n", b'id,"date\n'])
def test_a_file_that_cannot_be_read_is_left_as_it_is(content):
    assert own_file(content, "my.csv") == (content, {})


@pytest.mark.parametrize("content", ["", HEAD, HEAD.replace("speaker,", "") + "\n", "id;date\n1;2\n"])
def test_a_file_that_is_no_table_is_refused(base, content):
    with pytest.raises(FactError, match=r"my\.csv"):
        own_statements(content.encode(), "my.csv", base)


def test_a_header_alone_has_no_statements(base):
    """Columns that may be left out beside rows are not asked for where there is no row."""
    content, _ = own_file(b"id,date,speaker,statement,kind,subjects\n", "my.csv")
    with pytest.raises(FactError, match=r"my\.csv: found no statements \(allowed: at least one row\)"):
        own_statements(content, "my.csv", base)


def test_fields_become_a_table_and_say_what_was_taken(base):
    fields = {"date": "2025", "speaker": "Me", "statement": "so", "kind": "claim", "subjects": "KAZ"}
    content, taken = own_table(fields, base)
    assert taken["state"] == "not_available"
    assert own_statements(content, "new", base)[0]["speaker"] == "Me"
    with pytest.raises(FactError, match="speaker"):
        own_table({"date": "2025"}, base)
    with pytest.raises(FactError, match="colour"):
        own_table({**fields, "colour": "red"}, base)

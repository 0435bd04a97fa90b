"""A user's own statements: the schema's checks, with the user's file in every error."""

from __future__ import annotations

import pytest

from ytterby.claims import check, own_statements, own_table
from ytterby.errors import FactError

HEAD = (
    "id,date,speaker,statement,kind,subjects,asserts,measure,place,comparator,value,state,unit,hedge,language,source,"
    "confidence"
)
GOOD = (
    "mine,2025-11-08,Me,It holds 5 Mt,claim,KAZ,quantity,deposit,KAZ-ZHANA-KZ,equals,5,number,Mt,none,en,user-statement,"
    "unconfirmed"
)


def test_a_file_needs_no_columns_that_may_be_empty():
    own = own_statements(f"{HEAD}\n{GOOD}\n".encode(), "my.csv")
    (statement,) = own.statements
    assert statement["value"] == 5e6
    assert check(statement, own.base).verdict == "contested"


def test_statements_are_known_at_any_date():
    own = own_statements(f"{HEAD}\n{GOOD}\n".encode(), "my.csv", as_of="2024-01-01")
    assert [row["id"] for row in own.statements] == ["mine"]
    assert check(own.statements[0], own.base).verdict == "not_checkable"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("KAZ,", "KAX,", ("my.csv", "mine", "subjects", "KAX")),
        ("quantity,", "quantities,", ("my.csv", "mine", "asserts", "quantities")),
        (",Mt,", ",lump,", ("my.csv", "mine", "unit", "lump")),
        ("2025-11-08", "8.11.2025", ("my.csv", "mine", "date", "8.11.2025")),
        (",5,number", ",five,number", ("my.csv", "mine", "value", "five")),
    ],
)
def test_errors_name_file_row_and_column(old, new, said):
    with pytest.raises(FactError) as caught:
        own_statements(f"{HEAD}\n{GOOD.replace(old, new, 1)}\n".encode(), "my.csv")
    assert all(word in str(caught.value) for word in said)


@pytest.mark.parametrize("content", ["", HEAD, HEAD.replace("speaker,", "") + "\n", "id;date\n1;2\n"])
def test_a_file_that_is_no_table_is_refused(content):
    with pytest.raises(FactError, match=r"my\.csv"):
        own_statements(content.encode(), "my.csv")


def test_fields_become_a_table_and_say_what_was_taken(base):
    fields = {"date": "2025", "speaker": "Me", "statement": "so", "kind": "claim", "subjects": "KAZ"}
    content, taken = own_table(fields, base)
    assert taken["state"] == "not_available"
    assert own_statements(content, "new").statements[0]["speaker"] == "Me"
    with pytest.raises(FactError, match="speaker"):
        own_table({"date": "2025"}, base)
    with pytest.raises(FactError, match="colour"):
        own_table({**fields, "colour": "red"}, base)

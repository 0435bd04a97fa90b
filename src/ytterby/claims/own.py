# SPDX-License-Identifier: Apache-2.0
"""A user's own statements, or rows of another relation: read under its schema, checked as every table is.

Columns that may be empty may be left out of the file; all others must be there.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ytterby.claims.verdict import Row
from ytterby.errors import FactError, Problem, allowed_names, quoted
from ytterby.facts import FactBase, Relation, load

RELATION = "statements"
SOURCE = "user-statement"
SEPARATORS = {";": "semicolons", "\t": "tabs"}
ASKED = ("date", "speaker", "statement", "kind", "subjects")
TAKEN = {
    "id": "new", "unit": "none", "hedge": "none", "language": "en", "source": SOURCE, "confidence": "unconfirmed",
}  # fmt: skip
"""What a statement of the user's says where the user does not."""


def own_statements(content: bytes, name: str, base: FactBase) -> tuple[Row, ...]:
    """Read statements from the content of a CSV file, see `own_rows`; their ids are their own."""
    rows = own_rows(content, name, base, RELATION)
    shipped = {row["id"] for row in base.rows(RELATION)}
    for row in rows:
        if row["id"] in shipped:
            raise FactError(
                f"{name} row {row['id']}",
                "the id of a statement of the facts",
                "an id of its own",
                "give it another id",
            )
    nameless = [
        row
        for row in rows
        if row["asserts"] == "pledge" and row["value"] is not None and row["unit"] == "none"
    ]
    if nameless:
        raise FactError.collected([_without_currency(name, row["id"]) for row in nameless])
    return rows


def _without_currency(name: str, row: str) -> Problem:
    remedy = "say in which currency, or count what is pledged"
    return Problem(name, row, "unit", "a pledge without a currency", "a currency or another unit", remedy)


def own_rows(content: bytes, name: str, base: FactBase, relation: str) -> tuple[Row, ...]:
    """Read rows of a relation from the content of a CSV file; they are known at any date.

    Parameters
    ----------
    content, name : the file, and how errors call it
    base : the facts that the rows may name; their folders are read anew with the file beside them
    relation : whose rows they are

    Raises
    ------
    FactError : anything is wrong with the file or with a folder; carries all problems
    """
    if _is_bare(content):
        raise FactError(name, f"no {relation}", "at least one row", f"add a row per {relation[:-1]}")
    shipped, *folders = base.folders
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{relation}.csv"
        path.write_bytes(_completed(content, base.schema.relation(relation)))
        try:
            whole = load((*folders, Path(folder)), shipped=shipped)
        except FactError as error:
            raise _renamed(error, str(path), name) from None
    ids = _ids(content)
    return tuple(row for row in whole.rows(relation) if row["id"] in ids)


def own_table(fields: Mapping[str, str], base: FactBase) -> tuple[bytes, dict[str, str]]:
    """One statement, given field by field, as a CSV file; and what was taken for fields that were not given.

    Raises
    ------
    FactError : an unknown field, or one that must be given and is not
    """
    relation = base.schema.relation(RELATION)
    for field in fields:
        if field not in relation.columns:
            allowed = allowed_names(field, relation.columns, 50)
            raise FactError("--field", quoted(field), allowed, "use a column of relation statements")
    lacking = [field for field in ASKED if not fields.get(field)]
    if lacking:
        raise FactError(
            "statement", f"no {', '.join(lacking)}", ", ".join(ASKED), "give it as --field NAME=VALUE"
        )
    given = {**TAKEN, "state": _state(fields)}
    taken = {field: value for field, value in given.items() if not fields.get(field)}
    return _table([{**taken, **fields}]), taken


def own_file(content: bytes, name: str) -> tuple[bytes, dict[str, str]]:
    """Statements from a CSV file, with what is taken for columns that are left out; and what that is, by column.

    A file that can't be read, or without a row, stays as it is: `own_statements` says what is wrong with it.

    Raises
    ------
    FactError : cells are separated by something else than commas
    """
    _check_separator(content, name)
    records = _records(content)
    if records is None:
        return content, {}
    ragged = any(None in record or None in record.values() for record in records)
    names = [] if not records or ragged else list(records[0])
    taken = {name: value for name, value in TAKEN.items() if name not in {*names, "id"}} if names else {}
    if "value" in names and "state" not in names:
        taken["state"] = "number where there is a value"
    if not taken:
        return content, {}
    states = [{"state": _state(record)} if "state" in taken else {} for record in records]
    rows = [record | taken | state for record, state in zip(records, states, strict=True)]
    return _table(rows), taken


def _records(content: bytes) -> list[dict[str, str]] | None:
    """Rows of a CSV file by column, or None where it can't be read."""
    try:
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None


def _is_bare(content: bytes) -> bool:
    """Whether a file has a header and no row."""
    return bool(content.strip()) and _records(content) == []


def _state(fields: Mapping[str, str]) -> str:
    return "number" if fields.get("value") else "not_available"


def _table(rows: Sequence[Mapping[str, str]]) -> bytes:
    """Rows of the same columns as a CSV file."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


def _check_separator(content: bytes, name: str) -> None:
    """Refuse a table whose cells are held apart by semicolons or tabs."""
    header = content.partition(b"\n")[0].decode(errors="ignore")
    found = [word for sign, word in SEPARATORS.items() if sign in header]
    if "," not in header and found:
        raise FactError(
            f"{name} line 1", f"cells separated by {found[0]}", "commas", "save the table with commas"
        )


def _completed(content: bytes, relation: Relation) -> bytes:
    """The file with empty cells for the columns that may be empty and are left out; as it is where it can't be read."""
    try:
        records = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return content
    if not records:
        return content
    added = [name for name, column in relation.columns.items() if column.optional and name not in records[0]]
    width = len(records[0])
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*records[0], *added])
    writer.writerows(
        [*record, *([""] * len(added))] if len(record) == width else record for record in records[1:]
    )
    return buffer.getvalue().encode()


def _ids(content: bytes) -> set[str]:
    return {
        row.get("id") or "" for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    }


def _renamed(error: FactError, path: str, name: str) -> FactError:
    """The error with the user's file in place of the copy that was read."""
    if not error.problems:
        return FactError(error.where.replace(path, name), error.found, error.allowed, error.remedy)
    problems: list[Problem] = [
        replace(problem, table=problem.table.replace(path, name)) for problem in error.problems
    ]
    return FactError.collected(problems)

# SPDX-License-Identifier: Apache-2.0
"""What is wrong with rows of pledges: amounts and horizons that can't be, and pledges that lie within themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ytterby.errors import Problem

Row = Mapping[str, Any]


def problem(row: Row, column: str, found: str, allowed: str, remedy: str) -> Problem:
    """A problem of a row of relation pledges."""
    return Problem("pledges.csv", row["id"], column, found, allowed, remedy)


AMOUNTS = ("amount", "committed_amount", "realised_amount")


def misfits(rows: Iterable[Row]) -> list[Problem]:
    """Rows whose amounts or horizon can't be read."""
    found = []
    for row in rows:
        found += [
            problem(row, name, f"{row[name]:g}", "0 or more", "write an amount without sign")
            for name in AMOUNTS
            if row[name] is not None and row[name] < 0
        ]
        first, last = int(row["date"][:4]), row["horizon_year"]
        if last is not None and last < first:
            found.append(
                problem(row, "horizon_year", str(last), f"{first} or later", "swap date and horizon")
            )
        if row["amount"] is None:
            continue
        if row["unit"] == "none":
            remedy = "say in which currency, or count what is pledged"
            found.append(
                problem(row, "unit", "an amount without a currency", "a currency or another unit", remedy)
            )
        elif row["unit"] == "number" and row["item"] is None:
            found.append(problem(row, "item", "a number of nothing", "what is counted", "name it"))
        if row["class"] is None:
            found.append(
                problem(row, "class", "an amount without a class", "an id of pledge_classes.csv", "name it")
            )
    return found


def cycles(rows: Sequence[Row]) -> list[Problem]:
    """Pledges that lie within themselves, by part_of or by superseded_by."""
    found: list[Problem] = []
    within = {row["id"]: tuple(row["part_of"] or ()) for row in rows}
    later = {row["id"]: (row["superseded_by"],) if row["superseded_by"] else () for row in rows}
    for column, above in (("part_of", within), ("superseded_by", later)):
        for row in rows:
            if row["id"] in _above(row["id"], above):
                path = ", ".join(above[row["id"]])
                found.append(
                    problem(row, column, f"a cycle through {path}", "no cycle", "remove one of the links")
                )
    return found


def _above(start: str, above: Mapping[str, Sequence[str]]) -> set[str]:
    seen: set[str] = set()
    open_ = list(above.get(start, ()))
    while open_:
        one = open_.pop()
        if one not in seen:
            seen.add(one)
            open_ += above.get(one, ())
    return seen

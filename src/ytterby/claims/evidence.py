# SPDX-License-Identifier: Apache-2.0
"""What rules ask of the fact base: who is meant, what is confirmed, what is known until when, words made figures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from ytterby.claims.verdict import Row
from ytterby.facts import FactBase
from ytterby.facts.dates import first_day, last_day
from ytterby.supply.parameters import Parameters

WORLD = "WLD"
Range = tuple[float, float, float]


def expanded(base: FactBase, codes: Iterable[str] | None) -> tuple[str, ...]:
    """Countries with groups replaced by their members; the world stands for itself."""
    found: list[str] = []
    for code in codes or ():
        found += base.row(code)["members"] or [code]
    return tuple(dict.fromkeys(found))


def involves(parties: Collection[str], wanted: Sequence[str], *, every: bool = False) -> bool:
    """Whether the parties include one of the wanted countries, or every one; nobody or the world wanted is anyone."""
    if not wanted or WORLD in wanted:
        return True
    return all(code in parties for code in wanted) if every else any(code in parties for code in wanted)


def confirmed(rows: Iterable[Row]) -> list[Row]:
    """The rows that are confirmed; the unconfirmed ones only where there are no others."""
    found = list(rows)
    return [row for row in found if row["confidence"] != "unconfirmed"] or found


def day(row: Row) -> str:
    """First day that the date of a row can mean."""
    return first_day(row["date"])


def year(row: Row) -> int:
    """Year of a row's date."""
    return int(str(row["date"])[:4])


def pledges_then(base: FactBase, statement: Row) -> list[Row]:
    """Pledges made by the day of the statement, of its year or the one before; recorded investment is no pledge."""
    recorded = {row["id"] for row in base.rows("pledge_classes", kind="record")}
    return [
        row
        for row in base.rows("pledges")
        if row["class"] not in recorded
        and year(row) >= year(statement) - 1
        and day(row) <= last_day(statement["date"])
    ]


def known_until(base: FactBase) -> str:
    """Last day that the facts tell of: their date of knowledge, else the day on which a source was last read."""
    if base.as_of:
        return last_day(base.as_of)
    return max((first_day(row["accessed"]) for row in base.sources if row.get("accessed")), default="")


def due(base: FactBase, horizon: int | None) -> bool:
    """Whether a horizon year is over, as far as the facts tell."""
    return horizon is not None and known_until(base) > f"{horizon}-12-31"


def word(base: FactBase, name: str) -> tuple[Range, tuple[str, ...]]:
    """(low, middle, high) of a word made a figure, and its row.

    Raises
    ------
    ModelError : the parameters do not hold it
    """
    parameters = Parameters.of(base)
    return parameters.range(f"claims.{name}"), parameters.basis(f"claims.{name}")


def tolerance(base: FactBase) -> tuple[float, tuple[str, ...]]:
    """Relative distance within which figures count as the same, and its row."""
    (_, middle, _), basis = word(base, "tolerance")
    return middle, basis


def linked(base: FactBase, statement: Row) -> Iterator[Row]:
    """Statements that give this one in other words: named by it or naming it, and so on."""
    near: dict[str, set[str]] = {}
    for row in base.rows("statements"):
        for other in row["variant_of"] or ():
            near.setdefault(other, set()).add(row["id"])
            near.setdefault(row["id"], set()).add(other)
    for other in statement["variant_of"] or ():
        near.setdefault(statement["id"], set()).add(other)
    seen, front = {statement["id"]}, [statement["id"]]
    while front:
        following = [other for name in front for other in sorted(near.get(name, ())) if other not in seen]
        front = list(dict.fromkeys(following))
        seen |= set(front)
    return (row for row in base.rows("statements") if row["id"] in seen and row["id"] != statement["id"])


def ids(rows: Iterable[Row]) -> tuple[str, ...]:
    """Ids of rows."""
    return tuple(str(row["id"]) for row in rows)

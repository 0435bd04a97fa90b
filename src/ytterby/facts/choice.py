# SPDX-License-Identifier: Apache-2.0
"""Choice among conflicting rows: a named rule picks one, the others become its range.

Nothing is averaged; rows that differ in unit, content, class, commodity, stage or measure are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ytterby.domain import Confidence
from ytterby.errors import FactError, allowed_names, quoted
from ytterby.facts.rows import Row

DEFAULT_RULE = "best-confidence-newest"
OF_ONE_KIND = ("unit", "content", "resource_class", "commodity", "stage", "measure")


@dataclass(frozen=True, slots=True)
class Choice:
    """A chosen figure.

    Parameters
    ----------
    value : the chosen row's number
    low, high : least and greatest number over the rows, their own ranges and bounds included
    unit : canonical unit, or None where the column has a fixed one
    rule : name of the rule
    basis : id of the chosen row, then the ids of the others
    """

    value: float
    low: float
    high: float
    unit: str | None
    rule: str
    basis: tuple[str, ...]


def _best_confidence_newest(rows: Sequence[Row], _: str) -> list[Row]:
    return sorted(_newest(rows, _), key=lambda row: Confidence(row["confidence"]).rank)


def _newest(rows: Sequence[Row], _: str) -> list[Row]:
    ordered = sorted(rows, key=lambda row: row["id"])
    return sorted(ordered, key=lambda row: (row.get("known") or "", row.get("as_of") or ""), reverse=True)


def _lowest(rows: Sequence[Row], column: str) -> list[Row]:
    return sorted(_best_confidence_newest(rows, column), key=lambda row: row[column])


def _highest(rows: Sequence[Row], column: str) -> list[Row]:
    return sorted(_best_confidence_newest(rows, column), key=lambda row: -row[column])


RULES: Mapping[str, Callable[[Sequence[Row], str], list[Row]]] = {
    DEFAULT_RULE: _best_confidence_newest,
    "newest": _newest,
    "lowest": _lowest,
    "highest": _highest,
}


def choose(rows: Sequence[Row], column: str = "value", *, rule: str = DEFAULT_RULE) -> Choice:
    """Choose one number among rows that report the same thing.

    Unconfirmed rows count, in the choice and in the range, only when there is nothing else. Rows without a
    number in `column` cannot be chosen; their bounds (less than, greater than) still widen the range.

    Parameters
    ----------
    rows : rows that agree in unit, content, resource class, commodity, stage and measure
    column : the number column
    rule : best-confidence-newest (official before reported before estimated before unconfirmed, then the
        newest by the date on which the row was known), newest, lowest, highest

    Raises
    ------
    FactError : no row, none with a number, an unknown rule, or rows that are not of one kind
    """
    if rule not in RULES:
        raise FactError("choice", f"rule {quoted(rule)}", allowed_names(rule, RULES), "use one of the rules")
    _check_one_kind(rows)
    sure = [row for row in rows if row["confidence"] != Confidence.UNCONFIRMED]
    numbered = [row for row in sure if row[column] is not None]
    if not numbered:
        sure = list(rows)
        numbered = [row for row in sure if row[column] is not None]
    if not numbered:
        ids = ", ".join(str(row["id"]) for row in rows[:5]) or "no rows"
        raise FactError(
            f"choice of {column}", f"no number in {ids}", "at least one row with a number", "widen the rows"
        )
    ranked = RULES[rule](numbered, column)
    others = [row["id"] for row in sure if row["id"] != ranked[0]["id"]]
    low, high = _range(sure, column)
    return Choice(ranked[0][column], low, high, _unit(ranked[0], column), rule, (ranked[0]["id"], *others))


def _check_one_kind(rows: Sequence[Row]) -> None:
    for name in OF_ONE_KIND:
        kinds: dict[str | None, str] = {}
        for row in rows:
            if name in row:
                kinds.setdefault(row[name], row["id"])
        if len(kinds) > 1:
            found = ", ".join(f"{quoted(kind or '')} in {row}" for kind, row in list(kinds.items())[:6])
            raise FactError(
                f"choice column {name}", found, f"rows of one {name}", f"choose within one {name}"
            )


def _range(rows: Sequence[Row], column: str) -> tuple[float, float]:
    ends = ("low", "high") if column == "value" else ()
    numbers = [row[name] for row in rows for name in (column, *ends) if row.get(name) is not None]
    return min(numbers), max(numbers)


def _unit(row: Row, column: str) -> str | None:
    return row.get("unit") if column == "value" or f"{column}_published" in row else None

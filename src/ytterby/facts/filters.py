# SPDX-License-Identifier: Apache-2.0
"""Conditions on columns, as typed on the command line: `country=KAZ`, `year>=2020`, `note~magnet`, `unit=`.

Values are read by the column's type; a word or an id that cannot occur is an error, not an empty answer.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ytterby.errors import FactError, allowed_names, quoted
from ytterby.facts.base import FactBase
from ytterby.facts.cells import PARSERS, BadCellError
from ytterby.facts.columns import TRADE, Column
from ytterby.facts.dates import first_day, last_day
from ytterby.facts.rows import Row

_FORM = re.compile(r"\s*(?P<column>\w+)\s*(?P<operator>!=|<=|>=|=|<|>|~)\s*(?P<value>.*?)\s*", re.DOTALL)
_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ORDERED = {"number", "integer", "year", "date"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A column, an operator (= != < <= > >= ~) and a value as text; no text asks for empty cells."""

    column: str
    operator: str
    value: str

    def __str__(self) -> str:
        return f"{self.column}{self.operator}{self.value}"


def parse_where(text: str) -> Condition:
    """Read a condition such as `year>=2020`.

    Raises
    ------
    FactError : not a column, an operator and a value
    """
    match = _FORM.fullmatch(text)
    if match is None:
        allowed = "COLUMN followed by = != < <= > >= or ~ and a value"
        raise FactError("condition", quoted(text), allowed, "write for example country=KAZ or year>=2020")
    return Condition(match["column"], match["operator"], match["value"])


def select(base: FactBase, relation: str, conditions: Sequence[Condition | str]) -> list[Row]:
    """Rows of `relation` that meet all conditions, in the order of the table.

    Numbers compare in canonical units. A date compares with the days it can mean: 2025-03 is <= 2025. A list
    equals a value that it holds. `~` looks for the text anywhere in any case. An empty cell meets `=` without
    a value, and `!=` with one.

    Raises
    ------
    FactError : no such relation or column, a value that cannot occur, a misfitting operator
    """
    parsed_conditions = [parse_where(text) if isinstance(text, str) else text for text in conditions]
    rows = _trade(base, parsed_conditions) if relation == TRADE else base.rows(relation)
    for parsed in parsed_conditions:
        fits = _test(base, base.schema.relation(relation).column(parsed.column), parsed)
        rows = [row for row in rows if fits(row[parsed.column])]
    return rows


def _trade(base: FactBase, conditions: Sequence[Condition]) -> list[Row]:
    """Trade rows of the codes or years that are asked for by "="; all of them are too many to list."""
    definition = base.schema.relation(TRADE)
    asked: dict[str, list[Any]] = {"code": [], "year": []}
    for condition in conditions:
        column = definition.column(condition.column)
        if condition.operator == "=" and condition.column in asked:
            asked[condition.column].append(_value(condition, column))
    if not any(asked.values()):
        remedy = "add a condition such as code=280530 or year=2024"
        raise FactError("relation trade", "no code and no year", "a code or a year", remedy)
    return base.trade(asked["code"] or None, asked["year"] or None)


def _test(base: FactBase, column: Column, condition: Condition) -> Callable[[Any], bool]:
    sign, text = condition.operator, condition.value
    if sign == "~":
        wanted = text.casefold()
        return lambda cell: cell is not None and wanted in _written(cell).casefold()
    if sign in _ORDER:
        return _ordered(condition, column)
    if not text:
        return (lambda cell: cell is None) if sign == "=" else (lambda cell: cell is not None)
    equal = _equal(base, condition, column)
    return equal if sign == "=" else lambda cell: not equal(cell)


def _written(cell: object) -> str:
    if isinstance(cell, tuple):
        return ";".join(map(str, cell))
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return str(cell)


def _value(condition: Condition, column: Column) -> Any:
    try:
        return PARSERS[column.kind](condition.value, column)
    except BadCellError as error:
        where = f"condition {condition} column {column.name}"
        raise FactError(where, quoted(condition.value), error.allowed, error.remedy) from error


def _ordered(condition: Condition, column: Column) -> Callable[[Any], bool]:
    compare = _ORDER[condition.operator]
    if column.kind not in _ORDERED:
        where = f"condition {condition} column {column.name}"
        found = f"{condition.operator} on a column of type {column.kind}"
        raise FactError(where, found, "= != ~", "compare only numbers, years and dates by order")
    wanted = _value(condition, column)
    if column.kind != "date":
        return lambda cell: cell is not None and compare(cell, wanted)
    early = condition.operator in {">=", "<"}
    day, bound = (first_day, first_day(wanted)) if early else (last_day, last_day(wanted))
    return lambda cell: cell is not None and compare(day(cell), bound)


def _equal(base: FactBase, condition: Condition, column: Column) -> Callable[[Any], bool]:
    if column.kind == "list":
        _check_ids(base, condition, column, condition.value)
        return lambda cell: cell is not None and condition.value in cell
    wanted = _value(condition, column)
    if column.kind == "date":
        return lambda cell: cell is not None and str(cell).startswith(wanted)
    if column.kind == "reference":
        _check_ids(base, condition, column, wanted)
    return lambda cell: bool(cell == wanted)


def _check_ids(base: FactBase, condition: Condition, column: Column, name: str) -> None:
    known = [row["id"] for target in column.to for row in base.tables.get(target, ())]
    if column.to and base.as_of is None and name not in known:
        remedy = f"use an id of {' or '.join(column.to)}"
        where = f"condition {condition} column {column.name}"
        raise FactError(where, quoted(name), allowed_names(name, known), remedy)

# SPDX-License-Identifier: Apache-2.0
"""Checks that need more than one cell or more than one file: ids, references, states of figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ytterby.domain import FigureState
from ytterby.errors import allowed_names, quoted
from ytterby.facts.columns import Column
from ytterby.facts.reading import Table

SUGGESTIONS = 50

Figure = tuple[Any, Any, Any]

_RULES: Mapping[str, tuple[Callable[[Figure], bool], str]] = {
    **{state: (lambda figure: figure[0] is None, "no value") for state in FigureState},
    FigureState.NUMBER: (lambda figure: figure[0] is not None, "a value"),
    FigureState.PARTLY_WITHHELD: (lambda figure: figure[0] is not None, "a value, the part that is told"),
    FigureState.ZERO: (lambda figure: figure[0] == 0, "the value 0"),
    FigureState.RANGE: (lambda figure: None not in figure[1:], "low and high"),
    FigureState.LESS_THAN: (
        lambda figure: figure[0] is None and figure[2] is not None,
        "the bound in high, no value",
    ),
    FigureState.GREATER_THAN: (
        lambda figure: figure[0] is None and figure[1] is not None,
        "the bound in low, no value",
    ),
}


def check_ids(tables: Sequence[Table]) -> None:
    """No id stands twice in a file or in two relations; users' rows may repeat ids of their relation."""
    owner: dict[str, Table] = {}
    for table in tables:
        first: dict[str, int] = {}
        for index, name in enumerate(table.columns.get("id", ())):
            if name is None:
                continue
            known = owner.setdefault(name, table)
            if name in first:
                _complain_twice(table, index, name, f"line {table.lines[first[name]]}")
            elif known.relation is not table.relation:
                _complain_twice(table, index, name, known.file)
            first.setdefault(name, index)


def _complain_twice(table: Table, index: int, name: str, other: str) -> None:
    found = f"id {quoted(name)} on line {table.lines[index]}, which {other} has already"
    table.complain(index, "id", found, "an id that no other row has", "give the row another id or remove it")


def check_places(countries: Sequence[Table]) -> None:
    """Each numeric code of the trade file belongs to one country."""
    owner: dict[str, str] = {}
    for table in countries:
        for index, codes in enumerate(table.columns["baci_codes"]):
            name = table.name_of(index)
            for code in codes or ():
                if not (code.isascii() and code.isdecimal() and len(code) < 5):
                    table.complain(
                        index, "baci_codes", quoted(code), "a number of up to four digits", "correct it"
                    )
                elif owner.setdefault(code, name) != name:
                    found = f"code {code}, which {owner[code]} has already"
                    table.complain(
                        index, "baci_codes", found, "each code once", "remove it from one of the two"
                    )


def known_ids(tables: Sequence[Table]) -> dict[str, set[str] | None]:
    """Ids by relation; None where a file could not be read, so that no further complaint follows."""
    ids: dict[str, set[str] | None] = {}
    for table in tables:
        known = ids.setdefault(table.relation.name, set())
        if table.broken or known is None:
            ids[table.relation.name] = None
        else:
            known.update(table.lost_ids, filter(None, table.columns["id"]))
    return ids


def check_references(table: Table, ids: Mapping[str, set[str] | None]) -> None:
    """Each id named in a column exists in the relation that the column points to."""
    for column in table.relation.columns.values():
        targets = ("units",) if column.kind == "unit" else column.to
        pools = [ids.get(target) for target in targets if target in ids]
        if pools and None not in pools and not table.broken:
            _check_column(table, column, targets, [pool for pool in pools if pool is not None])


def _check_column(table: Table, column: Column, targets: Sequence[str], pools: Sequence[set[str]]) -> None:
    cells = table.columns[column.name]
    asked = 0
    wrong: dict[str, str] = {}
    for name in sorted(_names(set(cells))):
        if not any(name in pool for pool in pools):
            everything = [known for pool in pools for known in sorted(pool)]
            few = asked < SUGGESTIONS
            wrong[name] = allowed_names(name, everything) if few else f"one of {len(everything)} ids"
            asked += 1
    for index, cell in enumerate(cells) if wrong else ():
        for name in _names([cell]):
            if name in wrong:
                files = " or ".join(f"{target}.csv" for target in targets)
                remedy = f"use an id of {files} or add the row there"
                table.complain(index, column.name, quoted(name), wrong[name], remedy)


def _names(cells: Iterable[Any]) -> Iterable[str]:
    for cell in cells:
        if isinstance(cell, tuple):
            yield from cell
        elif cell is not None:
            yield cell


def check_figures(table: Table) -> None:
    """The numbers of a figure fit its state: a withheld figure has none, a range has two ends.

    A relation holds figures when it has the columns value, low, high and state.
    """
    columns = table.columns
    if not columns.keys() >= {"value", "low", "high", "state"}:
        return
    figures = zip(columns["value"], columns["low"], columns["high"], strict=True)
    for index, (state, figure) in enumerate(zip(columns["state"], figures, strict=True)):
        if index in table.faulty or state is None:
            continue
        fits, allowed = _RULES[state]
        if not fits(figure):
            found = f"{_written(figure)} with state {quoted(state)}"
            table.complain(index, "state", found, allowed, "correct the state or the numbers")
        elif not _ordered(figure):
            table.complain(index, "value", _written(figure), "low <= value <= high", "correct the numbers")


def _written(figure: Figure) -> str:
    return "value {}, low {}, high {}".format(*figure)


def _ordered(figure: Figure) -> bool:
    value, low, high = figure
    given = [number for number in (low, value, high) if number is not None]
    return given == sorted(given)

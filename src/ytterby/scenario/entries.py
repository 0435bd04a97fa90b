# SPDX-License-Identifier: Apache-2.0
"""What the tables of a case's files may hold, and the reader that checks them and collects what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ytterby.errors import Problem, ScenarioError, allowed_names, quoted
from ytterby.scenario.changes import DRAWN

Row = Mapping[str, Any]
Check = Callable[[Any], Any]
Keys = Mapping[str, tuple[Check, bool]]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text that is not empty")
    return value


def _year(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1900 <= value <= 2200:
        raise ValueError("a year")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("a whole number, 0 or more")
    return value


def _length(value: Any) -> int:
    if _whole(value) == 0:
        raise ValueError("a whole number, 1 or more")
    return int(value)


def _lasting(value: Any) -> int | str:
    if value == DRAWN:
        return DRAWN
    try:
        return _length(value)
    except ValueError as error:
        raise ValueError(f'a whole number, 1 or more, or "{DRAWN}"') from error


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < float("inf"):
        raise ValueError("a number, 0 or more")
    return float(value)


def _share(value: Any) -> float:
    if _number(value) > 1:
        raise ValueError("a number from 0 to 1")
    return float(value)


def _positive(value: Any) -> float:
    if _number(value) == 0:
        raise ValueError("a number above 0")
    return float(value)


def _part(value: Any) -> float:
    if _positive(value) > 1:
        raise ValueError("a share above 0, at most 1")
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")  # noqa: TRY004 - the reader collects ValueErrors
    return value


def _many(check: Check) -> Check:
    def checked(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or not value:
            raise ValueError("a list that is not empty")
        return tuple(check(item) for item in value)

    return checked


def _columns(value: Any) -> Row:
    if not isinstance(value, dict) or not value:
        raise ValueError("a table of columns and values")
    return value


CASE_KEYS: Keys = {
    "title": (_text, True), "question": (_text, True), "commodity": (_text, True), "importer": (_text, True),
    "supplier": (_text, True), "region": (_many(_text), True), "base_year": (_year, True), "last_year": (_year, True),
    "report_years": (_many(_year), True), "forms": (_many(_text), True), "demand_path": (_text, True),
    "claim": (_text, True), "statements": (_many(_text), False), "pledges": (_many(_text), False), "roles": (_columns, False),
    "corridor": (_text, False), "avoid": (_many(_text), False),
}  # fmt: skip
SCENARIO_KEYS: Keys = {
    "title": (_text, True),
    "description": (_text, True),
    "extends": (_text, False),
}
TIMED: Keys = {
    "first": (_year, True),
    "last": (_year, False),
    "reason": (_text, True),
    "basis": (_text, True),
}
BAN_KEYS = {"exporter": (_text, True), "importer": (_text, True), "form": (_text, True), **TIMED}
QUOTA_KEYS = {**BAN_KEYS, "tonnes": (_number, True)}
TARIFF_KEYS = {**BAN_KEYS, "share": (_number, False), "usd_per_t": (_number, False)}
HAZARD_KEYS = {**BAN_KEYS, "seed": (_whole, True), "lasts": (_lasting, False)}
FLOOR_KEYS = {"place": (_text, True), "form": (_text, True), "usd_per_t": (_number, True), **TIMED}
CLOSURE_KEYS = {"closed": (_text, True), **TIMED}
CONDUCT_KEYS = {
    "supplier": (_text, True),
    "form": (_text, True),
    "theta": (_share, True),
    "base": (_share, False),
    **TIMED,
}
RESERVE_KEYS: Keys = {
    "place": (_text, True), "form": (_text, True), "tonnes": (_positive, True), "first": (_year, True),
    "years": (_positive, True), "share": (_part, False), "reason": (_text, True), "basis": (_text, True),
}  # fmt: skip
PLANT_KEYS: Keys = {
    "plant": (_text, True), "add": (_flag, False), "set": (_columns, True), "reason": (_text, True), "basis": (_text, True),
}  # fmt: skip
DEPOSIT_KEYS: Keys = {
    "place": (_text, True), "reading": (_text, True), "low": (_text, True), "high": (_text, True),
    "start": (_year, True), "reason": (_text, True), "basis": (_text, True),
}  # fmt: skip


class Reader:
    """Reads tables of one file against their keys and collects the problems."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def table(self, found: Any, keys: Keys, where: str, also: Iterable[str] = ()) -> dict[str, Any]:
        """The checked entries of one table; optional ones only where given."""
        if not isinstance(found, dict):
            self._problem(where, "", f"{found!r}", "a table", "write it as a table")
            return {}
        known = [*keys, *also]
        for name in found:
            if name not in known:
                self._problem(
                    where, name, "an unknown entry", allowed_names(name, known), "remove or rename it"
                )
        checked = {}
        for name, (check, needed) in keys.items():
            if name not in found:
                if needed:
                    self._problem(where, name, "no entry", "an entry", "add it")
                continue
            try:
                checked[name] = check(found[name])
            except ValueError as error:
                self._problem(where, name, quoted(found[name]), str(error), "correct it")
        return checked

    def rows(self, found: Row, name: str, keys: Keys) -> list[dict[str, Any]]:
        """The checked rows of an array of tables."""
        rows = found.get(name, [])
        if not isinstance(rows, list):
            self._problem("", name, quoted(rows), f"an array of tables [[{name}]]", "use double brackets")
            return []
        return [self.table(row, keys, f"{name} {number}") for number, row in enumerate(rows, 1)]

    def dated(self, found: Row, name: str, keys: Keys) -> list[dict[str, Any]]:
        """The checked rows of changes with years, which do not end before they begin; without an end they hold for good."""
        rows = self.rows(found, name, keys)
        for number, change in enumerate(rows, 1):
            if change.get("last", change.get("first", 0)) < change.get("first", 0):
                first, last = change["first"], change["last"]
                self._problem(f"{name} {number}", "last", f"{last}", f"{first} or later", "swap the years")
        return [{"last": None, **row} for row in rows]

    def one_rate(self, tariffs: Sequence[Mapping[str, Any]]) -> None:
        """Note tariffs that do not have one rate, and only one."""
        for number, tariff in enumerate(tariffs, 1):
            if ("share" in tariff) == ("usd_per_t" in tariff):
                found = "both share and usd_per_t" if "share" in tariff else "no rate"
                self._problem(f"tariff {number}", "", found, "share or usd_per_t", "state one of the two")

    def _problem(self, row: str, column: str, found: str, allowed: str, remedy: str) -> None:
        self.problems.append(Problem(str(self.path), row, column, found, allowed, remedy))

    def done(self) -> None:
        """Raise what was collected."""
        if self.problems:
            first = self.problems[0]
            text = (
                first.found
                if len(self.problems) == 1
                else f"{len(self.problems)} problems: " + "; ".join(map(str, self.problems))
            )
            raise ScenarioError(
                first.where if len(self.problems) == 1 else str(self.path), text, first.allowed, first.remedy
            )

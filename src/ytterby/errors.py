# SPDX-License-Identifier: Apache-2.0
"""Errors of the project: one class per cause, each text in four parts.

The parts are where, found, allowed, remedy. Several problems of one input are collected as `Problem` and
raised in one error. Nothing here prints, logs or recovers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

SHOWN_PROBLEMS = 20
_LONGEST = 80


def quoted(value: object) -> str:
    """Write a found value for a message: quoted, escaped and cut to a readable length."""
    text = value if isinstance(value, str) else str(value)
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
    return (
        '"' + text.encode("unicode_escape").decode("ascii") + '"' if not text.isprintable() else f'"{text}"'
    )


def nearest(name: str, names: Iterable[str], limit: int = 5) -> list[str]:
    """Names most like `name`, best first: other case, swapped letters, close spelling, same beginning."""
    from difflib import get_close_matches

    folded: dict[str, str] = {}
    for known in names:
        folded.setdefault(known.casefold(), known)
    wanted = name.casefold()
    starts = [
        key
        for key in folded
        if len(key) > 1 and wanted and (wanted.startswith(key) or key.startswith(wanted))
    ]
    starts.sort(key=lambda key: (abs(len(key) - len(wanted)), key))
    close = get_close_matches(wanted[:_LONGEST], folded, n=limit, cutoff=0.6)
    letters = sorted(wanted)
    swapped = [key for key in folded if len(key) == len(wanted) and sorted(key) == letters]
    found = ([wanted] if wanted in folded else []) + swapped + close + starts
    return [folded[key] for key in dict.fromkeys(found)][:limit]


def allowed_names(name: str, names: Iterable[str], limit: int = 12) -> str:
    """List the names allowed in place of `name`: all when few, else the nearest ones and the count."""
    known = list(dict.fromkeys(names))
    if len(known) <= limit:
        return ", ".join(known) if known else "none"
    close = nearest(name, known)
    return (
        f"{', '.join(close)} ... {len(known)} in all"
        if close
        else f"{', '.join(known[:5])} ... {len(known)} in all"
    )


def _parts(where: str, found: str, allowed: str, remedy: str) -> str:
    text = f"{where}: found {found}"
    text += f" (allowed: {allowed})" if allowed else ""
    return f"{text}; {remedy}" if remedy else text


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one table.

    `table` is the file, `row` the row's id (or "line N" where the id is of no use), `column` the column; the
    latter two are empty where the fault is the file's own.
    """

    table: str
    row: str
    column: str
    found: str
    allowed: str
    remedy: str

    @property
    def where(self) -> str:
        """File, row and column in words."""
        row = (
            f" row {self.row}"
            if self.row and not self.row.startswith("line ")
            else f" {self.row}"
            if self.row
            else ""
        )
        return f"{self.table}{row}{f' column {self.column}' if self.column else ''}"

    def __str__(self) -> str:
        return _parts(self.where, self.found, self.allowed, self.remedy)


class YtterbyError(Exception):
    """An error that names where it is, what was found, what is allowed and what to do."""

    def __init__(self, where: str, found: str, allowed: str = "", remedy: str = "") -> None:
        super().__init__(where, found, allowed, remedy)
        self.where = where
        self.found = found
        self.allowed = allowed
        self.remedy = remedy

    def __str__(self) -> str:
        return _parts(self.where, self.found, self.allowed, self.remedy)


class FactError(YtterbyError, ValueError):
    """A fact, table or schema is at fault; may carry several problems."""

    problems: tuple[Problem, ...] = ()

    @classmethod
    def collected(cls, problems: Sequence[Problem]) -> Self:
        """One error for all `problems` (at least one)."""
        first = problems[0]
        error = cls(first.where, first.found, first.allowed, first.remedy)
        error.problems = tuple(problems)
        return error

    def __str__(self) -> str:
        if len(self.problems) < 2:
            return super().__str__()
        tables = len({problem.table for problem in self.problems})
        head = f"{len(self.problems)} problems in {tables} {'table' if tables == 1 else 'tables'}"
        shown = [str(problem) for problem in self.problems[:SHOWN_PROBLEMS]]
        left = len(self.problems) - len(shown)
        return "\n".join([head, *shown, *([f"... and {left} more"] if left else [])])


class UnitError(YtterbyError, ValueError):
    """A unit is unknown, or two units measure different quantities."""


class ScenarioError(YtterbyError, ValueError):
    """A scenario or case says something that does not fit the facts."""


class RouteError(YtterbyError, ValueError):
    """A place, a segment or a state of the transport network is unknown, or a question about it makes no sense."""


class NoRouteError(RouteError):
    """No way leads from one place to the other under what is closed."""


class ModelError(YtterbyError, ValueError):
    """The chain's definition is inconsistent."""


class SolverError(YtterbyError, RuntimeError):
    """The programme has no solution, or the solver did not reach it.

    Where there is none, `certificate` has by name all that stands against each other, the heaviest first, of which `found`
    shows the first few: under "balances", "columns" and "shared rows".
    """

    def __init__(
        self,
        where: str,
        found: str,
        allowed: str = "",
        remedy: str = "",
        certificate: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        super().__init__(where, found, allowed, remedy)
        self.certificate = dict(certificate or {})

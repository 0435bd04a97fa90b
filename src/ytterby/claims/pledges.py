# SPDX-License-Identifier: Apache-2.0
"""Pledges: three amounts apart (announced, committed, realised), and the amount to expect from the record of their class.

Rows within other rows (part_of) are never added to them: sums run over lines, which are the innermost rows and, where
these do not exhaust what they lie within, the remainder. Sums are Monte Carlo over common draws: pledges of one class
share the class's rate, classes are independent of each other. What is past its time is expected less by the year.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from ytterby.claims.pledge_faults import cycles, misfits, problem
from ytterby.claims.record import DRAWS, Numbers, Record
from ytterby.errors import FactError, Problem, allowed_names, quoted
from ytterby.facts import FactBase
from ytterby.facts.dates import last_day

Row = Mapping[str, Any]
ENDS = (5, 95)
DONE = ("lapsed", "delivered")
GROUPS = {"giver": "givers", "receiver": "receivers", "sector": "sector"}


@dataclass(frozen=True)
class Pledge:
    """One row as it stands on the date of the facts. Amounts are in `unit`; None is not known; `late` is years past its time."""

    id: str
    givers: tuple[str, ...]
    receivers: tuple[str, ...]
    sector: str
    kind: str
    pledge_class: str
    status: str
    unit: str
    announced: float | None
    committed: float | None
    committed_rule: str
    realised: float | None
    date: str
    horizon_year: int | None
    part_of: tuple[str, ...]
    late: float
    note: str


@dataclass(frozen=True)
class Line:
    """What is counted: an innermost pledge, or the remainder of one that its items do not exhaust."""

    pledge: Pledge
    announced: float
    committed: float
    realised: float | None
    remainder: bool
    within: tuple[str, ...]

    @property
    def taken_whole(self) -> bool:
        """Whether it is delivered and no row tells how much was realised."""
        return self.pledge.status == "delivered" and self.realised is None

    @property
    def open(self) -> float:
        """What is not known to be realised."""
        return max(self.announced - (self.realised or 0.0), 0.0)

    @property
    def id(self) -> str:
        """The pledge's id, with a mark where the line is a remainder."""
        return f"{self.pledge.id} (rest)" if self.remainder else self.pledge.id


@dataclass(frozen=True)
class Total:
    """Sums of lines of one unit; `taken_whole` are lines delivered whose realised amount no row tells."""

    name: str
    unit: str
    announced: float
    committed: float
    expected: float
    low: float
    high: float
    realised: float
    lines: int
    realised_unknown: int
    taken_whole: tuple[str, ...]
    late: tuple[str, ...]
    inferred: tuple[str, ...]
    excess: float
    basis: tuple[str, ...] = field(repr=False)


class Book:
    """The pledges of a fact base, with the rates of their classes.

    Raises
    ------
    FactError : amounts without a currency or a thing counted, no class where there is an amount, a cycle in part_of,
        two pledges of one unit around the same pledge; all rows at once
    """

    def __init__(self, base: FactBase) -> None:
        self.base = base
        rows = base.rows("pledges")
        problems = [*misfits(rows), *cycles(rows)]
        if problems:
            raise FactError.collected(problems)
        self.record = Record(base)
        self.classes = self.record.classes
        self.known = {row["id"]: row for row in rows}
        self.pledges = {row["id"]: self._pledge(row) for row in rows}
        twice = [p for p in self.pledges.values() if self._counted(p) and len(self._parents(p)) > 1]
        if twice:
            raise FactError.collected([self._twice(pledge) for pledge in twice])

    def _twice(self, pledge: Pledge) -> Problem:
        found = f"within {', '.join(sorted(self._parents(pledge)))}, all in {pledge.unit}"
        return problem(self.known[pledge.id], "part_of", found, "one of a unit", "keep the nearest")

    def _pledge(self, row: Row) -> Pledge:
        later = self._is_later(row)
        status = "announced" if later else row["status"]
        realised = None if later else row["realised_amount"]
        stated = None if later else row["committed_amount"]
        committed, rule = self._committed(row, status, stated, realised)
        note = f"status of {row['realised_as_of']}, taken as announced" if later else ""
        return Pledge(
            row["id"], row["givers"], row["receivers"], row["sector"], row["kind"], row["class"] or "", status,
            unit_of(row), row["amount"], committed, rule, realised, row["date"], row["horizon_year"],
            tuple(row["part_of"] or ()), self.record.late(row["date"], row["horizon_year"]), note,
        )  # fmt: skip

    def _is_later(self, row: Row) -> bool:
        """Whether status and realised amount are of a later date than the facts are asked for."""
        told = row["realised_as_of"]
        return bool(self.base.as_of and told and last_day(told) > last_day(self.base.as_of))

    def _committed(
        self, row: Row, status: str, stated: float | None, realised: float | None
    ) -> tuple[float | None, str]:
        """The amount that binds, and the rule that says so."""
        if row["amount"] is None:
            return None, "no amount"
        if stated is not None:
            return stated, "stated"
        if status in {"announced", "lapsed"}:
            return 0.0, status
        if status == "delivered":
            return (row["amount"] if realised is None else realised), "delivered"
        binds = row["class"] in self.classes and self.classes[row["class"]]["binds"]
        return (float(row["amount"]), "binding signature") if binds else (0.0, "class does not bind")

    def expected(self, line: Line) -> Numbers:
        """Drawn realised amounts of a line: what is realised already, and the rate times the open rest.

        What is delivered is worth its amount where no realised one is told, see `Total.taken_whole`.
        """
        pledge, done = line.pledge, line.realised or 0.0
        if pledge.status in DONE:
            return np.full(DRAWS, line.announced if line.taken_whole else done)
        return done + line.open * self.record.rate(pledge.pledge_class, pledge.status, pledge.late)

    def lines(self, *, headline: str = "") -> tuple[Line, ...]:
        """All lines, or those within a headline pledge.

        Raises
        ------
        FactError : no such pledge
        """
        if headline and headline not in self.pledges:
            known = allowed_names(headline, self.pledges)
            raise FactError("pledges", f"pledge {quoted(headline)}", known, "use the id of a pledge")
        if headline:
            return self._within(self.pledges[headline], ())
        roots = [p for p in self.pledges.values() if self._counted(p) and not self._parents(p)]
        return tuple(line for root in roots for line in self._within(root, ()))

    def excess(self, pledge: Pledge) -> float:
        """By how much the items of a pledge, and of those within it, exceed what they lie within."""
        items = self._items.get(pledge.id, ())
        inner = sum(self.excess(item) for item in items)
        over = sum(self._size(item) for item in items) - (pledge.announced or 0.0)
        return inner + (max(over, 0.0) if items else 0.0)

    def size(self, name: str) -> float:
        """Announced amount of a pledge, or the sum of its items where that is more."""
        return self._size(self.pledges[name])

    def _size(self, pledge: Pledge) -> float:
        """Announced amount of a pledge and all within it: the greater of its own and the sum of its items."""
        return max(pledge.announced or 0.0, sum(map(self._size, self._items.get(pledge.id, ()))))

    def _counted(self, pledge: Pledge) -> bool:
        row = self.known[pledge.id]
        record = self.classes.get(pledge.pledge_class, {}).get("kind") == "record"
        return pledge.announced is not None and not record and row["superseded_by"] not in self.pledges

    def _parents(self, pledge: Pledge) -> set[str]:
        """Nearest counted pledges of the same unit that this one lies within."""
        return _of_unit(pledge, pledge.unit, self.pledges, self._counted)

    @cached_property
    def _items(self) -> Mapping[str, tuple[Pledge, ...]]:
        """Items of the same unit by the pledge that they lie within."""
        found: dict[str, tuple[Pledge, ...]] = {}
        for pledge in self.pledges.values():
            for parent in self._parents(pledge) if self._counted(pledge) else ():
                found[parent] = (*found.get(parent, ()), pledge)
        return found

    def _within(self, pledge: Pledge, within: tuple[str, ...]) -> tuple[Line, ...]:
        if pledge.announced is None:
            return ()
        items = self._items.get(pledge.id, ())
        inner = tuple(line for item in items for line in self._within(item, (*within, pledge.id)))
        rest = pledge.announced - sum(self._size(item) for item in items)
        realised = pledge.realised
        if realised is not None:
            realised = max(realised - sum(line.realised or 0.0 for line in inner), 0.0)
            inner, realised = _spread(inner, max(rest, 0.0), realised)
        if items and rest <= 0:
            return inner
        committed = max((pledge.committed or 0.0) - sum(line.committed for line in inner), 0.0)
        own = Line(pledge, rest, min(committed, rest), realised, bool(items), within)
        return (*inner, own)

    def _evidence(self, line: Line) -> tuple[str, ...]:
        """Rows behind the rate of a line's open rest."""
        pledge = line.pledge
        if pledge.status in DONE:
            return ()
        return self.record.evidence(pledge.pledge_class, pledge.late, pledge.horizon_year)

    def _inferred(self, line: Line) -> list[str]:
        """Pledges on the way from a line to its headline that stand within the next one by inference alone."""
        below = (*line.within[1:], line.pledge.id) if line.within else ()
        return [id_ for id_ in below if self.known[id_]["part_known"] == "inferred"]

    def total(self, name: str, lines: Sequence[Line], excess: float = 0.0) -> Total:
        """Sums over lines of one unit, at least one."""
        low, expected, high = _figure(np.sum([self.expected(line) for line in lines], axis=0))
        basis = dict.fromkeys(
            id_ for line in lines for id_ in (line.pledge.id, *line.within, *self._evidence(line))
        )
        return Total(
            name, lines[0].pledge.unit, sum(line.announced for line in lines),
            sum(line.committed for line in lines), expected, low, high,
            sum(line.realised or 0.0 for line in lines), len(lines), sum(line.realised is None for line in lines),
            tuple(line.id for line in lines if line.taken_whole),
            tuple(line.id for line in lines if line.pledge.late and line.pledge.status not in DONE),
            tuple(dict.fromkeys(id_ for line in lines for id_ in self._inferred(line))), excess, tuple(basis),
        )  # fmt: skip


def _spread(inner: tuple[Line, ...], rest: float, realised: float) -> tuple[tuple[Line, ...], float]:
    """What is realised of a pledge beyond its remainder was realised of its items: by what is open of each."""
    open_ = [0.0 if line.pledge.status == "lapsed" else line.open for line in inner]
    beyond = min(realised - rest, sum(open_))
    if beyond <= 0:
        return inner, realised
    share = beyond / sum(open_)
    lines = (
        replace(line, realised=(line.realised or 0.0) + share * o) if o else line
        for line, o in zip(inner, open_, strict=True)
    )
    return tuple(lines), realised - beyond


def _figure(draws: Numbers) -> tuple[float, float, float]:
    low, high = np.percentile(draws, ENDS)
    return float(low), float(draws.mean()), float(high)


def unit_of(row: Row) -> str:
    """Unit in which a pledge is counted: the unit, or for things the noun of `item`; unlike units are never added."""
    if row["item"] is None:
        return str(row["unit"])
    noun = str(row["item"]).split(" (")[0]
    return noun if row["unit"] == "number" else f"{row['unit']} {noun}"


def _of_unit(
    start: Pledge, unit: str, pledges: Mapping[str, Pledge], counts: Callable[[Pledge], bool]
) -> set[str]:
    """Nearest counted pledges of a unit above `start`, passing over those of other units."""
    found: set[str] = set()
    for id_ in start.part_of:
        parent = pledges.get(id_)
        if parent is None:
            continue
        if parent.unit == unit and counts(parent):
            found.add(id_)
        else:
            found |= _of_unit(parent, unit, pledges, counts)
    return found

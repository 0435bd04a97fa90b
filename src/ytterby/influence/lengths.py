# SPDX-License-Identifier: Apache-2.0
"""How long restrictions last: acts that have ended against the years that acts have been in force, bans and others.

    k ~ Poisson(mu n),  mu | k ~ Gamma(k + 1/2, n)       k ends and n years in force of a class

An act counts once, whatever number of minerals it names, and a suspension is an end. Acts without a row in `policy_ends` are
taken to be in force to the end of the last full year, so an end that nobody collected makes acts seem longer than they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ytterby.errors import FactError, Problem
from ytterby.facts import FactBase
from ytterby.facts.dates import first_day, last_day
from ytterby.influence.rates import Class, Rate, alone
from ytterby.influence.restrictions import Restriction

BAN = "export_ban"
BANS, OTHERS = CLASSES = ("ban", "in force"), ("licence, quota or tax", "in force")
DAYS = 365.25


@dataclass(frozen=True)
class Spell:
    """An act in force: its class, the years so far, whether it has ended, and the row that says so."""

    id: str
    name: Class
    years: float
    ended: bool
    basis: str | None


def spells(base: FactBase, counted: Iterable[Restriction], last: int) -> list[Spell]:
    """How long each act of the counted restrictions had been in force at the end of the year `last`, or when it ended.

    Raises
    ------
    FactError : an act that ends before it begins
    """
    horizon = date(last, 12, 31)
    ends = {row["policy"]: row for row in base.rows("policy_ends")}
    early = [
        Problem("policy_ends.csv", row["id"], "until", row["until"], f"{begin} or later", "correct the date")
        for row in ends.values()
        if last_day(row["until"]) < (begin := base.row(row["policy"])["date"])
    ]
    if early:
        raise FactError.collected(early)
    found = []
    for id_ in dict.fromkeys(one.id for one in counted):
        row, end = base.row(id_), ends.get(id_)
        start = date.fromisoformat(first_day(row["date"]))
        until = horizon if end is None else min(horizon, date.fromisoformat(last_day(end["until"])))
        ended = end is not None and last_day(end["until"]) <= horizon.isoformat()
        name = BANS if row["kind"] == BAN else OTHERS
        years = max(1, (until - start).days) / DAYS
        found.append(Spell(id_, name, years, ended, end["id"] if ended and end is not None else None))
    return found


def lifted(base: FactBase, counted: Iterable[Restriction], last: int) -> tuple[dict[Class, Rate], list[str]]:
    """The rates at which acts in force end, by class, and the rows that tell of ends."""
    found = spells(base, counted, last)
    rates = {}
    for name in CLASSES:
        own = [one for one in found if one.name == name]
        if own:
            rates[name] = alone(name, sum(one.ended for one in own), sum(one.years for one in own))
    return rates, [one.basis for one in found if one.basis]

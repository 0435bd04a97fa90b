# SPDX-License-Identifier: Apache-2.0
"""Dated events and relations of states against the events: when, at which level, who was first, whether it still holds."""

from __future__ import annotations

from collections.abc import Sequence

from ytterby.claims.evidence import confirmed, day, due, expanded, ids, involves, known_until, year
from ytterby.claims.solved import SolvedCase
from ytterby.claims.verdict import Finding, Outcome, Row, not_checkable
from ytterby.claims.wording import counted, listed, names
from ytterby.facts import FactBase
from ytterby.facts.dates import last_day

WORDS_ONLY = ("announces", "demands", "decides", "plans")
LEVELS = ("business", "minister", "head_of_state")
LEVEL_NAMES = {"business": "of business", "minister": "of ministers", "head_of_state": "of heads of state"}
OPENS, CLOSES = ("begins", "joins"), ("ends", "leaves")


def happened(statement: Row, base: FactBase) -> list[Row]:
    """Events of the statement's kinds and topic between its subjects and its objects, whatever they do."""
    subjects, objects = (expanded(base, statement[name]) for name in ("subjects", "objects"))
    found = []
    for row in base.rows("events"):
        parties = expanded(base, (*row["actors"], *(row["targets"] or ())))
        every = bool(statement["every"])
        fits = involves(parties, subjects, every=every) and involves(parties, objects, every=every)
        of_kind = not statement["kinds"] or row["kind"] in statement["kinds"]
        if fits and of_kind and statement["topic"] in {None, row["topic"]}:
            found.append(row)
    return sorted(confirmed(found), key=day)


def event(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """A dated event: whether it took place in time and at the level claimed."""
    found = happened(statement, base)
    if not found:
        return not_checkable(
            "The fact base holds no such event between these states.", _wanted(statement, base)
        )
    acts = [row for row in found if _does(row, statement)]
    high = [row for row in acts if _high_enough(row, statement)]
    in_time = [row for row in high if _in_time(row, statement)]
    if in_time:
        return _took_place(statement, base, in_time, high, found)
    lower = [row for row in acts if _in_time(row, statement)]
    words = [row for row in found if row["effect"] in WORDS_ONLY and _in_time(row, statement)]
    rest = lower or words
    if not lower and statement["horizon_year"] and not due(base, statement["horizon_year"]):
        sentence = f"no such event is known yet; the facts reach to {known_until(base)}"
        return _dated(Outcome.NOT_YET_DUE, sentence, rest or high or found)
    outcome = Outcome.OVERSTATED if rest else Outcome.CONTRADICTED
    if lower:
        sentence = f"{_said(lower[0])} took place, but {_level(lower[0])}"
    elif words:
        sentence = f"{_said(words[0])} only {words[0]['effect']} it"
    else:
        sentence = f"no such event is known {statement['timing'] or 'in'} {statement['horizon_year'] or year(statement)}"
    return _dated(outcome, _others(sentence, high, statement), rest or high or found)


def first(statement: Row, base: FactBase, run: SolvedCase | None) -> Finding:
    """A first or only event: as a dated event, and none of the same kind and level was earlier."""
    found = event(statement, base, run)
    if found.outcome is not Outcome.SUPPORTED:
        return found
    high = [
        row for row in happened(statement, base) if _does(row, statement) and _high_enough(row, statement)
    ]
    in_time = [row for row in high if _in_time(row, statement)]
    earlier = [row for row in high if day(row) < day(in_time[0]) and statement["timing"] != "from"]
    if earlier:
        sentence = f"{_said(earlier[0])} was earlier, {_level(earlier[0])}"
        return _dated(Outcome.CONTRADICTED, sentence, [*earlier, *in_time])
    place = f"the first of {len(high)} such events" if len(high) > 1 else "the only such event"
    sentence = f"{_said(in_time[0])} is {place} {_level(in_time[0])}".rstrip()
    return _dated(Outcome.SUPPORTED, sentence, high)


def relation(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """A state of relations: what opened it before the statement, and whether it was ended since."""
    found = [row for row in happened(statement, base) if day(row) <= last_day(statement["date"])]
    opened = [row for row in found if row["effect"] in OPENS]
    since = day(opened[-1]) if opened else ""
    closed = [row for row in found if row["effect"] in CLOSES and day(row) >= since]
    if closed:
        return _dated(Outcome.CONTRADICTED, f"{_said(closed[-1])} ended it", [*closed, *opened])
    if not opened:
        return not_checkable("No event that opened this relation is known.", _wanted(statement, base))
    return _dated(
        Outcome.SUPPORTED, f"{_said(opened[0])} opened it, and no event before the statement ended it", opened
    )


def _took_place(
    statement: Row, base: FactBase, in_time: Sequence[Row], high: Sequence[Row], found: Sequence[Row]
) -> Finding:
    """The event took place; something that ended must have ended wherever it had begun."""
    begun = [row for row in found if row["effect"] == "begins" and day(row) <= day(in_time[-1])]
    open_still = [row for row in begun if row["topic"] not in {end["topic"] for end in high}]
    if statement["effect"] in CLOSES and open_still:
        ends = f"{counted(len(in_time), 'end')} of {counted(len(begun), 'beginning')} known"
        sentence = f"{ends}; {_said(open_still[0])} lacks one"
        return _dated(Outcome.OVERSTATED, sentence, [*in_time, *begun])
    many = f", the first of {counted(len(in_time), 'such event')}" if len(in_time) > 1 else ""
    level = f", {_level(in_time[0])}" if in_time[0]["level"] else ""
    who = names(base, dict.fromkeys((*in_time[0]["actors"], *(in_time[0]["targets"] or ()))))
    return _dated(Outcome.SUPPORTED, f"{_said(in_time[0])} took place{many}{level} ({who})", in_time)


def _dated(outcome: Outcome, sentence: str, rows: Sequence[Row]) -> Finding:
    years = [float(year(row)) for row in rows]
    return Finding(
        outcome, f"{sentence[:1].upper()}{sentence[1:]}.", years[0], min(years), max(years), "calendar_year", ids(rows),
        figures={"events": len(rows)},
    )  # fmt: skip


def _others(sentence: str, high: Sequence[Row], statement: Row) -> str:
    """The sentence, with the first event at the claimed level."""
    if not high or not statement["level"]:
        return sentence
    return f"{sentence}; the first at the level {LEVEL_NAMES[statement['level']]} was on {high[0]['date']}"


def _does(row: Row, statement: Row) -> bool:
    return row["effect"] == statement["effect"] if statement["effect"] else row["effect"] not in WORDS_ONLY


def _high_enough(row: Row, statement: Row) -> bool:
    if not statement["level"]:
        return True
    return row["level"] is not None and LEVELS.index(row["level"]) >= LEVELS.index(statement["level"])


def _in_time(row: Row, statement: Row) -> bool:
    meant = statement["horizon_year"] or year(statement)
    if statement["timing"] == "from":
        return year(row) >= meant
    return year(row) <= meant if statement["timing"] in {"by", "before"} else year(row) == meant


def _said(row: Row) -> str:
    what = [row["kind"], row["topic"], None if row["effect"] == "meets" else row["effect"]]
    return f"the event of {row['date']} ({', '.join(word.replace('_', ' ') for word in what if word)})"


def _level(row: Row) -> str:
    return f"at the level {LEVEL_NAMES[row['level']]}" if row["level"] else ""


def _wanted(statement: Row, base: FactBase) -> str:
    kinds = listed(f"kind {kind}" for kind in statement["kinds"] or ()) if statement["kinds"] else "any kind"
    topic = f" on {statement['topic'].replace('_', ' ')}" if statement["topic"] else ""
    return (
        f"events of {kinds}{topic} of {names(base, (*statement['subjects'], *(statement['objects'] or ())))}"
    )

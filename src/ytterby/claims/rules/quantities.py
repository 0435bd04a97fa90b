# SPDX-License-Identifier: Apache-2.0
"""Quantities against the facts: a figure against all its readings, two quantities against each other, a large occurrence."""

from __future__ import annotations

from collections.abc import Sequence

from ytterby.claims.evidence import WORLD, expanded, tolerance, word
from ytterby.claims.readings import (
    MEASURES,
    Reading,
    Side,
    counted_as,
    object_side,
    readings,
    subject_side,
    told,
    turnovers,
    whose,
)
from ytterby.claims.solved import SolvedCase
from ytterby.claims.verdict import Finding, Outcome, Row, not_checkable
from ytterby.claims.weighing import CERTAINTY, compare, of_unlike_class, reaches
from ytterby.claims.wording import claimed, counted, names, show, span, upper
from ytterby.domain import ResourceClass
from ytterby.facts import FactBase

RATIOS = ("ratio", "fraction")


def quantity(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """A quantity against every reading of it in the facts; tonnes of a less certain class do not bear it."""
    side = subject_side(statement, base)
    if side.measure not in MEASURES:
        return not_checkable("No rule reads a single quantity of this measure.", "measure")
    what, found = told(base, side), readings(base, side)
    if not found:
        return not_checkable(f"The fact base holds no figure of this: {what}.", what)
    if statement["comparator"] == "none":
        return _none(statement, base, found)
    if statement["value"] is None:
        return not_checkable("The statement gives no figure.", "value")
    unit = statement["unit"]
    if unit not in MEASURES[side.measure].units:
        return _other_unit(MEASURES[side.measure].units)
    close, basis = tolerance(base)
    outcome = compare([r.value for r in found], statement["value"], statement["comparator"], close)
    classes = _classes(found)
    against = min(classes, key=_certainty, default=None)
    judged = of_unlike_class(outcome, against, statement["resource_class"])
    figures = (_nearest([r.value for r in found], statement["value"]), found[-1].value, found[0].value)
    sentence = f"{upper(what)}: {claimed(statement)}; {_held(base, found)}: {_range(figures[1:], unit)}"
    sentence += f", {' or '.join(classes)} tonnes" if classes else ""
    if judged is not outcome:
        sentence += f", where {statement['resource_class']} tonnes are claimed"
    return Finding(
        judged, f"{sentence}.", *figures, unit, (*_basis(found), *basis),
        figures={"claimed": statement["value"], "readings": _different(base, found)},
    )  # fmt: skip


def _held(base: FactBase, found: Sequence[Reading]) -> str:
    return f"{counted(_different(base, found), 'reading')} in the facts"


def _different(base: FactBase, found: Sequence[Reading]) -> int:
    """Number of readings; what several rows report of one reading of a deposit is one."""
    rows = [base.row(reading.basis[0]) for reading in found]
    return len({(row["place"], row["reading"]) if row.get("reading") else row["id"] for row in rows})


def _other_unit(units: Sequence[str]) -> Finding:
    return not_checkable("The figure is in a unit that does not measure this.", f"unit {' or '.join(units)}")


def _none(statement: Row, base: FactBase, found: Sequence[Reading]) -> Finding:
    """That there is nothing of a class: no reading is as certain as the class."""
    least = statement["resource_class"]
    if least is None:
        return not_checkable("The statement denies a quantity without naming its class.", "resource_class")
    enough = [r for r in found if r.resource_class and _certainty(r.resource_class) >= _certainty(least)]
    number = _different(base, enough)
    outcome = compare([float(number)], 0.0, "none", 0.0)
    told = "1 counts" if number == 1 else f"{number or 'none'} count{'' if number else 's'}"
    sentence = f"Of {_held(base, found)} {told} as {least} or better."
    return Finding(
        outcome, sentence, float(number), float(number), float(number), "number", _basis(found),
        figures={"readings": _different(base, found)},
    )  # fmt: skip


def comparison(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """The ratio of two quantities, from all readings of both; unlike classes of tonnage do not bear it."""
    if statement["value"] is None:
        return not_checkable("The statement gives no ratio.", "value")
    if statement["unit"] not in RATIOS:
        return _other_unit(RATIOS)
    if statement["measure"] == "trade":
        return _trade_ratio(statement, base)
    sides = (subject_side(statement, base), object_side(statement, base))
    if any(side.measure not in MEASURES for side in sides):
        return not_checkable("No rule compares quantities of this measure.", "measure and object_measure")
    return _compared(statement, base, *sides)


def _compared(statement: Row, base: FactBase, ours: Side, theirs: Side) -> Finding:
    """All readings of one side over all of the other."""
    under = readings(base, theirs)
    over = readings(base, counted_as([r.basis[0] for r in under], ours, base))
    missing = [told(base, side) for side, found in ((ours, over), (theirs, under)) if not found]
    if missing:
        return not_checkable("One side of the comparison has no figure in the fact base.", *missing)
    ratios = [o.value / u.value for o in over for u in under if u.value > 0]
    if not ratios:
        return not_checkable(
            "The other side of the comparison is nothing.", f"{told(base, theirs)} above zero"
        )
    return _ratio(
        statement, base, ratios, f"{whose(base, ours)}, against {told(base, theirs)}", (*over, *under)
    )


def _ratio(
    statement: Row, base: FactBase, ratios: Sequence[float], what: str, rows: Sequence[Reading]
) -> Finding:
    """The ratios that the readings give against the one claimed, in per cent where that is below one."""
    close, basis = tolerance(base)
    outcome = compare(ratios, statement["value"], statement["comparator"], close)
    classes = (statement["resource_class"], statement["object_class"])
    judged = of_unlike_class(outcome, *classes)
    low, high = min(ratios), max(ratios)
    unit = "fraction" if statement["value"] < 1 else "ratio"
    sentence = f"{upper(what)}: {claimed(statement, unit)}; the readings give {_range((low, high), unit)}"
    if judged is not outcome or (None not in classes and classes[0] != classes[1]):
        sentence = f"{sentence}, {classes[0]} tonnes set against {classes[1]} tonnes"
    return Finding(
        judged, f"{sentence}.", _nearest(ratios, statement["value"]), low, high, statement["unit"],
        (*_basis(rows), *basis), figures={"claimed": statement["value"]},
    )  # fmt: skip


def _trade_ratio(statement: Row, base: FactBase) -> Finding:
    """Trade of the subjects with the partners over that of the objects, over the states for which both are known."""
    states = expanded(base, statement["partners"])
    subject, other = (expanded(base, statement[name]) for name in ("subjects", "objects"))
    found = {
        state: [[r for power in powers for r in turnovers(base, power, state)] for powers in (subject, other)]
        for state in states
    }
    both = {state: pair for state, pair in found.items() if all(pair)}
    if not both:
        return not_checkable("Trade of both sides is known for no state.", "goods trade turnover in ties")
    ends = [
        [(min(r.value for r in side), max(r.value for r in side)) for side in pair] for pair in both.values()
    ]
    low = sum(pair[0][0] for pair in ends) / sum(pair[1][1] for pair in ends)
    high = sum(pair[0][1] for pair in ends) / sum(pair[1][0] for pair in ends)
    close, basis = tolerance(base)
    outcome = compare([low, high], statement["value"], statement["comparator"], close)
    lacking = [state for state in states if state not in both]
    sentence = f"{upper(claimed(statement, 'ratio'))}; over {names(base, both)} the readings give {_range((low, high), 'ratio')}."
    rows = [r for pair in both.values() for side in pair for r in side]
    return Finding(
        outcome, sentence, low, low, high, statement["unit"], (*_basis(rows), *basis),
        tuple(f"goods trade turnover of {state} with both sides" for state in lacking),
        {"claimed": statement["value"]},
    )  # fmt: skip


def occurrence(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """A large occurrence: the subjects' reserves, else the readings of their largest deposit, against the world's reserves."""
    whose, goods = expanded(base, statement["subjects"]), tuple(statement["commodities"] or ())
    reserves = readings(base, Side("reserve", whose, goods))
    world, world_rows = _world(base, statement)
    deposits = readings(base, counted_as(world_rows, Side("deposit", whose, goods), base))
    if not reserves and not deposits:
        return not_checkable("The fact base holds no tonnage there.", "reserves, or contained_t in deposits")
    if world <= 0:
        return not_checkable("No reserves of the world are published.", "reserves of the world")
    found = reserves or [r for r in deposits if _place(base, r) == _place(base, deposits[0])]
    large, basis = word(base, "large_occurrence")
    shares = [r.value / world for r in found]
    low, high = min(shares), max(shares)
    what = "The reserves are" if reserves else "No reserves are published there; the largest deposit would be"
    of_class = "" if reserves else f", {' or '.join(_classes(found))} tonnes"
    sentence = (
        f"{what} {_range((low, high), 'fraction')} of the known reserves of the world, by {_held(base, found)}"
        f"{of_class}. {show(large[0], 'fraction')} to {show(large[2], 'fraction')} is taken for large."
    )
    return Finding(
        reaches(low, high, large, Outcome.OVERSTATED), sentence, high, low, high, "fraction",
        (*_basis(found), *world_rows, *basis), () if reserves else (f"reserves of {names(base, whose)}",),
        {"readings": _different(base, found), "large low": large[0], "large high": large[2]},
    )  # fmt: skip


def _place(base: FactBase, reading: Reading) -> str:
    return str(base.row(reading.basis[0])["place"])


def _world(base: FactBase, statement: Row) -> tuple[float, tuple[str, ...]]:
    """Reserves of the world in the newest edition; where only a bound is published, the bound."""
    rows = [
        row
        for row in base.rows("reserves", country=WORLD, resource_class="reserve")
        if row["commodity"] in (statement["commodities"] or ()) and (row["value"] or row["low"])
    ]
    newest = [row for row in rows if row["year"] == max(r["year"] for r in rows)]
    values = [float(row["value"] or row["low"]) for row in newest]
    return (min(values), tuple(row["id"] for row in newest)) if values else (0.0, ())


def _certainty(resource_class: str) -> int:
    return CERTAINTY[ResourceClass(resource_class)]


def _classes(found: Sequence[Reading]) -> list[str]:
    return sorted({r.resource_class for r in found if r.resource_class})


def _nearest(values: Sequence[float], claimed: float) -> float:
    return min(values, key=lambda value: (abs(value - claimed), value))


def _range(ends: tuple[float, ...], unit: str) -> str:
    return (
        span(ends[0], ends[0], ends[0], unit)
        if ends[0] == ends[1]
        else f"{show(ends[0], unit)} to {show(ends[1], unit)}"
    )


def _basis(found: Sequence[Reading]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row for reading in found for row in reading.basis))

# SPDX-License-Identifier: Apache-2.0
"""Quantities against the facts: a figure against all its readings, two quantities against each other, a large occurrence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ytterby.claims.evidence import WORLD, expanded, tolerance, word
from ytterby.claims.readings import Reading, Side, object_side, readings, subject_side, turnovers
from ytterby.claims.solved import SolvedCase
from ytterby.claims.verdict import Finding, Outcome, Row, not_checkable
from ytterby.claims.weighing import CERTAINTY, compare, of_unlike_class, reaches
from ytterby.claims.wording import counted, listed, names, show, span
from ytterby.domain import ResourceClass
from ytterby.facts import FactBase

Range = tuple[float, float, float]


def quantity(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """A quantity against every reading of it in the facts; tonnes of a less certain class do not bear it."""
    side = subject_side(statement, base)
    found = readings(base, side)
    if statement["comparator"] == "none":
        return _none(statement, found)
    if statement["value"] is None:
        return not_checkable("The statement gives no figure.", "value")
    if not found:
        return not_checkable(
            "The fact base holds no reading of this quantity.", f"readings of {side.measure}"
        )
    close, basis = tolerance(base)
    outcome = compare([r.value for r in found], statement["value"], statement["comparator"], close)
    classes = _classes(found)
    against = min(classes, key=_certainty, default=None)
    judged = of_unlike_class(outcome, against, statement["resource_class"])
    unit = statement["unit"]
    figures = (_nearest([r.value for r in found], statement["value"]), found[-1].value, found[0].value)
    told = f"{_claimed(statement)} is claimed; {counted(len(found), 'reading')} in the facts: {_range(figures[1:], unit)}"
    told += f", {' or '.join(classes)} tonnes" if classes else ""
    if judged is not outcome:
        told += f", where {statement['resource_class']} tonnes are claimed"
    return Finding(
        judged, f"{told}.", *figures, unit, (*_basis(found), *basis),
        figures={"claimed": statement["value"], "readings": len(found)},
    )  # fmt: skip


def _none(statement: Row, found: Sequence[Reading]) -> Finding:
    """That there is nothing of a class: no reading is as certain as the class."""
    least = statement["resource_class"]
    if least is None:
        return not_checkable("The statement denies a quantity without naming its class.", "resource_class")
    if not found:
        return not_checkable("The fact base holds no reading of this quantity.", "readings")
    enough = [r for r in found if r.resource_class and _certainty(r.resource_class) >= _certainty(least)]
    outcome = compare([float(len(enough))], 0.0, "none", 0.0)
    sentence = (
        f"{counted(len(found), 'reading')} are known; {len(enough)} of them count as {least} or better."
    )
    return Finding(
        outcome, sentence, float(len(enough)), float(len(enough)), float(len(enough)), "number", _basis(found),
        figures={"readings": len(found)},
    )  # fmt: skip


def comparison(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """The ratio of two quantities, from all readings of both; unlike classes of tonnage do not bear it."""
    if statement["value"] is None:
        return not_checkable("The statement gives no ratio.", "value")
    if statement["measure"] == "trade":
        return _trade_ratio(statement, base)
    theirs = readings(base, object_side(statement, base))
    ours = readings(base, _counted_as(theirs, subject_side(statement, base), base))
    missing = [
        f"{label} of {statement[column]}"
        for label, column, found in (("subject", "measure", ours), ("object", "object_measure", theirs))
        if not found
    ]
    if missing:
        return not_checkable("One side of the comparison has no figure in the fact base.", *missing)
    ratios = [o.value / t.value for o in ours for t in theirs if t.value > 0]
    if not ratios:
        return not_checkable(
            "The other side of the comparison is nothing.", f"{statement['object_measure']} above zero"
        )
    low, high = min(ratios), max(ratios)
    close, basis = tolerance(base)
    outcome = compare(ratios, statement["value"], statement["comparator"], close)
    classes = (statement["resource_class"], statement["object_class"])
    judged = of_unlike_class(outcome, *classes)
    nearest = _nearest(ratios, statement["value"])
    sentence = (
        f"{show(statement['value'], 'fraction')} is claimed, the readings give {show(low, 'fraction')} to "
        f"{show(high, 'fraction')}"
    )
    if judged is not outcome or (None not in classes and classes[0] != classes[1]):
        sentence = f"{sentence}, {classes[0]} tonnes set against {classes[1]} tonnes"
    return Finding(
        judged, f"{sentence}.", nearest, low, high, statement["unit"], (*_basis(ours), *_basis(theirs), *basis),
        figures={"claimed": statement["value"]},
    )  # fmt: skip


def _counted_as(theirs: Sequence[Reading], side: Side, base: FactBase) -> Side:
    """The side in the content that the other side's readings all have: elements are not set against oxides."""
    contents = {base.row(row).get("content") for reading in theirs for row in reading.basis[:1]}
    return replace(side, content="REO") if contents == {"REO"} else side


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
    sentence = (
        f"{show(statement['value'], 'ratio')} is claimed; over {names(base, both)} the readings give "
        f"{show(low, 'ratio')} to {show(high, 'ratio')}."
    )
    rows = [r for pair in both.values() for side in pair for r in side]
    return Finding(
        outcome, sentence, low, low, high, "ratio", (*_basis(rows), *basis),
        tuple(f"goods trade turnover of {state} with both sides" for state in lacking),
        {"claimed": statement["value"]},
    )  # fmt: skip


def occurrence(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """A large occurrence: the readings of the subjects' largest deposit against the known reserves of the world."""
    found = readings(base, subject_side(statement, base))
    if not found:
        return not_checkable("The fact base holds no tonnage of a deposit there.", "contained_t in deposits")
    largest = base.row(found[0].basis[0])["place"]
    same = [r for r in found if base.row(r.basis[0])["place"] == largest]
    world, world_rows = _world(base, statement)
    if world <= 0:
        return not_checkable("No reserves of the world are published.", "reserves of the world")
    large, basis = word(base, "large_occurrence")
    shares = [r.value / world for r in same]
    outcome = reaches(min(shares), max(shares), large, Outcome.OVERSTATED)
    reserve = readings(
        base, Side("reserve", expanded(base, statement["subjects"]), tuple(statement["commodities"] or ()))
    )
    has = f"{counted(len(reserve), 'figure')} of reserves" if reserve else "no figure of reserves"
    sentence = (
        f"The largest deposit has {counted(len(same), 'reading')}, from {show(min(shares), 'fraction')} to "
        f"{show(max(shares), 'fraction')} of the known reserves of the world, {' or '.join(_classes(same))} tonnes; "
        f"{has} is published there. {show(large[0], 'fraction')} to {show(large[2], 'fraction')} is taken for large."
    )
    return Finding(
        outcome, sentence, max(shares), min(shares), max(shares), "fraction", (*_basis(same), *world_rows, *basis),
        () if reserve else (f"reserves of {listed(expanded(base, statement['subjects']))}",),
        {"readings": len(same), "reserves": len(reserve), "large low": large[0], "large high": large[2]},
    )  # fmt: skip


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


def _claimed(statement: Row) -> str:
    at_least = {"at_least": "At least ", "at_most": "At most "}.get(statement["comparator"] or "", "")
    return f"{at_least}{show(statement['value'], statement['unit'])}"


def _range(ends: tuple[float, ...], unit: str) -> str:
    return (
        span(ends[0], ends[0], ends[0], unit)
        if ends[0] == ends[1]
        else f"{show(ends[0], unit)} to {show(ends[1], unit)}"
    )


def _basis(found: Sequence[Reading]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row for reading in found for row in reading.basis))

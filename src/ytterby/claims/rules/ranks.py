# SPDX-License-Identifier: Apache-2.0
"""Ranks: the place of the subjects among countries by a measured quantity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ytterby.claims.evidence import WORLD, confirmed, expanded, involves, pledges_then
from ytterby.claims.readings import MEASURES, Reading, counted_as, object_side, readings, subject_side, told
from ytterby.claims.solved import SolvedCase
from ytterby.claims.verdict import Finding, Outcome, Row, not_checkable
from ytterby.claims.weighing import of_unlike_class
from ytterby.claims.wording import names, show, upper
from ytterby.facts import FactBase

STATES = ("state", "territory")
UNITS = ("rank", "number", "none")
PLEDGES = "pledges"
Places = tuple[int, int]


def rank(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """The rank of the subjects among countries by a measure; without a claimed rank they must be the first ones."""
    if statement["measure"] not in {PLEDGES, *MEASURES}:
        return not_checkable("No rule ranks countries by this measure.", "measure")
    subjects = expanded(base, statement["subjects"])
    others, measured = _fields(statement, base, subjects)
    lacking = [code for code in subjects if code not in measured]
    if lacking:
        sentence = (
            "Not every subject has a figure." if measured else "The subjects have no figure in the fact base."
        )
        return not_checkable(sentence, _what(statement, base, lacking))
    if statement["value"] is not None and statement["unit"] not in UNITS:
        return not_checkable(
            "The place claimed is in a unit that counts no places.", f"unit {' or '.join(UNITS)}"
        )
    places = {code: _places(found, {**others, **_rest(measured, code)}) for code, found in measured.items()}
    claimed = float(len(subjects)) if statement["value"] is None else statement["value"]
    best, worst = min(p[0] for p in places.values()), max(p[1] for p in places.values())
    outcome = _outcome(best, worst, claimed, exact=statement["value"] is not None)
    classes = (statement["resource_class"], statement["object_class"])
    judged = of_unlike_class(outcome, *classes)
    rows = [r for found in (*measured.values(), *others.values()) for r in found]
    share = _share(measured, others)
    ranks = show(best, "rank") if best == worst else f"{show(best, 'rank')} to {show(worst, 'rank')}"
    years = sorted({str(year) for r in rows if r.basis and (year := base.row(r.basis[0]).get("year"))})
    when = f" in {years[0]}" if len(years) == 1 else ""
    sentence = (
        f"{upper(_what(statement, base, subjects))}: {_claimed(statement)}place{'' if best == worst else 's'} {ranks} of "
        f"{len({*measured, *others})} countries{when}, with {show(share, 'fraction')} of their sum"
    )
    if judged is not outcome or (None not in classes and classes[0] != classes[1]):
        sentence += f"; {classes[0]} tonnes are set among {classes[1]} tonnes, which are unlike"
    return Finding(
        judged, f"{sentence}.", float(worst), float(best), float(worst), "rank",
        tuple(dict.fromkeys(row for r in rows for row in r.basis)),
        figures={"share": share, "claimed": claimed, "countries": len({*measured, *others})},
    )  # fmt: skip


def _claimed(statement: Row) -> str:
    """The place that the statement names, if any."""
    return "" if statement["value"] is None else f"place {show(statement['value'], 'rank')} is claimed; "


def _what(statement: Row, base: FactBase, whose: Sequence[str]) -> str:
    """Of whom what is ranked, for people."""
    if statement["measure"] == PLEDGES:
        objects = statement["objects"]
        return f"{names(base, whose)}, number of pledges" + (
            f" with {names(base, objects)}" if objects else ""
        )
    return told(base, replace(subject_side(statement, base), countries=tuple(whose)))


def _fields(
    statement: Row, base: FactBase, subjects: Sequence[str]
) -> tuple[dict[str, list[Reading]], dict[str, list[Reading]]]:
    """Readings of the others and of the subjects, by country."""
    among = expanded(base, statement["among"])
    if not among or WORLD in among:
        among = tuple(row["id"] for row in base.rows("countries") if row["kind"] in STATES)
    if statement["measure"] == PLEDGES:
        counts = _pledges(statement, base, among)
        return _split(counts, subjects)
    field = replace(subject_side(statement, base), countries=among, place=None, part=None)
    if statement["object_measure"]:
        field = replace(object_side(statement, base), countries=among)
    others = [r for r in readings(base, field) if r.country not in subjects]
    side = replace(subject_side(statement, base), countries=tuple(subjects))
    ours = readings(base, counted_as([r.basis[0] for r in others], side, base))
    return _grouped(others), _grouped(ours)


def _pledges(statement: Row, base: FactBase, among: Sequence[str]) -> list[Reading]:
    """Number of confirmed pledges with the objects around the statement; what is part of another is not counted again."""
    objects = expanded(base, statement["objects"])
    rows = confirmed(
        row for row in pledges_then(base, statement) if involves((*row["givers"], *row["receivers"]), objects)
    )
    counted_rows = {row["id"] for row in rows}
    rows = [row for row in rows if not counted_rows & set(row["part_of"] or ())]
    found = []
    for code in among:
        ours = [row["id"] for row in rows if code in expanded(base, (*row["givers"], *row["receivers"]))]
        found.append(Reading(float(len(ours)), tuple(ours), None, code))
    return found


def _split(
    found: Sequence[Reading], subjects: Sequence[str]
) -> tuple[dict[str, list[Reading]], dict[str, list[Reading]]]:
    ours = [r for r in found if r.country in subjects and r.value > 0]
    return _grouped(r for r in found if r.country not in subjects), _grouped(ours)


def _grouped(found: Iterable[Reading]) -> dict[str, list[Reading]]:
    groups: dict[str, list[Reading]] = {}
    for reading in found:
        groups.setdefault(reading.country, []).append(reading)
    return groups


def _rest(measured: Mapping[str, list[Reading]], code: str) -> dict[str, list[Reading]]:
    return {other: found for other, found in measured.items() if other != code}


def _places(ours: Sequence[Reading], others: Mapping[str, Sequence[Reading]]) -> Places:
    """Best and worst place of a country, over the readings of all."""
    most, least = max(r.value for r in ours), min(r.value for r in ours)
    best = 1 + sum(min(r.value for r in found) > most for found in others.values())
    worst = 1 + sum(max(r.value for r in found) > least for found in others.values())
    return best, worst


def _outcome(best: int, worst: int, claimed: float, *, exact: bool) -> Outcome:
    """A rank of a smaller number is the larger claim."""
    if worst <= claimed:
        return Outcome.UNDERSTATED if exact and best < claimed else Outcome.SUPPORTED
    return Outcome.OVERSTATED if best > claimed else Outcome.CONTESTED


def _share(measured: Mapping[str, Sequence[Reading]], others: Mapping[str, Sequence[Reading]]) -> float:
    """Share of the subjects in the sum of all, by the largest reading of each."""
    ours = sum(max(r.value for r in found) for found in measured.values())
    rest = sum(max(r.value for r in found) for found in others.values())
    return ours / (ours + rest) if ours + rest > 0 else 0.0

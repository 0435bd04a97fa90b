# SPDX-License-Identifier: Apache-2.0
"""Pledges against the record of them, and against what giver and receiver have exchanged until now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ytterby.claims.evidence import confirmed, due, expanded, ids, linked, pledges_then, tolerance, word, year
from ytterby.claims.pledges import Book
from ytterby.claims.readings import Reading, turnovers
from ytterby.claims.solved import SolvedCase
from ytterby.claims.verdict import SUPPORT, Finding, Outcome, Row, not_checkable
from ytterby.claims.weighing import compare, reaches
from ytterby.claims.wording import claimed, counted, listed, names, show, span, upper
from ytterby.claims.worth import LATE_RATE, assess
from ytterby.facts import FactBase

MONEY = "USD"
FLOWS = ("FDI flow", "FDI inflow")
FROM_ABOVE = ("at_most", "less")
"""Comparators of a bound from above, which what was realised can't miss by being small."""


def pledge(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """A pledge: whether the record has it, at which amount, of which kinds, and what came of it when it is due."""
    found = _records(statement, base)
    if not found:
        return not_checkable(
            "The record holds no such pledge between these states.", _wanted(statement, base)
        )
    if statement["value"] is None:
        return _made(statement, base, found)
    amounts = _amounts(statement, found)
    if not amounts:
        return not_checkable("The record gives no amount in this unit.", f"amounts in {statement['unit']}")
    close, basis = tolerance(base)
    largest = max(amounts, key=lambda row: (row["amount"], row["id"]))
    compared = amounts if statement["sectors"] else [largest]
    found_amounts = [row["amount"] for row in compared]
    told = f"{upper(claimed(statement))}; the record has {show(largest['amount'], largest['unit'])}"
    figures = {"claimed": statement["value"]}
    items = 0.0 if statement["sectors"] else Book(base).size(largest["id"])
    if items > largest["amount"] * (1 + close):
        found_amounts.append(items)
        told += f", its items {show(items, largest['unit'])}"
        figures["items"] = items
    outcome = _outcome(statement, found_amounts, close, items="items" in figures)
    ends = (largest["amount"], min(found_amounts), max(found_amounts))
    made = Finding(
        outcome, told, *ends, statement["unit"], (*ids([largest]), *ids(compared), *basis), figures=figures
    )
    if outcome not in {Outcome.SUPPORTED, Outcome.UNDERSTATED, Outcome.CONTESTED}:
        return replace(made, sentence=f"{told}.")
    made = _mixed(statement, base, _fulfilled(statement, base, made, largest))
    return _against_record(base, made, largest)


def _outcome(statement: Row, amounts: Sequence[float], close: float, *, items: bool) -> Outcome:
    """The amounts against the claim; more in the items, which come last, understates nothing that the record bears."""
    ways = (amounts, amounts[:-1]) if items else (amounts,)
    whole, *alone = (compare(found, statement["value"], statement["comparator"], close) for found in ways)
    return alone[0] if alone and whole is Outcome.UNDERSTATED else whole


def _made(statement: Row, base: FactBase, found: Sequence[Row]) -> Finding:
    """A pledge without an amount: which of the subjects the record has one of; a part of another is not counted again."""
    subjects = expanded(base, statement["subjects"])
    givers = [code for code in subjects if any(code in expanded(base, row["givers"]) for row in found)]
    outcome = Outcome.SUPPORTED if len(givers) == len(subjects) else Outcome.OVERSTATED
    wholes = set(ids(found))
    made = [row for row in found if not wholes & set(row["part_of"] or ())]
    count = float(len(made))
    states = listed(
        f"{sum(row['status'] == s for row in made)} {s.replace('_', ' ')}" for s in _statuses(made)
    )
    sentence = f"The record has {counted(len(made), 'such pledge')} of {names(base, givers)}: {states}"
    if parts := len(found) - len(made):
        sentence += (
            f"; {parts} more {'is a part or measure' if parts == 1 else 'are parts or measures'} of these"
        )
    figures = {"parts": parts, **{s: sum(row["status"] == s for row in made) for s in _statuses(made)}}
    return Finding(outcome, f"{sentence}.", count, count, count, "number", ids(found), figures=figures)


def _statuses(found: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row["status"] for row in found))


def _records(statement: Row, base: FactBase) -> list[Row]:
    """Pledges of the subjects to the objects, of the statement's sectors and kinds, made around the statement."""
    subjects, objects = (set(expanded(base, statement[name])) for name in ("subjects", "objects"))
    linked_kinds = {kind for row in linked(base, statement) for kind in row["kinds"] or ()}
    kinds = {*(statement["kinds"] or ()), *linked_kinds} if statement["kinds"] else set()
    found = []
    for row in pledges_then(base, statement):
        givers, receivers = set(expanded(base, row["givers"])), set(expanded(base, row["receivers"]))
        fits = bool(givers & subjects) and (not objects or bool(receivers & objects))
        fits = fits and (not kinds or row["kind"] in kinds)
        if fits and (not statement["sectors"] or row["sector"] in statement["sectors"]):
            found.append(row)
    return confirmed(found)


def _amounts(statement: Row, found: Sequence[Row]) -> list[Row]:
    """Records with an amount in the statement's unit; those of its horizon where there are any."""
    rows = [row for row in found if row["amount"] is not None and row["unit"] == statement["unit"]]
    same = [
        row for row in rows if statement["horizon_year"] and row["horizon_year"] == statement["horizon_year"]
    ]
    return same or rows


def _fulfilled(statement: Row, base: FactBase, made: Finding, record: Row) -> Finding:
    """What came of it: not due before its horizon; then what was realised of it, which may bear less than the amounts."""
    horizon = statement["horizon_year"] or record["horizon_year"]
    if horizon is None:
        return made
    if not due(base, horizon):
        outcome = made.outcome if made.outcome is Outcome.CONTESTED else Outcome.NOT_YET_DUE
        return replace(made, outcome=outcome, sentence=f"{made.sentence} by {horizon}")
    realised = record["realised_amount"]
    if realised is None:
        return replace(
            made,
            sentence=f"{made.sentence}, due by {horizon}",
            missing=(f"realised_amount of {record['id']}",),
        )
    close, _ = tolerance(base)
    comparator = statement["comparator"] if statement["comparator"] in FROM_ABOVE else "at_least"
    kept = compare([realised], statement["value"], comparator, close)
    least = min(kept, made.outcome, key=SUPPORT.__getitem__)
    sentence = f"{made.sentence}, of which {show(realised, made.unit)} was realised by {horizon}"
    return replace(made, outcome=least, sentence=sentence, figures={**made.figures, "realised": realised})


def _mixed(statement: Row, base: FactBase, made: Finding) -> Finding:
    """The amount in other records of the words: reached only with more kinds than the statement says, or less in the giver's."""
    close, _ = tolerance(base)
    said = [
        row
        for row in linked(base, statement)
        if row["asserts"] == statement["asserts"] and row["value"] is not None
    ]
    wider = [
        row
        for row in said
        if statement["kinds"]
        and set(row["kinds"] or ()) > set(statement["kinds"])
        and row["horizon_year"] == statement["horizon_year"]
        and row["value"] <= statement["value"] * (1 + close)
    ]
    subjects = expanded(base, statement["subjects"])
    own = [row for row in said if row["speaker_country"] in subjects]
    sentence, figures = made.sentence, dict(made.figures)
    if wider:
        kinds = listed(sorted({kind for row in wider for kind in row["kinds"]}))
        sentence += (
            f"; {listed(ids(wider))} {'counts' if len(wider) == 1 else 'count'} {kinds} together in it"
        )
    if own:
        least = own[0]["value"]
        until = f" by {own[0]['horizon_year']}" if own[0]["horizon_year"] else ""
        sentence += f"; {names(base, subjects)} itself names {show(least, made.unit)}{until}"
        figures["own"] = least
    outcome = Outcome.OVERSTATED if wider else made.outcome
    return replace(
        made, outcome=outcome, sentence=sentence, basis=(*made.basis, *ids(wider), *ids(own)), figures=figures
    )


def _against_record(base: FactBase, made: Finding, record: Row) -> Finding:
    """The sentence with what can be expected by the record of such pledges, and the amount against the giver's output."""
    (known,) = assess(base, record["id"])
    ends = (known.expected, known.low, known.high)
    late = f", past its time less by {LATE_RATE}" if known.late else ""
    told = [
        made.sentence,
        f"going by what became of such pledges, {span(*ends, made.unit)} can be expected{late}",
    ]
    figures = {**made.figures, **dict(zip(("expected", "expected low", "expected high"), ends, strict=True))}
    if known.share_of_gdp is not None:
        told.append(
            f"the amount on record is {show(known.share_of_gdp, 'fraction')} of the giver's yearly output"
        )
        figures["of output"] = known.share_of_gdp
    return replace(made, sentence=f"{'; '.join(told)}.", basis=(*made.basis, *known.basis), figures=figures)


def means(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """Pledges beyond measure: the yearly amount of each against what giver and receiver exchanged in a year until now."""
    found = [row for row in _records(statement, base) if row["unit"] == MONEY and row["amount"]]
    ratios = [
        (ratio, row, rows)
        for row in found
        if (ratio := _over_record(row, base)) is not None
        for rows in (_flow(row, base),)
    ]
    if not ratios:
        return not_checkable("No pledge can be set against past exchange.", *_lacking(statement, base, found))
    words, basis = word(base, "beyond_means")
    largest, row, rows = max(ratios, key=lambda item: (item[0], item[1]["id"]))
    least = min(ratio for ratio, *_ in ratios)
    outcome = reaches(largest, largest, words, Outcome.CONTRADICTED)
    sentence = (
        f"Spread over the years to its horizon, the largest of {counted(len(ratios), 'pledge')} is {show(largest, 'ratio')} "
        f"what giver and receiver traded and invested in a year until now, the least {show(least, 'ratio')}. "
        f"{show(words[0], 'ratio')} to {show(words[2], 'ratio')} is taken for beyond measure."
    )
    return Finding(
        outcome, sentence, largest, least, largest, "ratio",
        (row["id"], *(id_ for r in rows for id_ in r.basis), *ids(r for _, r, _ in ratios), *basis),
        figures={"pledges": len(ratios), "word low": words[0], "word high": words[2]},
    )  # fmt: skip


def _lacking(statement: Row, base: FactBase, found: Sequence[Row]) -> list[str]:
    """What keeps the pledges from being set against past exchange."""
    if not found:
        return [f"amounts in {MONEY} of {_wanted(statement, base)}"]
    endless = ids(row for row in found if row["horizon_year"] is None)
    apart = dict.fromkeys(
        f"{names(base, row['givers'])} and {names(base, row['receivers'])}"
        for row in found
        if not _flow(row, base)
    )
    dated = [f"horizon_year of {listed(endless)}"] if endless else []
    return [*dated, *(f"trade or investment between {pair}, in ties" for pair in apart)]


def _over_record(row: Row, base: FactBase) -> float | None:
    """Yearly amount of a pledge over the yearly exchange of its parties."""
    years = (row["horizon_year"] or 0) - year(row)
    flow = sum(reading.value for reading in _flow(row, base))
    return row["amount"] / years / flow if years > 0 and flow > 0 else None


def _flow(row: Row, base: FactBase) -> list[Reading]:
    """Largest reading of the trade of giver and receiver, whoever reports, and their newest yearly investment each way."""
    found: list[Reading] = []
    for giver in row["givers"]:
        for receiver in row["receivers"]:
            ways = ((giver, receiver), (receiver, giver))
            trade = [reading for state, power in ways for reading in turnovers(base, power, state)]
            found += [max(trade, key=lambda reading: reading.value)] if trade else []
            found += [reading for state, power in ways for reading in _invested(base, power, state)]
    return found


def _invested(base: FactBase, power: str, state: str) -> list[Reading]:
    rows = [
        row
        for row in base.rows("ties", country=state, power=power, unit=MONEY)
        if row["measure"].startswith(FLOWS) and row["value"] is not None
    ]
    newest = max(rows, key=lambda row: (row["year"], row["id"]), default=None)
    return [] if newest is None else [Reading(newest["value"], (newest["id"],), None, state)]


def _wanted(statement: Row, base: FactBase) -> str:
    receivers = names(base, statement["objects"]) if statement["objects"] else "anyone"
    made = f"made in {year(statement) - 1} or by {statement['date']}"
    return f"pledges of {names(base, statement['subjects'])} to {receivers}, {made}"

# SPDX-License-Identifier: Apache-2.0
"""What a reader must know to use the answers: said by rules that look at the run, not typed per case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ytterby.study.context import Context
from ytterby.study.words import form_name, number, place_name, tonnes


@dataclass(frozen=True)
class Caveat:
    """One caveat and the rows that it is about."""

    text: str
    basis: tuple[str, ...]


def caveats(context: Context, left_out: Sequence[str] = ()) -> list[Caveat]:
    """The caveats of a run that matter most, in order."""
    reference = context.solved["reference"]
    gathered = reference.gathered
    importer = place_name(context.base, context.case.importer)
    found = [
        Caveat(
            f"Magnets that {importer} imports inside motors, vehicles and devices are not counted: no statistic shows them.",
            (),
        ),
        _elasticities(context),
        _worst_correction(context),
        _left_out(context),
        _unread(context),
        _unasked(context),
    ]
    found += [Caveat(note[0].upper() + note[1:] + ".", ()) for note in gathered.notes]
    if context.base.as_of:
        found.append(Caveat(f"All facts as known on {context.base.as_of}.", ()))
    if left_out:
        found.append(
            Caveat(f"Not known yet on that date, so left out of the scenarios: {'; '.join(left_out)}.", ())
        )
    return [caveat for caveat in found if caveat.text]


def _elasticities(context: Context) -> Caveat:
    """Whether the fact base has a number for the elasticity of the case's commodity."""
    known = [
        row["id"]
        for row in context.base.rows("elasticities")
        if context.case.commodity in (row["commodities"] or ()) and row["value"] is not None
    ]
    found = f"{len(known)} published estimates are known" if known else "No published estimate is known"
    return Caveat(
        f"{found} for the elasticities of {context.case.commodity.replace('_', ' ')}; they are parameters with wide ranges, "
        f"and the intervals move them.",
        (
            *known,
            *context.solved["reference"].gathered.evidence.parameters.basis(
                "elasticity.demand.short", "elasticity.mine.short", "elasticity.trade.short"
            ),
        ),
    )


def _unasked(context: Context) -> Caveat:
    """What the importer does not buy or use in the base year, so that there is nothing to ask about."""
    year, importer = context.case.base_year, place_name(context.base, context.case.importer)
    wants = (
        ("imports", "magnet", "import_share"),
        ("uses", "magnet", "touched_share"),
        ("imports", "oxides", "import_share"),
    )
    none = [
        f"{verb} no {form_name(form)}"
        for verb, form, measure in wants
        if not context.table.knows(measure, form, year, "reference")
    ]
    text = f"{importer} {', '.join(none)} in {year}; the questions about that are left out."
    return Caveat(text if none else "", ())


def _worst_correction(context: Context) -> Caveat:
    """The largest correction in standard errors among flows above a hundredth of the largest."""
    corrections = context.solved["reference"].base_year.corrections
    largest = max(abs(c.value) for c in corrections)
    heavy = [c for c in corrections if max(abs(c.prior), abs(c.value)) >= largest / 100 and c.basis]
    worst = max(heavy, key=lambda c: abs(c.in_errors))
    return Caveat(
        f"The statistics of {context.case.base_year} contradict each other. Balancing moved {worst.label} most against its "
        f"evidence: from {tonnes(worst.prior)} to {tonnes(worst.value)} ({number(worst.in_errors)} standard errors).",
        worst.basis,
    )


def _left_out(context: Context) -> Caveat:
    excluded = context.solved["reference"].gathered.evidence.excluded
    heavy = [row for row in excluded if row.quantity_t]
    if not excluded:
        return Caveat("", ())
    total = sum(row.quantity_t or 0.0 for row in heavy)
    worst = max(heavy, key=lambda row: row.quantity_t or 0.0, default=None)
    text = (
        f"{len(excluded)} trade rows are kept out ({len(excluded) - len(heavy)} of them without a quantity, "
        f"{tonnes(total)} in the rest)"
    )
    if worst is not None:
        names = (place_name(context.base, worst.exporter), place_name(context.base, worst.importer))
        text += f"; the largest is {tonnes(worst.quantity_t or 0.0)} from {names[0]} to {names[1]}: {worst.reason}"
    return Caveat(
        text + ".", tuple(row.row for row in sorted(heavy, key=lambda r: -(r.quantity_t or 0))[:20])
    )


def _unread(context: Context) -> Caveat:
    unread = context.solved["reference"].unread
    if not unread:
        return Caveat("", ())
    reasons = Counter(plant.reason for plant in unread)
    listed = "; ".join(f"{count} x {reason}" for reason, count in reasons.most_common())
    return Caveat(
        f"{len(unread)} plants and projects of the fact base are not counted: {listed}.",
        tuple(row.plant for row in unread),
    )

# SPDX-License-Identifier: Apache-2.0
"""The course of a route against the transport network: which states it crosses, and for how many kilometres."""

from __future__ import annotations

from collections.abc import Sequence

from ytterby.claims.evidence import confirmed, expanded, ids
from ytterby.claims.solved import SolvedCase
from ytterby.claims.verdict import Finding, Outcome, Row, not_checkable
from ytterby.claims.wording import names, show, upper
from ytterby.facts import FactBase

COMING = ("planned", "construction")


def route(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """A route from the subjects to the objects: through which states the links of the corridor run.

    The links that are planned or being built are the corridor where it has such links, else all that are open.
    """
    links = confirmed(
        row for row in base.rows("segments", corridor=statement["topic"]) if row["status"] != "closed"
    )
    coming = [row for row in links if row["status"] in COMING]
    links = coming or links
    if not statement["topic"] or not links:
        return not_checkable("The network holds no links of this corridor.", "topic, as in segments.corridor")
    through = _kilometres(base, links)
    ends = expanded(base, (*statement["subjects"], *(statement["objects"] or ())))
    kept_out = expanded(base, statement["between"])
    lacking = [code for code in ends if code not in through]
    if statement["objects"] and len(lacking) == len(ends):
        return not_checkable(
            f"The corridor touches none of {names(base, ends)}: no rule reads a way between them over it as its course.",
            "asserts way, with measure cost, days or km",
        )
    crossed = [code for code in kept_out if through.get(code, 0.0) > 0]
    total = sum(through.values())
    length = sum(through[code] for code in crossed)
    links_told = (
        f"the {show(total, 'km')} {'planned or being built' if coming else 'in use'} as {statement['topic']}"
    )
    if crossed:
        sentence = f"{show(length, 'km')} of {links_told} run through {names(base, crossed)}, not beside it."
    elif lacking:
        sentence = f"None of {links_told} touches {names(base, lacking)}."
    else:
        sentence = f"{upper(links_told)} run through {names(base, through)}."
    outcome = Outcome.CONTRADICTED if crossed or lacking else Outcome.SUPPORTED
    return Finding(outcome, sentence, length, length, length, "km", ids(links), figures={"total": total})


def _kilometres(base: FactBase, links: Sequence[Row]) -> dict[str, float]:
    """Kilometres by state: a link between two states lies where its end is no border point, else half in each."""
    found: dict[str, float] = {}
    for link in links:
        ends = [base.row(link[end]) for end in ("from", "to")]
        inside = [end for end in ends if end["kind"] != "border"] or ends
        for end in inside:
            found[end["country"]] = found.get(end["country"], 0.0) + link["distance_km"] / len(inside)
        for end in ends:
            found.setdefault(end["country"], 0.0)
    return found

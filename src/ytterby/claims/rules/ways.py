# SPDX-License-Identifier: Apache-2.0
"""The best way between states against the transport network: whether it leads over a corridor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from ytterby.claims.evidence import expanded, tolerance, year
from ytterby.claims.solved import SolvedCase
from ytterby.claims.verdict import Finding, Outcome, Row, not_checkable
from ytterby.claims.wording import counted, name, names, show
from ytterby.facts import FactBase

if TYPE_CHECKING:
    from ytterby.routes import Comparison, Route

THE_BEST = 1.0


@dataclass(frozen=True)
class Least:
    """What is least on a way: the word for such a way, its figure of a route, and the unit."""

    word: str
    figure: str
    unit: str

    def of(self, route: Route) -> float:
        """The figure of a route, the middle of its range."""
        return float(getattr(route, self.figure).mid)


MEASURES = {
    "cost": Least("cheapest", "usd_per_t", "USD_per_t"),
    "days": Least("quickest", "days", "d"),
    "km": Least("shortest", "km", "km"),
}


def way(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """The best way from the subjects to the objects: what the best over the corridor takes of the best of all."""
    least = MEASURES.get(statement["measure"])
    if least is None:
        return not_checkable("Ways are not compared by this measure.", f"measure {', '.join(MEASURES)}")
    if not base.rows("segments", corridor=statement["topic"]):
        return not_checkable("The network holds no links of this corridor.", "topic, as in segments.corridor")
    when = statement["horizon_year"] or year(statement)
    found = [one for one in _compared(statement, base, when) if one.with_it is not None]
    if not found:
        return not_checkable(
            f"The network has no way between these states in {when}.",
            f"nodes of {names(base, expanded(base, (*statement['subjects'], *statement['objects'])))}",
        )
    return _judged(statement, base, least, found, when)


def _compared(statement: Row, base: FactBase, when: int) -> list[Comparison]:
    """The best ways of all pairs of states that have main nodes, by land and sea."""
    from ytterby.routes import SURFACE, Place, Query, compare, network

    net = network(base)
    main: dict[str, tuple[str, ...]] = {}
    for node in net.nodes.values():
        if node.main:
            main[node.country] = (*main.get(node.country, ()), node.id)
    starts, ends = (
        [Place(code, "country", main[code]) for code in expanded(base, statement[side]) if code in main]
        for side in ("subjects", "objects")
    )
    asked = Query(when, by=statement["measure"], modes=SURFACE)
    return [
        one
        for start in starts
        for one in compare(net, [start], [e for e in ends if e != start], asked, statement["topic"], [when])
    ]


def _judged(statement: Row, base: FactBase, least: Least, found: Sequence[Comparison], when: int) -> Finding:
    """Borne where the best way of every pair leads over the corridor, contradicted where none comes near it."""
    close, basis = tolerance(base)
    over = [(_ratio(one.through, one.with_it, least), one) for one in found if one.through and one.with_it]
    none, topic = len(found) - len(over), statement["topic"]
    rows = [row for one in found for route in (one.through, one.with_it) if route for row in route.basis]
    figures: dict[str, float] = {"pairs": len(found), "none": none}
    if not over:
        sentence = (
            f"In {when} no way by land and sea leads over {topic}, for {counted(none, 'pair')} of states."
        )
        return Finding(Outcome.CONTRADICTED, sentence, basis=(*rows, *basis), figures=figures)
    low, (high, worst) = min(ratio for ratio, _ in over), max(over, key=lambda item: item[0])
    ends = [least.of(route) for route in (worst.through, worst.with_it) if route]
    reach = show(high, "ratio") if low == high else f"{show(low, 'ratio')} to {show(high, 'ratio')}"
    sentence = (
        f"In {when}, by land and sea, the best way over {topic} takes {reach} what the {least.word} of all takes, for "
        f"{counted(len(over), 'pair')} of states; from {name(base, worst.origin)} to {name(base, worst.destination)} "
        f"{show(ends[0], least.unit)} against {show(ends[1], least.unit)}"
    )
    sentence += f"; for {none} more none leads over it" if none else ""
    ratios = [*(ratio for ratio, _ in over), *([inf] * none)]
    return Finding(
        _outcome(ratios, close), f"{sentence}.", high, low, high, "ratio", (*rows, *basis),
        figures={**figures, "over": len(over), "over it": ends[0], "of all": ends[1]},
    )  # fmt: skip


def _ratio(through: Route, best: Route, least: Least) -> float:
    """What the best way over the corridor takes of the best of all; 1 where that is the same."""
    return 1.0 if through.segments == best.segments else least.of(through) / least.of(best)


def _outcome(ratios: Sequence[float], close: float) -> Outcome:
    """What the ratios of all pairs say; a way that takes a little more than the best, or of some pairs, is contested."""
    if all(ratio <= THE_BEST for ratio in ratios):
        return Outcome.SUPPORTED
    return Outcome.CONTRADICTED if all(ratio > THE_BEST + close for ratio in ratios) else Outcome.CONTESTED

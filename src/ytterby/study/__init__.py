# SPDX-License-Identifier: Apache-2.0
"""One run of a case: base year, scenarios, variants, answers. The rooms above print and draw what stands here.

`answer` is the main job; `solve` gives one scenario. Both are functions of a case and a fact base: the same inputs give
the same result.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace

from ytterby.claims import Verdict
from ytterby.errors import ScenarioError, allowed_names, quoted
from ytterby.facts import FactBase
from ytterby.scenario import Case, as_known, case_names, check_case, load_case
from ytterby.study.answers import answers
from ytterby.study.caveats import Caveat, caveats
from ytterby.study.context import Answer, Context, Table
from ytterby.study.hazards import with_draws
from ytterby.study.ledger import verdicts
from ytterby.study.measures import Measure, against, measure
from ytterby.study.run import (
    CENTRAL,
    VARIANTS,
    Prepared,
    Solved,
    Variant,
    prepare,
    shared_key,
    solve_scenario,
)
from ytterby.study.shocks import shock_measures
from ytterby.study.ways import WayMap, way_map

__all__ = [
    "Answer", "AnswerSet", "Case", "Caveat", "Measure", "Solved", "Verdict", "answer", "case_names", "load_case", "solve",
]  # fmt: skip

Progress = Callable[[str], None]
CHAIN = "rare_earths"


@dataclass(frozen=True)
class AnswerSet:
    """What a case yields: answers, caveats, measures of every variant, scenarios of the middle run, verdicts on statements."""

    case: Case
    base: FactBase = field(repr=False)
    answers: tuple[Answer, ...]
    caveats: tuple[Caveat, ...]
    measures: tuple[tuple[str, Measure], ...] = field(repr=False)
    solved: Mapping[str, Solved] = field(repr=False)
    table: Table = field(repr=False)
    verdicts: tuple[Verdict, ...] = field(default=(), repr=False)
    ways: WayMap | None = field(default=None, repr=False)

    @property
    def bottleneck(self) -> Answer | None:
        """The answer about the bottleneck, where there is one."""
        return next((answer for answer in self.answers if answer.id == "bottleneck"), None)


def answer(
    case: Case, base: FactBase, *, progress: Progress | None = None, variants: Sequence[Variant] = VARIANTS
) -> AnswerSet:
    """Run a case: every scenario at the middle, and once per variant.

    Parameters
    ----------
    case, base : the question and the facts
    progress : called with a line of text per step
    variants : what moves the intervals

    Raises
    ------
    ScenarioError : the case does not fit the facts, or a change hits nothing
    FactError : the exporter of a [[hazard]] does not supply the case's commodity
    ModelError, SolverError : the evidence can't be balanced, or a year can't be solved
    """
    _check(case, base)
    case, left_out = as_known(case.with_actors(), base)
    case = with_draws(case, base)
    say = progress or (lambda _: None)
    say("base year: gathering and reconciling")
    prepared = prepare(case, base)
    _check_forms(case, prepared)
    shares = _dealt(variants, min(os.cpu_count() or 1, len(variants)))
    with ProcessPoolExecutor(max_workers=max(len(shares) - 1, 1)) as pool:
        say(f"{len(variants)} variants on {len(shares)} cores")
        # Packed here and now: the pool would pack them in a thread of its own while this one goes on working with them.
        packed = pickle.dumps((case, base, prepared)) if len(shares) > 1 else b""
        elsewhere = [pool.submit(_unpacked_variants, packed, share) for share in shares[1:]]
        solved = {s.name: solve_scenario(case, base, s, prepared, progress=say) for s in case.scenarios}
        central = _measured(case, list(solved.values()), [case.base_year, *case.years])
        moved = [pair for share in shares[:1] for pair in _some_variants(case, base, prepared, share)]
        moved += [pair for future in elsewhere for pair in future.result()]
    order = {variant.name: number for number, variant in enumerate(variants)}
    moved.sort(key=lambda pair: order[pair[0]])
    table = Table.of(central, (m for _, m in moved))
    context = Context(case, base, table, solved, routes=prepared.atlas.network)
    context = replace(context, verdicts=verdicts(context))
    rows = (*(("central", m) for m in central), *moved)
    return AnswerSet(
        case, base, tuple(answers(context)), tuple(caveats(context, left_out)), rows, solved, table, context.verdicts,
        way_map(context.ways),
    )  # fmt: skip


def solve(case: Case, base: FactBase, scenario: str, *, progress: Progress | None = None) -> Solved:
    """Solve one scenario of a case at the middle of all ranges.

    Raises
    ------
    ScenarioError : no such scenario, or a change that hits nothing
    """
    _check(case, base)
    case, _ = as_known(case.with_actors(), base)
    case = with_draws(case, base)
    return solve_scenario(case, base, case.scenario(scenario), prepare(case, base), progress=progress)


def _check(case: Case, base: FactBase) -> None:
    check_case(case, base)
    if case.commodity != CHAIN:
        raise ScenarioError(
            f"case {case.name} commodity",
            quoted(case.commodity),
            CHAIN,
            "use ytterby minerals for one-stage chains",
        )


def _check_forms(case: Case, prepared: Prepared) -> None:
    known = [*prepared.gathered.prices]
    for form in case.forms:
        if form not in known:
            raise ScenarioError(
                f"case {case.name} forms", quoted(form), allowed_names(form, known), "use a form of the chain"
            )


def _measured(case: Case, solved: Collection[Solved], years: Sequence[int]) -> list[Measure]:
    """Measures of all scenarios of one variant, with those against the reference."""
    per_scenario = {one.scenario.name: measure(case, one, years) for one in solved}
    reference = per_scenario["reference"]
    found = [m for rows in per_scenario.values() for m in rows]
    for name, rows in per_scenario.items():
        found += against(reference, rows) if name != "reference" else []
    by_name = {one.scenario.name: one for one in solved}
    for one in by_name.values():
        found += shock_measures(case, by_name["reference"], one)
    return found


def _dealt(variants: Sequence[Variant], cores: int) -> list[tuple[Variant, ...]]:
    """A share of the variants for each core, the first for this one, which has the middle run to do as well.

    Variants that share a base year come in turn, so that no core has to prepare all of them.
    """
    dealt = sorted(variants, key=lambda variant: str(shared_key(variant)))
    return [tuple(dealt[core::cores]) for core in reversed(range(cores))]


def _unpacked_variants(packed: bytes, variants: Sequence[Variant]) -> list[tuple[str, Measure]]:
    case, base, prepared = pickle.loads(packed)  # noqa: S301 - packed by this run
    return _some_variants(case, base, prepared, variants)


def _some_variants(
    case: Case, base: FactBase, prepared: Prepared, variants: Sequence[Variant]
) -> list[tuple[str, Measure]]:
    """Run some variants, the scenarios of each against its own reference."""
    first = {ban.first for s in case.scenarios for ban in s.bans}
    first |= {closure.first for s in case.scenarios for closure in s.closures}
    years = tuple(sorted({*case.report_years, *first}))
    ready = {shared_key(CENTRAL): prepared}
    found: list[tuple[str, Measure]] = []
    for variant in variants:
        key = shared_key(variant)
        if key not in ready:
            ready[key] = prepare(case, base, variant, prepared.atlas)
        solved = [solve_scenario(case, base, scenario, ready[key], variant) for scenario in case.scenarios]
        found += [(variant.name, m) for m in _measured(case, solved, years)]
    return found

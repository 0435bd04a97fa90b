# SPDX-License-Identifier: Apache-2.0
"""The ledger of a case: its statements checked against the facts and the solved scenarios, and what comes of them.

The rules live in `ytterby.claims`; here a run becomes the plain figures that they read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from ytterby.claims import MEASURES, Figure, Outcome, SolvedCase, Verdict, Weight, check_all
from ytterby.facts import FactBase
from ytterby.facts.rows import Row
from ytterby.influence import READINGS, own_capacity, ties_of, version, weight
from ytterby.scenario import Case, as_known
from ytterby.study.context import Answer, Context, Table
from ytterby.study.measures import against, measure
from ytterby.study.run import prepare, solve_scenario

REFERENCE = "reference"
FEW = 2
TOLD = (Outcome.CONTRADICTED, Outcome.OVERSTATED, Outcome.UNDERSTATED)
METHOD = "named rules on the statements' fields, the facts and the solved scenarios"


def statements_of(case: Case, base: FactBase) -> list[Row]:
    """The statements that a case is about, as far as they are known."""
    return [row for row in base.rows("statements") if row["id"] in case.statements]


def solved_case(context: Context) -> SolvedCase:
    """A run as the rules see it: the measures that they read, in the scenarios that play a role."""
    case, table = context.case, context.table
    scenarios = {REFERENCE, *case.roles.values()} & set(context.solved)
    roles = {role: name for role, name in case.roles.items() if name in context.solved}
    since = first_stops(case, roles)
    years = {*case.report_years, *since.values()}
    figures = {
        key: Figure(m.value, table.low[key], table.high[key], m.unit)
        for key, m in table.middle.items()
        if key[0] in MEASURES and key[2] in years and key[3] in scenarios
    }
    return SolvedCase(
        case.commodity, case.importer, case.supplier, case.region, case.base_year, roles, figures, since,
        lambda key: context.basis(key[3], key[2], key[1]), weights(context.base),
    )  # fmt: skip


def weights(base: FactBase) -> Callable[[str, str], tuple[Weight, ...]]:
    """What a power weighs in a state, by year and reading, from the ties; nothing where no tie names them."""
    ties, of = ties_of(base), version(base)

    @cache
    def weigh(state: str, power: str) -> tuple[Weight, ...]:
        if state not in ties.countries or power not in ties.powers:
            return ()
        found = []
        for year in ties.years([state]):
            own = own_capacity(ties, of, state, power, year)
            ends = [(reading, weight(reading, own)) for reading in READINGS]
            found += [Weight(reading, year, w.low, w.high, own.basis) for reading, w in ends if w is not None]
        return tuple(found)

    return weigh


def first_stops(case: Case, roles: Mapping[str, str]) -> dict[str, int]:
    """First year in which the supplier sells less by a ban, of each role whose scenario has one."""
    bans = {
        role: [b.first for b in case.scenario(name).bans if b.exporter == case.supplier]
        for role, name in roles.items()
    }
    return {role: min(years) for role, years in bans.items() if years}


def verdicts(context: Context) -> tuple[Verdict, ...]:
    """The verdicts on the statements of a case."""
    found = statements_of(context.case, context.base)
    return tuple(check_all(found, context.base, solved_case(context))) if found else ()


def ledger(context: Context) -> list[Answer]:
    """The verdicts on the case's statements, counted; those that the facts do not bear, with their sentence."""
    found = context.verdicts
    if not found:
        return []
    count = Counter(verdict.verdict for verdict in found)
    counts = ", ".join(
        f"{count[outcome]} {outcome.replace('_', ' ')}" for outcome in Outcome if count[outcome]
    )
    told = [text for outcome in TOLD for text in _told(outcome, found)]
    borne = float(count[Outcome.SUPPORTED])
    sentence = " ".join([f"Of {len(found)}: {counts}.", *told])
    basis = [id_ for verdict in found for id_ in verdict.basis]
    return [
        context.answer(
            "claims", "What becomes of the statements?", "statements_supported", (borne, borne, borne), "number", sentence,
            METHOD, basis,
        )
    ]  # fmt: skip


def _told(outcome: Outcome, found: Sequence[Verdict]) -> list[str]:
    """The statements of one outcome: a few each with the first part of its sentence, more by their ids."""
    some = [verdict for verdict in found if verdict.verdict is outcome]
    name = outcome.capitalize()
    if len(some) > FEW:
        return [f"{name}: {', '.join(verdict.id for verdict in some)}."]
    return [f"{name} {v.id}: {v.sentence.partition(';')[0].rstrip('.')}." for v in some]


def central_case(case: Case, base: FactBase, progress: Callable[[str], None] | None = None) -> SolvedCase:
    """A case solved at the middle of all ranges, the scenarios with a role only: enough for the rules, without intervals.

    Raises
    ------
    ScenarioError, ModelError, SolverError : as for `answer`
    """
    case, _ = as_known(case.with_actors(), base)
    say = progress or (lambda _: None)
    say("base year: gathering and reconciling")
    prepared = prepare(case, base)
    wanted = [s for s in case.scenarios if s.name == REFERENCE or s.name in case.roles.values()]
    solved = {s.name: solve_scenario(case, base, s, prepared, progress=progress) for s in wanted}
    years: Sequence[int] = [case.base_year, *case.years]
    measured = {name: measure(case, one, years) for name, one in solved.items()}
    found = [m for rows in measured.values() for m in rows]
    found += [m for rows in measured.values() for m in against(measured[REFERENCE], rows)]
    return solved_case(Context(case, base, Table.of(found, ()), solved))

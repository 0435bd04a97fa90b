# SPDX-License-Identifier: Apache-2.0
"""The rules by name, how a statement's fields choose one, and the check itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ytterby.claims.evidence import ids, linked
from ytterby.claims.rules import acts, chain, happenings, network, pledged, powers, quantities, ranks, ways
from ytterby.claims.solved import SolvedCase
from ytterby.claims.verdict import Finding, Row, Verdict, not_checkable
from ytterby.facts import FactBase

Check = Callable[[Row, FactBase, SolvedCase | None], Finding]
NO_RULE = "none"


@dataclass(frozen=True)
class Rule:
    """A named rule.

    Parameters
    ----------
    name : of the rule
    asserts : what statements assert that it checks (statements.asserts)
    question : what it asks, for people
    needs : columns of a statement that must be filled
    takes : further columns that it reads where they are filled
    reads : relations that it looks at
    check : the rule itself
    first : only statements that claim to be first (True) or not (False)
    solved : whether it needs a solved case
    """

    name: str
    asserts: str
    question: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    reads: tuple[str, ...]
    check: Check
    first: bool = False
    solved: bool = False


STATES = ("subjects", "objects")
CLAIMED = ("comparator", "value", "unit")
TONNAGE = ("resource_class", "content", "place", "part", "stage")
HAPPENING = ("objects", "every", "effect", "level", "topic", "timing", "horizon_year")
RULES: tuple[Rule, ...] = (
    Rule("quantity-against-facts", "quantity", "Do all readings bear the figure, and are they of the class claimed?",
         ("measure", "subjects"), (*CLAIMED, "commodities", *TONNAGE, "objects", "partners", "horizon_year"),
         ("deposits", "reserves", "production", "stage_shares", "minerals", "ties", "country_profile"), quantities.quantity),
    Rule("comparison-of-quantities", "comparison", "Does the ratio bear the claim, and are the two of one class?",
         ("measure", *STATES),
         (*CLAIMED, "object_measure", "object_class", "commodities", *TONNAGE, "partners", "horizon_year"),
         ("deposits", "reserves", "production", "stage_shares", "ties", "country_profile"), quantities.comparison),
    Rule("large-occurrence", "occurrence", "Are reserves, else the largest deposit, large beside the reserves of the world?",
         ("subjects", "commodities"), (), ("deposits", "reserves"), quantities.occurrence),
    Rule("rank-among-countries", "rank", "Do the subjects take the place claimed?", ("measure", "subjects", "among"),
         ("value", "unit", "object_measure", "object_class", "commodities", *TONNAGE, "objects", "partners", "horizon_year"),
         ("country_profile", "production", "reserves", "deposits", "pledges"), ranks.rank),
    Rule("irreplaceable-in-the-chain", "irreplaceable", "What goes unserved when the supplier stops?",
         (*STATES, "commodities"), (), ("parameters",), chain.irreplaceable, solved=True),
    Rule("imports-against-delivery", "imports", "What of the importer's need can the region deliver, by year?",
         (*STATES, "commodities"), (), ("parameters",), chain.imports, solved=True),
    Rule("route-against-network", "route", "Through which states do the links of the corridor run?",
         ("topic", "subjects"), ("objects", "between"), ("segments", "nodes"), network.route),
    Rule("best-way-over-a-corridor", "way", "Does the cheapest, quickest or shortest way lead over the corridor?",
         ("topic", *STATES, "measure"), ("horizon_year",),
         ("segments", "nodes", "corridor_policies", "unit_costs", "parameters"), ways.way),
    Rule("dated-event", "event", "Did it take place, when and at which level?",
         ("kinds", "subjects"), HAPPENING, ("events",), happenings.event),
    Rule("first-of-its-kind", "event", "Was none of the same kind and level earlier?",
         ("kinds", "subjects"), HAPPENING, ("events",), happenings.first, first=True),
    Rule("state-of-relations", "relation", "What opened the relation, and was it ended since?",
         ("topic", *STATES), ("kinds", "every"), ("events",), happenings.relation),
    Rule("pledge-against-record", "pledge", "Does the record have the pledge, of which amount and kinds, and what came of it?",
         ("subjects",), (*CLAIMED, "objects", "kinds", "sectors", "horizon_year", "variant_of"),
         ("pledges", "statements", "country_profile"), pledged.pledge),
    Rule("pledge-beyond-means", "means", "How large is the yearly amount beside what giver and receiver exchange in a year?",
         STATES, ("kinds", "sectors", "variant_of"), ("pledges", "ties", "parameters"), pledged.means),
    Rule("trend-of-shares", "trend", "Did the power's shares move as claimed?",
         (*STATES, "comparator"), ("measure",), ("ties",), powers.trend),
    Rule("standing-of-a-power", "standing", "Does the power stand behind the others, today and before?",
         (*STATES, "than"), ("question",), ("ties", "judgements"), powers.standing, solved=True),
    Rule("nearness-of-powers", "nearness", "Are the powers near on the map and in trade?",
         STATES, ("than",), ("country_profile", "ties"), powers.nearness),
    Rule("acts-that-follow", "act", "Do acts follow the plan or wish?", ("subjects",),
         ("objects", "partners", "than", "kinds", "sectors", "topic", "effect", "commodities", "comparator", "timing",
          "horizon_year"), ("events", "pledges", "policies"), acts.act),
    Rule("aim-in-own-words", "aim", "Do those whose aim it is said to be name it themselves?",
         STATES, ("speaker_country", "variant_of"), ("statements",), acts.aim),
    Rule("outcome-of-a-question", "question", "How did the stored question come out?",
         ("question",), (), ("judgements",), acts.question),
)  # fmt: skip


DIRECTIONS = ("rises", "falls")
ASSERTS_NOTHING = (
    "The statement asserts nothing that a rule checks: asserts would have to be one of "
    f"{', '.join(dict.fromkeys(rule.asserts for rule in RULES))}, with the fields that its rule needs."
)


def rule_of(statement: Row) -> Rule | None:
    """The rule that a statement's fields choose, or None."""
    claims_first = bool(statement["first"])
    fitting = [rule for rule in RULES if rule.asserts == statement["asserts"]]
    return next((rule for rule in fitting if rule.first is claims_first), next(iter(fitting), None))


def check(statement: Row, base: FactBase, run: SolvedCase | None = None) -> Verdict:
    """Check one statement.

    Parameters
    ----------
    statement : a row of relation statements
    base : the facts to check it against
    run : a solved case for the rules that need one; without it they say that it is missing

    Raises
    ------
    ModelError : a parameter of the rules is not in the fact base
    """
    rule, variants = rule_of(statement), ids(linked(base, statement))
    if rule is None:
        found = not_checkable(ASSERTS_NOTHING, "asserts")
        return Verdict.of(statement, NO_RULE, found, variants)
    if statement["comparator"] in DIRECTIONS and "comparator" in rule.takes:
        sentence = f"That something rises or falls is a trend, which rule {rule.name} does not check."
        return Verdict.of(statement, rule.name, not_checkable(sentence, "asserts trend"), variants)
    lacking = [name for name in rule.needs if not statement[name]]
    if lacking:
        sentence = f"The statement lacks what rule {rule.name} needs."
        return Verdict.of(statement, rule.name, not_checkable(sentence, *lacking), variants)
    return Verdict.of(statement, rule.name, rule.check(statement, base, run), variants)


def check_all(statements: Iterable[Row], base: FactBase, run: SolvedCase | None = None) -> list[Verdict]:
    """Check statements, in their order."""
    return [check(statement, base, run) for statement in statements]


def needs_case(statements: Iterable[Row]) -> bool:
    """Whether any of the statements is checked against a solved case."""
    return any(rule is not None and rule.solved for rule in map(rule_of, statements))

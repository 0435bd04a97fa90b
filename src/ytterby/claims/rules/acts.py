# SPDX-License-Identifier: Apache-2.0
"""Plans, wishes and aims: whether acts follow them, who names the aim, how a stored question came out.

An act is an event that is more than words, a pledge that is at least signed, or a measure of a state.
"""

from __future__ import annotations

from collections.abc import Sequence

from ytterby.claims.evidence import (
    WORLD,
    confirmed,
    day,
    due,
    expanded,
    ids,
    involves,
    known_until,
    linked,
    year,
)
from ytterby.claims.judgements import OUTCOMES, outcome_of
from ytterby.claims.rules.happenings import CLOSES, WORDS_ONLY
from ytterby.claims.solved import SolvedCase
from ytterby.claims.verdict import Finding, Outcome, Row, not_checkable
from ytterby.claims.wording import counted, listed, names, upper
from ytterby.facts import FactBase
from ytterby.facts.dates import first_day, last_day

MEASURES = ("agreement", "state_support", "price_floor")
OPEN = ("open", "due", "not_found")


def act(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """A plan or wish: the acts that follow it (or came before it, where it speaks of the past)."""
    if not _covered(statement, base):
        asked = f"events or pledges {_parties(statement, base)}"
        return not_checkable(f"The facts hold no {asked}, of any kind.", asked)
    strange = _strange(statement, base)
    if strange:
        return not_checkable(f"The facts know nothing of {listed(strange.values())}.", *strange)
    acts, words = _acts(statement, base)
    before = statement["timing"] == "before"
    span = (
        f"before {statement['date']}" if before else f"from {statement['date']} to {_until(statement, base)}"
    )
    number = counted(len(acts), "act") if acts else "no act"
    told = f"{number} {_parties(statement, base)}{_kinds(statement)} {'is' if len(acts) <= 1 else 'are'} known {span}"
    if acts:
        told += f", the {'last' if before else 'first'} on {(acts[-1] if before else acts[0])['date']}"
    if words:
        more = f"{len(words)} more" if acts else str(len(words))
        told += (
            f"; {more} {'was' if len(words) == 1 else 'were'} only announced, demanded, decided or planned"
        )
    outcome = _outcome(statement, base, bool(acts), before=before)
    return Finding(
        outcome, f"{upper(told)}.", float(len(acts)), float(len(acts)), float(len(acts) + len(words)), "number",
        ids([*acts, *words]), figures={"words": len(words)},
    )  # fmt: skip


def _strange(statement: Row, base: FactBase) -> dict[str, str]:
    """What the facts know nothing of, by what has to be named otherwise: that no act is known then means nothing."""
    topics = {row["topic"] for row in base.rows("events")}
    kinds = {*base.schema.relation("events").columns["kind"].allowed, *topics}
    known = kinds | {row["sector"] for row in base.rows("pledges")}
    topic, sectors = statement["topic"], statement["sectors"] or ()
    found = {"topic, as in events.topic": topic} if topic and topic not in topics else {}
    lacking = [sector for sector in sectors if sector not in known]
    return found | ({"sectors, as in pledges.sector": listed(lacking)} if lacking else {})


def _parties(statement: Row, base: FactBase) -> str:
    """Of whom acts are looked for, and with whom."""
    of, partners = f"of {names(base, statement['subjects'])}", statement["partners"] or statement["objects"]
    if not partners:
        return of
    if WORLD not in partners:
        return f"{of} with {names(base, partners)}"
    return (
        f"{of} with states other than {names(base, statement['than'])}"
        if statement["than"]
        else f"{of} with anyone"
    )


def _kinds(statement: Row) -> str:
    """What acts are looked for: kinds, sectors, topic and effect."""
    words = [word for name in ("kinds", "sectors") for word in statement[name] or ()]
    words += [statement[name] for name in ("topic", "effect") if statement[name]]
    return f" ({', '.join(word.replace('_', ' ') for word in words)})" if words else ""


def _outcome(statement: Row, base: FactBase, found: bool, *, before: bool) -> Outcome:
    if statement["comparator"] == "none":
        return Outcome.CONTRADICTED if found else Outcome.SUPPORTED
    if found:
        return Outcome.SUPPORTED
    return Outcome.CONTRADICTED if before or due(base, statement["horizon_year"]) else Outcome.NOT_YET_DUE


def _acts(statement: Row, base: FactBase) -> tuple[list[Row], list[Row]]:
    """Acts and mere words on the statement's side of its date, by date."""
    events = [row for row in base.rows("events") if _event_fits(row, statement, base)]
    pledges = [row for row in base.rows("pledges") if _pledge_fits(row, statement, base)]
    policies = [row for row in base.rows("policies") if _policy_fits(row, statement, base)]
    in_time = [row for row in confirmed((*events, *pledges, *policies)) if _in_time(row, statement, base)]
    words = [row for row in in_time if row.get("effect") in WORDS_ONLY or row.get("status") == "announced"]
    acts = [row for row in in_time if row not in words and row.get("status") != "lapsed"]
    return sorted(acts, key=day), sorted(words, key=day)


def _in_time(row: Row, statement: Row, base: FactBase) -> bool:
    if statement["timing"] == "before":
        return last_day(row["date"]) < first_day(statement["date"])
    return first_day(statement["date"]) <= day(row) <= _until(statement, base)


def _until(statement: Row, base: FactBase) -> str:
    """Last day on which an act follows: that of the facts, or of the statement's horizon before it."""
    horizon = statement["horizon_year"]
    return min(known_until(base), f"{horizon}-12-31") if horizon else known_until(base)


def _covered(statement: Row, base: FactBase) -> bool:
    """Whether the facts tell of anything between these parties: where they tell of nothing, that no act is known means little."""
    events = any(_parties_fit(row["actors"], row["targets"], statement, base) for row in base.rows("events"))
    return events or any(
        _parties_fit(row["givers"], row["receivers"], statement, base) for row in base.rows("pledges")
    )


def _sides(here: Sequence[str], there: Sequence[str] | None, base: FactBase) -> tuple[set[str], set[str]]:
    return set(expanded(base, here)), set(expanded(base, there))


def _parties_fit(here: Sequence[str], there: Sequence[str] | None, statement: Row, base: FactBase) -> bool:
    """Subjects act with partners (else objects); those set apart by `than` are no partners.

    The partners of a subject are the other side; where it stands alone or on both, all others.
    """
    sides = _sides(here, there, base)
    subjects = set(expanded(base, statement["subjects"]))
    with_subject = [side for side in sides if side & subjects]
    if not with_subject:
        return False
    across = [side for side in sides if side and not side & subjects]
    others = set().union(*(across or sides)) - subjects - set(expanded(base, statement["than"]))
    wanted = expanded(base, statement["partners"] or statement["objects"])
    return bool(others) if WORLD in wanted else involves(others, wanted)


def _event_fits(row: Row, statement: Row, base: FactBase) -> bool:
    if statement["sectors"] and not set(statement["sectors"]) & {row["kind"], row["topic"]}:
        return False
    if statement["kinds"] and row["kind"] not in statement["kinds"]:
        return False
    if statement["topic"] not in {None, row["topic"]}:
        return False
    return _effect_fits(row, statement) and _parties_fit(row["actors"], row["targets"], statement, base)


def _effect_fits(row: Row, statement: Row) -> bool:
    """The effect that the statement names, or else any but an end; words are kept apart later."""
    wanted = statement["effect"]
    return row["effect"] in {wanted, *WORDS_ONLY} if wanted else row["effect"] not in CLOSES


def _pledge_fits(row: Row, statement: Row, base: FactBase) -> bool:
    if not statement["sectors"] or row["sector"] not in statement["sectors"]:
        return False
    if statement["kinds"] and row["kind"] not in statement["kinds"]:
        return False
    return _parties_fit(row["givers"], row["receivers"], statement, base)


def _policy_fits(row: Row, statement: Row, base: FactBase) -> bool:
    """Measures of the subjects themselves on the commodities of the statement, where it names sectors and anyone as partner."""
    open_to_all = statement["sectors"] and WORLD in (statement["partners"] or ())
    if (
        not open_to_all
        or row["country"] not in expanded(base, statement["subjects"])
        or row["kind"] not in MEASURES
    ):
        return False
    return bool(set(row["commodities"]) & set(statement["commodities"] or ()))


def aim(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """An aim: whether those whose aim it is said to be name it themselves, in a linked statement about the same objects."""
    subjects, objects = (expanded(base, statement[name]) for name in ("subjects", "objects"))
    own = [
        row
        for row in linked(base, statement)
        if row["speaker_country"] in subjects and involves(expanded(base, row["objects"]), objects)
    ]
    if not own:
        themselves = statement["speaker_country"] in subjects
        what = f"statement in the name of {names(base, subjects)}"
        return not_checkable(
            f"No {'other ' if themselves else ''}{what} that names this aim is known.",
            f"a{'nother' if themselves else ''} {what} on {names(base, objects)}, linked by variant_of",
        )
    said = listed(f"{row['speaker']} on {row['date']}" for row in own)
    years = [float(year(row)) for row in own]
    return Finding(
        Outcome.SUPPORTED,
        f"It is named in the name of {names(base, subjects)} by {said}.",
        years[0],
        min(years),
        max(years),
        "calendar_year",
        ids(own),
    )


def question(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """A forecast that answers a stored question: open until it resolves, then borne or contradicted by the outcome."""
    if not statement["question"] or not base.rows("judgements", id=statement["question"]):
        return not_checkable("No stored question belongs to this forecast.", "question")
    row = base.row(statement["question"])
    came = outcome_of(base, row)
    resolves = float(str(row["resolves_by"])[:4])
    figures = (resolves, resolves, resolves, "calendar_year", (row["id"],))
    if came in OPEN and last_day(row["resolves_by"]) >= known_until(base):
        sentence = f"The question resolves by {row['resolves_by']} and is open."
        return Finding(Outcome.NOT_YET_DUE, sentence, *figures)
    if came in OPEN:
        sentence = f"The question was to resolve by {row['resolves_by']}; its outcome is not known."
        return Finding(Outcome.NOT_CHECKABLE, sentence, *figures, ("outcome",))
    sentence = f"The question came out as {came}; the forecast was {row['prediction']}."
    if came == "partly":
        return Finding(Outcome.CONTESTED, sentence, *figures)
    if came not in OUTCOMES or row["expects"] is None:
        return Finding(Outcome.NOT_CHECKABLE, sentence, *figures, ("a forecast and an outcome of yes or no",))
    return Finding(Outcome.SUPPORTED if row["expects"] == came else Outcome.CONTRADICTED, sentence, *figures)

# SPDX-License-Identifier: Apache-2.0
"""Judgements as questions: what is open, due and resolved, and the scores of those with a probability.

Nothing is scored before it is due, not even what is known early: a yes can come early, a no only at the end.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ytterby.claims.evidence import known_until
from ytterby.errors import FactError, Problem
from ytterby.facts import FactBase
from ytterby.facts.dates import first_day, last_day

Row = Mapping[str, Any]
OUTCOMES = {"yes": True, "no": False}
SCORED, NOT_DUE, NO_PROBABILITY, NO_OUTCOME = "scored", "not due", "no probability", "no yes or no"


@dataclass(frozen=True)
class Judgement:
    """One question on the date of the facts; scores are None where `missing` says what for.

    `why` is one of scored, not due, no probability, no yes or no: the first of these that holds for it. An open question
    without a probability is not due, and `missing` says that it can't be scored then either.
    """

    id: str
    person: str
    institution: str
    question: str
    prediction: str
    resolves_by: str
    state: str
    outcome: str
    probability: float | None
    low: float | None
    high: float | None
    scale: str
    right: bool | None
    brier: float | None
    log_score: float | None
    why: str
    missing: str
    basis: tuple[str, ...]


@dataclass(frozen=True)
class Record:
    """What one person or institution said: counts, and mean scores over what is scored."""

    who: str
    judgements: int
    due: int
    right: int
    wrong: int
    scored: int
    brier: float | None
    log_score: float | None


def brier_score(probabilities: Sequence[float], outcomes: Sequence[bool]) -> float:
    """Mean squared difference between the probability of a yes and the outcome.

    References
    ----------
    G. W. Brier, Monthly Weather Review 78, 1950.
    """
    pairs = zip(probabilities, outcomes, strict=True)
    return sum((p - outcome) ** 2 for p, outcome in pairs) / len(probabilities)


def baseline_score(probability: float, *, options: int = 2, coverage: float = 1.0) -> float:
    """Log score of the option that came true against a uniform guess: 100 for certainty, 0 for the guess.

    Parameters
    ----------
    probability : given to what came true; 0 scores minus infinity
    options : number of options
    coverage : share of the question's time for which the forecast stood
    """
    if probability == 0:
        return -math.inf
    return coverage * 100 * math.log(probability * options) / math.log(options)


def geometric_mean(probabilities: Sequence[float]) -> float:
    """Geometric mean of several probabilities of one event, not renormalised."""
    return math.prod(probabilities) ** (1 / len(probabilities))


def judgements(base: FactBase, own: Sequence[Row] | None = None) -> tuple[Judgement, ...]:
    """All judgements on the date of the facts: `as_of`, or the last day that the facts or the rows tell of.

    Parameters
    ----------
    own : rows of a user, in the place of those of the fact base

    Raises
    ------
    FactError : judgements that resolve before they were made
    """
    rows = base.rows("judgements") if own is None else own
    early = [row for row in rows if last_day(row["resolves_by"]) < first_day(row["date"])]
    if early:
        raise FactError.collected([_early(row) for row in early])
    told = [first_day(row["outcome_as_of"]) for row in rows if row["outcome_as_of"]]
    day = last_day(base.as_of) if base.as_of else max([known_until(base), *told])
    words = {row["id"]: row for row in base.rows("probability_words")}
    return tuple(_judged(base, row, words.get(row["word"]), day) for row in rows)


def _early(row: Row) -> Problem:
    allowed = f"{row['date']} or later"
    return Problem(
        "judgements", row["id"], "resolves_by", row["resolves_by"], allowed, "swap date and resolves_by"
    )


def outcome_of(base: FactBase, row: Row) -> str:
    """Outcome of a question as it is known on the date of the facts."""
    told = row["outcome_as_of"]
    later = base.as_of and told and last_day(told) > last_day(base.as_of)
    return "open" if later else str(row["outcome"])


def _judged(base: FactBase, row: Row, word: Row | None, day: str) -> Judgement:
    outcome = outcome_of(base, row)
    due = last_day(row["resolves_by"]) <= day
    probability, low, high, scale = _probability(row, word)
    missing = _missing(row, word, outcome, probability, due=due)
    came = OUTCOMES.get(outcome)
    scored = None if missing else probability
    given = None if scored is None else scored if came else 1 - scored
    right = None if not due or came is None or row["expects"] is None else (row["expects"] == "yes") == came
    return Judgement(
        row["id"], row["person"] or "", row["institution"] or "", row["question"], row["prediction"], row["resolves_by"],
        _state(outcome, due=due), outcome, probability, low, high, scale, right,
        None if scored is None else brier_score([scored], [bool(came)]), None if given is None else baseline_score(given),
        _why(missing, probability, due=due), missing, (row["id"], *([word["id"]] if word else [])),
    )  # fmt: skip


def _probability(row: Row, word: Row | None) -> tuple[float | None, float | None, float | None, str]:
    if row["stated_probability"] is not None:
        stated = float(row["stated_probability"])
        return stated, stated, stated, "stated by the judge"
    if word is None:
        return None, None, None, ""
    return word["value"], word["low"], word["high"], str(word["scale"])


def _missing(row: Row, word: Row | None, outcome: str, probability: float | None, *, due: bool) -> str:
    """Why a judgement has no score, or nothing."""
    if probability is None and word is not None:
        return f"not scorable: {word['scale']} gives no probability for {word['word']}"
    if probability is None:
        return f"not scorable: a probability, or a word that stands on a scale (said: {row['probability'] or 'nothing'})"
    if not due:
        return f"not due before {row['resolves_by']}"
    if outcome not in OUTCOMES:
        return f"not scorable: a yes or a no (outcome: {outcome})"
    return ""


def _why(missing: str, probability: float | None, *, due: bool) -> str:
    """The first reason for which a judgement has no score."""
    if not missing:
        return SCORED
    return NOT_DUE if not due else NO_PROBABILITY if probability is None else NO_OUTCOME


def counted(found: Sequence[Judgement]) -> str:
    """How many are scored and why the others are not, in one sentence; the parts add up to all."""
    by = {
        why: [one for one in found if one.why == why] for why in (SCORED, NOT_DUE, NO_PROBABILITY, NO_OUTCOME)
    }
    due = len(found) - len(by[NOT_DUE])
    open_ = sum(one.probability is not None for one in by[NOT_DUE])
    return (
        f"{len(found)} judgements: {len(by[NOT_DUE])} not due, {open_} of them with a probability; of the {due} due "
        f"{len(by[SCORED])} scored, {len(by[NO_PROBABILITY])} without a probability, "
        f"{len(by[NO_OUTCOME])} with one but without a yes or a no"
    )


def _state(outcome: str, *, due: bool) -> str:
    if outcome in {"open", "due", "not_found"}:
        return "due" if due else "open"
    return "resolved" if due else "resolved early"


def records(found: Iterable[Judgement], by: str = "person") -> tuple[Record, ...]:
    """Counts and mean scores by `person` or `institution`; several persons of one judgement each get it."""
    parts: dict[str, list[Judgement]] = {}
    for one in found:
        names = one.person.split("; ") if by == "person" else [one.institution]
        for name in filter(None, names):
            parts.setdefault(name, []).append(one)
    return tuple(_record(name, part) for name, part in sorted(parts.items()))


def _record(name: str, part: Sequence[Judgement]) -> Record:
    scored = [one for one in part if one.brier is not None]

    def mean(score: Callable[[Judgement], float | None]) -> float | None:
        return sum(score(one) or 0.0 for one in scored) / len(scored) if scored else None

    return Record(
        name, len(part), sum(one.state in {"due", "resolved"} for one in part), sum(one.right is True for one in part),
        sum(one.right is False for one in part), len(scored), mean(lambda one: one.brier), mean(lambda one: one.log_score),
    )  # fmt: skip

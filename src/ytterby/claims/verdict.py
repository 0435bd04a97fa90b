# SPDX-License-Identifier: Apache-2.0
"""What a check yields: an outcome in one word, a figure with its range, one sentence, the rows behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Row = Mapping[str, Any]


class Outcome(StrEnum):
    """What a check says of a statement."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    CONTESTED = "contested"
    OVERSTATED = "overstated"
    UNDERSTATED = "understated"
    NOT_CHECKABLE = "not_checkable"
    NOT_YET_DUE = "not_yet_due"


SUPPORT = {
    Outcome.CONTRADICTED: 0,
    Outcome.OVERSTATED: 0,
    Outcome.CONTESTED: 1,
    Outcome.SUPPORTED: 2,
    Outcome.UNDERSTATED: 2,
}
"""How far an outcome bears a statement: an understated one is borne with room to spare."""


@dataclass(frozen=True)
class Finding:
    """What a rule finds.

    `value`, `low`, `high` are in `unit`; `figures` are the further numbers of the sentence, by name; `missing` names what
    would have to be known.
    """

    outcome: Outcome
    sentence: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    basis: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    figures: Mapping[str, float] = field(default_factory=dict)


COLUMNS = (
    "id", "speaker", "date", "statement", "kind", "rule", "verdict", "value", "low", "high", "unit", "sentence", "basis",
    "missing", "speaker_role", "hedge", "source", "variants",
)  # fmt: skip
"""Names of a verdict's row: the last ones say as what somebody spoke, with which hedge, printed where, and which other
statements give it in other words."""


@dataclass(frozen=True)
class Verdict:
    """The verdict on one statement: who said what, the rule that checked it, and what the rule found."""

    id: str
    speaker: str
    date: str
    statement: str
    kind: str
    rule: str
    verdict: Outcome
    value: float | None
    low: float | None
    high: float | None
    unit: str
    sentence: str
    basis: tuple[str, ...]
    missing: tuple[str, ...]
    speaker_role: str | None
    hedge: str
    source: str
    variants: tuple[str, ...]
    figures: Mapping[str, float] = field(default_factory=dict, repr=False)

    @staticmethod
    def of(statement: Row, rule: str, found: Finding, variants: tuple[str, ...]) -> Verdict:
        """The verdict that a rule's finding gives; its basis begins with the statement itself."""
        basis = tuple(dict.fromkeys((str(statement["id"]), *found.basis)))
        return Verdict(
            statement["id"], statement["speaker"], statement["date"], statement["statement"], statement["kind"], rule,
            found.outcome, found.value, found.low, found.high, found.unit, found.sentence, basis, found.missing,
            statement["speaker_role"], statement["hedge"], statement["source"], variants, found.figures,
        )  # fmt: skip

    @property
    def force(self) -> str:
        """In which words' force it was said, and in which statements in other words."""
        told = self.kind if self.hedge == "none" else f"{self.kind}, {self.hedge.replace('_', ' ')}"
        return f"{told}; in other words: {', '.join(self.variants)}" if self.variants else told

    @property
    def record(self) -> dict[str, Any]:
        """The verdict as a row of plain values."""
        row = {name: getattr(self, name) for name in COLUMNS}
        return (
            row
            | {"verdict": str(self.verdict)}
            | {name: list(row[name]) for name in ("basis", "missing", "variants")}
        )


def not_checkable(sentence: str, *missing: str, basis: tuple[str, ...] = ()) -> Finding:
    """A finding that names what would have to be known."""
    return Finding(Outcome.NOT_CHECKABLE, sentence, basis=basis, missing=missing)

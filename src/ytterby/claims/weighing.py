# SPDX-License-Identifier: Apache-2.0
"""From figures to an outcome: readings against a claimed figure, and figures against a word made a figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ytterby.claims.verdict import Outcome
from ytterby.domain import ResourceClass

CERTAINTY = {
    ResourceClass.ANNOUNCED: 0, ResourceClass.HISTORIC: 1, ResourceClass.MIXED: 1, ResourceClass.INFERRED: 1,
    ResourceClass.INDICATED: 2, ResourceClass.MEASURED: 3, ResourceClass.PROBABLE: 4, ResourceClass.RESERVE: 4,
    ResourceClass.PROVEN: 5,
}  # fmt: skip
"""How certain the tonnes of a class are; probable and proven tonnes are the parts of a reserve."""


def compare(found: Sequence[float], claimed: float, comparator: str | None, tolerance: float) -> Outcome:
    """Outcome of readings (at least one) against a claimed figure, both in one unit and not negative.

    A reading falls short where it is below the claim by more than the relative `tolerance`, and exceeds it likewise. All
    short: overstated; some short: contested; none short and some beyond: understated; all within: supported. A larger
    claim is never borne better. For `at_least` nothing is beyond, for `at_most` and `none` the sides are exchanged. `more`
    and `less` are about order and know no tolerance.
    """
    if comparator in FAILING:
        failing = [FAILING[comparator](value, claimed, tolerance) for value in found]
        return (
            Outcome.CONTRADICTED if all(failing) else Outcome.CONTESTED if any(failing) else Outcome.SUPPORTED
        )
    short = [value * (1 + tolerance) < claimed for value in found]
    if all(short):
        return Outcome.OVERSTATED
    if any(short):
        return Outcome.CONTESTED
    beyond = [_beyond(value, claimed, tolerance) for value in found]
    return Outcome.UNDERSTATED if comparator != "at_least" and any(beyond) else Outcome.SUPPORTED


def _beyond(value: float, claimed: float, tolerance: float) -> bool:
    return value > claimed * (1 + tolerance)


FAILING: Mapping[str | None, Callable[[float, float, float], bool]] = {
    "at_most": _beyond,
    "none": _beyond,
    "more": lambda value, claimed, _: value <= claimed,
    "less": lambda value, claimed, _: value >= claimed,
}
"""When a reading speaks against a claim of order or of a bound from above."""


def reaches(low: float, high: float, word: tuple[float, float, float], below: Outcome) -> Outcome:
    """Outcome of a figure's range against the (low, middle, high) of a word: `below` where none of it reaches."""
    if low >= word[2]:
        return Outcome.SUPPORTED
    return below if high < word[0] else Outcome.CONTESTED


def of_unlike_class(outcome: Outcome, claimed: str | None, against: str | None) -> Outcome:
    """The outcome when tonnes of the class `claimed` are set against tonnes of the class `against`.

    Tonnes of a less certain class can't bear a statement about a more certain one: what they seem to bear is overstated.
    """
    if (
        claimed is None
        or against is None
        or CERTAINTY[ResourceClass(claimed)] >= CERTAINTY[ResourceClass(against)]
    ):
        return outcome
    return (
        Outcome.OVERSTATED
        if outcome in {Outcome.SUPPORTED, Outcome.CONTESTED, Outcome.UNDERSTATED}
        else outcome
    )

# SPDX-License-Identifier: Apache-2.0
"""Words of the domain: confidence, state of a figure, class of a resource.

Plain enumerations; no figures, no input or output.
"""

from __future__ import annotations

from enum import StrEnum


class Confidence(StrEnum):
    """How far a row can be trusted, best first."""

    OFFICIAL = "official"
    REPORTED = "reported"
    ESTIMATED = "estimated"
    UNCONFIRMED = "unconfirmed"

    @property
    def rank(self) -> int:
        """0 for the best, 3 for the least."""
        return list(Confidence).index(self)


class FigureState(StrEnum):
    """What stands where a number could stand."""

    NUMBER = "number"
    ZERO = "zero"
    RANGE = "range"
    LESS_THAN = "less_than"
    GREATER_THAN = "greater_than"
    WITHHELD = "withheld"
    PARTLY_WITHHELD = "partly_withheld"
    NOT_AVAILABLE = "not_available"
    NOT_APPLICABLE = "not_applicable"
    NET_EXPORTER = "net_exporter"
    INCLUDED_ELSEWHERE = "included_elsewhere"
    SIGN_ONLY = "sign_only"
    METHOD_WARNING = "method_warning"
    SEE_NOTE = "see_note"
    SEE_SOURCE = "see_source"
    TEXT = "text"


class ResourceClass(StrEnum):
    """Classes of tonnages in the ground; a reserve is no resource, and no sum mixes classes silently."""

    ANNOUNCED = "announced"
    INFERRED = "inferred"
    INDICATED = "indicated"
    MEASURED = "measured"
    PROBABLE = "probable"
    PROVEN = "proven"
    RESERVE = "reserve"
    MIXED = "mixed"
    HISTORIC = "historic"

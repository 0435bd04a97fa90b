# SPDX-License-Identifier: Apache-2.0
"""What a list of the largest partners says about a power that it does not name: bounds without a value.

A power that is not on the list has at most what the least of the list has; unless a row says that the list is silent about
it: then at most what the list leaves. A group of states has at least what its listed members have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ytterby.influence.figures import BOUND, Figure, Key
from ytterby.influence.intervals import Interval

Row = Mapping[str, Any]
OF_MEMBERS = " (listed members only)"


def bounds_by_list(
    key: Key, measure: str, of_year: Iterable[Row], own: Sequence[Row], group: Sequence[str]
) -> Figure:
    """Bounds of a share of exports or imports.

    Parameters
    ----------
    key : what is asked
    measure : the measure of the list
    of_year : all rows of the country and year
    own : rows of the power with that measure, without values
    group : members of the power where it is a group
    """
    rows = list(of_year)
    listed = longest_list(rows, measure)
    if not listed:
        return key.missing()
    others = [row for row in listed if row["power"] not in group]
    inside = [row for row in rows if row["measure"] == measure + OF_MEMBERS]
    left = max(0.0, 1 - sum(row["value"] for row in others))
    if group:
        members = sum(row["value"] for row in listed if row["power"] in group)
        low = max((row["value"] for row in inside if row["power"] == key.power), default=members)
        found, note = Interval(low, low, max(low, left)), "its listed members at least"
    elif own:
        found, note = Interval(0.0, 0.0, left), "at most what the list leaves: " + (own[0]["note"] or "")
    else:
        least = min(row["value"] for row in listed)
        found = Interval(0.0, 0.0, min(least, left))
        note = "not among the largest partners that are listed"
    basis = [row["id"] for row in (*own, *listed, *inside)]
    return replace(key.figure(found, BOUND, basis, note), value=None)


def longest_list(rows: Iterable[Row], measure: str) -> list[Row]:
    """The list of largest partners: the rows of one source with more than one partner."""
    by_source: dict[str, list[Row]] = {}
    for row in rows:
        if row["measure"] == measure and row["value"] is not None:
            by_source.setdefault(row["source"], []).append(row)
    longest = max(by_source.values(), key=len) if by_source else []
    return longest if len(longest) > 1 else []

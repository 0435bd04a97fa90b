# SPDX-License-Identifier: Apache-2.0
"""The answers about pledges: what the case's headline pledges are worth."""

from __future__ import annotations

from ytterby.claims.worth import ASSUMPTION, worth
from ytterby.study.context import Answer, Context
from ytterby.study.words import place_name


def promises(c: Context) -> list[Answer]:
    """One answer for each headline pledge of the case that is known on the date and has an amount."""
    known = {row["id"]: row for row in c.base.rows("pledges")}
    found = []
    for name in c.case.pledges:
        if name not in known:
            continue
        total = worth(c.base, headline=name)
        for one, text in zip(total.totals, total.sentences, strict=True):
            if one.unit != known[name]["unit"]:
                continue
            who = " and ".join(place_name(c.base, place) for place in known[name]["givers"])
            found.append(
                c.answer(
                    f"pledge-{name}", f"What is the pledge {name} of {who} worth?", "expected_amount",
                    (one.low, one.expected, one.high), one.unit, text,
                    f"rates of realisation by class and status; {ASSUMPTION}", one.basis,
                )
            )  # fmt: skip
    return found

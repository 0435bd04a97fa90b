# SPDX-License-Identifier: Apache-2.0
"""Verdicts as schema.org ClaimReview, the JSON-LD that fact-checkers publish and search engines read.

Search engines ask for claimReviewed, reviewRating with a name, and url. A review is dated by the last day that its facts
tell of: when it is published only the publisher knows.

References
----------
https://schema.org/ClaimReview, https://developers.google.com/search/docs/appearance/structured-data/factcheck
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ytterby.claims import Outcome, Verdict
from ytterby.claims.evidence import known_until
from ytterby.facts import FactBase

CONTEXT = "https://schema.org"
RATINGS = {
    Outcome.CONTRADICTED: 1, Outcome.OVERSTATED: 2, Outcome.CONTESTED: 3, Outcome.UNDERSTATED: 4, Outcome.SUPPORTED: 5,
}  # fmt: skip
"""Rating on the scale of five that schema.org suggests; what can't be checked or is not due has no number."""
WORST, BEST = 1, 5


def claim_reviews(
    verdicts: Sequence[Verdict],
    base: FactBase,
    statements: Mapping[str, Mapping[str, Any]],
    *,
    author: str,
    site: str,
) -> dict[str, Any]:
    """Verdicts as one JSON-LD document.

    Parameters
    ----------
    verdicts, base : what to export, and the facts behind it
    statements : row of each verdict's statement, by id
    author : who publishes the reviews
    site : address of the page that shows them; a review's address is the page with the statement's id as fragment
    """
    return {
        "@context": CONTEXT,
        "@graph": [_review(v, base, statements[v.id], author=author, site=site) for v in verdicts],
    }


def _review(
    verdict: Verdict, base: FactBase, statement: Mapping[str, Any], *, author: str, site: str
) -> dict[str, Any]:
    url = f"{site}#{verdict.id}"
    return {
        "@type": "ClaimReview",
        "@id": url,
        "url": url,
        "author": {"@type": "Organization", "name": author, "url": site},
        "datePublished": known_until(base),
        "claimReviewed": verdict.statement,
        "reviewBody": verdict.sentence,
        "itemReviewed": _claim(verdict, base, statement),
        "reviewRating": _rating(verdict.verdict),
    }


def _claim(verdict: Verdict, base: FactBase, statement: Mapping[str, Any]) -> dict[str, Any]:
    speaker = _speaker(verdict.speaker, base, statement["speaker_role"])
    claim = {"@type": "Claim", "author": speaker, "datePublished": verdict.date}
    source = base.row(statement["source"])
    return claim | ({"appearance": {"@type": "CreativeWork", "url": source["url"]}} if source["url"] else {})


def _speaker(name: str, base: FactBase, role: str | None) -> dict[str, Any]:
    """Who made the claim: a person with a role, or a body; whom relation speakers does not know has no type."""
    kinds = {row["speaker"]: row["kind"] for row in base.rows("speakers")}
    types = {"person": "Person", "organization": "Organization"}
    told: dict[str, Any] = {"@type": types[kinds[name]]} if name in kinds else {}
    told["name"] = name
    return told | ({"jobTitle": role} if role and kinds.get(name) == "person" else {})


def _rating(outcome: Outcome) -> dict[str, Any]:
    named = {"@type": "Rating", "alternateName": outcome.replace("_", " ")}
    if outcome not in RATINGS:
        return named
    return named | {"ratingValue": RATINGS[outcome], "worstRating": WORST, "bestRating": BEST}

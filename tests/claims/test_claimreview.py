"""The exported ClaimReview against the rules of schema.org and of Google's guide, each listed here and each shown to bite.

Vocabulary: which type has which property (its own or inherited), as on the pages of schema.org/ClaimReview, /Claim, /Rating,
/Person and /Organization; only what we use is listed. Requirements: the table of required and recommended properties in
Google's guide to fact checks (developers.google.com/search/docs/appearance/structured-data/factcheck), as tabled by Full Fact
(fullfact.github.io/markup-investigation).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from ytterby.claims import Outcome
from ytterby.report.claimreview import RATINGS, claim_reviews

VOCABULARY = {
    "ClaimReview": {"claimReviewed", "itemReviewed", "reviewBody", "reviewRating", "author", "datePublished", "url"},
    "Claim": {"appearance", "firstAppearance", "author", "datePublished", "name", "text"},
    "Rating": {"alternateName", "bestRating", "worstRating", "ratingValue", "ratingExplanation", "name"},
    "Person": {"name", "jobTitle", "sameAs", "url"},
    "Organization": {"name", "sameAs", "url"},
    "CreativeWork": {"url", "name", "datePublished"},
}  # fmt: skip
RANGES = {
    "itemReviewed": {"Claim"}, "reviewRating": {"Rating"}, "author": {"Person", "Organization"}, "appearance": {"CreativeWork"},
    "firstAppearance": {"CreativeWork"},
}  # fmt: skip
REQUIRED = {
    "ClaimReview": {"claimReviewed", "reviewRating", "url"}, "Rating": {"alternateName"}, "Person": {"name"},
    "Organization": {"name"},
}  # fmt: skip
RECOMMENDED = {
    "ClaimReview": {"author", "datePublished", "itemReviewed"},
    "Claim": {"author", "datePublished"},
}
SCALE = {"ratingValue", "worstRating", "bestRating"}
URL = re.compile(r"https?://[^\s#]+(#\S+)?")
DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
SITE = "https://example.org/checks"


def faults(node: Any, kinds: frozenset[str] = frozenset({"ClaimReview"})) -> Iterator[str]:
    """What of a node breaks a rule; `kinds` are the types that its place allows."""
    kind = node.get("@type")
    if kind not in kinds:
        yield f"type {kind} where {sorted(kinds)} are allowed"
        return
    given = {name for name in node if not name.startswith("@")}
    yield from (f"{kind} has no property {name}" for name in given - VOCABULARY[kind])
    yield from (f"{kind} lacks {name}" for name in REQUIRED.get(kind, set()) - given)
    yield from (f"{kind} should have {name}" for name in RECOMMENDED.get(kind, set()) - given)
    for name in given & VOCABULARY[kind]:
        yield from values(name, node[name])
    if kind == "Rating":
        yield from scale(node)


def values(name: str, value: Any) -> Iterator[str]:
    """What is wrong with the value of a property."""
    if name in RANGES:
        yield from (
            faults(value, frozenset(RANGES[name])) if isinstance(value, dict) else [f"{name} is no node"]
        )
    elif name == "url" and not URL.fullmatch(value):
        yield f"url {value}"
    elif name == "datePublished" and not is_date(value):
        yield f"date {value}"
    elif name in SCALE and (isinstance(value, bool) or not isinstance(value, int)):
        yield f"{name} is no whole number"
    elif name not in SCALE and not (isinstance(value, str) and value.strip()):
        yield f"{name} is no text"


def is_date(text: str) -> bool:
    """An ISO 8601 date, of a day, a month or a year that exists."""
    match = DAY.fullmatch(text)
    if match is None:
        return False
    year, month, day = (int(part or 1) for part in match.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def scale(rating: dict[str, Any]) -> Iterator[str]:
    """A number stands within its scale, and never without it; the text is what is shown."""
    if SCALE & set(rating) and not set(rating) >= SCALE:
        yield "a number without its scale"
    elif (
        all(isinstance(rating.get(name), int) for name in SCALE)
        and not rating["worstRating"] <= rating["ratingValue"] <= rating["bestRating"]
    ):
        yield "a number off its scale"


@pytest.fixture(scope="module")
def exported(base, verdicts):
    by_id = {row["id"]: row for row in base.rows("statements")}
    return claim_reviews(verdicts, base, by_id, author="somebody", site=SITE)


def test_it_breaks_no_rule(exported, base):
    assert exported["@context"] == "https://schema.org"
    assert len(exported["@graph"]) == len(base.rows("statements"))
    assert {fault for review in exported["@graph"] for fault in faults(review)} == set()


def test_each_review_is_on_the_publishers_page_under_a_name_of_its_own(exported):
    """Several reviews on one page: each has an anchor, all are on the page that carries them."""
    urls = [review["url"] for review in exported["@graph"]]
    assert len(set(urls)) == len(urls)
    assert all(url.startswith(f"{SITE}#") for url in urls)


def test_the_rating_is_not_in_the_claim_and_follows_the_verdict(exported, verdicts):
    for review, verdict in zip(exported["@graph"], verdicts, strict=True):
        assert review["claimReviewed"] == verdict.statement
        assert review["reviewRating"]["alternateName"] == verdict.verdict.replace("_", " ")
        assert review["reviewRating"].get("ratingValue") == RATINGS.get(verdict.verdict)


def test_one_number_has_one_text(exported):
    """Google asks for a table of numbers and texts that is the same in all of a publisher's checks."""
    pairs = {
        (review["reviewRating"]["ratingValue"], review["reviewRating"]["alternateName"])
        for review in exported["@graph"]
        if "ratingValue" in review["reviewRating"]
    }
    assert len({number for number, _ in pairs}) == len({text for _, text in pairs}) == len(pairs)


def test_who_made_the_claim_is_a_person_or_a_body(exported, base):
    kinds = {row["speaker"]: row["kind"] for row in base.rows("speakers")}
    assert {row["speaker"] for row in base.rows("statements")} <= set(kinds)
    seen = {r["itemReviewed"]["author"]["name"]: r["itemReviewed"]["author"] for r in exported["@graph"]}
    assert {who["@type"].lower() for who in seen.values()} == {"person", "organization"}
    for name, who in seen.items():
        assert who["@type"].lower() == kinds[name]
        assert who["@type"] == "Person" or "jobTitle" not in who


RATED = {"ratingValue": 3, "worstRating": 1, "bestRating": 5}
BROKEN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "ClaimReview lacks claimReviewed": lambda r: r.pop("claimReviewed"),
    "ClaimReview lacks reviewRating": lambda r: r.pop("reviewRating"),
    "ClaimReview lacks url": lambda r: r.pop("url"),
    "ClaimReview should have author": lambda r: r.pop("author"),
    "ClaimReview should have itemReviewed": lambda r: r.pop("itemReviewed"),
    "ClaimReview has no property verdict": lambda r: r.update(verdict="true"),
    "Rating lacks alternateName": lambda r: r["reviewRating"].pop("alternateName"),
    "a number without its scale": lambda r: r["reviewRating"].update(RATED) or r["reviewRating"].pop("bestRating"),
    "a number off its scale": lambda r: r["reviewRating"].update(RATED, ratingValue=6),
    "ratingValue is no whole number": lambda r: r["reviewRating"].update(RATED, ratingValue="5"),
    "url nowhere": lambda r: r.update(url="nowhere"),
    "url #S001": lambda r: r.update(url="#S001"),
    "date 2025-13": lambda r: r.update(datePublished="2025-13"),
    "date 2025-02-30": lambda r: r["itemReviewed"].update(datePublished="2025-02-30"),
    "itemReviewed is no node": lambda r: r.update(itemReviewed="a claim"),
    "type Article where ['Claim'] are allowed": lambda r: r["itemReviewed"].update({"@type": "Article"}),
    "type None where ['Organization', 'Person'] are allowed": lambda r: r["author"].pop("@type"),
    "Organization has no property jobTitle": lambda r: r["author"].update(jobTitle="editor"),
    "claimReviewed is no text": lambda r: r.update(claimReviewed=" "),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_every_rule_can_be_broken(exported, fault):
    review = copy.deepcopy(exported["@graph"][0])
    BROKEN[fault](review)
    assert fault in set(faults(review))


def test_only_what_is_decided_has_a_rating():
    assert set(Outcome) - set(RATINGS) == {Outcome.NOT_CHECKABLE, Outcome.NOT_YET_DUE}
    assert (
        RATINGS[Outcome.CONTRADICTED]
        < RATINGS[Outcome.OVERSTATED]
        < RATINGS[Outcome.CONTESTED]
        < RATINGS[Outcome.SUPPORTED]
    )

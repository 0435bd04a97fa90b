"""The exported ClaimReview against a JSON Schema of ours.

Google's guide to fact checks requires claimReviewed, reviewRating (with alternateName) and url, and recommends author,
itemReviewed and a numeric rating within its scale. Ours asks for author, itemReviewed and both dates too, and for the forms
of addresses and dates.
"""

from __future__ import annotations

import jsonschema  # type: ignore[import-untyped]
import pytest

from ytterby.claims import Outcome
from ytterby.report.claimreview import RATINGS, claim_reviews

PERSON = {
    "type": "object", "required": ["@type", "name"],
    "properties": {"@type": {"enum": ["Person", "Organization"]}, "name": {"type": "string", "minLength": 1}},
}  # fmt: skip
DAY = {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"}
URL = {"type": "string", "pattern": r"^https?://\S+$"}
RATING = {
    "type": "object", "required": ["@type", "alternateName"],
    "properties": {
        "@type": {"const": "Rating"}, "alternateName": {"type": "string", "minLength": 1},
        "ratingValue": {"type": "integer", "minimum": 1, "maximum": 5}, "worstRating": {"const": 1}, "bestRating": {"const": 5},
    },
    "dependentRequired": {"ratingValue": ["worstRating", "bestRating"]}, "additionalProperties": False,
}  # fmt: skip
REVIEW = {
    "type": "object",
    "required": ["@type", "url", "claimReviewed", "reviewRating", "author", "datePublished", "itemReviewed"],
    "properties": {
        "@type": {"const": "ClaimReview"}, "@id": URL, "url": URL, "author": PERSON, "datePublished": DAY,
        "claimReviewed": {"type": "string", "minLength": 1}, "reviewBody": {"type": "string", "minLength": 1},
        "reviewRating": RATING,
        "itemReviewed": {
            "type": "object", "required": ["@type", "author", "datePublished"],
            "properties": {
                "@type": {"const": "Claim"}, "author": PERSON, "datePublished": DAY,
                "appearance": {
                    "type": "object", "required": ["@type", "url"],
                    "properties": {"@type": {"const": "CreativeWork"}, "url": URL},
                },
            },
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}  # fmt: skip
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["@context", "@graph"],
    "properties": {
        "@context": {"const": "https://schema.org"}, "@graph": {"type": "array", "minItems": 1, "items": REVIEW},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def exported(base, verdicts):
    by_id = {row["id"]: row for row in base.rows("statements")}
    return claim_reviews(verdicts, base, by_id, author="somebody", site="https://example.org/checks")


def test_it_is_valid(exported, base):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(exported, SCHEMA, cls=jsonschema.Draft202012Validator)
    assert len(exported["@graph"]) == len(base.rows("statements"))


def test_the_schema_can_fail(exported):
    first, *_ = exported["@graph"]
    required = ("claimReviewed", "reviewRating", "url")
    without = [{key: value for key, value in first.items() if key != name} for name in required]
    unnamed = {"@type": "Rating", "ratingValue": 1, "worstRating": 1, "bestRating": 5}
    for broken in (
        *without,
        {**first, "url": "nowhere"},
        {**first, "url": "#S001"},
        {**first, "reviewRating": unnamed},
        {**first, "reviewRating": {**unnamed, "alternateName": "odd", "ratingValue": 6}},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**exported, "@graph": [broken]}, SCHEMA, cls=jsonschema.Draft202012Validator)


def test_only_what_is_decided_has_a_rating():
    assert set(Outcome) - set(RATINGS) == {Outcome.NOT_CHECKABLE, Outcome.NOT_YET_DUE}
    assert (
        RATINGS[Outcome.CONTRADICTED]
        < RATINGS[Outcome.OVERSTATED]
        < RATINGS[Outcome.CONTESTED]
        < RATINGS[Outcome.SUPPORTED]
    )

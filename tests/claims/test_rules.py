"""Each rule on small tables, in both directions."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.claims import RULES, check, rule_of

# ------------------------------------------------------------------------------------------------------- cases
# rule, statement, facts, verdict; a solved case where the last entry gives its figures
PLACE = {
    "asserts": "quantity",
    "measure": "deposit",
    "subjects": ("KAZ",),
    "place": "here",
    "unit": "t",
    "comparator": "equals",
}
RATIO = {
    "asserts": "comparison", "measure": "deposit", "object_measure": "reserve", "subjects": ("KAZ",), "objects": ("CHN",),
    "place": "here", "unit": "ratio", "comparator": "equals", "value": 0.5, "commodities": ("rare_earths",),
    "resource_class": "announced", "object_class": "announced",
}  # fmt: skip
RESERVES = [{"value": 100.0}]
LIKE = [{"value": 100.0, "resource_class": "announced"}]
TWO = [{"contained_t": 20.0}, {"contained_t": 2.0}]
SAME_KINDS = {"kinds": ("investment",)}
LARGE = {"asserts": "occurrence", "measure": "deposit", "subjects": ("CA5",), "commodities": ("rare_earths",)}
WORLD = [{"country": "WLD", "low": 1000.0, "value": None}]
RANKED = {"asserts": "rank", "measure": "gdp", "subjects": ("KAZ", "UZB"), "among": ("CA5",)}
RANKED_TONNES = {
    "asserts": "rank", "measure": "deposit", "object_measure": "reserve", "subjects": ("KAZ",), "among": ("WLD",),
    "commodities": ("rare_earths",),
}  # fmt: skip
STOP = {
    "asserts": "irreplaceable",
    "subjects": ("USA",),
    "objects": ("CHN",),
    "commodities": ("rare_earths",),
}
BUY = {"asserts": "imports", "subjects": ("USA",), "objects": ("CA5",), "commodities": ("rare_earths",)}
ROUTE = {
    "asserts": "route",
    "topic": "C",
    "subjects": ("TUR",),
    "objects": ("AZE",),
    "between": ("ARM", "IRN"),
}
WAY = {"asserts": "way", "topic": "C", "subjects": ("TUR",), "objects": ("AZE",), "measure": "km"}
SUMMIT = {
    "asserts": "event", "kinds": ("summit",), "effect": "meets", "level": "head_of_state", "timing": "in",
    "horizon_year": 2015, "subjects": ("USA",), "objects": ("KAZ",), "every": True,
}  # fmt: skip
FIRST = {**SUMMIT, "first": True}
MET = {"targets": ("KAZ",), "date": "2015-11-01", "level": "head_of_state"}
TALKS = {
    "asserts": "relation",
    "kinds": ("treaty",),
    "topic": "relations",
    "subjects": ("KAZ",),
    "objects": ("ISR",),
}
OPENED = {
    "actors": ("KAZ",),
    "targets": ("ISR",),
    "kind": "treaty",
    "topic": "relations",
    "date": "1992",
    "effect": "begins",
}
GIFT = {
    "asserts": "pledge", "subjects": ("UZB",), "objects": ("USA",), "value": 100e9, "unit": "USD", "comparator": "at_least",
    "kinds": ("investment",), "horizon_year": 2035,
}  # fmt: skip
PAST = {**GIFT, "horizon_year": 2025}
GIVEN = {"amount": 100e9, "horizon_year": 2035}
ITEMS = [{"amount": amount, "part_of": ("pledges-1",)} for amount in (90e9, 40e9)]
KEPT = {"amount": 100e9, "horizon_year": 2025, "realised_amount": 100e9}
OTHER_WORDS = {**GIFT, "id": "X002", "kinds": ("investment", "purchase"), "variant_of": ("X001",)}
TRADE = [{"country": "UZB", "power": "USA", "measure": "goods trade turnover", "unit": "USD", "value": 1e9}]
BEYOND = {"asserts": "means", "subjects": ("UZB",), "objects": ("USA",)}
FALLS = {"asserts": "trend", "comparator": "falls", "subjects": ("KAZ",), "objects": ("RUS",)}
BEHIND = {"asserts": "standing", "subjects": ("USA",), "objects": ("KAZ",), "than": ("RUS",)}
NEAR = {"asserts": "nearness", "subjects": ("KAZ",), "objects": ("RUS",), "than": ("USA",)}
CAPITALS = [
    {"country": "KAZ", "lat": 51.2, "lon": 71.4, "borders": ()}, {"country": "RUS", "lat": 55.8, "lon": 37.6},
    {"country": "USA", "lat": 38.9, "lon": -77.0},
]  # fmt: skip
PLAN = {"asserts": "act", "kinds": ("base",), "effect": "begins", "subjects": ("USA",), "objects": ("AFG",)}
STATE = {
    "asserts": "act", "subjects": ("USA",), "partners": ("WLD",), "sectors": ("minerals",), "commodities": ("rare_earths",),
}  # fmt: skip
AIDED = {"country": "USA", "kind": "state_support", "commodities": ("rare_earths",), "date": "2026-01-05"}
OF_OLD = {"date": "2001", "targets": ("AFG",)}
APART = {"asserts": "act", "subjects": ("KAZ",), "partners": ("WLD",), "than": ("RUS",)}
BASE = {"kind": "base", "targets": ("AFG",), "date": "2026-03-01", "effect": "begins"}
AIM = {"asserts": "aim", "subjects": ("USA",), "objects": ("CHN",)}
OWN = {**AIM, "id": "X002", "variant_of": ("X001",), "objects": ("CHN",), "speaker_country": "USA"}
ASKED = {"asserts": "question", "question": "judgements-1"}
ANSWER = {
    "prediction": "within a year",
    "expects": "yes",
    "resolves_by": "2025-12-31",
    "question": "will it?",
}


SHARE = {
    "asserts": "quantity", "measure": "stage_share", "subjects": ("CHN",), "commodities": ("rare_earths",), "stage": "mine",
    "comparator": "equals", "value": 0.7, "unit": "fraction",
}  # fmt: skip
BOUGHT = {**SHARE, "measure": "import_share", "stage": None, "subjects": ("USA",), "objects": ("CHN",)}
FROM = {"measure": "import_source", "importer": "USA", "country": "CHN", "value": 0.71, "stage": "all"}
RICHER = {
    "asserts": "comparison", "measure": "gdp", "object_measure": "gdp", "subjects": ("KAZ",), "objects": ("UZB",),
    "comparator": "more", "value": 1.0, "unit": "ratio",
}  # fmt: skip
COURTED = {
    "asserts": "rank",
    "measure": "pledges",
    "subjects": ("UZB",),
    "objects": ("USA",),
    "among": ("CA5",),
}
THREE = [{**GIVEN, "givers": ("KAZ",)}] * 2
PARTS = [{**GIVEN, "givers": ("KAZ",)}, {**GIVEN, "givers": ("KAZ",), "part_of": ("pledges-2",)}]
GIVEN_BY = {
    "quantity-against-facts": "supported overstated understated contested contradicted",
    "comparison-of-quantities": "supported overstated understated contested contradicted",
    "large-occurrence": "supported overstated contested",
    "rank-among-countries": "supported overstated understated contested",
    "irreplaceable-in-the-chain": "supported overstated contested",
    "imports-against-delivery": "supported overstated contested",
    "route-against-network": "supported contradicted",
    "best-way-over-a-corridor": "supported contested contradicted",
    "dated-event": "supported overstated contradicted not_yet_due",
    "first-of-its-kind": "supported overstated contradicted not_yet_due",
    "state-of-relations": "supported contradicted",
    "pledge-against-record": "supported overstated understated contested contradicted not_yet_due",
    "pledge-beyond-means": "supported contested contradicted",
    "trend-of-shares": "supported contested contradicted",
    "standing-of-a-power": "supported contested contradicted not_yet_due",
    "nearness-of-powers": "supported contested contradicted",
    "acts-that-follow": "supported contradicted not_yet_due",
    "aim-in-own-words": "supported",
    "outcome-of-a-question": "supported contested contradicted not_yet_due",
}
"""Verdicts that a rule gives, beside that it can't check."""


def mined(stage="mine", **outputs):
    rows = [{"country": country, "value": value} for country, value in outputs.items()]
    common = {"commodity": "rare_earths", "stage": stage, "measure": "output", "year": 2024}
    return [{**common, **row} for row in rows]


def ties(*values, **cells):
    return [{"value": value, "year": 2014 + 10 * number, **cells} for number, value in enumerate(values)]


def gdp(**outputs):
    return [{"country": country, "gdp_usd": float(value)} for country, value in outputs.items()]


def course(*ends, status="planned"):
    nodes = [{"id": f"node-{code}", "country": code, "kind": "rail"} for code in dict.fromkeys(ends)]
    pairs = pairwise(ends)
    links = [
        {"from": f"node-{a}", "to": f"node-{b}", "corridor": "C", "distance_km": 10.0, "status": status}
        for a, b in pairs
    ]
    return {"nodes": nodes, "segments": links}


def ways(over, beside, status="operating"):
    """Two roads of those lengths in km from Turkey to Azerbaijan, the first over corridor C and of that status."""
    start, end = "TUR", "AZE"
    places = [(start, True), (end, True), ("GEO", False), ("ARM", False)]
    nodes = [
        {
            "id": f"node-{code}",
            "name": code,
            "country": code,
            "lat": 40.0,
            "lon": 45.0,
            "kind": "rail",
            "main": main,
        }
        for code, main in places
    ]
    roads = [("GEO", over, "C", status), ("ARM", beside, "other", "operating")]
    links = [
        {
            "from": f"node-{a}",
            "to": f"node-{b}",
            "corridor": corridor,
            "distance_km": km / 2,
            "mode": "road",
            "status": stands,
        }
        for middle, km, corridor, stands in roads
        for a, b in ((start, middle), (middle, end))
    ]
    return {"nodes": nodes, "segments": links}


CASES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("quantity-against-facts", {**PLACE, "value": 20.0}, {"deposits": [{"contained_t": 20.0}]}, "supported"),
    ("quantity-against-facts", {**PLACE, "value": 20.0}, {"deposits": [{"contained_t": 2.0}]}, "overstated"),
    ("quantity-against-facts", {**PLACE, "value": 2.0}, {"deposits": [{"contained_t": 20.0}]}, "understated"),
    ("quantity-against-facts", {**PLACE, "value": 20.0}, {"deposits": TWO}, "contested"),
    ("quantity-against-facts", {**PLACE, "value": 20.0, "resource_class": "reserve"}, {"deposits": [{"contained_t": 20.0}]},
     "overstated"),
    ("quantity-against-facts", {**PLACE, "value": 20.0, "resource_class": "reserve"},
     {"deposits": [{"contained_t": 20.0, "resource_class": "proven"}]}, "supported"),
    ("quantity-against-facts", {**PLACE, "comparator": "none", "resource_class": "reserve"}, {"deposits": [{"contained_t": 2.0}]},
     "supported"),
    ("quantity-against-facts", {**PLACE, "comparator": "none", "resource_class": "reserve"},
     {"deposits": [{"contained_t": 2.0, "resource_class": "proven"}]}, "contradicted"),
    ("quantity-against-facts", {**PLACE, "value": 20.0, "comparator": "at_most"}, {"deposits": [{"contained_t": 30.0}]},
     "contradicted"),
    ("quantity-against-facts", {**PLACE, "value": 20.0, "comparator": "less"}, {"deposits": [{"contained_t": 19.5}]},
     "supported"),
    ("quantity-against-facts", {**PLACE, "value": 20.0}, {}, "not_checkable"),
    ("quantity-against-facts", {**PLACE, "value": 20.0, "unit": "USD"}, {"deposits": [{"contained_t": 20.0}]}, "not_checkable"),
    ("quantity-against-facts", SHARE, {"stage_shares": [{"value": 0.7}]}, "supported"),
    ("quantity-against-facts", SHARE, {"production": mined(CHN=70.0, WLD=100.0)}, "supported"),
    ("quantity-against-facts", SHARE, {"production": mined(CHN=20.0, WLD=100.0)}, "overstated"),
    ("quantity-against-facts", SHARE, {"production": mined(CHN=70.0)}, "not_checkable"),
    ("quantity-against-facts", {**SHARE, "stage": "smelter"}, {"production": mined("smelter", CHN=70.0, WLD=100.0)}, "supported"),
    ("quantity-against-facts", {**SHARE, "comparator": "rises"}, {"stage_shares": [{"value": 0.7}]}, "not_checkable"),
    ("quantity-against-facts", BOUGHT, {"stage_shares": [FROM]}, "supported"),
    ("quantity-against-facts", BOUGHT, {"stage_shares": [{**FROM, "country": "MYS"}]}, "not_checkable"),
    ("comparison-of-quantities", RATIO, {"deposits": [{"contained_t": 50.0}], "reserves": LIKE},
     "supported"),
    ("comparison-of-quantities", RATIO, {"deposits": [{"contained_t": 5.0}], "reserves": LIKE},
     "overstated"),
    ("comparison-of-quantities", {**RATIO, "object_class": "reserve"},
     {"deposits": [{"contained_t": 50.0}], "reserves": RESERVES}, "overstated"),
    ("comparison-of-quantities", RATIO, {"deposits": [{"contained_t": 5.0}]}, "not_checkable"),
    ("comparison-of-quantities", {**RATIO, "unit": "t"}, {"deposits": [{"contained_t": 50.0}], "reserves": LIKE},
     "not_checkable"),
    ("comparison-of-quantities", RATIO, {"deposits": [{"contained_t": 50.0}, {"contained_t": 5.0}], "reserves": LIKE},
     "contested"),
    ("comparison-of-quantities", RATIO, {"deposits": [{"contained_t": 90.0}], "reserves": LIKE}, "understated"),
    ("comparison-of-quantities", RICHER, {"country_profile": gdp(KAZ=101, UZB=100)}, "supported"),
    ("comparison-of-quantities", RICHER, {"country_profile": gdp(KAZ=99, UZB=100)}, "contradicted"),
    ("large-occurrence", LARGE, {"deposits": [{"contained_t": 500.0}], "reserves": WORLD}, "supported"),
    ("large-occurrence", LARGE, {"deposits": [{"contained_t": 1.0}], "reserves": WORLD}, "overstated"),
    ("large-occurrence", LARGE, {"deposits": [{"contained_t": 1.0}], "reserves": [*WORLD, {"country": "KAZ", "value": 500.0}]},
     "supported"),
    ("large-occurrence", LARGE, {"deposits": [{"contained_t": 1.0}]}, "not_checkable"),
    ("large-occurrence", LARGE, {"deposits": [{"contained_t": 500.0}, {"contained_t": 1.0}], "reserves": WORLD}, "contested"),
    ("rank-among-countries", RANKED, {"country_profile": gdp(KAZ=3, UZB=2, TKM=1)}, "supported"),
    ("rank-among-countries", RANKED, {"country_profile": gdp(KAZ=1, UZB=2, TKM=3, TJK=4)}, "overstated"),
    ("rank-among-countries", RANKED, {"country_profile": gdp(KAZ=3, UZB=1, TKM=2)}, "contested"),
    ("rank-among-countries", RANKED, {"country_profile": gdp(KAZ=3)}, "not_checkable"),
    ("rank-among-countries", {**RANKED, "value": 0.0, "unit": "rank"}, {"country_profile": gdp(KAZ=3, UZB=2)}, "overstated"),
    ("rank-among-countries", {**RANKED, "subjects": ("KAZ",), "value": 2.0, "unit": "rank"},
     {"country_profile": gdp(KAZ=3, UZB=2)}, "understated"),
    ("rank-among-countries", COURTED, {"pledges": [GIVEN, {**GIVEN, "givers": ("KAZ",), "date": "2026"}]}, "supported"),
    ("rank-among-countries", COURTED, {"pledges": [GIVEN, *THREE]}, "overstated"),
    ("rank-among-countries", COURTED, {"pledges": [GIVEN, *PARTS]}, "supported"),
    ("route-against-network", ROUTE, course("AZE", "ARM", "TUR"), "contradicted"),
    ("route-against-network", ROUTE, course("AZE", "TUR"), "supported"),
    ("route-against-network", ROUTE, course("AZE", "GEO"), "contradicted"),
    ("route-against-network", ROUTE, {}, "not_checkable"),
    ("route-against-network", {**ROUTE, "subjects": ("CHN",), "objects": ("DEU",)}, course("AZE", "ARM", "TUR"), "not_checkable"),
    ("best-way-over-a-corridor", WAY, ways(100.0, 200.0), "supported"),
    ("best-way-over-a-corridor", WAY, ways(200.0, 100.0), "contradicted"),
    ("best-way-over-a-corridor", WAY, ways(101.0, 100.0), "contested"),
    ("best-way-over-a-corridor", WAY, ways(100.0, 200.0, "planned"), "contradicted"),
    ("best-way-over-a-corridor", {**WAY, "measure": "days"}, ways(100.0, 200.0), "supported"),
    ("best-way-over-a-corridor", {**WAY, "measure": "cost", "horizon_year": 2030}, ways(200.0, 100.0), "contradicted"),
    ("best-way-over-a-corridor", {**WAY, "measure": "gdp"}, ways(100.0, 200.0), "not_checkable"),
    ("best-way-over-a-corridor", {**WAY, "topic": "D"}, ways(100.0, 200.0), "not_checkable"),
    ("best-way-over-a-corridor", {**WAY, "objects": ("BRA",)}, ways(100.0, 200.0), "not_checkable"),
    ("dated-event", SUMMIT, {"events": [MET]}, "supported"),
    ("dated-event", SUMMIT, {"events": [{**MET, "level": "minister"}]}, "overstated"),
    ("dated-event", SUMMIT, {"events": [{**MET, "effect": "announces"}]}, "overstated"),
    ("dated-event", SUMMIT, {"events": [{**MET, "date": "2016"}]}, "contradicted"),
    ("dated-event", SUMMIT, {}, "not_checkable"),
    ("dated-event", {**SUMMIT, "horizon_year": 2090}, {"events": [MET]}, "not_yet_due"),
    ("first-of-its-kind", FIRST, {"events": [MET]}, "supported"),
    ("first-of-its-kind", FIRST, {"events": [MET, {**MET, "date": "2013-02-01"}]}, "contradicted"),
    ("first-of-its-kind", FIRST, {"events": [MET, {**MET, "date": "2013-02-01", "level": "minister"}]}, "supported"),
    ("first-of-its-kind", FIRST, {"events": [{**MET, "level": "minister"}]}, "overstated"),
    ("first-of-its-kind", {**FIRST, "horizon_year": 2090}, {"events": [MET]}, "not_yet_due"),
    ("first-of-its-kind", FIRST, {}, "not_checkable"),
    ("state-of-relations", TALKS, {"events": [OPENED]}, "supported"),
    ("state-of-relations", TALKS, {"events": [OPENED, {**OPENED, "date": "2009", "effect": "ends"}]}, "contradicted"),
    ("state-of-relations", TALKS, {"events": [{**OPENED, "date": "2026"}]}, "not_checkable"),
    ("state-of-relations", TALKS, {"events": [{**OPENED, "effect": "leaves"}]}, "contradicted"),
    ("state-of-relations", TALKS, {"events": [{**OPENED, "effect": "ends"}, {**OPENED, "date": "2009"}]}, "supported"),
    ("pledge-against-record", GIFT, {"pledges": [GIVEN]}, "not_yet_due"),
    ("pledge-against-record", GIFT, {"pledges": [{**GIVEN, "amount": 35e9}]}, "overstated"),
    ("pledge-against-record", GIFT, {"pledges": [GIVEN], "statements": [OTHER_WORDS]}, "overstated"),
    ("pledge-against-record", GIFT, {"pledges": [GIVEN], "statements": [{**OTHER_WORDS, **SAME_KINDS}]}, "not_yet_due"),
    ("pledge-against-record", PAST, {"pledges": [KEPT]}, "supported"),
    ("pledge-against-record", PAST, {"pledges": [{**KEPT, "realised_amount": 1e9}]}, "overstated"),
    ("pledge-against-record", {**PAST, "comparator": "at_most"}, {"pledges": [{**KEPT, "realised_amount": 1e9}]}, "supported"),
    ("pledge-against-record", GIFT, {}, "not_checkable"),
    ("pledge-against-record", GIFT, {"pledges": [{**GIVEN, "date": "2025-11-20"}]}, "not_checkable"),
    ("pledge-against-record", {**GIFT, "unit": "CNY"}, {"pledges": [GIVEN]}, "not_checkable"),
    ("pledge-against-record", {**GIFT, "value": 120e9}, {"pledges": [GIVEN, *ITEMS]}, "contested"),
    ("pledge-against-record", {**GIFT, "value": 200e9}, {"pledges": [GIVEN, *ITEMS]}, "overstated"),
    ("pledge-against-record", {**GIFT, "comparator": "equals", "horizon_year": None},
     {"pledges": [{**GIVEN, "horizon_year": None}, *ITEMS]}, "supported"),
    ("pledge-against-record", GIFT, {"pledges": [GIVEN], "statements": [{**OTHER_WORDS, "value": 200e9}]}, "not_yet_due"),
    ("pledge-against-record", GIFT, {"pledges": [GIVEN], "statements": [{**OTHER_WORDS, "horizon_year": 2028}]}, "not_yet_due"),
    ("pledge-against-record", {**GIFT, "value": 120e9}, {"pledges": [GIVEN, ITEMS[0]]}, "overstated"),
    ("pledge-against-record", {**GIFT, "sectors": ("mixed",)}, {"pledges": [GIVEN, {**GIVEN, "amount": 2e9}]}, "contested"),
    ("pledge-against-record", {**GIFT, "comparator": "at_most"}, {"pledges": [{**GIVEN, "amount": 2e11}]}, "contradicted"),
    ("pledge-against-record", {**PAST, "value": 1e9, "comparator": "equals", "horizon_year": None},
     {"pledges": [{"amount": 5e9}]}, "understated"),
    ("pledge-beyond-means", BEYOND, {"pledges": [GIVEN], "ties": TRADE}, "supported"),
    ("pledge-beyond-means", BEYOND, {"pledges": [{**GIVEN, "amount": 1e9}], "ties": TRADE}, "contradicted"),
    ("pledge-beyond-means", BEYOND, {"pledges": [{**GIVEN, "amount": 50e9}], "ties": TRADE}, "contested"),
    ("pledge-beyond-means", BEYOND, {"pledges": [GIVEN]}, "not_checkable"),
    ("pledge-beyond-means", BEYOND, {"pledges": [{"amount": 1e9}], "ties": TRADE}, "not_checkable"),
    ("pledge-beyond-means", BEYOND, {}, "not_checkable"),
    ("trend-of-shares", FALLS, {"ties": ties(0.4, 0.2)}, "supported"),
    ("trend-of-shares", FALLS, {"ties": ties(0.2, 0.4)}, "contradicted"),
    ("trend-of-shares", {**FALLS, "comparator": "rises"}, {"ties": ties(0.2, 0.4)}, "supported"),
    ("trend-of-shares", FALLS, {"ties": ties(0.4, 0.2) + ties(0.2, 0.4, measure="exports partner share")}, "contested"),
    ("trend-of-shares", FALLS, {"ties": ties(0.4)}, "not_checkable"),
    ("trend-of-shares", {**FALLS, "measure": "partner_share"},
     {"ties": ties(0.4, 0.2) + ties(0.2, 0.4, measure="arms imports share")}, "supported"),
    ("nearness-of-powers", NEAR, {"country_profile": CAPITALS, "ties": ties(0.4) + ties(0.1, power="USA")}, "supported"),
    ("nearness-of-powers", NEAR, {"country_profile": CAPITALS, "ties": ties(0.1) + ties(0.4, power="USA")}, "contested"),
    ("nearness-of-powers", {**NEAR, "objects": ("USA",), "than": ("RUS",)},
     {"country_profile": CAPITALS, "ties": ties(0.4) + ties(0.1, power="USA")}, "contradicted"),
    ("nearness-of-powers", NEAR, {}, "not_checkable"),
    ("acts-that-follow", PLAN, {"events": [BASE]}, "supported"),
    ("acts-that-follow", PLAN, {"events": [{**BASE, "effect": "demands"}]}, "not_yet_due"),
    ("acts-that-follow", {**PLAN, "horizon_year": 2025}, {"events": [BASE]}, "contradicted"),
    ("acts-that-follow", {**PLAN, "comparator": "none"}, {"events": [BASE]}, "contradicted"),
    ("acts-that-follow", {**PLAN, "comparator": "none"}, {"events": [{**BASE, "date": "2001"}]}, "supported"),
    ("acts-that-follow", {**PLAN, "comparator": "none"}, {}, "not_checkable"),
    ("acts-that-follow", PLAN, {"events": [{**BASE, "targets": ("KGZ",)}]}, "not_checkable"),
    ("acts-that-follow", {**PLAN, "effect": None}, {"events": [{**BASE, "effect": "ends"}]}, "not_yet_due"),
    ("acts-that-follow", {**PLAN, "topic": "Bagrm"}, {"events": [{**BASE, "topic": "Bagram"}]}, "not_checkable"),
    ("acts-that-follow", {**PLAN, "topic": "Bagram"}, {"events": [{**BASE, "topic": "Bagram"}]}, "supported"),
    ("acts-that-follow", {**STATE, "sectors": ("mineral",)}, {"policies": [AIDED], "events": [OF_OLD]}, "not_checkable"),
    ("acts-that-follow", APART, {"events": [{**BASE, "actors": ("RUS",), "targets": ("AFG", "KAZ")}]}, "not_checkable"),
    ("acts-that-follow", APART, {"events": [{**BASE, "actors": ("TUR",), "targets": ("AFG", "KAZ")}]}, "supported"),
    ("acts-that-follow", STATE, {"policies": [AIDED], "events": [OF_OLD]}, "supported"),
    ("acts-that-follow", STATE, {"policies": [{**AIDED, "commodities": ("tin",)}], "events": [OF_OLD]}, "not_yet_due"),
    ("aim-in-own-words", AIM, {"statements": [OWN]}, "supported"),
    ("aim-in-own-words", AIM, {"statements": [{**OWN, "speaker_country": "RUS"}]}, "not_checkable"),
    ("outcome-of-a-question", ASKED, {"judgements": [{**ANSWER, "outcome": "yes"}]}, "supported"),
    ("outcome-of-a-question", ASKED, {"judgements": [{**ANSWER, "outcome": "no"}]}, "contradicted"),
    ("outcome-of-a-question", ASKED, {"judgements": [{**ANSWER, "prediction": "not soon", "expects": "no", "outcome": "no"}]},
     "supported"),
    ("outcome-of-a-question", ASKED, {"judgements": [{**ANSWER, "outcome": "partly"}]}, "contested"),
    ("outcome-of-a-question", ASKED, {"judgements": [{**ANSWER, "expects": None, "outcome": "no"}]}, "not_checkable"),
    ("outcome-of-a-question", ASKED, {"judgements": [{**ANSWER, "outcome": "exceeded"}]}, "not_checkable"),
    ("outcome-of-a-question", ASKED, {"judgements": [{**ANSWER, "outcome": "open", "resolves_by": "2090-12-31"}]}, "not_yet_due"),
]  # fmt: skip
CHAIN: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("irreplaceable-in-the-chain", STOP, {"alone": 0.8, "everyone": 0.9}, "supported"),
    ("irreplaceable-in-the-chain", STOP, {"alone": 0.1, "everyone": 0.2}, "overstated"),
    ("irreplaceable-in-the-chain", STOP, {"alone": 0.1, "everyone": 0.9}, "contested"),
    ("irreplaceable-in-the-chain", {**STOP, "objects": ("MYS",)}, {}, "not_checkable"),
    ("standing-of-a-power", BEHIND, {"USA": (0.1, 0.1), "RUS": (0.4, 0.4)}, "supported"),
    ("standing-of-a-power", BEHIND, {"USA": (0.4, 0.4), "RUS": (0.1, 0.1)}, "contradicted"),
    ("standing-of-a-power", BEHIND, {"USA": (0.0, 0.3), "RUS": (0.2, 0.4)}, "contested"),
    ("standing-of-a-power", BEHIND, {"USA": (0.1, 0.1)}, "contested"),
    ("standing-of-a-power", {**BEHIND, "question": "judgements-1"}, {"USA": (0.1, 0.1), "RUS": (0.4, 0.4)}, "not_yet_due"),
    ("standing-of-a-power", BEHIND, {}, "not_checkable"),
    ("imports-against-delivery", BUY, {"held": 90.0}, "supported"),
    ("imports-against-delivery", BUY, {"held": 1.0}, "overstated"),
    ("imports-against-delivery", BUY, {"held": 20.0}, "contested"),
    ("imports-against-delivery", {**BUY, "subjects": ("JPN",)}, {}, "not_checkable"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "statement", "tables", "verdict"), CASES)
def test_a_rule_follows_the_rows(facts, row, unwritten, rule, statement, tables, verdict):
    found = check(row("statements", **statement), facts(**tables))
    assert (found.rule, found.verdict) == (rule, verdict), found.sentence
    assert not unwritten(found), found.sentence
    assert bool(found.missing) or verdict != "not_checkable"


@pytest.mark.parametrize(
    ("statement", "figure", "times"),
    [(LARGE, lambda v: v.value, 1.2), (RANKED_TONNES, lambda v: v.figures["share"], 1.1)],
)
def test_elements_are_counted_as_oxides_beside_oxides(facts, row, statement, figure, times):
    """A tonne of a lanthanide or yttrium is 1.14 (lutetium) to 1.27 (yttrium) tonnes of its oxide."""
    reserves = [*WORLD, {"country": "CHN", "value": 100.0}]
    shares = []
    for content in ("REO", "element"):
        deposit = {"contained_t": 100.0, "content": content}
        shares.append(
            figure(check(row("statements", **statement), facts(deposits=[deposit], reserves=reserves)))
        )
    assert shares[1] / shares[0] == pytest.approx(times, abs=0.05)


def test_a_late_pledge_says_that_its_rate_is_stated(facts, row):
    made = {"date": "2015", "horizon_year": 2020, "amount": 1e9, "id": "p"}
    said = {**GIFT, "date": "2015-06-01", "value": 1e9, "horizon_year": None}
    late = check(row("statements", **said), facts(pledges=[made]))
    early = check(row("statements", **said), facts(pledges=[{**made, "horizon_year": 2090}]))
    assert "stated, not counted" in late.sentence
    assert "param-pledge-late-half" in late.basis
    assert "param-influence-pledge-years" not in late.basis
    assert "stated, not counted" not in early.sentence
    assert "param-pledge-late-half" not in early.basis


def test_a_part_of_a_pledge_is_no_second_pledge(facts, row):
    pledges = [
        {**GIVEN, "id": "whole"},
        {**GIVEN, "id": "part", "part_of": ("whole",)},
        {**GIVEN, "id": "other"},
    ]
    statement = row("statements", **{**GIFT, "value": None, "comparator": None})
    apart, within = (check(statement, facts(pledges=rows)) for rows in ([pledges[0], pledges[2]], pledges))
    assert (within.value, apart.value) == (2, 2)
    assert "1 more is a part" in within.sentence
    assert "part" in within.basis
    assert "more" not in apart.sentence


def test_rows_that_report_one_reading_are_one(facts, row):
    rows = [{"contained_t": 20.0, "reading": reading} for reading in (1, 1, 2, None)]
    statement = row("statements", **PLACE, value=20.0)
    assert check(statement, facts(deposits=rows)).figures["readings"] == 3
    assert check(statement, facts(deposits=rows[:2])).figures["readings"] == 1


def test_what_is_claimed_is_not_rounded(facts, row):
    said = {**GIFT, "value": 19.45e9, "comparator": "more"}
    found = check(row("statements", **said), facts(pledges=[{**GIVEN, "amount": 17.23e9}]))
    assert found.sentence == "More than 19.45 billion USD is claimed; the record has 17.2 billion USD."


def test_acts_are_told_until_the_horizon(facts, row):
    """An act after the horizon follows too late, and the sentence says up to when acts were looked for."""
    late = {"events": [BASE, {**OF_OLD, "kind": "base"}]}
    within = check(row("statements", **PLAN, horizon_year=2026), facts(**late))
    after = check(row("statements", **PLAN, horizon_year=2025), facts(**late))
    assert (within.verdict, after.verdict) == ("supported", "contradicted")
    assert after.sentence.endswith("from 2025-11-08 to 2025-12-31.")


def test_where_there_is_no_act_words_are_no_more(facts, row):
    words = {**BASE, "effect": "plans"}
    alone, beside = (check(row("statements", **PLAN), facts(events=e)) for e in ([words], [words, BASE]))
    assert "; 1 was only announced" in alone.sentence
    assert "; 1 more was only announced" in beside.sentence


@pytest.mark.parametrize(("rule", "statement", "figures", "verdict"), CHAIN)
def test_a_rule_follows_the_solved_case(facts, row, solved, rule, statement, figures, verdict):
    open_question = [{**ANSWER, "outcome": "open", "resolves_by": "2090-12-31"}]
    found = check(row("statements", **statement), facts(judgements=open_question), solved(**figures))
    assert (found.rule, found.verdict) == (rule, verdict), found.sentence
    assert check(row("statements", **statement), facts()).missing == ("a solved case",)


def test_every_verdict_that_a_rule_gives_is_tried():
    tried: dict[str, set[str]] = {}
    for rule, _, _, verdict in (*CASES, *CHAIN):
        tried.setdefault(rule, set()).add(verdict)
    assert tried.keys() == {rule.name for rule in RULES}
    assert tried == {rule: {*verdicts.split(), "not_checkable"} for rule, verdicts in GIVEN_BY.items()}


FAR = st.sampled_from(["BRA", "ARG", "NZL", "ZAF"])
DAYS = st.sampled_from(["1999", "2012-06-01", "2015-09-27", "2025-11-06", "2026-02-01"])
AMOUNT = st.floats(1.0, 1e12)
UNRELATED: dict[str, dict[str, Any]] = {
    "events": {
        "date": DAYS, "actors": st.tuples(FAR), "targets": st.tuples(FAR), "topic": st.sampled_from(["football", "relations"]),
        "kind": st.sampled_from(["summit", "base", "treaty"]), "effect": st.sampled_from(["begins", "ends", "meets", "plans"]),
        "level": st.sampled_from([None, "head_of_state"]),
    },
    "pledges": {"date": DAYS, "givers": st.tuples(FAR), "receivers": st.tuples(FAR), "amount": AMOUNT},
    "ties": {"country": FAR, "power": FAR, "value": st.floats(0, 1), "year": st.integers(2014, 2025)},
    "deposits": {"country": FAR, "place": st.just("there"), "contained_t": AMOUNT},
    "reserves": {"country": FAR, "value": AMOUNT},
    "stage_shares": {"country": FAR, "importer": FAR, "value": st.floats(0, 1)},
    "country_profile": {"country": FAR, "gdp_usd": AMOUNT},
    "statements": {"subjects": st.tuples(FAR), "speaker_country": FAR, "asserts": st.just("aim")},
    "judgements": {"outcome": st.just("yes"), "resolves_by": DAYS, "question": st.just("rain?")},
}  # fmt: skip
FACT = st.sampled_from(sorted(UNRELATED)).flatmap(
    lambda name: st.tuples(st.just(name), st.fixed_dictionaries(UNRELATED[name]))
)


@pytest.fixture(scope="module")
def without(facts, row):
    """What each case gives without any further fact."""
    return [check(row("statements", **statement), facts(**tables)) for _, statement, tables, _ in CASES]


@settings(max_examples=12, deadline=None)
@given(FACT)
def test_an_unrelated_fact_changes_no_verdict_of_any_rule(facts, row, without, fact):
    """Facts about other states, whatever they say."""
    relation, cells = fact
    for (_, statement, tables, _), before in zip(CASES, without, strict=True):
        more = facts(**{**tables, relation: [*tables.get(relation, ()), {**cells, "id": "far"}]})
        assert check(row("statements", **statement), more) == before


class Noted(dict[str, Any]):
    """A statement that notes which of its fields are read."""

    def __init__(self, cells):
        super().__init__(cells)
        self.read: set[str] = set()

    def __getitem__(self, name):
        self.read.add(name)
        return super().__getitem__(name)


def test_rules_read_the_fields_that_they_name_and_no_others(facts, row, solved):
    always = {"id", "date", "asserts"}
    read: dict[str, set[str]] = {rule.name: set() for rule in RULES}
    for name, statement, tables, _ in CASES:
        noted = Noted(row("statements", **statement))
        rule_named(name).check(noted, facts(**tables), None)
        read[name] |= noted.read
    for name, statement, figures, _ in CHAIN:
        noted = Noted(row("statements", **statement))
        rule_named(name).check(noted, facts(judgements=[{**ANSWER, "outcome": "open"}]), solved(**figures))
        read[name] |= noted.read
    for rule in RULES:
        assert read[rule.name] - always <= {*rule.needs, *rule.takes}, rule.name
        assert {*rule.needs, *rule.takes} <= read[rule.name], rule.name


def rule_named(name):
    return next(rule for rule in RULES if rule.name == name)


def test_names_of_rules_are_their_own():
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_a_statement_that_fits_no_rule_says_what_it_lacks(facts, row):
    found = check(row("statements"), facts())
    assert (found.rule, found.verdict, found.missing) == ("none", "not_checkable", ("asserts",))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_statement_without_a_needed_field_names_it(facts, row, rule):
    cells = {"asserts": rule.asserts, "first": rule.first, **dict.fromkeys(rule.needs)}
    statement = row("statements", **cells)
    assert rule_of(statement) == rule
    found = check(statement, facts())
    assert found.verdict == "not_checkable"
    assert found.missing == rule.needs

# SPDX-License-Identifier: Apache-2.0
"""Nearness of a power to a country: capitals, borders, organisations in common, bases, votes. Beside the index, not in it.

Distance is the great circle between the capitals on a sphere of the Earth's mean radius.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from ytterby.facts import FactBase
from ytterby.facts.dates import first_day, last_day
from ytterby.influence.figures import DERIVED, NUMBER, Figure, Key
from ytterby.influence.intervals import Interval

Row = Mapping[str, Any]
EARTH_KM = 6371.0088
INDICATORS = ("distance", "border", "organisations", "bases", "votes_together", "votes_apart")
UNITS = {
    "distance": "km", "border": "number", "organisations": "number", "bases": "number",
    "votes_together": "fraction", "votes_apart": "score",
}  # fmt: skip
TOGETHER, IDEAL_POINT = "UNGA vote agreement share", "UNGA ideal point"


def great_circle(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance in km between two places (latitude, longitude in degrees), by the haversine formula."""
    (lat, lon), (lat2, lon2) = (tuple(map(math.radians, place)) for place in (one, other))
    half = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


def nearness(base: FactBase, country: str, power: str, year: int) -> list[Figure]:
    """All indicators of nearness of a pair in a year; profiles are of one date and stand for every year."""
    own, others = _profile(base, country), _profile(base, power)
    keys = {name: Key(country, power, year, name, UNITS[name]) for name in INDICATORS}
    return [
        *_profiled(base, keys, own, others),
        _bases(base, keys["bases"]),
        _together(base, keys["votes_together"]),
        _apart(base, keys["votes_apart"]),
    ]


def _profile(base: FactBase, place: str) -> Row | None:
    return next(iter(base.rows("country_profile", country=place)), None)


def _profiled(base: FactBase, keys: Mapping[str, Key], own: Row | None, other: Row | None) -> list[Figure]:
    if own is None or other is None:
        return [keys[name].missing("no profile") for name in ("distance", "border", "organisations")]
    ids = (own["id"], other["id"])
    places = [(row["lat"], row["lon"]) for row in (own, other)]
    if any(None in place for place in places):
        distance = keys["distance"].missing("no coordinates of a capital")
    else:
        km = great_circle(*places)
        distance = keys["distance"].figure(
            Interval.exact(km), DERIVED, ids, f"{own['capital']} to {other['capital']}"
        )
    members = {other["country"], *(base.row(other["country"])["members"] or ())}
    shared = sorted(_organisations(own) & _organisations(other))
    return [
        distance,
        keys["border"].figure(Interval.exact(float(bool(members & set(own["borders"] or ())))), DERIVED, ids),
        keys["organisations"].figure(Interval.exact(float(len(shared))), DERIVED, ids, ", ".join(shared)),
    ]


def _organisations(profile: Row) -> set[str]:
    """Organisations of which the state is a full member; a status in brackets that is not membership does not count."""
    names = profile["memberships"] or ()
    return {name for name in names if not re.search(r"\((?!compliant|candidate country\)$)", name)} | {
        name.partition(" (")[0] for name in names if "(compliant" in name
    }


def _bases(base: FactBase, key: Key) -> Figure:
    """Bases open at any time of the year; none in the fact base is a zero of the fact base, and says so."""
    first, last = f"{key.year}-01-01", f"{key.year}-12-31"
    powers = {key.power, *(base.row(key.power)["members"] or ())}
    rows = [
        row
        for row in base.rows("bases", country=key.country)
        if row["power"] in powers
        and first_day(row["opened"]) <= last
        and (not row["closed"] or last_day(row["closed"]) >= first)
    ]
    note = "; ".join(row["name"] for row in rows) or "none in the fact base"
    return key.figure(Interval.exact(float(len(rows))), NUMBER, [row["id"] for row in rows], note)


def _together(base: FactBase, key: Key) -> Figure:
    rows = base.rows(
        "influence", influenced=key.country, influencer=key.power, year=key.year, measure=TOGETHER
    )
    if not rows:
        return key.missing("no agreement of votes of the pair in the year")
    return key.figure(Interval.exact(rows[0]["value"]), NUMBER, [rows[0]["id"]])


def _apart(base: FactBase, key: Key) -> Figure:
    """Distance of ideal points."""
    found = [
        base.rows("influence", influenced=place, year=key.year, measure=IDEAL_POINT)
        for place in (key.country, key.power)
    ]
    if not all(found):
        return key.missing("no ideal point of both in the year")
    one, other = (rows[0] for rows in found)
    return key.figure(Interval.exact(abs(one["value"] - other["value"])), DERIVED, (one["id"], other["id"]))

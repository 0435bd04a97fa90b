# SPDX-License-Identifier: Apache-2.0
"""Embassies, accords, deliveries of arms; who is first by the own index; the published index inside the own interval."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from ytterby.influence import leads, shares, version
from ytterby.influence.formal import Formal, stock_of
from ytterby.influence.own import own_capacity
from ytterby.influence.shares import ties_of

SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "samples" / "fbic" / "fbic_dyads.csv"
POWERS = ("USA", "CHN", "RUS", "TUR", "IRN")


@pytest.fixture(scope="module")
def ties(base):
    return ties_of(base)


@pytest.mark.parametrize(("year", "published"), [(2006, 29.4), (2008, 28.6)])
def test_the_stock_of_arms_is_the_published_one(base, year, published):
    """Turkmenistan's arms imports in service as the public extract has them, from the register's deliveries."""
    assert stock_of(base.rows("arms", country="TKM"), year) == pytest.approx(published)


def test_published_stocks_are_those_of_the_extract(base):
    if not SAMPLE.exists():
        pytest.skip("the published rows are not beside this checkout")
    with SAMPLE.open(encoding="utf-8", newline="") as stream:
        rows = [
            row for row in csv.DictReader(stream) if row["iso3b"] == "TKM" and row["year"] in {"2006", "2008"}
        ]
    assert len(rows) == 2
    for row in rows:
        found = stock_of(base.rows("arms", country="TKM"), int(row["year"]))
        assert found == pytest.approx(float(row["allarmsimportstockb"]), abs=1e-5)


def test_arms_lose_a_tenth_of_their_value_a_year():
    rows = [{"year": 2010, "value": 10.0}]
    assert [stock_of(rows, year) for year in (2009, 2010, 2011, 2019, 2020)] == pytest.approx(
        [0, 10, 9, 1, 0]
    )


def test_who_delivered_nothing_has_a_true_zero_and_what_is_not_covered_is_missing(ties):
    assert ties.figure("KAZ", "IRN", 2023, "arms_stock").value == 0
    assert ties.figure("KAZ", "IRN", 2023, "arms_stock").basis
    assert ties.figure("KAZ", "RUS", 2024, "arms_stock").state == "missing"
    assert ties.figure("ARM", "RUS", 2023, "arms_stock").state == "missing"
    assert ties.figure("KAZ", "RUS", 2023, "arms_stock_share").value == pytest.approx(0.91, abs=0.01)


@pytest.fixture
def accord():
    def make(id_, force, kinds, parties, opened="2000-01-01", closed=None):
        return {
            "id": id_, "name": id_, "force": force, "kinds": kinds, "parties": parties, "opened": opened, "closed": closed,
        }  # fmt: skip

    return make


KINDS = (
    {"id": "small", "term": "agreements", "points": 1.0},
    {"id": "large", "term": "agreements", "points": 20.0},
    {"id": "help", "term": "alliance", "points": 75.0},
)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("a", "in_force", ("small",), ("AAA", "BBB"))], (1, 1, 21)),
        ([("a", "in_force", ("small", "large"), ("AAA", "BBB", "CCC"))], (20, 21, 21)),
        ([("a", "in_force", ("small",), ("AAA", "BBB")), ("b", "excluded", ("large",), ("AAA",))], (1, 1, 1)),
        (
            [("a", "in_force", ("large",), ("AAA", "BBB")), ("b", "excluded", ("large",), ("AAA",))],
            (20, 20, 21),
        ),
        ([("b", "excluded", ("small", "large"), ("BBB", "AAA"))], (0, 0, 0)),
        ([("b", "excluded", ("small", "large"), ("BBB", "CCC"))], None),
        ([("a", "in_force", ("small",), ("AAA", "CCC"))], None),
        ([("a", "in_force", ("help",), ("AAA", "BBB"))], None),
        ([("a", "in_force", ("small",), ("AAA", "BBB"), "2000-01-01", "2019-12-31")], None),
        ([("a", "in_force", ("small",), ("AAA", "BBB"), "2021-01-01")], None),
    ],
)
def test_accords_in_force_add_and_what_is_excluded_does_not(accord, rows, expected):
    """Known kinds are the value, the weightiest of them the least, and what nothing excludes is open."""
    formal = Formal(accords=tuple(accord(*row) for row in rows), kinds=KINDS)
    assert formal.figure("AAA", "BBB", 2020, "agreements").interval == expected


def test_one_embassy_leaves_the_other_open():
    mission = {
        "id": "m",
        "sender": "BBB",
        "host": "AAA",
        "level": 1.0,
        "opened": "2000-01-01",
        "closed": None,
    }
    one = Formal(missions=(mission,))
    assert one.figure("AAA", "BBB", 2020, "representation").interval == (0.5, 0.5, 1)
    both = Formal(missions=(mission, {**mission, "id": "n", "sender": "AAA", "host": "BBB"}))
    assert both.figure("AAA", "BBB", 2020, "representation").interval == (1, 1, 1)
    assert one.figure("AAA", "BBB", 1999, "representation").state == "missing"
    assert one.figure("AAA", "CCC", 2020, "representation").state == "missing"


# ------------------------------------------------------------------------------------------------ the index from all of it


@pytest.fixture(scope="module")
def published(base):
    rows = base.rows("influence", influencer="RUS", influenced="UZB", year=2019)
    return {row["measure"].removeprefix("FBIC "): row["value"] for row in rows}


def test_the_published_index_of_russia_in_uzbekistan_lies_inside_the_own_interval(base, ties, published):
    """The one published pair of a power and a state of the region; nothing of it feeds the own index but two embassies."""
    own = own_capacity(ties, version(base), "UZB", "RUS", 2019)
    assert own.index.low < published["FBIC"] < own.index.high
    for name in ("dependence", "politicalbandwidth", "economicdependence"):
        interval = own.capacity.figures[name]
        assert interval.low < published[name] < interval.high, name


def test_without_what_the_published_data_did_not_know_every_part_lies_inside(base, published):
    """Missiles and air defence that the register has since added, and the free trade area that the data set leaves out."""
    arms = [
        r for r in base.tables["arms"] if (r["country"], r["power"]) != ("UZB", "RUS") or r["year"] == 2019
    ]
    accords = [r for r in base.tables["accords"] if "UZB" not in r["parties"] or "regional" not in r["kinds"]]
    then = replace(base, tables={**base.tables, "arms": tuple(arms), "accords": tuple(accords)})
    own = own_capacity(ties_of(then), version(then), "UZB", "RUS", 2019)
    for name in ("bandwidth", "politicalbandwidth", "economicbandwidth", "securitybandwidth", "dependence"):
        interval = own.capacity.figures[name]
        assert interval.low < published[name] < interval.high, name


def test_a_share_of_the_weapons_stock_is_a_bound_in_every_year(base, ties):
    """Years without arms of the power must not push the year with arms out of the mean."""
    own = own_capacity(ties, version(base), "UZB", "TUR", 2019)
    found = own.capacity.contributions["arms_to_stock"]
    assert found.low == 0 < found.high


def test_russia_is_first_for_certain_where_its_lowest_is_above_every_highest(base):
    found = {
        one.country: one
        for one in leads(base, ["KAZ", "KGZ", "UZB"], POWERS, 2024)
        if one.indicator == "index"
    }
    assert (found["KAZ"].first, found["KGZ"].first) == ("RUS", "RUS")
    assert found["UZB"].first is None
    assert set(found["UZB"].candidates) == {"CHN", "RUS"}
    assert all(base.row(id_) for id_ in found["UZB"].basis)


def first_of(base, countries, powers=POWERS):
    return {
        one.country: (one.first, set(one.candidates))
        for one in leads(base, countries, powers, 2024)
        if one.indicator == "index"
    }


def test_what_an_accord_is_ruled_out_for_is_no_candidate(base):
    """Iran has no free trade with Tajikistan; with that open it could be first there."""
    assert first_of(base, ["TJK"])["TJK"] == (None, {"CHN", "RUS"})
    open_again = [row for row in base.tables["accords"] if row["id"] != "excluded-tjk-irn"]
    other = replace(base, tables={**base.tables, "accords": tuple(open_again)})
    assert first_of(other, ["TJK"])["TJK"] == (None, {"CHN", "RUS", "IRN"})


def test_china_s_aid_keeps_it_open_who_is_first(altered, tie):
    rows = [
        tie(f"tie-aid-{country}-{year}", country, "CHN", "aid", year, 0.0, unit="USD")
        for country in ("TJK", "UZB")
        for year in (2022, 2023, 2024)
    ]
    found = first_of(altered(ties=rows), ["TJK", "UZB"])
    assert {country: first for country, (first, _) in found.items()} == {"TJK": "RUS", "UZB": "RUS"}


def test_without_arms_accords_and_embassies_nobody_is_first(base):
    gone = replace(base, tables={**base.tables, "arms": (), "accords": (), "missions": ()})
    found = [one for one in leads(gone, ["KAZ"], POWERS, 2024) if one.indicator == "index"]
    assert [one.first for one in found] == [None]


def test_a_group_of_states_has_no_index(base):
    found = {f.indicator: f for f in shares(base, ["KAZ"], ["EUU", "USA"], 2024) if f.power == "EUU"}
    assert (found["index"].state, found["index"].note) == ("missing", "a group of states")
    assert "index_share" not in found


def test_any_state_can_be_a_power(base):
    found = {f.indicator: f for f in shares(base, ["KAZ"], ["PRT"], 2024, ["USA", "CHN"])}
    assert found["transit"].value == 0
    assert found["debt"].state == "missing"

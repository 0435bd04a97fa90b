"""The influence index: published rows, missing terms, monotonicity."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.errors import FactError
from ytterby.influence import Interval, capacity, version, working_columns

SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "samples" / "fbic" / "fbic_dyads.csv"
CARRIED = Path(__file__).resolve().parents[1] / "data" / "published_influence.csv"
NEAR = 1e-6
RUSSIA_IN_UZBEKISTAN_2019 = {
    "norm_lor_avg_ma": 1.0, "norm_igos_ma": 0.4090682, "norm_tradeagreement_ma": 0.5844139,
    "norm_lntotaltrade_ma": 1.0730163, "norm_allianceindex_ma": 2.9699261, "norm_armstotalstock_ma": 1.7445733,
    "aidabgdpb_ma": 0.0000699738, "aidaballaidb_ma": 0.0094657, "totaltradeabgdpb_ma": 4.6468131,
    "totaltradeaballtradeb_ma": 19.6359495, "armimportstockabmilstockb_ma": 6.8398196,
    "armsimportsstockaballimstockb_ma": 9.5923258,
}  # fmt: skip
PUBLISHED = {
    "FBIC": "fbic", "FBIC bandwidth": "bandwidth", "FBIC dependence": "dependence",
    "FBIC politicalbandwidth": "politicalbandwidth", "FBIC economicbandwidth": "economicbandwidth",
    "FBIC securitybandwidth": "securitybandwidth", "FBIC economicdependence": "economicdependence",
    "FBIC securitydependence": "securitydependence",
}  # fmt: skip


@pytest.fixture(scope="module")
def versions(base):
    return {name: version(base, name) for name in ("base", "plus")}


def rows_of(file):
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def sample():
    if not SAMPLE.exists():
        pytest.skip("the published rows are not beside this checkout")
    return rows_of(SAMPLE)


def test_russia_in_uzbekistan_as_the_fact_base_carries_it(base, versions):
    """The one pair of power and region whose working columns are published."""
    found = capacity(versions["base"], RUSSIA_IN_UZBEKISTAN_2019)
    rows = base.rows("influence", influencer="RUS", influenced="UZB", year=2019)
    published = {PUBLISHED[row["measure"]]: row["value"] for row in rows if row["measure"] in PUBLISHED}
    assert set(published) == set(PUBLISHED.values())
    for name, value in published.items():
        assert found.figures[name].is_exact
        assert found.figures[name].value == pytest.approx(value, abs=NEAR), name


def check_published(version, rows):
    """Every published figure to 1e-6, and none of them counts as open; returns how many there were."""
    checked = 0
    for row in rows:
        found = capacity(version, row)
        for figure, interval in found.figures.items():
            published = row[figure]
            if published:
                assert figure not in found.open, (figure, row["dyadyearid"])
                assert interval == pytest.approx((float(published),) * 3, abs=NEAR), (
                    figure,
                    row["dyadyearid"],
                )
                checked += 1
    return checked


@pytest.mark.parametrize(("name", "least"), [("base", 7000), ("plus", 2000)])
def test_published_rows_follow_from_their_working_columns(versions, sample, name, least):
    assert check_published(versions[name], sample) > least


@pytest.mark.parametrize(("name", "count"), [("base", 132), ("plus", 94)])
def test_a_dozen_published_rows_do_so_everywhere(versions, name, count):
    """Twelve rows of the extract: early and late, without trade, with alliance or arms, with and without the extended version."""
    assert check_published(versions[name], rows_of(CARRIED)) == count


@pytest.mark.parametrize("name", ["base", "plus"])
def test_raw_terms_scale_to_the_published_ones(versions, sample, name):
    """Before averaging: each raw bandwidth term times its scale, and each percentage as it stands."""
    for row in sample[:200]:
        columns = working_columns(versions[name], [row])
        for term in versions[name].terms:
            scaled = term.column.replace("_ma", "") if term.part == "bandwidth" else term.raw
            published, own = row[scaled], columns[term.column]
            if published:
                assert own is not None
                assert own.value == pytest.approx(float(published), rel=1e-5, abs=NEAR), scaled


def test_a_mean_counts_the_years_that_have_the_term(versions):
    rows: list[dict[str, object]] = [{"lor_avg": 1.0}, {"lor_avg": ""}, {"lor_avg": 0.5}]
    assert working_columns(versions["base"], rows)["norm_lor_avg_ma"] == Interval.exact(0.75)
    assert working_columns(versions["base"], [{}])["norm_lor_avg_ma"] is None


def test_what_is_missing_is_named_and_leaves_other_parts_exact(versions):
    columns = {**RUSSIA_IN_UZBEKISTAN_2019, "aidabgdpb_ma": "NA"}
    found = capacity(versions["base"], columns)
    assert found.missing == ("aid_to_output",)
    assert found.open == {
        "economicdependence", "dependence", "dependence_nonnorm", "fbic", "fbic_nonnorm",
    }  # fmt: skip
    assert found.figures["bandwidth"].is_exact
    assert found.figures["dependence"].low < found.figures["dependence"].high


@pytest.mark.parametrize(
    "cell",
    [None, "", " ", "NA", "NaN", "NAN", ".", float("nan"), np.float32("nan"), Decimal("nan"), pd.NA],
)
def test_nothing_is_missing_in_whichever_way_a_table_says_so(versions, cell):
    found = capacity(versions["base"], {**RUSSIA_IN_UZBEKISTAN_2019, "norm_lor_avg_ma": cell})
    assert found.missing == ("representation",)


@pytest.mark.parametrize(
    "cell", ["many", "-1", float("inf"), Interval(2.0, 1.0, 0.0), Interval(0.0, 2.0, 1.0), [1.0], "1,5"]
)
def test_a_cell_that_is_no_working_column_is_refused(versions, cell):
    with pytest.raises(FactError, match="norm_lor_avg_ma"):
        capacity(versions["base"], {**RUSSIA_IN_UZBEKISTAN_2019, "norm_lor_avg_ma": cell})


def test_no_tie_at_all_is_no_influence_and_highest_terms_are_never_below_a_published_one(versions, sample):
    for of in versions.values():
        nothing = capacity(of, {term.column: 0 for term in of.terms})
        assert set(nothing.figures.values()) == {Interval.exact(0.0)}
        for term in of.terms:
            cells = [float(row[term.column]) for row in sample if row[term.column]]
            assert max(cells) <= term.highest * (1 + 1e-6), term.id


def test_an_unknown_version_is_refused(base):
    with pytest.raises(FactError, match="base, plus"):
        version(base, "extended")


@settings(max_examples=40)
@given(data=st.data())
def test_missing_terms_widen_and_more_of_a_term_never_lowers(versions, data):
    """Taking a term away keeps the old figure inside; raising one never lowers the index."""
    of = versions[data.draw(st.sampled_from(["base", "plus"]))]
    columns = {t.column: data.draw(st.floats(0, 1)) * t.highest for t in of.terms}
    index = f"fbic{of.suffix}"
    known = capacity(of, columns)
    lost = data.draw(st.sets(st.sampled_from([t.column for t in of.terms]), min_size=1))
    fewer = capacity(of, {c: v for c, v in columns.items() if c not in lost})
    for name, interval in fewer.figures.items():
        assert interval.low <= known.figures[name].low + 1e-12
        assert interval.high >= known.figures[name].high - 1e-12
    term = data.draw(st.sampled_from(of.terms))
    more = capacity(of, {**columns, term.column: columns[term.column] * 1.5 + 0.01})
    assert more.figures[index].value >= known.figures[index].value

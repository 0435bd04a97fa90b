"""One-stage minerals: rules of reading, two countries by hand, and every mineral of the shipped facts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ytterby.chain import DEMAND, MINE, PROCESS, TRADE, incidence
from ytterby.errors import ModelError
from ytterby.facts import load
from ytterby.programme import Solution, solve
from ytterby.reconcile import reconcile
from ytterby.study.minerals import REFERENCE, STOP, market_of, mineral_stop, prepare_mineral
from ytterby.supply.code_rows import (
    BY_VALUE,
    CONTENT,
    NO_QUANTITY,
    OUTLIER,
    UNREADABLE,
    mean_unit_value,
    read_code,
    weighted_median,
)  # fmt: skip
from ytterby.supply.one_stage import OTHER_SOURCES, gather_one_stage, minerals_available, steady_growth
from ytterby.supply.parameters import Parameters
from ytterby.supply.solving import Change, State, solve_years, year_programme

YEAR = 2024
CODE: dict[str, Any] = {
    "id": "hs-990000-ore", "code": "990000", "commodity": "ore", "form": "concentrate", "role": "main", "note": None,
    "share_low": 1.0, "share": 1.0, "share_high": 1.0, "content_low": 0.3, "content": 0.3, "content_high": 0.3,
}  # fmt: skip


def trade_row(exporter, importer, quantity, value):
    return {
        "id": f"baci-990000-{YEAR}-{exporter}-{importer}", "code": "990000", "exporter": exporter,
        "importer": importer, "quantity_t": quantity, "value_kusd": value,
    }  # fmt: skip


class TwoCountries:
    """Facts about one ore that Chile mines and sells to Japan."""

    def __init__(self, mined, gross):
        mine = {
            "id": "wmd-ore-CHL", "commodity": "ore", "country": "CHL", "year": YEAR, "value": mined, "low": None,
            "high": None, "unit": "t", "content": "element", "confidence": "reported",
        }  # fmt: skip
        states = [{"id": name, "kind": "state"} for name in ("CHL", "JPN")]
        self.tables = {"world_mining": [mine], "hs_codes": [CODE], "countries": states, "observations": []}
        self.flows = [trade_row("CHL", "JPN", gross, gross * 2.0)]

    def rows(self, relation, **equals):
        return [row for row in self.tables[relation] if all(row[k] == v for k, v in equals.items())]

    def row(self, name):
        return next(row for row in self.tables["world_mining"] if row["id"] == name)

    def trade(self, codes, years):
        return self.flows if "990000" in codes and YEAR in years else []


@pytest.fixture(scope="module")
def parameters(base):
    return Parameters.of(base)


@pytest.fixture(scope="module")
def available(base, parameters):
    return dict(minerals_available(base, parameters, YEAR))


@pytest.fixture(scope="module")
def prepared(base, available):
    """Every available mineral, reconciled."""
    names = [name for name, reason in available.items() if not reason]
    return {name: prepare_mineral(base, name, YEAR, ("USA", "CHN")) for name in names}


def two_countries(parameters, mined, gross):
    facts: Any = TwoCountries(mined, gross)
    gathered = gather_one_stage(facts, parameters, "ore", YEAR, ())
    balanced = reconcile(gathered.activities, YEAR, gathered.price_values)
    return gathered, {
        (a.kind, a.name, a.place): x for a, x in zip(balanced.activities, balanced.flows, strict=True)
    }


def test_evidence_without_conflict_stays_as_it_is(parameters):
    gathered, flows = two_countries(parameters, mined=100.0, gross=200.0)
    assert flows == pytest.approx(
        {
            (MINE, MINE, "CHL"): 100.0, (TRADE, TRADE, "CHL"): 60.0,
            (DEMAND, "use", "CHL"): 40.0, (DEMAND, "use", "JPN"): 60.0,
        }
    )  # fmt: skip
    assert gathered.prices["ore"].value == pytest.approx(1000 * 2.0 / 0.3)
    assert gathered.prices["ore"].basis == ("hs-990000-ore", "baci-990000-2024-CHL-JPN")


def test_conflict_is_settled_by_weights(parameters):
    """Chile sells 130 t of the 100 t it mines: nothing is left for its use, and three figures of one flow are averaged."""
    _, flows = two_countries(parameters, mined=100.0, gross=130.0 / 0.3)
    weights = np.array([(0.08 * 100) ** -2, (0.15 * 130) ** -2, (0.5 * 130) ** -2])
    mean = weights @ [100.0, 130.0, 130.0] / weights.sum()
    assert flows[MINE, MINE, "CHL"] == pytest.approx(mean)
    assert flows[DEMAND, "use", "JPN"] == pytest.approx(mean)
    assert (DEMAND, "use", "CHL") not in flows


def test_sales_far_beyond_output_have_other_sources(parameters):
    gathered, flows = two_countries(parameters, mined=100.0, gross=250.0 / 0.3)
    assert flows[PROCESS, OTHER_SOURCES, "CHL"] == pytest.approx(150.0)
    assert flows[TRADE, TRADE, "CHL"] == pytest.approx(250.0)
    assert any("trade under its codes is 250% of production" in note for note in gathered.notes)


def test_odd_rows_are_kept_out_with_a_reason(parameters):
    rows = [
        trade_row("CHL", "JPN", 1000.0, 2000.0), trade_row("PER", "JPN", None, 7.0),
        trade_row("PER", "USA", 1.0, 41.0), trade_row("USA", "JPN", 100.0, 9.0), trade_row("AUS", "JPN", 10.0, 390.0),
    ]  # fmt: skip
    read = read_code(rows, CODE, parameters)
    assert {out.row[-7:]: out.rule for out in read.excluded} == {
        "PER-JPN": NO_QUANTITY, "PER-USA": OUTLIER, "USA-JPN": OUTLIER,
    }  # fmt: skip
    assert all("USD/kg" in out.reason or "nothing is filled in" in out.reason for out in read.excluded)
    assert {r.exporter: r.tonnes for r in read.readings} == pytest.approx({"CHL": 300.0, "AUS": 3.0})
    assert sum(rule.rows for rule in read.report) == len(rows)
    assert sum(rule.tonnes_share for rule in read.report) == pytest.approx(1.0)
    assert sum(rule.value_share for rule in read.report) == pytest.approx(1.0)


def test_a_code_whose_value_is_mostly_kept_out_is_not_read(parameters):
    rows = [trade_row("CHL", "JPN", 1000.0, 10.0), trade_row("USA", "JPN", 1.0, 300.0)]
    read = read_code(rows, CODE, parameters)
    assert read.readings == ()
    assert {out.rule for out in read.excluded} == {OUTLIER, UNREADABLE}


def test_unit_value_decides_where_content_is_wide(parameters):
    code = {**CODE, "content_low": 0.1, "content": 0.3, "content_high": 0.9}
    rows = [
        trade_row("COD", "CHN", 90.0, 450.0), trade_row("FIN", "USA", 10.0, 550.0), trade_row("ZMB", "CHN", 1.0, 0.5),
    ]  # fmt: skip
    read = read_code(rows, code, parameters)
    mean = 1000.5 / 101
    contents = [
        reading.tonnes / row["quantity_t"] for reading, row in zip(read.readings, read.kept, strict=True)
    ]
    assert contents == pytest.approx([0.3 * 5 / mean, 0.9, 0.1])
    assert {reading.rule for reading in read.readings} == {BY_VALUE}
    assert {reading.rule for reading in read_code(rows, CODE, parameters).readings} == {CONTENT}


def test_weighted_median_and_price():
    rows = [
        trade_row("CHL", "JPN", 10.0, 10.0),
        trade_row("PER", "JPN", 30.0, 90.0),
        trade_row("AUS", "JPN", 1.0, 99.0),
    ]
    assert weighted_median(rows) == 3.0
    assert weighted_median([]) == 0.0


def test_price_range_is_that_of_the_content(parameters):
    code = {**CODE, "content_low": 0.25, "content_high": 0.5}
    price = mean_unit_value([read_code([trade_row("CHL", "JPN", 100.0, 50.0)], code, parameters)])
    assert (price.low, price.value, price.high) == pytest.approx((1000.0, 500 / 0.3, 2000.0))


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gallium", "no HS code"), ("indium", "no HS code"), ("potash", "no HS code"), ("rhenium", "no HS code"),
        ("germanium", "no longer used"), ("natural_gas", "counted in m3"), ("dy", "no production"),
        ("beryllium", "do not tell what is traded"), ("rare_earths", "several stages"),
    ],
)  # fmt: skip
def test_what_is_not_available_says_why(available, base, parameters, name, reason):
    assert reason in available[name]
    with pytest.raises(ModelError, match=reason):
        gather_one_stage(base, parameters, name, YEAR, ())


def test_the_critical_minerals_are_available(available):
    wanted = {
        "copper", "tungsten", "antimony", "graphite", "cobalt", "lithium", "manganese", "tin", "uranium", "vanadium",
        "bismuth", "tellurium", "titanium", "fluorspar", "barite", "zinc", "nickel", "chromium", "platinum", "niobium",
    }  # fmt: skip
    assert {name for name in wanted if available[name]} == set()
    assert sum(not reason for reason in available.values()) >= 45


def test_every_mineral_balances(prepared):
    for name, mineral in prepared.items():
        for year in (mineral.base_year, mineral.apart):
            A = incidence(year.activities, year.balances)
            gap = np.abs(A @ year.flows) / (abs(A) @ year.flows)
            assert gap.max() < 1e-9, name
            assert (year.flows > 0).all(), name


def test_a_billion_tonnes_beside_a_thousand_balance(base):
    """Iron ore of 2019: standard errors from 90 t to 450 Mt in one programme."""
    balanced = prepare_mineral(base, "iron_ore", 2019, ("USA", "CHN", "DEU")).base_year
    assert balanced.imbalance < 1e-9
    assert balanced.flows.sum() > 1e9


def test_every_base_year_returns_from_other_prices(prepared, parameters):
    for name, mineral in prepared.items():
        market = market_of(mineral, parameters, new_links=False)
        programme = year_programme(
            market, State.start(market), np.ones(len(market.activities)), YEAR, Change()
        )
        away = np.linspace(0.4, 2.5, market.base_prices.size) * market.base_prices
        none = np.zeros(0)
        found = solve(programme, start=Solution(none, away, none, 0.0, 0, 0.0, "start", none))
        assert np.abs(found.x / market.base_flows - 1).max() < 1e-6, name
        assert np.abs(found.price / market.base_prices - 1).max() < 1e-6, name


def test_reconciled_output_keeps_to_its_statistic(prepared):
    """Where trade claims more than the mines give, output moves by less than its error; platinum metals are the worst."""
    moved = {}
    for name, mineral in prepared.items():
        prior = sum(a.prior for a in mineral.gathered.activities if a.kind == MINE)
        moved[name] = _mined(mineral) / prior - 1
    far = {name: round(move, 3) for name, move in moved.items() if abs(move) > 0.08}
    assert set(far) <= {"platinum", "palladium", "rhodium"}, far
    assert max(map(abs, moved.values())) < 0.25, far


@pytest.mark.parametrize(
    ("name", "tolerance"),
    [
        ("copper", 0.02), ("zinc", 0.05), ("tin", 0.06), ("lead", 0.06), ("nickel", 0.02), ("tungsten", 0.1),
        ("molybdenum", 0.12), ("cobalt", 0.13), ("antimony", 0.2), ("graphite", 0.1), ("manganese", 0.08),
        ("aluminium", 0.02), ("bauxite", 0.05), ("zirconium", 0.03), ("fluorspar", 0.07), ("sulfur", 0.05),
    ],
)  # fmt: skip
def test_world_output_is_near_the_other_publisher(base, prepared, name, tolerance):
    """World Mining Data is read; the totals of the Mineral Commodity Summaries are not, and differ by this much."""
    rows = base.rows("figures", commodity=name, country="WLD", statistic="Production", year=YEAR)
    worlds = [row["value"] for row in rows if row["value"] and "efinery" not in row["detail"]]
    assert _mined(prepared[name]) == pytest.approx(worlds[0], rel=tolerance)


@pytest.mark.parametrize(
    ("name", "detail", "tolerance"),
    [
        ("antimony", "Ore and concentrates", 0.1),
        ("bauxite", "Bauxite", 0.12),
        ("chromium", "Chromite (ores and concentrates)", 0.05),
        ("feldspar", "Feldspar", 0.05),
        ("graphite", "All", 0.05),
        ("lithium", "All", 0.05),
        ("manganese", "Manganese ore", 0.1),
        ("niobium", "Ferroniobium and niobium metal", 0.05),
        ("zirconium", "Zirconium ores and concentrates", 0.08),
    ],
)
def test_us_import_shares_are_near_the_published_ones(base, prepared, name, detail, tolerance):
    """The two largest named sources of 2021 to 2024 against the base year, where the code holds what is published."""
    rows = base.rows("figures", commodity=name, statistic="Import sources 2021-2024", detail=detail)
    published = {r["country"]: r["value"] for r in rows if r["value"] is not None and r["country"] != "OTH"}
    shares = _import_shares(prepared[name], "USA")
    for country in sorted(published, key=lambda c: -published[c])[:2]:
        assert shares.get(country, 0.0) == pytest.approx(published[country], abs=tolerance), (country, shares)


def test_reading_is_reported_whole(base, prepared):
    graphite = prepared["graphite"].gathered
    rows = base.trade(["250410", "250490"], [YEAR])
    assert sum(report.rows for report in graphite.read) == len(rows)
    assert len(graphite.excluded) == sum(report.rows for report in graphite.read if not report.kept)
    for code in ("250410", "250490"):
        assert sum(r.value_share for r in graphite.read if r.code == code) == pytest.approx(1.0)


def test_a_stop_leaves_demand_unserved_and_fades(base):
    stop = mineral_stop(base, "graphite", "USA", "CHN", [YEAR, 2025, 2026, 2030, 2040])
    value = {(m.scenario, m.measure, m.year): m.value for m in stop.measures}
    assert value[REFERENCE, "import_share", YEAR] == pytest.approx(0.46, abs=0.05)
    assert value[STOP, "import_share", 2025] == 0.0
    assert 0 < value[STOP, "mined_in_share", 2025] < value[REFERENCE, "mined_in_share", 2025]
    assert value[STOP, "price_ratio", 2025] > value[STOP, "price_ratio", 2040] > 1
    assert 0 < value[STOP, "unserved_share", 2040] < value[STOP, "unserved_share", 2025] < 0.5
    assert STOP in stop.results


def test_tracing_shows_what_direct_shares_hide(base):
    stop = mineral_stop(base, "tungsten", "USA", "CHN", [YEAR, 2025])
    value = {(m.scenario, m.measure, m.year): m.value for m in stop.measures}
    assert value[REFERENCE, "mined_in_share", YEAR] > 2 * value[REFERENCE, "import_share", YEAR]
    assert 0 <= value[REFERENCE, "unknown_origin_share", YEAR] < 0.3


def test_a_supplier_that_sells_nothing_is_noted(base):
    stop = mineral_stop(base, "niobium", "USA", "UZB", [YEAR, 2025])
    assert STOP not in stop.results
    assert "UZB sold none of it there in 2024" in stop.notes


def test_new_links_leave_the_base_year_nearly_alone(prepared, parameters):
    """New links start at a cost above the going price, so the base year hardly moves when they are offered."""
    mineral = prepared["cobalt"]
    result = solve_years(
        market_of(mineral, parameters), [YEAR], steady_growth(parameters, YEAR), scenario="links"
    )
    count = len(mineral.apart.activities)
    fresh = result.years[0].flows[count:].sum() / result.years[0].flows.sum()
    assert fresh < 0.02


def test_earlier_trade_stands_in_for_trade_not_known_yet():
    known = load(as_of="2025-12-31")
    gathered = gather_one_stage(known, Parameters.of(known), "tungsten", YEAR, ("USA",))
    assert any("trade of 2023 stands in for 2024" in note for note in gathered.notes)


def test_the_nearest_known_year_stands_in_for_a_year_to_come(base, parameters):
    notes = gather_one_stage(base, parameters, "tin", YEAR + 1, ("USA",)).notes
    assert {note for note in notes if "stands in" in note} == {
        f"{what} of {YEAR} stands in for {YEAR + 1}, which was not known yet"
        for what in ("production", "trade")
    }


def _mined(mineral):
    year = mineral.base_year
    return sum(float(x) for a, x in zip(year.activities, year.flows, strict=True) if a.kind == MINE)


def _import_shares(mineral, importer):
    year = mineral.base_year
    found: dict[str, float] = {}
    for activity, flow in zip(year.activities, year.flows, strict=True):
        if activity.kind == TRADE and activity.partner == importer:
            found[activity.place] = found.get(activity.place, 0.0) + float(flow)
    return {place: tonnes / sum(found.values()) for place, tonnes in found.items()}

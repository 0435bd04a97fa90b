# SPDX-License-Identifier: Apache-2.0
"""The spine of the main job: the kernel against textbooks, the base year reproduced, answers that move with the facts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from ytterby.programme import Family, Programme, solve
from ytterby.study import answer, load_case
from ytterby.study.run import CENTRAL, elasticities, prepare, solve_scenario
from ytterby.supply.market import calibrate
from ytterby.supply.solving import solve_years


def three_regions(transport: bool) -> Programme:
    """CompEcon demslv14 (Miranda and Fackler 2002, p. 56): demand, supply, then trade between three regions."""
    cost = [[0, 3, 9], [3, 0, 3], [6, 3, 0]]
    columns: list[dict[int, float]] = []
    c: list[float] = []
    q: list[float] = []
    for region, (choke, slope) in enumerate(((42, 2), (54, 3), (51, 1))):
        columns.append({region: -1.0})
        c.append(-choke)
        q.append(slope)
    for region, (first, slope) in enumerate(((9, 1), (3, 2), (18, 1))):
        columns.append({region: 1.0})
        c.append(first)
        q.append(slope)
    if transport:
        for i in range(3):
            for j in range(3):
                if i != j:
                    columns.append({i: -1.0, j: 1.0})
                    c.append(cost[i][j])
                    q.append(1e-7)
    A = sparse.lil_matrix((3, len(columns)))
    for column, entries in enumerate(columns):
        for row, value in entries.items():
            A[row, column] = value
    upper = np.full(len(c), np.inf)
    return Programme(A.tocsc(), np.zeros(3), np.array(c, float), np.array(q, float), upper)


@pytest.mark.parametrize("method", ["newton", "clarabel", "auto"])
def test_spatial_equilibrium_of_miranda_and_fackler(method):
    found = solve(three_regions(True), method=method)
    assert found.price == pytest.approx([24, 27, 30], abs=1e-4)
    assert found.x[3:6] - found.x[:3] == pytest.approx([6, 3, -9], abs=1e-4)
    assert -found.objective == pytest.approx(751.5, abs=1e-3)


def test_autarky_of_miranda_and_fackler():
    found = solve(three_regions(False))
    assert found.price == pytest.approx([20, 23.4, 34.5], abs=1e-6)
    assert found.x[:3] == pytest.approx([11, 10.2, 16.5], abs=1e-6)


@pytest.fixture(scope="module")
def prepared(base):
    case = load_case("central-asia").with_actors()
    return case, prepare(case, base)


def test_every_balance_of_the_base_year_closes(prepared):
    _, ready = prepared
    assert ready.base_year.imbalance <= 1e-9
    assert len(ready.base_year.activities) > 500


@pytest.mark.parametrize("start", [0.5, 3.0])
def test_the_solved_base_year_is_the_reconciled_one(prepared, start):
    _, ready = prepared
    market = calibrate(
        ready.base_year, elasticities(ready.gathered.evidence.parameters), [], ready.gathered.price_values
    )
    moved = replace(market, base_prices=market.base_prices * start)
    result = solve_years(moved, [2024], lambda _activity, _year: 1.0, scenario="base")
    assert result.years[0].flows == pytest.approx(ready.base_year.flows, rel=1e-6)
    assert result.years[0].prices == pytest.approx(ready.base_year.prices, rel=1e-6)


def test_newton_and_clarabel_agree_on_a_real_year(prepared, base, monkeypatch):
    case, ready = prepared
    seen, real = [], Family.solve

    def spy(family, b, c, q, upper, h=None, *rest, **words):
        seen.append(Programme(family.A, b, c, q, upper, family.G, h))
        return real(family, b, c, q, upper, h, *rest, **words)

    monkeypatch.setattr(Family, "solve", spy)
    solve_scenario(case, base, case.scenario("china-stops-all"), ready, years=[2024, 2025, 2026])
    newton, reference = solve(seen[-1], method="newton"), solve(seen[-1], method="clarabel")
    assert newton.objective == pytest.approx(reference.objective, rel=1e-6)


def test_a_ban_makes_its_buyer_no_better_off(prepared, base):
    case, ready = prepared
    years = [2024, 2025, 2026]
    free = solve_scenario(case, base, case.scenario("reference"), ready, years=years)
    shut = solve_scenario(case, base, case.scenario("china-stops-usa"), ready, years=years)
    row = free.result.index["USA", "magnet"], shut.result.index["USA", "magnet"]
    assert shut.result.year(2026).prices[row[1]] > 1.2 * free.result.year(2026).prices[row[0]]


def test_answers_move_with_the_facts(base):
    case = replace(load_case("central-asia"), last_year=2026, report_years=(2024, 2025, 2026))
    before = {a.id: a for a in answer(case, base, variants=()).answers}
    japan = "usitc-import-8505-JPN-2024-number"
    rows = tuple(
        row | {"value": 10 * row["value"]} if row["id"] == japan else row for row in base.tables["us_trade"]
    )
    changed = replace(base, tables={**base.tables, "us_trade": rows})
    after = {a.id: a for a in answer(case, changed, variants=()).answers}
    assert after["bought-magnets"].value < before["bought-magnets"].value - 0.05
    assert after["bought-magnets"].sentence != before["bought-magnets"].sentence
    assert after["claim-readings"].value == before["claim-readings"].value


def test_answers_keep_their_order_and_rest_on_rows(base):
    case = replace(load_case("central-asia"), last_year=2026, report_years=(2024, 2025, 2026))
    first, again = answer(case, base, variants=()), answer(case, base, variants=())
    assert [a.sentence for a in first.answers] == [a.sentence for a in again.answers]
    for found in first.answers:
        assert found.low <= found.value <= found.high
        assert all(base.row(row)["id"] == row for row in found.basis[:40])
    assert CENTRAL.name == "central"

"""Computed figures beside published ones: the page is fresh, each deviation is explained, and the ship's rate is the fit."""

from __future__ import annotations

import numpy as np
import pytest
from tools.build_route_table import PAGE, TABLE, lines, table

from ytterby.routes import Query, best_routes

FITTED = {
    "cstat-0144": ("shanghai", "rotterdam"), "cstat-0145": ("shanghai", "la_lb"),
    "cstat-0146": ("shanghai", "new_york"), "cstat-0147": ("rotterdam", "new_york"),
}  # fmt: skip


def test_the_table_is_fresh_and_every_deviation_explained(base, net):
    (match,) = TABLE.finditer(PAGE.read_text(encoding="utf-8"))
    assert match[0] == f"{match['head']}{table(base, net)}{match['end']}"


def test_a_deviation_without_explanation_is_refused(base, net, monkeypatch):
    bare = [line for line in lines() if line.row == "cstat-0151"]
    monkeypatch.setattr(
        "tools.build_route_table.lines", lambda: [type(bare[0])(*[*vars(bare[0]).values()][:-1])]
    )
    with pytest.raises(SystemExit, match="explain the deviation"):
        table(base, net)


def test_the_rate_of_ships_is_the_least_squares_fit_of_published_rates(base, net):
    payload = net.rates.parameter("routes.payload").interval.mid
    km = [best_routes(net, *ends, Query(2025), 1)[0].km.mid for ends in FITTED.values()]
    rates = [base.row(row)["value"] / payload for row in FITTED]
    slope, voyage = np.polyfit(km, rates, 1)
    assert net.rates.parameter("routes.sea_voyage").interval.mid == pytest.approx(voyage, rel=0.02)
    assert net.rates.parameter("routes.sea_haul").interval.mid == pytest.approx(slope, rel=0.02)

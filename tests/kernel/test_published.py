"""Published equilibria and transport problems, each named after its source."""

from __future__ import annotations

import numpy as np
import pytest

from ytterby.programme import solve

DEMAND = ((42, 2), (54, 3), (51, 1))
SUPPLY = ((9, 1), (3, 2), (18, 1))
COST = ((0, 3, 9), (3, 0, 3), (6, 3, 0))


def net_exports(solution):
    """Supply less demand of each region."""
    return solution.x[:3] - solution.x[3:6]


@pytest.mark.parametrize("slope", [0.0, 1e-8])
def test_pc033_pc034_compecon_demslv14_prices_and_net_exports_with_trade(regions, slope):
    found = solve(regions(DEMAND, SUPPLY, COST, slope))
    assert found.price == pytest.approx([24, 27, 30], abs=1e-4)
    assert net_exports(found) == pytest.approx([6, 3, -9], abs=1e-4)


def test_pc037_compecon_demslv14_net_social_payoff(regions):
    found = solve(regions(DEMAND, SUPPLY, COST))
    assert -found.objective == pytest.approx(751.5, abs=1e-3)


def test_pc035_pc036_compecon_demslv14_autarky(regions):
    found = solve(regions(DEMAND, SUPPLY, COST, trade=False))
    assert found.method == "newton"
    assert found.x[:3] == pytest.approx([11, 10.2, 16.5], abs=1e-6)
    assert found.x[3:] == pytest.approx([11, 10.2, 16.5], abs=1e-6)
    assert found.price == pytest.approx([20, 23.4, 34.5], abs=1e-6)


def test_trade_pays_compared_with_autarky(regions):
    apart = solve(regions(DEMAND, SUPPLY, COST, trade=False))
    assert -apart.objective < 751.5


DANTZIG = ((350, 600), (325, 300, 275), [[0.225, 0.153, 0.162], [0.225, 0.162, 0.126]])


def test_pc067_dantzig_transport_of_message_ix(transport):
    found = solve(transport(*DANTZIG))
    assert found.method == "clarabel"
    assert found.objective == pytest.approx(153.675, abs=1e-6)


def test_dantzig_transport_in_the_limit_of_flat_slopes(transport):
    objectives = []
    for slope in (1e-3, 1e-5, 1e-7):
        problem = transport(*DANTZIG, slope)
        found = solve(problem)
        assert found.method == "newton"
        objectives.append(float(problem.c @ found.x))
    errors = [abs(value - 153.675) for value in objectives]
    assert errors[-1] < 1e-6
    assert errors[0] >= errors[1] - 1e-9


def test_dantzig_transport_prices_of_demand_exceed_those_of_supply_by_the_cost_of_the_ways_used(transport):
    found = solve(transport(*DANTZIG))
    price, flow = found.price, found.x[2:].reshape(2, 3)
    for i in range(2):
        for j in range(3):
            gap = price[2 + j] - price[i] - DANTZIG[2][i][j]
            assert gap <= 1e-6
            assert flow[i, j] * gap == pytest.approx(0, abs=1e-4)


def test_pc068_cannery_of_the_jump_tutorial(transport):
    found = solve(transport((350, 600), (300, 300, 300), [[2.5, 1.7, 1.8], [2.5, 1.8, 1.4]]))
    assert found.objective == pytest.approx(1680, abs=1e-6)


def test_pc046_pc047_murphy_sherali_soyster_five_firms_with_conjectural_variation_in_q(make):
    """Tangents at the published equilibrium; each firm's q carries its mark-up, so Cournot is the solution."""
    cost, beta = np.array([10.0, 8, 6, 4, 2]), np.array([1.2, 1.1, 1.0, 0.9, 0.8])
    published = np.array([36.93251, 41.81814, 43.70658, 42.65924, 39.17895])
    total = published.sum()
    price = (5000 / total) ** (1 / 1.1)
    fall = price / (1.1 * total)
    marginal = cost + (published / 5) ** (1 / beta)
    rise = (marginal - cost) / (beta * published)
    found = solve(
        make(
            A=[[1, 1, 1, 1, 1, -1]],
            b=[0],
            c=[*(marginal - rise * published), -(price + fall * total)],
            q=[*(rise + fall), fall],
        )
    )
    assert found.x[:5] == pytest.approx(published, abs=1e-4)
    assert found.price[0] == pytest.approx(18.30058, abs=1e-4)


def test_pc050_four_complementarity_conditions_of_the_jump_tutorial(make):
    """The conditions of  min (x3 - x4)^2 + x4^2 - 2 x3 - 6 x4  with x3 + x4 <= 2 and 2 x4 - x3 <= 2; x1 and x2 are rents.

    The difference x3 - x4 is the two columns `above` and `below`, so that the cost is separable.
    """
    found = solve(
        make(
            A=[[1, -1, -1, 1]], b=[0], c=[-2, -6, 0, 0], q=[0, 2, 2, 2], upper=[10, 10, np.inf, np.inf],
            G=[[1, 1, 0, 0], [-1, 2, 0, 0]], h=[2, 2],
        )
    )  # fmt: skip
    assert [*found.shared_rent, *found.x[:2]] == pytest.approx([2.8, 0, 0.8, 1.2], abs=1e-3)


def test_pc061_gams_iobalance_nearest_coefficients(make):
    """Miller and Blair 2009, 7.4.2: coefficients with known sums of rows and columns, at least cost sum (a + a0)^2 / a0."""
    old = np.array([[0.120, 0.100, 0.049], [0.210, 0.247, 0.265], [0.026, 0.249, 0.145]])
    flows, total = np.array([[98, 72, 75], [65, 8, 63], [88, 27, 44]]), np.array([421, 284, 283])
    least = 1e-5
    A = np.zeros((6, 9))
    for i in range(3):
        for j in range(3):
            A[i, 3 * i + j] = A[3 + j, 3 * i + j] = total[j]
    sums = np.concatenate([flows.sum(axis=1), flows.sum(axis=0)])
    q = 2 / old.ravel()
    found = solve(make(A, sums - A @ np.full(9, least), 2 + q * least, q))
    assert found.method == "newton"
    assert ((found.x + least + old.ravel()) ** 2 / old.ravel()).sum() == pytest.approx(7.6203, abs=5e-5)

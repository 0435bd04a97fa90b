"""A second solver: HiGHS' quadratic and linear programmes on small ones."""

from __future__ import annotations

import highspy
import numpy as np
import pytest
from scipy import sparse

from ytterby.programme import Programme, solve


def highs(programme):
    """Objective, flows and prices by HiGHS."""
    model = highspy.HighsModel()
    nodes, columns = programme.A.shape
    rows = programme.A if programme.G is None else sparse.vstack([programme.A, programme.G])
    rows = sparse.csc_matrix(rows)
    limit = np.zeros(0) if programme.h is None else programme.h
    lp = model.lp_
    lp.num_col_, lp.num_row_ = columns, rows.shape[0]
    lp.col_cost_ = programme.c
    lp.col_lower_, lp.col_upper_ = np.zeros(columns), programme.upper
    lp.row_lower_ = np.concatenate([programme.b, np.full(limit.size, -np.inf)])
    lp.row_upper_ = np.concatenate([programme.b, limit])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = rows.indptr, rows.indices, rows.data
    if programme.q.any():
        model.hessian_.dim_ = columns
        model.hessian_.format_ = highspy.HessianFormat.kTriangular
        model.hessian_.start_ = np.arange(columns + 1)
        model.hessian_.index_ = np.arange(columns)
        model.hessian_.value_ = programme.q
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(model)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    found = solver.getSolution()
    return solver.getObjectiveValue(), np.array(found.col_value), np.array(found.row_dual)[:nodes]


def drawn(seed, flat, shared):
    """A feasible programme with prices that are unique: sources and sinks at every node, ways between them."""
    random = np.random.default_rng(seed)
    nodes, ways = 4, 8
    A = np.zeros((nodes, 2 * nodes + ways))
    A[:, :nodes], A[:, nodes : 2 * nodes] = np.eye(nodes), -np.eye(nodes)
    for column in range(2 * nodes, 2 * nodes + ways):
        start, end = random.choice(nodes, 2, replace=False)
        A[start, column], A[end, column] = -1, random.uniform(0.6, 1)
    c = np.concatenate(
        [random.uniform(1, 5, nodes), -random.uniform(10, 20, nodes), random.uniform(0, 2, ways)]
    )
    q = np.concatenate([random.uniform(0.5, 2, 2 * nodes), np.full(ways, 0.0 if flat else 0.1)])
    upper = np.concatenate([np.full(2 * nodes, np.inf), random.uniform(0.5, 3, ways)])
    G = np.zeros((1, c.size))
    G[0, 2 * nodes : 2 * nodes + 4] = 1
    return Programme(
        sparse.csc_matrix(A),
        np.zeros(nodes),
        c,
        q,
        upper,
        sparse.csc_matrix(G) if shared else None,
        np.array([1.0]) if shared else None,
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("flat", "shared"), [(False, False), (True, False), (False, True), (True, True)])
def test_highs_finds_the_same_equilibrium(seed, flat, shared):
    programme = drawn(seed, flat, shared)
    found = solve(programme)
    objective, flows, prices = highs(programme)
    assert found.objective == pytest.approx(objective, rel=1e-6)
    assert found.price == pytest.approx(prices, rel=1e-4)
    assert found.x[:8] == pytest.approx(flows[:8], abs=1e-4)


def test_highs_finds_dantzig_s_optimum(transport):
    programme = transport((350, 600), (325, 300, 275), [[0.225, 0.153, 0.162], [0.225, 0.162, 0.126]])
    objective, _, _ = highs(programme)
    assert solve(programme).objective == pytest.approx(objective, rel=1e-8)

"""Shared rows G x <= h drawn at random: tight, loose, empty, doubled, implied and impossible ones, against Clarabel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import linalg, sparse

from ytterby.errors import SolverError
from ytterby.programme import Family, Names, Programme, solve

KINDS = ("tight", "near", "loose", "empty", "doubled", "implied")


def shared_row(random, kind, rows, limits, inside):
    """One more row and its limit; `inside` is a flow that every row lets pass."""
    columns = inside.size
    if kind == "empty":
        return np.zeros(columns), float(random.choice([0.0, 1.0]))
    if kind in {"doubled", "implied"} and rows:
        number = int(random.integers(len(rows)))
        factor = 1.0 if kind == "doubled" else float(random.uniform(0.3, 3))
        return rows[number] * factor, limits[number] * factor + (kind == "implied") * float(
            random.uniform(0, 2)
        )
    row = np.where(
        random.random(columns) < 0.5, random.choice([1.0, 0.5, -1.0], columns, p=[0.6, 0.2, 0.2]), 0.0
    )
    room = {"tight": 0.0, "near": random.uniform(0, 1), "loose": 1e3}.get(kind, 0.5)
    return row, float(row @ inside + room)


@st.composite
def programmes(draw):
    """A feasible network with shared rows: a flow within all bounds makes b and h."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=6))
    nodes, columns = draw(st.integers(1, 6)), draw(st.integers(1, 18))
    A = np.zeros((nodes, columns))
    for column in range(columns):
        touched = random.choice(nodes, size=min(nodes, int(random.integers(1, 4))), replace=False)
        A[touched, column] = random.choice([-1, 1], touched.size) * random.uniform(0.2, 2, touched.size)
    upper = np.where(random.random(columns) < 0.3, random.uniform(0, 5, columns), np.inf)
    inside = np.where(random.random(columns) < 0.3, 0.0, np.minimum(random.uniform(0, 5, columns), upper))
    rows: list[np.ndarray] = []
    limits: list[float] = []
    for kind in kinds:
        row, limit = shared_row(random, kind, rows, limits, inside)
        rows.append(row)
        limits.append(limit)
    q, c = 10 ** random.uniform(-2, 2, columns), random.normal(0, 5, columns)
    names = Names(
        tuple(f"node {i}" for i in range(nodes)), shared=tuple(f"row {i}" for i in range(len(kinds)))
    )
    G = sparse.csc_matrix(np.array(rows))
    return Programme(sparse.csc_matrix(A), A @ inside, c, q, upper, G, np.array(limits), names)


def breach_of(programme, found):
    """Largest breach of the optimality conditions, over the size of costs and flows; written out from the conditions."""
    p, x, y, mu, rent = programme, found.x, found.price, found.shared_rent, found.rent
    reduced = p.c + p.q * x - p.A.T @ y + p.G.T @ mu + rent
    room, end = p.h - p.G @ x, np.where(np.isfinite(p.upper), p.upper - x, 1.0)
    cost = 1 + max(np.abs(p.c).max(), np.abs(y).max(initial=0), mu.max(initial=0), rent.max(initial=0))
    flow = 1 + x.max(initial=0)
    primal = [p.A @ x - p.b, np.minimum(x, 0), np.minimum(p.upper - x, 0), np.minimum(room, 0)]
    dual = [np.minimum(reduced, 0), np.minimum(mu, 0), np.minimum(rent, 0)]
    products = [reduced * x, mu * room, rent * end]
    return max(
        max(np.abs(one).max(initial=0) for one in primal) / flow,
        max(np.abs(one).max(initial=0) for one in dual) / cost,
        max(np.abs(one).max(initial=0) for one in products) / cost / flow,
    )


def unique(programme, found):
    """Which of [prices; shared rents] are unique: those that no change along the free columns and tight rows can move."""
    x, scale = found.x, 1 + found.x.max(initial=0)
    free = (x > 1e-5 * scale) & (x < programme.upper - 1e-5 * scale)
    tight = programme.h - programme.G @ x < 1e-5 * scale
    E = sparse.vstack([programme.A, -programme.G]).toarray()
    moving = np.concatenate([np.ones(programme.b.size, bool), tight])
    null = linalg.null_space(E[moving][:, free].T, rcond=1e-6)
    fixed = ~moving
    fixed[moving] = np.abs(null).max(axis=1, initial=0) < 1e-6
    return fixed


def duals(found):
    return np.concatenate([found.price, found.shared_rent])


def assert_alike(programme, one, other, share=1e-6):
    """Same cost, same flows (every q is positive), and the same prices and rents wherever these are unique."""
    size = np.abs(programme.c) @ other.x + programme.q @ other.x**2
    assert one.objective == pytest.approx(other.objective, rel=share, abs=share * size + 1e-9)
    assert one.x == pytest.approx(other.x, abs=100 * share * (1 + other.x.max()))
    known = unique(programme, one)
    first, second = duals(one)[known], duals(other)[known]
    assert first == pytest.approx(second, abs=1e-3 * (1 + np.abs(second).max(initial=0)))


@given(programmes())
@settings(max_examples=100, deadline=None)
def test_newton_with_shared_rows_finds_what_clarabel_finds(programme):
    found = solve(programme)
    assert breach_of(programme, found) < 1e-7
    assert_alike(programme, found, solve(programme, method="clarabel"))


def test_most_of_them_are_newton_s_own():
    """The comparison would say nothing if Clarabel had solved both sides."""
    seen = []

    @given(programmes())
    @settings(max_examples=60, deadline=None, database=None)
    def look(programme):
        seen.append(solve(programme).method == "newton")

    look()
    assert np.mean(seen) > 0.8


@given(programmes(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_columns_balances_and_shared_rows_changes_nothing(programme, random):
    columns, nodes, rows = (list(range(n.size)) for n in (programme.c, programme.b, programme.h))
    for order in (columns, nodes, rows):
        random.shuffle(order)
    p = programme
    other = Programme(
        p.A[nodes][:, columns].tocsc(), p.b[nodes], p.c[columns], p.q[columns], p.upper[columns],
        p.G[rows][:, columns].tocsc(), p.h[rows],
    )  # fmt: skip
    found, again = solve(p), solve(other)
    back = replace(
        again, x=again.x[np.argsort(columns)], price=again.price[np.argsort(nodes)],
        shared_rent=again.shared_rent[np.argsort(rows)],
    )  # fmt: skip
    assert_alike(p, found, back)


@given(programmes(), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_warm_and_cold_start_agree_while_limits_and_costs_move(programme, seed):
    random = np.random.default_rng(seed)
    family = Family(programme.A, programme.G)
    first = family.solve(programme.b, programme.c, programme.q, programme.upper, programme.h)
    for _ in range(3):
        moved = replace(
            programme, c=programme.c + random.normal(0, 0.5, programme.c.size),
            h=programme.h + random.uniform(0, 0.5, programme.h.size),
        )  # fmt: skip
        warm = family.solve(moved.b, moved.c, moved.q, moved.upper, moved.h, start=first)
        assert breach_of(moved, warm) < 1e-7
        assert_alike(moved, warm, solve(moved))


@given(programmes(), st.sampled_from([1e-6, 1e6]), st.sampled_from([1e-6, 1.0, 1e6]))
@settings(max_examples=40, deadline=None)
def test_units_of_flows_and_money_change_nothing(programme, tonnes, dollars):
    p = programme
    scaled = replace(
        p, b=p.b * tonnes, c=p.c * dollars, q=p.q * dollars / tonnes, upper=p.upper * tonnes, h=p.h * tonnes
    )
    found = solve(scaled)
    back = replace(
        found, x=found.x / tonnes, price=found.price / dollars, shared_rent=found.shared_rent / dollars,
        objective=found.objective / tonnes / dollars,
    )  # fmt: skip
    assert_alike(p, solve(p), back)


@given(programmes(), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_rows_and_columns_in_units_of_their_own_change_nothing(programme, seed):
    """Badly scaled: each balance, shared row and column in its own unit, up to a thousand times larger or smaller."""
    random = np.random.default_rng(seed)
    p = programme
    nodes, rows, columns = (10 ** random.uniform(-3, 3, n.size) for n in (p.b, p.h, p.c))
    into = sparse.diags(columns)
    scaled = replace(
        p, A=(sparse.diags(nodes) @ p.A @ into).tocsc(), b=p.b * nodes, c=p.c * columns, q=p.q * columns**2,
        upper=p.upper / columns, G=(sparse.diags(rows) @ p.G @ into).tocsc(), h=p.h * rows,
    )  # fmt: skip
    found = solve(scaled)
    back = replace(
        found, x=found.x * columns, price=found.price * nodes, shared_rent=found.shared_rent * rows,
        rent=found.rent / columns,
    )  # fmt: skip
    assert breach_of(p, back) < 1e-5
    assert_alike(p, solve(p), back)


@given(programmes(), st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_a_row_that_no_flow_can_meet_is_named(programme, seed):
    """A sum of flows that has to stay below zero cannot be met, whatever the other rows say."""
    assume(programme.h.size < 5)  # a message names the five rows that weigh most
    random = np.random.default_rng(seed)
    row = np.where(random.random(programme.c.size) < 0.5, random.uniform(0.2, 2, programme.c.size), 0.0)
    broken = replace(
        programme, G=sparse.vstack([programme.G, row[None, :]]).tocsc(), h=np.append(programme.h, -1.0),
        names=replace(programme.names, shared=(*programme.names.shared, "the impossible one")),
    )  # fmt: skip
    with pytest.raises(SolverError) as error:
        solve(broken)
    assert "the impossible one" in error.value.found

"""Many programmes on one structure: the same solutions as one by one, in any order, process and thread."""

from __future__ import annotations

import pickle
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from scipy import sparse

from ytterby.errors import ModelError, SolverError
from ytterby.programme import Family, Names, Programme, solve

NODES, WAYS = 6, 20


@pytest.fixture(scope="module")
def drawn():
    """A family with shared rows, and forty draws of its vectors."""
    random = np.random.default_rng(3)
    A = np.zeros((NODES, 2 * NODES + WAYS))
    A[:, :NODES], A[:, NODES : 2 * NODES] = np.eye(NODES), -np.eye(NODES)
    for column in range(2 * NODES, 2 * NODES + WAYS):
        start, end = random.choice(NODES, 2, replace=False)
        A[start, column], A[end, column] = -1, random.uniform(0.6, 1)
    G = np.zeros((2, 2 * NODES + WAYS))
    G[0, 2 * NODES : 2 * NODES + 8] = 1
    G[1, 2 * NODES + 4 : 2 * NODES + 12] = 1
    draws = 40
    c = np.hstack([
        random.uniform(1, 5, (draws, NODES)), -random.uniform(10, 20, (draws, NODES)),
        random.uniform(0, 2, (draws, WAYS)),
    ])  # fmt: skip
    upper = np.concatenate([np.full(2 * NODES, np.inf), random.uniform(0.5, 5, WAYS)])
    vectors = {
        "b": np.zeros(NODES), "c": c, "q": random.uniform(0.5, 2, (draws, 2 * NODES + WAYS)),
        "upper": upper, "h": random.uniform(0.5, 2, (draws, 2)),
    }  # fmt: skip
    return Family(sparse.csc_matrix(A), sparse.csc_matrix(G)), vectors


def one_by_one(family, vectors):
    b, c, q, upper, h = (vectors[name] for name in ("b", "c", "q", "upper", "h"))
    return [
        solve(Programme(family.A, b, c[i], q[i], upper, family.G, h[i]), method="clarabel")
        for i in range(c.shape[0])
    ]


def test_many_are_what_clarabel_finds_one_by_one(drawn):
    family, vectors = drawn
    for one, other in zip(family.solve_many(**vectors), one_by_one(family, vectors), strict=True):
        assert one.method == "newton"
        assert one.residual <= 1e-9
        assert one.x == pytest.approx(other.x, abs=1e-5)
        assert one.price == pytest.approx(other.price, rel=1e-5)
        assert one.shared_rent == pytest.approx(other.shared_rent, abs=1e-4)


def test_how_draws_are_cut_into_chunks_changes_nothing(drawn):
    family, vectors = drawn
    whole = family.solve_many(**vectors)
    cut = [
        found
        for part in (slice(0, 7), slice(7, 40))
        for found in family.solve_many(**{k: v[part] if v.ndim == 2 else v for k, v in vectors.items()})
    ]
    for one, other in zip(whole, cut, strict=True):
        assert one.x == pytest.approx(other.x, abs=1e-8)
        assert one.price == pytest.approx(other.price, rel=1e-8)


def test_from_one_start_the_chunks_agree(drawn):
    family, vectors = drawn
    start = family.solve_many(**vectors)[5]
    whole = family.solve_many(**vectors, start=start)
    last = family.solve_many(**{k: v[33:] if v.ndim == 2 else v for k, v in vectors.items()}, start=start)
    for one, other in zip(whole[33:], last, strict=True):
        assert one.x == pytest.approx(other.x, abs=1e-9)


def test_a_family_travels_and_serves_threads(drawn):
    family, vectors = drawn
    expected = family.solve_many(**vectors)
    again = pickle.loads(pickle.dumps(family))
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: again.solve_many(**vectors), range(8)):
            assert all(np.array_equal(one.x, other.x) for one, other in zip(found, expected, strict=True))


def draws_of(family, vectors):
    """The flows of all draws, from another process."""
    return [found.x for found in family.solve_many(**vectors)]


def test_a_family_serves_processes(drawn):
    family, vectors = drawn
    expected = draws_of(family, vectors)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found = pool.submit(draws_of, family, vectors).result()
    assert all(np.array_equal(one, other) for one, other in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("way", "q", "said"),
    [
        ("by_newton", 1.0, "newton, then clarabel"),
        ("by_proximal_newton", np.array([1.0, 0.0]), "proximal newton, then clarabel"),
    ],
)
def test_where_newton_stalls_clarabel_takes_over_and_the_result_says_so(monkeypatch, way, q, said):
    vectors = {
        "b": np.array([3.0]),
        "c": np.array([1.0, 5.0]),
        "q": q * np.ones(2),
        "upper": np.array([2.0, 9.0]),
    }
    family = Family(sparse.csc_matrix([[1.0, 1.0]]))
    plain = family.solve(**vectors)
    monkeypatch.setattr(f"ytterby.programme.family.{way}", lambda *_: None)
    found = family.solve(**vectors)
    assert (found.method, plain.method) == (said, said.partition(",")[0])
    assert found.x == pytest.approx(plain.x, abs=1e-6)
    assert found.price == pytest.approx(plain.price, abs=1e-6)


def test_the_draw_without_a_solution_is_named():
    family = Family(sparse.csc_matrix([[1.0]]), names=Names(("ore in X",)))
    one = np.ones(1)
    with pytest.raises(SolverError, match=r"draw 1.*ore in X"):
        family.solve_many(np.array([[0.5], [2.0]]), one, one, one)


@pytest.mark.parametrize(("b", "c"), [(np.ones(1), np.ones(1)), (np.ones((2, 1)), np.ones((3, 1)))])
def test_draws_that_do_not_match_are_refused(b, c):
    family = Family(sparse.csc_matrix([[1.0]]))
    with pytest.raises(ModelError, match="draws"):
        family.solve_many(b, c, np.ones(1), np.ones(1))


def test_a_certificate_names_nodes_columns_and_shared_rows():
    names = Names(("ore in X",), ("mine", "pit"), ("line from X",))
    A, G, one = sparse.csc_matrix([[1.0, 1.0]]), sparse.csc_matrix([[0.0, 1.0]]), np.ones(2)
    with pytest.raises(SolverError) as error:
        solve(Programme(A, np.array([3.0]), one, one, np.array([1.0, np.inf]), G, np.ones(1), names))
    assert all(name in error.value.found for name in ("ore in X", "mine", "line from X"))


def test_at_its_own_solution_nothing_is_left_to_do(drawn):
    family, vectors = drawn
    one = {name: vector[0] if vector.ndim == 2 else vector for name, vector in vectors.items()}
    found = family.solve(**one)
    again = family.solve(**one, start=found)
    assert again.iterations == 0
    assert again.x == pytest.approx(found.x, abs=1e-12)


@pytest.mark.parametrize("gone", [True, False])
def test_from_a_start_whose_bounds_are_lifted_or_gone(drawn, gone):
    """Columns at bounds in the start have none any more, or can't run at all."""
    family, vectors = drawn
    one = {name: vector[0] if vector.ndim == 2 else vector for name, vector in vectors.items()}
    start = family.solve(**one)
    full = start.rent > 0
    assert full.any()
    other = {**one, "upper": np.where(full, 0.0 if gone else np.inf, one["upper"])}
    found, cold = family.solve(**other, start=start), family.solve(**other)
    assert found.method == cold.method == "newton"
    assert found.x == pytest.approx(cold.x, abs=1e-7)
    assert found.price == pytest.approx(cold.price, rel=1e-7)


def test_a_certificate_shows_five_and_carries_all():
    """Eight balances in a row need 1 each, and no column brings any: all eight stand in it, also from a stack of draws."""
    count = 8
    names = Names(tuple(f"ore in {number}" for number in range(count)), ("way",) * count)
    A = sparse.csc_matrix(np.eye(count, k=1) - np.eye(count))
    family, one = Family(A, names=names), np.ones(count)
    with pytest.raises(SolverError, match=r"and 3 more") as error:
        family.solve_many(np.stack([one, one]), one, one, one)
    again = pickle.loads(pickle.dumps(error.value))
    for found in (error.value, again):
        assert "draw 0" in found.where
        assert sorted(found.certificate["balances"]) == sorted(names.nodes)
        assert found.certificate["shared rows"] == ()

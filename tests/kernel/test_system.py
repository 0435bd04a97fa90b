"""Newton's systems: a factor corrected for columns that changed solves what a new one does, or says that it does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from ytterby.programme import Family, Programme, system
from ytterby.programme.ascent import Known, foreseen, limited
from ytterby.programme.dual import Dual, Structure

ROWS, COLUMNS = 12, 60


@pytest.fixture(scope="module")
def dual():
    """The dual of a random network, each row with a column of its own."""
    random = np.random.default_rng(5)
    A = np.zeros((ROWS, COLUMNS))
    A[:, :ROWS] = np.eye(ROWS)
    for column in range(ROWS, COLUMNS):
        start, end = random.choice(ROWS, 2, replace=False)
        A[start, column], A[end, column] = -1.0, random.uniform(0.6, 1.0)
    one = np.ones(COLUMNS)
    programme = Programme(
        sparse.csc_matrix(A), np.zeros(ROWS), one, random.uniform(0.5, 2.0, COLUMNS), np.full(COLUMNS, np.inf)
    )
    return Dual(Structure(programme.A, None), programme)


def factor(dual, free, *, covered=None, few=9):
    """A factor for these free columns, on a pattern with room for all columns or for those that are covered."""
    pattern = dual.structure.normal.pattern(np.ones(COLUMNS, bool) if covered is None else covered)
    return system.Factor(pattern, dual, free, np.zeros(ROWS, bool), 1e-8, few)


def flipped(free, *columns):
    found = free.copy()
    found[list(columns)] ^= True
    return found


def test_a_corrected_factor_solves_what_a_new_one_does(dual):
    random = np.random.default_rng(6)
    free = random.random(COLUMNS) < 0.6
    free[:ROWS] = True
    old, gap = factor(dual, free), random.normal(size=ROWS)
    for columns in ((20,), (20, 21, 30), (21, 35, 40, 41), ()):  # some come, some go, some return
        now = flipped(free, *columns)
        assert old.step(now, gap) == pytest.approx(factor(dual, now).step(now, gap), rel=1e-9)


def test_free_columns_outside_the_pattern_are_corrected_for(dual):
    free = np.ones(COLUMNS, bool)
    covered = flipped(free, 20, 30, 40)
    gap = np.linspace(-1, 1, ROWS)
    found = factor(dual, free, covered=covered).step(free, gap)
    assert found == pytest.approx(factor(dual, free).step(free, gap), rel=1e-9)


def test_too_many_changes_call_for_a_new_factor(dual):
    free = np.ones(COLUMNS, bool)
    old, gap = factor(dual, free, few=3), np.ones(ROWS)
    assert old.step(flipped(free, 20, 21, 22, 23), gap) is None
    assert old.step(flipped(free, 20, 21, 22), gap) is not None
    assert old.step(flipped(free, 20, 21, 22, 23), gap) is not None  # one new one


def test_a_correction_that_leaves_the_gap_open_is_not_used(dual):
    free, gap = np.ones(COLUMNS, bool), np.linspace(-1, 1, ROWS)
    old, now = factor(dual, free), flipped(free, 20, 21)
    assert old.step(now, gap) is not None
    old.answers *= 1.1
    assert old.step(now, gap) is None


def network(random):
    """Supply and use with straight lines at 40 nodes, 500 ways between them, some with little room."""
    nodes, ways = 40, 500
    A = np.zeros((nodes, 2 * nodes + ways))
    A[:, :nodes], A[:, nodes : 2 * nodes] = np.eye(nodes), -np.eye(nodes)
    for column in range(2 * nodes, 2 * nodes + ways):
        start, end = random.choice(nodes, 2, replace=False)
        A[start, column], A[end, column] = -1.0, 1.0
    costs = (random.uniform(1, 9, nodes), -random.uniform(10, 20, nodes), random.uniform(0, 4, ways))
    q = np.concatenate([random.uniform(0.5, 2, 2 * nodes), random.uniform(0.01, 0.1, ways)])
    upper = np.concatenate([np.full(2 * nodes, np.inf), random.uniform(0.5, 5, ways)])
    return Programme(sparse.csc_matrix(A), np.zeros(nodes), np.concatenate(costs), q, upper)


def test_what_ran_in_the_start_foretells_the_prices():
    """Everything a tenth dearer: the same columns run, and before Newton starts the prices are there but for the ridge."""
    one = network(np.random.default_rng(8))
    family = Family(one.A)
    start = family.solve(one.b, one.c, one.q, one.upper)
    assert start.pattern is not None
    dearer = replace(one, c=1.1 * one.c, q=1.1 * one.q)
    dual = Dual(Structure(one.A, None), dearer)
    pattern = dual.structure.normal.pattern(start.pattern.covered)
    known = Known(pattern, start.x > 0, start.rent > 0)
    point = dual.at(dual.target(start.price))
    price, there = foreseen(dual, system.System(dual, pattern), start.price, point, known)
    way = np.abs(0.1 * start.price).max()
    assert price == pytest.approx(1.1 * start.price, abs=0.05 * way)
    assert np.abs(there.gradient).max() < 0.1 * np.abs(point.gradient).max()


def test_a_step_over_its_limits_still_climbs():
    """Cut row by row (1, -2) it would lead down, so that it is shortened alike; within limits nothing changes."""
    step, gradient = np.array([10.0, -2.0]), np.ones(2)
    assert limited(step, np.array([1.0, 2.0]), gradient) == pytest.approx([1.0, -0.2])
    assert limited(step, np.array([4.0, 2.0]), gradient) == pytest.approx([4.0, -2.0])
    assert limited(step, np.array([np.inf, 3.0]), gradient) == pytest.approx(step)


def test_corrections_change_no_solution(monkeypatch):
    """Neighbours of one programme, each solved with a factor a step and with corrections from the first row on."""
    random = np.random.default_rng(7)
    one = network(random)
    draws = one.c * random.lognormal(0, 0.05, (10, one.c.size))
    family, corrected = Family(one.A), []
    plain = family.solve_many(one.b, draws, one.q, one.upper)
    step = system.Factor.step

    def watched(self, free, gap):
        found = step(self, free, gap)
        corrected.append(found is not None and bool((free != self.free).any()))
        return found

    monkeypatch.setattr(system, "LARGE", 1)
    monkeypatch.setattr(system.Factor, "step", watched)
    again = family.solve_many(one.b, draws, one.q, one.upper)
    assert sum(corrected) > 10
    for one, other in zip(plain, again, strict=True):
        assert one.method == other.method == "newton"
        assert one.x == pytest.approx(other.x, abs=1e-7)
        assert one.price == pytest.approx(other.price, rel=1e-8)

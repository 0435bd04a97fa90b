# SPDX-License-Identifier: Apache-2.0
"""What callers hand over: any format of matrix, lists, integers; and programmes on which the interior point alone gave up."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from ytterby.errors import ModelError, SolverError
from ytterby.programme import Family, Programme, solve

A, B, C, Q, UPPER = [[1, -1, 0], [0, 1, -1]], [0, 0], [10, 1, -40], [2, 1, 1], [np.inf, 50, np.inf]
G, H = [[0, 1, 0]], [5]


def programme(*given):
    """A programme from what a caller may hand over, whatever the types promise."""
    return Programme(*given)


def family_of(*given):
    """The same for a family."""
    return Family(*given)


@pytest.mark.parametrize("form", ["csc", "csr", "coo", "lil", "dok", "bsr", "dia"])
@pytest.mark.parametrize("kind", [sparse.csr_matrix, sparse.csr_array])
def test_every_sparse_format_is_the_same_matrix(form, kind):
    plain = solve(programme(A, B, C, Q, UPPER, G, H))
    found = solve(programme(kind(A).asformat(form), B, C, Q, UPPER, kind(G).asformat(form), H))
    assert np.array_equal(found.x, plain.x)
    assert plain.x == pytest.approx([5] * 3)
    assert plain.shared_rent == pytest.approx([35 - 20 - 6])
    assert np.array_equal(
        family_of(kind(A).asformat(form)).solve(B, C, Q, UPPER).x, family_of(A).solve(B, C, Q, UPPER).x
    )


def test_lists_arrays_and_integers_are_the_same_numbers():
    lists = solve(programme(A, B, C, Q, UPPER))
    arrays = solve(programme(np.array(A), np.array(B), np.array(C), np.array(Q), np.array(UPPER, np.float32)))
    assert np.array_equal(lists.x, arrays.x)
    assert lists.x == pytest.approx([7.25] * 3)


def test_repeated_entries_are_summed_and_zeros_written_out_change_nothing():
    repeated = sparse.coo_matrix(
        ([0.4, 0.6, -1, 0.5, 0.5, -1, 0], ([0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 1, 2, 0])), shape=(2, 3)
    )
    columns = sparse.csc_matrix(([1.0, 1.0, 0.0, -1.0, -1.0], [0, 1, 0, 0, 1], [0, 1, 4, 5]), shape=(2, 3))
    for matrix in (repeated, columns):
        found = solve(programme(matrix, B, C, Q, UPPER))
        assert found.x == pytest.approx([7.25] * 3)
        assert found.price == pytest.approx([24.5, 32.75])
    assert columns.nnz == 5


def test_what_is_handed_over_is_not_changed():
    matrix, b = sparse.csc_matrix(([0.5, 0.5], [0, 0], [0, 2]), shape=(1, 1)), np.ones(1)
    solve(programme(matrix, b, [3], [1], [9]))
    assert matrix.nnz == 2
    assert b == [1]


def test_draws_may_be_lists():
    family = family_of(A)
    draws = [[10, 1, -40], [10, 1, -44]]
    many = family.solve_many(B, draws, Q, UPPER)
    for found, c in zip(many, draws, strict=True):
        assert found.x == pytest.approx(family.solve(B, c, Q, UPPER).x)


def test_the_draw_that_is_broken_is_named():
    with pytest.raises(ModelError, match=r"programme\.q, draw 1"):
        family_of(A).solve_many(B, C, [Q, [2, -1, 1]], UPPER)


@pytest.mark.parametrize("tolerance", [0, -1e-9, np.nan, np.inf, "tight"])
def test_a_tolerance_that_is_none_is_refused(tolerance):
    with pytest.raises(ModelError, match="tolerance"):
        solve(programme(A, B, C, Q, UPPER), tolerance=tolerance)


def test_a_start_that_is_no_solution_is_refused():
    with pytest.raises(ModelError, match=r"programme\.start"):
        family_of(A).solve(B, C, Q, UPPER, start=np.zeros(2))


@pytest.mark.filterwarnings("error")
def test_no_columns_at_all():
    nothing = programme(sparse.csc_matrix((2, 0)), [0, 0], [], [], [])
    assert solve(nothing).x.size == 0
    with pytest.raises(SolverError, match="balances 1"):
        solve(programme(sparse.csc_matrix((2, 0)), [0, 3], [], [], []))


# ----------------------------------------------------------------- where the interior point alone ends without an answer


@pytest.mark.parametrize(
    ("A", "b", "c", "G", "h", "objective"),
    [
        pytest.param([[0, 0, -1]], [-0.25], [2, 0, 0], [[0, -1, 0], [0.5, -1, 0]], [-1, 2], 0, id="nothing costs"),
        pytest.param([[-1, 0.5]], [-0.5], [0, 2], [[-1, 0]], [1], 0, id="what runs is free"),
        pytest.param(
            [[0.5, 0, -2, 0], [0, 0, 0, 0], [0, -2, 0, 0.5], [0.5, 0, 0, 0], [0.5, -2, 0, 0]], [0, 0, 1, 0, 0],
            [-1, -1, 1, 0], [[0.5, 0.5, -1, 0], [1, 0, 0.5, -1]], [0, 1], 0, id="one point, many prices",
        ),
        pytest.param(
            [[0, 0, 0]], [0], [-3e6, -1e6, 2e6], [[0, 0.5, 1], [1, 0.5, 0.5]], [1e-6, 1e-6], -3, id="flows of 1e-6"
        ),
    ],
)  # fmt: skip
def test_a_linear_programme_without_a_scale_of_its_own(A, b, c, G, h, objective):
    columns = len(c)
    found = solve(programme(A, b, c, np.zeros(columns), np.full(columns, np.inf), G, h))
    assert found.objective == pytest.approx(objective, abs=1e-7)
    assert found.residual <= 1e-7


def test_rising_columns_that_nobody_needs_beside_a_free_one():
    """Need 1e6 from a free column of which 2 are 1; all else costs more or does nothing, so the price is 0."""
    found = solve(
        programme(
            [[-1, 1, 0.5, -2, 0.5, 0, 0, 0]], [1e6], [1, 2, 0, 2, 0, 0, 0, 0],
            [1e-6, 1e-6, 0, 0, 1e-6, 2e-6, 2e-6, 1e-6], np.full(8, np.inf),
            [[0.5, 0, -1, -1, 0, 0.5, 0, 0.5], [-1, 0, 0, 0, 0.5, 0, 1, 0]], [np.inf, 1e6],
        )
    )  # fmt: skip
    assert found.x[2] == pytest.approx(2e6, rel=1e-6)
    assert found.price == pytest.approx([0], abs=1e-6)
    assert found.objective == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize(
    ("A", "b", "q"),
    [
        pytest.param([[1, -1, 0], [0, 1, -1], [1, 0, -1]], [0, 0, 1], [2, 0, 1], id="rows against their sum"),
        pytest.param(
            [[1, 0.5, 1, 0.5, 0], [0, 0, 0, -2, 0.5], [0, -2, -1, 0.5, 0], [1, 0.5, 1, -1.5, 0.5]],
            [0, 0, 3e-6, -1e-6], [1e12, 2e12, 5e11, 1e12, 0], id="a sum of rows, flows of 1e-6",
        ),
    ],
)  # fmt: skip
def test_rows_that_contradict_each_other_are_named_whatever_q(A, b, q):
    rows, columns = np.shape(A)
    with pytest.raises(SolverError, match="certificate") as error:
        solve(programme(A, b, np.ones(columns), q, np.full(columns, np.inf)))
    assert str(rows - 1) in error.value.found.split("balances")[1]


def test_what_has_neither_a_flow_nor_a_lower_bound_is_called_infeasible():
    with pytest.raises(SolverError, match="balances 0"):
        solve(programme([[1, 0], [0, 0]], [-1, 0], [1, -1], [0, 0], [np.inf, np.inf]))


def test_what_grows_without_end_is_named_without_what_merely_could():
    with pytest.raises(SolverError, match=r"columns 2 through|columns 2 \("):
        solve(programme(np.zeros((0, 3)), [], [-3, 1, -1], [0, 0, 0], [1, np.inf, np.inf]))

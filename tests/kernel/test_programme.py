"""The kernel: signs by hand, bounds and rents, refusals, and what must not change the answer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from ytterby.errors import ModelError, SolverError
from ytterby.programme import Names, Programme, Solution, solve

# ------------------------------------------------------------------------------------------------- signs by hand


def test_price_is_the_marginal_value_of_one_more_unit_arriving(make):
    """A free column feeds the node at unit cost 3, a fixed demand of 1 empties it: price 3."""
    found = solve(make([[1]], [1], [3], 0))
    assert (found.x[0], found.price[0], found.rent[0]) == pytest.approx((1, 3, 0), abs=1e-8)


def test_two_nodes_by_hand(make):
    """Mine at 10 + 2 x in A, way A -> B at 1, use in B worth 40 - x: 10 + 2 x + 1 = 40 - x, so x = 29/3."""
    found = solve(make([[1, -1, 0], [0, 1, -1]], [0, 0], [10, 1, -40], [2, 1e-9, 1]))
    quantity = 29 / 3
    assert found.x == pytest.approx([quantity] * 3, rel=1e-8)
    assert found.price == pytest.approx([10 + 2 * quantity, 40 - quantity], rel=1e-8)
    assert found.price[1] - found.price[0] == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize("q", [0.0, 1e-7])
def test_rent_is_what_one_more_unit_of_the_bound_saves(make, q):
    """Need 3; the cheap column at 1 holds 2, the dear one at 5 has no end: price 5, rent 4."""
    found = solve(make([[1, 1]], [3], [1, 5], q, upper=[2, np.inf]))
    assert found.x == pytest.approx([2, 1], abs=1e-6)
    assert found.price[0] == pytest.approx(5, abs=1e-6)
    assert found.rent == pytest.approx([4, 0], abs=1e-6)
    more = solve(make([[1, 1]], [3], [1, 5], q, upper=[2.5, np.inf]))
    assert (found.objective - more.objective) / 0.5 == pytest.approx(4, abs=1e-5)


def test_shared_rent_is_what_one_more_unit_of_the_shared_capacity_saves(make):
    """Two flows share a line of 3: values 10 and 8 less x; the third tonne goes where it is worth more."""
    found = solve(make([[0, 0]], [0], [-10, -8], [1, 1], G=[[1, 1]], h=[3]))
    assert found.x == pytest.approx([2.5, 0.5], abs=1e-6)
    assert found.shared_rent == pytest.approx([7.5], abs=1e-6)


@pytest.mark.parametrize("method", ["newton", "clarabel"])
def test_an_open_shared_row_is_as_if_it_were_not_there(make, method):
    whole = make([[0, 0]], [0], [-10, -8], [1, 1], G=[[1, 1], [1, 0]], h=[3, np.inf])
    limited = solve(whole, method)
    assert limited.method == method
    assert limited.x == pytest.approx([2.5, 0.5], abs=1e-6)
    assert limited.shared_rent == pytest.approx([7.5, 0], abs=1e-6)
    closed = solve(replace(whole, h=np.array([np.inf, 1.0])), method, start=limited)
    assert closed.x == pytest.approx([1, 8], abs=1e-6)
    assert closed.shared_rent == pytest.approx([0, 9], abs=1e-6)
    free = solve(replace(whole, h=np.full(2, np.inf)), method, start=closed)
    assert free.x == pytest.approx([10, 8], abs=1e-6)
    assert not free.shared_rent.any()


def test_a_certificate_leaves_open_rows_out(make):
    names = {"nodes": ["ore in X"], "shared": ["open line", "full line"]}
    with pytest.raises(SolverError, match="full line") as error:
        solve(make([[1]], [2], [3], 1, G=[[1], [1]], h=[np.inf, 1], **names))
    assert "open line" not in error.value.found


def test_a_column_without_capacity_stays_at_zero_and_earns_its_rent(make):
    found = solve(make([[1, 1]], [1], [3, 5], 1, upper=[0, np.inf]))
    assert found.method == "newton"
    assert found.x == pytest.approx([0, 1])
    assert (found.price[0], found.rent[0]) == pytest.approx((6, 3))


def test_a_node_without_columns_stays_out_of_the_way(make):
    found = solve(make([[1], [0]], [1, 0], [3], 1))
    assert found.x == pytest.approx([1])
    assert found.price == pytest.approx([4, 0])


def test_nothing_to_balance(make):
    empty = Programme(
        sparse.csc_matrix((0, 2)), np.zeros(0), np.array([-1.0, 1]), np.ones(2), np.full(2, np.inf)
    )
    assert solve(empty).x == pytest.approx([1, 0])
    assert solve(make([[1]], [0], [1], 1, upper=[0])).x == pytest.approx([0])


@pytest.mark.parametrize("method", ["newton", "clarabel"])
@pytest.mark.parametrize("unit", [1e-3, 1.0, 1e3])
def test_where_nothing_can_flow_all_rests(make, method, unit):
    """Both columns only bring, and nothing is taken; a limit far from binding says nothing of what is much."""
    found = solve(make([[unit, unit]], [0], [4.5, -1.5], [3.5, 4.7], G=[[1, 0]], h=[1e5]), method=method)
    assert found.x.tolist() == [0, 0]
    assert found.residual <= 1e-7
    assert found.price[0] * unit <= -1.5 * (1 - 1e-6)
    assert found.shared_rent == pytest.approx([0])


# ---------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("q", [0.0, 1.0])
def test_a_need_above_every_bound_is_infeasible_and_names_the_balance(make, q):
    with pytest.raises(SolverError) as error:
        solve(make([[1]], [2], [3], q, upper=[1], nodes=["copper in X"]))
    assert "copper in X" in error.value.found
    assert error.value.remedy


def test_a_need_that_no_column_can_meet_is_infeasible(make):
    with pytest.raises(SolverError, match="copper in X"):
        solve(make([[1, 1]], [-1], [3, 5], 1, nodes=["copper in X"]))


def test_two_balances_that_contradict_each_other_are_infeasible_and_both_named(make):
    with pytest.raises(SolverError) as error:
        solve(make([[1, -1], [1, -1]], [0, 1], [3, 1], 1, nodes=["ore in X", "ore in Y"]))
    assert "ore in X" in error.value.found
    assert "ore in Y" in error.value.found


def test_a_free_lunch_without_end_is_unbounded_and_names_the_columns(make):
    with pytest.raises(SolverError) as error:
        solve(make([[1, -1]], [0], [-3, 1], 0, nodes=["ore in X"], columns=["mine", "use"]))
    assert "mine, use" in error.value.found
    assert error.value.allowed == "a bounded programme"


def test_a_free_lunch_beside_rising_columns_is_unbounded_too(make):
    with pytest.raises(SolverError) as error:
        solve(make([[1, -1, 1]], [0], [-3, 1, 2], [0, 0, 1], columns=["mine", "use", "pit"]))
    assert "mine" in error.value.found
    assert "use" in error.value.found
    assert error.value.allowed == "a bounded programme"


def test_flat_ways_between_rising_supply_and_use_are_solved_by_proximal_newton(make):
    """Mine at 10 + 2 x, way at 1 of at most 8, use worth 40 - x: the way is full, and its rent is the gap of prices less 1."""
    found = solve(make([[1, -1, 0], [0, 1, -1]], [0, 0], [10, 1, -40], [2, 0, 1], upper=[np.inf, 8, np.inf]))
    assert found.method == "proximal newton"
    assert found.residual <= 1e-9
    assert found.x == pytest.approx([8, 8, 8])
    assert found.price == pytest.approx([26, 32])
    assert found.rent == pytest.approx([0, 5, 0])


def test_a_price_without_bound_does_not_blur_the_optimum(make):
    """The second balance needs the last column at exactly its bound, so its price may be of any height.

    The first then needs 3, in part at 4 + 7.7 x and the rest at 4.6: x = 0.6 / 7.7.
    """
    found = solve(
        make([[-1, -1, 1], [0, 0, -1]], [-2.5, -0.5], [4, 4.6, 2.3], [7.7, 0, 0.0024], [np.inf, 4.5, 0.5])
    )
    assert found.x == pytest.approx([0.6 / 7.7, 3 - 0.6 / 7.7, 0.5], rel=1e-6)


@pytest.mark.parametrize(
    ("field", "value", "part"),
    [
        ("b", np.zeros(2), "b"),
        ("b", np.array([np.nan]), "b"),
        ("b", np.array([[0.0]]), "b"),
        ("c", np.zeros(3), "c"),
        ("c", np.array([1, np.inf]), "c"),
        ("q", np.array([1, -1e-12]), "q"),
        ("q", np.array([1, np.nan]), "q"),
        ("q", np.array([1, np.inf]), "q"),
        ("upper", np.array([1.0]), "upper"),
        ("upper", np.array([np.nan, 1]), "upper"),
        ("upper", np.array([-1.0, 1]), "upper"),
        ("A", sparse.csc_matrix([[1.0, np.nan]]), "A"),
        ("A", sparse.csc_matrix([[1.0, np.inf]]), "A"),
        ("A", [["x", "y"]], "A"),
        ("A", [[1.0, 1.0], [1.0]], "A"),
        ("A", [1.0, 1.0], "A"),
        ("A", sparse.csr_matrix([[1.0, 1.0j]]), "A"),
        ("A", None, "A"),
        ("c", [1, "y"], "c"),
        ("c", [1, 1j], "c"),
        ("upper", None, "upper"),
        ("q", 1.0, "q"),
        ("names", {"nodes": ["ore"]}, "names"),
        ("names", Names(columns=("mine",)), "names.columns"),
        ("names", Names(shared=("railway",)), "names.shared"),
        ("G", sparse.csc_matrix([[1.0, 1.0]]), "G and h"),
        ("h", np.array([1.0]), "G and h"),
    ],
)
def test_a_broken_programme_is_refused_by_name(make, field, value, part):
    with pytest.raises(ModelError) as error:
        solve(replace(make([[1, 1]], [1], [3, 5], 1), **{field: value}))
    assert part in str(error.value)


@pytest.mark.parametrize(
    ("G", "h", "part"),
    [
        ([[1, 1, 1]], [1], "programme.G"),
        ([[1, 1]], [1, 2], "programme.h"),
        ([[1, 1]], [np.nan], "programme.h"),
        ([[1, 1]], [-np.inf], "programme.h"),
        ([[1, np.inf]], [1], "programme.G"),
    ],
)
def test_broken_shared_rows_are_refused_by_name(make, G, h, part):
    with pytest.raises(ModelError) as error:
        solve(make([[1, 1]], [1], [3, 5], 1, G=G, h=h))
    assert error.value.where == part


def test_a_negative_q_names_its_column(make):
    with pytest.raises(ModelError, match=r"-1.0 at use"):
        solve(make([[1, 1]], [1], [3, 5], [1, -1], columns=["mine", "use"]))


def test_a_method_that_does_not_exist_is_refused(make):
    with pytest.raises(ModelError) as error:
        solve(make([[1]], [1], [3], 1), method="simplex")
    assert error.value.allowed == "auto, newton, clarabel"


def test_newton_is_refused_where_it_does_not_apply(make):
    with pytest.raises(ModelError, match="zero q"):
        solve(make([[1]], [1], [3], 0), method="newton")


@pytest.mark.parametrize("price", [np.zeros(5), np.array([np.nan])])
def test_a_start_that_does_not_fit_is_refused(make, price):
    empty = np.zeros(0)
    start = Solution(empty, price, empty, 0.0, 0, 0.0, "start", empty)
    with pytest.raises(ModelError, match=r"programme\.start"):
        solve(make([[1]], [1], [3], 1), start=start)


# ----------------------------------------------------------------------------------- programmes drawn at random


@st.composite
def networks(draw, flat=False):
    """A feasible network: a random x0 within its bounds makes b; some columns shut, some nodes bare, joint products."""
    nodes, columns = draw(st.integers(1, 8)), draw(st.integers(1, 25))
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    A = np.zeros((nodes, columns))
    for column in range(columns):
        touched = random.choice(nodes, size=min(nodes, int(random.integers(1, 4))), replace=False)
        A[touched, column] = random.choice([-1, 1], touched.size) * random.uniform(0.2, 2, touched.size)
    A[random.random(nodes) < 0.1] = 0
    upper = np.where(random.random(columns) < 0.4, random.uniform(0, 5, columns), np.inf)
    upper[random.random(columns) < 0.1] = 0
    inside = np.where(random.random(columns) < 0.3, 0.0, np.minimum(random.uniform(0, 5, columns), upper))
    q = 10 ** random.uniform(-3, 3, columns)
    if flat:
        q[random.random(columns) < 0.3] = 0
    c = random.normal(0, 5, columns) if not flat else random.uniform(0, 5, columns)
    names = Names(tuple(f"node {i}" for i in range(nodes)))
    return Programme(sparse.csc_matrix(A), A @ inside, c, q, upper, names=names)


def kkt(programme, found):
    """Largest breach of the optimality conditions, over the size of costs and flows."""
    reduced = programme.c + programme.q * found.x - programme.A.T @ found.price + found.rent
    size = 1 + max(np.abs(programme.c).max(), np.abs(found.price).max(initial=0), found.rent.max(initial=0))
    scale = 1 + found.x.max(initial=0)
    return max(
        np.abs(programme.A @ found.x - programme.b).max(initial=0) / scale,
        np.maximum(-reduced, 0).max() / size,
        np.maximum(-found.x, 0).max() / scale,
        np.maximum(found.x - programme.upper, 0).max() / scale,
        np.abs(reduced * found.x).max() / (size * scale),
        np.maximum(-found.rent, 0).max() / size,
        np.abs(found.rent * np.where(np.isfinite(programme.upper), programme.upper - found.x, 1)).max()
        / (size * scale),
    )


@given(networks())
@settings(max_examples=150, deadline=None)
def test_newton_and_clarabel_agree(programme):
    one, other = solve(programme), solve(programme, method="clarabel")
    assert other.method == "clarabel"
    assert kkt(programme, one) < 1e-6
    assert one.objective == pytest.approx(other.objective, rel=1e-6, abs=1e-6)
    assert one.x == pytest.approx(other.x, abs=1e-4 * (1 + other.x.max()))


@given(networks(flat=True))
@settings(max_examples=60, deadline=None)
def test_flat_columns_satisfy_the_optimality_conditions(programme):
    found = solve(programme)
    assert kkt(programme, found) < 1e-5


@given(networks(flat=True))
@settings(max_examples=40, deadline=None)
def test_flat_columns_beside_others_cost_what_clarabel_finds(programme):
    found, other = solve(programme), solve(programme, method="clarabel")
    some, every = (programme.q == 0).any(), (programme.q == 0).all()
    assert found.method.startswith("clarabel" if every else "proximal newton" if some else "newton")
    assert found.objective == pytest.approx(other.objective, rel=1e-6, abs=1e-6)
    again = solve(programme, start=found)
    assert again.objective == pytest.approx(other.objective, rel=1e-6, abs=1e-6)


@given(networks(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_columns_and_rows_changes_nothing(programme, random):
    columns = list(range(programme.c.size))
    rows = list(range(programme.b.size))
    random.shuffle(columns)
    random.shuffle(rows)
    shuffled = Programme(
        programme.A[rows][:, columns].tocsc(),
        programme.b[rows],
        programme.c[columns],
        programme.q[columns],
        programme.upper[columns],
    )
    one, other = solve(programme), solve(shuffled)
    assert other.x == pytest.approx(one.x[columns], abs=1e-6 * (1 + one.x.max()))
    assert other.objective == pytest.approx(one.objective, rel=1e-7, abs=1e-7)


@given(networks(), st.sampled_from([1e-6, 1e6]), st.sampled_from([1e-6, 1.0, 1e6]))
@settings(max_examples=60, deadline=None)
def test_units_change_nothing(programme, tonnes, dollars):
    """Flows in other units and costs in another currency: the same solution, scaled."""
    scaled = Programme(
        programme.A,
        programme.b * tonnes,
        programme.c * dollars,
        programme.q * dollars / tonnes,
        programme.upper * tonnes,
    )
    one, other = solve(programme), solve(scaled)
    assert other.x / tonnes == pytest.approx(one.x, abs=1e-5 * (1 + one.x.max()))
    assert other.objective / (tonnes * dollars) == pytest.approx(one.objective, rel=1e-5, abs=1e-5)


@given(networks(), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_a_warm_start_leads_to_the_same_solution(programme, seed):
    cold = solve(programme)
    random = np.random.default_rng(seed)
    nearby = replace(cold, price=cold.price * random.uniform(0.5, 2, cold.price.size))
    moved = replace(programme, c=programme.c + random.normal(0, 0.1, programme.c.size))
    for problem in (programme, moved):
        warm = solve(problem, start=nearby)
        fresh = solve(problem)
        assert warm.x == pytest.approx(fresh.x, abs=1e-6 * (1 + fresh.x.max()))
        assert warm.objective == pytest.approx(fresh.objective, rel=1e-7, abs=1e-7)


@given(networks())
@settings(max_examples=40, deadline=None)
def test_solving_twice_gives_the_same_bits(programme):
    one, other = solve(programme), solve(programme)
    assert np.array_equal(one.x, other.x)
    assert np.array_equal(one.price, other.price)


@given(networks(), st.integers(0, 24))
@settings(max_examples=60, deadline=None)
def test_a_tighter_bound_never_helps(programme, column):
    before = solve(programme)
    column %= programme.c.size
    upper = programme.upper.copy()
    upper[column] = before.x[column] * 0.5
    try:
        after = solve(replace(programme, upper=upper))
    except SolverError:
        return
    assert after.objective >= before.objective - 1e-6 * (1 + abs(before.objective))

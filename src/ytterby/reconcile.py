# SPDX-License-Identifier: Apache-2.0
"""The balanced base year: the consistent flows nearest to conflicting statistics.

    minimise  sum_v ((x_v - m_v) / s_v)^2   subject to  A x = 0,  x >= 0

m_v is what the evidence says of flow v and s_v its standard error (weighted least squares as in STAN, Cencic 2016,
doi:10.1016/j.ecolmodel.2016.03.014). Yields and recipes are evidence too: their corrections are flows of their own,
are at most as large as what they correct, and are folded into the coefficients of the place afterwards.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from ytterby.chain import (
    CORRECTION,
    PROCESS,
    Activity,
    Balance,
    BaseYear,
    Correction,
    Vector,
    balances_of,
    incidence,
)
from ytterby.errors import ModelError
from ytterby.programme import Names, Programme, solve

LOSS = "loss"
COUNTED = "@"
VANISHING = 1e-7
DEAD_END = 1e-6
TIGHT = 1e-11  # of the largest flow, counted in errors: so every balance of flows far above their errors closes to 1e-9


def reconcile(activities: Sequence[Activity], year: int, prices: Mapping[str, float]) -> BaseYear:
    """Balance a base year.

    Parameters
    ----------
    activities : with `prior` and `error` > 0 in t; kind "correction" activities shift one coefficient of the process
        of the same name and place
    year : the base year
    prices : form -> USD/t, for every form but losses

    Returns
    -------
    BaseYear whose activities carry the reconciled coefficients; activities without flow are left out, and each
    balance closes to 1e-9 of its throughput

    Raises
    ------
    ModelError : an error is not positive, a form has no price, or a balance does not close
    SolverError : the evidence admits no balanced year
    """
    if not activities:
        raise ModelError(f"base year {year}", "no activities", "at least one", "widen the evidence")
    for activity in activities:
        if not 0 < activity.error < np.inf:
            raise ModelError(activity.label, f"standard error {activity.error}", "a positive number of t", "")
    balances = balances_of(activities)
    flows = _nearest(activities, balances)
    folded, kept = _without_dead_ends(*_fold(activities, flows))
    if not folded:
        raise ModelError(
            f"base year {year}",
            "evidence of which nothing can flow",
            "a source and a use",
            "add the other side",
        )
    return _base_year(folded, kept, year, prices, _corrections(activities, flows))


def _nearest(activities: Sequence[Activity], balances: Sequence[Balance]) -> Vector:
    error = np.array([activity.error for activity in activities], dtype=float)
    prior = np.array([activity.prior for activity in activities], dtype=float)
    scaled = incidence(activities, balances) @ sparse.diags(error)
    A = sparse.diags(1 / abs(scaled).max(axis=1).toarray().ravel()) @ scaled
    limits = _correction_limits(activities, error)
    programme = Programme(
        A=A.tocsc(), b=np.zeros(len(balances)), c=-prior / error, q=np.ones(error.size),
        upper=np.full(error.size, np.inf), G=limits, h=None if limits is None else np.zeros(limits.shape[0]),
        names=Names(
            tuple(f"{form} in {place}" for place, form in balances),
            tuple(activity.label for activity in activities),
            tuple(f"{a.label}, at most what it corrects" for a in activities if a.kind == CORRECTION),
        ),
    )  # fmt: skip
    return np.asarray(np.maximum(solve(programme, tolerance=TIGHT).x, 0.0) * error)


def _correction_limits(activities: Sequence[Activity], error: Vector) -> sparse.csc_matrix | None:
    """Rows G x <= 0: a correction moves no more than its process takes or makes there, so that no sign turns."""
    size = {
        (activity.name, place, form): (column, abs(coefficient))
        for column, activity in enumerate(activities) if activity.kind == PROCESS
        for place, form, coefficient in activity.terms
    }  # fmt: skip
    rows, columns, values = [], [], []
    corrections = [column for column, activity in enumerate(activities) if activity.kind == CORRECTION]
    for row, column in enumerate(corrections):
        place, form, _ = activities[column].terms[0]
        if (activities[column].name, place, form) not in size:
            raise ModelError(
                activities[column].label, f"no process {activities[column].name} with {form} in {place}",
                "a coefficient that the process has", "correct what is there",
            )  # fmt: skip
        process, coefficient = size[activities[column].name, place, form]
        longest = max(error[column], coefficient * error[process])
        rows += [row, row]
        columns += [column, process]
        values += [error[column] / longest, -coefficient * error[process] / longest]
    shape = (len(corrections), len(activities))
    return sparse.csc_matrix((values, (rows, columns)), shape=shape) if corrections else None


def _fold(activities: Sequence[Activity], flows: Vector) -> tuple[list[Activity], Vector]:
    """Fold corrections and pass-through outputs into the coefficients of the processes."""
    shift: dict[tuple[str, str, str], float] = {}
    for activity, flow in zip(activities, flows, strict=True):
        if activity.kind == CORRECTION:
            place, form, sign = activity.terms[0]
            slot = (activity.name, place, form)
            shift[slot] = shift.get(slot, 0.0) + sign * float(flow)
    folded, kept = [], []
    smallest = VANISHING * float(flows.max())
    for activity, flow in zip(activities, flows, strict=True):
        passes = (
            any(form == LOSS or COUNTED in form for _, form, _ in activity.terms) and activity.kind != PROCESS
        )
        if activity.kind == CORRECTION or passes or flow <= smallest:
            continue
        folded.append(_with_shift(activity, float(flow), shift))
        kept.append(float(flow))
    return folded, np.array(kept)


def _without_dead_ends(activities: list[Activity], flows: Vector) -> tuple[list[Activity], Vector]:
    """Mend the balances that have only one side left once vanishing flows are gone.

    What passed such a balance was a trace. A process loses its coefficient there, and goes only when it is left without
    inputs or outputs; all other activities there go.
    """
    while True:
        balances = balances_of(activities)
        A = incidence(activities, balances)
        arriving, leaving = A.maximum(0) @ flows, (-A).maximum(0) @ flows
        dead = np.minimum(arriving, leaving) <= DEAD_END * np.maximum(arriving, leaving)
        if not dead.any():
            return activities, flows
        gone = {balances[row] for row in np.flatnonzero(dead)}
        pruned = [_without(activity, gone) for activity in activities]
        keep = np.array([activity is not None for activity in pruned])
        activities, flows = [activity for activity in pruned if activity is not None], flows[keep]


def _without(activity: Activity, gone: Container[Balance]) -> Activity | None:
    """The activity without its terms in some balances; None where nothing sensible is left."""
    left = tuple(term for term in activity.terms if term[:2] not in gone)
    if len(left) == len(activity.terms):
        return activity
    signs = {coefficient > 0 for _, _, coefficient in left}
    return replace(activity, terms=left) if activity.kind == PROCESS and len(signs) == 2 else None


def _with_shift(activity: Activity, flow: float, shift: Mapping[tuple[str, str, str], float]) -> Activity:
    if activity.kind != PROCESS:
        return activity
    terms: dict[Balance, float] = {}
    for place, form, coefficient in activity.terms:
        if form == LOSS:
            continue
        corrected = coefficient + shift.get((activity.name, place, form), 0.0) / flow
        balance = (place, form.partition(COUNTED)[0])
        terms[balance] = terms.get(balance, 0.0) + corrected
    smallest = VANISHING * max(abs(value) for value in terms.values())
    left = tuple((place, form, value) for (place, form), value in terms.items() if abs(value) > smallest)
    return replace(activity, terms=left)


def _corrections(activities: Sequence[Activity], flows: Vector) -> tuple[Correction, ...]:
    found = [
        Correction(a.label, a.prior, float(x), a.error, a.basis)
        for a, x in zip(activities, flows, strict=True)
    ]
    return tuple(sorted(found, key=lambda correction: -abs(correction.value - correction.prior)))


def _base_year(
    activities: Sequence[Activity],
    flows: Vector,
    year: int,
    prices: Mapping[str, float],
    corrections: tuple[Correction, ...],
) -> BaseYear:
    balances = balances_of(activities)
    for _, form in balances:
        if form not in prices:
            raise ModelError(
                f"prices of {year}", f"no price for {form}", ", ".join(sorted(prices)), "add a price rule"
            )
    A = incidence(activities, balances)
    closed = _close(A, flows)
    if closed.min(initial=np.inf) <= 0:
        turned = activities[int(np.argmin(closed))].label
        raise ModelError(
            f"base year {year}", f"{turned} turned round", "flows above 0", "give its neighbours evidence"
        )
    imbalance = float((np.abs(A @ closed) / np.maximum(abs(A) @ closed, 1e-300)).max(initial=0.0))
    if imbalance > 1e-9:
        raise ModelError(
            f"base year {year}", f"a balance open by {imbalance:.1e}", "at most 1e-9", "report this"
        )
    price = np.array([prices[form] for _, form in balances])
    return BaseYear(year, tuple(activities), closed, balances, price, corrections, imbalance)


def _close(A: sparse.csc_matrix, flows: Vector) -> Vector:
    """Remove what leaving out vanishing flows left open: the least change that closes every balance.

    Each flow's change weighs by one over the flow, so that a trace is mended by the traces around it.
    """
    from scipy.sparse.linalg import splu

    root = np.sqrt(flows)
    weighted = A @ sparse.diags(root)
    matrix = (weighted @ weighted.T).tocsc()
    size = np.maximum(matrix.diagonal(), 1e-300)
    scale = sparse.diags(1.0 / np.sqrt(size))
    factor = splu((scale @ matrix @ scale + 1e-13 * sparse.identity(size.size)).tocsc())
    closed = flows
    for _ in range(4):
        gap = scale @ (A @ closed)
        closed = closed - root * (weighted.T @ (scale @ factor.solve(gap)))
    return np.asarray(closed)

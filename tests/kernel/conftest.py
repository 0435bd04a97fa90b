"""Programmes written by hand, and markets of regions with straight lines of supply and demand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from ytterby.programme import Names, Programme


@pytest.fixture(scope="session")
def make():
    """A programme from nested lists; no upper bounds unless given; G as a list of rows."""

    def make(A, b, c, q, upper=None, *, G=None, h=None, nodes=(), columns=(), shared=()):
        matrix = sparse.csc_matrix(np.array(A, dtype=float))
        count = matrix.shape[1]
        return Programme(
            A=matrix,
            b=np.array(b, dtype=float),
            c=np.array(c, dtype=float),
            q=np.broadcast_to(np.array(q, dtype=float), (count,))
            if np.ndim(q) == 0
            else np.array(q, dtype=float),
            upper=np.full(count, np.inf) if upper is None else np.array(upper, dtype=float),
            G=None if G is None else sparse.csc_matrix(np.array(G, dtype=float)),
            h=None if h is None else np.array(h, dtype=float),
            names=Names(tuple(nodes), tuple(columns), tuple(shared)),
        )

    return make


@pytest.fixture(scope="session")
def regions(make):
    """Spatial price equilibrium: demand p = a - d q, supply p = f + s q per region, unit cost between regions.

    Columns are the supplies, the demands (both into and out of the region's balance), then the flows i -> j.
    """

    def regions(demand, supply, cost, slope=0.0, trade=True):
        count = len(demand)
        pairs = [(i, j) for i in range(count) for j in range(count) if i != j] if trade else []
        A = np.zeros((count, 2 * count + len(pairs)))
        A[:, :count] = np.eye(count)
        A[:, count : 2 * count] = -np.eye(count)
        for column, (i, j) in enumerate(pairs, 2 * count):
            A[i, column], A[j, column] = -1, 1
        c = [f for f, _ in supply] + [-a for a, _ in demand] + [cost[i][j] for i, j in pairs]
        q = [s for _, s in supply] + [d for _, d in demand] + [slope] * len(pairs)
        return make(A, np.zeros(count), c, q)

    return regions


@pytest.fixture(scope="session")
def transport(make):
    """A transport problem: capacities (may be used in full or not), demands, cost per unit; slope q on every flow."""

    def transport(capacity, demand, cost, slope=0.0):
        sources, sinks = len(capacity), len(demand)
        A = np.zeros((sources + sinks, sources + sources * sinks))
        for i in range(sources):
            A[i, i] = 1
            for j in range(sinks):
                column = sources + i * sinks + j
                A[i, column], A[sources + j, column] = -1, 1
        c = [0.0] * sources + [value for row in cost for value in row]
        upper = [*capacity, *[np.inf] * (sources * sinks)]
        return make(A, [0.0] * sources + list(demand), c, slope, upper)

    return transport

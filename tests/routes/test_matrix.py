"""All pairs at once against one pair at a time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ytterby.errors import RouteError
from ytterby.routes import CutError, Query, all_pairs, all_weights, best_routes

ASKED = Query(2028)


@pytest.fixture(scope="module")
def matrix(net):
    return all_pairs(net, ASKED)


def test_every_attribute_is_that_of_the_single_route(net, matrix):
    random = np.random.default_rng(7)
    states, points = np.array(net.countries), np.array(matrix.chokepoint_ids)
    for row, column in random.integers(0, len(matrix.nodes), (80, 2)):
        ends = matrix.nodes[row], matrix.nodes[column]
        if row == column:
            continue
        try:
            (route,) = best_routes(net, *ends, ASKED, 1)
        except CutError:
            assert matrix.route(*ends) is None
            assert np.isinf(matrix.usd_per_t[row, column]).all()
            continue
        same = matrix.route(*ends)
        assert same is not None
        assert same.usd_per_t.mid == pytest.approx(route.usd_per_t.mid)
        found = matrix.usd_per_t[row, column], matrix.days[row, column], matrix.km[row, column]
        for numbers, interval in zip(found, (same.usd_per_t, same.days, same.km), strict=True):
            assert numbers == pytest.approx([interval.low, interval.mid, interval.high])
        assert matrix.kg_co2_per_t[row, column] == pytest.approx(same.kg_co2_per_t)
        assert matrix.share_estimated[row, column] == pytest.approx(same.share_estimated)
        assert matrix.legs[row, column] == len(same.legs)
        assert matrix.gauge_breaks[row, column] == len(same.gauge_breaks)
        assert set(states[matrix.states[row, column]]) == set(same.states)
        assert set(points[matrix.chokepoints[row, column]]) == set(same.chokepoints)


def test_some_nodes_alone_have_the_same_routes(net, matrix):
    some = ("norfolk", "karaganda", "tehran", "shanghai")
    few = all_pairs(net, ASKED, some)
    at = [matrix.nodes.index(node) for node in some]
    assert few.nodes == some
    for attribute in ("usd_per_t", "days", "kg_co2_per_t", "chokepoints", "states"):
        whole = getattr(matrix, attribute)[np.ix_(at, at)]
        np.testing.assert_allclose(getattr(few, attribute).astype(float), whole.astype(float))
    np.testing.assert_allclose(all_weights(net, ASKED, some), few.usd_per_t[..., 1])
    with pytest.raises(RouteError, match="karaganda"):
        all_pairs(net, ASKED, ("karagande",))


def test_sanctions_hold_for_the_pairs_that_they_bind(net, matrix):
    iran = net.countries.index("IRN")
    in_usa = np.array([node.country == "USA" for node in net.nodes.values()])
    assert not matrix.states[in_usa][..., iran].any()
    assert not matrix.states[:, in_usa, iran].any()
    assert matrix.states[~in_usa][:, ~in_usa, iran].any()


def test_no_pair_is_of_no_length(net, matrix):
    apart = ~np.eye(len(matrix.nodes), dtype=bool)
    assert (matrix.km[apart] > 0).all()
    assert (np.diagonal(matrix.km[..., 1]) == 0).all()
    closed = all_pairs(net, replace(ASKED, closed=("bosporus",)))
    both = np.isfinite(closed.usd_per_t[..., 1])
    assert (closed.usd_per_t[both][:, 1] >= matrix.usd_per_t[both][:, 1] - 1e-9).all()

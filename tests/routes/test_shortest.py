"""The k shortest simple paths, against networkx and published graphs."""

from __future__ import annotations

from itertools import groupby, islice
from math import inf

import networkx as nx
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ytterby.routes.shortest import k_shortest
from ytterby.routes.topology import Topology

SCGRAPH = (
    {1: 5, 2: 1}, {0: 5, 2: 2, 3: 1}, {0: 1, 1: 2, 3: 4, 4: 8}, {1: 1, 2: 4, 4: 3, 5: 6}, {2: 8, 3: 3}, {3: 6},
)  # fmt: skip


def graph_of(edges, size, place=None):
    ordered = sorted(edges)
    tails, heads = (np.array([edge[end] for edge in ordered], dtype=np.int64) for end in (0, 1))
    return Topology.of(tails, heads, place or range(size)), np.array(
        [edge[2] for edge in ordered], dtype=float
    )


def nodes_of(graph, source, path):
    return [source, *(int(graph.heads[arc]) for arc in path)]


def test_scgraph_example_goes_by_0_2_1_3_5():
    edges = [(tail, head, length) for tail, heads in enumerate(SCGRAPH) for head, length in heads.items()]
    graph, weights = graph_of(edges, 6)
    ((length, path),) = k_shortest(graph, weights, 0, 5, 1)
    assert length == 10
    assert nodes_of(graph, 0, path) == [0, 2, 1, 3, 5]


@st.composite
def random_graphs(draw):
    size = draw(st.integers(2, 9))
    pair = st.tuples(
        st.integers(0, size - 1), st.integers(0, size - 1), st.sampled_from([0, 1, 2, 3, 5, 7.5, inf])
    )
    edges = draw(st.lists(pair.filter(lambda edge: edge[0] != edge[1]), min_size=1, max_size=40))
    places = st.lists(st.integers(0, size - 1), min_size=size, max_size=size)
    return edges, draw(st.one_of(st.just(list(range(size))), places))


def as_networkx(edges, size):
    plain: nx.DiGraph[int] = nx.DiGraph()
    plain.add_nodes_from(range(size))
    for tail, head, length in edges:
        if length < inf and length <= plain.get_edge_data(tail, head, {"w": inf})["w"]:
            plain.add_edge(tail, head, w=length)
    return plain


def leaves_for_good(places):
    """Whether no place comes again once it was left."""
    return len({place for place, _ in groupby(places)}) == len(list(groupby(places)))


@settings(max_examples=150, deadline=None)
@given(random_graphs(), st.integers(1, 12))
@example(([(0, 1, 0), (1, 2, 0), (2, 1, 0), (1, 3, 0)], [0, 1, 2, 3]), 3).via(
    "a circle of arcs without weight"
)
@example(([(0, 1, 1), (1, 2, 0), (2, 1, 0), (2, 3, 5)], [0, 1, 1, 2]), 3).via("a circle within a place")
def test_k_shortest_are_those_of_networkx(drawn, k):
    edges, place = drawn
    size = len(place)
    graph, weights = graph_of(edges, size, place)
    found = k_shortest(graph, weights, 0, size - 1, k)
    plain = as_networkx(edges, size)
    every = nx.all_simple_paths(plain, 0, size - 1) if nx.has_path(plain, 0, size - 1) else ()
    allowed = [path for path in every if leaves_for_good([place[state] for state in path])]
    expected = sorted(nx.path_weight(plain, path, "w") for path in allowed)
    assert [length for length, _ in found] == pytest.approx(expected[:k])
    ways = [tuple(nodes_of(graph, 0, path)) for _, path in found]
    assert len(set(ways)) == len(ways)
    assert {*ways} <= {tuple(path) for path in allowed}
    assert [nx.path_weight(plain, way, "w") for way in ways] == pytest.approx([length for length, _ in found])


def test_k_shortest_of_a_grid_with_equal_weights():
    """All paths between opposite corners of a grid whose arcs weigh the same: hundreds of ties."""
    grid = nx.convert_node_labels_to_integers(nx.grid_2d_graph(4, 5).to_directed(), ordering="sorted")
    graph, weights = graph_of([(tail, head, 1.0) for tail, head in grid.edges], len(grid))
    found = k_shortest(graph, weights, 0, len(grid) - 1, 200)
    expected = [len(path) - 1 for path in islice(nx.shortest_simple_paths(grid, 0, len(grid) - 1), 200)]
    assert [length for length, _ in found] == expected
    assert len({path for _, path in found}) == 200


def test_a_place_of_several_states_is_visited_once():
    """States 1 and 4 are one place: the way 0-1-2-4-3 returns to it, and only 0-1-3 and 0-4-3 are left."""
    edges = [(0, 1, 1), (1, 2, 1), (2, 4, 1), (4, 3, 1), (1, 3, 9), (0, 4, 20)]
    graph, weights = graph_of(edges, 5, place=[0, 1, 2, 3, 1])
    found = k_shortest(graph, weights, 0, 3, 5)
    assert [length for length, _ in found] == [10, 21]

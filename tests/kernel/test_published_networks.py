"""Published network problems, each named after its source: cheapest flows, transport, several goods on one way, a chain.

Left out, because they choose whole plants (integers, which are no part of a convex programme): AMPL's multmip1 and the
warehouse location of the Pyomo book.
"""

from __future__ import annotations

import numpy as np
import pytest

from ytterby.programme import solve

INF = np.inf

# ------------------------------------------------------------------- cheapest flows: needs, (from, to, cost, capacity)

SIMPLE = ({"a": -5, "d": 5}, [("a", "b", 3, 4), ("a", "c", 6, 10), ("b", "d", 1, 9), ("c", "d", 2, 5)])
TRANSSHIPMENT = (
    {"a": 1, "b": -2, "c": -2, "d": 3, "e": -4, "f": -4, "g": 3, "h": 2, "r": 3},
    [
        ("a", "c", 3, INF), ("r", "a", 2, INF), ("b", "a", 9, INF), ("r", "c", 0, INF), ("b", "r", -6, INF),
        ("c", "d", 5, INF), ("e", "r", 4, INF), ("e", "f", 3, INF), ("h", "b", 4, INF), ("f", "d", 7, INF),
        ("f", "h", 12, INF), ("g", "d", 12, INF), ("f", "g", -1, INF), ("h", "g", -10, INF),
    ],
)  # fmt: skip
BRADLEY_HAX_MAGNANTI = (
    {1: -20, 4: 5, 5: 15},
    [
        (1, 2, 4, 15), (1, 3, 4, 8), (2, 3, 2, INF), (2, 4, 2, 4), (2, 5, 6, 10), (3, 4, 1, 15), (3, 5, 3, 5),
        (4, 5, 2, INF), (5, 3, 1, 4),
    ],
)  # fmt: skip
DIGON = ({2: -4, 3: 4}, [(1, 2, 600_000, 3), (2, 1, 0, 2), (2, 3, 714_285, 5), (3, 2, 0, 2)])
NET1 = (
    {"PITT": -450, "BOS": 90, "EWR": 120, "BWI": 120, "ATL": 70, "MCO": 50},
    [
        ("PITT", "NE", 2.5, 250), ("PITT", "SE", 3.5, 250), ("NE", "BOS", 1.7, 100), ("NE", "EWR", 0.7, 100),
        ("NE", "BWI", 1.3, 100), ("SE", "EWR", 1.3, 100), ("SE", "BWI", 0.8, 100), ("SE", "ATL", 0.2, 100),
        ("SE", "MCO", 2.1, 100),
    ],
)  # fmt: skip


def network(make, needs, ways):
    """Columns are the ways; a need is what must be left at a node."""
    nodes = sorted({node for way in ways for node in way[:2]}, key=str)
    A = np.zeros((len(nodes), len(ways)))
    for column, (start, end, _, _) in enumerate(ways):
        A[nodes.index(start), column], A[nodes.index(end), column] = -1, 1
    b = [needs.get(node, 0) for node in nodes]
    return make(A, b, [way[2] for way in ways], 0, [way[3] for way in ways])


@pytest.mark.parametrize(
    ("problem", "cost"),
    [
        pytest.param(SIMPLE, 24, id="pc080 networkx simple digraph"),
        pytest.param(TRANSSHIPMENT, 41, id="pc081 networkx transshipment"),
        pytest.param(BRADLEY_HAX_MAGNANTI, 150, id="pc082 Bradley, Hax and Magnanti"),
        pytest.param(DIGON, 2_857_140, id="pc086 networkx large costs"),
        pytest.param(NET1, 1819, id="pc070 AMPL net1"),
    ],
)
def test_the_cheapest_flow(make, problem, cost):
    assert solve(network(make, *problem)).objective == pytest.approx(cost, rel=1e-7)


PRINCETON = [
    ("s", 1, 0, 12), ("s", 2, 0, 6), ("s", 3, 0, 14), (1, 2, 4, 11), (2, 3, 6, 9), (1, 4, 5, 5), (1, 5, 12, 2),
    (2, 5, 4, 4), (2, 6, 6, 2), (3, 6, 3, 31), (4, 5, 4, 18), (5, 6, 5, 9), (4, "t", 0, 3), (5, "t", 0, 7), (6, "t", 0, 22),
]  # fmt: skip
PAPADIMITRIOU_STEIGLITZ = [
    ("s", "a", 4, 2), ("s", "b", 1, 2), ("a", "b", 2, 5), ("a", "t", 5, 1), ("b", "a", 3, 1), ("b", "t", 2, 3),
]  # fmt: skip
PAIR = [
    ("s", "a", 0, 6), ("s", "c", 10, 10), ("a", "b", 6, INF), ("b", "d", 7, 8), ("c", "d", 10, INF), ("d", "t", 5, 5),
]  # fmt: skip


@pytest.mark.parametrize(
    ("ways", "most", "cost"),
    [
        pytest.param(PRINCETON, 32, 193, id="pc083 Princeton digraph"),
        pytest.param(PAPADIMITRIOU_STEIGLITZ, 4, 23, id="pc084 Papadimitriou and Steiglitz"),
        pytest.param(PAIR, 5, 90, id="pc085 networkx largest flow at least cost"),
    ],
)
def test_the_largest_flow_at_least_cost(make, ways, most, cost):
    """A way back that earns 100 a unit makes the largest flow the cheapest."""
    found = solve(network(make, {}, [*ways, ("t", "s", -100, INF)]))
    assert found.x[-1] == pytest.approx(most, abs=1e-5)
    assert found.objective == pytest.approx(cost - 100 * most, abs=1e-4)


def test_pc078_pyomo_network_flow_with_least_loads(make):
    """A least load is taken off the way's bounds and moved at both ends; what a place has too much is left over free."""
    left = {"Albany": 10_000, "Abq": 7000, "Atlanta": 9000, "Boise": -2000, "Boston": 3000}
    left |= {"Casper": -7000, "Charleston": -8000, "Chicago": -6000}
    ways = [
        ("Albany", "Casper", 0.6, 3000, 6000), ("Albany", "Boise", 0.4, 1000, 5000), ("Abq", "Boise", 0.3, 0, 4000),
        ("Abq", "Boston", 0.5, 2000, 7000), ("Atlanta", "Boston", 0.2, 1000, 5000),
        ("Atlanta", "Chicago", 0.125, 500, 4000), ("Boise", "Casper", 0.25, 1500, 6000),
        ("Boise", "Charleston", 0.3, 1000, 5000), ("Boston", "Charleston", 0.5, 2000, 7000),
        ("Boston", "Chicago", 0.2, 1000, 3000),
    ]  # fmt: skip
    needs = {place: -tonnes for place, tonnes in left.items()}
    for start, end, _, least, _ in ways:
        needs[start] += least
        needs[end] -= least
    columns = [(start, end, cost, most - least) for start, end, cost, least, most in ways]
    excess = [(place, "left over", 0, INF) for place in left]
    needs["left over"] = sum(left.values())
    found = solve(network(make, needs, columns + excess))
    fixed = sum(cost * least for _, _, cost, least, _ in ways)
    assert found.objective + fixed == pytest.approx(11_575, rel=1e-7)


# ---------------------------------------------------------------------------------------------------------- transport


@pytest.mark.parametrize(
    ("capacity", "demand", "cost", "total"),
    [
        pytest.param(
            (1400, 2600, 2900), (900, 1200, 600, 400, 1700, 1100, 1000),
            [[39, 14, 11, 14, 16, 82, 8], [27, 9, 12, 9, 26, 95, 17], [24, 14, 17, 13, 28, 99, 20]], 196_200,
            id="pc069 AMPL transp",
        ),
        pytest.param(
            (3250, 7000, 1250), (3000, 3000, 4000, 500, 1000),
            [[1, 3, 2, 2, 1], [4, 5, 1, 1, 3], [2, 3, 3, 2, 1]], 22_500,
            id="pc077 Pyomo transportation",
        ),
        pytest.param((1, 5, 6), (4, 4, 4), [[8, 8, 11], [5, 8, 14], [4, 3, 10]], 77, id="pc088 NAG h03abc"),
    ],
)  # fmt: skip
def test_a_transport_problem(transport, capacity, demand, cost, total):
    assert solve(transport(capacity, demand, cost)).objective == pytest.approx(total, rel=1e-7)


# ----------------------------------------------------------------------------------------- several goods on one way


def joined(blocks, limit):
    """Programmes of several goods side by side; G holds what their columns take of the shared ways."""
    ways = blocks[0]
    A = np.zeros((sum(len(one) for one in blocks), sum(len(one[0]) for one in blocks)))
    row = column = 0
    for one in blocks:
        A[row : row + len(one), column : column + len(one[0])] = one
        row, column = row + len(one), column + len(one[0])
    G = np.hstack([np.eye(len(limit), len(ways[0]), len(ways[0]) - len(limit)) for _ in blocks])
    return A, G


MULTI = {
    "bands": ((400, 700, 800), (300, 300, 100, 75, 650, 225, 250),
              [[30, 10, 8, 10, 11, 71, 6], [22, 7, 10, 7, 21, 82, 13], [19, 11, 12, 10, 25, 83, 15]]),
    "coils": ((800, 1600, 1800), (500, 750, 400, 250, 950, 850, 500),
              [[39, 14, 11, 14, 16, 82, 8], [27, 9, 12, 9, 26, 95, 17], [24, 14, 17, 13, 28, 99, 20]]),
    "plate": ((200, 300, 300), (100, 100, 0, 50, 200, 100, 250),
              [[41, 15, 12, 16, 17, 86, 8], [29, 9, 13, 9, 28, 99, 18], [26, 14, 17, 13, 31, 104, 20]]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("sense", "total"),
    [pytest.param(1, 199_500, id="AMPL multi"), pytest.param(-1, 225_700, id="pc074 JuMP multi, dearest")],
)
def test_three_goods_on_shared_ways(make, transport, sense, total):
    """The data are those of the AMPL book; the JuMP tutorial looks for the dearest plan on them."""
    goods = [transport(capacity, demand, np.array(cost) * sense) for capacity, demand, cost in MULTI.values()]
    A, G = joined([good.A.toarray() for good in goods], [625] * 21)
    b, c, upper = (np.concatenate([getattr(good, name) for good in goods]) for name in ("b", "c", "upper"))
    found = solve(make(A, b, c, 0, upper, G=G, h=[625] * 21))
    assert sense * found.objective == pytest.approx(total, rel=1e-7)
    assert (G @ found.x).max() <= 625 * (1 + 1e-7)
    assert found.shared_rent.max() > 0


def test_pc076_gamspy_multi_commodity_flow(make):
    ends = ["12", "13", "23", "24", "34", "35", "45", "14", "15", "25"]
    cost = [
        [1, 5, 1, 4, 8, 5, 3, 15, 1000, 1000], [1, 3, 4, 4, 8, 7, 5, 13, 1000, 1000],
        [1, 1, 3, 4, 9, 4, 2, 12, 1000, 1000], [1, 2, 2, 4, 6, 8, 3, 11, 1000, 1000],
    ]  # fmt: skip
    needs = [{"1": -15, "4": 15}, {"1": -25, "5": 25}, {"2": -10, "5": 10}, {"3": -5, "5": 5}]
    goods = [
        network(make, need, [(*way, price, INF) for way, price in zip(ends, prices, strict=True)])
        for need, prices in zip(needs, cost, strict=True)
    ]
    limit = [20, 10, 10, 15, 30, 15, 30, 15, 25, 10]
    A, G = joined([good.A.toarray() for good in goods], limit)
    b, c = np.concatenate([good.b for good in goods]), np.concatenate([good.c for good in goods])
    found = solve(make(A, b, c, 0, G=G, h=limit))
    assert found.objective == pytest.approx(580, rel=1e-3)


# ------------------------------------------------------------------------------------------- a chain from ore to steel

RAW = {"pig": 1.58 * 18.7 + 0.63 * 52.17, "sponge": 1.38 * 18.7 + 0.57 * 14, "arc": 0.58 * 24,
       "open hearth": 0.33 * 105, "oxygen": 0.12 * 105}  # fmt: skip
TAKES = {"open hearth": ("pig", 0.77), "oxygen": ("pig", 0.95), "arc": ("sponge", 1.09)}
PLANTS = {
    "ahmsa": ({"pig": 3.25, "open hearth": 1.5, "oxygen": 2.07}, (1204, 218, 1125, 739)),
    "fundidora": ({"pig": 1.4, "open hearth": 0.85, "oxygen": 1.5}, (1017, 0, 1030, 521)),
    "sicartsa": ({"pig": 1.1, "oxygen": 1.3}, (819, 1305, 704, 0)),
    "hylsa": ({"sponge": 0.98, "arc": 1.13}, (1017, 0, 1030, 521)),
    "hylsap": ({"sponge": 1.0, "arc": 0.56}, (185, 1085, 760, 315)),
}
MARKETS, IMPORTED = (("mexico", 0.55), ("monterrey", 0.3), ("guadalaja", 0.15)), (428, 521, 300)


def freight(km):
    """USD per t by rail; nothing for a works in the market's own town or at the port."""
    return 2.48 + 0.0084 * km if km > 0 else 0.0


def mexss():
    """Ways of the Mexican steel chain as (terms, cost, upper): processes, shipments, exports, imports."""
    columns, exports = [], []
    for plant, (capacity, distance) in PLANTS.items():
        for process, most in capacity.items():
            product = process if process in {"pig", "sponge"} else "steel"
            terms = {(plant, product): 1.0}
            if process in TAKES:
                form, amount = TAKES[process]
                terms[plant, form] = -amount
            columns.append((terms, RAW[process], most))
        for (market, _), km in zip(MARKETS, distance[:3], strict=True):
            columns.append(({(plant, "steel"): -1, (market, "steel"): 1}, freight(km), INF))
        exports.append(len(columns))
        columns.append(({(plant, "steel"): -1}, freight(distance[3]) - 140, INF))
    for (market, _), km in zip(MARKETS, IMPORTED, strict=True):
        columns.append(({(market, "steel"): 1}, freight(km) + 150, INF))
    return columns, exports


def test_pc060_gams_mexss_the_mexican_steel_chain(make):
    """Kendrick, Meeraus and Alatorre 1984: pellets, coke and gas to iron and steel; at most 1 Mt of exports in all."""
    columns, exports = mexss()
    nodes = sorted({node for terms, _, _ in columns for node in terms})
    A = np.zeros((len(nodes), len(columns)))
    for column, (terms, _, _) in enumerate(columns):
        for node, amount in terms.items():
            A[nodes.index(node), column] = amount
    need = {(market, "steel"): 5.209 * 1.4 * share for market, share in MARKETS}
    G = [[1.0 if column in exports else 0.0 for column in range(len(columns))]]
    found = solve(
        make(A, [need.get(node, 0) for node in nodes], [c for _, c, _ in columns], 0, [u for *_, u in columns],
             G=G, h=[1.0])
    )  # fmt: skip
    assert found.objective == pytest.approx(538.8112, rel=1e-6)

# SPDX-License-Identifier: Apache-2.0
"""The transport network: dated, political, with intervals; how a tonne gets from a place to another, past whom.

`network` reads it from a fact base, `best_routes` answers a `Query`. Other rooms ask here and compute nothing of it.
"""

from __future__ import annotations

from ytterby.routes.building import network
from ytterby.routes.capacity import Capacity, Limit, capacity, limits_of
from ytterby.routes.comparison import Comparison, compare
from ytterby.routes.definitions import (
    CARGOES,
    CRITERIA,
    SURFACE,
    Item,
    Leg,
    Node,
    Query,
    Route,
    Segment,
    SharedLimit,
)
from ytterby.routes.distinct import distinct_routes
from ytterby.routes.exposure import Loss, Stress, stress
from ytterby.routes.finding import CutError, best_routes, is_open
from ytterby.routes.intervals import Interval
from ytterby.routes.matrix import RouteMatrix, all_pairs, all_weights
from ytterby.routes.network import Network
from ytterby.routes.pareto import pareto_routes
from ytterby.routes.places import Place, distance_km, find_place
from ytterby.routes.policies import Closure
from ytterby.routes.services import Course, stretch
from ytterby.routes.standing import CLOSED, COMING, OPEN, Standing, standings

__all__ = [
    "CARGOES",
    "CLOSED",
    "COMING",
    "CRITERIA",
    "OPEN",
    "SURFACE",
    "Capacity",
    "Closure",
    "Comparison",
    "Course",
    "CutError",
    "Interval",
    "Item",
    "Leg",
    "Limit",
    "Loss",
    "Network",
    "Node",
    "Place",
    "Query",
    "Route",
    "RouteMatrix",
    "Segment",
    "SharedLimit",
    "Standing",
    "Stress",
    "all_pairs",
    "all_weights",
    "best_routes",
    "capacity",
    "compare",
    "distance_km",
    "distinct_routes",
    "find_place",
    "is_open",
    "limits_of",
    "network",
    "pareto_routes",
    "standings",
    "stress",
    "stretch",
]

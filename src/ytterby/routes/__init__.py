# SPDX-License-Identifier: Apache-2.0
"""The transport network: dated, political, with intervals; how a tonne gets from a place to another, past whom.

`network` reads it from a fact base, `best_routes` answers a `Query`. Other rooms ask here and compute nothing of it.
"""

from __future__ import annotations

from ytterby.routes.building import network
from ytterby.routes.capacity import Capacity, Limit, capacity, limits_in
from ytterby.routes.definitions import CARGOES, CRITERIA, Item, Leg, Node, Query, Route, Segment, SharedLimit
from ytterby.routes.finding import NoRouteError, best_routes
from ytterby.routes.intervals import Interval
from ytterby.routes.matrix import RouteMatrix, all_pairs
from ytterby.routes.network import Network
from ytterby.routes.policies import Closure

__all__ = [
    "CARGOES",
    "CRITERIA",
    "Capacity",
    "Closure",
    "Interval",
    "Item",
    "Leg",
    "Limit",
    "Network",
    "NoRouteError",
    "Node",
    "Query",
    "Route",
    "RouteMatrix",
    "Segment",
    "SharedLimit",
    "all_pairs",
    "best_routes",
    "capacity",
    "limits_in",
    "network",
]

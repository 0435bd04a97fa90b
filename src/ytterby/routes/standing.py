# SPDX-License-Identifier: Apache-2.0
"""How every segment stands at the end of a year: open, to come, or closed, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ytterby.routes.definitions import Query, Segment
from ytterby.routes.finding import check_query, closed_under
from ytterby.routes.network import Network
from ytterby.routes.policies import Closure
from ytterby.routes.reading import TO_COME

OPEN, COMING, CLOSED = "open", "to come", "closed"


@dataclass(frozen=True, slots=True)
class Standing:
    """A segment under a query: open, to come (not built yet, with its year where one is stated), or closed by `closure`."""

    segment: Segment
    state: str
    closure: Closure | None


def standings(network: Network, query: Query, parties: Iterable[str]) -> tuple[Standing, ...]:
    """How all segments stand for a cargo that binds these states; what is avoided is not closed.

    Raises
    ------
    RouteError : an unknown id, state, cargo or criterion
    """
    check_query(network, query)
    closures = closed_under(network, query, parties).closures
    found = []
    for segment in network.segments.values():
        elements = (segment.id, *segment.passes, segment.first, segment.last)
        why = next((closures[name] for name in elements if name in closures), None)
        state = OPEN if why is None else COMING if _to_come(segment, query.year) else CLOSED
        found.append(Standing(segment, state, why))
    return tuple(found)


def _to_come(segment: Segment, year: int) -> bool:
    return segment.open_year > year if segment.open_year is not None else segment.status in TO_COME

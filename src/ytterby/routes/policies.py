# SPDX-License-Identifier: Apache-2.0
"""What is closed in a year, for whom, and why: opening years, status, policies, and what the user says.

The state asked for is that at the end of the year. Policies act in the order of their dates: a later reopening lifts an
earlier closure. A word of the user's stands above all facts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ytterby.facts import FactBase, Row
from ytterby.routes.definitions import CARGOES, LAND, Node, Query, Segment
from ytterby.routes.reading import TO_COME, groups

CLOSES, RESTRICTS = "closes", "restricts"
OUT_OF_USE = "closed"


@dataclass(frozen=True, slots=True)
class Policy:
    """An act that closes, reopens or restricts elements (ids of nodes and segments) for cargoes and states."""

    id: str
    year: int
    last_year: int | None
    effect: str
    cargo: frozenset[str]
    binds: frozenset[str]
    elements: tuple[str, ...]
    measure: str

    def closes_or_reopens(self, cargo: str) -> bool:
        """Whether it decides where a class of cargo may go."""
        return self.effect != RESTRICTS and cargo in self.cargo

    def in_force(self, query: Query, parties: frozenset[str]) -> bool:
        """Whether it bears on the query's cargo at the end of the year; without names it binds everybody."""
        when = self.year <= query.year and (self.last_year is None or self.last_year > query.year)
        return when and query.cargo in self.cargo and (not self.binds or bool(self.binds & parties))


@dataclass(frozen=True, slots=True)
class Closure:
    """An element that is closed, in words, with the rows that say so."""

    element: str
    reason: str
    basis: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Access:
    """What is closed and what is restricted under a query, by element."""

    closures: Mapping[str, Closure]
    restrictions: Mapping[str, tuple[str, ...]]


def access(
    policies: Iterable[Policy],
    segments: Mapping[str, Segment],
    query: Query,
    parties: Iterable[str],
    elements: Mapping[str, tuple[str, ...]],
) -> Access:
    """What is closed and restricted under a query.

    Parameters
    ----------
    policies : in the order of their dates
    segments : segments by id
    query : year, cargo, and what the user closes and opens
    parties : states whose closures bind the cargo
    elements : ids that each name of the query's `closed` and `opened` stands for
    """
    shut = {
        id_: Closure(id_, "out of use", (id_,))
        for id_, segment in segments.items()
        if segment.status == OUT_OF_USE
    }
    restrictions: dict[str, tuple[str, ...]] = defaultdict(tuple)
    bound = frozenset(parties)
    for policy in policies:
        if policy.in_force(query, bound):
            _apply(policy, shut, restrictions)
    closed = shut | {id_: why for id_, segment in segments.items() if (why := _unopened(segment, query))}
    for name in query.opened:
        for element in elements[name]:
            closed.pop(element, None)
    for name in query.closed:
        closed |= {element: Closure(element, "closed on request", ()) for element in elements[name]}
    return Access(closed, dict(restrictions))


def _apply(policy: Policy, shut: dict[str, Closure], restrictions: dict[str, tuple[str, ...]]) -> None:
    """Let a policy act on what earlier ones left: an unbuilt line stays unbuilt, whatever is reopened."""
    for element in policy.elements:
        if policy.effect == RESTRICTS:
            restrictions[element] += (policy.id,)
        elif policy.effect == CLOSES:
            shut[element] = Closure(element, policy.measure, (policy.id,))
        else:
            shut.pop(element, None)


def _unopened(segment: Segment, query: Query) -> Closure | None:
    """Why a segment is not in use at the end of the year, by its status and opening year alone."""
    if segment.open_year is not None:
        reason = f"opens in {segment.open_year}" if segment.open_year > query.year else ""
    else:
        reason = "" if segment.status not in TO_COME else f"{segment.status}, no year of opening"
    return Closure(segment.id, reason, segment.basis) if reason else None


def read_policies(
    base: FactBase, nodes: Mapping[str, Node], segments: Mapping[str, Segment]
) -> tuple[Policy, ...]:
    """Policies that close, reopen or restrict, in the order of their dates."""
    members = groups(base)
    inside: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for node in nodes.values():
        if node.passage != "strait":
            inside[node.country] += (node.id,)
    for segment in segments.values():
        for country in segment.crosses if segment.mode in LAND else ():
            inside[country] += (segment.id,)
    acting = [row for row in base.rows("corridor_policies") if row["effect"] != "none"]
    by_date = sorted(acting, key=lambda row: (row["date"], row["id"]))
    return tuple(_policy(row, inside, members) for row in by_date)


def _policy(row: Row, inside: Mapping[str, tuple[str, ...]], members: Mapping[str, frozenset[str]]) -> Policy:
    territory = [element for country in row["territory"] or () for element in inside.get(country, ())]
    return Policy(
        id=row["id"],
        year=int(row["date"][:4]),
        last_year=int(row["until"][:4]) if row["until"] else None,
        effect=row["effect"],
        cargo=frozenset(row["cargo"] or CARGOES),
        binds=frozenset().union(*(members[name] for name in row["for_whom"] or ())),
        elements=(*(row["nodes"] or ()), *(row["segments"] or ()), *territory),
        measure=row["measure"],
    )

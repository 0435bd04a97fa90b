# SPDX-License-Identifier: Apache-2.0
"""Which policy rows count as the start of an export restriction on a mineral, towards the world or towards an importer.

A restriction on a part of a commodity (an element of the rare earths) counts for the commodity. What does not count is
listed with the reason. The rows were collected because they were in the news: minerals and states that nobody looked
through have fewer rows than acts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ytterby.facts import FactBase

Row = Mapping[str, Any]
KINDS = ("export_ban", "export_licence", "export_quota", "export_tax")
LIFTING = "relaxation"
WORLD = "WLD"
UNCONFIRMED = "unconfirmed"
WHOLE_FROM_PARTS = ("product", "magnet")


@dataclass(frozen=True)
class Restriction:
    """The start of a restriction: who, on which mineral, in which year, towards whom (None: everyone)."""

    id: str
    exporter: str
    importer: str | None
    mineral: str
    year: int
    kind: str


@dataclass(frozen=True)
class LeftOut:
    """A restriction, or a mineral of one, that does not count, and why."""

    id: str
    mineral: str
    reason: str


def restrictions(
    base: FactBase, minerals: Collection[str], last: int
) -> tuple[list[Restriction], list[LeftOut]]:
    """Restrictions that start until the year `last`, oldest first, and what is left out.

    Parameters
    ----------
    minerals : the minerals whose production by country is known
    """
    rows = sorted(base.rows("policies"), key=lambda row: (row["date"], row["id"]))
    counted: list[Restriction] = []
    left: list[LeftOut] = []
    for row in rows:
        if row["kind"] not in KINDS:
            continue
        reason = _unfit(row, last)
        if reason:
            left.append(LeftOut(row["id"], "", reason))
            continue
        for mineral in dict.fromkeys(row["commodities"]):
            known = mineral_of(base, mineral, minerals)
            if known is None:
                left.append(LeftOut(row["id"], mineral, "no production by country for it"))
            else:
                _add(row, known, rows, counted, left)
    return counted, left


def mineral_of(base: FactBase, commodity: str, minerals: Collection[str]) -> str | None:
    """The mineral with production by country that a commodity is, or is a raw part of; None without one."""
    name: str | None = commodity
    while name is not None and name not in minerals:
        row = base.row(name)
        name = None if row["kind"] in WHOLE_FROM_PARTS else row["parent"]
    return name


def _unfit(row: Row, last: int) -> str:
    """Why a whole row does not count; empty if it does."""
    if row["country"] is None or not row["targets"]:
        return "no state acts, or towards nobody"
    if row["confidence"] == UNCONFIRMED:
        return "unconfirmed"
    return f"starts after {last}" if int(row["date"][:4]) > last else ""


def _add(
    row: Row, mineral: str, rows: Iterable[Row], counted: list[Restriction], left: list[LeftOut]
) -> None:
    year = int(row["date"][:4])
    if WORLD in row["targets"]:
        new = Restriction(row["id"], row["country"], None, mineral, year, row["kind"])
        if not any(_same(new, old) for old in counted):
            counted.append(new)
        return
    if _hit_already(row, mineral, rows, counted):
        left.append(LeftOut(row["id"], mineral, "the importer is under the same kind of restriction already"))
        return
    counted += [
        Restriction(row["id"], row["country"], importer, mineral, year, row["kind"])
        for importer in row["targets"]
        if importer != row["country"]
    ]


def _same(one: Restriction, other: Restriction) -> bool:
    """Two parts of one act, both of one mineral."""
    return (one.id, one.mineral, one.importer) == (other.id, other.mineral, other.importer)


def _hit_already(row: Row, mineral: str, rows: Iterable[Row], counted: Iterable[Restriction]) -> bool:
    """Whether a restriction of the same kind towards everyone is in force: nothing has lifted it since."""
    lifted = [
        old["date"]
        for old in rows
        if old["kind"] == LIFTING and old["country"] == row["country"] and mineral in old["commodities"]
    ]
    since = max((int(date[:4]) for date in lifted if date <= row["date"]), default=0)
    return any(
        (old.exporter, old.mineral, old.kind, old.importer) == (row["country"], mineral, row["kind"], None)
        and old.year >= since
        for old in counted
    )

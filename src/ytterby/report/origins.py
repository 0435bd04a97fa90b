# SPDX-License-Identifier: Apache-2.0
"""Where the rows behind an answer come from: relation, document, publisher, address, date, confidence.

Ids of the fact base, of trade rows and of plants that a scenario adds are all resolved; an id that cannot be is an
error, never a gap.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ytterby.errors import FactError
from ytterby.facts import FactBase, Relation
from ytterby.scenario import Case

Row = Mapping[str, Any]
TRADE, TRADE_ID = "trade", "baci-"
ADDED = "scenario"
TEXT = 130
_TRADE_NAME = re.compile(r"baci-(\d{6})-(\d{4})-", re.ASCII)
FIGURES = ("value", "capacity", "contained_t", "share", "quantity_t")
NAMED = (
    "name", "title", "code", "kind", "measure", "flow", "heading", "stage", "commodity", "element", "form", "product",
    "ore_class", "country", "place", "exporter", "partner", "importer", "year", "start_year",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    """A document: id, publisher, title, address and date of publication where known."""

    id: str
    publisher: str
    title: str
    url: str | None
    published: str | None


@dataclass(frozen=True)
class Origin:
    """One row behind a figure, what it says in short, and the document that it comes from (None where it is none)."""

    id: str
    relation: str
    source: Source | None
    confidence: str | None
    note: str | None
    says: str

    @property
    def record(self) -> dict[str, Any]:
        """The row as it stands in the document's `sources`."""
        found = self.source
        return {
            "relation": self.relation,
            "source": found and found.id,
            "publisher": found and found.publisher,
            "title": found and found.title,
            "url": found and found.url,
            "published": found and found.published,
            "confidence": self.confidence,
            "note": self.note,
        }


def origins(base: FactBase, case: Case | None, ids: Iterable[str]) -> dict[str, Origin]:
    """Resolve row ids, in the order given.

    Parameters
    ----------
    base : the fact base
    case : the case whose scenarios may add plants, or None
    ids : rows of any relation, of trade, or plants that a scenario adds

    Raises
    ------
    FactError : an id that is none of these
    """
    wanted = list(dict.fromkeys(ids))
    trade = _trade_rows(base, [id_ for id_ in wanted if _is_trade(base, id_)])
    added = _added(case) if case else {}
    return {id_: _origin(base, id_, trade, added) for id_ in wanted}


def _is_trade(base: FactBase, id_: str) -> bool:
    return id_ not in base.relation_of and id_.startswith(TRADE_ID)


def _trade_rows(base: FactBase, ids: list[str]) -> dict[str, Row]:
    """Trade rows by id, read in one go."""
    if not ids:
        return {}
    found = [match.groups() for id_ in ids if (match := _TRADE_NAME.match(id_))]
    codes, years = sorted({code for code, _ in found}), sorted({int(year) for _, year in found})
    asked = set(ids)
    return {row["id"]: row for row in base.trade(codes, years) if row["id"] in asked}


def _added(case: Case) -> dict[str, tuple[str, str, str]]:
    """Plants that scenarios add: id -> (scenario, reason, row that the change rests on)."""
    return {
        change.plant: (scenario.name, change.reason, change.basis)
        for scenario in case.scenarios
        for change in scenario.plants
        if change.add
    }


def _origin(
    base: FactBase, id_: str, trade: Mapping[str, Row], added: Mapping[str, tuple[str, str, str]]
) -> Origin:
    if id_ in base.relation_of:
        row = base.row(id_)
        name = base.relation_of[id_]
        source = _source(base, row.get("source"))
        text = says(row, base.schema.relation(name))
        return Origin(id_, name, source, row.get("confidence"), row.get("note"), text)
    if id_ in trade:
        text = says(trade[id_], base.schema.relation(TRADE))
        return Origin(id_, TRADE, _source(base, base.trade_source), None, None, text)
    if id_ in added:
        scenario, reason, rests_on = added[id_]
        row = base.row(rests_on)
        note = f"added by scenario {scenario}, resting on {rests_on}: {reason}"
        return Origin(id_, ADDED, _source(base, row.get("source")), row.get("confidence"), note, reason)
    if _is_trade(base, id_):
        raise FactError("basis", f"no trade row {id_}", "rows of the trade file", "correct the basis")
    base.row(id_)
    raise FactError("basis", f"no row {id_}", "", "correct the basis")


def _source(base: FactBase, id_: str | None) -> Source | None:
    if not id_:
        return None
    row = base.row(id_)
    published = row["published"]
    return Source(
        id_, row["publisher"], row["title"], row["url"], None if published is None else str(published)
    )


def says(row: Row, relation: Relation) -> str:
    """What a row says, in short: its names, then its figure."""
    words = [str(row[key]).replace("_", " ") for key in NAMED if row.get(key) is not None]
    text = ", ".join(dict.fromkeys(words)) or str(row.get("description") or row.get("text") or "")
    figure = _figure(row, relation)
    text = text if len(text) <= TEXT else f"{text[:TEXT].rstrip()}..."
    return f"{text}: {figure}" if text and figure else text or figure


def _figure(row: Row, relation: Relation) -> str:
    """The row's number with its unit, or its bounds, or its state."""
    for name in FIGURES:
        if isinstance(row.get(name), int | float):
            return f"{_plain(row[name])} {_unit(row, relation, name)}".strip()
    bounds = [
        f"{word} {_plain(row[end])}"
        for end, word in (("low", "over"), ("high", "under"))
        if isinstance(row.get(end), int | float)
    ]
    if bounds:
        return f"{' and '.join(bounds)} {_unit(row, relation, 'low')}".strip()
    return str(row.get("state") or "").replace("_", " ")


def _unit(row: Row, relation: Relation, name: str) -> str:
    column = relation.column(name)
    unit = row.get(relation.unit_column) if column.quantity and relation.unit_column else column.unit
    return str(unit or "").replace("_per_", "/").replace("_", " ").replace("fraction", "")


def _plain(value: float) -> str:
    return f"{value:,.0f}".replace(",", " ") if abs(value) >= 1000 else f"{value:.4g}"

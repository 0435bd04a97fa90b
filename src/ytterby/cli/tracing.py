# SPDX-License-Identifier: Apache-2.0
"""The command `trace`: walk from a row back to its sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ytterby.cli.factbase import say_overrides
from ytterby.cli.options import AsOf, Data, Json
from ytterby.cli.output import emit, emit_json

if TYPE_CHECKING:
    from ytterby.facts import Row
    from ytterby.facts.tracing import Trace

SOURCE_COLUMNS = ("publisher", "title", "url", "published", "accessed", "licence", "note")


def trace(
    name: Annotated[str, Parameter(name="ID", help="Id of a row of the fact base or of bilateral trade.")],
    /,
    *,
    json: Json = False,
    as_of: AsOf = None,
    data: Data = (),
) -> None:
    """Walk from a row back to its source: document, address, confidence, notes, conversion, overrides."""
    from ytterby.facts import load
    from ytterby.facts import trace as walk

    base = load(data, as_of=as_of)
    say_overrides(base)
    found = walk(base, name)
    if json:
        emit_json(_document(found))
    else:
        emit(f"{line}\n" for line in _lines(found))


def _document(found: Trace) -> dict[str, Any]:
    """A trace as JSON."""
    return {
        "id": found.id,
        "relation": found.relation,
        "row": dict(found.row),
        "source": found.source and dict(found.source),
        "unit": found.unit and _document(found.unit),
        "overrides": [asdict(override) for override in found.overrides],
        "named": [_document(other) for other in found.named],
    }


def _lines(found: Trace) -> list[str]:
    """A trace for the eye."""
    from ytterby.facts.tables import cell_text

    lines = [f"{found.id} ({found.relation})", *_filled(found.row, [key for key in found.row if key != "id"])]
    lines += _source(found.source)
    if found.unit:
        row = found.unit.row
        lines += [
            f"unit: 1 {found.unit.id} = {cell_text(row['factor'])} {row['canonical']}",
            *_source(found.unit.source),
        ]
    for override in found.overrides:
        lines.append(f"override by {override.folder}")
        lines += [
            f"  {column}: {cell_text(old)} -> {cell_text(new)}" for column, old, new in override.changes
        ]
    if found.named:
        lines.append("names")
        lines += [f"  {other.id}: {other.row.get('name') or other.relation}" for other in found.named]
    return lines


def _source(source: Row | None) -> list[str]:
    """The source row, if the row has one."""
    return [f"source: {source['id']}", *_filled(source, SOURCE_COLUMNS)] if source else []


def _filled(row: Mapping[str, Any], columns: tuple[str, ...] | list[str]) -> list[str]:
    """One indented line per column that holds something."""
    from ytterby.facts.tables import cell_text

    texts = {column: cell_text(row.get(column)) for column in columns}
    width = max((len(column) for column, text in texts.items() if text), default=0)
    return [f"  {column:{width}}  {text}" for column, text in texts.items() if text]

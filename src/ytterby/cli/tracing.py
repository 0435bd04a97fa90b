# SPDX-License-Identifier: Apache-2.0
"""The command `trace`: walk from an answer of a run, or from a row, back to the sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ytterby.cli.factbase import say_overrides
from ytterby.cli.options import ANSWERS, RUNS, AsOf, Data, Json
from ytterby.cli.output import emit, emit_json
from ytterby.errors import FactError, YtterbyError

if TYPE_CHECKING:
    from ytterby.facts import Row
    from ytterby.facts.tracing import Trace

SOURCE_COLUMNS = ("publisher", "title", "url", "published", "accessed", "licence", "note")


def trace(
    name: Annotated[
        str, Parameter(name="ID", help="Id of an answer, of a row of the fact base or of bilateral trade.")
    ],
    /,
    *,
    run: Annotated[
        Path | None,
        Parameter(
            help=f"Folder that ytterby answer wrote; without it those under {RUNS} are looked through."
        ),
    ] = None,
    json: Json = False,
    as_of: AsOf = None,
    data: Data = (),
) -> None:
    """Walk back to the sources: from an answer to the rows it rests on, from a row to its document.

    A row is shown with address, confidence, notes, conversion of units and what users' folders changed.
    """
    told = _told(name, run)
    if told is None:
        _trace_row(name, as_of, data, json=json)
    elif json:
        emit_json(told)
    else:
        emit(f"{line}\n" for line in _told_lines(told))


def _trace_row(name: str, as_of: str | None, data: Sequence[Path], *, json: bool) -> None:
    """Print what the fact base says of a row."""
    from ytterby.facts import load
    from ytterby.facts import trace as walk

    base = load(data, as_of=as_of)
    say_overrides(base)
    try:
        found = walk(base, name)
    except FactError as error:
        answers = f"ids of answers are known once ytterby answer has written a run under {RUNS}"
        remedy = "; ".join(filter(None, (error.remedy, answers)))
        raise FactError(error.where, error.found, error.allowed, remedy) from None
    if json:
        emit_json(_document(found))
    else:
        emit(f"{line}\n" for line in _lines(found))


def _told(name: str, run: Path | None) -> dict[str, Any] | None:
    """What the file of a run, or the first that knows the name, tells of an answer or of a row of its scenarios."""
    for file in sorted(Path(RUNS).glob(f"*/{ANSWERS}")) if run is None else [run / ANSWERS]:
        answers, sources = _run_file(file)
        if name in answers:
            rows = {id_: sources.get(id_, {}) for id_ in answers[name]["basis"]}
            return {"run": str(file), "answer": answers[name], "basis": rows}
        if sources.get(name, {}).get("relation") == "scenario":
            return {"run": str(file), "answer": None, "basis": {name: sources[name]}}
    return None


def _run_file(file: Path) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Answers and sources of a run, each by id."""
    from json import loads

    try:
        document = loads(file.read_text(encoding="utf-8"))
        answers = {answer["id"]: answer for answer in document["answers"]}
        sources: dict[str, dict[str, Any]] = document["sources"]
        complete = all({"question", "sentence", "basis"} <= answer.keys() for answer in answers.values())
        complete = complete and all(isinstance(source, dict) for source in sources.values())
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise YtterbyError(
            str(file), f"no answers ({reason})", "a file of ytterby answer", "run it anew"
        ) from error
    if not complete:
        raise YtterbyError(str(file), "incomplete answers", "a file of ytterby answer", "run it anew")
    return answers, sources


def _told_lines(told: Mapping[str, Any]) -> list[str]:
    """An answer with the rows it rests on, or a row of a scenario, for the eye."""
    answer = told["answer"]
    lines = [f"{answer['id']}: {answer['question']}", answer["sentence"], "rests on"] if answer else []
    for name, source in told["basis"].items():
        cited = [str(source[key]) for key in ("publisher", "title", "url", "note") if source.get(key)]
        lines.append(f"  {name} ({source.get('relation')}, {source.get('confidence')}): {', '.join(cited)}")
    return lines


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

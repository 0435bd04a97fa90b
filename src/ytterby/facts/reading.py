# SPDX-License-Identifier: Apache-2.0
"""One CSV file to typed columns, with every problem of the file named by row and column.

It looks at one file alone: references, units and ids of other files are checked when all are read.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ytterby.errors import Problem, allowed_names, quoted
from ytterby.facts.cells import PARSERS, BadCellError
from ytterby.facts.columns import Column, Relation


@dataclass
class Table:
    """One file of a relation while it is loaded: typed columns of equal length, and each row's line.

    A row with a fault is in `faulty`: what follows from the fault is not complained about.
    """

    relation: Relation
    file: str
    folder: str = ""
    lines: list[int] = field(default_factory=list)
    columns: dict[str, list[Any]] = field(default_factory=dict)
    broken: bool = False
    lost_ids: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    faulty: set[int] = field(default_factory=set)

    def name_of(self, index: int) -> str:
        """The row's id, or its line where it has none."""
        identity = self.columns.get("id", [None] * (index + 1))[index]
        return identity or f"line {self.lines[index]}"

    def complain(self, index: int | None, column: str, found: str, allowed: str, remedy: str) -> None:
        """Note a problem of row `index` (None: of the file)."""
        row = ""
        if index is not None:
            row = self.name_of(index)
            self.faulty.add(index)
        self.problems.append(Problem(self.file, row, column, found, allowed, remedy))


def read_table(content: bytes, file: str, folder: str, relation: Relation) -> Table:
    """Read the CSV `content` of `file` as a table of `relation`; its problems are in the table."""
    table = Table(relation, file, folder)
    text = _decoded(content, table)
    records = [] if text is None else _records(text, table)
    if not records:
        table.broken = True
        return table
    (_, header), *body = records
    if not _header_fits(header, table):
        table.broken = True
        return table
    fitting = _fitting(body, header, table)
    table.lines = [line for line, _ in fitting]
    cells = zip(*(record for _, record in fitting), strict=True) if fitting else ([] for _ in header)
    raw = dict(zip(header, map(list, cells), strict=True))
    for name in ["id", *(name for name in relation.columns if name != "id")]:
        table.columns[name] = _typed(raw[name], relation.columns[name], table)
    return table


def _decoded(content: bytes, table: Table) -> str | None:
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        table.problems.append(
            Problem(
                table.file,
                f"line {line}",
                "",
                "NUL bytes",
                "text in UTF-8",
                "export the table as CSV in UTF-8",
            )
        )
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{content[error.start]:02x}, which is not UTF-8"
        table.problems.append(
            Problem(table.file, f"line {line}", "", found, "UTF-8", "save the file as UTF-8")
        )
        return None


def _header_of(table: Table) -> str:
    return ",".join(table.relation.columns)


def _records(text: str, table: Table) -> list[tuple[int, list[str]]]:
    """Line number and cells of each record; blank lines carry nothing and are passed over."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records = []
    line = 1
    try:
        for record in reader:
            if record:
                records.append((line, record))
            line = reader.line_num + 1
    except csv.Error as error:
        found = f"bad CSV ({error})"
        remedy = "quote cells that hold commas, quotes or line breaks, and close each quote"
        table.problems.append(
            Problem(table.file, f"line {line}", "", found, "comma-separated values", remedy)
        )
        return []
    if not records:
        table.complain(None, "", "an empty file", "a header and rows", f"give the header {_header_of(table)}")
    return records


def _header_fits(header: list[str], table: Table) -> bool:
    columns = table.relation.columns
    remedy = f"give the header {_header_of(table)}"
    if len(header) == 1 and any(mark in header[0] for mark in ";\t|"):
        remedy = "separate cells by commas"
    for name in dict.fromkeys(header):
        if name not in columns:
            table.complain(
                None, name[:80], "an unknown column", allowed_names(name, columns, limit=40), remedy
            )
        elif header.count(name) > 1:
            table.complain(None, name, "a column given twice", "each column once", remedy)
    for name in columns:
        if name not in header:
            table.complain(None, name, "no such column", "every column of the schema", remedy)
    return not table.problems


def _fitting(
    body: list[tuple[int, list[str]]], header: list[str], table: Table
) -> list[tuple[int, list[str]]]:
    """Records with as many cells as the header; the others are noted."""
    width = len(header)
    place = header.index("id")
    fitting = []
    for line, record in body:
        if len(record) == width:
            fitting.append((line, record))
            continue
        if place < len(record):
            table.lost_ids.add(record[place])
        found, allowed = f"{len(record)} cells", f"{width} cells"
        remedy = "give each row as many cells as the header; quote cells that hold commas"
        table.problems.append(Problem(table.file, f"line {line}", "", found, allowed, remedy))
    return fitting


def _typed(cells: list[str], column: Column, table: Table) -> list[Any]:
    """Typed values of a column, each distinct text parsed once; None for empty and for bad cells."""
    values: dict[str, Any] = {}
    bad: dict[str, BadCellError] = {}
    parse = PARSERS[column.kind]
    for text in set(cells):
        if text:
            _parse_into(values, bad, text, column, parse)
    if not column.optional and "" in cells:
        bad[""] = BadCellError("a value", "fill in the cell")
    typed = list(map(values.get, cells))
    if column.name == "id":
        table.columns["id"] = typed
    for index, text in enumerate(cells) if bad else ():
        if text in bad:
            table.complain(
                index,
                column.name,
                quoted(text) if text else "an empty cell",
                bad[text].allowed,
                bad[text].remedy,
            )
    return typed


def _parse_into(
    values: dict[str, Any],
    bad: dict[str, BadCellError],
    text: str,
    column: Column,
    parse: Callable[[str, Column], Any],
) -> None:
    try:
        values[text] = parse(text, column)
    except BadCellError as error:
        bad[text] = error

# SPDX-License-Identifier: Apache-2.0
"""Where the command line writes: documents and tables to stdout, messages to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

WIDEST_CELL = 44
GAP = 2


def say(text: str, code: int = 0) -> int:
    """Print a message to stderr; returns `code`, the exit code that goes with it."""
    sys.stderr.write(text + "\n")
    return code


def emit(parts: Iterable[str]) -> None:
    """Write a document to stdout as UTF-8, whatever the terminal speaks."""
    sys.stdout.flush()
    sys.stdout.buffer.writelines(part.encode("utf-8") for part in parts)
    sys.stdout.buffer.flush()


def emit_json(document: Mapping[str, Any]) -> None:
    """Write one JSON document; a NaN or an infinity is an error of ours, not a number."""
    emit([json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2), "\n"])


def flat(cell: Any) -> Any:
    """A cell of a table: a list becomes words with spaces between."""
    return " ".join(cell) if isinstance(cell, (tuple, list)) else cell


def screen(width: int | None = None) -> Console:
    """The terminal for results, as rich sees it; what users' data says is never taken for markup."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False, width=width)


def show_table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Print rows as a table and return the columns that did not fit.

    On a terminal long cells are cut and columns that would not fit are left out; into a pipe all is written.
    """
    from rich.table import Table

    from ytterby.facts.tables import cell_text

    console = screen()
    texts = {column: [cell_text(row[column]) for row in rows] for column in columns}
    longest = {column: max(map(len, [column, *texts[column]])) for column in columns}
    if console.is_terminal:
        widths = _fitting(
            {column: min(width, WIDEST_CELL) for column, width in longest.items()}, console.width
        )
    else:
        widths = longest
        console = screen(width=sum(widths.values()) + GAP * len(widths))
    table = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0))
    for column, width in widths.items():
        number = any(isinstance(row[column], (int, float)) for row in rows)
        table.add_column(column, justify="right" if number else "left", width=width, no_wrap=True)
    for index in range(len(rows)):
        table.add_row(*(texts[column][index] for column in widths))
    console.print(table)
    return [column for column in columns if column not in widths]


def _fitting(widths: Mapping[str, int], room: int) -> dict[str, int]:
    """As many of the first columns as the room allows, at least one."""
    fitting: dict[str, int] = {}
    for column, width in widths.items():
        if fitting and sum(fitting.values()) + GAP * (len(fitting) + 1) + width > room:
            break
        fitting[column] = width
    return fitting

# SPDX-License-Identifier: Apache-2.0
"""The output folder of a run: answers, report and tables, written whole or not at all."""

from collections.abc import Callable
from pathlib import Path

from ytterby.facts import write_table
from ytterby.facts.folders import write_folder
from ytterby.report.columns import write_arrays
from ytterby.report.record import ANSWER_COLUMNS, answer_record, as_json, document
from ytterby.report.tables import Table, all_tables
from ytterby.study import AnswerSet

TABLES = "tables"
ANSWER_FILES = ("answers.json", "answers.csv", "report.html", "report.md", TABLES)
ENDINGS = (".csv", ".parquet")
Progress = Callable[[str], None]


def write(answers: AnswerSet, folder: Path, *, progress: Progress | None = None) -> list[Path]:
    """Write answers.json, answers.csv, report.html, report.md and the tables as CSV and Parquet.

    Parameters
    ----------
    answers : the answers of a run
    folder : a new or empty folder, or one of an earlier run, which is replaced
    progress : called with a line of text per step

    Returns
    -------
    the files written, sorted

    Raises
    ------
    YtterbyError : the folder holds something else, or cannot be written; it is left as it was
    """
    say = progress or (lambda _: None)

    def fill(half: Path) -> None:
        say("report: answers and tables")
        (half / ANSWER_FILES[0]).write_text(as_json(document(answers)), encoding="utf-8")
        records = [answer_record(answer) for answer in answers.answers]
        write_table(records, half / "answers.csv", ANSWER_COLUMNS)
        tables = all_tables(answers)
        write_tables(tables, half / TABLES)
        say("report: drawings and pages")
        _write_pages(answers, tables, half)

    return write_folder(folder, ANSWER_FILES, fill)


def write_tables(tables: list[Table], folder: Path) -> None:
    """Write tables as CSV and Parquet, and what their columns hold as README.md."""
    folder.mkdir()
    for table in tables:
        if table.arrays is not None:
            write_arrays({name: table.arrays[name] for name in table.columns}, folder, table.name)
            continue
        for ending in ENDINGS:
            write_table(table.rows, folder / f"{table.name}{ending}", list(table.columns))
    (folder / "README.md").write_text(_described(tables), encoding="utf-8")


def _described(tables: list[Table]) -> str:
    """The tables and their columns in words."""
    parts = ["# Tables\n"]
    for table in tables:
        columns = "".join(f"- `{name}`: {meaning}\n" for name, meaning in table.columns.items())
        parts.append(f"## {table.name}\n\n{table.title}. {table.count} rows.\n\n{columns}")
    return "\n".join(parts)


def _write_pages(answers: AnswerSet, tables: list[Table], folder: Path) -> None:
    from ytterby.report.drawings import draw_all
    from ytterby.report.page import page
    from ytterby.report.rendering import to_html, to_markdown

    content = page(answers, draw_all(answers), tables)
    (folder / "report.html").write_text(to_html(content), encoding="utf-8")
    (folder / "report.md").write_text(to_markdown(content), encoding="utf-8")

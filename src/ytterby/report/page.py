# SPDX-License-Identifier: Apache-2.0
"""The page of a report as plain content, before it becomes HTML or Markdown: texts, tables, drawings, footnotes.

Both faces are written from this one page, so they say the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ytterby.report.drawings import Drawing, Figures
from ytterby.report.notes import Cited, Note, Notes
from ytterby.report.origins import origins
from ytterby.report.reading import changed_first, figure
from ytterby.report.record import run_record
from ytterby.report.tables import Table
from ytterby.study import Answer, AnswerSet
from ytterby.study.words import form_name, number, place_name

SHOWN_CORRECTIONS = 10
REFERENCE = "reference"


@dataclass(frozen=True)
class Said:
    """A text and the number of its footnote, 0 for none."""

    text: str
    note: int = 0


@dataclass(frozen=True)
class Sheet:
    """A table of texts: title, heads, rows, and per row the number of its footnote, 0 for none."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[int, ...]

    @property
    def lines(self) -> list[tuple[tuple[str, ...], int]]:
        """Rows with their footnotes."""
        return list(zip(self.rows, self.notes, strict=True))


@dataclass(frozen=True)
class Shown:
    """A drawing on the page, with its footnote and its figures as tables."""

    drawing: Drawing
    note: int
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True)
class ScenarioText:
    """A scenario in words: what it changes and why, beyond the scenario that it contains whole (if any)."""

    name: str
    title: str
    description: str
    extends: str
    changes: tuple[tuple[str, Said], ...]


@dataclass(frozen=True)
class Page:
    """Everything that stands on the page, in its order."""

    title: str
    question: str
    facts: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str, Said], ...]
    bottleneck: tuple[str, str, Said] | None
    claims: Sheet
    caveats: tuple[Said, ...]
    drawings: tuple[Shown, ...]
    scenarios: tuple[ScenarioText, ...]
    variants: tuple[str, ...]
    figures: Sheet
    corrections: Sheet
    trade: Sheet
    unread: Sheet
    files: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]
    sources: tuple[Cited, ...]
    run: dict[str, Any]


def page(answers: AnswerSet, drawings: Sequence[Drawing], tables: Sequence[Table]) -> Page:
    """Put the page together.

    Parameters
    ----------
    answers : the answers of a run
    drawings : its drawings
    tables : its tables, which are files beside the page
    """
    run = run_record(answers)
    by_name = {table.name: table for table in tables}
    corrections = by_name["corrections"].rows[:SHOWN_CORRECTIONS]
    unread = [row for row in by_name["projects"].rows if row["scenario"] == REFERENCE and not row["read"]]
    notes = Notes(origins(answers.base, answers.case, _basis(answers, drawings, corrections, unread)))
    by_answer = {
        answer.id: notes.add(
            answer.id, answer.question, answer.basis, answer.method, changed_first(answers, answer)
        )
        for answer in answers.answers
    }
    caveats = tuple(Said(c.text, notes.add(c.text, c.text, c.basis)) for c in answers.caveats)
    shown = tuple(_shown(drawing, by_answer, notes) for drawing in drawings)
    told = [(a.id, a.question, Said(a.sentence, by_answer[a.id])) for a in answers.answers]
    narrow = answers.bottleneck.id if answers.bottleneck else None
    return Page(
        title=answers.case.title,
        question=answers.case.question,
        facts=_facts(answers, run),
        answers=tuple(one for one in told if one[0] != narrow),
        bottleneck=next((one for one in told if one[0] == narrow), None),
        claims=_claims(answers, notes),
        caveats=caveats,
        drawings=shown,
        scenarios=_scenarios(answers, notes),
        variants=tuple(run["variants"]),
        figures=_figures(answers.answers, by_answer),
        corrections=_corrections(corrections, notes),
        trade=_trade(by_name["trade_rules"]),
        unread=_unread(answers, unread, notes),
        files=_files(tables),
        notes=tuple(notes.notes),
        sources=tuple(notes.cited),
        run=run,
    )


def _basis(
    answers: AnswerSet,
    drawings: Iterable[Drawing],
    corrections: Iterable[dict[str, Any]],
    unread: Iterable[dict[str, Any]],
) -> list[str]:
    """Every row that a footnote of the page can name."""
    ids = [id_ for answer in answers.answers for id_ in answer.basis]
    ids += [id_ for caveat in answers.caveats for id_ in caveat.basis]
    ids += [id_ for verdict in answers.verdicts for id_ in verdict.basis]
    ids += [
        id_ for drawing in drawings for basis in (*drawing.basis, *(b for one in drawing.also for b in one.basis))
        for id_ in basis
    ]  # fmt: skip
    ids += [change.basis for scenario in answers.case.scenarios for change in scenario.changes]
    ids += [id_ for row in corrections for id_ in row["basis"]]
    return [*ids, *(row["plant"] for row in unread)]


def _row_note(notes: Notes, basis: Sequence[str]) -> int:
    return notes.add("+".join(basis), "", basis)


def _shown(drawing: Drawing, by_answer: dict[str, int], notes: Notes) -> Shown:
    first = Figures(drawing.title, drawing.head, drawing.rows, drawing.basis or ((),) * len(drawing.rows))
    sheets = (
        Sheet(one.title, one.head, one.rows, tuple(_row_note(notes, basis) for basis in one.basis))
        for one in (first, *drawing.also)
    )
    return Shown(drawing, by_answer.get(drawing.answer, 0), tuple(sheets))


def _claims(answers: AnswerSet, notes: Notes) -> Sheet:
    rows = tuple(
        (v.id, v.verdict.replace("_", " "), ", ".join(filter(None, (v.speaker, v.speaker_role, v.date))),
         f"{v.statement} ({v.force})", v.sentence, v.rule.replace("-", " "))
        for v in answers.verdicts
    )  # fmt: skip
    head = ("statement", "verdict", "who and when", "what was said", "what the check finds", "rule")
    title = f"{len(rows)} statements and their verdicts"
    return Sheet(title, head, rows, tuple(_row_note(notes, v.basis) for v in answers.verdicts))


def _facts(answers: AnswerSet, run: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    case, base = answers.case, answers.base
    return (
        ("importer", place_name(base, case.importer)),
        ("supplier", place_name(base, case.supplier)),
        ("region", ", ".join(place_name(base, place) for place in case.region)),
        ("years", f"base year {case.base_year}, solved to {case.last_year}"),
        ("demand path", case.demand_path),
        ("facts", f"as known on {base.as_of}" if base.as_of else "all of the fact base"),
        ("version", ", ".join(f"{name} {version}" for name, version in run["versions"].items())),
        ("digest of all inputs", run["digest"]),
    )


def _scenarios(answers: AnswerSet, notes: Notes) -> tuple[ScenarioText, ...]:
    reference = next(s for s in answers.case.scenarios if s.name == REFERENCE)
    common = reference.changes
    found = []
    for scenario in answers.case.scenarios:
        contains = scenario is not reference and common and all(c in scenario.changes for c in common)
        own = [c for c in scenario.changes if not contains or c not in common]
        texts = tuple((c.words, Said(c.reason, _row_note(notes, (c.basis,)))) for c in own)
        extends = reference.title.lower() if contains else ""
        found.append(ScenarioText(scenario.name, scenario.title, scenario.description, extends, texts))
    return tuple(found)


def _figures(answers: Sequence[Answer], by_answer: dict[str, int]) -> Sheet:
    rows = [
        (
            answer.id, *(figure(value, answer.unit) for value in (answer.value, answer.low, answer.high)),
            str(answer.year or ""), answer.scenario, form_name(answer.form), answer.measure.replace("_", " "),
        )
        for answer in answers
    ]  # fmt: skip
    head = ("answer", "value", "low", "high", "year", "scenario", "form or stage", "measure")
    return Sheet("The answers as figures", head, tuple(rows), tuple(by_answer[a.id] for a in answers))


def _corrections(rows: Sequence[dict[str, Any]], notes: Notes) -> Sheet:
    texts = tuple(
        (
            row["activity"].replace(" -> ", " → "),
            *(number(round(row[name], 3)) for name in ("prior", "value", "standard_error", "in_errors")),
        )
        for row in rows
    )
    head = ("flow", "evidence, t", "balanced, t", "standard error, t", "correction in standard errors")
    title = f"The {len(texts)} largest corrections of the base year"
    return Sheet(title, head, texts, tuple(_row_note(notes, row["basis"]) for row in rows))


def _trade(table: Table) -> Sheet:
    rows = tuple(
        (
            row["rule"].replace("-", " "),
            "used" if row["kept"] else "kept out",
            str(row["rows"]),
            number(row["tonnes"]) if row["tonnes"] else "not published",
        )
        for row in table.rows
    )
    head = ("rule", "rows are", "rows", "t (oxide; gross where kept out)")
    return Sheet(table.title, head, rows, (0,) * len(rows))


def _unread(answers: AnswerSet, rows: Sequence[dict[str, Any]], notes: Notes) -> Sheet:
    texts = tuple((answers.base.row(row["plant"])["name"], row["place"], row["reason"]) for row in rows)
    title = f"{len(texts)} plants and projects that are not counted"
    return Sheet(
        title, ("plant", "country", "reason"), texts, tuple(_row_note(notes, (row["plant"],)) for row in rows)
    )


def _files(tables: Sequence[Table]) -> tuple[tuple[str, str], ...]:
    own = (
        ("answers.json", "the answers with case, run and the source of every row behind them"),
        ("answers.csv", "the answers, a row each"),
        ("report.html", "this page"),
        ("report.md", "this page as Markdown"),
    )
    return (*own, *((f"tables/{table.name}.csv, .parquet", table.title) for table in tables))

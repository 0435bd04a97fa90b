# SPDX-License-Identifier: Apache-2.0
"""The command `claims`: statements checked by named rules against the facts and a solved case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ytterby.cli.casework import DEFAULT_CASE, CaseName, progress
from ytterby.cli.factbase import say_overrides
from ytterby.cli.options import AsOf, Data, Json, one_of
from ytterby.cli.output import emit, emit_json, say
from ytterby.errors import FactError, allowed_names, quoted

if TYPE_CHECKING:
    from ytterby.claims import SolvedCase, Verdict
    from ytterby.facts import FactBase
    from ytterby.facts.rows import Row
    from ytterby.scenario import Case

WIDTH = 100
INDENT = "      "


Named = Annotated[
    tuple[str, ...],
    Parameter(help="Only this statement, a row of relation statements; may be given several times."),
]
File = Annotated[
    Path | None,
    Parameter(help="Check the statements of your own CSV file, with the columns of relation statements."),
]
New = Annotated[
    bool,
    Parameter(
        help="Check one new statement; asks for its fields on a terminal, or reads a line for each from standard input."
    ),
]
Fields = Annotated[
    tuple[str, ...], Parameter(help="A field of the new statement, such as value=20000000; several times.")
]
Run = Annotated[
    Path | None,
    Parameter(help="Take the solved case from this folder of ytterby answer, with its intervals."),
]


def claims(
    case: CaseName = DEFAULT_CASE,
    /,
    *,
    statement: Named = (),
    file: File = None,
    new: New = False,
    field: Fields = (),
    run: Run = None,
    json: Json = False,
    csv: Annotated[bool, Parameter(help="Print CSV with a header.")] = False,
    claimreview: Annotated[bool, Parameter(help="Print schema.org ClaimReview as JSON-LD.")] = False,
    author: Annotated[str, Parameter(help="Who publishes the reviews, for --claimreview.")] = "ytterby",
    site: Annotated[str, Parameter(help="Address of the page that shows them; --claimreview needs it.")] = "",
    as_of: AsOf = None,
    data: Data = (),
) -> None:
    """Check statements: verdict, figure with range, sentence, rows behind it.

    Without options the statements of the case are checked. Only rules on the supply chain solve the case, and at the
    middle of all ranges; --run takes an earlier run with its intervals.
    """
    from ytterby.claims import check_all
    from ytterby.study import load_case

    one_of(
        {"--json": json, "--csv": csv, "--claimreview": claimreview},
        {"--file": file is not None, "--new or --field": new or bool(field)},
        {"--statement": bool(statement), "--new or --field": new or bool(field)},
    )
    if claimreview and not site.startswith(("http://", "https://")):
        told = quoted(site) if site else "no address"
        raise FactError(
            "--site", told, "an address that begins with https://", "name the page that shows the reviews"
        )
    question = load_case(case)
    base, chosen = _chosen(question, statement, file, field, data, as_of, new=new)
    say_overrides(base)
    verdicts = check_all(chosen, base, _solved(question, base, chosen, run))
    if claimreview:
        from ytterby.report.claimreview import claim_reviews

        emit_json(claim_reviews(verdicts, base, {row["id"]: row for row in chosen}, author=author, site=site))
    elif json:
        emit_json({"claims": [verdict.record for verdict in verdicts]})
    elif csv:
        from ytterby.claims import COLUMNS
        from ytterby.facts.tables import csv_lines

        emit(csv_lines([verdict.record for verdict in verdicts], COLUMNS))
    else:
        _show(verdicts)


def _chosen(
    case: Case, names: tuple[str, ...], file: Path | None, fields: tuple[str, ...], data: Sequence[Path], as_of: str | None,
    *, new: bool,
) -> tuple[FactBase, Sequence[Row]]:  # fmt: skip
    """The facts and the statements to check: the user's own, the named ones, or those of the case."""
    from ytterby.claims import own_file, own_statements
    from ytterby.facts import load

    base = load(data, as_of=as_of)
    if file is not None:
        content, taken = own_file(file.read_bytes(), str(file))
        _say_taken(taken)
        return base, _named(own_statements(content, str(file), base), names, str(file))
    if new or fields:
        return base, own_statements(_new(fields, base, new=new), "the new statement", base)
    chosen = _named(
        base.rows("statements"), names or case.statements, "relation statements", strict=bool(names)
    )
    if later := [name for name in case.statements if not names and name not in {row["id"] for row in chosen}]:
        say(f"not known yet on {base.as_of}: {', '.join(later)}")
    return base, chosen


def _named(rows: Sequence[Row], names: Sequence[str], where: str, *, strict: bool = True) -> list[Row]:
    """The rows called so, or all where no name is given; a name that is not there is an error where it was asked for."""
    known = {row["id"]: row for row in rows}
    for name in names if strict else ():
        if name not in known:
            raise FactError(
                where, f"no statement {quoted(name)}", allowed_names(name, known), "use the id of a statement"
            )
    return [known[name] for name in names if name in known] if names else list(rows)


def _new(fields: Sequence[str], base: FactBase, *, new: bool) -> bytes:
    """The new statement as a table: fields from options, the rest asked for at a terminal or where no option gives any."""
    import sys

    from ytterby.claims import RULES, own_table
    from ytterby.claims.own import ASKED

    given: dict[str, str] = {}
    for text in fields:
        name, sign, value = text.partition("=")
        if not sign:
            raise FactError("--field", quoted(text), "NAME=VALUE", "write for example value=20000000")
        given[name.strip()] = value.strip()
    if sys.stdin.isatty() or (new and not fields):
        try:
            _ask(given, ASKED, base)
        except EOFError as end:
            found = f"the end of input at {end}"
            raise FactError("--new", found, "an answer or an empty line", "give it as --field") from None
        with suppress(EOFError):
            _ask(given, ("asserts",), base)
            rules = [rule for rule in RULES if rule.asserts == given.get("asserts")]
            _ask(given, dict.fromkeys(name for rule in rules for name in (*rule.needs, *rule.takes)), base)
    content, taken = own_table(given, base)
    _say_taken(taken)
    return content


def _say_taken(taken: Mapping[str, str]) -> None:
    if taken:
        say(f"taken: {', '.join(f'{name} {value}' for name, value in taken.items())}")


def _ask(given: dict[str, str], names: Iterable[str], base: FactBase) -> None:
    """Ask on stderr for the fields that are not given; an empty answer leaves one out.

    A word that is not allowed is asked anew on a terminal; a pipe can't answer again, there it is refused with the table.
    """
    import sys

    columns: Mapping[str, Any] = base.schema.relation("statements").columns
    for name in names:
        if name in given:
            continue
        column = columns[name]
        words = f" ({', '.join(column.allowed)})" if column.allowed else ""
        say(f"{column.description}{words}")
        answer = _answer(name)
        while (
            column.allowed
            and sys.stdin.isatty()
            and not set(filter(None, answer.split(";"))) <= {*column.allowed}
        ):
            say(f"{quoted(answer)} is none of the words above")
            answer = _answer(name)
        if answer:
            given[name] = answer


def _answer(name: str) -> str:
    """A line that is typed behind the name of a field.

    Raises
    ------
    EOFError : the input ended
    """
    import sys

    sys.stderr.write(f"{name}: ")
    sys.stderr.flush()
    line = sys.stdin.readline()
    if not line:
        raise EOFError(name)
    return line.strip()


def _solved(case: Case, base: FactBase, chosen: Sequence[Row], run: Path | None) -> SolvedCase | None:
    """The solved case, where a rule needs one."""
    from ytterby.claims import needs_case

    if run is not None:
        from ytterby.report.earlier import solved_before

        return solved_before(run, case, base)
    if not needs_case(chosen):
        return None
    from ytterby.study.ledger import central_case

    say("solving the case at the middle of all ranges, without intervals; --run takes an earlier run")
    with progress() as tell:
        return central_case(case, base, tell)


def _show(verdicts: Sequence[Verdict]) -> None:
    """Each verdict with its sentence, then the counts."""
    from textwrap import fill

    for verdict in verdicts:
        role = f"{verdict.speaker_role}; " if verdict.speaker_role else ""
        said = f"({role}printed in {verdict.source}; {verdict.force})"
        head = f"{verdict.id}  {verdict.verdict.replace('_', ' ').upper()}  {verdict.speaker}, {verdict.date}"
        body = [verdict.statement, said, f"{verdict.rule}: {verdict.sentence}"]
        body += [f"missing: {', '.join(verdict.missing)}"] if verdict.missing else []
        texts = [fill(text, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT) for text in body]
        emit(["\n".join([head, *texts]), "\n"])
    counts = Counter(verdict.verdict.replace("_", " ") for verdict in verdicts)
    say(
        ", ".join(f"{number} {outcome}" for outcome, number in counts.most_common())
        or "no statement to check"
    )

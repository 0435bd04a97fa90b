# SPDX-License-Identifier: Apache-2.0
"""The command `answer`: the main job. It runs a case, prints one screen and writes report and tables."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from ytterby.cli.casework import DEFAULT_CASE, CaseName, progress
from ytterby.cli.factbase import say_overrides
from ytterby.cli.options import RUNS, AsOf, Data, Json, Out
from ytterby.cli.output import emit_json, screen

if TYPE_CHECKING:
    from ytterby.study import Case

REFERENCE = "reference"


def answer(
    case: CaseName = DEFAULT_CASE,
    /,
    *,
    scenario: Annotated[
        tuple[str, ...],
        Parameter(
            help="Only this scenario beside the reference. May be given several times; without it all."
        ),
    ] = (),
    importer: Annotated[str | None, Parameter(help="Another importer than the case's, such as JPN.")] = None,
    supplier: Annotated[str | None, Parameter(help="Another supplier to depend on, such as MYS.")] = None,
    region: Annotated[str | None, Parameter(help="Another region, countries by comma: KAZ,KGZ.")] = None,
    json: Json = False,
    out: Out = None,
    as_of: AsOf = None,
    data: Data = (),
) -> None:
    """Answer a case: figures with intervals, the bottleneck, caveats; report and tables in a folder.

    Without --out the folder is ytterby-out/CASE. With --json and without --out nothing is written.
    """
    from ytterby import report
    from ytterby.facts import load
    from ytterby.facts.folders import check_folder
    from ytterby.study import answer as run
    from ytterby.study import load_case

    question = _changed(load_case(case), scenario, importer, supplier, region)
    folder = out or (None if json else Path(RUNS) / question.name)
    if folder is not None:
        check_folder(folder, report.ANSWER_FILES)
    base = load(data, as_of=as_of)
    say_overrides(base)
    with progress() as tell:
        answers = run(question, base, progress=tell)
        if folder is not None:
            report.write(answers, folder, progress=tell)
    if json:
        emit_json(report.document(answers))
    else:
        report.screen(answers, screen(), folder)


def _changed(
    case: Case, scenarios: tuple[str, ...], importer: str | None, supplier: str | None, region: str | None
) -> Case:
    """The case with the user's actors and scenarios; the reference always stays."""
    changes: dict[str, Any] = {"importer": importer, "supplier": supplier}
    changes["region"] = None if region is None else tuple(name.strip() for name in region.split(","))
    if scenarios:
        names = dict.fromkeys([REFERENCE, *scenarios])
        changes["scenarios"] = tuple(case.scenario(name) for name in names)
    return replace(case, **{name: value for name, value in changes.items() if value is not None})

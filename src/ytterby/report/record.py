# SPDX-License-Identifier: Apache-2.0
"""The answers as one JSON document: case, run, answers, caveats, bottleneck, sources of every row behind them.

The document holds no time of day: the same facts, case and versions give the same document.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import version
from typing import Any

from ytterby.facts import FactBase
from ytterby.report.origins import origins
from ytterby.scenario import Case, Scenario
from ytterby.study import Answer, AnswerSet

PACKAGES = ("ytterby", "clarabel", "scipy", "numpy")
CENTRAL = "central"
ANSWER_COLUMNS = (
    "id", "question", "measure", "importer", "supplier", "region", "form", "year", "scenario", "value", "low", "high",
    "unit", "method", "sentence", "basis",
)  # fmt: skip


def document(answers: AnswerSet) -> dict[str, Any]:
    """The answers as the JSON document that `ytterby answer --json` prints.

    Returns
    -------
    case (what was asked, with its scenarios and their changes), run (digest, versions, as_of, demand path, variants),
    answers (rows), caveats,
    claims (verdicts on statements), bottleneck (an answer or None), sources (row id -> where it comes from)

    Raises
    ------
    FactError : a basis names a row that does not exist
    """
    case = answers.case
    basis = [id_ for answer in answers.answers for id_ in answer.basis]
    basis += [id_ for caveat in answers.caveats for id_ in caveat.basis]
    basis += [id_ for verdict in answers.verdicts for id_ in verdict.basis]
    basis += [change.basis for scenario in case.scenarios for change in scenario.changes]
    found = origins(answers.base, case, basis)
    return {
        "case": case_record(case),
        "run": run_record(answers),
        "answers": [answer_record(answer) for answer in answers.answers],
        "caveats": [{"text": caveat.text, "basis": list(caveat.basis)} for caveat in answers.caveats],
        "claims": [verdict.record for verdict in answers.verdicts],
        "bottleneck": answer_record(answers.bottleneck) if answers.bottleneck else None,
        "sources": {id_: origin.record for id_, origin in found.items()},
    }


def answer_record(answer: Answer) -> dict[str, Any]:
    """One answer as a row."""
    row = {name: getattr(answer, name) for name in ANSWER_COLUMNS}
    return row | {"region": list(answer.region), "basis": list(answer.basis)}


def case_record(case: Case) -> dict[str, Any]:
    """The case with its scenarios."""
    return {
        "name": case.name, "title": case.title, "question": case.question, "commodity": case.commodity,
        "importer": case.importer, "supplier": case.supplier, "region": list(case.region), "base_year": case.base_year,
        "years": [case.base_year, *case.years], "report_years": list(case.report_years), "forms": list(case.forms),
        "scenarios": [scenario_record(scenario) for scenario in case.scenarios],
    }  # fmt: skip


def scenario_record(scenario: Scenario) -> dict[str, Any]:
    """A scenario with its changes, each with reason and basis."""
    return {
        "name": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "changes": [
            {"what": change.words, "reason": change.reason, "basis": change.basis}
            for change in scenario.changes
        ],
    }


def run_record(answers: AnswerSet) -> dict[str, Any]:
    """What the run was made from: a digest of all inputs, versions, date of knowledge, demand path, variants."""
    variants = list(dict.fromkeys(name for name, _ in answers.measures if name != CENTRAL))
    return inputs_record(answers.base, answers.case, variants)


def inputs_record(base: FactBase, case: Case, variants: Iterable[str]) -> dict[str, Any]:
    """The run record of a case on a fact base.

    `digest` is the SHA-256 over the digest of the facts, the date of knowledge, the content of the case and its
    scenarios, the variants, and the versions.
    """
    inputs: dict[str, Any] = {
        "facts": base.digest, "as_of": base.as_of, "demand_path": case.demand_path, "variants": list(variants),
        "versions": versions(),
    }  # fmt: skip
    digest = sha256(_canonical({**inputs, "case": asdict(case)})).hexdigest()
    return {"digest": digest, "version": inputs["versions"]["ytterby"], **inputs}


def versions() -> dict[str, str]:
    """Versions of this package and of what solves."""
    return {name: version(name) for name in PACKAGES}


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, sort_keys=True, ensure_ascii=True, default=str).encode()


def as_json(content: Mapping[str, Any]) -> str:
    """A document as text, one way for the same content."""
    return json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1) + "\n"

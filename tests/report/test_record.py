"""The JSON document: its parts, its digest, and that every row behind a figure has its source in it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from ytterby import report, study
from ytterby.errors import FactError
from ytterby.report.origins import origins
from ytterby.report.record import as_json, inputs_record
from ytterby.study.run import VARIANTS

CASE = {
    "name", "title", "question", "commodity", "importer", "supplier", "region", "base_year", "years", "report_years",
    "forms", "scenarios",
}  # fmt: skip
RUN = {"digest", "version", "facts", "as_of", "demand_path", "variants", "versions"}
ANSWER = {
    "id", "question", "measure", "importer", "supplier", "region", "form", "year", "scenario", "value", "low", "high",
    "unit", "method", "sentence", "basis",
}  # fmt: skip
SOURCE = {"relation", "source", "publisher", "title", "url", "published", "confidence", "note"}


@pytest.fixture(scope="module")
def document(small_answers):
    return report.document(small_answers)


def test_the_document_has_these_parts_and_no_others(document):
    assert set(document) == {"case", "run", "answers", "caveats", "claims", "bottleneck", "sources"}
    assert set(document["case"]) == CASE
    assert set(document["run"]) == RUN
    assert [set(answer) for answer in document["answers"]] == [ANSWER] * len(document["answers"])
    assert [set(source) for source in document["sources"].values()] == [SOURCE] * len(document["sources"])
    assert all(
        set(scenario) == {"name", "title", "description", "changes"}
        for scenario in document["case"]["scenarios"]
    )


def test_it_survives_json(document):
    assert json.loads(as_json(document)) == document


def test_figures_lie_in_their_intervals(document):
    assert len(document["answers"]) >= 5
    assert [a["id"] for a in document["answers"] if not a["low"] <= a["value"] <= a["high"]] == []


def test_the_bottleneck_is_one_of_the_answers(document):
    assert document["bottleneck"] in document["answers"]


def test_every_row_behind_a_figure_has_its_source(document):
    sources = document["sources"]
    named = {id_ for thing in (*document["answers"], *document["caveats"]) for id_ in thing["basis"]}
    named |= {change["basis"] for scenario in document["case"]["scenarios"] for change in scenario["changes"]}
    assert named == set(sources)
    assert [id_ for id_ in named if not sources[id_]["publisher"] or not sources[id_]["title"]] == []


def test_trade_rows_name_the_source_of_all_trade(document, small_answers):
    trade = [s for s in document["sources"].values() if s["relation"] == "trade"]
    assert trade
    assert {s["source"] for s in trade} == {small_answers.base.trade_source}


def test_a_plant_that_a_scenario_adds_rests_on_the_row_of_its_change(small_answers):
    added = {p.plant: p for s in small_answers.case.scenarios for p in s.plants if p.add}
    assert added
    found = origins(small_answers.base, small_answers.case, added)
    for plant, change in added.items():
        assert found[plant].relation == "scenario"
        record = found[plant].record
        assert record["source"] == small_answers.base.row(change.basis)["source"]
        assert change.reason in record["note"]


@pytest.mark.parametrize("id_", ["obs-none", "baci-280530-2024-CHN-XXX", "baci-", "baci-1-2-3"])
def test_a_basis_that_does_not_exist_is_an_error(small_answers, id_):
    with pytest.raises(FactError, match=id_):
        origins(small_answers.base, small_answers.case, [id_])


def test_the_same_inputs_give_the_same_document(small_case, base, document):
    again = study.answer(small_case, base, variants=VARIANTS[:1])
    assert as_json(report.document(again)) == as_json(document)


def test_the_digest_follows_every_input(small_answers, base):
    case = small_answers.case
    digests = {
        inputs_record(base, case, [])["digest"],
        inputs_record(base, case, ["one"])["digest"],
        inputs_record(replace(base, digest="0"), case, [])["digest"],
        inputs_record(replace(base, as_of="2025-01-01"), case, [])["digest"],
        inputs_record(base, replace(case, scenarios=case.scenarios[:1]), [])["digest"],
        inputs_record(base, replace(case, demand_path="APS"), [])["digest"],
    }
    assert len(digests) == 6
    assert inputs_record(base, case, [])["digest"] in digests


def test_no_time_of_day_stands_in_the_document(document):
    assert not {"created", "date", "time"} & set(document["run"])


def test_the_page_on_answers_lists_every_id_unit_and_measure(small_answers):
    page = (Path(__file__).parents[2] / "docs" / "answers.md").read_text(encoding="utf-8")
    ids = {re.sub(r"^(pledge|influence|forecast)-.*", r"\1-*", answer.id) for answer in small_answers.answers}
    measures = {measure.measure for _, measure in small_answers.measures}
    for name in ids | measures | {answer.unit for answer in small_answers.answers}:
        assert f"`{name}`" in page, name

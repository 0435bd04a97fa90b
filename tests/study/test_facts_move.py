"""Other facts, other dates, other cases: the answers follow without a change of code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ytterby.errors import ScenarioError
from ytterby.facts import load
from ytterby.report.origins import origins
from ytterby.study import answer, solve
from ytterby.study.run import VARIANTS

# ------------------------------------------------------------------------------------------------- the same again


def figures(run):
    return [(a.id, a.value, a.low, a.high, a.sentence, a.basis) for a in run.answers]


@pytest.fixture(scope="module")
def tiny_case(other_case):
    """Two years, the reference and one stop."""
    scenarios = (other_case.scenario("reference"), other_case.scenario("siege"))
    years = {"last_year": 2025, "report_years": (2024, 2025)}
    return replace(other_case, scenarios=scenarios, roles={"stops_one": "siege"}, **years)


def test_two_runs_are_equal_on_several_cores_and_on_one(base, tiny_case, monkeypatch):
    """Bit for bit, wherever the variants are solved."""
    one, two = (answer(tiny_case, base, variants=VARIANTS[:2]) for _ in range(2))
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    alone = answer(tiny_case, base, variants=VARIANTS[:2])
    for other in (two, alone):
        assert figures(other) == figures(one)
        assert other.measures == one.measures
        assert [caveat.text for caveat in other.caveats] == [caveat.text for caveat in one.caveats]


def test_solve_gives_the_scenario_that_answer_solves(base, quick_case, quick):
    solved = solve(quick_case, base, "china-stops-usa")
    year = solved.result.year(2026)
    assert year.flows == pytest.approx(quick.solved["china-stops-usa"].result.year(2026).flows, rel=1e-9)


def test_progress_tells_each_scenario_and_year(base, quick_case):
    lines: list[str] = []
    solve(quick_case, base, "reference", progress=lines.append)
    assert [line.split()[1] for line in lines if line.startswith("reference:")] == ["2024", "2025", "2026"]


# ---------------------------------------------------------------------------------------------------- other facts


def measured(run, measure, form="magnet", year=2024, scenario="reference"):
    return run.table(measure, form, year, scenario)[1]


def test_less_chinese_magnets_to_the_united_states_are_less_imports(base, quick, quick_case, user_folder):
    rows = base.rows("observations", kind="trade", form="magnet", place="CHN", partner="USA", year=2024)
    folder = user_folder(
        observations={
            row["id"]: {"value": "3000", "low": "", "high": "", "confidence": "official"} for row in rows
        }
    )
    changed = load([folder])
    assert {override.id for override in changed.overrides} == {row["id"] for row in rows}
    other = answer(quick_case, changed, variants=())
    before = sum(f for _, f in _imports(quick))
    after = dict(_imports(other))
    assert after["CHN"] == pytest.approx(3000, rel=0.1)
    assert sum(after.values()) < 0.6 * before
    assert measured(other, "use") < measured(quick, "use")


def _imports(run):
    result = run.solved["reference"].base_year
    return [
        (activity.place, float(flow))
        for activity, flow in zip(result.activities, result.flows, strict=True)
        if (activity.kind, activity.partner, activity.form) == ("trade", "USA", "magnet") and activity.place != "USA"
    ]  # fmt: skip


def test_a_tenth_of_the_claim_is_a_tenth_of_the_answer(base, quick, quick_case, user_folder):
    rows = base.rows("deposits", place=quick_case.claim)
    largest = max(row["contained_t"] or 0 for row in rows)
    changes = {row["id"]: {"contained_t": "2000000"} for row in rows if row["contained_t"] == largest}
    other = answer(quick_case, load([user_folder(deposits=changes)]), variants=())
    before, after = ({a.id: a for a in run.answers}["claim-readings"] for run in (quick, other))
    assert after.value == pytest.approx(before.value / 10)
    assert "20 Mt" in before.sentence
    assert "2 Mt" in after.sentence
    assert "20 Mt" not in after.sentence


def test_a_parameter_moves_the_answers(quick, quick_case, user_folder):
    change = {"param-elasticity-demand-short": {"value": "0.5", "high": "0.6"}}
    other = answer(quick_case, load([user_folder(parameters=change)]), variants=())
    before, after = ({a.id: a for a in run.answers}["stops-all-short"] for run in (quick, other))
    assert after.sentence != before.sentence
    price = [measured(run, "price_ratio", year=2026, scenario="china-stops-all") for run in (quick, other)]
    assert price[1] < price[0]


def test_mine_output_of_the_region_is_said(quick, quick_case, base):
    """A row that counts output in Kazakhstan changes the sentence about today."""
    row = next(
        row
        for row in base.rows("production", commodity="rare_earths", year=2024, country="AUS")
        if row["content"] == "REO" and row["value"]
    )
    extra = {**row, "id": "prod-test-kaz", "country": "KAZ", "value": 1234.0, "low": None, "high": None}
    tables = {**base.tables, "production": (*base.tables["production"], extra)}
    changed = replace(base, tables=tables)
    other = answer(quick_case, changed, variants=())
    before, after = ({a.id: a for a in run.answers}["region-today"] for run in (quick, other))
    assert (before.value, after.value) == (0, 1234)
    assert before.sentence.startswith("No mine output")
    assert after.sentence.startswith("1 230 t of mine output")
    assert "prod-test-kaz" in after.basis


# ---------------------------------------------------------------------------------------------------- other dates


@pytest.fixture(scope="module")
def november(quick_case):
    """The quick case as known two days after the dinner of November 2025."""
    return answer(quick_case, load(as_of="2025-11-08"), variants=())


def test_a_run_as_of_a_date_says_so(november):
    text = " ".join(caveat.text for caveat in november.caveats)
    assert "All facts as known on 2025-11-08." in text
    assert "Trade of 2023 stands in for 2024, which was not known yet." in text
    assert "Prices of another year stand in" in text


def test_a_run_as_of_a_date_rests_on_what_was_known(november):
    ids = {row for answer in november.answers for row in answer.basis}
    found = origins(november.base, november.case, ids)
    assert found.keys() == ids
    late = [
        row["id"]
        for rows in november.base.tables.values()
        for row in rows
        if row["id"] in ids and row["known"] and row["known"] > "2025-11-08"
    ]
    relations = {november.base.relation_of[row] for row in late}
    assert all(november.base.schema.relation(name).timeless for name in relations)


def test_a_run_as_of_a_date_answers_the_same_questions(november, quick):
    assert [a.id for a in november.answers] == [a.id for a in quick.answers]
    for found in november.answers:
        assert found.low <= found.value <= found.high
    assert any(a.value != b.value for a, b in zip(november.answers, quick.answers, strict=True))


def test_what_was_not_known_is_left_out_and_said(quick_case):
    early = answer(quick_case, load(as_of="2025-06-30"), variants=())
    text = " ".join(caveat.text for caveat in early.caveats)
    assert "Not known yet on that date, so left out of the scenarios" in text
    assert "US-2025-07-MP-CHINA" in text
    assert {a.id for a in early.answers} >= {"bought-magnets", "touched-magnets", "claim-readings"}


# ---------------------------------------------------------------------------------------------------- other cases


def test_another_case_speaks_of_its_own_countries(other):
    text = " ".join(f"{a.question} {a.sentence}" for a in other.answers)
    for name in ("Germany", "China", "Australia"):
        assert name in text
    for name in ("United States", "Kazakhstan", "Uzbekistan", "Central Asia"):
        assert name not in text


def test_another_case_answers_by_its_own_roles(other):
    by_id = {a.id: a for a in other.answers}
    assert by_id["stops-importer-short"].scenario == "siege"
    assert by_id["stops-importer-short"].year == 2025
    assert by_id["stops-importer-short"].value > 0
    assert by_id["region-announced"].scenario == "boom"
    assert by_id["claim-carried"].scenario == "hill"
    assert "stops-all-short" not in by_id
    assert by_id["bought-magnets"].importer == "DEU"
    assert by_id["bought-magnets"].region == ("AUS",)


def test_another_region_s_output_is_counted(other, base):
    today = next(a for a in other.answers if a.id == "region-today")
    assert today.value > 10000
    assert "mine output" in today.sentence
    assert "No mine output" not in today.sentence
    assert "AUS" in {base.row(row).get("country") for row in today.basis if not row.startswith("baci-")}


def test_another_claim_says_its_own_classes(other, base):
    claim = next(a for a in other.answers if a.id == "claim-readings")
    classes = {row["resource_class"] for row in base.rows("deposits", place="AUS-MT-WELD")}
    assert all(name in claim.sentence for name in classes)


def test_a_supplier_without_reserves_is_no_error(base, other_case):
    run = answer(
        replace(other_case.with_actors(), supplier="EST", last_year=2025, report_years=(2024, 2025)),
        base,
        variants=(),
    )
    claim = next(a for a in run.answers if a.id == "claim-readings")
    assert (claim.measure, claim.unit) == ("claimed", "t")
    assert "No reserves of Estonia are published" in claim.sentence


def test_what_is_not_bought_is_not_asked_about(base, other_case):
    """Estonia uses no magnets in the base year; nothing is made up about them."""
    case = replace(other_case.with_actors(), importer="EST", last_year=2025, report_years=(2024, 2025))
    run = answer(case, base, variants=())
    ids = {a.id for a in run.answers}
    assert "bought-oxides" in ids
    assert not ids & {"bought-magnets", "touched-magnets", "stops-importer-short"}
    text = " ".join(caveat.text for caveat in run.caveats)
    assert "Estonia imports no NdFeB magnets, uses no NdFeB magnets in 2024" in text


@pytest.mark.parametrize(
    ("entry", "value", "nearest"),
    [("forms", ("magnet", "oxide:nd"), "oxide:ndpr"), ("commodity", "copper", "rare_earths"), ("importer", "DEX", "DEU")],
)  # fmt: skip
def test_what_the_chain_does_not_have_is_refused(base, other_case, entry, value, nearest):
    with pytest.raises(ScenarioError) as raised:
        answer(replace(other_case, **{entry: value}), base, variants=())
    assert nearest in raised.value.allowed


def test_a_plant_that_is_added_without_size_is_listed(base, other_case):
    """A scenario may add a plant that the chain can't read; it is named like those of the facts."""
    from ytterby.scenario import PlantChange

    new = {
        "name": "Dale",
        "country": "AUS",
        "stage": "mine",
        "commodity": "rare_earths",
        "product": "ore",
        "status": "planned",
    }
    boom = other_case.scenario("boom")
    changed = replace(
        boom, plants=(*boom.plants, PlantChange("AU-DALE", True, new, "A test.", "AU-ARU-NOLANS"))
    )
    scenarios = tuple(changed if s.name == "boom" else s for s in other_case.scenarios)
    run = answer(replace(other_case, scenarios=scenarios), base, variants=())
    assert ("AU-DALE", "AUS") in {(u.plant, u.country) for u in run.solved["boom"].unread}
    announced = next(a for a in run.answers if a.id == "region-announced")
    assert "AU-DALE" in announced.basis
    assert "AU-DALE" in origins(run.base, run.case, announced.basis)


def test_a_ban_that_hits_nothing_is_refused(base, other_case):
    case = replace(other_case.with_actors(), importer="AFG")
    siege = case.scenario("siege")
    banned = replace(siege, bans=tuple(replace(ban, importer="AFG") for ban in siege.bans))
    scenarios = tuple(banned if s.name == "siege" else s for s in case.scenarios)
    with pytest.raises(ScenarioError, match="hits nothing"):
        answer(replace(case, scenarios=scenarios), base, variants=())

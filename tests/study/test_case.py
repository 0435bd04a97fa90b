"""The shipped case in full, and what must hold of every run."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from ytterby.chain import TRADE
from ytterby.report.origins import origins
from ytterby.study.run import CENTRAL, VARIANTS

ANSWERS = [
    "bought-magnets", "bought-oxides", "touched-magnets", "stops-importer-short", "stops-importer-long", "bites-importer",
    "stops-all-short", "stops-all-long", "bites-all", "region-announced", "claim-carried", "bottleneck", "ways",
    "corridor", "claims", "pledge-P030", "influence-USA", "influence-CHN", "influence-RUS",
    "forecast-J001", "recovers-importer", "reserve-importer", "recovers-all", "reserve-all", "region-today",
    "claim-readings", "when", "ways-each", "ways-needed", "corridor-each", "ways-room", "ways-full",
]  # fmt: skip
SHARES = (
    "import_share", "mined_in_share", "separated_in_share", "touched_share", "region_mined_share", "supplier_share",
    "region_separated_in_supplier",
)  # fmt: skip


@pytest.fixture(scope="module", params=["full", "quick", "other"])
def run(request):
    """Each of the runs."""
    return request.getfixturevalue(request.param)


def test_the_shipped_case_answers_all_its_questions(full):
    assert [answer.id for answer in full.answers] == ANSWERS
    assert full.bottleneck.id == "bottleneck"
    assert {name for name, _ in full.measures} == {CENTRAL.name, *(variant.name for variant in VARIANTS)}
    assert list(full.solved) == [scenario.name for scenario in full.case.scenarios]


def test_a_value_lies_within_its_interval(run):
    for answer in run.answers:
        assert math.isfinite(answer.value), answer.id
        assert answer.low <= answer.value <= answer.high, answer.id
        assert all(math.isfinite(end) for end in (answer.low, answer.high)), answer.id


def test_an_interval_is_the_extremes_of_the_variants(full):
    by_key: dict[tuple[str, str, int, str], list[float]] = {}
    for _, measure in full.measures:
        by_key.setdefault(measure.key, []).append(measure.value)
    checked = 0
    for answer in full.answers:
        values = by_key.get((answer.measure, answer.form, answer.year, answer.scenario))
        if values is not None:
            assert (answer.low, answer.high) == (min(values), max(values))
            assert len(values) == 1 + len(VARIANTS)
            checked += 1
    assert checked >= 9


def test_every_variant_moves_something(full):
    central = {m.key: m.value for name, m in full.measures if name == CENTRAL.name}
    moved = {
        name
        for name, m in full.measures
        if m.key in central and abs(m.value - central[m.key]) > 1e-6 * max(abs(central[m.key]), 1e-9)
    }
    assert moved == {variant.name for variant in VARIANTS}


def test_shares_lie_between_nothing_and_all(run):
    for name, measure in run.measures:
        if measure.measure in SHARES:
            assert -1e-9 <= measure.value <= 1 + 1e-9, (name, measure)
        if measure.measure == "unserved_share":
            assert measure.value <= 1 + 1e-9, (name, measure)
        if measure.unit in {"t", "USD", "USD_per_t"}:
            assert measure.value >= -1e-6, (name, measure)


def test_touched_is_no_less_than_mined_or_separated_there(run):
    value = {(name, *m.key): m.value for name, m in run.measures}
    for (name, measure, *key), touched in value.items():
        if measure == "touched_share":
            for part in ("mined_in_share", "separated_in_share"):
                assert touched >= value[name, part, *key] - 1e-9


def test_every_basis_is_a_row(run):
    """Rows of the facts, of trade, or plants that a scenario of the case adds."""
    ids = {row for answer in run.answers for row in answer.basis}
    ids |= {row for caveat in run.caveats for row in caveat.basis}
    found = origins(run.base, run.case, ids)
    assert found.keys() == ids
    assert all(origin.source is not None for origin in found.values())
    for answer in run.answers:
        assert len(set(answer.basis)) == len(answer.basis)
        assert answer.basis or answer.value == 0, answer.id


def test_every_answer_says_its_figures_in_a_sentence(run):
    for answer in run.answers:
        assert re.search(r"\d|No ", answer.sentence), answer.id
        assert answer.sentence.endswith("."), answer.id
        assert answer.question.endswith("?"), answer.id
        assert not re.search(r"nan|inf\b|None|e[+-]\d", answer.sentence), answer.sentence
        assert answer.method
        assert answer.unit


def test_every_balance_of_every_year_closes(run):
    for solved in run.solved.values():
        assert [year.year for year in solved.result.years] == [run.case.base_year, *run.case.years]
        for year in solved.result.years:
            gap = np.abs(solved.result.matrix @ year.flows)
            assert gap.max() <= 1e-8 * year.flows.max()
            assert year.residual <= 1e-9
            assert year.flows.min() >= 0
            assert (year.flows <= year.capacity * (1 + 1e-9) + 1e-9).all()
            assert year.rents.min() >= 0


def test_every_scenario_starts_from_the_reconciled_base_year(run):
    for solved in run.solved.values():
        count = len(solved.base_year.activities)
        first = solved.result.year(run.case.base_year)
        assert first.flows[:count] == pytest.approx(solved.base_year.flows, rel=1e-6)


def test_banned_flows_are_none(run):
    for solved in run.solved.values():
        for ban in solved.scenario.bans:
            for year in solved.result.years:
                through = [
                    flow
                    for activity, flow in zip(solved.result.activities, year.flows, strict=True)
                    if activity.kind == TRADE and ban.hits(activity)
                ]
                assert through
                assert not ban.holds(year.year) or max(through) == 0
                assert ban.holds(year.year) or max(through) > 0


def test_a_wider_stop_leaves_no_less_unserved(full):
    """What stops for all stops for the importer too: in each year and variant it is served no better."""
    value = {
        (name, m.measure, m.year, m.scenario): m.value for name, m in full.measures if m.form == "magnet"
    }
    checked = 0
    for (name, measure, year, scenario), unserved in value.items():
        if measure == "unserved_share" and scenario == "china-stops-usa" and year >= 2026:
            assert unserved > 0, (name, year)
            assert value[name, measure, year, "china-stops-all"] > unserved, (name, year)
            ratio = value[name, "price_ratio", year, scenario]
            assert value[name, "price_ratio", year, "china-stops-all"] > ratio > 1
            checked += 1
    assert checked > len(VARIANTS)


def test_a_stop_ends_the_direct_share_and_not_the_hidden_one(full):
    """Nothing comes from China any more, and more than half of what passed through it before still has passed through it."""
    value = {
        (m.measure, m.form, m.year, m.scenario): m.value for name, m in full.measures if name == CENTRAL.name
    }
    for form in full.case.forms:
        share = value.get(("import_share", form, 2026, "china-stops-usa"))
        assert share in {None, 0.0}, form
    before = value["touched_share", "magnet", 2026, "reference"]
    assert value["touched_share", "magnet", 2026, "china-stops-usa"] > 0.5 * before
    assert value["touched_share", "magnet", 2026, "china-stops-all"] < 0.5


def test_a_stop_hurts_less_in_the_long_run(full):
    by_id = {answer.id: answer for answer in full.answers}
    assert by_id["stops-importer-short"].value > by_id["stops-importer-long"].value
    assert by_id["stops-all-short"].value > by_id["stops-all-long"].value


def test_the_claim_is_the_rows_of_the_deposit(full, base):
    rows = [row for row in base.rows("deposits", place=full.case.claim) if row["contained_t"]]
    claim = next(answer for answer in full.answers if answer.id == "claim-readings")
    assert {row["id"] for row in rows if row["confidence"] != "unconfirmed"} <= set(claim.basis)
    assert f"{len([r for r in rows if r['confidence'] != 'unconfirmed'])} readings" in claim.sentence


def test_the_announced_tonnage_carries_no_more_than_the_largest_mine(full):
    (carried,) = full.solved["twenty-million"].carried
    parameters = full.solved["reference"].gathered.evidence.parameters
    output = next(answer for answer in full.answers if answer.id == "claim-carried")
    assert carried.ore_per_year == parameters["mine.largest_ore"]
    assert output.value <= carried.output * (1 + 1e-9) + sum(
        project.size
        for project in full.solved["twenty-million"].projects
        if project.place in full.case.region and project.activity.kind == "mine"
    )


def test_caveats_say_what_was_kept_out(full):
    text = " ".join(caveat.text for caveat in full.caveats)
    excluded = full.solved["reference"].gathered.evidence.excluded
    assert f"{len(excluded)} trade rows are kept out" in text
    assert f"{len(full.solved['reference'].unread)} plants and projects" in text
    assert "contradict each other" in text
    assert all(caveat.text.endswith(".") for caveat in full.caveats)


def test_no_price_of_a_made_or_used_form_is_negative(full):
    for name, solved in full.solved.items():
        for year in solved.result.years:
            low = np.nanmin(year.prices)
            assert low >= 0, (name, year.year, solved.result.balances[int(np.nanargmin(year.prices))])


def test_prices_settle_after_a_stop_and_do_not_swing_from_year_to_year(full):
    """Once a stop is five years old, no price of a traded rare earth turns by more than a fifth in a year."""
    case, result = full.case, full.solved["china-stops-all"].result
    for form in case.forms:
        row = result.index[case.importer, form]
        course = np.array([year.prices[row] for year in result.years if year.year >= 2031])
        steps = course[1:] / course[:-1]
        assert np.all((steps > 0.8) & (steps < 1.2)), (form, course)


def test_no_more_is_saved_than_magnet_makers_could_take(full):
    for solved in full.solved.values():
        result = solved.result
        plants: dict[tuple[str, str], list[tuple[int, float]]] = {}
        for number, activity in enumerate(result.activities):
            for place, form, coefficient in activity.terms if activity.form == "sinter" else ():
                plants.setdefault((place, form), []).append((number, -coefficient))
        savings = [(n, a) for n, a in enumerate(result.activities) if a.name == "thrift"]
        assert savings
        for year in result.years:
            for number, activity in savings:
                need = sum(amount * year.capacity[n] for n, amount in plants[activity.place, activity.form])
                assert year.flows[number] <= need * (1 + 1e-6) + 1e-9

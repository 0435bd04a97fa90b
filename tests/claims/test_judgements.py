"""Scores against published values; nothing is scored before it is due."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from ytterby.claims.judgements import (
    NO_OUTCOME,
    NO_PROBABILITY,
    NOT_DUE,
    SCORED,
    baseline_score,
    brier_score,
    counted,
    geometric_mean,
    judgements,
    records,
)
from ytterby.claims.own import own_rows
from ytterby.errors import FactError

CHECKS = Path(__file__).resolve().parents[2].parent / "shared" / "checks" / "published_checks.csv"
SCORES = {
    "pc158": lambda: [brier_score([0.1, 0.9, 0.8, 0.3], [False, True, True, False])],
    "pc159": lambda: [brier_score([0, 1, 1, 0], [False, True, True, False])],
    "pc160": lambda: [brier_score([0.5] * 3, [True, False, True])],
    "pc161": lambda: [baseline_score(0.9)],
    "pc162": lambda: [baseline_score(0.1)],
    "pc163": lambda: [baseline_score(2**-0.5)],
    "pc164": lambda: [baseline_score(2**-1.5)],
    "pc165": lambda: [baseline_score(0.9, coverage=0.5)],
    "pc166": lambda: [geometric_mean([0.7, 0.8, 0.9]), geometric_mean([0.3, 0.2, 0.1])],
}
VALUES = {
    "pc158": [0.0375], "pc159": [0], "pc160": [0.25], "pc161": [84.79969066], "pc162": [-232.19280949], "pc163": [50],
    "pc164": [-50], "pc165": [42.39984533], "pc166": [0.79581144, 0.18171206],
}  # fmt: skip


@pytest.mark.parametrize("name", SCORES)
def test_published_scores(name):
    assert SCORES[name]() == pytest.approx(VALUES[name], abs=1e-7)


def test_the_values_are_those_published():
    if not CHECKS.exists():
        pytest.skip("the published checks do not lie beside the checkout")
    with CHECKS.open(encoding="utf-8", newline="") as stream:
        told = {row["id"]: row["expected_value"] for row in csv.DictReader(stream)}
    assert {name: [float(part) for part in told[name].split(";")] for name in VALUES} == VALUES


def test_certain_and_wrong_is_the_worst():
    assert baseline_score(0) == -math.inf


def judged(base, id_, **cells):
    rows = tuple({**row, **(cells if row["id"] == id_ else {})} for row in base.tables["judgements"])
    changed = replace(base, tables={**base.tables, "judgements": rows})
    found = judgements(changed)
    return next(one for one in found if one.id == id_), found


@pytest.mark.parametrize(("outcome", "brier", "right"), [("yes", 0.675**2, False), ("no", 0.325**2, True)])
def test_a_word_is_scored_when_due(base, outcome, brier, right):
    one, found = judged(base, "J002", outcome=outcome)
    assert one.brier == pytest.approx(brier)
    assert one.right is right
    assert one.log_score == pytest.approx(baseline_score(0.325 if outcome == "yes" else 0.675))
    record = next(r for r in records(found, "institution") if r.who == one.institution)
    assert (record.scored, record.brier) == (1, one.brier)


def test_nothing_is_scored_before_it_is_due(base):
    one, _ = judged(base, "J001", outcome="no", outcome_as_of="2026-01")
    assert (one.state, one.brier, one.right) == ("resolved early", None, None)
    assert all(j.brier is None for j in judgements(base) if j.state.startswith(("open", "resolved early")))


def test_a_stated_number_goes_before_words(base):
    one, _ = judged(base, "J002", outcome="no", stated_probability=0.1)
    assert one.brier == pytest.approx(0.01)


def test_what_is_missing_is_said(base):
    found = {one.id: one for one in judgements(base)}
    assert len(found) == len(base.rows("judgements"))
    assert all(one.missing or one.brier is not None for one in found.values())
    assert "gives no probability" in found["J029"].missing
    assert "a yes or a no" in found["J002"].missing


def test_an_outcome_of_a_later_date_is_not_known_before(base):
    early = {one.id: one for one in judgements(replace(base, as_of="2023-05-01"))}
    assert early["J035"].state == "open"


def test_a_judgement_is_not_due_before_it_is_made(base):
    row = {**base.rows("judgements")[0], "date": "2026-03", "resolves_by": "2026-02"}
    with pytest.raises(FactError, match="row J001 column resolves_by: found 2026-02"):
        judgements(base, [row])
    judgements(base, [{**row, "resolves_by": "2026"}])


def test_the_reasons_are_parts_of_the_whole(base):
    """Every judgement has one reason, the first that holds for it, and the sentence counts them."""
    found = judgements(base)
    for one in found:
        due = one.state in {"due", "resolved"}
        decided = one.outcome in {"yes", "no"}
        expected = NOT_DUE if not due else NO_PROBABILITY if one.probability is None else NO_OUTCOME
        assert one.why == (SCORED if due and decided and one.probability is not None else expected)
    parts = [sum(one.why == why for one in found) for why in (NOT_DUE, SCORED, NO_PROBABILITY, NO_OUTCOME)]
    assert sum(parts) == len(found)
    for number in parts:
        assert str(number) in counted(found)


def test_a_judgement_of_each_reason(base):
    assert judged(base, "J001")[0].why == NOT_DUE
    assert judged(base, "J002")[0].why == NO_OUTCOME
    assert judged(base, "J028")[0].why == NO_PROBABILITY
    assert judged(base, "J028", stated_probability=0.8)[0].why == SCORED


# ---------------------------------------------------------------------------------------------- a user's own file

HEAD = "id,date,who,person,question,prediction,stated_probability,word,resolves_by,outcome,source,confidence"
ROW = "{id},2026-03-01,{by},{by},Will it rain?,a number,{p},{word},{day},{outcome},user-statement,unconfirmed"


def own(*rows):
    cells = ({"word": "", "day": "2026-03-02", "p": "", "by": "Ada", **row} for row in rows)
    return "\n".join([HEAD, *(ROW.format(id=f"r{i}", **row) for i, row in enumerate(cells)), ""]).encode()


def test_a_users_file_has_the_textbook_score(tmp_path, run_command):
    """Forecasts of 0.1, 0.9, 0.8, 0.3 and a no, two yeses, a no: a Brier score of 0.0375 (pc158); and a certain, wrong one."""
    pairs = zip((0.1, 0.9, 0.8, 0.3), ("no", "yes", "yes", "no"), strict=True)
    content = own(
        *({"p": p, "outcome": outcome} for p, outcome in pairs), {"p": 0, "outcome": "yes", "by": "Bo"}
    )
    file = tmp_path / "mine.csv"
    file.write_bytes(content)
    done = run_command("judgements", "--file", file, "--by", "person", "--json")
    ada, bo = json.loads(done.stdout)["judgements"]
    assert ada["brier"] == pytest.approx(0.0375)
    assert (ada["scored"], ada["due"]) == (4, 4)
    assert (bo["brier"], bo["log_score"]) == (1.0, "-infinity")


def test_a_users_file_is_scored_by_words_and_not_before_it_is_due(base):
    content = own(
        {"word": "word-icd203-likely", "outcome": "yes"},
        {"word": "word-icd203-likely", "outcome": "open", "day": "2031-12-31"},
        {"outcome": "yes"},
    )
    said, later, none = judgements(base, own_rows(content, "mine.csv", base, "judgements"))
    assert said.brier == pytest.approx((1 - base.row("word-icd203-likely")["value"]) ** 2)
    assert (later.why, later.brier) == (NOT_DUE, None)
    assert none.why == NO_PROBABILITY


def test_a_users_bad_rows_are_all_named(base):
    content = own(
        {"p": "1.2", "outcome": "yes"},
        {"word": "word-maybe", "outcome": "yes"},
        {"p": "0.5", "outcome": "perhaps"},
        {"p": "0.5", "outcome": "yes", "day": "soon"},
    )
    with pytest.raises(FactError) as raised:
        own_rows(content, "mine.csv", base, "judgements")
    for number, column in enumerate(("stated_probability", "word", "outcome", "resolves_by")):
        assert f"mine.csv row r{number} column {column}" in str(raised.value)


def test_the_command_lists_and_counts(run_command):
    done = run_command("judgements", "--by", "person", "--csv")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "who,judgements,due,right,wrong,scored,brier,log_score"
    assert run_command("judgements", "--by", "colour").returncode == 2

"""The balanced base year: closed forms by hand, corrections that fold into yields, traces, refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ytterby.chain import DEMAND, MINE, PROCESS, Activity, incidence
from ytterby.errors import ModelError
from ytterby.facts import Choice
from ytterby.reconcile import reconcile
from ytterby.supply.evidence import LOSS, correction, count, sink, trade

PRICES = {"ore": 1.0, "oxide:a": 5.0, "oxide:b": 2.0, "magnet": 50.0}


def mine(prior, error, place="X", form="ore", name=MINE):
    return Activity(MINE, name, place, form, ((place, form, 1.0),), "", prior, error, ("row-1",))


def use(prior, error, place="X", form="ore"):
    return Activity(DEMAND, "use", place, form, ((place, form, -1.0),), "", prior, error)


def flows_of(base):
    return {activity.label: flow for activity, flow in zip(base.activities, base.flows, strict=True)}


def gap(base):
    A = incidence(base.activities, base.balances)
    return float((np.abs(A @ base.flows) / (abs(A) @ base.flows)).max())


# --------------------------------------------------------------------------------------------------- textbook


def test_two_inflows_and_one_outflow_in_closed_form():
    """Weighted least squares with one balance: each figure moves by its variance over the sum of variances."""
    base = reconcile([mine(60, 3, name="one"), mine(50, 4, name="two"), use(100, 5)], 2024, PRICES)
    gap_of_evidence, variance = 60 + 50 - 100, 9 + 16 + 25
    expected = [60 - 9 * gap_of_evidence / variance, 50 - 16 * gap_of_evidence / variance]
    assert base.flows == pytest.approx([*expected, 105.0], rel=1e-12)
    assert base.imbalance < 1e-9


def test_the_figure_with_the_larger_error_moves_more():
    base = reconcile([mine(60, 1, name="sure"), mine(60, 10, name="vague"), use(100, 5)], 2024, PRICES)
    moved = {correction.label: abs(correction.value - correction.prior) for correction in base.corrections}
    assert moved["mine ore (vague) X"] == pytest.approx(100 * moved["mine ore (sure) X"], rel=1e-9)


def test_corrections_are_reported_largest_first_with_their_rows():
    base = reconcile([mine(60, 3), use(100, 5)], 2024, PRICES)
    sizes = [abs(c.value - c.prior) for c in base.corrections]
    assert sizes == sorted(sizes, reverse=True)
    found = next(c for c in base.corrections if c.label == "mine ore X")
    assert found.basis == ("row-1",)
    assert found.in_errors == pytest.approx((found.value - 60) / 3)


def test_a_flow_is_never_negative():
    """Home use of 100 against imports of nothing: the export claimed has to vanish."""
    activities = [mine(10, 1), use(200, 1), trade("X", "Y", "ore", 5, 100), use(5, 100, place="Y")]
    base = reconcile(activities, 2024, PRICES)
    assert (base.flows > 0).all()
    assert [a.kind for a in base.activities] == [MINE, DEMAND]


# ----------------------------------------------------------------------------------------------- separation


def separation(prior, error, yields, slack, place="X"):
    """A separation process with a correction of each yield against the losses, as the chain builds it."""
    lost = 1 - sum(yields.values())
    terms = ((place, "ore", -1.0), *((place, form, y) for form, y in yields.items()), (place, LOSS, lost))
    found = [Activity(PROCESS, "separate", place, "separate", terms, "", prior, error)]
    for form in yields:
        found += correction("separate", place, form, LOSS, slack, ())
    return [*found, sink(place, LOSS, "tailings", lost * prior, prior)]


def separated(a_used, slack=5.0, feed=100.0):
    activities = [
        mine(feed, 1), *separation(feed, 1, {"oxide:a": 0.3, "oxide:b": 0.6}, slack),
        use(a_used, 0.5, form="oxide:a"), use(60, 20, form="oxide:b"),
    ]  # fmt: skip
    return reconcile(activities, 2024, PRICES)


def test_a_counted_output_moves_the_yield():
    base = separated(a_used=36)
    terms = {form: value for _, form, value in base.activities[1].terms}
    assert 0.33 < terms["oxide:a"] < 0.36
    assert terms["ore"] == -1.0
    assert flows_of(base)["demand oxide:a (use) X"] == pytest.approx(36, abs=0.2)


@given(st.floats(0, 90), st.floats(0.1, 50), st.floats(1, 1e6))
@example(61.0, 0.25, 358.0)
@example(44.0, 0.125, 1172.0)
@settings(max_examples=60, deadline=None)
def test_rare_earths_are_conserved_in_separation(a_used, slack, feed):
    """Outputs and losses make up the feed, whatever the yields are corrected to."""
    base = separated(a_used * feed / 100, slack * feed / 100, feed)
    process = next(i for i, a in enumerate(base.activities) if a.kind == PROCESS)
    made = {form: value for _, form, value in base.activities[process].terms if value > 0}
    lost = next(c.value for c in base.corrections if c.label == "surplus loss (tailings) X")
    assert all(0 <= value <= 1 for value in made.values())
    assert sum(made.values()) <= 1 + 1e-9
    assert (1 - sum(made.values())) * base.flows[process] == pytest.approx(lost, abs=2e-5 * feed)
    assert gap(base) < 1e-9


def test_a_correction_is_at_most_as_large_as_what_it_corrects():
    """Use of 90 against a yield of 0.3: the yield doubles at most, and nothing comes out of nowhere."""
    base = separated(a_used=90, slack=1000)
    terms = {form: value for _, form, value in base.activities[1].terms}
    assert terms["oxide:a"] <= 0.6 + 1e-9
    assert terms["oxide:b"] >= 0


def test_an_input_does_not_become_an_output():
    """A maker whose evidence of output shrinks to a tenth can't turn its filler into a product."""
    terms = (("X", "oxide:a", -0.3), ("X", "oxide:b", -0.05), ("X", "magnet", 1.0))
    activities = [
        mine(3, 0.1, form="oxide:a"), Activity(PROCESS, "sinter", "X", "sinter", terms, "", 100, 100),
        *correction("sinter", "X", "oxide:b", None, 10, ()), trade("X", "Y", "oxide:b", 8, 1),
        use(8, 8, place="Y", form="oxide:b"), use(10, 1, form="magnet"),
    ]  # fmt: skip
    base = reconcile(activities, 2024, PRICES)
    process = next(activity for activity in base.activities if activity.kind == PROCESS)
    assert [(form, value) for _, form, value in process.terms if value > 0] == [("magnet", 1.0)]
    assert "trade oxide:b X -> Y" not in flows_of(base)


def test_a_correction_does_not_run_without_its_process():
    terms = (("X", "ore", -1.0), ("X", "oxide:a", 1.0))
    activities = [
        Activity(PROCESS, "separate", "X", "separate", terms, "", 0, 1), *correction("separate", "X", "oxide:a", None, 50, ()),
        use(20, 1, form="oxide:a"), mine(1, 1e-3, form="oxide:b"), use(1, 1e-3, form="oxide:b"),
    ]  # fmt: skip
    base = reconcile(activities, 2024, PRICES)
    assert [activity.form for activity in base.activities] == ["oxide:b", "oxide:b"]


def test_a_correction_of_a_process_that_is_not_there_is_refused():
    activities = [mine(1, 1), use(1, 1), *correction("separate", "X", "oxide:a", None, 1, ())]
    with pytest.raises(ModelError, match="no process separate with oxide:a in X"):
        reconcile(activities, 2024, PRICES)


def test_a_count_passes_through_into_the_output():
    """What is counted of an output is evidence of its own; afterwards the process puts into the form directly."""

    counted = Choice(33.0, 33.0, 33.0, "t", "one row", ("row-2",))
    yields = {"oxide:a@separate": 0.3, "oxide:b": 0.6}
    activities = [
        mine(100, 1), *separation(100, 1, yields, 5.0), count("X", "oxide:a", "separate", counted, 0.1),
        use(30, 20, form="oxide:a"), use(60, 20, form="oxide:b"),
    ]  # fmt: skip
    base = reconcile(activities, 2024, PRICES)
    assert {form for _, form in base.balances} == {"ore", "oxide:a", "oxide:b"}
    assert flows_of(base)["demand oxide:a (use) X"] == pytest.approx(33, abs=0.1)
    assert all(activity.kind != "count" for activity in base.activities)


# ----------------------------------------------------------------------------------------------------- traces


def test_a_trace_that_nobody_takes_costs_the_process_its_by_product_only():
    """b is a hundred-millionth of the feed and its buyers vanish: the plant goes on without it."""
    base = reconcile(
        [
            mine(1e6, 1e3), *separation(1e6, 1e4, {"oxide:a": 0.9, "oxide:b": 1e-8}, 1e-3),
            trade("X", "Y", "oxide:b", 0.005, 0.1), trade("X", "Z", "oxide:b", 0.005, 0.1),
            use(0.005, 1, place="Y", form="oxide:b"), use(0.005, 1, place="Z", form="oxide:b"), use(9e5, 1e3, form="oxide:a"),
        ],
        2024, PRICES,
    )  # fmt: skip
    assert [activity.label for activity in base.activities] == [
        "mine ore X",
        "process separate X",
        "demand oxide:a (use) X",
    ]
    assert base.flows[1] == pytest.approx(1e6, rel=0.01)
    assert gap(base) < 1e-9


def test_dead_ends_are_left_out():
    """A plant without evidence of its only product disappears with its feed; the rest stays."""
    activities = [
        mine(100, 1), use(100, 1), trade("X", "Y", "ore", 1e-9, 1e-9),
        Activity(PROCESS, "separate", "Y", "separate", (("Y", "ore", -1.0), ("Y", "oxide:a", 0.9)), "", 1e-9, 1e-9),
        use(1e-9, 1e-9, place="Y", form="oxide:a"),
    ]  # fmt: skip
    base = reconcile(activities, 2024, PRICES)
    assert [activity.label for activity in base.activities] == ["mine ore X", "demand ore (use) X"]


# --------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("error", [0.0, -1.0, float("nan"), float("inf")])
def test_an_error_has_to_be_positive(error):
    with pytest.raises(ModelError) as raised:
        reconcile([mine(60, error), use(60, 1)], 2024, PRICES)
    assert raised.value.where == "mine ore X"
    assert raised.value.allowed == "a positive number of t"


@pytest.mark.parametrize("prior", [float("nan"), float("inf")])
def test_evidence_has_to_be_finite(prior):
    with pytest.raises(ModelError):
        reconcile([mine(prior, 1), use(60, 1)], 2024, PRICES)


def test_a_form_without_price_is_refused():
    with pytest.raises(ModelError, match="no price for ore"):
        reconcile([mine(60, 1), use(60, 1)], 2024, {"magnet": 1.0})


@pytest.mark.parametrize("activities", [[], [mine(60, 1)], [use(60, 1)], [mine(0, 1), use(0, 1)]])
def test_evidence_of_which_nothing_can_flow_is_refused(activities):
    with pytest.raises(ModelError) as raised:
        reconcile(activities, 2024, PRICES)
    assert raised.value.remedy


# ------------------------------------------------------------------------------------------------- properties


@st.composite
def networks(draw):
    """Places that mine, trade and use one ore; errors of any size."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    places = [f"P{i}" for i in range(draw(st.integers(1, 5)))]
    found = []

    def figure():
        return float(random.uniform(1, 100))

    for place in places:
        found.append(mine(figure(), figure(), place=place))
        found.append(use(figure(), figure(), place=place))
        found += [
            trade(place, other, "ore", figure(), figure())
            for other in places
            if other != place and random.random() < 0.7
        ]
    return found


@given(networks())
@settings(max_examples=60, deadline=None)
def test_every_balance_closes(activities):
    base = reconcile(activities, 2024, PRICES)
    assert gap(base) < 1e-9
    assert base.imbalance == pytest.approx(gap(base))
    assert (base.flows > 0).all()


@given(networks())
@settings(max_examples=60, deadline=None)
def test_evidence_that_balances_already_is_left_alone(activities):
    once = reconcile(activities, 2024, PRICES)
    settled = [replace(a, prior=float(f)) for a, f in zip(once.activities, once.flows, strict=True)]
    twice = reconcile(settled, 2024, PRICES)
    assert twice.flows == pytest.approx(once.flows, rel=1e-9)
    assert max(abs(c.in_errors) for c in twice.corrections) < 1e-6


@given(networks(), st.floats(1e-3, 1e3))
@settings(max_examples=60, deadline=None)
def test_scaling_all_evidence_scales_all_flows(activities, factor):
    """With or without the errors: the nearest point of a cone."""
    once = flows_of(reconcile(activities, 2024, PRICES))
    for errors in (1.0, factor):
        scaled = [replace(a, prior=factor * a.prior, error=errors * a.error) for a in activities]
        other = flows_of(reconcile(scaled, 2024, PRICES))
        assert other == pytest.approx({k: factor * v for k, v in once.items()}, rel=1e-5, abs=1e-6 * factor)


@given(networks(), st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_evidence_changes_nothing(activities, random):
    once = flows_of(reconcile(activities, 2024, PRICES))
    random.shuffle(activities)
    other = flows_of(reconcile(activities, 2024, PRICES))
    assert other == pytest.approx(once, rel=1e-6, abs=1e-6)

"""The drawings: labels that do not cover each other, ids that do not clash, cases that lack a part."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg

from ytterby.report.drawings import draw_all
from ytterby.report.drawings.canvas import INK, SERIES, WIDTH, _apart, canvas, label_ends, panel, to_svg
from ytterby.report.drawings.courses import Course, _band, course, hue, interval_years, scenarios
from ytterby.study.claim import readings


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
def test_labels_keep_apart_in_their_order(wanted):
    wanted = sorted(wanted)
    sizes = [10.0] * len(wanted)
    centres = _apart(wanted, sizes, -10, 110)
    gaps = np.diff(centres)
    assert (gaps >= 10 - 1e-9).all()
    assert min(centres) >= -10 + 5 - 1e-9
    assert max(centres) <= 110 - 5 + 1e-9


def test_labels_that_have_room_stay_where_they_are():
    assert _apart([10.0, 50.0, 90.0], [8.0] * 3, 0, 100) == [10.0, 50.0, 90.0]


@pytest.mark.parametrize(
    "text",
    ["Reference: nothing", "Everything announced comes: nothing", "The twenty million tonnes at their word"],
)
def test_labels_end_on_the_page_in_the_widest_of_common_fonts(text):
    with canvas("sample", 100) as figure:
        axes = panel(figure, 10, 80)
        label_ends(axes, [(0.5, text, INK)])
        box = axes.texts[0].get_window_extent(FigureCanvasAgg(figure).get_renderer())
    assert box.x1 <= WIDTH


def test_an_svg_is_themed_named_and_the_same_each_time():
    def drawn():
        with canvas("sample", 100) as figure:
            axes = panel(figure, 10, 60)
            axes.plot([0, 1], [0, 1], "o", color=SERIES[0])
            axes.set_title("50 $ <b> & more")
            return to_svg(figure, "sample", "A <title>", "What it shows")

    svg = drawn()
    assert svg == drawn()
    root = ET.fromstring(svg)
    assert root.findtext("title") == "A <title>"
    assert f"var(--s1, {SERIES[0]})" in svg
    assert "50 $ <b> & more" in "".join(root.itertext())
    assert "xlink" not in svg
    assert "font-family" not in svg
    assert root.find(".//metadata") is None
    assert all(e.get("id", "sample-").startswith("sample-") for e in root.iter())


def test_a_band_is_exact_where_variants_were_measured_and_holds_the_middle():
    years = np.arange(2024.0, 2029.0)
    middle = np.array([1.0, 1.0, 0.5, 0.4, 0.4])
    at = np.array([True, False, True, False, True])
    low, high = middle.copy(), middle.copy()
    low[2], high[2], high[4] = 0.3, 0.6, 0.9
    found = Course(years, middle, low, high, years[at])
    below, above = _band(found, at)
    assert below[at] == pytest.approx(low[at])
    assert above[at] == pytest.approx(high[at])
    assert (below <= middle + 1e-12).all()
    assert (above >= middle - 1e-12).all()


def test_courses_come_from_the_measures(small_answers):
    found = course(small_answers, "need", "oxide:dy", "reference", scale=2.0)
    assert found is not None
    assert list(found.years) == list(range(2024, 2031))
    assert found.middle[0] == small_answers.table("need", "oxide:dy", 2024, "reference")[1] / 2
    assert course(small_answers, "need", "no form", "reference") is None
    assert set(found.sure) == set(interval_years(small_answers)) == {2024, 2026, 2029, 2030}


def test_scenarios_keep_their_colours(small_answers):
    names = scenarios(small_answers)
    assert names[0] == "reference"
    assert len({hue(small_answers, name) for name in names}) == len(names)
    assert scenarios(small_answers, "stops_one", "no role") == ["reference", "china-stops-usa"]


def test_every_drawing_has_a_table_and_a_caption(small_answers):
    for drawing in draw_all(small_answers):
        assert drawing.caption.endswith(".")
        assert drawing.rows
        assert {len(row) for row in drawing.rows} == {len(drawing.head)}
        assert drawing.basis == () or len(drawing.basis) == len(drawing.rows)
        assert drawing.answer in {answer.id for answer in small_answers.answers}


def test_published_shares_and_readings_stand_beside_the_run(small_answers):
    drawings = {drawing.name: drawing for drawing in draw_all(small_answers)}
    published = {id_ for basis in drawings["stages"].basis for id_ in basis}
    shares = {row["id"] for row in small_answers.base.rows("stage_shares", country="CHN")}
    assert published
    assert published <= shares
    found = readings(small_answers.base, small_answers.case.claim)
    assert list(drawings["claim"].basis[: len(found)]) == [r.basis for r in found]
    assert len(drawings["claim"].rows) == len(found) + 2


def test_a_case_with_the_reference_alone_is_drawn(small_answers):
    reference = small_answers.case.scenario("reference")
    case = replace(small_answers.case, scenarios=(reference,), roles={})
    alone = replace(small_answers, case=case, solved={"reference": small_answers.solved["reference"]})
    assert {drawing.name for drawing in draw_all(alone)} >= {"stages", "dependence", "region", "prices"}

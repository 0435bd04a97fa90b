"""The map of the ways: what it shows is what the run found; its labels keep apart, also where a browser sets them."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from dataclasses import replace
from html import unescape
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ytterby.report.drawings.mapping import Labels, Window, around, beside, path
from ytterby.report.drawings.waymap import Map
from ytterby.report.drawings.ways import ways
from ytterby.routes import COMING, Node, Query, best_routes, network, standings
from ytterby.study.ways import AVOIDING, CHEAPEST, OVER, MappedWay, MapYear, RegionWays, WayMap, way_map

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--virtual-time-budget=3000",
)  # fmt: skip
# Boxes of all labels of the map that is seen, after each year was chosen in turn.
MEASURE = """
<script>
const found = [];
for (const input of document.querySelectorAll("#way-map input")) {
  input.click();
  const seen = [...document.querySelectorAll("#way-map svg")].filter(svg => svg.getBoundingClientRect().height > 0);
  found.push({year: input.nextElementSibling.textContent, seen: seen.map(svg => svg.querySelector("title").textContent),
    labels: seen.flatMap(svg => [...svg.querySelectorAll("text")].map(text => {
      const box = text.getBoundingClientRect(), whole = svg.getBoundingClientRect();
      return [text.textContent, box.left - whole.left, box.top - whole.top, box.right - whole.left, box.bottom - whole.top,
              whole.width, whole.height];
    }))});
}
document.title = JSON.stringify(found);
</script>"""


def place(lat, lon):
    return Node("here", "Here", "KAZ", lat, lon, "rail", None, main=False)


@pytest.fixture(scope="module")
def net(base):
    return network(base)


@pytest.fixture(scope="module")
def drawing(small_answers):
    return ways(small_answers)


def test_a_window_holds_its_places_and_goes_the_short_way_round():
    window = Window.around([place(40, 50), place(60, 80)])
    assert window.holds(place(40, 50))
    assert not window.holds(place(10, 50))
    x, y = window.place(window.north, window.west)
    assert (x, y) == pytest.approx((0, 0))
    assert window.place(window.south, window.east) == pytest.approx((360, window.height))
    (start, _), (end, _) = window.line(place(40, 117), place(34, -118))
    assert end > start


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(-60, 70), st.floats(-170, 170)), min_size=1, max_size=6))
def test_a_window_is_as_wide_as_a_page_and_not_higher(points):
    places = [place(lat, lon) for lat, lon in points]
    window = Window.around(places)
    assert all(window.holds(one) for one in places)
    assert 0.39 * 360 <= window.height <= 361


def test_a_line_leaves_at_the_edge():
    window = Window.around([place(40, 50), place(60, 80)])
    inside, outside = place(50, 60), place(50, 20)
    assert window.exit(window.line(inside, outside)) == pytest.approx((0, window.place(50, 60)[1]))
    assert window.exit(window.line(outside, inside)) is None
    assert window.exit(window.line(inside, place(55, 70))) is None


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0, 100), st.floats(0, 100), st.text("ab", min_size=1, max_size=9)), max_size=25
    )
)
def test_labels_never_cover_each_other_or_a_mark(wanted):
    labels = Labels(100, 100)
    for x, y, _ in wanted:
        labels.keep((x, y), 1)
    marks = len(labels.taken)
    for x, y, text in wanted:
        for spots in (beside((x, y), text, 8, 2), around((x, y), 5, 2)):
            labels.put(text, 8, spots)
    for number, (left, top, right, bottom) in enumerate(labels.taken[marks:], marks):
        assert min(left, top) >= -1e-9
        assert max(right, bottom) <= 100 + 1e-9
        for w, n, e, s in labels.taken[:number]:
            assert right <= w or e <= left or bottom <= n or s <= top


@pytest.mark.parametrize(("text", "least"), [("Dammam", 49.0), ("Samsun", 39.9), ("Osh", 19.4)])
def test_a_label_takes_the_room_of_its_letters(text, least):
    labels = Labels(100, 100)
    labels.put(text, 10, [(50, 50)])
    ((left, _, right, _),) = labels.taken
    assert right - left == pytest.approx(least, rel=0.05)
    assert right - left > least


def test_a_label_spares_a_way_where_it_can():
    labels = Labels(100, 100)
    labels.spare((60, 50), 8)
    assert labels.put("ab", 8, [(60, 50), (30, 50)]) == pytest.approx((30, 50))
    assert labels.put("ab", 8, [(60, 50)]) == pytest.approx((60, 50))


def test_the_ways_are_those_of_the_run(small_answers, drawing):
    spells, case = small_answers.ways.spells, small_answers.case
    assert [spells[0].first, spells[-1].last] == [2029, case.last_year]
    for before, after in pairwise(spells):
        assert before.last + 1 == after.first
        assert (before.standings, before.ways) != (after.standings, after.ways)
    for spell in spells:
        by = {(way.kind, way.place): way.route for way in spell.ways}
        assert {place for _, place in by} == set(case.region)
        for place_ in case.region:
            free, avoiding, over = (by[kind, place_] for kind in (CHEAPEST, AVOIDING, OVER))
            assert free.usd_per_t.mid <= avoiding.usd_per_t.mid <= over.usd_per_t.mid
            assert not set(case.avoid) & {*avoiding.states, *over.states}
            assert case.corridor in over.corridors
    ends = {way.route.nodes[-1] for spell in spells for way in spell.ways}
    told = set(re.findall(r">to ([^<,]+)<", drawing.svg))
    assert set() < told <= {small_answers.ways.nodes[end].name.split(" (")[0] for end in ends}


def test_rows_and_their_basis_are_those_of_the_ways(small_answers, drawing):
    shown = {
        (f"{way.route.usd_per_t.mid:.0f}", "-".join(way.route.states), way.route.basis)
        for spell in small_answers.ways.spells for way in spell.ways
    }  # fmt: skip
    told = {
        (row[3].split(" ")[0], row[5], basis) for row, basis in zip(drawing.rows, drawing.basis, strict=True)
    }
    assert told == shown
    (lines,) = drawing.also
    years = {row[2] for row in lines.rows}
    coming = [one.segment for one in small_answers.ways.spells[0].standings if one.state == COMING]
    assert (
        {str(segment.open_year) for segment in coming if segment.open_year}
        >= {y for y in years if y.isdigit()}
        > set()
    )


def test_each_map_says_its_ways_in_words_and_draws_what_it_says(small_answers, drawing):
    maps = list(ET.fromstring(drawing.svg).iter("svg"))
    assert len(maps) == len(small_answers.ways.spells)
    for drawn, spell in zip(maps, small_answers.ways.spells, strict=True):
        text = drawn.findtext("desc", "")
        assert text.count(":") == len(spell.ways)
        titles = {text.split(":")[0] for title in drawn.iter("title") if "way" in (text := title.text or "")}
        assert titles >= {"cheapest way", "cheapest way over TRIPP"}
        labels = [text.text for text in drawn.iter("text")]
        assert {"Tashkent", "KAZ", "UZB"} <= set(labels)


def test_a_service_is_drawn_along_its_lines(small_answers, net):
    """The through train from Dostyk to Brest, of which the facts have one row, goes by Karaganda and Moscow."""
    asked = Query(2026, modes=("rail",))
    (route,) = best_routes(net, "dostyk", "brest", asked, 1)
    assert route.segments == ("dostyk__brest__rail",)
    year = MapYear(2026, 2026, standings(net, asked, ()), (MappedWay(CHEAPEST, "KAZ", route),))
    shown = WayMap(net.nodes, ("dostyk",), (year,), net.courses)
    window = Window.around([net.nodes["dostyk"], net.nodes["brest"]])
    words = dict.fromkeys((CHEAPEST, AVOIDING, OVER), "the way")
    drawn = ET.fromstring(Map(small_answers.base, shown, year, window, words).svg("map", "Map"))
    lines = {line.get("d", ""): line.findtext("title", "") for line in drawn.iter("path")}
    (way,) = (line for line, title in lines.items() if title.startswith("the way"))
    nodes = net.courses["dostyk__brest__rail"].nodes
    assert way == path(window.line(net.nodes[one], net.nodes[two]) for one, two in pairwise(nodes))
    straight = path([window.line(net.nodes["dostyk"], net.nodes["brest"])])
    assert not any(straight in line for line in lines)


def test_spells_that_look_alike_are_one_map_and_other_cases_are_drawn(small_answers, net):
    far = replace(small_answers.case, region=("AUS",), importer="JPN", corridor="", avoid=())
    shown = way_map(RegionWays.of(far, small_answers.base, net))
    assert shown is not None
    assert len(shown.spells) > 1
    drawn = ways(replace(small_answers, case=far, ways=shown))
    assert drawn is not None
    assert len(list(ET.fromstring(drawn.svg).iter("svg"))) == 1
    assert {row[2] for row in drawn.rows} == {"cheapest way"}
    assert drawn.also == ()
    at_home = replace(far, region=("JPN",))
    assert way_map(RegionWays.of(at_home, small_answers.base, net)) is None


def test_the_tables_hold_the_map(written, small_answers):
    spells = small_answers.ways.spells
    with (written / "tables" / "ways.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(len(spell.ways) for spell in spells)
    assert float(rows[0]["usd_per_t"]) == spells[0].ways[0].route.usd_per_t.mid
    with (written / "tables" / "network.csv").open(encoding="utf-8") as file:
        assert sum(1 for _ in csv.DictReader(file)) == sum(len(spell.standings) for spell in spells)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_in_a_browser_one_map_is_seen_and_no_label_covers_another(written, small_answers, tmp_path):
    page = (written / "report.html").read_text(encoding="utf-8").replace("</body>", f"{MEASURE}</body>")
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    done = subprocess.run(
        [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", (tmp_path / "page.html").as_uri()],
        capture_output=True, check=True, encoding="utf-8", timeout=900,
    )  # fmt: skip
    (title,) = re.findall(r"<title>(\[.*?\])</title>", done.stdout)
    found = json.loads(unescape(title))
    assert [one["seen"] for one in found] == [
        [f"The ways of the region to the United States, {spell.first}"] for spell in small_answers.ways.spells
    ]
    for one in found:
        boxes = one["labels"]
        assert len(boxes) > 20
        for number, (text, left, top, right, bottom, width, height) in enumerate(boxes):
            assert left >= 0 <= top, text
            assert right <= width, text
            assert bottom <= height, text
            for other, w, n, e, s, *_ in boxes[:number]:
                assert right <= w or e <= left or bottom <= n or s <= top, (text, other)

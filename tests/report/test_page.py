"""The report as HTML and Markdown: well-formed, self-contained, every figure with its footnote."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from ytterby.report.drawings import draw_all
from ytterby.report.page import page
from ytterby.report.reading import figure, unbroken
from ytterby.report.rendering import linkable, markdown_text, to_html, to_markdown
from ytterby.report.tables import all_tables

HOSTILE = "</title><script>alert('x')</script> & $x_1$ | [a](b)"


@pytest.fixture(scope="module")
def html(written):
    return (written / "report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def tree(html):
    return parsed(html)


@pytest.fixture(scope="module")
def markdown(written):
    return (written / "report.md").read_text("utf-8")


def parsed(html):
    assert html.startswith("<!DOCTYPE html>")
    return ET.fromstring(html.removeprefix("<!DOCTYPE html>"))


def text_of(element):
    return re.sub(r"\s+", " ", "".join(element.itertext()).replace("\u202f", " ").replace("\u00a0", " "))


def test_ids_are_unique_and_links_inside_the_page_arrive(tree):
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    inside = [e.get("href")[1:] for e in tree.iter() if (e.get("href") or "").startswith("#")]
    assert len(inside) > 50
    assert set(inside) <= set(ids)
    urls = {m for e in tree.iter() for v in e.attrib.values() for m in re.findall(r"url\(#([^)]+)\)", v)}
    assert urls <= set(ids)


def test_nothing_is_loaded_and_nothing_runs(tree, html):
    tags = {element.tag for element in tree.iter()}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "image"}
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            if "http:" in value or "https:" in value or "//" in value:
                assert (element.tag, name) == ("a", "href")
    style = tree.find("head/style").text
    assert "http" not in style.replace('a[href^="http"]', "")
    assert "@import" not in style
    assert "url(" not in style
    assert "xmlns" not in html


def test_links_to_sources_are_those_of_the_fact_base(tree, base):
    known = {row["url"] for row in base.sources}
    links = {e.get("href") for e in tree.iter("a") if not e.get("href").startswith("#")}
    assert links
    assert links <= known


def test_every_answer_stands_there_with_its_footnote(tree, small_answers):
    articles = {e.get("id"): e for e in tree.iter("article")}
    assert set(articles) == {answer.id for answer in small_answers.answers}
    notes = {e.get("id"): text_of(e) for e in tree.iter("li") if (e.get("id") or "").startswith("note-")}
    for answer in small_answers.answers:
        article = articles[answer.id]
        assert answer.sentence in text_of(article)
        (link,) = article.iter("a")
        note = notes[link.get("href")[1:]]
        assert answer.question in note
        assert any(id_ in note for id_ in answer.basis)


def test_footnotes_show_first_what_the_scenario_changes(tree, small_answers):
    answer = next(a for a in small_answers.answers if a.id == "stops-all-short")
    article = next(e for e in tree.iter("article") if e.get("id") == answer.id)
    number = next(article.iter("a")).get("href")[1:]
    first = next(next(e for e in tree.iter("li") if e.get("id") == number).iter("code"))
    changed = {ban.basis for ban in small_answers.case.scenario("china-stops-all").bans}
    assert first.text in changed


def test_every_drawing_has_title_and_description(tree, small_answers):
    drawings = list(tree.iter("svg"))
    assert len(drawings) == 5 + len(small_answers.ways.spells)
    for svg in drawings:
        named = svg.get("aria-labelledby").split()
        assert [svg.find("title").get("id"), svg.find("desc").get("id")] == named
        assert svg.find("title").text
        assert svg.find("desc").text
        assert svg.get("viewBox").startswith("0 0 360 ")
        assert svg.get("width") is None
        assert list(svg.iter("text"))


def test_tables_have_captions_and_rows_of_one_width(tree):
    for table in tree.iter("table"):
        assert table.find("caption").text
        width = len(table.findall("thead/tr/th"))
        assert {len(list(row)) for row in table.findall("tbody/tr")} == {width}
    for wide in tree.findall(".//div[@class='scroll']"):
        assert (wide.get("tabindex"), wide.get("aria-label")) == ("0", wide.find("table/caption").text)


def test_html_and_markdown_say_the_same(markdown, small_answers):
    for answer in small_answers.answers:
        assert f"{markdown_text(answer.sentence)}[^" in markdown
    for caveat in small_answers.caveats:
        assert markdown_text(caveat.text) in markdown


def test_every_footnote_of_the_markdown_is_defined_once_and_used(markdown):
    defined = re.findall(r"^\[\^(\d+)\]:", markdown, re.MULTILINE)
    used = set(re.findall(r"\[\^(\d+)\](?!:)", markdown))
    assert len(defined) == len(set(defined))
    assert used == set(defined)


def test_markdown_tables_have_rows_of_one_width(markdown):
    for block in re.findall(r"(?:^\|.*\n)+", markdown, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(widths) == 1, block[:200]


def test_text_of_users_is_never_taken_for_markup(small_answers):
    case = replace(small_answers.case, title=HOSTILE, question=HOSTILE)
    first = replace(small_answers.answers[0], sentence=HOSTILE)
    hostile = replace(small_answers, case=case, answers=(first, *small_answers.answers[1:]))
    content = page(hostile, draw_all(hostile), all_tables(hostile))
    tree = parsed(to_html(content))
    assert not list(tree.iter("script"))
    assert tree.find("body/header/h1").text == HOSTILE
    assert markdown_text(HOSTILE) in to_markdown(content)


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://example.org/a?b=c&d", True),
        ("javascript:alert(1)", False),
        ("https://a b", False),
        ('https://a"onclick="x', False),
        ("ftp://a", False),
    ],
)
def test_only_addresses_of_the_web_become_links(url, may):
    assert linkable(url) is may


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.0, "count", "0"),
        (16.0, "number", "16"),
        (1.0, "year", "1 year"),
        (13.0, "year", "13 years"),
        (1.78, "month", "1.78 months"),
        (249.0, "USD_per_t", "249 USD/t"),
        (2035.0, "calendar_year", "2035"),
    ],
)
def test_a_figure_reads_as_words_write_it(value, unit, text):
    assert figure(value, unit) == text


def test_numbers_stay_on_one_line():
    assert unbroken("from 9 140 t to 40 %, in 2026 27 % and 12 345 678 t") == (
        "from 9\u202f140\u00a0t to 40\u00a0%, in 2026 27\u00a0% and 12\u202f345\u202f678\u00a0t"
    )

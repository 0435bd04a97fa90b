# SPDX-License-Identifier: Apache-2.0
"""Drawing: the transport network and the ways of the region on it, a map for each spell of years, chosen by its year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape

from ytterby.report.drawings.canvas import Drawing, Figures
from ytterby.report.drawings.mapping import Window
from ytterby.report.drawings.waymap import Map, span
from ytterby.routes import CLOSED, COMING, SURFACE, Interval, Route, Standing
from ytterby.study import AnswerSet
from ytterby.study.ways import AVOIDING, CHEAPEST, OVER, MappedWay, MapYear, WayMap
from ytterby.study.words import place_name

NAME, ANSWER = "way-map", "ways"
SEA = ("sea", "air")


def ways(answers: AnswerSet) -> Drawing | None:
    """The map of the region's ways; None where it has none."""
    shown = answers.ways
    if shown is None:
        return None
    window = Window.around(shown.nodes[node] for node in _ashore(shown))
    importer = place_name(answers.base, answers.case.importer)
    title = f"The ways of the region to {importer}"
    words, rows = kinds(answers), list(_rows(answers, shown))
    frames = [
        (
            span(spell.first, spell.last),
            Map(answers.base, shown, spell, window, words).svg(f"{NAME}-{spell.first}", title),
        )
        for spell in _seen(shown, window)
    ]
    return Drawing(
        NAME, title, _choice(frames), _caption(answers, shown),
        ("years", "from", "way", "USD/t", "days", "through", "chokepoints", "estimated"),
        tuple(row for row, _ in rows), tuple(basis for _, basis in rows),
        answer=ANSWER, also=tuple(one for one in (_lines(shown, window),) if one.rows),
    )  # fmt: skip


def kinds(answers: AnswerSet) -> dict[str, str]:
    """What each kind of way is called."""
    avoided = " and ".join(place_name(answers.base, state) for state in answers.case.avoid)
    return {
        CHEAPEST: "cheapest way",
        AVOIDING: f"cheapest way without {avoided}",
        OVER: f"cheapest way over {answers.case.corridor}",
    }


def _ashore(shown: WayMap) -> list[str]:
    """Places that goods of the region pass before they are shipped for good, and where they begin."""
    found = dict.fromkeys(shown.ends)
    for spell in shown.spells:
        for way in spell.ways:
            legs = way.route.legs
            at_sea = [number for number, leg in enumerate(legs) if leg.segment.mode in SEA]
            found |= dict.fromkeys(way.route.nodes[: (at_sea[0] if at_sea else len(legs)) + 1])
    return list(found)


def _choice(frames: list[tuple[str, str]]) -> str:
    """Maps of which one is seen, chosen by its year, without a script."""
    parts = []
    for number, (text, svg) in enumerate(frames, 1):
        chosen = ' checked="checked"' if number == 1 else ""
        parts.append(
            f'<span><input type="radio" name="{NAME}" id="{NAME}-choice-{number}"{chosen}/>'
            f'<label for="{NAME}-choice-{number}">{escape(text)}</label></span>\n{svg}\n'
        )
    return f'<div class="choice" role="radiogroup" aria-label="Year of the map">\n{"".join(parts)}</div>'


def _rows(answers: AnswerSet, shown: WayMap) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """A row per way and years in which it stays the same, with its basis."""
    words = kinds(answers)
    for kind, name in words.items():
        for place in answers.case.region:
            for first, last, route in _runs(shown, kind, place):
                yield (
                    (
                        span(first, last), place_name(answers.base, place), name, _range(route.usd_per_t), _range(route.days),
                        "-".join(route.states), ", ".join(shown.nodes[point].name for point in route.chokepoints),
                        f"{route.share_estimated:.0%}",
                    ),
                    route.basis,
                )  # fmt: skip


def _runs(shown: WayMap, kind: str, place: str) -> Iterator[tuple[int, int, Route]]:
    runs: list[tuple[int, int, Route]] = []
    for spell in shown.spells:
        for way in spell.ways:
            if (way.kind, way.place) != (kind, place):
                continue
            if runs and runs[-1][1] + 1 == spell.first and runs[-1][2].segments == way.route.segments:
                runs[-1] = (runs[-1][0], spell.last, way.route)
            else:
                runs.append((spell.first, spell.last, way.route))
    yield from runs


def _range(interval: Interval) -> str:
    return f"{interval.mid:.0f} ({interval.low:.0f} to {interval.high:.0f})"


def _lines(shown: WayMap, window: Window) -> Figures:
    """Lines of the map that are to come or closed, as a table; closed ones by the act that closes them."""
    first = shown.spells[0]
    drawn = [one for one in first.standings if one.segment.mode in SURFACE and _on(shown, one, window)]
    coming = [
        (
            (_ends(shown, one), one.segment.mode, str(one.segment.open_year or "no year stated"), one.segment.corridor),
            one.segment.basis,
        )
        for one in drawn if one.state == COMING
    ]  # fmt: skip
    coming.sort(key=lambda row: row[0][2])
    acts: dict[tuple[str, tuple[str, ...]], list[Standing]] = {}
    for one in drawn:
        if one.state == CLOSED and one.closure is not None:
            acts.setdefault((one.closure.reason, one.closure.basis), []).append(one)
    closed = [
        (
            ("; ".join(_ends(shown, one) for one in some), _modes(some), f"closed in {first.first}", reason),
            basis,
        )
        for (reason, basis), some in acts.items()
    ]
    rows = [*coming, *closed]
    return Figures(
        "Lines of the map to come, and closed ones", ("line", "by", "opens", "corridor, or why it is closed"),
        tuple(row for row, _ in rows), tuple(basis for _, basis in rows),
    )  # fmt: skip


def _on(shown: WayMap, one: Standing, window: Window) -> bool:
    return window.meets(window.line(shown.nodes[one.segment.first], shown.nodes[one.segment.last]))


def _seen(shown: WayMap, window: Window) -> list[MapYear]:
    """Spells of years, those joined that look alike in the window."""
    found: list[MapYear] = []
    looks: list[object] = []
    for spell in shown.spells:
        drawn = [(one.segment.id, one.state) for one in spell.standings if _on(shown, one, window)]
        if looks and looks[-1] == (drawn, spell.ways):
            found[-1] = replace(found[-1], last=spell.last)
        else:
            found.append(spell)
            looks.append((drawn, spell.ways))
    return found


def _ends(shown: WayMap, one: Standing) -> str:
    return f"{shown.nodes[one.segment.first].name} - {shown.nodes[one.segment.last].name}"


def _modes(some: Iterable[Standing]) -> str:
    return ", ".join(dict.fromkeys(one.segment.mode for one in some))


def _caption(answers: AnswerSet, shown: WayMap) -> str:
    every: list[MappedWay] = [way for spell in shown.spells for way in spell.ways]
    shares = sorted(way.route.share_estimated for way in every)
    estimated = f"{shares[0]:.0%} to {shares[-1]:.0%}" if shares[0] != shares[-1] else f"{shares[0]:.0%}"
    importer = place_name(answers.base, answers.case.importer)
    return (
        f"General cargo of the region to {importer}, by land and sea, at the end of the year. Lines between places are drawn "
        f"straight; ships leave the map at its edge; states by their codes. Dotted red lines are closed to this trade. "
        f"{estimated} of the length of each way rests on rows that are estimated or unconfirmed. All of it stands in "
        f"tables/ways.csv and tables/network.csv."
    )

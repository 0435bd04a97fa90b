# SPDX-License-Identifier: Apache-2.0
"""Figures in words: shares, tonnes, ratios with their intervals, names of places and forms."""

from __future__ import annotations

from collections.abc import Iterable

from ytterby.facts import FactBase

Figure = tuple[float, float, float]
FORMS = {
    "magnet": "NdFeB magnets", "oxides": "separated oxides", "concentrate": "concentrate", "scrap": "magnet scrap",
    "metal:ndpr": "NdPr metal", "metal:dy": "dysprosium metal", "metal:tb": "terbium metal", "oxide:ndpr": "NdPr oxide",
    "oxide:dy": "dysprosium oxide", "oxide:tb": "terbium oxide", "oxide:smeugd": "Sm, Eu and Gd oxides",
    "oxide:lace": "La and Ce oxides", "oxide:y": "yttrium oxide", "oxide:other": "other heavy oxides",
}  # fmt: skip
SHORT_NAMES = {"USA": "the United States", "CHN": "China"}


def form_name(form: str) -> str:
    """A form of the chain for people."""
    return FORMS.get(form, form.replace(":", " "))


def place_name(base: FactBase, place: str) -> str:
    """A country for people."""
    return SHORT_NAMES.get(place) or str(base.row(place)["name"])


def whose(name: str) -> str:
    """The possessive of a name."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def percent(figure: Figure) -> str:
    """A share as per cent, with its interval where that differs when rounded."""
    low, middle, high = (_share(100 * value) for value in figure)
    return f"{middle} %" if low == high else f"{middle} % ({low} to {high})"


def _share(value: float) -> str:
    if 0 < abs(value) < 0.1:
        return "under 0.1"
    return f"{value:.1f}" if abs(value) < 10 and round(value, 1) != round(value) else f"{value:.0f}"


def number(value: float) -> str:
    """A number with three significant digits and thousands apart."""
    if value == 0:
        return "0"
    digits = f"{value:.3g}"
    return f"{float(digits):,.0f}".replace(",", " ") if abs(value) >= 1000 else f"{float(digits):g}"


def tonnes(figure: Figure | float) -> str:
    """Tonnes in t, kt or Mt, with the interval where there is one."""
    low, middle, high = figure if isinstance(figure, tuple) else (figure, figure, figure)
    size = max(abs(middle), abs(high))
    unit, scale = ("Mt", 1e6) if size >= 1e6 else ("kt", 1e3) if size >= 1e4 else ("t", 1.0)
    parts = [number(value / scale) for value in (low, middle, high)]
    return f"{parts[1]} {unit}" if parts[0] == parts[2] else f"{parts[1]} {unit} ({parts[0]} to {parts[2]})"


def times(figure: Figure) -> str:
    """A ratio as times, with its interval."""
    low, middle, high = (f"{value:.1f}" for value in figure)
    return f"{middle} times" if low == high else f"{middle} times ({low} to {high})"


def listed(names: Iterable[str]) -> str:
    """Names one after the other, the last after "and"."""
    some = list(names)
    return some[0] if len(some) == 1 else f"{', '.join(some[:-1])} and {some[-1]}"

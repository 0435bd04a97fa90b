# SPDX-License-Identifier: Apache-2.0
"""Reading the cells of the USGS Mineral Commodity Summaries: figures, signs for none, units, kind of weight.

A cell that fits no rule stops the program. Words are kept as words, never turned into numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tools.tables import plain

UNITS = {
    "thousand metric tons": "kt",
    "thousand metric dry tons": "kt",
    "metric tons": "t",
    "tons": "t",
    "million metric tons": "Mt",
    "kilograms": "kg",
    "million carats": "Mcarat",
    "thousands of carats": "kcarat",
    "million liters": "million_L",
    "million cubic meters": "million_m3",
    "percent": "percent",
    "number": "number",
    "index": "index_1982",
    "": "none",
    "million dollars": "MUSD",
    "dollars per metric ton": "USD_per_t",
    "dollars per ton": "USD_per_t",
    "dollars per kilogram": "USD_per_kg",
    "dollars per pound": "USD_per_lb",
    "cents per pound": "US_cents_per_lb",
    "dollars per short ton": "USD_per_short_ton",
    "dollars per troy ounce": "USD_per_troy_oz",
    "dollars per carat": "USD_per_carat",
    "dollars per gram": "USD_per_g",
    "dollars per 10-grams": "USD_per_10_g",
    "dollars per 25 grams": "USD_per_25_g",
    "dollars per 50 grams": "USD_per_50_g",
    "dollars per 100 milliliters": "USD_per_100_mL",
    "dollars per 100 mililiters": "USD_per_100_mL",
    "dollars per dry metric ton unit": "USD_per_t_unit",
}
MASS = {"t", "kt", "Mt", "kg"}
STATES = {
    "W": "withheld",
    "NA": "not_available",
    "XX": "not_applicable",
    "E": "net_exporter",
}
WORDS = re.compile(r"(Large|Small|Very small|Moderate|Moderate to large|Variable, depending on .*)")
NUMBER = re.compile(r"\d[\d,]*(\.\d+)?|\.\d+")
LOST_MINUS = re.compile(r"\?(\d+)")
BOUND = re.compile(r"([<>])([\d,.]+)")
RANGE = re.compile(r"([\d,]+) ?[–-] ?([\d,]+)")
LESS_THAN = re.compile(r"[Ll]ess than ([½\d,]+) ?(unit|carats|tons)")
ELSEWHERE = re.compile(r"[Ii]ncluded (in|with) ")
SCALE = {"million carats": 1_000_000, "million metric tons": 1_000_000}

HEADS = (
    (re.compile(r"rare-earth-oxide"), "REO"),
    (re.compile(r"\((MgO|K2O|TiO2|Y2O3)|scandium oxide"), "oxide"),
    (re.compile(r"usable ore|marketable phosphate rock"), "ore"),
    (re.compile(r"gross weight"), "gross"),
    (re.compile(r"million metric tons, metal\b"), "metal"),
    (re.compile(r"metric dry tons"), "dry"),
    (re.compile(r"elemental iodine|\bcontent\b|\(PGM\)"), "element"),
)
DETAILS = (
    (re.compile(r"gross weight|[Cc]rude ore|[Uu]sable ore|Reserves: Ore\b|Recoverable ore"), "gross"),
    (re.compile(r"(Cr2O3|ZrO2|K2O|TiO2|B2O3|boric oxide)\W"), "oxide"),
    (re.compile(r"content\b|contained", re.IGNORECASE), "element"),
)
HEAD = re.compile(r"\(Data in .*?\bunless otherwise")


@dataclass(frozen=True)
class Cell:
    """What a published cell holds."""

    state: str
    value: str = ""
    low: str = ""
    high: str = ""
    text: str = ""


def unit_of(published: str, where: str) -> str:
    """Unit of the fact base for a published unit."""
    if published not in UNITS:
        raise SystemExit(
            f"{where}: found unit {published!r} (allowed: {', '.join(UNITS)}); add it to usgs_cells.py"
        )
    return UNITS[published]


def weight_of(detail: str, unit: str, chapter_note: str) -> str:
    """What the tonnes are tonnes of, as the row or the head of its chapter says; empty where neither does."""
    if UNITS.get(unit) not in MASS:
        return ""
    head = HEAD.search(chapter_note)
    rules = [(detail + " ", DETAILS), (head.group() if head else "", HEADS)]
    return next((weight for text, rule in rules for pattern, weight in rule if pattern.search(text)), "")


def read_cell(text: str, unit: str, notes: str, where: str) -> Cell:
    """State, figure, bounds and words of a published cell."""
    if text in STATES:
        return Cell(STATES[text])
    if text == "s":
        return _see_notes(text, unit, notes)
    if text == "—":
        return Cell("zero", value="0")
    if NUMBER.fullmatch(text):
        value = _digits(text)
        return Cell("number" if float(value) else "zero", value=value)
    return _words(text, where)


def _words(text: str, where: str) -> Cell:
    if lost := LOST_MINUS.fullmatch(text):
        return Cell("number", value=f"-{lost[1]}", text=text)
    if bound := BOUND.fullmatch(text):
        limit = _digits(bound[2])
        return Cell("less_than", high=limit) if bound[1] == "<" else Cell("greater_than", low=limit)
    if span := RANGE.fullmatch(text):
        return Cell("range", low=_digits(span[1]), high=_digits(span[2]))
    if WORDS.fullmatch(text):
        return Cell("text", text=text)
    raise SystemExit(
        f"{where}: found value {text!r} (allowed: figures and known words); add a rule to usgs_cells.py"
    )


def _see_notes(text: str, unit: str, notes: str) -> Cell:
    """A cell `s`: its note says that it is less than something, or counted in another row."""
    if limit := LESS_THAN.search(notes):
        if limit[1] == "½":
            return Cell("less_than", high="0.5")
        return Cell("less_than", high=plain(float(_digits(limit[1])) / SCALE[unit]))
    return Cell("included_elsewhere" if ELSEWHERE.search(notes) else "see_note", text=text)


def _digits(text: str) -> str:
    return plain(text.replace(",", ""))

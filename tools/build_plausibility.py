# SPDX-License-Identifier: Apache-2.0
"""Write docs/plausibility.md: the reconciled base year of a case beside published values, and what the rules did.

Each row names its published figure by row id, so that a change of the fact base changes the page. A deviation above
10 % without an explanation is an error: explain it here or mend the model.

``python tools/build_plausibility.py --check`` writes nothing and fails when the page differs from what it would write.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ytterby.chain import MINE, PROCESS, TRADE
from ytterby.facts import FactBase, choose, load
from ytterby.scenario import load_case
from ytterby.study.run import Prepared, prepare
from ytterby.study.words import number
from ytterby.supply.base_year import reading_report

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "plausibility.md"
CASE = "central-asia"
TOLERANCE = 0.10


@dataclass(frozen=True)
class Line:
    """One figure of the model beside a published one."""

    what: str
    unit: str
    model: float
    published: float
    row: str
    why: str = ""

    @property
    def deviation(self) -> float:
        """Model over published, less one."""
        return self.model / self.published - 1


class Base:
    """The reconciled base year, asked in the words of the table."""

    def __init__(self, prepared: Prepared, base: FactBase) -> None:
        self.year, self.base, self.prices = prepared.base_year, base, prepared.gathered.prices
        self.columns = list(zip(self.year.activities, self.year.flows, strict=True))

    def mined(self, place: str = "") -> float:
        """Mine output, t REO."""
        return self._sum(lambda a: a.kind == MINE and place in {"", a.place})

    def made(self, form: str, place: str = "", without: str = "recycle") -> float:
        """What processes make of a form, t."""
        found = 0.0
        for activity, flow in self.columns:
            if activity.kind == PROCESS and activity.form != without and place in {"", activity.place}:
                found += sum(
                    c * flow for _, what, c in activity.terms if c > 0 and what.partition("@")[0] == form
                )
        return float(found)

    def run(self, process: str, place: str = "") -> float:
        """Activity of a process, t."""
        return self._sum(lambda a: a.kind == PROCESS and a.form == process and place in {"", a.place})

    def traded(self, form: str, to: str, place: str = "") -> float:
        """Trade into a place, t."""
        forms = (
            {form}
            if form != "oxides"
            else {f"oxide:{g}" for g in ("ndpr", "dy", "tb", "smeugd", "lace", "y", "other")}
        )
        return self._sum(
            lambda a: (
                a.kind == TRADE
                and a.form in forms
                and a.partner == to
                and a.place != to
                and place in {"", a.place}
            )
        )

    def _sum(self, wanted: Callable[[Any], bool]) -> float:
        return float(sum(flow for activity, flow in self.columns if wanted(activity)))

    def row(self, relation: str, **equals: object) -> Any:
        """The one row that fits."""
        found = [row for row in self.base.rows(relation, **equals) if row["value"] is not None]
        if not found:
            raise SystemExit(f"{relation} {equals}: no row with a value")
        return found[-1]


def lines(b: Base) -> list[Line]:
    """All lines of the table."""
    usgs = b.row("production", commodity="rare_earths", country="WLD", year=2024, stage="mine")

    def seen(kind: str, form: str, place: str, partner: str | None = None) -> Any:
        rows = b.base.rows("observations", year=2024, kind=kind, form=form, place=place, partner=partner)
        return b.base.row(choose(rows).basis[0])

    def share(stage: str, year: int = 2024) -> Any:
        rows = [
            row for row in b.base.rows("stage_shares", measure="stage_share", stage=stage, country="CHN", year=year)
            if row["value"] is not None and row["confidence"] != "unconfirmed"
        ]  # fmt: skip
        return rows[0]

    def source(country: str) -> Any:
        rows = [
            row
            for row in b.base.rows("stage_shares", measure="import_source", importer="USA")
            if row["country"] == country
        ]
        return rows[0]

    def line(what: str, unit: str, model: float, row: Any, why: str = "", scale: float = 1.0) -> Line:
        return Line(what, unit, model, float(row["value"]) * scale, row["id"], why)

    oxide_imports = b.traded("oxides", "USA")
    ndpr = b.made("oxide:ndpr")
    found = [
        line("World mine output", "t REO", b.mined(), usgs),
        line("Mine output, China", "t REO", b.mined("CHN"), b.row("world_mining", commodity="rare_earths", country="CHN", year=2024)),
        line("Mine output, United States", "t REO", b.mined("USA"), b.row("world_mining", commodity="rare_earths", country="USA", year=2024)),
        line("Mine output, Australia", "t REO", b.mined("AUS"), b.row("production", commodity="rare_earths", country="AUS", year=2024, stage="mine"),
             "World Mining Data counts 20 100 t and USGS 29 000 t; recorded shipments to Malaysia hold far less, because other codes carry them. The balance lies between."),
        line("NdPr oxide separated from ore, China", "t", b.made("oxide:ndpr", "CHN"), seen("output", "oxide:ndpr", "CHN")),
        line("NdPr oxide, Malaysia", "t", b.made("oxide:ndpr", "MYS"), seen("output", "oxide:ndpr", "MYS"),
             "The maker reports more NdPr than recorded concentrate can hold; the gap is the concentrate that trade statistics miss."),
        line("NdPr oxide, United States", "t", b.made("oxide:ndpr", "USA"), seen("output", "oxide:ndpr", "USA")),
        line("Dysprosium oxide from ore, China", "t", b.made("oxide:dy", "CHN"), seen("output", "oxide:dy", "CHN"),
             "Two services count 2 570 t and 3 500 t with what is recycled; the ore and the magnets of the balance hold a figure between."),
        line("Terbium oxide from ore, China", "t", b.made("oxide:tb", "CHN"), seen("output", "oxide:tb", "CHN"),
             "Two services count 490 t and 650 t with what is recycled; the composition of the ores holds more terbium than either."),
        line("NdPr oxide from scrap, China", "t", b.made("oxide:ndpr", "CHN", "") - b.made("oxide:ndpr", "CHN"), seen("recycled", "oxide:ndpr", "CHN")),
        line("NdPr metal, China", "t", b.run("metal:ndpr", "CHN"), seen("process", "metal:ndpr", "CHN")),
        line("Rough magnets, China", "t", b.run("sinter", "CHN"), seen("process", "sinter", "CHN")),
        line("Rough magnets, Japan", "t", b.run("sinter", "JPN"), seen("process", "sinter", "JPN"),
             "Japan's magnets are an estimate carried on from 2020; the NdPr metal and oxide that trade shows arriving there feed less than that."),
        line("China's share of mining", "share", b.mined("CHN") / b.mined(), share("mine")),
        line("China's share of NdPr separation", "share", b.made("oxide:ndpr", "CHN") / ndpr, share("separation")),
        line("China's share of magnets", "share", b.run("sinter", "CHN") / b.run("sinter"), share("magnet")),
        line("US imports of magnets from China", "t", b.traded("magnet", "USA", "CHN"), seen("trade", "magnet", "CHN", "USA")),
        line("US exports of concentrate to China", "t REO", b.traded("concentrate:bastnaesite", "CHN", "USA"), seen("trade", "concentrate:bastnaesite", "USA", "CHN")),
        line("US imports of compounds, all origins", "t REO", oxide_imports, b.base.row(_mcs_compounds(b.base))),
        line("China's share of US imports of compounds", "share", b.traded("oxides", "USA", "CHN") / oxide_imports, source("CHN"),
             "The published share is the mean of 2021 to 2024 and holds metals and alloys too; by weight the trade table has 64 to 78 % from China in those years, 78 % in 2024."),
        line("Malaysia's share of US imports of compounds", "share", b.traded("oxides", "USA", "MYS") / oxide_imports, source("MYS"),
             "The mean of 2021 to 2024 against 2024 alone: by weight the trade table has 15 % in 2022, 13 % in 2023 and 8 % in 2024."),
    ]  # fmt: skip
    return found + price_lines(b)


def price_lines(b: Base) -> list[Line]:
    """Prices that a rule derives, beside a published price of the same form."""
    quotes = {
        (row["commodity"], row["content"]): row
        for row in b.base.rows("prices", item="price", year=2024)
        if row["unit"] == "USD_per_t" and row["value"] is not None and row["confidence"] == "estimated"
    }
    unit = [
        row
        for row in b.base.rows("prices", item="unit_value", country="USA", stage="mine")
        if row["value"] is not None
    ][-1]
    ionic = next(
        row
        for row in b.base.rows("prices", commodity="rare_earths", content="REO", unit="CNY_per_t")
        if row["value"]
    )
    found = []
    for form, key in (
        ("metal:ndpr", ("ndpr", "metal")),
        ("metal:dy", ("dy", "metal")),
        ("metal:tb", ("tb", "metal")),
    ):
        if key in quotes:
            row = quotes[key]
            found.append(
                Line(
                    f"Price of {form}", "USD/kg", b.prices[form].value / 1000, row["value"] / 1000, row["id"]
                )
            )
    found.append(
        Line("Price of bastnaesite concentrate", "USD/kg REO", b.prices["concentrate:bastnaesite"].value / 1000,
             unit["value"] / 1000, unit["id"],
             "The published value is of 2025 (4.71; 5.78 in 2024 by its note) and of one mine under a long contract; the rule pays 70 % of contents.")
    )  # fmt: skip
    found.append(
        Line("Price of ionic-clay feed", "USD/kg REO", b.prices["concentrate:ionic"].value / 1000,
             ionic["value"] / 1000 / 7.1358 / 1.13, ionic["id"],
             "A Chinese quotation of May 2025 with tax, turned into dollars at the parity of July 2024 and freed of 13 % tax; another year.")
    )  # fmt: skip
    return found


def _mcs_compounds(base: FactBase) -> str:
    rows = [
        row["id"] for row in base.rows("figures", commodity="rare_earths", country="USA", year=2024)
        if row["detail"] == "Imports: Compounds"
    ]  # fmt: skip
    return str(rows[0])


def page(b: Base, prepared: Prepared) -> str:
    """The whole page."""
    table = lines(b)
    unexplained = [line for line in table if abs(line.deviation) > TOLERANCE and not line.why]
    if unexplained:
        named = "; ".join(f"{line.what} {line.deviation:+.0%}" for line in unexplained)
        raise SystemExit(f"deviations above {TOLERANCE:.0%} without an explanation: {named}")
    head = [
        "<!-- Written by tools/build_plausibility.py (make docs); edit the source, not this page. -->", "",
        f"# Is the base year plausible? {b.year.year} beside published values", "",
        "The model's figures are the reconciled base year of the case `central-asia`; each published figure is a row of the",
        "fact base (`ytterby trace ROW` shows its source). Deviations above 10 % are explained below the table.", "",
        "| figure | unit | model | published | deviation | row |", "|---|---|---:|---:|---:|---|",
    ]  # fmt: skip
    notes: list[str] = []
    for line in table:
        mark = ""
        if abs(line.deviation) > TOLERANCE:
            notes.append(f"{len(notes) + 1}. **{line.what}** ({line.deviation:+.0%}). {line.why}")
            mark = f" ({len(notes)})"
        head.append(
            f"| {line.what}{mark} | {line.unit} | {number(line.model)} | {number(line.published)} | {line.deviation:+.0%} | `{line.row}` |"
        )
    return "\n".join([*head, "", *notes, "", *_rules(prepared), "", *_corrections(prepared), ""])


def _rules(prepared: Prepared) -> list[str]:
    rows = [
        "## What the rules made of the trade rows",
        "",
        "| rule | kept | rows | t |",
        "|---|---|---:|---:|",
    ]
    rows += [
        f"| {row['rule']} | {'yes' if row['kept'] else 'no'} | {row['rows']} | {number(row['tonnes'])} |"
        for row in reading_report(prepared.gathered)
    ]
    return rows


def _corrections(prepared: Prepared) -> list[str]:
    rows = [
        "## The largest corrections", "",
        "How far balancing moved a figure away from its evidence, the twenty largest in tonnes.", "",
        "| figure | evidence, t | balanced, t | standard errors |", "|---|---:|---:|---:|",
    ]  # fmt: skip
    return rows + [
        f"| {c.label} | {number(c.prior)} | {number(c.value)} | {c.in_errors:+.1f} |"
        for c in prepared.base_year.corrections[:20]
    ]


def main() -> None:
    """Write the page, or compare it."""
    base = load()
    prepared = prepare(load_case(CASE), base)
    text = page(Base(prepared, base), prepared)
    if "--check" in sys.argv[1:]:
        if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text:
            raise SystemExit(f"{PAGE.relative_to(ROOT)} is stale: run make docs")
        return
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

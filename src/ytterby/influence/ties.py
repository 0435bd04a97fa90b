# SPDX-License-Identifier: Apache-2.0
"""What the ties say about a pair and a year: trade, debt, remittances, arms, investment, aid, and shares of them.

Trade is that of `trading`; embassies, accords and deliveries of arms are those of `formal`. A flow is divided by the output
of its year, or of the nearest within reach. Aid that no row gives is at most all aid. Bounds of trade that
no row gives (`trade_listed`, `trade_left`, `trade_share_left`) serve the index alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ytterby.facts import FactBase
from ytterby.influence.book import Book, checked
from ytterby.influence.figures import BOUND, DERIVED, MISSING, Figure, Key, reported
from ytterby.influence.formal import UNITS as FORMAL
from ytterby.influence.formal import Formal
from ytterby.influence.intervals import Interval
from ytterby.influence.trading import LISTS, Trade
from ytterby.influence.wholes import WORLD, Output, Reach, at_most_all, share_of_all

Row = Mapping[str, Any]
REMITTANCES_TOTAL, AID_TOTAL, OUTPUT = "remittances total", "aid total", "output"
AID_YEARS, AID_MARGIN = "influence.aid_years", "influence.aid_margin"
LEVELS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "debt": (("debt owed",), "USD"),
    "remittances": (("remittances",), "USD"),
    "investment_stock": (("FDI stock",), "USD"),
    "investment_inflow": (("FDI inflow gross", "FDI flow"), "USD"),
    "aid": (("aid",), "USD"),
    "debt_share": (("debt share of external public debt",), "fraction"),
    "remittances_share": (("remittances share",), "fraction"),
    "arms_share": (("arms imports share",), "fraction"),
    "investment_share": (("share of foreign investment and loans",), "fraction"),
}
INDICATORS = (
    "trade", "trade_share", "exports_share", "imports_share", "trade_to_output", "debt", "debt_share",
    "debt_to_output", "remittances", "remittances_share", "remittances_to_output", "arms_share", "investment_stock",
    "investment_inflow", "investment_share", "aid", "aid_to_output", "aid_share", *FORMAL,
)  # fmt: skip
OUTPUT_OF = {
    "trade_to_output": "trade", "debt_to_output": "debt", "remittances_to_output": "remittances",
    "aid_to_output": "aid", "trade_listed_to_output": "trade_listed", "trade_left_to_output": "trade_left",
}  # fmt: skip


@dataclass(frozen=True)
class Ties:
    """The ties of a fact base; `reach` is by how many years a flow and the output it is divided by may differ."""

    rows: tuple[Row, ...]
    members: Mapping[str, tuple[str, ...]]
    outputs: Mapping[str, Output]
    reach: float
    formal: Formal = field(default_factory=Formal)
    aid: Reach = field(default_factory=lambda: Reach(0.0, 1.0))

    @staticmethod
    def of(base: FactBase, reach: float) -> Ties:
        """The ties as the fact base knows them.

        Raises
        ------
        FactError : rows with a figure that their measure can't have
        """
        outputs = {
            row["country"]: Output(row["gdp_usd"], int(str(row["as_of"])[:4]), row["id"])
            for row in base.rows("country_profile")
            if row["gdp_usd"] and row["as_of"]
        }
        members = {row["id"]: row["members"] or () for row in base.rows("countries")}
        years, margin = (base.rows("parameters", name=name)[0] for name in (AID_YEARS, AID_MARGIN))
        aid = Reach(years["value"], margin["value"], (years["id"], margin["id"]))
        return Ties(checked(base.rows("ties")), members, outputs, reach, Formal.of(base), aid)

    @cached_property
    def _known(self) -> dict[tuple[str, str, int, str], Figure]:
        """Figures that were asked for before."""
        return {}

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries with ties."""
        return tuple(sorted({row["country"] for row in self.rows}))

    @property
    def powers(self) -> tuple[str, ...]:
        """Partners that a tie names, without the world."""
        return tuple(sorted({row["power"] for row in self.rows} - {WORLD}))

    @property
    def places(self) -> tuple[str, ...]:
        """Who can be a power: states and groups with members, and whoever a tie names but the world."""
        return tuple(
            sorted({*self.powers} | self.formal.states | {name for name, own in self.members.items() if own})
        )

    def years(self, countries: Sequence[str] | None = None) -> tuple[int, ...]:
        """Years with any tie of these countries, or of all."""
        return tuple(
            sorted({row["year"] for row in self.rows if countries is None or row["country"] in countries})
        )

    def figure(self, country: str, power: str, year: int, indicator: str) -> Figure:
        """One indicator of a pair and a year."""
        at = (country, power, year, indicator)
        if at not in self._known:
            self._known[at] = self._figure(*at)
        return self._known[at]

    def newest(self, country: str, power: str, indicator: str) -> Figure:
        """The newest figure of an indicator with both bounds; the missing one of the newest year where there is none."""
        found = [self.figure(country, power, year, indicator) for year in reversed(self.years([country]))]
        return next((figure for figure in found if figure.interval is not None), found[0])

    @cached_property
    def _book(self) -> Book:
        return Book(self.rows)

    @cached_property
    def trade(self) -> Trade:
        """The trade of these ties."""
        return Trade(self._book, self.members)

    def _figure(self, country: str, power: str, year: int, indicator: str) -> Figure:
        at, trade = (country, power, year), self.trade
        own_way = {
            "trade": trade.turnover, "trade_listed": trade.turnover_listed, "trade_left": trade.turnover_left,
            "trade_share": trade.share, "trade_share_left": trade.share_left, "aid_share": self._aid_share,
        }  # fmt: skip
        if indicator in own_way:
            return own_way[indicator](*at)
        if indicator in FORMAL:
            return self.formal.figure(*at, indicator)
        if indicator in OUTPUT_OF:
            return self._to_output(*at, indicator)
        if indicator in LISTS:
            return trade.listed(*at, indicator)
        names, unit = LEVELS[indicator]
        return self._book.level(Key(*at, indicator, unit), names)

    def _to_output(self, country: str, power: str, year: int, indicator: str) -> Figure:
        """A flow or stock as a share of output; remittances also as their share of all times all to output."""
        key = Key(country, power, year, indicator, "fraction")
        level, output = self.figure(country, power, year, OUTPUT_OF[indicator]), self._output(country, year)
        if level.interval is not None and output is not None:
            note = f"{level.note}; output of {output.year}".lstrip("; ")
            found = key.figure(level.interval.times(1 / output.usd), DERIVED, (*level.basis, output.id), note)
            return found if level.value is not None else replace(found, state=BOUND, value=None)
        if indicator == "remittances_to_output":
            return self._part_of_remittances(key)
        if indicator == "aid_to_output" and (all_aid := self._book.wholes(country, AID_TOTAL)):
            return at_most_all(key, all_aid, self.aid)
        reason = level.note if level.state == MISSING else f"no output within {self.reach:g} years of {year}"
        return key.missing(reason)

    def _output(self, country: str, year: int) -> Output | None:
        """Output of the year, or of the nearest within reach."""
        rows = self._book.wholes(country, OUTPUT)
        known = [Output(row["value"], row["year"], row["id"]) for row in rows]
        if country in self.outputs:
            known.append(self.outputs[country])
        near = [one for one in known if abs(one.year - year) <= self.reach]
        return min(near, key=lambda one: abs(one.year - year)) if near else None

    def _part_of_remittances(self, key: Key) -> Figure:
        part = self.figure(key.country, key.power, int(key.year or 0), "remittances_share")
        whole = self._book.of(key.country, WORLD, int(key.year or 0), REMITTANCES_TOTAL)
        if part.interval is None or not whole:
            return key.missing()
        all_of_them = reported(Key(key.country, WORLD, key.year, REMITTANCES_TOTAL, "fraction"), whole)
        if all_of_them.interval is None:
            return key.missing()
        pairs = zip(part.interval, all_of_them.interval, strict=True)
        found = Interval(*(one * other for one, other in pairs))
        return key.figure(found, DERIVED, (*part.basis, *all_of_them.basis), part.note)

    def _aid_share(self, country: str, power: str, year: int) -> Figure:
        """Aid over all aid of the same year; of another within reach only bounds, by how much all aid may have changed."""
        key = Key(country, power, year, "aid_share", "fraction")
        part, wholes = (
            self.figure(country, power, year, "aid_to_output"), self._book.wholes(country, AID_TOTAL),
        )  # fmt: skip
        near = [row for row in wholes if abs(row["year"] - year) <= self.aid.years]
        if part.state in {BOUND, MISSING} or part.interval is None or not near:
            return key.missing("no aid of the pair, or no figure of all aid near the year")
        row = min(near, key=lambda one: abs(one["year"] - year))
        return share_of_all(key, part, row, self.aid)

# SPDX-License-Identifier: Apache-2.0
"""What the ties say about a pair and a year: trade, debt, remittances, arms, investment, aid, and shares of them.

A power's share of all trade is what a row says; else its turnover over the whole that other powers' turnover and share
imply (both of one source where there is such a pair, for reporters differ); else it lies between its shares of exports and
of imports, and has a value only where both have one. A power that a list of largest partners does
not name has at most what the least of the list has; unless a row says that the list says nothing about it: then at most
what the list leaves. A group of states has at least what its listed members have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ytterby.facts import FactBase
from ytterby.influence.figures import BOUND, DERIVED, MISSING, Figure, Key, reported
from ytterby.influence.intervals import Interval, hull

Row = Mapping[str, Any]
WORLD = "WLD"
TURNOVER, ALL_TRADE = "goods trade turnover", "all trade"
SHARE_OF_TRADE = "share of total trade"
LISTS = {"exports_share": "exports partner share", "imports_share": "imports partner share"}
OF_MEMBERS = " (listed members only)"
REMITTANCES_TOTAL = "remittances total"
LEVELS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "trade": ((TURNOVER,), "USD"),
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
    "investment_inflow", "investment_share", "aid", "aid_to_output",
)  # fmt: skip
OUTPUT_OF = {
    "trade_to_output": "trade", "debt_to_output": "debt", "remittances_to_output": "remittances",
    "aid_to_output": "aid",
}  # fmt: skip


@dataclass(frozen=True)
class Output:
    """Gross domestic product of a country: USD, year, and the row."""

    usd: float
    year: int
    id: str


@dataclass(frozen=True)
class Ties:
    """The ties of a fact base; `reach` is by how many years a flow and the output it is divided by may differ."""

    rows: tuple[Row, ...]
    members: Mapping[str, tuple[str, ...]]
    outputs: Mapping[str, Output]
    reach: float

    @staticmethod
    def of(base: FactBase, reach: float) -> Ties:
        """The ties as the fact base knows them."""
        outputs = {
            row["country"]: Output(row["gdp_usd"], int(str(row["as_of"])[:4]), row["id"])
            for row in base.rows("country_profile")
            if row["gdp_usd"] and row["as_of"]
        }
        members = {row["id"]: row["members"] or () for row in base.rows("countries")}
        return Ties(tuple(base.rows("ties")), members, outputs, reach)

    @cached_property
    def _index(self) -> dict[tuple[str, int], list[Row]]:
        found: dict[tuple[str, int], list[Row]] = {}
        for row in self.rows:
            found.setdefault((row["country"], row["year"]), []).append(row)
        return found

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
        """Partners of the ties, without the world."""
        return tuple(sorted({row["power"] for row in self.rows} - {WORLD}))

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

    def _figure(self, country: str, power: str, year: int, indicator: str) -> Figure:
        if indicator in OUTPUT_OF:
            return self._to_output(country, power, year, indicator)
        if indicator == "trade_share":
            return self._trade_share(country, power, year)
        if indicator in LISTS:
            return self._listed(country, power, year, indicator)
        names, unit = LEVELS[indicator]
        rows = [
            row for name in names for row in self._rows(country, power, year, name) if row["unit"] == unit
        ]
        key = Key(country, power, year, indicator, unit)
        return reported(key, rows) if rows else key.missing()

    def _rows(self, country: str, power: str, year: int, measure: str) -> list[Row]:
        """Rows of a measure, whoever reports it."""
        return [
            row
            for row in self._index.get((country, year), ())
            if row["power"] == power
            and (row["measure"] == measure or row["measure"].startswith(f"{measure} ("))
            and not row["measure"].endswith(OF_MEMBERS)
        ]

    def _to_output(self, country: str, power: str, year: int, indicator: str) -> Figure:
        """A flow or stock as a share of output; remittances also as their share of all times all to output."""
        key = Key(country, power, year, indicator, "fraction")
        level, output = self.figure(country, power, year, OUTPUT_OF[indicator]), self.outputs.get(country)
        if level.interval is not None and output and abs(output.year - year) <= self.reach:
            note = f"{level.note}; output of {output.year}".lstrip("; ")
            return key.figure(level.interval.times(1 / output.usd), DERIVED, (*level.basis, output.id), note)
        if indicator == "remittances_to_output":
            return self._part_of_remittances(key)
        reason = level.note if level.state == MISSING else f"no output within {self.reach:g} years of {year}"
        return key.missing(reason)

    def _part_of_remittances(self, key: Key) -> Figure:
        part = self.figure(key.country, key.power, int(key.year or 0), "remittances_share")
        whole = self._rows(key.country, WORLD, int(key.year or 0), REMITTANCES_TOTAL)
        if part.interval is None or not whole:
            return key.missing()
        all_of_them = reported(Key(key.country, WORLD, key.year, REMITTANCES_TOTAL, "fraction"), whole)
        if all_of_them.interval is None:
            return key.missing()
        pairs = zip(part.interval, all_of_them.interval, strict=True)
        found = Interval(*(one * other for one, other in pairs))
        return key.figure(found, DERIVED, (*part.basis, *all_of_them.basis), part.note)

    def all_trade(self, country: str, year: int) -> Figure:
        """All goods trade of a country, USD, as the turnover and the share of each power with both imply it.

        Where a source gives both of them only its turnover counts: a share in one reporter's trade says nothing about another's.
        """
        at = (country, WORLD, year, ALL_TRADE)
        if at not in self._known:
            self._known[at] = self._all_trade(Key(country, WORLD, year, "trade", "USD"))
        return self._known[at]

    def _all_trade(self, key: Key) -> Figure:
        country, year = key.country, int(key.year or 0)
        found: list[Interval] = []
        basis: list[str] = []
        for power in dict.fromkeys(row["power"] for row in self._index.get((country, year), ())):
            parts = self._rows(country, power, year, SHARE_OF_TRADE)
            sources = {row["source"] for row in parts}
            levels = [row for row in self._rows(country, power, year, TURNOVER) if row["unit"] == "USD"]
            same = [row for row in levels if row["source"] in sources]
            if not parts or not levels:
                continue
            level = reported(Key(country, power, year, "trade", "USD"), same or levels)
            part = reported(Key(country, power, year, "trade_share", "fraction"), parts)
            if level.interval and part.interval and part.interval.low > 0:
                (low, value, high), of = level.interval, part.interval
                found.append(Interval(low / of.high, value / of.value, high / of.low))
                basis += [*level.basis, *part.basis]
        if not found:
            return key.missing("no power with both turnover and share")
        return key.figure(hull(found), DERIVED, basis)

    def _trade_share(self, country: str, power: str, year: int) -> Figure:
        key = Key(country, power, year, "trade_share", "fraction")
        rows = self._rows(country, power, year, SHARE_OF_TRADE)
        if rows:
            return reported(key, rows)
        level, whole = self.figure(country, power, year, "trade"), self.all_trade(country, year)
        if level.interval and whole.interval:
            (low, value, high), of = level.interval, whole.interval
            found = Interval(low / of.high, value / of.value, min(1.0, high / of.low))
            note = "turnover over the trade that other powers' turnover and share imply"
            return key.figure(found, DERIVED, (*level.basis, *whole.basis), note)
        return self._between(key)

    def _between(self, key: Key) -> Figure:
        """Between the shares of exports and of imports, whatever the weights."""
        parts = [self._listed(key.country, key.power, int(key.year or 0), name) for name in LISTS]
        ends = [part.interval for part in parts if part.interval is not None]
        if len(ends) < len(parts):
            return key.missing("no share of all trade, and no partners of exports and imports of the year")
        note = "between the shares of exports and of imports"
        found = key.figure(hull(ends), BOUND, [id_ for part in parts for id_ in part.basis], note)
        return found if all(part.value is not None for part in parts) else replace(found, value=None)

    def _listed(self, country: str, power: str, year: int, indicator: str) -> Figure:
        """A share of exports or imports: as listed, or bounds without a value by what is listed."""
        key, measure = Key(country, power, year, indicator, "fraction"), LISTS[indicator]
        own = self._rows(country, power, year, measure)
        if any(row["value"] is not None for row in own):
            return reported(key, own)
        listed = self._list(country, year, measure)
        if not listed:
            return key.missing()
        group = self.members.get(power, ())
        others = [row for row in listed if row["power"] not in group]
        inside = [row for row in self._index[country, year] if row["measure"] == measure + OF_MEMBERS]
        left = max(0.0, 1 - sum(row["value"] for row in others))
        if group:
            known = [row for row in inside if row["power"] == power]
            low = max(
                (row["value"] for row in known),
                default=sum(r["value"] for r in listed if r["power"] in group),
            )
            found, note = Interval(low, low, max(low, left)), "its listed members at least"
        elif own:
            found, note = Interval(0.0, 0.0, left), "at most what the list leaves: " + (own[0]["note"] or "")
        else:
            least = min(row["value"] for row in listed)
            found, note = (
                Interval(0.0, 0.0, min(least, left)),
                "not among the largest partners that are listed",
            )
        basis = [row["id"] for row in (*own, *listed, *inside)]
        return replace(key.figure(found, BOUND, basis, note), value=None)

    def _list(self, country: str, year: int, measure: str) -> list[Row]:
        """The list of largest partners: the rows of one source with more than one partner."""
        by_source: dict[str, list[Row]] = {}
        for row in self._index.get((country, year), ()):
            if row["measure"] == measure and row["value"] is not None:
                by_source.setdefault(row["source"], []).append(row)
        longest = max(by_source.values(), key=len) if by_source else []
        return longest if len(longest) > 1 else []

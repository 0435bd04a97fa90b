# SPDX-License-Identifier: Apache-2.0
"""What pledges are worth: totals by group and unit, one sentence, and each pledge against the giver's means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ytterby.claims.pledges import GROUPS, Book, Line, Pledge, Total
from ytterby.claims.wording import WRITTEN
from ytterby.errors import FactError, allowed_names, quoted
from ytterby.facts import FactBase

ASSUMPTION = (
    "pledges of one class share one rate, classes are independent; 90 % interval of the expected amount"
)
LATE_RATE = "a rate that is stated, not counted"
FLOWS = ("FDI flow", "FDI inflow gross", "FDI stock", "FDI cumulative gross")
TRADE, EXPORTS = "goods trade turnover", "exports total"
WORLD = "WLD"


@dataclass(frozen=True)
class Worth:
    """Totals by group and unit, the total of each unit, a sentence for each of these, and the pledges behind them."""

    groups: tuple[Total, ...]
    totals: tuple[Total, ...]
    sentences: tuple[str, ...]
    pledges: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assessed:
    """One pledge with its expected amount and its size against the giver's means; None and `missing` where not known.

    `late` are the lines past their time: the expected amount is then less by a stated rate.
    """

    pledge: Pledge
    expected: float
    low: float
    high: float
    share_of_gdp: float | None
    yearly_over_exports: float | None
    yearly_over_trade: float | None
    over_past_investment: float | None
    missing: tuple[str, ...]
    late: tuple[str, ...]
    basis: tuple[str, ...]


def worth(
    base: FactBase, *, giver: str = "", receiver: str = "", sector: str = "", headline: str = "", by: str = ""
) -> Worth:
    """What the pledges that meet all conditions are worth.

    Parameters
    ----------
    giver, receiver : country ids that must be among those of a line
    sector : its sector
    headline : only what lies within this pledge, itself included
    by : giver, receiver, sector, or several of them separated by commas; without it each line is a group

    Raises
    ------
    FactError : an unknown country, sector, pledge or grouping, or pledges that can't be read
    """
    book = Book(base)
    _check(base, book, giver, receiver, sector, by)
    lines = [
        line
        for line in book.lines(headline=headline)
        if (not giver or giver in line.pledge.givers)
        and (not receiver or receiver in line.pledge.receivers)
        and (not sector or sector == line.pledge.sector)
    ]
    excess = (
        book.excess(book.pledges[headline])
        if headline and len(lines) == len(book.lines(headline=headline))
        else 0.0
    )
    named = [(_group(line, by), line) for line in lines]
    groups = tuple(book.total(name, part) for name, part in _parted(named))
    unit = book.pledges[headline].unit if headline else ""
    totals = tuple(
        book.total("all", part, excess if part[0].pledge.unit == unit else 0.0)
        for _, part in _parted([("all", line) for line in lines])
    )
    known = dict.fromkeys(id_ for line in lines for id_ in (*reversed(line.within), line.pledge.id))
    return Worth(groups, totals, tuple(sentence(total) for total in totals), tuple(known))


def _check(base: FactBase, book: Book, giver: str, receiver: str, sector: str, by: str) -> None:
    countries = [row["id"] for row in base.rows("countries")]
    sectors = sorted({pledge.sector for pledge in book.pledges.values()})
    for name, value, known in (
        ("giver", giver, countries), ("receiver", receiver, countries), ("sector", sector, sectors),
        *(("by", part, GROUPS) for part in by.split(",") if by),
    ):  # fmt: skip
        if (value or name == "by") and value not in known:
            raise FactError(f"--{name}", quoted(value), allowed_names(value, known), "use one of these")


def _group(line: Line, by: str) -> str:
    if not by:
        return line.id
    values = (getattr(line.pledge, GROUPS[part]) for part in by.split(","))
    return ", ".join(";".join(value) if isinstance(value, tuple) else str(value) for value in values)


def _parted(named: Iterable[tuple[str, Line]]) -> list[tuple[str, list[Line]]]:
    """Lines by name and unit, US dollars first, then the largest first."""
    parts: dict[tuple[str, str], list[Line]] = {}
    for name, line in named:
        parts.setdefault((name, line.pledge.unit), []).append(line)
    ordered = sorted(
        parts.items(),
        key=lambda item: (
            item[0][1] != "USD",
            item[0][1],
            -sum(line.announced for line in item[1]),
            item[0][0],
        ),
    )
    return [(name, lines) for (name, _), lines in ordered]


def sentence(total: Total) -> str:
    """One sentence made of the figures of a total."""
    text = f"Of {amount(total.announced)} {unit_in_words(total.unit)} announced, {_are(total.committed)} committed"
    text += f", {amount(total.expected)} ({amount(total.low)} to {amount(total.high)}) can be expected"
    text += f", and {_are(total.realised)} known to be realised"
    if total.realised_unknown == total.lines:
        text += " (nothing is told of it)"
    elif total.realised_unknown:
        text += f" (nothing is told of it for {total.realised_unknown} of {total.lines} lines)"
    text += "."
    if total.excess > 0:
        text += f" The items named exceed what they lie within by {amount(total.excess)} {unit_in_words(total.unit)}."
    if total.inferred:
        text += f" Counted within by inference: {', '.join(total.inferred)}."
    if total.late:
        text += f" Past their time, and expected less by {LATE_RATE}: {', '.join(total.late)}."
    if total.taken_whole:
        text += f" Delivered, and taken as realised in full, as no row tells how much: {', '.join(total.taken_whole)}."
    return text


def _are(value: float) -> str:
    """An amount with its verb."""
    told = amount(value)
    return f"{told} {'is' if told == '1' else 'are'}"


def unit_in_words(unit: str) -> str:
    """The unit of a total for people: a currency by its code, what is counted or measured as it is."""
    measured, of, noun = unit.partition(" ")
    return f"{WRITTEN.get(measured, measured.replace('_per_', ' a '))}{' of ' if of else ''}{noun}"


def amount(value: float) -> str:
    """An amount in words: three significant digits, in trillions, billions or millions where large."""
    for size, word in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")):
        if abs(value) >= size:
            return (
                f"{value / size:.3g}{word}"
                if abs(value) < 1000 * size
                else f"{value / size:,.0f}{word}".replace(",", " ")
            )
    if 0 < abs(value) < 0.1:
        return "under 0.1"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}".replace(",", " ")


def assess(base: FactBase, *names: str) -> tuple[Assessed, ...]:
    """Pledges with an amount, records left out: the amount to expect, and its size against the giver's means.

    Parameters
    ----------
    names : ids of the pledges that are asked for; without any, all

    Raises
    ------
    FactError : pledges that can't be read
    """
    book = Book(base)
    return tuple(
        _assessed(base, book, pledge)
        for pledge in book.pledges.values()
        if pledge.announced is not None
        and book.classes[pledge.pledge_class]["kind"] != "record"
        and (not names or pledge.id in names)
    )


def _assessed(base: FactBase, book: Book, pledge: Pledge) -> Assessed:
    total = book.total(pledge.id, book.lines(headline=pledge.id))
    means = _Means(base, pledge)
    figures = (
        means.share_of_gdp(), means.yearly_over_exports(), means.yearly_over_trade(), means.over_past_investment()
    )  # fmt: skip
    basis = tuple(dict.fromkeys((*total.basis, *means.basis)))
    return Assessed(
        pledge, total.expected, total.low, total.high, *figures, tuple(means.missing), total.late, basis
    )


class _Means:
    """The giver's means as rows tell them; notes what is missing and what was used."""

    def __init__(self, base: FactBase, pledge: Pledge) -> None:
        self.base, self.pledge = base, pledge
        self.missing: list[str] = []
        self.basis: list[str] = []
        self.amount = pledge.announced if pledge.unit == "USD" else None
        if self.amount is None:
            self.missing.append(f"a value in USD: the pledge is in {pledge.unit}")

    def share_of_gdp(self) -> float | None:
        """Announced amount over the GDP of the givers together."""
        if self.amount is None:
            return None
        rows = [row for who in self.pledge.givers for row in self.base.rows("country_profile", country=who)]
        known = [row for row in rows if row["gdp_usd"]]
        lacking = [who for who in self.pledge.givers if who not in {row["country"] for row in known}]
        if lacking:
            self.missing.append(f"GDP of {', '.join(lacking)}")
            return None
        self.basis += [row["id"] for row in known]
        return self.amount / float(sum(row["gdp_usd"] for row in known))

    def yearly_over_exports(self) -> float | None:
        """Yearly need up to the horizon over what the giver exports to the whole world in a year."""
        lone = len(self.pledge.givers) == 1
        rows = (
            self.base.rows("ties", country=self.pledge.givers[0], power=WORLD, measure=EXPORTS)
            if lone
            else ()
        )
        return self._yearly_over(_newest(rows), "exports of the giver")

    def yearly_over_trade(self) -> float | None:
        """Yearly need up to the horizon over the newest yearly trade of the pair."""
        return self._yearly_over(self._newest((TRADE,)), "trade of the pair")

    def _yearly_over(self, row: Mapping[str, Any] | None, what: str) -> float | None:
        if self.amount is None:
            return None
        first, last = int(self.pledge.date[:4]), self.pledge.horizon_year
        if last is None or last <= first:
            self._miss("a horizon")
            return None
        if row is None:
            self._miss(what)
            return None
        self.basis.append(row["id"])
        return self.amount / (last - first) / float(row["value"])

    def _miss(self, what: str) -> None:
        if what not in self.missing:
            self.missing.append(what)

    def over_past_investment(self) -> float | None:
        """Announced amount over the newest recorded investment of the giver in the receiver, flows before stocks."""
        if self.amount is None:
            return None
        for measure in FLOWS:
            row = self._newest((measure,), both=False)
            if row is not None:
                self.basis.append(row["id"])
                return self.amount / float(row["value"])
        self.missing.append("investment of the giver in the receiver")
        return None

    def _newest(self, measures: Sequence[str], *, both: bool = True) -> Mapping[str, Any] | None:
        if len(self.pledge.givers) != 1 or len(self.pledge.receivers) != 1:
            return None
        giver, receiver = self.pledge.givers[0], self.pledge.receivers[0]
        pairs = {(receiver, giver), *([(giver, receiver)] if both else [])}
        rows = [
            row
            for row in self.base.rows("ties")
            if row["measure"] in measures
            and row["unit"] == "USD"
            and row["value"]
            and (row["country"], row["power"]) in pairs
        ]
        return _newest(rows)


def _newest(rows: Iterable[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    return max(rows, key=lambda row: (row["year"], row["id"]), default=None)

# SPDX-License-Identifier: Apache-2.0
"""What a row of the trade statistics holds of a mineral, read by the share and content of its HS code.

Named rules keep rows out, with the reason, or give them tonnes with a range. They do not correct quantities, and they
know no single row and no single mineral: what they look at are unit values and the figures of relation `hs_codes`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytterby.supply.prices import Price
from ytterby.supply.trade_rows import Excluded, Reading, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ytterby.facts import FactBase
    from ytterby.supply.parameters import Parameters

MAIN, ROLES = "main", ("main", "complementary")
ENDS = ("_low", "", "_high")
MATTERS = 0.01
CONTENT, BY_VALUE = "hs-content", "content-by-unit-value"
NO_QUANTITY, OUTLIER, UNREADABLE = "no-quantity", "implausible-unit-value", "unreadable-code"


@dataclass(frozen=True)
class RuleReport:
    """What a rule did with the rows of one HS code: rows, gross t, and its shares of the code's t and value [1]."""

    code: str
    rule: str
    kept: bool
    rows: int
    tonnes: float
    tonnes_share: float
    value_share: float


@dataclass(frozen=True)
class CodeRows:
    """The trade of one HS code, read as one mineral.

    `code` is the row of relation hs_codes; `kept` are the trade rows behind `readings`.
    """

    code: Row
    kept: tuple[Row, ...] = field(repr=False)
    readings: tuple[Reading, ...] = field(repr=False)
    excluded: tuple[Excluded, ...] = field(repr=False)
    report: tuple[RuleReport, ...] = field(repr=False)


def codes_of(base: FactBase) -> dict[str, list[Row]]:
    """Commodity -> the rows of relation hs_codes that its trade is read from, main codes first."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(base.rows("hs_codes"), key=lambda row: row["role"] != MAIN):
        if row["role"] in ROLES and None not in {row[f"content{end}"] for end in ENDS}:
            found[row["commodity"]].append(row)
    return found


def read_code(rows: Iterable[Row], code: Row, parameters: Parameters) -> CodeRows:
    """Read the trade rows of a code in one year.

    Parameters
    ----------
    rows : id, code, exporter, importer, value_kusd, quantity_t (t gross or None); those of other codes are passed over
    code : share and content of the mineral, each with its range

    Notes
    -----
    Rules in their order:

    `no-quantity` : nothing is filled in.
    `implausible-unit-value` : dearer than a tonne of the richest content, or cheaper than one of the poorest, could be
        at a stated multiple of the quantity-weighted median.
    `unreadable-code` : the rules above keep out most of the value, so the median does not tell what is traded.
    `content-by-unit-value` : where the range of content is wide, a row as much dearer than the mean holds as much more.
    `hs-content` : everything else holds the code's content.
    """
    some = [row for row in rows if row["code"] == code["code"]]
    counted = [row for row in some if row["quantity_t"]]
    bounds = _bounds(counted, code, parameters["trade.unit_value_factor"])
    out = [found for found in (_out(row, *bounds) for row in some) if found is not None]
    kept = _without(some, out)
    lost = 1 - _total(kept, "value_kusd") / (_total(some, "value_kusd") or 1.0)
    if lost > parameters["trade.lost_value_share"]:
        reason = f"{lost:.0%} of the code's value has no quantity or an implausible unit value"
        out += [_excluded(row, UNREADABLE, reason) for row in kept]
        kept = []
    wide = code["content_high"] > parameters["content.by_unit_value_ratio"] * code["content_low"]
    readings = tuple(_by_value(row, code, kept) if wide else _by_content(row, code) for row in kept)
    rules = {found.row: found.rule for found in out} | {reading.row: reading.rule for reading in readings}
    return CodeRows(code, tuple(kept), readings, tuple(out), tuple(_report(code["code"], some, rules)))


def weighted_median(rows: Iterable[Row]) -> float:
    """The unit value in USD/kg up to which half of the quantity is traded; 0 where nothing is."""
    values = sorted((row["value_kusd"] / row["quantity_t"], row["quantity_t"]) for row in rows)
    half, passed = sum(quantity for _, quantity in values) / 2, 0.0
    for value, quantity in values:
        passed += quantity
        if passed >= half:
            return float(value)
    return 0.0


def _bounds(rows: Sequence[Row], code: Row, factor: float) -> tuple[float, float]:
    """Least and greatest plausible unit value, USD/kg."""
    middle = weighted_median(rows) / code["content"]
    return middle * code["content_low"] / factor, middle * code["content_high"] * factor


def _out(row: Row, least: float, greatest: float) -> Excluded | None:
    if not row["quantity_t"]:
        return _excluded(row, NO_QUANTITY, "no quantity is published; nothing is filled in")
    unit_value = row["value_kusd"] / row["quantity_t"]
    if least <= unit_value <= greatest:
        return None
    return _excluded(row, OUTLIER, f"{unit_value:.4g} USD/kg is outside {least:.4g} to {greatest:.4g} USD/kg")


def _excluded(row: Row, rule: str, reason: str) -> Excluded:
    return Excluded(
        row["id"], row["exporter"], row["importer"], row["quantity_t"], row["value_kusd"], rule, reason
    )


def _without(rows: Iterable[Row], out: Iterable[Excluded]) -> list[Row]:
    left_out = {found.row for found in out}
    return [row for row in rows if row["id"] not in left_out]


def _total(rows: Iterable[Row], column: str) -> float:
    return sum(float(row[column] or 0.0) for row in rows)


def _by_content(row: Row, code: Row) -> Reading:
    low, middle, high = (
        float(row["quantity_t"] * code[f"share{end}"] * code[f"content{end}"]) for end in ENDS
    )
    return Reading(row["id"], row["exporter"], row["importer"], code["commodity"], middle, low, high, CONTENT)


def _by_value(row: Row, code: Row, kept: Sequence[Row]) -> Reading:
    mean = _total(kept, "value_kusd") / _total(kept, "quantity_t")
    wanted = code["content"] * row["value_kusd"] / row["quantity_t"] / mean
    content = min(max(wanted, code["content_low"]), code["content_high"])
    low, middle, high = (float(row["quantity_t"] * code[f"share{end}"] * content) for end in ENDS)
    return Reading(
        row["id"], row["exporter"], row["importer"], code["commodity"], middle, low, high, BY_VALUE
    )


def mean_unit_value(main: Sequence[CodeRows]) -> Price:
    """Base price by the rule `mean-unit-value-of-main-code`, USD/t: value of the kept rows over what they contain.

    Its range is that of the content; its rows are the codes and the large flows.
    """
    value = 0.0
    tonnes = dict.fromkeys(ENDS, 0.0)
    kept: list[Row] = []
    for one in main:
        kept += one.kept
        value += 1000 * one.code["share"] * _total(one.kept, "value_kusd")
        for end in ENDS:
            gross = one.code["share"] * _total(one.kept, "quantity_t")
            tonnes[end] += gross * one.code[f"content{end}"]
    large = MATTERS * _total(kept, "quantity_t")
    rows = [
        row["id"] for row in sorted(kept, key=lambda row: -row["quantity_t"]) if row["quantity_t"] >= large
    ]
    basis = (*(one.code["id"] for one in main if one.kept), *rows)
    low, middle, high = (value / tonnes[end] for end in reversed(ENDS))
    return Price(middle, low, high, "mean-unit-value-of-main-code", basis)


def _report(code: str, rows: Sequence[Row], rules: Mapping[str, str]) -> list[RuleReport]:
    tonnes, value = (_total(rows, column) or 1.0 for column in ("quantity_t", "value_kusd"))
    found = []
    for rule in (CONTENT, BY_VALUE, NO_QUANTITY, OUTLIER, UNREADABLE):
        some = [row for row in rows if rules[row["id"]] == rule]
        gross, worth = _total(some, "quantity_t"), _total(some, "value_kusd")
        if some:
            kept = rule in {CONTENT, BY_VALUE}
            found.append(RuleReport(code, rule, kept, len(some), gross, gross / tonnes, worth / value))
    return found

# SPDX-License-Identifier: Apache-2.0
"""Minerals whose open data know one stage: output, trade under their HS codes, and the use that both leave.

    mine (t of the production statistic), other sources -> trade -> use

Relation `hs_codes` says what share of a code is the mineral and how much of it a tonne traded holds. Use is the use of
what those codes hold: for copper the smelters' use of concentrate, not the wire mills' of metal. What goes abroad in
other forms stands in the use of the place that makes those forms. Nothing is balanced here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ytterby.chain import DEMAND, MINE, PROCESS, Activity
from ytterby.errors import ModelError, allowed_names
from ytterby.facts import choose
from ytterby.facts.choice import DEFAULT_RULE
from ytterby.supply.base_year import known_trade
from ytterby.supply.code_rows import CodeRows, RuleReport, codes_of, mean_unit_value, read_code
from ytterby.supply.evidence import Evidence, Row, read_flows, trade
from ytterby.supply.growth import ReferenceGrowth
from ytterby.supply.use import APPARENT, apparent_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ytterby.facts import Choice, FactBase
    from ytterby.supply.parameters import Parameters
    from ytterby.supply.prices import Price
    from ytterby.supply.trade_rows import Excluded, Reading

SEVERAL_STAGES = "rare_earths"
OTHER_SOURCES, USE = "other sources", "use"
NEGLIGIBLE = 1e-6
KNOWN_YEARS = 5


@dataclass(frozen=True)
class OneStage:
    """The evidence of one mineral's base year; `prices` maps its form, which is the commodity id, to its base price."""

    commodity: str
    evidence: Evidence
    activities: tuple[Activity, ...] = field(repr=False)
    prices: Mapping[str, Price]
    read: tuple[RuleReport, ...] = field(repr=False)
    notes: tuple[str, ...] = field(repr=False)

    @property
    def price_values(self) -> dict[str, float]:
        """Form -> USD/t."""
        return {form: price.value for form, price in self.prices.items()}

    @property
    def excluded(self) -> tuple[Excluded, ...]:
        """Trade rows that were kept out, with their reasons."""
        return self.evidence.excluded

    def at(self, parameters: Parameters) -> OneStage:
        """The same evidence read with other parameters for all that comes after the base year."""
        return replace(self, evidence=replace(self.evidence, parameters=parameters))


def minerals_available(base: FactBase, parameters: Parameters, year: int) -> list[tuple[str, str]]:
    """Each commodity with a production statistic or an HS code, and why it has no one-stage chain ("" where it has one).

    Production and trade of the nearest earlier year stand in where those of `year` are not known.

    Raises
    ------
    ModelError : no trade of `year` or the four years before is known
    """
    codes = codes_of(base)
    mining, held = base.rows("world_mining"), base.rows("hs_codes")
    produced: dict[str, list[Row]] = defaultdict(list)
    for row in mining:
        produced[row["commodity"]].append(row)
    traded: dict[str, list[Row]] = defaultdict(list)
    for row in known_trade(base, sorted({row["code"] for row in held}), year)[1]:
        traded[row["code"]].append(row)
    found = []
    for name in sorted({row["commodity"] for row in (*mining, *held)}):
        reason = _why_not(name, produced[name], codes[name], year)
        if not reason:
            rows = [row for code in codes[name] for row in traded[code["code"]]]
            reason = _why_unread([read_code(rows, code, parameters) for code in codes[name]])
        found.append((name, reason))
    return found


def _counts(row: Row, year: int) -> bool:
    return year - KNOWN_YEARS < row["year"] <= year and (row["value"] or 0) > 0


def _why_not(commodity: str, produced: Sequence[Row], codes: Sequence[Row], year: int) -> str:
    counted = [row for row in produced if _counts(row, year)]
    if commodity == SEVERAL_STAGES:
        return "it has a chain of several stages"
    if not counted:
        return "no production by country is published for it"
    if not any(code["role"] == "main" for code in codes):
        return "no HS code of the trade table is mainly this mineral"
    if counted[0]["unit"] != "t":
        return f"production is counted in {counted[0]['unit']}, the chain in t"
    return ""


def _why_unread(read: Sequence[CodeRows]) -> str:
    main = [one for one in read if one.code["role"] == "main"]
    if any(one.kept for one in main):
        return ""
    codes = ", ".join(one.code["code"] for one in main)
    if not any(one.excluded for one in main):
        return f"the trade table has no rows under {codes}, which is no longer used"
    return f"unit values do not tell what is traded under {codes}: {main[0].excluded[-1].reason}"


def gather_one_stage(
    base: FactBase,
    parameters: Parameters,
    commodity: str,
    year: int,
    always: Sequence[str],
    rule: str = DEFAULT_RULE,
) -> OneStage:
    """Read the evidence of one mineral's base year.

    Parameters
    ----------
    base, parameters : facts and stated parameters
    commodity : its id, which names the form of the chain as well
    year : base year; the nearest earlier year stands in for production or trade that was not known, with a note
    always : countries that stand alone whatever their size
    rule : chooses among conflicting rows of production

    Raises
    ------
    ModelError : the mineral has no production or no trade that can be read, see `minerals_available`
    """
    codes = codes_of(base)
    mining = base.rows("world_mining", commodity=commodity)
    _refuse(commodity, _why_not(commodity, mining, codes[commodity], year), codes)
    produced_in, produced = _production(mining, year, rule)
    trade_year, rows = _trade(base, codes[commodity], year)
    read = [read_code(rows, code, parameters) for code in codes[commodity]]
    _refuse(commodity, _why_unread(read), codes)
    readings = tuple(reading for one in read for reading in one.readings)
    excluded = tuple(out for one in read for out in one.excluded)
    places = _places(base, produced, readings, parameters["places.coverage"], always)
    evidence = Evidence(base, parameters, year, places, readings, excluded, rule)
    return OneStage(
        commodity, evidence, _activities(evidence, commodity, produced, codes[commodity]),
        {commodity: mean_unit_value([one for one in read if one.code["role"] == "main"])},
        tuple(done for one in read for done in one.report),
        _notes(codes[commodity], produced, readings, (year, produced_in, trade_year)),
    )  # fmt: skip


def _refuse(commodity: str, reason: str, codes: Mapping[str, Sequence[Row]]) -> None:
    if reason:
        allowed = allowed_names(commodity, [name for name, some in codes.items() if some])
        raise ModelError(f"one-stage chain of {commodity}", reason, allowed, "name another mineral")


def _production(mining: Iterable[Row], year: int, rule: str) -> tuple[int, dict[str, Choice]]:
    """The newest known year of production, and its output by country."""
    rows = [row for row in mining if _counts(row, year)]
    newest = max(row["year"] for row in rows)
    by_country: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["year"] == newest:
            by_country[row["country"]].append(row)
    return newest, {country: choose(some, rule=rule) for country, some in by_country.items()}


def _trade(base: FactBase, codes: Sequence[Row], year: int) -> tuple[int, list[Row]]:
    """Trade of some codes in the latest known year up to `year`; that year is the same for all codes."""
    wanted = [code["code"] for code in codes]
    rows = base.trade(wanted, [year])
    if rows:
        return year, rows
    known, everything = known_trade(base, sorted({row["code"] for row in base.rows("hs_codes")}), year)
    return known, [row for row in everything if row["code"] in wanted]


def _places(
    base: FactBase,
    produced: Mapping[str, Choice],
    readings: Sequence[Reading],
    coverage: float,
    always: Sequence[str],
) -> frozenset[str]:
    """Countries that stand alone: the largest producers, and traders, that hold the wanted share; and those asked for."""
    traded: dict[str, float] = defaultdict(float)
    for reading in readings:
        traded[reading.exporter] += reading.tonnes
        traded[reading.importer] += reading.tonnes
    found = _largest({country: choice.value for country, choice in produced.items()}, coverage)
    found |= _largest(traded, coverage)
    alone = {row["id"] for row in base.rows("countries") if row["kind"] in {"state", "territory"}} | {"S19"}
    return frozenset((found | set(always)) & alone)


def _largest(tonnes: Mapping[str, float], coverage: float) -> set[str]:
    wanted, found = coverage * sum(tonnes.values()), set()
    for country in sorted(tonnes, key=lambda name: (-tonnes[name], name)):
        if wanted <= 0:
            break
        found.add(country)
        wanted -= tonnes[country]
    return found


def _activities(
    evidence: Evidence, commodity: str, produced: Mapping[str, Choice], codes: Sequence[Row]
) -> tuple[Activity, ...]:
    mined = _mines(evidence, commodity, produced)
    least = NEGLIGIBLE * sum(mine.prior for mine in mined)
    rows = tuple(code["id"] for code in codes)
    traded = [
        trade(*key, prior, error, (*basis, *rows))
        for key, (prior, error, basis) in read_flows(evidence, lambda _: least).items()
    ]
    return (*mined, *traded, *_left(evidence, commodity, mined, traded))


def _mines(evidence: Evidence, commodity: str, produced: Mapping[str, Choice]) -> list[Activity]:
    total: dict[str, tuple[float, float, tuple[str, ...]]] = {}
    for country, choice in produced.items():
        place = evidence.place(country)
        prior, variance, basis = total.get(place, (0.0, 0.0, ()))
        variance += evidence.error(choice) ** 2
        total[place] = (prior + choice.value, variance, (*basis, *choice.basis))
    return [
        Activity(MINE, MINE, place, commodity, ((place, commodity, 1.0),), "", prior, variance**0.5, basis)
        for place, (prior, variance, basis) in total.items()
    ]


def _left(
    evidence: Evidence, form: str, mined: Iterable[Activity], traded: Iterable[Activity]
) -> list[Activity]:
    """What production and trade leave in each place: its use, or other sources of what it sells beyond them.

    Other sources are scrap, stocks, and what arrives in forms under other codes. They are assumed where net exports are
    more than twice the output, which no error of content explains.
    """
    output = {mine.place: mine.prior for mine in mined}
    left: dict[str, float] = defaultdict(float, output)
    size: dict[str, float] = defaultdict(float, output)
    for activity in traded:
        for place, _, coefficient in activity.terms:
            left[place] += coefficient * activity.prior
            size[place] += activity.prior
    share, basis = evidence.parameters["error.apparent_use"], evidence.parameters.basis(*APPARENT)
    found = []
    for place, tonnes in left.items():
        error = apparent_error(evidence, tonnes, size[place])
        use = ((place, form, -1.0),)
        found.append(Activity(DEMAND, USE, place, form, use, "", max(tonnes, 0.0), error, basis))
        if -tonnes > output.get(place, 0.0):
            source = ((place, form, 1.0),)
            found.append(
                Activity(PROCESS, OTHER_SOURCES, place, form, source, "", -tonnes, -share * tonnes, basis)
            )
    return found


def _notes(
    codes: Sequence[Row],
    produced: Mapping[str, Choice],
    readings: Sequence[Reading],
    years: tuple[int, int, int],
) -> tuple[str, ...]:
    year, produced_in, traded_in = years
    share = sum(r.tonnes for r in readings) / sum(choice.value for choice in produced.values())
    found = [f"trade under its codes is {share:.0%} of production, both in t of the production statistic"]
    found += [
        f"{what} of {known} stands in for {year}, which was not known yet"
        for what, known in (("production", produced_in), ("trade", traded_in)) if known != year
    ]  # fmt: skip
    return (*found, *(f"{code['code']} ({code['form']}): {code['note']}" for code in codes if code["note"]))


def steady_growth(parameters: Parameters, year: int) -> ReferenceGrowth:
    """Use and capacity grow at the stated yearly rates; no published path is followed."""
    rates = (parameters["growth.other_uses"], parameters["growth.other_capacity"])
    return ReferenceGrowth(year, {}, rates[0], {}, rates[1])

# SPDX-License-Identifier: Apache-2.0
"""Gathering: the evidence of a rare-earth base year, read from the fact base as of its date.

Where the trade of the base year was not known yet on that date, the latest known year stands in for it; the result
says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ytterby.errors import ModelError
from ytterby.facts import FactBase
from ytterby.facts.choice import DEFAULT_RULE
from ytterby.supply import trade_rows
from ytterby.supply.evidence import REST, Evidence, Row
from ytterby.supply.magnets import recipe
from ytterby.supply.mine_and_separate import mine_output, separators
from ytterby.supply.ores import ELEMENTS, GROUPS, Composition, classes_of, composition, elements_of, names
from ytterby.supply.parameters import Parameters
from ytterby.supply.prices import Price, base_prices, metal_price, mischmetal_price, oxide_prices
from ytterby.supply.trade_rows import Excluded, Reading

CODES = ("280530", "284610", "284690")


@dataclass(frozen=True)
class Gathered:
    """The evidence of a base year with prices, ores and the notes that its reading calls for."""

    evidence: Evidence
    prices: Mapping[str, Price]
    ores: Mapping[str, Composition]
    trade_year: int
    notes: tuple[str, ...]

    def at(self, parameters: Parameters) -> Gathered:
        """The same evidence read with other parameters for all that comes after the base year."""
        return replace(self, evidence=replace(self.evidence, parameters=parameters))

    @property
    def price_values(self) -> dict[str, float]:
        """Form -> USD/t."""
        return {form: price.value for form, price in self.prices.items()}


def gather(
    base: FactBase, parameters: Parameters, year: int, always: Sequence[str], rule: str = DEFAULT_RULE
) -> Gathered:
    """Read the evidence of a base year.

    Parameters
    ----------
    base : facts
    parameters : the model's stated parameters
    year : base year
    always : countries that stand alone whatever their size (importer, supplier, region of a case)
    rule : chooses among conflicting rows of mine output and observations

    Raises
    ------
    ModelError : there is no trade for the year or any before it
    """
    ores = {name: composition(base, name) for name in names(base)}
    element_mix, group_mix = world_mix(base, year)
    oxides = oxide_prices(base, year, element_mix)
    trade_year, rows = known_trade(base, CODES, year)
    reading = _reading_rules(base, parameters, year, group_mix, oxides)
    read = [trade_rows.read_row(row, reading) for row in rows]
    readings = tuple(r for result in read if not isinstance(result, Excluded) for r in result)
    excluded = tuple(result for result in read if isinstance(result, Excluded))
    places = _places(base, parameters, year, always, rows, excluded)
    evidence = Evidence(base, parameters, year, places, readings, excluded, rule)
    prices = base_prices(base, parameters, year, ores, element_mix, _scrap_oxides(evidence))
    notes = (
        [] if trade_year == year else [f"trade of {trade_year} stands in for {year}, which was not known yet"]
    )
    notes += _price_notes(base, prices, year)
    return Gathered(evidence, prices, ores, trade_year, tuple(notes))


def _price_notes(base: FactBase, prices: Mapping[str, Price], year: int) -> list[str]:
    """Which forms are priced by another year, or by a stand-in, because the base year's price is not known."""
    other = sorted(
        {
            f"{form} ({base.row(price.basis[0])['year']})"
            for form, price in prices.items()
            if price.rule in {"quoted", "basket", "unit-value", "price"}
            and base.row(price.basis[0])["year"] != year
        }
    )
    unknown = sorted(form for form, price in prices.items() if price.rule.startswith("no-price-known"))
    notes = (
        [f"prices of another year stand in where {year} was not known: {', '.join(other)}"] if other else []
    )
    return notes + ([f"no price is known for {', '.join(unknown)}; yttrium's stands in"] if unknown else [])


def world_mix(base: FactBase, year: int) -> tuple[dict[str, float], dict[str, float]]:
    """Shares of the elements, and of the groups, in the world's mine output of a year (each sums to 1)."""
    classes = classes_of(base)
    total: dict[str, float] = defaultdict(float)
    for country, choice in mine_output(base, year).items():
        for ore_class, share, _ in classes.get(country, classes[REST]):
            for element, part in elements_of(base, ore_class).items():
                total[element] += choice.value * share * part
    whole = sum(total.values())
    if whole <= 0:
        raise ModelError(
            f"mine output of {year}",
            "none is known",
            "output of at least one country",
            "take another base year or date",
        )
    elements = {element: total[element] / whole for element in ELEMENTS}
    return elements, {group: sum(elements[e] for e in members) for group, members in GROUPS.items()}


def known_trade(base: FactBase, codes: Sequence[str], year: int) -> tuple[int, list[Row]]:
    """Trade of some codes in a year, or in the latest year before it that is known, and that year.

    Raises
    ------
    ModelError : none is known of that year or the four before
    """
    for candidate in range(year, year - 5, -1):
        rows = base.trade(codes, [candidate])
        if rows:
            return candidate, rows
    named = ", ".join(codes) if len(codes) < 5 else f"{len(codes)} codes"
    what = f"no trade of {named} in {year} or the four years before"
    raise ModelError("trade", what, "a known year", "widen as_of")


def _reading_rules(
    base: FactBase, parameters: Parameters, year: int, mix: Mapping[str, float], oxides: Mapping[str, Price]
) -> trade_rows.Evidence:
    usd_per_kg = {group: price.value / 1000 for group, price in oxides.items()}
    usd_per_kg["ndpr_metal"] = metal_price(base, "ndpr", oxides["ndpr"]).value / 1000
    usd_per_kg["mischmetal"] = mischmetal_price(base, parameters, year, oxides["lace"]).value / 1000
    content = {
        "concentrate": parameters.range("content.concentrate"),
        "ionic": parameters.range("content.ionic_product"),
        "compounds": parameters.range("content.compounds"),
        "oxide": parameters.range("content.oxide"),
        "metal": parameters.range("content.metal"),
    }
    ores = {country: tuple(k for k, _, _ in classes) for country, classes in classes_of(base).items()}
    return trade_rows.Evidence(ores, frozenset(separators(base, year)), usd_per_kg, mix, content)


def _places(
    base: FactBase,
    parameters: Parameters,
    year: int,
    always: Sequence[str],
    rows: Sequence[Row],
    excluded: Sequence[Excluded],
) -> frozenset[str]:
    """Countries that stand alone: with mines, plants, observations, enough trade, or wanted by the case."""
    out = {row.row for row in excluded}
    traded: dict[str, float] = defaultdict(float)
    for row in rows:
        if row["id"] not in out:
            traded[row["exporter"]] += row["quantity_t"]
            traded[row["importer"]] += row["quantity_t"]
    found = {country for country, tonnes in traded.items() if tonnes >= parameters["places.threshold"]}
    found |= {country for country, choice in mine_output(base, year).items() if choice.value >= 1}
    found |= {row["country"] for row in base.rows("plants", status="operating")}
    for row in base.rows("observations", year=year):
        found |= {row["place"], row["partner"]} - {None}
    states = {row["id"] for row in base.rows("countries") if row["kind"] in {"state", "territory"}}
    return frozenset((found | set(always)) & (states | {"S19"}))


def _scrap_oxides(evidence: Evidence) -> dict[str, float]:
    """T of oxide that recycling gets out of a tonne of magnet scrap, by group."""
    inputs, _ = recipe(evidence)
    rate = evidence.parameters["recovery.scrap"]
    return {
        group: rate
        * t
        / (evidence.parameters[f"metal_per_oxide.{group}"] if group in {"ndpr", "dy", "tb"} else 1.0)
        for group, t in inputs.items()
    }


def reading_report(gathered: Gathered) -> tuple[Row, ...]:
    """What the rules did: per rule the rows, the tonnes that came out, and for the rows kept out their reasons."""
    kept: dict[str, list[Reading]] = defaultdict(list)
    out: dict[str, list[Excluded]] = defaultdict(list)
    for reading in gathered.evidence.readings:
        kept[reading.rule].append(reading)
    for row in gathered.evidence.excluded:
        out[row.rule].append(row)
    rows: list[Row] = [
        {
            "rule": rule,
            "kept": True,
            "rows": len({r.row for r in some}),
            "tonnes": sum(r.tonnes for r in some),
        }
        for rule, some in sorted(kept.items())
    ]
    rows += [
        {"rule": rule, "kept": False, "rows": len(some), "tonnes": sum(r.quantity_t or 0.0 for r in some)}
        for rule, some in sorted(out.items())
    ]
    return tuple(rows)

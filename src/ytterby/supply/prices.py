# SPDX-License-Identifier: Apache-2.0
"""Base prices of the rare-earth chain's forms, each by a named rule from sourced rows.

quoted          the year's price of one oxide
basket          a group of oxides at the mean of its members, weighted by the world's ore
same-day-ratio  a metal at its oxide's price times the ratio of the two on the days that have both
unit-value      a form at the published mean value of its trade
contents        concentrate or scrap at a payable share of the oxides that can be got out of it
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ytterby.errors import ModelError
from ytterby.facts import Choice, FactBase, choose
from ytterby.supply.ores import GROUPS, Composition
from ytterby.supply.parameters import Parameters

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Price:
    """A form's base price in USD/t with its range, the rule that gave it and the rows it rests on."""

    value: float
    low: float
    high: float
    rule: str
    basis: tuple[str, ...]

    def times(self, factor: float, rule: str, basis: Sequence[str] = ()) -> Price:
        """The price times a factor."""
        rows = tuple(dict.fromkeys((*self.basis, *basis)))
        return Price(self.value * factor, self.low * factor, self.high * factor, rule, rows)


def quoted(base: FactBase, commodity: str, content: str, year: int) -> Choice:
    """The price of a commodity in a year, or in the nearest year that is known.

    Raises
    ------
    ModelError : no price in USD of any year is known
    """
    found = nearest_year(
        [
            row
            for row in base.rows("prices", item="price", commodity=commodity, content=content)
            if row["country"] in {"WLD", "CHN"}
        ],
        year,
    )
    if not found:
        raise ModelError(
            f"prices.csv {commodity} {content}", "no price in USD", "a row in USD per kg", "add one"
        )
    return choose(found)


def nearest_year(rows: Iterable[Row], year: int) -> list[Row]:
    """The rows in USD/t of the year nearest to `year` (the later of two), empty where there is none."""
    priced = [row for row in rows if row["unit"] == "USD_per_t" and row["value"] is not None]
    if not priced:
        return []
    nearest = min({row["year"] for row in priced}, key=lambda known: (abs(known - year), -known))
    return [row for row in priced if row["year"] == nearest]


def oxide_prices(base: FactBase, year: int, mix: Mapping[str, float]) -> dict[str, Price]:
    """USD/t of the seven oxide groups. `mix` weighs the elements of a group (share of each element in world ore)."""
    found = {}
    for group, elements in GROUPS.items():
        if group in {"ndpr", "dy", "tb", "y"}:
            choice = quoted(base, group, "oxide", year)
            found[group] = Price(choice.value, choice.low, choice.high, "quoted", choice.basis)
            continue
        choices = {e: quoted(base, e, "oxide", year) for e in elements if _has_price(base, e)}
        if not choices:
            y = quoted(base, "y", "oxide", year)
            found[group] = Price(y.value, y.low, y.high, "no-price-known: as yttrium", y.basis)
            continue
        weight = {e: mix.get(e, 0.0) for e in choices}
        total = sum(weight.values())
        mean = [
            sum(weight[e] * getattr(c, end) for e, c in choices.items()) / total
            for end in ("value", "low", "high")
        ]
        found[group] = Price(
            mean[0], mean[1], mean[2], "basket", tuple(i for c in choices.values() for i in c.basis)
        )
    return found


def _has_price(base: FactBase, element: str) -> bool:
    return bool(nearest_year(base.rows("prices", item="price", commodity=element, content="oxide"), 0))


def mischmetal_price(base: FactBase, parameters: Parameters, year: int, lace: Price) -> Price:
    """USD/t of mischmetal: quoted, or by stoichiometry from the oxides of La and Ce where no quote is known."""
    rows = nearest_year(base.rows("prices", item="price", commodity="mischmetal", content="metal"), year)
    if not rows:
        return lace.times(1 / parameters["metal_per_oxide.lace"], "stoichiometry")
    choice = choose(rows)
    return Price(choice.value, choice.low, choice.high, "quoted", choice.basis)


def metal_price(base: FactBase, metal: str, oxide: Price) -> Price:
    """USD/t of a metal: its oxide's price times the ratio on the days that quote both in one currency and country."""
    ratios, rows = [], []
    metals = base.rows("prices", item="price", commodity=metal, content="metal")
    oxides = base.rows("prices", item="price", commodity=metal, content="oxide")
    for one in metals:
        for other in oxides:
            same = all(one[k] == other[k] for k in ("date", "unit", "country")) and one["date"] is not None
            if same and one["value"] and other["value"]:
                ratios.append(one["value"] / other["value"])
                rows += [one["id"], other["id"]]
    if not ratios:
        raise ModelError(
            f"prices.csv {metal}", "no day with both metal and oxide", "a pair of quotes", "add a pair"
        )
    mean = sum(ratios) / len(ratios)
    spread = Price(
        oxide.value * mean, oxide.low * min(ratios), oxide.high * max(ratios), "same-day-ratio", ()
    )
    return spread.times(1.0, "same-day-ratio", (*rows, *oxide.basis))


def magnet_price(base: FactBase, year: int) -> Price:
    """USD/t of finished magnets: the mean value of China's magnet exports that year, else the nearest mean price."""
    for item in ("unit_value", "price"):
        rows = base.rows("prices", item=item, commodity="ndfeb", content="magnet")
        found = nearest_year([row for row in rows if abs(row["year"] - year) <= 1], year)
        if found:
            choice = choose(found)
            return Price(choice.value, choice.low, choice.high, item.replace("_", "-"), choice.basis)
    raise ModelError("prices.csv ndfeb", f"no mean value near {year}", "a row in USD per kg", "add it")


def contents_price(
    shares: Mapping[str, float], recovered: float, payable: float, oxides: Mapping[str, Price]
) -> Price:
    """USD/t of a concentrate: a payable share of the oxides that separation gets out of it."""
    value = [
        payable * recovered * sum(share * getattr(oxides[g], end) for g, share in shares.items())
        for end in ("value", "low", "high")
    ]
    return Price(
        value[0],
        value[1],
        value[2],
        "contents",
        tuple(dict.fromkeys(i for g in shares for i in oxides[g].basis)),
    )


def base_prices(
    base: FactBase,
    parameters: Parameters,
    year: int,
    ores: Mapping[str, Composition],
    element_mix: Mapping[str, float],
    scrap_oxides: Mapping[str, float],
) -> dict[str, Price]:
    """USD/t of every form of the chain.

    Parameters
    ----------
    ores : ore class -> composition
    element_mix : share of each element in the world's ore
    scrap_oxides : t of oxide that recycling gets out of a tonne of scrap, by group
    """
    oxides = oxide_prices(base, year, element_mix)
    found = {f"oxide:{group}": price for group, price in oxides.items()}
    for metal in ("ndpr", "dy", "tb"):
        found[f"metal:{metal}"] = metal_price(base, metal, oxides[metal])
    found["magnet"] = magnet_price(base, year)
    rate = parameters["recovery.cracking"] * parameters["recovery.extraction"]
    payable = parameters["price.payable_share"]
    for name, ore in ores.items():
        found[f"concentrate:{name}"] = contents_price(ore.shares, rate, payable, oxides)
    found["scrap"] = contents_price(scrap_oxides, 1.0, parameters["price.scrap_payable"], oxides)
    return found

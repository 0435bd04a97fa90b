# SPDX-License-Identifier: Apache-2.0
"""What a row of the rare-earth trade statistics is made of: its form and its content of rare-earth oxide (REO).

An HS basket is not a commodity. Named rules look at the code, the unit value and the known mines and separation
plants at both ends, and either keep a row out with the reason or give it forms with a range. They do not correct
quantities, and they know no single row: the reasons are unit values and plants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
METALS, CERIUM, OTHER_COMPOUNDS = "280530", "284610", "284690"
OXIDES = ("ndpr", "dy", "tb", "smeugd", "lace", "y", "other")


@dataclass(frozen=True)
class Evidence:
    """What the rules may look at.

    Parameters
    ----------
    ore_classes : country -> its classes of ore, the largest first
    separators : countries with a separation plant at work
    prices : USD/kg: the seven oxide groups, "mischmetal" and "ndpr_metal"
    mix : share of each oxide group in the world's separated output, sums to 1
    content : (low, mid, high) t REO per t gross of "concentrate", "ionic", "compounds", "oxide", "metal"
    """

    ore_classes: Mapping[str, Sequence[str]]
    separators: frozenset[str]
    prices: Mapping[str, float]
    mix: Mapping[str, float]
    content: Mapping[str, tuple[float, float, float]]


@dataclass(frozen=True)
class Reading:
    """One form that a trade row is read as, in t (REO; metals in t metal), and the rule that says so."""

    row: str
    exporter: str
    importer: str
    form: str
    tonnes: float
    low: float
    high: float
    rule: str


@dataclass(frozen=True)
class Excluded:
    """A row that is kept out, and why."""

    row: str
    exporter: str
    importer: str
    quantity_t: float | None
    value_kusd: float
    rule: str
    reason: str


def read_row(row: Row, evidence: Evidence) -> tuple[Reading, ...] | Excluded:
    """Read one trade row: its forms in t, or the reason why it is kept out.

    Parameters
    ----------
    row : id, code, exporter, importer, value_kusd (thousand USD), quantity_t (t gross, None where missing)
    evidence : plants, prices and contents that the rules look at

    Notes
    -----
    Rules in their order: `no-quantity`, `implausible-unit-value`, `concentrate-as-metal`, `metal-split`,
    `ionic-product`, `mixed-compounds`, `cerium-compounds`, `specialty`, `unit-value-split`.
    """
    quantity, value = row["quantity_t"], row["value_kusd"]
    if quantity is None or quantity <= 0:
        return _out(row, "no-quantity", "no quantity is published; nothing is filled in")
    unit_value = value / quantity
    floor = 0.1 * evidence.prices["lace"]
    if unit_value < floor:
        reason = f"{unit_value:.3f} USD/kg is below a tenth of the cheapest oxide ({floor:.2f} USD/kg)"
        return _out(row, "implausible-unit-value", reason)
    if row["code"] == METALS:
        return _metal(row, unit_value, evidence)
    feed = _feed(row, unit_value, evidence)
    if feed is not None:
        return (feed,)
    if row["code"] == CERIUM:
        return (_reading(row, "oxide:lace", 1.0, evidence.content["compounds"], "cerium-compounds"),)
    return _compounds(row, unit_value, evidence)


def _feed(row: Row, unit_value: float, evidence: Evidence) -> Reading | None:
    """Compounds from a country that mines but does not separate to one that separates: feed, not product."""
    classes = evidence.ore_classes.get(row["exporter"], ())
    if not classes or row["exporter"] in evidence.separators or row["importer"] not in evidence.separators:
        return None
    ionic = classes[0] == "ionic"
    rule, content = ("ionic-product", "ionic") if ionic else ("mixed-compounds", "compounds")
    basket = sum(evidence.mix[group] * evidence.prices[group] for group in OXIDES)
    if unit_value / evidence.content[content][1] > 3 * basket:
        return None
    return _reading(row, f"concentrate:{classes[0]}", 1.0, evidence.content[content], rule)


def _metal(row: Row, unit_value: float, evidence: Evidence) -> tuple[Reading, ...]:
    mischmetal, ndpr = evidence.prices["mischmetal"], evidence.prices["ndpr_metal"]
    classes = evidence.ore_classes.get(row["exporter"], ())
    at_home = row["exporter"] in evidence.separators
    if unit_value < mischmetal and classes and not at_home and row["importer"] in evidence.separators:
        form = f"concentrate:{classes[0]}"
        return (_reading(row, form, 1.0, evidence.content["concentrate"], "concentrate-as-metal"),)
    share = min(max((unit_value - mischmetal) / (ndpr - mischmetal), 0.0), 1.0)
    readings = []
    if share > 0:
        readings.append(_reading(row, "metal:ndpr", share, (1.0, 1.0, 1.0), "metal-split"))
    if share < 1:
        readings.append(_reading(row, "oxide:lace", 1 - share, evidence.content["metal"], "metal-split"))
    return tuple(readings)


def _compounds(row: Row, unit_value: float, evidence: Evidence) -> tuple[Reading, ...]:
    basket = sum(evidence.mix[group] * evidence.prices[group] for group in OXIDES)
    content = evidence.content["oxide" if unit_value > basket else "compounds"]
    per_reo = unit_value / content[1]
    if per_reo > evidence.prices["tb"]:
        return (_reading(row, "oxide:other", 1.0, content, "specialty"),)
    shares = split_at(per_reo, evidence.mix, evidence.prices)
    return tuple(
        _reading(row, f"oxide:{group}", share, content, "unit-value-split") for group, share in shares.items()
    )


def split_at(unit_value: float, mix: Mapping[str, float], prices: Mapping[str, float]) -> dict[str, float]:
    """Shares of the oxide groups in a basket of a given unit value.

    Between four baskets of rising value (cheap oxides alone, the world's mix, NdPr alone, Dy and Tb in the ratio of the
    mix) the row is a mixture of the two neighbours whose mean price is the unit value; below the first and above the
    last it is that basket.

    Parameters
    ----------
    unit_value : USD per kg REO
    mix, prices : group -> share [1], group -> USD/kg
    """
    heavy = mix["dy"] + mix["tb"]
    baskets = [{"lace": 1.0}, dict(mix), {"ndpr": 1.0}, {"dy": mix["dy"] / heavy, "tb": mix["tb"] / heavy}]
    values = [sum(share * prices[group] for group, share in basket.items()) for basket in baskets]
    if unit_value <= values[0]:
        return baskets[0]
    for cheap, dear, low, high in zip(baskets, baskets[1:], values, values[1:], strict=False):
        if unit_value <= high:
            part = (unit_value - low) / (high - low)
            groups = dict.fromkeys((*cheap, *dear))
            return {g: (1 - part) * cheap.get(g, 0.0) + part * dear.get(g, 0.0) for g in groups}
    return baskets[-1]


def _reading(row: Row, form: str, share: float, content: tuple[float, float, float], rule: str) -> Reading:
    low, mid, high = (row["quantity_t"] * share * factor for factor in content)
    return Reading(row["id"], row["exporter"], row["importer"], form, mid, low, high, rule)


def _out(row: Row, rule: str, reason: str) -> Excluded:
    return Excluded(
        row["id"], row["exporter"], row["importer"], row["quantity_t"], row["value_kusd"], rule, reason
    )

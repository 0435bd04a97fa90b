# SPDX-License-Identifier: Apache-2.0
"""Closure of trade: the world's total against the sum over partners, and what hangs on residual places.

Residual places (Other Asia, former unions ...) are counted, never redistributed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ytterby.errors import FactError
from ytterby.facts.base import FactBase
from ytterby.facts.trade import ask, trade_connection

RESIDUAL_KINDS = ("residual", "group")

_TOTALS = "SELECT coalesce(sum(value_kusd), 0), count(*) FROM flows WHERE code = $1 AND year = $2"
_PLACES = """
    SELECT exporter, importer, sum(value_kusd) FROM flows
    WHERE code = $1 AND year = $2 GROUP BY exporter, importer
"""


@dataclass(frozen=True, slots=True)
class TradeClosure:
    """Totals of one code and year, in 1000 USD.

    Parameters
    ----------
    code, year, flows : what was summed, and the number of rows
    world_kusd : sum of the file's rows
    partners_kusd : sum over all pairs of countries
    residual : share of the world's total with a residual place or group at either end, by country id
    unmapped : the same for numeric places without a country, by their code
    """

    code: str
    year: int
    flows: int
    world_kusd: float
    partners_kusd: float
    residual: Mapping[str, float]
    unmapped: Mapping[str, float]

    @property
    def gap(self) -> float:
        """Share of the world's total that no pair of countries accounts for."""
        return (self.world_kusd - self.partners_kusd) / self.world_kusd


def trade_closure(base: FactBase, code: str, year: int) -> TradeClosure:
    """Compare the world's total of `code` in `year` with the sum over partners.

    Raises
    ------
    FactError : no trade of that code and year is known, or the file cannot be read
    """
    connection = trade_connection(base.trade_file, base.trade_places, base.last_trade_year)
    world, flows = ask(connection, _TOTALS, [code, year])[0]
    if not world:
        remedy = "ask for a code and a year that the file holds"
        raise FactError("trade", f"no flow of code {code} in {year}", "a code and year of the file", remedy)
    pairs = ask(connection, _PLACES, [code, year])
    places = base.trade_places
    kinds = {row["id"]: row["kind"] for row in base.tables["countries"]}
    residual: dict[str, float] = {}
    unmapped: dict[str, float] = {}
    for exporter, importer, value in pairs:
        for place in {exporter, importer}:
            if place not in places:
                unmapped[str(place)] = unmapped.get(str(place), 0.0) + value / world
            elif kinds[places[place]] in RESIDUAL_KINDS:
                residual[places[place]] = residual.get(places[place], 0.0) + value / world
    mapped = sum(value for exporter, importer, value in pairs if exporter in places and importer in places)
    return TradeClosure(
        code, year, flows, world, mapped, dict(sorted(residual.items())), dict(sorted(unmapped.items()))
    )

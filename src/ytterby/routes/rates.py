# SPDX-License-Identifier: Apache-2.0
"""Rates of the transport network: unit costs and parameters by mode and use, as intervals with their rows.

Rows of one mode, use, country and direction are readings of one figure: the fact base's rule chooses one, the others
become its range. A single row has the standard error of its confidence as its range (rule confidence-error).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ytterby.errors import RouteError
from ytterby.facts import FactBase, Row, choose
from ytterby.routes.intervals import Interval

KINDS = {"sea_container": "sea"}  # the routes know one kind of ship
Key = tuple[str, str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Rate:
    """A figure with its range and the rows that it rests on."""

    interval: Interval
    basis: tuple[str, ...]


@dataclass(frozen=True)
class Rates:
    """All rates of a fact base.

    Parameters
    ----------
    found : rate by (mode, use, country or None, direction or None)
    parameters : rate by name of the parameter
    """

    found: Mapping[Key, Rate]
    parameters: Mapping[str, Rate]

    @staticmethod
    def of(base: FactBase) -> Rates:
        """Read the relations `unit_costs` and `parameters`."""
        parameters = {
            str(row["name"]): _ranged([row], {})
            for row in base.rows("parameters")
            if row["value"] is not None
        }
        groups: dict[Key, list[Row]] = defaultdict(list)
        for row in base.rows("unit_costs"):
            if row["use"] is not None:
                mode = str(KINDS.get(row["mode"], row["mode"]))
                groups[mode, row["use"], row["country"], row["direction"]].append(row)
        return Rates({key: _ranged(rows, parameters) for key, rows in groups.items()}, parameters)

    def at(self, mode: str, use: str) -> Rate:
        """The rate of a mode anywhere.

        Raises
        ------
        RouteError : the fact base has no such row
        """
        rate = self.found.get((mode, use, None, None))
        if rate is None:
            known = ", ".join(sorted({other[1] for other in self.found if other[0] == mode}))
            remedy = "add a row to unit_costs.csv, or run as of a later date"
            raise RouteError("unit_costs.csv", f"no {use} of {mode}", known, remedy)
        return rate

    def at_border(self, mode: str, use: str, leaves: str, enters: str) -> tuple[Rate, ...]:
        """What crossing from one state into another takes.

        Where a side has been measured that side counts, both when both have; else the average stands for all.
        """
        sides = [
            self.found.get((mode, use, country, way)) or self.found.get((mode, use, country, None))
            for country, way in ((leaves, "outbound"), (enters, "inbound"))
        ]
        measured = tuple(rate for rate in sides if rate is not None)
        return measured or (self.at(mode, use),)

    def parameter(self, name: str) -> Rate:
        """The parameter of that name.

        Raises
        ------
        RouteError : the fact base has no such row
        """
        if name not in self.parameters:
            raise RouteError("parameters.csv", f"no {name}", "", "add the row to parameters.csv")
        return self.parameters[name]

    def spread(self, value: float, confidence: str) -> Rate:
        """A stated figure with the standard error of its confidence as its range."""
        return _spread(value, confidence, self.parameters)


def _spread(value: float, confidence: str, parameters: Mapping[str, Rate]) -> Rate:
    error = parameters[f"error.{confidence}"]
    share = error.interval.mid
    return Rate(Interval(value * (1 - share), value, value * (1 + share)), error.basis)


def _ranged(rows: list[Row], parameters: Mapping[str, Rate]) -> Rate:
    """The chosen reading and its range."""
    chosen = choose(rows)
    low, high = chosen.low, chosen.high
    if low < high or not parameters:
        return Rate(Interval(low, chosen.value, high), chosen.basis)
    rate = _spread(chosen.value, rows[0]["confidence"], parameters)
    return Rate(rate.interval, (*chosen.basis, *rate.basis))

# SPDX-License-Identifier: Apache-2.0
"""The model's stated parameters: rows of relation `parameters`, each with its range, read at mid, low or high."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ytterby.errors import ModelError, allowed_names
from ytterby.facts import FactBase

POSITIONS = ("value", "low", "high")


@dataclass(frozen=True)
class Parameters:
    """Parameters by name.

    Parameters
    ----------
    rows : name -> row of the relation
    at : name -> "low" or "high" for those not read at their middle; a trailing "*" matches a family of names
    """

    rows: Mapping[str, Mapping[str, object]]
    at: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def of(base: FactBase, at: Mapping[str, str] | None = None) -> Parameters:
        """All parameters of a fact base.

        Raises
        ------
        ModelError : `at` names no parameter, or a position that is neither low nor high
        """
        rows = {str(row["name"]): row for row in base.rows("parameters")}
        for name, position in (at or {}).items():
            stem = name.removesuffix("*")
            if position not in POSITIONS:
                raise ModelError(f"parameter {name}", f'position "{position}"', ", ".join(POSITIONS), "")
            if not any(known == name or (name.endswith("*") and known.startswith(stem)) for known in rows):
                raise ModelError(
                    "parameters", f'"{name}"', allowed_names(name, rows), "use a name of parameters.csv"
                )
        return Parameters(rows, dict(at or {}))

    def __getitem__(self, name: str) -> float:
        """The parameter's figure at its position."""
        row = self._row(name)
        figure = row[self._position(name)]
        if not isinstance(figure, int | float):
            raise ModelError(
                f"parameters.csv {row['id']}", f"no {self._position(name)}", "a number", "state it"
            )
        return float(figure)

    def years(self, name: str) -> float:
        """A duration in years."""
        row = self._row(name)
        if row["unit"] != "calendar_year":
            raise ModelError(
                f"parameters.csv {row['id']}", f"unit {row['unit']}", "calendar_year", "state it in years"
            )
        return self[name]

    def range(self, name: str) -> tuple[float, float, float]:
        """(low, mid, high) of the parameter; the middle at its position."""
        row = self._row(name)
        low, high = row["low"], row["high"]
        middle = self[name]
        return (
            float(low) if isinstance(low, int | float) else middle,
            middle,
            float(high) if isinstance(high, int | float) else middle,
        )

    def basis(self, *names: str) -> tuple[str, ...]:
        """Row ids of the named parameters."""
        return tuple(str(self._row(name)["id"]) for name in names)

    def _row(self, name: str) -> Mapping[str, object]:
        if name not in self.rows:
            raise ModelError(
                "parameters", f'"{name}"', allowed_names(name, self.rows), "add the row to parameters.csv"
            )
        return self.rows[name]

    def _position(self, name: str) -> str:
        if name in self.at:
            return self.at[name]
        families = [stem for stem in self.at if stem.endswith("*") and name.startswith(stem[:-1])]
        return self.at[max(families, key=len)] if families else "value"

# SPDX-License-Identifier: Apache-2.0
"""Ores: classes of rare-earth deposits, what each is made of, and what separation gets out of it.

The composition of a class is the mean over its reference deposits, each rescaled to sum to one (one published table
sums to 102.3 %). Only tables that give the single elements serve as reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ytterby.errors import ModelError
from ytterby.facts import FactBase

GROUPS: Mapping[str, tuple[str, ...]] = {
    "ndpr": ("nd", "pr"), "dy": ("dy",), "tb": ("tb",), "smeugd": ("sm", "eu", "gd"), "lace": ("la", "ce"),
    "y": ("y",), "other": ("ho", "er", "tm", "yb", "lu"),
}  # fmt: skip
ELEMENTS = ("la", "ce", "pr", "nd", "sm", "eu", "gd", "tb", "dy", "ho", "er", "tm", "yb", "lu", "y")


@dataclass(frozen=True)
class Composition:
    """Shares of the seven groups in t per t REO, with the range over the reference deposits and the rows read."""

    shares: Mapping[str, float]
    low: Mapping[str, float]
    high: Mapping[str, float]
    basis: tuple[str, ...]


def composition(base: FactBase, ore_class: str) -> Composition:
    """What ore of a class is made of.

    Raises
    ------
    ModelError : the class is unknown or a reference deposit has no usable table
    """
    rows = base.rows("ore_classes", ore_class=ore_class)
    deposits = list(dict.fromkeys(d for row in rows for d in row["deposits"]))
    if not deposits:
        raise ModelError(
            "ore_classes.csv", f'class "{ore_class}"', "a class with reference deposits", "add one"
        )
    tables = [_elements(base, deposit) for deposit in deposits]
    grouped = [{g: sum(table[e] for e in elements) for g, elements in GROUPS.items()} for table, _ in tables]
    mean = {g: sum(table[g] for table in grouped) / len(grouped) for g in GROUPS}
    return Composition(
        mean,
        {g: min(table[g] for table in grouped) for g in GROUPS},
        {g: max(table[g] for table in grouped) for g in GROUPS},
        tuple(i for _, basis in tables for i in basis),
    )


def _elements(base: FactBase, deposit: str) -> tuple[dict[str, float], tuple[str, ...]]:
    """A deposit's element shares, rescaled to sum to one."""
    rows = [row for row in base.rows("composition", table=deposit) if row["value"] is not None]
    detail = {row["element"]: float(row["value"]) for row in rows if row["element"] in ELEMENTS}
    if not detail:
        raise ModelError("composition.csv", f"no element of {deposit}", ", ".join(ELEMENTS), "add its table")
    total = sum(detail.values())
    shares = {element: detail.get(element, 0.0) / total for element in ELEMENTS}
    return shares, tuple(row["id"] for row in rows)


def elements_of(base: FactBase, ore_class: str) -> dict[str, float]:
    """Mean share of each element in ore of a class, over the class's reference deposits."""
    rows = base.rows("ore_classes", ore_class=ore_class)
    deposits = list(dict.fromkeys(d for row in rows for d in row["deposits"]))
    tables = [_elements(base, deposit)[0] for deposit in deposits]
    return {element: sum(table[element] for table in tables) / len(tables) for element in ELEMENTS}


def reo_per_content(base: FactBase, row: Mapping[str, Any]) -> tuple[float, tuple[str, ...]]:
    """T REO per t of what a deposit row counts, and the rows it rests on.

    Rows in elements are converted with the composition of the country's leading ore class and the atomic weights; all
    other rows count oxides or do not say, and stay as published.
    """
    if row["content"] != "element":
        return 1.0, ()
    classes = classes_of(base)
    ore_class = classes.get(row["country"], classes["ROW"])[0][0]
    factors = {
        conversion["to_form"]: conversion
        for conversion in base.rows("conversions", process="stoichiometric oxide to metal", measure="factor")
    }
    used = {element: factors[f"{element.capitalize()} metal"] for element in ELEMENTS}
    metal = sum(share * used[element]["value"] for element, share in elements_of(base, ore_class).items())
    return 1 / metal, tuple(conversion["id"] for conversion in used.values())


def classes_of(base: FactBase) -> dict[str, list[tuple[str, float, str]]]:
    """Country -> its ore classes as (class, share of its mine output, row id), the largest first."""
    found: dict[str, list[tuple[str, float, str]]] = {}
    for row in base.rows("ore_classes"):
        found.setdefault(row["country"], []).append((row["ore_class"], float(row["share"]), row["id"]))
    return {country: sorted(classes, key=lambda c: -c[1]) for country, classes in found.items()}


def names(base: FactBase) -> Iterable[str]:
    """All ore classes."""
    return dict.fromkeys(row["ore_class"] for row in base.rows("ore_classes"))

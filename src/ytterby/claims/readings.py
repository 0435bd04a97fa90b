# SPDX-License-Identifier: Apache-2.0
"""Readings of a measure: every row of the fact base that gives the figure a statement speaks of, side by side.

Nothing is summed but what the measure says: planned outputs of the projects of one owner, trade over the states of a group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ytterby.claims.evidence import WORLD, confirmed, expanded
from ytterby.claims.verdict import Row
from ytterby.claims.wording import goods_name, names
from ytterby.facts import FactBase
from ytterby.supply.ores import reo_per_content

TURNOVER = "goods trade turnover"


@dataclass(frozen=True)
class Side:
    """One side of a claim: what is counted, of whom, and where."""

    measure: str
    countries: tuple[str, ...]
    commodities: tuple[str, ...] = ()
    place: str | None = None
    part: str | None = None
    stage: str | None = None
    resource_class: str | None = None
    content: str | None = None
    year: int | None = None
    partners: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """One reading: a figure in the measure's canonical unit, the rows it rests on, the class of a tonnage."""

    value: float
    basis: tuple[str, ...]
    resource_class: str | None = None
    country: str = ""


def subject_side(statement: Row, base: FactBase) -> Side:
    """What a statement says of its subjects."""
    return Side(
        statement["measure"], expanded(base, statement["subjects"]), tuple(statement["commodities"] or ()),
        statement["place"], statement["part"], statement["stage"], statement["resource_class"], statement["content"],
        statement["horizon_year"], expanded(base, statement["partners"] or statement["objects"]),
    )  # fmt: skip


def object_side(statement: Row, base: FactBase) -> Side:
    """What a statement says of its objects; a deposit belongs to the subjects."""
    return Side(
        statement["object_measure"] or statement["measure"], expanded(base, statement["objects"]),
        tuple(statement["commodities"] or ()), None, None, statement["stage"], statement["object_class"],
        statement["content"], statement["horizon_year"], expanded(base, statement["partners"]),
    )  # fmt: skip


def counted_as(theirs: Iterable[str], side: Side, base: FactBase) -> Side:
    """The side in the content that the other side's rows all have: elements are not set against oxides."""
    contents = {base.row(row).get("content") for row in theirs}
    return replace(side, content="REO") if contents == {"REO"} else side


def told(base: FactBase, side: Side) -> str:
    """A side for people: of whom, what, of which goods and stage."""
    goods, what = goods_of(base, side), whose(base, side)
    return f"{what} ({goods})" if goods and goods not in what else what


def whose(base: FactBase, side: Side) -> str:
    """Of whom and what, without the goods."""
    partners = names(base, side.partners) if side.partners else "anyone"
    return (
        f"{names(base, side.countries)}, {MEASURES[side.measure].label.format(partners)}{_where(base, side)}"
    )


def _where(base: FactBase, side: Side) -> str:
    """At which deposit, or part of one."""
    named = [row["name"] for row in base.rows("deposits", place=side.place)] if side.place else []
    where = side.part or (str(named[0]).partition(" (")[0] if named else side.place)
    return f" at {where}" if where else ""


def goods_of(base: FactBase, side: Side) -> str:
    """The goods of a side, and the stage."""
    goods = [goods_name(base, code) for code in side.commodities]
    return ", ".join([*goods, *([side.stage] if side.stage else [])])


def readings(base: FactBase, side: Side) -> tuple[Reading, ...]:
    """All readings of a side, the largest first; none where the fact base holds none or does not know the measure."""
    measure = MEASURES.get(side.measure)
    return tuple(sorted(measure.find(base, side), key=lambda reading: -reading.value)) if measure else ()


def _deposits(base: FactBase, side: Side) -> Iterable[Reading]:
    rows = confirmed(
        row
        for row in _of_side(base.rows("deposits"), side, "contained_t")
        if side.place in {None, row["place"]} and side.part in {None, row["part"]}
    )
    for row in rows:
        factor, conversions = reo_per_content(base, row) if side.content == "REO" else (1.0, ())
        yield Reading(
            float(row["contained_t"]) * factor,
            (row["id"], *conversions),
            row["resource_class"],
            row["country"],
        )


def _reserves(base: FactBase, side: Side) -> Iterable[Reading]:
    """Reserves in every edition that gives a figure."""
    rows = confirmed(
        row
        for row in _of_side(base.rows("reserves"), side)
        if row["resource_class"] == (side.resource_class or "reserve")
    )
    return (Reading(row["value"], (row["id"],), row["resource_class"], row["country"]) for row in _best(rows))


def _best(rows: Iterable[Row]) -> list[Row]:
    """Official rows where a country has them."""
    by_country: dict[str, list[Row]] = {}
    for row in rows:
        by_country.setdefault(row["country"], []).append(row)
    return [
        row
        for group in by_country.values()
        for row in ([r for r in group if r["confidence"] == "official"] or group)
    ]


def _output(base: FactBase, side: Side) -> Iterable[Reading]:
    rows = confirmed(_newest(_outputs(base, side), side))
    return (Reading(row["value"], (row["id"],), None, row["country"]) for row in rows)


def _outputs(base: FactBase, side: Side) -> list[Row]:
    """Whole years of output of whole countries at the side's stage, else of mines."""
    return [
        row
        for row in _of_side(base.rows("production", measure="output", stage=side.stage or "mine"), side)
        if not row["part"] and not row["period"] and row["year"] is not None
    ]


def _planned(base: FactBase, side: Side) -> Iterable[Reading]:
    """Planned yearly outputs, added over the projects that one source gives for one owner."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in base.rows("minerals", kind="project", per_year=True):
        fits = row["country"] in side.countries and any(_of(c, side) for c in row["commodities"])
        if fits and row["value"] is not None and row["content"] == "contained":
            groups.setdefault((row["source"], row["owner"] or ""), []).append(row)
    for rows in groups.values():
        yield Reading(sum(row["value"] for row in rows), tuple(row["id"] for row in rows))


def _stage_shares(base: FactBase, side: Side) -> Iterable[Reading]:
    """Published shares of a stage; and output over that of the world in the same publication and year."""
    published = base.rows("stage_shares", measure="stage_share")
    shares = _of_side((row for row in published if row["stage"] == side.stage), side)
    rows = confirmed(_newest([row for row in shares if not row["projection"]], side))
    yield from (Reading(row["value"], (row["id"],), None, row["country"]) for row in rows)
    if rows or side.stage is None:
        return
    world = {
        (row["commodity"], row["year"], row["source"]): row
        for row in _outputs(base, replace(side, countries=(WORLD,)))
        if row["value"] > 0
    }
    for row in _newest(_outputs(base, side), side):
        whole = world.get((row["commodity"], row["year"], row["source"]))
        if whole is not None:
            yield Reading(row["value"] / whole["value"], (row["id"], whole["id"]), None, row["country"])


def _import_share(base: FactBase, side: Side) -> Iterable[Reading]:
    """Shares of the partners in the imports of the countries."""
    rows = [
        row
        for row in base.rows("stage_shares", measure="import_source")
        if row["importer"] in side.countries
        and (not side.partners or row["country"] in side.partners)
        and row["value"] is not None
        and _of(row["commodity"], side)
    ]
    return (
        Reading(row["value"], (row["id"],), None, row["importer"]) for row in confirmed(_newest(rows, side))
    )


def _ties(base: FactBase, side: Side, words: tuple[str, ...]) -> list[Row]:
    """Ties of the countries with the partners, of the newest year not after the side's."""
    rows = [
        row
        for row in base.rows("ties")
        if row["value"] is not None
        and row["country"] in side.countries
        and (not side.partners or row["power"] in side.partners)
        and row["measure"].startswith(words)
    ]
    return _newest(rows, side)


def _export_share(base: FactBase, side: Side) -> Iterable[Reading]:
    wanted = tuple(f"{commodity} share of exports" for commodity in side.commodities)
    return (Reading(row["value"], (row["id"],), None, row["country"]) for row in _ties(base, side, wanted))


def _mineral_exports(base: FactBase, side: Side) -> Iterable[Reading]:
    rows = _ties(base, side, ("critical mineral exports",))
    return (Reading(row["value"], (row["id"],), None, row["country"]) for row in rows)


def _gdp(base: FactBase, side: Side) -> Iterable[Reading]:
    return (
        Reading(row["gdp_usd"], (row["id"],), None, row["country"])
        for row in base.rows("country_profile")
        if row["country"] in side.countries and row["gdp_usd"] is not None
    )


def turnovers(base: FactBase, power: str, state: str) -> tuple[Reading, ...]:
    """Readings of the goods trade of a state with a power in USD: the newest year of each series."""
    series: dict[str, Row] = {}
    for row in base.rows("ties", country=state, power=power):
        newer = row["measure"] not in series or row["year"] > series[row["measure"]]["year"]
        dollars = row["unit"] == "USD" and row["value"] is not None
        if row["measure"].startswith(TURNOVER) and dollars and newer:
            series[row["measure"]] = row
    return tuple(Reading(row["value"], (row["id"],), None, state) for row in series.values())


def _of_side(rows: Iterable[Row], side: Side, column: str = "value") -> list[Row]:
    """The rows of the side's countries and commodities that give a figure in a column."""
    return [
        row
        for row in rows
        if row[column] is not None and row["country"] in side.countries and _of(row["commodity"], side)
    ]


def _newest(rows: Sequence[Row], side: Side) -> list[Row]:
    """The rows of the newest year that is not after the side's."""
    years = [row["year"] for row in rows if side.year is None or row["year"] <= side.year]
    return [row for row in rows if row["year"] == max(years)] if years else []


def _of(commodity: str, side: Side) -> bool:
    return not side.commodities or commodity in side.commodities


@dataclass(frozen=True)
class Measure:
    """A measure: how its readings are found, the units in which it is claimed, its name with a place for partners."""

    find: Callable[[FactBase, Side], Iterable[Reading]]
    units: tuple[str, ...]
    label: str


TONNES = ("t", "t_per_year")
MEASURES: Mapping[str, Measure] = {
    "deposit": Measure(_deposits, ("t",), "deposits"),
    "reserve": Measure(_reserves, ("t",), "reserves"),
    "output": Measure(_output, TONNES, "output"),
    "planned_output": Measure(_planned, TONNES, "planned output"),
    "stage_share": Measure(_stage_shares, ("fraction",), "share of the world"),
    "export_share": Measure(_export_share, ("fraction",), "share of exports to {}"),
    "import_share": Measure(_import_share, ("fraction",), "share of imports from {}"),
    "mineral_exports": Measure(_mineral_exports, ("USD",), "exports of critical minerals to {}"),
    "gdp": Measure(_gdp, ("USD",), "gross domestic product"),
}

# SPDX-License-Identifier: Apache-2.0
"""Plants and projects as columns without base flow: what comes when, how much of it, at what cost.

A plant counts when it has a capacity that the chain can read and a start after the base year. What it reaches is its
capacity times the share that its status allows, from its start plus a delay, over a ramp. Plants that cannot be read
are listed with the reason; none is dropped silently.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ytterby.chain import MINE, PROCESS, SURPLUS, TRADE, Activity, BaseYear
from ytterby.supply.base_year import Gathered
from ytterby.supply.evidence import LOSS, METALS, trade
from ytterby.supply.magnets import recipe
from ytterby.supply.market import Entry
from ytterby.supply.mine_and_separate import recovery, separation_classes, yields
from ytterby.supply.ores import classes_of
from ytterby.supply.parameters import Parameters

Row = Mapping[str, Any]
TRADED_NEW = ("concentrate:", "oxide:ndpr", "oxide:dy", "oxide:tb", "metal:", "magnet")


@dataclass(frozen=True)
class Project:
    """A plant that comes: t of activity per year at full ramp, from `start`, and the share its status allows."""

    plant: str
    place: str
    activity: Activity
    size: float
    start: float
    share: float
    committed: bool


@dataclass(frozen=True)
class Unread:
    """A plant that the chain can't read, and why."""

    plant: str
    reason: str


def read_plants(
    rows: Iterable[Row], gathered: Gathered, base_year: int
) -> tuple[tuple[Project, ...], tuple[Unread, ...]]:
    """Read plants that start after the base year.

    Parameters
    ----------
    rows : rows of relation plants, with the scenario's changes
    gathered : the evidence of the base year (ores, parameters)
    base_year : plants at work by then are part of the base year already
    """
    projects: list[Project] = []
    unread: list[Unread] = []
    listed = list(rows)
    for row in listed:
        if row["scope"] == "country" or (
            row["status"] == "operating" and (row["start_year"] or 0) <= base_year
        ):
            continue
        reason = _why_not(row)
        if reason:
            unread.append(Unread(row["id"], reason))
            continue
        projects += _project(row, listed, gathered)
    return tuple(projects), tuple(unread)


def _why_not(row: Row) -> str:
    if row["status"] == "suspended":
        return "suspended"
    if row["capacity"] is None:
        return "no capacity is published"
    if row["start_year"] is None:
        return "no start is published"
    if row["stage"] not in {"mine", "separation", "metal", "magnet"}:
        return f"stage {row['stage']} is part of the scrap loop, not of the plants"
    if row["content"] in {"ore", "concentrate", "alloy", "compounds"}:
        return f"capacity is counted in {row['content']} without a grade"
    if (
        row["stage"] in {"separation"}
        and row["commodity"] in {"dytb", "hree"}
        and row["capacity_kind"] != "whole"
    ):
        return "a heavy line of a plant whose separation is counted as a whole"
    return ""


def _project(row: Row, rows: Sequence[Row], gathered: Gathered) -> list[Project]:
    parameters = gathered.evidence.parameters
    status = row["status"]
    share = parameters[f"project.{status}"]
    delay = parameters[f"project.delay.{status}"] if status in {"construction", "planned"} else 0.0
    size = float(row["capacity"])
    if row["capacity_kind"] == "total":
        size -= sum(
            float(other["capacity"] or 0.0) for other in rows
            if other["id"] != row["id"] and other["stage"] == row["stage"] and other["country"] == row["country"]
            and str(other["owner"]).partition(" /")[0] == str(row["owner"]).partition(" /")[0]
            and other["commodity"] == row["commodity"]
        )  # fmt: skip
    found = []
    for activity, tonnes in _activities(row, size, gathered):
        start = float(row["start_year"]) + delay
        found.append(
            Project(
                row["id"],
                activity.place,
                activity,
                tonnes,
                start,
                share,
                status in {"operating", "construction"},
            )
        )
    return found


def _activities(row: Row, size: float, gathered: Gathered) -> list[tuple[Activity, float]]:
    """The activities of a plant and their t per year; capacity in NdPr is turned into feed by the ore's NdPr."""
    country, plant = row["country"], (row["id"],)
    if row["stage"] == "magnet":
        return [(magnet_activity(country, gathered, plant), size)]
    if row["stage"] == "metal":
        return [(metal_activity(country, "ndpr", gathered.evidence.parameters, plant), size)]
    classes = _classes(row, gathered)
    found = []
    for ore_class, part in classes:
        ndpr = gathered.ores[ore_class].shares["ndpr"]
        per_tonne = ndpr if row["stage"] == "mine" else ndpr * recovery(gathered.evidence.parameters)
        tonnes = part * (size / per_tonne if row["commodity"] == "ndpr" else size)
        make = mine_activity if row["stage"] == "mine" else separation_activity
        found.append((make(country, ore_class, gathered, plant), tonnes))
    return found


def _classes(row: Row, gathered: Gathered) -> list[tuple[str, float]]:
    """Ore classes of a plant: its country's ore for a mine, what the country's plants can take for separation."""
    base = gathered.evidence.base
    mined = classes_of(base)
    if row["stage"] == "mine":
        return [(k, share) for k, share, _ in mined.get(row["country"], mined["ROW"])]
    taken = separation_classes(base).get(row["country"], ("monazite",))
    return [(taken[0], 1.0)]


def mine_activity(place: str, ore_class: str, gathered: Gathered, basis: tuple[str, ...]) -> Activity:
    """A new mine."""
    del gathered
    form = f"concentrate:{ore_class}"
    return Activity(MINE, f"new {basis[0]}", place, form, ((place, form, 1.0),), basis=basis)


def separation_activity(place: str, ore_class: str, gathered: Gathered, basis: tuple[str, ...]) -> Activity:
    """A new separation plant with the yields of its ore class."""
    ore = gathered.ores[ore_class]
    got = yields(ore, recovery(gathered.evidence.parameters))
    terms = (
        (place, f"concentrate:{ore_class}", -1.0),
        *((place, f"oxide:{g}", y) for g, y in got.items() if y > 0),
    )
    return Activity(
        PROCESS,
        f"separate:{ore_class} {basis[0]}",
        place,
        f"separate:{ore_class}",
        terms,
        basis=(*basis, *ore.basis),
    )


def metal_activity(place: str, metal: str, parameters: Parameters, basis: tuple[str, ...]) -> Activity:
    """A new metal plant."""
    ratio = 1 / (parameters[f"metal_per_oxide.{metal}"] * parameters["metal.conversion"])
    terms = ((place, f"oxide:{metal}", -ratio), (place, f"metal:{metal}", 1.0))
    return Activity(PROCESS, f"metal:{metal} {basis[0]}", place, f"metal:{metal}", terms, basis=basis)


def magnet_activity(place: str, gathered: Gathered, basis: tuple[str, ...]) -> Activity:
    """A new magnet plant with the average recipe."""
    inputs, rows = recipe(gathered.evidence)
    waste = gathered.evidence.parameters["magnet.scrap_share"]
    terms = [(place, f"metal:{g}" if g in METALS else f"oxide:{g}", -t) for g, t in inputs.items()]
    terms += [(place, "magnet", 1 - waste), (place, "scrap", waste)]
    return Activity(PROCESS, f"sinter {basis[0]}", place, "sinter", tuple(terms), basis=(*basis, *rows))


def project_entries(projects: Iterable[Project], gathered: Gathered, years: Sequence[int]) -> list[Entry]:
    """Columns of the projects: capacity by year, cost over the base margin for those not committed yet."""
    parameters = gathered.evidence.parameters
    prices = gathered.price_values
    found = []
    for project in projects:
        a = project.activity
        made = sum(c * prices[form] for _, form, c in a.terms if c > 0)
        margin = sum(c * prices[form] for _, form, c in a.terms)
        reference = made if a.kind == MINE else max(margin, parameters["slope.process_value_share"] * made)
        ratio = parameters[f"project.cost_ratio.{a.kind}"]
        extra = 0.0 if project.committed else (ratio - 1) * reference
        capacity = {
            year: project.size * project.share * _ramp(year - project.start, parameters) for year in years
        }
        found.append(Entry(a, extra, project.size, capacity))
    return found


def _ramp(age: float, parameters: Parameters) -> float:
    """Share of capacity in the year that begins `age` years after the start: linear over the ramp."""
    return min(max((age + 1) / parameters.years("project.ramp"), 0.0), 1.0)


def link_entries(base: BaseYear, projects: Sequence[Project], gathered: Gathered) -> list[Entry]:
    """New trade links: from every maker of a form to every place that uses it, where the base year has none."""
    parameters, prices = gathered.evidence.parameters, gathered.price_values
    makers, users = _makers_and_users(base, projects)
    known = {(a.place, a.partner, a.form) for a in base.activities if a.kind == TRADE}
    found = []
    for (exporter, form), capacity in makers.items():
        if not form.startswith(TRADED_NEW):
            continue
        for (importer, what), use in users.items():
            if what == form and importer != exporter and (exporter, importer, form) not in known:
                scale = max(parameters["entry.scale_share"] * use, capacity)
                activity = trade(exporter, importer, form, basis=parameters.basis("entry.cost_share"))
                found.append(Entry(activity, parameters["entry.cost_share"] * prices[form], scale))
    return found


def _makers_and_users(
    base: BaseYear, projects: Sequence[Project]
) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
    """(place, form) -> t that projects add for makers (0 for those of the base year), and -> t used for users."""
    makers: dict[tuple[str, str], float] = {}
    users: dict[tuple[str, str], float] = {}
    columns = [
        *zip(base.activities, base.flows, strict=True),
        *((p.activity, p.size * p.share) for p in projects),
    ]
    fresh = {id(p.activity) for p in projects}
    for activity, flow in columns:
        if activity.kind == TRADE:
            continue
        for place, form, coefficient in activity.terms:
            if coefficient > 0:
                added = coefficient * float(flow) if id(activity) in fresh else 0.0
                makers[place, form] = makers.get((place, form), 0.0) + added
            elif activity.kind != SURPLUS:
                users[place, form] = users.get((place, form), 0.0) - coefficient * float(flow)
    return makers, users


def surplus_entries(base: BaseYear, projects: Sequence[Project], gathered: Gathered) -> list[Entry]:
    """Stockpiling of oxides and scrap that nobody uses, at a small share of their base price."""
    parameters, prices = gathered.evidence.parameters, gathered.price_values
    makers, _ = _makers_and_users(base, projects)
    world: dict[str, float] = {}
    for activity, flow in zip(base.activities, base.flows, strict=True):
        for _, form, coefficient in activity.terms:
            if activity.kind == PROCESS and coefficient > 0:
                world[form] = world.get(form, 0.0) + coefficient * float(flow)
    found = []
    for place, form in makers:
        if form == LOSS or not form.startswith(("oxide:", "scrap")):
            continue
        activity = Activity(
            SURPLUS,
            "stockpile",
            place,
            form,
            ((place, form, -1.0),),
            basis=parameters.basis("surplus.value_share"),
        )
        scale = parameters["surplus.scale_share"] * world.get(form, 1.0)
        found.append(Entry(activity, (1 - parameters["surplus.value_share"]) * prices[form], scale))
    return found

# SPDX-License-Identifier: Apache-2.0
"""Plants and projects as columns without base flow: what comes when, how much of it, at what cost.

A plant counts when it has a capacity that the chain can read and a start after the base year. What it reaches is its
capacity times the share that its status allows, from its start plus a delay, over a ramp. Plants that cannot be read
are listed with the reason; none is dropped silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from ytterby.chain import MINE, PROCESS, SAVING, SURPLUS, TRADE, Activity, BaseYear
from ytterby.supply.base_year import Gathered
from ytterby.supply.evidence import LOSS, METALS, Evidence, trade
from ytterby.supply.made import MADE, PASSED_ON, home, into_made, plain, shipped
from ytterby.supply.magnets import recipe
from ytterby.supply.market import Entry
from ytterby.supply.mine_and_separate import recovery, separation_classes, yields
from ytterby.supply.ores import classes_of
from ytterby.supply.parameters import Parameters

Row = Mapping[str, Any]
TRADED_NEW = ("concentrate:", "oxide:", "metal:", "magnet")
BY_PRODUCTS = ("oxide:smeugd", "oxide:lace", "oxide:y", "oxide:other")
LARGEST = 6
STAGES = ("mine", "separation", "metal", "magnet")
UNGRADED = ("ore", "concentrate", "alloy", "compounds")
BARE = "no capacity, or none left beside its parts"
SAVED = ("metal:dy", "metal:tb", "oxide:smeugd", "oxide:lace", "oxide:other")


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


class Priced(Protocol):
    """The evidence of a base year with its prices: of the rare earths or of another mineral."""

    @property
    def evidence(self) -> Evidence:
        """The evidence."""

    @property
    def price_values(self) -> dict[str, float]:
        """Form -> USD/t."""


@dataclass(frozen=True)
class Unread:
    """A plant that the chain can't read, and why; the plant may be one that a scenario adds."""

    plant: str
    reason: str
    country: str


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
        reason = _why_not(row) or (BARE if _size(row, listed) <= 0 else "")
        if reason:
            unread.append(Unread(row["id"], reason, row["country"]))
            continue
        projects += _project(row, listed, gathered)
    return tuple(projects), tuple(unread)


def _why_not(row: Row) -> str:
    """Why the chain can't read a plant, or nothing."""
    reasons = (
        (row["status"] == "suspended", "suspended"),
        (row["capacity"] is None, "no capacity is published"),
        (row["start_year"] is None, "no start is published"),
        (row["stage"] not in STAGES, f"stage {row['stage']} belongs to the scrap loop"),
        (row["content"] in UNGRADED, f"capacity is counted in {row['content']} without a grade"),
        (
            row["stage"] == "separation" and row["commodity"] in {"dytb", "hree"},
            "a heavy line of a plant whose separation is counted as a whole",
        ),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _size(row: Row, rows: Sequence[Row]) -> float:
    """Capacity of a plant; of a total, what is left beside the same owner's plants that are listed on their own."""
    size = float(row["capacity"])
    if row["capacity_kind"] == "total":
        size -= sum(
            float(other["capacity"] or 0.0) for other in rows
            if other["id"] != row["id"] and other["stage"] == row["stage"] and other["country"] == row["country"]
            and str(other["owner"]).partition(" /")[0] == str(row["owner"]).partition(" /")[0]
            and other["commodity"] == row["commodity"]
        )  # fmt: skip
    return size


def _project(row: Row, rows: Sequence[Row], gathered: Gathered) -> list[Project]:
    parameters = gathered.evidence.parameters
    status = row["status"]
    share = parameters[f"project.{status}"]
    delay = parameters[f"project.delay.{status}"] if status in {"construction", "planned"} else 0.0
    size = _size(row, rows)
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
    """The activities of a plant and their t per year.

    Capacity is what leaves the plant. Magnet making is counted in rough magnets, so finished ones are grossed up by the
    scrap; separation is counted in feed, so oxides are grossed up by the recovery, and NdPr alone by its share of the
    ore too, unless the capacity is published as feed.
    """
    country, plant, parameters = row["country"], (row["id"],), gathered.evidence.parameters
    if row["stage"] == "magnet":
        return [(magnet_activity(country, gathered, plant), size / (1 - parameters["magnet.scrap_share"]))]
    if row["stage"] == "metal":
        return [(metal_activity(country, "ndpr", parameters, plant), size)]
    as_is = row["stage"] == "mine" or row["capacity_kind"] == "feed"
    got = 1.0 if as_is else recovery(parameters)
    classes = _classes(row, gathered)
    found = []
    for ore_class, part in classes:
        held = gathered.ores[ore_class].shares["ndpr"] if row["commodity"] == "ndpr" else 1.0
        activity = (
            mine_activity(country, ore_class, plant)
            if row["stage"] == "mine"
            else separation_activity(country, ore_class, gathered, plant)
        )
        found.append((activity, part * size / (held * got)))
    return found


def _classes(row: Row, gathered: Gathered) -> list[tuple[str, float]]:
    """Ore classes of a plant: its own, else the country's ore for a mine, or what the country's plants take."""
    if row.get("ore_class"):
        return [(row["ore_class"], 1.0)]
    base = gathered.evidence.base
    mined = classes_of(base)
    if row["stage"] == "mine":
        return [(k, share) for k, share, _ in mined.get(row["country"], mined["ROW"])]
    return [(separation_classes(base).get(row["country"], ("monazite",))[0], 1.0)]


def mine_activity(place: str, ore_class: str, basis: tuple[str, ...]) -> Activity:
    """A new mine."""
    form = f"concentrate:{ore_class}"
    return Activity(MINE, f"mine {basis[0]}", place, form, ((place, form, 1.0),), basis=basis)


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


def idle_plants(base: BaseYear, rows: Iterable[Row], gathered: Gathered) -> tuple[Project, ...]:
    """Nameplate capacity of plants at work that the base year did not use, as projects that ramp up from the next year.

    Quotas, outputs and feeds are no capacities; country totals stay out. Capacity is taken per country, stage and ore.
    """
    nameplate: dict[tuple[str, str], float] = {}
    first: dict[tuple[str, str], tuple[Activity, tuple[str, ...]]] = {}
    for row in rows:
        at_work = row["status"] == "operating" and (row["start_year"] or 0) <= base.year
        if (
            not at_work
            or row["scope"] == "country"
            or row["capacity_kind"] != "nameplate"
            or row["capacity"] is None
        ):
            continue
        if row["stage"] not in STAGES or row["content"] in UNGRADED:
            continue
        if row["product"].startswith("mixed"):
            continue
        for activity, tonnes in _activities(row, float(row["capacity"]), gathered):
            key = (activity.place, activity.form)
            nameplate[key] = nameplate.get(key, 0.0) + tonnes
            known = first.get(key, (activity, ()))[1]
            first[key] = (activity, (*known, row["id"]))
    used = _used(base)
    spare = gathered.evidence.parameters["spare.process"]
    found = []
    for key, tonnes in nameplate.items():
        idle = tonnes - used.get(key, 0.0) * (1 + spare)
        activity, plants = first[key]
        if idle > 0:
            fresh = replace(activity, name=f"{activity.name.partition(' ')[0]} idle {key[0]}", basis=plants)
            found.append(Project("+".join(plants), key[0], fresh, idle, base.year + 1.0, 1.0, committed=True))
    return tuple(found)


def _used(base: BaseYear) -> dict[tuple[str, str], float]:
    used: dict[tuple[str, str], float] = {}
    for activity, flow in zip(base.activities, base.flows, strict=True):
        if activity.kind in {MINE, PROCESS}:
            key = (activity.place, activity.form)
            used[key] = used.get(key, 0.0) + float(flow)
    return used


def project_entries(projects: Iterable[Project], gathered: Gathered, years: Sequence[int]) -> list[Entry]:
    """Columns of the projects: capacity by year, and a marginal cost that rises a little up to full capacity.

    A plant that is built or being built runs full at the base year's margin; a planned one needs that margin times its
    cost ratio. The first tonne comes at a price lower by the slope; for plants that stand, by what is sunk.
    """
    parameters = gathered.evidence.parameters
    prices = gathered.price_values
    found = []
    for project in projects:
        a = project.activity
        made = sum(c * prices[form] for _, form, c in a.terms if c > 0)
        margin = sum(c * prices[form] for _, form, c in a.terms)
        reference = made if a.kind == MINE else max(margin, parameters["slope.process_value_share"] * made)
        ratio = 1.0 if project.committed else parameters[f"project.cost_ratio.{a.kind}"]
        rise = parameters["project.sunk_share" if project.committed else "project.slope"] * reference
        capacity = {
            year: project.size * project.share * _ramp(year - project.start, parameters) for year in years
        }
        found.append(
            Entry(into_made(a), (ratio - 1) * reference - rise, max(capacity.values()) or 1.0, rise, capacity)
        )
    return found


def _ramp(age: float, parameters: Parameters) -> float:
    """Share of capacity in the year that begins `age` years after the start: linear over the ramp."""
    return min(max((age + 1) / parameters.years("project.ramp"), 0.0), 1.0)


def link_entries(
    base: BaseYear, projects: Sequence[Project], gathered: Priced, forms: tuple[str, ...] = TRADED_NEW
) -> list[Entry]:
    """New trade links from every maker of a form to every place that uses it, where the base year has none; and home.

    What projects add finds a link of its own to home, so that a new plant isn't held to the little that the base year made
    there. `forms` are the beginnings of the names of the forms that find new buyers.
    """
    parameters, prices = gathered.evidence.parameters, gathered.price_values
    makers, users = _makers_and_users(base, projects)
    makers = {(place, form): added for (place, form), added in makers.items() if form.startswith(forms)}
    known = {(a.place, a.partner, a.form) for a in base.activities if a.kind == TRADE and a.name != PASSED_ON}
    largest = {form: _largest(users, form) for form in BY_PRODUCTS}
    by_form: dict[str, list[tuple[str, float]]] = {}
    for (place, form), use in users.items():
        by_form.setdefault(form, []).append((place, use))
    cost, scale_share = parameters["entry.cost_share"], parameters["entry.scale_share"]
    home_slope, basis = parameters["entry.home_slope"], parameters.basis("entry.cost_share")
    found = []
    for (exporter, form), added in makers.items():
        for importer, use in by_form.get(form, ()):
            scale, linked = max(scale_share * use, added), (exporter, importer, form) in known
            if importer == exporter:
                if added > 0 or not linked:
                    found.append(Entry(home(exporter, form), 0.0, scale, home_slope * prices[form]))
            elif not linked and (form not in BY_PRODUCTS or importer in largest[form]):
                activity = shipped(trade(exporter, importer, form, basis=basis), TRADE, MADE)
                found.append(Entry(activity, cost * prices[form], scale))
    return found


def _largest(users: Mapping[tuple[str, str], float], form: str) -> list[str]:
    """The places that use most of a form."""
    ranked = sorted((-use, place) for (place, what), use in users.items() if what == form)
    return [place for _, place in ranked[:LARGEST]]


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
                makers[place, plain(form)] = makers.get((place, plain(form)), 0.0) + added
            elif activity.kind != SURPLUS:
                users[place, form] = users.get((place, form), 0.0) - coefficient * float(flow)
    return makers, users


def surplus_entries(base: BaseYear, projects: Sequence[Project], gathered: Gathered) -> list[Entry]:
    """Stockpiling at its maker of what nobody uses, at a share of its base price: small for oxides, larger for feed.

    Its slope refers to what the world made of the form in the base year, or to what projects make of a new form.
    """
    parameters, prices = gathered.evidence.parameters, gathered.price_values
    makers, _ = _makers_and_users(base, projects)
    world: dict[str, float] = {}
    for activity, flow in zip(base.activities, base.flows, strict=True):
        for _, form, coefficient in activity.terms:
            if activity.kind in {MINE, PROCESS} and coefficient > 0:
                world[plain(form)] = world.get(plain(form), 0.0) + coefficient * float(flow)
    new: dict[str, float] = {}
    for (_, form), tonnes in makers.items():
        new[form] = new.get(form, 0.0) + tonnes
    found = []
    for place, form in makers:
        if form == LOSS or form.startswith("magnet"):
            continue
        share = parameters[
            "surplus.feed_value_share" if form.startswith("concentrate:") else "surplus.value_share"
        ]
        activity = Activity(
            SURPLUS,
            "stockpile",
            place,
            form,
            ((place, form + MADE, -1.0),),
            basis=parameters.basis("surplus.value_share"),
        )
        scale = parameters["surplus.scale_share"] * world.get(form, new[form])
        found.append(Entry(activity, (1 - share) * prices[form], scale))
    return found


def thrift_entries(base: BaseYear, projects: Sequence[Project], gathered: Gathered) -> list[Entry]:
    """Saving of the minor elements in magnets: the first tonne at the base price, dearer with every further one.

    Magnet makers can do with less dysprosium and terbium (diffusion along grain boundaries, cooler uses) and without the
    fillers, up to a share of what the recipe takes. A tonne saved is a tonne that need not arrive.
    """
    parameters, prices = gathered.evidence.parameters, gathered.price_values
    share, elasticity = parameters["thrift.share"], parameters["elasticity.demand.short"]
    basis = parameters.basis("thrift.share", "elasticity.demand.short")
    need: dict[tuple[str, str], float] = {}
    columns = [*zip(base.activities, base.flows, strict=True), *((p.activity, p.size) for p in projects)]
    for activity, flow in columns:
        for place, form, coefficient in activity.terms if activity.form == "sinter" else ():
            if form in SAVED:
                need[place, form] = need.get((place, form), 0.0) - coefficient * float(flow)
    return [
        Entry(
            Activity(SAVING, "thrift", place, form, ((place, form, 1.0),), basis=basis),
            0.0, tonnes, prices[form] / elasticity, share_of="sinter", capacity_share=share,
        )
        for (place, form), tonnes in need.items()
    ]  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""From ore to separated oxides: mines, trade as the statistics show it, separation with its joint products.

Separation gives all oxides that the ore holds at once: that is the balance problem of rare earths. The yields start
from the ore's composition and are corrected per place within their standard error.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ytterby.chain import MINE, PROCESS, TRADE, Activity
from ytterby.facts import Choice, FactBase, choose
from ytterby.facts.choice import DEFAULT_RULE
from ytterby.supply.evidence import (
    LOSS,
    MAGNET,
    REST,
    SMALLEST,
    Evidence,
    Row,
    correction,
    count,
    read_flows,
    sink,
    trade,
)
from ytterby.supply.ores import GROUPS, Composition, classes_of
from ytterby.supply.parameters import Parameters


def mine_output(base: FactBase, year: int, rule: str = DEFAULT_RULE) -> dict[str, Choice]:
    """Mine output of rare earths by country in t REO, all editions side by side; world totals left out.

    Where a country has no count, its production quota stands for it. Plants, companies and parts of years stay out.
    """
    counted: dict[str, list[Row]] = defaultdict(list)
    quotas: dict[str, list[Row]] = defaultdict(list)
    production = base.rows("production", commodity="rare_earths", year=year)
    mining = base.rows("world_mining", commodity="rare_earths", year=year)
    for row in [*production, *mining]:
        whole = row.get("part") is None and row.get("period") is None
        if (
            whole
            and row.get("stage", "mine") == "mine"
            and row["content"] == "REO"
            and row["value"] is not None
        ):
            measure = row.get("measure", "output")
            if measure in {"output", "quota"}:
                (counted if measure == "output" else quotas)[row["country"]].append(row)
    found = {**quotas, **counted}
    return {country: choose(rows, rule=rule) for country, rows in found.items() if country != "WLD"}


def mines(evidence: Evidence) -> list[Activity]:
    """Mine output by place and ore class."""
    classes = classes_of(evidence.base)
    total: dict[tuple[str, str], tuple[float, float, tuple[str, ...]]] = {}
    for country, choice in mine_output(evidence.base, evidence.year, evidence.rule).items():
        if choice.value <= 0:
            continue
        for ore_class, share, row in classes.get(country, classes[REST]):
            key = (evidence.place(country), ore_class)
            prior, error, basis = total.get(key, (0.0, 0.0, ()))
            variance = error**2 + (share * evidence.error(choice)) ** 2
            total[key] = (prior + share * choice.value, variance**0.5, (*basis, *choice.basis, row))
    return [
        Activity(
            MINE,
            MINE,
            place,
            f"concentrate:{k}",
            ((place, f"concentrate:{k}", 1.0),),
            "",
            prior,
            error,
            basis,
        )
        for (place, k), (prior, error, basis) in total.items()
    ]


def traded(evidence: Evidence) -> list[Activity]:
    """Trade activities from the readings of the statistics and from direct observations."""
    found = read_flows(evidence, _least)
    for form in _observed_forms(evidence, TRADE):
        for (exporter, importer), choice in evidence.observed(TRADE, form).items():
            key = (evidence.place(exporter), evidence.place(importer), form)
            found[key] = (choice.value, evidence.error(choice), choice.basis)
    return [trade(*key, *figures) for key, figures in found.items() if key[2] != MAGNET]


def unrecorded(evidence: Evidence, mined: Iterable[Activity], traded: Iterable[Activity]) -> list[Activity]:
    """Concentrate that can't be separated at home and does not appear in trade: to the largest separator, estimated."""
    here, classes = separators(evidence.base, evidence.year), separation_classes(evidence.base)
    shipped = {(activity.place, activity.form) for activity in traded}
    found = []
    for mine in mined:
        at_home = mine.place in here and mine.form.removeprefix("concentrate:") in classes[mine.place]
        if not at_home and (mine.place, mine.form) not in shipped:
            to = _largest_separator(evidence, mine.form.removeprefix("concentrate:"))
            share = evidence.parameters["error.rule.unrecorded-concentrate"]
            basis = (*mine.basis, *evidence.parameters.basis("error.rule.unrecorded-concentrate"))
            found.append(trade(mine.place, to, mine.form, mine.prior, share * mine.prior, basis))
    return found


def _largest_separator(evidence: Evidence, ore_class: str) -> str:
    """The country with the largest capacity among those that take a class of ore."""
    classes = separation_classes(evidence.base)
    capacity: dict[str, float] = defaultdict(float)
    for row in evidence.base.rows("plants", stage="separation", status="operating"):
        if ore_class in classes.get(row["country"], ()) and row["capacity"] is not None:
            capacity[row["country"]] += float(row["capacity"])
    return max(capacity, key=capacity.__getitem__)


def _least(form: str) -> float:
    """Flows below this many t are left out: 1 t, or 20 kg of the dear heavy oxides."""
    return 0.02 if form in {"oxide:dy", "oxide:tb"} else SMALLEST


def _observed_forms(evidence: Evidence, kind: str) -> list[str]:
    rows = evidence.base.rows("observations", kind=kind, year=evidence.year)
    return list(dict.fromkeys(row["form"] for row in rows))


def separators(base: FactBase, year: int) -> dict[str, tuple[str, ...]]:
    """Countries with a separation plant at work in a year, with the rows of the plants."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in base.rows("plants", stage="separation", status="operating"):
        if (row["start_year"] is None or row["start_year"] <= year) and not row["product"].startswith(
            "mixed"
        ):
            found[row["country"]].append(row["id"])
    return {country: tuple(rows) for country, rows in found.items()}


def separation_classes(base: FactBase) -> dict[str, tuple[str, ...]]:
    """Country -> classes of ore that its separation plants can take."""
    return {row["country"]: row["ore_classes"] for row in base.rows("separation_classes")}


def yields(ore: Composition, recovery: float) -> dict[str, float]:
    """Separated oxide per t REO of concentrate, by group: share in the ore times recovery."""
    return {group: share * recovery for group, share in ore.shares.items()}


def recovery(evidence_parameters: Parameters) -> float:
    """Share of the concentrate's REO that leaves separation as oxide: cracking and leaching times extraction."""
    return evidence_parameters["recovery.cracking"] * evidence_parameters["recovery.extraction"]


def separation(
    evidence: Evidence, ores: Mapping[str, Composition], mines: Iterable[Activity], traded: Iterable[Activity]
) -> list[Activity]:
    """Separation where plants are at work, with corrections of its yields and what is counted of its outputs."""
    here = separators(evidence.base, evidence.year)
    available: dict[tuple[str, str], float] = defaultdict(float)
    for activity in [*mines, *traded]:
        for place, form, coefficient in activity.terms:
            if form.startswith("concentrate:"):
                available[place, form.removeprefix("concentrate:")] += coefficient * activity.prior
    throughput = evidence.observed(PROCESS, "separate")
    classes = separation_classes(evidence.base)
    found: list[Activity] = []
    for place, plants in here.items():
        feeds = {
            k: t
            for (where, k), t in available.items()
            if where == place and k in classes[place] and t > SMALLEST
        }
        observed = throughput.get((place, ""))
        share = observed.value / sum(feeds.values()) if observed and feeds else 1.0
        for ore_class, feed in feeds.items():
            error = (
                evidence.error(observed) * feed / sum(feeds.values())
                if observed
                else evidence.parameters["error.derived"] * feed
            )
            basis = (*plants, *(observed.basis if observed else ()))
            found += _separate(evidence, place, ore_class, ores[ore_class], (feed * share, error, basis))
    places = {activity.place for activity in found}
    for group in GROUPS:
        for (place, _), choice in evidence.observed("output", f"oxide:{group}").items():
            if place in places:
                found.append(count(place, f"oxide:{group}", "separate", choice, evidence.error(choice)))
    return found


def _separate(
    evidence: Evidence,
    place: str,
    ore_class: str,
    ore: Composition,
    figures: tuple[float, float, tuple[str, ...]],
) -> list[Activity]:
    prior, error, basis = figures
    name = f"separate:{ore_class}"
    got = yields(ore, recovery(evidence.parameters))
    counted = {g for g in GROUPS if (place, "") in evidence.observed("output", f"oxide:{g}")}
    forms = {g: f"oxide:{g}@separate" if g in counted else f"oxide:{g}" for g in GROUPS}
    terms = [(place, f"concentrate:{ore_class}", -1.0)]
    terms += [(place, forms[g], y) for g, y in got.items()]
    terms += [(place, LOSS, 1 - sum(got.values()))]
    parameters = evidence.parameters.basis("recovery.cracking", "recovery.extraction")
    rows = (*basis, *ore.basis, *parameters)
    found = [Activity(PROCESS, name, place, name, tuple(terms), "", prior, error, rows)]
    for g, y in got.items():
        spread = (ore.high[g] - ore.low[g]) / 2 * recovery(evidence.parameters)
        slack = max(evidence.parameters["error.yield"] * y, spread, 1e-5) * prior
        found += correction(name, place, forms[g], LOSS, slack, rows)
    slack_lost = evidence.parameters["error.tailings"] * prior + SMALLEST
    found.append(sink(place, LOSS, "tailings", (1 - sum(got.values())) * prior, slack_lost))
    return found

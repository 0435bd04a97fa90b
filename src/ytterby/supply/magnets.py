# SPDX-License-Identifier: Apache-2.0
"""Metals, NdFeB magnets and the scrap loop.

Magnets are counted as they are reported, rough; a share of the mass becomes scrap, whose rare earths return as
oxides. There are no trade statistics for metals by element or for magnets by alloy: where no observation stands in
the fact base, trade is allocated in proportion and marked estimated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ytterby.chain import PROCESS, TRADE, Activity
from ytterby.errors import ModelError
from ytterby.facts import Choice
from ytterby.supply.evidence import (
    COUNT,
    MAGNET,
    METALS,
    REST,
    SCRAP,
    SMALLEST,
    Evidence,
    correction,
    sink,
    trade,
)
from ytterby.supply.ores import GROUPS


def recipe(evidence: Evidence) -> tuple[dict[str, float], tuple[str, ...]]:
    """Inputs per t of rough magnets: NdPr, Dy, Tb as t metal, the others as t oxide, and the rows it rests on.

    The rare-earth share of a magnet is split like the oxides that China's recyclers got out of magnet scrap in the
    base year, which reflects the average magnet, cheap grades included.
    """
    total = evidence.parameters["magnet.rare_earth_share"]
    counted = {g: evidence.observed("recycled", f"oxide:{g}") for g in GROUPS}
    oxide = {g: next(iter(c.values())).value for g, c in counted.items() if c}
    if not oxide:
        raise ModelError(
            f"observations of {evidence.year}", "no oxides recycled from magnet scrap", "at least one group",
            "take a base year with observations or add rows",
        )  # fmt: skip
    metal_mass = {g: oxide[g] * evidence.parameters[f"metal_per_oxide.{g}"] for g in oxide}
    scale = total / sum(metal_mass.values())
    inputs = {g: scale * (metal_mass[g] if g in METALS else oxide[g]) for g in oxide}
    basis = tuple(i for c in counted.values() for choice in c.values() for i in choice.basis)
    return inputs, (*basis, *evidence.parameters.basis("magnet.rare_earth_share"))


def magnets(evidence: Evidence) -> list[Activity]:
    """Magnet making where it is observed, with the average recipe and corrections of its inputs."""
    inputs, rows = recipe(evidence)
    waste = evidence.parameters["magnet.scrap_share"]
    found: list[Activity] = []
    for (place, _), choice in evidence.observed(PROCESS, "sinter").items():
        name = "sinter"
        terms = [(place, _input_form(g), -t) for g, t in inputs.items()]
        terms += [(place, MAGNET, 1 - waste), (place, SCRAP, waste)]
        basis = (*choice.basis, *rows, *evidence.parameters.basis("magnet.scrap_share"))
        found.append(
            Activity(
                PROCESS, name, place, name, tuple(terms), "", choice.value, evidence.error(choice), basis
            )
        )
        for g, t in inputs.items():
            slack = evidence.parameters["error.recipe"] * t * choice.value
            found += correction(name, place, _input_form(g), None, slack, basis)
    return found


def _input_form(group: str) -> str:
    return f"metal:{group}" if group in METALS else f"oxide:{group}"


def _needs(magnets: Iterable[Activity]) -> dict[tuple[str, str], float]:
    needs: dict[tuple[str, str], float] = defaultdict(float)
    for activity in magnets:
        if activity.kind == PROCESS:
            for place, form, coefficient in activity.terms:
                needs[place, form] -= min(coefficient, 0.0) * activity.prior
    return needs


def metal_makers(evidence: Evidence) -> dict[str, tuple[str, ...]]:
    """Places that make metal: a metal plant at work, an observed output, or exports of it above the threshold."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in evidence.base.rows("plants", stage="metal", status="operating"):
        if row["start_year"] is None or row["start_year"] <= evidence.year:
            found[evidence.place(row["country"])].append(row["id"])
    for (place, _), choice in evidence.observed(PROCESS, "metal:ndpr").items():
        found[place] += choice.basis
    for row in evidence.base.rows("stage_shares", measure="stage_share", stage="metal"):
        known = (
            row["country"] and row["value"] and not row["projection"] and row["confidence"] != "unconfirmed"
        )
        if known and row["value"] >= evidence.parameters["places.metal_share"]:
            found[evidence.place(row["country"])].append(row["id"])
    exported: dict[str, float] = defaultdict(float)
    for reading in evidence.readings:
        if reading.form == "metal:ndpr":
            exported[evidence.place(reading.exporter)] += reading.tonnes
            exported[evidence.place(reading.importer)] -= reading.tonnes
    for place, tonnes in exported.items():
        if tonnes > evidence.parameters["places.metal_exporter"] and place != REST:
            found[place] += evidence.parameters.basis("places.metal_exporter")
    return {place: tuple(rows) for place, rows in found.items()}


def metal(evidence: Evidence, magnets: Iterable[Activity], traded: Iterable[Activity]) -> list[Activity]:
    """Metal making: as observed, else what magnet makers and exports need or what oxide arrives."""
    needs = _needs(magnets)
    net: dict[tuple[str, str], float] = defaultdict(float)
    for activity in traded:
        net[activity.place, activity.form] += activity.prior
        net[activity.partner, activity.form] -= activity.prior
    observed = evidence.observed(PROCESS, "metal:ndpr")
    found: list[Activity] = []
    for place, rows in metal_makers(evidence).items():
        for metal in METALS:
            form = f"metal:{metal}"
            oxide = -net[place, f"oxide:{metal}"] * evidence.parameters[f"metal_per_oxide.{metal}"]
            expected = max(needs[place, form] + net[place, form], oxide, 0.0)
            error = evidence.parameters["error.derived"] * expected
            if metal == "ndpr" and (place, "") in observed:
                choice = observed[place, ""]
                expected, error = choice.value, evidence.error(choice)
            if expected <= 0.01:
                continue
            ratio = 1 / (
                evidence.parameters[f"metal_per_oxide.{metal}"] * evidence.parameters["metal.conversion"]
            )
            terms = ((place, f"oxide:{metal}", -ratio), (place, form, 1.0))
            basis = (*rows, *evidence.parameters.basis(f"metal_per_oxide.{metal}", "metal.conversion"))
            found.append(Activity(PROCESS, form, place, form, terms, "", expected, error, basis))
    return found


def metal_trade(
    evidence: Evidence, sintered: Sequence[Activity], smelted: Sequence[Activity], traded: Iterable[Activity]
) -> list[Activity]:
    """Metal that magnet makers need beyond their own output and what the statistics show: in proportion, estimated.

    The largest maker feeds itself. Own output of Dy and Tb metal elsewhere is not counted on.
    """
    needs = _needs(sintered)
    arriving: dict[tuple[str, str], float] = defaultdict(float)
    for activity in traded:
        arriving[activity.partner, activity.form] += activity.prior
    found: list[Activity] = []
    for form in (f"metal:{metal}" for metal in METALS):
        makers = {a.place: a.prior for a in smelted if a.form == form}
        for place, need in ((p, t) for (p, what), t in needs.items() if what == form):
            own = makers.get(place, 0.0) if form == "metal:ndpr" else 0.0
            others = {maker: output for maker, output in makers.items() if maker != place}
            gap = need - arriving[place, form] - own
            for maker, output in others.items():
                prior = gap * output / sum(others.values())
                if prior > 0 and place != max(makers, key=makers.__getitem__):
                    found.append(proportional(evidence, maker, place, form, prior))
    return found


def proportional(evidence: Evidence, exporter: str, importer: str, form: str, prior: float) -> Activity:
    """A flow that no statistic shows, allocated in proportion: an estimate with a standard error of its own size."""
    error = evidence.parameters["error.proportional"] * prior
    return trade(exporter, importer, form, prior, error, evidence.parameters.basis("error.proportional"))


def recycling(evidence: Evidence, magnets: Iterable[Activity]) -> list[Activity]:
    """Scrap to oxides where recyclers are observed; what others leave goes there or is lost."""
    inputs, rows = recipe(evidence)
    scrap = {
        a.place: a.prior * evidence.parameters["magnet.scrap_share"] for a in magnets if a.kind == PROCESS
    }
    makers = {place for place, _ in evidence.observed("recycled", "oxide:ndpr")}
    rate, error_of = evidence.parameters["recovery.scrap"], evidence.parameters["error.scrap"]
    found: list[Activity] = []
    for place in makers:
        feed = sum(scrap.values())
        oxide = {
            g: t / (evidence.parameters[f"metal_per_oxide.{g}"] if g in METALS else 1.0)
            for g, t in inputs.items()
        }
        terms = [(place, SCRAP, -1.0)] + [(place, f"oxide:{g}@recycle", t * rate) for g, t in oxide.items()]
        basis = (*rows, *evidence.parameters.basis("recovery.scrap", "error.scrap"))
        found.append(
            Activity(PROCESS, "recycle", place, "recycle", tuple(terms), "", feed, error_of * feed, basis)
        )
        for g, t in oxide.items():
            slack = evidence.parameters["error.yield"] * t * rate * feed
            found += correction("recycle", place, f"oxide:{g}@recycle", None, slack, basis)
            choice = evidence.observed("recycled", f"oxide:{g}")[place, ""]
            through = ((place, f"oxide:{g}@recycle", -1.0), (place, f"oxide:{g}", 1.0))
            error = evidence.error(choice)
            found.append(
                Activity(COUNT, COUNT, place, f"oxide:{g}", through, "", choice.value, error, choice.basis)
            )
    for place, tonnes in scrap.items():
        lost = evidence.parameters["scrap.lost_share"] * tonnes
        found.append(sink(place, SCRAP, "scrap lost", lost, error_of * tonnes + SMALLEST))
        sent = evidence.parameters["scrap.exported_share"] * tonnes
        found += [proportional(evidence, place, maker, SCRAP, sent) for maker in makers - {place}]
    return found


def magnet_trade(evidence: Evidence, sintered: Sequence[Activity]) -> list[Activity]:
    """Magnet trade: what is observed, and the rest in proportion, home first.

    Makers serve home first; what is left of their output goes to the places whose observed demand is not yet covered,
    in proportion to the gap. Proportional flows are estimates with a standard error of their own size.
    """
    output = {a.place: a.prior * _coefficient(a, MAGNET) for a in sintered if a.kind == PROCESS}
    observed: dict[tuple[str, str], Choice | None] = {
        (evidence.place(exporter), evidence.place(importer)): choice
        for (exporter, importer), choice in evidence.observed(TRADE, MAGNET).items()
    }
    found = [
        trade(exporter, importer, MAGNET, choice.value, evidence.error(choice), choice.basis)
        for (exporter, importer), choice in observed.items() if choice is not None and exporter != importer
    ]  # fmt: skip
    found += us_imports(evidence, output, observed)
    observed |= {(a.place, a.partner): None for a in found}
    left, gap = _left_and_gap(evidence, output, {(a.place, a.partner): a.prior for a in found})
    for exporter, tonnes in left.items():
        for importer, missing in gap.items():
            prior = tonnes * missing / sum(gap.values())
            if exporter != importer and (exporter, importer) not in observed and prior >= SMALLEST:
                found.append(proportional(evidence, exporter, importer, MAGNET, prior))
    return found


def us_imports(
    evidence: Evidence, makers: Iterable[str], observed: Mapping[tuple[str, str], Choice | None]
) -> list[Activity]:
    """US imports of magnets from other makers: the Chinese tonnage times their value over China's in heading 8505.

    The heading is wider than NdFeB; its metal magnets are the items counted in pieces, and those are compared.
    """
    china = observed.get(("CHN", "USA"))
    rows = {
        row["country"]: row
        for row in evidence.base.rows(
            "us_trade", flow="import", heading="8505", year=evidence.year, unit="number"
        )
        if row["value"]
    }
    if china is None or "CHN" not in rows:
        return []
    found = []
    for maker in sorted(set(makers) & set(rows) - {"CHN", "USA"}):
        if (maker, "USA") not in observed:
            prior = china.value * rows[maker]["value"] / rows["CHN"]["value"]
            error = evidence.parameters["error.us_heading"] * prior
            basis = (
                rows[maker]["id"],
                rows["CHN"]["id"],
                *china.basis,
                *evidence.parameters.basis("error.us_heading"),
            )
            found.append(trade(maker, "USA", MAGNET, prior, error, basis))
    return found


def _coefficient(activity: Activity, form: str) -> float:
    return sum(c for _, what, c in activity.terms if what == form)


def _left_and_gap(
    evidence: Evidence, output: dict[str, float], observed: dict[tuple[str, str], float]
) -> tuple[dict[str, float], dict[str, float]]:
    wanted = {
        evidence.place(p): choice.value for (p, _), choice in evidence.observed("demand", MAGNET).items()
    }
    imports: dict[str, float] = defaultdict(float)
    exports: dict[str, float] = defaultdict(float)
    for (exporter, importer), tonnes in observed.items():
        exports[exporter] += tonnes
        imports[importer] += tonnes
    left, gap = {}, {}
    for place in {*output, *wanted, *imports}:
        free = output.get(place, 0.0) - exports[place]
        need = wanted.get(place, imports[place] + max(free, 0.0)) - imports[place]
        left[place], gap[place] = max(free - max(need, 0.0), 0.0), max(need - max(free, 0.0), 0.0)
    return {p: t for p, t in left.items() if t > SMALLEST}, {p: t for p, t in gap.items() if t > SMALLEST}

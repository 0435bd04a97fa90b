# SPDX-License-Identifier: Apache-2.0
"""The answers of a case: questions put to the measures, figures with intervals, sentences made from the figures.

Every sentence is a template over computed numbers; change the data and it changes. A figure's basis names the rows that
it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ytterby.study.bottleneck import bottleneck
from ytterby.study.claim import Reading, readings, reserves
from ytterby.study.context import Answer, Context
from ytterby.study.corridor import corridor, corridor_in_full
from ytterby.study.ledger import ledger
from ytterby.study.promises import promises
from ytterby.study.shocks import biting, recovering
from ytterby.study.standing import standing
from ytterby.study.trade_record import region_exports
from ytterby.study.words import form_name, number, percent, place_name, times, tonnes, whose
from ytterby.supply.mine_and_separate import mine_output

RESERVE_CLASSES = ("probable", "proven", "reserve")
NOISE = 1e-6  # a share further above the whole than this is not the solver's rounding
TRACED = "origin tracing on the solved base year and scenarios, weighted by mass of rare earths"
TO_ONE, TO_ALL = "stops selling to it", "stops selling to anyone"
SOLVED = "calibrated market equilibrium, solved year by year"


def answers(context: Context) -> list[Answer]:
    """All answers of a case, in the order in which they are read; a screen has room for the first."""
    questions: list[Callable[[Context], list[Answer]]] = [
        _bought, _touched, _stops_one, _stops_all, _region_announced, _carried, bottleneck, corridor, ledger, promises,
        standing, _recovery, _region_today, _claim, _when, corridor_in_full,
    ]  # fmt: skip
    return [answer for question in questions for answer in question(context)]


def _bought(c: Context) -> list[Answer]:
    year, importer, supplier = (
        c.case.base_year,
        place_name(c.base, c.case.importer),
        place_name(c.base, c.case.supplier),
    )
    found = []
    for id_, form in (("bought-magnets", "magnet"), ("bought-oxides", "oxides")):
        if not c.table.knows("import_share", form, year, "reference"):
            continue
        figure = c.table("import_share", form, year, "reference")
        traced = "magnet" if form == "magnet" else "oxide:ndpr"
        found.append(
            c.answer(
                id_, f"How much of {whose(importer)} imports of {form_name(form)} came from {supplier}?", "import_share",
                figure, "fraction",
                f"{percent(figure)} of {whose(importer)} imports of {form_name(form)} in {year} came from {supplier}.",
                "reconciled base year", c.basis("reference", year, traced), form=form, year=year, scenario="reference",
            )
        )  # fmt: skip
    return found


def _touched(c: Context) -> list[Answer]:
    year, importer, supplier = (
        c.case.base_year,
        place_name(c.base, c.case.importer),
        place_name(c.base, c.case.supplier),
    )
    if not c.table.knows("touched_share", "magnet", year, "reference"):
        return []
    touch = c.table("touched_share", "magnet", year, "reference")
    mined = c.table("mined_in_share", "magnet", year, "reference")
    separated = c.table("separated_in_share", "magnet", year, "reference")
    sentence = (
        f"{percent(touch)} of the rare earths in the magnets that {importer} used in {year} had passed through {supplier} "
        f"at some stage: {percent(mined)} were mined there, {percent(separated)} separated there."
    )
    return [
        c.answer(
            "touched-magnets", f"How much of what {importer} uses has passed through {supplier} at any stage?",
            "touched_share", touch, "fraction", sentence, TRACED, c.basis("reference", year, "magnet"),
            form="magnet", year=year, scenario="reference",
        )
    ]  # fmt: skip


def _stops_one(c: Context) -> list[Answer]:
    return _stops(c, c.role("stops_one"), "stops-importer", TO_ONE)


def _stops_all(c: Context) -> list[Answer]:
    return _stops(c, c.role("stops_all"), "stops-all", TO_ALL)


def _recovery(c: Context) -> list[Answer]:
    return [
        *recovering(c, c.role("stops_one"), "importer", TO_ONE),
        *recovering(c, c.role("stops_all"), "all", TO_ALL),
    ]


def _stops(c: Context, scenario: str, id_: str, does: str) -> list[Answer]:
    hits = (
        [ban for ban in c.solved[scenario].scenario.bans if ban.exporter == c.case.supplier]
        if scenario
        else []
    )
    if not hits:
        return []
    importer, supplier = place_name(c.base, c.case.importer), place_name(c.base, c.case.supplier)
    first = min(ban.first for ban in hits)
    later = c.case.report_years[-2]
    found = []
    for name, year in (("short", first), ("long", later)):
        if not c.table.knows("unserved_share", "magnet", year, scenario):
            continue
        figure = c.table("unserved_share", "magnet", year, scenario)
        sentence = f"In {year} {percent(figure)} of {whose(importer)} magnet demand goes unserved"
        if c.table.knows("price_ratio", "magnet", year, scenario):
            sentence += f", at {times(c.table('price_ratio', 'magnet', year, scenario))} the reference price"
        sentence += "."
        found.append(
            c.answer(
                f"{id_}-{name}", f"What if {supplier} {does} ({name} run)?", "unserved_share", figure, "fraction", sentence,
                SOLVED, (*c.basis(scenario, year, "magnet"), *(b.basis for b in c.solved[scenario].scenario.bans)),
                form="magnet", year=year, scenario=scenario,
            )
        )  # fmt: skip
    return found + biting(c, scenario, id_.removeprefix("stops-"), does)


def _region_today(c: Context) -> list[Answer]:
    year = c.case.base_year
    record = region_exports(c.base, c.case)
    mined = {place: choice for place, choice in mine_output(c.base, year).items() if place in c.case.region}
    total = tuple(sum(getattr(choice, end) for choice in mined.values()) for end in ("low", "value", "high"))
    output = (total[0], total[1], total[2])
    names = ", ".join(place_name(c.base, place) for place in c.case.region)
    sentence = f"{tonnes(output)} of mine output are counted in {year} for {names}."
    if output[1] <= 0:
        sentence = f"No mine output of rare earths is counted in {year} for {names}."
    if record:
        to = {
            who: sum(r.quantity for r in record if r.importer == who)
            for who in (c.case.supplier, c.case.importer)
        }
        span = _span(sorted({r.year for r in record}))
        parts = ", ".join(f"{tonnes(quantity)} to {place_name(c.base, who)}" for who, quantity in to.items())
        sentence += f" Recorded exports of rare-earth compounds and metals in {span}: {parts}."
    basis = (*(r.id for r in record), *(i for choice in mined.values() for i in choice.basis))
    return [
        c.answer(
            "region-today", "What does the region supply today?", "mine_output", output, "t", sentence,
            "published production and trade rows", basis, form="concentrate", year=year,
        )
    ]  # fmt: skip


def _span(years: Sequence[int]) -> str:
    return str(years[0]) if years[0] == years[-1] else f"{years[0]} and {years[-1]}"


def _region_announced(c: Context) -> list[Answer]:
    name = c.role("announced")
    if not name:
        return []
    year, solved = c.case.report_years[-2], c.solved[name]
    if not all(
        c.table.knows("region_potential_share", form, year, name) for form in ("oxide:ndpr", "oxide:dy")
    ):
        return []
    importer, supplier = place_name(c.base, c.case.importer), place_name(c.base, c.case.supplier)
    output = c.table("region_output", "concentrate", year, name)
    share = {form: c.table("region_potential_share", form, year, name) for form in ("oxide:ndpr", "oxide:dy")}
    made = {form: c.table("supplier_share", form, year, name) for form in ("metal:ndpr", "magnet")}
    plants = [change.plant for change in solved.scenario.plants if not change.add]
    unsized = [u.plant for u in solved.unread if u.country in c.case.region]
    sentence = (
        f"If all that has an announced size comes, the region mines {tonnes(output)} REO in {year}. That holds "
        f"{percent(share['oxide:ndpr'])} of {whose(importer)} need of NdPr and {percent(share['oxide:dy'])} of its dysprosium. "
        f"{percent(made['metal:ndpr'])} of the world's NdPr metal and {percent(made['magnet'])} of its magnets are made in "
        f"{supplier}. {len(unsized)} announced projects name no size that could be counted."
    )
    if c.table.knows("region_mined_share", "magnet", year, name):
        arrived = c.table("region_mined_share", "magnet", year, name)
        sentence += (
            f" {percent(arrived)} of the rare earths in the magnets of {importer} then come from the region."
        )
    basis = (*c.basis(name, year, "magnet"), *plants, *unsized)
    return [
        c.answer(
            "region-announced", "What if everything announced comes?", "region_potential_share", share["oxide:ndpr"],
            "fraction", sentence, SOLVED, basis, form="oxide:ndpr", year=year, scenario=name,
        )
    ]  # fmt: skip


def _claim(c: Context) -> list[Answer]:
    """The readings side by side, against the supplier's reserves; the tonnes alone where it has none."""
    found = readings(c.base, c.case.claim)
    if not found:
        return []
    contained = sorted(r.contained_t for r in found)
    oxide = sorted(r.reo_t for r in found)
    sentence = (
        f"{len(found)} readings of the deposit stand side by side, from {tonnes(contained[0])} to {tonnes(contained[-1])} "
        f"of rare earths as published, {tonnes(oxide[0])} to {tonnes(oxide[-1])} REO; they are {_classes(found)}, "
        f"{_reserves_among(found)} a reserve."
    )
    measure, unit, over = "claimed", "t", 1.0
    supplier, basis = place_name(c.base, c.case.supplier), tuple(i for r in found for i in r.basis)
    reserve = reserves(c.base, c.case.supplier, c.case.commodity)
    if reserve is None:
        sentence += f" No reserves of {supplier} are published to set it against."
    else:
        measure, unit, over = "claim_over_reserves", "fraction", reserve.value
        low, high = oxide[0] / over, oxide[-1] / over
        sentence += (
            f" Set against the {tonnes(reserve.value)} REO of reserves of {supplier} that is {percent((low, low, low))} to "
            f"{percent((high, high, high))}, tonnes of unlike classes."
        )
        basis = (*basis, *reserve.basis)
    figure = (oxide[0] / over, oxide[-1] / over, oxide[-1] / over)
    return [
        c.answer(
            "claim-readings", "What stands behind the announced tonnage?", measure, figure, unit, sentence,
            "all rows of the deposit side by side, against the reserves of the supplier", basis,
            form="contained", year=c.case.base_year,
        )
    ]  # fmt: skip


def _reserves_among(found: Sequence[Reading]) -> str:
    number_of = sum(r.resource_class in RESERVE_CLASSES for r in found)
    return "none is" if number_of == 0 else "1 is" if number_of == 1 else f"{number_of} are"


def _classes(found: Sequence[Reading]) -> str:
    return " or ".join(sorted({r.resource_class for r in found}))


def _carried(c: Context) -> list[Answer]:
    name = c.role("claimed")
    if not name or not c.solved[name].carried:
        return []
    if c.base.row(c.solved[name].carried[0].reading)["country"] not in c.case.region:
        return []
    year, solved = c.case.last_year, c.solved[name]
    what = solved.carried[0]
    output = c.table("region_output", "concentrate", year, name)
    rule = what.ore_per_year_rule / what.ore_per_year
    pace = (
        f"as much as the largest mine of the world moves (the rule of thumb gives {number(rule)} times that)"
        if rule > 1
        else "as the rule of thumb for its tonnage gives"
    )
    course = ", ".join(_whither(c, year, name))
    sentence = (
        f"Taken at its word, the deposit could carry {tonnes(what.output)} REO a year, from {tonnes(what.ore_per_year)} "
        f"of ore a year, {pace}. In {year} the market takes {tonnes(output)} from the region: {course}."
    )
    basis = (*what.basis, *c.basis(name, year, "magnet"))
    return [
        c.answer(
            "claim-carried", "What would the announced tonnage carry, and where would it go?", "region_output", output, "t",
            sentence, "Taylor's rule, then the solved market", basis, form="concentrate", year=year,
            scenario=name,
        )
    ]  # fmt: skip


def _whither(c: Context, year: int, name: str) -> list[str]:
    """Where what the region mines in a scenario goes: separated at home, sent to the supplier, in the importer's magnets."""
    importer, supplier = place_name(c.base, c.case.importer), place_name(c.base, c.case.supplier)
    held, made = (
        c.table(f"region_{which}", "oxide:ndpr", year, name)[1] for which in ("potential", "output")
    )
    if made > held * (1 + NOISE):
        course = [f"plants there separate {tonnes(made)} of NdPr, {tonnes(made - held)} of it from elsewhere"]
    else:
        course = [f"{percent((made / held if held > 0 else 0.0,) * 3)} of its NdPr is separated there"]
    if c.table.knows("region_separated_in_supplier", "concentrate", year, name):
        sent = c.table("region_separated_in_supplier", "concentrate", year, name)
        course.append(f"{percent(sent)} of the concentrate that leaves goes to {supplier}")
    if c.table.knows("region_mined_share", "magnet", year, name):
        arrived = c.table("region_mined_share", "magnet", year, name)
        course.append(
            f"{percent(arrived)} of the rare earths in {whose(importer)} magnets come from the region"
        )
    return course


def _when(c: Context) -> list[Answer]:
    found = readings(c.base, c.case.claim)
    rows = {row["name"]: row for row in c.base.rows("parameters", name="mine.lead_time")}
    if not found or not rows:
        return []
    row = rows["mine.lead_time"]
    announced = min(int(str(r.as_of)[:4]) for r in found if r.as_of)
    figure = (announced + row["low"], announced + row["value"], announced + row["high"])
    sentence = (
        f"With the lead time that mines of the world needed from discovery to production ({number(row['value'])} years, "
        f"{number(row['low'])} to {number(row['high'])}), a deposit announced in {announced} produces in "
        f"{figure[1]:.0f} ({figure[0]:.0f} to {figure[2]:.0f})."
    )
    return [
        c.answer(
            "when", "When could the announced deposit produce?", "first_year", figure, "calendar_year", sentence,
            "year of the announcement plus the mean lead time", (row["id"], *(r.id for r in found)), form="concentrate",
        )
    ]  # fmt: skip

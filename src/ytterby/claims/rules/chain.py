# SPDX-License-Identifier: Apache-2.0
"""Claims about the supply chain against a solved case: a supplier that can't be replaced, imports on a large scale."""

from __future__ import annotations

from ytterby.claims.evidence import expanded, word
from ytterby.claims.solved import Figure, SolvedCase
from ytterby.claims.verdict import Finding, Outcome, Row, not_checkable
from ytterby.claims.weighing import reaches
from ytterby.claims.wording import goods_name, name, names, show, span
from ytterby.facts import FactBase

FORM = "magnet"
STOPS = {"stops_one": "sales to {} alone stop", "stops_all": "sales to all others stop"}
UNSERVED, HELD, NEED, ANNOUNCED = "unserved_share", "region_potential", "need", "announced"


def irreplaceable(statement: Row, base: FactBase, run: SolvedCase | None) -> Finding:
    """A supplier that can't be replaced: what goes unserved when it stops, to the importer alone and to anyone.

    The first year of the stop decides: later, others have built plants.
    """
    if run is None:
        return _no_case()
    wrong = _unfit(statement, base, run, "supplier")
    if wrong is not None:
        return wrong
    known = {role: series for role in STOPS if role in run.since and (series := _after_stop(run, role))}
    if not known:
        return not_checkable("No scenario stops the supplier.", "roles stops_one or stops_all of the case")
    first = {role: min(series) for role, series in known.items()}
    ends = {role: known[role][year] for role, year in first.items()}
    low, high = min(f.low for f in ends.values()), max(f.high for f in ends.values())
    words, basis = word(base, "irreplaceable")
    supplier, importer = name(base, run.supplier), name(base, run.importer)
    parts = "; ".join(_stop_in_words(role, series, importer) for role, series in known.items())
    sentence = (
        f"Without {supplier}, {importer} lacks a part of its {FORM}s: {parts}. {_taken(words)} irreplaceable."
    )
    figures = {
        f"{role} {end}": getattr(f, end) for role, f in ends.items() for end in ("value", "low", "high")
    }
    figures |= {f"{role} later": series[max(series)].value for role, series in known.items()}
    figures |= {f"{role} year": year for role, year in first.items()} | _word_figures(words)
    figures |= {f"{role} last": max(series) for role, series in known.items()}
    return Finding(
        reaches(low, high, words, Outcome.OVERSTATED), sentence, next(iter(ends.values())).value, low, high, "fraction",
        (*(row for role, year in first.items() for row in run.basis(UNSERVED, FORM, year, role)), *basis), figures=figures,
    )  # fmt: skip


def imports(statement: Row, base: FactBase, run: SolvedCase | None) -> Finding:
    """Imports on a large scale: what the region's deposits hold of the importer's need, if all that is announced comes."""
    if run is None:
        return _no_case()
    wrong = _unfit(statement, base, run, "region")
    if wrong is not None:
        return wrong
    shares = _shares(run)
    if not shares:
        return not_checkable("No scenario takes what is announced.", "role announced of the case")
    year = max(shares, key=lambda y: shares[y].value)
    best = shares[year]
    words, basis = word(base, "large_imports")
    region, goods = names(base, statement["objects"]), goods_name(base, run.commodity)
    sentence = (
        f"If all that is announced comes, the ores mined in {region} hold "
        f"{span(best.value, best.low, best.high, best.unit)} of the {goods} that {name(base, run.importer)} needs in "
        f"{year}, the best year"
    )
    arrived = run.series("region_mined_share", FORM, ANNOUNCED).get(year)
    figures = {"year": float(year), **_word_figures(words)}
    if arrived is not None:
        sentence += (
            f"; {show(arrived.value, arrived.unit)} of the {goods} in its {FORM}s then come from there"
        )
        figures["arrived"] = arrived.value
    others = [commodity for commodity in statement["commodities"] if commodity != run.commodity]
    return Finding(
        reaches(best.low, best.high, words, Outcome.OVERSTATED), f"{sentence}. {_taken(words)} a large scale.",
        best.value, best.low, best.high, "fraction", (*run.basis(HELD, FORM, year, ANNOUNCED), *basis),
        tuple(f"a solved chain of {commodity}" for commodity in others), figures,
    )  # fmt: skip


def _after_stop(run: SolvedCase, role: str) -> dict[int, Figure]:
    """What goes unserved from the first year of the stop on."""
    return {year: f for year, f in run.series(UNSERVED, FORM, role).items() if year >= run.since[role]}


def _stop_in_words(role: str, series: dict[int, Figure], importer: str) -> str:
    first, last = min(series), max(series)
    f = series[first]
    return (
        f"{span(f.value, f.low, f.high, f.unit)} in {first} and {show(series[last].value, f.unit)} in {last} if "
        f"{STOPS[role].format(importer)}"
    )


def _taken(words: tuple[float, float, float]) -> str:
    return f"{show(words[0], 'fraction')} to {show(words[2], 'fraction')} is taken for"


def _word_figures(words: tuple[float, float, float]) -> dict[str, float]:
    return {"word low": words[0], "word high": words[2]}


def _shares(run: SolvedCase) -> dict[int, Figure]:
    """Share of the importer's need that the region's ores hold, by year: over all oxides, none beyond its own need."""
    forms = run.forms(NEED, ANNOUNCED)
    needs = {form: run.series(NEED, form, ANNOUNCED) for form in forms}
    held = {form: run.series(HELD, form, ANNOUNCED) for form in forms}
    years = (
        set.intersection(*(set(series) for series in (*needs.values(), *held.values()))) if forms else set()
    )
    found = {}
    for year in sorted(years):
        need = sum(needs[form][year].value for form in forms)
        covered = [
            sum(min(getattr(held[form][year], end), needs[form][year].value) for form in forms)
            for end in ("value", "low", "high")
        ]
        if need > 0:
            found[year] = Figure(covered[0] / need, covered[1] / need, covered[2] / need, "fraction")
    return found


def _no_case() -> Finding:
    return not_checkable("No solved case stands behind the check.", "a solved case")


def _unfit(statement: Row, base: FactBase, run: SolvedCase, side: str) -> Finding | None:
    """Why the solved case does not speak to the statement, or None."""
    objects = expanded(base, statement["objects"])
    there = (run.supplier,) if side == "supplier" else run.region
    commodities = statement["commodities"] or ()
    if (
        run.importer in expanded(base, statement["subjects"])
        and set(objects) & set(there)
        and run.commodity in commodities
    ):
        return None
    asked = ", ".join((*statement["subjects"], *objects, *commodities))
    return not_checkable("The solved case is about other states or goods.", f"a solved case of {asked}")

# SPDX-License-Identifier: Apache-2.0
"""The tables of a run: measures, flows, prices, base year, corrections, readings of trade rows, projects, the claim.

Each is a list of rows with a title and a meaning and unit for every column. Numbers are those of the run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ytterby.chain import Correction
from ytterby.claims.worth import assess
from ytterby.report.columns import Arrays, flow_arrays, measure_arrays, price_arrays
from ytterby.study import AnswerSet, Solved
from ytterby.study.claim import readings
from ytterby.study.standing import region_weights
from ytterby.study.ways import MapYear
from ytterby.supply.base_year import reading_report

Row = dict[str, Any]
LARGEST = 50
T = "t a year"
PLACE = "country id; ROW is the rest of the world"
FORM = "form of the chain; FORM@made is the balance of what the place itself makes"
SCENARIO = "scenario of the case"


@dataclass(frozen=True)
class Table:
    """A table: what each column holds, and its rows; a large one has arrays by column instead."""

    name: str
    title: str
    columns: Mapping[str, str]
    rows: Sequence[Row] = ()
    arrays: Arrays | None = None

    @property
    def count(self) -> int:
        """Number of rows."""
        return len(self.rows) if self.arrays is None else len(next(iter(self.arrays.values())))


def all_tables(answers: AnswerSet) -> list[Table]:
    """Every table of a run, in the order in which the report lists them."""
    reference = answers.solved["reference"]
    corrections = reference.base_year.corrections
    return [
        _measures(answers), _flows(answers.solved), _prices(answers.solved), _base_year(reference),
        _corrections("corrections", f"The {LARGEST} largest corrections of the base year, in t", corrections[:LARGEST]),
        _trade_rules(reference), _trade_reading(reference), _projects(answers), _claim(answers),
        _influence(answers), _claims(answers), _pledges(answers), _ways(answers), _network(answers),
    ]  # fmt: skip


def _measures(answers: AnswerSet) -> Table:
    columns = {
        "variant": "central, or what the variant moves", "scenario": SCENARIO, "year": "calendar year",
        "measure": "what is measured", "form": "form or stage", "value": "number in unit", "unit": "unit of the value",
    }  # fmt: skip
    title = "Measures of every variant, scenario and year"
    return Table("measures", title, columns, arrays=measure_arrays(answers))


def _flows(solved: Mapping[str, Solved]) -> Table:
    columns = {
        "scenario": SCENARIO, "year": "calendar year", "kind": "mine, process, trade, demand, surplus, saving",
        "name": "process, plant, end use, or the kind again", "place": PLACE,
        "partner": "importer of a trade flow", "form": "main form", "tonnes": T,
        "capacity": "t a year; empty where there is no bound", "rent": "scarcity rent of the capacity, USD per t",
    }  # fmt: skip
    title = "Flows and activities by scenario and year; rows without flow and without rent are left out"
    return Table("flows", title, columns, arrays=flow_arrays(solved))


def _prices(solved: Mapping[str, Solved]) -> Table:
    columns = {
        "scenario": SCENARIO, "year": "calendar year", "place": PLACE, "form": FORM, "usd_per_t": "USD per t",
    }  # fmt: skip
    title = "Prices by scenario, year, place and form; balances through which nothing flows have none"
    return Table("prices", title, columns, arrays=price_arrays(solved))


def _base_year(reference: Solved) -> Table:
    title = f"The balanced base year {reference.base_year.year}: every figure before and after reconciliation"
    return _corrections("base_year", title, reference.base_year.corrections)


def _corrections(name: str, title: str, corrections: Sequence[Correction]) -> Table:
    columns = {
        "activity": "kind, form and place", "prior": f"what the evidence says, {T}", "value": f"balanced value, {T}",
        "standard_error": f"standard error of the evidence, {T}",
        "in_errors": "correction in standard errors", "basis": "rows of the fact base, separated by ;",
    }  # fmt: skip
    rows = [
        {"activity": c.label, "prior": c.prior, "value": c.value, "standard_error": c.error, "in_errors": c.in_errors,
         "basis": c.basis}
        for c in corrections
    ]  # fmt: skip
    return Table(name, title, columns, rows)


def _trade_rules(reference: Solved) -> Table:
    columns = {
        "rule": "rule for reading trade rows", "kept": "whether the rows are used", "rows": "number of trade rows",
        "tonnes": "t of rare-earth oxide read; t gross where kept out",
    }  # fmt: skip
    title = "What the rules for trade rows did"
    return Table("trade_rules", title, columns, [dict(row) for row in reading_report(reference.gathered)])


def _trade_reading(reference: Solved) -> Table:
    evidence = reference.gathered.evidence
    columns = {
        "row": "trade row", "exporter": PLACE, "importer": PLACE, "form": "form it is read as; empty where kept out",
        "tonnes": "t of rare-earth oxide (metals: t of metal); t gross where kept out", "low": "low end", "high": "high end",
        "rule": "rule that applied", "kept": "whether it is used", "reason": "why it is kept out",
    }  # fmt: skip
    rows: list[Row] = [
        {"row": r.row, "exporter": r.exporter, "importer": r.importer, "form": r.form, "tonnes": r.tonnes, "low": r.low,
         "high": r.high, "rule": r.rule, "kept": True, "reason": ""}
        for r in evidence.readings
    ]  # fmt: skip
    rows += [
        {"row": r.row, "exporter": r.exporter, "importer": r.importer, "form": "", "tonnes": r.quantity_t, "low": None,
         "high": None, "rule": r.rule, "kept": False, "reason": r.reason}
        for r in evidence.excluded
    ]  # fmt: skip
    return Table("trade_reading", "Every trade row of the base year and how it was read", columns, rows)


def _projects(answers: AnswerSet) -> Table:
    columns = {
        "scenario": SCENARIO, "plant": "id of the plant", "place": PLACE, "activity": "what it does; empty where not read",
        "size": f"{T} of activity at full ramp", "start": "year, delay included", "share": "share that its status allows",
        "committed": "built, or being built", "read": "whether it counts", "reason": "why it does not",
    }  # fmt: skip
    rows: list[Row] = []
    for name, solved in answers.solved.items():
        rows += [
            {"scenario": name, "plant": p.plant, "place": p.place, "activity": p.activity.form, "size": p.size,
             "start": p.start, "share": p.share, "committed": p.committed, "read": True, "reason": ""}
            for p in solved.projects
        ]  # fmt: skip
        rows += [
            {"scenario": name, "plant": u.plant, "place": u.country, "activity": "",
             "size": None, "start": None, "share": None, "committed": None, "read": False, "reason": u.reason}
            for u in solved.unread
        ]  # fmt: skip
    return Table("projects", "Plants and projects that come, and those that could not be read", columns, rows)


def _claim(answers: AnswerSet) -> Table:
    columns = {
        "id": "row of relation deposits", "name": "deposit or part of it", "contained_t": "t contained, as published",
        "content": "what the tonnes are tonnes of", "reo_t": "t REO contained",
        "grade": "fraction", "resource_class": "class of the tonnage", "code": "reporting code", "as_of": "date",
        "confidence": "confidence of the row", "derived": "whether the tonnage is own arithmetic",
    }  # fmt: skip
    found = readings(answers.base, answers.case.claim)
    rows = [{name: getattr(reading, name) for name in columns} for reading in found]
    return Table("claim_readings", "Readings of the claimed deposit, side by side", columns, rows)


def _claims(answers: AnswerSet) -> Table:
    columns = {
        "id": "row of relation statements", "speaker": "who said it", "date": "when", "statement": "what was said",
        "kind": "force of the statement", "rule": "rule that checked it", "verdict": "outcome in a word",
        "value": "computed figure in unit; empty where there is none", "low": "low end", "high": "high end",
        "unit": "unit of the figures", "sentence": "the outcome in a sentence", "basis": "rows it rests on, separated by ;",
        "missing": "what would have to be known, separated by ;", "speaker_role": "as what somebody spoke",
        "hedge": "none, could, or reported speech", "source": "row of relation sources: where it is printed",
        "variants": "statements that say it in other words, separated by ;",
    }  # fmt: skip
    rows = [verdict.record for verdict in answers.verdicts]
    return Table("claims", "Verdicts on the statements of the case", columns, rows)


def _pledges(answers: AnswerSet) -> Table:
    columns = {
        "id": "row of relation pledges; amounts are of it and all within it", "givers": PLACE, "receivers": PLACE,
        "sector": "sector", "pledge_class": "row of pledge_classes", "status": "status on the date of the facts",
        "late": "years past its time on the date of the facts; 0 while it is not due",
        "unit": "currency, or the thing counted", "announced": "amount in unit", "committed": "what binds, in unit",
        "expected": "by the record of the class and status, in unit; empty where it is not known", "low": "5th percentile",
        "high": "95th percentile", "realised": "in unit; empty where the row tells nothing",
        "share_of_gdp": "announced over the yearly output of the givers",
        "yearly_over_exports": "yearly need over the giver's yearly exports",
        "yearly_over_trade": "yearly need over yearly trade",
        "over_past_investment": "announced over the newest recorded investment", "missing": "what would have to be known",
        "basis": "rows it rests on, separated by ;",
    }  # fmt: skip
    rows = []
    for one in assess(answers.base):
        known = {**vars(one.pledge), **vars(one)}
        rows.append({name: known[name] for name in columns})
    return Table(
        "pledges",
        "Pledges: announced, committed, expected and realised, beside the giver's means",
        columns,
        rows,
    )


def _ways(answers: AnswerSet) -> Table:
    columns = {
        "first_year": "first year of the spell", "last_year": "last year of the spell", "place": PLACE,
        "kind": "cheapest; avoiding: cheapest that avoids what the case avoids; over: cheapest over its corridor",
        "usd_per_t_low": "USD per t", "usd_per_t": "USD per t", "usd_per_t_high": "USD per t",
        "days_low": "days", "days": "days", "days_high": "days", "km": "km", "kg_co2_per_t": "kg CO2 per t",
        "states": "states touched, separated by ;", "chokepoints": "nodes, separated by ;",
        "corridors": "corridors, separated by ;", "share_estimated": "share of the length on estimated rows",
        "segments": "segments in order, separated by ;", "basis": "rows it rests on, separated by ;",
    }  # fmt: skip
    rows = [
        {
            "first_year": spell.first, "last_year": spell.last, "place": way.place, "kind": way.kind,
            "usd_per_t_low": way.route.usd_per_t.low, "usd_per_t": way.route.usd_per_t.mid,
            "usd_per_t_high": way.route.usd_per_t.high, "days_low": way.route.days.low, "days": way.route.days.mid,
            "days_high": way.route.days.high, "km": way.route.km.mid,
            **{name: getattr(way.route, name) for name in (
                "kg_co2_per_t", "states", "chokepoints", "corridors", "share_estimated", "segments", "basis",
            )},
        }
        for spell in _spells(answers) for way in spell.ways
    ]  # fmt: skip
    return Table("ways", "The ways of the region to the importer, by spells of years", columns, rows)


def _network(answers: AnswerSet) -> Table:
    columns = {
        "first_year": "first year of the spell", "last_year": "last year of the spell", "segment": "row of segments",
        "first": "node", "last": "node", "mode": "mode", "corridor": "corridor", "km": "km",
        "state": "open, to come, or closed to the region's trade with the importer", "open_year": "year of opening, if any",
        "why": "why it is not open", "confidence": "confidence of the row", "basis": "rows it rests on, separated by ;",
    }  # fmt: skip
    rows = [
        {
            "first_year": spell.first, "last_year": spell.last, "segment": one.segment.id, "km": one.segment.km.mid,
            "state": one.state, "why": one.closure.reason if one.closure else "",
            "basis": (*one.segment.basis, *(one.closure.basis if one.closure else ())),
            **{name: getattr(one.segment, name) for name in (
                "first", "last", "mode", "corridor", "open_year", "confidence",
            )},
        }
        for spell in _spells(answers) for one in spell.standings
    ]  # fmt: skip
    title = "How every segment of the transport network stands, by spells of years"
    return Table("network", title, columns, rows)


def _spells(answers: AnswerSet) -> Sequence[MapYear]:
    return answers.ways.spells if answers.ways else ()


def _influence(answers: AnswerSet) -> Table:
    columns = {
        "country": "state that is influenced", "power": PLACE, "year": "calendar year",
        "indicator": "index from own ties, tie, or nearness", "value": "figure; empty where there are only bounds",
        "low": "lower bound", "high": "upper bound; empty where open", "unit": "unit of the figure",
        "state": "number, range of reporters, bound, part of a year, derived", "note": "what the rows say", "basis": "rows",
    }  # fmt: skip
    found = region_weights(answers.case, answers.base)
    rows = [{name: getattr(figure, name) for name in columns} for figure in found]
    return Table(
        "influence", "What each power weighs in the region's states, by indicator and year", columns, rows
    )

# SPDX-License-Identifier: Apache-2.0
"""How a stop comes and goes: months until it bites, years until half of it is overcome, the reserve that would bridge it.

For each year: the need is what the reference serves, the shortage what the stop leaves unserved of it, the gap what it
would leave unserved without the importer's own stocks. Within a year, stocks are taken to be drawn first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ytterby.chain import Result
from ytterby.dependence import demand_served, released
from ytterby.scenario import Case, Scenario
from ytterby.study.context import Answer, Context
from ytterby.study.holdings import groups_of
from ytterby.study.measures import Measure
from ytterby.study.run import Solved
from ytterby.study.words import Figure, number, percent, place_name, tonnes
from ytterby.supply.parameters import Parameters
from ytterby.supply.stocks import cover_name

MONTHS = 12
FINAL = "magnet"
COURSE = (
    "solved stop against the reference, year by year; within a year stocks are drawn first; a time that does not end in the "
    "years solved stands as their length"
)


@dataclass(frozen=True)
class Course:
    """A stop, year by year from its first: need, shortage and gap of a form, t per year each."""

    first: int
    need: tuple[float, ...]
    shortage: tuple[float, ...]
    gap: tuple[float, ...]

    def months_to_bite(self, threshold: float) -> float | None:
        """Months from the start until more than `threshold` of the need goes unserved; None where it never does."""
        months = 0.0
        for need, shortage, gap in zip(self.need, self.shortage, self.gap, strict=True):
            if shortage > threshold * need:
                return months + MONTHS * (1 - shortage / gap)
            months += MONTHS
        return None

    def years_to_recover(self, share: float) -> int | None:
        """Years from the start until the shortage is down to `share` of its peak for good; None where it never is."""
        peak = max(self.shortage)
        above = [year for year, shortage in enumerate(self.shortage) if shortage > share * peak]
        after = max(above, default=-1) + 1
        return after if after < len(self.shortage) else None

    def reserve(self, years: float) -> float:
        """What goes unserved in the first `years`, t: a reserve of that size would bridge them."""
        whole = int(years)
        part = self.shortage[whole] * (years - whole) if whole < len(self.shortage) else 0.0
        return sum(max(shortage, 0.0) for shortage in self.shortage[:whole]) + part


def stop_year(case: Case, scenario: Scenario, reference: Scenario) -> int | None:
    """The first year in which a scenario bans exports of the case's supplier that the reference does not ban."""
    known = {(ban.exporter, ban.importer, ban.form, ban.first) for ban in reference.bans}
    fresh = [
        ban.first
        for ban in scenario.bans
        if ban.exporter == case.supplier and (ban.exporter, ban.importer, ban.form, ban.first) not in known
    ]
    return min(fresh, default=None)


def course(case: Case, reference: Result, stopped: Result, form: str, first: int) -> Course:
    """The course of a stop for the case's importer."""
    years = [solved.year for solved in stopped.years if solved.year >= first]
    need = tuple(demand_served(reference, reference.year(y), case.importer, form) for y in years)
    served = [demand_served(stopped, stopped.year(y), case.importer, form) for y in years]
    drawn = [released(stopped, stopped.year(y), case.importer, form) for y in years]
    shortage = tuple(n - s for n, s in zip(need, served, strict=True))
    gap = tuple(s + d for s, d in zip(shortage, drawn, strict=True))
    return Course(first, need, shortage, gap)


def shock_measures(case: Case, reference: Solved, stopped: Solved) -> list[Measure]:
    """Time to bite, time to recover and bridging reserve of a scenario, by form, dated with the first year of the stop.

    A stop that never bites or never recovers within the case's years has the length of these years for its time, which is
    the least that it can be; whether it does stands in the measures `bites` and `recovers` (1 or 0).
    """
    first = stop_year(case, stopped.scenario, reference.scenario)
    if first is None:
        return []
    parameters = stopped.gathered.evidence.parameters
    found: list[Measure] = []
    for form in case.forms:
        run = course(case, reference.result, stopped.result, form, first)
        if min(run.need) <= 0 or max(run.shortage) <= 0:
            continue
        months = run.months_to_bite(parameters["shock.bites"])
        years = run.years_to_recover(parameters["shock.recovered"])
        length = len(run.need)
        rows: Sequence[tuple[str, float, str]] = [
            ("bites", float(months is not None), "fraction"),
            ("time_to_bite", MONTHS * length if months is None else months, "month"),
            ("recovers", float(years is not None), "fraction"),
            ("time_to_recover", float(length if years is None else years), "year"),
            ("bridging_reserve", run.reserve(parameters.years("shock.reserve_years")), "t"),
        ]
        found += [
            Measure(what, form, first, stopped.scenario.name, value, unit) for what, value, unit in rows
        ]
    return found


def biting(c: Context, scenario: str, id_: str, does: str) -> list[Answer]:
    """How long stocks carry the importer through a stop.

    Parameters
    ----------
    c : the context of the run
    scenario : name of the stop; nothing is answered where it stops nothing
    id_, does : end of the answers' ids, and what the supplier does, in words
    """
    return [stop.bites() for stop in _stops(c, scenario, id_, does)]


def recovering(c: Context, scenario: str, id_: str, does: str) -> list[Answer]:
    """When a stop is half overcome, and what reserve would bridge its first years; parameters as of `biting`."""
    return [answer for stop in _stops(c, scenario, id_, does) for answer in (stop.recovers(), stop.bridged())]


def _stops(c: Context, scenario: str, id_: str, does: str) -> Iterator[_Stop]:
    if scenario:
        first = stop_year(c.case, c.solved[scenario].scenario, c.solved["reference"].scenario)
        if first is not None and c.table.knows("time_to_bite", FINAL, first, scenario):
            yield _Stop(c, scenario, first, id_, f"What if {place_name(c.base, c.case.supplier)} {does}")


@dataclass(frozen=True)
class _Stop:
    """A stop that the answers are about."""

    context: Context
    scenario: str
    first: int
    name: str
    condition: str

    @property
    def parameters(self) -> Parameters:
        return self.context.solved[self.scenario].gathered.evidence.parameters

    def bites(self) -> Answer:
        c, figure = self.context, self.figure("time_to_bite")
        held = c.solved[self.scenario].result.held(self.first - 1, c.case.importer, FINAL)
        share = percent((self.parameters["shock.bites"],) * 3)
        unserved = f"more than {share} of magnet demand"
        course = (
            f"{_span(figure, self.figure('bites'))} months after the stop {unserved} goes unserved"
            if self.figure("bites")[1]
            else f"{unserved} never goes unserved by {c.case.last_year}"
        )
        sentence = f"Stocks of {tonnes(held)} put it off: {course}."
        cover = cover_name(c.case.importer, FINAL, self.parameters.rows, groups_of(c.base))
        names = ("shock.bites", *([cover] if cover else []), "stocks.share", "stocks.release_markup")
        return self.answer("bites", "time_to_bite", "month", "how soon does it bite", sentence, names)

    def recovers(self) -> Answer:
        share = percent((self.parameters["shock.recovered"],) * 3)
        sentence = f"The yearly shortage of magnets is down to {share} of its peak " + (
            f"{_span(self.figure('time_to_recover'), self.figure('recovers'))} years after the stop."
            if self.figure("recovers")[1]
            else f"in no year up to {self.context.case.last_year}."
        )
        question = "how long until it is half overcome"
        return self.answer("recovers", "time_to_recover", "year", question, sentence, ("shock.recovered",))

    def bridged(self) -> Answer:
        years = number(self.parameters.years("shock.reserve_years"))
        sentence = (
            f"{tonnes(self.figure('bridging_reserve'))} of magnets, beside what traders and users hold, would bridge the "
            f"first {years} years."
        )
        question = "what reserve would bridge it"
        names = ("shock.reserve_years",)
        return self.answer("reserve", "bridging_reserve", "t", question, sentence, names)

    def figure(self, measure: str) -> tuple[float, float, float]:
        return self.context.table(measure, FINAL, self.first, self.scenario)

    def answer(
        self, id_: str, measure: str, unit: str, question: str, sentence: str, parameters: Sequence[str]
    ) -> Answer:
        c = self.context
        bans = (ban.basis for ban in c.solved[self.scenario].scenario.bans)
        basis = (*self.parameters.basis(*parameters), *c.basis(self.scenario, self.first, FINAL), *bans)
        return c.answer(
            f"{id_}-{self.name}", f"{self.condition} ({question})?", measure, self.figure(measure), unit, sentence, COURSE,
            basis, form=FINAL, year=self.first, scenario=self.scenario,
        )  # fmt: skip


def _span(figure: Figure, ends: Figure) -> str:
    """A time with its interval, of which the years solved may not show the end: `ends` is 0 where a variant has none."""
    low, middle, high = (number(round(value, 1)) for value in figure)
    high += "" if ends[0] else " or more"
    return middle if low == high else f"{middle} ({low} to {high})"

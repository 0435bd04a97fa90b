# SPDX-License-Identifier: Apache-2.0
"""What a finding looks at and what it gives: the context of a run, the table of its measures, an answer.

Each module of findings is a function from a `Context` to answers; `answers` lists them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ytterby.claims import Verdict
from ytterby.errors import ModelError
from ytterby.facts import FactBase
from ytterby.routes import Network, network
from ytterby.scenario import Case
from ytterby.study.basis import basis_of, model_basis
from ytterby.study.measures import Key, Measure
from ytterby.study.run import Solved
from ytterby.study.ways import RegionWays


@dataclass(frozen=True)
class Answer:
    """One answer: a figure with its interval, the sentence made from it, and the rows that it rests on."""

    id: str
    question: str
    measure: str
    value: float
    low: float
    high: float
    unit: str
    sentence: str
    method: str
    basis: tuple[str, ...] = field(repr=False)
    form: str = ""
    year: int | None = None
    scenario: str = ""
    importer: str = ""
    supplier: str = ""
    region: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """Measures by key, the middle and the extremes over the variants."""

    middle: Mapping[Key, Measure]
    low: Mapping[Key, float]
    high: Mapping[Key, float]

    @staticmethod
    def of(central: Iterable[Measure], variants: Iterable[Measure]) -> Table:
        """Collect: the central run gives the middle, all runs the ends."""
        middle = {m.key: m for m in central}
        low = {key: m.value for key, m in middle.items()}
        high = dict(low)
        for m in variants:
            if m.key in middle:
                low[m.key] = min(low[m.key], m.value)
                high[m.key] = max(high[m.key], m.value)
        return Table(middle, low, high)

    def knows(self, measure: str, form: str, year: int, scenario: str) -> bool:
        """Whether there is anything to measure: a place that buys nothing has no import share."""
        return (measure, form, year, scenario) in self.middle

    def __call__(self, measure: str, form: str, year: int, scenario: str) -> tuple[float, float, float]:
        """(low, middle, high) of a measure.

        Raises
        ------
        ModelError : there is nothing to measure, see `knows`
        """
        key = (measure, form, year, scenario)
        if key not in self.middle:
            found = f"no {measure} of {form} in {year} of {scenario}"
            raise ModelError("answers", found, "a measure of the run", "ask knows() first")
        return (self.low[key], self.middle[key].value, self.high[key])


@dataclass(frozen=True)
class Context:
    """What the questions look at; `routes` is the transport network of the facts where it has been built before."""

    case: Case
    base: FactBase
    table: Table
    solved: Mapping[str, Solved]
    verdicts: tuple[Verdict, ...] = ()
    routes: Network | None = None

    @cached_property
    def network(self) -> Network:
        """The transport network of the facts."""
        return self.routes or network(self.base)

    @cached_property
    def ways(self) -> RegionWays:
        """The ways of the case's region."""
        return RegionWays.of(self.case, self.base, self.network)

    def answer(self, name: str, question: str, measure: str, figure: tuple[float, float, float], unit: str,
               sentence: str, method: str, basis: Sequence[str], **key: Any) -> Answer:  # fmt: skip
        """An answer about the case's importer, supplier and region."""
        low, value, high = figure
        return Answer(
            name, question, measure, value, low, high, unit, sentence, method, tuple(dict.fromkeys(basis)),
            importer=self.case.importer, supplier=self.case.supplier, region=self.case.region, **key,
        )  # fmt: skip

    def role(self, name: str) -> str:
        """The scenario that plays a part in the questions, or nothing."""
        scenario = self.case.roles.get(name, "")
        return scenario if scenario in self.solved else ""

    def basis(self, scenario: str, year: int, form: str) -> tuple[str, ...]:
        """Rows behind the supply of a form to the importer in a scenario and year."""
        solved = self.solved[scenario]
        return (
            *basis_of(solved.result, solved.result.year(year), self.case.importer, form),
            *model_basis(solved),
        )

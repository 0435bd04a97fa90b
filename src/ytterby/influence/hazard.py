# SPDX-License-Identifier: Apache-2.0
"""How probably an exporter starts to restrict a mineral towards an importer in a year, with intervals.

Two rates add up. Restrictions towards everyone come at a rate per supplier, mineral and year, by class of the supplier's
dominance and of whether it restricted the mineral before. Restrictions aimed at one importer come at a rate per supplier,
mineral, importer and year, by political distance of the pair and, again, whether the mineral was restricted before.

    k ~ Poisson(lambda n),  lambda ~ Gamma(a, a / mean)   =>   lambda | k ~ Gamma(a + k, a / mean + n)

k restrictions and n exposed years of a class; `mean` is the constant rate, to which classes with few years are drawn with
the weight of a restrictions. That weight is the one under which the same counts are likeliest (empirical Bayes), so years
that are left out have no say in it. `drawing` draws from it, `lengths` counts how long acts last. Not done here: how much a
restriction cuts.

References
----------
Efron, Hastie (2016), Computer Age Statistical Inference, chapter 6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from ytterby.errors import FactError, allowed_names, quoted
from ytterby.facts import FactBase
from ytterby.influence.exposure import DISTANCES, DOMINANCES, Distances, Supplier, importers, suppliers
from ytterby.influence.lengths import BAN, lifted
from ytterby.influence.rates import Class, Rate, fit, weight
from ytterby.influence.restrictions import LeftOut, Restriction, restrictions

AGAIN, FIRST = BEFORES = "restricted before", "never restricted"
EVERYONE, AIMED = "towards everyone", "aimed at an importer"
PREFIX = "hazard."


@dataclass(frozen=True)
class Tally:
    """Restrictions and exposed years by class and year."""

    events: Mapping[tuple[Class, int], int]
    exposed: Mapping[tuple[Class, int], float]

    @property
    def years(self) -> tuple[int, ...]:
        """Years with exposure."""
        return tuple(sorted({year for _, year in self.exposed}))

    def sums(self, years: Iterable[int]) -> dict[Class, tuple[int, float]]:
        """Restrictions and exposed years of each class over some years."""
        chosen = set(years)
        found: dict[Class, tuple[int, float]] = {}
        for (name, year), exposed in self.exposed.items():
            if year in chosen:
                k, n = found.get(name, (0, 0.0))
                found[name] = (k + self.events.get((name, year), 0), n + exposed)
        return found


@dataclass(frozen=True)
class Hazard:
    """Rates by class, what they rest on, and what was left out; `priors` are the weights of the constant rates.

    `ends` are the rates at which acts in force end, by class of act.
    """

    everyone: Mapping[Class, Rate]
    aimed: Mapping[Class, Rate]
    ends: Mapping[Class, Rate]
    tallies: Mapping[str, Tally]
    priors: Mapping[str, float]
    suppliers: Mapping[tuple[str, str], Supplier]
    distances: Distances
    importers: tuple[str, ...]
    restrictions: tuple[Restriction, ...]
    left_out: tuple[LeftOut, ...]
    years: tuple[int, int]
    basis: tuple[str, ...]

    @property
    def bans(self) -> int:
        """How many of the restrictions are bans."""
        return sum(one.kind == BAN for one in self.restrictions)

    def supplier(self, exporter: str, mineral: str) -> Supplier:
        """The supplier of a mineral.

        Raises
        ------
        FactError : the exporter does not supply it, by the stated least share; names what it does supply
        """
        found = self.suppliers.get((exporter, mineral))
        if found is None:
            own = [m for e, m in self.suppliers if e == exporter]
            known = allowed_names(mineral, own) if own else "no mineral"
            raise FactError(
                f"hazard of {exporter}", quoted(mineral), known, "name a mineral that the exporter supplies"
            )
        return found

    def before(self, exporter: str, mineral: str) -> str:
        """Whether the exporter has restricted the mineral towards everyone by now."""
        hit = any((r.exporter, r.mineral, r.importer) == (exporter, mineral, None) for r in self.restrictions)
        return AGAIN if hit else FIRST

    def parts(self, exporter: str, importer: str, mineral: str) -> tuple[Rate, Rate]:
        """The rate towards everyone and the rate aimed at the importer."""
        own, before = self.supplier(exporter, mineral), self.before(exporter, mineral)
        apart, _ = self.distances.between(exporter, importer)
        return self.everyone[own.dominance, before], self.aimed[before, apart]


def rules_of(base: FactBase) -> dict[str, float]:
    """The stated parameters of the hazard by short name."""
    return {
        row["name"].removeprefix(PREFIX): row["value"]
        for row in base.rows("parameters")
        if row["name"].startswith(PREFIX)
    }


def hazard(base: FactBase) -> Hazard:
    """The hazard as the fact base knows it: counted from the stated first year to the last full year that is known.

    Raises
    ------
    FactError : on the date of the facts no full year, no supplier or no importer is known
    """
    rules = rules_of(base)
    supplying = suppliers(base, rules)
    first, last = int(rules["first_year"]), _last_full_year(base)
    apart, aimed_at = Distances.of(base, rules), importers(base, rules)
    if last < first or not supplying or not aimed_at:
        found = f"full years {first} to {last}, {len(supplying)} suppliers, {len(aimed_at)} importers"
        raise FactError("hazard", found, "at least one of each", "run as of a later date")
    counted, left = restrictions(base, {one.mineral for one in supplying}, last)
    supplied = {(one.exporter, one.mineral) for one in supplying}
    left += [
        LeftOut(r.id, r.mineral, "the exporter's share of production is below the least")
        for r in counted
        if (r.exporter, r.mineral) not in supplied
    ]
    used = [r for r in counted if (r.exporter, r.mineral) in supplied]
    years = range(first, last + 1)
    tallies = {
        EVERYONE: tally_everyone(supplying, used, years),
        AIMED: tally_aimed(supplying, used, years, aimed_at, apart),
    }
    sums = {name: tally.sums(years) for name, tally in tallies.items()}
    priors = {name: weight(counts) for name, counts in sums.items()}
    rates = {name: fit(counts, priors[name]) for name, counts in sums.items()}
    ends, behind = lifted(base, used, last)
    stated = [row["id"] for row in base.rows("parameters") if row["name"].startswith(PREFIX)]
    return Hazard(
        rates[EVERYONE], rates[AIMED], ends, tallies, priors,
        {(one.exporter, one.mineral): one for one in supplying}, apart, aimed_at, tuple(used), tuple(left),
        (first, last), tuple(dict.fromkeys([*(r.id for r in used), *behind, *stated])),
    )  # fmt: skip


def _last_full_year(base: FactBase) -> int:
    """The year before the newest policy that is known, or before the date of the facts."""
    newest = max((row["known"] or "" for row in base.rows("policies")), default="")
    return int((base.as_of or newest)[:4]) - 1


def tally_everyone(of: Sequence[Supplier], counted: Sequence[Restriction], years: Sequence[int]) -> Tally:
    """Exposed supplier-minerals and those that start a restriction towards everyone, by class and year."""
    started = _towards_everyone(counted)
    exposed = dict.fromkeys(product(product(DOMINANCES, BEFORES), years), 0.0)
    events = dict.fromkeys(exposed, 0)
    for one, year in product(of, years):
        own = started.get((one.exporter, one.mineral), set())
        name = (one.dominance, _before(own, year))
        exposed[name, year] += 1
        events[name, year] += year in own
    return Tally(events, exposed)


def tally_aimed(
    of: Sequence[Supplier], counted: Sequence[Restriction], years: Sequence[int], aimed_at: Sequence[str],
    apart: Distances,
) -> Tally:  # fmt: skip
    """Exposed supplier-mineral-importers and restrictions aimed at one of them, by class and year."""
    started = _towards_everyone(counted)
    pairs = {
        exporter: Counter(apart.between(exporter, place)[0] for place in aimed_at if place != exporter)
        for exporter in {one.exporter for one in of}
    }
    exposed = dict.fromkeys(product(product(BEFORES, DISTANCES), years), 0.0)
    events = dict.fromkeys(exposed, 0)
    for one, year in product(of, years):
        before = _before(started.get((one.exporter, one.mineral), set()), year)
        for distance, number in pairs[one.exporter].items():
            exposed[(before, distance), year] += number
    hits = {(r.exporter, r.mineral, r.importer, r.year) for r in counted if r.importer in aimed_at}
    for exporter, mineral, importer, year in hits:
        before = _before(started.get((exporter, mineral), set()), year)
        events[(before, apart.between(exporter, str(importer))[0]), year] += 1
    return Tally(events, exposed)


def _towards_everyone(counted: Sequence[Restriction]) -> dict[tuple[str, str], set[int]]:
    """Years in which an exporter starts to restrict a mineral towards everyone."""
    started: dict[tuple[str, str], set[int]] = {}
    for r in counted:
        if r.importer is None:
            started.setdefault((r.exporter, r.mineral), set()).add(r.year)
    return started


def _before(own: Iterable[int], year: int) -> str:
    return AGAIN if any(then < year for then in own) else FIRST

# SPDX-License-Identifier: Apache-2.0
"""Restrictions drawn from the hazard: in which year one starts towards everyone, and one aimed at the importer.

Each class rate is drawn from its posterior once a draw, so what shares a class moves together. A restriction towards everyone
is one event for all importers. Every rate and event has a stream of its own, named after it: asking for more minerals,
importers or years moves nothing that was drawn without them. How long a stop lasts is drawn beside it, from the record of bans.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ytterby.influence.hazard import AIMED, EVERYONE, Hazard
from ytterby.influence.lengths import BANS
from ytterby.influence.rates import ENDS, Rate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Years = NDArray[np.int64]
    Numbers = NDArray[np.float64]

Asked = tuple[str, str, str]
NEVER = 0
LONGEST = 1000


@dataclass(frozen=True)
class Starts:
    """Drawn years of a start by what was asked for: (exporter, importer, mineral).

    `everyone`, `aimed` : calendar years, or 0 where nothing starts, of shape (draws, asked)
    `rate_everyone`, `rate_aimed` : the rates a year of each draw, of the same shape
    """

    asked: tuple[Asked, ...]
    everyone: Years = field(repr=False)
    aimed: Years = field(repr=False)
    rate_everyone: Numbers = field(repr=False)
    rate_aimed: Numbers = field(repr=False)

    @property
    def first(self) -> Years:
        """The earlier of the two years, 0 without either."""
        import numpy as np

        both = np.minimum(self.everyone, self.aimed)
        return np.where(both == NEVER, np.maximum(self.everyone, self.aimed), both)


def draws(seed: int, n: int, of: Hazard, asked: Sequence[Asked], years: Sequence[int]) -> Starts:
    """Draw in which of the years an exporter starts to restrict a mineral towards an importer.

    Parameters
    ----------
    seed : 0 or more; the same seed gives the same draws
    n : number of draws
    of : the hazard
    asked : (exporter, importer, mineral) of each question
    years : calendar years, rising

    Raises
    ------
    FactError : an exporter does not supply a mineral
    """
    import numpy as np

    parts, stream = [of.parts(*one) for one in asked], _streams(seed)
    shape = (n, len(parts))
    everyone, aimed = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    rate_everyone, rate_aimed = np.zeros(shape), np.zeros(shape)
    for column, ((exporter, importer, mineral), (to_all, to_one)) in enumerate(
        zip(asked, parts, strict=True)
    ):
        rate_everyone[:, column] = _rates(stream, EVERYONE, to_all, n)
        rate_aimed[:, column] = _rates(stream, AIMED, to_one, n)
        all_waits = stream(exporter, mineral).exponential(1.0, n)
        one_waits = stream(exporter, mineral, importer).exponential(1.0, n)
        everyone[:, column] = _years(all_waits, rate_everyone[:, column], years)
        aimed[:, column] = _years(one_waits, rate_aimed[:, column], years)
    return Starts(tuple(asked), everyone, aimed, rate_everyone, rate_aimed)


def lengths(seed: int, n: int, of: Hazard, asked: Asked) -> Years:
    """Draw how many whole years a stop lasts, as bans have lasted: one towards everyone, one aimed at the importer.

    Years are rounded, at least one and at most LONGEST. Without any ban to learn from a stop is for good, 0.

    Returns
    -------
    array of shape (n, 2)
    """
    import numpy as np

    if BANS not in of.ends:
        return np.zeros((n, 2), dtype=np.int64)
    stream, (exporter, importer, mineral) = _streams(seed), asked
    rates = _rates(stream, "ends", of.ends[BANS], n)
    waits = [
        stream("lasts", *names).exponential(1.0, n)
        for names in ((exporter, mineral), (exporter, mineral, importer))
    ]
    years = np.stack(waits, axis=1) / rates[:, np.newaxis]
    return np.clip(np.rint(years), 1, LONGEST).astype(np.int64)


def _streams(seed: int) -> Callable[..., np.random.Generator]:
    """A generator for each name, so that asking for more moves nothing."""
    import numpy as np

    return lambda *names: np.random.default_rng([seed, *"/".join(names).encode()])


def _rates(stream: Callable[..., np.random.Generator], which: str, rate: Rate, n: int) -> Numbers:
    return stream("rate", which, *rate.name).gamma(rate.shape, 1 / rate.inverse_scale, n)


def _years(waits: Numbers, rates: Numbers, years: Sequence[int]) -> Years:
    """The year into which a wait of unit rate falls, 0 beyond the last; a year brings a start with 1 - exp(-rate)."""
    import numpy as np

    span = np.asarray(years, dtype=np.int64)
    found = np.full(waits.shape, NEVER, dtype=np.int64)
    hit = waits < rates * span.size
    at = np.minimum(np.floor(waits[hit] / rates[hit]).astype(np.int64), span.size - 1)
    found[hit] = span[at]
    return found


@dataclass(frozen=True)
class Chance:
    """Share of the draws of a question that start in a year, and by then.

    `low` and `high` are the 90 % interval of the chance by then: nine tenths of the drawn rates give one between them.
    """

    exporter: str
    importer: str
    mineral: str
    year: int
    starts: float
    by_then: float
    low: float
    high: float


def chances(starts: Starts, years: Sequence[int]) -> list[Chance]:
    """The chances of every question in the years that were drawn over."""
    import numpy as np

    found = []
    for column, one in enumerate(starts.asked):
        first = starts.first[:, column]
        rates = starts.rate_everyone[:, column] + starts.rate_aimed[:, column]
        for number, year in enumerate(years, 1):
            low, high = np.quantile(-np.expm1(-rates * number), ENDS)
            by_then = (first != NEVER) & (first <= year)
            found.append(
                Chance(
                    *one, year, float((first == year).mean()), float(by_then.mean()), float(low), float(high)
                )
            )
    return found

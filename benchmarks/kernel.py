# SPDX-License-Identifier: Apache-2.0
"""The kernel against its rivals, medians of CPU time in one run: drawn chains, and the real rare-earth years."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from statistics import median
from typing import Any
from unittest.mock import patch

import clarabel
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ytterby.programme import Family, Programme, Solution, solve

SIZES = ((40, 3_500), (100, 20_000))
RUNS = 9
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")
LIMIT = 120.0  # seconds for HiGHS

FORMS = ("ore", "light oxide", "heavy oxide", "metal", "magnet")
SHARES = (0.7, 0.1, 0.2)  # of an ore: light oxide, heavy oxide, what nobody wants
DISPOSAL = 1e-3
LOCAL = 10  # columns a place without trade
FLAT = (0.05, 0.3, 1.0)  # shares of the trade columns


@dataclass(frozen=True)
class Columns:
    """Columns under construction: rows, coefficients, cost, slope and bound of each."""

    entries: list[tuple[int, int, float]]
    costs: list[tuple[float, float, float]]

    def add(self, terms: dict[int, float], c: float, q: float, upper: float = np.inf) -> None:
        """Add a column."""
        self.entries.extend((row, len(self.costs), value) for row, value in terms.items())
        self.costs.append((c, q, upper))


def chain(places: int, columns: int, seed: int = 0) -> Programme:
    """A chain of five forms in many places; what is left of `columns` after mines, plants and uses is trade.

    Mines and uses have rising cost and falling value over quantities that span three powers of ten; a plant turns ore
    into light and heavy oxide in fixed shares, oxides beyond use may be disposed of for nothing, plants have capacities,
    trade has a cost that rises slightly.
    """
    random = np.random.default_rng(seed)
    built = Columns([], [])
    size = 10 ** random.uniform(0, 3, places)
    node = np.arange(places * len(FORMS)).reshape(len(FORMS), places)
    for place in range(places):
        _local(built, node[:, place], float(size[place]), random)
    while len(built.costs) < columns:
        form = int(random.integers(len(FORMS)))
        start, end = (int(i) for i in random.choice(places, 2, replace=False))
        usual = float(np.sqrt(size[start] * size[end]))
        cost = random.uniform(0.5, 8)
        upper = usual * random.uniform(0.05, 0.5) if random.random() < 0.2 else np.inf
        built.add({node[form, start]: -1.0, node[form, end]: 1.0}, cost, 2.0 / usual, upper)
    rows, owners, values = zip(*built.entries, strict=True)
    A = sparse.csc_matrix((values, (rows, owners)), shape=(node.size, len(built.costs)))
    figures = np.array(built.costs)
    return Programme(A, np.zeros(node.size), figures[:, 0], figures[:, 1], figures[:, 2])


def _local(built: Columns, node: NDArray[np.int64], size: float, random: np.random.Generator) -> None:
    """Mine, plants, uses and disposal of one place."""
    ore, light, heavy, metal, magnet = (int(i) for i in node)
    mine, plant, use = (size * 10 ** random.uniform(-1, 1) for _ in range(3))
    built.add({ore: 1.0}, random.uniform(5, 20), 10.0 / mine, 3 * mine)
    left, right, _ = SHARES
    built.add({ore: -1.0, light: left, heavy: right}, random.uniform(2, 6), 1.0 / plant, 2 * plant)
    built.add({light: -0.9, heavy: -0.1, metal: 0.85}, random.uniform(3, 9), 1.0 / plant, 2 * plant)
    built.add({metal: -0.35, light: -0.02, magnet: 1.0}, random.uniform(5, 15), 2.0 / plant, 2 * plant)
    for row, value in ((light, 40.0), (heavy, 120.0), (metal, 70.0), (magnet, 150.0)):
        built.add({row: -1.0}, -value * random.uniform(0.7, 1.3), value / (0.5 * use))
    for row in (light, heavy):
        built.add({row: -1.0}, 0.0, DISPOSAL / size)


def neighbours(programme: Programme, count: int, seed: int = 1) -> Iterator[Programme]:
    """Programmes near a given one: costs and slopes off by some 3 %, bounds by 5 %."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        yield replace(
            programme,
            c=programme.c * random.lognormal(0, 0.03, programme.c.size),
            q=programme.q * random.lognormal(0, 0.03, programme.q.size),
            upper=programme.upper * random.lognormal(0, 0.05, programme.upper.size),
        )


def flattened(programme: Programme, places: int, share: float, seed: int = 2) -> Programme:
    """The same chain with q = 0 on a share of the trade columns, which follow ten columns a place."""
    drawn = np.random.default_rng(seed).random(programme.q.size) < share
    drawn[: places * LOCAL] = False
    return replace(programme, q=np.where(drawn, 0.0, programme.q))


def seconds(work: Callable[[Any], Any], inputs: Iterable[Any]) -> float:
    """Median CPU time over inputs."""
    times = []
    for one in inputs:
        started = time.process_time()
        work(one)
        times.append(time.process_time() - started)
    return median(times)


class WarmClarabel:
    """Clarabel built once, its costs, slopes and bounds replaced in place."""

    def __init__(self, programme: Programme) -> None:
        columns = programme.c.size
        self.bounded = np.flatnonzero(np.isfinite(programme.upper))
        unit = sparse.identity(columns, format="csc")
        rows = sparse.vstack([programme.A, -unit, unit[self.bounded]], format="csc")
        settings = clarabel.DefaultSettings()
        settings.verbose, settings.presolve_enable = False, False
        cones = [
            clarabel.ZeroConeT(programme.b.size),
            clarabel.NonnegativeConeT(columns + self.bounded.size),
        ]
        self.solver = clarabel.DefaultSolver(
            sparse.diags(programme.q, format="csc"),
            programme.c,
            rows,
            self._right(programme),
            cones,
            settings,
        )

    def _right(self, programme: Programme) -> np.ndarray[Any, np.dtype[np.float64]]:
        return np.concatenate([programme.b, np.zeros(programme.c.size), programme.upper[self.bounded]])

    def solve(self, programme: Programme) -> float:
        """The objective of a programme of the same structure."""
        self.solver.update(q=programme.c, P=programme.q[programme.q > 0], b=self._right(programme))
        return float(self.solver.solve().obj_val)


def linopy_with_highs(programme: Programme) -> tuple[float, float]:
    """CPU seconds to build and solve with linopy and HiGHS, and the objective; nan where HiGHS is not done in `LIMIT`."""
    import linopy
    import pandas as pd
    from xarray import DataArray

    linopy.options["semantics"] = "v1"
    started = time.process_time()
    entries = programme.A.tocoo()
    columns = pd.RangeIndex(programme.c.size, name="column")
    nodes = pd.RangeIndex(programme.b.size, name="node")
    entry = pd.RangeIndex(entries.nnz, name="entry")
    c, half, upper = (DataArray(v, [columns]) for v in (programme.c, programme.q / 2, programme.upper))
    model = linopy.Model()
    x = model.add_variables(lower=0.0, upper=upper, coords=[columns], name="x")
    ends = x.to_linexpr().sel(column=DataArray(entries.col, [entry])).drop_vars("column")
    left = (
        (DataArray(entries.data, [entry]) * ends).groupby(DataArray(entries.row, [entry], name="node")).sum()
    )
    model.add_constraints(left == DataArray(programme.b, [nodes]), name="balance")
    model.add_objective((c * x + half * x * x).sum())
    status, _ = model.solve("highs", io_api="direct", time_limit=LIMIT, output_flag=False)
    return time.process_time() - started, float(model.objective.value or np.nan) if status == "ok" else np.nan


@dataclass(frozen=True)
class Compared:
    """The kernel beside Clarabel: median seconds cold and warm, solutions of the neighbours, how far objectives are apart."""

    start: Solution
    cold: float
    cold_clarabel: float
    warm: float
    warm_clarabel: float
    found: tuple[Solution, ...]
    apart: float

    @property
    def methods(self) -> str:
        """What solved the neighbours."""
        return ", ".join(sorted({one.method for one in self.found}))


def beside_clarabel(programme: Programme) -> Compared:
    """Solve a programme cold and its neighbours warm, by both."""
    family = Family(programme.A)
    cold = seconds(solve, [programme] * 3)
    cold_clarabel = seconds(lambda p: solve(p, method="clarabel"), [programme] * 3)
    start = family.solve(programme.b, programme.c, programme.q, programme.upper)
    near = list(neighbours(programme, RUNS))
    found: list[Solution] = []
    warm = seconds(lambda p: found.append(family.solve(p.b, p.c, p.q, p.upper, start=start)), near)
    rival = WarmClarabel(programme)
    rival.solve(programme)
    values: list[float] = []
    warm_clarabel = seconds(lambda p: values.append(rival.solve(p)), near)
    apart = max(abs(one.objective / value - 1) for one, value in zip(found, values, strict=True))
    return Compared(start, cold, cold_clarabel, warm, warm_clarabel, tuple(found), apart)


def compare(name: str, programme: Programme) -> None:
    """Print one instance."""
    both = beside_clarabel(programme)
    start, warm = both.start, both.warm
    print(f"kernel: {name}: cold {both.cold * 1e3:.1f} ms, Clarabel {both.cold_clarabel * 1e3:.1f} ms")
    print(f"kernel: {name}: warm {warm * 1e3:.2f} ms, Clarabel {both.warm_clarabel * 1e3:.1f} ms, "
          f"{both.warm_clarabel / warm:.0f} x (goal 40), objectives apart by {both.apart:.0e}, "
          f"{median(one.iterations for one in both.found):.0f} steps, {both.methods}")  # fmt: skip
    if find_spec("linopy") is None:
        print(f"kernel: {name}: linopy is not installed (group bench), so it is not compared")
    else:
        took, value = linopy_with_highs(programme)
        print(f"kernel: {name}: linopy and HiGHS {took:.1f} s, {took / warm:.0f} x (goal 1000), "
              f"objectives apart by {abs(start.objective / value - 1):.0e}")  # fmt: skip


def compare_flat(name: str, programme: Programme) -> None:
    """Print one instance with flat columns: the proximal loop against Clarabel, both cold and warm."""
    both = beside_clarabel(programme)
    print(f"kernel: {name}: cold {both.cold * 1e3:.0f} ms, Clarabel {both.cold_clarabel * 1e3:.0f} ms; "
          f"warm {both.warm * 1e3:.1f} ms, Clarabel {both.warm_clarabel * 1e3:.0f} ms, "
          f"{both.warm_clarabel / both.warm:.1f} x, objectives apart by {both.apart:.0e}, {both.methods}")  # fmt: skip


def real_years() -> None:
    """Print the rare-earth scenario, all years, warm."""
    from ytterby.facts import load
    from ytterby.scenario import as_known
    from ytterby.study import load_case, run
    from ytterby.supply import solving

    base = load(())
    case, _ = as_known(load_case("central-asia").with_actors(), base)
    taken: list[float] = []

    class Timed(Family):
        def solve(self, *arguments: Any, **options: Any) -> Solution:
            started = time.process_time()
            found = super().solve(*arguments, **options)
            taken.append(time.process_time() - started)
            return found

    with patch.object(solving, "Family", Timed):
        run.solve_scenario(case, base, case.scenario("reference"), run.prepare(case, base))
    print(f"kernel: rare earths, {len(taken)} years in sequence: {sum(taken) * 1e3:.0f} ms (goal 50), "
          f"median year {median(taken) * 1e3:.2f} ms")  # fmt: skip


def main() -> None:
    """Print all."""
    threads = {os.environ.get(name, "unlimited") for name in THREADS}
    print(f"kernel: threads {' or '.join(sorted(threads))}, Python {platform.python_version()}, {platform.machine()}, "
          f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")  # fmt: skip
    for places, columns in SIZES:
        programme = chain(places, columns)
        compare(f"{places * 5} nodes x {columns} columns", programme)
        for share in FLAT:
            name = f"{places * 5} nodes x {columns} columns, q = 0 on {share:.0%} of trade"
            compare_flat(name, flattened(programme, places, share))
    real_years()


if __name__ == "__main__":
    main()

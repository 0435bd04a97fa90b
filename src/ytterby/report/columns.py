# SPDX-License-Identifier: Apache-2.0
"""Large tables as arrays by column, written to CSV and Parquet without a detour over rows.

Columns hold texts, whole numbers or numbers; a number that is not one (nan) is an empty cell.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.chain import YearResult
from ytterby.facts.trade import connect
from ytterby.study import AnswerSet, Measure, Solved

Arrays = Mapping[str, NDArray[Any]]
NOTHING = 1e-6


def write_arrays(arrays: Arrays, folder: Path, name: str) -> None:
    """Write columns of one length as NAME.csv and NAME.parquet into a folder."""
    connection = connect()
    connection.register("arrays", dict(arrays))
    for ending, options in ((".csv", "FORMAT csv, HEADER"), (".parquet", "FORMAT parquet, COMPRESSION zstd")):
        target = str(folder / f"{name}{ending}").replace("'", "''")
        connection.execute(f"COPY (SELECT * FROM arrays) TO '{target}' ({options})")  # noqa: S608 - our own path


def measure_arrays(answers: AnswerSet) -> Arrays:
    """The measures of all variants, as columns."""
    found: Sequence[tuple[str, Measure]] = answers.measures
    texts = {"variant": [variant for variant, _ in found], "scenario": [m.scenario for _, m in found]}
    names = {"measure": [m.measure for _, m in found], "form": [m.form for _, m in found]}
    return {
        **{name: _texts(cells) for name, cells in texts.items()},
        "year": np.array([m.year for _, m in found]),
        **{name: _texts(cells) for name, cells in names.items()},
        "value": np.array([m.value for _, m in found]),
        "unit": _texts([m.unit for _, m in found]),
    }


def flow_arrays(solved: Mapping[str, Solved]) -> Arrays:
    """Flows of all scenarios and years, as columns; what neither flows nor earns a rent is left out."""
    return _stacked([part for one in solved.values() for part in _flows(one)])


def price_arrays(solved: Mapping[str, Solved]) -> Arrays:
    """Prices of all scenarios and years, as columns; balances without a price are left out."""
    return _stacked([part for one in solved.values() for part in _prices(one)])


def _flows(solved: Solved) -> Iterator[Arrays]:
    activities = solved.result.activities
    words = {
        name: _texts([getattr(activity, name) for activity in activities])
        for name in ("kind", "name", "place", "partner", "form")
    }
    for year in solved.result.years:
        at = np.flatnonzero((year.flows > NOTHING) | (year.rents > NOTHING))
        capacity = np.where(np.isfinite(year.capacity[at]), year.capacity[at], np.nan)
        numbers = {"tonnes": year.flows[at], "capacity": capacity, "rent": year.rents[at]}
        yield {
            **_when(solved, year, at.size),
            **{name: cells[at] for name, cells in words.items()},
            **numbers,
        }


def _prices(solved: Solved) -> Iterator[Arrays]:
    places = _texts([place for place, _ in solved.result.balances])
    forms = _texts([form for _, form in solved.result.balances])
    for year in solved.result.years:
        at = np.flatnonzero(np.isfinite(year.prices))
        yield {
            **_when(solved, year, at.size), "place": places[at], "form": forms[at], "usd_per_t": year.prices[at],
        }  # fmt: skip


def _when(solved: Solved, year: YearResult, rows: int) -> Arrays:
    return {"scenario": _texts([solved.scenario.name] * rows), "year": np.full(rows, year.year)}


def _texts(cells: Sequence[str]) -> NDArray[Any]:
    return np.array(cells, dtype=object)


def _stacked(parts: Sequence[Arrays]) -> Arrays:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

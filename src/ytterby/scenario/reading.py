# SPDX-License-Identifier: Apache-2.0
"""Reading cases and scenarios from TOML: every entry checked, all problems of a file at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from ytterby.errors import Problem, ScenarioError, allowed_names, quoted
from ytterby.scenario.changes import (
    ANY,
    Ban,
    Change,
    Closure,
    Conduct,
    DepositTaken,
    Floor,
    HazardDraw,
    PlantChange,
    Quota,
    Reserve,
    Tariff,
)
from ytterby.scenario.definitions import ROLES, Case, Scenario
from ytterby.scenario.entries import (
    BAN_KEYS,
    CASE_KEYS,
    CLOSURE_KEYS,
    CONDUCT_KEYS,
    DEPOSIT_KEYS,
    FLOOR_KEYS,
    HAZARD_KEYS,
    PLANT_KEYS,
    QUOTA_KEYS,
    RESERVE_KEYS,
    SCENARIO_KEYS,
    TARIFF_KEYS,
    Keys,
    Reader,
    Row,
)

CASE_FILE = "case.toml"


def _conduct(supplier: str, **found: Any) -> Conduct:
    return Conduct(exporter=supplier, importer=ANY, **found)


def _plant_change(**found: Any) -> PlantChange:
    return PlantChange(found["plant"], found.get("add", False), found["set"], found["reason"], found["basis"])


def _reserve(**found: Any) -> Reserve:
    return Reserve(**{"share": None, **found})


# Word of a table -> where its changes stand in a scenario, what a row may hold, what makes a change of it.
ROWS: Mapping[str, tuple[str, Keys, Callable[..., Change]]] = {
    "ban": ("bans", BAN_KEYS, Ban),
    "quota": ("quotas", QUOTA_KEYS, Quota),
    "tariff": ("tariffs", TARIFF_KEYS, Tariff),
    "floor": ("floors", FLOOR_KEYS, Floor),
    "conduct": ("conducts", CONDUCT_KEYS, _conduct),
    "closure": ("closures", CLOSURE_KEYS, Closure),
    "reserve": ("reserves", RESERVE_KEYS, _reserve),
    "plant": ("plants", PLANT_KEYS, _plant_change),
    "hazard": ("hazards", HAZARD_KEYS, HazardDraw),
    "deposit": ("deposits", DEPOSIT_KEYS, DepositTaken),
}


def cases_folder() -> Path:
    """The shipped cases: inside the installed package, or beside `src` in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "cases", package.parents[1] / "cases"):
        if folder.is_dir():
            return folder
    raise ScenarioError("cases folder", "none", "the shipped cases", "install the package anew")


def case_names() -> tuple[str, ...]:
    """Names of the shipped cases."""
    return tuple(sorted(path.parent.name for path in cases_folder().glob(f"*/{CASE_FILE}")))


def load_case(name: str) -> Case:
    """Read a case by name, or by the path of its folder.

    Raises
    ------
    ScenarioError : no such case; broken TOML; a missing, unknown or wrong entry (all of a file's problems at once)
    """
    folder = next(
        (f for f in (Path(name), cases_folder() / name) if _stands(Path.is_file, f / CASE_FILE)), None
    )
    if folder is None:
        folders = name and _stands(Path.is_dir, Path(name))
        found = f"folder {quoted(name)} without {CASE_FILE}" if folders else f"case {quoted(name)}"
        raise ScenarioError("cases", found, allowed_names(name, case_names()), "name a case or its folder")
    reader = Reader(folder / CASE_FILE)
    content = reader.table(_read(folder / CASE_FILE), CASE_KEYS, "")
    reader.done()
    scenarios = _scenarios(folder / "scenarios")
    case = Case(name=folder.resolve().name, scenarios=scenarios, **content)
    reader.problems += _misfits(case, str(folder / CASE_FILE))
    reader.done()
    return case


def _stands(test: Callable[[Path], bool], path: Path) -> bool:
    """Whether there is such a thing; where no path can lead there is none."""
    try:
        return test(path)
    except (OSError, ValueError):
        return False


def _misfits(case: Case, file: str) -> Iterator[Problem]:
    """What does not fit together within a case."""
    years, names = case.report_years, [scenario.name for scenario in case.scenarios]
    if case.importer == case.supplier:
        yield Problem(
            file, "", "supplier", quoted(case.supplier), "another country than the importer", "name two"
        )
    if len(set(case.region)) < len(case.region):
        yield Problem(
            file, "", "region", ", ".join(case.region), "each country once", "leave out the repetition"
        )
    if case.last_year <= case.base_year:
        yield Problem(file, "", "last_year", str(case.last_year), f"a year after {case.base_year}", "move it")
    elif len(years) < 2 or list(years) != sorted({*years} & {case.base_year, *case.years}):
        found, allowed = (
            ", ".join(map(str, years)),
            f"two or more rising years from {case.base_year} to {case.last_year}",
        )
        yield Problem(file, "", "report_years", found, allowed, "correct the list")
    else:
        yield from _too_late(case, file)
    for role, name in case.roles.items():
        if role not in ROLES:
            yield Problem(
                file, "roles", quoted(role), "an unknown role", ", ".join(ROLES), "rename or remove it"
            )
        elif name not in names:
            allowed = allowed_names(str(name), names)
            yield Problem(file, "roles", role, quoted(name), allowed, "name a scenario of the case")


def _too_late(case: Case, file: str) -> Iterator[Problem]:
    """Changes of scenarios that start when the case is over: they would hit nothing."""
    for scenario in case.scenarios:
        firsts = (change.first for change in (*scenario.policies, *scenario.closures))
        for first in (*firsts, *(taken.start for taken in scenario.deposits)):
            if first > case.last_year:
                where, allowed = f"scenario {scenario.name}", f"up to {case.last_year}"
                yield Problem(file, where, "start", str(first), allowed, "start it within the case's years")


def _read(path: Path) -> Row:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ScenarioError(
            str(path), f"byte {error.start} that is not UTF-8", "UTF-8 text", "save it as UTF-8"
        ) from None
    except ValueError as error:
        raise ScenarioError(str(path), f"no valid TOML: {error}", "TOML", "mend that line") from None
    except RecursionError:
        raise ScenarioError(str(path), "brackets within brackets too deep", "TOML", "write it flat") from None
    except OSError as error:
        raise ScenarioError(
            str(path), error.strerror or "unreadable", "a readable file", "check the path"
        ) from None


def _scenarios(folder: Path) -> tuple[Scenario, ...]:
    files = {path.stem: path for path in sorted(folder.glob("*.toml"))}
    if "reference" not in files:
        raise ScenarioError(str(folder), "no reference.toml", "a scenario named reference", "add it")
    contents = {name: _read(path) for name, path in files.items()}
    return tuple(
        _scenario(name, files, contents, ())
        for name in sorted(files, key=lambda name: (name != "reference", name))
    )


def _scenario(
    name: str, files: Mapping[str, Path], contents: Mapping[str, Row], seen: tuple[str, ...]
) -> Scenario:
    reader = Reader(files[name])
    content = contents[name]
    head = reader.table(content, SCENARIO_KEYS, "", also=ROWS)
    rows = {word: _rows(reader, content, word) for word in ROWS}
    reader.one_rate(rows["tariff"])
    reader.done()
    parent = _parent(name, head.get("extends"), files, contents, seen)
    changes = {
        kind: (*getattr(parent, kind, ()), *(make(**row) for row in rows[word]))
        for word, (kind, _, make) in ROWS.items()
    }
    return Scenario(name, head["title"], head["description"], **changes)


def _rows(reader: Reader, content: Row, word: str) -> list[dict[str, Any]]:
    """The rows of one word; those that may have a last year have one, or None."""
    _, keys, _ = ROWS[word]
    return (reader.dated if "last" in keys else reader.rows)(content, word, keys)


def _parent(
    name: str,
    parent: str | None,
    files: Mapping[str, Path],
    contents: Mapping[str, Row],
    seen: tuple[str, ...],
) -> Scenario | None:
    if parent is None:
        return None
    if parent not in files or parent in (*seen, name):
        found = f"extends {quoted(parent)}" + (", which leads back to itself" if parent in files else "")
        raise ScenarioError(
            str(files[name]), found, allowed_names(parent, set(files) - {name}), "name another scenario"
        )
    return _scenario(parent, files, contents, (*seen, name))

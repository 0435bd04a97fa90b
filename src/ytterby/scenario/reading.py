# SPDX-License-Identifier: Apache-2.0
"""Reading cases and scenarios from TOML: every entry checked, all problems of a file at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ytterby.errors import Problem, ScenarioError, allowed_names, quoted
from ytterby.scenario.definitions import ROLES, Ban, Case, DepositTaken, PlantChange, Scenario

Row = Mapping[str, Any]
CASE_FILE = "case.toml"


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
    folder = next((f for f in (Path(name), cases_folder() / name) if _is_case(f)), None)
    if folder is None:
        raise ScenarioError(
            "cases", f"case {quoted(name)}", allowed_names(name, case_names()), "name a case or its folder"
        )
    reader = _Reader(folder / CASE_FILE)
    content = reader.table(_read(folder / CASE_FILE), CASE_KEYS, "")
    reader.done()
    scenarios = _scenarios(folder / "scenarios")
    case = Case(name=folder.resolve().name, scenarios=scenarios, **content)
    reader.problems += _misfits(case, str(folder / CASE_FILE))
    reader.done()
    return case


def _is_case(folder: Path) -> bool:
    try:
        return (folder / CASE_FILE).is_file()
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
        for first in (*(ban.first for ban in scenario.bans), *(taken.start for taken in scenario.deposits)):
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


Check = Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text that is not empty")
    return value


def _year(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1900 <= value <= 2200:
        raise ValueError("a year")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")  # noqa: TRY004 - the reader collects ValueErrors
    return value


def _many(check: Check) -> Check:
    def checked(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or not value:
            raise ValueError("a list that is not empty")
        return tuple(check(item) for item in value)

    return checked


def _columns(value: Any) -> Row:
    if not isinstance(value, dict) or not value:
        raise ValueError("a table of columns and values")
    return value


CASE_KEYS: Mapping[str, tuple[Check, bool]] = {
    "title": (_text, True), "question": (_text, True), "commodity": (_text, True), "importer": (_text, True),
    "supplier": (_text, True), "region": (_many(_text), True), "base_year": (_year, True), "last_year": (_year, True),
    "report_years": (_many(_year), True), "forms": (_many(_text), True), "demand_path": (_text, True),
    "claim": (_text, True), "statements": (_many(_text), False), "roles": (_columns, False),
}  # fmt: skip
SCENARIO_KEYS: Mapping[str, tuple[Check, bool]] = {
    "title": (_text, True),
    "description": (_text, True),
    "extends": (_text, False),
}
BAN_KEYS: Mapping[str, tuple[Check, bool]] = {
    "exporter": (_text, True), "importer": (_text, True), "form": (_text, True), "first": (_year, True),
    "last": (_year, False), "reason": (_text, True), "basis": (_text, True),
}  # fmt: skip
PLANT_KEYS: Mapping[str, tuple[Check, bool]] = {
    "plant": (_text, True), "add": (_flag, False), "set": (_columns, True), "reason": (_text, True), "basis": (_text, True),
}  # fmt: skip
DEPOSIT_KEYS: Mapping[str, tuple[Check, bool]] = {
    "place": (_text, True), "reading": (_text, True), "low": (_text, True), "high": (_text, True),
    "start": (_year, True), "reason": (_text, True), "basis": (_text, True),
}  # fmt: skip


class _Reader:
    """Reads tables of one file against their keys and collects the problems."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def table(
        self, found: Any, keys: Mapping[str, tuple[Check, bool]], where: str, also: Iterable[str] = ()
    ) -> dict[str, Any]:
        """The checked entries of one table; optional ones only where given."""
        if not isinstance(found, dict):
            self._problem(where, "", f"{found!r}", "a table", "write it as a table")
            return {}
        known = [*keys, *also]
        for name in found:
            if name not in known:
                self._problem(
                    where, name, "an unknown entry", allowed_names(name, known), "remove or rename it"
                )
        checked = {}
        for name, (check, needed) in keys.items():
            if name not in found:
                if needed:
                    self._problem(where, name, "no entry", "an entry", "add it")
                continue
            try:
                checked[name] = check(found[name])
            except ValueError as error:
                self._problem(where, name, quoted(found[name]), str(error), "correct it")
        return checked

    def rows(self, found: Row, name: str, keys: Mapping[str, tuple[Check, bool]]) -> list[dict[str, Any]]:
        """The checked rows of an array of tables."""
        rows = found.get(name, [])
        if not isinstance(rows, list):
            self._problem("", name, quoted(rows), f"an array of tables [[{name}]]", "use double brackets")
            return []
        return [self.table(row, keys, f"{name} {number}") for number, row in enumerate(rows, 1)]

    def late(self, bans: Sequence[Mapping[str, Any]]) -> None:
        """Note bans that end before they begin."""
        for number, ban in enumerate(bans, 1):
            if ban.get("last", ban.get("first", 0)) < ban.get("first", 0):
                first, last = ban["first"], ban["last"]
                self._problem(f"ban {number}", "last", f"{last}", f"{first} or later", "swap the years")

    def _problem(self, row: str, column: str, found: str, allowed: str, remedy: str) -> None:
        self.problems.append(Problem(str(self.path), row, column, found, allowed, remedy))

    def done(self) -> None:
        """Raise what was collected."""
        if self.problems:
            first = self.problems[0]
            text = (
                first.found
                if len(self.problems) == 1
                else f"{len(self.problems)} problems: " + "; ".join(map(str, self.problems))
            )
            raise ScenarioError(
                first.where if len(self.problems) == 1 else str(self.path), text, first.allowed, first.remedy
            )


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
    reader = _Reader(files[name])
    content = contents[name]
    head = reader.table(content, SCENARIO_KEYS, "", also=("ban", "plant", "deposit"))
    bans = reader.rows(content, "ban", BAN_KEYS)
    plants = reader.rows(content, "plant", PLANT_KEYS)
    deposits = reader.rows(content, "deposit", DEPOSIT_KEYS)
    reader.late(bans)
    reader.done()
    parent = _parent(name, head.get("extends"), files, contents, seen)
    return Scenario(
        name, head["title"], head["description"],
        (*(parent.bans if parent else ()), *(Ban(**{"last": None, **ban}) for ban in bans)),
        (*(parent.plants if parent else ()), *(_plant_change(plant) for plant in plants)),
        (*(parent.deposits if parent else ()), *(DepositTaken(**deposit) for deposit in deposits)),
    )  # fmt: skip


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


def _plant_change(found: Mapping[str, Any]) -> PlantChange:
    return PlantChange(found["plant"], found.get("add", False), found["set"], found["reason"], found["basis"])

# SPDX-License-Identifier: Apache-2.0
"""Cases and scenarios: TOML files read into frozen definitions, and what they change in the world.

A case names importer, supplier, region, years and scenarios. A scenario is an overlay: bans of flows, plants that are
changed or added, deposits taken at their word. Each change carries its reason and the row that it rests on; a change
that hits nothing is an error. Nothing is computed here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ytterby.chain import Activity
from ytterby.errors import Problem, ScenarioError, allowed_names, quoted
from ytterby.facts import FactBase

Row = Mapping[str, Any]
CASE_FILE = "case.toml"
ANY = "*"


@dataclass(frozen=True)
class Ban:
    """A flow that is shut from a year on (to a year, if given): no trade of `form` from exporter to importer.

    Exporter and importer are country ids, "*" for all, or the words "supplier" and "importer" for the case's own.
    """

    exporter: str
    importer: str
    form: str
    first: int
    last: int | None
    reason: str
    basis: str

    def hits(self, activity: Activity) -> bool:
        """Whether the ban is about this activity, whatever the year."""
        if activity.kind != "trade" or activity.partner == activity.place:
            return False
        whom = self.exporter in {ANY, activity.place} and self.importer in {ANY, activity.partner}
        what = self.form in (ANY, activity.form)
        return whom and (what or (self.form.endswith(ANY) and activity.form.startswith(self.form[:-1])))

    def holds(self, year: int) -> bool:
        """Whether the ban is in force in a year."""
        return self.first <= year and (self.last is None or year <= self.last)


@dataclass(frozen=True)
class PlantChange:
    """Columns of a plant that the scenario sets; `add` for a plant that the fact base does not have."""

    plant: str
    add: bool
    values: Mapping[str, Any]
    reason: str
    basis: str


@dataclass(frozen=True)
class DepositTaken:
    """A deposit mined as large as its tonnage and grade can carry, from a year on.

    `reading` is the row taken for the middle, `low` and `high` the readings at the ends.
    """

    place: str
    reading: str
    low: str
    high: str
    start: int
    reason: str
    basis: str


@dataclass(frozen=True)
class Scenario:
    """An overlay on the world."""

    name: str
    title: str
    description: str
    bans: tuple[Ban, ...] = ()
    plants: tuple[PlantChange, ...] = ()
    deposits: tuple[DepositTaken, ...] = ()


@dataclass(frozen=True)
class Case:
    """A question with its actors, years, forms and scenarios."""

    name: str
    title: str
    question: str
    commodity: str
    importer: str
    supplier: str
    region: tuple[str, ...]
    base_year: int
    last_year: int
    report_years: tuple[int, ...]
    forms: tuple[str, ...]
    demand_path: str
    claim: str
    scenarios: tuple[Scenario, ...] = field(repr=False)
    statements: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)

    def scenario(self, name: str) -> Scenario:
        """The scenario of that name.

        Raises
        ------
        ScenarioError : the case has none of that name
        """
        for scenario in self.scenarios:
            if scenario.name == name:
                return scenario
        names = [scenario.name for scenario in self.scenarios]
        raise ScenarioError(
            f"case {self.name}", f"scenario {quoted(name)}", allowed_names(name, names), "use one of these"
        )

    def with_actors(self) -> Case:
        """The case with its importer and supplier in the place of these words in the scenarios' bans."""
        actors = {"importer": self.importer, "supplier": self.supplier}

        def named(ban: Ban) -> Ban:
            exporter, importer = (
                actors.get(ban.exporter, ban.exporter),
                actors.get(ban.importer, ban.importer),
            )
            return replace(ban, exporter=exporter, importer=importer)

        scenarios = tuple(replace(s, bans=tuple(named(ban) for ban in s.bans)) for s in self.scenarios)
        return replace(self, scenarios=scenarios)

    @property
    def years(self) -> tuple[int, ...]:
        """The years that are solved after the base year."""
        return tuple(range(self.base_year + 1, self.last_year + 1))


def cases_folder() -> Path:
    """The shipped cases: inside the installed package, or beside `src` in a checkout."""
    package = Path(__file__).resolve().parent
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
    folder = Path(name) if (Path(name) / CASE_FILE).is_file() else cases_folder() / name
    if not (folder / CASE_FILE).is_file():
        raise ScenarioError(
            "cases", f"case {quoted(name)}", allowed_names(name, case_names()), "name a case or its folder"
        )
    reader = _Reader(folder / CASE_FILE)
    content = reader.table(_read(folder / CASE_FILE), CASE_KEYS, "")
    scenarios = _scenarios(folder / "scenarios")
    reader.done()
    return Case(name=folder.name, scenarios=scenarios, **content)


def _read(path: Path) -> Row:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ScenarioError(
            str(path), f"byte {error.start} that is not UTF-8", "UTF-8 text", "save it as UTF-8"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(str(path), f"no valid TOML: {error}", "TOML", "mend that line") from None
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


def check_case(case: Case, base: FactBase) -> None:
    """Check that a case's countries, statements and bases are in the fact base.

    Raises
    ------
    ScenarioError : an unknown country or row; the nearest valid names are given
    """
    countries = {row["id"] for row in base.rows("countries")}
    for role, names in (
        ("importer", [case.importer]),
        ("supplier", [case.supplier]),
        ("region", case.region),
    ):
        for name in names:
            if name not in countries:
                raise ScenarioError(
                    f"case {case.name} {role}",
                    quoted(name),
                    allowed_names(name, countries),
                    "use a country id",
                )
    if base.as_of is None:
        for scenario in case.scenarios:
            _check_bases(scenario, base)


def _check_bases(scenario: Scenario, base: FactBase) -> None:
    changes: tuple[Ban | PlantChange | DepositTaken, ...] = (
        *scenario.bans,
        *scenario.plants,
        *scenario.deposits,
    )
    for change in changes:
        if change.basis not in base.relation_of:
            raise ScenarioError(
                f"scenario {scenario.name}", f"basis {quoted(change.basis)}",
                allowed_names(change.basis, base.relation_of), "name the row that the change rests on",
            )  # fmt: skip


def as_known(case: Case, base: FactBase) -> tuple[Case, tuple[str, ...]]:
    """The case as it could be put on the date of the fact base, and what was left out.

    Changes of a scenario that rest on a row which was not known on that date are left out and named.
    """
    left: list[str] = []

    def known(scenario: Scenario, changes: Sequence[Any]) -> tuple[Any, ...]:
        unknown = [change for change in changes if change.basis not in base.relation_of]
        left.extend(f"{scenario.name}: what rests on {change.basis}" for change in unknown)
        return tuple(change for change in changes if change.basis in base.relation_of)

    scenarios = tuple(
        replace(s, bans=known(s, s.bans), plants=known(s, s.plants), deposits=known(s, s.deposits))
        for s in case.scenarios
    )
    return replace(case, scenarios=scenarios), tuple(dict.fromkeys(left))


def changed_plants(scenario: Scenario, base: FactBase) -> list[Row]:
    """The plants of the fact base with the scenario's changes.

    Raises
    ------
    ScenarioError : a change names no plant, adds one that exists, or sets a column that plants do not have
    """
    rows = {row["id"]: dict(row) for row in base.rows("plants")}
    columns = set(base.schema.relation("plants").columns)
    for change in scenario.plants:
        where = f"scenario {scenario.name}, plant {change.plant}"
        for column in change.values:
            if column not in columns:
                raise ScenarioError(
                    where,
                    f"column {quoted(column)}",
                    allowed_names(column, columns),
                    "use a column of plants.csv",
                )
        if not change.add and change.plant not in rows:
            raise ScenarioError(
                where,
                "no such plant, so the change hits nothing",
                allowed_names(change.plant, rows),
                "or set add = true",
            )
        if change.add and change.plant in rows:
            raise ScenarioError(where, "a plant that exists", "a new id", "leave out add to change it")
        rows.setdefault(
            change.plant, {**dict.fromkeys(columns), "id": change.plant, "scope": "plant"}
        ).update(change.values)
    return list(rows.values())


def shut(scenario: Scenario, activities: Sequence[Activity]) -> Callable[[int], NDArray[np.bool_]]:
    """For each year, which of the activities the scenario's bans shut."""
    hits = [np.array([ban.hits(activity) for activity in activities], dtype=bool) for ban in scenario.bans]

    def mask(year: int) -> NDArray[np.bool_]:
        found = np.zeros(len(activities), dtype=bool)
        for ban, hit in zip(scenario.bans, hits, strict=True):
            found |= hit if ban.holds(year) else False
        return found

    return mask


def check_bans(scenario: Scenario, activities: Sequence[Activity]) -> None:
    """Check that every ban hits an activity.

    Raises
    ------
    ScenarioError : a ban hits nothing
    """
    traded = [activity for activity in activities if activity.partner]
    for ban in scenario.bans:
        if not any(ban.hits(activity) for activity in traded):
            named = f"{ban.form} from {ban.exporter} to {ban.importer}"
            places = {a.place for a in traded} | {a.partner for a in traded} | {a.form for a in traded}
            raise ScenarioError(
                f"scenario {scenario.name}", f"a ban of {named}, which hits nothing",
                allowed_names(ban.form if ban.form != ANY else ban.exporter, places), "name places and forms of the chain",
            )  # fmt: skip

# SPDX-License-Identifier: Apache-2.0
"""Powers and states: trends of a power's share, its standing beside other powers, nearness on the map and in trade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from statistics import median

from ytterby.claims.evidence import confirmed, expanded, ids, known_until, tolerance
from ytterby.claims.solved import READINGS, SolvedCase, Weight
from ytterby.claims.verdict import Finding, Outcome, Row, not_checkable
from ytterby.claims.wording import counted, listed, names, show
from ytterby.facts import FactBase
from ytterby.facts.dates import last_day

EARTH_KM = 6371.0088
HALF = 0.5
BELOW, ABOVE, OPEN = SIDES = ("below", "above", "open")
TRADE_SHARES = ("exports partner share", "imports partner share")
PARTNER_SHARES = (*TRADE_SHARES, "share of total trade")


@dataclass(frozen=True)
class Series:
    """A power's share in something of a state, in its first and its last year."""

    state: str
    power: str
    first: Row
    last: Row

    @property
    def change(self) -> float:
        """Change of the share, in its own unit."""
        return float(self.last["value"] - self.first["value"])


@dataclass(frozen=True)
class TradeShare:
    """Share of a power in the goods trade of a state in a year."""

    state: str
    power: str
    year: int
    value: float
    basis: tuple[str, ...]


def trend(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """A power's share rises or falls: every series of shares between subjects and objects, from its first to its last year."""
    series = [
        s
        for state in expanded(base, statement["subjects"])
        for power in expanded(base, statement["objects"])
        for s in _series(
            base, state, power, PARTNER_SHARES if statement["measure"] == "partner_share" else ()
        )
    ]
    if statement["comparator"] not in {"rises", "falls"}:
        return not_checkable("The statement names no direction.", "comparator")
    if not series:
        return not_checkable(
            "No share is known for two years.", "shares of the objects in ties of the subjects"
        )
    close, basis = tolerance(base)
    sign = 1 if statement["comparator"] == "rises" else -1
    moved = [s for s in series if abs(s.change) > close * s.first["value"]]
    right = [s for s in moved if sign * s.change > 0]
    outcome = Outcome.SUPPORTED if len(right) == len(moved) else Outcome.CONTESTED
    outcome = outcome if right else Outcome.CONTRADICTED
    changes = [s.change for s in series]
    of_what = listed(sorted({s.last["measure"] for s in series}))
    way = "rose" if sign > 0 else "fell"
    turned = f", and {len(right) or 'none'} of them {way}" if moved else f", so that none {way}"
    powers, states = (names(base, statement[side]) for side in ("objects", "subjects"))
    since, until = min(s.first["year"] for s in series), max(s.last["year"] for s in series)
    sentence = (
        f"Of {len(series)} series of {powers} in {states} ({of_what}) from {since} to {until}, {len(moved) or 'none'} moved by "
        f"more than {show(close, 'fraction')} of the first value{turned}."
    )
    return Finding(
        outcome, sentence, sum(changes) / len(changes), min(changes), max(changes), "fraction",
        (*(id_ for s in series for id_ in (s.first["id"], s.last["id"])), *basis),
        figures={"series": len(series), "moved": len(moved), "right": len(right), "tolerance": close},
    )  # fmt: skip


def _series(base: FactBase, state: str, power: str, only: Sequence[str]) -> list[Series]:
    """Each measure of a share (of those named, if any) known for two years or more; of one year the best row counts."""
    groups: dict[str, dict[int, Row]] = {}
    for row in base.rows("ties", country=state, power=power):
        if row["unit"] == "fraction" and row["value"] is not None and (not only or row["measure"] in only):
            years = groups.setdefault(row["measure"], {})
            years[row["year"]] = confirmed([years.get(row["year"], row), row])[0]
    return [
        Series(state, power, years[min(years)], years[max(years)])
        for years in groups.values()
        if len(years) > 1
    ]


def standing(statement: Row, base: FactBase, run: SolvedCase | None) -> Finding:
    """A power that stays behind others: its weight in each state beside theirs, today and in earlier years.

    It is below them where its highest is under the lowest of all, above one where its lowest is over its highest, and open
    in between.
    """
    if run is None:
        return not_checkable("No weights of powers stand behind the check.", "a solved case")
    states, powers, rivals = (expanded(base, statement[name]) for name in ("objects", "subjects", "than"))
    courses = {reading: _course(run, reading, states, powers, rivals) for reading in READINGS}
    (course, rows), *others = courses.values()
    if not course:
        return not_checkable(
            "No weights of these powers in these states are known.",
            f"ties of {names(base, states)} with {names(base, [*powers, *rivals])}",
        )
    today = max(course)
    now = Counter(course[today].values())
    total, before = sum(now.values()), Counter(side for sides in course.values() for side in sides.values())
    sentence = (
        f"By {next(iter(READINGS.values()))}, {names(base, powers)} stands below {names(base, rivals)} in "
        f"{now[BELOW]} of {counted(total, 'state')} in {today}, above one of them in {now[ABOVE]}, open in {now[OPEN]}; of "
        f"{counted(sum(before.values()), 'state-year')} since {min(course)} below in {before[BELOW]}, above in {before[ABOVE]}."
    )
    figures = {f"now {side}": now[side] for side in SIDES} | {
        f"before {side}": before[side] for side in SIDES
    }
    figures |= {"states": total, "state-years": sum(before.values())}
    for (reading, words), (other, basis) in zip([*READINGS.items()][1:], others, strict=True):
        then = Counter(other[max(other)].values()) if other else Counter()
        sentence += f" By {words}: below in {then[BELOW]}, above in {then[ABOVE]}, open in {then[OPEN]}."
        figures |= {f"{reading} {side}": then[side] for side in SIDES}
        rows += basis
    outcome, due = _standing_outcome(statement, base, now)
    return Finding(
        outcome, f"{sentence}{due}", now[BELOW] / total, now[BELOW] / total, (now[BELOW] + now[OPEN]) / total, "fraction",
        (*dict.fromkeys(rows), *([statement["question"]] if due else [])), figures=figures,
    )  # fmt: skip


def _course(
    run: SolvedCase, reading: str, states: Sequence[str], powers: Sequence[str], rivals: Sequence[str]
) -> tuple[dict[int, dict[str, str]], list[str]]:
    """On which side of the rivals the powers stand, by year and state, and the rows behind it."""
    course: dict[int, dict[str, str]] = {}
    rows: list[str] = []
    for state in states:
        ours, theirs = (
            [w for power in group for w in run.weights(state, power) if w.reading == reading]
            for group in (powers, rivals)
        )
        rows += [row for weight in (*ours, *theirs) for row in weight.basis]
        for year in sorted({weight.year for weight in (*ours, *theirs)}):
            mine, others = ([w for w in group if w.year == year] for group in (ours, theirs))
            side = _side(mine, others) if mine and others else OPEN
            whole = len(mine) == len(powers) and len(others) == len(rivals)
            course.setdefault(year, {})[state] = side if whole or side == ABOVE else OPEN
    return dict(sorted(course.items())), rows


def _side(mine: Sequence[Weight], others: Sequence[Weight]) -> str:
    """Below all others, above one of them, or open where intervals meet."""
    if max(w.high for w in mine) < min(w.low for w in others):
        return BELOW
    return ABOVE if max(w.low for w in mine) > min(w.high for w in others) else OPEN


def _standing_outcome(statement: Row, base: FactBase, now: Counter[str]) -> tuple[Outcome, str]:
    """Open until the stored question resolves; without one, the state of today."""
    rows = base.rows("judgements", id=statement["question"]) if statement["question"] else []
    if rows and last_day(rows[0]["resolves_by"]) >= known_until(base):
        return Outcome.NOT_YET_DUE, f" The question resolves by {rows[0]['resolves_by']}."
    total = sum(now.values())
    if now[BELOW] == total:
        return Outcome.SUPPORTED, ""
    return (Outcome.CONTRADICTED if now[ABOVE] == total else Outcome.CONTESTED), ""


def nearness(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """Nearness of powers: on the map and in trade, nearer than the powers they are set against, else than most.

    On the map: a common border, or a capital that is nearer than those set against (than half of all known capitals). In
    trade: among the two largest partners (or larger than those set against) in the newest year.
    """
    states, powers, others = (expanded(base, statement[name]) for name in ("subjects", "objects", "than"))
    capitals = {row["country"]: row for row in base.rows("country_profile") if row["lat"] is not None}
    pairs = [(state, power) for state in states for power in powers if {state, power} <= capitals.keys()]
    if not pairs:
        return not_checkable("The capitals of these states are not known.", "country_profile")
    shares = [share for state in states for share in _trade_shares(base, state)]
    on_map = sum(_near_on_map(capitals, state, power, others) for state, power in pairs) / len(pairs)
    in_trade = sum(_near_in_trade(shares, state, power, others) for state, power in pairs) / len(pairs)
    near = [part > HALF for part in (on_map, in_trade)]
    outcome = Outcome.SUPPORTED if all(near) else Outcome.CONTESTED if any(near) else Outcome.CONTRADICTED
    against = names(base, others) if others else "most"
    sentence = (
        f"Of {counted(len(pairs), 'pair')} of state and power, {show(on_map, 'fraction')} are nearer on the map than {against}, "
        f"and {show(in_trade, 'fraction')} are nearer in trade."
    )
    rows = [capitals[code]["id"] for pair in pairs for code in pair]
    rows += [row for share in shares if share.power in powers for row in share.basis]
    value = min(on_map, in_trade)
    return Finding(
        outcome, sentence, value, value, max(on_map, in_trade), "fraction", tuple(dict.fromkeys(rows)),
        figures={"pairs": len(pairs), "on the map": on_map, "in trade": in_trade},
    )  # fmt: skip


def _near_on_map(capitals: dict[str, Row], state: str, power: str, others: Sequence[str]) -> bool:
    if power in (capitals[state]["borders"] or ()):
        return True
    rest = [code for code in (others or capitals) if code in capitals and code not in {state, power}]
    limit = median(_distance(capitals[state], capitals[code]) for code in rest) if rest else 0.0
    return _distance(capitals[state], capitals[power]) < limit


def _near_in_trade(shares: Sequence[TradeShare], state: str, power: str, others: Sequence[str]) -> bool:
    years = [share.year for share in shares if share.state == state and share.power == power]
    now = {
        share.power: share.value
        for share in shares
        if share.state == state and years and share.year == max(years)
    }
    if power not in now:
        return False
    if others:
        return all(now[power] > now.get(other, 0.0) for other in others)
    return sum(value > now[power] for other, value in now.items() if other != power) < 2


def _trade_shares(base: FactBase, state: str) -> list[TradeShare]:
    """Share of each power in the trade of a state by year: the mean of exports and imports, nothing where it is not listed."""
    groups: dict[tuple[str, int], list[Row]] = {}
    for row in base.rows("ties", country=state):
        if row["measure"] in TRADE_SHARES and row["value"] is not None:
            groups.setdefault((row["power"], row["year"]), []).append(row)
    return [
        TradeShare(state, power, year, sum(row["value"] for row in rows) / len(TRADE_SHARES), ids(rows))
        for (power, year), rows in groups.items()
    ]


def _distance(one: Row, other: Row) -> float:
    """Great-circle distance of two capitals in km."""
    a, b = ((radians(row["lat"]), radians(row["lon"])) for row in (one, other))
    chord = sin((b[0] - a[0]) / 2) ** 2 + cos(a[0]) * cos(b[0]) * sin((b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(chord))

# SPDX-License-Identifier: Apache-2.0
"""Powers and states: trends of a power's share, its standing beside other powers, nearness on the map and in trade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt
from statistics import median

from ytterby.claims.evidence import confirmed, expanded, ids, known_until, tolerance
from ytterby.claims.solved import PowerShare, SolvedCase
from ytterby.claims.verdict import Finding, Outcome, Row, not_checkable
from ytterby.claims.wording import counted, names, show
from ytterby.facts import FactBase
from ytterby.facts.dates import last_day

EARTH_KM = 6371.0088
HALF = 0.5
TRADE_SHARES = ("exports partner share", "imports partner share")


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


def trend(statement: Row, base: FactBase, _: SolvedCase | None) -> Finding:
    """A power's share rises or falls: every series of shares between subjects and objects, from its first to its last year."""
    series = [
        s
        for state in expanded(base, statement["subjects"])
        for power in expanded(base, statement["objects"])
        for s in _series(base, state, power)
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
    sentence = (
        f"Of {len(series)} series of shares of {names(base, expanded(base, statement['objects']))} "
        f"from {min(s.first['year'] for s in series)} to {max(s.last['year'] for s in series)}, {len(moved)} moved and "
        f"{len(right)} of them {'rose' if sign > 0 else 'fell'}."
    )
    return Finding(
        outcome, sentence, sum(changes) / len(changes), min(changes), max(changes), "fraction",
        (*(id_ for s in series for id_ in (s.first["id"], s.last["id"])), *basis),
        figures={"series": len(series), "moved": len(moved), "right": len(right)},
    )  # fmt: skip


def _series(base: FactBase, state: str, power: str) -> list[Series]:
    """Each measure of a share that is known for two years or more; of one year the best row counts."""
    groups: dict[str, dict[int, Row]] = {}
    for row in base.rows("ties", country=state, power=power):
        if row["unit"] == "fraction" and row["value"] is not None:
            years = groups.setdefault(row["measure"], {})
            years[row["year"]] = confirmed([years.get(row["year"], row), row])[0]
    return [
        Series(state, power, years[min(years)], years[max(years)])
        for years in groups.values()
        if len(years) > 1
    ]


def standing(statement: Row, base: FactBase, run: SolvedCase | None) -> Finding:
    """A power that stays behind others: its share over each state beside theirs, today and in earlier years.

    A power without a share in a year is not among those listed; it stands behind those that are.
    """
    states, powers, rivals = (expanded(base, statement[name]) for name in ("objects", "subjects", "than"))
    shares = run.influence if run is not None and run.influence else _trade_shares(base, states)
    ours = {(share.state, share.year): share for share in shares if share.power in powers}
    years: dict[str, list[tuple[int, bool]]] = {}
    for state in states:
        theirs = [share for share in shares if share.state == state and share.power in rivals]
        for year in sorted({share.year for share in theirs}):
            best = max(share.value for share in theirs if share.year == year)
            mine = ours.get((state, year))
            years.setdefault(state, []).append((year, mine is None or mine.value < best))
    if not years:
        return not_checkable("No shares of these powers are known.", "influence, or partner shares in ties")
    behind = [state for state, course in years.items() if course[-1][1]]
    history = [is_behind for course in years.values() for _, is_behind in course]
    value = len(behind) / len(years)
    listed_today = sum((state, course[-1][0]) in ours for state, course in years.items())
    what = "influence" if run is not None and run.influence else "trade"
    sentence = (
        f"By shares in {what}, {names(base, powers)} stands behind {names(base, rivals)} in {len(behind)} of "
        f"{counted(len(years), 'state')} today and in {sum(history)} of {counted(len(history), 'state-year')} on record; the "
        f"statistics of today list it in {listed_today}."
    )
    used = [s for s in shares if s.state in states and s.power in {*powers, *rivals}]
    outcome, when = _standing_outcome(statement, base, value)
    return Finding(
        outcome, f"{sentence}{when}", value, sum(history) / len(history), 1.0 if all(history) else value, "fraction",
        tuple(dict.fromkeys(row for share in used for row in share.basis)) + ((statement["question"],) if when else ()),
        figures={"behind": len(behind), "states": len(years), "years behind": sum(history), "years": len(history),
                 "listed": listed_today},
    )  # fmt: skip


def _standing_outcome(statement: Row, base: FactBase, value: float) -> tuple[Outcome, str]:
    """Open until the stored question resolves; without one, the state of today."""
    rows = base.rows("judgements", id=statement["question"]) if statement["question"] else []
    if rows and last_day(rows[0]["resolves_by"]) >= known_until(base):
        return Outcome.NOT_YET_DUE, f" The question resolves by {rows[0]['resolves_by']}."
    return (
        Outcome.SUPPORTED if value == 1 else Outcome.CONTRADICTED if value == 0 else Outcome.CONTESTED
    ), ""


def _trade_shares(base: FactBase, states: Sequence[str]) -> tuple[PowerShare, ...]:
    """Share of each power in the trade of each state: the mean of its shares in exports and imports of a year."""
    groups: dict[tuple[str, str, int], list[Row]] = {}
    for row in base.rows("ties"):
        if row["country"] in states and row["measure"] in TRADE_SHARES and row["value"] is not None:
            groups.setdefault((row["power"], row["country"], row["year"]), []).append(row)
    return tuple(
        PowerShare(
            power, state, year, sum(row["value"] for row in rows) / len(TRADE_SHARES),
            min(row["value"] for row in rows), max(row["value"] for row in rows), ids(rows),
        )
        for (power, state, year), rows in groups.items()
    )  # fmt: skip


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
    shares = _trade_shares(base, states)
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


def _near_in_trade(shares: Sequence[PowerShare], state: str, power: str, others: Sequence[str]) -> bool:
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


def _distance(one: Row, other: Row) -> float:
    """Great-circle distance of two capitals in km."""
    a, b = ((radians(row["lat"]), radians(row["lon"])) for row in (one, other))
    chord = sin((b[0] - a[0]) / 2) ** 2 + cos(a[0]) * cos(b[0]) * sin((b[1] - a[1]) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(chord))

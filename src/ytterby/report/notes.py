# SPDX-License-Identifier: Apache-2.0
"""Footnotes: each names the documents and rows that its figures rest on, the weightiest first, then all of them.

An answer can rest on a thousand rows: the first rows of the first documents are shown, all ids follow by document, and
those of bilateral trade are counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ytterby.report.origins import TRADE, Origin, Source

SHOWN, PARTS = 12, 4
LAST = "parameters"


@dataclass(frozen=True)
class Entry:
    """One line of a footnote: a document, the first of its rows (what they say and their ids), and how many there are."""

    source: Source | None
    confidence: str | None
    parts: tuple[tuple[str, str], ...]
    count: int

    @property
    def more(self) -> int:
        """Rows that are not among the parts."""
        return self.count - len(self.parts)


@dataclass(frozen=True)
class Group:
    """All rows of a footnote that come from one document; the ids of trade rows are left to the JSON document."""

    source: Source | None
    number: int
    count: int
    ids: tuple[str, ...]
    trade: bool


@dataclass(frozen=True)
class Note:
    """A footnote: number, what it is about, how the figures were made, its first entries, all its rows by document.

    `same` is the number of an earlier footnote with the same rows, or 0.
    """

    number: int
    key: str
    about: str
    method: str
    shown: tuple[Entry, ...]
    groups: tuple[Group, ...]
    total: int
    same: int

    @property
    def more(self) -> bool:
        """Whether there are rows beyond those shown."""
        return self.total > sum(len(entry.parts) for entry in self.shown)


@dataclass(frozen=True)
class Cited:
    """A document with its number in the list of sources, and how many rows of it the page rests on."""

    number: int
    source: Source
    count: int


class Notes:
    """Footnotes of a page as it is put together: a number for each basis, in the order of first use."""

    def __init__(self, found: Mapping[str, Origin]) -> None:
        self._found = found
        self._numbers: dict[str, int] = {}
        self.notes: list[Note] = []
        counts: dict[str, int] = {}
        sources: dict[str, Source] = {}
        for origin in found.values():
            if origin.source:
                sources[origin.source.id] = origin.source
                counts[origin.source.id] = counts.get(origin.source.id, 0) + 1
        ordered = sorted(sources.values(), key=lambda s: (s.publisher.casefold(), s.title.casefold(), s.id))
        self.cited = [Cited(number, s, counts[s.id]) for number, s in enumerate(ordered, 1)]
        self._source_numbers = {cited.source.id: cited.number for cited in self.cited}

    def add(
        self, key: str, about: str, basis: Iterable[str], method: str = "", first: Sequence[str] = ()
    ) -> int:
        """The number of the footnote called `key`, made on first use; 0 where there is nothing to name.

        Parameters
        ----------
        key : names the footnote on the page
        about : what it is about
        basis : the rows, the weightiest first
        method : how the figures were made
        first : rows that come before all others
        """
        rows = [self._found[id_] for id_ in dict.fromkeys(basis)]
        if not rows:
            return 0
        if key not in self._numbers:
            self._numbers[key] = len(self.notes) + 1
            ordered = _ordered(rows, frozenset(first))
            groups = self._groups(ordered)
            same = next((note.number for note in self.notes if note.groups == groups), 0)
            entries = _entries(ordered)[:SHOWN]
            self.notes.append(Note(self._numbers[key], key, about, method, entries, groups, len(rows), same))
        return self._numbers[key]

    def _groups(self, rows: Sequence[Origin]) -> tuple[Group, ...]:
        groups: dict[tuple[bool, str], list[Origin]] = {}
        for row in rows:
            groups.setdefault((row.relation == TRADE, row.source.id if row.source else ""), []).append(row)
        return tuple(
            Group(
                some[0].source, self._source_numbers.get(source, 0), len(some),
                () if trade else tuple(row.id for row in some), trade,
            )
            for (trade, source), some in groups.items()
        )  # fmt: skip


def _ordered(rows: Sequence[Origin], first: frozenset[str]) -> list[Origin]:
    """What a scenario changes first, the model's own parameters last, else as they came."""
    return sorted(rows, key=lambda row: (row.id not in first, row.relation == LAST))


def _entries(rows: Sequence[Origin]) -> tuple[Entry, ...]:
    """One entry a document and confidence, where the first of its rows stands."""
    together: dict[tuple[str, str | None], list[Origin]] = {}
    for row in rows:
        together.setdefault((row.source.id if row.source else "", row.confidence), []).append(row)
    return tuple(
        Entry(
            some[0].source, some[0].confidence, tuple((row.says, row.id) for row in some[:PARTS]), len(some)
        )
        for some in together.values()
    )

# SPDX-License-Identifier: Apache-2.0
"""Options that several commands share, each described once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from os import pathsep
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from ytterby.errors import FactError

if TYPE_CHECKING:
    from cyclopts import Token


def whole(_: object, tokens: Sequence[Token]) -> int:
    """A whole number as it is written: nothing is rounded.

    Raises
    ------
    ValueError : it is none
    """
    if not re.fullmatch(r"[+-]?\d+", tokens[0].value, re.ASCII):
        raise ValueError(f'"{tokens[0].value}" is not a whole number')
    return int(tokens[0].value)


def one_of(*groups: Mapping[str, bool]) -> None:
    """Refuse options of which one would leave the other without effect: of each group at most one may be given.

    Raises
    ------
    FactError : two of a group are given
    """
    for group in groups:
        given = [name for name, is_given in group.items() if is_given]
        if len(given) > 1:
            raise FactError("options", " and ".join(given), "one of them", "leave the others out")


def named(option: str, given: Sequence[str]) -> tuple[str, ...]:
    """Names given one by one or separated by commas, each once.

    Raises
    ------
    FactError : a name is empty
    """
    found = tuple(dict.fromkeys(part.strip() for names in given for part in names.split(",")))
    if "" in found:
        raise FactError(option, "an empty name", "names such as A,B", "name it or leave the option out")
    return found


def folders(_: object, value: str, **__: object) -> list[str]:
    """The folders that an environment variable names, as PATH does; an empty one names none."""
    return [folder for folder in value.split(pathsep) if folder]


Data = Annotated[
    tuple[Path, ...],
    Parameter(
        name="--data",
        env_var="YTTERBY_DATA",
        env_var_split=folders,
        help="Folder with your own tables under the same schema; its rows add to the shipped ones or "
        "override them. May be given several times.",
    ),
]
AsOf = Annotated[
    str | None,
    Parameter(name="--as-of", help="Only what was known on this date: YYYY, YYYY-MM or YYYY-MM-DD."),
]
Json = Annotated[bool, Parameter(name="--json", help="Print one JSON document and nothing else.")]
Out = Annotated[
    Path | None,
    Parameter(name="--out", help="Folder to write, whole or not at all; an earlier run there is replaced."),
]
RUNS = "ytterby-out"
ANSWERS = "answers.json"

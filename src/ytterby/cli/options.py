# SPDX-License-Identifier: Apache-2.0
"""Options that several commands share, each described once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

Data = Annotated[
    tuple[Path, ...],
    Parameter(
        name="--data",
        env_var="YTTERBY_DATA",
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

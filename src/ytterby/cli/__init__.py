# SPDX-License-Identifier: Apache-2.0
"""The command line. It computes nothing: it asks the rooms below and prints what they say.

Results go to stdout, messages to stderr. Exit code 0: done; 2: the input is at fault; 3: the programme has no
solution, or no way leads there; 130: interrupted. An error of the user's is one clear text, never a traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from typing import NoReturn

from cyclopts import App, CycloptsError, Parameter

from ytterby.cli.answering import answer
from ytterby.cli.casework import cases, solve
from ytterby.cli.claiming import claims
from ytterby.cli.factbase import facts
from ytterby.cli.hazards import hazard
from ytterby.cli.influencing import influence
from ytterby.cli.judging import judgements
from ytterby.cli.one_stage import minerals
from ytterby.cli.output import say
from ytterby.cli.pledging import pledges
from ytterby.cli.routing import routes
from ytterby.cli.tracing import trace
from ytterby.errors import NoRouteError, SolverError, YtterbyError

DONE, USER_AT_FAULT, NO_SOLUTION, INTERRUPTED = 0, 2, 3, 130
NONE_FOUND = (NoRouteError, SolverError)

app = App(
    name="ytterby",
    help="Who can supply which critical mineral to whom, and what are the announcements worth?",
    help_format="plaintext",
    help_epilogue="Example: ytterby answer\nEach command shows more with ytterby COMMAND --help.",
    default_parameter=Parameter(negative="", show_default=False),
    suppress_keyboard_interrupt=False,
)
app.command(
    answer,
    help_epilogue="Examples:\n\n"
    "    ytterby answer\n"
    "    ytterby answer central-asia --as-of 2025-11-08 --out then\n"
    "    ytterby answer --importer JPN --scenario china-stops-usa --json",
)
app.command(
    facts,
    help_epilogue="Examples:\n\n"
    "    ytterby facts\n"
    "    ytterby facts production --where country=KAZ --where year=2024\n"
    "    ytterby facts prices --as-of 2025-11-08 --json\n"
    "    ytterby facts trade --where code=280530 --where year=2024 --csv\n"
    "    ytterby facts --check",
)
app.command(
    solve,
    help_epilogue="Examples:\n\n"
    "    ytterby solve --scenario reference\n"
    "    ytterby solve central-asia --scenario china-stops-usa --years 2026,2030-2032 --out stop",
)
app.command(
    minerals,
    help_epilogue="Examples:\n\n"
    "    ytterby minerals\n"
    "    ytterby minerals graphite\n"
    "    ytterby minerals lithium --importer DEU --supplier CHL --years 2024-2030 --json",
)
app.command(
    influence,
    help_epilogue="Examples:\n\n"
    "    ytterby influence\n"
    "    ytterby influence KAZ --power USA --power CHN --year 2024\n"
    "    ytterby influence --forecast\n"
    "    ytterby influence KAZ --pledges --json",
)
app.command(
    hazard,
    help_epilogue="Examples:\n\n"
    "    ytterby hazard CHN --importer USA\n"
    "    ytterby hazard --mineral rare_earths --importer JPN --json\n"
    "    ytterby hazard CHN --mineral rare_earths --draws 500 --seed 7 --case central-asia\n"
    "    ytterby hazard --classes",
)
app.command(
    routes,
    help_epilogue="Examples:\n\n"
    "    ytterby routes KAZ norfolk --year 2028 --avoid RUS,IRN\n"
    "    ytterby routes tashkent rotterdam --cargo radioactive --close suez -k 3 --by days --json\n"
    "    ytterby routes KAZ mersin --stress --capacity\n"
    "    ytterby routes KAZ,UZB,TKM norfolk,rotterdam,mersin --compare TRIPP --years 2026-2040",
)
app.command(
    claims,
    help_epilogue="Examples:\n\n"
    "    ytterby claims\n"
    "    ytterby claims --statement S008 --statement S012 --json\n"
    "    ytterby claims --statement S007 --csv\n"
    "    ytterby claims --statement S017 --claimreview --site https://example.org/checks",
)
app.command(cases, help_epilogue="Examples:\n\n    ytterby cases\n    ytterby cases --json")
app.command(
    pledges,
    help_epilogue="Examples:\n\n"
    "    ytterby pledges\n"
    "    ytterby pledges --headline P025 --by sector\n"
    "    ytterby pledges --giver KAZ --receiver USA --sector aviation --json",
)
app.command(
    judgements,
    help_epilogue="Examples:\n\n"
    "    ytterby judgements\n"
    "    ytterby judgements --by institution --json\n"
    "    ytterby judgements --file docs/examples/own-judgements/mine.csv --by person",
)
app.command(
    trace,
    help_epilogue="Examples:\n\n    ytterby trace KAZ\n    ytterby trace baci-280530-2024-CHN-JPN --json",
)


def run(words: Sequence[str]) -> int:
    """Carry out the command that `words` spell and return the exit code."""
    try:
        code = app(list(words), exit_on_error=False, print_error=False, result_action="return_value")
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # rich exits when the reader has left
        return _reader_left()
    except KeyboardInterrupt:
        return say("interrupted: nothing is left half written; run the same command again", INTERRUPTED)
    except (CycloptsError, YtterbyError, OSError) as error:
        return say(f"error: {_words(error)}", NO_SOLUTION if isinstance(error, NONE_FOUND) else USER_AT_FAULT)
    return code if isinstance(code, int) else DONE


def _words(error: CycloptsError | YtterbyError | OSError) -> str:
    """What is at fault and what helps."""
    if isinstance(error, CycloptsError):
        called = error.command_chain
        return f"{error}\n" + (
            f"ytterby {called[0]} --help shows its options" if called else "ytterby --help lists the commands"
        )
    if isinstance(error, OSError):
        found = f"a file or folder that cannot be used ({error.strerror})"
        return f"{error.filename or 'file system'}: found {found}; check the path and what you may do there"
    return str(error)


def _reader_left() -> int:
    """Whoever read our output has enough: end quietly, and let nothing be flushed into the closed pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def main() -> NoReturn:
    """Run the command line and exit; what it prints is UTF-8 whatever the terminal speaks, as all files are."""
    if sys.stdout is None:
        closed = "error: standard output: found closed (allowed: a terminal, a file or a pipe)"
        sys.exit(say(f"{closed}; leave it open or send it to /dev/null", USER_AT_FAULT))
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(run(sys.argv[1:]))

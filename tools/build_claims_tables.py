# SPDX-License-Identifier: Apache-2.0
"""Fill the tables of docs/claims.md: the rules, and the verdicts on all statements.

``python tools/build_claims_tables.py --check`` writes nothing and fails when a table differs from what it would write.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from ytterby.claims import RULES, check_all
from ytterby.facts import FactBase, load
from ytterby.scenario import load_case
from ytterby.study.ledger import central_case

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "claims.md"
CASE = "central-asia"
TABLE = re.compile(r"(?P<head><!-- table of (?P<name>\w+) -->\n).*?(?P<end><!-- end of table -->)", re.DOTALL)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lines of a Markdown table of texts."""
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, ["---"] * len(head), *rows))


def rules() -> str:
    """Each rule, what it asks, which fields it needs and which relations it reads."""
    rows = [
        (f"`{rule.name}`", f"`{rule.asserts}`{', `first`' if rule.first else ''}", rule.question,
         ", ".join(f"`{name}`" for name in rule.needs), ", ".join(f"`{name}`" for name in rule.takes),
         ", ".join((*rule.reads, *(("a solved case",) if rule.solved else ()))))
        for rule in RULES
    ]  # fmt: skip
    return table(("rule", "asserts", "asks", "needs", "may take", "reads"), rows)


def verdicts(base: FactBase) -> str:
    """The verdict on every shipped statement."""
    found = check_all(base.rows("statements"), base, central_case(load_case(CASE), base))
    rows = [
        (
            v.id,
            v.speaker,
            v.statement.replace("|", "/"),
            v.verdict.replace("_", " "),
            v.sentence,
            ", ".join(v.missing),
        )
        for v in found
    ]
    return table(("statement", "who", "what was said", "verdict", "what the check finds", "missing"), rows)


def main() -> None:
    """Rewrite the page, or check it."""
    text = PAGE.read_text(encoding="utf-8")
    made = {"rules": rules(), "verdicts": verdicts(load())}
    fresh = TABLE.sub(lambda found: f"{found['head']}{made[found['name']]}{found['end']}", text)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(fresh, encoding="utf-8")
    elif fresh != text:
        sys.exit(f"stale: {PAGE.name}; run make docs")


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Fill the tables of docs/model.md that the code computes: ores, magnets, base prices, variants.

A table stands between ``<!-- table of NAME -->`` and ``<!-- end of table -->``.
``python tools/build_model_tables.py --check`` writes nothing and fails when a table differs from what it would write.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ytterby.facts import FactBase, load
from ytterby.scenario import load_case
from ytterby.study.run import VARIANTS, Prepared, Variant, prepare
from ytterby.study.words import form_name
from ytterby.supply.evidence import METALS
from ytterby.supply.magnets import recipe
from ytterby.supply.ores import GROUPS, classes_of

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "model.md"
CASE = "central-asia"
SHOWN = 3
TABLE = re.compile(
    r"(?P<head><!-- table of (?P<name>[\w ]+) -->\n).*?(?P<end><!-- end of table -->)", re.DOTALL
)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> str:
    """Lines of a Markdown table whose first `texts` columns hold words, the others numbers."""
    marks = ["---"] * texts + ["---:"] * (len(head) - texts)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, marks, *rows))


def ores(base: FactBase, prepared: Prepared) -> str:
    """What each class of ore is made of, and who mines it."""
    miners: dict[str, list[str]] = {}
    for country, classes in classes_of(base).items():
        for name, share, _ in classes:
            part = f" ({share:.3g})" if share < 1 else ""
            miners.setdefault(name, []).append(f"{country}{part}")
    rows = [
        (name, ", ".join(miners[name]), *(f"{ore.shares[group]:.4f}" for group in GROUPS))
        for name, ore in prepared.gathered.ores.items()
    ]
    return table(("class", "mined in", *GROUPS), rows, texts=2)


def magnets(prepared: Prepared) -> str:
    """What a tonne of rough magnets takes."""
    inputs, _ = recipe(prepared.gathered.evidence)
    rows = [
        (form_name(f"metal:{group}" if group in METALS else f"oxide:{group}"), f"{tonnes:.4f}")
        for group, tonnes in inputs.items()
    ]
    return table(("input", "t per t"), rows)


def prices(prepared: Prepared) -> str:
    """The base price of every form."""
    rows = [
        (
            f"`{form}`", price.rule, ", ".join(f"`{row}`" for row in price.basis[:SHOWN]),
            *(f"{value / 1000:.4g}" for value in (price.value, price.low, price.high)),
        )
        for form, price in prepared.gathered.prices.items()
    ]  # fmt: skip
    return table(("form", "rule", "first rows", "USD/kg", "low", "high"), rows, texts=3)


def moved(variant: Variant) -> str:
    """What a variant moves, in words."""
    ends = [f"`{name}` at their {end} end" for name, end in variant.at.items()]
    ends += [f"rule `{variant.rule}`"] if variant.rule != Variant("").rule else []
    ends += [f"deposits at their `{variant.reading}` reading"] if variant.reading != "reading" else []
    ends += [f"demand on the path {variant.demand_path}"] if variant.demand_path else []
    return ", ".join(ends)


def tables() -> Mapping[str, str]:
    """Every table by name."""
    base = load()
    prepared = prepare(load_case(CASE), base)
    return {
        "ores": ores(base, prepared),
        "magnets": magnets(prepared),
        "prices": prices(prepared),
        "variants": table(("variant", "moves"), ((v.name, moved(v)) for v in VARIANTS), texts=2),
    }


def main() -> None:
    """Rewrite the page, or check it."""
    text = PAGE.read_text(encoding="utf-8")
    made = tables()
    fresh = TABLE.sub(lambda found: f"{found['head']}{made[found['name']]}{found['end']}", text)
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(fresh, encoding="utf-8")
    elif fresh != text:
        sys.exit(f"stale: {PAGE.name}; run make docs")


if __name__ == "__main__":
    main()

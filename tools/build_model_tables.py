# SPDX-License-Identifier: Apache-2.0
"""Fill the tables of docs/model.md that the code computes: ores, magnets, base prices, freight, variants.

A table stands between ``<!-- table of NAME -->`` and ``<!-- end of table -->``.
``python tools/build_model_tables.py --check`` writes nothing and fails when a table differs from what it would write.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ytterby.chain import TRADE
from ytterby.facts import FactBase, load
from ytterby.routes import Query, best_routes
from ytterby.scenario import load_case
from ytterby.study.freight import LOW, MIDDLE
from ytterby.study.run import VARIANTS, Prepared, Variant, charges_of, prepare
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


def freight(prepared: Prepared) -> str:
    """What carrying a form costs on the base year's trade: mean over its flows, beside its price and over it."""
    atlas, year = prepared.atlas, prepared.base_year
    values, parameters = prepared.gathered.price_values, prepared.gathered.evidence.parameters
    charges = charges_of(atlas, parameters, values, MIDDLE)
    ways = atlas.ways("reference", year.activities).by_haul
    parts: dict[str, list[tuple[float, float, float, float]]] = {}
    for activity, flow in zip(year.activities, year.flows, strict=True):
        haul = (activity.place, activity.partner, activity.form)
        if activity.kind == TRADE and haul in ways:
            form, tonnes = activity.form, float(flow)
            way = min(ways[haul], key=lambda way: charges.on(way, form))
            interest = values[form] * way.days * charges.per_day
            row = (tonnes, tonnes * way.usd_per_t * charges.gross(form), tonnes * interest, tonnes * way.days)
            parts.setdefault(form, []).append(row)
    rows = []
    for form, found in parts.items():
        carried, freighted, interest, days = (sum(column) for column in zip(*found, strict=True))
        price, premium = values[form], values[form] * charges.insurance
        total = freighted / carried + interest / carried + premium
        rows.append(
            (total / price, form, price, freighted / carried, days / carried, interest / carried, premium)
        )
    head = (
        "form", "price, USD/t", "gross t per t", "freight, USD/t", "days", "interest, USD/t", "insurance, USD/t",
        "share of price",
    )  # fmt: skip
    return table(
        head,
        (
            (
                f"`{form}`", f"{price:,.0f}".replace(",", " "), f"{charges.gross(form):.3g}", f"{freighted:.0f}", f"{days:.0f}",
                f"{interest:.0f}", f"{premium:.0f}", f"{share:.2%}",
            )
            for share, form, price, freighted, days, interest, premium in sorted(rows)
        ),
    )  # fmt: skip


def by_air(prepared: Prepared) -> str:
    """Value from which a form is worth flying between two pairs of ports, at both published values of time."""
    net, year = prepared.atlas.network, prepared.base_year.year
    rows = []
    for start, end in (("shanghai", "new_york"), ("shanghai", "rotterdam")):
        slow, fast = (best_routes(net, start, end, Query(year, by=by), 1)[0] for by in ("cost", "days"))
        dearer, sooner = fast.usd_per_t.mid - slow.usd_per_t.mid, slow.days.mid - fast.days.mid
        worth = [
            dearer / sooner / net.rates.at("all", use).interval.mid
            for use in ("time_value", "time_value_high")
        ]
        words = [f"{slow.usd_per_t.mid:.0f}", f"{fast.usd_per_t.mid:.0f}", f"{sooner:.0f}"]
        rows.append((f"`{start}` to `{end}`", *words, *(f"{usd:,.0f}".replace(",", " ") for usd in worth)))
    head = (
        "route",
        "surface, USD/t",
        "air, USD/t",
        "days saved",
        "worth it from, USD/t, capital cost",
        "the same, manufactures",
    )
    return table(head, rows)


def moved(variant: Variant) -> str:
    """What a variant moves, in words."""
    ends = [f"`{name}` at their {end} end" for name, end in variant.at.items()]
    ends += [f"rule `{variant.rule}`"] if variant.rule != Variant("").rule else []
    ends += [f"deposits at their `{variant.reading}` reading"] if variant.reading != "reading" else []
    ends += [f"demand on the path {variant.demand_path}"] if variant.demand_path else []
    ends += (
        [f"freight, days and their cost at their {variant.freight} end"] if variant.freight != MIDDLE else []
    )
    ends += ["capacities as if nobody else used them"] if variant.freight == LOW else []
    return ", ".join(ends)


def tables() -> Mapping[str, str]:
    """Every table by name."""
    base = load()
    prepared = prepare(load_case(CASE), base)
    return {
        "ores": ores(base, prepared),
        "magnets": magnets(prepared),
        "prices": prices(prepared),
        "freight": freight(prepared),
        "air": by_air(prepared),
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

# SPDX-License-Identifier: Apache-2.0
"""Fill the table of docs/routes.md that sets computed routes beside published rates, times and lengths.

Each line names its published figure by row id. A deviation above 25 % without an explanation is an error.

``python tools/build_route_table.py --check`` writes nothing and fails when the table differs from what it would write.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ytterby.facts import FactBase, load
from ytterby.routes import Interval, Network, Query, best_routes, network
from ytterby.routes.definitions import SURFACE

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "routes.md"
TOLERANCE = 0.25
TABLE = re.compile(r"(?P<head><!-- table of plausibility -->\n).*?(?P<end><!-- end of table -->)", re.DOTALL)
WEST = ("RUS", "IRN")
TARIFF = "a railways' through tariff of 2020 with discounts; our sum takes every border and port at measured averages"


@dataclass(frozen=True)
class Line:
    """A computed figure beside a published one; `why` explains a deviation."""

    what: str
    row: str
    measure: str
    via: tuple[str, ...]
    query: Query
    why: str = ""


def lines() -> Iterator[Line]:
    """All figures that are compared: container rates, days, lengths."""
    sea = Query(2025)
    yield Line("Shanghai to Rotterdam by Suez", "cstat-0144", "rate", ("shanghai", "rotterdam"), sea)
    yield Line("Shanghai to Los Angeles", "cstat-0145", "rate", ("shanghai", "la_lb"), sea)
    yield Line("Shanghai to New York", "cstat-0146", "rate", ("shanghai", "new_york"), sea)
    yield Line("Rotterdam to New York", "cstat-0147", "rate", ("rotterdam", "new_york"), sea)
    yield Line(
        "Rotterdam to Shanghai", "cstat-0151", "rate", ("rotterdam", "shanghai"), sea,
        "empty ships going back: rates by direction are not modelled, the low end of the range stands for them",
    )  # fmt: skip
    yield Line("Shanghai to Poti", "cstat-0040", "rate", ("shanghai", "poti"), sea)
    yield Line(
        "Tashkent to Derince by Turkmenbashi", "cstat-0043", "rate", ("tashkent", "istanbul"),
        Query(2024, avoid=WEST), TARIFF,
    )  # fmt: skip
    yield Line(
        "Tashkent to Derince by Aktau", "cstat-0045", "rate", ("tashkent", "istanbul"),
        Query(2024, avoid=(*WEST, "TKM")), TARIFF,
    )  # fmt: skip
    yield Line(
        "China to the EU by the Northern route", "cstat-0088", "rate", ("xian", "duisburg"),
        Query(2025, modes=("rail",)), "Chinese provinces pay part of the published rate",
    )  # fmt: skip
    yield from times()
    yield from lengths()


def times() -> Iterator[Line]:
    """Days."""
    land = Query(2025, avoid=WEST, modes=("rail", "road", "ferry"))
    quick = "block trains with through papers wait less at Khorgos and Aktau than the averages of all cargo"
    yield Line("Khorgos to Poti, as told in 2024", "cstat-0032", "days", ("altynkol", "poti"), land, quick)
    yield Line(
        "Xi'an to Constanta, as told in 2023", "cstat-0033", "days", ("xian", "constanta"), land, quick
    )
    yield Line("Khorgos to Alat", "cstat-0034", "days", ("khorgos_cn", "alat"), land, quick)
    yield Line("Almaty to Poti", "cstat-0035", "days", ("almaty", "poti"), land)
    yield Line("Xi'an to Absheron", "cstat-0036", "days", ("xian", "baku"), land, quick)
    rail = Query(2025, modes=("rail",))
    yield Line("Xi'an to Duisburg by the Northern route", "cstat-0089", "days", ("xian", "duisburg"), rail)
    yield Line("Tianjin to Tashkent", "cstat-0075", "days", ("tianjin", "tashkent"), rail)
    yield Line("Xi'an to Tehran", "cstat-0133", "days", ("xian", "tehran"), replace(rail, avoid=("RUS",)))
    yield Line(
        "Mumbai to St Petersburg by the eastern branch", "cstat-0130", "days", ("mumbai", "st_petersburg"),
        Query(
            2022, closed=("bab_el_mandeb", "cape_good_hope", "yalama"), avoid=("TUR", "CHN", "USA", "MEX", "PAN"),
            modes=SURFACE,
        ),
        "the figure is what the railways promise for a train without stops at borders and ports",
    )  # fmt: skip
    yield Line(
        "Kolwezi to Lobito", "cstat-0156", "days", ("kolwezi", "lobito"), Query(2024, modes=("rail",)),
        "the speed is that of the line from Dostyk to Brest; the line to Lobito is single and slow",
    )  # fmt: skip


def lengths() -> Iterator[Line]:
    """Kilometres."""
    rail = Query(2025, modes=("rail",))
    yield Line(
        "Yiwu (here Shanghai) to Tehran",
        "cstat-0134",
        "km",
        ("shanghai", "tehran"),
        Query(2025, modes=("rail",), avoid=("RUS",)),
    )
    yield Line("Aktau to Alat", "cstat-0030", "km", ("aktau", "alat"), Query(2025, modes=("ferry",)))
    yield Line("Baku to Kars", "cstat-0066", "km", ("baku", "kars"), rail)
    yield Line(
        "Kashgar to Andijan",
        "cstat-0107",
        "km",
        ("kashgar", "andijan"),
        Query(2030, modes=("rail",), avoid=("KAZ",)),
    )
    yield Line(
        "Kars to Dilucu", "cstat-0099", "km", ("kars", "dilucu"), Query(2029, modes=("rail",), avoid=("AZE",))
    )
    yield Line("Dostyk to Moiynty", "cstat-0067", "km", ("dostyk", "moiynty"), rail)


def computed(net: Network, line: Line) -> Interval:
    """The figure of the best route: USD per forty-foot container, days or km."""
    origin, destination = line.via
    (route,) = best_routes(net, origin, destination, line.query, 1)
    if line.measure == "rate":
        return route.usd_per_t.times(net.rates.parameter("routes.payload").interval.mid)
    return route.days if line.measure == "days" else route.km


def table(base: FactBase, net: Network) -> str:
    """The table and its explanations.

    Raises
    ------
    SystemExit : a deviation above the tolerance without explanation
    """
    units = {"rate": "USD per FEU", "days": "days", "km": "km"}
    found, notes = [], []
    for line in lines():
        row, here = base.row(line.row), computed(net, line)
        deviation = here.mid / row["value"] - 1
        if abs(deviation) > TOLERANCE and not line.why:
            raise SystemExit(
                f"{line.what}: {here.mid:.4g} against {row['value']:.4g} of {line.row}: explain the deviation"
            )
        marked = abs(deviation) > TOLERANCE
        if marked and line.why not in notes:
            notes.append(line.why)
        what = f"{line.what} ({notes.index(line.why) + 1})" if marked else line.what
        spread = (
            f" ({row['low']:g} to {row['high']:g})"
            if row["low"] is not None and row["high"] is not None
            else ""
        )
        found.append(
            f"| {what} | {units[line.measure]} | {here.mid:,.0f} ({here.low:,.0f} to {here.high:,.0f}) "
            f"| {row['value']:g}{spread} | {deviation:+.0%} | `{line.row}` |\n"
        )
    head = "| from, to | unit | computed | published | deviation | row |\n|---|---|---:|---:|---:|---|\n"
    return (
        head + "".join(found) + "\n" + "".join(f"{number}. {why}.\n" for number, why in enumerate(notes, 1))
    )


def main(words: Sequence[str]) -> None:
    """Write the table, or check it."""
    base = load()
    text = PAGE.read_text(encoding="utf-8")
    new = TABLE.sub(lambda match: f"{match['head']}{table(base, network(base))}{match['end']}", text)
    if "--check" in words:
        if new != text:
            raise SystemExit("docs/routes.md: the table is out of date; run make docs")
        return
    PAGE.write_text(new, encoding="utf-8")
    print("docs/routes.md: table written")


if __name__ == "__main__":
    main(sys.argv[1:])

# SPDX-License-Identifier: Apache-2.0
"""Write the reference pages: docs/schema.md from data/schema.toml, docs/cli.md from the command line.

``python tools/build_docs.py --check`` writes nothing and fails when a page differs from what it would write.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NOTE = "<!-- Written by tools/build_docs.py (make docs); edit the source, not this page. -->\n"


def cell(text: str) -> str:
    """Text as it may stand in a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


def kind(column: Mapping[str, Any]) -> str:
    """Type of a column in words, with what it refers to, measures or is counted in."""
    to = column.get("to", ())
    targets = [to] if isinstance(to, str) else list(to)
    words = [column["type"]]
    words += [f"to {', '.join(f'[{name}](#{name})' for name in targets)}"] if targets else []
    words += [f"of {column['quantity']}"] if column.get("quantity") else []
    words += [f"in {column['unit']}"] if column.get("unit") else []
    words += ["optional"] if column.get("optional") else []
    return ", ".join(words)


def bounds(column: Mapping[str, Any]) -> str:
    """Allowed values of a column, or the bounds of its number."""
    if column.get("allowed"):
        return ", ".join(f"`{word}`" for word in column["allowed"])
    limits = {">=": column.get("minimum"), "<=": column.get("maximum")}
    return " and ".join(f"{sign} {bound:g}" for sign, bound in limits.items() if bound is not None)


def relation(name: str, table: Mapping[str, Any]) -> Iterator[str]:
    """Lines of one relation's section."""
    yield f"\n## {name}\n"
    yield f"\n**{table['title']}.** {table.get('description', '')}".rstrip() + "\n"
    yield "\n| column | type | allowed | meaning |\n|---|---|---|---|\n"
    for key, column in table["columns"].items():
        meaning = cell(column.get("description", ""))
        yield f"| `{key}` | {cell(kind(column))} | {cell(bounds(column))} | {meaning} |\n"


def schema_page() -> str:
    """The reference of all relations."""
    document = tomllib.loads((ROOT / "data" / "schema.toml").read_text(encoding="utf-8"))
    head = (
        f"{NOTE}# The relations of the fact base\n\n"
        f"{len(document)} relations, one table each. `ytterby facts` lists them with their number of rows; "
        "a cell may be empty only in an optional column.\n\n"
    )
    index = "".join(f"- [{name}](#{name}): {table['title']}\n" for name, table in document.items())
    return head + index + "".join(line for name, table in document.items() for line in relation(name, table))


def cli_page() -> str:
    """The reference of all commands."""
    from ytterby.cli import app

    head, *sections = app.generate_docs(output_format="markdown").split("\n## ytterby ")
    parts = [head]
    for section in sections:
        epilogue = app[section.split()[0]].help_epilogue or ""
        shown = [f"$ {line.strip()}\n" for line in epilogue.splitlines() if line.startswith("    ")]
        parts.append(f"{section.rstrip()}\n\n**Examples**:\n\n```console\n{''.join(shown)}```\n")
    return NOTE + "\n".join(line.rstrip() for line in "\n## ytterby ".join(parts).splitlines()) + "\n"


def pages() -> dict[Path, str]:
    """Text of every generated page."""
    return {ROOT / "docs" / "schema.md": schema_page(), ROOT / "docs" / "cli.md": cli_page()}


def main() -> None:
    """Write the pages, or check them."""
    texts = pages()
    if "--check" not in sys.argv[1:]:
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
        return
    stale = [p.name for p, text in texts.items() if not p.exists() or p.read_text(encoding="utf-8") != text]
    if stale:
        sys.exit(f"stale: {', '.join(stale)}; run make docs")


if __name__ == "__main__":
    main()

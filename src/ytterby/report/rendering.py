# SPDX-License-Identifier: Apache-2.0
"""A page becomes HTML or Markdown: one self-contained file each, by the templates that lie beside this module."""

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from ytterby.report.page import Page
from ytterby.report.reading import unbroken

FOLDER = Path(__file__).parent
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")


def to_html(page: Page) -> str:
    """The page as one HTML file that loads nothing and runs nothing."""
    style = (FOLDER / "page.css").read_text(encoding="utf-8")
    return _template("page.html.j2").render(page=page, style=style)


def to_markdown(page: Page) -> str:
    """The page as Markdown with footnotes, drawings as tables."""
    text = _template("page.md.j2").render(page=page)
    lines = [line.rstrip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters |= {"md": markdown_text, "unbroken": unbroken, "linkable": linkable}
    return environment.get_template(name)


def markdown_text(text: Any) -> str:
    """A text in one line in which nothing is taken for Markdown."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))


def linkable(url: str) -> bool:
    """Whether an address may become a link: the web only, with nothing in it that could break out of one."""
    return bool(re.fullmatch(r"https?://[^\s<>\"]+", url))

# SPDX-License-Identifier: Apache-2.0
"""The command line. It computes nothing: it asks the rooms below and prints what they say."""

from __future__ import annotations

from cyclopts import App

app = App(name="ytterby", help=__doc__)


def main() -> None:
    """Run the command line."""
    app()

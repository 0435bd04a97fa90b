# SPDX-License-Identifier: Apache-2.0
"""``python -m ytterby`` is the same as the command ``ytterby``."""

from __future__ import annotations

from ytterby.cli import main

if __name__ == "__main__":
    main()

# SPDX-License-Identifier: Apache-2.0
"""Supply of critical minerals: who, to whom, by which route, and what announcements are worth.

The package's door. It imports nothing on its own: each room (``ytterby.facts``, ``ytterby.study`` ...) is
imported by name by the one who needs it.
"""

from __future__ import annotations

__all__ = ["__version__"]


def __getattr__(name: str) -> str:
    """Look up the version when it is asked for."""
    if name == "__version__":
        from importlib.metadata import version

        return version("ytterby")
    message = f"module 'ytterby' has no attribute {name!r}"
    raise AttributeError(message)

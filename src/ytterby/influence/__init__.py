# SPDX-License-Identifier: Apache-2.0
"""Who weighs how much in a state, and how probably an exporter restricts a mineral.

The published index of influence from its working columns (`capacity`); the same from the project's own ties, with the
interval that missing inputs leave (`own_capacity`); beside it, never mixed in, nearness and shares (`shares`); what
pledges would change (`with_pledges`); an expert's forecast as a question with a state (`forecast`); and the hazard of
restrictions (`hazard`).
"""

from __future__ import annotations

from ytterby.influence.capacity import Capacity, Term, Version, capacity, version, working_columns
from ytterby.influence.intervals import Interval

__all__ = ["Capacity", "Interval", "Term", "Version", "capacity", "version", "working_columns"]

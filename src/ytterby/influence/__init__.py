# SPDX-License-Identifier: Apache-2.0
"""Who weighs how much in a state, and how probably an exporter restricts a mineral.

The published index of influence from its working columns (`capacity`); the same from the project's own ties, with the
interval that missing inputs leave, and beside it, never mixed in, ties and nearness (`shares`); an expert's forecast as a
question with a state and a history (`forecasts`); what pledges would change in the ties (`pledge_effects`), in the weights
(`changes`) and in the forecasts (`forecasts_by_level`); and the hazard of restrictions (`hazard`, `draws`, `scores`).
"""

from __future__ import annotations

from ytterby.influence.capacity import Capacity, Term, Version, capacity, version, working_columns
from ytterby.influence.drawing import Asked, Chance, Starts, chances, draws, lengths
from ytterby.influence.figures import Figure
from ytterby.influence.forecast import READINGS, Forecast, Standing, YearState, forecasts, weight
from ytterby.influence.hazard import Hazard, hazard
from ytterby.influence.intervals import Interval
from ytterby.influence.outlook import Outlook, outlook
from ytterby.influence.own import Lead, own_capacity
from ytterby.influence.pledged import Effect, Promise, Untouched, pledge_effects
from ytterby.influence.rates import Rate
from ytterby.influence.realised import Changed, changes, forecasts_by_level
from ytterby.influence.scoring import Score, gains, scores
from ytterby.influence.shares import check_places, latest, leads, shares, ties_of
from ytterby.influence.ties import Ties
from ytterby.influence.working import Indexed, indexed

__all__ = [
    "READINGS",
    "Asked",
    "Capacity",
    "Chance",
    "Changed",
    "Effect",
    "Figure",
    "Forecast",
    "Hazard",
    "Indexed",
    "Interval",
    "Lead",
    "Outlook",
    "Promise",
    "Rate",
    "Score",
    "Standing",
    "Starts",
    "Term",
    "Ties",
    "Untouched",
    "Version",
    "YearState",
    "capacity",
    "chances",
    "changes",
    "check_places",
    "draws",
    "forecasts",
    "forecasts_by_level",
    "gains",
    "hazard",
    "indexed",
    "latest",
    "leads",
    "lengths",
    "outlook",
    "own_capacity",
    "pledge_effects",
    "scores",
    "shares",
    "ties_of",
    "version",
    "weight",
    "working_columns",
]

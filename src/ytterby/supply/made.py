# SPDX-License-Identifier: Apache-2.0
"""What a place makes and what it only passes on are kept apart.

Each form gets a second balance per maker, "FORM@made": mines and processes put into it, home use and exports take from
it. What arrives from abroad can be used, or passed on as the base year did and no more: a country that makes little
can't become a hub because somebody closes another way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from ytterby.chain import MINE, PROCESS, TRADE, Activity, BaseYear, balances_of

MADE = "@made"
HOME, PASSED_ON = "home", "re-export"


def plain(form: str) -> str:
    """The form without the mark of its balance."""
    return form.partition("@")[0]


def keep_apart(base: BaseYear) -> BaseYear:
    """The same base year with made and used apart; flows, prices and closure stay as they are.

    Exports of a maker come from its own output as far as that reaches, in proportion; the rest is passed on.
    """
    made = _output(base)
    exported = _exports(base)
    own_share = {key: min(1.0, made.get(key, 0.0) / tonnes) for key, tonnes in exported.items() if tonnes > 0}
    activities: list[Activity] = []
    flows: list[float] = []
    for activity, flow in zip(base.activities, base.flows, strict=True):
        if activity.kind == TRADE:
            share = own_share[activity.place, activity.form]
            for part, name, mark in ((share, TRADE, MADE), (1 - share, PASSED_ON, "")):
                if part * flow > 1e-9 * flow:
                    activities.append(shipped(activity, name, mark))
                    flows.append(part * float(flow))
        else:
            activities.append(into_made(activity))
            flows.append(float(flow))
    for (place, form), tonnes in made.items():
        left = tonnes - own_share.get((place, form), 0.0) * exported.get((place, form), 0.0)
        if left > 1e-9 * tonnes:
            activities.append(home(place, form))
            flows.append(left)
    balances = balances_of(activities)
    price = {form: value for (_, form), value in zip(base.balances, base.prices, strict=True)}
    prices = np.array([price[plain(form)] for _, form in balances])
    return replace(
        base, activities=tuple(activities), flows=np.array(flows), balances=balances, prices=prices
    )


def shipped(activity: Activity, name: str, mark: str) -> Activity:
    """A trade activity that takes from what is made (`mark` "@made") or from what is used there."""
    terms = ((activity.place, activity.form + mark, -1.0), (activity.partner, activity.form, 1.0))
    return replace(activity, name=name, terms=terms)


def home(place: str, form: str) -> Activity:
    """Home use of what is made at home."""
    return Activity(TRADE, HOME, place, form, ((place, form + MADE, -1.0), (place, form, 1.0)), place)


def into_made(activity: Activity) -> Activity:
    """A mine or process whose outputs go into what is made; other activities as they are."""
    if activity.kind not in {MINE, PROCESS}:
        return activity
    terms = tuple(
        (place, form + MADE if c > 0 and "@" not in form else form, c) for place, form, c in activity.terms
    )
    return replace(activity, terms=terms)


def _output(base: BaseYear) -> Mapping[tuple[str, str], float]:
    made: dict[tuple[str, str], float] = {}
    for activity, flow in zip(base.activities, base.flows, strict=True):
        if activity.kind in {MINE, PROCESS}:
            for place, form, coefficient in activity.terms:
                if coefficient > 0:
                    made[place, form] = made.get((place, form), 0.0) + coefficient * float(flow)
    return made


def _exports(base: BaseYear) -> Mapping[tuple[str, str], float]:
    exported: dict[tuple[str, str], float] = {}
    for activity, flow in zip(base.activities, base.flows, strict=True):
        if activity.kind == TRADE:
            key = (activity.place, activity.form)
            exported[key] = exported.get(key, 0.0) + float(flow)
    return exported

"""Solved years written by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from ytterby.chain import DEMAND, MINE, PROCESS, TRADE, Activity, Result, YearResult, balances_of, incidence


@pytest.fixture(scope="session")
def solved_by_hand():
    """A result of one year from (activity, flow, capacity, rent) rows; prices of 1 everywhere unless given."""

    def solved(rows, prices=None):
        activities = tuple(row[0] for row in rows)
        flows = np.array([float(row[1]) for row in rows])
        capacity = np.array([float(row[2]) if len(row) > 2 else np.inf for row in rows])
        rents = np.array([float(row[3]) if len(row) > 3 else 0.0 for row in rows])
        balances = balances_of(activities)
        price = np.array([(prices or {}).get(balance, 1.0) for balance in balances])
        year = YearResult(2024, flows, price, rents, capacity, 0.0, "by hand")
        matrix = incidence(activities, balances).tocsr()
        return Result("by hand", activities, balances, (year,), price, matrix), year

    return solved


def mine(place, form="ore"):
    """A mine."""
    return Activity(MINE, MINE, place, form, ((place, form, 1.0),))


def process(name, place, inputs, outputs):
    """A process from inputs to outputs, both form -> t per unit."""
    terms = [(place, form, -t) for form, t in inputs.items()]
    terms += [(place, form, t) for form, t in outputs.items()]
    return Activity(PROCESS, name, place, name, tuple(terms))


def ship(exporter, importer, form):
    """A flow."""
    return Activity(TRADE, TRADE, exporter, form, ((exporter, form, -1.0), (importer, form, 1.0)), importer)


def use(place, form, name="use"):
    """Final demand."""
    return Activity(DEMAND, name, place, form, ((place, form, -1.0),))


@pytest.fixture(scope="session")
def words():
    """The four kinds of activity as functions."""

    return SimpleNamespace(mine=mine, process=process, ship=ship, use=use)


@pytest.fixture(scope="session")
def central_case():
    """The shipped case with its actors in the bans."""
    from ytterby.study import load_case

    return load_case("central-asia").with_actors()


@pytest.fixture(scope="session")
def prepared(base, central_case):
    """The reconciled base year of the shipped case."""
    from ytterby.study.run import prepare

    return prepare(central_case, base)

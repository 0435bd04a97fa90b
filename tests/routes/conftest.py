"""The shipped network, built once."""

from __future__ import annotations

import pytest

from ytterby.routes import network


@pytest.fixture(scope="session")
def net(base):
    """The transport network of the shipped facts."""
    return network(base)

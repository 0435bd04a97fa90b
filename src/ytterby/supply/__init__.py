# SPDX-License-Identifier: Apache-2.0
"""The chain as a programme: evidence of a base year, prices, projects, growth, and the market solved year by year."""

from __future__ import annotations

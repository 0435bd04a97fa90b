"""From a row back to source, unit, places and overridden values."""

from __future__ import annotations

import pytest

from ytterby.errors import FactError
from ytterby.facts import load, trace


def test_row_source_unit_and_named_rows(base):
    found = trace(base, "prod-1")
    assert (found.id, found.relation, found.row) == ("prod-1", "production", base.row("prod-1"))
    assert found.source is not None
    assert found.source["url"] == "https://example.org/2025"
    assert found.unit is not None
    assert (found.unit.id, found.unit.row["factor"]) == ("kt", 1000)
    assert found.unit.source is not None
    assert found.unit.source["id"] == "nist"
    assert [named.id for named in found.named] == ["CHN"]
    assert found.overrides == ()


def test_canonical_figures_need_no_unit(base):
    assert trace(base, "prod-3").unit is None


def test_a_source_rests_on_itself(base):
    found = trace(base, "press")
    assert (found.relation, found.source, found.named) == ("sources", None, ())


def test_trade_rows(base):
    found = trace(base, "baci-280530-2024-KAZ-CHN")
    assert found.relation == "trade"
    assert found.source is not None
    assert found.source["id"] == "survey-2025"
    assert [named.id for named in found.named] == ["KAZ", "CHN"]


def test_lists_name_rows_too(base):
    assert [named.id for named in trace(base, "CA5").named] == ["KAZ"]


def test_overrides_are_told(make_base, user_folder, texts):
    header = texts["production"].splitlines()[0]
    row = "prod-1,CHN,mine,2024,280,,,number,kt,REO,,yes,survey-2025,2025-01,official,"
    base = load([user_folder(production=f"{header}\n{row}\n")], shipped=make_base())
    (override,) = trace(base, "prod-1").overrides
    assert override.changes == (("value", 270_000, 280_000), ("value_published", 270, 280))


def test_unknown_id(base):
    with pytest.raises(FactError, match=r'no row "chn" \(allowed: CHN\)'):
        trace(base, "chn")

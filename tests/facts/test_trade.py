"""Trade rows: places become countries, missing stays missing, totals close."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ytterby.errors import FactError
from ytterby.facts import check, load, trade_closure
from ytterby.facts.trade import last_known_year


def test_rows_in_order_of_ids(base):
    assert [row["id"] for row in base.trade()] == [
        "baci-280530-2023-CHN-S19",
        "baci-280530-2024-CHN-S19",
        "baci-280530-2024-CHN-USA",
        "baci-280530-2024-KAZ-CHN",
        "baci-284690-2024-CHN-USA",
    ]


def test_one_row(base):
    assert base.row("baci-280530-2024-CHN-USA") == {
        "id": "baci-280530-2024-CHN-USA",
        "year": 2024,
        "exporter": "CHN",
        "importer": "USA",
        "code": "280530",
        "value_kusd": 12.5,
        "quantity_t": None,
    }


def test_codes_and_years(base):
    assert len(base.trade(["280530"])) == 4
    assert len(base.trade(["280530"], [2023])) == 1
    assert len(base.trade(years=[2024])) == 4
    assert base.trade([], []) == []
    assert base.trade(["999999"]) == []


@pytest.mark.parametrize("code", ["2805.30", "28053", 280530.5, ""])
def test_codes_have_six_digits(base, code):
    with pytest.raises(FactError, match="six digits, as text"):
        base.trade([code])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("baci-280530-2024-CHN", "baci-<six digits>-<year>-<exporter>-<importer>"),
        ("baci-280530-2024-CHN-KAZ", "flows of code 280530 in 2024"),
    ],
)
def test_no_such_flow(base, name, text):
    with pytest.raises(FactError) as caught:
        base.row(name)
    assert text in str(caught.value)


@pytest.mark.parametrize(
    ("as_of", "year"),
    [("2025-11-08", 2023), ("2026-01-30", 2023), ("2026-01-31", 2024), ("2026-01", 2024), ("2026", 2024)],
)
def test_trade_is_known_a_year_and_a_month_later(as_of, year):
    assert last_known_year(as_of) == year


def test_trade_as_of(make_base, add_trade):
    folder = make_base()
    add_trade(folder)
    base = load(shipped=folder, as_of="2025-11-08")
    assert [row["year"] for row in base.trade()] == [2023]
    with pytest.raises(FactError, match="no row"):
        base.row("baci-280530-2024-CHN-USA")


def test_codes_may_be_numbers_in_the_file(make_base, add_trade):
    folder = make_base()
    add_trade(
        folder,
        "SELECT 2024 AS year, 156 AS exporter, 398 AS importer, 10110 AS code, 1 AS value, 2 AS quantity",
    )
    assert load(shipped=folder).trade(["010110"])[0]["id"] == "baci-010110-2024-CHN-KAZ"


UNKNOWN = """
    SELECT 2024 AS year, * FROM (VALUES (156, 999, '280530', 3.0, 1.0), (398, 156, '280530', 7.0, 1.0),
    (777, 490, '280530', 10.0, 1.0)) AS t(exporter, importer, code, value, quantity)
"""


def test_places_without_a_country_are_named(make_base, add_trade):
    folder = make_base()
    add_trade(folder, UNKNOWN)
    base = load(shipped=folder)
    with pytest.raises(FactError, match="places without a country: 777, 999"):
        base.trade(["280530"])
    (problem,) = check(shipped=folder)
    assert (problem.table, problem.found) == ("trade.parquet", "places without a country: 777, 999")
    closure = trade_closure(base, "280530", 2024)
    assert (closure.world_kusd, closure.partners_kusd, closure.flows) == (20, 7, 3)
    assert closure.unmapped == {"777": 0.5, "999": 0.15}
    assert closure.residual == {"S19": 0.5}
    assert closure.gap == pytest.approx(0.65)


def test_totals_close(base):
    closure = trade_closure(base, "280530", 2024)
    assert (closure.world_kusd, closure.partners_kusd, closure.gap) == (23, 23, 0)
    assert closure.residual == pytest.approx({"S19": 3 / 23})
    assert closure.unmapped == {}
    with pytest.raises(FactError, match="no flow of code 280530 in 1999"):
        trade_closure(base, "280530", 1999)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (None, "no such file"),
        (b"", "cannot be read as trade"),
        (b"PAR1 not really PAR1", "cannot be read as trade"),
    ],
)
def test_broken_trade_file(make_base, content, found):
    folder = make_base()
    if content is not None:
        (folder / "trade.parquet").write_bytes(content)
    with pytest.raises(FactError) as caught:
        load(shipped=folder).trade(["280530"])
    assert found in str(caught.value)
    (problem,) = check(shipped=folder)
    assert problem.table == "trade.parquet"


ROW = "SELECT 2024 AS year, 156 AS exporter, 398 AS importer, '280530' AS code, 1.0 AS value, 2.0 AS quantity"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (ROW.replace("1.0", "NULL::DOUBLE"), "a missing year, code or value"),
        (ROW.replace("2.0", "-2.0"), "a value or quantity below 0"),
        (ROW.replace("'280530'", "'2805.30'"), "a code that is not six digits"),
        (f"{ROW} UNION ALL {ROW}", "a flow given twice"),
        (
            f"{ROW} UNION ALL {ROW.replace('156', '842')} UNION ALL {ROW.replace('156', '841')}",
            "a flow given twice",
        ),
        (ROW.replace("156", "NULL::INTEGER"), "places without a country: None"),
        (ROW.replace("156", "'CHN'"), "cannot be read as trade"),
    ],
)
def test_impossible_flows(make_base, add_trade, query, found):
    folder = make_base()
    add_trade(folder, query)
    (problem,) = check(shipped=folder)
    assert found in problem.found


@given(start=st.integers(0, 2000), stain=st.binary(min_size=1, max_size=60))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_stained_trade_file(make_base, add_trade, start, stain):
    folder = make_base()
    add_trade(folder)
    path = folder / "trade.parquet"
    content = path.read_bytes()
    start %= len(content)
    path.write_bytes(content[:start] + stain + content[start + len(stain) :])
    for problem in check(shipped=folder):
        assert problem.table == "trade.parquet"
    with suppress(FactError):
        assert load(shipped=folder).trade() is not None


def test_trade_file_with_other_columns(make_base, add_trade):
    folder = make_base()
    add_trade(folder, "SELECT 1 AS year, 2 AS value")
    (problem,) = check(shipped=folder)
    assert problem.found == "no column exporter, importer, code, quantity"

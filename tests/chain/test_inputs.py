"""What the chain is made of: ores, prices, parameters, demand and capacity paths, deposits, plants."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytterby.chain import DEMAND, MINE, PROCESS, Activity
from ytterby.errors import FactError, ModelError
from ytterby.supply.base_year import reading_report, world_mix
from ytterby.supply.deposits import carry
from ytterby.supply.growth import at, demand_path, reference_growth, supplier_path
from ytterby.supply.ores import ELEMENTS, GROUPS, classes_of, composition, elements_of, names
from ytterby.supply.parameters import Parameters
from ytterby.supply.prices import Price, contents_price, metal_price, nearest_year, oxide_prices
from ytterby.supply.projects import _ramp, idle_plants, project_entries, read_plants, surplus_entries


@pytest.fixture(scope="module")
def parameters(base):
    return Parameters.of(base)


def with_rows(base, relation, change):
    """The facts with the rows of a relation changed by a function from row to row or None."""
    rows = tuple(row for row in map(change, base.tables[relation]) if row is not None)
    return replace(base, tables={**base.tables, relation: rows})


# ---------------------------------------------------------------------------------------------------------- ores


def test_every_class_of_ore_sums_to_one(base):
    classes = list(names(base))
    assert len(classes) >= 5
    for name in classes:
        ore = composition(base, name)
        assert ore.shares.keys() == GROUPS.keys()
        assert sum(ore.shares.values()) == pytest.approx(1, abs=1e-12)
        assert sum(elements_of(base, name).values()) == pytest.approx(1, abs=1e-12)
        assert all(ore.low[g] - 1e-12 <= ore.shares[g] <= ore.high[g] + 1e-12 for g in GROUPS)
        assert all(base.row(row)["id"] == row for row in ore.basis)


def test_a_published_table_above_a_hundred_per_cent_is_rescaled(base):
    """The table of Xunwu sums to 102.3 %: read alone, its shares are its figures over that sum."""
    published = {row["element"]: row["value"] for row in base.rows("composition", table="CHN-IONIC-XUNWU")}
    total = sum(published[element] for element in ELEMENTS if published.get(element))
    assert total == pytest.approx(1.023, abs=1e-3)
    alone = with_rows(
        base, "ore_classes", lambda row: {**row, "deposits": ("CHN-IONIC-XUNWU",)} if row["ore_class"] == "ionic" else row
    )  # fmt: skip
    ore = composition(alone, "ionic")
    assert sum(ore.shares.values()) == pytest.approx(1)
    assert ore.shares["dy"] == pytest.approx(published["dy"] / total)


def test_unknown_classes_and_empty_tables_are_refused(base):
    without = with_rows(base, "ore_classes", lambda row: None if row["ore_class"] == "heavy" else row)
    with pytest.raises(ModelError, match='class "heavy"'):
        composition(without, "heavy")
    with pytest.raises(FactError, match='found "granite"'):
        composition(base, "granite")
    bare = with_rows(
        base, "composition", lambda row: None if row["table"].startswith("MYB2022-BAYAN") else row
    )
    with pytest.raises(ModelError, match="no element of MYB2022-BAYAN-OBO"):
        composition(bare, "mixed")


def test_classes_of_a_country_share_its_output(base):
    for classes in classes_of(base).values():
        assert sum(share for _, share, _ in classes) == pytest.approx(1)
        assert [share for _, share, _ in classes] == sorted((s for _, s, _ in classes), reverse=True)


def test_the_world_s_mix_is_a_distribution(base):
    elements, groups = world_mix(base, 2024)
    assert sum(elements.values()) == pytest.approx(1)
    assert sum(groups.values()) == pytest.approx(1)
    assert groups["lace"] > groups["ndpr"] > groups["dy"] > groups["tb"] > 0


# -------------------------------------------------------------------------------------------------------- prices


def test_every_form_has_a_price_within_its_range(prepared):
    forms = {form.partition("@")[0] for _, form in prepared.base_year.balances}
    assert forms <= prepared.gathered.prices.keys()
    for form, price in prepared.gathered.prices.items():
        assert 0 < price.low <= price.value <= price.high, form
        assert price.basis, form


def test_prices_rise_along_the_chain(prepared):
    price = prepared.gathered.price_values
    assert price["oxide:tb"] > price["oxide:dy"] > price["oxide:ndpr"] > price["oxide:lace"]
    assert price["metal:ndpr"] > price["oxide:ndpr"]
    assert price["concentrate:ionic"] < price["oxide:ndpr"]


def test_the_price_of_the_nearest_year_stands_in():
    rows: list[dict[str, Any]] = [
        {"id": str(y), "year": y, "unit": "USD_per_t", "value": 1.0} for y in (2020, 2022, 2026)
    ]
    rows += [{"id": "x", "year": 2024, "unit": "CNY_per_t", "value": 1.0}]
    rows += [{"id": "y", "year": 2024, "unit": "USD_per_t", "value": None}]
    assert [row["year"] for row in nearest_year(rows, 2024)] == [2026]
    assert [row["year"] for row in nearest_year(rows, 2021)] == [2022]
    assert [row["year"] for row in nearest_year(rows, 1990)] == [2020]
    assert nearest_year([], 2024) == []


def test_a_basket_is_the_mean_of_its_members_by_weight(base):
    even = dict.fromkeys(ELEMENTS, 1 / 15)
    only_la = {**dict.fromkeys(ELEMENTS, 0.0), "la": 1.0, "sm": 1.0, "ho": 1.0}
    lace, la = oxide_prices(base, 2024, even)["lace"], oxide_prices(base, 2024, only_la)["lace"]
    assert lace.rule == "basket"
    assert lace.value != la.value
    assert la.low <= la.value <= la.high


def test_a_metal_costs_its_oxide_times_the_ratio_of_the_same_days(base):
    oxide = Price(100.0, 90.0, 110.0, "given", ("row",))
    price = metal_price(base, "ndpr", oxide)
    assert price.rule == "same-day-ratio"
    assert price.value / 100 == pytest.approx(1.2, abs=0.15)
    assert price.basis[-1] == "row"
    none = with_rows(base, "prices", lambda row: None if row["content"] == "metal" else row)
    with pytest.raises(ModelError, match="no day with both"):
        metal_price(none, "ndpr", oxide)


def test_a_concentrate_is_paid_for_what_it_holds():
    oxides = {
        "ndpr": Price(50.0, 40.0, 60.0, "", ("a",)),
        "lace": Price(1.0, 0.5, 1.5, "", ("b",)),
    }
    price = contents_price({"ndpr": 0.2, "lace": 0.8}, recovered=0.9, payable=0.7, oxides=oxides)
    assert price.value == pytest.approx(0.7 * 0.9 * (10 + 0.8))
    assert (price.low, price.high) == pytest.approx((0.63 * 8.4, 0.63 * 13.2))
    assert price.basis == ("a", "b")


# ---------------------------------------------------------------------------------------------------- parameters


def test_a_parameter_is_read_at_its_position(base):
    middle, low = Parameters.of(base), Parameters.of(base, {"elasticity.demand.*": "low"})
    name = "elasticity.demand.short"
    assert low[name] < middle[name]
    assert low["elasticity.mine.short"] == middle["elasticity.mine.short"]
    assert low.range(name) == (low[name], low[name], middle.range(name)[2])
    both = Parameters.of(base, {"elasticity.*": "high", "elasticity.demand.*": "low"})
    assert both[name] == low[name]
    assert middle.basis(name) == ("param-elasticity-demand-short",)


@pytest.mark.parametrize(
    ("at", "found"),
    [({"elasticity.demand.short": "middle"}, "middle"), ({"elastisity.*": "low"}, "elastisity"), ({"x": "low"}, "x")],
)  # fmt: skip
def test_a_position_or_name_that_does_not_exist_is_refused(base, at, found):
    with pytest.raises(ModelError, match=found):
        Parameters.of(base, at)


def test_a_parameter_that_is_missing_or_has_no_such_end_is_refused(base, parameters):
    with pytest.raises(ModelError, match=r"project\.ramp"):
        parameters["project.rampe"]
    with pytest.raises(ModelError, match="calendar_year"):
        parameters.years("project.planned")
    with pytest.raises(ModelError, match="no low"):
        Parameters.of(base, {"metal_per_oxide.ndpr": "low"})["metal_per_oxide.ndpr"]


# --------------------------------------------------------------------------------------------------------- paths


def test_a_path_is_straight_between_its_years_and_flat_outside():
    path = ((2020, 10.0), (2030, 20.0), (2040, 0.0))
    assert [at(path, y) for y in (2000, 2020, 2025, 2030, 2035, 2040, 2100)] == [10, 10, 15, 20, 10, 0, 0]
    assert at(((2024, 3.0),), 1990) == at(((2024, 3.0),), 2090) == 3.0


@given(
    st.lists(st.tuples(st.integers(1990, 2060), st.floats(0, 1e6)), min_size=1, unique_by=lambda p: p[0]),
    st.integers(1980, 2070),
)
def test_a_path_stays_within_its_figures(points, year):
    path = tuple(sorted(points))
    values = [value for _, value in path]
    assert min(values) - 1e-9 <= at(path, year) <= max(values) * (1 + 1e-12) + 1e-9


def test_demand_follows_the_published_path(base):
    path, rows = demand_path(base, "electric vehicles", "STEPS")
    assert dict(path)[2030] == pytest.approx(12220)
    assert dict(path)[2022] == pytest.approx(3960)
    assert len(rows) == len(path)
    with pytest.raises(ModelError) as error:
        demand_path(base, "electric vehicles", "STEP")
    assert "STEPS" in error.value.allowed


def test_growth_starts_at_one_and_follows_its_kind(base, parameters):
    growth = reference_growth(base, parameters, 2024, "STEPS", "CHN")
    car = Activity(DEMAND, "electric vehicles", "USA", "magnet", (("USA", "magnet", -1.0),))
    other = Activity(DEMAND, "other uses", "USA", "oxide:y", (("USA", "oxide:y", -1.0),))
    here = Activity(MINE, MINE, "CHN", "concentrate:mixed", (("CHN", "concentrate:mixed", 1.0),))
    there = replace(here, place="AUS")
    assert [growth(activity, 2024) for activity in (car, other, here, there)] == pytest.approx([1] * 4)
    assert growth(car, 2030) > 1.5
    assert growth(there, 2034) == pytest.approx((1 + parameters["growth.other_capacity"]) ** 10)
    assert growth(here, 2040) == pytest.approx(at(supplier_path(base, "CHN", "mine", 2024)[0], 2040))
    link = replace(here, kind="trade")
    assert growth(link, 2040) == 1.0


@pytest.mark.parametrize("stage", ["mine", "separation"])
def test_share_and_supply_of_a_path_count_the_same_rare_earths(base, stage):
    _, rows = supplier_path(base, "CHN", stage, 2024)
    assert {base.row(row)["commodity"] for row in rows} == {"magnet_ree"}


def test_a_supplier_without_projection_keeps_its_capacity(base):
    path, rows = supplier_path(base, "EST", "mine", 2024)
    assert (at(path, 2040), rows) == (1.0, ())


# ------------------------------------------------------------------------------------------------------ deposits


def deposit(**values):
    return {"id": "HILL-1", "ore_t": 1e6, "grade": 0.05, "contained_t": None, **values}


def test_taylor_s_rule_by_hand(parameters):
    """1 Mt of ore lasts as many years as the coefficient says; 16 Mt twice as long."""
    one, many = carry(deposit(), parameters), carry(deposit(ore_t=16e6), parameters)
    assert one.life == pytest.approx(6.5)
    assert one.ore_per_year == pytest.approx(1e6 / 6.5)
    assert one.output == pytest.approx(1e6 / 6.5 * 0.05 * 0.65)
    assert many.life == pytest.approx(13)
    assert one.contained_t == pytest.approx(50000)
    assert one.reading == "HILL-1"
    assert "param-taylor-life-exponent" in one.basis


def test_no_more_ore_than_the_largest_mine_moves(parameters):
    found = carry(deposit(ore_t=2e10), parameters)
    assert found.ore_per_year == pytest.approx(parameters["mine.largest_ore"])
    assert found.ore_per_year_rule > found.ore_per_year
    assert found.output == pytest.approx(parameters["mine.largest_ore"] * 0.05 * 0.65)


def test_contained_tonnes_and_grade_give_the_ore(parameters):
    by_content = carry(deposit(ore_t=None, contained_t=50000.0), parameters)
    assert by_content.output == pytest.approx(carry(deposit(), parameters).output)


@pytest.mark.parametrize("values", [{"grade": None}, {"grade": 0.0}, {"ore_t": None}])
def test_a_reading_without_grade_or_tonnage_is_refused(parameters, values):
    with pytest.raises(ModelError) as error:
        carry(deposit(**values), parameters)
    assert error.value.where == "deposits.csv HILL-1"


@given(st.floats(1e5, 1e10), st.floats(1.01, 10))
def test_more_ore_lasts_longer_and_yields_no_less_a_year(ore, factor):
    parameters = Parameters(
        {
            name: {"id": name, "value": value, "low": value, "high": value, "unit": "t"}
            for name, value in {
                "taylor.life_coefficient": 6.5,
                "taylor.life_exponent": 0.25,
                "mine.largest_ore": 1.3e8,
                "mine.recovery": 0.65,
            }.items()
        }
    )
    small, large = carry(deposit(ore_t=ore), parameters), carry(deposit(ore_t=factor * ore), parameters)
    assert large.life > small.life
    assert large.output >= small.output
    assert large.ore_per_year <= 1.3e8


# -------------------------------------------------------------------------------------------------------- plants


def plant(**values):
    return {
        "id": "HILL-PLANT", "name": "Hill", "country": "AUS", "scope": "plant", "stage": "separation", "commodity": "rare_earths",
        "product": "oxides", "capacity": 1000.0, "capacity_kind": "nameplate", "unit": "t", "content": "REO", "start_year": 2026,
        "status": "planned", "owner": "Hill Ltd", "ore_class": None, **values,
    }  # fmt: skip


def read(prepared, *rows):
    return read_plants(rows, prepared.gathered, 2024)


@pytest.mark.parametrize(
    ("values", "grossed_up_by"),
    [
        ({}, ["recovery"]),
        ({"capacity_kind": "feed"}, []),
        ({"commodity": "ndpr", "capacity_kind": "feed"}, ["ndpr"]),
        ({"commodity": "ndpr"}, ["recovery", "ndpr"]),
        ({"stage": "mine"}, []),
        ({"stage": "magnet", "commodity": "ndfeb"}, ["finished"]),
        ({"stage": "metal", "commodity": "ndpr"}, []),
    ],
)
def test_a_nameplate_is_what_leaves_the_plant(prepared, parameters, values, grossed_up_by):
    (project,), _ = read(prepared, plant(**{"ore_class": "monazite", **values}))
    shares = {
        "recovery": parameters["recovery.cracking"] * parameters["recovery.extraction"],
        "ndpr": prepared.gathered.ores["monazite"].shares["ndpr"],
        "finished": 1 - parameters["magnet.scrap_share"],
    }
    assert project.size * np.prod([shares[name] for name in grossed_up_by]) == pytest.approx(1000)


def test_a_planned_plant_comes_late_and_in_part(prepared, parameters):
    (project,), unread = read(prepared, plant())
    assert unread == ()
    assert project.start == 2026 + parameters["project.delay.planned"]
    assert (project.share, project.committed) == (parameters["project.planned"], False)
    (entry,) = project_entries([project], prepared.gathered, range(2024, 2041))
    capacity = entry.capacity
    assert capacity is not None
    assert [capacity[year] for year in (2024, 2028)] == [0, 0]
    assert [capacity[year] / capacity[2040] for year in (2029, 2030, 2031)] == pytest.approx(
        [1 / 3, 2 / 3, 1]
    )
    assert capacity[2040] == pytest.approx(project.size * parameters["project.planned"])


def test_a_plant_being_built_comes_nearly_on_time(prepared, parameters):
    (project,), _ = read(prepared, plant(status="construction"))
    assert project.start == 2026 + parameters["project.delay.construction"]
    assert (project.share, project.committed) == (parameters["project.construction"], True)


def test_a_plant_that_will_be_at_work_comes_on_its_date_in_full(prepared):
    (project,), _ = read(prepared, plant(status="operating", start_year=2028))
    assert (project.start, project.share, project.committed) == (2028, 1.0, True)


@pytest.mark.parametrize("values", [{"status": "operating", "start_year": 2020}, {"scope": "country"}])
def test_what_runs_already_or_totals_a_country_is_no_project(prepared, values):
    assert read(prepared, plant(**values)) == ((), ())


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"status": "suspended"}, "suspended"), ({"capacity": None}, "no capacity"), ({"start_year": None}, "no start"),
        ({"stage": "recycling"}, "scrap loop"), ({"content": "ore"}, "without a grade"), ({"commodity": "hree"}, "heavy line"),
    ],
)  # fmt: skip
def test_a_plant_that_cannot_be_read_is_listed_with_the_reason(prepared, values, reason):
    projects, (unread,) = read(prepared, plant(**values))
    assert projects == ()
    assert reason in unread.reason
    assert (unread.plant, unread.country) == ("HILL-PLANT", "AUS")


def test_a_capacity_in_ndpr_is_turned_into_feed(prepared):
    ndpr = prepared.gathered.ores["monazite"].shares["ndpr"]
    (mine,), _ = read(prepared, plant(stage="mine", commodity="ndpr", content="oxide"))
    assert mine.activity.form == "concentrate:monazite"
    assert mine.size == pytest.approx(1000 / ndpr)
    (separation,), _ = read(prepared, plant(commodity="ndpr", content="oxide"))
    made = {form: t for _, form, t in separation.activity.terms}
    assert separation.size * made["oxide:ndpr"] == pytest.approx(1000)


def test_a_mine_of_several_ores_is_shared_among_them(prepared):
    projects, _ = read(prepared, plant(stage="mine", country="CHN"))
    assert sum(project.size for project in projects) == pytest.approx(1000)
    assert len({project.activity.form for project in projects}) == 3
    (one,), _ = read(prepared, plant(stage="mine", country="CHN", ore_class="heavy"))
    assert one.activity.form == "concentrate:heavy"


def test_a_total_counts_without_its_parts(prepared, parameters):
    got = parameters["recovery.cracking"] * parameters["recovery.extraction"]
    total = plant(id="HILL-ALL", capacity=10000.0, capacity_kind="total")
    projects, _ = read(prepared, total, plant(capacity=1000.0), plant(id="HILL-2", capacity=2000.0))
    sizes = {project.plant: project.size for project in projects}
    assert got * sum(sizes.values()) == pytest.approx(10000)
    others = [
        plant(id="OTHER", owner="Dale Ltd"),
        plant(id="FAR", country="USA"),
        plant(id="MINE", stage="mine"),
    ]
    projects, _ = read(prepared, total, *others)
    assert got * next(p.size for p in projects if p.plant == "HILL-ALL") == pytest.approx(10000)


def test_a_total_that_its_parts_exhaust_is_listed_with_the_reason(prepared):
    total = plant(id="HILL-ALL", capacity=1000.0, capacity_kind="total")
    _, (unread,) = read(prepared, total, plant(capacity=2500.0))
    assert unread.plant == "HILL-ALL"
    assert "none left beside its parts" in unread.reason


def test_the_ramp_is_straight(parameters):
    years = parameters.years("project.ramp")
    assert [_ramp(age, parameters) for age in (-2, -1, 0, years - 1, years + 5)] == pytest.approx(
        [0, 0, 1 / years, 1, 1]
    )


def test_idle_nameplate_comes_the_year_after(prepared):
    """A plant at work that the base year does not use at all, and one that it uses beyond its nameplate."""
    idle = plant(id="HILL-IDLE", status="operating", start_year=2020, country="NOR", ore_class="bastnaesite")
    (project,) = idle_plants(prepared.base_year, [idle], prepared.gathered)
    assert (project.start, project.share, project.committed) == (2025, 1.0, True)
    assert project.size > 0
    busy = plant(
        id="BUSY", status="operating", start_year=2020, country="CHN", ore_class="mixed", capacity=1.0
    )
    assert idle_plants(prepared.base_year, [busy], prepared.gathered) == ()


@pytest.mark.parametrize(
    "values", [{"capacity_kind": "quota"}, {"capacity_kind": "output"}, {"scope": "country"}]
)
def test_quotas_and_totals_are_no_idle_capacity(prepared, values):
    row = plant(status="operating", start_year=2020, country="NOR", ore_class="bastnaesite", **values)
    assert idle_plants(prepared.base_year, [row], prepared.gathered) == ()


def test_a_new_plant_conserves_rare_earths(prepared):
    (project,), _ = read(prepared, plant())
    made = sum(t for _, _, t in project.activity.terms if t > 0)
    assert made == pytest.approx(0.92 * 0.95, abs=0.02)
    assert project.activity.kind == PROCESS


def test_the_reading_report_counts_every_row(base, prepared):
    report = reading_report(prepared.gathered)
    kept = sum(line["rows"] for line in report if line["kept"])
    out = sum(line["rows"] for line in report if not line["kept"])
    assert kept + out == len(base.trade(["280530", "284610", "284690"], [2024]))
    assert all(np.isfinite(line["tonnes"]) for line in report)


def test_a_stockpile_of_a_new_form_is_scaled_to_what_projects_make(prepared, parameters):
    projects, _ = read(prepared, plant(stage="mine", country="KGZ", ore_class="heavy", status="construction"))
    assert all(form != "concentrate:heavy" for a in prepared.base_year.activities for _, form, _ in a.terms)
    (found,) = (
        entry for entry in surplus_entries(prepared.base_year, projects, prepared.gathered)
        if entry.activity.form == "concentrate:heavy"
    )  # fmt: skip
    made = projects[0].size * projects[0].share
    assert found.scale == pytest.approx(parameters["surplus.scale_share"] * made)

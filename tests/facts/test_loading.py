"""What comes out of a sound folder: types, canonical units, dates of knowledge, users' rows."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from ytterby.errors import FactError
from ytterby.facts import check, data_folder, load


def test_a_sound_folder_has_no_problem(make_base, add_trade):
    folder = make_base()
    add_trade(folder)
    assert check(shipped=folder) == []


def test_cells_are_typed(base):
    row = base.row("prod-2")
    assert row["year"] == 2024
    assert row["note"] == "a note, with a comma"
    assert row["low"] is None
    assert base.row("prod-1")["confirmed"] is True
    assert base.row("prod-4")["confirmed"] is False
    assert base.row("USA")["baci_codes"] == ("842", "841")
    assert base.row("CA5")["members"] == ("KAZ",)


def test_measured_numbers_become_canonical_and_the_published_ones_stay(base):
    row = base.row("prod-2")
    assert (row["value"], row["unit"]) == (270, "t")
    assert (row["value_published"], row["unit_published"]) == (0.27, "kt")
    bound = base.row("prod-5")
    assert (bound["value"], bound["high"], bound["high_published"]) == (None, 0.045359237, 100)


def test_a_state_without_number_needs_no_unit(base):
    row = base.row("prod-6")
    assert (row["state"], row["value"], row["unit"]) == ("withheld", None, None)


def test_rows_by_columns(base):
    assert [row["id"] for row in base.rows("production", country="CHN", confidence="official")] == [
        "prod-1",
        "prod-2",
    ]
    assert [row["id"] for row in base.rows("production", as_of=None)] == ["prod-5"]
    assert len(base.rows("production")) == 6
    assert base.sources == base.tables["sources"]
    assert base.relation_of["prod-1"] == "production"
    assert base.units["kt"].factor == 1000


@pytest.mark.parametrize(
    ("relation", "equals", "text"),
    [
        ("prodution", {}, 'found relation "prodution" (allowed: '),
        ("production", {"contry": "KAZ"}, 'found column "contry" (allowed: id, country'),
        ("production", {"stage": "mining"}, 'found "mining" (allowed: mine, refinery)'),
        ("production", {"country": "Kazakhstan"}, 'found "Kazakhstan" (allowed: KAZ'),
        ("production", {"year": "2024"}, "found '2024' (allowed: a value of type year)"),
        ("trade", {}, "found a relation kept in trade.parquet"),
    ],
)
def test_what_cannot_occur_is_no_empty_answer(base, relation, equals, text):
    with pytest.raises(FactError) as caught:
        base.rows(relation, **equals)
    assert text in str(caught.value)


def test_unknown_id_names_the_nearest(base):
    with pytest.raises(FactError, match=r'no row "prod-11" \(allowed: prod-1'):
        base.row("prod-11")


def test_nobody_changes_a_row(base):
    row = base.rows("production")[0]
    for change in (
        lambda: row.__setitem__("value", 1),
        lambda: row.update(value=1),
        lambda: row.pop("value"),
        row.clear,
        lambda: base.tables.__setitem__("production", ()),
    ):
        with pytest.raises(TypeError, match="read-only"):
            change()
    with pytest.raises(AttributeError):
        base.digest = ""
    changed = row | {"value": 1}
    assert (changed["value"], type(changed)) == (1, dict)
    assert row["value"] == 270000


def test_rows_pickle_copy_and_dump(base):
    row = base.rows("production")[0]
    assert pickle.loads(pickle.dumps(base)) == base
    assert copy.deepcopy(row) == row
    assert json.loads(json.dumps(row))["country"] == "CHN"


@pytest.mark.parametrize(
    ("as_of", "ids"),
    [
        (None, ["prod-1", "prod-2", "prod-3", "prod-4", "prod-5", "prod-6"]),
        ("2026-02-28", ["prod-1", "prod-2", "prod-3", "prod-4", "prod-6"]),
        ("2026-02-27", ["prod-1", "prod-3", "prod-4", "prod-6"]),
        ("2025-06", ["prod-1", "prod-3", "prod-4", "prod-6"]),
        ("2025-06-29", ["prod-1", "prod-6"]),
        ("2025-01-30", []),
    ],
)
def test_as_of_keeps_what_was_known(make_base, as_of, ids):
    base = load(shipped=make_base(), as_of=as_of)
    assert [row["id"] for row in base.rows("production")] == ids
    assert base.as_of == as_of
    assert len(base.rows("countries")) == 5
    assert len(base.sources) == 4


def test_as_of_must_be_a_date(make_base):
    with pytest.raises(FactError, match=r'as_of: found "yesterday" \(allowed: YYYY, YYYY-MM or YYYY-MM-DD\)'):
        load(shipped=make_base(), as_of="yesterday")


def test_a_word_unknown_at_a_date_is_no_error(make_base, texts):
    without = texts["schema"].replace("timeless = true\n", "")
    base = load(shipped=make_base(schema=without), as_of="2025-06-30")
    assert base.rows("countries") == []
    assert len(base.rows("production", country="CHN")) == 2


def test_users_rows_override_and_add(make_base, texts, user_folder):
    header = texts["production"].splitlines()[0]
    mine = user_folder(
        production=f"{header}\n"
        "prod-1,CHN,mine,2024,280,,,number,kt,REO,,yes,own,2026-01,official,\n"
        "my-1,KAZ,mine,2030,5000,,,number,t,REO,,,own,2026-01,estimated,\n",
        sources="id,publisher,title,url,published,licence\nown,I,My notes,,,\n",
    )
    (mine / "notes.md").write_text("anything", encoding="utf-8")
    (mine / ".hidden").write_text("anything", encoding="utf-8")
    base = load([mine], shipped=make_base())
    assert base.row("prod-1")["value"] == 280_000
    assert base.row("my-1")["country"] == "KAZ"
    (override,) = base.overrides
    assert (override.id, override.relation, override.folder) == ("prod-1", "production", str(mine))
    assert ("value", 270_000, 280_000) in override.changes
    assert ("source", "survey-2025", "own") in override.changes
    assert {name for name, _, _ in override.changes} >= {
        "value",
        "value_published",
        "source",
        "as_of",
    }
    assert base.folders[1] == mine


def test_later_folders_go_over_earlier_ones(make_base, texts, user_folder):
    header = texts["production"].splitlines()[0]
    row = "prod-1,CHN,mine,2024,{},,,number,t,REO,,,press,2026-01,reported,\n"
    first = user_folder("first", production=f"{header}\n{row.format(1)}")
    second = user_folder("second", production=f"{header}\n{row.format(2)}")
    base = load([first, second], shipped=make_base())
    assert base.row("prod-1")["value"] == 2
    changes = [change[1:] for o in base.overrides for change in o.changes if change[0] == "value"]
    assert changes == [(270_000, 1), (1, 2)]


def test_a_users_publication_date_moves_what_is_known(make_base, user_folder):
    header = "id,publisher,title,url,published,licence"
    mine = user_folder(sources=f"{header}\nsurvey-2026,Survey,Summaries 2026,,2024-01-01,free\n")
    base = load([mine], shipped=make_base(), as_of="2024-06")
    assert [row["id"] for row in base.rows("production")] == ["prod-2"]


def test_digest_follows_every_byte(make_base, user_folder, texts, add_trade):
    digest = load(shipped=make_base()).digest
    assert load(shipped=make_base()).digest == digest
    assert load(shipped=make_base(), as_of="2025").digest == digest
    assert load(shipped=make_base(countries=texts["countries"] + "\n")).digest != digest
    assert load([user_folder(countries=texts["countries"])], shipped=make_base()).digest != digest
    with_trade = make_base()
    add_trade(with_trade)
    assert load(shipped=with_trade).digest != digest
    assert len(digest) == 64


def test_windows_files_and_marks_read_alike(make_base, texts):
    windows = b"\xef\xbb\xbf" + texts["production"].replace("\n", "\r\n").encode()
    assert load(shipped=make_base(production=windows)).tables == load(shipped=make_base()).tables


def test_columns_may_stand_in_any_order(make_base, texts):
    lines = [line.split(",") for line in texts["units"].split()]
    turned = "\n".join(",".join(reversed(cells)) for cells in lines)
    assert load(shipped=make_base(units=turned)).tables == load(shipped=make_base()).tables


def test_the_shipped_folder_is_found():
    assert (data_folder() / "schema.toml").is_file()

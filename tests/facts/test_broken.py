"""Broken input: every fault is a FactError that names file, row and column; nothing else ever comes out."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ytterby.errors import FactError
from ytterby.facts import check, load

GOOD = "prod-9,KAZ,mine,2024,1,,,number,t,REO,,,press,2025,reported,"
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def problem_of(folder):
    """The only problem of a folder; load must tell the same."""
    (problem,) = check(shipped=folder)
    with pytest.raises(FactError) as caught:
        load(shipped=folder)
    assert str(caught.value) == str(problem)
    return problem


@pytest.fixture
def without_trade(texts):
    """The schema without trade, so that a folder needs no Parquet file."""
    start, rest = texts["schema"].split("[trade]")
    return start + rest[rest.index("[production]") :]


def test_missing_file(make_base, without_trade):
    problem = problem_of(make_base(production=None, schema=without_trade))
    assert (problem.table, problem.found) == ("production.csv", "no such file")


def test_missing_file_causes_no_dangling_references(make_base, without_trade):
    problem = problem_of(make_base(sources=None, schema=without_trade))
    assert problem.table == "sources.csv"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_empty_file(make_base, without_trade, content):
    problem = problem_of(make_base(production=content, schema=without_trade))
    assert problem.found == "an empty file"
    assert "give the header id,country,stage,year" in problem.remedy


def test_binary_and_other_encodings(make_base, texts, without_trade):
    binary = problem_of(make_base(production=b"PAR1\x15\x00\x15", schema=without_trade))
    assert (binary.row, binary.found) == ("line 1", "NUL bytes")
    latin = texts["production"].replace("a note", "Älvdalen").encode("latin-1")
    problem = problem_of(make_base(production=latin, schema=without_trade))
    assert (problem.row, problem.found) == ("line 3", "byte 0xc4, which is not UTF-8")


@pytest.mark.parametrize(
    ("old", "new", "column", "found"),
    [
        ("id,country,", "id,", "country", "no such column"),
        (",note\n", ",note,remark\n", "remark", "an unknown column"),
        (",note\n", ",country\n", "country", "a column given twice"),
    ],
)
def test_header(make_base, texts, without_trade, old, new, column, found):
    folder = make_base(production=texts["production"].replace(old, new, 1), schema=without_trade)
    problems = {(problem.column, problem.found) for problem in check(shipped=folder)}
    assert (column, found) in problems


def test_semicolons_are_told(make_base, texts, without_trade):
    folder = make_base(units=texts["units"].replace(",", ";"), schema=without_trade)
    assert check(shipped=folder)[0].remedy == "separate cells by commas"


@pytest.mark.parametrize("row", ["prod-9,KAZ,mine", GOOD + ",more", "prod-9"])
def test_ragged_row(make_base, texts, without_trade, row):
    problem = problem_of(make_base(production=texts["production"] + row + "\n", schema=without_trade))
    assert (problem.row, problem.allowed) == ("line 8", "16 cells")
    assert problem.found == f"{row.count(',') + 1} cells"


def test_quote_left_open(make_base, texts, without_trade):
    folder = make_base(production=texts["production"] + GOOD + '"open', schema=without_trade)
    problem = problem_of(folder)
    assert problem.row == "line 8"
    assert "bad CSV" in problem.found


def test_line_numbers_count_line_breaks_in_cells(make_base, texts, without_trade):
    text = texts["production"].replace("a note, with", "a note,\nwith") + "short\n"
    assert problem_of(make_base(production=text, schema=without_trade)).row == "line 9"


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        ("value", "nan", 'found "nan" (allowed: a number'),
        ("value", "inf", 'found "inf" (allowed: a number'),
        ("value", "1e999", 'found "1e999" (allowed: a number between'),
        ("value", "1e-999", 'found "1e-999" (allowed: a number between'),
        ("value", "1_000", 'found "1_000" (allowed: a number'),
        ("value", " 1", 'found " 1" (allowed: a number'),
        ("value", "12 kt", 'found "12 kt" (allowed: a number'),
        ("value", "1,250", "write 1250 without thousands separators"),
        ("value", "1 250 000.5", "write 1250000.5 without thousands separators"),
        ("value", "٣", "(allowed: a number"),
        ("value", "-1", "found -1.0 (allowed: 0 or more)"),
        ("year", "24", "(allowed: a year of four digits)"),
        ("year", "2024.0", "(allowed: a year of four digits)"),
        ("as_of", "2025-13", "(allowed: YYYY, YYYY-MM or YYYY-MM-DD)"),
        ("as_of", "1.2.2025", "(allowed: YYYY, YYYY-MM or YYYY-MM-DD)"),
        ("stage", "Mine", "(allowed: mine, refinery)"),
        ("confirmed", "true", "(allowed: yes, no)"),
        ("unit", "kT", 'found "kT" (allowed: USD, kt, lb, t)'),
        ("unit", "USD", 'found "USD", a unit of money (allowed: t, kt, lb); give a unit of mass'),
        ("unit", "", "found no unit (allowed: t, kt, lb)"),
        ("source", "nowhere", 'found "nowhere" (allowed: '),
        ("country", "KAS", 'found "KAS" (allowed: CA5, CHN, KAZ, S19, USA); use an id of countries.csv'),
        ("country", "", "found an empty cell (allowed: a value); fill in the cell"),
        ("state", "withheld", 'with state "withheld" (allowed: no value)'),
        ("state", "range", "(allowed: low and high)"),
        ("state", "zero", "(allowed: the value 0)"),
        ("low", "2", "found value 1.0, low 2.0, high None (allowed: low <= value <= high)"),
    ],
)
def test_bad_cell(make_base, texts, without_trade, column, cell, text):
    header = texts["production"].splitlines()[0].split(",")
    cells = dict(zip(header, GOOD.split(","), strict=True)) | {column: cell}
    row = ",".join(f'"{value}"' for value in cells.values())
    problem = problem_of(make_base(production=texts["production"] + row + "\n", schema=without_trade))
    assert problem.where.startswith("production.csv row prod-9 column ")
    assert text in str(problem)


@pytest.mark.parametrize("name", ["", "two words", "a;b"])
def test_bad_id_is_told_by_line(make_base, texts, without_trade, name):
    row = GOOD.replace("prod-9", name)
    problem = problem_of(make_base(production=texts["production"] + row + "\n", schema=without_trade))
    assert (problem.row, problem.column) == ("line 8", "id")


def test_duplicate_ids(make_base, texts, without_trade):
    again = texts["production"] + GOOD.replace("prod-9", "prod-1") + "\n"
    problem = problem_of(make_base(production=again, schema=without_trade))
    assert (problem.row, problem.column) == ("prod-1", "id")
    assert "on line 8, which line 2 has already" in problem.found
    other = texts["production"] + GOOD.replace("prod-9", "KAZ") + "\n"
    assert (
        "which countries.csv has already"
        in problem_of(make_base(production=other, schema=without_trade)).found
    )


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("members\n", "members\nTWN,Taiwan,state,,NOW\n", 'row TWN column members: found "NOW"'),
        ("S19,Other Asia,residual,490", "S19,Other Asia,residual,490;", 'found "490;" (allowed: values sep'),
    ],
)
def test_bad_lists(make_base, texts, without_trade, old, new, text):
    folder = make_base(countries=texts["countries"].replace(old, new), schema=without_trade)
    assert text in str(problem_of(folder))


@pytest.mark.parametrize(
    ("codes", "text"),
    [
        ("49O", 'row S19 column baci_codes: found "49O" (allowed: a number of up to four digits)'),
        ("842", "row S19 column baci_codes: found code 842, which USA has already (allowed: each code once)"),
    ],
)
def test_bad_codes_of_places(make_base, texts, without_trade, codes, text):
    folder = make_base(countries=texts["countries"].replace("490", codes), schema=without_trade)
    assert text in str(problem_of(folder))


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ("st,mass,USD,1,nist", 'row st column canonical: found "USD" (allowed: t'),
        ("st,mass,kt,1,nist", 'row st column canonical: found "kt" (allowed: t'),
        ("st,mass,t,0,nist", "row st column factor: found 0.0 (allowed: a factor above 0)"),
        ("m,length,m,2,nist", "row m column factor: found 2.0 (allowed: 1)"),
    ],
)
def test_bad_units(make_base, texts, without_trade, row, text):
    problem = problem_of(make_base(units=texts["units"] + row + "\n", schema=without_trade))
    assert text in str(problem)


def test_numbers_that_burst_when_converted(make_base, texts, without_trade):
    row = GOOD.replace(",1,,,number,t,", ",9e307,,,number,kt,")
    problem = problem_of(make_base(production=texts["production"] + row + "\n", schema=without_trade))
    assert "too large for the canonical unit" in problem.found


def test_all_problems_of_all_tables_at_once(make_base, texts, without_trade):
    rows = "".join(
        GOOD.replace("prod-9", f"bad-{number}").replace("2024", "24") + "\n" for number in range(30)
    )
    folder = make_base(
        production=texts["production"] + rows,
        units=texts["units"] + "x,mass,t,many,nist\n",
        countries=None,
        schema=without_trade,
    )
    assert len(check(shipped=folder)) == 32
    with pytest.raises(FactError) as caught:
        load(shipped=folder)
    assert str(caught.value).startswith("32 problems in 3 tables\n")
    assert str(caught.value).endswith("... and 12 more")


def test_thousands_of_unknown_names_stay_quick(make_base, texts, without_trade):
    rows = "".join(
        GOOD.replace("prod-9", f"bad-{number}").replace("press", f"src-{number}") + "\n"
        for number in range(3000)
    )
    problems = check(shipped=make_base(production=texts["production"] + rows, schema=without_trade))
    assert len(problems) == 3000


def test_strangers_in_a_users_folder(make_base, user_folder, without_trade):
    mine = user_folder(prodction="id\n")
    (mine / "table.xlsx").write_bytes(b"PK")
    problems = check([mine], shipped=make_base(schema=without_trade))
    assert [problem.table for problem in problems] == [str(mine / "prodction.csv"), str(mine / "table.xlsx")]
    assert all("production.csv" in problem.allowed for problem in problems)


def test_problems_of_users_tables_name_their_folder(make_base, user_folder, texts, without_trade):
    mine = user_folder(production=texts["production"].splitlines()[0] + "\n" + GOOD.replace("KAZ", "KAS"))
    (problem,) = check([mine], shipped=make_base(schema=without_trade))
    assert problem.table == str(mine / "production.csv")
    assert problem.row == "prod-9"


def test_a_user_cannot_take_an_id_of_another_relation(make_base, user_folder, texts, without_trade):
    mine = user_folder(
        production=texts["production"].splitlines()[0] + "\n" + GOOD.replace("prod-9", "press")
    )
    (problem,) = check([mine], shipped=make_base(schema=without_trade))
    assert "which sources.csv has already" in problem.found


def test_missing_folders(make_base, tmp_path):
    (problem,) = check([tmp_path / "none"], shipped=make_base(schema=None))
    assert problem.found == "no such file"
    assert "schema.toml" in problem.table


def test_a_folder_that_is_a_file(make_base, tmp_path, without_trade):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for path in (tmp_path / "file", tmp_path / "none"):
        (problem,) = check([path], shipped=make_base(schema=without_trade))
        assert "a folder that cannot be read" in problem.found


def test_a_folder_where_a_table_should_be(make_base, without_trade):
    folder = make_base(production=None, schema=without_trade)
    (folder / "production.csv").mkdir()
    assert "cannot be read" in problem_of(folder).found


@given(content=st.binary(max_size=400))
@QUICK
def test_any_bytes_as_a_table(make_base, without_trade, content):
    folder = make_base(production=content, schema=without_trade)
    for problem in check(shipped=folder):
        assert problem.table == "production.csv"
        assert problem.found
        assert problem.remedy


@given(content=st.binary(max_size=200))
@QUICK
def test_any_bytes_as_a_schema(make_base, content):
    problems = check(shipped=make_base(schema=content))
    assert problems
    assert problems[0].table.startswith("schema.toml")


@given(data=st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_sound_table_with_a_hole_or_a_stain(make_base, texts, data):
    table = data.draw(st.sampled_from(sorted(texts)))
    content = texts[table].encode()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 40)))
    stain = data.draw(
        st.one_of(st.binary(max_size=8), st.text(',;"\n-.0123456789eE nafi', max_size=8).map(str.encode))
    )
    folder = make_base(**{table: content[:start] + stain + content[end:]})
    problems = check(shipped=folder)
    assert all(problem.table and problem.found and problem.remedy for problem in problems)
    if not problems or problems[0].table == "trade.parquet":
        assert load(shipped=folder).rows("units")


@given(
    text=st.text(max_size=30), column=st.sampled_from(["value", "year", "as_of", "unit", "country", "stage"])
)
@QUICK
def test_any_text_in_a_cell(make_base, texts, without_trade, text, column):
    header = texts["production"].splitlines()[0].split(",")
    cells = dict(zip(header, GOOD.split(","), strict=True)) | {column: text.replace('"', '""')}
    row = ",".join(f'"{value}"' for value in cells.values())
    for problem in check(
        shipped=make_base(production=texts["production"] + row + "\n", schema=without_trade)
    ):
        assert problem.table == "production.csv"
        assert problem.row in {"prod-9", "line 8"} or problem.found == "NUL bytes"

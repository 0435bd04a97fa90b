"""Output folders appear whole or not at all, and nobody's own files are lost."""

from __future__ import annotations

import pytest

from ytterby.errors import YtterbyError
from ytterby.facts.folders import check_folder, write_folder

MARK = "answers.json"


def fill(folder):
    (folder / MARK).write_text("new")
    (folder / "tables").mkdir()
    (folder / "tables" / "flows.csv").write_text("a\n")


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def test_all_files_are_there_and_named(tmp_path):
    written = write_folder(tmp_path / "deep" / "out", MARK, fill)
    assert [file.relative_to(tmp_path).as_posix() for file in written] == [
        "deep/out/answers.json",
        "deep/out/tables/flows.csv",
    ]
    assert names(tmp_path / "deep") == ["out"]


def test_a_failure_leaves_the_old_folder_and_nothing_else(tmp_path):
    def fail(folder):
        fill(folder)
        raise ZeroDivisionError

    out = tmp_path / "out"
    out.mkdir()
    (out / MARK).write_text("old")
    with pytest.raises(ZeroDivisionError):
        write_folder(out, MARK, fail)
    assert (names(tmp_path), names(out), (out / MARK).read_text()) == (["out"], [MARK], "old")


def test_an_earlier_run_is_replaced(tmp_path):
    write_folder(tmp_path / "out", MARK, fill)
    (tmp_path / "out" / MARK).write_text("old")
    write_folder(tmp_path / "out", MARK, fill)
    assert (names(tmp_path), (tmp_path / "out" / MARK).read_text()) == (["out"], "new")


def test_own_files_beside_an_earlier_run_stop_it(tmp_path):
    write_folder(tmp_path / "out", MARK, fill)
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with pytest.raises(YtterbyError, match=r"notes\.txt"):
        write_folder(tmp_path / "out", MARK, fill)
    assert names(tmp_path / "out") == ["answers.json", "notes.txt", "tables"]


def test_folders_that_cannot_take_it_are_refused_before_the_work(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.doc").write_text("mine")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for place, found in {
        "../file": "a file",
        "../full": "thesis.doc",
        ".": "the current",
        "..": "the current",
    }.items():
        with pytest.raises(YtterbyError, match=found):
            check_folder(tmp_path / "here" / place, MARK)
    assert names(tmp_path) == ["file", "full", "here"]


def test_a_folder_under_a_file_is_the_users_fault(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(YtterbyError, match="cannot be written"):
        write_folder(tmp_path / "file" / "out", MARK, fill)

"""Output folders appear whole or not at all, and nobody's own files are lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from ytterby.errors import YtterbyError
from ytterby.facts.folders import check_folder, write_folder

MARK = "answers.json"
OWN = (MARK, "answers.csv", "tables")


def fill(folder):
    (folder / MARK).write_text("new")
    (folder / "tables").mkdir()
    (folder / "tables" / "flows.csv").write_text("a\n")


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


def test_all_files_are_there_and_named(tmp_path):
    written = write_folder(tmp_path / "deep" / "out", OWN, fill)
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
        write_folder(out, OWN, fail)
    assert (names(tmp_path), names(out), (out / MARK).read_text()) == (["out"], [MARK], "old")


def test_an_earlier_run_is_replaced(tmp_path):
    write_folder(tmp_path / "out", OWN, fill)
    (tmp_path / "out" / MARK).write_text("old")
    write_folder(tmp_path / "out", OWN, fill)
    assert (names(tmp_path), (tmp_path / "out" / MARK).read_text()) == (["out"], "new")


def test_own_files_beside_an_earlier_run_stop_it_before_the_work(tmp_path):
    write_folder(tmp_path / "out", OWN, fill)
    (tmp_path / "out" / "notes.txt").write_text("mine")
    with pytest.raises(YtterbyError, match=r"notes\.txt"):
        check_folder(tmp_path / "out", OWN)
    assert names(tmp_path / "out") == ["answers.json", "notes.txt", "tables"]


def test_own_files_that_come_during_the_work_stay(tmp_path):
    write_folder(tmp_path / "out", OWN, fill)

    def meanwhile(folder):
        fill(folder)
        (tmp_path / "out" / "notes.txt").write_text("mine")

    with pytest.raises(YtterbyError, match=r"notes\.txt"):
        write_folder(tmp_path / "out", OWN, meanwhile)
    assert (names(tmp_path), names(tmp_path / "out")) == (["out"], ["answers.json", "notes.txt", "tables"])


def test_a_file_that_an_earlier_run_had_and_this_one_has_not_goes(tmp_path):
    write_folder(tmp_path / "out", OWN, fill)

    def less(folder):
        (folder / MARK).write_text("less")

    write_folder(tmp_path / "out", OWN, less)
    assert names(tmp_path / "out") == [MARK]


def test_an_interruption_while_the_new_folder_is_put_in_place_leaves_the_old_one(tmp_path, monkeypatch):
    write_folder(tmp_path / "out", OWN, fill)
    (tmp_path / "out" / MARK).write_text("old")
    rename = Path.rename

    def interrupted(self, target):
        if Path(target).name == "out" and (self / MARK).read_text() == "new":
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "out", OWN, fill)
    assert (names(tmp_path), (tmp_path / "out" / MARK).read_text()) == (["out"], "old")


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
            check_folder(tmp_path / "here" / place, OWN)
    assert names(tmp_path) == ["file", "full", "here"]


def test_a_folder_under_a_file_is_the_users_fault(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(YtterbyError, match="cannot be written"):
        check_folder(tmp_path / "file" / "out", OWN)


def test_a_place_where_nothing_can_be_written_is_refused_before_the_work():
    with pytest.raises(YtterbyError, match="cannot be written"):
        check_folder(Path("/proc/ytterby/out"), OWN)

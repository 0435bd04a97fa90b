# SPDX-License-Identifier: Apache-2.0
"""Output folders are written whole or not at all, and never at the cost of somebody's own files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from ytterby.errors import YtterbyError


def check_folder(path: Path, own: Sequence[str]) -> None:
    """Say early that `path` can't take the output: before the work, not after it.

    Parameters
    ----------
    path : the folder to be written
    own : names of all that such an output may hold, first the one that each has; a folder with that one and no
        other names may be replaced

    Raises
    ------
    YtterbyError : a file, the current folder or one above it, a folder with other content, or a place where nothing
        can be written
    """
    path = path.resolve()
    if path in {Path.cwd(), *Path.cwd().parents}:
        raise YtterbyError(str(path), "the current folder", "a folder of its own", "name a new folder")
    if path.exists() and not path.is_dir():
        raise YtterbyError(str(path), "a file", "a folder", "name a new folder")
    try:
        names = {entry.name for entry in path.iterdir()} if path.exists() else set()
    except OSError as error:
        found = f"a folder that cannot be read ({error.strerror})"
        raise YtterbyError(str(path), found, "", "name a new folder") from error
    strange = names - {*own} if own[0] in names else names
    if strange:
        found = f"a folder with other content ({min(strange)})"
        allowed = f"an empty folder, or one that holds {own[0]} and nothing of others"
        raise YtterbyError(str(path), found, allowed, "move it away or name a new folder")
    try:
        with TemporaryDirectory(dir=next(folder for folder in path.parents if folder.exists())):
            pass
    except OSError as error:
        raise _unwritable(path, error) from error


def write_folder(path: Path, own: Sequence[str], fill: Callable[[Path], None]) -> list[Path]:
    """Let `fill` write files into a folder beside `path`, then put it in place; a failure leaves nothing.

    Parameters
    ----------
    path, own : as for `check_folder`; what stands there is replaced
    fill : writes the files into the folder that it is given, those named in `own` and no others

    Returns
    -------
    the files written, sorted

    Raises
    ------
    YtterbyError : the folder can't take the output
    """
    check_folder(path, own)
    path = path.resolve()
    half = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        half.mkdir(parents=True)
        try:
            fill(half)
            check_folder(path, own)
            _put_in_place(half, path)
        finally:
            shutil.rmtree(half, ignore_errors=True)
    except OSError as error:
        raise _unwritable(path, error) from error
    return sorted(file for file in path.rglob("*") if file.is_file())


def _unwritable(path: Path, error: OSError) -> YtterbyError:
    found = f"a folder that cannot be written ({error.strerror})"
    return YtterbyError(str(path), found, "", "name a folder that can be written")


def _put_in_place(half: Path, path: Path) -> None:
    """Move the new folder where the old one stood; what breaks in on it, be it Ctrl-C, leaves the old one there."""
    if not path.exists():
        half.rename(path)
        return
    old = path.with_name(f".{path.name}.{token_hex(4)}")
    path.rename(old)
    try:
        half.rename(path)
    finally:
        if path.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(path)

# SPDX-License-Identifier: Apache-2.0
"""Output folders are written whole or not at all, and never at the cost of somebody's own files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from secrets import token_hex

from ytterby.errors import YtterbyError


def check_folder(path: Path, mark: str) -> None:
    """Say early that `path` can't take the output: before the work, not after it.

    Parameters
    ----------
    path : the folder to be written
    mark : name of a file that every such output has; a folder that holds it may be replaced

    Raises
    ------
    YtterbyError : a file, the current folder or one above it, or a folder with other content
    """
    path = path.resolve()
    if path in {Path.cwd(), *Path.cwd().parents}:
        raise YtterbyError(str(path), "the current folder", "a folder of its own", "name a new folder")
    if path.exists() and not path.is_dir():
        raise YtterbyError(str(path), "a file", "a folder", "name a new folder")
    try:
        names = [entry.name for entry in path.iterdir()] if path.exists() else []
    except OSError as error:
        found = f"a folder that cannot be read ({error.strerror})"
        raise YtterbyError(str(path), found, "", "name a new folder") from error
    if names and mark not in names:
        found = f"a folder with other content ({min(names)})"
        raise YtterbyError(str(path), found, f"an empty folder, or one with {mark}", "name a new folder")


def write_folder(path: Path, mark: str, fill: Callable[[Path], None]) -> list[Path]:
    """Let `fill` write files into a folder beside `path`, then put it in place; a failure leaves nothing.

    Parameters
    ----------
    path, mark : as for `check_folder`; what stands there is replaced if all of it is written anew
    fill : writes the files into the folder that it is given, the file `mark` among them

    Returns
    -------
    the files written, sorted

    Raises
    ------
    YtterbyError : the folder can't take the output, or holds something that is not written anew
    """
    check_folder(path, mark)
    path = path.resolve()
    half = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        half.mkdir(parents=True)
        try:
            fill(half)
            _put_in_place(half, path)
        finally:
            shutil.rmtree(half, ignore_errors=True)
    except OSError as error:
        found = f"a folder that cannot be written ({error.strerror})"
        raise YtterbyError(str(path), found, "", "name a folder that can be written") from error
    return sorted(file for file in path.rglob("*") if file.is_file())


def _put_in_place(half: Path, path: Path) -> None:
    if not path.exists():
        half.rename(path)
        return
    strange = {entry.name for entry in path.iterdir()} - {entry.name for entry in half.iterdir()}
    if strange:
        found = f"{min(strange)}, which is not written anew"
        raise YtterbyError(
            str(path), found, "only files of an earlier run", "move it away or name a new folder"
        )
    old = path.with_name(f".{path.name}.{token_hex(4)}")
    path.rename(old)
    try:
        half.rename(path)
    except OSError:
        old.rename(path)
        raise
    shutil.rmtree(old)

# SPDX-License-Identifier: Apache-2.0
"""Rows and tables that nobody changes: a dict that reads, pickles and dumps to JSON, but takes no entry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, NoReturn, TypeVar

Row = Mapping[str, Any]

Key = TypeVar("Key")
Value = TypeVar("Value")


class FrozenDict(dict[Key, Value], Generic[Key, Value]):
    """A dict that refuses to be changed; `row | {...}` gives a plain dict with the changes."""

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        message = "rows and tables of the fact base are read-only: make a copy with dict(row)"
        raise TypeError(message)

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[type, tuple[dict[Key, Value]]]:
        return type(self), (dict(self),)

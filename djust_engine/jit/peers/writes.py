"""Tells circles that something was written, so that they hand out nothing that is older.

A wrapper of Django's own (``connection.execute_wrappers``) stands first among those of the
connection, where it is in nobody's way, and only while a circle holds something.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from threading import RLock
from typing import Any, Protocol

from django.db import connections

_READS = ("SELECT", "SAVEPOINT", "RELEASE")


class Holder(Protocol):
    """Who holds what was fetched."""

    def drop(self) -> None: ...


class _Watch:
    """Watches one connection for its holders."""

    def __init__(self, connection: Any) -> None:
        self._wrappers: list[Any] = connection.execute_wrappers
        self._holders: dict[int, weakref.ref[Any]] = {}

    def add(self, holder: Holder) -> None:
        with _lock:
            if not self._holders:
                self._wrappers.insert(0, self._execute)
            self._holders[id(holder)] = weakref.ref(holder)

    def remove(self, holder: Holder) -> None:
        with _lock:
            known = self._holders.pop(id(holder), None)
            if known is not None and not self._holders and self._execute in self._wrappers:
                self._wrappers.remove(self._execute)

    def _execute(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        if not isinstance(sql, str) or not sql.lstrip().upper().startswith(_READS):
            for reference in list(self._holders.values()):
                holder = reference()
                if holder is not None:
                    holder.drop()
        return execute(sql, params, many, context)


_lock = RLock()
_watches: weakref.WeakKeyDictionary[Any, _Watch] = weakref.WeakKeyDictionary()


def watch(db: str, holder: Holder) -> _Watch:
    """Call ``holder.drop()`` before each write of this thread to the database, until removed."""
    connection: Any = connections[db]
    with _lock:
        found = _watches.get(connection)
        if found is None:
            found = _watches[connection] = _Watch(connection)
    found.add(holder)
    return found

"""Runs a statement on a connection: as Django's cursor does, without its wrappers where none shows.

Django's ``connection.cursor()`` is asked wherever somebody looks on (execute wrappers, logged
queries, replaced methods), and wherever it has more to do than to send the statement.
"""

from __future__ import annotations

from asyncio import get_running_loop
from contextlib import suppress
from functools import lru_cache
from threading import get_ident
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from ..replaced import is_djangos

Row = tuple[Any, ...]

_BACKENDS = frozenset((
    "django.db.backends.sqlite3.base",
    "django.db.backends.postgresql.base",
    "django.db.backends.mysql.base",
))  # fmt: skip
#: Methods of a connection that Django's cursor goes through.
_METHODS = frozenset((
    "cursor", "_cursor", "_prepare_cursor", "create_cursor", "make_cursor", "make_debug_cursor",
    "ensure_connection", "connect", "close_if_health_check_failed", "validate_thread_sharing",
    "validate_no_broken_transaction", "allow_thread_sharing", "queries_logged",
))  # fmt: skip
_PROPERTIES = ("queries_logged", "allow_thread_sharing", "wrap_database_errors")
_MOST_TEXTS = 1024


def execute(connection: Any, text: str, params: Row) -> list[Row]:
    """The rows as the database gives them; errors as from ``SQLCompiler.execute_sql``."""
    if is_unobserved(connection):
        return _execute_directly(connection, text, params)
    cursor = connection.cursor()
    try:
        cursor.execute(text, params)
    except Exception as error:  # whatever it is, it goes on to the caller
        _close(cursor, error)
        raise
    with cursor:
        rows: list[Row] = list(cursor.fetchall())
    return rows


def _execute_directly(connection: Any, text: str, params: Row) -> list[Row]:
    errors = connection.wrap_database_errors
    with errors:
        cursor = connection.create_cursor()
    try:
        with errors:
            kind: Any = type(cursor)
            send = _own_sender(kind)
            if send is None:
                cursor.execute(text, params)
            else:
                send(cursor, _with_marks(kind, text), params)
    except Exception as error:  # as above
        _close(cursor, error)
        raise
    try:
        with errors:
            rows: list[Row] = list(cursor.fetchall())
    finally:
        _close_quietly(connection, cursor)
    return rows


def _close(cursor: Any, error: Exception) -> None:
    try:
        cursor.close()
    except DatabaseError:
        raise error from None


def _close_quietly(connection: Any, cursor: Any) -> None:
    with suppress(connection.Database.Error):
        cursor.close()


def is_unobserved(connection: Any) -> bool:
    """Whether Django's cursor would do nothing but send the statement, seen by nobody."""
    return (
        connection.connection is not None
        and not connection.execute_wrappers
        and not connection.force_debug_cursor
        and not settings.DEBUG
        and not connection.needs_rollback
        and (connection.health_check_done or not connection.health_check_enabled)
        and connection._thread_ident == get_ident()
        and connection.__dict__.keys().isdisjoint(_METHODS)
        and apps.ready
        and type(connection).__module__ in _BACKENDS
        and _are_djangos_own(type(connection))
        and not _is_in_event_loop()
    )


def _is_in_event_loop() -> bool:
    try:
        get_running_loop()
    except RuntimeError:
        return False
    return True


_Wrapper: Any = CursorWrapper


def _are_djangos_own(kind: Any) -> bool:
    """Whether the class of a connection, and of its cursors, is as Django made it."""
    functions = (
        kind.cursor, kind._cursor, kind._prepare_cursor, kind.create_cursor, kind.make_cursor,
        kind.ensure_connection, kind.validate_thread_sharing, kind.close_if_health_check_failed,
        kind.validate_no_broken_transaction, _Wrapper.execute, _Wrapper._execute,
        _Wrapper._execute_with_wrappers, _Wrapper.__getattr__, _Wrapper.__exit__,
    )  # fmt: skip
    return _known.get(kind) == functions or _is_seen_as_own(kind, functions)


_known: dict[Any, tuple[Any, ...]] = {}


def _is_seen_as_own(kind: Any, functions: tuple[Any, ...]) -> bool:
    if not all(map(is_djangos, functions)):
        return False
    if any(getattr(kind, name) is not vars(BaseDatabaseWrapper)[name] for name in _PROPERTIES):
        return False
    _known[kind] = functions
    return True


def _own_sender(kind: Any) -> Any:
    """The driver's ``execute`` where Django's cursor class only writes the marks otherwise."""
    if kind.__module__ != "django.db.backends.sqlite3.base":
        return None
    is_own = is_djangos(vars(kind).get("execute")) and is_djangos(kind.convert_query)
    return kind.__mro__[1].execute if is_own else None


@lru_cache(maxsize=_MOST_TEXTS)
def _with_marks(kind: Any, text: str) -> str:
    converted: str = kind.convert_query(None, text)
    return converted

"""Queries as they run, for whoever watches them in a scope: which node ran each, planned or not.

A wrapper is put on each connection that is opened when somebody watches for the first time; it
asks the context of the caller who watches, so that threads and tasks do not see each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from threading import Lock
from time import perf_counter
from typing import Any

from django.db import connections
from django.db.backends.signals import connection_created

from .places import Place, find_running
from .running import Clock, watched

_TRANSACTIONS = ("BEGIN", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK", "COMMIT")


class Query:
    """One statement: where it started, and (once it ended) the seconds that it took.

    ``place`` is None outside of templates; ``planned`` says that the engine itself runs it.
    """

    __slots__ = ("database", "place", "planned", "quotes_text", "seconds", "sql")

    def __init__(self, sql: str, connection: Any) -> None:
        self.sql = sql
        self.database: str = connection.alias
        self.seconds = 0.0
        self.quotes_text = connection.vendor == "mysql"
        self.place: Place | None
        self.place, self.planned = find_running()

    @property
    def shape(self) -> str:
        """The statement without any value, so that equal ones with other values are equal."""
        return shape_of(self.sql, self.quotes_text)


class Watcher(Clock):
    """Who watches; a subclass overrides what it wants to know.

    What `start` raises, the statement's caller gets instead of its result.
    """

    def start(self, query: Query) -> None:
        """A query is about to run."""

    def end(self, query: Query) -> None:
        """It has run, well or not."""


_watchers: ContextVar[tuple[Watcher, ...]] = ContextVar("djust_query_watchers", default=())


@contextmanager
def watching(watcher: Watcher) -> Iterator[None]:
    """Tell ``watcher`` of each query that this thread or task runs meanwhile, on any database."""
    _install()
    token = _watchers.set((*_watchers.get(), watcher))
    try:
        with watched(watcher):
            yield
    finally:
        _watchers.reset(token)


def _install() -> None:
    global _connected
    if not _connected:
        connection_created.connect(_attach, dispatch_uid="djust_engine.queries")
        _connected = True
    for connection in connections.all(initialized_only=True):
        _attach(connection=connection)


_connected = False
_lock = Lock()


def _attach(*, connection: Any, **kwargs: Any) -> None:
    """Outermost, for whoever entered `execute_wrapper()` before will take the innermost away."""
    if _run not in connection.execute_wrappers:
        with _lock:
            connection.execute_wrappers.insert(0, _run)


def _run(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    watchers = _watchers.get()
    text = sql if isinstance(sql, str) else str(sql)
    if not watchers or text.startswith(_TRANSACTIONS):
        return execute(sql, params, many, context)
    query = Query(text, context["connection"])
    for watcher in watchers:
        watcher.start(query)
    started = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        query.seconds = perf_counter() - started
        for watcher in watchers:
            watcher.end(query)


def brief(shape: str) -> str:
    """A shape for people: without the list of columns."""
    return _COLUMNS.sub(r"\1 ... FROM ", shape, count=1)


_COLUMNS = re.compile(r"^(SELECT(?: DISTINCT)?) [^()]*? FROM ")
_NAME = r"\"(?:[^\"]|\"\")*\"|`[^`]*`"
_TEXT = r"'(?:[^'\\]|\\.|'')*'|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$"
_NUMBER = r"\b\d[\w.]*"
_PIECES = re.compile(rf"(?P<name>{_NAME})|{_TEXT}|['\"].*|{_NUMBER}", re.DOTALL)
_LIST = re.compile(r"\(\s*(?:%s|\?)(?:\s*,\s*(?:%s|\?))+\s*\)")


@lru_cache(512)
def shape_of(sql: str, quotes_text: bool = False) -> str:
    """SQL whose literals are ``?`` and whose lists are ``(...)``.

    ``quotes_text``: what stands in double quotes is a text, too (MySQL).
    """

    def blank(found: re.Match[str]) -> str:
        name = found["name"]
        return name if name and not (quotes_text and name.startswith('"')) else "?"

    return _LIST.sub("(...)", _PIECES.sub(blank, sql))

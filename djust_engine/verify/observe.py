"""What came of a render: its text or its exception, and its queries."""

from __future__ import annotations

import random
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.template import base

from djust_engine.originals import is_own

# Who renders at the moment: the renders inside that render are theirs, too.
DJANGO, OURS = "django", "djust_engine"
_unseen: ContextVar[bool] = ContextVar("djust_verify_unseen", default=False)
_side: ContextVar[str] = ContextVar("djust_verify_side", default="")

_InstrumentedTemplate: Any = base.Template
Render = Callable[[], str]
_TRANSACTIONS = ("BEGIN", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK")


@dataclass(frozen=True)
class Outcome:
    """`text`, or `error`; `queries` is the SQL of each."""

    text: str | None
    error: Exception | None
    queries: list[str]


def current_side() -> str:
    """DJANGO or OURS inside a render that is being compared, else ""."""
    return _side.get()


def is_unseen() -> bool:
    """Whether the render that goes on is one that nobody should take notice of."""
    return _unseen.get()


def observe(render: Render, side: str) -> Outcome:
    """Render, and keep whatever comes of it."""
    token = _side.set(side)
    try:
        with _counted_queries() as queries:
            try:
                return Outcome(render(), None, queries)
            except Exception as error:  # an exception is an outcome; the caller raises Django's
                return Outcome(None, error, queries)
    finally:
        _side.reset(token)


def observe_unseen(render: Render, side: str, chance: Any) -> Outcome:
    """Render without a trace: nothing stays in the database, no signal is sent, no query logged.

    `chance` is the state that `random` had before the first render.
    """
    token = _unseen.set(True)
    try:
        _mute()
        with _same_chance(chance), _hidden_queries(), _rolled_back():
            return observe(render, side)
    finally:
        _unseen.reset(token)


@contextmanager
def _counted_queries() -> Iterator[list[str]]:
    queries: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(_TRANSACTIONS):
            queries.append(sql)
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(note))
        yield queries


@contextmanager
def _same_chance(chance: Any) -> Iterator[None]:
    after = random.getstate()
    if after == chance:
        yield
        return
    random.setstate(chance)
    try:
        yield
    finally:
        random.setstate(after)


@contextmanager
def _hidden_queries() -> Iterator[None]:
    """Keep the queries out of `connection.queries`."""
    logs = [(connection, connection.queries_log) for connection in connections.all()]
    for connection, log in logs:
        connection.queries_log = deque(maxlen=log.maxlen)
    try:
        yield
    finally:
        for connection, log in logs:
            connection.queries_log = log


@contextmanager
def _rolled_back() -> Iterator[None]:
    """Undo what is written, and an aborted transaction, on each connection that is used."""
    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(_Undoing(connection, stack)))
        yield


class _Undoing:
    """Before the first query of a connection, begins what is rolled back in the end."""

    def __init__(self, connection: Any, stack: ExitStack) -> None:
        self._connection = connection
        self._stack = stack
        self._begun = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not self._begun:
            self._begun = True
            if _can_roll_back(self._connection):
                self._stack.enter_context(_undone(self._connection.alias))
        return execute(sql, params, many, context)


def _can_roll_back(connection: Any) -> bool:
    if not connection.features.supports_transactions:
        return False
    if connection.in_atomic_block:
        return connection.features.uses_savepoints and not connection.needs_rollback
    return bool(connection.get_autocommit())


@contextmanager
def _undone(alias: str) -> Iterator[None]:
    with transaction.atomic(using=alias):
        try:
            yield
        finally:
            transaction.set_rollback(True, using=alias)


def _mute() -> None:
    """Keep the instrumentation of test clients and debug panels from seeing unseen renders."""
    signals = sys.modules.get("django.test.signals")
    if signals is None or is_own(_InstrumentedTemplate._render, base, "Template._render"):
        return
    signal: Any = signals.template_rendered
    if not isinstance(vars(signal).get("send"), _Unless):
        signal.send = _Unless(signal.send)


class _Unless:
    """A signal's `send`, which does nothing during an unseen render."""

    def __init__(self, send: Callable[..., Any]) -> None:
        self._send = send

    def __call__(self, sender: Any, **named: Any) -> Any:
        return [] if is_unseen() else self._send(sender, **named)

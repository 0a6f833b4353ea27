"""``{{ books.count }}`` and ``{{ books.exists }}`` of QuerySets and managers, by SQL that is kept.

What Django sends for the same structure teaches the statement: it is heard where Django's own
method runs it, so a question never costs a query more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from django.db import connections
from django.db.models import Manager, QuerySet
from django.db.models.manager import BaseManager

from ...conf import get_config
from .. import replaced, stock
from ..numbers import known_number
from .cursors import Row, execute
from .statements import Statement, StatementDiffers, cut, remembered
from .structure import Structure, structure_of

_MOST_STRUCTURES = 512
_NO_SELECTION = SimpleNamespace(select=[], col_count=1, klass_info=None, annotation_col_map=None)

Sent = list[tuple[str, Any]]


class Question:
    """A method of QuerySets that runs one query and makes its answer of the rows."""

    def __init__(self, ask: Callable[[Any], Any], read: Callable[[list[Row]], Any]) -> None:
        self.ask, self.read = ask, read
        self.known: dict[tuple[Any, ...], Statement | None] = {}

    def answer(self, queryset: QuerySet[Any]) -> Any:
        if queryset._result_cache is not None:
            return self.ask(queryset)
        using = queryset.db
        structure = structure_of(queryset.query, connections[using], using)
        if structure is None or structure.limits:
            return self.ask(queryset)
        key = (using, *structure.key)
        statement = self.known.get(key)
        if statement is not None and statement.is_proven() and not get_config().VERIFY:
            return self.read(self._run(statement, structure))
        return self._learn(queryset, structure, key)

    def _run(self, statement: Statement, structure: Structure) -> list[Row]:
        text = statement.text(structure.members, "")
        return execute(structure.connection, text, statement.parameters(structure.params))

    def _learn(self, queryset: QuerySet[Any], structure: Structure, key: tuple[Any, ...]) -> Any:
        if key in self.known and self.known[key] is None:
            return self.ask(queryset)
        with heard(structure.connection) as sent:
            found = self.ask(queryset)
        statement = None
        if len(sent) == 1:
            statement = cut(*sent[0], structure, _NO_SELECTION)
        known = self.known.get(key)
        if known is not None and known.is_proven():
            _compare(known, structure, sent)
        else:
            remembered(self.known, key, statement, _MOST_STRUCTURES)
        return found


def _compare(known: Statement, structure: Structure, sent: Sent) -> None:
    kept = known.text(structure.members, ""), known.parameters(structure.params)
    if [(text, tuple(params)) for text, params in sent] != [kept]:
        raise StatementDiffers(f"kept: {kept}; Django: {sent}")


@contextmanager
def heard(connection: Any) -> Iterator[Sent]:
    """What is sent to the connection meanwhile, before any wrapper of somebody else sees it."""
    sent: Sent = []

    def hear(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        sent.append((sql, params or ()))
        return run(sql, params, many, context)

    connection.execute_wrappers.insert(0, hear)
    try:
        yield sent
    finally:
        connection.execute_wrappers.remove(hear)


static: Any = stock.static
_QUESTIONS = {
    "count": Question(lambda queryset: queryset.count(), lambda rows: rows[0][0]),
    "exists": Question(lambda queryset: queryset.exists(), bool),
}


def asked(owner: Any, name: str) -> Any:
    """The answer of a QuerySet or a manager that is Django's own; None: call its method."""
    if not get_config().JIT_SERIALIZATION or replaced.in_orm():
        return None
    if isinstance(owner, BaseManager):
        number = known_number(owner)
        if number is not None:
            return number if name == "count" else number > 0
        if static(type(owner), name) is not static(Manager, name):
            return None
        owner = owner.get_queryset()
    if stock.own_queryset(type(owner)) or static(type(owner), name) is not vars(QuerySet)[name]:
        return None
    return _QUESTIONS[name].answer(owner)

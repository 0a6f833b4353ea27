"""Relations to one object, loaded for instances by a statement that is kept for the relation.

The statement asks for the objects behind some keys, joins along with them; once it is proven, not
even a QuerySet is made. What is set on the instances is what Django's prefetching sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.models import IntegerField, Model, UUIDField
from django.db.models.constants import LOOKUP_SEP

from ...conf import get_config
from .. import replaced, stock
from ..plan import Relation
from ..stock import Kind
from .instances import fetch, find, make_of, mode_of
from .statements import Statement

_MOST_KEYS = 1000
_MOST_BELOW = 64
_NONE: tuple[None, None] = (None, None)


class Single:
    """How the objects of one relation of a model are found by their keys."""

    def __init__(self, relation: Any, target: type[Model], joins: tuple[str, ...]) -> None:
        forward = relation.many_to_one or (relation.one_to_one and relation.concrete)
        field = relation if forward else relation.field
        self.is_forward = forward
        self.target, self.joins = target, joins
        self.set_here = relation.set_cached_value
        back = relation.remote_field if forward else field
        self.set_there = None if forward and back.multiple else back.set_cached_value
        #: The column of an instance that holds the key, and that of the related object.
        self.here = field.attname if forward else field.target_field.attname
        self.there = field.target_field.attname if forward else field.attname
        self.lookup = field.target_field.name if forward else field.name
        self.key: Any = field.target_field
        #: Whether keys that are equal here are equal in every database, so that none is missed.
        self.kind = _exact_kind(self.key)
        self._below: dict[int, tuple[tuple[Relation, ...], bool]] = {}
        self._statements: dict[str, tuple[Statement, Any]] = {}

    def load(self, owners: Sequence[Model], asked: Model | None) -> bool:
        """Fetch for all owners in one query; False where this is left to Django.

        DoesNotExist where the object that is ``asked`` for is not there, as from Django's query.
        """
        dbs = {one._state.db for one in owners}
        keys = list({one.__dict__.get(self.here): None for one in owners})
        if len(dbs) != 1 or len(keys) > _MOST_KEYS or set(map(type, keys)) != {self.kind}:
            return False
        found = self._fetch(dbs.pop() or DEFAULT_DB_ALIAS, keys)
        by_key = {one.__dict__[self.there]: one for one in found}
        for owner in owners:
            self._set(owner, by_key.get(owner.__dict__[self.here]))
        lacks = self.is_forward and any(one is asked for one in owners)
        if lacks and asked is not None and asked.__dict__[self.here] not in by_key:
            target: Any = self.target
            name = target._meta.object_name
            raise target.DoesNotExist(f"{name} matching query does not exist.")
        return True

    def brings(self, below: tuple[Relation, ...]) -> bool:
        """Whether the objects come with all that is read of them, and of objects behind them."""
        known = self._below.get(id(below))
        if known is None:
            if len(self._below) >= _MOST_BELOW:
                self._below.clear()
            known = self._below[id(below)] = below, _are_joined(below, self.joins)
        return known[1]

    def _set(self, owner: Model, related: Model | None) -> None:
        if related is not None and self.set_there is not None:
            self.set_there(related, owner)
        if related is not None or not self.is_forward:
            self.set_here(owner, related)

    def _fetch(self, db: str, keys: list[Any]) -> list[Any]:
        statement, mode = self._statements.get(db, _NONE)
        make = None if statement is None else make_of(statement, db, mode)
        if statement is None or make is None or get_config().VERIFY or replaced.in_compiler():
            return self._fetch_by_queryset(db, keys)
        connection, prepare = connections[db], self.key.get_db_prep_value
        params = tuple([prepare(key, connection, prepared=True) for key in keys])
        text = statement.text(f" IN ({', '.join(['%s'] * len(keys))})", "")
        return [make(row) for row in statement.fetch(connection, text, params)]

    def _fetch_by_queryset(self, db: str, keys: list[Any]) -> list[Any]:
        queryset = self.target._base_manager.using(db).filter(**{f"{self.lookup}__in": keys})
        queryset = queryset.select_related(*self.joins) if self.joins else queryset
        queryset.query.clear_ordering()
        found = find(queryset)
        if found is not None and found[0].takes_only_members(found[1]):
            self._statements[db] = found[0], mode_of(queryset)
        return fetch(queryset, found)


def _exact_kind(key: Any) -> type | None:
    if isinstance(key, UUIDField):
        return UUID
    return int if isinstance(key, IntegerField) else None


def _are_joined(relations: tuple[Relation, ...], joins: tuple[str, ...]) -> bool:
    """Whether each relation, and those below it, is among the paths of ``select_related()``."""
    for relation in relations:
        prefix = f"{relation.name}{LOOKUP_SEP}"
        below = tuple(path.removeprefix(prefix) for path in joins if path.startswith(prefix))
        if not (below or relation.name in joins) or relation.kind not in ("forward", "reverse_one"):
            return False
        if not _are_joined(relation.below, below):
            return False
    return True


@cache
def single(model: type[Model], name: str, joins: tuple[str, ...]) -> Single | None:
    """The Single of ``model.name``; None where the objects may come otherwise than from a table."""
    kind, subject = stock.classify(model, name)
    if kind not in (Kind.FORWARD, Kind.REVERSE_ONE):
        return None
    target = subject.remote_field.model if kind is Kind.FORWARD else subject.related_model
    field = subject if kind is Kind.FORWARD else subject.field
    if stock.own_manager(target._base_manager) or not stock.djangos_own(field.target_field):
        return None
    return Single(subject, target, joins)


def load_single(
    model: type[Model],
    name: str,
    joins: tuple[str, ...],
    owners: Sequence[Model],
    asked: Model | None = None,
) -> bool:
    """Fetch the relation for all owners in one query; False where this is left to Django."""
    found = None if router.routers else single(model, name, joins)
    return found is not None and found.load(owners, asked)

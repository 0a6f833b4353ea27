"""Instances of a QuerySet by SQL that is kept; what they are made of follows Django's iterable.

Where nothing of a model can notice how its instances come about, ``makers`` put them together;
else Django's ``ModelIterable`` makes them of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable

from .. import stock
from .cursors import Row
from .makers import Make, Maker, Selected
from .statements import Kept, Statement
from .structure import Structure

Found = tuple[Statement, Structure]

_MOST_STRUCTURES = 1024

_kept = Kept(lambda queryset: queryset.query.clone(), _MOST_STRUCTURES)


def fetch_instances(queryset: QuerySet[Any]) -> list[Any]:
    """What ``list(ModelIterable(queryset))`` gives: the instances, nothing prefetched."""
    return fetch(queryset, _kept.find(queryset))


def fetch(queryset: Any, found: Found | None) -> list[Any]:
    """The instances, by the statement that was found for the QuerySet."""
    if found is None:
        return list(ModelIterable(queryset))
    statement, structure = found
    known = queryset._known_related_objects
    deferred = bool(queryset.query.deferred_loading[0])
    make = None if known and deferred else make_of(statement, queryset.db, mode_of(queryset))
    if make is None:
        source: Any = _Source(queryset, statement, structure)
        return list(ModelIterable(source))
    instances = [make(row) for row in statement.rows(structure)]
    for field, related in known.items():
        _set_known(queryset.model, instances, field, related)
    return instances


def find(queryset: QuerySet[Any]) -> Found | None:
    """The proven statement of the QuerySet; one proof more where there is none yet."""
    return _kept.find(queryset)


def evaluate(queryset: QuerySet[Any], *joins: str) -> list[Any]:
    """The QuerySet's own objects; fetched now, with ``joins``, unless they were before."""
    if queryset._result_cache is None and _is_plain(queryset):
        source = queryset.select_related(*joins) if joins else queryset
        queryset._result_cache = fetch_instances(source)
    return list(queryset)


def _is_plain(queryset: QuerySet[Any]) -> bool:
    return queryset._iterable_class is ModelIterable and not stock.own_queryset(type(queryset))


_Iterable: Any = ModelIterable


class KeptIterable(_Iterable):  # type: ignore[misc]
    """For a QuerySet that Django evaluates on the way, as the one of a Prefetch."""

    def __iter__(self) -> Iterator[Any]:
        return iter(fetch_instances(self.queryset))


def kept(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """The QuerySet itself, to be evaluated through kept SQL, if it gives plain instances."""
    if queryset._iterable_class is ModelIterable:
        queryset._iterable_class = KeptIterable
    return queryset


def as_django(queryset: Any) -> None:
    """Undo ``kept`` for whoever derives a QuerySet from this one."""
    if getattr(queryset, "_iterable_class", None) is KeptIterable:
        queryset._iterable_class = ModelIterable


def mode_of(queryset: Any) -> Any:
    """The fetch mode; None before Django 6.1."""
    return getattr(queryset, "_fetch_mode", None)


def make_of(statement: Statement, db: str, mode: Any) -> Make | None:
    """The function that makes an instance of a row; None where Django's own must."""
    if mode is not None and mode.track_peers:
        return None
    if mode not in statement.made:
        selected = Selected(statement.select, statement.klass_info, statement.annotations or {})
        statement.made[mode] = Maker(selected, db, mode)
    maker: Maker = statement.made[mode]
    return None if maker.is_watched() else maker.make


def _set_known(
    model: type[Model], instances: list[Model], field: Any, related: dict[Any, Model]
) -> None:
    """The objects that a related manager was asked of."""
    options: Any = model._meta
    names = [
        field.attname if one == "self" else options.get_field(one).attname
        for one in field.from_fields
    ]
    key_of = attrgetter(*names)
    for instance in instances:
        if field.is_cached(instance):
            continue
        key = key_of(instance)
        if key in related:  # not so in `one | other`
            setattr(instance, field.name, related[key])


class _Source:
    """What ``ModelIterable`` asks of a QuerySet and of its compiler, answered from a statement."""

    def __init__(self, queryset: Any, statement: Statement, structure: Structure) -> None:
        self.db, self.model, self.query = queryset.db, queryset.model, self
        self._known_related_objects = queryset._known_related_objects
        self._fetch_mode = mode_of(queryset)
        self.select, self.klass_info = statement.select, statement.klass_info
        self.annotation_col_map = statement.annotations
        self._statement, self._structure = statement, structure

    def get_compiler(self, using: str) -> _Source:
        return self

    def execute_sql(self, chunked_fetch: bool, chunk_size: int) -> list[Row]:
        return self._statement.rows(self._structure)

    def results_iter(self, results: list[Row]) -> list[Row]:
        return results

"""Instances of a QuerySet by SQL that is kept; what they are made of follows Django's iterable.

Where nothing of a model can notice how its instances come about, they are put together here;
else Django's ``ModelIterable`` makes them of the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable
from django.db.models.signals import post_init, pre_init

from .. import stock
from .cursors import Row
from .statements import Kept, Statement
from .structure import Structure

Make = Callable[[Row], Model]
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
        statement.made[mode] = _Maker(statement, db, mode)
    maker: _Maker = statement.made[mode]
    return None if maker.is_watched() else maker.make


class _Maker:
    """Puts an instance and the joined ones together; ``make`` is None where that would show."""

    def __init__(self, statement: Statement, db: str, mode: Any) -> None:
        self.db, self.mode, self.select = db, mode, statement.select
        self.models = list(_models(statement.klass_info))
        self.make: Make | None = None
        if self._is_plain(statement.klass_info):
            self.make = _annotated(self._build(statement.klass_info), statement.annotations or {})

    def is_watched(self) -> bool:
        received = pre_init.receivers or post_init.receivers
        return bool(received) and any(stock.observed(model) for model in self.models)

    def _is_plain(self, info: Any) -> bool:
        return (
            not info.get("from_parent")
            and not stock.observed_by_code(info["model"])
            and stock.stores_plainly(info["model"], self._names(info))
            and all(self._is_plain(one) for one in info.get("related_klass_infos", ()))
        )

    def _names(self, info: Any) -> list[str]:
        fields = info["select_fields"]
        return [one[0].target.attname for one in self.select[fields[0] : fields[-1] + 1]]

    def _build(self, info: Any) -> Make:
        model, names, db, mode = info["model"], self._names(info), self.db, self.mode
        start, end = info["select_fields"][0], info["select_fields"][-1] + 1
        links = [self._link(one) for one in info.get("related_klass_infos", ())]
        new = model.__new__

        def make(row: Row) -> Model:
            instance: Model = new(model)
            state = ModelState()
            state.adding, state.db = False, db
            if mode is not None:
                state.fetch_mode = mode
            attributes = instance.__dict__
            attributes["_state"] = state
            attributes.update(zip(names, row[start:end], strict=True))
            for link in links:
                link(instance, row)
            return instance

        return make

    def _link(self, info: Any) -> Callable[[Model, Row], None]:
        make, key = self._build(info), self._key(info)
        set_local, set_remote = info["local_setter"], info["remote_setter"]

        def link(instance: Model, row: Row) -> None:
            related = None if row[key] is None else make(row)
            set_local(instance, related)
            if related is not None:
                set_remote(related, instance)

        return link

    def _key(self, info: Any) -> int:
        at: int = info["select_fields"][0] + self._names(info).index(info["model"]._meta.pk.attname)
        return at


def _models(info: Any) -> Iterator[type[Model]]:
    yield info["model"]
    for one in info.get("related_klass_infos", ()):
        yield from _models(one)


def _annotated(make: Make, annotations: dict[str, int]) -> Make:
    if not annotations:
        return make

    def annotated(row: Row) -> Model:
        instance = make(row)
        for name, index in annotations.items():
            setattr(instance, name, row[index])
        return instance

    return annotated


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

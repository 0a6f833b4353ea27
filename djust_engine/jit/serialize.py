"""``serialize()``: what a template would read, without the template, by the same plans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeVar, overload

from django.db.models import Manager, Model, QuerySet
from django.db.models.query import ModelIterable

from ..conf import on_change
from . import fetch, stock
from .batch import Batch
from .codegen import serializer_over
from .dicts import Dicts, dicts_maker
from .paths import Tree, tree_of, usage_of
from .plan import RowsPlan
from .sites import Site
from .stock import Kind
from .usage import ITERATED, NOTHING, Usage

Instance = TypeVar("Instance", bound=Model)
Nested = dict[str, Any]


@overload
def serialize(source: Model, paths: Iterable[str]) -> Nested: ...
@overload
def serialize(
    source: QuerySet[Any, Any] | Manager[Any] | Iterable[Model], paths: Iterable[str]
) -> list[Nested]: ...
def serialize(source: Any, paths: Iterable[str]) -> Nested | list[Nested]:
    """Nested dicts of the dotted ``paths``: one for a model instance, else a list of them.

    ``serialize(Lease.objects.all(), ["rent", "tenant.user.email"])`` gives
    ``[{"rent": Decimal("950.00"), "tenant": {"user": {"email": "..."}}}, ...]``, for as many
    queries as a template of these paths would run. A relation that is None gives None, a related
    manager a list; a path that ends in an object gives its text. FieldError for a path that the
    model does not have, ValueError for one that is none, TypeError where there are no instances.
    """
    chosen = tuple(dict.fromkeys(_checked(paths)))
    if isinstance(source, Model):
        return _from_instances([source], chosen)[0]
    if isinstance(source, Manager):
        source = source.all()
    if isinstance(source, QuerySet) and source._result_cache is None:
        return _from_queryset(source, chosen)
    return _from_instances(_listed(source), chosen)


def _checked(paths: Iterable[str]) -> Iterable[str]:
    if isinstance(paths, str):
        raise TypeError(f"serialize() takes a list of paths, not the string {paths!r}.")
    return paths


def _listed(source: Any) -> Sequence[Model]:
    if not isinstance(source, Iterable):
        raise TypeError(f"serialize() takes model instances, not {type(source).__name__}.")
    found = list(source)
    wrong = next((one for one in found if not isinstance(one, Model)), None)
    if wrong is not None:
        raise TypeError(f"serialize() takes model instances, not {type(wrong).__name__}.")
    return found


def _from_queryset(queryset: Any, paths: tuple[str, ...]) -> list[Nested]:
    if not issubclass(queryset._iterable_class, ModelIterable) or queryset._fields is not None:
        raise TypeError("serialize() takes a QuerySet of instances, not of values().")
    names = (*queryset.query.annotations, *queryset.query.extra, *_to_attrs(queryset))
    reader = _reader(queryset.model, paths, names)
    if fetch.why_left(reader.reading, queryset):
        return _written(reader, list(queryset), None)
    prepared = fetch.prepared(reader.reading, queryset)
    found = prepared.step(queryset)
    if isinstance(prepared.plan, RowsPlan):
        return reader.dicts(prepared.plan, queryset.db)(found.rows)
    return _written(reader, list(queryset), found)


class _Reader:
    """The paths of one model: what is read, and the functions that write dicts of it."""

    def __init__(self, model: type[Model], paths: tuple[str, ...], names: tuple[str, ...]) -> None:
        self.model = model
        self.tree = tree_of(model, paths, names)
        self.site = Site("serialize()", 0, model._meta.label, {})
        self.site.usage = Usage(ITERATED, {}, usage_of(model, self.tree) if self.tree else NOTHING)
        self.reading = self.site.reading((self.site,))
        self.write = serializer_over(model, self.tree)
        self._dicts: dict[tuple[int, str], tuple[RowsPlan, Dicts]] = {}

    def dicts(self, plan: RowsPlan, db: str) -> Dicts:
        """The function for the rows of the plan, which is kept along with it."""
        key = id(plan), db
        if key not in self._dicts:
            load = fetch.loader(self.reading, db)
            made = dicts_maker(self.model, plan, self.tree, db, load)
            self._dicts[key] = plan, made
        return self._dicts[key][1]


_reader = lru_cache(256)(_Reader)
on_change(_reader.cache_clear)


def _to_attrs(queryset: Any) -> list[str]:
    lookups = queryset._prefetch_related_lookups
    return [one.to_attr for one in lookups if getattr(one, "to_attr", None)]


def _from_instances(objects: Sequence[Model], paths: tuple[str, ...]) -> list[Nested]:
    """The dicts in the order of the objects; those of one model are fetched side by side."""
    written: dict[int, Nested] = {}
    for model in dict.fromkeys(type(one) for one in objects):
        alike = [one for one in objects if type(one) is model]
        reader = _reader(model, paths, tuple(name for name in vars(alike[0]) if name[0] != "_"))
        batch = None if _are_loaded(model, reader.tree, alike) else _batch(reader, alike)
        dicts = _written(reader, alike, batch)
        if len(alike) == len(objects):
            return dicts
        written.update(zip(map(id, alike), dicts, strict=True))
    return [written[id(one)] for one in objects]


def _batch(reader: _Reader, objects: Sequence[Model]) -> Batch | None:
    return fetch.instances((reader.site,), objects)


def _are_loaded(model: type[Model], tree: Tree, objects: Sequence[Any]) -> bool:
    """Whether the tree reads columns and one-to-one or foreign keys alone, which all are loaded."""
    for name, below in tree.items():
        kind, subject = stock.classify(model, name)
        if kind in (Kind.FORWARD, Kind.REVERSE_ONE):
            key, caches = subject.cache_name, [one._state.fields_cache for one in objects]
            if not all(key in cache for cache in caches):
                return False
            related = [cache[key] for cache in caches if cache[key] is not None]
            if below and not _are_loaded(subject.related_model, below, related):
                return False
        elif kind not in (Kind.COLUMN, Kind.FILE, Kind.DISPLAY):
            return False
    return True


def _written(reader: _Reader, objects: Sequence[Any], batch: Batch | None) -> list[Nested]:
    """The dicts of instances; ``batch`` fetches their relations for all, and lives meanwhile."""
    if batch is not None:
        _touch(batch)
    write = reader.write
    return [write(one) for one in objects]


def _touch(batch: Batch) -> None:
    for name in list(batch.relations):
        batch.touch(name)
    for child in batch.children.values():
        _touch(child)

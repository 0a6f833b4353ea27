"""Instances that are read side by side: a relation is fetched for all of them at its first touch.

Only what is missing is fetched, into the places where Django itself keeps related objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import repeat
from operator import attrgetter, contains, getitem
from time import perf_counter
from typing import Any, NamedTuple, cast

from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects
from django.db.models.constants import LOOKUP_SEP

from . import stock
from .numbers import Numbers, count_objects
from .peers.circles import Circle, Lesson, Tell, gather, settle
from .plan import Relation
from .relations import generic_peers
from .routing import routers
from .sql.instances import as_django, fetch_instances, kept
from .sql.single import load_single, single
from .stock import Kind, fetch_mode

#: The dict of an instance where Django keeps the objects of its managers.
_PREFETCHED = "_prefetched_objects_cache"


class Peers(NamedTuple):
    """Instances of one model, and what is known to be read of them."""

    model: type[Model]
    objects: Sequence[Model]
    relations: tuple[Relation, ...]
    joins: tuple[str, ...]


class Batch:
    """What is iterated (``peers``), and the ``relations`` whose first touch must be announced.

    ``children`` holds the batch of the related objects of each relation that was touched. Where
    code is ``gathered``, the peers and their related objects are circles while the batch lives.
    """

    __slots__ = (
        *("_circles", "_gathered", "_loans", "_parts", "_tell"),
        *("children", "peers", "relations"),
    )

    def __init__(
        self,
        peers: Sequence[Any],
        parts: Iterable[Peers],
        tell: Tell,
        gathered: bool = False,
        lesson: Lesson | None = None,
    ) -> None:
        self.peers = peers
        self._gathered = gathered
        self._circles: list[Circle] = gather(peers, tell) if gathered else []
        if lesson is not None and len(self._circles) == 1:
            self._circles[0].learn(lesson)
        self.children: dict[str, Batch] = {}
        self.relations: dict[str, object] = {}
        self._parts = list(parts)
        self._tell = tell
        self._loans: list[_Loan | Numbers] = []
        for part in self._parts:
            self.relations.update((relation.name, relation) for relation in part.relations)

    def touch(self, name: str, instance: Model | None = None) -> None:
        """Load the relation for all peers that lack it; once.

        Nothing happens yet when the ``instance`` that is read has no need of a query itself.
        """
        if name not in self.relations:
            return
        if instance is not None and (
            not self._needs(instance, name) or self._touch_generic(instance, name)
        ):
            return
        del self.relations[name]
        below = [
            self._touch(part, relation, instance)
            for part in self._parts
            for relation in part.relations
            if relation.name == name
        ]
        children = [part for part in below if part is not None]
        if children:
            objects = [one for part in children for one in part.objects]
            self.children[name] = Batch(objects, children, self._tell, self._gathered)

    def _needs(self, instance: Model, name: str) -> bool:
        """Whether reading the relation of ``instance`` runs a query, or reaches related objects."""
        model = type(instance)
        for part in self._parts:
            for relation in part.relations if part.model is model else ():
                if relation.name == name and (
                    _lacks(model, name)(instance)
                    or (relation.below and _loaded(model, relation, instance))
                ):
                    return True
        return False

    def _touch_generic(self, instance: Model, name: str) -> bool:
        """Load a generic foreign key where it refers to the same model as that of ``instance``."""
        model = type(instance)
        for part in self._parts:
            for relation in part.relations:
                if part.model is model and relation.name == name and relation.kind == "generic":
                    alike = generic_peers(name, instance, part.objects)
                    if alike:
                        self._touch(part._replace(objects=alike), relation)
                    return True
        return False

    def _touch(self, part: Peers, relation: Relation, asked: Model | None = None) -> Peers | None:
        """Load one relation of one model; the peers below it, if they have relations."""
        model, name = part.model, relation.name
        settle(part.objects, name)
        lacking = _find_lacking(model, relation, part.objects)
        if lacking:
            started = perf_counter()
            queries, whole = self._load(part, relation, lacking, asked)
            if relation.kind == "many":
                self._loans.append(_Loan(lacking, stock.many_cache_name(model, name)))
            if queries:
                self._tell(model, name, len(lacking), queries, perf_counter() - started)
            if whole and not self._gathered and len(part.objects) == 1:
                return None
        if self._gathered and not relation.below:
            self._gather(model, relation, part.objects)
        related = _related(model, relation, part.objects) if relation.below else None
        if related is None or (
            not self._gathered
            and relation.kind != "many"
            and len(part.objects) == 1
            and is_complete(related[0], relation.below, related[1])
        ):
            return None
        return Peers(*related, relation.below, relation.joins)

    def _load(
        self, part: Peers, relation: Relation, lacking: list[Model], asked: Model | None
    ) -> tuple[int, bool]:
        """The number of queries, and whether all that is read behind the relation came whole."""
        if relation.kind != "number":
            queries = _load_joined(part, relation, lacking)
            return (queries, False) if queries else _load(part.model, relation, lacking, asked)
        numbers = count_objects(part.model, relation.name, lacking)
        self._loans += [] if numbers is None else [numbers]
        return int(numbers is not None), False

    def _gather(self, model: type[Model], relation: Relation, objects: Sequence[Model]) -> None:
        if relation.kind in ("generic", "number"):
            return
        loaded = (_loaded(model, relation, one) for one in objects)
        related = [one for group in loaded if group for one in group]
        self._circles += gather(related, self._tell)


class _Loan:
    """The objects of a manager that were put where Django keeps prefetched ones, while this lives.

    Django itself keeps none: who asks again after the render gets what the database has by then.
    """

    __slots__ = ("_cache", "_lent")

    def __init__(self, owners: Sequence[Model], cache: str) -> None:
        self._cache = cache
        self._lent = [(one, _prefetched(one)[cache]) for one in owners if cache in _prefetched(one)]

    def __del__(self) -> None:
        for owner, group in self._lent:
            prefetched = _prefetched(owner)
            if prefetched.get(self._cache) is group:
                del prefetched[self._cache]
                if not prefetched:
                    del owner.__dict__[_PREFETCHED]


def _prefetched(one: Model) -> dict[str, Any]:
    found: dict[str, Any] = one.__dict__.get(_PREFETCHED, {})
    return found


def _find_lacking(model: type[Model], relation: Relation, objects: Sequence[Model]) -> list[Model]:
    """The objects, each once, for which reading the relation would run a query."""
    lacks = _lacks(model, relation.name)
    lacking = [one for one in objects if lacks(one)]
    if len(lacking) < 2:
        return lacking
    return list({id(one): one for one in lacking}.values())


@cache
def _behind(model: type[Model], name: str) -> tuple[Kind, Any]:
    return stock.classify(model, name)


@cache
def _lacks(model: type[Model], name: str) -> Callable[[Model], bool]:
    """``function(instance)``: whether reading the relation would run a query."""
    kind, subject = _behind(model, name)
    if kind in stock.MANY:
        cache = stock.many_cache_name(model, name)
        return lambda one: one.pk is not None and cache not in _prefetched(one)
    if kind is Kind.FORWARD:
        cache, key = subject.cache_name, subject.attname
        return lambda one: (
            cache not in one._state.fields_cache
            and one.__dict__.get(key) is not None
            and not fetch_mode(one._state)
        )
    cache = (subject or cast(Any, model._meta.get_field(name))).cache_name
    return lambda one: (
        cache not in one._state.fields_cache and one.pk is not None and not fetch_mode(one._state)
    )


def _load(
    model: type[Model], relation: Relation, lacking: list[Model], asked: Model | None
) -> tuple[int, bool]:
    """Fetch for all that lack it; the number of queries, as far as it is known.

    And whether what is read of the related objects certainly came along.
    """
    name = relation.name
    if relation.kind != "many":
        if load_single(model, name, relation.joins, lacking, asked):
            found = single(model, name, relation.joins)
            return 1, found is not None and found.brings(relation.below)
        if len(lacking) == 1 and not (relation.joins or relation.below):
            return 0, False
        if relation.kind == "forward" and not _behind(model, name)[1].db_constraint:
            return 0, False
    objects = None if relation.kind == "generic" else _objects(model, relation)
    _prefetch(lacking, relation.name if objects is None else Prefetch(relation.name, objects))
    return 1, False


def _objects(model: type[Model], relation: Relation) -> QuerySet[Any] | None:
    """The QuerySet of the related objects; None where the manager has its own."""
    target = _target(model, relation)
    manager = target._default_manager if relation.kind == "many" else target._base_manager
    if stock.own_manager(manager):
        return None
    joins = () if routers() else relation.joins
    return kept(manager.select_related(*joins) if joins else manager.all())


def _prefetch(owners: list[Model], lookup: str | Prefetch[Any]) -> None:
    """`prefetch_related_objects`, which leaves no empty dict where it put nothing."""
    bare = [one for one in owners if _PREFETCHED not in one.__dict__]
    prefetch_related_objects(owners, lookup)
    for one in owners:
        for group in _prefetched(one).values():
            as_django(group)
    for one in bare:
        if not _prefetched(one):
            one.__dict__.pop(_PREFETCHED, None)


def _target(model: type[Model], relation: Relation) -> type[Model]:
    kind, subject = _behind(model, relation.name)
    if kind in stock.MANY:
        return stock.many_model(model, relation.name)
    target: type[Model] = subject.related_model
    return target


def _related(
    model: type[Model], relation: Relation, objects: Sequence[Model]
) -> tuple[type[Model], list[Model]] | None:
    """The loaded objects behind the relation, each once; None where some could not be loaded.

    Those would be read as if they were of the batch, and have it fetch for the others in vain.
    """
    found: dict[int, Model] = {}
    if relation.kind in ("forward", "reverse_one") and len(objects) > 1:
        ones = _all_loaded(_behind(model, relation.name)[1].cache_name, objects)
        if ones is not None:
            return _target(model, relation), ones
    for one in objects:
        related = _loaded(model, relation, one)
        if related is None:
            return None
        found.update((id(child), child) for child in related)
    return _target(model, relation), list(found.values())


def _all_loaded(cache: str, objects: Sequence[Model]) -> list[Model] | None:
    """What Django keeps for the objects by the name, each once; None where one has nothing."""
    try:
        related = list(map(getitem, map(_fields_of, objects), repeat(cache)))
    except KeyError:
        return None
    found = dict(zip(map(id, related), related, strict=True))
    found.pop(id(None), None)
    return list(found.values())


def is_complete(
    model: type[Model], relations: tuple[Relation, ...], objects: Sequence[Model]
) -> bool:
    """Whether all that is read of the objects is loaded, so that nobody need watch over them."""
    for relation in relations:
        if not _all_have(model, relation.name, objects):
            return False
        related = _related(model, relation, objects) if relation.below else ()
        if related is None or (related and not is_complete(related[0], relation.below, related[1])):
            return False
    return True


def _all_have(model: type[Model], name: str, objects: Sequence[Model]) -> bool:
    """Whether reading the relation runs a query for none of the objects."""
    if len(objects) > 1 and _behind(model, name)[0] in _KEPT_BY_NAME:
        cache = _behind(model, name)[1].cache_name
        if all(map(contains, map(_fields_of, objects), repeat(cache))):
            return True
    return not any(map(_lacks(model, name), objects))


_KEPT_BY_NAME = frozenset((Kind.FORWARD, Kind.REVERSE_ONE))
_fields_of = attrgetter("_state.fields_cache")


def _loaded(model: type[Model], relation: Relation, one: Model) -> Sequence[Model] | None:
    if relation.kind == "many":
        cache = stock.many_cache_name(model, relation.name)
        group = _prefetched(one).get(cache)
        return getattr(group, "_result_cache", None) if one.pk is not None else ()
    _, subject = _behind(model, relation.name)
    cached = one._state.fields_cache
    if subject.cache_name in cached:
        return [child for child in (cached[subject.cache_name],) if child is not None]
    without = one.pk is None if relation.kind == "reverse_one" else _has_no_key(one, subject)
    return () if without else None


def _has_no_key(one: Model, field: Any) -> bool:
    return one.__dict__.get(field.attname, field) is None


def _load_joined(part: Peers, relation: Relation, lacking: list[Model]) -> int:
    """For one object that lacks several relations: all of them in one query, if that is safe."""
    if len(part.relations) < 2 or len(part.objects) != 1:
        return 0
    names = {path.partition(LOOKUP_SEP)[0] for path in part.joins}
    if len(lacking) != 1 or relation.name not in names or routers():
        return 0
    (instance,), model = lacking, part.model
    missing = [
        one for one in part.relations if one.name in names and _find_lacking(model, one, lacking)
    ]
    if len(missing) < 2 or not _is_reproducible(instance, model):
        return 0
    chosen = {one.name for one in missing}
    joins = [path for path in part.joins if path.partition(LOOKUP_SEP)[0] in chosen]
    manager = model._base_manager.using(instance._state.db)
    for fresh in fetch_instances(manager.filter(pk=instance.pk).select_related(*joins)):
        for one in missing:
            _adopt(instance, fresh, one)
    return 1


def _is_reproducible(instance: Model, model: type[Model]) -> bool:
    """Whether the row of ``instance`` can be read again without anybody's noticing."""
    state = instance._state
    reason = stock.observed(model) or stock.own_manager(model._base_manager)
    return not (reason or state.adding or state.db is None or instance.get_deferred_fields())


def _adopt(instance: Model, fresh: Model, relation: Relation) -> None:
    """Take the related object from the fresh copy, unless the foreign key was changed since."""
    kind, subject = stock.classify(type(instance), relation.name)
    cache = subject.cache_name
    if cache not in fresh._state.fields_cache:
        return
    if kind is Kind.FORWARD:
        key, remote, single = subject.attname, subject.remote_field, subject.one_to_one
        if getattr(fresh, key) != getattr(instance, key):
            return
    else:
        remote, single = subject.field, True
    related = fresh._state.fields_cache[cache]
    instance._state.fields_cache[cache] = related
    if related is not None and single:
        remote.set_cached_value(related, instance)

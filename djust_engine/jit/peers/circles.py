"""Circles: instances that were handed out together, whoever reads a relation of one of them.

Code below the template (``__str__``, properties, methods, tags) asks an instance for a related
object. Django looks into two dicts of the instance first; those of a member of a circle know its
peers, and fetch for all of them. What is fetched is kept by the circle, and goes to an instance
when it is read there, as with Django. Without its circle such a dict is an ordinary one.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from threading import get_ident
from time import perf_counter
from typing import Any, Protocol, cast

from django.db import DEFAULT_DB_ALIAS, router
from django.db.models import Model
from django.db.models.base import ModelBase
from django.db.models.constants import LOOKUP_SEP
from django.db.models.fields.mixins import FieldCacheMixin

from ..stock import fetch_mode
from .links import ABSENT, UNKNOWN, getter_of, links_of, managers_of, many_link
from .tracked import as_asked, track
from .writes import watch

#: Told of each fetch: the model, the relation, how many peers lacked it, the queries, the seconds.
Tell = Callable[[type[Model], str, int, int, float], None]

_FIELDS = "fields_cache"
_PREFETCHED = "_prefetched_objects_cache"
#: Keys in one query: below the number of parameters that any database takes.
_CHUNK = 10_000
_READ = cast(Any, FieldCacheMixin.get_cached_value).__code__


class Lesson(Protocol):
    """What a page tells of the relations of a site's rows, by path."""

    joins: tuple[str, ...]
    late: set[str]
    used: set[str]

    def finish(self) -> None: ...


class _Cache(dict[str, Any]):
    """A dict of an instance; whoever copies or pickles it gets an ordinary one."""

    __slots__ = ("circle",)
    circle: weakref.ref[Circle]

    def copy(self) -> dict[str, Any]:
        return dict(self)

    __copy__ = copy

    def __reduce_ex__(self, protocol: Any) -> Any:
        return dict, (dict(self),)


class FieldsCache(_Cache):
    """``_state.fields_cache`` of a member."""

    __slots__ = ()

    def __missing__(self, name: str) -> Any:
        circle = self.circle()
        frame = sys._getframe(1)
        if circle is not None and frame.f_code is _READ and frame.f_back is not None:
            found = circle.read(frame.f_locals["instance"], name, frame.f_back.f_code)
            if found is not UNKNOWN:
                self[name] = found
                return found
        raise KeyError(name)


class ManagersCache(_Cache):
    """``_prefetched_objects_cache`` of a member."""

    __slots__ = ()

    def __missing__(self, name: str) -> Any:
        circle = self.circle()
        manager = None if circle is None else _asking_manager(sys._getframe(1))
        if circle is None or manager is None:
            raise KeyError(name)
        queryset = circle.queryset(manager, name)
        if queryset is None:
            raise KeyError(name)
        return queryset

    def pop(self, name: str, *default: Any) -> Any:
        circle = self.circle()
        if circle is not None:
            circle.forget(name)
        return super().pop(name, *default)


def _asking_manager(frame: Any) -> Any:
    """The manager whose ``get_queryset`` looks for its objects; None if another function does."""
    if frame.f_code.co_name == "get_prefetch_cache":
        frame = frame.f_back
    asks = frame is not None and frame.f_code.co_name == "get_queryset"
    if not asks or frame.f_back.f_code.co_name in ("prefetch_one_level", "prefetch_one"):
        return None
    return frame.f_locals.get("self")


class Circle:
    """Instances of one model, in the order in which they were handed out."""

    __slots__ = (
        *("__weakref__", "_children", "_found", "_groups", "_has_managers", "_lesson"),
        *("_members", "_model", "_path", "_reference", "_tell", "_thread", "_watch"),
    )

    def __init__(self, model: type[Model], members: list[Model], tell: Tell) -> None:
        self._model = model
        self._members = members
        self._has_managers = bool(managers_of(model))
        self._tell = tell
        self._thread = get_ident()
        self._found: dict[str, dict[Any, Any]] = {}
        self._groups: dict[str, _Groups] = {}
        self._children: list[Circle] = []
        self._watch: Any = None
        self._lesson: Lesson | None = None
        self._path = ""
        self._reference = weakref.ref(self)
        self._enter()

    def __len__(self) -> int:
        return len(self._members)

    def _enter(self) -> None:
        """Give each member the dicts that know this circle; circles for what is loaded already."""
        reference, related = self._reference, list[Any]()
        for one in self._members:
            state = one._state.__dict__
            loaded = state.get(_FIELDS)
            if loaded:
                cache = FieldsCache(loaded)
                related += loaded.values()
            else:
                cache = FieldsCache()
            cache.circle = reference
            state[_FIELDS] = cache
        if self._has_managers:
            self._enter_managers(reference)
        if related:
            self.gather(related)

    def _enter_managers(self, reference: weakref.ref[Circle]) -> None:
        for one in self._members:
            attributes = one.__dict__
            groups = attributes.get(_PREFETCHED)
            cache = attributes[_PREFETCHED] = ManagersCache(groups) if groups else ManagersCache()
            cache.circle = reference
            if groups:
                for group in groups.values():
                    track(group, reference)

    def gather(self, objects: Iterable[Any]) -> None:
        """Make circles of related objects, which last as long as this one."""
        self._children += gather(objects, self._tell)

    def read(self, instance: Model, name: str, asking: Any) -> Any:
        """The object behind a relation of a member, fetched for all; UNKNOWN: as Django does."""
        link = links_of(self._model).get(name)
        if link is None or asking is not getter_of(self._model, link.name):
            return UNKNOWN
        key = link.key(instance)
        if key is None or not self._may_answer(instance) or fetch_mode(instance._state):
            return UNKNOWN
        found = self._found.setdefault(name, {})
        if key not in found and not self._load(link, instance, key, found):
            return UNKNOWN
        related = found[key]
        if self._lesson is not None:
            self._lesson.used.add(self._below(name))
        return link.give(instance, key, related)

    def settle(self, instance: Model, name: str, cache: FieldsCache) -> None:
        """Give a member what is known of a relation."""
        found = self._found.get(name)
        if found is None or not self._may_answer(instance):
            return
        link = links_of(self._model)[name]
        key = link.key(instance)
        related = found.get(key, ABSENT)
        if related is not ABSENT:
            cache[name] = link.give(instance, key, related)

    def _load(self, link: Any, asker: Model, key: Any, found: dict[Any, Any]) -> bool:
        keys, lacking = {key: None}, 0
        for one in self._alike(asker, link.target):
            if len(keys) >= _CHUNK:
                break
            other = link.key(one)
            if link.asks_with(key, other) and other not in found and not fetch_mode(one._state):
                keys[other] = None
                lacking += 1
        self._hold(asker)
        started = perf_counter()
        loaded = link.load(asker, list(keys))
        if loaded is None:
            return False
        seconds = perf_counter() - started
        found.update({one: loaded.get(one, ABSENT) for one in keys})
        children = gather(loaded.values(), self._tell)
        self._children += children
        if self._lesson is not None:
            self._lesson.late.add(self._below(link.name))
            for child in children:
                child.learn(self._lesson, self._below(link.name))
        self._tell(self._model, link.name, lacking, 1, seconds)
        return True

    def learn(self, lesson: Lesson, path: str = "") -> None:
        """Tell the lesson what is fetched for the members, and keep back what it had joined."""
        self._lesson, self._path = lesson, path
        loaded = [one._state.__dict__.get(_FIELDS, ()) for one in self._members]
        for name in dict.fromkeys(chain.from_iterable(loaded)):
            below = self._below(name)
            child = self._circle_behind(name)
            if child is not None and child._lesson is None:
                child.learn(lesson, below)
            if below in lesson.joins:
                self._keep_back(name)

    def _below(self, name: str) -> str:
        return f"{self._path}{LOOKUP_SEP}{name}" if self._path else name

    def _circle_behind(self, name: str) -> Circle | None:
        """The circle of the objects that were loaded along with the members."""
        for one in self._members:
            related = one._state.fields_cache.get(name)
            cache = getattr(related, "_state", one._state).__dict__.get(_FIELDS)
            if related is not None and isinstance(cache, FieldsCache):
                return cache.circle()
        return None

    def _keep_back(self, name: str) -> None:
        """Take a relation off the members that have it joined; they get it back where it is read.

        The others came by another relation to this model, for which nothing was joined.
        """
        self._hold(self._members[0])
        link, found = links_of(self._model)[name], self._found.setdefault(name, {})
        for one in self._members:
            cache = one._state.fields_cache
            if name not in cache:
                continue
            related, key = cache.pop(name), link.key(one)
            if key is not None:
                found.setdefault(key, ABSENT if related is None else related)

    def queryset(self, manager: Any, name: str) -> Any:
        """A QuerySet as the manager would make it, which fetches for all when it is evaluated."""
        accessor = managers_of(self._model).get(name)
        if accessor is None or not self._may_answer(manager.instance):
            return None
        link = many_link(self._model, accessor)
        is_own: bool = type(manager) is link.manager_class
        if not is_own or manager._db is not None:
            return None
        queryset = as_asked(manager)
        track(queryset, weakref.ref(self), manager, name)
        return queryset

    def group(self, manager: Any, name: str) -> list[Model] | None:
        """The objects of a related manager of a member; None: as Django does."""
        if not self._may_answer(manager.instance):
            return None
        link = many_link(self._model, managers_of(self._model)[name])
        groups = self._groups.get(name)
        found = None if groups is None else groups.take(manager.instance)
        if found is None:
            if groups is not None and groups.mostly_unread():
                return None
            groups = self._groups[name] = self._load_groups(link, manager, name)
            found = groups.take(manager.instance)
        return None if found is None else link.give(manager.instance, found)

    def _load_groups(self, link: Any, manager: Any, name: str) -> _Groups:
        owners = [manager.instance]
        for one in self._alike(manager.instance, manager.model):
            if len(owners) >= _CHUNK:
                break
            lacks = one.pk is not None and name not in one.__dict__.get(_PREFETCHED, ())
            if lacks and one is not manager.instance:
                owners.append(one)
        self._hold(manager.instance)
        started = perf_counter()
        groups = _Groups(*link.load(manager, owners))
        seconds = perf_counter() - started
        self.gather(groups.objects())
        self._tell(self._model, link.name, len(owners), 1, seconds)
        return groups

    def _hold(self, asker: Model) -> None:
        """From here on the circle holds what a write may make old."""
        if self._watch is None:
            self._watch = watch(asker._state.db or DEFAULT_DB_ALIAS, self)

    def drop(self) -> None:
        """Forget what was fetched and not handed out yet."""
        self._found.clear()
        self._groups.clear()

    def forget(self, name: str) -> None:
        """Drop the groups of a manager: its objects were changed."""
        self._groups.pop(name, None)

    def _may_answer(self, instance: Any) -> bool:
        cache = instance._state.__dict__.get(_FIELDS)
        if type(cache) is not FieldsCache or cache.circle() is not self:
            return False
        return instance._state.db is not None and self._thread == get_ident()

    def _alike(self, asker: Model, target: type[Model] | None) -> Iterator[Model]:
        """The members whose objects of ``target`` are in the same database as the asker's."""
        db, members = asker._state.db, self._members
        alike = (one for one in members if one._state.db == db)
        if target is None or not router.routers:
            return alike
        wanted = router.db_for_read(target, instance=asker)
        return (one for one in alike if router.db_for_read(target, instance=one) == wanted)

    def __del__(self) -> None:
        if self._watch is not None:
            self._watch.remove(self)
        if self._lesson is not None and not self._path:
            self._lesson.finish()
        self._leave()

    def _leave(self) -> None:
        """Put ordinary dicts where the circle had put its own; none where there was nothing."""
        reference, has_managers = self._reference, self._has_managers
        for one in self._members:
            state = one._state.__dict__
            cache = state.get(_FIELDS)
            if type(cache) is FieldsCache and (cache.circle is reference or cache.circle() is None):
                if cache:
                    state[_FIELDS] = dict(cache)
                else:
                    del state[_FIELDS]
            if has_managers:
                _leave_managers(one.__dict__, reference)


def _leave_managers(attributes: dict[str, Any], reference: weakref.ref[Circle]) -> None:
    groups = attributes.get(_PREFETCHED)
    if type(groups) is ManagersCache and (groups.circle is reference or groups.circle() is None):
        if groups:
            attributes[_PREFETCHED] = dict(groups)
        else:
            del attributes[_PREFETCHED]


class _Groups:
    """What a query for a related manager gave, by owner; each group is handed out once."""

    __slots__ = ("_groups", "_key_of", "_size")

    def __init__(self, groups: dict[Any, list[Model]], key_of: Callable[[Any], Any]) -> None:
        self._groups = groups
        self._key_of = key_of
        self._size = len(groups)

    def take(self, owner: Model) -> list[Model] | None:
        return self._groups.pop(self._key_of(owner), None)

    def mostly_unread(self) -> bool:
        """Whether fetching for all once more would likely be in vain."""
        return len(self._groups) * 2 > self._size

    def objects(self) -> Sequence[Model]:
        return [one for group in self._groups.values() for one in group]


def gather(objects: Iterable[Any], tell: Tell) -> list[Circle]:
    """Circles for the instances among the objects, a model each; they last as long as the list.

    Who has peers already stays with them.
    """
    groups: dict[type[Model], list[Model]] = {}
    for one in objects:
        model = type(one)
        group = groups.get(model)
        if group is None:
            if not isinstance(model, ModelBase):
                continue
            group = groups[model] = []
        cache = one._state.__dict__.get(_FIELDS)
        if type(cache) is not FieldsCache or _size(cache) < 2:
            group.append(one)
    return [
        Circle(model, members, tell)
        for model, members in groups.items()
        if len(members) > 1 or (members and not _is_alone(members[0]))
        if links_of(model) or managers_of(model)
    ]


def has_peers(value: Any) -> bool:
    """Whether the value is an instance that has a circle, and is not alone in it."""
    if not isinstance(type(value), ModelBase):
        return False
    cache = value._state.__dict__.get(_FIELDS)
    if type(cache) is not FieldsCache:
        return False
    circle = cache.circle()
    return circle is not None and len(circle._members) > 1


def _size(cache: FieldsCache) -> int:
    circle = cache.circle()
    return 0 if circle is None else len(circle)


def _is_alone(one: Model) -> bool:
    """Whether the instance has a circle of its own."""
    cache = one._state.__dict__.get(_FIELDS)
    return type(cache) is FieldsCache and cache.circle() is not None


def settle(objects: Iterable[Model], name: str) -> None:
    """Put what circles have fetched already where Django keeps it."""
    for one in objects:
        cache = one._state.__dict__.get(_FIELDS)
        if isinstance(cache, FieldsCache) and name not in cache:
            circle = cache.circle()
            if circle is not None:
                circle.settle(one, name, cache)

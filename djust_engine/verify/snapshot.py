"""Copies of a context, taken before a render, so that another render finds it as it was.

QuerySets are cloned, so that each render asks the database by itself; model instances are copied
with what they have cached of their relations; dictionaries, lists and objects that hold such things
are copied around them. Everything else is shared: requests, users, lazy objects, iterators.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from types import FunctionType, ModuleType
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.context import ContextDict, RenderContext
from django.utils.functional import LazyObject, Promise

# How many objects deep, from one that stands in the context, a QuerySet is looked for.
DEPTH = 3
# How deep lists, dictionaries and relations may nest, beyond which they are shared.
DEEPEST = 50
_SHARED = (HttpRequest, LazyObject, Promise, ModuleType, FunctionType, type)


def copy_context(context: Any) -> Any:
    """A context like this one, unbound, with values that the other does not share."""
    copier = Copier()
    duplicate = copy(context)
    duplicate.render_context = RenderContext()
    duplicate.dicts = [copier.copy(scope, DEPTH + 1) for scope in context.dicts]
    return duplicate


class Copier:
    """Copies values; one that is met twice is copied once."""

    def __init__(self) -> None:
        # id of an original -> (the original, kept alive, and its copy).
        self._made: dict[int, tuple[Any, Any]] = {}
        # ids of copies that are, or hold, a QuerySet or an instance.
        self._own: set[int] = set()
        self._level = 0

    def copy(self, value: Any, depth: int = DEPTH) -> Any:
        """The copy of a value, or the value itself where it is shared."""
        if id(value) in self._made:
            return self._made[id(value)][1]
        if self._level > DEEPEST:
            return value
        self._level += 1
        try:
            return self._copied(value, depth)
        finally:
            self._level -= 1

    def _copied(self, value: Any, depth: int) -> Any:
        # Asked of the type: `isinstance()` evaluates a lazy object.
        kind = type(value)
        if issubclass(kind, QuerySet):
            return self._query_set(value, depth)
        if issubclass(kind, Model):
            return self._instance(value, depth)
        if kind in (dict, ContextDict):
            return self._dictionary(value, depth)
        if kind is list:
            return self._list(value, depth)
        if kind is tuple:
            return self._tuple(value, depth)
        return self._object(value, depth) if depth > 0 and _has_plain_state(value) else value

    def _keep(self, value: Any, made: Any) -> Any:
        self._made[id(value)] = value, made
        return made

    def _keep_own(self, value: Any, made: Any) -> Any:
        self._own.add(id(made))
        return self._keep(value, made)

    def _holds_own(self, copies: Iterable[Any]) -> bool:
        return any(id(one) in self._own for one in copies)

    def _dictionary(self, value: dict[Any, Any], depth: int) -> dict[Any, Any]:
        made: dict[Any, Any] = self._keep(value, {})
        made.update((key, self.copy(item, depth)) for key, item in list(value.items()))
        return self._keep_own(value, made) if self._holds_own(made.values()) else made

    def _list(self, value: list[Any], depth: int) -> list[Any]:
        made: list[Any] = self._keep(value, [])
        made.extend(self.copy(item, depth) for item in value)
        return self._keep_own(value, made) if self._holds_own(made) else made

    def _tuple(self, value: tuple[Any, ...], depth: int) -> tuple[Any, ...]:
        made = tuple(self.copy(item, depth) for item in value)
        return self._keep_own(value, made) if self._holds_own(made) else value

    def _query_set(self, value: QuerySet[Any], depth: int) -> Any:
        try:
            clone: Any = self._keep_own(value, value._clone())  # type: ignore[attr-defined]
        except Exception:  # a project's QuerySet may raise anything here; then it is shared
            return self._keep(value, value)
        state = _state_of(value)
        for name in state.keys() - vars(clone).keys():
            setattr(clone, name, state[name])
        if value._result_cache is not None:
            clone._result_cache = [self.copy(row, depth) for row in value._result_cache]
            clone._prefetch_done = state["_prefetch_done"]
        return clone

    def _instance(self, value: Model, depth: int) -> Any:
        made: Any = self._keep_own(value, object.__new__(type(value)))
        vars(made).update(_state_of(value))
        state = made._state = copy(value._state)
        cached = vars(value._state).get("fields_cache")
        if cached is not None:
            related = list(dict.items(cached))
            state.fields_cache = {name: self.copy(one, depth) for name, one in related}
        prefetched = _state_of(value).get("_prefetched_objects_cache")
        if prefetched is not None:
            made._prefetched_objects_cache = self.copy(dict(dict.items(prefetched)), depth)
        return made

    def _object(self, value: Any, depth: int) -> Any:
        """An object like this one if a QuerySet or an instance is found in it, else itself."""
        self._keep(value, value)
        state = _state_of(value)
        copies = {
            name: self.copy(item, depth - 1)
            for name, item in list(state.items())
            if depth > 1 or issubclass(type(item), (QuerySet, Model, list, dict))
        }
        if not self._holds_own(copies.values()):
            return value
        made = object.__new__(type(value))
        vars(made).update({**state, **copies})
        return self._keep_own(value, made)


def _has_plain_state(value: Any) -> bool:
    """Whether an object is its `__dict__` and nothing else, so that it can be made again."""
    kind = type(value)
    return (
        not issubclass(kind, _SHARED)
        and getattr(kind, "__new__", None) is object.__new__
        and kind.__basicsize__ <= _PLAIN_SIZE
        and kind.__dictoffset__ != 0
    )


def _state_of(value: Any) -> dict[str, Any]:
    """The attributes of an object, without asking its class for them."""
    state: dict[str, Any] = object.__getattribute__(value, "__dict__")
    return state


class _Plain:
    pass


_PLAIN_SIZE = _Plain.__basicsize__

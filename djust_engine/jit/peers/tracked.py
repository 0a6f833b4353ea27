"""QuerySets whose objects become peers when somebody evaluates them, wherever that is.

A tracked QuerySet has functions of ours in its own ``__dict__``, in the place of methods; its
class stays what it is. What is derived from it is tracked too. They go when it is evaluated, when
it is pickled, and with the keeper of the peers.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Protocol, cast

from django.db.models import QuerySet

#: What Django fetches at a time for `iterator()`.
_GROUP = 2_000
_METHODS = ("_fetch_all", "_chain", "iterator")
#: What of a query its filters and `order_by()` make, and whoever else changes it in place.
_PARTS = (
    *("where", "order_by", "extra_order_by", "low_mark", "high_mark", "distinct", "extra"),
    *("distinct_fields", "select_related", "deferred_loading", "annotations", "group_by"),
    *("combinator", "select_for_update", "default_ordering", "standard_ordering", "default_cols"),
)


class Keeper(Protocol):
    """Who makes circles, and keeps them."""

    def gather(self, objects: Iterable[Any]) -> None: ...

    def group(self, manager: Any, name: str) -> list[Any] | None: ...


class _Method:
    """Stands for a method of one QuerySet."""

    __slots__ = ("_keeper", "_manager", "_name", "_queryset")

    def __init__(self, queryset: Any, keeper: weakref.ref[Any], manager: Any, name: str) -> None:
        self._queryset = weakref.ref(queryset)
        self._keeper = keeper
        self._manager = manager
        self._name = name

    def __deepcopy__(self, memo: Any) -> Any:
        """For the copy that ``QuerySet.__deepcopy__`` is making: its own, and no manager's."""
        frame: Any = sys._getframe(2)
        copied = frame.f_locals.get("obj")
        if frame.f_code is not _DEEPCOPY or copied is None:
            return self
        return type(self)(copied, self._keeper, None, "")

    def __reduce__(self) -> Any:
        raise TypeError("a QuerySet takes this off before it is pickled")


class _FetchAll(_Method):
    __slots__ = ()

    def __call__(self) -> None:
        queryset, keeper = self._queryset(), self._keeper()
        if queryset is None:
            return
        untrack(queryset)
        if queryset._result_cache is None and keeper is not None and self._is_as_asked(queryset):
            queryset._result_cache = keeper.group(self._manager, self._name)
        queryset._fetch_all()
        if keeper is not None:
            keeper.gather(queryset._result_cache)

    def is_for_peers(self) -> bool:
        keeper = self._keeper()
        return self._manager is not None and keeper is not None and len(keeper) > 1

    def _is_as_asked(self, queryset: Any) -> bool:
        return self._manager is not None and _is_as_asked(queryset, self._manager)


class _Chain(_Method):
    __slots__ = ()

    def __call__(self) -> Any:
        queryset = cast(Any, self._queryset())
        derived = type(queryset)._chain(queryset)
        if derived is not queryset and self._keeper() is not None:
            track(derived, self._keeper)
        return derived


class _Iterator(_Method):
    """Holds its QuerySet, which nobody else may do when this is called."""

    __slots__ = ("_held",)

    def __init__(self, queryset: Any, keeper: weakref.ref[Any], manager: Any, name: str) -> None:
        super().__init__(queryset, keeper, manager, name)
        self._held = queryset

    def __call__(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        keeper = self._keeper()
        found = type(self._held).iterator(self._held, *args, **kwargs)
        return found if keeper is None else _in_groups(found, keeper)


def _in_groups(found: Iterator[Any], keeper: Keeper) -> Iterator[Any]:
    while objects := list(islice(found, _GROUP)):
        keeper.gather(objects)
        yield from objects


def track(queryset: Any, keeper: weakref.ref[Any], manager: Any = None, name: str = "") -> None:
    """Have the objects of ``queryset`` gathered by the keeper when it is evaluated.

    With the ``manager`` of which it was asked, and the ``name`` under which Django keeps its
    objects, these are fetched for all peers then.
    """
    if type(queryset)._fetch_all is not QuerySet._fetch_all or "_fetch_all" in queryset.__dict__:
        return
    queryset.__dict__["_fetch_all"] = _FetchAll(queryset, keeper, manager, name)
    queryset.__dict__["_chain"] = _Chain(queryset, keeper, manager, name)


def track_iterator(queryset: Any, keeper: weakref.ref[Any]) -> None:
    """Have the objects of its `iterator()` gathered too, until it is untracked."""
    queryset.__dict__.setdefault("iterator", _Iterator(queryset, keeper, None, ""))


def untrack(queryset: Any) -> None:
    for method in _METHODS:
        if isinstance(queryset.__dict__.get(method), _Method):
            del queryset.__dict__[method]


def is_asked_of_peers(queryset: Any) -> bool:
    """Whether evaluating the QuerySet fetches for others than its owner, too."""
    method = queryset.__dict__.get("_fetch_all")
    return isinstance(method, _FetchAll) and method.is_for_peers()


def as_asked(manager: Any) -> Any:
    """The QuerySet that the related manager makes where nothing is prefetched."""
    return manager._apply_rel_filters(super(type(manager), manager).get_queryset())


def _is_as_asked(queryset: Any, manager: Any) -> bool:
    """Whether nobody has changed the QuerySet in place since the manager made it."""
    if queryset._prefetch_related_lookups or queryset._fields is not None:
        return False
    if getattr(queryset, "_deferred_filter", None) is not None:
        return True
    mine, made = queryset.query.__dict__, as_asked(manager).query.__dict__
    return all(mine.get(part) == made.get(part) for part in _PARTS)


_DEEPCOPY = cast(Any, QuerySet.__deepcopy__).__code__

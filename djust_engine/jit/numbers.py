"""How many objects related managers have, for all their owners in one query.

The numbers answer ``{{ owner.books.count }}`` and ``exists`` while a Batch holds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Model

from . import stock
from .relations import link_of
from .routing import routers
from .stock import Kind

_NUMBER = "djust_number"
_CHUNK = 30_000

#: By the identity of an owner, and the class that its manager has: the column of the owner that
#: holds its key, and the numbers of objects by key.
_known: dict[tuple[int, type], tuple[str, dict[Any, int]]] = {}


class Numbers:
    """The numbers of one manager of some owners, which are known while this lives."""

    __slots__ = ("_found", "_owners", "_places")

    def __init__(self, model: type[Model], name: str, owners: Sequence[Model]) -> None:
        key, lookup, group = link_of(model, name)
        self._owners = owners
        keys = list({one.__dict__[key] for one in owners})
        self._found: tuple[str, dict[Any, int]] = key, dict.fromkeys(keys, 0)
        db: Any = owners[0]._state.db
        target = stock.many_model(model, name)
        generic = stock.classify(model, name)[0] is Kind.GENERIC_MANY
        typed = stock.generic_filter(model, name, db) if generic else {}
        for start in range(0, len(keys), _CHUNK):
            within = {**typed, f"{lookup}__in": keys[start : start + _CHUNK]}
            found = target._default_manager.using(db).filter(**within).order_by()
            counted: Any = found.values_list(group).annotate(**{_NUMBER: Count("*")})
            self._found[1].update(counted)
        manager_class = stock.static(model, name).related_manager_cls
        self._places = [(id(one), manager_class) for one in owners]
        _known.update(dict.fromkeys(self._places, self._found))

    def __del__(self) -> None:
        for place in getattr(self, "_places", ()):
            if _known.get(place) is self._found:
                del _known[place]


def count_objects(model: type[Model], name: str, owners: Sequence[Model]) -> Numbers | None:
    """The numbers for all owners; None where each is to be asked alone."""
    key, dbs = link_of(model, name).key, {one._state.db for one in owners}
    if len(owners) < 2 or len(dbs) != 1 or None in dbs or routers():
        return None
    has_keys = all(one.__dict__.get(key) is not None for one in owners)
    return Numbers(model, name, owners) if has_keys else None


def known_number(manager: Any) -> int | None:
    """The number of the manager's objects, where it was fetched for all peers of its owner."""
    owner: Any = getattr(manager, "instance", None)
    found = _known.get((id(owner), type(manager))) if _known else None
    return None if found is None else found[1].get(owner.__dict__.get(found[0]))

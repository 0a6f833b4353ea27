"""What containers hold, found without running code of theirs: elements, and values by name.

A template that reads ``row.book.author`` of dicts, tuples or plain objects reads relations of the
instances in them; ``fetch`` makes those a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.db.models.query import RawQuerySet

#: Types whose own iteration gives what they hold, as often as it is asked for.
_CONTAINERS: frozenset[type] = frozenset(
    (set, frozenset, type({}.values()), type({}.items()), RawQuerySet)
)

Find = Callable[[Any], Any]


def elements(values: Any) -> list[Any] | None:
    """What a loop over ``values``, which were measured, is going to see; None where unknown."""
    return list(values) if type(values) in _CONTAINERS else None


def held(holders: Sequence[Any], name: str) -> list[Any]:
    """What a template finds under ``name`` in each of the holders, where that is plain to see."""
    found = []
    for holder in holders:
        kind: Any = type(holder)
        find = finder(kind, name)
        value = None if find is None else find(holder)
        if value is not None:
            found.append(value)
    return found


@cache
def finder(kind: Any, name: str) -> Find | None:
    """``function(holder)`` for holders of a type; None where a lookup may run their code."""
    if kind is dict:
        return lambda holder: holder.get(name)
    if kind is tuple or kind is list:
        return _element_finder(int(name)) if name.isdecimal() else None
    if _is_plain(kind, name):
        return lambda holder: holder.__dict__.get(name)
    return None


def _element_finder(index: int) -> Find:
    return lambda holder: holder[index] if index < len(holder) else None


def _is_plain(kind: Any, name: str) -> bool:
    """Whether ``name`` can only be a value in the ``__dict__`` of an instance."""
    names = (name, "__getitem__", "__class_getitem__")
    return (
        kind.__getattribute__ is object.__getattribute__
        and kind.__dictoffset__ != 0
        and not any(one in klass.__dict__ for klass in kind.__mro__ for one in names)
    )

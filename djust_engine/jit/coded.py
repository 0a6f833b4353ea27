"""Whether what is read of an object runs code that may read its relations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db.models import Model

from . import stock
from .bytecode import paths_of_self, reads_of_self
from .implied import MOST_WIDENED
from .stock import Kind
from .usage import CALLED, ELEMENTS, ESCAPES, NOTHING, PRINTED, Usage

_MOST_LEVELS = 6
#: What an attribute may be without anything behind it that costs a query.
_PLAIN = frozenset((Kind.COLUMN, Kind.FILE, Kind.DISPLAY, Kind.KEY, Kind.ABSENT))
#: What gives one object, of a model that is known.
_ONE = frozenset((Kind.FORWARD, Kind.REVERSE_ONE, Kind.PARENT))

#: Relations, one behind the other.
Path = tuple[str, ...]


def runs_code(model: type[Model], usage: Usage, levels: int = _MOST_LEVELS) -> bool:
    """Whether ``usage`` of an object of ``model`` calls code that may read relations."""
    if usage.marks & (ESCAPES | CALLED) or not levels:
        return True
    if usage.marks & PRINTED and may_read_relations(model, "__str__"):
        return True
    return any(
        _runs_code_below(model, name, child, levels - 1) for name, child in usage.children.items()
    )


def _runs_code_below(model: type[Model], name: str, usage: Usage, levels: int) -> bool:
    kind, subject = stock.classify(model, name)
    if kind in _PLAIN:
        return False
    if kind in _ONE:
        return runs_code(subject.related_model, usage, levels)
    if kind in stock.MANY:
        others = usage.children.keys() - {ELEMENTS, "count", "exists"}
        item = _of_objects(usage)
        return bool(others) or runs_code(stock.many_model(model, name), item, levels)
    return kind is not Kind.CODE or may_read_relations(model, name)


def _of_objects(usage: Usage) -> Usage:
    """What is read of the objects of a related manager that is used so."""
    objects = usage.children.get(ELEMENTS, NOTHING)
    return (objects.item or NOTHING).union(objects.children.get("0", NOTHING))


def reads_late(model: type[Model], usage: Usage, levels: int = _MOST_LEVELS) -> str:
    """Whose code may read relations that no join brings along, as a reason; empty for nobody's."""
    names = ["__str__"] if usage.marks & PRINTED else []
    names += [one for one in usage.children if stock.classify(model, one)[0] is Kind.CODE]
    found = (_late(model, one) for one in names)
    below = (_reads_late_below(model, *one, levels - 1) for one in usage.children.items())
    return next((reason for reason in (*found, *below) if reason), "")


def _late(model: type[Model], name: str) -> str:
    """Why the code behind ``model.name`` wants an instance with peers."""
    return "" if _joins(model, name) else f"{model.__name__}.{name} may read relations"


def _reads_late_below(model: type[Model], name: str, usage: Usage, levels: int) -> str:
    kind, subject = stock.classify(model, name)
    if kind in _ONE and levels:
        return reads_late(subject.related_model, usage, levels)
    if kind in stock.MANY and levels:
        return reads_late(stock.many_model(model, name), _of_objects(usage), levels)
    return ""


@cache
def _joins(model: type[Model], name: str) -> bool:
    """Whether joins bring all relations that the code behind ``model.name`` may read."""
    if stock.is_of_column(model, name) or not may_read_relations(model, name):
        return True
    paths = _paths_in_code(model, name)
    return paths is not None and all(_is_joined(model, path) for path in paths)


def _is_joined(model: type[Model], path: Path) -> bool:
    for name in path:
        target = stock.joined(model, name)
        if target is None:
            return False
        model = target
    return len(path) <= MOST_WIDENED


@cache
def may_read_relations(model: type[Model], name: str) -> bool:
    """Whether the code behind ``model.name`` reads a relation, as far as its bytecode tells."""
    waiting, seen = [name], {name}
    while waiting:
        reads = reads_of_self(stock.static(model, waiting.pop()))
        if reads is None:
            return True
        for read in reads - seen:
            seen.add(read)
            kind, _ = stock.classify(model, read)
            if kind is Kind.CODE:
                waiting.append(read)
            elif kind not in _PLAIN:
                return True
    return False


def is_loaded(model: type[Model], usage: Usage, objects: Sequence[Model]) -> bool:
    """Whether all that the code can read of the objects is there, so that nothing is to be had."""
    paths = _paths_of_usage(model, usage, _MOST_LEVELS)
    return paths is not None and all(_has_path(objects, path) for path in paths)


def _has_path(objects: Sequence[Model], path: Path) -> bool:
    for name in path:
        related = []
        for one in objects:
            loaded = one._state.__dict__.get("fields_cache")
            if not loaded or name not in loaded:
                return False
            if loaded[name] is not None:
                related.append(loaded[name])
        objects = related
    return True


def _paths_of_usage(model: type[Model], usage: Usage, levels: int) -> frozenset[Path] | None:
    """The relations that code behind ``usage`` reads; None where that is not known."""
    if usage.marks & (ESCAPES | CALLED) or not levels:
        return None
    found: set[Path] = set()
    names = ["__str__"] if usage.marks & PRINTED else []
    names += [one for one in usage.children if stock.classify(model, one)[0] is Kind.CODE]
    for name in names:
        paths = _paths_in_code(model, name)
        if paths is None:
            return None
        found |= paths
    for name, child in usage.children.items():
        kind, subject = stock.classify(model, name)
        if kind in _ONE:
            below = _paths_of_usage(subject.related_model, child, levels - 1)
            if below is None:
                return None
            found |= {(subject.cache_name, *path) for path in below if path}
        elif kind is not Kind.CODE and kind not in _PLAIN:
            return None
    return frozenset(found)


@cache
def _paths_in_code(
    model: type[Model], name: str, levels: int = _MOST_LEVELS
) -> frozenset[Path] | None:
    """The relations that the code behind ``model.name`` reads; None where that is not known."""
    paths = paths_of_self(stock.static(model, name)) if levels else None
    if paths is None:
        return None
    found: set[Path] = set()
    for path in paths:
        below = _relations_on(model, path, levels - 1)
        if below is None:
            return None
        found |= below
    return frozenset(found)


def _relations_on(model: type[Model], path: Path, levels: int) -> frozenset[Path] | None:
    """The relations on a path of code, with those that code at its end reads."""
    found: list[str] = []
    for name in path:
        subject: Any
        kind, subject = stock.classify(model, name) if name else (Kind.COLUMN, None)
        if kind in (Kind.FORWARD, Kind.REVERSE_ONE):
            found.append(subject.cache_name)
            model = subject.related_model
            continue
        if kind is Kind.CODE:
            below = _paths_in_code(model, name, levels)
            return None if below is None else frozenset((*found, *one) for one in below or {()})
        return frozenset({tuple(found)} if found else ()) if kind in _PLAIN else None
    return None  # the object itself goes somewhere

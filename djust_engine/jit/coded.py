"""Whether what is read of an object runs code that may read its relations."""

from __future__ import annotations

from functools import cache

from django.db.models import Model

from . import stock
from .bytecode import reads_of_self
from .stock import Kind
from .usage import CALLED, ELEMENTS, ESCAPES, NOTHING, PRINTED, Usage

_MOST_LEVELS = 6
#: What an attribute may be without anything behind it that costs a query.
_PLAIN = frozenset((Kind.COLUMN, Kind.FILE, Kind.DISPLAY, Kind.ABSENT))


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
    if kind in (Kind.FORWARD, Kind.REVERSE_ONE):
        return runs_code(subject.related_model, usage, levels)
    if kind in stock.MANY:
        objects = usage.children.get(ELEMENTS, NOTHING)
        item = (objects.item or NOTHING).union(objects.children.get("0", NOTHING))
        others = usage.children.keys() - {ELEMENTS, "count", "exists"}
        return bool(others) or runs_code(stock.many_model(model, name), item, levels)
    return kind is not Kind.CODE or may_read_relations(model, name)


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

"""What the code of a model reads, as far as its bytecode tells.

A method that names ``author`` is likely to read ``self.author``: joining it costs nothing where a
query is run anyway, and saves a query an object. A method that does nothing with ``self`` but read
``self.slug`` needs an instance with that column only. A wrong guess costs time, never output:
what an instance lacks, Django fetches.
"""

from __future__ import annotations

from functools import cache

from django.db.models import Model

from . import stock
from .bytecode import names_of, reads_of_self
from .stock import Kind
from .usage import CALLED, ELEMENTS, NOTHING, PRINTED, Usage

#: Relations, one behind the other, that are joined for code.
MOST_WIDENED = 3
#: Attributes of any instance that are not columns.
_COLUMNLESS = frozenset(("__class__", "_meta", "_state", "__module__", "__doc__"))


def widen(
    model: type[Model],
    usage: Usage,
    inherited: frozenset[str] = frozenset(),
    levels: int = MOST_WIDENED,
) -> Usage:
    """``usage`` of an object of ``model``, and what its code reads where ``usage`` calls it.

    ``inherited`` are names in code that was given this object.
    """
    called = called_names(model, usage)
    named = inherited.union(*(names_in_code(model, name) for name in called))
    children = dict(usage.children)
    for name in sorted(named.union(children)):
        target = stock.joined(model, name) if levels else None
        if target is not None:
            child, passed = children.get(name, NOTHING), frozenset[str]()
            if name in named:
                child, passed = child.union(Usage(PRINTED | CALLED)), named
            children[name] = widen(target, child, passed, levels - 1)
        elif name in children and stock.classify(model, name)[0] in stock.MANY:
            children[name] = _widen_objects(stock.many_model(model, name), children[name])
    return Usage(usage.marks, children, usage.item)


def _widen_objects(model: type[Model], usage: Usage) -> Usage:
    """The usage of a related manager, that of its objects widened."""
    objects = usage.children.get(ELEMENTS)
    if objects is None or objects.item is None:
        return usage
    item = widen(model, objects.item)
    children = {**usage.children, ELEMENTS: Usage(objects.marks, objects.children, item)}
    return Usage(usage.marks, children, usage.item)


def called_names(model: type[Model], usage: Usage) -> list[str]:
    """The names behind which code of ``model`` runs: what is not answered by a column."""
    called = ["__str__"] if usage.marks & PRINTED else []
    names = usage.children
    return called + [one for one in names if stock.classify(model, one)[0] in stock.BY_INSTANCE]


@cache
def names_in_code(model: type[Model], name: str) -> frozenset[str]:
    """The names in the code behind ``model.name``, and in the code of the model that it names."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = names_of(stock.static(model, waiting.pop())) - found
        found |= new
        waiting += [one for one in new if stock.classify(model, one)[0] is Kind.CODE]
    return frozenset(found)


def columns_read(model: type[Model], usage: Usage) -> frozenset[str] | None:
    """The columns that the code which ``usage`` calls can read; None when that is not known."""
    if usage.marks & CALLED:
        return None
    found: set[str] = set()
    for name in called_names(model, usage):
        columns = columns_in_code(model, name)
        if columns is None:
            return None
        found |= columns
    return frozenset(found)


@cache
def columns_in_code(model: type[Model], name: str) -> frozenset[str] | None:
    """The columns that ``instance.name`` reads; None where ``self`` goes further than that."""
    if stock.classify(model, name)[0] is Kind.KEY:
        return frozenset(stock.key_columns(model))
    found: set[str] = set()
    waiting, seen = [name], {name}
    while waiting:
        reads = reads_of_self(stock.static(model, waiting.pop()))
        if reads is None:
            return None
        for read in reads - _COLUMNLESS - seen:
            seen.add(read)
            kind, subject = stock.classify(model, read)
            if kind is Kind.CODE:
                waiting.append(read)
            elif kind is Kind.KEY:
                found.update(stock.key_columns(model))
            elif kind in _OF_A_COLUMN:
                found.add(subject.attname)
            else:
                return None
    return frozenset(found)


_OF_A_COLUMN = frozenset((Kind.COLUMN, Kind.FILE, Kind.DISPLAY, Kind.FORWARD))

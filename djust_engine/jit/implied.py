"""What the code of a model reads of its relations, as far as the names in its bytecode tell.

A method that names ``author`` is likely to read ``self.author``: joining it costs nothing where a
query is run anyway, and saves a query an object. Usage in, wider usage out; never narrower.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import CodeType
from typing import Any

from django.db.models import Model

from . import stock
from .stock import Kind
from .usage import NOTHING, PRINTED, Usage

_MOST_LEVELS = 3


def widen(
    model: type[Model],
    usage: Usage,
    inherited: frozenset[str] = frozenset(),
    levels: int = _MOST_LEVELS,
) -> Usage:
    """``usage`` of an object of ``model``, and what its code reads where ``usage`` calls it.

    ``inherited`` are names in code that was given this object.
    """
    called = ["__str__"] if usage.marks & PRINTED else []
    called += [name for name in usage.children if stock.classify(model, name)[0] is Kind.CODE]
    named = inherited.union(*(names_in_code(model, name) for name in called))
    children = dict(usage.children)
    for name in sorted(named.union(children)):
        target = stock.joined(model, name) if levels else None
        if target is not None:
            child, passed = children.get(name, NOTHING), frozenset[str]()
            if name in named:
                child, passed = child.union(Usage(PRINTED)), named
            children[name] = widen(target, child, passed, levels - 1)
    return Usage(usage.marks, children, usage.item)


@cache
def names_in_code(model: type[Model], name: str) -> frozenset[str]:
    """The names in the code behind ``model.name``, and in the code of the model that it names."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for code in _codes(stock.static(model, waiting.pop())):
            new = set(code.co_names) - found
            found |= new
            waiting += [one for one in new if stock.classify(model, one)[0] is Kind.CODE]
    return frozenset(found)


def _codes(attribute: Any) -> Iterator[CodeType]:
    """The code objects of a function, method, property or cached property."""
    for part in ("fget", "func", "__func__", "__wrapped__"):
        attribute = getattr(attribute, part, None) or attribute
    code = getattr(attribute, "__code__", None)
    waiting = [code] if isinstance(code, CodeType) else []
    while waiting:
        code = waiting.pop()
        yield code
        waiting += [one for one in code.co_consts if isinstance(one, CodeType)]

"""Dotted paths of a model as a tree of names, and as the usage that a template of them would have.

What no model has is refused here, with the nearest right name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import FieldError
from django.db.models import Model

from . import stock
from .stock import Kind
from .usage import ELEMENTS, ITERATED, PRINTED, Usage

#: Name -> what is read below it. A to-many relation has the names of its elements.
Tree = dict[str, "Tree"]


def tree_of(model: type[Model], paths: Iterable[str], names: Collection[str] = ()) -> Tree:
    """The paths as a tree; ``names`` are what the objects have beside their class's attributes.

    FieldError for a path that the model does not have; ValueError for one that is no path of
    public names.
    """
    tree: Tree = {}
    for path in paths:
        at: Tree = tree
        current: Any = model
        has_elements = False
        for name in _split(path):
            if has_elements and _passes_on(name):
                continue
            has_elements = False
            if current is not None:
                known = at is tree and name in names
                found = (None, False) if known else _follow(current, name, path)
                current, has_elements = found
            at = at.setdefault(name, {})
    return tree


def _split(path: str) -> list[str]:
    names = path.split(".")
    for name in names:
        if name.startswith("_") or not (name.isidentifier() or name.isdigit()):
            raise ValueError(f"{path!r} is not a dotted path of public names.")
    return names


def _passes_on(name: str) -> bool:
    return name == ELEMENTS or name.isdigit()


def _follow(model: type[Model], name: str, path: str) -> tuple[type[Model] | None, bool]:
    """The model behind the attribute, and whether it has many; None where only its value tells."""
    kind, subject = stock.classify(model, name)
    if kind is Kind.ABSENT and not stock.observed_by_code(model):
        raise FieldError(_unknown(model, name, path))
    if kind in (Kind.FORWARD, Kind.REVERSE_ONE):
        return subject.related_model, False
    return (stock.many_model(model, name), True) if kind in stock.MANY else (None, False)


def _unknown(model: type[Model], name: str, path: str) -> str:
    names = [one for one in dir(model) if not one.startswith("_")]
    near = get_close_matches(name, names, n=1)
    fields = ", ".join(repr(field.name) for field in model._meta.get_fields() if field.concrete)
    hint = f"Did you mean {near[0]!r}?" if near else f"Its fields are {fields}."
    where = "" if path == name else f" (in {path!r})"
    return f"{model._meta.label} has no attribute {name!r}{where}. {hint}"


def usage_of(model: type[Model] | None, tree: Tree) -> Usage:
    """The usage of an object whose tree of names is printed."""
    children = {name: _usage_below(model, name, below) for name, below in tree.items()}
    return Usage(0 if tree else PRINTED, children)


def _usage_below(model: type[Model] | None, name: str, below: Tree) -> Usage:
    if model is None:
        return usage_of(None, below)
    kind, subject = stock.classify(model, name)
    if kind in stock.MANY:
        objects = Usage(ITERATED, {}, usage_of(stock.many_model(model, name), below))
        return Usage(0, {ELEMENTS: objects})
    if kind in (Kind.FORWARD, Kind.REVERSE_ONE):
        return usage_of(subject.related_model, below)
    return Usage(PRINTED) if kind is Kind.COLUMN else usage_of(None, below)

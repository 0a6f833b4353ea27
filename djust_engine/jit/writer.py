"""Writes the expressions of serializers: one for a tree of names, each value read once.

Codegen compiles them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet
from django.db.models.manager import BaseManager

from . import stock
from .stock import Kind


class Writer:
    """Writes one expression for a tree of names; each intermediate value is read once."""

    def __init__(self) -> None:
        self.names = 0

    def object(self, model: type[Model] | None, source: str, tree: Mapping[str, Any]) -> str:
        items = [
            f'"{name}": {self.attribute(model, source, name, below)}'
            for name, below in tree.items()
        ]
        return "{" + ", ".join(items) + "}"

    def attribute(
        self, model: type[Model] | None, source: str, name: str, below: Mapping[str, Any]
    ) -> str:
        if model is None:
            return self._unknown(source, name, below)
        kind, subject = stock.classify(model, name)
        read = f"{source}.{name}"
        if kind is Kind.FORWARD:
            return self._related(subject.related_model, read, below)
        if kind is Kind.REVERSE_ONE:
            return self._related(subject.related_model, f'_one({source}, "{name}")', below)
        if kind in stock.MANY:
            return self._many(stock.many_model(model, name), f"{read}.all()", below)
        if kind is Kind.FILE:
            return self.file(read, below)
        if kind is Kind.COLUMN:
            return self.within(read, below)
        if kind is Kind.DISPLAY:
            return f"_value({read})"
        return f'_nested(_one({source}, "{name}"), {_plain(below)})'

    def within(self, read: str, below: Mapping[str, Any]) -> str:
        """A value of a column, or what lies inside of it: a date's year, a key of a JSON object."""
        if not below:
            return read
        variable = self._fresh()
        items = (
            f"{name!r}: {self.within(f'_item({variable}, {name!r})', inner)}"
            for name, inner in below.items()
        )
        return f"None if ({variable} := {read}) is None else {{{', '.join(items)}}}"

    def _fresh(self) -> str:
        self.names += 1
        return f"v{self.names}"

    def _related(self, model: type[Model] | None, read: str, below: Mapping[str, Any]) -> str:
        variable = self._fresh()
        inner = self.object(model, variable, below) if below else f"str({variable})"
        return f"None if ({variable} := {read}) is None else {inner}"

    def _many(self, model: type[Model] | None, read: str, below: Mapping[str, Any]) -> str:
        variable, tree = self._fresh(), _of_elements(below)
        inner = self.object(model, variable, tree) if tree else f"str({variable})"
        return f"[{inner} for {variable} in {read}]"

    def file(self, read: str, below: Mapping[str, Any]) -> str:
        if not below:
            return f"str({read})"
        variable = self._fresh()
        return f"{self.object(None, variable, below)} if ({variable} := {read}) else None"

    def _unknown(self, source: str, name: str, below: Mapping[str, Any]) -> str:
        read = f"{source}.{name}"
        if not below:
            return f"_value({read})"
        if "all" in below:
            return self._many(None, f"{read}.all()", below)
        if any(part.isdigit() for part in below):
            return self._many(None, read, below)
        return self._related(None, f"_value({read})", below)


def _of_elements(below: Mapping[str, Any]) -> dict[str, Any]:
    """The names read of the elements, whether through ``all``, an index, or directly."""
    tree: dict[str, Any] = {}
    for name, names in below.items():
        if name == "all" or name.isdigit():
            tree.update(_of_elements(names))
        else:
            tree[name] = names
    return tree


def related_or_none(instance: Any, name: str) -> Any:
    """The object of a reverse one-to-one relation, None where there is none."""
    try:
        return getattr(instance, name)
    except ObjectDoesNotExist:
        return None


def value_of(value: Any) -> Any:
    """The value, or what it gives when it is called; never of what alters data."""
    if not callable(value) or getattr(value, "do_not_call_in_templates", False):
        return value
    return None if getattr(value, "alters_data", False) else value()


def item_of(value: Any, name: str) -> Any:
    """What a template finds in a value: a key, an attribute or an index of this name; else None."""
    try:
        return value[name]
    except (TypeError, KeyError, IndexError, ValueError):
        pass
    if hasattr(value, name):
        return value_of(getattr(value, name))
    try:
        return value[int(name)]
    except (TypeError, KeyError, IndexError, ValueError):
        return None


def nested(value: Any, tree: Mapping[str, Any]) -> Any:
    """What code of a model gave, as its kind would have been written had it been known before."""
    value = value_of(value)
    if isinstance(value, BaseManager):
        value = value.all()
    if isinstance(value, list | tuple | set | frozenset | QuerySet):
        return [nested(one, tree) for one in value]
    if value is None or not tree:
        return str(value) if isinstance(value, Model) else value
    return {name: nested(item_of(value, name), below) for name, below in tree.items()}


def _plain(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(below) for name, below in _of_elements(tree).items()}


#: What the expressions call, by name.
CALLED = {"_one": related_or_none, "_value": value_of, "_item": item_of, "_nested": nested}

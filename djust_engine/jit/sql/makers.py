"""A statement's columns to the function that makes instances of its rows, joined ones with them.

The function is written for the columns. It does what Django's ``ModelIterable`` does where nothing
of the models can notice the difference.
"""

from __future__ import annotations

import inspect
import keyword
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType
from typing import Any, NamedTuple

from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.fields.mixins import FieldCacheMixin
from django.db.models.signals import post_init, pre_init
from django.db.models.sql import compiler

from .. import stock
from .cursors import Row

Make = Callable[[Row], Model]


class Selected(NamedTuple):
    """What a statement selects, as Django's compiler has it."""

    select: Sequence[Any]
    klass_info: Any
    annotations: dict[str, int]


class Maker:
    """Puts an instance and the joined ones together; ``make`` is None where that would show."""

    def __init__(self, selected: Selected, db: str, mode: Any) -> None:
        self.models = list(_models(selected.klass_info))
        self.make: Make | None = None
        if _is_plain(selected.select, selected.klass_info):
            self.make = _annotated(_Writer(selected.select, db, mode).make(selected), selected)

    def is_watched(self) -> bool:
        received = pre_init.receivers or post_init.receivers
        return bool(received) and any(stock.observed(model) for model in self.models)


def _models(info: Any) -> Iterator[type[Model]]:
    yield info["model"]
    for one in info.get("related_klass_infos", ()):
        yield from _models(one)


def _is_plain(select: Sequence[Any], info: Any) -> bool:
    return (
        not info.get("from_parent")
        and not stock.observed_by_code(info["model"])
        and stock.stores_plainly(info["model"], _names(select, info))
        and all(_is_plain(select, one) for one in info.get("related_klass_infos", ()))
    )


def _names(select: Sequence[Any], info: Any) -> list[str]:
    fields = info["select_fields"]
    return [one[0].target.attname for one in select[fields[0] : fields[-1] + 1]]


class _Writer:
    """Writes the lines for an instance, and below them those for what is joined to it."""

    def __init__(self, select: Sequence[Any], db: str, mode: Any) -> None:
        self._select, self._mode = select, mode
        self._names: dict[str, Any] = {"State": ModelState, "db": db, "mode": mode}
        self._lines: list[str] = []
        self._objects = 0

    def make(self, selected: Selected) -> Make:
        made = self._object(selected.klass_info, "    ")
        lines = ["def make(row):", *self._lines, f"    return object{made}"]
        exec(compile("\n".join(lines), "<djust_engine instances>", "exec"), self._names)
        function: Make = self._names["make"]
        return function

    def _object(self, info: Any, indent: str) -> int:
        """Write what makes the object; its number."""
        number, self._objects = self._objects, self._objects + 1
        self._names |= {f"new{number}": info["model"].__new__, f"model{number}": info["model"]}
        lines = [
            f"object{number} = new{number}(model{number})",
            f"object{number}._state = state{number} = State()",
            f"state{number}.adding = False",
            f"state{number}.db = db",
        ]
        if self._mode is not None:
            lines.append(f"state{number}.fetch_mode = mode")
        self._lines += [indent + line for line in [*lines, *self._columns(info, number)]]
        for one in info.get("related_klass_infos", ()):
            self._link(one, number, indent)
        return number

    def _columns(self, info: Any, number: int) -> Iterator[str]:
        """Assignments; by way of ``__dict__`` from the first attribute that would notice."""
        names, start, free = _names(self._select, info), info["select_fields"][0], 0
        while free < len(names) and _is_free(info["model"], names[free]):
            free += 1
        if free:
            targets = ", ".join(f"object{number}.{name}" for name in names[:free])
            yield f"{targets}, = row[{start}:{start + free}]"
        if free < len(names):
            yield f"attributes = object{number}.__dict__"
        for at, name in enumerate(names[free:], start + free):
            yield f"attributes[{name!r}] = row[{at}]"

    def _link(self, info: Any, owner: int, indent: str) -> None:
        below = indent + "    "
        self._lines.append(f"{indent}if row[{self._key(info)}] is None:")
        self._set(info["local_setter"], f"object{owner}", "None", below)
        self._lines.append(f"{indent}else:")
        made = self._object(info, below)
        self._set(info["local_setter"], f"object{owner}", f"object{made}", below)
        self._set(info["remote_setter"], f"object{made}", f"object{owner}", below)

    def _key(self, info: Any) -> int:
        names = _names(self._select, info)
        at: int = info["select_fields"][0] + names.index(info["model"]._meta.pk.attname)
        return at

    def _set(self, setter: Any, owner: str, related: str, indent: str) -> None:
        if getattr(setter, "__func__", None) is FieldCacheMixin.set_cached_value:
            name = setter.__self__.cache_name
            line = f"{owner}._state.fields_cache[{name!r}] = {related}"
        elif _does_nothing(setter):
            line = "pass"
        else:
            setter_name = f"set{len(self._names)}"
            self._names[setter_name] = setter
            line = f"{setter_name}({owner}, {related})"
        self._lines.append(indent + line)


def _is_free(model: type[Model], name: str) -> bool:
    """Whether the attribute may be set as one that no descriptor hears of."""
    is_name = name.isidentifier() and not keyword.iskeyword(name)
    return is_name and not hasattr(type(inspect.getattr_static(model, name)), "__set__")


_NOTHING: Any = lambda one, other: None  # noqa: E731 -- its code is what is compared


def _does_nothing(setter: Any) -> bool:
    """Whether it is what Django's compiler has in the place of a setter."""
    if type(setter) is not FunctionType:
        return False
    code = setter.__code__
    return code.co_filename == compiler.__file__ and code.co_code == _NOTHING.__code__.co_code


def _annotated(make: Make, selected: Selected) -> Make:
    annotations = selected.annotations
    if not annotations:
        return make

    def annotated(row: Row) -> Model:
        instance = make(row)
        for name, index in annotations.items():
            setattr(instance, name, row[index])
        return instance

    return annotated

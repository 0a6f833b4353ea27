"""What a render hands to code: arguments of tags, printed forms, objects that are iterated.

Instances and QuerySets among them are gathered, and those that such an object holds directly: a
change list has its results, a form the QuerySets of its fields. Nothing is evaluated here.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterable
from functools import cache
from types import CodeType, ModuleType
from typing import Any

from django.db.models import Model, QuerySet
from django.template import Node, Variable
from django.template.base import FilterExpression
from django.utils.functional import Promise, SimpleLazyObject

from ...conf import get_config
from ...decisions import Decision, emit, wanted
from ...switches import is_untouched
from .. import replaced
from ..coded import may_read_relations
from .circles import Circle, gather, has_peers
from .tracked import track, track_iterator, untrack

#: Of an object, how many attributes are looked at.
_MOST = 100
_PLAIN = (str, bytes, int, float, type(None), type, ModuleType, SimpleLazyObject, Promise)


class Handout:
    """What one render handed to code, and the circles of it."""

    __slots__ = ("__weakref__", "_circles", "_seen", "_tracked")

    def __init__(self) -> None:
        self._circles: list[Circle] = []
        self._tracked: list[Any] = []
        self._seen: dict[int, Any] = {}

    def give(self, value: Any) -> None:
        """Gather what is ``value``, or lies directly in it."""
        if id(value) in self._seen or has_peers(value):
            return
        if not get_config().JIT_SERIALIZATION:
            return
        self._seen[id(value)] = value
        if not self._take(value):
            for part in _parts_of(value):
                self._take(part)

    def give_named(self, names: Iterable[str], context: Any) -> None:
        """Gather what the context has under the names."""
        for name in names:
            for scope in reversed(context.dicts):
                if name in scope:
                    self.give(scope[name])
                    break

    def gather(self, objects: Iterable[Any]) -> None:
        if replaced.in_orm():
            return
        self._circles += gather(objects, _tell)

    def _take(self, value: Any) -> bool:
        """Gather an instance, a QuerySet, a list of instances or a form; whether it was one."""
        kind = type(value)
        take = _taker_of(kind)
        if take is not None:
            take(self, value)
        return take is not None

    def _take_instance(self, value: Any) -> None:
        self.gather((value,))

    def _take_queryset(self, queryset: Any) -> None:
        if is_untouched(queryset) or replaced.in_orm():
            return
        if queryset._result_cache is not None:
            self.gather(queryset._result_cache)
            return
        track(queryset, weakref.ref(self))
        self._tracked.append(queryset)

    def _take_list(self, values: Any) -> None:
        kind: Any = type(values)
        if _is_plain_list(kind) and len(values) and _is_model(type(values[0])):
            self.gather(values)

    def _take_form(self, form: Any) -> None:
        if _is_model(type(instance := form.__dict__.get("instance"))):
            self.gather((instance,))
        for field in form.fields.values():
            self._take_field(field)

    def _take_field(self, field: Any) -> None:
        queryset = getattr(field, "__dict__", {}).get("_queryset")
        if not issubclass(type(queryset), QuerySet) or is_untouched(queryset):
            return
        if not replaced.in_orm():
            self._take_queryset(queryset)
            track_iterator(queryset, weakref.ref(self))
            self._tracked.append(queryset)

    def _take_bound_field(self, bound: Any) -> None:
        self._take_field(bound.field)

    def _take_formset(self, formset: Any) -> None:
        held = formset.__dict__
        if issubclass(type(found := held.get("_queryset")), QuerySet):
            self._take_queryset(found)
        for form in held.get("forms", ()):
            self._take_form(form)

    def __del__(self) -> None:
        for queryset in self._tracked:
            untrack(queryset)


@cache
def _is_plain_list(kind: Any) -> bool:
    """Whether lists or tuples of this class are looked into without running their code."""
    base = list if issubclass(kind, list) else tuple
    names = ("__getattribute__", "__getitem__", "__iter__", "__len__")
    return all(getattr(kind, name) is getattr(base, name) for name in names)


def _is_model(kind: type) -> bool:
    return issubclass(kind, Model)


def _parts_of(value: Any) -> list[Any]:
    if issubclass(type(value), _PLAIN):
        return []
    held: Any = value
    if type(value) is not dict:
        held = getattr(value, "__dict__", None) if _holds_attributes(type(value)) else None
    return list(held.values())[:_MOST] if type(held) is dict else []


def _takers() -> list[tuple[type, Any]]:
    """By class, what is done with an object; of forms only if somebody has imported them."""
    takers: list[tuple[type, Any]] = [
        (Model, Handout._take_instance),
        (QuerySet, Handout._take_queryset),
        (list, Handout._take_list),
        (tuple, Handout._take_list),
    ]
    for module, name, take in (
        ("django.forms.forms", "BaseForm", Handout._take_form),
        ("django.forms.boundfield", "BoundField", Handout._take_bound_field),
        ("django.forms.formsets", "BaseFormSet", Handout._take_formset),
    ):
        if module in sys.modules:
            takers.append((getattr(sys.modules[module], name), take))
    return takers


def _taker_of(kind: type) -> Any:
    """The method of Handout for objects of a class; None where it has none."""
    try:
        return _found[kind]
    except KeyError:
        found = next((take for one, take in _takers() if issubclass(kind, one)), None)
        _found[kind] = found
        return found


#: Forms are often classes of one request.
_found: weakref.WeakKeyDictionary[type, Any] = weakref.WeakKeyDictionary()


#: What an object may have to be given for: nothing, being passed to code, even being printed; the
#: last is a form's field, which matters only where it chooses from a QuerySet.
NEVER, PASSED, PRINTED, FIELD = 0, 1, 2, 3


def occasion_of(kind: Any) -> int:
    """On which occasion objects of this class are to be given."""
    try:
        return _occasions[kind]
    except KeyError:
        found = _occasions[kind] = _occasion_of(kind)
        return found


def _occasion_of(kind: Any) -> int:
    take = _taker_of(kind)
    if take is None:
        return PASSED if kind is dict or _holds_attributes(kind) else NEVER
    if take is Handout._take_instance:
        return PRINTED if may_read_relations(kind, "__str__") else PASSED
    if take is Handout._take_list:
        return PASSED if _is_plain_list(kind) else NEVER
    if take is Handout._take_bound_field:
        return FIELD
    return PASSED if take is Handout._take_queryset else PRINTED


_occasions: weakref.WeakKeyDictionary[type, int] = weakref.WeakKeyDictionary()


def _holds_attributes(kind: type) -> bool:
    """Whether objects of the class have a ``__dict__`` that is read without running their code."""
    reads = getattr(kind, "__getattribute__", None)
    is_plain = type(reads) is type(object.__getattribute__)
    return bool(kind.__dictoffset__) and not issubclass(kind, _PLAIN) and is_plain


def names_read_by(node: Any) -> tuple[str, ...]:
    """The names of the context that a node is likely to read: those that it, or its code, names."""
    found: dict[str, None] = {}
    for value in vars(node).values():
        for part in value if type(value) in (list, tuple) else (value,):
            found.update(dict.fromkeys(_roots(part)))
    if isinstance(kwargs := vars(node).get("kwargs"), dict):
        for part in kwargs.values():
            found.update(dict.fromkeys(_roots(part)))
    if not isinstance(node, Node) or getattr(node, "takes_context", True):
        codes = (type(node).render, getattr(node, "func", None))
        found.update(dict.fromkeys(name for code in codes for name in names_in(code)))
    return tuple(found)


def _roots(value: Any) -> list[str]:
    """The first bits of the variables in an expression."""
    if isinstance(value, FilterExpression):
        value = value.var
    if isinstance(value, Variable) and value.lookups:
        return [value.lookups[0]]
    return []


@cache
def names_in(function: Any) -> tuple[str, ...]:
    """The strings in the code of a function that could be names of the context."""
    waiting, found = [getattr(function, "__code__", None)], dict[str, None]()
    while waiting:
        code = waiting.pop()
        if not isinstance(code, CodeType):
            continue
        for constant in code.co_consts:
            if isinstance(constant, str) and constant.isidentifier():
                found[constant] = None
            waiting.append(constant if isinstance(constant, CodeType) else None)
    return tuple(found)


def _tell(model: type[Model], name: str, lacking: int, queries: int, seconds: float) -> None:
    if wanted():
        detail = {"objects": lacking, "queries": queries, "relation": name, "seconds": seconds}
        reason = "code below the template read it"
        emit(Decision("batch", "", 0, "", model._meta.label, "peers", reason, detail))

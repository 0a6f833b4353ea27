"""What the expressions of a template are, where that is known of its models: names to kinds.

An unknown kind is None, and nothing is said of what is read of it. The rules are those of
`django.template.base.Variable`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.db import models

from djust_engine.jit import stock
from djust_engine.jit.stock import Kind

from .views import Given


@dataclass(frozen=True)
class Instance:
    """An object of ``model``; it may have annotations unless that is ``certain``."""

    model: type[models.Model]
    certain: bool = True


@dataclass(frozen=True)
class Many:
    """A sequence of objects of ``model``: a QuerySet, a list, or (``is_page``) a page."""

    model: type[models.Model]
    certain: bool = True
    is_page: bool = False


@dataclass(frozen=True)
class Manager:
    """A related manager, whose objects are of ``model``."""

    model: type[models.Model]


@dataclass(frozen=True)
class Column:
    """The value of a field."""

    field: models.Field[Any, Any]


Type = Instance | Many | Manager | Column | None


class Unknown(Exception):
    """An object has no attribute of that name; the message says which, and what is nearest."""


def type_of(given: Given) -> Type:
    """What a view gives."""
    if given.is_many:
        return Many(given.model, given.certain, given.is_page)
    return Instance(given.model, given.certain)


def element_of(kind: Type) -> Type:
    """What `{% for %}` takes out of a value."""
    return Instance(kind.model, kind.certain) if isinstance(kind, Many) else None


def step(kind: Type, name: str) -> Type:
    """What ``value.name`` is; Unknown where no attribute of that name can be there."""
    if isinstance(kind, Instance):
        return _step_instance(kind, name)
    if isinstance(kind, Manager):
        return _step_manager(kind, name)
    if isinstance(kind, Many):
        return _step_many(kind, name)
    return None


def _step_many(kind: Many, name: str) -> Type:
    if name.isdigit() or (not kind.is_page and name in ("first", "last")):
        return element_of(kind)
    if kind.is_page:
        return Many(kind.model, kind.certain) if name == "object_list" else None
    return kind if name == "all" else None


def _step_manager(kind: Manager, name: str) -> Type:
    if name == "all":
        return Many(kind.model, not stock.own_manager(kind.model._default_manager))
    return Instance(kind.model) if name in ("first", "last") else None


def _step_instance(kind: Instance, name: str) -> Type:
    model = kind.model
    found, subject = stock.classify(model, name)
    if found is Kind.ABSENT:
        if not kind.certain or name.isdigit():
            return None
        raise Unknown(f"{model.__name__} has no {name!r}{_nearest(model, name)}")
    make = _STEPS.get(found)
    return None if make is None else make(model, name, subject)


def _nearest(model: type[models.Model], name: str) -> str:
    found = get_close_matches(name, [one for one in dir(model) if not one.startswith("_")], 1)
    return f": did you mean {found[0]!r}?" if found else ""


_STEPS: dict[Kind, Callable[[Any, str, Any], Type]] = {
    Kind.COLUMN: lambda model, name, field: Column(field),
    Kind.FORWARD: lambda model, name, field: Instance(field.remote_field.model),
    Kind.REVERSE_ONE: lambda model, name, relation: Instance(relation.related_model),
    **{
        kind: lambda model, name, subject: Manager(stock.many_model(model, name))
        for kind in stock.MANY
    },
}

_DATES = (models.DateField, models.TimeField)
_NUMBERS = (models.IntegerField, models.FloatField, models.DecimalField)
#: What a builtin filter can make something of; for any other value it gives nothing, or the value.
_TAKES: dict[str, tuple[tuple[type[models.Field[Any, Any]], ...], str]] = {
    **dict.fromkeys(("date", "timesince", "timeuntil"), ((models.DateField,), "dates")),
    "time": (_DATES, "times"),
    "floatformat": ((*_NUMBERS, models.CharField), "numbers"),
    "filesizeformat": (_NUMBERS, "numbers"),
    "divisibleby": (_NUMBERS, "numbers"),
}
_FIELDS = (models.CharField, models.TextField, models.BooleanField, *_DATES, *_NUMBERS)


def misused(kind: Type, name: str) -> str:
    """Why the builtin filter ``name`` makes nothing of the value; empty where it may."""
    takes = _TAKES.get(name)
    if takes is None or kind is None:
        return ""
    types, what = takes
    if isinstance(kind, Column):
        if isinstance(kind.field, types) or not isinstance(kind.field, _FIELDS):
            return ""
        return f"it takes {what}, and {kind.field.name!r} is a {type(kind.field).__name__}"
    return f"it takes {what}, and this is a {type(kind).__name__.lower()} of {kind.model.__name__}"

"""Whether somebody replaced methods of Django's ORM: caches, profilers and finders of N+1 do.

A method is Django's own when it is a plain function whose code lies in Django's package. It is
asked for at each touch, for a replacement may come late, and may go again.
"""

from __future__ import annotations

import os
from operator import attrgetter
from pathlib import Path
from types import FunctionType, SimpleNamespace
from typing import Any

import django
from django.db.models import Model, QuerySet
from django.db.models.fields.related_descriptors import (
    ForwardManyToOneDescriptor,
    ManyToManyDescriptor,
    ReverseManyToOneDescriptor,
    ReverseOneToOneDescriptor,
)
from django.db.models.manager import BaseManager
from django.db.models.query import ModelIterable
from django.db.models.query_utils import DeferredAttribute
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler

_DJANGO = str(Path(django.__file__).parent) + os.sep

#: What evaluates QuerySets, makes instances, and reads relations of them.
_ORM: dict[Any, tuple[str, ...]] = {
    QuerySet: (
        *("_fetch_all", "_iterator", "__iter__", "__len__", "__bool__", "__getitem__"),
        *("_clone", "_chain", "all", "values_list", "count", "exists"),
    ),
    ModelIterable: ("__init__", "__iter__"),
    Model: ("__init__", "from_db.__func__"),
    BaseManager: ("get_queryset", "all"),
    DeferredAttribute: ("__get__",),
    ForwardManyToOneDescriptor: ("__get__", "get_object", "get_queryset"),
    ReverseOneToOneDescriptor: ("__get__", "get_queryset"),
    ReverseManyToOneDescriptor: ("__get__",),
    ManyToManyDescriptor: ("__get__",),
}
#: What compiles a query, and runs it.
_COMPILER: dict[Any, tuple[str, ...]] = {
    Query: ("get_compiler",),
    SQLCompiler: (
        *("as_sql", "execute_sql", "results_iter", "pre_sql_setup", "setup_query"),
        *("compile", "get_converters", "apply_converters"),
    ),
}


def is_djangos(function: Any) -> bool:
    """Whether it is a function of Django, and not something that wraps one."""
    return type(function) is FunctionType and function.__code__.co_filename.startswith(_DJANGO)


class Methods:
    """Methods of classes, which are asked for in one go, and what is to be found there."""

    def __init__(self, methods: dict[Any, tuple[str, ...]]) -> None:
        self.names = [
            f"{kind.__name__}.{name}" for kind, names in methods.items() for name in names
        ]
        self._classes = SimpleNamespace(**{kind.__name__: kind for kind in methods})
        self._ask = attrgetter(*self.names)
        self._own = tuple([one if is_djangos(one) else None for one in self._ask(self._classes)])

    def replaced(self) -> str:
        """The first one that is not Django's own, as a reason; empty when all are."""
        found = self._ask(self._classes)
        if found == self._own:
            return ""
        pairs = zip(self.names, found, self._own, strict=True)
        name = next(name for name, one, own in pairs if one is not own)
        return f"somebody replaced {name.removesuffix('.__func__')}"


#: A reason to leave everything to Django.
in_orm = Methods(_ORM).replaced
#: A reason to go past nothing that compiles and runs a query.
in_compiler = Methods(_COMPILER).replaced

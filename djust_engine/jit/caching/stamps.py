"""What an entry must agree on with whoever reads it: the versions, the options, the models."""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Iterable, Iterator
from functools import cache, partialmethod
from hashlib import sha256
from types import CodeType, FunctionType
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.utils.functional import cached_property

import djust_engine

from ...conf import on_change
from .. import stock
from ..bytecode import codes_of


def digest(parts: Any) -> str:
    """The whole digest of what JSON can hold."""
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@cache
def surroundings() -> dict[str, str]:
    """The versions, and the options of the project's engines; the same in all its processes."""
    return {
        "engine": djust_engine.__version__,
        "django": django.get_version(),
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "options": digest([_plain(_options(one)) for one in settings.TEMPLATES]),
    }


def _options(engine: Any) -> Any:
    """Those that say how templates are read; not where they are found."""
    options = dict(engine.get("OPTIONS") or {}) if isinstance(engine, dict) else {}
    return {name: value for name, value in options.items() if name != "loaders"}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, str | int | float):
        return value
    return f"{type(value).__module__}.{type(value).__qualname__}"


def model_stamps(models: Iterable[type[Model]]) -> dict[str, str]:
    """By label, the digest of everything about a model that a plan may rely on."""
    return {model._meta.label: model_stamp(model) for model in models}


@cache
def model_stamp(model: type[Model]) -> str:
    """The digest of the model's columns, relations, managers, and of the code of its methods."""
    options: Any = model._meta
    order = [repr(one) for one in options.ordering]
    return digest([stock.facts(model), order, stock.unindexed(model), list(_code_of(model))])


def _code_of(model: type[Model]) -> Iterator[list[str]]:
    for klass in model.__mro__:
        if klass is not Model and klass.__module__.split(".")[0] not in ("builtins", "django"):
            for name, value in sorted(klass.__dict__.items()):
                if isinstance(value, _CODED):
                    yield from ([name, *_told(code)] for code in codes_of(value))


_CODED = (
    *(FunctionType, property, classmethod, staticmethod, partialmethod),
    *(cached_property, functools.cached_property),
)


def _told(code: CodeType) -> list[str]:
    """The code as it is in any checkout: no file names and no lines."""
    constants = [repr(one) for one in code.co_consts if not isinstance(one, CodeType | frozenset)]
    return [code.co_code.hex(), " ".join(code.co_names), " ".join(code.co_varnames), *constants]


def forget() -> None:
    """Read settings and models again."""
    surroundings.cache_clear()
    model_stamp.cache_clear()


on_change(forget)


def find_model(label: Any) -> type[Model] | None:
    """The installed model of this label, if there is one."""
    try:
        return apps.get_model(label) if isinstance(label, str) else None
    except (LookupError, ValueError):
        return None

"""A plan as a text that says what it is: its key, the versions, the models, and a signature.

Texts come from where others may write. One that does not parse, does not match or is not signed
as it should be is Rejected; the names in a plan are looked at next (``plans.py``).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from ..codegen import Recipe, find_model_named, recipe_of, serializer_of
from ..optimizer import Asked
from ..plan import InstancesPlan, Plan, PlanError, RowsPlan, Untouched, plan_of, tree_of
from ..writer import CALLED
from . import plans
from .stamps import find_model, model_stamp, surroundings
from .store import MOST_BYTES

Cached = Plan | Callable[..., Any]

FORMAT = 1
_SALT = "djust_engine.jit.entry"
_MOST_LEVELS, _MOST_PATHS = 16, 1000


class Rejected(ValueError):
    """A text that is no entry for this process; ``reason`` is one of a few words for metrics."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def encode(key: str, value: Cached, is_signed: bool = False) -> bytes | None:
    """The entry; None for a function that was not generated here."""
    entry = _content(value)
    if entry is None:
        return None
    entry = {"format": FORMAT, "key": key, **surroundings(), **entry}
    if is_signed:
        entry["signature"] = _signature(entry, settings.SECRET_KEY)
    return json.dumps(entry).encode()


def _content(value: Cached) -> dict[str, Any] | None:
    if isinstance(value, RowsPlan | InstancesPlan | Untouched):
        models = {label: _stamp(label) for label in sorted(plans.labels(value))}
        return {"models": models, "plan": tree_of(value)}
    recipe = recipe_of(value)
    return None if recipe is None else {"serializer": list(recipe)}


def _stamp(label: str) -> str:
    model = find_model(label)
    return "" if model is None else model_stamp(model)


def decode(text: bytes, key: str, is_signed: bool = False, asked: Asked | None = None) -> Cached:
    """What ``encode`` made the text of; Rejected for any other text, and for another key's."""
    entry = _read(text)
    if is_signed:
        _require_signature(entry)
    _require_match(entry, key)
    try:
        return _value(entry, asked, is_signed)
    except Rejected:
        raise
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise Rejected("wrong", f"not a plan: {type(error).__name__}: {error}") from error


def _read(text: bytes) -> dict[str, Any]:
    if len(text) > MOST_BYTES:
        raise Rejected("unreadable", f"longer than {MOST_BYTES} bytes")
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Rejected("unreadable", f"not JSON: {error}") from error
    if not isinstance(entry, dict):
        raise Rejected("unreadable", f"not an entry: {type(entry).__name__}")
    return entry


def _require_match(entry: dict[str, Any], key: str) -> None:
    wanted = {"format": FORMAT, "key": key, **surroundings()}
    for name, value in wanted.items():
        found = entry.get(name)
        if type(found) is not type(value) or found != value:
            raise Rejected("other", f"made for another {name}: {str(found)[:80]!r}")


def _signature(entry: dict[str, Any], secret: str | bytes) -> str:
    signed = json.dumps(entry, sort_keys=True, separators=(",", ":"))
    return salted_hmac(_SALT, signed, secret=secret, algorithm="sha256").hexdigest()


def _require_signature(entry: dict[str, Any]) -> None:
    found = entry.pop("signature", None)
    if not isinstance(found, str):
        raise Rejected("unsigned", "it is not signed")
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    try:
        is_known = any(constant_time_compare(found, _signature(entry, one)) for one in secrets)
    except (ValueError, RecursionError) as error:
        raise Rejected("unreadable", str(error)) from error
    if not is_known:
        raise Rejected("unsigned", "its signature is not one of this project's keys")


def _value(entry: dict[str, Any], asked: Asked | None, is_ours: bool) -> Cached:
    if "serializer" in entry:
        return _serializer(*entry["serializer"])
    plan = plan_of(entry["plan"])
    _require_models(entry["models"], plan)
    plans.require_fit(plan, asked, is_ours)
    return plan


def _serializer(model_name: Any, paths: Any, name: Any) -> Callable[..., Any]:
    if not all(type(one) is str for one in (model_name, name, *paths)) or name in CALLED:
        raise PlanError("not the names of a serializer")
    if len(paths) > _MOST_PATHS or any(one.count(".") > _MOST_LEVELS for one in paths):
        raise PlanError("too many names")
    model = find_model_named(model_name)
    if model is not None:
        plans.require_paths(model, paths)
    return serializer_of(Recipe(model_name, tuple(paths), name))


def _require_models(stamps: dict[str, str], plan: Plan) -> None:
    """The models must be those that the plan was made for."""
    named = plans.labels(plan)
    if stamps.keys() != named:
        raise PlanError("it does not name its models")
    changed = [label for label in named if _stamp(label) != stamps[label]]
    if changed:
        raise Rejected("other", f"{min(changed)[:80]} has changed since")

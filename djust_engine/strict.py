"""``DJUST_CONFIG["STRICT_VARIABLES"]``: what becomes of a variable that nobody defined.

Reported are variables that are printed, passed on or looped over; what `{% if %}`, `{% firstof %}`
or `|default` ask for may be missing, for they say what then.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from . import conf
from ._native import RowHandle
from .decisions import Decision, emit, wanted
from .places import name_of

logger = logging.getLogger("djust.jit")
_MOST_PLACES = 1000


class UndefinedVariable(Exception):
    """``name`` is undefined at ``line`` of ``template``; ``nearest`` may have been meant."""

    def __init__(self, template: str, line: int, text: str, name: str, why: str, nearest: str):
        self.template, self.line, self.text = template, line, text
        self.name, self.nearest = name, nearest
        meant = f" Did you mean {nearest!r}?" if nearest else ""
        super().__init__(f"{template}:{line} {text}: {name!r} is undefined: {why}.{meant}")


_told: set[tuple[str, int, str]] = set()


conf.on_change(_told.clear)


def undefined(
    context: Any, place: tuple[Any, int, str] | None, names: list[str], bit: int, on: Any
) -> None:
    """Tell of a variable whose name number ``bit`` (from 0) was not found on ``on``.

    Raises UndefinedVariable where the setting is "raise".
    """
    origin, line, text = place or (None, 0, "")
    error = _error(context, name_of(origin), line, text, names, bit, on)
    if wanted():
        detail = {"text": text, "nearest": error.nearest}
        told = Decision("variable", error.template, line, error.name, "", "undefined", "", detail)
        emit(told)
    if conf.get_config().STRICT_VARIABLES == "raise":
        raise error
    _warn(error)


def _warn(error: UndefinedVariable) -> None:
    """Once a place."""
    key = error.template, error.line, error.name
    if key in _told or len(_told) >= _MOST_PLACES:
        return
    _told.add(key)
    told = {name: getattr(error, name) for name in ("template", "line", "text", "name", "nearest")}
    logger.warning("%s", error, extra={"djust": told})


def _error(
    context: Any, template: str, line: int, text: str, names: list[str], bit: int, on: Any
) -> UndefinedVariable:
    path, missing = ".".join(names), names[bit]
    if bit == 0:
        nearest = _nearest(missing, context.flatten())
        why = f"the context has no {missing!r}"
    else:
        nearest = _nearest(missing, _attributes(on))
        why = f"{'.'.join(names[:bit])!r} ({_type_name(on)}) has no {missing!r}"
    meant = ".".join([*names[:bit], nearest, *names[bit + 1 :]]) if nearest else ""
    return UndefinedVariable(template, line, text, path, why, meant)


def _nearest(name: str, names: Iterable[Any]) -> str:
    public = [one for one in names if isinstance(one, str) and not one.startswith("_")]
    return next(iter(get_close_matches(name, public, 1)), "")


def _class_of(on: Any) -> Any:
    return on.__djust_model__ if isinstance(on, RowHandle) else type(on)


def _type_name(on: Any) -> str:
    return getattr(_class_of(on), "__name__", "?")


def _attributes(on: Any) -> Iterable[Any]:
    """The names that ``on`` answers to: its keys, its attributes and those of its class."""
    if isinstance(on, dict):
        return list(on)
    own = () if isinstance(on, RowHandle) else getattr(on, "__dict__", ())
    return [*dir(_class_of(on)), *own]

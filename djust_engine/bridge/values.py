"""Values: literals as Django makes them, lookups, and how a value is printed."""

from builtins import float as float
from builtins import int as int
from inspect import signature
from typing import Any

from django.template.base import Variable, render_value_in_context
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]
from django.utils.translation import gettext_lazy

__all__ = [
    "Variable",
    "conditional_escape",
    "float",
    "int",
    "local_time",
    "mark_safe",
    "render_value_in_context",
    "translated",
    "wants_arguments",
]


def translated(text: str) -> Any:
    """`Variable('_("text")').resolve({})`: the lazy translation of a literal."""
    return gettext_lazy(mark_safe(text.replace("%", "%%")))


def wants_arguments(function: Any) -> bool:
    """Whether a call without arguments cannot work (`Variable._resolve_lookup`)."""
    try:
        expected = signature(function)
    except ValueError:
        return True
    try:
        expected.bind()
    except TypeError:
        return True
    return False


def local_time(value: Any, context: Any) -> Any:
    return template_localtime(value, context.use_tz)

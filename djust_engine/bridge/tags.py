"""Tags of which Django's own node, or a part of it, gives the text."""

from typing import Any

from django.core.cache import BaseCache, InvalidCacheBackendError, caches
from django.core.cache.utils import make_template_fragment_key
from django.template.base import FilterExpression
from django.template.context import Context
from django.template.defaulttags import (
    CsrfTokenNode,
    DebugNode,
    GroupedResult,
    LoremNode,
    NowNode,
    WidthRatioNode,
)
from django.utils.html import strip_spaces_between_tags

__all__ = [
    "csrf_input",
    "debug",
    "default_fragments",
    "fragment_timeout",
    "grouped",
    "lorem",
    "make_template_fragment_key",
    "named_fragments",
    "now",
    "spaceless",
    "width_ratio",
]


def spaceless(text: str) -> str:
    return strip_spaces_between_tags(text.strip())


def csrf_input(token: Any) -> str:
    """`{% csrf_token %}`."""
    return CsrfTokenNode().render(Context({"csrf_token": token}))


def now(format_string: str) -> str:
    """`{% now %}`."""
    return NowNode(format_string).render(Context())


class Resolved(FilterExpression):
    """Stands for an expression of which the value is known (`FilterExpression.resolve`)."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        return self.value


def width_ratio(value: Any, maximum: Any, width: Any) -> str:
    """`{% widthratio %}`."""
    return WidthRatioNode(Resolved(value), Resolved(maximum), Resolved(width)).render(Context())


def grouped(groups: list[tuple[Any, list[Any]]]) -> list[GroupedResult]:
    """What `{% regroup %}` binds."""
    return [GroupedResult(grouper=key, list=elements) for key, elements in groups]


def lorem(count: Any, method: str, common: bool) -> str:
    """`{% lorem %}`; a count that is no number is 1."""
    return LoremNode(Resolved(count), method, common).render(Context())


def debug(context: Any) -> str:
    """`{% debug %}`."""
    return DebugNode().render(context)


def fragment_timeout(timeout: Any) -> int | None:
    """The timeout of a `{% cache %}` (`CacheNode.render`)."""
    if timeout is None:
        return None
    try:
        return int(timeout)
    except (ValueError, TypeError) as error:
        from .errors import percent_formatted, syntax_error

        message = percent_formatted('"cache" tag got a non-integer timeout value: %r', timeout)
        refusal = syntax_error(message, error)
    raise refusal


def default_fragments() -> BaseCache:
    """The cache of a `{% cache %}` that names none."""
    try:
        return caches["template_fragments"]
    except InvalidCacheBackendError:
        return caches["default"]


def named_fragments(name: Any) -> BaseCache:
    """The cache of a `{% cache … using=name %}`."""
    try:
        return caches[name]
    except InvalidCacheBackendError as error:
        from .errors import syntax_error

        refusal = syntax_error(f"Invalid cache name specified for cache tag: {name!r}", error)
    raise refusal

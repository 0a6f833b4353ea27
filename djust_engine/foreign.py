"""What a node that Django or a library compiled can see of the context.

A node is *opaque* when it may read any name: then nothing that is visible at its place may be
fetched in part. A node that reads its arguments alone, or renders a nodelist of this template, is
not. Only exact types are known here; whatever else is opaque.
"""

from collections.abc import Callable
from typing import Any

from django.template import defaulttags, library
from django.template.base import FilterExpression, Node, Token, TokenType
from django.template.library import InclusionNode, SimpleBlockNode, SimpleNode
from django.templatetags import cache, i18n, l10n, static, tz

from djust_engine.originals import is_own

# The arguments of a call as written, positional and named, and whether the function may look names
# up in the context.
Call = tuple[list[str], list[tuple[str, str]], bool]

# The compile functions that `Library` makes, by the exact type of their nodes, with the methods of
# these that a native call repeats.
_MADE_BY: dict[type[Node], tuple[str, tuple[str, ...]]] = {
    SimpleNode: ("simple_tag", ("SimpleNode.render", "TagHelperNode.get_resolved_arguments")),
    SimpleBlockNode: (
        "simple_block_tag",
        (
            "SimpleNode.render",
            "SimpleBlockNode.get_resolved_arguments",
            "TagHelperNode.get_resolved_arguments",
        ),
    ),
    InclusionNode: (
        "inclusion_tag",
        ("InclusionNode.render", "TagHelperNode.get_resolved_arguments"),
    ),
}

# Functions of Django that take the context and read the request of it, nothing else.
_REQUEST_READERS = tuple(
    inner
    for name in ("querystring", "csp_nonce_attr")
    if (inner := getattr(defaulttags, name, None)) is not None
)


def _reads_context(node: Any) -> bool:
    return bool(node.takes_context) and node.func not in _REQUEST_READERS


def _names(tokens: list[Token]) -> set[str]:
    return {token.contents for token in tokens if token.token_type == TokenType.VAR}


def _reads_unbound_names(node: Any) -> bool:
    """Tell whether `{% blocktranslate %}` prints names that it does not bind itself."""
    bound = {*node.extra_context, node.countervar}
    return not _names([*node.singular, *(node.plural or ())]) <= bound


def _never(node: Any) -> bool:
    return False


# It reads the request, and no name.
_querystring = getattr(defaulttags, "querystring", None)


# Exact type of node -> whether this one is opaque.
_KNOWN: dict[type[Node], Callable[[Any], bool]] = {
    SimpleNode: _reads_context,
    SimpleBlockNode: _reads_context,
    InclusionNode: _reads_context,
    defaulttags.FilterNode: _never,
    defaulttags.LoremNode: _never,
    defaulttags.RegroupNode: _never,
    defaulttags.TemplateTagNode: _never,
    defaulttags.WidthRatioNode: _never,
    cache.CacheNode: _never,
    i18n.BlockTranslateNode: _reads_unbound_names,
    i18n.GetAvailableLanguagesNode: _never,
    i18n.GetCurrentLanguageBidiNode: _never,
    i18n.GetCurrentLanguageNode: _never,
    i18n.GetLanguageInfoListNode: _never,
    i18n.GetLanguageInfoNode: _never,
    i18n.LanguageNode: _never,
    i18n.TranslateNode: _never,
    l10n.LocalizeNode: _never,
    static.PrefixNode: _never,
    static.StaticNode: _never,
    tz.GetCurrentTimezoneNode: _never,
    tz.LocalTimeNode: _never,
    tz.TimezoneNode: _never,
}

if hasattr(defaulttags, "PartialDefNode"):
    _KNOWN[defaulttags.PartialDefNode] = _never


def is_opaque(node: Node) -> bool:
    """Return True if `node` may read names of the context beyond its arguments."""
    known = _KNOWN.get(type(node))
    return known is None or known(node)


def find_call(function: Any, node: Any) -> Call | None:
    """Return what `node` calls, if it is a node of `Library` as Django makes and renders it."""
    made_by = _MADE_BY.get(type(node))
    if made_by is None:
        return None
    decorator, methods = made_by
    is_made = is_own(function, library, f"Library.{decorator}.<locals>.dec.<locals>.compile_func")
    expressions = [*node.args, *node.kwargs.values()]
    is_plain = all(type(one) is FilterExpression for one in expressions)
    if not (is_made and is_plain and all(map(_is_unpatched, methods))):
        return None
    args = [expression.token for expression in node.args]
    kwargs = [(name, expression.token) for name, expression in node.kwargs.items()]
    return args, kwargs, bool(node.takes_context) and node.func is not _querystring


def _is_unpatched(method: str) -> bool:
    class_name, name = method.split(".")
    return is_own(vars(getattr(library, class_name)).get(name), library, method)

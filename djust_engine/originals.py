"""Which functions are Django's own, and whether somebody replaced one.

The native engine answers for Django's tags and filters by name; that holds only while the function
behind the name is the one it was written after. A function counts as Django's own when it was
compiled under that name in that module, however early it may have been wrapped.
"""

import sys
from collections.abc import Callable, Iterator
from inspect import unwrap
from operator import is_
from types import FunctionType, MappingProxyType, ModuleType
from typing import Any

from django.template import base, context, defaultfilters, defaulttags, loader_tags
from django.templatetags import cache, i18n, l10n, static, tz

# The tags that have a native grammar, by the module that holds their compile function.
_TAG_FUNCTIONS: dict[ModuleType, dict[str, str]] = {
    defaulttags: {
        "autoescape": "autoescape",
        "comment": "comment",
        "csrf_token": "csrf_token",
        "cycle": "cycle",
        "debug": "debug",
        "filter": "do_filter",
        "firstof": "firstof",
        "for": "do_for",
        "if": "do_if",
        "ifchanged": "ifchanged",
        "load": "load",
        "lorem": "lorem",
        "now": "now",
        "partial": "partial_func",
        "partialdef": "partialdef_func",
        "regroup": "regroup",
        "resetcycle": "resetcycle",
        "spaceless": "spaceless",
        "templatetag": "templatetag",
        "url": "url",
        "verbatim": "verbatim",
        "widthratio": "widthratio",
        "with": "do_with",
    },
    loader_tags: {"block": "do_block", "extends": "do_extends", "include": "do_include"},
    i18n: {
        "blocktrans": "do_block_translate",
        "blocktranslate": "do_block_translate",
        "get_available_languages": "do_get_available_languages",
        "get_current_language": "do_get_current_language",
        "get_current_language_bidi": "do_get_current_language_bidi",
        "get_language_info": "do_get_language_info",
        "get_language_info_list": "do_get_language_info_list",
        "language": "language",
        "trans": "do_translate",
        "translate": "do_translate",
    },
    l10n: {"localize": "localize_tag"},
    tz: {
        "get_current_timezone": "get_current_timezone_tag",
        "localtime": "localtime_tag",
        "timezone": "timezone_tag",
    },
    static: {
        "get_media_prefix": "get_media_prefix",
        "get_static_prefix": "get_static_prefix",
        "static": "do_static",
    },
    cache: {"cache": "do_cache"},
}

# Methods whose behaviour the native engine repeats, in the versions that have the class.
# `Template.render` and `_render` are not among them: they are called as they are, which is how the
# test client sees templates.
_REPEATED: dict[ModuleType, dict[str, tuple[str, ...]]] = {
    base: {
        "Template": ("compile_nodelist",),
        "Lexer": ("tokenize", "create_token"),
        "DebugLexer": ("tokenize",),
        "Parser": (
            "__init__",
            "parse",
            "skip_past",
            "extend_nodelist",
            "next_token",
            "prepend_token",
            "delete_first_token",
            "add_library",
            "compile_filter",
            "find_filter",
        ),
        "Token": ("split_contents",),
        "FilterExpression": ("__init__", "resolve", "args_check"),
        "Variable": ("__init__", "resolve", "_resolve_lookup"),
        "Node": ("render_annotated",),
        "NodeList": ("render",),
        "PartialTemplate": ("render",),
        "TextNode": ("render", "render_annotated"),
        "VariableNode": ("render",),
    },
    defaulttags: {
        "AutoEscapeControlNode": ("render",),
        "CsrfTokenNode": ("render",),
        "CycleNode": ("render", "reset"),
        "DebugNode": ("render",),
        "FilterNode": ("render",),
        "FirstOfNode": ("render",),
        "ForNode": ("render",),
        "IfChangedNode": ("render",),
        "IfNode": ("render",),
        "LoremNode": ("render",),
        "NowNode": ("render",),
        "PartialDefNode": ("render",),
        "PartialNode": ("render",),
        "RegroupNode": ("render", "resolve_expression"),
        "ResetCycleNode": ("render",),
        "SpacelessNode": ("render",),
        "TemplateLiteral": ("eval",),
        "TemplateTagNode": ("render",),
        "URLNode": ("render",),
        "VerbatimNode": ("render",),
        "WidthRatioNode": ("render",),
        "WithNode": ("render",),
    },
    loader_tags: {
        "BlockNode": ("render", "super"),
        "ExtendsNode": ("render", "get_parent", "find_template"),
        "IncludeNode": ("render",),
    },
    i18n: {
        "BlockTranslateNode": ("render", "render_token_list"),
        "GetAvailableLanguagesNode": ("render",),
        "GetCurrentLanguageBidiNode": ("render",),
        "GetCurrentLanguageNode": ("render",),
        "GetLanguageInfoListNode": ("render",),
        "GetLanguageInfoNode": ("render",),
        "LanguageNode": ("render",),
        "TranslateNode": ("__init__", "render"),
    },
    l10n: {"LocalizeNode": ("render",)},
    tz: {
        "GetCurrentTimezoneNode": ("render",),
        "LocalTimeNode": ("render",),
        "TimezoneNode": ("render",),
    },
    static: {
        "PrefixNode": ("render", "handle_token", "handle_simple"),
        "StaticNode": ("render", "url", "handle_simple"),
    },
    cache: {"CacheNode": ("render",)},
    context: {
        "BaseContext": (
            "__copy__",
            "__getitem__",
            "__setitem__",
            "_reset_dicts",
            "get",
            "new",
            "pop",
            "push",
        ),
        "Context": ("__copy__",),
        "RequestContext": ("new",),
    },
}


def is_own(function: object, module: ModuleType, qualname: str) -> bool:
    """Return True if `function` was defined in `module` as `qualname`."""
    return (
        type(function) is FunctionType
        and function.__globals__ is vars(module)
        and function.__code__.co_qualname == qualname
    )


def _own_tags() -> Iterator[tuple[tuple[Callable[..., Any], str], str]]:
    for module, functions in _TAG_FUNCTIONS.items():
        for tag, name in functions.items():
            function = getattr(module, name, None)
            if function is not None and is_own(function, module, name):
                yield (function, tag), tag


def _own_filters(*modules: Any) -> Iterator[tuple[Callable[..., Any], str]]:
    for module in modules:
        for name, function in module.register.filters.items():
            inner = unwrap(function)
            if is_own(inner, module, inner.__name__):
                yield function, name


# Django's own function and the name that it is registered under -> the name that the native engine
# knows it by; a function may have two.
NATIVE_TAGS = dict(_own_tags())

# Django's own function -> the name under which the native engine knows it.
NATIVE_FILTERS = dict(_own_filters(defaultfilters, i18n, l10n, tz))

# Modules of Django with filters that the engine knows, which not every project loads.
_CONTRIBUTED = {"django.contrib.humanize.templatetags.humanize"}


def native_filter(function: Callable[..., Any], name: str) -> str | None:
    """Return `name` if the function is Django's own filter of that name, which the engine knows."""
    module = getattr(function, "__module__", None)
    if module in _CONTRIBUTED:
        NATIVE_FILTERS.update(_own_filters(sys.modules[module]))
        _CONTRIBUTED.discard(module)
    return name if NATIVE_FILTERS.get(function) == name else None


def _own_method(module: ModuleType, owner: type, method: str) -> object:
    """The method as it stands in its class; an object that nothing else is, if it was replaced."""
    found = vars(owner).get(method)
    function = getattr(found, "__func__", found)
    return found if is_own(function, module, f"{owner.__name__}.{method}") else object()


# The watched classes (module, name, class), and their methods (space, name, function, index of the
# class), column by column for `map`: each template that is compiled asks.
_MODULES, _NAMES, _OWNERS = zip(
    *(
        (module, name, vars(module)[name])
        for module, classes in _REPEATED.items()
        for name in classes
        if hasattr(module, name)
    ),
    strict=True,
)
_SPACES, _METHODS, _FUNCTIONS, _OF = zip(
    *(
        (vars(owner), method, _own_method(_MODULES[at], owner, method), at)
        for at, owner in enumerate(_OWNERS)
        for method in _REPEATED[_MODULES[at]][_NAMES[at]]
    ),
    strict=True,
)


def find_replaced() -> str | None:
    """Return the dotted name of a method that is no longer Django's own, or None."""
    if all(map(is_, map(getattr, _MODULES, _NAMES), _OWNERS)) and all(
        map(is_, map(MappingProxyType.get, _SPACES, _METHODS), _FUNCTIONS)
    ):
        return None
    return next(_replaced(), None)


def _replaced() -> Iterator[str]:
    for method, function, at in zip(_METHODS, _FUNCTIONS, _OF, strict=True):
        module, name = _MODULES[at], _NAMES[at]
        if vars(getattr(module, name)).get(method) is not function:
            yield f"{module.__name__}.{name}.{method}"

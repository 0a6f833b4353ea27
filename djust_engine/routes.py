"""Which URLs a view's name can give: `django.urls.reverse` asked once a name, not once a link.

A `Routes` belongs to one URL resolver, script prefix, language and current application. What it
cannot answer exactly (a callable view, default arguments, converters of a project) is None, and
`reverse` itself is called.
"""

import re
from typing import Any

from django import urls
from django.urls import base, converters, resolvers
from django.utils.translation import get_language

from djust_engine._native import Route
from djust_engine.originals import is_own

# Exact class of a converter -> what of a text it surely matches, as `Route` knows it.
_KINDS: dict[type, str] = {
    converters.IntConverter: "int",
    converters.StringConverter: "str",
    converters.SlugConverter: "slug",
    converters.UUIDConverter: "uuid",
    converters.PathConverter: "path",
}
_PARAMETER = re.compile(r"%\((\w+)\)s")


class Routes(dict[str, Route | None]):
    """The route of each view name, found at first use."""

    def __init__(self, resolver: Any, prefix: str, current_app: str | None) -> None:
        super().__init__()
        self._resolver = resolver
        self._prefix = prefix
        self._current_app = current_app

    def __missing__(self, view: str) -> Route | None:
        route = self[view] = self._find(view)
        return route

    def _find(self, view: str) -> Route | None:
        *namespaces, name = view.split(":")
        resolver = find_resolver(self._resolver, namespaces, self._current_app)
        if type(resolver) is not resolvers.URLResolver:
            return None
        return make_route(resolver.reverse_dict.getlist(name), self._prefix)


def find_resolver(resolver: Any, namespaces: list[str], current_app: str | None) -> Any:
    """Return the resolver of a namespace, or None where it is not registered (`reverse`)."""
    current = list(reversed(current_app.split(":"))) if current_app else []
    pattern = ""
    found: dict[str, Any] = {}
    for namespace in namespaces:
        wanted = current.pop() if current else None
        chosen = _instance(resolver.app_dict.get(namespace), namespace, wanted)
        if chosen != wanted:
            current = []
        if chosen not in resolver.namespace_dict:
            return None
        extra, resolver = resolver.namespace_dict[chosen]
        pattern += extra
        found.update(resolver.pattern.converters)
    if pattern:
        return resolvers.get_ns_resolver(pattern, resolver, tuple(found.items()))
    return resolver


def _instance(instances: list[str] | None, namespace: str, wanted: str | None) -> str:
    """The instance namespace that a name stands for: it may be that of an application."""
    if not instances:
        return namespace
    if wanted and wanted in instances:
        return wanted
    return namespace if namespace in instances else instances[0]


def make_route(possibilities: list[Any], prefix: str) -> Route | None:
    """Make the route of entries of `URLResolver.reverse_dict`; None where one is unusual."""
    patterns = []
    for possibility, regex, defaults, known in possibilities:
        if defaults:
            return None
        for result, parameters in possibility:
            made = _pattern(result, list(parameters), regex, known, prefix)
            if made is None:
                return None
            patterns.append(made)
    return Route(patterns) if patterns else None


def _pattern(
    result: str, parameters: list[str], regex: str, known: dict[str, Any], prefix: str
) -> tuple[list[str], list[str], list[str], Any] | None:
    """Parameters, the literals around them, their kinds, and `re.search` where it has a say."""
    parts = _PARAMETER.split(result)
    if parts[1::2] != parameters or any("%" in literal for literal in parts[::2]):
        return None
    literals = parts[::2]
    kinds = [_KINDS.get(type(known[name])) if name in known else "any" for name in parameters]
    if None in kinds:
        return None
    exact = _is_route(literals, parameters, regex, known)
    search = None if exact else re.compile(f"^{re.escape(prefix)}{regex}").search
    literals[0] = prefix + literals[0]
    return parameters, literals, kinds, search  # type: ignore[return-value]


def _is_route(
    literals: list[str], parameters: list[str], regex: str, known: dict[str, Any]
) -> bool:
    """Tell whether a regex says no more than the route of a `path()`."""
    if not all(name in known for name in parameters):
        return False
    groups = [f"(?P<{name}>{known[name].regex})" for name in parameters]
    expected = "".join(
        re.escape(literal) + group for literal, group in zip(literals, [*groups, ""], strict=True)
    )
    return regex.removeprefix("^") in (rf"{expected}\Z", rf"{expected}\z")


def find_routes(context: Any) -> Routes | None:
    """Return the routes for a render; None while a part of `reverse` is not Django's own."""
    current_app = current_application(context)
    if not _is_stock() or not isinstance(current_app, str | None):
        return None
    resolver = resolvers.get_resolver(base.get_urlconf())
    if type(resolver) is not resolvers.URLResolver:
        return None
    kept: dict[Any, Routes] = vars(resolver).setdefault("_djust_routes", {})
    prefix = base.get_script_prefix()
    key = prefix, get_language(), current_app
    if key not in kept:
        kept[key] = Routes(resolver, prefix, current_app)
    return kept[key]


def current_application(context: Any) -> Any:
    """The `current_app` of `URLNode.render`."""
    try:
        return context.request.current_app
    except AttributeError:
        try:
            return context.request.resolver_match.namespace
        except AttributeError:
            return None


_reverse = base.reverse
_reverse_with_prefix = resolvers.URLResolver._reverse_with_prefix  # type: ignore[attr-defined]
_OWN = is_own(_reverse, base, "reverse") and is_own(
    _reverse_with_prefix, resolvers, "URLResolver._reverse_with_prefix"
)


def _is_stock() -> bool:
    return (
        _OWN
        and urls.reverse is _reverse
        and vars(resolvers.URLResolver)["_reverse_with_prefix"] is _reverse_with_prefix
    )

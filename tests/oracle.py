"""`assert_same`: our engine against Django's, in every configuration that changes rendering.

A case is a template and a context. It is rendered by both engines under debug on and off, with
`string_if_invalid` set and unset, through the cached loader and from a string, and with the
template instrumentation of Django's test runner on and off. What is compared is the outcome: the
text and its type, or the exception with its debug data; what is left in the context; and the
number of queries, where ours may be lower.
"""

import random
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import Any
from unittest import mock

from django.db import connections
from django.http import HttpRequest
from django.template import TemplateDoesNotExist, base, engine
from django.template.backends.django import get_installed_libraries
from django.template.context import make_context
from django.test.utils import _TestState
from django.utils.safestring import SafeString

from djust_engine import decisions
from djust_engine.backends.django import Engine
from djust_engine.verify import is_unseen

NAME = "template.html"
ADDRESS = re.compile(r"0x[0-9a-f]+")

MakeContext = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True)
class Configuration:
    """One way to set an engine up."""

    debug: bool
    string_if_invalid: str
    cached: bool
    instrumented: bool


CONFIGURATIONS = [
    Configuration(debug, invalid, cached, instrumented)
    for debug, invalid, cached, instrumented in product(
        (False, True), ("", "INVALID %s"), (False, True), (False, True)
    )
]


@dataclass
class Outcome:
    """What came of a render: `text` and its class (`kind`), or `error` as (class, message)."""

    text: str | None = None
    kind: type | None = None
    error: tuple[type, str] | None = None
    cause: type | None = None
    debug: Any = None
    tried: Any = None
    names: list[list[str]] = field(default_factory=list)
    queries: int = 0


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """A list that grows by the SQL of each query, without asking the database for anything.

    What verify mode does beside a render is left out.
    """
    queries: list[str] = []

    def count(execute, sql, params, many, context):
        if not is_unseen():
            queries.append(sql)
        return execute(sql, params, many, context)

    with connections["default"].execute_wrapper(count):
        yield queries


@contextmanager
def instrumentation(wanted: bool) -> Iterator[None]:
    """`Template._render` as Django's test runner leaves it, or as Django defines it."""
    state = getattr(_TestState, "saved_data", None)
    if wanted or state is None:
        yield
        return
    with mock.patch.object(base.Template, "_render", state.template_render):
        yield


@cache
def installed_libraries() -> dict[str, str]:
    return get_installed_libraries()


def make_engine(
    engine_class: type[engine.Engine],
    templates: Mapping[str, str],
    configuration: Configuration,
    **options: Any,
) -> engine.Engine:
    loaders: list[Any] = [("django.template.loaders.locmem.Loader", dict(templates))]
    if configuration.cached:
        loaders = [("django.template.loaders.cached.Loader", loaders)]
    defaults = {
        "debug": configuration.debug,
        "string_if_invalid": configuration.string_if_invalid,
        "loaders": loaders,
    }
    libraries = {**installed_libraries(), **options.pop("libraries", {})}
    return engine_class(**{**defaults, **options}, libraries=libraries)


def compile_template(made: engine.Engine, source: str, configuration: Configuration) -> Any:
    return made.get_template(NAME) if configuration.cached else made.from_string(source)


def masked(text: object) -> str:
    """Text without the addresses of objects, which differ from one render to the next."""
    return ADDRESS.sub("0x", str(text))


def message(error: Exception) -> str:
    """The text of an exception, or of its arguments where it has none.

    That of a RecursionError tells which call was one too many: nothing that the engines share.
    """
    if isinstance(error, RecursionError):
        return ""
    try:
        return masked(error)
    except TypeError:
        return masked(repr(error.args))


def failure(error: Exception) -> Outcome:
    """The outcome that an exception makes."""
    debug = getattr(error, "template_debug", None)
    outcome = Outcome(error=(type(error), message(error)), cause=type(error.__cause__))
    if debug:
        shown = {**debug, "message": ""} if isinstance(error, RecursionError) else debug
        outcome.debug = {key: masked(value) for key, value in shown.items()}
    if isinstance(error, TemplateDoesNotExist):
        tried = [(masked(origin.name), why) for origin, why in error.tried]
        outcome.tried = (tried, [message(one) for one in error.chain])
    return outcome


def render(template: Any, made: engine.Engine, context: MakeContext, request: Any) -> Outcome:
    """Render once, with a context of its own."""
    django_context = make_context(dict(context()), request, autoescape=made.autoescape)
    random.seed(NAME)
    with counted_queries() as queries:
        try:
            text = template.render(django_context)
        except Exception as error:
            outcome = failure(error)
        else:
            outcome = Outcome(text=masked(text), kind=type(text))
    outcome.names = [sorted(map(str, names)) for names in django_context.dicts]
    outcome.queries = len(queries)
    return outcome


def outcomes(
    engine_class: type[engine.Engine],
    source: str,
    context: MakeContext,
    templates: Mapping[str, str],
    configuration: Configuration,
    request: Any,
    **options: Any,
) -> tuple[list[Outcome], Any]:
    """Render twice from one compiled template; also return the template, if it compiles."""
    made = make_engine(engine_class, {**templates, NAME: source}, configuration, **options)
    with instrumentation(configuration.instrumented):
        try:
            template = compile_template(made, source, configuration)
        except Exception as error:
            return [failure(error)], None
        return [render(template, made, context, request) for _ in range(2)], template


def assert_equal_outcomes(ours: list[Outcome], django: list[Outcome], where: object) -> None:
    assert len(ours) == len(django), (where, ours, django)
    for our, their in zip(ours, django, strict=True):
        assert our.queries <= their.queries, (where, our.queries, their.queries)
        our.queries = their.queries
        assert our == their, (where, our, their)
        assert their.error is not None or their.kind is SafeString, where


def assert_native(template: Any, fallback: str | None, where: object) -> None:
    """Assert that a template is rendered natively, or that it fell back for the given reason."""
    found = template.fallback
    assert (found.code if found else None) == fallback, (where, found)


def assert_same(
    template: str,
    context: Mapping[str, Any] | MakeContext | None = None,
    templates: Mapping[str, str] | None = None,
    *,
    request: HttpRequest | None = None,
    fallback: str | None = None,
    configurations: list[Configuration] = CONFIGURATIONS,
    **options: Any,
) -> str | None:
    """Assert that both engines do the same with a template; return the text, None for an error.

    `context` may be a function that makes a new one for each render, for values that a render
    uses up. `fallback` is the reason for which the template must be left to Django; without one
    it must be native. `options` go to both engines, and fix what they name in every configuration.
    """
    make = context if callable(context) else lambda: context or {}
    case = (template, make, templates or {})
    text: str | None = None
    for configuration in configurations:
        django, _ = outcomes(engine.Engine, *case, configuration, request, **options)
        with decisions.collect() as made:
            ours, compiled = outcomes(Engine, *case, configuration, request, **options)
        where = (template, configuration)
        assert_equal_outcomes(ours, django, where)
        assert not [one for one in made if one.reason.startswith("panic")], (where, made)
        if compiled is not None:
            assert_native(compiled, fallback, where)
        text = text or ours[0].text
    return text


def assert_same_error(template: str, *arguments: Any, **options: Any) -> None:
    """Assert that both engines refuse a template, or its rendering, with the same exception."""
    assert assert_same(template, *arguments, **options) is None

"""`warm_up()`: what the first visitor of a worker would wait for, done when it starts.

The stored plans are opened, templates compiled and pages requested; what comes next is up to the
server, which serves, or forks.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.template import TemplateDoesNotExist

from .backends.django import DjustTemplates
from .conf import start
from .decisions import collect
from .jit.cache import get_cache
from .survey import engines_of_ours, find_sources

logger = logging.getLogger("djust.jit")

#: For a bundle of plans that comes over the network, in seconds.
_LONGEST_WAIT = 10.0

# What is done, by the name that it fails under; it answers why it failed, or nothing.
Task = tuple[str, Callable[[], str]]


@dataclass(frozen=True)
class WarmedUp:
    """How much was done, and what failed: the name of a template or the path of a page, and why."""

    templates: int
    pages: int
    plans: int
    seconds: float
    failures: Mapping[str, str]


def warm_up(
    templates: Iterable[str] | None = None, pages: Iterable[str] = (), host: str = ""
) -> WarmedUp:
    """Compile templates and request pages of the site, so that no visitor waits for it.

    ``templates`` are names, patterns (``shop/*.html``) or directories (``shop/``); by default all
    that the loaders can list. ``pages`` are paths, requested of ``host`` (by default the first of
    ALLOWED_HOSTS) as an anonymous visitor would, in a thread of their own: afterwards no connection
    of theirs to a database is open, so the process may fork.

    What fails is not raised, as a worker can serve without it. It is in the result; where it was
    asked for by name, it is a warning of the logger ``djust.jit`` as well. ImproperlyConfigured for
    a wrong DJUST_CONFIG.
    """
    began = perf_counter()
    start()
    _settle()
    named = None if templates is None else list(templates)
    compiled = {task[0]: task[1]() for task in _compilations(named)}
    visited, plans = _visit(list(pages), host or _first_host())
    _settle()
    failures = {name: why for name, why in (compiled | visited).items() if why}
    for name, why in failures.items():
        if named is not None or name in visited:
            logger.warning("warm_up: %s: %s", name, why)
    return WarmedUp(
        templates=_done(compiled),
        pages=_done(visited),
        plans=plans,
        seconds=perf_counter() - began,
        failures=failures,
    )


def _settle() -> None:
    """A bundle of plans is read by then, and no thread of the cache is left."""
    shared = get_cache().shared
    if shared is not None:
        shared.settle(_LONGEST_WAIT)


def _done(outcomes: Mapping[str, str]) -> int:
    return sum(not why for why in outcomes.values())


def _compilations(named: list[str] | None) -> Iterator[Task]:
    backends = engines_of_ours()
    if named is None:
        yield from _listed(backends, [])
    for name in named or ():
        if name.endswith("/") or set("*?[") & set(name):
            yield from _listed(backends, [name])
        else:
            yield name, partial(_tried, partial(_compile, backends, name))


def _listed(backends: list[DjustTemplates], names: list[str]) -> Iterator[Task]:
    """A task for each template that is found."""
    try:
        sources = find_sources(backends, names)
    except TemplateDoesNotExist as missing:
        why = _told(missing)
        yield names[0], lambda: why
    else:
        for source in sources:
            yield source.name, partial(_tried, partial(source.engine.get_template, source.name))


def _compile(backends: list[DjustTemplates], name: str) -> None:
    """Have the template compiled by each engine that finds it. Raises TemplateDoesNotExist."""
    missing = []
    for backend in backends:
        try:
            backend.engine.get_template(name)
        except TemplateDoesNotExist as error:
            missing.append(error)
    if len(missing) == len(backends):
        raise TemplateDoesNotExist(name)


def _tried(action: Callable[[], object]) -> str:
    try:
        action()
    except Exception as error:  # whatever a loader or a view raises, its visitor will be told
        return _told(error)
    return ""


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".partition("\n")[0]


def _visit(paths: list[str], host: str) -> tuple[dict[str, str], int]:
    """What became of each page, and how many plans were made.

    A thread of its own has connections of its own, and no event loop that forbids queries.
    """
    if not paths:
        return {}, 0
    with ThreadPoolExecutor(1, "djust-warm-up") as thread:
        return thread.submit(_request_all, paths, host).result()


def _request_all(paths: list[str], host: str) -> tuple[dict[str, str], int]:
    application = WSGIHandler()
    try:
        with collect() as decisions:
            outcomes = {path: _request(application, path, host) for path in paths}
    finally:
        _close_connections()
    return outcomes, sum(one.kind == "cache" and one.mode == "miss" for one in decisions)


def _request(application: WSGIHandler, path: str, host: str) -> str:
    """Why the page failed: its status, or what was raised."""
    told: list[str] = []

    def start_response(status: str, *rest: Any) -> Callable[[bytes], object]:
        told.append(status)
        return lambda written: None

    def request() -> None:
        response: Any = application(_environ(path, host), start_response)
        try:
            for _ in response:
                pass
        finally:
            response.close()

    why = _tried(request)
    return why or ("" if told[0].startswith(("2", "3")) else told[0])


def _environ(path: str, host: str) -> dict[str, Any]:
    """A GET request over TLS, so that no page is answered by a redirect to itself."""
    place, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "HTTP_HOST": host,
        "HTTP_USER_AGENT": "djust_engine.warm_up",
        "PATH_INFO": unquote_to_bytes(place).decode("latin-1"),
        "QUERY_STRING": query,
        "REMOTE_ADDR": "127.0.0.1",
        "SCRIPT_NAME": "",
        "SERVER_NAME": host.partition(":")[0],
        "wsgi.url_scheme": "https",
    }
    if settings.SECURE_PROXY_SSL_HEADER:
        header, secure = settings.SECURE_PROXY_SSL_HEADER
        environ[header] = secure
    setup_testing_defaults(environ)
    return environ


def _first_host() -> str:
    allowed = [one.lstrip(".") for one in settings.ALLOWED_HOSTS if one != "*"]
    return next(iter(allowed), "localhost")


def _close_connections() -> None:
    """Those of this thread, and pools: their threads would not live on in a forked process."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()

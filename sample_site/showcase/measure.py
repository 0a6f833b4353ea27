"""Pages rendered by both engines in turn: bytes compared, queries counted, time measured.

A page is taken through its URL, its view and its template, without middleware; the views are the
same ones that serve the site.
"""

import gc
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

DJANGO, DJUST = "oracle", "django"
CSRF_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")\w+')


@dataclass(frozen=True)
class Page:
    title: str
    route: str
    arguments: tuple[object, ...] = ()
    query: str = ""

    @property
    def path(self) -> str:
        return reverse(self.route, args=self.arguments) + self.query


PAGES = (
    Page("Dashboard", "rentals:dashboard"),
    Page("Leases, 50 of 1,000", "rentals:leases", query="?page=3"),
    Page("One lease", "rentals:lease", (1,)),
    Page("One property", "rentals:property", (1,)),
    Page("Journal, 100 posts", "blog:posts"),
    Page("One post", "blog:post", ("damp-a-short-history-93",)),
    Page("One person", "accounts:profile", ("mina",)),
)


@dataclass(frozen=True)
class Measured:
    queries: int
    milliseconds: float


@dataclass(frozen=True)
class Comparison:
    """One page under both engines; ``equal`` says that they gave the same bytes."""

    page: Page
    equal: bool
    django: Measured
    djust: Measured

    @property
    def speedup(self) -> float:
        return self.django.milliseconds / self.djust.milliseconds

    @property
    def time_share(self) -> float:
        """Time with djust_engine, in percent of the time with Django."""
        return 100 * self.djust.milliseconds / self.django.milliseconds

    @property
    def query_share(self) -> float:
        return 100 * self.djust.queries / (self.django.queries or 1)

    @property
    def saved_queries(self) -> int:
        return self.django.queries - self.djust.queries


def compare(pages: tuple[Page, ...] = PAGES, rounds: int = 7) -> list[Comparison]:
    return [compare_page(page, rounds) for page in pages]


def compare_page(page: Page, rounds: int) -> Comparison:
    """Render ``page`` for its bytes and queries, then ``rounds`` times in turn for its time."""
    bodies, queries = {}, {}
    for engine in (DJANGO, DJUST):
        with CaptureQueriesContext(connection) as captured:
            bodies[engine] = masked(render(page.path, engine))
        queries[engine] = len(captured)
    times = time_in_turn(page.path, rounds)
    return Comparison(
        page,
        bodies[DJANGO] == bodies[DJUST],
        Measured(queries[DJANGO], times[DJANGO]),
        Measured(queries[DJUST], times[DJUST]),
    )


def render(path: str, engine: str) -> bytes:
    """Call the view of ``path`` and render its response with the template engine so named."""
    request = request_for(path)
    match = request.resolver_match
    response: TemplateResponse = match.func(request, *match.args, **match.kwargs)
    response.using = engine
    return response.render().content


def request_for(path: str) -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = AnonymousUser()
    request.resolver_match = resolve(request.path)
    return request


def masked(body: bytes) -> bytes:
    """``body`` without the CSRF token, which differs at each render."""
    return CSRF_TOKEN.sub(rb"\1", body)


def time_in_turn(path: str, rounds: int) -> dict[str, float]:
    """Median milliseconds by engine; the engines take turns, so that both meet the same weather."""
    samples: dict[str, list[float]] = {DJANGO: [], DJUST: []}
    with unlogged_queries(), collector_off():
        for _ in range(rounds):
            for engine, times in samples.items():
                times.append(time_once(path, engine))
    return {engine: median(times) for engine, times in samples.items()}


def time_once(path: str, engine: str) -> float:
    gc.collect()
    start = time.perf_counter()
    render(path, engine)
    return (time.perf_counter() - start) * 1000


@contextmanager
def unlogged_queries() -> Iterator[None]:
    """Keep DEBUG's query log, which costs time for each query, out of the measurement.

    Only the connection of this thread is touched.
    """
    connection.make_debug_cursor = connection.make_cursor
    try:
        yield
    finally:
        del connection.make_debug_cursor


@contextmanager
def collector_off() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()

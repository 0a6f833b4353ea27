"""``QueryCountMiddleware``: counts the queries of a request, and names the lines that repeat them.

Each request has a `Record` of its own (``request.djust``), in the thread or task that serves it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, NamedTuple

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from .conf import Config, get_config
from .decisions import Decision, collect, emit, wanted
from .places import Place
from .queries import Query, Watcher, brief, shape_of, watching
from .verify import is_unseen

logger = logging.getLogger("djust.jit")

#: The place of what ran outside of templates.
NOWHERE = Place("", 0, "")


class Statement(NamedTuple):
    """Queries of one shape that one node of a template ran, or the code outside of templates."""

    place: Place
    database: str
    sql: str


class Record(Watcher):
    """What happened in one request; times are in seconds.

    ``render_seconds`` are those of the outermost renders, their queries included. ``decisions``
    are collected in DEBUG alone.
    """

    def __init__(self) -> None:
        self.queries = 0
        self.query_seconds = 0.0
        self.render_seconds = 0.0
        self.decisions: list[Decision] = []
        self._ran: Counter[tuple[Place, str, bool, str]] = Counter()

    @contextmanager
    def recording(self) -> Iterator[Record]:
        """Record what this thread or task does meanwhile."""
        with collect(self.decisions) if settings.DEBUG else nullcontext(), watching(self):
            yield self

    def end(self, query: Query) -> None:
        if not is_unseen():
            self.queries += 1
            self.query_seconds += query.seconds
            ran = query.place or NOWHERE, query.database, query.quotes_text, query.sql
            self._ran[ran] += 1

    def rendered(self, seconds: float) -> None:
        if not is_unseen():
            self.render_seconds += seconds

    @property
    def plan_seconds(self) -> float:
        """The time in which plans were looked up or made, as the decisions tell it."""
        told = (one.detail.get("seconds", 0) for one in self.decisions if one.kind == "cache")
        return float(sum(told))

    def statements(self) -> Counter[Statement]:
        """How often a node ran queries of one shape."""
        found: Counter[Statement] = Counter()
        for (place, database, quotes_text, sql), times in self._ran.items():
            found[Statement(place, database, shape_of(sql, quotes_text))] += times
        return found

    def repeated(self, most: int) -> list[tuple[Statement, int]]:
        """The statements that ran more than ``most`` times, most often first."""
        if self.queries <= most:
            return []
        return [(one, times) for one, times in self.statements().most_common() if times > most]


class QueryCountMiddleware:
    """Warns of requests beyond the thresholds of ``DJUST_CONFIG``; in DEBUG, adds Server-Timing.

    Sync and async. What streams after the response was returned is not seen.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if self.is_async:
            return self._served(request)
        record = _begin(request)
        with record.recording():
            response = self.get_response(request)
        return _finish(request, response, record)

    async def _served(self, request: HttpRequest) -> HttpResponseBase:
        record = _begin(request)
        with record.recording():
            response = await self.get_response(request)
        return _finish(request, response, record)


def _begin(request: HttpRequest) -> Record:
    record = Record()
    request.djust = record  # type: ignore[attr-defined]  # for whoever asks in a view or a test
    return record


def _finish(request: HttpRequest, response: HttpResponseBase, record: Record) -> HttpResponseBase:
    for message, told in findings(record, get_config()):
        served = f"{request.method} {_view_of(request)}"
        logger.warning("%s (%s)", message, served, extra={"djust": {**told, "request": served}})
    _tell(request, record)
    if settings.DEBUG:
        before = response.headers.get("Server-Timing")
        timing = server_timing(record)
        response.headers["Server-Timing"] = f"{before}, {timing}" if before else timing
    return response


def _view_of(request: HttpRequest) -> str:
    """The name of the view, of which there are few; not the address, which has values."""
    match = request.resolver_match
    return "(no view)" if match is None else match.view_name


def _tell(request: HttpRequest, record: Record) -> None:
    if wanted():
        detail = {
            "view": _view_of(request),
            "queries": record.queries,
            "query_seconds": record.query_seconds,
            "render_seconds": record.render_seconds,
            "plan_seconds": record.plan_seconds,
        }
        emit(Decision("request", "", mode=str(request.method), detail=detail))


def findings(record: Record, config: Config) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is beyond a threshold: a message, and the same as data."""
    most = config.QUERY_COUNT_THRESHOLD
    if most and record.queries > most:
        message = f"ran {record.queries} queries, more than {most}"
        yield message, {"queries": record.queries, "threshold": most}
    repeats = config.REPEATED_QUERIES_THRESHOLD
    for statement, times in record.repeated(repeats) if repeats else ():
        yield _repeated(statement, times)
    seconds, slow = record.render_seconds, config.RENDER_TIME_THRESHOLD
    if slow and seconds * 1000 > slow:
        message = f"rendered for {seconds * 1000:.0f} ms, more than {slow} ms"
        yield message, {"render_seconds": seconds, "threshold": slow}


def _repeated(statement: Statement, times: int) -> tuple[str, dict[str, Any]]:
    place, database, sql = statement
    where = "code outside of templates" if place == NOWHERE else str(place)
    told = {**place._asdict(), "times": times, "sql": sql, "database": database}
    return f"{where} ran {times} times: {brief(sql)}", told


def server_timing(record: Record) -> str:
    """The header by which browsers show where the time went."""
    number = record.queries
    times = {
        "db": (record.query_seconds, "1 query" if number == 1 else f"{number} queries"),
        "plan": (record.plan_seconds, "plans"),
        "render": (record.render_seconds, "templates"),
    }
    return ", ".join(
        f'{name};dur={seconds * 1000:.2f};desc="{told}"' for name, (seconds, told) in times.items()
    )

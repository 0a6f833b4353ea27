"""QueryCountMiddleware: a record a request, warnings that name the line, Server-Timing in DEBUG."""

import asyncio
import logging
from itertools import count
from types import SimpleNamespace

import pytest
from asgiref.sync import async_to_sync, iscoroutinefunction, sync_to_async
from django.http import HttpResponse
from django.template import Context, engines
from django.test import AsyncRequestFactory, RequestFactory, override_settings

from djust_engine import running
from djust_engine.backends.django import Engine
from djust_engine.middleware import QueryCountMiddleware
from tests.jitapp.models import Author, Book
from tests.readers.test_guards import Lazy, page

pytestmark = pytest.mark.usefixtures("library")

NAMED = SimpleNamespace(view_name="books:list")
REPEATING = "\n{% for time in times %}{{ lazy.author.last_name }}{% endfor %}"


def serve(view, method="get", path="/hidden/?token=1"):
    """The response of the view behind the middleware, and the record of its request."""
    request = getattr(RequestFactory(), method)(path)
    request.resolver_match = NAMED
    return QueryCountMiddleware(view)(request), request.djust


def repeating(times):

    def view(request):
        context = Context({"lazy": Lazy(), "times": range(times)})
        return HttpResponse(page(page=REPEATING).render(context))

    return view


def configured(**config):
    return override_settings(DJUST_CONFIG=config)


def test_a_line_that_repeats_a_statement_is_named(caplog):
    response, record = serve(repeating(6))
    (warning,) = caplog.records
    assert (warning.name, warning.levelno) == ("djust.jit", logging.WARNING)
    assert warning.getMessage().startswith(
        "page.html:2 {{ lazy.author.last_name }} ran 6 times: SELECT"
    )
    assert warning.getMessage().endswith("(GET books:list)")
    assert (warning.djust["times"], warning.djust["line"]) == (6, 2)
    assert "hidden" not in warning.getMessage() and "token" not in warning.getMessage()
    assert record.queries == 6


@pytest.mark.parametrize(("times", "threshold", "warned"), [(5, 5, 0), (5, 4, 1), (9, 0, 0)])
def test_the_threshold_of_repeats(caplog, times, threshold, warned):
    with configured(REPEATED_QUERIES_THRESHOLD=threshold):
        serve(repeating(times))
    assert len(caplog.messages) == warned


def test_views_repeat_queries_too(caplog):
    def view(request):
        for _ in range(7):
            Author.objects.filter(last_name="L<1>").exists()
        return HttpResponse()

    serve(view)
    (message,) = caplog.messages
    assert message.startswith("code outside of templates ran 7 times: SELECT ")


@pytest.mark.parametrize(("threshold", "warned"), [(4, 1), (5, 0), (0, 0)])
def test_the_threshold_of_queries(caplog, threshold, warned):
    with configured(QUERY_COUNT_THRESHOLD=threshold):
        serve(repeating(5))
    assert [one for one in caplog.messages if "queries, more than" in one] == [
        "ran 5 queries, more than 4 (GET books:list)"
    ] * warned


@pytest.mark.parametrize(("seconds", "warned"), [(0.001, []), (0.0016, ["2 ms, more than 1 ms"])])
def test_the_threshold_of_the_render_time(caplog, monkeypatch, seconds, warned):
    """By a clock that goes on so far at each look; a render looks when it begins and ends."""
    monkeypatch.setattr(running, "perf_counter", count(0, seconds).__next__)
    with configured(RENDER_TIME_THRESHOLD=1):
        serve(lambda request: HttpResponse(engines["django"].from_string("x").render()))
    assert caplog.messages == [f"rendered for {told} (GET books:list)" for told in warned]


@override_settings(DEBUG=True)
def test_planned_queries_are_counted_with_their_line():
    source = "\n\n{% for book in books %}{{ book.author.last_name }}{% endfor %}"

    def view(request):
        template = Engine().from_string(source)

        return HttpResponse(template.render(Context({"books": Book.objects.order_by("pk")})))

    _, record = serve(view)
    ((statement, times),) = record.statements().items()
    assert (times, statement.place.line, statement.database) == (1, 3, "default")
    assert [one.kind for one in record.decisions if one.kind in ("plan", "fetch")] == [
        "plan",
        "fetch",
    ]
    assert record.plan_seconds > 0


@override_settings(DEBUG=True)
def test_nested_renders_are_timed_once():
    def view(request):
        inner = engines["django"].from_string("{% for a in r %}{{ a }}{% endfor %}")
        outer = engines["django"].from_string("{{ inner.render }}")
        inner_once = SimpleNamespace(render=lambda: inner.render({"r": range(999)}))
        return HttpResponse(outer.render({"inner": inner_once}))

    _, record = serve(view)
    seconds = [one.detail["seconds"] for one in record.decisions if one.kind == "render"]
    assert (len(seconds), record.render_seconds) == (2, max(seconds))


def test_decisions_are_not_collected_in_production():
    _, record = serve(repeating(1))
    assert record.decisions == [] and record.render_seconds > 0


def test_the_request_is_a_decision(decisions):
    serve(repeating(3), "post")
    (made,) = [one for one in decisions if one.kind == "request"]
    assert made.mode == "POST"
    assert made.detail["view"] == "books:list"
    assert made.detail["queries"] == 3
    assert made.detail["render_seconds"] >= made.detail["query_seconds"] > 0


def test_a_request_without_a_view():
    request = RequestFactory().get("/")
    response = QueryCountMiddleware(lambda request: HttpResponse())(request)
    assert "Server-Timing" not in response.headers


@override_settings(DEBUG=True)
def test_browsers_are_told_in_debug():
    def view(request):
        return HttpResponse(repeating(2)(request).content, headers={"Server-Timing": "mine;dur=1"})

    response, _ = serve(view)
    mine, db, plan, render = response.headers["Server-Timing"].split(", ")
    assert mine == "mine;dur=1"
    assert db.startswith("db;dur=") and db.endswith(';desc="2 queries"')
    assert plan.startswith("plan;dur=") and render.startswith("render;dur=")
    assert float(render.split(";")[1].removeprefix("dur=")) > 0


def test_two_threads_have_records_of_their_own():
    def nested(request):
        _, inner = serve(repeating(2))
        assert inner.queries == 2
        return repeating(3)(request)

    _, record = serve(nested)
    assert record.queries == 5, "the inner request belongs to the outer one's thread"
    assert QueryCountMiddleware(nested).__dict__.keys() == {"get_response", "is_async"}


def make_request():
    request = AsyncRequestFactory().get("/")
    request.resolver_match = NAMED
    return request


@pytest.mark.django_db(transaction=True)
def test_async_requests_do_not_see_each_other():
    async def view(request):
        await asyncio.sleep(0)
        times = request.GET_TIMES
        text = await sync_to_async(lambda: repeating(times)(request).content)()
        await asyncio.sleep(0)
        return HttpResponse(text)

    async def both():
        middleware = QueryCountMiddleware(view)
        assert iscoroutinefunction(middleware)
        requests = [make_request(), make_request()]
        for request, times in zip(requests, (2, 4), strict=True):
            request.GET_TIMES = times
        await asyncio.gather(*(middleware(request) for request in requests))
        return [request.djust.queries for request in requests]

    assert async_to_sync(both)() == [2, 4]


@override_settings(MIDDLEWARE=["djust_engine.middleware.QueryCountMiddleware"])
def test_it_stands_in_the_chain(client, caplog):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert response.wsgi_request.djust.queries == 0


def test_an_exception_ends_the_record():
    def view(request):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        serve(view)
    assert running.watchers == 0


QUIET = {
    "one object": ("{{ one.author.last_name }}{{ one.author.country.name }}", 1),
    "a loop of one": ("{% for b in few %}{{ b.author }}{{ b.tags.count }}{% endfor %}", 1),
    "the same line twice": ("{% for b in few %}{{ b.by }}{% endfor %}", 2),
    "a prefetched loop": (
        "{% for b in fetched %}{{ b.author }}{% for t in b.tags.all %}{{ t }}{% endfor %}"
        "{% endfor %}",
        1,
    ),
    "relations of all": ("{% for b in all %}{{ b.author.country }}{{ b.by }}{% endfor %}", 1),
    "single objects in turn": ("{{ one.author }}{{ two.author }}{{ three.author }}", 1),
}


@pytest.mark.parametrize("name", QUIET)
def test_no_warning_where_nothing_repeats(caplog, name):
    """Detectors of N+1 cried wolf at each of these."""
    source, times = QUIET[name]

    def view(request):
        one, two, three = (Book.objects.get(title=f"Book & {at}") for at in (1, 2, 3))
        context = {
            "one": one, "two": two, "three": three, "few": Book.objects.order_by("pk")[:1],
            "fetched": Book.objects.prefetch_related("tags").select_related("author"),
            "all": Book.objects.order_by("pk"),
        }  # fmt: skip
        template = page(page=source)
        return HttpResponse("".join(template.render(Context(context)) for _ in range(times)))

    with configured(REPEATED_QUERIES_THRESHOLD=3):
        serve(view)
    assert caplog.messages == []

"""What ``QueryCountMiddleware`` adds to a request: a view without it, and with it."""

from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory

from djust_engine.middleware import QueryCountMiddleware
from sample_site.rentals.models import Lease

from .cases_pages import change_rows
from .engines import OFF, OURS
from .timing import Case

View = Callable[[HttpRequest], HttpResponse]

_ORDERS = ("pk", "reference", "property", "tenant", "start_date")
_ROWS = 120
_REPEATED = 40


def cases() -> Iterator[Case]:
    yield served("middleware: 20 ms, 20 queries", twenty_lists, {"bare": 1.02})
    yield served("middleware: 40 rows, N+1", repeated_queries, {})
    yield served("middleware: a line of text", greeting, {})


def served(title: str, view: View, limits: dict[str, float]) -> Case:
    request = RequestFactory().get("/")
    watched = QueryCountMiddleware(view)
    variants = {
        "bare": lambda: view(request).content.decode(),
        "ours": lambda: watched(request).content.decode(),
    }
    return Case(title, variants, change_rows, limits)


def twenty_lists(request: HttpRequest) -> HttpResponse:
    """Four lists in each of five orders, so long that the page takes about 20 ms, and a render."""
    leases = [list(Lease.objects.order_by(one)[:_ROWS]) for one in _ORDERS for _ in range(4)]
    return HttpResponse(render(OURS, "greeting", {"name": leases[-1][0].reference}))


def repeated_queries(request: HttpRequest) -> HttpResponse:
    """Three queries a row, and a warning of each."""
    return HttpResponse(render(OFF, "leases", {"leases": Lease.objects.all()[:_REPEATED]}))


def greeting(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render(OURS, "greeting", {"name": "reader"}))


def render(engine: str, name: str, context: dict[str, object]) -> str:
    return str(engines[engine].get_template(f"benchmarks/{name}.html").render(context))

"""Methods of Django's ORM that a cache, a profiler or a finder of N+1 replaced are gone through."""

import functools

import pytest
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.fields.related_descriptors import (
    ForwardManyToOneDescriptor,
    ReverseManyToOneDescriptor,
)
from django.db.models.query import ModelIterable
from django.db.models.query_utils import DeferredAttribute
from django.db.models.sql.compiler import SQLCompiler
from django.template import engines
from django.test.utils import CaptureQueriesContext

from djust_engine.jit import replaced
from djust_engine.jit.sql import cursors
from tests.jitapp.models import Book

pytestmark = pytest.mark.usefixtures("library")

PAGE = """{% load peer_tags %}
{% for book in books %}{{ book.title }} {{ book.author.last_name }}
{% for tag in book.tags.all %}{{ tag.name }}{% endfor %}{% endfor %}
{{ books.count }} {% for book in listed %}{{ book.editor.country.name }}{% endfor %}
{% for book in listed %}{{ book|author_of }}{{ book|tags_of }}{% endfor %}
{{ one.author.country.name }}"""
METHODS = [
    (QuerySet, "_fetch_all"),
    (QuerySet, "__iter__"),
    (QuerySet, "_clone"),
    (QuerySet, "count"),
    (ModelIterable, "__iter__"),
    (Model, "__init__"),
    (DeferredAttribute, "__get__"),
    (ForwardManyToOneDescriptor, "__get__"),
    (ForwardManyToOneDescriptor, "get_object"),
    (ReverseManyToOneDescriptor, "__get__"),
]


class Wrapper:
    """As wrapt wraps a function: it passes for it, to its code."""

    def __init__(self, function, calls):
        self._function, self._calls = function, calls

    def __getattr__(self, name):
        return getattr(self._function, name)

    def __get__(self, instance, owner):
        return self if instance is None else functools.partial(self, instance)

    def __call__(self, *args, **kwargs):
        self._calls.append(self._function.__name__)
        return self._function(*args, **kwargs)


def wrapped(function, calls):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        calls.append(function.__name__)
        return function(*args, **kwargs)

    return wrapper


@pytest.fixture
def pages():
    return {name: engines[name].from_string(PAGE) for name in ("oracle", "django")}


def visit(page):
    books = Book.objects.order_by("pk")
    listed = list(books)
    context = {"books": books.all(), "listed": listed, "one": books.get(title="Book & 1")}
    with CaptureQueriesContext(connection) as captured:
        return page.render(context), len(captured)


@pytest.mark.parametrize("wrap", [wrapped, Wrapper])
@pytest.mark.parametrize(("kind", "name"), METHODS)
def test_a_method_is_called_as_often_as_with_django(
    pages, monkeypatch, decisions, kind, name, wrap
):
    for page in pages.values():
        visit(page)
    assert len(set(map(visit, pages.values()))) == 2  # ours runs fewer queries
    calls: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(kind, name, wrap(getattr(kind, name), calls))
        django, by_django = visit(pages["oracle"]), len(calls)
        decisions.clear()
        calls.clear()
        assert visit(pages["django"]) == django
        assert len(calls) == by_django > 0
    reason = f"somebody replaced {kind.__name__}.{name}"
    plans = [one for one in decisions if one.kind == "plan"]
    assert plans and {one.reason for one in plans} == {reason}
    assert visit(pages["django"])[1] < django[1]


@pytest.mark.parametrize("wrap", [wrapped, Wrapper])
@pytest.mark.parametrize("name", ["execute_sql", "as_sql"])
def test_every_query_goes_through_the_compiler_that_somebody_replaced(
    pages, monkeypatch, name, wrap
):
    page, calls = pages["django"], []
    kept = [visit(page) for _ in range(4)][-1]
    with monkeypatch.context() as patched:
        patched.setattr(SQLCompiler, name, wrap(getattr(SQLCompiler, name), calls))
        # Beyond the template's: the list, and the one object.
        assert visit(page) == kept
        assert len(calls) >= kept[1] + 2
        calls.clear()
        visit(page)
        assert len(calls) >= kept[1] + 2


def test_nothing_is_replaced_here():
    assert replaced.in_orm() == replaced.in_compiler() == ""


def test_a_wrapper_is_not_taken_for_what_it_wraps(monkeypatch):
    wrapper = Wrapper(cursors.CursorWrapper.execute, [])
    assert wrapper.__code__ is cursors.CursorWrapper.execute.__code__
    assert not replaced.is_djangos(wrapper)
    monkeypatch.setattr(cursors.CursorWrapper, "execute", wrapper)
    assert not cursors.is_unobserved(connection)

"""SQL that is kept: the same text, parameters and rows as Django's, whatever the values."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Count, F, Q
from django.test.utils import CaptureQueriesContext

from djust_engine.jit import statements
from djust_engine.jit.statements import Statements, compiled, is_understood, widened
from tests.jitapp.models import Author, Book, Comment, Tag

pytestmark = pytest.mark.usefixtures("library")

COLUMNS = ("title", "author__last_name", "author__country__name", "id", "price", "published")
MOMENT = dt.datetime(2024, 5, 6, 7, 8, tzinfo=dt.UTC)


def titles(number):
    return [f"Book & {at}" for at in range(number)]


KEPT = [
    lambda n: Book.objects.all(),
    lambda n: Book.objects.order_by("-title", "pk"),
    lambda n: Book.objects.order_by("author__last_name")[n : n + 3],
    lambda n: Book.objects.all()[: n + 1],
    lambda n: Book.objects.all()[n + 1 :],
    lambda n: Book.objects.filter(title=f"Book & {n}"),
    lambda n: Book.objects.filter(pk=n, title="x"),
    lambda n: Book.objects.filter(title__in=titles(n)),
    lambda n: Book.objects.filter(title__in=[*titles(n), None]).exclude(pk__in=[1, 2]),
    lambda n: Book.objects.filter(price__gte=Decimal(n), price__lt=Decimal("9.5")),
    lambda n: Book.objects.filter(published__lte=MOMENT + dt.timedelta(days=n)),
    lambda n: Book.objects.filter(title__contains=["%", "_", "&", "\\"][n % 4]),
    lambda n: Book.objects.filter(title__istartswith=["BOOK", "%", "b", ""][n % 4]),
    lambda n: Book.objects.filter(price__range=(n, n + 3)),
    lambda n: Book.objects.filter(Q(title=f"Book & {n}") | ~Q(status="d", price__gt=n)),
    lambda n: Book.objects.filter(editor=None),
    lambda n: Book.objects.filter(editor__isnull=bool(n % 2)),
    lambda n: Book.objects.filter(author__country__name=["Germany", "France"][n % 2]),
    lambda n: Book.objects.filter(author__profile__nick__isnull=False).order_by("pk"),
    lambda n: Book.objects.filter(author=Author.objects.order_by("pk")[n]),
    lambda n: Book.objects.filter(author__in=list(Author.objects.order_by("pk")[: n + 1])),
    lambda n: Book.objects.filter(tags__in=list(Tag.objects.all()[: n + 1])).order_by("pk"),
    lambda n: Book.objects.exclude(tags__name="t1").filter(pk=n),
    lambda n: Book.objects.select_related("author").filter(title="x"),
    lambda n: Book.objects.none(),
    lambda n: Book.objects.filter(pk=10**30 + n),
    lambda n: Book.objects.filter(pk__in=[]),
    lambda n: Book.objects.order_by(F("title").desc()),
    lambda n: Book.objects.filter(published__year=2020 + n),
    lambda n: Book.objects.filter(author__in=Author.objects.filter(pk=n)),
    lambda n: Book.objects.filter(price__gt=F("price") - n),
    lambda n: Book.objects.annotate(n=F("price")).filter(n__gt=n),
    lambda n: Book.objects.filter(extra__k__z=n),
    lambda n: Book.objects.order_by("status").reverse(),
]


@pytest.mark.parametrize("make", KEPT)
def test_text_parameters_and_rows_are_djangos(make):
    ours = Statements(COLUMNS, "default")
    for number in [0, 1, 2, 3, 0, 1]:
        with CaptureQueriesContext(connection) as expected:
            rows = list(widened(make(number), COLUMNS))
        with CaptureQueriesContext(connection) as made:
            assert ours.fetch(make(number)) == rows
        assert [one["sql"] for one in made] == [one["sql"] for one in expected]


def test_after_two_proofs_nothing_is_compiled(monkeypatch):
    calls = []
    monkeypatch.setattr(statements, "compiled", lambda *args: calls.append(args) or compiled(*args))
    ours = Statements(COLUMNS, "default")
    for number in range(5):
        books = ours.fetch(Book.objects.filter(title=f"Book & {number}"))
        assert [book[0] for book in books] == [f"Book & {number}"]
    assert len(calls) == 2


def test_a_structure_that_lies_is_found_out(monkeypatch):
    calls = []
    monkeypatch.setattr(statements, "compiled", lambda *args: calls.append(args) or compiled(*args))
    monkeypatch.setattr(statements.Structure, "_add_lookup", lambda *args: None)
    ours = Statements(COLUMNS, "default")
    for number in range(4):
        books = ours.fetch(Book.objects.filter(title=f"Book & {number}"))
        assert [book[0] for book in books] == [f"Book & {number}"]
    assert len(calls) == 1 and list(ours.known.values()) == [None]


def test_texts_that_differ_are_found_out(monkeypatch):
    monkeypatch.setattr(statements.Structure, "_add", lambda *args: None)
    ours = Statements(COLUMNS, "default")
    for missing in (True, False, True):
        books = Book.objects.filter(price__isnull=missing)
        assert ours.fetch(books) == list(widened(books, COLUMNS))
    assert list(ours.known.values()) == [None]


def test_structures_are_not_kept_without_end():
    ours = Statements(("id",), "default")
    for number in range(200):
        ours.fetch(Book.objects.filter(*[Q(pk__gt=1)] * number))
    assert len(ours.known) <= 64


NOT_UNDERSTOOD = [
    lambda: Book.objects.annotate(n=Count("tags")),
    lambda: Book.objects.distinct(),
    lambda: Book.objects.extra(where=["1=1"]),
    lambda: Book.objects.select_for_update(),
    lambda: Book.objects.union(Book.objects.all()),
    lambda: Book.objects.filter(published__year=2020),
    lambda: Book.objects.filter(pk__in=Book.objects.all()),
    lambda: Book.objects.order_by(F("title")),
]


@pytest.mark.parametrize("make", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_compiled(make):
    assert not is_understood(make().query)


def test_joins_of_ours_do_not_change_the_order():
    comments = [comment.pk for comment in Comment.objects.all()]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = widened(Comment.objects.all(), ("pk", "author__country__name", "book__title"))
    assert [row[0] for row in rows] == comments
    assert "INNER JOIN" not in str(rows.query)
    filtered = Comment.objects.filter(book__title="Book & 1")
    assert str(widened(filtered, ("pk", "book__title")).query).count("INNER JOIN") == 1

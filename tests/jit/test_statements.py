"""SQL that is kept: the same text, parameters and rows as Django's, whatever the values."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection, connections, models
from django.db.models import Count, F, FilteredRelation, Q, Value
from django.test.utils import CaptureQueriesContext

from djust_engine.jit.sql import statements
from djust_engine.jit.sql.statements import StatementDiffers, Statements, compiled, widened
from djust_engine.jit.sql.structure import Structure, structure_of
from tests.jitapp.models import Author, Book, Comment, Tag, UpperField

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
    ours = Statements(COLUMNS)
    for number in [0, 1, 2, 3, 0, 1]:
        with CaptureQueriesContext(connection) as expected:
            rows = list(widened(make(number), COLUMNS))
        with CaptureQueriesContext(connection) as made:
            assert ours.fetch(make(number)) == rows
        assert [one["sql"] for one in made] == [one["sql"] for one in expected]


@pytest.fixture
def compilations(monkeypatch):
    """Each time that Django compiled a query for a proof."""
    calls = []
    monkeypatch.setattr(statements, "compiled", lambda *args: calls.append(args) or compiled(*args))
    return calls


def test_after_two_proofs_nothing_is_compiled(compilations):
    ours = Statements(COLUMNS)
    for number in range(5):
        books = ours.fetch(Book.objects.filter(title=f"Book & {number}"))
        assert [book[0] for book in books] == [f"Book & {number}"]
    assert len(compilations) == 2


def test_a_structure_that_lies_is_found_out(monkeypatch, compilations):
    monkeypatch.setattr(Structure, "_add_lookup", lambda *args: None)
    ours = Statements(COLUMNS)
    for number in range(4):
        books = ours.fetch(Book.objects.filter(title=f"Book & {number}"))
        assert [book[0] for book in books] == [f"Book & {number}"]
    assert len(compilations) == 2 and list(ours.kept.known.values()) == [None]


def test_texts_that_differ_are_found_out(monkeypatch):
    monkeypatch.setattr(Structure, "_add_where", lambda *args: None)
    ours = Statements(COLUMNS)
    for missing in (True, False, True):
        books = Book.objects.filter(price__isnull=missing)
        assert ours.fetch(books) == list(widened(books, COLUMNS))
    assert list(ours.kept.known.values()) == [None]


def test_verify_mode_compares_each_statement(settings):
    settings.DJUST_CONFIG = {"VERIFY": "raise"}
    ours = Statements(COLUMNS)
    for number in range(3):
        ours.fetch(Book.objects.filter(pk=number))
    (statement,) = ours.kept.known.values()
    statement.end += " LIMIT 1"
    with pytest.raises(StatementDiffers, match="LIMIT 1"):
        ours.fetch(Book.objects.filter(pk=1))


def test_structures_are_not_kept_without_end():
    ours = Statements(("id",))
    for number in range(200):
        ours.fetch(Book.objects.filter(*[Q(pk__gt=1)] * number))
    assert len(ours.kept.known) <= 64


NOT_UNDERSTOOD = [
    lambda: Book.objects.annotate(n=Count("tags")).filter(n__gt=1),
    lambda: Book.objects.extra(where=["1=1"]),
    lambda: Book.objects.extra(tables=["jitapp_tag"]),
    lambda: Book.objects.select_for_update(),
    lambda: Book.objects.union(Book.objects.all()),
    lambda: Book.objects.annotate(t=FilteredRelation("tags")).filter(t__name="t1"),
    lambda: Book.objects.annotate(own=Value(1, output_field=UpperField())),
    lambda: Book.objects.filter(pk__in=[]),
    lambda: Book.objects.none(),
]


@pytest.mark.parametrize("make", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_compiled(make):
    assert structure_of(make().query, connection, "default") is None


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="there, nothing is joined to rows that nothing orders"
)
def test_joins_of_ours_do_not_change_the_order():
    comments = [comment.pk for comment in Comment.objects.all()]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = widened(Comment.objects.all(), ("pk", "author__country__name", "book__title"))
    assert [row[0] for row in rows] == comments
    assert "INNER JOIN" not in str(rows.query)
    filtered = Comment.objects.filter(book__title="Book & 1")
    assert str(widened(filtered, ("pk", "book__title")).query).count("INNER JOIN") == 1


SAMPLES = [None, True, False, dt.date(2024, 5, 6), dt.time(7, 8), MOMENT, "x", 1, Decimal("1.5")]
KINDS = [
    models.DateField,
    models.TimeField,
    models.DateTimeField,
    models.BooleanField,
    models.UUIDField,
]


@pytest.mark.parametrize("kind", KINDS)
def test_values_that_no_converter_would_change_are_left_alone(kind):
    own, column = connections["default"], Value(None, output_field=kind())
    found = statements.find_converters([column], own)
    assert bool(found) is (connection.vendor == "sqlite")
    for _, functions, _, unchanged in found:
        assert type(None) in unchanged
        for sample in (one for one in SAMPLES if type(one) in unchanged):
            assert all(function(sample, column, own) is sample for function in functions)


class Doubled(models.BooleanField):
    def from_db_value(self, value, expression, connection):
        return [value, value]


def test_a_converter_of_somebody_else_is_called_for_each_value():
    column = Value(None, output_field=Doubled())
    found = statements.find_converters([column], connections["default"])
    assert found[0][3] == frozenset()
    assert statements._converted((None,), found, connections["default"]) == ([None, None],)

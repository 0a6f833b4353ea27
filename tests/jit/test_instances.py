"""Instances by kept SQL: the same objects as Django's own iterable gives, down to their state."""

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Lower, TruncDay
from django.db.models.query import ModelIterable
from django.db.models.signals import post_init
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from djust_engine.jit import replaced
from djust_engine.jit.sql import instances
from djust_engine.jit.sql.instances import evaluate, fetch_instances, kept
from tests.jitapp.models import (
    Author,
    Book,
    Comment,
    Country,
    LoudAuthor,
    Observed,
    Place,
    Profile,
    Restaurant,
    Shelf,
    Tag,
)

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture(autouse=True)
def no_statements(monkeypatch):
    monkeypatch.setattr(instances._kept, "known", {})


@pytest.fixture(autouse=True)
def oddities(library):
    Restaurant.objects.create(name="Chez", slug="chez", stars=2)
    Observed.objects.create(title="seen", author=Author.objects.first())
    Shelf.objects.create(observed=Observed.objects.get(), loose=Country.objects.first())


def state_of(one, seen=None):
    """All that an instance holds, related objects included."""
    seen = seen or set()
    if not isinstance(one, models.Model) or id(one) in seen:
        return type(one).__name__ if isinstance(one, models.Model) else one
    seen = seen | {id(one)}
    attributes = {name: value for name, value in vars(one).items() if name != "_state"}
    state = {name: value for name, value in vars(one._state).items() if name != "peers"}
    related = state.pop("fields_cache", {})
    below = {name: state_of(value, seen) for name, value in related.items()}
    return type(one), list(attributes.items()), state, below


def with_all_relations(queryset):
    """``select_related()``, of which Django warns from 6.1 on."""
    queryset.query.select_related = True
    return queryset


MADE = [
    lambda n: Book.objects.all(),
    lambda n: Book.objects.filter(pk__gt=n).order_by("-title")[:3],
    lambda n: Book.objects.select_related("author__country", "editor__profile"),
    lambda n: with_all_relations(Book.objects.all()),
    lambda n: Book.objects.filter(pk=n).select_related("author__profile"),
    lambda n: Author.objects.select_related("profile", "country").order_by("pk"),
    lambda n: Profile.objects.select_related("author"),
    lambda n: Book.objects.defer("title", "extra").filter(pk__gt=n),
    lambda n: Book.objects.only("title", "author__last_name").select_related("author"),
    lambda n: Book.objects.annotate(n=Count("tags"), one=Value(n)).order_by("n", "pk"),
    lambda n: Book.objects.annotate(day=TruncDay("published"), low=Lower("title")).order_by("low"),
    lambda n: Book.objects.annotate(x=Exists(Comment.objects.filter(book=OuterRef("pk")))),
    lambda n: Book.objects.filter(Exists(Comment.objects.filter(book=OuterRef("pk"), pk__gt=n))),
    lambda n: Book.objects.filter(author__in=Author.objects.filter(pk__gt=n)),
    lambda n: Book.objects.filter(price__gt=F("pk") - n).distinct(),
    lambda n: Book.objects.filter(Q(title__icontains=str(n)) | Q(tags__name="t1")).distinct(),
    lambda n: Author.objects.order_by("pk")[n].books.all(),
    lambda n: Author.objects.order_by("pk")[n].books.defer("author"),
    lambda n: Author.objects.order_by("pk")[0].books.all() | Author.objects.last().books.all(),
    lambda n: Book.objects.order_by("pk")[n].tags.all(),
    lambda n: LoudAuthor.objects.filter(pk=n),
    lambda n: Restaurant.objects.filter(stars__gt=n - 9),
    lambda n: Place.objects.select_related("restaurant"),
    lambda n: Observed.objects.all(),
    lambda n: Shelf.objects.select_related("observed", "loose", "hideable"),
    lambda n: Book.objects.none(),
    lambda n: Book.objects.filter(pk__in=range(n)),
    lambda n: Book.objects.union(Book.objects.all()).order_by("pk"),
    lambda n: Book.objects.extra(select={"one": "1"}).filter(pk__gt=n),
    lambda n: Book.objects.extra(select={"one": "%s"}, select_params=[n]).filter(pk__gt=n),
]


@pytest.mark.parametrize("make", MADE)
def test_the_instances_and_the_sql_are_djangos(make):
    for number in [1, 2, 1, 0, 2]:
        with CaptureQueriesContext(connection) as expected:
            theirs = list(ModelIterable(make(number)))
        with CaptureQueriesContext(connection) as made:
            ours = fetch_instances(make(number))
        assert [state_of(one) for one in ours] == [state_of(one) for one in theirs]
        assert [one["sql"] for one in made] == [one["sql"] for one in expected]


def test_signals_are_sent():
    seen = []

    def receive(sender, instance, **kwargs):
        seen.append(instance)

    for _ in range(3):
        fetch_instances(Tag.objects.all())
    post_init.connect(receive, sender=Tag)
    try:
        assert fetch_instances(Tag.objects.all()) == seen
    finally:
        post_init.disconnect(receive, sender=Tag)


def test_fetch_modes_are_djangos():
    modes = pytest.importorskip("django.db.models.fetch_modes", reason="Django 6.1 brought them")
    for _ in range(4):
        books = fetch_instances(Book.objects.fetch_mode(modes.FETCH_PEERS))
        assert all(len(book._state.peers) == len(books) for book in books)
        with CaptureQueriesContext(connection) as queries:
            assert [book.author.pk for book in books] == [book.author_id for book in books]
        assert len(queries) == 1


def test_a_queryset_is_evaluated_once():
    books = Book.objects.prefetch_related("tags")
    with CaptureQueriesContext(connection) as queries:
        assert evaluate(books) is not evaluate(books)
        assert [list(book.tags.all()) for book in books] != []
    assert len(queries) == 2


def test_a_prefetch_through_kept_sql_leaves_djangos_querysets():
    for _ in range(4):
        books = list(
            Book.objects.prefetch_related(models.Prefetch("tags", kept(Tag.objects.all())))
        )
        assert [tag.name for book in books for tag in book.tags.all()] != []


def test_the_objects_of_many_managers_are_not_compiled_again(monkeypatch):
    for name in ("tags", "comment_set"):
        model = Tag if name == "tags" else Comment
        for _ in range(2):
            objects = kept(model.objects.all())
            models.prefetch_related_objects(Book.objects.all(), models.Prefetch(name, objects))
        books = list(Book.objects.order_by("pk"))
        expected = [list(getattr(book, name).all()) for book in Book.objects.order_by("pk")]
        with monkeypatch.context() as patch:
            patch.setattr(SQLCompiler, "as_sql", None)
            patch.setattr(replaced, "in_compiler", str)
            objects = kept(model.objects.all())
            models.prefetch_related_objects(books, models.Prefetch(name, objects))
            assert [list(getattr(book, name).all()) for book in books] == expected


def test_wrappers_and_the_log_see_the_statement():
    seen = []

    def wrapper(execute, sql, params, many, context):
        seen.append((sql, tuple(params)))
        return execute(sql, params, many, context)

    for _ in range(3):
        with connection.execute_wrapper(wrapper):
            fetch_instances(Tag.objects.filter(name="t1"))
    assert len(seen) == 3 and len(set(seen)) == 1


def test_errors_are_djangos_and_leave_the_connection_usable():
    for _ in range(3):
        fetch_instances(Tag.objects.all())

    def wrapper(execute, sql, params, many, context):
        return execute("SELECT nothing FROM nowhere", params, many, context)

    with transaction.atomic():
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            connection.execute_wrapper(wrapper),
        ):
            fetch_instances(Tag.objects.all())
        assert len(fetch_instances(Tag.objects.all())) == 4


def test_a_broken_transaction_refuses_the_statement():
    for _ in range(3):
        fetch_instances(Tag.objects.all())
    with transaction.atomic():
        try:
            with transaction.atomic(savepoint=False):
                raise IntegrityError
        except IntegrityError:
            with pytest.raises(TransactionManagementError):
                fetch_instances(Tag.objects.all())
        transaction.set_rollback(False)

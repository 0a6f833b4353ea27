"""The object of a relation, by a statement that is kept for the relation."""

import pytest
from django.db import connection
from django.template import engines
from django.test.utils import CaptureQueriesContext

from djust_engine.jit.plan import Relation
from djust_engine.jit.sql.single import load_single, single
from tests.jitapp.models import Author, Book, Profile, Shelf, Visit

pytestmark = pytest.mark.usefixtures("library")

JOINS = ("country", "profile")


def books():
    return list(Book.objects.order_by("pk"))


def test_all_owners_get_what_prefetching_gives_them():
    for _ in range(4):
        ours, theirs = books(), list(Book.objects.order_by("pk").prefetch_related("author"))
        with CaptureQueriesContext(connection) as queries:
            assert load_single(Book, "author", JOINS, ours)
            assert [one.author for one in ours] == [one.author for one in theirs]
            assert {one.author.country_id and one.author.country.name for one in ours} != {None}
        assert len(queries) == 1


def test_after_two_proofs_no_queryset_is_made(monkeypatch):
    """Of however many owners, each time."""
    single.cache_clear()
    for number in (2, 3, 4):
        assert load_single(Book, "author", (), books()[:number])
    monkeypatch.setattr(type(Author._base_manager), "using", None)
    owners = books()
    assert load_single(Book, "author", (), owners)
    assert [one.author.pk for one in owners] == [one.author_id for one in owners]


def test_the_reverse_side_knows_its_owner_and_what_is_missing():
    for _ in range(4):
        authors = list(Author.objects.order_by("pk"))
        with CaptureQueriesContext(connection) as queries:
            assert load_single(Author, "profile", (), authors)
            assert [hasattr(one, "profile") for one in authors] == [True] * 3 + [False] + [True] * 2
            assert authors[0].profile.author is authors[0]
        assert len(queries) == 1


def test_a_one_to_one_relation_knows_its_owner():
    for _ in range(4):
        (profile,) = Profile.objects.all()[:1]
        assert load_single(Profile, "author", (), [profile])
        assert profile.author.profile is profile


@pytest.mark.parametrize(
    ("model", "name"), [(Shelf, "base_hidden"), (Visit, "place"), (Book, "tags")]
)
def test_other_relations_are_left_to_django(model, name):
    found = single(model, name, ())
    assert found is None or not found.load([model(**{found.here: "a"})], None)


@pytest.mark.parametrize("at", [0, 5])
@pytest.mark.parametrize("number", [1, 3])
def test_a_missing_object_is_missing_as_with_django(library, at, number):
    source = "{% for book in books %}[{{ book.author }}{{ book.author.country }}]{% endfor %}"
    counts = {}
    with connection.constraint_checks_disabled():
        Book.objects.order_by("pk").filter(pk__in=[one.pk for one in books()[at:]]).update(
            author=99
        )
        for name in ("oracle", "django") * 4:
            found = list(Book.objects.order_by("pk")[at : at + number])
            with CaptureQueriesContext(connection) as queries:
                text = engines[name].from_string(source).render({"books": found})
            counts.setdefault(name, set()).add((text, len(queries)))
        Book.objects.update(author=Author.objects.first())
    (django,), (ours,) = counts["oracle"], counts["django"]
    assert ours[0] == django[0] == "[]" * number
    assert ours[1] <= django[1]


@pytest.mark.parametrize(
    ("joins", "brings"),
    [
        ((), False),
        (("country",), False),
        (("profile",), False),
        (("country", "profile"), True),
        (("country__continent", "profile"), True),
    ],
)
def test_what_is_joined_need_not_be_looked_for(joins, brings):
    below = (
        Relation("country", "forward", (), ()),
        Relation("profile", "reverse_one", (), ()),
    )
    found = single(Book, "author", joins)
    assert found.brings(below) is brings
    assert not found.brings((*below, Relation("books", "many", (), ())))

"""Instances side by side: each relation once, and only where it is missing."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.models import QuerySet
from django.template import engines
from django.test.utils import CaptureQueriesContext

from djust_engine.jit.batch import Batch, Peers
from djust_engine.jit.optimizer import instances_plan
from djust_engine.jit.usage import Usage
from tests.jit.conftest import objects_of
from tests.jitapp.models import Author, Book, Comment, Country, Note, Noted, Profile, Remark, Shelf
from tests.oracle import assert_same

pytestmark = pytest.mark.usefixtures("library")


def batch_of(objects, *paths, **children):
    usage = Usage.of_paths(paths).union(Usage(0, children))
    models = {type(one): [] for one in objects}
    for one in objects:
        models[type(one)].append(one)
    parts = []
    for model, peers in models.items():
        plan = instances_plan(model, usage)
        parts.append(
            Peers(model, peers, getattr(plan, "relations", ()), getattr(plan, "joins", ()))
        )
    return Batch(list(objects), parts, lambda *args: None)


def queries_of(action, *args):
    with CaptureQueriesContext(connection) as queries:
        action(*args)
    return len(queries)


def test_a_relation_is_loaded_for_all_peers_at_once():
    books = list(Book.objects.all())
    batch = batch_of(books, "author.last_name")
    assert queries_of(batch.touch, "author") == 1
    assert queries_of(lambda: [book.author.last_name for book in books]) == 0


def test_what_lies_below_comes_with_it():
    books = list(Book.objects.all())
    batch = batch_of(books, "author.country.name", "author.profile.nick")
    assert queries_of(batch.touch, "author") == 1
    child = batch.children["author"]
    assert queries_of(child.touch, "country") == queries_of(child.touch, "profile") == 0
    with CaptureQueriesContext(connection) as queries:
        assert [book.author.country for book in books if book.author.country_id]
        assert sum(hasattr(book.author, "profile") for book in books) == 7
    assert not queries


def test_a_second_touch_does_nothing():
    batch = batch_of(list(Book.objects.all()), "author.last_name")
    batch.touch("author")
    assert "author" not in batch.relations
    assert queries_of(batch.touch, "author") == 0


def test_what_is_loaded_is_not_loaded_again():
    books = list(Book.objects.select_related("author").prefetch_related("tags"))
    authors = [book.author for book in books]
    batch = batch_of(books, "author.last_name", tags=objects_of("name"))
    assert queries_of(batch.touch, "author") == queries_of(batch.touch, "tags") == 0
    assert all(book.author is author for book, author in zip(books, authors, strict=True))


def test_changes_in_memory_stay():
    books = list(Book.objects.order_by("pk"))
    mine = Author(first_name="new", last_name="new")
    books[0].author = mine
    books[1].title = "changed"
    batch_of(books, "author.last_name").touch("author")
    assert books[0].author is mine
    assert books[1].title == "changed"


def test_an_object_that_needs_no_query_starts_none():
    books = list(Book.objects.order_by("pk"))
    batch = batch_of(books, "editor.last_name")
    without = next(book for book in books if book.editor_id is None)
    assert queries_of(batch.touch, "editor", without) == 0
    other = next(book for book in books if book.editor_id is not None)
    assert queries_of(batch.touch, "editor", other) == 1


def test_a_missing_object_with_relations_below_starts_none():
    books = list(Book.objects.order_by("pk"))
    batch = batch_of(books, "editor.country.name")
    assert batch.relations["editor"].below
    without = next(book for book in books if book.editor_id is None)
    assert queries_of(batch.touch, "editor", without) == 0
    other = next(book for book in books if book.editor_id is not None)
    assert queries_of(batch.touch, "editor", other) == 1


def test_managers_are_loaded_with_the_relations_of_their_objects():
    books = list(Book.objects.all())
    batch = batch_of(books, comment_set=objects_of("author.profile.nick"))
    assert queries_of(batch.touch, "comment_set") == 1
    with CaptureQueriesContext(connection) as queries:
        for book in books:
            for comment in book.comment_set.all():
                assert comment.author.last_name
                assert comment.book is book
            assert book.comment_set.count() == len(book.comment_set.all())
    assert not queries


def test_managers_below_managers_are_batched_over_all_objects():
    authors = list(Author.objects.all())
    batch = batch_of(authors, books=objects_of(tags=objects_of("name")))
    assert queries_of(batch.touch, "books") == 1
    assert queries_of(batch.children["books"].touch, "tags") == 1
    with CaptureQueriesContext(connection) as queries:
        assert sum(len(book.tags.all()) for author in authors for book in author.books.all()) == 12
    assert not queries


def test_both_ways_of_a_many_to_many_with_different_names():
    books = list(Book.objects.all())
    batch = batch_of(books, prequels=objects_of("title"), sequels=objects_of("title"))
    batch.touch("prequels")
    batch.touch("sequels")
    with CaptureQueriesContext(connection) as queries:
        assert sum(len(book.sequels.all()) for book in books) == 2
        assert sum(len(book.prequels.all()) for book in books) == 2
    assert not queries


def test_nothing_is_fetched_in_vain_for_some_of_many():
    books = list(Book.objects.only("title"))
    assert books[0].author
    batch = batch_of(books, "author.profile.nick")
    assert queries_of(batch.touch, "author") == 0
    assert not batch.children


def test_only_a_number_is_no_reason_to_load_objects():
    books = list(Book.objects.all())
    batch = batch_of(books, "tags.count", "comment_set.first.text")
    assert [one.kind for one in batch.relations.values()] == ["number"]
    assert queries_of(batch.touch, "tags") == 1
    assert not any("_prefetched_objects_cache" in one.__dict__ for one in books)


def test_objects_of_several_models_are_kept_apart():
    objects = [*Book.objects.all(), *Comment.objects.all(), *Profile.objects.all()]
    batch = batch_of(objects, "author.last_name")
    assert queries_of(batch.touch, "author") == 3
    assert queries_of(lambda: [one.author.last_name for one in objects]) == 0


@pytest.mark.parametrize("loaded", [("object_id",), ("content_type",), ("text",)])
def test_a_generic_key_that_is_not_loaded_is_read_where_the_relation_is(loaded):
    """Of one object then, and not of all that are beside it."""
    for book in Book.objects.order_by("pk")[:4]:
        Note.objects.create(subject=book, text="n")
    source = "{% for n in notes %}{% if forloop.first %}{{ n.subject }}{% endif %}{% endfor %}"
    assert_same(source, lambda: {"notes": Note.objects.only(*loaded).order_by("pk")})
    assert_same(source, lambda: {"notes": list(Note.objects.only(*loaded).order_by("pk"))})


def test_generic_relations_cost_a_query_a_model():
    country, noted = Country.objects.first(), Noted.objects.create(name="n")
    for subject in (country, noted, noted):
        Note.objects.create(subject=subject, text="t")
    gone = ContentType.objects.get_for_model(Author)
    Note.objects.create(content_type=gone, object_id=4_000, text="gone")
    notes = list(Note.objects.all())
    batch = batch_of(notes, "subject.name")
    assert queries_of(batch.touch, "subject") == 3
    assert queries_of(lambda: [note.subject for note in notes]) == 0
    nouns = list(Noted.objects.all())
    batch = batch_of(nouns, notes=objects_of("text"))
    assert queries_of(batch.touch, "notes") == 1
    assert queries_of(lambda: [len(noun.notes.all()) for noun in nouns]) == 0


def test_a_key_without_its_object_is_left_to_django():
    for key in (Country.objects.first().pk, 98, 99):
        Shelf.objects.create(loose_id=key)
    shelves = list(Shelf.objects.order_by("pk"))
    batch = batch_of(shelves, "loose.name", "base_hidden.name")
    assert queries_of(batch.touch, "loose", shelves[0]) == 1
    assert [Shelf.loose.is_cached(one) for one in shelves] == [True, False, False]
    with pytest.raises(Country.DoesNotExist):
        _ = shelves[1].loose
    Shelf.objects.all().delete()


class TestOneObject:
    def test_what_can_be_joined_comes_in_one_query(self):
        book = Book.objects.get(title="Book & 1")
        batch = batch_of([book], "author.country.name", "author.profile.nick", "editor.last_name")
        assert queries_of(batch.touch, "editor") == 1
        with CaptureQueriesContext(connection) as queries:
            assert (book.author.country.name, book.author.profile.nick) == ("France", "n1")
            assert book.editor.last_name == "L<1>"
            assert book.author.profile.author is book.author
        assert not queries

    def test_a_single_relation_costs_the_query_that_it_costs_with_django(self):
        book = Book.objects.get(title="Book & 1")
        batch = batch_of([book], "author.last_name")
        assert queries_of(batch.touch, "author") == 1
        assert queries_of(lambda: book.author.last_name) == 0

    def test_a_missing_object_is_known_to_be_missing(self):
        author = Author.objects.get(last_name="L<3>")
        batch = batch_of([author], "profile.nick", "country.name")
        assert queries_of(batch.touch, "country") == 1
        assert queries_of(lambda: hasattr(author, "profile")) in (0, 1)

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda book: setattr(book._state, "adding", True),
            lambda book: book.__dict__.pop("title"),
        ],
    )
    def test_a_row_that_is_not_the_objects_own_is_not_read_again(self, spoil):
        book = Book.objects.get(title="Book & 1")
        spoil(book)
        batch = batch_of([book], "author.last_name", "editor.last_name")
        with CaptureQueriesContext(connection) as queries:
            batch.touch("author")
        assert [one["sql"] for one in queries if "jitapp_book" in one["sql"]] == []
        assert not Book.editor.is_cached(book)

    def test_a_foreign_key_that_was_changed_keeps_its_meaning(self):
        book, other = Book.objects.get(title="Book & 1"), Author.objects.get(last_name="L<5>")
        book.author_id = other.pk
        batch = batch_of([book], "author.last_name", "editor.last_name")
        batch.touch("author")
        assert book.author == other
        assert book.editor.last_name == "L<1>"


@pytest.mark.parametrize(
    "source",
    [
        "{% for one in book.comments.all %}{{ one.text }}{{ one.author }}{% endfor %}",
        "{% if book.comments.all %}{{ book.comments.all.0 }}{% endif %}",
        "{% for one in books %}{% for comment in one.comments.all %}{{ comment.text }}{% endfor %}"
        "{% for tag in one.tags.all %}{{ tag.name }}{% endfor %}{% endfor %}",
        "{% for one in books %}{% for b in one.author.books.all %}{{ b }}{% endfor %}{% endfor %}",
    ],
)
def test_objects_of_a_manager_are_not_kept_after_the_render(source):
    def changed_between_renders(name):
        book = Book.objects.get(title="Book & 2")
        template, context = engines[name].from_string(source), {"book": book, "books": [book]}
        with CaptureQueriesContext(connection) as queries, transaction.atomic():
            texts = [template.render(context)]
            Comment.objects.filter(book=book).update(text="changed")
            book.tags.through.objects.filter(book=book).delete()
            texts.append(template.render(context))
            transaction.set_rollback(True)
        return texts, "_prefetched_objects_cache" in vars(book), len(queries)

    texts, kept, most = changed_between_renders("oracle")
    *found, count = changed_between_renders("django")
    assert found == [texts, kept]
    assert count <= most


def test_what_was_prefetched_by_others_stays():
    book = Book.objects.prefetch_related("tags").get(title="Book & 2")
    batch = batch_of([book], tags=objects_of("name"), prequels=objects_of("title"))
    batch.touch("tags")
    batch.touch("prequels")
    assert list(book._prefetched_objects_cache) == ["tags", "prequels"]
    del batch
    assert list(book._prefetched_objects_cache) == ["tags"]


@pytest.mark.skipif(not hasattr(QuerySet, "fetch_mode"), reason="Django 6.1 brought fetch modes")
def test_a_fetch_mode_that_was_chosen_is_obeyed():
    from django.db.models import fetch_modes

    books = list(Book.objects.fetch_mode(fetch_modes.FETCH_RAISE))
    batch = batch_of(books, "author.last_name", tags=objects_of("name"))
    assert queries_of(batch.touch, "author") == 0
    assert queries_of(batch.touch, "tags") == 1


@pytest.mark.parametrize("keys", [("x", 0, ""), ("", 0), (0, 1, "x"), (-1, 0, "1.5")])
@pytest.mark.parametrize("body", ["{{ one.subject }};", "{{ one.subject.last_name }};"])
def test_a_generic_key_that_does_not_fit_is_an_error_of_its_own_object(keys, body):
    """And of no other object before it; nothing is asked for it that Django does not ask."""
    kind = ContentType.objects.get_for_model(Author)
    known = Author.objects.order_by("pk").values_list("pk", flat=True)
    for key in keys:
        object_id = key if isinstance(key, str) else known[max(key, 0)] + 1000 * (key < 0)
        Remark.objects.create(content_type=kind, object_id=object_id)
    source = "{% for one in all %}" + body + "{% endfor %}"
    for make in (Remark.objects.order_by, lambda order: list(Remark.objects.order_by(order))):
        for _ in range(3):
            assert_same(source, lambda make=make: {"all": make("pk")})

"""`count` and `exists` of managers over lists, and foreign keys that may have lost their row."""

import gc

import pytest
from django.db import connection
from django.template import engines
from django.test.utils import CaptureQueriesContext

from djust_engine.jit import numbers
from tests.jit import worlds
from tests.jitapp.models import Author, Book, Country, LoudAuthor, Noted, Place, Restaurant, Shelf

LOOP = "{% for x in xs %}[BODY]{% endfor %}"


@pytest.fixture
def world(library: None) -> None:
    worlds.everything()


def k(model):
    return lambda: list(model.objects.order_by("pk"))


COUNTS = [
    (k(Book), "{{ x.tags.count }}", 8, 1),
    (k(Book), "{% if x.tags.exists %}y{% endif %}{{ x.tags.count }}", 16, 1),
    (k(Book), "{{ x.comment_set.count }}{{ x.friends.count }}{{ x.sequels.count }}", 24, 3),
    (k(Book), "{% if forloop.first %}{{ x.tags.count }}{% endif %}", 1, 1),
    (k(Book), "{% if x.pk < 0 %}{{ x.tags.count }}{% endif %}", 0, 0),
    (k(Author), "{{ x.books.count }}{{ x.clubs.count }}{{ x.speeches.count }}", 18, 3),
    (k(LoudAuthor), "{{ x.books.count }}{{ x.sponsored.count }}{{ x.liked.exists }}", 18, 3),
    (k(Noted), "{{ x.notes.count }}{{ x.notes.exists }}", 6, 1),
    (k(Place), "{{ x.visit_set.count }}{{ x.exports.count }}{{ x.desk_set.exists }}", 21, 3),
    (k(Restaurant), "{{ x.visit_set.count }}{{ x.dishes.count }}{{ x.exports.count }}", 9, 3),
    (k(Country), "{{ x.authors.count }}{{ x.hideable_set.count }}", 4, 3),
    (k(Book), "{{ x.author.books.count }}", 16, 2),
    (k(Book), "{{ x.tags.count }}{% for t in x.tags.all %}{{ t }}{% endfor %}", 16, 2),
    (lambda: list(Book.objects.prefetch_related("tags")), "{{ x.tags.count }}", 0, 0),
    (lambda: [Book(title="new", pk=None), *Book.objects.all()[:2]], "{{ x.tags.count }}", 0, 0),
    (lambda: [Book.objects.first()], "{{ x.tags.count }}", 1, 1),
    (lambda: [Book.objects.first(), Author.objects.first()], "{{ x.tags.count }}", 1, 1),
    (lambda: [Book.objects.first()] * 3, "{{ x.tags.count }}", 3, 3),
    (k(Shelf), "{{ x.loose.name }}{{ x.loose }}", 2, 1),
]


@pytest.mark.parametrize(("make", "body", "django", "ours"), COUNTS)
def test_a_list_costs_a_query_a_manager(render_both, world, make, body, django, ours):
    held = []

    def context():
        held.append(make())
        return {"xs": held[-1]}

    renders = render_both(LOOP.replace("BODY", body), context)
    assert (renders.django[1], renders.ours[1]) == (django, ours)


def test_what_code_asks_is_asked_of_the_database(render_both, world, monkeypatch):
    monkeypatch.setattr(Book, "told", lambda book: book.tags.count(), raising=False)
    render_both(LOOP.replace("BODY", "{{ x.tags.count }}{{ x.told }}"), lambda: {"xs": k(Book)()})


def test_the_next_render_counts_anew(world):
    template = engines["django"].from_string(LOOP.replace("BODY", "{{ x.tags.count }}"))
    books = k(Book)()
    before = template.render({"xs": books})
    Book.tags.through.objects.all().delete()
    gc.collect()
    assert not numbers._known.keys() & {(id(one), type(one.tags)) for one in books}
    assert template.render({"xs": books}) == "[0]" * 8 != before


@pytest.mark.parametrize(
    "read", ["{{ x.loose.name }}", "{% if x.loose %}y{% endif %}", "{{ x.loose }}"]
)
@pytest.mark.parametrize("gone", [(0,), (1,), (0, 1), (0, 1, 2)])
def test_a_row_that_is_gone(render_both, world, read, gone):
    countries = [Country.objects.create(name=f"C{at}") for at in range(3)]
    Shelf.objects.all().delete()
    for at in range(6):
        Shelf.objects.create(loose=countries[at % 3])
    names = [countries[at].pk for at in gone]
    Country.objects.filter(pk__in=names).delete()
    source = LOOP.replace("BODY", read)
    for make in (k(Shelf), lambda: Shelf.objects.order_by("pk"), lambda: [Shelf.objects.first()]):
        renders = render_both(source, lambda make=make: {"xs": make()})
        assert renders.ours[1] <= renders.django[1]


def test_numbers_of_one_query_serve_every_question(world):
    books = k(Book)()
    with CaptureQueriesContext(connection) as queries:
        found = numbers.count_objects(Book, "tags", books)
    assert len(queries) == 1
    assert [numbers.known_number(one.tags) for one in books] == [one.tags.count() for one in books]
    del found
    assert numbers.known_number(books[1].tags) is None
    assert numbers.known_number(Book.objects) is None

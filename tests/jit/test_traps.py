"""Traps of optimisers (C) and of Django's ORM (D): each a page, with both engines the same.

A row: the number of the trap in tests/pitfalls.md, the template, and the context. The bytes, the
exceptions, the names left in the context are Django's, and there are no more queries.
"""

import pytest
from django.db import connection
from django.db.models import Count, F, Prefetch
from django.db.models.functions import Upper
from django.template import Context, engines

from djust_engine.backends.django import Engine
from djust_engine.decisions import collect
from tests.jit import worlds
from tests.jitapp.models import (
    Author,
    BaseHidden,
    Book,
    Comment,
    Country,
    Dish,
    Edition,
    Hideable,
    LoudAuthor,
    Note,
    Noted,
    Observed,
    Odd,
    OldFromDb,
    Profile,
    Restaurant,
    Shelf,
    Tag,
    Visit,
    Worker,
)
from tests.oracle import CONFIGURATIONS, assert_same, counted_queries, make_engine

EACH = "{% for x in xs %}BODY;{% endfor %}"
TAGS = "{% for t in x.tags.all %}{{ t.name }}{% endfor %}"
AUTHOR = "{{ x.author.last_name }}"


def books():
    return Book.objects.order_by("pk")


def some_tags(**options):
    return Prefetch("tags", Tag.objects.filter(name__gt="t0"), **options)


def counted_callable():
    calls = []

    def ask():
        calls.append(1)
        return books()[: len(calls)]

    return ask


def looked_through(queryset):
    assert len(queryset)
    return queryset


class OwnFetch(type(Book.objects.all())):
    """Fetches in its own way."""

    def _fetch_all(self):
        super()._fetch_all()
        self._result_cache = self._result_cache[:2]


LOOPS = [
    ("C1", "{% for c in x.comment_set.all %}{{ c.text }}{% endfor %}",
     lambda: books().prefetch_related(Prefetch("comment_set", Comment.objects.only("text")))),
    ("C2", AUTHOR + "{{ x.author.country.name }}",
     lambda: books().select_related("author").only("title", "author__last_name")),
    ("C3", "{{ x.author }}{{ x.by }}", lambda: books().only("title", "author")),
    ("C4", "{{ x.hideable.name }}{{ x.base_hidden.name }}", lambda: Shelf.objects.order_by("pk")),
    ("C5", TAGS + AUTHOR, lambda: books().prefetch_related(some_tags())),
    ("C7", "{% for t in x.a %}{{ t }}{% endfor %}-{% for t in x.b %}{{ t }}{% endfor %}",
     lambda: books().prefetch_related(
         some_tags(to_attr="a"), Prefetch("tags", Tag.objects.filter(name="t0"), to_attr="b"))),
    ("C8", "{{ x.author.up }}", lambda: books().prefetch_related(
        Prefetch("author", Author.objects.annotate(up=Upper("last_name"))))),
    ("C9", AUTHOR, lambda: Book.objects.filter(title="Book & 1").union(
        Book.objects.filter(title="Book & 3")).order_by("id")),
    ("C10", "{{ x.title }}{{ x.0 }}", lambda: books().values_list("title", "author")),
    ("C11", AUTHOR, lambda: Book.objects.raw("SELECT * FROM jitapp_book ORDER BY id")),
    ("C12", AUTHOR, lambda: looked_through(books())),
    ("C13", "{% for c in x.comment_set.all %}{{ c.text }}{% endfor %}", books),
    ("C14", "{{ x.mate.name }}{{ x.worker.name }}", lambda: Worker.objects.order_by("pk")),
    ("C15", "{% for b in x.author.books.all %}{{ b.title }}{% endfor %}", books),
    ("C16", "{{ x.pk }}{{ x.name }}", lambda: Restaurant.objects.order_by("pk")),
    ("C18", "{{ x.observed.label }}{{ x.loose.name }}", lambda: Shelf.objects.order_by("pk")),
    ("C19", AUTHOR + "{% load seam_tags %}{% markup x.author %}", books),
    ("C20", "{{ x.subject }}{{ x.subject.title }}", lambda: Note.objects.order_by("pk")),
    ("C21", TAGS, lambda: books().prefetch_related(Prefetch("tags", Tag.objects.all()[:1]))),
    ("C22", "{{ x.tags.first }}{{ x.tags.last }}{{ x.tags.count }}{{ x.tags.all.0 }}",
     lambda: books().prefetch_related("tags")),
    ("C23", "{{ x.boss.boss.boss.boss.boss.boss.name }}", lambda: Worker.objects.order_by("pk")),
    ("C27", "{{ x.tags.count }}" + TAGS + "{{ x.tags.first }}{{ x.tags.exists }}", books),
    ("C28", "{{ x.title }}{{ x.status }}", lambda: books().defer("status").only("title")),
    ("C29", "{{ x.origin }}{{ x.origin.upper }}", lambda: Author.objects.order_by("pk")),
    ("C30", "{{ x.name }}{{ x.country.name }}", lambda: Hideable.objects.order_by("pk")),
    ("D1", "{{ x.loud }}{{ x.plain }}", lambda: Odd.objects.order_by("pk")),
    ("D2", "{{ x.loud }}{{ x.plain }}", lambda: Odd.objects.only("plain").order_by("pk")),
    ("D3", "{{ x.label }}{{ x.author.last_name }}", lambda: Observed.objects.order_by("pk")),
    ("D5", "{{ x.origin }}{{ x.country_id }}", lambda: Author.objects.order_by("pk")),
    ("D6", "{{ x.get_status_display }}{{ x.get_next_by_published }}", books),
    ("D7", "{% if x.avatar %}{{ x.avatar.url }}{% endif %}{{ x.avatar }}",
     lambda: Profile.objects.order_by("pk")),
    ("D8", "{{ x.picture }}{{ x.picture.name }}", lambda: Profile.objects.order_by("pk")),
    ("D9", "{{ x.twice }}", lambda: books().annotate(twice=F("price") * 2)),
    ("D10", "{{ x.up }}" + AUTHOR, lambda: books().annotate(up=Upper("title")).only("title")),
    ("D11", "{{ x.n }}" + AUTHOR, lambda: books().annotate(n=Count("tags"))),
    ("D12", "{{ x.status }}", lambda: Book.objects.order_by("status", "pk").distinct()),
    ("D13", "{% for b in x.books.all %}{{ b.title }}{% endfor %}{{ x.last_name }}",
     lambda: Author.objects.order_by("pk")),
    ("D14", "{% if x.editor %}{{ x.editor.country.name }}{% endif %}{{ x.editor.country }}", books),
    ("D15", "{{ x.profile.nick }}{% if x.profile %}y{% endif %}",
     lambda: Author.objects.order_by("pk")),
    ("D16", "{% for h in x.hideable_set.all %}{{ h.name }}{% endfor %}",
     lambda: Country.objects.order_by("pk")),
    ("D17", "{% ifchanged x.author %}{{ x.author }}{% endifchanged %}", books),
    ("D18", "{{ x.title }}{{ x.author.last_name }}",
     lambda: Author.objects.order_by("pk")[0].books.only("title")),
    ("D19", "{{ x.place.pk }}{{ x.place_id }}{{ x.place.slug }}",
     lambda: Visit.objects.order_by("pk")),
    ("D20", "{{ x.restaurant.stars }}{{ x.restaurant.name }}",
     lambda: Dish.objects.select_related("restaurant").only("restaurant__stars").order_by("pk")),
    ("D21", "{{ x.name }}{{ x.stars }}", lambda: Restaurant.objects.only("stars").order_by("pk")),
    ("D22", "{{ x }}{{ x.country }}", lambda: LoudAuthor.objects.order_by("pk")),
    ("D23", "{{ x.pk }}{{ x.label }}{{ x.book.title }}",
     lambda: Edition.objects.order_by("book_id", "number")),
    ("D25", "{{ x.extra.k.z }}{{ x.extra.items }}{{ x.extra.0 }}{{ x.extra.none }}", books),
    ("D29", AUTHOR, lambda: OwnFetch(Book).order_by("pk")),
    ("D30", "{{ x.editor.last_name }}", lambda: books().select_for_update()),
    ("D31", AUTHOR + TAGS, lambda: books()[2:5]),
    ("D39", AUTHOR + TAGS, lambda: books().using("default")),
    ("D40", "{{ x.title }}", lambda: books().iterator()),
    ("D44", "{{ x.name }}", lambda: Tag.objects.all().union(Tag.objects.filter(name="t1"))),
    ("D46", "{{ x.title }}{{ x.last_name }}{{ x.author.last_name }}",
     lambda: [*books()[:3], *Author.objects.order_by("pk")[:2], *books()[:3]]),
    ("D47", "{{ x.title }}", lambda: books().prefetch_related(some_tags(to_attr="title"))),
    ("D51", "{{ x.country.name }}" + "{% for b in x.books.all %}{{ b.title }}{% endfor %}",
     lambda: Author.objects.order_by("pk")),
    ("D52", "{{ x.comment_set.count }}", books),
]  # fmt: skip
PAGES = [
    ("C6", EACH.replace("BODY", TAGS) * 2, lambda q=None: {"xs": books().prefetch_related(
        some_tags())}),
    ("C17", EACH.replace("BODY", "{{ x.title }}"), lambda: {"xs": books()}),
    ("C24", EACH.replace("BODY", "{{ x.name }}"), lambda: {"xs": Country.objects.order_by("pk")}),
    ("D24", "{{ b.title }}{{ b.price }}{{ b.author }}{{ b.pk }}",
     lambda: {"b": Book(title="new", price=None)}),
    ("D32", EACH.replace("BODY", "{{ x.pk|yesno }}").replace("xs", "xs.all") * 2,
     lambda: {"xs": Book.objects.order_by("?")}),
    ("D33", "{{ xs.count }}{{ xs.exists }}{{ xs.first }}{{ xs.ordered }}{{ xs.db }}"
     "{{ xs|slice:'-1:'|length }}{% for x in xs %}{{ x }}{% endfor %}{{ xs.count }}",
     lambda: {"xs": books()}),
    ("D33 last", "{{ xs|last }}", lambda: {"xs": books()}),
    ("D34", "{% if xs.exists %}{{ xs.count }}" + EACH.replace("BODY", AUTHOR) + "{% endif %}",
     lambda: {"xs": books()}),
    ("D35", "{% if none %}" + EACH.replace("BODY", AUTHOR) + "{% endif %}",
     lambda: {"xs": books()}),
    ("D38", "{% if b in xs %}y{% endif %}{% for x in xs %}{% if x == b %}!{% endif %}{% endfor %}",
     lambda: {"xs": books(), "b": books()[2]}),
    ("D40", "{% for x in xs %}{{ x }}{% endfor %}-{% for x in xs %}{{ x }}{% endfor %}",
     lambda: {"xs": books().iterator()}),
    ("D41", "{% for x in xs %}{{ x }}{% endfor %}", lambda: {"xs": books().aiterator()}),
    ("D48", "{{ objects.count }}{{ model.objects }}{% for x in objects.all %}{{ x }}{% endfor %}",
     lambda: {"objects": Book.objects, "model": Book}),
    ("D49", "{% for x in ask %}{{ x }}{% endfor %}-{% for x in ask %}{{ x }}{% endfor %}",
     lambda: {"ask": counted_callable()}),
]  # fmt: skip


@pytest.fixture
def world(library: None) -> None:
    worlds.everything()
    Observed.objects.create(title="o", author=Author.objects.first())
    for at in range(3):
        Odd.objects.create(loud=f"l{at}", plain="p")
        BaseHidden(name=f"B{at}", hidden=at == 1).save()
    Noted.objects.last().delete()


def same(template, make):
    assert_same(template, make, configurations=[CONFIGURATIONS[0], CONFIGURATIONS[-1]])


@pytest.mark.parametrize(("body", "make"), [pytest.param(*row[1:], id=row[0]) for row in LOOPS])
def test_a_trap_in_a_loop(world, body, make):
    same(EACH.replace("BODY", body), lambda: {"xs": make()})


@pytest.mark.parametrize(("source", "make"), [pytest.param(*row[1:], id=row[0]) for row in PAGES])
def test_a_trap_on_a_page(world, source, make):
    same(source, make)


def test_objects_of_the_view_stay_as_they_were(world):
    """D36: what the view does with its QuerySet after the render is Django's."""
    for engine_reads in ("{{ x.title }}", AUTHOR):
        queryset = books()
        same(EACH.replace("BODY", engine_reads), lambda queryset=queryset: {"xs": queryset})
        assert [book.status for book in queryset] == [book.status for book in books()]


def test_only_columns_that_are_named_leave_the_database(world):
    """No secret reaches what a decision, a cache or a log could keep."""
    source = EACH.replace("BODY", "{{ x.title }}" + AUTHOR + "{{ x.author.get_full_name }}")
    engine = make_engine(Engine, {}, CONFIGURATIONS[0])
    with collect() as made, counted_queries() as queries:
        engine.from_string(source).render(Context({"xs": books()}))
    assert len(queries) == 1
    assert "secret" not in queries[0]
    assert not any("hash" in repr(one) for one in made)


def test_a_rollback_covers_what_a_page_saw(world):
    """D50: queries run on the connection and in the transaction of the caller."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jitapp_book SET title = 'seen'")
    same(EACH.replace("BODY", "{{ x.title }}"), lambda: {"xs": books()})


def test_more_keys_than_a_statement_takes(world):
    """D51: more parents than SQLite takes parameters; by rows and by instances."""
    Author.objects.bulk_create(Author(first_name="f", last_name="l") for _ in range(2_000))
    source = EACH.replace("BODY", "{% for b in x.books.all %}{{ b.title }}{% endfor %}")
    engine = make_engine(Engine, {}, CONFIGURATIONS[0])
    for xs in (Author.objects.order_by("pk"), list(Author.objects.order_by("pk"))):
        with counted_queries() as queries:
            text = engine.from_string(source).render(Context({"xs": xs}))
        assert (text.count(";"), text.count("Book"), len(queries) <= 4) == (2_014, 8, True)


def test_from_db_with_the_old_signature(world):
    """D43: a `from_db` that knows no fetch mode is called as Django calls it."""
    same(EACH.replace("BODY", "{{ x.title }}{{ x.seen }}"), lambda: {"xs": OldFromDb.objects.all()})


def test_lists_in_a_column_are_no_relations(world):
    """D26: paths go on in the value of a column, by index and by key."""
    Book.objects.update(extra=["a", {"b": [1, 2]}])
    body = (
        "{{ x.extra.0 }}{{ x.extra.1.b.1 }}{{ x.extra.7 }}{% for e in x.extra %}{{ e }}{% endfor %}"
    )
    same(EACH.replace("BODY", body), lambda: {"xs": books()})


@pytest.mark.parametrize("body", ["{{ x.tags.first }}", "{{ x.comment_set.first }}{{ x }}"])
def test_a_prefetch_that_failed_fails_again(world, body):
    """C21: the rows are there after the first error, what belongs to them is not."""
    sliced = Prefetch("tags", Tag.objects.all()[:1])
    source, outcomes = EACH.replace("BODY", body), []
    for name in ("oracle", "django"):
        queryset = books().prefetch_related(sliced)
        for _ in range(2):
            with pytest.raises(TypeError) as raised:
                engines[name].from_string(source).render({"xs": queryset})
            outcomes.append(str(raised.value))
    assert outcomes == outcomes[:1] * 4

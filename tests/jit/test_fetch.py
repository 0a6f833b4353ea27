"""First touch: what is run, remembered, and told."""

import gc

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.template import Context
from django.test.signals import template_rendered
from django.test.utils import CaptureQueriesContext, override_settings

from djust_engine._native import Rows
from djust_engine.backends.django import Engine
from djust_engine.decisions import collect
from djust_engine.jit import fetch
from djust_engine.jit.batch import Batch
from djust_engine.jit.cache import get_cache
from djust_engine.jit.fetch import Site
from djust_engine.jit.usage import COMPARED, ESCAPES, ITERATED, PRINTED, Usage
from tests.jitapp.models import Author, Book, Country

pytestmark = pytest.mark.usefixtures("library")


def tree(usage):
    return {
        "marks": usage.marks,
        "children": {name: tree(child) for name, child in usage.children.items()},
        "item": None if usage.item is None else tree(usage.item),
    }


def site(*paths, item=0, variable="books"):
    elements = Usage.of_paths(paths)
    usage = Usage(ITERATED, {}, Usage(item, elements.children))
    return Site("page.html", 3, variable, tree(usage))


def touch(queryset, *sites):
    with CaptureQueriesContext(connection) as queries:
        return fetch.query(sites, queryset), len(queries)


def test_a_queryset_is_run_once_however_often_it_is_touched():
    books, here = Book.objects.order_by("pk"), site("title")
    first, one = touch(books, here)
    again, none = touch(books, here)
    assert isinstance(first, Rows) and first is again
    assert (one, none) == (1, 0)
    assert books._result_cache is None


def test_another_place_that_reads_no_more_runs_nothing():
    books = Book.objects.order_by("pk")
    first, _ = touch(books, site("title", "author.last_name"))
    assert touch(books, site("title")) == (first, 0)


def test_a_place_that_reads_more_is_fetched_for():
    books = Book.objects.order_by("pk")
    first, _ = touch(books, site("title"))
    second, queries = touch(books, site("author.last_name"))
    assert second is not first and queries == 1


def test_all_places_of_a_queryset_are_fetched_for_at_once():
    books, here, there = Book.objects.order_by("pk"), site("title"), site("author.last_name")
    first, _ = touch(books, here, there)
    assert {"title", "author"} <= set(first.shape.names())
    assert touch(books, there) == (first, 0)


def test_what_is_remembered_goes_with_the_queryset():
    books = Book.objects.order_by("pk")
    touch(books, site("title"))
    key = id(books)
    assert key in fetch._remembered
    del books
    gc.collect()
    assert key not in fetch._remembered


def test_rows_are_of_the_database_of_now():
    here = site("title")
    before, _ = touch(Book.objects.order_by("pk"), here)
    Book.objects.filter(title="Book & 0").update(title="changed")
    after, _ = touch(Book.objects.order_by("pk"), here)
    assert before.rows[0][1] == "Book & 0"
    assert after.rows[0][1] == "changed"


def test_instances_stay_in_the_queryset():
    books = Book.objects.order_by("pk")
    batch, queries = touch(books, site("author.last_name", item=COMPARED))
    assert isinstance(batch, Batch) and queries == 1
    assert books._result_cache is batch.peers
    with CaptureQueriesContext(connection) as more:
        assert all(book.author.last_name for book in books)
    assert not more


def test_an_evaluated_queryset_is_not_run_again():
    books = Book.objects.order_by("pk")
    held = list(books)
    batch, queries = touch(books, site("author.last_name"))
    assert queries == 0
    assert batch.peers == held


@pytest.mark.parametrize("make", [Book.objects.values, Book.objects.values_list])
def test_what_gives_no_instances_holds_what_django_makes_of_it(make):
    books = make("title")
    assert touch(books, site("title")) == (None, 1)
    assert books._result_cache == list(make("title"))


def test_a_queryset_that_would_notice_is_not_evaluated():
    class Noticing(QuerySet):
        def _fetch_all(self):
            raise AssertionError

    assert touch(Noticing(Book).values("title"), site("title")) == (None, 0)


def test_a_list_without_relations_is_left_alone():
    books = list(Book.objects.order_by("pk"))
    assert fetch.instances((site("title"),), books) is None
    assert fetch.instances((site("author.last_name"),), []) is None
    assert fetch.instances((site("author.last_name"),), ["a", "b"]) is None


def test_a_plan_is_made_once_for_a_shape(monkeypatch):
    get_cache().invalidate()
    here, made = site("price"), []
    make_plan = fetch.make_plan
    monkeypatch.setattr(fetch, "make_plan", lambda *args: made.append(args) or make_plan(*args))
    for title in ("a", "b", "c"):
        touch(Book.objects.filter(title=title), here)
    touch(Book.objects.all(), site("price"))
    assert len(made) == 1
    touch(Book.objects.distinct(), here)
    assert len(made) == 2


def test_each_stage_tells_what_it_did():
    get_cache().invalidate()
    here = site("title", "author.last_name", variable="shelf.books")
    with collect() as made:
        touch(Book.objects.order_by("pk"), here)
        touch(Book.objects.order_by("pk"), here)
    assert [(one.kind, one.mode) for one in made] == [
        ("cache", "miss"),
        ("plan", "rows"),
        ("fetch", "rows"),
        ("cache", "hit"),
        ("fetch", "rows"),
    ]
    plan, fetched = made[1], made[2]
    assert (plan.template, plan.line, plan.variable) == ("page.html", 3, "shelf.books")
    assert plan.model == "jitapp.Book"
    assert plan.detail["paths"] == ["author.last_name", "title"]
    detail = dict(fetched.detail)
    assert detail.pop("seconds") > 0
    assert detail == {"objects": 8, "queries": 1, "relation": "", "joined": 0}
    assert made[3].detail["plan"] is plan.detail["plan"]


def test_a_fetch_tells_how_many_objects_its_joins_brought():
    with collect() as made:
        touch(Book.objects.order_by("pk"), site("author.country.name", "editor.pk", item=ESCAPES))
    (fetched,) = [one for one in made if one.kind == "fetch"]
    assert fetched.mode == "instances"
    authors = Author.objects.filter(books__isnull=False)
    countries = authors.exclude(country=None).count()
    editors = Book.objects.exclude(editor=None).count()
    assert fetched.detail["joined"] == 8 + countries + editors


def test_a_decision_holds_no_value_of_a_row():
    with collect() as made:
        touch(Book.objects.order_by("pk"), site("title"))
    assert "Book &" not in repr(made)


@override_settings(DJUST_CONFIG={"JIT_SERIALIZATION": False})
def test_the_pipeline_can_be_turned_off():
    here = site("author.last_name")
    assert touch(Book.objects.order_by("pk"), here) == (None, 0)
    assert fetch.instances((here,), list(Book.objects.order_by("pk"))) is None


def test_who_asks_a_row_for_a_private_name_runs_no_query():
    """As tools do that look at the values of a context when a template is rendered."""
    seen = []

    def look(sender, template, context, **kwargs):
        values = [layer["a"] for layer in context.dicts if "a" in layer]
        seen.extend(hasattr(value, "_wrapped") for value in values)

    loaders = [("django.template.loaders.locmem.Loader", {"part": "{{ a.first_name }}"})]
    template = Engine(loaders=loaders).from_string(
        "{% for a in authors %}{% include 'part' %}{% endfor %}"
    )
    template_rendered.connect(look)
    try:
        with CaptureQueriesContext(connection) as queries:
            template.render(Context({"authors": Author.objects.order_by("pk")}))
    finally:
        template_rendered.disconnect(look)
    assert seen == [False] * 6
    assert len(queries) == 1


def test_an_instance_on_demand_is_what_django_would_have_made():
    rows, _ = touch(Author.objects.order_by("pk"), site("first_name", item=PRINTED))
    shape = rows.shape
    assert "first_name" in shape.names()
    (author,) = Author.objects.order_by("pk")[:1]
    site_of_one = site("origin")
    plan = fetch.make_plan(
        Author,
        site_of_one.reading((site_of_one,)).usage,
        fetch.query_shape(Author.objects.order_by("pk")),
    )
    make = fetch.Binder("default", lambda entries, make, model: make, lambda *args: None)
    columns = Author.objects.order_by("pk").values_list(*plan.columns)
    made = make.shape(Author, plan.shape)(columns[0])
    assert made == author and made.__dict__.keys() == {"_state", "id", "country_id"}
    assert (made._state.db, made._state.adding) == ("default", False)
    with CaptureQueriesContext(connection) as queries:
        assert made.origin == "Germany"
    assert not queries


def test_an_instance_that_nobody_foresaw_is_fetched_by_its_key():
    plan = fetch.make_plan(
        Country,
        Usage(ITERATED, {}, Usage.of_paths(["name"])),
        fetch.query_shape(Country.objects.order_by("pk")),
    )
    bind = fetch.Binder("default", lambda entries, make, model: make, lambda *args: None)
    row = Country.objects.order_by("pk").values_list(*plan.columns)[0]
    assert bind.shape(Country, plan.shape)(row) == Country.objects.order_by("pk")[0]


def test_an_instance_without_a_key_is_reached_from_the_one_before():
    here = site("author.last_name")
    plan = fetch.make_plan(
        Book, here.reading((here,)).usage, fetch.query_shape(Book.objects.order_by("pk"))
    )
    made = []
    bind = fetch.Binder(
        "default", lambda entries, make, model: made.append(make), lambda *args: None
    )
    bind.shape(Book, plan.shape)
    row = Book.objects.order_by("pk").values_list(*plan.columns)[0]
    assert made[0](row) == Book.objects.order_by("pk")[0].author

"""What code fetched late is joined from then on, and forgotten when nobody reads it any more."""

import gc

import pytest
from django.db import connection
from django.template import engines
from django.test.utils import CaptureQueriesContext

from djust_engine.decisions import collect
from djust_engine.jit.cache import get_cache
from djust_engine.jit.plan import InstancesPlan, from_json, to_json
from tests.jit.test_peers import described
from tests.jitapp.models import Author, Book, Described

pytestmark = pytest.mark.usefixtures("library")

LOOP = "{% for one in all %}{{ one }} {% endfor %}"


class Site:
    """A template with the queries of each of its pages."""

    def __init__(self, source=LOOP):
        get_cache().invalidate()
        self.template = engines["django"].from_string(source)
        self.oracle = engines["oracle"].from_string(source)

    def page(self, make=described, **context):
        with CaptureQueriesContext(connection) as queries, collect() as self.decisions:
            text = self.template.render({"all": make(), **context})
        assert text == self.oracle.render({"all": make(), **context})
        return len(queries)

    def told(self):
        return [(one.mode, one.detail["paths"]) for one in self.decisions if one.kind == "learned"]


def test_what_was_fetched_late_is_joined_the_next_time():
    site = Site()
    assert site.page() == 3
    assert site.told() == [("learned", ["author", "author__country"])]
    assert [site.page() for _ in range(3)] == [1, 1, 1]
    assert site.told() == []


def test_what_was_joined_is_on_an_instance_only_where_it_is_read():
    site = Site("{% for one in all %}{% if forloop.first %}{{ one }}{% endif %}{% endfor %}")
    site.page()
    kept = described()
    assert site.page(lambda: kept) == 1
    first, second, *_ = kept._result_cache
    assert Book.author.is_cached(first)
    assert Author.country.is_cached(first.author)
    assert not Book.author.is_cached(second)
    Author.objects.update(first_name="new")
    assert second.author.first_name == "new"


@pytest.mark.parametrize("order", ["pk", "-pk"])
@pytest.mark.parametrize(
    ("whole", "below"), [("editor", "author"), ("author", "editor"), ("author.country", "editor")]
)
def test_what_was_joined_for_one_relation_is_not_missing_for_another(order, whole, below):
    """Authors and editors are of one model; what was learned of the ones says nothing of others."""
    source = "{% load peer_tags %}{% for one in all %}{{ one.WHOLE }}{{ one.BELOW|nick_of }}"
    site = Site((source + "{% endfor %}").replace("WHOLE", whole).replace("BELOW", below))
    pages = [site.page(lambda: Described.objects.order_by(order)) for _ in range(5)]
    assert pages == sorted(pages, reverse=True)


def test_missing_objects_stay_missing():
    source = "{% for one in all %}{{ one.voices }}{{ one.editor_name }}{% endfor %}"
    Described.editor_name = lambda self: str(self._reached("editor"))
    try:
        site = Site(source)
        first = site.page()
        assert ("learned", ["editor"]) in site.told()
        assert site.page() < first
    finally:
        del Described.editor_name


def test_it_is_forgotten_when_nobody_reads_it():
    source = "{% for one in all %}{% if shown %}{{ one }}{% endif %}{% endfor %}"
    site = Site(source)
    site.page(shown=True)
    assert site.page(shown=True) == 1
    assert [site.page(shown=False) for _ in range(8)] == [1] * 8
    assert site.told() == [("forgotten", ["author", "author__country"])]
    assert site.page(shown=True) == 3


def test_it_is_shared_with_the_plan():
    site = Site()
    site.page()
    again = engines["django"].from_string(LOOP)
    with CaptureQueriesContext(connection) as queries:
        again.render({"all": described()})
    assert len(queries) == 1


def test_querysets_that_keep_their_columns_learn_nothing():
    for make in (
        lambda: described().distinct(),
        lambda: described().only("title"),
        lambda: described().prefetch_related("tags"),
    ):
        site = Site()
        site.page(make)
        assert site.told() == []


def test_no_page_runs_a_query_more():
    source = "{% for one in all %}{% if one.pk in chosen %}{{ one }}{% endif %}{% endfor %}"
    site = Site(source)
    pks = [one.pk for one in Book.objects.all()]
    for chosen in ([], pks[:1], [], pks, [], [], pks[1:3]):
        with CaptureQueriesContext(connection) as queries:
            site.oracle.render({"all": described(), "chosen": chosen})
        assert site.page(chosen=chosen) <= len(queries)


def test_a_learned_plan_travels_as_json():
    plan = InstancesPlan("jitapp.Book", (), (), (), ("author", "author__country"))
    assert from_json(to_json(plan)) == plan


def test_nothing_is_kept_alive():
    site = Site()
    site.page()
    site.page()
    gc.collect()
    found = described()
    site.page(lambda: found)
    assert all(type(one._state.fields_cache) is dict for one in found)

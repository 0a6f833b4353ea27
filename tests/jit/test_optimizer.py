"""Which plan is made: (usage, plan as JSON), and (QuerySet, usage, mode, reason)."""

import json

import pytest
from django.db.models import Count, F, FilteredRelation, Prefetch, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.signals import post_init

from djust_engine.jit.caching.plans import require_fit
from djust_engine.jit.fetch import query_shape
from djust_engine.jit.optimizer import (
    Asked,
    analyze_queryset_optimization,
    make_plan,
    optimize_queryset,
)
from djust_engine.jit.plan import PlanError, from_json, to_json
from djust_engine.jit.usage import (
    COMPARED,
    ESCAPES,
    ITERATED,
    LENGTH,
    PRINTED,
    TESTED,
    Usage,
)
from tests.jit.conftest import loop_over, objects_of
from tests.jitapp.models import (
    Author,
    Book,
    Comment,
    Haunted,
    Hideable,
    LoudAuthor,
    Note,
    Noted,
    Observed,
    Odd,
    Profile,
    Restaurant,
    Shelf,
    Tag,
    Visit,
)


def plan_of(queryset, usage):
    shape = query_shape(queryset)._replace(joins_keep_order=True, free=False)
    return make_plan(queryset.model, usage, shape)


def tree(plan):
    """The plan's JSON, without what says nothing here."""

    def clean(node):
        if isinstance(node, list):
            return [clean(one) for one in node]
        if not isinstance(node, dict):
            return node
        left = {key: clean(value) for key, value in node.items() if key not in ("type", "model")}
        return {key: value for key, value in left.items() if value != [] and value is not False}

    return clean(json.loads(to_json(plan))["plan"])


COLUMNS = [
    (["title"], ["id", "title"]),
    (["pk", "id"], ["id", "status"]),
    (["author_id"], ["id", "author_id", "status"]),
    (["author.pk"], ["id", "author_id", "status"]),
    (["author.last_name"], ["id", "author__last_name", "status"]),
    (["editor.last_name"], ["id", "editor_id", "editor__last_name", "status"]),
    (["extra.k.z", "price"], ["id", "extra", "price"]),
    (["missing.name", "title"], ["id", "title"]),
    (["author.profile.nick"], ["id", "author__profile__id", "author__profile__nick", "status"]),
]


@pytest.mark.parametrize(("paths", "columns"), COLUMNS)
def test_rows_hold_the_columns_that_are_read(paths, columns):
    assert tree(plan_of(Book.objects.all(), loop_over(*paths)))["columns"] == columns


def test_a_column_is_found_where_it_was_put():
    usage = loop_over("title", "author.last_name", "get_status_display", "missing")
    assert tree(plan_of(Book.objects.all(), usage)) == {
        "columns": ["id", "title", "author__last_name", "status"],
        "shape": {
            "key": 0,
            "entries": [
                {"name": "title", "index": 1},
                {"name": "author", "key": 0, "shape": {"key": -1, "entries": [
                    {"name": "last_name", "index": 2},
                ]}},
                {"name": "get_status_display", "index": 3, "maker": "display", "field": "status"},
                {"name": "missing"},
            ],
        },
    }  # fmt: skip


def test_a_manager_is_rows_of_its_own():
    usage = loop_over(tags=objects_of("name"))
    assert tree(plan_of(Book.objects.all(), usage)) == {
        "columns": ["id", "status"],
        "shape": {
            "key": 0,
            "entries": [
                {"name": "tags", "key": 0, "lookup": "books", "group": 0, "generic": "", "rows": {
                    "columns": ["books", "id", "name"],
                    "shape": {"key": 1, "entries": [{"name": "name", "index": 2}]},
                }},
            ],
        },
    }  # fmt: skip


def test_code_that_names_a_relation_gets_it_along():
    plan = plan_of(Book.objects.all(), loop_over("by"))
    assert "author__last_name" in plan.columns


CODE = [
    (loop_over("last_name"), ("last_name", "id")),
    (Usage(ITERATED, {}, Usage(PRINTED)), ("id", "first_name", "last_name")),
    (loop_over("get_full_name"), ("id", "first_name", "last_name")),
    (loop_over("delete"), ("id", "first_name")),
    (loop_over("origin"), ("id", "country_id", "country__name", "country__notes")),
]


@pytest.mark.parametrize(("usage", "columns"), CODE)
def test_an_instance_has_the_columns_that_code_can_read(usage, columns):
    assert set(columns) <= set(plan_of(Author.objects.all(), usage).columns) | {"country__id"}
    assert ("secret" in plan_of(Author.objects.all(), usage).columns) == ("secret" in columns)


SQL = RawSQL("upper(title)", ())
RAW = Q(title=SQL)
READ = loop_over("title", "author.last_name")
NAMED = loop_over("name")
SOME_TAGS = Prefetch("tags", Tag.objects.filter(name="t1"))
TITLE = loop_over("title")


def _marked(marks, item=0):
    return Usage(marks, {}, Usage(item, {"author": Usage(0, {"last_name": Usage(PRINTED)})}))


MODES = [
    (lambda: Book.objects.all(), READ, "rows", ""),
    (lambda: Book.objects.filter(title="x").order_by("-title")[3:5], READ, "rows", ""),
    (lambda: Book.objects.none(), READ, "rows", ""),
    (lambda: Book.objects.select_related("editor"), READ, "rows", ""),
    (lambda: Book.objects.annotate(n=F("price") * 2), READ, "rows", ""),
    (lambda: Book.objects.annotate(n=Value(1)), loop_over("n"), "rows", ""),
    (lambda: Author.objects.get_or_create(pk=1)[0].books.all(), TITLE, "rows", ""),
    (lambda: Hideable.everything.all(), NAMED, "rows", ""),
    (lambda: Hideable.objects.all(), NAMED, "rows", ""),
    (lambda: Author.objects.all(), loop_over("objects"), "untouched", "Author.objects may read"),
    (lambda: Author.objects.all(), loop_over("described"), "instances", "Author.described may"),
    (lambda: Book.objects.all(), Usage(LENGTH | TESTED), "rows", ""),
    (lambda: Book.objects.all(), _marked(ITERATED | ESCAPES), "instances", "it is handed to code"),
    (lambda: Book.objects.all(), _marked(ITERATED | PRINTED), "instances", "it is printed or"),
    (lambda: Book.objects.all(), _marked(ITERATED, ESCAPES), "instances", "Book escapes"),
    (lambda: Book.objects.all(), _marked(ITERATED, COMPARED), "instances", "Book is compared"),
    (lambda: Book.objects.all(), _marked(ITERATED, LENGTH), "instances", "Book is used as a seq"),
    (lambda: Book.objects.distinct(), READ, "instances", "distinct()"),
    (lambda: Book.objects.all().union(Book.objects.all()), READ, "instances", "union"),
    (lambda: Book.objects.annotate(n=Count("tags")), READ, "instances", "aggregates"),
    (lambda: Book.objects.extra(select={"n": "1"}), READ, "instances", "a piece of SQL"),
    (lambda: Book.objects.extra(where=["title = 1"]), READ, "instances", "a piece of SQL"),
    (lambda: Book.objects.filter(RAW, pk=1), READ, "instances", "a piece of SQL"),
    (lambda: Book.objects.filter(~Q(Q(pk=2) & RAW)), READ, "instances", "a piece of SQL"),
    (lambda: Book.objects.annotate(n=SQL), READ, "instances", "a piece of SQL"),
    (lambda: Book.objects.alias(author__x=F("title")), READ, "instances", "a name of its own"),
    (lambda: Book.objects.annotate(a=FilteredRelation("author")), READ, "instances", "a name"),
    (lambda: Book.objects.alias(x=F("title")), READ, "rows", ""),
    (lambda: Book.objects.order_by(SQL), READ, "instances", "a piece of SQL"),
    (lambda: Book.objects.filter(price__gt=F("price") + 1, pk__in=[1]), READ, "rows", ""),
    (lambda: Book.objects.filter(author__in=Author.objects.all()), READ, "rows", ""),
    (lambda: Book.objects.select_for_update(), READ, "instances", "select_for_update()"),
    (lambda: Book.objects.only("title"), READ, "rows", ""),
    (lambda: Book.objects.only("author"), READ, "instances", "only() or defer()"),
    (lambda: Book.objects.only("nonsense"), READ, "instances", "only() or defer()"),
    (lambda: Book.objects.defer("title"), READ, "rows", ""),
    (lambda: Book.objects.prefetch_related("tags"), READ, "rows", ""),
    (lambda: Book.objects.prefetch_related(Prefetch("tags")), READ, "rows", ""),
    (lambda: Book.objects.prefetch_related("nonsense"), READ, "instances", "prefetch_related()"),
    (lambda: Book.objects.prefetch_related(SOME_TAGS), READ, "instances", "a Prefetch of its own"),
    (lambda: Shelf.objects.prefetch_related("base_hidden"), NAMED, "untouched", "VisibleManager"),
    (lambda: Haunted.objects.prefetch_related("ghost"), NAMED, "untouched", "Ghost may have no"),
    (lambda: Author.objects.get_or_create(pk=1)[0].books.all(), READ, "instances", "its parent"),
    (lambda: Book.objects.select_related("author"), loop_over("by"), "instances", "the instance"),
    (lambda: Book.objects.all(), loop_over(tags=Usage(0, {"first": Usage()})), "untouched", "the "),
    (lambda: Book.objects.all(), loop_over(friends=objects_of("title")), "rows", ""),
    (lambda: Book.objects.values("title"), TITLE, "untouched", "it does not give instances"),
    (lambda: Book.objects.values_list("title"), TITLE, "untouched", "it does not give instances"),
    (lambda: Book.objects.dates("published", "year"), TITLE, "untouched", "it does not give"),
    (lambda: Observed.objects.all(), loop_over("author.last_name"), "instances", "Observed over"),
    (lambda: Restaurant.objects.all(), loop_over("stars"), "rows", ""),
    (lambda: LoudAuthor.objects.all(), loop_over("country.name"), "rows", ""),
    (lambda: Visit.objects.all(), loop_over("place.name"), "rows", ""),
    (lambda: Shelf.objects.all(), loop_over("hideable.name"), "rows", ""),
    (lambda: Shelf.objects.all(), loop_over("base_hidden.name"), "untouched", "VisibleManager"),
    (lambda: Shelf.objects.all(), loop_over("loose.name"), "instances", "loose has no constraint"),
    (lambda: Shelf.objects.all(), loop_over("observed.title"), "instances", "Observed overrides"),
    (lambda: Note.objects.all(), loop_over("subject.name"), "instances", "subject is not one"),
    (lambda: Noted.objects.all(), loop_over(notes=objects_of("text")), "rows", ""),
    (lambda: Odd.objects.all(), loop_over("plain"), "rows", ""),
    (lambda: Odd.objects.all(), loop_over("loud"), "rows", ""),
    (lambda: Profile.objects.all(), loop_over("avatar.url", "picture.width"), "rows", ""),
    (lambda: Profile.objects.all(), loop_over("avatar.storage"), "untouched", "the file avatar"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "usage", "mode", "reason"), MODES)
def test_the_mode_is_the_fastest_that_nobody_notices(make, usage, mode, reason):
    plan = plan_of(make(), usage)
    assert plan.mode == mode
    assert "; ".join(plan.reasons).startswith(reason)
    assert bool(plan.reasons) == bool(reason)


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "usage", "mode", "reason"), MODES)
def test_a_plan_that_was_shared_is_known_again(make, usage, mode, reason):
    queryset = make()
    asked = Asked(queryset.model, usage, query_shape(queryset))
    plan = from_json(to_json(make_plan(*asked)))
    require_fit(plan, asked)
    if not asked.shape.annotations:
        require_fit(plan)
    if plan.mode == "rows":
        other = asked._replace(usage=Usage(ITERATED, {}, Usage.of_paths(["pk", "other"])))
        with pytest.raises(PlanError):
            require_fit(plan, other)


def test_receivers_of_init_want_instances():
    def receive(**kwargs):
        raise AssertionError

    post_init.connect(receive, sender=Tag)
    try:
        assert plan_of(Tag.objects.all(), NAMED).reasons == (
            "Tag has pre_init or post_init receivers",
        )
    finally:
        post_init.disconnect(receive, sender=Tag)
    assert plan_of(Tag.objects.all(), NAMED).mode == "rows"


@pytest.mark.skipif(not hasattr(QuerySet, "fetch_mode"), reason="Django 6.1 brought fetch modes")
@pytest.mark.parametrize("name", ["FETCH_ONE", "FETCH_PEERS", "FETCH_RAISE"])
def test_a_fetch_mode_that_was_chosen_is_kept(name):
    from django.db.models import fetch_modes

    books = Book.objects.fetch_mode(getattr(fetch_modes, name))
    plan = plan_of(books, READ)
    assert (plan.mode, getattr(plan, "joins", ())) == (
        ("rows", ()) if name == "FETCH_ONE" else ("instances", ())
    )


INSTANCES = [
    (Book, loop_over("author.country.name", "editor.pk"), ("author", "author__country", "editor")),
    (Book, loop_over("by"), ("author",)),
    (Shelf, loop_over("hideable.name", "loose.name", "base_hidden.name"), ("hideable",)),
    (Shelf, loop_over("observed.title"), ()),
    (Comment, loop_over("author.profile.nick"), ("author", "author__profile")),
]


@pytest.mark.parametrize(("model", "usage", "joins"), INSTANCES)
def test_instances_join_what_a_join_may_follow(model, usage, joins):
    item = Usage(COMPARED, usage.item.children)
    plan = plan_of(model.objects.all(), Usage(ITERATED, {}, item))
    assert getattr(plan, "joins", ()) == joins


ANALYSES = [
    (["title"], [], []),
    (["author.last_name", "author.country.name"], ["author__country"], []),
    (["author.profile.nick"], ["author__profile"], []),
    (["author_id", "author.pk"], ["author"], []),
    (["tags.all.name", "tags.name"], [], ["tags"]),
    (["comment_set.all.author.last_name"], [], ["comment_set__author"]),
    (["author.books.all.title"], ["author"], ["author__books"]),
    (["nonsense.name", "title.upper", "author.nonsense.x"], ["author"], []),
]


@pytest.mark.parametrize(("paths", "joins", "prefetches"), ANALYSES)
def test_paths_become_relations(paths, joins, prefetches):
    optimization = analyze_queryset_optimization(Book, paths)
    assert optimization.to_dict() == {"select_related": joins, "prefetch_related": prefetches}


@pytest.mark.django_db
def test_an_optimization_is_applied(library, django_assert_num_queries):
    paths = ["author.country.name", "tags.all.name", "comment_set.all.author.last_name"]
    optimization = analyze_queryset_optimization(Book, paths)
    with django_assert_num_queries(4):
        for book in optimize_queryset(Book.objects.all(), optimization):
            assert book.author.country is None or book.author.country.name
            list(book.tags.all())
            all(one.author.last_name for one in book.comment_set.all())


def test_nothing_to_optimize_leaves_the_queryset():
    queryset = Book.objects.all()
    assert optimize_queryset(queryset, analyze_queryset_optimization(Book, [])) is queryset

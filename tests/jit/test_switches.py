"""Switches that leave QuerySets to Django: the same bytes, Django's own queries, and a reason."""

import pickle

import pytest
from django.db import connection
from django.db.models import Count, Q
from django.template import Context, engines
from django.template import Engine as DjangoEngine
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from djust_engine import switches, untouched
from djust_engine.backends.django import DjustTemplates, Engine
from djust_engine.decisions import collect
from tests.jitapp.models import Author, Book

pytestmark = pytest.mark.usefixtures("library")

LOOP = (
    "{% for book in books %}{{ book.title }} {{ book.author.country.name }}"
    "{% for tag in book.tags.all %}{{ tag }}{% endfor %}{% endfor %}"
)
OFF = "{# djust: off #}"
OPTIONS = {"NAME": "off", "DIRS": [], "APP_DIRS": False}


def outcome(template, context):
    """Text, statements, and the plans that were made."""
    with CaptureQueriesContext(connection) as queries, collect() as made:
        text = template.render(context)
    plans = [(one.mode, one.reason) for one in made if one.kind == "plan"]
    return text, [query["sql"] for query in queries], plans


def engine_pair(**sources):
    templates = {f"{name}.html": source for name, source in sources.items()}
    loaders = [("django.template.loaders.locmem.Loader", templates)]
    return [made(loaders=loaders).get_template("page.html") for made in (DjangoEngine, Engine)]


def assert_left(ours, source, reason, books=Book.objects.all, all_of_it=True):
    """The template does what Django does with the same source; each plan says why."""
    django = outcome(engines["oracle"].from_string(source), {"books": books()})
    text, queries, plans = outcome(ours, {"books": books()})
    assert (text, len(text) > 20) == (django[0], True)
    assert queries == django[1] or not all_of_it
    assert plans and {plan for plan in plans if plan[0] == "untouched"} == {("untouched", reason)}
    assert len(queries) <= len(django[1])


def test_the_setting():
    with override_settings(DJUST_CONFIG={"JIT_SERIALIZATION": False}):
        assert_left(engines["django"].from_string(LOOP), LOOP, switches.SETTING)


def test_the_option_of_an_engine():
    backend = DjustTemplates({**OPTIONS, "OPTIONS": {"jit": False}})
    assert_left(backend.from_string(LOOP), LOOP, switches.ENGINE)


def test_the_option_of_an_engine_is_on_by_default():
    for options in ({}, {"jit": True}):
        backend = DjustTemplates({**OPTIONS, "OPTIONS": options})
        _, _, plans = outcome(backend.from_string(LOOP), {"books": Book.objects.order_by("pk")})
        assert ("rows", "") in plans


def test_a_wrong_option_is_a_check():
    (problem,) = DjustTemplates({**OPTIONS, "OPTIONS": {"jit": "no"}}).check()
    assert problem.id == "djust_engine.E006"
    assert "not 'no'" in problem.msg


@pytest.mark.parametrize("comment", [OFF, "{#djust:off#}", "text {#  djust:  off  #}"])
def test_the_comment(comment):
    source = comment + LOOP
    assert_left(engines["django"].from_string(source), source, switches.TEMPLATE)


@pytest.mark.parametrize(
    "comment",
    ["{% verbatim %}{# djust: off #}{% endverbatim %}", "{# not djust: off #}", "djust: off"],
)
def test_what_is_no_such_comment(comment):
    template = engines["django"].from_string(comment + LOOP)
    _, _, plans = outcome(template, {"books": Book.objects.order_by("pk")})
    assert ("rows", "") in plans


def test_single_objects_and_lists_are_left_too():
    source = OFF + "{{ book.author.country.name }}{% for one in all %}{{ one.author }}{% endfor %}"

    def context():
        return {"book": Book.objects.first(), "all": list(Book.objects.order_by("pk"))}

    django, ours = (
        outcome(engines[name].from_string(source), context()) for name in ("oracle", "django")
    )
    assert ours[:2] == django[:2]
    assert {mode for mode, _ in ours[2]} == {"untouched"}


INCLUDING = "{% for book in books %}{% include 'part.html' %}{% endfor %}"
PAIRS = [
    {"page": OFF + INCLUDING, "part": "{{ book.author.last_name }}"},
    {"page": INCLUDING, "part": OFF + "{{ book.author.last_name }}"},
    {"page": "{{ books|length }}{% include 'part.html' %}" + LOOP, "part": OFF + LOOP},
    {"page": LOOP + "{% include 'part.html' %}", "part": OFF + LOOP},
    {"page": OFF + LOOP + "{% include 'part.html' %}" + LOOP, "part": LOOP},
    {"page": LOOP + "{% include part %}", "part": OFF + LOOP},
    {
        "page": OFF + "{% extends 'base.html' %}{% block a %}" + LOOP + "{% endblock %}",
        "base": LOOP + "{% block a %}{% endblock %}" + LOOP,
    },
    {
        "page": "{% extends 'base.html' %}{% block a %}" + LOOP + "{% endblock %}",
        "base": OFF + "{% block a %}{% endblock %}" + LOOP,
    },
    {
        "page": "{% extends 'base.html' %}{% block a %}" + LOOP + "{{ block.super }}{% endblock %}",
        "base": OFF + "{% block a %}" + LOOP + "{% endblock %}",
    },
]


@pytest.mark.parametrize("sources", PAIRS)
def test_templates_that_are_off_and_on_share_a_query(sources):
    """The scope is the file; whoever fetches first, nobody fetches twice."""
    django, ours = (
        outcome(template, Context({"books": Book.objects.order_by("pk"), "part": "part.html"}))
        for template in engine_pair(**sources)
    )
    assert ours[0] == django[0]
    assert len(ours[1]) <= len(django[1])


CHAINS = {
    "all": lambda books: books.all(),
    "filter": lambda books: books.filter(author__country__name="Germany"),
    "exclude": lambda books: books.exclude(Q(title="x") | Q(pk=0)),
    "order_by": lambda books: books.order_by("-title").reverse(),
    "slice": lambda books: books.order_by("pk")[1:5],
    "annotate": lambda books: books.annotate(number=Count("tags")),
    "distinct": lambda books: books.distinct(),
    "select_related": lambda books: books.select_related("author"),
    "prefetch_related": lambda books: books.prefetch_related("tags"),
    "using": lambda books: books.using("default"),
    "only": lambda books: books.only("title"),
    "or": lambda books: books.filter(pk=1) | books.filter(pk__gt=1),
    "union": lambda books: books.filter(pk=1).union(books.filter(pk__gt=1)),
    "pickle": lambda books: pickled(books),
}


def pickled(queryset):
    query = pickle.loads(pickle.dumps(queryset.query))
    copied = Book.objects.order_by("pk")
    copied.query = query
    return copied


@pytest.mark.parametrize("name", CHAINS)
def test_one_queryset_and_all_that_is_made_of_it(name):
    source = "{% for book in books %}{{ book.title }} {{ book.author.country.name }}{% endfor %}"

    def made():
        return CHAINS[name](untouched(Book.objects.all()))

    assert switches.is_untouched(made())
    assert_left(engines["django"].from_string(source), source, switches.QUERYSET, made)


def test_an_evaluated_one_is_left_too():
    def made():
        books = untouched(Book.objects)
        len(books)
        return books

    source = "{% for book in books %}{{ book.title }} {{ book.author.country.name }}{% endfor %}"
    assert_left(engines["django"].from_string(source), source, switches.QUERYSET, made)


def test_the_original_is_as_it_was():
    books = Book.objects.order_by("pk")
    untouched(books)
    assert not switches.is_untouched(books)
    author = Author.objects.prefetch_related("books").first()
    untouched(author.books)
    assert not switches.is_untouched(author.books.all())


def test_only_querysets_and_managers_can_be_marked():
    for wrong in ([], Book.objects.raw("SELECT 1"), None):
        with pytest.raises(TypeError, match="QuerySet or a manager"):
            untouched(wrong)

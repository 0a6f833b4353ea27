"""The statements that `djust_explain` tells are those that run, and mistakes are told with them."""

import pytest
from django.db import connection
from django.template import Context
from django.test.utils import CaptureQueriesContext

from djust_engine.backends.django import Engine
from djust_engine.queries import shape_of
from djust_engine.survey.explained import as_json, as_text
from djust_engine.survey.mistakes import find_mistakes
from djust_engine.survey.plans import explain_variables, read_chain
from djust_engine.survey.views import Given
from tests.jitapp.models import Author, Book, Tag

LOOPS = [
    "{% for book in books %}{{ book.title }}{{ book.author.country.name }}{% endfor %}",
    "{% for book in books %}{{ book.editor.profile.nick }}{% endfor %}",
    "{% for book in books %}{{ book }}{{ book.author }}{% endfor %}",
    "{% for book in books %}{% for tag in book.tags.all %}{{ tag.name }}{% endfor %}{% endfor %}",
    "{% for book in books %}{{ book.author.last_name }}"
    "{% for b in book.author.books.all %}{{ b.editor.last_name }}{% endfor %}{% endfor %}",
]


def page(source):
    return Engine().from_string(source)


def told(source):
    (found,) = explain_variables(read_chain(page(source)), {"books": Given(Book, is_many=True)})
    return found


@pytest.fixture
def one_book(db):
    author = Author.objects.create(first_name="A", last_name="B")
    Book.objects.create(title="T", author=author).tags.add(Tag.objects.create(name="t"))


@pytest.mark.parametrize("source", LOOPS)
def test_what_is_told_is_what_runs(one_book, source):
    with CaptureQueriesContext(connection) as ran:
        page(source).render(Context({"books": Book.objects.all()}))
    shapes = [shape_of(query["sql"].replace("(1)", "(%s)")) for query in ran]
    assert [shape_of(sql) for sql in told(source).sql] == shapes


def test_mistakes_are_told():
    template = page("\n{% for book in books %}{{ book.titel }}{% endfor %}")
    given = {"books": Given(Book, is_many=True)}
    chain, mistakes = read_chain(template), find_mistakes(template, given)
    variables = explain_variables(chain, given)
    why = "Book has no 'titel': did you mean 'title'?"
    text = as_text(chain, variables, mistakes)
    assert f":2 book.titel: {why} [unknown-field]" in text
    (one,) = as_json(chain, variables, mistakes)["mistakes"]
    assert (one["line"], one["subject"], one["code"]) == (2, "book.titel", "unknown-field")


def test_the_tag_that_sees_everything_is_named():
    engine = Engine(
        libraries={"seen": "tests.product.seeing"},
        loaders=[("django.template.loaders.locmem.Loader", PAGES)],
    )
    chain = read_chain(engine.get_template("page.html"))
    told = as_text(chain, [], [])
    assert chain.opaque
    assert "{% sees %} in base.html:2 may read any name: every QuerySet is fetched as" in told
    assert "asks_nothing" not in told
    assert read_chain(engine.get_template("other.html")).seers == ()


PAGES = {
    "base.html": "{% load seen %}{% asks_nothing %}\n{% sees %}{% block a %}{% endblock %}",
    "page.html": "{% extends 'base.html' %}{% block a %}{% for b in books %}{% endfor %}"
    "{% endblock %}",
    "other.html": "{% load seen %}{% asks_nothing %}",
}

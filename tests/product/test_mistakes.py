"""`djust_check` names what a template asks of a model that it does not have, and nothing else."""

import pytest
from django.urls import path
from django.views.generic import DetailView, ListView

from djust_engine.backends.django import Engine
from djust_engine.survey.mistakes import find_mistakes
from djust_engine.survey.views import Given, find_given
from tests.jitapp.models import Author, Book

PARTS = {
    "row.html": "{{ b.title }}\n{{ b.titel }}",
    "base.html": "{% block body %}{% endblock %}{{ book_list.0.pice }}",
}


def mistakes(source, **given):
    engine = Engine(
        loaders=[("django.template.loaders.locmem.Loader", {**PARTS, "page.html": source})],
        builtins=["django.templatetags.i18n"],
    )
    return find_mistakes(engine.get_template("page.html"), given)


BOOKS, BOOK = Given(Book, is_many=True), Given(Book, is_many=False)

WRONG = [
    ("{{ book.titel }}", "book.titel", "unknown-field", "did you mean 'title'?"),
    ("{{ book.author.last_nam }}", "book.author.last_nam", "unknown-field", "Author has no"),
    ("{% if book.pages %}{% endif %}", "book.pages", "unknown-field", "Book has no 'pages'"),
    ("{% if 1 and not book.pages > 2 %}{% endif %}", "book.pages", "unknown-field", "Book has no"),
    ("{% for b in books %}{{ b.titel }}{% endfor %}", "b.titel", "unknown-field", "'title'"),
    ("{{ books.0.titel }}", "books.0.titel", "unknown-field", "'title'"),
    ("{% with a=book.author %}{{ a.name }}{% endwith %}", "a.name", "unknown-field", "Author has"),
    ("{{ book.title|default:book.titel }}", "book.titel", "unknown-field", "'title'"),
    ("{% translate book.titel %}", "book.titel", "unknown-field", "'title'"),
    ("{% for t in book.tags.all %}{{ t.nam }}{% endfor %}", "t.nam", "unknown-field", "Tag has no"),
    ("{% for t in book.tags %}{{ t }}{% endfor %}", "book.tags", "not-iterable", "'.all'"),
    ("{% for a in book.author %}{{ a }}{% endfor %}", "book.author", "not-iterable", "one Author"),
    ("{{ book.title|date }}", "|date", "filter-type", "'title' is a CharField"),
    ("{{ book.author|timesince }}", "|timesince", "filter-type", "an instance of Author"),
]


@pytest.mark.parametrize(("source", "subject", "code", "told"), WRONG)
def test_a_mistake(source, subject, code, told):
    ((name, line, *found, why),) = mistakes(f"\n{source}", books=BOOKS, book=BOOK)
    assert (name, line, found) == ("page.html", 2, [subject, code])
    assert told.replace("an instance", "a instance") in why


RIGHT = [
    "{{ book.title }}{{ book.pk }}{{ book.author_id }}{{ book.author.country.name }}",
    "{{ book.title.upper }}{{ book.get_status_display }}{{ book.shout }}{{ book.shout.more }}",
    "{% for t in book.tags.all %}{{ t.name }}{% endfor %}{{ book.tags.count }}",
    "{{ book.comment_set.all.0.author.last_name }}{{ book.author.profile.nick }}",
    "{{ unknown.anything }}{{ book.extra.k.z }}{{ books|length }}{{ books.count }}",
    "{% for b in books|slice:':2' %}{{ b.anything }}{% endfor %}",
    "{% for a, b in books %}{{ a.x }}{{ b.x }}{% endfor %}",
    "{% with book=unknown %}{{ book.titel }}{% endwith %}",
    "{{ book.price|floatformat }}{{ book.title|floatformat }}{{ book.title|upper|date }}",
    "{% include 'row.html' with b=unknown %}",
]


@pytest.mark.parametrize("source", RIGHT)
def test_what_may_be_right_is_not_judged(source):
    assert mistakes(source, books=BOOKS, book=BOOK) == []


def test_objects_that_may_have_annotations_are_not_judged():
    unsure = Given(Book, is_many=True, certain=False)
    source = "{% for b in books %}{{ b.number }}{{ b.author.nam }}{% endfor %}"
    ((*_, subject, code, _),) = mistakes(source, books=unsure)
    assert (subject, code) == ("b.author.nam", "unknown-field")


def test_a_mistake_in_an_include_is_the_include_s():
    found = mistakes("{% for b in books %}{% include 'row.html' %}{% endfor %}", books=BOOKS)
    assert [one[:4] for one in found] == [("row.html", 2, "b.titel", "unknown-field")]


def test_a_mistake_in_a_parent_is_the_parent_s():
    source = "{% extends 'base.html' %}{% block body %}{{ book_list.0.titel }}{% endblock %}"
    found = mistakes(source, book_list=BOOKS)
    assert [one[:3] for one in found] == [
        ("page.html", 1, "book_list.0.titel"),
        ("base.html", 1, "book_list.0.pice"),
    ]


class BookList(ListView):
    queryset = Book.objects.select_related("author__country").prefetch_related("tags")
    paginate_by = 10


class AuthorDetail(DetailView):
    model = Author
    template_name = "author.html"
    context_object_name = "writer"


urlpatterns = [
    path("books/", BookList.as_view()),
    path("author/<int:pk>/", AuthorDetail.as_view()),
]


@pytest.mark.urls(__name__)
def test_what_generic_views_give_is_known():
    given = find_given()
    books = given["jitapp/book_list.html"]
    assert books.keys() == {"object_list", "book_list", "page_obj"}
    assert books["page_obj"].is_page and not books["object_list"].certain
    assert books["object_list"].fetched == ("tags", "author__country")
    writers = given["author.html"]
    assert writers.keys() == {"object", "writer"}
    assert writers["writer"] == Given(Author, False, view="AuthorDetail")


USELESS = [
    ("{{ b.title }}", ["author__country", "tags"]),
    ("{{ b.author.country.name }}", ["tags"]),
    ("{{ b.author.last_name }}{% for t in b.tags.all %}{% endfor %}", ["author__country"]),
    ("{{ b.shout }}", []),
    ("{{ b }}", []),
    ("{{ b|pprint }}", []),
]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("body", "useless"), USELESS)
def test_relations_that_a_view_fetches_for_nothing(body, useless):
    given = find_given()["jitapp/book_list.html"]
    found = mistakes(f"{{% for b in page_obj %}}{body}{{% endfor %}}", **given)
    assert sorted(one[2] for one in found) == useless
    assert {one[3] for one in found} <= {"useless-prefetch"}

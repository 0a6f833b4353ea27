"""Objects of a related manager know the very object that they were asked of."""

import pytest
from django.db.models import F, Value

from tests.jitapp.models import Author, Book, LoudAuthor
from tests.oracle import CONFIGURATIONS, assert_same

pytestmark = pytest.mark.usefixtures("library")

AUTHORS = {
    "models": lambda: Author.objects.all(),
    "proxies": lambda: LoudAuthor.objects.all(),
    "annotated": lambda: Author.objects.annotate(shown=F("first_name")),
    "annotated proxies": lambda: LoudAuthor.objects.annotate(shown=Value("s")),
    "a list": lambda: list(LoudAuthor.objects.annotate(shown=Value("s"))),
    "changed": lambda: changed(Author.objects.all()),
    "joined": lambda: Author.objects.select_related("country"),
    "some columns": lambda: Author.objects.only("last_name"),
}
BODIES = [
    "{{ b.author }}{{ b.author.last_name }}",
    "{{ b.author.shown }}{{ b.author.country.name }}",
    "{{ b.author.first_name }}{{ b.editor }}{{ b.editor.shown }}",
    "{% firstof b.author 'none' %}{% firstof b.editor b %}",
    "{{ b.by }}{{ b }}",
    "{% for c in b.author.books.all %}{{ c.author.shown }}{{ c.author }}{% endfor %}",
]
LOOPS = [
    "{% for b in a.books.all %}BODY{% endfor %}",
    "{% for b in a.edited.all %}BODY{% endfor %}",
    "{% with all=a.books.all %}{% for b in all %}BODY{% endfor %}{% endwith %}",
    "{% with b=a.books.first %}BODY{% endwith %}",
]


def same(template, context):
    assert_same(template, context, configurations=[CONFIGURATIONS[0], CONFIGURATIONS[-1]])


def changed(queryset):
    """Instances with names that only memory has."""
    authors = list(queryset)
    for author in authors:
        author.last_name = f"changed {author.pk}"
        author.shown = "own"
    return authors


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("source", AUTHORS)
@pytest.mark.parametrize("loop", LOOPS)
def test_the_parent_is_the_object_itself(source, body, loop):
    template = "{% for a in authors %}" + loop.replace("BODY", body) + "{% endfor %}"
    same(template, lambda: {"authors": AUTHORS[source]()})


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("source", AUTHORS)
def test_a_manager_of_one_object(source, body):
    template = "{% for b in books %}" + body + "{% endfor %}"
    same(template, lambda: {"books": AUTHORS[source]()[0].books.all()})


@pytest.mark.parametrize("source", AUTHORS)
def test_one_object_and_its_books(source):
    template = "{{ a }}{% for b in a.books.all %}{{ b.author }}{{ b.author.shown }}{% endfor %}"
    same(template, lambda: {"a": AUTHORS[source]()[0]})


def test_books_of_the_author_of_a_book():
    template = "{% for b in books %}{% for c in b.author.books.all %}{{ c.author }}{% endfor %}"
    same(template + "{% endfor %}", lambda: {"books": Book.objects.all()})

"""Sources and relations in one table of queries, by how a template brings them together.

A row: its name, the template, the context, Django's queries, ours, and the modes of our sites in
the order of first touch.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

import pytest
from django.db.models import Prefetch, QuerySet
from django.template import base
from django.test.utils import _TestState

from tests.jit import worlds
from tests.jit.conftest import JOINS_KEEP_ORDER
from tests.jitapp.models import (
    Author,
    Book,
    Club,
    Comment,
    Country,
    Edition,
    Noted,
    Place,
    Restaurant,
    Tag,
    Worker,
)
from tests.oracle import instrumentation


def o():
    """All eight books, in an order that decides."""
    return Book.objects.order_by("pk")


def loop(name, body, below="all"):
    """A loop over `name`, or over the objects of the manager `name`."""
    way = f"{name}.{below}" if "." in name else name
    return f"{{% for {body[0]} in {way} %}}{body[1]}{{% endfor %}}"


DEEP = loop("cs", ("c", "{{ c.name }}" + loop("c.authors", ("a", "{{ a.last_name }}" + loop(
    "a.books", ("b", "{{ b.title }}" + loop("b.comment_set", ("k", "{{ k.text }}{{ k.author }}")),
))))))  # fmt: skip
SOME = Prefetch("tags", Tag.objects.order_by("name")[:1], to_attr="some")
SAID = Prefetch("comment_set", Comment.objects.select_related("author").order_by("pk"), "said")

TABLE = [
    ("four levels", DEEP, lambda: {"cs": Country.objects.order_by("pk")}, 16, 4, "rows"),
    ("four levels of a list", DEEP, lambda: {"cs": list(Country.objects.order_by("pk"))},
     15, 3, "instances"),
    ("include with", "{% include 'table/list.html' with books=all %}",
     lambda: {"all": o()}, 17, 2, "rows"),
    ("include in a loop",
     "{% for b in books %}{% include 'table/tags.html' with of=b %}{% endfor %}",
     lambda: {"books": o()}, 9, 2, "rows"),
    ("include of a list", "{% include 'table/list.html' %}",
     lambda: {"books": list(o())}, 16, 2, "instances,instances,untouched"),
    ("include of a list, in sight", "{% for b in books %}{{ b.author.last_name }}"
     "{% include 'table/tags.html' with of=b %}{% endfor %}",
     lambda: {"books": list(o())}, 16, 2, "instances"),
    ("extends", "{% extends 'table/base.html' %}{% block body %}{% for b in books %}"
     "{{ b.author.last_name }}{% endfor %}{% endblock %}", lambda: {"books": o()}, 9, 1, "rows"),
    ("extends twice",
     "{% extends 'table/middle.html' %}{% block head %}{% for b in books %}"
     "{{ b.editor.last_name }}{% endfor %}{{ block.super }}{% endblock %}",
     lambda: {"books": o()}, 13, 1, "instances,instances,instances"),
    ("to_attr sliced", loop("books", ("b", loop("b.some", ("t", "{{ t.name }}"), ""))).replace(
        "b.some.", "b.some"),
     lambda: {"books": o().prefetch_related(SOME)}, 2, 2, "untouched,untouched"),
    ("to_attr joined",
     "{% for b in books %}{% for c in b.said %}{{ c.author }}{% endfor %}{{ b.author }}"
     "{% endfor %}",
     lambda: {"books": o().prefetch_related(SAID)}, 10, 3, "instances,instances"),
    ("through and its columns",
     "{% for c in xs %}{% for m in c.membership_set.all %}{{ m.since }}{{ m.author }}{% endfor %}"
     "{% for a in c.members.all %}{{ a.last_name }}{% endfor %}{% endfor %}",
     lambda: {"xs": Club.objects.order_by("pk")}, 15, 3, "rows"),
    ("self, up and down",
     "{% for w in xs %}{{ w.boss.boss.name }}{% for r in w.reports.all %}{{ r.boss.name }}"
     "{{ r.desk.place.name }}{% endfor %}{% endfor %}",
     lambda: {"xs": Worker.objects.order_by("pk")}, 21, 2, "rows"),
    ("inherited, up and down",
     "{% for p in xs %}{{ p.restaurant.stars }}{% for d in p.restaurant.dishes.all %}{{ d.name }}"
     "{{ d.origin.name }}{% endfor %}{% endfor %}",
     lambda: {"xs": Place.objects.order_by("pk")}, 16, 2, "rows"),
    ("inherited and generic",
     "{% for r in xs %}{{ r.name }}{{ r.place_ptr.slug }}{{ r.visit_set.count }}{% endfor %}",
     lambda: {"xs": Restaurant.objects.order_by("pk")}, 4, 2, "rows"),
    ("generic below", "{% for n in xs %}{{ n.name }}{% for m in n.notes.all %}{{ m.text }}"
     "{{ m.content_type.model }}{% endfor %}{% endfor %}",
     lambda: {"xs": Noted.objects.order_by("pk")}, 7, 2, "rows"),
    ("composite below",
     "{% for b in xs %}{% for e in b.editions.all %}{{ e.pk }}{{ e.label }}{% endfor %}"
     "{% endfor %}",
     lambda: {"xs": o()}, 9, 2, "rows"),
    ("composite, over two",
     "{% for e in xs %}{{ e.number }}{{ e.book.author.country.name }}{% endfor %}",
     lambda: {"xs": Edition.objects.order_by("book_id", "number")}, 18, 1, "rows"),
    ("using", "{% for b in books %}{{ b.author.last_name }}{% endfor %}",
     lambda: {"books": o().using("default")}, 9, 1, "rows"),
    ("related manager of one", "{% for b in a.books.all %}{{ b.editor.last_name }}{% endfor %}",
     lambda: {"a": Author.objects.order_by("pk")[0]}, 1, 1, "instances"),
]  # fmt: skip


@contextmanager
def as_in_production() -> Iterator[None]:
    """Without what Django's test runner puts in the place of `_render`, also of partials."""
    state, partial = _TestState.saved_data, getattr(base, "PartialTemplate", None)
    with ExitStack() as stack:
        stack.enter_context(instrumentation(False))
        if partial is not None:
            found = mock.patch.object(partial, "_render", state.partial_template_render)
            stack.enter_context(found)
        yield


@pytest.fixture
def world(library: None) -> None:
    worlds.everything()


#: Rows of the table in which nothing orders the objects of a manager.
FREE: dict[str, tuple[int, str]] = {
    "four levels": (5, "instances"),
    "four levels of a list": (4, "instances"),
    "self, up and down": (3, "instances"),
    "inherited, up and down": (4, "instances"),
    "generic below": (3, "instances"),
    "composite below": (2, "instances,untouched"),
}


@pytest.mark.parametrize(
    ("name", "source", "make", "django", "ours", "modes"),
    [pytest.param(*row, id=row[0]) for row in TABLE],
)
def test_a_page_of(render_both, world, name, source, make, django, ours, modes):
    with as_in_production():
        renders = render_both(source, make)
    expected = (ours, modes) if JOINS_KEEP_ORDER else FREE.get(name, (ours, modes))
    assert (renders.django[1], renders.ours[1], ",".join(renders.modes)) == (django, *expected)


@pytest.mark.skipif(not hasattr(QuerySet, "fetch_mode"), reason="Django 6.1 brought fetch modes")
@pytest.mark.parametrize(("name", "modes"), [("FETCH_ONE", "rows"), ("FETCH_PEERS", "instances")])
def test_a_fetch_mode(render_both, name, modes):
    from django.db.models import fetch_modes

    books = o().fetch_mode(getattr(fetch_modes, name))
    renders = render_both(
        "{% for b in books %}{{ b.author.last_name }}{% endfor %}", lambda: {"books": books.all()}
    )
    assert ",".join(renders.modes) == modes
    assert renders.ours[1] == (1 if name == "FETCH_ONE" else renders.django[1])

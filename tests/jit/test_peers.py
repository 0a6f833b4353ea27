"""Whoever asks: relations that code below the template reads cost a query each, not a row each."""

from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.db import connection, transaction
from django.template import engines
from django.test.utils import CaptureQueriesContext

from djust_engine.jit import coded
from tests.jitapp.models import Author, Book, Comment, Country, Described, Tag

pytestmark = pytest.mark.usefixtures("library")

LOAD = "{% load peer_tags %}"
LOOP = "{% for one in all %}{{ one.READ }} {% endfor %}"


def books():
    return Book.objects.order_by("pk")


def described():
    return Described.objects.order_by("pk")


SOURCES = {
    "a QuerySet": described,
    "an evaluated QuerySet": lambda: (found := described(), len(found))[0],
    "a list": lambda: list(described()),
    "a tuple": lambda: tuple(described()),
    "a generator": lambda: (one for one in described()),
    "a page": lambda: Paginator(described(), 5).page(1),
    "a joined QuerySet": lambda: described().select_related("author"),
    "a slice": lambda: described()[:6],
    "an iterator": lambda: described().iterator(),
    "a union": lambda: (
        Described.objects.filter(pk__gt=1).union(Described.objects.filter(pk=1)).order_by("id")
    ),
    "distinct": lambda: described().distinct(),
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    ("read", "most"),
    [("{{ one }}", 2), ("{{ one.tag_names }}", 1), ("{{ one.voices }}", 3)],
)
def test_code_of_rows_costs_a_query_a_relation(render_both, source, read, most):
    renders = render_both(
        f"{{% for one in all %}}{read} {{% endfor %}}", lambda: {"all": SOURCES[source]()}
    )
    evaluated = source in ("a QuerySet", "a page", "a joined QuerySet", "a slice", "an iterator")
    assert renders.ours[1] <= most + 1 + (evaluated or 1)
    assert renders.django[1] > renders.ours[1]


@pytest.mark.parametrize(
    ("source", "most"),
    [
        ("{% for one in books %}{% origin_of one %}{% endfor %}", 3),
        ("{% origins books %}", 3),
        ("{% of_holder holder %}", 3),
        ("{% origins_in_context %}", 3),
        ("{% origins_node books %}", 3),
        ("{{ books|joined:', ' }}", 3),
        (
            "{% chosen books pk__gt=1 as few %}{% for one in few %}{% origin_of one %}{% endfor %}",
            3,
        ),
        ("{% for one in books %}{% if one.pk %}{% origin_of one %}{% endif %}{% endfor %}", 3),
        ("{% rows_of holder %}", 5),
    ],
)
def test_tags_cost_a_query_a_relation(render_both, source, most):
    def context():
        found = books()
        return {"books": found, "holder": SimpleNamespace(results=books())}

    renders = render_both(LOAD + source, context)
    assert renders.ours[1] <= most
    assert renders.django[1] > renders.ours[1]


def test_one_object_reads_its_managers_objects_together(render_both):
    renders = render_both(
        "{{ book.voices }}{{ book }}",
        lambda: {"book": Described.objects.get(title="Book & 2")},
    )
    assert renders.ours[1] <= renders.django[1]


class DescribedChoices(forms.Form):
    book = forms.ModelChoiceField(Described.objects.none())

    def __init__(self):
        super().__init__()
        self.fields["book"].queryset = described()


@pytest.mark.parametrize(
    "source",
    [
        "{{ form }}",
        "{{ form.as_p }}",
        "{{ form.book }}",
        "{% for field in form %}{{ field }}{% endfor %}",
        "{% for option in form.book %}{{ option }}{% endfor %}",
        "{{ forms.0.book }}",
        "{% with field=form.book %}{{ field.as_widget }}{% endwith %}",
    ],
)
def test_choices_cost_a_query_a_relation(render_both, source):
    renders = render_both(
        source, lambda: {"form": DescribedChoices(), "forms": [DescribedChoices()]}
    )
    assert renders.django[1] == 15
    if source != "{% with field=form.book %}{{ field.as_widget }}{% endwith %}":
        assert renders.ours[1] == 3


def test_a_formset_costs_a_query_a_relation_and_form(render_both):
    renders = render_both(
        "{% for form in formset %}{{ form.book }}{% endfor %}",
        lambda: {"formset": [DescribedChoices(), DescribedChoices()]},
    )
    assert renders.ours[1] == 6


def test_nothing_is_left_on_the_callers_objects():
    found, later = list(described()), described()
    template = engines["django"].from_string(
        LOAD + "{% for one in found %}{{ one }}{{ one.voices }}{% endfor %}{% origins later %}"
    )
    template.render({"found": found, "later": later})
    for one in [*found, *later]:
        assert type(one._state.fields_cache) is dict
        assert "_prefetched_objects_cache" not in vars(one)
    assert not {"_fetch_all", "_chain", "iterator"} & set(vars(later))


def test_a_second_render_sees_what_changed():
    found = list(described())
    source = "{% for one in found %}{{ one.tag_names }}|{{ one.voices }}{% endfor %}"
    for name in ("oracle", "django"):
        template = engines[name].from_string(source)
        first = template.render({"found": found})
        Tag.objects.update(name=f"new {name}")
        second = template.render({"found": found})
        assert first != second
        assert f"new {name}" in second


def test_what_a_tag_writes_shows_in_the_rows_behind_it():
    source = LOAD + "{% for one in all %}{{ one }}{{ one.tag_names }}{% renamed one %}{% endfor %}"
    wrappers = list(connection.execute_wrappers)
    with transaction.atomic():
        expected = engines["oracle"].from_string(source).render({"all": list(described())})
        transaction.set_rollback(True)
    with transaction.atomic():
        given = engines["django"].from_string(source).render({"all": list(described())})
        transaction.set_rollback(True)
    assert given == expected
    assert connection.execute_wrappers == wrappers


def test_what_was_not_read_is_not_kept():
    found = list(described())
    template = engines["django"].from_string(
        "{% for one in found %}{% if forloop.first %}{{ one }}{% endif %}{% endfor %}"
    )
    template.render({"found": found})
    Author.objects.update(first_name="new")
    assert found[1].author.first_name == "new"


@pytest.mark.parametrize("switch", [True, False])
def test_the_switch_of_the_pipeline_is_obeyed(settings, switch):
    settings.DJUST_CONFIG = {"JIT_SERIALIZATION": switch}
    template = engines["django"].from_string("{% for one in found %}{{ one }}{% endfor %}")
    with CaptureQueriesContext(connection) as queries:
        template.render({"found": list(described())})
    assert len(queries) == (3 if switch else 15)


def test_columns_alone_make_no_circles(monkeypatch):
    from djust_engine.jit.peers import circles

    made = []
    monkeypatch.setattr(circles.Circle, "_enter", lambda self: made.append(self))
    template = engines["django"].from_string(
        "{% for one in found %}{{ one.title }}{{ one.shout }}{{ one }}{% endfor %}"
    )
    template.render({"found": list(books()), "other": list(Comment.objects.all())})
    assert not made


def test_a_deleted_related_row_raises_as_in_django(render_both):
    from tests.jitapp.models import Shelf

    for _ in range(2):
        Shelf.objects.create(loose=Country.objects.first())
    Shelf.objects.order_by("-pk").filter(pk=Shelf.objects.last().pk).update(loose_id=4_000)
    source = "{% for one in all %}{{ one.loose }}|{% endfor %}"
    renders = render_both(source, lambda: {"all": list(Shelf.objects.order_by("pk"))})
    assert renders.ours[1] <= renders.django[1]


def test_where_everything_is_loaded_no_circles_are_made(monkeypatch):
    from djust_engine.jit.peers import circles

    made = []
    enter = circles.Circle._enter
    monkeypatch.setattr(circles.Circle, "_enter", lambda self: (made.append(self), enter(self)))
    template = engines["django"].from_string("{% for one in found %}{{ one.by }}{% endfor %}")
    template.render({"found": list(books().select_related("author"))})
    assert not made
    template.render({"found": list(books())})
    assert made


@pytest.mark.parametrize(
    ("model", "name", "expected"),
    [
        (Book, "by", {("author",)}),
        (Book, "shout", set()),
        (Author, "origin", {("country",)}),
        (Author, "described", None),
        (Comment, "quoted", None),
    ],
)
def test_relations_that_code_reads(model, name, expected):
    assert coded._paths_in_code(model, name) == expected


def tag_names(book):
    return ", ".join(tag.name for tag in book.tags.all())


def hidden_way(book):
    author = vars(type(book))["author"].__get__(book)
    return f"{author} {author.country}"


@pytest.mark.parametrize(("method", "queries"), [(tag_names, 2), (hidden_way, 3)])
def test_code_of_a_plain_model_has_peers_too(render_both, monkeypatch, method, queries):
    monkeypatch.setattr(Book, "told", method, raising=False)
    renders = render_both(
        "{% for b in books %}{{ b.told }}{{ b.title }} {% endfor %}", lambda: {"books": books()}
    )
    assert (renders.modes[0], renders.ours[1]) == ("untouched", queries)
    assert renders.django[1] > 8

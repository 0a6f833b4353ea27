"""Verify mode renders two or three times; nobody but the templates may notice."""

import itertools
import random

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.paginator import Paginator
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.template import Context, engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from django.test.signals import template_rendered
from django.utils.functional import SimpleLazyObject
from pytest_django.asserts import assertNumQueries, assertTemplateUsed

from djust_engine.verify import VerificationError
from tests.jitapp.models import Author, Book
from tests.oracle import counted_queries
from tests.product.wrong import (
    assert_the_same,
    comparisons,
    difference_in,
    verified_template,
    wrong_template,
)

LOOP = "{% for book in books %}{{ book.title }} {{ book.author.last_name }};{% endfor %}"


@pytest.fixture
def books(db):
    for number in range(4):
        author = Author.objects.create(first_name="A", last_name=f"<{number}>")
        Book.objects.create(title=f"Book {number}", author=author)
    return Book.objects.order_by("pk")


class Counter:
    """A value that is another one each time."""

    def __init__(self):
        self.calls = itertools.count()

    def __str__(self):
        return str(next(self.calls))


def test_each_engine_asks_the_database_by_itself(books, decisions):
    assert assert_the_same(LOOP, {"books": books}).startswith("Book 0 &lt;0&gt;;")
    assert {one.mode for one in decisions if one.kind == "plan"} == {"rows"}
    assert books._result_cache is not None


@pytest.mark.parametrize(
    "wrap",
    [
        lambda books: {"books": books},
        lambda books: {"books": list(books)},
        lambda books: {"page": Paginator(books, 3).page(1)},
        lambda books: {"deep": {"books": [(1, books)]}},
        lambda books: {"view": View(books)},
    ],
)
def test_a_missing_relation_is_missed_by_both(books, wrap):
    """Had the second render found what the first one cached, it would run no query."""
    source = (
        "{% for book in books %}{{ book.author }}{% endfor %}"
        "{% for book in page %}{{ book.author }}{% endfor %}"
        "{% for pair in deep.books %}{% for b in pair.1 %}{{ b.author }}{% endfor %}{% endfor %}"
        "{% for book in view.books %}{{ book.author }}{% endfor %}"
    )
    context = wrap(books)
    seen = []

    def note(execute, sql, params, many, inner):
        seen.append(sql)
        return execute(sql, params, many, inner)

    with connection.execute_wrapper(note):
        assert_the_same(source, context)
    assert len([sql for sql in seen if "jitapp_author" in sql]) >= 4


class View:
    def __init__(self, books):
        self.books = books


def test_more_queries_than_django(books):
    context = {"b": books.get(pk=books[0].pk)}
    found = difference_in("{{ b.pk }}", "{{ b.pk }}{% if b.author %}{% endif %}", context)
    assert found.kind == "queries"
    assert found.django == "0 queries"
    assert found.ours.startswith("1 queries, of them alone:\n    SELECT")


def test_a_generator_is_used_up_once():
    context = {"numbers": (number for number in range(3))}
    source = "{% for n in numbers %}{{ n }}{% endfor %}"
    text, modes = comparisons(lambda: verified_template(source).render(context))
    assert (text, modes) == ("012", ["unstable"])


def test_values_that_change_are_not_compared():
    text, modes = comparisons(lambda: verified_template("{{ c }}").render({"c": Counter()}))
    assert (text, modes) == ("0", ["unstable"])


def test_addresses_and_chance_are_no_difference():
    state = random.getstate()
    context = {"object": object(), "letters": "abcdefghijklmnop"}
    assert_the_same("{{ object }}{{ letters|random }}{{ letters|random }}", context)
    after = random.getstate()
    random.setstate(state)
    assert_the_same("{{ letters|random }}{{ letters|random }}", context)
    assert random.getstate() == after


@pytest.fixture
def request_with_messages(settings):
    request = RequestFactory().get("/?a=1")
    request.session = {}
    request.user = AnonymousUser()
    request._messages = FallbackStorage(request)
    request._messages.add(20, "Hello <you>")
    return request


def test_a_request(request_with_messages):
    source = (
        "{% csrf_token %}{{ csrf_token }}{% for m in messages %}{{ m }}{% endfor %}"
        "{{ request.GET.a }}{{ user }}"
    )
    text = assert_the_same(source, {}, request_with_messages)
    assert "Hello &lt;you&gt;1AnonymousUser" in text
    assert get_messages(request_with_messages).used


def test_lazy_objects_stay_lazy():
    asked = []

    def ask():
        asked.append(1)
        return "value"

    lazy = SimpleLazyObject(ask)
    holder = View(lazy)
    assert_the_same("nothing of it", {"lazy": lazy, "in": [lazy, {"a": lazy}], "holder": holder})
    assert asked == []
    assert assert_the_same("{{ lazy }}", {"lazy": lazy}) == "value"
    assert asked == [1]


class Refusing:
    """An object that answers nothing."""

    def __getattribute__(self, name):
        raise ZeroDivisionError(name)


class Unclonable(QuerySet):
    def _clone(self):
        raise ZeroDivisionError


def test_values_that_hold_each_other(books):
    """A view that holds a list that holds the view, and a QuerySet."""
    view = View(books)
    view.around = [view, {"view": view}]
    around = (view, view.around)
    source = "{% for b in view.around.0.books %}{{ b.author }}{% endfor %}{{ around.1|length }}"
    assert assert_the_same(source, {"around": around, "view": view}).endswith("2")


def test_values_that_cannot_be_copied_are_shared(db):
    deep = []
    for _ in range(5000):
        deep = [deep]
    circle = {}
    circle["circle"] = [circle]
    queryset = Unclonable(Author)
    context = {"refusing": Refusing(), "deep": deep, "circle": circle, "queryset": queryset}
    source = (
        "{{ circle.circle.0.circle|length }}{% for author in queryset %}{{ author }}{% endfor %}"
    )
    assert assert_the_same(source, context) == "1"


def test_context_processors_run_once(settings, request_with_messages):
    calls = []
    settings.TEMPLATES = [
        {**settings.TEMPLATES[0], "OPTIONS": {"context_processors": [f"{__name__}.processor"]}}
    ]
    request_with_messages.calls = calls
    assert assert_the_same("{{ called }}", {}, request_with_messages) == "1"
    assert calls == [1]


def processor(request):
    request.calls.append(len(request.calls) + 1)
    return {"called": len(request.calls)}


def test_signals_are_sent_once():
    seen = []

    def note(sender, template, context, **rest):
        seen.append(template.source)

    template_rendered.connect(note)
    try:
        assert_the_same("a{% for x in 'ab' %}{{ x }}{% endfor %}")
        with pytest.raises(VerificationError):
            wrong_template("a", "b").render()
    finally:
        template_rendered.disconnect(note)
    assert seen == ["a{% for x in 'ab' %}{{ x }}{% endfor %}", "a"]


def test_the_test_client_sees_what_django_has_it_see(admin_client, django_user_model):
    with override_settings(DJUST_CONFIG={"VERIFY": "raise"}):
        response = admin_client.get("/admin/auth/user/")
    names = [template.name for template in response.templates]
    plain = admin_client.get("/admin/auth/user/")
    assert names == [template.name for template in plain.templates]
    assertTemplateUsed(response, "admin/base.html")
    assert response.context["cl"].result_count == 1


def test_queries_of_the_second_render_are_not_seen(books):
    template_text = "{% for book in books %}{{ book.author }}{% endfor %}"
    with override_settings(DJUST_CONFIG={"VERIFY": "raise"}), assertNumQueries(5):
        verified_template(template_text).render({"books": books})
    with counted_queries() as queries:
        assert_the_same(template_text, {"books": books.all()})
    assert len(queries) == 5


class Writer:
    """A template that calls `write` changes the database."""

    def write(self):
        Author.objects.create(first_name="Written", last_name="once")
        return "written"

    def fail(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM nowhere")


@pytest.mark.parametrize("is_atomic", [True, False])
@pytest.mark.django_db(transaction=True)
def test_the_database_is_written_once(is_atomic):
    def render():
        return verified_template("{{ w.write }}").render({"w": Writer()})

    if is_atomic:
        with transaction.atomic():
            assert comparisons(render) == ("written", ["same"])
    else:
        assert comparisons(render) == ("written", ["same"])
    assert Author.objects.filter(first_name="Written").count() == 1
    Author.objects.all().delete()


def test_an_aborted_query_of_ours_leaves_the_transaction_alone(books):
    with transaction.atomic():
        template = wrong_template("a{{ b }}", "a{{ w.fail }}", "log")
        assert template.render({"w": Writer()}) == "a"
        assert Book.objects.count() == 4
        assert not transaction.get_rollback()


def test_what_is_left_in_the_context_is_django_s():
    context = {"l": [1]}
    assert_the_same("{% cycle 1 2 as n %}{{ l.pop }}", context)
    assert context["l"] == []


def test_renders_inside_a_render_belong_to_it(settings):
    """A template that is rendered by Python in the middle of another one is the same engine's."""
    context = {"show": lambda: render_to_string("admin/search_form.html", {"cl": None})}
    assert_the_same("{{ show }}{{ show }}", context)


def test_widgets_are_compared_with_the_form_they_are_in(settings):
    settings.FORM_RENDERER = "djust_engine.DjustFormRenderer"

    class Form(forms.Form):
        name = forms.CharField(help_text="<b>")
        kind = forms.ChoiceField(choices=[("a", "A")])

    text = assert_the_same(
        "{{ form.as_p }}{% for field in form %}{{ field }}{% endfor %}", {"form": Form()}
    )
    assert text.count("<select") == 2
    text, modes = comparisons(lambda: str(Form()))
    assert modes == ["same"]
    assert "help" in text


def test_a_context_that_is_given_is_not_bound_to_the_second_render():
    context = Context({"a": 1})
    template = engines["django"].engine.from_string("{{ a }}")
    assert template.render(context) == "1"
    assert context.template is None


def test_signals_of_models_are_not_part_of_it(books):
    """Handlers run for each render: the documentation says so."""
    seen = []
    post_save.connect(lambda **rest: seen.append(1), sender=Author, weak=False, dispatch_uid="v")
    assert_the_same("{{ w.write }}", {"w": Writer()})
    post_save.disconnect(sender=Author, dispatch_uid="v")
    assert len(seen) == 2


@pytest.mark.parametrize("client", [Client()])
def test_a_page_that_is_not_found(client, db):
    with override_settings(DJUST_CONFIG={"VERIFY": "raise"}):
        assert client.get("/nowhere/").status_code == 404

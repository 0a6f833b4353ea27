"""STRICT_VARIABLES: undefined variables are told, with template, line and what was meant."""

import logging

import pytest
from django.template import Context
from django.test import override_settings

from djust_engine.backends.django import Engine
from djust_engine.decisions import collect
from djust_engine.strict import UndefinedVariable
from tests.jitapp.models import Author, Book

strict = override_settings(DJUST_CONFIG={"STRICT_VARIABLES": "raise"})
warned = override_settings(DJUST_CONFIG={"STRICT_VARIABLES": "warn"})


def render(source, debug=False, **values):
    loaders = [("django.template.loaders.locmem.Loader", {"page.html": source, **PARTS})]
    engine = Engine(debug=debug, loaders=loaders, builtins=["django.templatetags.i18n"])
    return engine.get_template("page.html").render(Context(values))


PARTS = {"part.html": "{{ user.name }}\n{{ user.nmae }}"}
USER = {"name": "Ada", "email": "ada@example.org"}
WRONG = [
    ("{{ usr }}", "usr", "user"),
    ("{{ user.nmae }}", "user.nmae", "user.name"),
    ("{{ user.nmae|upper }}", "user.nmae", "user.name"),
    ("{{ user.email.zzz }}", "user.email.zzz", ""),
    ("{% for n in nubers %}{{ n }}{% endfor %}", "nubers", "numbers"),
    ("{% for n in numbers %}{{ nn }}{% endfor %}", "nn", "n"),
    ("{% with a=usr %}{{ a }}{% endwith %}", "usr", "user"),
    ("{% widthratio user.nmae 1 2 %}", "user.nmae", "user.name"),
    ("{% translate usr %}", "usr", "user"),
    ("{{ user.upper }}", "user.upper", ""),
]


@strict
@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize(("source", "name", "nearest"), WRONG)
def test_an_undefined_variable(source, name, nearest, debug):
    with pytest.raises(UndefinedVariable) as raised:
        render(f"\n{source}", debug, user=USER, numbers=[1])
    error = raised.value
    assert (error.template, error.line) == ("page.html", 2)
    assert (error.name, error.nearest) == (name, nearest)
    assert str(error).startswith("page.html:2 {")
    assert (f"Did you mean {nearest!r}?" in str(error)) is bool(nearest)


DEFINED = [
    "{{ user.name }}{{ numbers.0 }}{{ none }}{{ user.items|length }}",
    "{% if usr %}{% elif user.nmae == 1 %}{% endif %}",
    "{{ usr|default:'nobody' }}{% firstof usr user.name %}",
    "{% for n in none %}{% endfor %}{% for n in numbers %}{{ forloop.counter }}{{ n }}{% endfor %}",
    "{{ empty }}{{ broken.silent }}",
]


class Silent:
    @property
    def silent(self):
        error = KeyError("silent")
        error.silent_variable_failure = True
        raise error


@strict
@pytest.mark.parametrize("source", DEFINED)
def test_what_may_be_missing_or_is_there(source):
    values = {"user": USER, "numbers": [1], "none": None, "empty": "", "broken": Silent()}
    printed = render(source, **values)
    with override_settings(DJUST_CONFIG={}):
        assert printed == render(source, **values)


@strict
def test_in_an_include_the_include_is_named():
    with pytest.raises(UndefinedVariable) as raised:
        render("\n\n{% include 'part.html' %}", user=USER)
    assert (raised.value.template, raised.value.line) == ("part.html", 2)


@strict
@pytest.mark.usefixtures("db")
def test_fields_of_models_are_named_of_instances_and_of_rows():
    author = Author.objects.create(first_name="Ada", last_name="L")
    Book.objects.create(title="T", author=author)
    for source in ("{{ book.titel }}", "{% for b in books %}{{ b.titel }}{% endfor %}"):
        with pytest.raises(UndefinedVariable) as raised:
            render(source, book=Book.objects.get(), books=Book.objects.all())
        assert raised.value.nearest.endswith(".title")
        assert "(Book) has no 'titel'" in str(raised.value)


@warned
def test_a_warning_is_logged_once_a_place_and_the_page_is_django_s(caplog):
    with caplog.at_level(logging.WARNING, "djust.jit"), collect() as decisions:
        printed = [render("[{{ usr }}]", user=USER) for _ in range(2)]
    assert printed == ["[]", "[]"]
    (record,) = caplog.records
    assert record.getMessage() == (
        "page.html:1 {{ usr }}: 'usr' is undefined: the context has no 'usr'. Did you mean 'user'?"
    )
    assert record.djust["nearest"] == "user"
    assert [one.variable for one in decisions if one.kind == "variable"] == ["usr", "usr"]


def test_it_is_off_by_default():
    assert render("[{{ usr }}{{ user.nmae }}]", user=USER) == "[]"

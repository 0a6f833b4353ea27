"""`{% url %}` over every kind of pattern and argument, beside `reverse`."""

import uuid
from unittest import mock

import pytest
from django import urls
from django.test import RequestFactory, override_settings
from django.urls import resolvers
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe

from djust_engine.routes import find_routes
from tests.oracle import CONFIGURATIONS, assert_same

pytestmark = pytest.mark.urls("tests.tags.routes_urls")

NAMES = [
    "root odd_text int str slug uuid path all even two more given regex positional optional either",
    "inner:index inner:one inner:page other:index other:one old:one localized nowhere inner:no",
    "no:one inner:one:one",
]
VALUES = {
    "int": 7,
    "even": 8,
    "zero": 0,
    "negative": -1,
    "huge": 10**30,
    "true": True,
    "float": 1.5,
    "none": None,
    "empty": "",
    "word": "word",
    "digits": "2026",
    "arabic_digits": "٣",
    "odd": "a b/é&<>'%41?#",
    "slashes": "//host/x",
    "newline": "a\nb",
    "lone": "\ud800",
    "safe": mark_safe("safe"),
    "lazy": lazystr("lazy"),
    "uuid": uuid.UUID(int=5),
    "upper_uuid": str(uuid.UUID(int=2**127 + 11)).upper(),
    "list": [1],
}
ONE = CONFIGURATIONS[:1]


@pytest.mark.parametrize("name", " ".join(NAMES).split())
@pytest.mark.parametrize(
    "form", ["VIEW", "VIEW v", "VIEW pk=v", "VIEW v v", "VIEW b=v pk=v", "VIEW slug=v b=1"]
)
def test_each_pattern_with_each_value(name, form):
    source = "{% url " + form.replace("VIEW", f"'{name}'") + " %}"
    for value in VALUES.values():
        assert_same(source, {"v": value}, configurations=ONE)


@pytest.mark.parametrize("name", ["root", "int", "two", "inner:one", "other:one", "localized"])
def test_bound_and_unescaped(name):
    for value in VALUES.values():
        source = "{% url VIEW v as a %}[{{ a }}]{% autoescape off %}{% url VIEW 5 as a %}{{ a }}"
        source = source.replace("VIEW", f"'{name}'") + "{% endautoescape %}"
        assert_same(source, {"v": value}, configurations=ONE)


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_the_language_is_part_of_it(language):
    from django.utils import translation

    with translation.override(language):
        assert f"/{language}/l/5/" in assert_same("{% url 'localized' 5 %}{% url 'int' 5 %}")


def test_the_language_changes_in_the_template():
    source = "{% load i18n %}{% url 'localized' 1 %}{% language 'de' %}{% url 'localized' 1 %}"
    assert_same(source + "{% endlanguage %}{% url 'localized' 1 %}")


def test_a_script_prefix_with_special_characters():
    try:
        urls.set_script_prefix("/a.b%/é/")
        for name in ("int", "regex", "all", "inner:one", "optional"):
            assert_same("{% url '" + name + "' 2026 %}")
    finally:
        urls.clear_script_prefix()


@pytest.mark.parametrize("current_app", ["other", "inner", "nowhere", "", "a:b", 5])
def test_the_current_application(current_app):
    request = RequestFactory().get("/")
    request.current_app = current_app
    for source in (
        "{% url 'inner:index' %}",
        "{% url 'inner:one' 1 %}",
        "{% url 'inner:one' b=1 pk=2 %}",
    ):
        assert_same(source, request=request)


def test_a_url_configuration_of_the_request():
    try:
        urls.set_urlconf("tests.urls")
        assert_same("{% url 'plain' %}{% url 'number' 5 %}")
    finally:
        urls.set_urlconf(None)


def test_other_url_configurations():
    source = "{% url 'plain' %}"
    with override_settings(ROOT_URLCONF="tests.urls"):
        first = assert_same(source)
    assert first is not None
    assert assert_same(source) is None


def test_a_replaced_reverse_is_called():
    with mock.patch.object(urls, "reverse", lambda *args, **kwargs: "/replaced/"):
        assert find_routes(object()) is None
        assert_same("{% url 'int' 5 %}")


def test_a_replaced_method_of_the_resolver_is_called():
    def replaced(self, view, prefix, *args, **kwargs):
        return f"/{view}/"

    with mock.patch.object(resolvers.URLResolver, "_reverse_with_prefix", replaced):
        assert assert_same("{% url 'int' 5 %}") == "/int/"


@pytest.mark.parametrize(
    "name", ["root", "int", "two", "more", "regex", "inner:one", "other:one", "localized"]
)
def test_ordinary_patterns_have_a_route(name):
    assert find_routes(object())[name] is not None


@pytest.mark.parametrize("name", ["even", "given", "nowhere", "no:one"])
def test_what_only_reverse_knows(name):
    assert find_routes(object())[name] is None

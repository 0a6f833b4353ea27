"""`{% cache %}`."""

from unittest import mock

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.core.cache.utils import make_template_fragment_key
from django.template import engines
from django.test import override_settings

from tests.oracle import assert_same, assert_same_error

LOCAL = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "fragments"}


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.mark.parametrize(
    "source",
    [
        "{% load cache %}{% cache 100 name %}[{{ a }}]{% endcache %}",
        "{% load cache %}{% cache 100 name2 a b %}[{{ a }}]{% endcache %}",
        "{% load cache %}{% for i in l %}{% cache 100 loop i %}{{ i }}{% endcache %}{% endfor %}",
        "{% load cache %}{% cache None forever %}{{ a }}{% endcache %}",
        "{% load cache %}{% cache t name3 using='default' %}{{ a }}{% endcache %}",
        "{% load cache %}{% cache 0 never %}{% cycle 1 2 %}{% endcache %}",
        "{% load cache %}{% cache 1.9 float a|upper %}{{ a }}{% endcache %}",
        "{% load cache %}{% cache 100 name using=which %}{{ a }}{% endcache %}",
        "{% load cache %}{% cache 100 'quoted name' missing %}{{ a }}{% endcache %}",
        "{% load cache %}{% cache 100 none %}{% endcache %}"
        "{% cache -1 gone %}{{ a }}{% endcache %}",
        "{% load cache %}{% cache 100 outer %}{% cache 100 inner b %}{{ b }}{% endcache %}"
        "{% block c %}{{ a }}{% endblock %}{% endcache %}",
        "{% load cache %}{% with t=100 %}{% cache t scoped t %}{{ t }}{% endcache %}{% endwith %}",
        "{% load cache %}{% autoescape off %}{% cache 100 plain %}{{ a }}{% endcache %}"
        "{% endautoescape %}",
    ],
)
def test_cache(source):
    assert_same(source, {"a": "<a>", "b": 2, "l": [1, 2, 1], "t": "5", "which": "default"})


def test_a_cached_fragment_does_not_render_its_content():
    source = "{% load cache %}{% cache 100 kept %}{{ call }}{% endcache %}"
    calls = []
    template = engines["django"].from_string(source)
    for _ in range(3):
        assert template.render({"call": lambda: calls.append(1) or "once"}) == "once"
    assert len(calls) == 1


@pytest.mark.parametrize(
    "source",
    [
        "{% load cache %}{% cache %}{% endcache %}",
        "{% load cache %}{% cache 100 %}{% endcache %}",
        "{% load cache %}{% cache x name %}{% endcache %}",
        "{% load cache %}{% cache 'x' name %}{% endcache %}",
        "{% load cache %}{% cache 100 name using='nowhere' %}{% endcache %}",
        "{% load cache %}{% cache 100 name using=which.unknown %}{% endcache %}",
        "{% load cache %}{% cache 100 name %}",
        "{% load cache %}{% cache 100 name a|nope %}{% endcache %}",
        "\n{% load cache %}{% cache t|add:missing name %}{% endcache %}",
        "\n{% load cache %}{% cache 5_00|add:missing name %}{% endcache %}",
        "\n{% load cache %}{% cache 'x'|add:missing name %}{% endcache %}",
        "\n{% load cache %}{% cache _('x')|add:missing name %}{% endcache %}",
        "\n{% load cache %}{% cache 100 name using=t.u|add:missing %}{% endcache %}",
        "\n{% load cache %}{% cache 100 name 'a'|add:missing %}{% endcache %}",
        "\n{% load cache %}{% cache 100 name %}\n{{ f }}{% endcache %}",
    ],
)
def test_failures(source):
    assert_same_error(source, {"f": lambda: 1 / 0})


def test_an_empty_name_of_a_cache_is_left_to_django():
    source = "{% load cache %}{% cache 100 name using= %}{% endcache %}"
    assert_same_error(source, fallback="bad-expression")


def test_the_key_is_that_of_django():
    source = "{% load cache %}{% cache 100 name a b|upper %}{{ a }}{% endcache %}"
    engines["django"].from_string(source).render({"a": 1, "b": "é"})
    assert cache.get(make_template_fragment_key("name", [1, "É"])) == "1"


def test_the_time_is_that_of_the_tag():
    source = "{% load cache %}{% cache t name %}x{% endcache %}"
    for timeout, kept in ((None, None), ("30", 30), (7.9, 7)):
        cache.clear()
        with mock.patch.object(type(caches["default"]), "set", autospec=True) as kept_for:
            engines["django"].from_string(source).render({"t": timeout})
        assert kept_for.call_args.args[3] == kept


@override_settings(CACHES={**settings.CACHES, "template_fragments": LOCAL})
def test_the_cache_for_fragments():
    source = "{% load cache %}{% cache 100 name %}{{ a }}{% endcache %}"
    assert_same(source, {"a": 1})
    assert caches["template_fragments"].get(make_template_fragment_key("name", [])) == "1"
    assert cache.get(make_template_fragment_key("name", [])) is None


@pytest.mark.parametrize("kept", [5, ["a"], "plain <b>"])
def test_what_else_lies_under_the_key(kept):
    cache.set(make_template_fragment_key("name", []), kept)
    assert_same("a{% load cache %}{% cache 100 name %}{{ a }}{% endcache %}b")

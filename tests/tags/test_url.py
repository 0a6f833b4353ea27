"""`{% url %}`."""

import pytest
from django.test import RequestFactory, override_settings
from django.urls import get_script_prefix, resolve, set_script_prefix
from django.utils.safestring import mark_safe

from tests.oracle import assert_same, assert_same_error

CONTEXT = {
    "name": "plain",
    "number": 7,
    "text": "a b/é&<>",
    "safe": mark_safe("&"),
    "none": None,
    "args": [1, 2],
}
SOURCES = [
    "{% url 'plain' %}",
    '{% url "plain" %}',
    "{% url name %}",
    "{% url name|lower %}",
    "{% url 'number' 1 %}",
    "{% url 'number' number %}",
    "{% url 'number' pk=number %}",
    "{% url 'number' pk=number|add:1 %}",
    "{% url 'pair' 1 text %}",
    "{% url 'pair' first=1 second=text %}",
    "{% url 'pair' first=1 second=safe %}",
    "{% url 'café' 'ü' %}",
    "{% url 'things:detail' 'slug' %}",
    "{% url 'others:detail' slug='slug' %}",
    "{% url 'admin:index' %}",
    "{% url 'plain' as address %}[{{ address }}]",
    "{% url 'nowhere' as address %}[{{ address }}]{% if address %}x{% endif %}",
    "{% url 'number' 'x' as address %}[{{ address }}]",
    "{% url missing as address %}[{{ address }}]",
    "{% url 'pair' 1 text as address %}{{ address }}{{ address|safe }}",
    "{% autoescape off %}{% url 'pair' 1 text %}{% endautoescape %}",
    "{% url 'pair' first=1 second='&' %}{% autoescape off %}{% url 'pair' 1 '&' %}"
    "{% endautoescape %}",
    "{% with a=1 %}{% url 'number' a as b %}{{ b }}{% endwith %}{{ b }}",
    "{% for n in args %}{% url 'number' n %}{% endfor %}",
    "{% url view %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_url(source):
    from tests.urls import nothing

    assert_same(source, {**CONTEXT, "view": lambda: nothing})


@pytest.mark.parametrize(
    "source",
    [
        "{% url 'nowhere' %}",
        "{% url missing %}",
        "{% url none %}",
        "{% url '' %}",
        "{% url 'number' %}",
        "{% url 'number' 'x' %}",
        "{% url 'number' missing %}",
        "{% url 'number' 1 2 %}",
        "{% url 'number' pk=1 other=2 %}",
        "{% url 'nowhere:plain' %}",
        "a\n{% if 1 %}{% url 'nowhere' 1 a=2 %}{% endif %}",
    ],
)
def test_no_match(source):
    assert_same_error(source, CONTEXT)


@pytest.mark.parametrize(
    "source",
    [
        "{% url %}",
        "{% url 'a' b c=%}",
        "{% url 'a' , 'b' %}",
        "{% url 'a'|nope %}",
        "{% url 'a' b|nope %}",
        "{% url 'a %}",
        "{% url as x %}",
        "{% url 'a' 1 x=2 _y %}",
    ],
)
def test_malformed(source):
    assert_same_error(source, CONTEXT)


@pytest.mark.parametrize("path", ["/others/x/", "/things/x/", "/plain/"])
def test_the_current_application_of_the_request(path):
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    source = "{% url 'things:detail' 'y' %}"
    assert_same(source, {}, request=request)
    request.current_app = "others"
    assert_same(source, {}, request=request)
    request.current_app = None
    assert_same(source, {}, request=request)
    assert_same(source, {"request": request})


def test_the_script_prefix():
    prefix = get_script_prefix()
    set_script_prefix("/prefix/")
    try:
        assert_same("{% url 'plain' %}")
    finally:
        set_script_prefix(prefix)


def test_another_configuration_of_addresses():
    source = "{% url 'page' as a %}{{ a }}{% url 'plain' as b %}{{ b }}"
    assert_same(source)
    with override_settings(ROOT_URLCONF="tests.seam.urls"):
        assert_same(source)

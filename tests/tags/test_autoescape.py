"""`{% autoescape %}`."""

import pytest
from django.utils.safestring import mark_safe

from tests.oracle import assert_same, assert_same_error

CONTEXT = {"a": "<a>", "safe": mark_safe("<s>"), "l": ["<l>"], "n": 1234.5}
SOURCES = [
    "{% autoescape on %}{{ a }}{{ safe }}{{ l }}{% endautoescape %}{{ a }}",
    "{% autoescape off %}{{ a }}{{ safe }}{{ l }}{{ n }}{% endautoescape %}{{ a }}",
    "{% autoescape off %}{{ a }}{% autoescape on %}{{ a }}{% endautoescape %}{{ a }}"
    "{% endautoescape %}",
    "{% autoescape off %}{{ a|escape }}{{ a|force_escape }}{{ l|join:'<' }}{{ a|linebreaks }}"
    "{% endautoescape %}",
    "{% autoescape on %}{{ a|safe }}{{ a|upper }}{{ safe|upper }}{{ safe|cut:'s' }}"
    "{% endautoescape %}",
    "{% autoescape off %}{% include 'part.html' %}{% block b %}{{ a }}{% endblock %}"
    "{% endautoescape %}",
    "{% autoescape off %}{% with x=a %}{{ x }}{% endwith %}{% for x in l %}{{ x }}{% endfor %}"
    "{% firstof a %}{% cycle a a %}{% endautoescape %}",
    "{% autoescape off %}{% if a == '<a>' %}{{ a }}{% endif %}{% endautoescape %}",
    "{% autoescape off %}{{ missing }}{{ a|default:'<d>' }}{% endautoescape %}",
    "{% autoescape on %}{% autoescape on %}{{ a }}{% endautoescape %}{% endautoescape %}",
]


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("autoescape", [True, False])
def test_autoescape(source, autoescape):
    assert_same(source, CONTEXT, {"part.html": "[{{ a }}]"}, autoescape=autoescape)


def test_an_error_inside_leaves_the_setting_as_django_leaves_it():
    assert_same_error(
        "{% autoescape off %}\n{% for x in n %}{% endfor %}{% endautoescape %}", CONTEXT
    )


@pytest.mark.parametrize(
    "source",
    [
        "{% autoescape %}{% endautoescape %}",
        "{% autoescape true %}{% endautoescape %}",
        "{% autoescape on off %}{% endautoescape %}",
        "{% autoescape on %}",
        "{% endautoescape %}",
        "{% autoescape 'on' %}{% endautoescape %}",
    ],
)
def test_malformed(source):
    assert_same_error(source)

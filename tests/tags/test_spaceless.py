"""`{% spaceless %}`."""

import pytest

from tests.oracle import assert_same, assert_same_error

SOURCES = [
    "{% spaceless %} <p>\n  <b> text </b>\n\t</p> {% endspaceless %}",
    "{% spaceless %}{{ a }}  {{ a|safe }} \n {{ a|safe }}{% endspaceless %}",
    "{% spaceless %}   {% endspaceless %}",
    "{% spaceless %}text > < text{% endspaceless %}",
    "{% spaceless %}<a>\u00a0</a>\u2003<b>\x0b\x0c\x1c\x85</b>\u200b<c>{% endspaceless %}",
    "{% spaceless %} <a> {% spaceless %} <b> </b> {% endspaceless %} </a> {% endspaceless %}",
    "{% spaceless %}{% for i in l %} <i> {{ i }} </i> {% endfor %}{% endspaceless %}",
    "{% autoescape off %}{% spaceless %}{{ a }} {{ a }}{% endspaceless %}{% endautoescape %}",
    "{% spaceless %}{% include 'part.html' %}{% block b %} <x> </x> {% endblock %}"
    "{% endspaceless %}",
    "{% spaceless %}\x1f\x1e <a>{{ space }}</a>{{ space }}{% endspaceless %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_spaceless(source):
    context = {"a": "<b>", "l": [1, 2], "space": " \u2028\t"}
    assert_same(source, context, {"part.html": " <p>  </p> "})


@pytest.mark.parametrize("source", ["{% spaceless %}", "{% endspaceless %}"])
def test_malformed(source):
    assert_same_error(source)


def test_arguments_are_ignored_as_by_django():
    assert_same("{% spaceless x y %}<a> </a>{% endspaceless %}")

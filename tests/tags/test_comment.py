"""`{# #}` and `{% comment %}`."""

import pytest

from tests.oracle import assert_same, assert_same_error

SOURCES = [
    "a{# hidden #}b",
    "{##}",
    "{# {% if %} {{ }} #}",
    "{# {{ a }}",
    "{# a #} #}",
    "{% comment %}{{ a }}{% endcomment %}",
    '{% comment "why" %}{% if %}{% unknown %}{{ }}{{ a|nope }}{% endcomment %}after',
    "{% comment %}{% comment %}{% endcomment %}",
    "{% comment %}\n{{ a\n}}{% endcomment %}{{ a }}",
    "{% verbatim %}{# kept #}{% comment %}{% endverbatim %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_comments(source):
    assert_same(source, {"a": 1})


@pytest.mark.parametrize(
    "source",
    ["{% comment %}", "a{% comment %}{% endcomment x %}", "{% endcomment %}"],
)
def test_malformed(source):
    assert_same_error(source)

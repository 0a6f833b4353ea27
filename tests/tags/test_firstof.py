"""`{% firstof %}`."""

import pytest

from tests.oracle import assert_same, assert_same_error
from tests.tags.objects import make_objects

SOURCES = [
    "{% firstof text %}",
    "{% firstof nothing empty no number text %}",
    "{% firstof nothing empty %}",
    "{% firstof missing 'fallback' %}",
    "{% firstof missing.deep nothing|default:'<d>' %}",
    "{% firstof text|safe %}",
    "{% firstof '<literal>' %}",
    "{% firstof list %}{% firstof dict.a %}",
    "{% firstof nothing number as found %}[{{ found }}]",
    "{% firstof nothing as found %}[{{ found }}]",
    "{% firstof text as found %}[{{ found }}]{{ found|safe }}",
    "{% autoescape off %}{% firstof text %}{% endautoescape %}",
    "{% firstof person.method person.name %}",
    "{% firstof person.silent 'x' %}",
    "{% firstof person.delete 'x' %}",
    "{% firstof person.loud 'x' %}",
    "{% firstof faulty 'x' %}",
    "{% firstof 'x' broken %}",
    "{% firstof nothing broken %}",
    "{% firstof 0 0.0 1 %}",
    "{% firstof 1234567 %}",
    "{% firstof float %}{% firstof yes %}",
    "{% firstof as %}{% firstof a as %}",
    "{% firstof _('Home') %}",
    "{% with text=nothing %}{% firstof text number as text %}{{ text }}{% endwith %}{{ text }}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_firstof(source):
    assert_same(source, make_objects)


@pytest.mark.parametrize("source", ["{% firstof %}", "{% firstof a|nope %}", "{% firstof 'a %}"])
def test_malformed(source):
    assert_same_error(source)

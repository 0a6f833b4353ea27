"""`{% querystring %}`."""

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from tests.oracle import assert_same, assert_same_error

SOURCES = [
    "{% querystring %}",
    "{% querystring a=1 %}",
    "{% querystring a=None %}",
    "{% querystring a=l b='x y&' %}",
    "{% querystring params page=n %}",
    "{% querystring a=missing %}",
    "{% for i in l %}{% querystring page=i %}{% endfor %}",
    "{% querystring a=1 as q %}{{ q }}{{ q|safe }}",
    "{% querystring a=None b=None %}{% querystring params x=None %}",
    "{% querystring a=nones b=mixed c='' %}{% querystring a=l|slice:':1' %}",
    "{% with a='x' %}{% querystring a=a %}{% querystring a as b %}{{ b }}{% endwith %}{{ b }}",
    "{% querystring params plain %}{% querystring plain params x=7 %}{% querystring plain %}",
    "{% querystring missing a=1 %}{% querystring none %}",
    "{% querystring empty %}{% querystring empty a=None %}",
    "{% querystring number %}",
    "{% querystring keyless %}",
    "{% autoescape off %}{% querystring b='<&>' %}{% endautoescape %}",
    "{% querystring a=f %}",
    "{% querystring a=1 a=2 %}",
    "{% querystring a=1 params %}",
]


@pytest.mark.parametrize("source", SOURCES)
def test_querystring(source):
    request = RequestFactory().get("/?a=2&b=<3>&a=4")
    context = {
        "l": [1, 2],
        "n": 5,
        "params": QueryDict("x=1"),
        "plain": {"y": "&", "z": [1, None]},
        "nones": [None, None],
        "mixed": [None, 1],
        "none": None,
        "empty": QueryDict(),
        "keyless": {1: 2},
        "number": 5,
        "f": lambda: 1 / 0,
    }
    assert_same(source, context, request=request)


def test_without_a_request():
    assert_same_error("{% querystring a=1 %}")

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
]


@pytest.mark.parametrize("source", SOURCES)
def test_querystring(source):
    request = RequestFactory().get("/?a=2&b=<3>&a=4")
    context = {"l": [1, 2], "n": 5, "params": QueryDict("x=1")}
    assert_same(source, context, request=request)


def test_without_a_request():
    assert_same_error("{% querystring a=1 %}")

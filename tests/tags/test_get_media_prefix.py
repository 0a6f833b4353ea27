"""`{% get_media_prefix %}`."""

import pytest
from django.test import override_settings

from tests.oracle import assert_same, assert_same_error

LOAD = "{% load static %}"


@pytest.mark.parametrize("address", ["/static/", "https://cdn.example/s/", "/a&b é/", "s/", ""])
@pytest.mark.parametrize(
    "source",
    [
        "{% get_media_prefix %}",
        "{% get_media_prefix as p %}[{{ p }}]",
        "{% get_media_prefix as p and more %}[{{ p }}]",
        "{% with p=1 %}{% get_media_prefix as p %}{{ p }}{% endwith %}[{{ p }}]",
        "{% get_media_prefix as 'p' %}{% for i in 'ab' %}{% get_media_prefix %}{% endfor %}",
    ],
)
def test_the_address(source, address):
    with override_settings(MEDIA_URL=address):
        assert_same(LOAD + source)


@pytest.mark.parametrize("source", ["{% get_media_prefix as %}", "{% get_media_prefix p %}"])
def test_malformed(source):
    assert_same_error(LOAD + source)


def test_without_its_library():
    assert_same_error("{% get_media_prefix %}")

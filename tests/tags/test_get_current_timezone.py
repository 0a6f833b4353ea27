"""`{% get_current_timezone %}`."""

import pytest
from django.utils import timezone

from tests.oracle import assert_same, assert_same_error


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", None])
def test_get_current_timezone(zone):
    source = (
        "{% load tz %}{% get_current_timezone as z %}{{ z }}"
        "{% timezone 'Europe/London' %}{% get_current_timezone as z %}{% endtimezone %}{{ z }}"
    )
    with timezone.override(zone):
        assert_same(source)


@pytest.mark.parametrize(
    "source", ["get_current_timezone", "get_current_timezone as", "get_current_timezone in x"]
)
def test_malformed(source):
    assert_same_error("{% load tz %}{% " + source + " %}")

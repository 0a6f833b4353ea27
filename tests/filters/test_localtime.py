"""The filter `localtime`."""

from django.test import override_settings
from django.utils import timezone

from tests.filters.values import VALUES, assert_filter
from tests.oracle import assert_same
from tests.tags.moments import MOMENTS

LIBRARY = "django.templatetags.tz"
SOURCE = "{% load tz %}{{ value|localtime }}{{ value|localtime|date:'c e' }}"


def test_every_kind_of_value():
    assert_filter("localtime", values=VALUES, library=LIBRARY)


def test_moments_that_are_hard():
    with timezone.override("America/New_York"):
        for value in MOMENTS:
            assert_same(SOURCE, {"value": value})


@override_settings(USE_TZ=False)
def test_without_time_zones():
    for value in MOMENTS:
        assert_same(SOURCE, {"value": value})

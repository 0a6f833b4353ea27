"""The filter `localtime`."""

from django.test import override_settings
from django.utils import timezone

from tests.filters.values import VALUES, assert_filter
from tests.tags.moments import assert_same_moments

LIBRARY = "django.templatetags.tz"
SOURCE = "{{ m|localtime }}{{ m|localtime|date:'c e' }}"


def test_every_kind_of_value():
    assert_filter("localtime", values=VALUES, library=LIBRARY)


def test_moments_that_are_hard():
    with timezone.override("America/New_York"):
        assert_same_moments(SOURCE)


@override_settings(USE_TZ=False)
def test_without_time_zones():
    assert_same_moments(SOURCE)
